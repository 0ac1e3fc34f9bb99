//! The life of keys: removed while in use, unused, old.

use std::collections::BTreeMap;

use super::{Alarm, AlarmInputs, AlarmKind, Fired, Level};
use crate::analyze::history::{KeyHistory, keys};
use crate::analyze::statistics::date;
use crate::dns::Published;
use crate::model::{AuthResult, Sent};

/// Mails a day with a signature of a removed key that tell that it is still in use.
const STILL_USED_MAILS_MIN: u64 = 5;
/// Days without a signature after which a key may go.
const UNUSED_DAYS: i64 = 14;
/// A key that signed on so many days was in use.
const USED_DAYS_MIN: usize = 7;
/// A key is old after a year.
const OLD_DAYS: i64 = 365;
const DAY_S: i64 = 86_400;

/// Whether DNS has the key: `None` where it was not asked for, or nobody answered.
fn is_there(seen: &Published, selector: &str) -> Option<bool> {
    let key = seen.dkim.iter().find(|key| key.selector.eq_ignore_ascii_case(selector))?;
    if key.answer.is_unknown() {
        return None;
    }
    let is_empty = |text: &String| text.split(';').any(|tag| tag.trim().trim_end() == "p=");
    Some(key.answer.records().iter().any(|text| !is_empty(text)))
}

/// The day from which on DNS has not had a key any more, as far as was looked; `None` while it is there.
fn gone_since(inputs: &AlarmInputs<'_>, selector: &str) -> Option<i64> {
    let mut gone = None;
    let mut was_there = false;
    for seen in inputs.published {
        match is_there(seen, selector) {
            Some(true) => (was_there, gone) = (true, None),
            Some(false) if was_there && gone.is_none() => gone = Some(seen.seen_s.div_euclid(DAY_S)),
            _ => {}
        }
    }
    gone
}

/// (e) Mail of the owner's senders that is still signed with a key that is gone.
pub(super) fn removed(inputs: &AlarmInputs<'_>, fired: &mut Vec<Fired>) {
    let mut mails: BTreeMap<(&str, i64), u64> = BTreeMap::new();
    let own = inputs.senders.iter().filter(|sender| sender.class.is_legitimate());
    for seen in own.flat_map(|sender| &sender.observations).filter_map(|place| inputs.observations.get(*place)) {
        for signed in &seen.auth_results.dkim {
            let is_ours = signed.domain.as_deref() == Some(inputs.domain);
            let is_broken = signed.result.as_ref().and_then(Sent::read) != Some(AuthResult::Pass);
            if let Some(selector) = signed.selector.as_deref().filter(|_| is_ours && is_broken) {
                let sum = mails.entry((selector, seen.day)).or_default();
                *sum = sum.saturating_add(seen.mails);
            }
        }
    }
    let mut gone: BTreeMap<&str, Option<i64>> = BTreeMap::new();
    for ((selector, day), mails) in mails {
        let since = *gone.entry(selector).or_insert_with(|| gone_since(inputs, selector));
        if mails >= STILL_USED_MAILS_MIN && since.is_some_and(|since| day >= since) {
            fired.push(Fired {
                kind: AlarmKind::KeyRemoved,
                subject: selector.to_owned(),
                severity: Level::Critical,
                day,
                detail: mails.to_string(),
            });
        }
    }
}

/// (e) Keys that may go, and keys that are old: by a date in the selector.
pub(super) fn unused_and_old(inputs: &AlarmInputs<'_>, newest: i64) -> Vec<Alarm> {
    let all = keys(inputs.observations, inputs.domain);
    let own = all.iter().filter(|key| key.domain == inputs.domain && !key.selector.is_empty());
    own.flat_map(|key| [unused(inputs, key, newest), old(inputs, key)]).flatten().collect()
}

fn unused(inputs: &AlarmInputs<'_>, key: &KeyHistory, newest: i64) -> Option<Alarm> {
    let last = key.days.last()?.day;
    let is_published = inputs.published.iter().rev().find_map(|seen| is_there(seen, &key.selector))?;
    let opened = last + UNUSED_DAYS;
    (is_published && key.days.len() >= USED_DAYS_MIN && opened <= newest).then(|| Alarm {
        kind: AlarmKind::KeyUnused,
        subject: key.selector.clone(),
        severity: Level::Info,
        opened_day: opened,
        last_day: newest,
        closed_day: None,
        detail: day_text(last),
    })
}

fn old(inputs: &AlarmInputs<'_>, key: &KeyHistory) -> Option<Alarm> {
    let made = made_day(&key.selector)?;
    let last = key.days.last()?.day;
    let opened = made + OLD_DAYS;
    (opened <= last && made <= key.days.first()?.day).then(|| Alarm {
        kind: AlarmKind::KeyOld,
        subject: key.selector.clone(),
        severity: Level::Warning,
        opened_day: opened,
        last_day: last,
        closed_day: (last + UNUSED_DAYS <= inputs.today).then_some(last + UNUSED_DAYS),
        detail: day_text(made),
    })
}

fn day_text(day: i64) -> String {
    date(day).map_or_else(String::new, |date| date.to_string())
}

/// The day that a selector names, as `rs20251120` does.
fn made_day(selector: &str) -> Option<i64> {
    let digits = ["rs", "s", "k", ""].iter().find_map(|lead| {
        let rest = selector.strip_prefix(lead)?.get(..8)?;
        (rest.starts_with("20") && rest.bytes().all(|byte| byte.is_ascii_digit())).then_some(rest)
    })?;
    let date = chrono::NaiveDate::parse_from_str(digits, "%Y%m%d").ok()?;
    Some(date.signed_duration_since(chrono::NaiveDate::default()).num_days())
}
