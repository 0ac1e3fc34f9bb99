//! Puts a report together from opened and closed places and the text between.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;

use quick_xml::events::BytesStart;

use super::known::{Known, Recording};
use super::place::Place;
use super::shared::Shared;
use super::{ParseError, ParseFailure, Salvage};
use crate::limits::{LimitHit, Limits};
use crate::model::{
    AggregateReport, AuthResults, DateRange, DkimResult, Field, Identifiers, Note, NoteKind, PolicyEvaluated,
    PolicyOverride, PolicyPublished, Record, ReportMetadata, Sent, SpfResult, Text,
};
use crate::parse::Parsed;

/// Memory of a text beside its bytes.
const TEXT_BYTES: u64 = 64;

/// The places of a report that may be met once; a second one is skipped.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "six independent facts, one a place")]
pub(super) struct Seen {
    metadata: bool,
    policy: bool,
    pub(super) row: bool,
    pub(super) evaluated: bool,
    pub(super) identifiers: bool,
    pub(super) auth_results: bool,
}

/// Values of the report's head as they arrive.
#[derive(Default)]
pub(super) struct Head {
    pub(super) version: Option<Text>,
    pub(super) namespace: Option<Text>,
    pub(super) org_name: Option<Text>,
    pub(super) email: Option<Text>,
    pub(super) extra_contact_info: Option<Text>,
    pub(super) report_id: Option<Text>,
    pub(super) begin_s: Option<i64>,
    pub(super) end_s: Option<i64>,
    pub(super) errors: Vec<Text>,
    pub(super) generator: Option<Text>,
    pub(super) policy_domain: Option<Text>,
}

/// A record in the making.
#[derive(Default)]
pub(super) struct OpenRecord {
    pub(super) source_ip: Option<Sent<IpAddr>>,
    pub(super) count: Option<Sent<u64>>,
    pub(super) policy_evaluated: PolicyEvaluated,
    pub(super) identifiers: Identifiers,
    pub(super) auth_results: AuthResults,
    /// The parts that have been closed.
    pub(super) evaluated: Option<Arc<PolicyEvaluated>>,
    pub(super) identified: Option<Arc<Identifiers>>,
    pub(super) measured: Option<Arc<AuthResults>>,
}

/// A report in the making.
pub(super) struct Builder<'k> {
    pub(super) text_bytes_max: usize,
    pub(super) auth_results_max: usize,
    pub(super) reasons_max: usize,
    pub(super) notes_max: usize,
    pub(super) bytes_max: u64,
    pub(super) mails_max: u64,
    /// Memory of the report, as far as it can be told.
    pub(super) bytes: u64,
    pub(super) mails: u64,
    pub(super) head: Head,
    pub(super) policy: PolicyPublished,
    pub(super) record: OpenRecord,
    pub(super) reason: PolicyOverride,
    pub(super) dkim: DkimResult,
    pub(super) spf: SpfResult,
    pub(super) records: Vec<Record>,
    pub(super) seen: Seen,
    /// Text of the value that is open.
    pub(super) text: String,
    pub(super) texts: Shared<str>,
    pub(super) evaluations: Shared<PolicyEvaluated>,
    pub(super) identifiers: Shared<Identifiers>,
    pub(super) auth_results: Shared<AuthResults>,
    pub(super) known: &'k mut Known,
    /// The part that is being read to be known afterwards.
    pub(super) recording: Option<Recording>,
    pub(super) notes: Vec<Note>,
    pub(super) note_places: HashMap<NoteKind, usize>,
}

impl<'k> Builder<'k> {
    pub(super) fn new(limits: &Limits, known: &'k mut Known) -> Self {
        known.start(limits);
        let size = |limit: u64| usize::try_from(limit).unwrap_or(usize::MAX);
        Self {
            text_bytes_max: size(limits.text_bytes_max),
            auth_results_max: size(limits.auth_results_max),
            reasons_max: size(limits.reasons_max),
            notes_max: size(limits.notes_max),
            bytes_max: limits.report_bytes_max,
            mails_max: limits.mails_max,
            bytes: 0,
            mails: 0,
            head: Head::default(),
            policy: PolicyPublished::of(Text::from("")),
            record: OpenRecord::default(),
            reason: PolicyOverride { kind: None, comment: None },
            dkim: DkimResult::default(),
            spf: SpfResult::default(),
            records: Vec::new(),
            seen: Seen::default(),
            text: String::new(),
            texts: Shared::default(),
            evaluations: Shared::default(),
            identifiers: Shared::default(),
            auth_results: Shared::default(),
            known,
            recording: None,
            notes: Vec::new(),
            note_places: HashMap::new(),
        }
    }

    /// Whole records so far.
    pub(super) fn records(&self) -> u64 {
        u64::try_from(self.records.len()).unwrap_or(u64::MAX)
    }

    /// Keeps a note; the same again only counts.
    pub(super) fn note(&mut self, offset: u64, kind: NoteKind) {
        if let Some(recording) = &mut self.recording {
            recording.traces.notes.push((offset.saturating_sub(recording.begin), kind.clone()));
        }
        let kind = if self.notes.len() < self.notes_max || self.note_places.contains_key(&kind) {
            kind
        } else {
            NoteKind::More
        };
        if let Some(note) = self.note_places.get(&kind).and_then(|place| self.notes.get_mut(*place)) {
            note.times += 1;
            return;
        }
        self.note_places.insert(kind.clone(), self.notes.len());
        self.notes.push(Note { offset, kind, times: 1 });
    }

    /// Takes the default namespace or the root's own prefix from the root element.
    pub(super) fn namespace(&mut self, root: &BytesStart<'_>) {
        let own =
            root.name().prefix().map(|prefix| format!("xmlns:{}", String::from_utf8_lossy(prefix.as_ref().as_bytes())));
        let wanted = own.as_deref().unwrap_or("xmlns");
        let found = root
            .attributes()
            .with_checks(false)
            .take(1_000)
            .flatten()
            .find(|attribute| attribute.key.as_ref() == wanted);
        self.head.namespace = found.map(|attribute| self.share(&attribute.value));
    }

    /// An element opens a place; gives the place to be in, which is `Skipped` for a repetition.
    pub(super) fn open(&mut self, place: Place, offset: u64) -> Place {
        self.text.clear();
        let (seen, name) = match place {
            Place::Metadata => (&mut self.seen.metadata, "report_metadata"),
            Place::Policy => (&mut self.seen.policy, "policy_published"),
            Place::Row => (&mut self.seen.row, "row"),
            Place::Evaluated => (&mut self.seen.evaluated, "policy_evaluated"),
            Place::Identifiers => (&mut self.seen.identifiers, "identifiers"),
            Place::AuthResults => (&mut self.seen.auth_results, "auth_results"),
            _ => return place,
        };
        if std::mem::replace(seen, true) {
            self.note(offset, NoteKind::RepeatedElement(name));
            return Place::Skipped;
        }
        place
    }

    /// More text of the value that is open.
    pub(super) fn append(&mut self, text: &str) {
        // Twice the limit is kept so that a value of blanks and then text is still cut at the limit after trimming.
        if self.text.len() <= self.text_bytes_max.saturating_mul(2) {
            let room = self.text_bytes_max.saturating_mul(2).saturating_add(1).saturating_sub(self.text.len());
            self.text.push_str(head_of(text, room));
        }
    }

    /// The text of the value that is open is not to be used.
    pub(super) fn forget(&mut self) {
        self.text.clear();
    }

    /// A limit on the whole report that it has gone over.
    pub(super) fn over_limit(&self) -> Option<LimitHit> {
        if self.bytes > self.bytes_max {
            return Some(LimitHit { name: "report_bytes_max", bound: self.bytes_max });
        }
        (self.mails > self.mails_max).then_some(LimitHit { name: "mails_max", bound: self.mails_max })
    }

    /// The text of a value, bounded and without characters that XML forbids, sharing bytes with equal values.
    pub(super) fn clean(&mut self, field: Field, text: &str, offset: u64) -> Text {
        let mut kept = text;
        if text.len() > self.text_bytes_max {
            kept = head_of(text, self.text_bytes_max);
            self.note(offset, NoteKind::Cut(field));
        }
        if kept.bytes().any(may_be_forbidden) && kept.chars().any(is_forbidden) {
            self.note(offset, NoteKind::ForbiddenCharacter);
            let mended = kept.replace(is_forbidden, "\u{fffd}");
            return self.share(&mended);
        }
        self.share(kept)
    }

    /// A text of a part that was known, which has its place in the memory of this report too.
    pub(super) fn share_again(&mut self, text: &Text) {
        if self.texts.add(text) {
            self.bytes += text_bytes(text);
        }
    }

    pub(super) fn share(&mut self, text: &str) -> Text {
        let known = self.texts.len();
        let shared = self.texts.get(text);
        if self.texts.len() > known {
            self.bytes += text_bytes(text);
        }
        if let Some(recording) = &mut self.recording {
            recording.traces.texts.push(Arc::clone(&shared));
        }
        shared
    }

    /// The whole report, once the document has been read to its end.
    pub(super) fn finish(mut self) -> Result<Parsed<AggregateReport>, Box<ParseError>> {
        let failure = self.missing();
        match (failure, self.salvage()) {
            (None, Salvage { partial: Some(report), .. }) => Ok(*report),
            (failure, salvage) => {
                let failure = failure.unwrap_or(ParseFailure::Empty);
                Err(Box::new(ParseError { failure, offset: 0, salvage }))
            }
        }
    }

    /// Nothing of what makes a report was met: perhaps only a text that mentions `<feedback>`.
    pub(super) fn is_empty(&self) -> bool {
        !self.seen.metadata && !self.seen.policy && self.records.is_empty()
    }

    /// What a report can't do without, and this one lacks.
    fn missing(&self) -> Option<ParseFailure> {
        if self.is_empty() {
            Some(ParseFailure::Empty)
        } else if self.head.report_id.is_none() {
            Some(ParseFailure::NoReportId)
        } else if self.head.begin_s.is_none() || self.head.end_s.is_none() {
            Some(ParseFailure::NoDateRange)
        } else if self.head.policy_domain.is_none() {
            Some(ParseFailure::NoPolicyDomain)
        } else {
            None
        }
    }

    /// What there is of a report that can't be used.
    pub(super) fn salvage(&mut self) -> Salvage {
        let text = |value: &Option<Text>| value.as_deref().map(str::to_owned);
        Salvage {
            org_name: text(&self.head.org_name),
            report_id: text(&self.head.report_id),
            domain: text(&self.head.policy_domain),
            records: self.records(),
            mails: self.records.iter().map(Record::mails).fold(0, u64::saturating_add),
            partial: self.report().map(Box::new),
        }
    }

    /// The report, where everything that identifies it is known.
    fn report(&mut self) -> Option<Parsed<AggregateReport>> {
        let head = std::mem::take(&mut self.head);
        let (report_id, begin_s, end_s) = (head.report_id?, head.begin_s?, head.end_s?);
        let policy = std::mem::replace(&mut self.policy, PolicyPublished::of(Text::from("")));
        let policy_published = PolicyPublished { domain: head.policy_domain?, ..policy };
        let records = std::mem::take(&mut self.records);
        if records.is_empty() {
            self.note(0, NoteKind::NoRecords);
        }
        if end_s < begin_s {
            self.note(0, NoteKind::EndBeforeBegin);
        }
        if head.org_name.is_none() {
            self.note(0, NoteKind::Missing(Field::OrgName));
        }
        let metadata = ReportMetadata {
            org_name: head.org_name,
            email: head.email,
            extra_contact_info: head.extra_contact_info,
            report_id,
            date_range: DateRange { begin_s, end_s },
            errors: head.errors,
            generator: head.generator,
        };
        let report =
            AggregateReport { version: head.version, namespace: head.namespace, metadata, policy_published, records };
        Some(Parsed { value: report, notes: std::mem::take(&mut self.notes), bytes: self.bytes })
    }
}

/// Characters that XML 1.0 doesn't allow, though they come.
fn is_forbidden(character: char) -> bool {
    (character < ' ' && !matches!(character, '\t' | '\n' | '\r')) || matches!(character, '\u{fffe}' | '\u{ffff}')
}

/// A byte that can be part of a forbidden character.
fn may_be_forbidden(byte: u8) -> bool {
    byte < b' ' || byte == 0xef
}

/// The first `bytes_max` bytes of a text, or a few less so that no character is cut.
fn head_of(text: &str, bytes_max: usize) -> &str {
    let mut end = bytes_max.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

/// Memory of a text.
fn text_bytes(text: &str) -> u64 {
    TEXT_BYTES + u64::try_from(text.len()).unwrap_or(u64::MAX)
}
