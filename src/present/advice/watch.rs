//! Whether policies that were tightened hold.

use super::day_text;
use super::page::{Mark, Page};
use crate::analyze::readiness::{Advice, Decision};
use crate::present::summary::TextStyle;

/// A paragraph a domain.
#[must_use]
pub fn watch(all: &[Advice], style: &TextStyle) -> String {
    let mut page = Page::new(style);
    for advice in all {
        let domain = &advice.domain;
        let (mark, text) = match (advice.decision, advice.raised) {
            (Decision::Rollback, _) => (Mark::Bad, format!("{domain}: roll back: {}", advice.why)),
            (Decision::Investigate, _) => (Mark::Unknown, format!("{domain}: not known: {}", advice.why)),
            (_, Some((day, _))) => (Mark::Good, format!("{domain}: holds since it was tightened on {}", day_text(day))),
            (_, None) => (Mark::Good, format!("{domain}: not tightened in the last 30 days")),
        };
        let lead = format!("{} ", page.sign(mark));
        page.paragraph(&lead, &text);
        for trigger in &advice.triggers {
            page.paragraph(&format!("    {} ", trigger.rule), &trigger.text);
        }
        if let Some(record) = advice.publish.as_ref().filter(|_| advice.decision == Decision::Rollback) {
            page.verbatim(&super::recommend::zone_line(record));
        }
    }
    page.end()
}
