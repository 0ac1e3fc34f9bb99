//! Advice, simulations and the state of domains, for people and for programs.
//!
//! *Takes* what `analyze` decided. *Gives* text of at most the asked width, verdict first, and JSON of the contract.

mod json;
mod page;
mod recommend;
mod simulate;
mod status;
mod watch;

#[cfg(test)]
mod tests;

pub use json::{
    number, recommend as recommend_json, simulate as simulate_json, status as status_json, watch as watch_json,
};
pub use recommend::recommend;
pub use simulate::{SimulationView, simulate};
pub use status::{Badges, DomainStatus, status};
pub use watch::watch;

use crate::analyze::readiness::{Advice, Blocker, Decision, known_as, percent};
use crate::present::summary::thousands;
use crate::present::words::{Language, Words};
use chrono::{DateTime, NaiveDate};

/// Alarms of a domain that are shown; the rest is counted.
const ALARMS_SHOWN: usize = 4;

/// The date of a day number.
fn date(day: i64) -> Option<NaiveDate> {
    DateTime::from_timestamp(day.checked_mul(86_400)?, 0).map(|time| time.date_naive())
}

/// A day as it is written; empty where there is no such day.
pub(super) fn day_text(day: i64) -> String {
    date(day).map_or_else(String::new, |date| date.to_string())
}

/// Open alarms, a line each.
fn alarm_lines(page: &mut page::Page, advice: &Advice) {
    let words = Words::new(Language::En);
    for alarm in advice.alarms.iter().take(ALARMS_SHOWN) {
        // The page makes names harmless.
        let sentence = super::alarms::sentence(alarm, &words, &|name| name.to_owned());
        let (domain, days) = (&advice.domain, super::alarms::days(alarm, &words));
        page.paragraph("  ! ", &format!("{domain}: {sentence} {days}"));
    }
    if let Some(more) = advice.alarms.len().checked_sub(ALARMS_SHOWN).filter(|more| *more > 0) {
        page.paragraph("  ! ", &format!("and {more} more: ruascope alarms {}", advice.domain));
    }
}

/// The word for what to do, and what it means; a question to the owner comes before "nothing to do".
fn verdict(advice: &Advice) -> (&'static str, &'static str) {
    if advice.decision == Decision::Done && !advice.questions.is_empty() {
        return ("ASK", "the target is reached, and a sender is to be named");
    }
    words(advice.decision)
}

/// A question about a sender.
fn question(blocker: &Blocker) -> String {
    let (failing, mails) = (thousands(blocker.mails_failing), thousands(blocker.mails));
    format!("Who is {}? {failing} of its {mails} mails fail. Say so, once:", known_as(blocker))
}

/// How a decision is said to people: a word to look for, and what it asks.
const fn words(decision: Decision) -> (&'static str, &'static str) {
    match decision {
        Decision::Advance => ("ADVANCE", "the next step may be published"),
        Decision::Hold => ("HOLD", "nothing to mend, only to wait for"),
        Decision::Fix => ("FIX", "something is to be mended first"),
        Decision::Done => ("DONE", "nothing to do"),
        Decision::Rollback => ("ROLL BACK", "mail of yours is being lost"),
        Decision::Investigate => ("INVESTIGATE", "there is too little to decide on; keep what is published"),
    }
}

/// Mails a day, with as many digits as say something.
fn a_day(mails: f64) -> String {
    match mails {
        mails if mails <= 0.0 => "0".to_owned(),
        mails if mails < 0.1 => format!("{mails:.2}"),
        mails if mails < 100.0 => format!("{mails:.1}"),
        mails => format!("{mails:.0}"),
    }
}
