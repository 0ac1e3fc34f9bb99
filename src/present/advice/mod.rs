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
use crate::analyze::{Cause, Class, Confidence};
use crate::present::summary::thousands;
use crate::words::{Words, say};
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
fn alarm_lines(page: &mut page::Page<'_>, advice: &Advice) {
    let words = page.words;
    for alarm in advice.alarms.iter().take(ALARMS_SHOWN) {
        // The page makes names harmless.
        let sentence = super::alarms::sentence(alarm, words, &|name| name.to_owned());
        let (domain, days) = (&advice.domain, super::alarms::days(alarm, words));
        page.paragraph("  ! ", &say!(words, "alarm-line", domain = domain, sentence = sentence, days = days));
    }
    if advice.alarms.len() > ALARMS_SHOWN {
        page.paragraph("  ! ", &format!("ruascope alarms {}", advice.domain));
    }
}

/// The word for what to do, and what it means; a question to the owner comes before "nothing to do".
fn verdict(advice: &Advice, words: &Words) -> (String, String) {
    if advice.decision == Decision::Done && !advice.questions.is_empty() {
        return (words.say("decision-ask"), words.say("meaning-ask"));
    }
    decision(advice.decision, words)
}

/// A question about a sender.
fn question(blocker: &Blocker, words: &Words) -> String {
    let (failing, mails) = (thousands(blocker.mails_failing), thousands(blocker.mails));
    say!(words, "question-who", sender = known_as(blocker), failing = failing, mails = mails)
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
        Cause::ReporterDisagrees => "cause-reporter-disagrees",
        Cause::NotJudged => "cause-not-judged",
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
