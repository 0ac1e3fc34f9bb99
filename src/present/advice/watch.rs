//! Whether policies that were tightened hold.

use super::day_text;
use super::page::{Mark, Page};
use crate::analyze::readiness::{Advice, Decision};
use crate::present::summary::TextStyle;
use crate::words::{Words, say};

/// A paragraph a domain.
#[must_use]
pub fn watch(all: &[Advice], style: &TextStyle, words: &Words) -> String {
    let mut page = Page::new(style, words);
    for advice in all {
        let domain = &advice.domain;
        let why = advice.why.in_words(words);
        let (mark, text) = match (advice.decision, advice.raised) {
            (Decision::Rollback, _) => (Mark::Bad, say!(words, "watch-rollback", domain = domain, why = why)),
            (Decision::Investigate, _) => (Mark::Unknown, say!(words, "watch-unknown", domain = domain, why = why)),
            (_, Some((day, _))) => (Mark::Good, say!(words, "watch-holds", domain = domain, day = day_text(day))),
            (_, None) => (Mark::Good, say!(words, "watch-quiet", domain = domain)),
        };
        let lead = format!("{} ", page.sign(mark));
        page.paragraph(&lead, &text);
        for trigger in &advice.triggers {
            page.said(&format!("    {} ", trigger.rule), &trigger.text);
        }
        if let Some(record) = advice.publish.as_ref().filter(|_| advice.decision == Decision::Rollback) {
            page.verbatim(&super::recommend::zone_line(record));
        }
    }
    page.end()
}
