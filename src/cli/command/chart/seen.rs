//! Charts of what reports tell beside mails: who reported, which keys signed.

use std::cmp::Reverse;

use super::Material;
use super::judged::Judged;
use crate::analyze::history::{self, Arrival, KeyHistory, ReporterHistory};
use crate::cli::period::date;
use crate::dns::Answer;
use crate::present::chart::{
    CoverageCell, CoverageLabels, CoverageRow, CoverageView, SelectorDay, SelectorKey, SelectorLabels, SelectorRow,
    SelectorsView,
};
use crate::present::summary::thousands;
use crate::store::Filter;
use crate::words::say;

/// Days before the period that tell what reporters usually do.
const HABIT_DAYS: i64 = 56;
/// Rows of a chart; the rest is counted.
const ROWS_MAX: usize = 40;
/// A key that signed nothing for so many days may be one to withdraw.
const UNUSED_DAYS_MIN: i64 = 14;

pub(super) fn coverage(material: &Material<'_>) -> anyhow::Result<CoverageView> {
    let (store, filter) = (material.store, material.filter);
    let (first, last) = material.days()?.unwrap_or((0, -1));
    let since_day = filter.since_day.map(|day| day - HABIT_DAYS);
    let reported = store.reporter_days(&Filter { since_day, ..filter.clone() })?;
    let histories = history::arrivals(&reported, (first, last), material.today());
    let row = |one: &ReporterHistory| CoverageRow {
        label: one.reporter.clone(),
        mails: one.mails,
        cells: one.days.iter().map(|day| cell(*day)).collect(),
    };
    let hidden = histories.len().saturating_sub(ROWS_MAX);
    Ok(CoverageView {
        title: material.say("chart-coverage-title"),
        subtitle: material.subtitle(),
        first: date(first).unwrap_or_default(),
        rows: histories.iter().take(ROWS_MAX).map(row).collect(),
        more: more(material, "chart-more-reporters", hidden),
        labels: CoverageLabels {
            received: material.say("chart-received"),
            late: material.say("chart-late"),
            missing: material.say("chart-missing"),
            not_expected: material.say("chart-not-expected"),
        },
        few_pattern: material.few(),
        no_data: material.no_data(),
    })
}

const fn cell(arrival: Arrival) -> CoverageCell {
    match arrival {
        Arrival::Received => CoverageCell::Received,
        Arrival::Late => CoverageCell::Late,
        Arrival::Missing => CoverageCell::Missing,
        Arrival::NotExpected => CoverageCell::NotExpected,
    }
}

fn more(material: &Material<'_>, message: &str, hidden: usize) -> String {
    if hidden == 0 {
        return String::new();
    }
    let count = thousands(u64::try_from(hidden).unwrap_or(u64::MAX));
    material.words.with(message, &[("count", count.into())])
}

pub(super) fn selectors(material: &Material<'_>) -> anyhow::Result<SelectorsView> {
    let mut keys = Vec::new();
    let known = material.judged()?;
    for known in known {
        keys.extend(history::keys(&known.observations, &known.domain));
    }
    let (first, last) = material.days()?.unwrap_or((0, -1));
    for key in &mut keys {
        key.days.retain(|day| (first..=last).contains(&day.day));
        key.mails = key.days.iter().map(|day| day.mails).sum();
    }
    keys.retain(|key| !key.days.is_empty());
    keys.sort_by_key(|key| Reverse(key.mails));
    Ok(SelectorsView {
        title: material.say("chart-selectors-title"),
        subtitle: material.subtitle(),
        first: date(first).unwrap_or_default(),
        last: date(last).unwrap_or_default(),
        rows: keys.iter().take(ROWS_MAX).map(|key| selector(material, known, key, last)).collect(),
        more: more(material, "chart-more-keys", keys.len().saturating_sub(ROWS_MAX)),
        labels: SelectorLabels { line: material.say("chart-signed"), gone: material.say("chart-key-gone") },
        no_data: material.between("chart-no-signatures"),
    })
}

fn selector(material: &Material<'_>, known: &[Judged], key: &KeyHistory, last: i64) -> SelectorRow {
    let selector = if key.selector.is_empty() { "?" } else { &key.selector };
    let idle = key.days.last().map_or(0, |day| last - day.day);
    SelectorRow {
        label: format!("{selector} ({})", key.domain),
        note: if idle >= UNUSED_DAYS_MIN {
            say!(material.words, "chart-unused", days = idle.to_string())
        } else {
            String::new()
        },
        days: key.days.iter().filter_map(|day| Some(SelectorDay { day: date(day.day)?, mails: day.mails })).collect(),
        key: in_dns(known, key),
    }
}

/// What DNS said of a key when it was asked last.
fn in_dns(known: &[Judged], key: &KeyHistory) -> SelectorKey {
    let published = known.iter().find(|known| known.domain == key.domain);
    let keys = published.and_then(|known| known.published.last()).map(|published| published.dkim.as_slice());
    match keys.unwrap_or_default().iter().find(|one| one.selector == key.selector).map(|one| &one.answer) {
        Some(Answer::Found(_)) => SelectorKey::Published,
        Some(answer) if answer.is_missing() => SelectorKey::Gone,
        _ => SelectorKey::NotKnown,
    }
}
