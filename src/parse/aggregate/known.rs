//! Parts of records that were read before: the same bytes in the same place mean the same.
//!
//! Most of a report repeats itself, and the next report repeats this one: verdicts, names, results. Such a part is
//! read as markup twice. What reading it brought (value, notes, texts) is brought again wherever its bytes come back,
//! so nobody can tell whether a part was read or known.

use std::collections::HashMap;
use std::hash::BuildHasher as _;
use std::sync::Arc;

use foldhash::fast::RandomState;
use memchr::memmem::Finder;

use super::cursor::hash;
use super::glue::Glue;
use super::place::Place;
use crate::limits::Limits;
use crate::model::{AuthResults, Identifiers, NoteKind, PolicyEvaluated, Text};

/// A longer part is read as markup each time.
const PART_BYTES_MAX: usize = 4 << 10;
/// Memory of what a part means, about.
const MEANING_BYTES: usize = 600;
/// Memory of all parts that are kept in a thread; beyond, it begins anew.
const KEPT_BYTES_MAX: usize = 1 << 20;
/// Parts that are remembered as met once, at the most: a power of two.
const MET_MAX: usize = 1 << 12;

/// What a part means.
#[derive(Clone)]
pub(super) enum Meaning {
    Evaluated(Arc<PolicyEvaluated>),
    Identifiers(Arc<Identifiers>),
    AuthResults(Arc<AuthResults>),
}

/// What reading a part brought besides its meaning.
#[derive(Default)]
pub(super) struct Traces {
    /// Notes, each with its offset from the part's begin.
    pub(super) notes: Vec<(u64, NoteKind)>,
    /// Texts that were shared.
    pub(super) texts: Vec<Text>,
}

/// A part that was read before.
struct KnownPart {
    meaning: Meaning,
    traces: Arc<Traces>,
    /// Number of the report in which it stood last.
    report: u64,
}

/// A part that is being read.
pub(super) struct Recording {
    place: Place,
    /// From behind the start tag to behind the end tag.
    bytes: Box<[u8]>,
    /// Offset of `bytes` in the document.
    pub(super) begin: u64,
    /// Offset of the end tag.
    end_tag: u64,
    pub(super) traces: Traces,
}

/// What is known of a part that begins.
pub(super) enum Look {
    /// Its meaning and what it brings; whether this is the first time in this report; its length in bytes.
    Known { meaning: Meaning, traces: Arc<Traces>, is_first: bool, length: usize },
    /// Nothing, but it was met before: worth keeping.
    Again(Recording),
    /// Nothing, and so it stays: it is met for the first time, or nobody can say where it ends.
    New,
}

/// The parts that are known, for one set of limits.
#[derive(Default)]
pub(super) struct Known {
    limits: Option<Limits>,
    /// The markup between values; it is the cursor's while a report is read.
    pub(super) glue: Glue,
    ends: Ends,
    parts: HashMap<Box<[u8]>, KnownPart, RandomState>,
    met: Met,
    kept_bytes: usize,
    report: u64,
}

impl Known {
    /// A new report begins.
    pub(super) fn start(&mut self, limits: &Limits) {
        if self.limits != Some(*limits) {
            self.forget();
            self.limits = Some(*limits);
        }
        self.report += 1;
    }

    /// The part that begins at the front of `ahead`, which lies at offset `begin`; the hash is that of the name that opened it.
    pub(super) fn look(&mut self, place: Place, name_hash: u64, ahead: &[u8], begin: u64) -> Look {
        let Some(end) = self.ends.of(place).filter(|end| end.name_hash == name_hash) else { return Look::New };
        let Some((part, end_tag)) = end.part(ahead) else { return Look::New };
        if let Some(known) = self.parts.get_mut(part) {
            let is_first = known.report != self.report;
            known.report = self.report;
            let (meaning, traces) = (known.meaning.clone(), Arc::clone(&known.traces));
            return Look::Known { meaning, traces, is_first, length: part.len() };
        }
        if !self.met.is_again(part) {
            return Look::New;
        }
        let end_tag = begin.saturating_add(u64::try_from(end_tag).unwrap_or(u64::MAX));
        Look::Again(Recording { place, bytes: part.into(), begin, end_tag, traces: Traces::default() })
    }

    /// Keeps a part that was read to its end.
    pub(super) fn keep(&mut self, recording: Recording, meaning: Meaning) {
        if self.kept_bytes > KEPT_BYTES_MAX {
            self.forget();
        }
        self.kept_bytes += recording.bytes.len() + MEANING_BYTES;
        let part = KnownPart { meaning, traces: Arc::new(recording.traces), report: self.report };
        self.parts.insert(recording.bytes, part);
    }

    fn forget(&mut self) {
        self.parts.clear();
        self.kept_bytes = 0;
    }
}

impl Recording {
    /// The part ends where its bytes do: `offset` is where the tag stands that closes `place`.
    pub(super) fn is_whole(&self, place: Place, offset: u64) -> bool {
        self.place == place && self.end_tag == offset
    }
}

/// Hashes of parts that were met. Most parts that are new never come back, and keeping one costs more than reading it;
/// where two share a place, or a hash, a part is kept a little later or earlier.
struct Met {
    hasher: RandomState,
    hashes: Box<[u64]>,
}

impl Default for Met {
    fn default() -> Self {
        Self { hasher: RandomState::default(), hashes: vec![0; MET_MAX].into() }
    }
}

impl Met {
    /// The part was met before; from now on it was.
    fn is_again(&mut self, part: &[u8]) -> bool {
        let hash = self.hasher.hash_one(part);
        let place = usize::try_from(hash).unwrap_or(0) % MET_MAX;
        self.hashes.get_mut(place).is_some_and(|met| std::mem::replace(met, hash) == hash)
    }
}

/// Where parts end: at their usual end tags.
struct Ends {
    evaluated: End,
    identifiers: End,
    auth_results: End,
}

impl Default for Ends {
    fn default() -> Self {
        Self {
            evaluated: End::of(b"policy_evaluated", b"</policy_evaluated>"),
            identifiers: End::of(b"identifiers", b"</identifiers>"),
            auth_results: End::of(b"auth_results", b"</auth_results>"),
        }
    }
}

impl Ends {
    /// The end of a place whose parts are worth knowing.
    fn of(&self, place: Place) -> Option<&End> {
        match place {
            Place::Evaluated => Some(&self.evaluated),
            Place::Identifiers => Some(&self.identifiers),
            Place::AuthResults => Some(&self.auth_results),
            _ => None,
        }
    }
}

/// An end tag that is looked for.
struct End {
    name_hash: u64,
    tag: Finder<'static>,
}

impl End {
    fn of(name: &[u8], tag: &'static [u8]) -> Self {
        Self { name_hash: hash(name), tag: Finder::new(tag) }
    }

    /// The part at the front of `ahead`, up to and with the end tag, and where in it that is; where it is near.
    fn part<'a>(&self, ahead: &'a [u8]) -> Option<(&'a [u8], usize)> {
        let window = ahead.get(..PART_BYTES_MAX).unwrap_or(ahead);
        let at = self.tag.find(window)?;
        Some((ahead.get(..at + self.tag.needle().len())?, at))
    }
}
