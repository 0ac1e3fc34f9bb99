//! What is said of the mail that brought a report.

use super::escape;
use super::words::{Words, say};
use crate::analyze::trust::Trust;

/// What is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProvenanceView {
    /// The verdict.
    pub trust: Trust,
    /// Whose signature verified. A stranger's text.
    pub domain: Option<String>,
    /// Its reporter has not sent before.
    pub is_new: bool,
}

impl ProvenanceView {
    /// Short words for a list; none for what is well.
    #[must_use]
    pub fn marks(&self, words: &Words) -> Vec<String> {
        let mark = match self.trust {
            Trust::Proven => None,
            Trust::Other => Some(say!(words, "trust-mark-other")),
            Trust::Failed => Some(say!(words, "trust-mark-failed")),
            Trust::NoKey => Some(say!(words, "trust-mark-no-key")),
            Trust::Unsigned => Some(say!(words, "trust-mark-unsigned")),
            Trust::Unknown => Some(say!(words, "trust-mark-unknown")),
        };
        mark.into_iter().chain(self.is_new.then(|| say!(words, "trust-mark-new"))).collect()
    }

    /// Sentences, for a terminal.
    #[must_use]
    pub fn sentences(&self, words: &Words) -> Vec<String> {
        let domain = escape::terminal(self.domain.as_deref().unwrap_or_default()).into_owned();
        let said = match self.trust {
            Trust::Proven => say!(words, "trust-proven", domain = domain),
            Trust::Other => say!(words, "trust-other", domain = domain),
            Trust::Failed => say!(words, "trust-failed"),
            Trust::NoKey => say!(words, "trust-no-key"),
            Trust::Unsigned => say!(words, "trust-unsigned"),
            Trust::Unknown => say!(words, "trust-unknown"),
        };
        [said].into_iter().chain(self.is_new.then(|| say!(words, "trust-new"))).collect()
    }
}
