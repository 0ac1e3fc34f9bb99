//! Reporters that disagree, and reporters that are silent.

use std::collections::{BTreeMap, BTreeSet};

use super::{Alarm, AlarmInputs, AlarmKind, Fired, LATE_DAYS, Level};
use crate::analyze::readiness::{Tally, percent};
use crate::analyze::statistics::{difference_lower, real};
use crate::model::{AuthResult, Sent};

/// Mails of a sender on a day from which on a reporter's word about it counts.
const DISAGREE_MAILS_MIN: u64 = 20;
/// How far two have to be apart at least.
const DISAGREE_MIN: f64 = 0.10;
/// Who came on so many of four weeks comes every day.
const STEADY_DAYS: i64 = 28;
const STEADY_DAYS_MIN: usize = 26;
/// Share of the owner's mail that a reporter has to see to be missed.
const LARGE_MIN: f64 = 0.05;
/// Who counts bulk senders, and from how many mails a day on; who was one once stays one.
const BULK_REPORTER: &str = "google.com";
const BULK_MAILS_MIN: u64 = 5_000;
/// Days that tell how the mail of a bulk sender is doing.
const BULK_DAYS: i64 = 28;
/// Days of silence.
const SILENT_DAYS: i64 = 3;

/// (f) The same sender on the same day, and one reporter sees much more of it pass than another.
pub(super) fn disagreement(inputs: &AlarmInputs<'_>, fired: &mut Vec<Fired>) {
    for sender in inputs.senders.iter().filter(|sender| sender.class.is_legitimate()) {
        let mut days: BTreeMap<i64, BTreeMap<&str, (u64, u64)>> = BTreeMap::new();
        // Neighbours mostly have the same day and reporter, and are added up before they are looked up.
        let is_same = |one: &usize, next: &usize| {
            let (one, next) = (inputs.observations.get(*one), inputs.observations.get(*next));
            one.zip(next).is_some_and(|(one, next)| {
                one.day == next.day && one.reporter.as_ptr().addr() == next.reporter.as_ptr().addr()
            })
        };
        for run in sender.observations.chunk_by(is_same) {
            let seen = || run.iter().filter_map(|place| inputs.observations.get(*place));
            let Some(first) = seen().next() else { continue };
            let sum = days.entry(first.day).or_default().entry(&first.reporter).or_default();
            for seen in seen() {
                sum.0 = sum.0.saturating_add(if seen.passes() { seen.mails } else { 0 });
                sum.1 = sum.1.saturating_add(seen.mails);
            }
        }
        for (day, reporters) in days {
            let heard = || reporters.iter().filter(|(_, sum)| sum.1 >= DISAGREE_MAILS_MIN);
            let share = |sum: &(u64, u64)| real(sum.0) / real(sum.1);
            let most = heard().max_by(|a, b| share(a.1).total_cmp(&share(b.1)));
            let least = heard().min_by(|a, b| share(a.1).total_cmp(&share(b.1)));
            let (Some((high, most)), Some((low, least))) = (most, least) else { continue };
            let pair = |sum: &(u64, u64)| (real(sum.0), real(sum.1));
            if difference_lower(pair(most), pair(least)) > DISAGREE_MIN {
                fired.push(Fired {
                    kind: AlarmKind::Disagreement,
                    subject: sender.name.clone(),
                    severity: Level::Warning,
                    day,
                    detail: format!("{high} {}, {low} {}", percent(share(most)), percent(share(least))),
                });
            }
        }
    }
}

/// A stretch without reports.
struct Gap {
    /// The last day before it.
    last: i64,
    /// The day on which reports came again.
    again: Option<i64>,
}

/// Stretches of over [`SILENT_DAYS`] days without a report after four weeks with one nearly every day.
fn gaps(days: &BTreeSet<i64>, end: i64) -> Vec<Gap> {
    let next = days.iter().skip(1).map(|day| Some(*day)).chain([None]);
    let gap = |(last, again): (&i64, Option<i64>)| {
        let silent = again.unwrap_or(end + 1) - last - 1;
        let is_steady = days.range(last - STEADY_DAYS + 1..=*last).count() >= STEADY_DAYS_MIN;
        (silent >= SILENT_DAYS && is_steady).then_some(Gap { last: *last, again })
    };
    days.iter().zip(next).filter_map(gap).collect()
}

/// Large reporters that came every day and are silent while others report.
pub(super) fn silent(tally: &Tally, today: i64, newest: i64) -> Vec<Alarm> {
    let end = newest.min(today - LATE_DAYS);
    let sum = |days: &BTreeMap<i64, u64>, last: i64| {
        days.range(last - STEADY_DAYS + 1..=last).fold(0_u64, |sum, (_, mails)| sum.saturating_add(*mails))
    };
    let mut found = Vec::new();
    for (name, reporter) in &tally.reporters {
        let days: BTreeSet<i64> = reporter.days.keys().copied().collect();
        for gap in gaps(&days, end) {
            let all = tally.reporters.values().map(|one| sum(&one.days, gap.last)).fold(0, u64::saturating_add);
            let share = real(sum(&reporter.days, gap.last)) / real(all.max(1));
            // Where everybody is silent nobody is singled out.
            let others = tally.reporters.iter().filter(|(other, _)| *other != name);
            let until = gap.again.unwrap_or(end + 1);
            let is_alone = others.flat_map(|(_, one)| one.days.range(gap.last + 1..until)).next().is_some();
            if share >= LARGE_MIN && is_alone {
                found.push(Alarm {
                    kind: AlarmKind::ReporterSilent,
                    subject: name.clone(),
                    severity: Level::Warning,
                    opened_day: gap.last + SILENT_DAYS + 1,
                    last_day: until - 1,
                    closed_day: gap.again,
                    detail: percent(share),
                });
            }
        }
    }
    found
}

/// Nobody reports any more, after weeks in which somebody did every day.
pub(super) fn blind(domain: &str, tally: &Tally, today: i64) -> Vec<Alarm> {
    let days: BTreeSet<i64> = tally.reporters.values().flat_map(|one| one.days.keys().copied()).collect();
    let alarm = |gap: Gap| Alarm {
        kind: AlarmKind::Blind,
        subject: domain.to_owned(),
        severity: Level::Critical,
        opened_day: gap.last + SILENT_DAYS + 1,
        last_day: gap.again.map_or(today, |again| again - 1),
        closed_day: gap.again,
        detail: String::new(),
    };
    // The report about a day comes on the next.
    gaps(&days, today - 1).into_iter().map(alarm).collect()
}

/// (g) Since when the domain is a bulk sender, and how much of its mail there passes SPF, passes DKIM, and aligns: the rules ask
/// for each of them.
pub(super) fn bulk_sender(inputs: &AlarmInputs<'_>, newest: i64) -> Option<Alarm> {
    let own = inputs.senders.iter().filter(|sender| sender.class.is_legitimate());
    let seen = || {
        let all =
            own.clone().flat_map(|sender| &sender.observations).filter_map(|place| inputs.observations.get(*place));
        all.filter(|seen| &*seen.reporter == BULK_REPORTER)
    };
    let mut days: BTreeMap<i64, u64> = BTreeMap::new();
    for seen in seen() {
        let mails = days.entry(seen.day).or_default();
        *mails = mails.saturating_add(seen.mails);
    }
    let opened_day = days.into_iter().find(|(_, mails)| *mails >= BULK_MAILS_MIN)?.0;
    let pass = Some(Sent::Read(AuthResult::Pass));
    let (mut all, mut spf, mut dkim, mut aligned) = (0_u64, 0_u64, 0_u64, 0_u64);
    for seen in seen().filter(|seen| seen.day > newest - BULK_DAYS) {
        let add = |sum: &mut u64, counts: bool| *sum = sum.saturating_add(if counts { seen.mails } else { 0 });
        add(&mut all, true);
        add(&mut spf, seen.auth_results.spf.iter().any(|found| found.result == pass));
        add(&mut dkim, seen.auth_results.dkim.iter().any(|found| found.result == pass));
        add(&mut aligned, seen.passes());
    }
    let share = |part: u64| percent(real(part) / real(all.max(1)));
    Some(Alarm {
        kind: AlarmKind::BulkSender,
        subject: BULK_REPORTER.to_owned(),
        severity: Level::Info,
        opened_day,
        last_day: newest,
        closed_day: None,
        detail: format!("SPF {}, DKIM {}, DMARC {}", share(spf), share(dkim), share(aligned)),
    })
}
