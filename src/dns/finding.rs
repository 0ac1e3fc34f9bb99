//! What is wrong with a record, and where.

use std::ops::Range;

use crate::words::Said;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Should be changed.
    Warning,
    /// The record, or a part of it, does not do what it says.
    Error,
}

impl Severity {
    /// The word for JSON and text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// Something about a record that its owner should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Name of the rule, such as `dmarc-p-missing`; names stay.
    pub rule: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// Octets of the record's text that it is about; empty when something is missing there.
    pub at: Range<usize>,
    /// What is so. May quote the record, so it has to be escaped before it is shown.
    pub text: Said,
    /// What to do.
    pub advice: Said,
}

/// Findings in the making.
#[derive(Debug, Default)]
pub(super) struct Findings(pub(super) Vec<Finding>);

impl Findings {
    pub(super) fn error(
        &mut self,
        rule: &'static str,
        at: Range<usize>,
        text: impl Into<Said>,
        advice: impl Into<Said>,
    ) {
        self.push(rule, Severity::Error, at, text.into(), advice.into());
    }

    pub(super) fn warning(
        &mut self,
        rule: &'static str,
        at: Range<usize>,
        text: impl Into<Said>,
        advice: impl Into<Said>,
    ) {
        self.push(rule, Severity::Warning, at, text.into(), advice.into());
    }

    pub(super) fn info(
        &mut self,
        rule: &'static str,
        at: Range<usize>,
        text: impl Into<Said>,
        advice: impl Into<Said>,
    ) {
        self.push(rule, Severity::Info, at, text.into(), advice.into());
    }

    fn push(&mut self, rule: &'static str, severity: Severity, at: Range<usize>, text: Said, advice: Said) {
        self.0.push(Finding { rule, severity, at, text, advice });
    }
}

/// A quotation that is short enough for a line: at most 60 characters.
pub(super) fn quote(text: &str) -> String {
    let short: String = text.chars().take(60).collect();
    if short.len() < text.len() { format!("\"{short}…\"") } else { format!("\"{short}\"") }
}
