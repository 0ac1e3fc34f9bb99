//! Mail that fails more, is more or less than it was, or comes from somebody new.

use super::{Alarm, AlarmInputs, AlarmKind, Fired, LATE_DAYS, Level};
use crate::analyze::history::newcomers;
use crate::analyze::readiness::{Days, Sums, Tally, percent};
use crate::analyze::statistics::{failure_alarms, real, volume_change};
use crate::analyze::{Class, Observation};
use crate::model::{Policy, Sent};

/// Rise of the share that fails from which on it is critical where a policy acts.
const RISE_CRITICAL: f64 = 0.05;
/// A weekday on which a sender is due brings at least so many mails, as the weeks before tell.
const DUE_MAILS_MIN: u64 = 20;
const WEEKS: i64 = 8;
const WEEKS_MIN: usize = 4;
/// Due days in a row with under a tenth of the mail: the sender has stopped.
const DUE_DAYS: u32 = 2;
/// A new sender is told of from so many mails or days on, or when one of its mails passes.
const NEW_MAILS_MIN: u64 = 10;
const NEW_DAYS_MIN: usize = 3;
/// Days for which a new sender is new.
const NEW_FOR_DAYS: i64 = 14;

/// The strictest policy that reporters saw of late.
fn acts(observations: &[Observation]) -> bool {
    let newest = observations.iter().filter(|seen| seen.policy.p.is_some()).max_by_key(|seen| (seen.day, seen.mails));
    let policy = newest.and_then(|seen| seen.policy.p.as_ref()).and_then(Sent::read);
    policy.is_some_and(|policy| policy != Policy::None)
}

/// (a) Failures of each of the owner's senders.
pub(super) fn failures(inputs: &AlarmInputs<'_>, tally: &Tally, fired: &mut Vec<Fired>) {
    let acts = acts(inputs.observations);
    for (sender, days) in inputs.senders.iter().zip(&tally.senders).filter(|(sender, _)| sender.class.is_legitimate()) {
        for alarm in failure_alarms(&days.counts(i64::MIN, inputs.today)) {
            let is_critical = acts && alarm.share >= alarm.share_before + RISE_CRITICAL;
            fired.push(Fired {
                kind: AlarmKind::Failures,
                subject: sender.name.clone(),
                severity: if is_critical { Level::Critical } else { Level::Warning },
                day: alarm.day,
                detail: format!("{} -> {}", percent(alarm.share_before), percent(alarm.share)),
            });
        }
    }
}

/// Mails by day, ascending.
fn volumes(days: &Days) -> Vec<(i64, u64)> {
    days.0.iter().map(|(day, sums)| (*day, sums.mails)).collect()
}

/// (b) The owner's mail, and what others send in his name, against the same weekday.
pub(super) fn volume(tally: &Tally, newest: i64, fired: &mut Vec<Fired>) {
    let own = volumes(&tally.legitimate);
    let spoofed = volumes(tally.class(Class::Spoof));
    let first = tally.oldest_day.unwrap_or(newest);
    for day in first..=newest {
        if let Some(change) = volume_change(&own, day).filter(|change| change.z > 0.0 || day <= newest - LATE_DAYS) {
            fired.push(Fired {
                kind: AlarmKind::Volume,
                subject: String::new(),
                severity: if change.z > 0.0 { Level::Info } else { Level::Warning },
                day,
                detail: format!("{:.0} -> {}", change.usual, mails_on(&tally.legitimate, day)),
            });
        }
        if let Some(change) = volume_change(&spoofed, day).filter(|change| change.z > 0.0) {
            fired.push(Fired {
                kind: AlarmKind::Spoofing,
                subject: String::new(),
                severity: Level::Info,
                day,
                detail: format!("{:.0} -> {}", change.usual, mails_on(tally.class(Class::Spoof), day)),
            });
        }
    }
}

fn mails_on(days: &Days, day: i64) -> u64 {
    days.0.get(&day).map_or(0, |sums| sums.mails)
}

/// (b) A sender of the owner's that was due twice and brought next to nothing.
pub(super) fn stopped(inputs: &AlarmInputs<'_>, tally: &Tally, newest: i64, fired: &mut Vec<Fired>) {
    let is_reported = |day: i64| tally.classes.iter().any(|days| mails_on(days, day) > 0);
    for (sender, days) in inputs.senders.iter().zip(&tally.senders).filter(|(sender, _)| sender.class.is_legitimate()) {
        let Some((first, _)) = days.active(i64::MIN, newest).next() else { continue };
        let mut missed = 0;
        for day in first..=newest - LATE_DAYS {
            let mut before: Vec<u64> = (1..=WEEKS)
                .map(|week| day - 7 * week)
                .filter(|day| *day >= first)
                .map(|day| mails_on(days, day))
                .collect();
            before.sort_unstable();
            let usual = before.get(before.len() / 2).copied().unwrap_or(0);
            if before.len() < WEEKS_MIN || usual < DUE_MAILS_MIN || !is_reported(day) {
                continue;
            }
            let mails = mails_on(days, day);
            missed = if mails.saturating_mul(10) < usual { missed + 1 } else { 0 };
            if missed >= DUE_DAYS {
                fired.push(Fired {
                    kind: AlarmKind::Stopped,
                    subject: sender.name.clone(),
                    severity: Level::Warning,
                    day,
                    detail: format!("{usual} -> {mails}"),
                });
            }
        }
    }
}

/// (c) Who sends for the first time. Spoofed mail is counted in its own place.
pub(super) fn new_sources(inputs: &AlarmInputs<'_>) -> Vec<Alarm> {
    let told = |new: &crate::analyze::history::Newcomer| {
        let sender = inputs.senders.get(new.sender)?;
        let seen = || sender.observations.iter().filter_map(|place| inputs.observations.get(*place));
        let days: std::collections::BTreeSet<i64> = seen().map(|seen| seen.day).collect();
        let passed: u64 = seen().filter(|seen| seen.passes()).fold(0, |sum, seen| sum.saturating_add(seen.mails));
        let is_much = new.mails >= NEW_MAILS_MIN || days.len() >= NEW_DAYS_MIN || passed > 0;
        let severity = match sender.class {
            Class::Misconfigured => Level::Warning,
            Class::Own | Class::Authorised => Level::Info,
            Class::Unknown if new.mails >= DUE_MAILS_MIN => Level::Info,
            _ => return None,
        };
        let over = new.first_day + NEW_FOR_DAYS;
        is_much.then(|| Alarm {
            kind: AlarmKind::NewSource,
            subject: sender.name.clone(),
            severity: if sender.is_declared { Level::Info } else { severity },
            opened_day: new.first_day,
            last_day: (over - 1).min(inputs.today),
            closed_day: (over <= inputs.today).then_some(over),
            detail: share(Sums { mails: new.mails, failed: new.mails.saturating_sub(passed), ..Sums::default() }),
        })
    };
    newcomers(inputs.observations, inputs.senders).iter().filter_map(told).collect()
}

/// `12 / 40`, or a share of many.
fn share(sums: Sums) -> String {
    if sums.mails < 100 {
        format!("{} / {}", sums.passed(), sums.mails)
    } else {
        percent(real(sums.passed()) / real(sums.mails))
    }
}
