//! A line a domain.

use super::{day_text, percent, words};
use crate::analyze::readiness::{Advice, Decision, Kind, Step};
use crate::present::summary::{TextStyle, thousands};
use crate::present::table::Table;

/// Whether SPF, DKIM and DMARC are there: `set`, `broken`, `missing` or `unknown`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Badges {
    /// SPF.
    pub spf: &'static str,
    /// DKIM.
    pub dkim: &'static str,
    /// DMARC.
    pub dmarc: &'static str,
}

/// A domain as the overview shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct DomainStatus {
    /// What is advised.
    pub advice: Advice,
    /// At a glance.
    pub badges: Badges,
    /// Newest day with a report.
    pub newest_day: Option<i64>,
}

/// A line a domain.
#[must_use]
pub fn status(domains: &[DomainStatus], style: &TextStyle) -> String {
    if domains.is_empty() {
        return "no domains: take in reports with `ruascope ingest PATH`, or name one with `ruascope domain add`\n"
            .to_owned();
    }
    let headings =
        ["DOMAIN", "POLICY", "SPF", "DKIM", "DMARC", ">DAYS", ">OWN", ">OWN OK", ">AT LEAST", ">TO MEND", "VERDICT"];
    let mut table = Table::new(&headings);
    for status in domains {
        let advice = &status.advice;
        let badge = |badge: &'static str| badge_text(badge, style.unicode).to_owned();
        let days = advice.window.map_or(0, |(first, last)| last - first + 1);
        table.row(&[
            advice.domain.clone(),
            advice.step.map_or("-", Step::as_str).to_owned(),
            badge(status.badges.spf),
            badge(status.badges.dkim),
            badge(status.badges.dmarc),
            days.to_string(),
            thousands(advice.own.mails),
            advice.evidence.pass.map_or_else(|| "-".to_owned(), percent),
            advice.evidence.pass.map_or_else(|| "-".to_owned(), |_| percent(advice.evidence.lower_bound)),
            advice.blockers.len().to_string(),
            verdict(advice),
        ]);
    }
    let ages = domains.iter().filter_map(|status| status.newest_day);
    let newest = ages.max().map(|day| format!("\nnewest report: {}\n", day_text(day)));
    table.text(style.width) + &newest.unwrap_or_else(|| "\nno reports yet\n".to_owned())
}

/// A sign with its word: the sign alone would be told by colour or shape only.
const fn badge_text(badge: &'static str, unicode: bool) -> &'static str {
    match (badge.as_bytes(), unicode) {
        (b"set", true) => "✓ set",
        (b"broken", true) => "✗ broken",
        (b"missing", true) => "- missing",
        _ => badge,
    }
}

/// The decision in a few words, with the day that it waits for.
fn verdict(advice: &Advice) -> String {
    let (word, _) = words(advice.decision);
    let next = |step: Option<Step>| step.map(|step| format!(" to {}", step.as_str())).unwrap_or_default();
    match advice.decision {
        Decision::Advance => format!("{word}{}", next(advice.next)),
        Decision::Hold | Decision::Fix => {
            let earliest = advice.earliest_day.map(|day| format!("; earliest {}", day_text(day))).unwrap_or_default();
            let closed = advice.gates.iter().filter(|gate| gate.is_closed());
            let is_fix = advice.decision == Decision::Fix;
            let first = closed.into_iter().find(|gate| (gate.kind == Kind::Fix) == is_fix);
            let why = first.map_or_else(|| advice.why.clone(), |gate| format!("{} {}", gate.id, gate.value));
            format!("{word} {why}{earliest}")
        }
        Decision::Done => word.to_owned(),
        Decision::Rollback | Decision::Investigate => format!("{word} {}", advice.why),
    }
}
