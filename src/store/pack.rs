//! A report made ready to be stored: packed records, fingerprints and sums. Pure, so that it can run on any thread;
//! the single writer only exchanges the report's own words for ids.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::net::IpAddr;

use foldhash::fast::RandomState;
use sha2::{Digest, Sha256};

use super::codec::{self, PackedRecord};
use super::days::Spread;
use super::facts::{JsonTexts, facts, notes, word};
use super::sums::{SourceSums, Sums};
use super::texts::Texts;
use crate::model::{
    AggregateReport, AuthResults, Disposition, Identifiers, Note, NoteKind, PolicyEvaluated, Record, Sent, Text, Word,
};
use crate::parse::Parsed;

/// What sums are kept by, beside domain and day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Dimension {
    All = 0,
    Reporter = 1,
    HeaderFrom = 2,
    Disposition = 3,
    /// Disposition of mails that failed, where the reporter gave a reason for what it did.
    Overridden = 4,
}

/// A sum of a report: by what, under which of the report's words.
pub(super) type CellKey = (Dimension, Option<usize>);

/// A report ready to be stored.
#[derive(Debug)]
pub struct PackedReport {
    pub(super) path: String,
    pub(super) is_partial: bool,
    pub(super) identity: [u8; 16],
    pub(super) fingerprint: [u8; 16],
    pub(super) reporter: Option<String>,
    pub(super) domain: Text,
    pub(super) report_id: Text,
    pub(super) begin_s: i64,
    pub(super) end_s: i64,
    pub(super) sums: Sums,
    pub(super) notes: u64,
    pub(super) head: String,
    /// Texts that records refer to.
    pub(super) words: Texts,
    /// Addresses that records refer to.
    pub(super) sources: Vec<Sent<IpAddr>>,
    /// Packed records, without the ids in front.
    pub(super) rows: Vec<u8>,
    pub(super) first_day: i64,
    /// The report counts on several days: its sums are made from its records when these are in the store.
    pub(super) is_spread: bool,
    /// Sums of all records, sorted.
    pub(super) cells: Vec<(CellKey, Sums)>,
    /// Sums of each source.
    pub(super) by_source: Vec<SourceSums>,
}

/// Packs a report. `sender_domain` is the domain of the mail that brought it: the reporter's name where the report
/// gives none.
#[must_use]
pub fn pack(path: &str, parsed: &mut Parsed<AggregateReport>, sender_domain: Option<&str>) -> PackedReport {
    let range = parsed.value.metadata.date_range;
    let spread = Spread::of(range, u64::try_from(parsed.value.records.len()).unwrap_or(u64::MAX));
    if spread.is_cut {
        parsed.notes.push(Note { offset: 0, kind: NoteKind::RangeTooLong, times: 1 });
    }
    let report = &parsed.value;
    let mut packer = Packer::default();
    for record in &report.records {
        packer.record(record);
    }
    let reporter = reporter(report, sender_domain);
    let cells = packer.cells();
    let facts = facts(report);
    let mut hash = Sha256::new();
    hash.update(&facts);
    hash_texts(&mut hash, &packer);
    hash.update(&packer.rows);
    // Notes are no part of what the report says, so they stand in its head but not in its fingerprint.
    let head = format!("{},\"notes\":{}}}", facts.strip_suffix('}').unwrap_or(&facts), notes(&parsed.notes));
    let mut words = packer.words.list;
    words.shrink();
    PackedReport {
        path: path.to_owned(),
        is_partial: parsed.notes.iter().any(|note| note.kind == NoteKind::Partial),
        identity: identity(report, reporter.as_deref()),
        fingerprint: first_half(hash),
        reporter,
        domain: report.policy_published.domain.clone(),
        report_id: report.metadata.report_id.clone(),
        begin_s: range.begin_s,
        end_s: range.end_s,
        sums: packer.sums,
        notes: u64::try_from(parsed.notes.len()).unwrap_or(u64::MAX),
        head,
        words,
        sources: packer.sources,
        rows: packer.rows,
        first_day: spread.first,
        is_spread: spread.is_spread(),
        cells,
        by_source: packer.by_source,
    }
}

/// The name under which a reporter's reports are summed: its own, else the domain of its address, else of the mail.
fn reporter(report: &AggregateReport, sender_domain: Option<&str>) -> Option<String> {
    let metadata = &report.metadata;
    let of_email = metadata.email.as_deref().and_then(|email| email.rsplit_once('@')).map(|(_, domain)| domain);
    let named = metadata.org_name.as_deref().or(of_email).or(sender_domain);
    named
        .map(|name| name.trim_matches(|c: char| c == '>' || c.is_whitespace()).to_owned())
        .filter(|name| !name.is_empty())
}

/// Invariant 6: reporter, policy domain, report id, begin and end; never the id alone.
fn identity(report: &AggregateReport, reporter: Option<&str>) -> [u8; 16] {
    let metadata = &report.metadata;
    let mut hash = Sha256::new();
    for text in [reporter.unwrap_or_default(), &report.policy_published.domain, &metadata.report_id] {
        hash.update(u64::try_from(text.len()).unwrap_or(u64::MAX).to_le_bytes());
        hash.update(text.as_bytes());
    }
    hash.update(metadata.date_range.begin_s.to_le_bytes());
    hash.update(metadata.date_range.end_s.to_le_bytes());
    first_half(hash)
}

fn first_half(hash: Sha256) -> [u8; 16] {
    let digest = hash.finalize();
    let mut half = [0; 16];
    for (to, from) in half.iter_mut().zip(digest) {
        *to = from;
    }
    half
}

/// Adds what records refer to, in the order of first use.
fn hash_texts(hash: &mut Sha256, packer: &Packer<'_>) {
    let mut add = |text: &str| {
        hash.update(text.as_bytes());
        hash.update([0]);
    };
    packer.words.list.iter().for_each(&mut add);
    let mut address = String::with_capacity(48);
    for source in &packer.sources {
        match source {
            Sent::Odd(text) => add(text),
            Sent::Read(read) => {
                address.clear();
                // Writing into memory doesn't fail.
                let _written = write!(address, "{read}");
                add(&address);
            }
        }
    }
}

/// Texts in the order of their first use.
#[derive(Default)]
struct Dictionary<'r> {
    places: HashMap<&'r str, usize, RandomState>,
    list: Texts,
}

impl<'r> Dictionary<'r> {
    fn place(&mut self, text: &'r str) -> usize {
        let list = &mut self.list;
        *self.places.entry(text).or_insert_with(|| list.add(text))
    }

    /// Adds a text that is found in another way.
    fn add(&mut self, text: &str) -> usize {
        self.list.add(text)
    }
}

#[derive(Default)]
struct Packer<'r> {
    sums: Sums,
    json: JsonTexts,
    words: Dictionary<'r>,
    sources: Vec<Sent<IpAddr>>,
    source_places: HashMap<&'r Sent<IpAddr>, usize, RandomState>,
    evaluations: Places<'r, PolicyEvaluated, EvaluationPlaces>,
    names: Places<'r, Identifiers, NamePlaces>,
    auth_results: Places<'r, AuthResults, usize>,
    rows: Vec<u8>,
    /// Sums of each conclusion, in the order of their first use.
    by_evaluation: Vec<(Sums, EvaluationPlaces)>,
    /// Sums of each set of names.
    by_names: Vec<(Sums, NamePlaces)>,
    by_source: Vec<SourceSums>,
}

/// A conclusion: its number, its place and its disposition's among the report's words, and what it means for sums.
#[derive(Clone, Copy)]
struct EvaluationPlaces {
    number: usize,
    evaluation: usize,
    disposition: Option<usize>,
    facts: RecordFacts,
}

/// The names of a record: their number, and their places among the report's words.
#[derive(Clone, Copy)]
struct NamePlaces {
    number: usize,
    header_from: Option<usize>,
    envelope_from: Option<usize>,
    envelope_to: Option<usize>,
}

/// Where parts of records are among the report's words: found by their address first, since the parser shares them.
struct Places<'r, T, P> {
    by_address: HashMap<*const T, P, RandomState>,
    by_value: HashMap<&'r T, P, RandomState>,
}

impl<T, P> Default for Places<'_, T, P> {
    fn default() -> Self {
        Self { by_address: HashMap::default(), by_value: HashMap::default() }
    }
}

impl<'r, T: Eq + std::hash::Hash, P: Copy> Places<'r, T, P> {
    fn place(&mut self, value: &'r T, add: impl FnOnce() -> P) -> P {
        let address = std::ptr::from_ref(value);
        if let Some(place) = self.by_address.get(&address) {
            return *place;
        }
        let place = *self.by_value.entry(value).or_insert_with(add);
        self.by_address.insert(address, place);
        place
    }
}

impl<'r> Packer<'r> {
    fn record(&mut self, record: &'r Record) {
        let evaluated = self.evaluation(&record.policy_evaluated);
        let names = self.names(&record.identifiers);
        let (words, json) = (&mut self.words, &mut self.json);
        let results = &*record.auth_results;
        let auth_results = self.auth_results.place(results, || words.add(json.auth_results(results)));
        let packed = PackedRecord {
            source: record.source_ip.as_ref().map(|address| self.source(address)),
            count: record.count.as_ref().and_then(Sent::read),
            evaluation: evaluated.evaluation,
            header_from: names.header_from,
            envelope_from: names.envelope_from,
            envelope_to: names.envelope_to,
            auth_results,
        };
        packed.put(&mut self.rows);
        let facts = evaluated.facts;
        let sums = facts.sums(record.mails(), 1);
        self.sums += sums;
        if let Some((sum, _)) = self.by_evaluation.get_mut(evaluated.number) {
            *sum += sums;
        }
        if let Some((sum, _)) = self.by_names.get_mut(names.number) {
            *sum += sums;
        }
        if let Some(sum) = packed.source.and_then(|source| self.by_source.get_mut(source)) {
            *sum += SourceSums::of_record(&sums, facts.disposition_field);
        }
    }

    fn evaluation(&mut self, evaluated: &'r PolicyEvaluated) -> EvaluationPlaces {
        let (words, json, list) = (&mut self.words, &mut self.json, &mut self.by_evaluation);
        self.evaluations.place(evaluated, || {
            let places = EvaluationPlaces {
                number: list.len(),
                evaluation: words.add(json.evaluation(evaluated)),
                disposition: word(evaluated.disposition.as_ref()).map(|word| words.place(word)),
                facts: RecordFacts::of(evaluated),
            };
            list.push((Sums::default(), places));
            places
        })
    }

    fn names(&mut self, identifiers: &'r Identifiers) -> NamePlaces {
        let (words, list) = (&mut self.words, &mut self.by_names);
        self.names.place(identifiers, || {
            let mut place = |name: &'r Option<Text>| name.as_ref().map(|name| words.place(name));
            let places = NamePlaces {
                number: list.len(),
                header_from: place(&identifiers.header_from),
                envelope_from: place(&identifiers.envelope_from),
                envelope_to: place(&identifiers.envelope_to),
            };
            list.push((Sums::default(), places));
            places
        })
    }

    fn source(&mut self, address: &'r Sent<IpAddr>) -> usize {
        let (sources, sums) = (&mut self.sources, &mut self.by_source);
        *self.source_places.entry(address).or_insert_with(|| {
            sources.push(address.clone());
            sums.push(SourceSums::default());
            sources.len() - 1
        })
    }

    /// Sums by everything that they are kept by, sorted.
    fn cells(&self) -> Vec<(CellKey, Sums)> {
        let mut cells: BTreeMap<CellKey, Sums> = BTreeMap::new();
        let mut add = |dimension, word, sums| *cells.entry((dimension, word)).or_default() += sums;
        for (sums, EvaluationPlaces { disposition, facts, .. }) in &self.by_evaluation {
            add(Dimension::All, None, *sums);
            add(Dimension::Reporter, None, *sums);
            add(Dimension::Disposition, *disposition, *sums);
            if facts.overridden {
                add(Dimension::Overridden, *disposition, *sums);
            }
        }
        for (sums, NamePlaces { header_from, .. }) in &self.by_names {
            add(Dimension::HeaderFrom, *header_from, *sums);
        }
        cells.into_iter().collect()
    }
}

/// What sums need to know of a record.
#[derive(Clone, Copy, Debug)]
pub(super) struct RecordFacts {
    dkim_aligned: bool,
    spf_aligned: bool,
    /// Failed, and the reporter gave a reason for what it did.
    pub(super) overridden: bool,
    /// See [`SourceSums::of_record`].
    pub(super) disposition_field: Option<usize>,
}

impl RecordFacts {
    fn of(evaluated: &PolicyEvaluated) -> Self {
        Self::new(
            evaluated.dkim_aligned(),
            evaluated.spf_aligned(),
            !evaluated.reasons.is_empty(),
            word(evaluated.disposition.as_ref()),
        )
    }

    pub(super) fn new(dkim_aligned: bool, spf_aligned: bool, has_reasons: bool, disposition: Option<&str>) -> Self {
        let disposition_field = match disposition.and_then(Disposition::from_exact) {
            Some(Disposition::None) => None,
            Some(Disposition::Pass) => Some(0),
            Some(Disposition::Quarantine) => Some(1),
            Some(Disposition::Reject) => Some(2),
            None => Some(3),
        };
        let overridden = has_reasons && !dkim_aligned && !spf_aligned;
        Self { dkim_aligned, spf_aligned, overridden, disposition_field }
    }

    pub(super) fn sums(&self, mails: u64, records: u64) -> Sums {
        Sums { records, ..Sums::of_record(mails, self.dkim_aligned, self.spf_aligned) }
    }
}

/// The records of a packed report with their ids in front, as they are stored.
pub(super) fn stored_records(word_ids: &[i64], source_ids: &[i64], rows: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(rows.len() + 3 * (word_ids.len() + source_ids.len()) + 8);
    codec::put(&mut out, codec::RECORDS_FORM);
    codec::put_ids(&mut out, word_ids);
    codec::put_ids(&mut out, source_ids);
    out.extend_from_slice(rows);
    out
}
