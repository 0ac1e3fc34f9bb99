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

use crate::analyze::readiness::{Decision, percent};
use crate::analyze::{Cause, Class, Confidence};
use crate::words::Words;
use chrono::{DateTime, NaiveDate};

/// The date of a day number.
fn date(day: i64) -> Option<NaiveDate> {
    DateTime::from_timestamp(day.checked_mul(86_400)?, 0).map(|time| time.date_naive())
}

/// A day as it is written; empty where there is no such day.
fn day_text(day: i64) -> String {
    date(day).map_or_else(String::new, |date| date.to_string())
}

/// How a decision is said to people: a word to look for, and what it asks.
fn decision(decision: Decision, words: &Words) -> (String, String) {
    let (word, meaning) = match decision {
        Decision::Advance => ("decision-advance", "meaning-advance"),
        Decision::Hold => ("decision-hold", "meaning-hold"),
        Decision::Fix => ("decision-fix", "meaning-fix"),
        Decision::Done => ("decision-done", "meaning-done"),
        Decision::Rollback => ("decision-rollback", "meaning-rollback"),
        Decision::Investigate => ("verdict-investigate", "meaning-investigate"),
    };
    (words.say(word), words.say(meaning))
}

/// What a source is, in a word.
#[must_use]
pub fn class(class: Class, words: &Words) -> String {
    words.say(match class {
        Class::Own => "word-own",
        Class::Authorised => "word-authorised",
        Class::Misconfigured => "word-misconfigured",
        Class::Forwarder => "word-forwarder",
        Class::List => "word-list",
        Class::Gateway => "word-gateway",
        Class::Spoof => "word-spoof",
        Class::Unknown => "word-unknown",
    })
}

/// How sure something is, in a word.
#[must_use]
pub fn confidence(confidence: Confidence, words: &Words) -> String {
    words.say(match confidence {
        Confidence::Low => "confidence-low",
        Confidence::Medium => "confidence-medium",
        Confidence::High => "confidence-high",
    })
}

/// Why mail failed, in a few words.
#[must_use]
pub fn cause(cause: Cause, words: &Words) -> String {
    words.say(match cause {
        Cause::StrictOnly => "cause-strict-only",
        Cause::SelectorUnknown => "cause-selector-unknown",
        Cause::KeyMissing => "cause-key-missing",
        Cause::BrokenInTransit => "cause-broken-in-transit",
        Cause::NotInSpf => "cause-not-in-spf",
        Cause::ReturnPathNotAligned => "cause-return-path-not-aligned",
        Cause::NoSignature => "cause-no-signature",
        Cause::Forwarder => "cause-forwarder",
        Cause::List => "cause-list",
        Cause::Spoof => "cause-spoof",
    })
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
