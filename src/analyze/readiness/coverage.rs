//! How much of the mail is reported, and whether what was expected came.

use super::tally::{Reporter, Tally};
use crate::analyze::statistics::real;

/// Days over which completeness is measured …
const MEASURED_DAYS: i64 = 14;
/// … that end so many days before today: reports may be late by three days.
const LATE_DAYS: i64 = 3;
/// A reporter that came on this share of days is missed at once, when it sees this share of the mail.
const STEADY_MIN: f64 = 0.9;
const LARGE_MIN: f64 = 0.05;

/// Who reports, and how completely.
#[derive(Clone, Debug, PartialEq)]
pub struct Coverage {
    /// Reporters of the owner's mail in the window, with their share of it, largest first.
    pub shares: Vec<(String, f64)>,
    /// How many equally large reporters would see as evenly (the inverse of the sum of squared shares).
    pub effective_reporters: f64,
    /// Reports that came, as a share of those expected; `None` where nothing could be expected yet.
    pub completeness: Option<f64>,
    /// Reporters that came nearly every day, see much of the mail, and are silent for three days.
    pub silent: Vec<String>,
}

impl Coverage {
    /// Over a window of days; completeness by what each reporter did before.
    #[must_use]
    pub fn of(tally: &Tally, window: (i64, i64), today: i64) -> Self {
        let in_window =
            |reporter: &Reporter| reporter.days.range(window.0..=window.1).map(|(_, mails)| *mails).sum::<u64>();
        let mails: Vec<(&String, u64)> = tally.reporters.iter().map(|(name, one)| (name, in_window(one))).collect();
        let total: u64 = mails.iter().map(|(_, mails)| mails).sum();
        let share = |mails: u64| real(mails) / real(total.max(1));
        let seeing = mails.iter().filter(|(_, mails)| *mails > 0);
        let mut shares: Vec<(String, f64)> = seeing.map(|(name, mails)| ((*name).clone(), share(*mails))).collect();
        shares.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let squares: f64 = shares.iter().map(|(_, share)| share * share).sum();
        let is_silent = |(name, share): &&(String, f64)| {
            *share >= LARGE_MIN && tally.reporters.get(name).is_some_and(|reporter| is_silent(reporter, today))
        };
        Self {
            silent: shares.iter().filter(is_silent).map(|(name, _)| name.clone()).collect(),
            effective_reporters: if squares > 0.0 { 1.0 / squares } else { 0.0 },
            completeness: completeness(tally, today),
            shares,
        }
    }

    /// Reporters that see at least so many per cent.
    #[must_use]
    pub fn seeing(&self, percent: f64) -> usize {
        self.shares.iter().filter(|(_, share)| share * 100.0 >= percent).count()
    }
}

/// Each reporter's days in the measured fortnight against its habit before, weighted by the mail that it sees.
fn completeness(tally: &Tally, today: i64) -> Option<f64> {
    let (first, last) = (today - MEASURED_DAYS - LATE_DAYS + 1, today - LATE_DAYS);
    let (mut came, mut expected) = (0.0, 0.0);
    for reporter in tally.reporters.values() {
        let weight: u64 = reporter.days.values().sum();
        let Some(since) = reporter.days.keys().next().copied().filter(|day| *day <= last && weight > 0) else {
            continue;
        };
        let habit = habit(reporter, since, first).unwrap_or(1.0);
        let here = first.max(since)..=last;
        let days = real((last - first.max(since) + 1).unsigned_abs());
        let present = real(reporter.days.range(here).count() as u64);
        if habit > 0.0 {
            expected += real(weight);
            came += real(weight) * (present / (habit * days)).min(1.0);
        }
    }
    (expected > 0.0).then(|| came / expected)
}

/// Share of days from `since` to before `until` with a report; `None` where there are no such days.
fn habit(reporter: &Reporter, since: i64, until: i64) -> Option<f64> {
    let days = until - since;
    (days > 0).then(|| real(reporter.days.range(since..until).count() as u64) / real(days.unsigned_abs()))
}

/// Nearly every day until its last one, and not once since, though even a late report would be there.
fn is_silent(reporter: &Reporter, today: i64) -> bool {
    let days = || reporter.days.keys();
    let Some((since, last)) = days().next().zip(days().next_back()) else { return false };
    let is_steady = last - since >= MEASURED_DAYS && habit(reporter, *since, last + 1).is_some_and(|q| q >= STEADY_MIN);
    is_steady && today - last > LATE_DAYS + 2
}
