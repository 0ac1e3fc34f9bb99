//! Whether a digest is sent.

use chrono::{Datelike as _, NaiveDate, Weekday};

use super::change::Change;
use super::facts::{Decision, Facts};

/// When somebody wants to hear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Each time.
    Always,
    /// When something is different from the last time.
    Changes,
    /// When something should be done.
    Problems,
}

/// How loud it is, worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Now: roll back, or blind.
    Critical,
    /// Something should be done.
    Warning,
    /// Too little is known to say so.
    Unknown,
    /// Nothing to do.
    Fine,
}

impl Level {
    /// The word for JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::Warning => "warning",
            Self::Unknown => "unknown",
            Self::Fine => "ok",
        }
    }
}

/// The worst of everything.
#[must_use]
pub fn level(facts: &Facts, changes: &[Change]) -> Level {
    if facts.blind_days.is_some() {
        return Level::Critical;
    }
    let of_domains = facts.domains.iter().map(|domain| match domain.decision {
        Some(Decision::Rollback) => Level::Critical,
        Some(Decision::Fix) => Level::Warning,
        _ if domain.tasks > 0 => Level::Warning,
        Some(Decision::Advance | Decision::Hold | Decision::Done) => Level::Fine,
        Some(Decision::Investigate) | None => Level::Unknown,
    });
    let of_changes = changes.iter().filter(|change| change.is_problem()).map(|_| Level::Warning);
    of_domains.chain(of_changes).min().unwrap_or(Level::Unknown)
}

/// Whether to send. On Mondays everybody hears that the program is alive, unless they heard on that day already.
#[must_use]
pub fn is_due(rule: Rule, level: Level, changes: &[Change], today: NaiveDate, last: Option<NaiveDate>) -> bool {
    if today.weekday() == Weekday::Mon && last != Some(today) {
        return true;
    }
    match rule {
        Rule::Always => true,
        // The first digest of all is news.
        Rule::Changes => last.is_none() || !changes.is_empty(),
        // Who heard today hears it again when it is another one.
        Rule::Problems => level <= Level::Warning && (last != Some(today) || !changes.is_empty()),
    }
}
