//! SPF records (RFC 7208).

mod lint;
mod macros;
mod term;

#[cfg(test)]
mod tests;

use std::fmt;
use std::ops::Range;

use super::finding::{Finding, Findings, quote};
use crate::words::said;

pub use macros::{DomainSpec, Sender};
pub use term::{Mechanism, Modifier, Qualifier};

/// Most terms that may ask DNS, over all records that an evaluation reads (RFC 7208 4.6.4).
pub const LOOKUPS_MAX: usize = 10;
/// Most of them that may find nothing (RFC 7208 4.6.4).
pub const VOID_LOOKUPS_MAX: usize = 2;

/// A directive or a modifier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A mechanism with what a match means.
    Directive(Qualifier, Mechanism),
    /// A modifier.
    Modifier(Modifier),
}

/// One term, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// Octets of the record.
    pub at: Range<usize>,
    /// What it is.
    pub kind: Kind,
}

impl Term {
    /// Whether it counts against [`LOOKUPS_MAX`]: each term once, however many questions it takes.
    #[must_use]
    pub const fn asks_dns(&self) -> bool {
        match &self.kind {
            Kind::Directive(_, mechanism) => {
                !matches!(mechanism, Mechanism::All | Mechanism::Ip4(..) | Mechanism::Ip6(..))
            }
            Kind::Modifier(modifier) => matches!(modifier, Modifier::Redirect(_)),
        }
    }

    /// The mechanism, where it is one.
    #[must_use]
    pub const fn mechanism(&self) -> Option<&Mechanism> {
        match &self.kind {
            Kind::Directive(_, mechanism) => Some(mechanism),
            Kind::Modifier(_) => None,
        }
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Directive(qualifier, mechanism) => write!(f, "{qualifier}{mechanism}"),
            Kind::Modifier(modifier) => modifier.fmt(f),
        }
    }
}

/// A record: its terms in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpfRecord {
    /// The terms that could be read.
    pub terms: Vec<Term>,
}

impl SpfRecord {
    /// The target of `redirect`, where it counts: not beside `all`.
    #[must_use]
    pub fn redirect(&self) -> Option<&DomainSpec> {
        let has_all = self.terms.iter().any(|term| term.mechanism() == Some(&Mechanism::All));
        let target = |term: &Term| matches!(term.kind, Kind::Modifier(Modifier::Redirect(_)));
        match &self.terms.iter().find(|term| !has_all && target(term))?.kind {
            Kind::Modifier(Modifier::Redirect(target)) => Some(target),
            _ => None,
        }
    }
}

impl fmt::Display for SpfRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("v=spf1")?;
        self.terms.iter().try_for_each(|term| write!(f, " {term}"))
    }
}

/// A record that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// What it says.
    pub record: SpfRecord,
    /// No term is wrong. One wrong term makes all mail end as `permerror` (RFC 7208 4.6).
    pub is_valid: bool,
    /// What is wrong with it.
    pub findings: Vec<Finding>,
}

/// Whether a TXT record is an SPF record: `v=spf1`, then a blank or nothing (RFC 7208 4.5).
#[must_use]
pub fn is_record(text: &str) -> bool {
    let version = text.get(..6).is_some_and(|version| version.eq_ignore_ascii_case("v=spf1"));
    version && text.get(6..).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

/// Reads a record; `None` when the text is none (see [`is_record`]).
#[must_use]
pub fn read(text: &str) -> Option<Read> {
    if !is_record(text) {
        return None;
    }
    let mut findings = Findings::default();
    let mut record = SpfRecord { terms: Vec::new() };
    let mut is_valid = true;
    let mut start = 0;
    for (number, word) in text.split(' ').enumerate() {
        let at = start..start + word.len();
        start = at.end + 1;
        if number == 0 || word.is_empty() {
            continue;
        }
        match term::read(word) {
            Ok(kind) => record.terms.push(Term { at, kind }),
            Err(why) => {
                let text = said!("record-spf-syntax", term = quote(word), why = why);
                findings.error("spf-syntax", at, text, said!("record-spf-syntax-fix"));
                is_valid = false;
            }
        }
    }
    is_valid &= lint::lint(&record, text, &mut findings);
    Some(Read { record, is_valid, findings: findings.0 })
}
