//! Aggregate reports of RFC 7489, RFC 9990 and the drafts in between: one code path, by local names.
//!
//! The parts: `events` reads markup, `place` says what may stand where, `cursor` keeps the place even when markup
//! is broken, `value` reads words, numbers, times and addresses, `slot` puts each where it
//! belongs, `builder` puts the report together; `known` spares reading the same part of a record again, `glue` the tags
//! between values.

mod builder;
mod close;
mod cursor;
mod events;
mod glue;
mod known;
mod place;
mod shared;
mod slot;
mod value;

use std::cell::RefCell;

use crate::decode::Content;
use crate::limits::{LimitHit, Limits, STREAM_BYTES_MIN};
use crate::model::{AggregateReport, NoteKind};

use self::builder::Builder;
use self::cursor::Cursor;
use self::known::Known;
use super::Parsed;
use super::document::{as_utf8, to_utf8};

/// Why a document is no usable aggregate report, and what could be read of it.
#[derive(Debug)]
pub struct ParseError {
    /// What is wrong.
    pub failure: ParseFailure,
    /// Byte offset in the document at which that became clear.
    pub offset: u64,
    /// What could be read before that.
    pub salvage: Salvage,
}

impl std::fmt::Display for ParseError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} (at byte {})", self.failure, self.offset)
    }
}

impl std::error::Error for ParseError {}

/// What is wrong with a document.
#[derive(Debug, thiserror::Error)]
pub enum ParseFailure {
    /// Some other document, or none.
    #[error("not an aggregate report: no <feedback> element")]
    NotAReport,
    /// `<feedback>` without anything that a report has.
    #[error("<feedback> holds no report_metadata, policy_published or record")]
    Empty,
    /// A DOCTYPE is never read: no report needs one, and they are used for attacks.
    #[error("the document has a DOCTYPE, which no report needs and which is never read")]
    Doctype,
    /// The document ends in the middle.
    #[error("the document ends in the middle")]
    Cut,
    /// The markup can't be followed any further.
    #[error("the markup is broken: {detail}")]
    Markup {
        /// What the XML reader says.
        detail: String,
    },
    /// The bytes could not be read to the end: damaged archive.
    #[error("{detail}")]
    Read {
        /// What the stage below says.
        detail: String,
    },
    /// A limit was hit.
    #[error(transparent)]
    Limit(#[from] LimitHit),
    /// `report_metadata/report_id` is absent or empty.
    #[error("no report id")]
    NoReportId,
    /// `report_metadata/date_range` is absent or unreadable.
    #[error("no readable date range")]
    NoDateRange,
    /// `policy_published/domain` is absent or empty.
    #[error("no policy domain")]
    NoPolicyDomain,
}

/// What could be read of an unusable report.
#[derive(Debug, Default)]
pub struct Salvage {
    /// Reporter, where it was read.
    pub org_name: Option<String>,
    /// Report id, where it was read.
    pub report_id: Option<String>,
    /// Policy domain, where it was read.
    pub domain: Option<String>,
    /// Whole records that were read.
    pub records: u64,
    /// Their mails.
    pub mails: u64,
    /// The report as far as it was read, where id, domain and date range are known.
    pub partial: Option<Box<Parsed<AggregateReport>>>,
}

impl std::fmt::Display for Salvage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let known = |value: &Option<String>| value.clone().unwrap_or_else(|| "unknown".to_owned());
        write!(
            f,
            "readable: reporter {}, report id {}, domain {}, {} whole records, {} mails",
            known(&self.org_name),
            known(&self.report_id),
            known(&self.domain),
            self.records,
            self.mails
        )
    }
}

/// Reads one aggregate report.
///
/// # Errors
/// When the document is no report, is refused, is damaged or lacks what identifies a report. Oddities are no
/// errors: they are kept as notes.
pub fn aggregate(document: Content<'_>, limits: &Limits) -> Result<Parsed<AggregateReport>, Box<ParseError>> {
    KNOWN.with_borrow_mut(|known| read(document, limits, known))
}

thread_local! {
    /// What one report said helps to read the next; it changes no result.
    static KNOWN: RefCell<Known> = RefCell::default();
}

fn read(document: Content<'_>, limits: &Limits, known: &mut Known) -> Result<Parsed<AggregateReport>, Box<ParseError>> {
    let document = match document {
        // Converted at once, it would be there twice.
        Content::Whole(bytes) if bytes.len() >= STREAM_BYTES_MIN && as_utf8(bytes).is_none() => {
            Content::Stream(Box::new(bytes))
        }
        document => document,
    };
    let mut cursor = Cursor::new(limits, std::mem::take(&mut known.glue));
    let mut builder = Builder::new(limits, known);
    let outcome = match document {
        Content::Whole(bytes) => {
            let (text, note) = to_utf8(bytes);
            if let Some(kind) = note {
                builder.note(0, kind);
            }
            let mut events = events::Whole::new(&text);
            cursor.run(&mut events, &mut builder)
        }
        Content::Stream(reader) => {
            let mut events = events::Stream::new(reader, limits.token_bytes_max);
            let outcome = cursor.run(&mut events, &mut builder);
            if let Some(kind) = events.encoding_note() {
                builder.note(0, kind);
            }
            outcome
        }
    };
    builder.known.glue = cursor.glue;
    match outcome {
        Ok(()) => builder.finish(),
        Err((failure, offset)) => {
            let is_bare = builder.is_empty() && matches!(failure, ParseFailure::Cut | ParseFailure::Markup { .. });
            let failure = if is_bare { ParseFailure::Empty } else { failure };
            Err(Box::new(ParseError { failure, offset, salvage: builder.salvage() }))
        }
    }
}

/// Marks a report that was read out of damaged bytes and accepted by hand.
#[must_use]
pub fn as_partial(mut parsed: Parsed<AggregateReport>) -> Parsed<AggregateReport> {
    parsed.notes.push(crate::model::Note { offset: 0, kind: NoteKind::Partial, times: 1 });
    parsed
}

#[cfg(test)]
mod known_tests;
#[cfg(test)]
mod tests;
