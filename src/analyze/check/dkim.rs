//! Keys: those that the settings name, those that mail is signed with, and well known ones.

use super::facts::{Facts, KeyFacts, SeenSelector};
use super::finding::{Badge, CheckFinding, Level, Notes, Publish, Topic};
use crate::config::KeyState;
use crate::dns::dkim_key::{self, PublicKey};
use crate::dns::{Answer, Severity};
use crate::words::{Said, said, thousands};

/// A selector that nothing was signed with for so many days is out of use.
const UNUSED_DAYS: i64 = 14;
/// A sender that signs once a month may be some days late.
const LATE_DAYS: i64 = 7;
/// Keys are to be changed once in a while; older than this is worth knowing.
const AGE_DAYS_GOOD: i64 = 180;
/// Older than this should be changed.
const AGE_DAYS_MAX: i64 = 365;

/// What is known about one key, in one word.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Works,
    Broken,
    Gone,
    Unknown,
    /// Nobody needs it to be there.
    Idle,
}

pub(super) fn check(facts: &Facts, notes: &mut Notes) -> Badge {
    let states: Vec<State> = facts.keys.iter().map(|key| one(facts, key, notes)).collect();
    for key in &facts.keys {
        age(facts, key, notes);
    }
    let any = |state| states.contains(&state);
    // What is known to be broken stays so, whatever the other answers are.
    if any(State::Broken) || (any(State::Gone) && any(State::Works)) {
        Badge::Broken
    } else if any(State::Unknown) {
        Badge::Unknown
    } else if any(State::Gone) {
        Badge::Missing
    } else if any(State::Works) {
        Badge::Set
    } else {
        none_known(facts, notes)
    }
}

/// No selector is known that should work.
fn none_known(facts: &Facts, notes: &mut Notes) -> Badge {
    let domain = &facts.published.domain;
    let name = format!("_domainkey.{domain}");
    match &facts.keys_below {
        Answer::Failed(failure) => {
            notes.unanswered(Topic::Dkim, "dkim-unanswered", &name, *failure);
            Badge::Unknown
        }
        _ if facts.meant.is_parked => Badge::Missing,
        // Nothing is below a name that does not exist (RFC 8020), so there is no key.
        Answer::NxDomain => {
            let text = said!("check-dkim-missing", domain = domain, name = name);
            // A domain that takes mail sends some.
            let level = if facts.published.mx.is_missing() { Level::Info } else { Level::Warning };
            let finding = CheckFinding::new(Topic::Dkim, level, "dkim-missing", &name, text);
            notes.push(finding.advice(said!("check-dkim-missing-fix", domain = domain)));
            Badge::Missing
        }
        // Something is below the name, and nobody knows what (RFC 8020).
        Answer::NoData | Answer::Found(_) => {
            let text = said!("check-dkim-not-known", domain = domain);
            let finding = CheckFinding::new(Topic::Dkim, Level::Info, "dkim-selectors-not-known", &name, text);
            notes.push(finding.advice(said!("check-dkim-not-known-fix")));
            Badge::Unknown
        }
    }
}

/// Whether mail depends on a key now.
fn is_needed(facts: &Facts, key: &KeyFacts) -> bool {
    match key.plan {
        Some(KeyState::Active) => true,
        _ => key.seen.as_ref().is_some_and(|seen| is_in_use(facts, seen)),
    }
}

/// Mail is signed with it: lately, or not longer ago than it was used to pause.
fn is_in_use(facts: &Facts, seen: &SeenSelector) -> bool {
    let idle_days = facts.reports.newest_day.map(|newest| newest - seen.last_day);
    idle_days.is_some_and(|days| days < UNUSED_DAYS.max(seen.gap_days_max + LATE_DAYS))
}

fn one(facts: &Facts, key: &KeyFacts, notes: &mut Notes) -> State {
    let (name, selector) = (key.name(), &key.selector);
    let is_needed = is_needed(facts, key);
    match &key.answer.answer {
        Answer::Failed(failure) if is_needed || key.plan.is_some() => {
            notes.unanswered(Topic::Dkim, "dkim-unanswered", &name, *failure);
            State::Unknown
        }
        Answer::Failed(_) => State::Idle,
        Answer::NoData | Answer::NxDomain if is_needed => {
            notes.push(gone(facts, key));
            State::Gone
        }
        Answer::NoData | Answer::NxDomain => {
            if key.plan == Some(KeyState::Draft) {
                notes.good(Topic::Dkim, said!("check-dkim-draft", selector = selector));
            }
            State::Idle
        }
        Answer::Found(records) => {
            if records.len() > 1 {
                let text = said!("check-dkim-several", selector = selector, name = name, count = records.len());
                let finding = CheckFinding::new(Topic::Dkim, Level::Warning, "dkim-several-records", &name, text);
                notes.push(finding.advice(said!("check-dkim-several-fix")).evidence(records.iter().cloned()));
            }
            records.first().map_or(State::Idle, |record| there(facts, key, record, notes))
        }
    }
}

/// A key that mail depends on, and that is not in DNS.
fn gone(facts: &Facts, key: &KeyFacts) -> CheckFinding {
    let (name, selector) = (key.name(), &key.selector);
    let what = if key.answer.answer == Answer::NxDomain { said!("check-no-name") } else { said!("check-dkim-no-txt") };
    let used = usage(facts, key);
    let (rule, text) = match key.answer.aliases.last() {
        Some(alias) => (
            "dkim-alias-nowhere",
            said!("check-dkim-alias-nowhere", selector = selector, name = name, alias = alias, used = used),
        ),
        None => {
            ("dkim-key-missing", said!("check-dkim-gone", selector = selector, name = name, what = what, used = used))
        }
    };
    let finding = CheckFinding::new(Topic::Dkim, Level::Critical, rule, &name, text);
    match &key.own {
        Some((_, record)) => finding.advice(said!("check-dkim-publish")).publish(publish(key, record)),
        None => finding.advice(said!("check-dkim-gone-fix", selector = selector)),
    }
}

fn usage(facts: &Facts, key: &KeyFacts) -> Said {
    let because = if key.plan == Some(KeyState::Active) { said!("check-dkim-meant") } else { Said::default() };
    match key.seen.as_ref().filter(|seen| is_in_use(facts, seen)) {
        Some(seen) => {
            said!("check-dkim-signs", mails = thousands(seen.mails), day = super::date(seen.last_day))
        }
        None => because,
    }
}

fn publish(key: &KeyFacts, record: &str) -> Publish {
    let (host, domain) = (format!("{}._domainkey", key.selector), key.domain.clone());
    Publish { host, domain, ttl_s: None, text: record.to_owned() }
}

/// A key that is in DNS.
fn there(facts: &Facts, key: &KeyFacts, text: &str, notes: &mut Notes) -> State {
    let (name, selector) = (key.name(), &key.selector);
    let is_needed = is_needed(facts, key);
    let read = dkim_key::read(text);
    let is_withdrawn = read.record.key == PublicKey::Revoked;
    for finding in read.findings {
        if is_withdrawn && finding.rule == "dkim-revoked" {
            continue;
        }
        let severity = finding.severity;
        let mut finding = CheckFinding::of_record(Topic::Dkim, &name, text, finding);
        finding.text = said!("check-dkim-of-selector", selector = selector, text = finding.text);
        // What is wrong with a key that nothing depends on does no harm.
        finding.level = match (is_needed, severity) {
            (false, Severity::Error) => Level::Warning,
            (false, _) => Level::Info,
            _ => finding.level,
        };
        notes.push(finding);
    }
    if is_withdrawn {
        return withdrawn(facts, key, notes);
    }
    if read.record.is_strict && is_needed {
        let text = said!("check-dkim-t-strict", selector = selector, name = name);
        notes.push(CheckFinding::new(Topic::Dkim, Level::Info, "dkim-t-strict", &name, text));
    }
    if let Some((own, record)) = key.own.as_ref().filter(|(own, _)| *own != read.record.key) {
        let _ = own;
        let level = if is_needed { Level::Critical } else { Level::Warning };
        let what = said!("check-dkim-differs", selector = selector, name = name);
        let finding = CheckFinding::new(Topic::Dkim, level, "dkim-key-differs", &name, what);
        notes.push(
            finding
                .advice(said!("check-dkim-differs-fix"))
                .evidence(Some(text.to_owned()))
                .publish(publish(key, record)),
        );
        return if is_needed { State::Broken } else { State::Idle };
    }
    if !read.is_usable {
        return if is_needed { State::Broken } else { State::Idle };
    }
    plan(facts, key, notes);
    notes.good(Topic::Dkim, said!("check-dkim-good", selector = selector, size = size(&read.record.key)));
    State::Works
}

fn withdrawn(facts: &Facts, key: &KeyFacts, notes: &mut Notes) -> State {
    let (name, selector) = (key.name(), &key.selector);
    if !is_needed(facts, key) {
        notes.good(Topic::Dkim, said!("check-dkim-withdrawn", selector = selector));
        return State::Idle;
    }
    let text = said!("check-dkim-revoked", selector = selector, name = name, used = usage(facts, key));
    let finding = CheckFinding::new(Topic::Dkim, Level::Critical, "dkim-revoked", &name, text);
    notes.push(match &key.own {
        Some((_, record)) => finding.advice(said!("check-dkim-revoked-fix")).publish(publish(key, record)),
        None => finding.advice(said!("check-dkim-revoked-fix")),
    });
    State::Broken
}

/// What the settings and reports say about a key that works.
fn plan(facts: &Facts, key: &KeyFacts, notes: &mut Notes) {
    let (name, selector, domain) = (key.name(), &key.selector, &facts.published.domain);
    if key.plan == Some(KeyState::Draft) {
        let text = said!("check-dkim-draft-published", selector = selector);
        let finding = CheckFinding::new(Topic::Dkim, Level::Info, "dkim-draft-published", &name, text);
        notes.push(finding.advice(format!("`ruascope dkim activate {domain} {selector}`")));
    }
    let Some(newest) = facts.reports.newest_day else { return };
    let others_sign = facts.keys.iter().any(|other| {
        other.name() != name && other.seen.as_ref().is_some_and(|seen| newest - seen.last_day < UNUSED_DAYS)
    });
    let idle = key.seen.as_ref().filter(|seen| others_sign && !is_in_use(facts, seen));
    if let Some(days) = idle.map(|seen| newest - seen.last_day) {
        let text = said!("check-dkim-unused", selector = selector, days = days);
        let finding = CheckFinding::new(Topic::Dkim, Level::Info, "dkim-unused", &name, text);
        notes.push(finding.advice(said!("check-dkim-unused-fix")));
    } else if key.plan == Some(KeyState::Retired) && key.seen.is_none() {
        let text = said!("check-dkim-retired", selector = selector);
        let finding = CheckFinding::new(Topic::Dkim, Level::Info, "dkim-unused", &name, text);
        notes.push(finding.advice(said!("check-dkim-retired-fix")));
    }
}

fn size(key: &PublicKey) -> Said {
    match key {
        PublicKey::Rsa { bits, .. } => format!("RSA {bits}").into(),
        PublicKey::Ed25519(_) => "Ed25519".into(),
        PublicKey::Missing | PublicKey::Revoked | PublicKey::Unreadable => said!("check-dkim-no-key"),
    }
}

/// Keys whose selector says when they were made, such as `rs20240118`.
fn age(facts: &Facts, key: &KeyFacts, notes: &mut Notes) {
    let Some(made) = super::day_in(&key.selector) else { return };
    let today = facts.published.seen_s.div_euclid(86_400);
    let days = today - made;
    if days <= AGE_DAYS_GOOD || !is_needed(facts, key) || key.answer.answer.records().is_empty() {
        return;
    }
    let (name, selector, domain) = (key.name(), &key.selector, &facts.published.domain);
    let text = said!("check-dkim-old", selector = selector, days = days);
    let level = if days > AGE_DAYS_MAX { Level::Warning } else { Level::Info };
    let finding = CheckFinding::new(Topic::Dkim, level, "dkim-old", &name, text);
    notes.push(finding.advice(said!("check-dkim-old-fix", domain = domain)));
}
