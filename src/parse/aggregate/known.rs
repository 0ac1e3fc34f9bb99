//! Parts of records that were read before: the same bytes in the same place mean the same.
//!
//! Most of a report repeats itself, and the next report repeats this one: verdicts, names, results. Such a part is
//! read as markup once. What reading it brought (value, notes, texts) is brought again wherever its bytes come back,
//! so nobody can tell whether a part was read or known.

use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::RandomState;
use memchr::memmem::Finder;

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
    /// Nothing yet.
    New(Recording),
    /// Nobody can say where it ends.
    Unbounded,
}

/// The parts that are known, for one set of limits.
#[derive(Default)]
pub(super) struct Known {
    limits: Option<Limits>,
    /// The markup between parts; it is the cursor's while a report is read.
    pub(super) glue: Glue,
    ends: Ends,
    parts: HashMap<Box<[u8]>, KnownPart, RandomState>,
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

    /// The part that begins at the front of `ahead`, which lies at offset `begin`.
    pub(super) fn look(&mut self, place: Place, ahead: &[u8], begin: u64) -> Look {
        let Some(part) = self.ends.part(place, ahead) else { return Look::Unbounded };
        if let Some(known) = self.parts.get_mut(part) {
            let is_first = known.report != self.report;
            known.report = self.report;
            let (meaning, traces) = (known.meaning.clone(), Arc::clone(&known.traces));
            return Look::Known { meaning, traces, is_first, length: part.len() };
        }
        let before_end_tag = self.ends.of(place).map_or(0, |end| part.len() - end.needle().len());
        let end_tag = begin.saturating_add(u64::try_from(before_end_tag).unwrap_or(u64::MAX));
        Look::New(Recording { place, bytes: part.into(), begin, end_tag, traces: Traces::default() })
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

/// Finds where parts end.
struct Ends {
    evaluated: Finder<'static>,
    identifiers: Finder<'static>,
    auth_results: Finder<'static>,
}

impl Default for Ends {
    fn default() -> Self {
        Self {
            evaluated: Finder::new(b"</policy_evaluated>"),
            identifiers: Finder::new(b"</identifiers>"),
            auth_results: Finder::new(b"</auth_results>"),
        }
    }
}

impl Ends {
    /// The part at the front of `ahead`: up to and with the end tag of `place`, where it is near and spelt as usual.
    fn part<'a>(&self, place: Place, ahead: &'a [u8]) -> Option<&'a [u8]> {
        let end = self.of(place)?;
        let window = ahead.get(..PART_BYTES_MAX).unwrap_or(ahead);
        ahead.get(..end.find(window)? + end.needle().len())
    }

    /// The end tag of a place whose parts are worth knowing.
    fn of(&self, place: Place) -> Option<&Finder<'static>> {
        match place {
            Place::Evaluated => Some(&self.evaluated),
            Place::Identifiers => Some(&self.identifiers),
            Place::AuthResults => Some(&self.auth_results),
            _ => None,
        }
    }
}
