//! When a share of failures rises: single days, and days that add up.
//!
//! Shares are looked at as `asin(sqrt(share))`, whose variance hardly depends on the share. A day is compared with the
//! 28 days before it, without the last two, by medians, so that one bad day neither hides nor makes the next.

use super::{DayCount, difference_lower, median, real};

/// A day on which failures were clearly more than before.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Alarm {
    /// The day.
    pub day: i64,
    /// Share that failed in the days that it is compared with.
    pub share_before: f64,
    /// Share that failed on the day, or in its week where days are small.
    pub share: f64,
}

/// Days that a day is compared with …
const BASELINE_DAYS: i64 = 28;
/// … without the last of them.
const BASELINE_GAP_DAYS: i64 = 2;
/// Days of them that have to have mail.
const BASELINE_DAYS_MIN: usize = 5;
/// A day with fewer mails is looked at with its week.
const SMALL_DAY_MAILS: u64 = 100;
/// Mails that a week needs to be looked at.
const SMALL_WEEK_MAILS_MIN: u64 = 20;
/// What a day has to exceed to add to the sum, in standard deviations; the most that it adds.
const ALLOWANCE: f64 = 1.0;
const DAY_MOST: f64 = 4.0;
/// Where the sum, and where a single day alone, is an alarm.
const SUM_ALARM: f64 = 6.0;
const DAY_ALARM: f64 = 5.0;
/// Failing mails beyond those expected, and rise of the share, that an alarm needs.
const EXCESS_MAILS_MIN: f64 = 10.0;
const RISE_MIN: f64 = 0.01;
/// Rise of the share in a small week, at least.
const SMALL_RISE_MIN: f64 = 0.05;

/// All alarms of one sender or domain. `days` are ascending, each once; days without mail may be left out.
#[must_use]
pub fn failure_alarms(days: &[DayCount]) -> Vec<Alarm> {
    let mut alarms = Vec::new();
    let (mut sum, mut excess) = (0.0_f64, 0.0_f64);
    for (at, today) in days.iter().enumerate() {
        let before = days.get(..at).unwrap_or_default();
        if today.mails < SMALL_DAY_MAILS {
            alarms.extend(small_week(before, today));
            continue;
        }
        let Some(baseline) = Baseline::of(before, today.day) else { continue };
        let z = baseline.z(today);
        sum = (sum + z.min(DAY_MOST) - ALLOWANCE).max(0.0);
        let more = real(today.failed) - baseline.share * real(today.mails);
        excess = if sum > 0.0 { excess + more } else { 0.0 };
        let share = real(today.failed) / real(today.mails);
        let is_clear = excess.max(more) >= EXCESS_MAILS_MIN && share >= baseline.share + RISE_MIN;
        if is_clear && (sum > SUM_ALARM || z > DAY_ALARM) {
            alarms.push(Alarm { day: today.day, share_before: baseline.share, share });
        }
    }
    alarms
}

/// What the days before say about a day.
struct Baseline {
    centre: f64,
    between: f64,
    share: f64,
}

impl Baseline {
    fn of(before: &[DayCount], day: i64) -> Option<Self> {
        let last = day - BASELINE_GAP_DAYS;
        let days = || before.iter().filter(|old| old.mails > 0 && (last - BASELINE_DAYS..last).contains(&old.day));
        let mut values: Vec<f64> = days().map(angle).collect();
        if values.len() < BASELINE_DAYS_MIN {
            return None;
        }
        let centre = median(&mut values)?;
        let spread = median(&mut values.iter().map(|value| (value - centre).powi(2)).collect::<Vec<_>>())? / 0.4549;
        let within = median(&mut days().map(|old| noise(old.mails)).collect::<Vec<_>>())?;
        let (mails, failed) = days().fold((0, 0), |sum, old| (sum.0 + old.mails, sum.1 + old.failed));
        Some(Self { centre, between: (spread - within).max(0.0), share: real(failed) / real(mails) })
    }

    /// Standard deviations that a day lies above the centre.
    fn z(&self, today: &DayCount) -> f64 {
        (angle(today) - self.centre) / (self.between + noise(today.mails)).sqrt()
    }
}

/// `asin(sqrt(share))` of a day (Anscombe 1948).
fn angle(day: &DayCount) -> f64 {
    ((real(day.failed) + 0.375) / (real(day.mails) + 0.75)).min(1.0).sqrt().asin()
}

/// Variance of [`angle`] by chance alone.
fn noise(mails: u64) -> f64 {
    1.0 / (4.0 * real(mails))
}

/// The week that ends today against the four weeks before it.
fn small_week(before: &[DayCount], today: &DayCount) -> Option<Alarm> {
    let sum = |first: i64, last: i64| {
        let days = before.iter().chain(Some(today)).filter(|day| (first..=last).contains(&day.day));
        days.fold((0, 0), |sum, day| (sum.0 + day.mails, sum.1 + day.failed))
    };
    let (mails, failed) = sum(today.day - 6, today.day);
    let (mails_before, failed_before) = sum(today.day - 6 - BASELINE_DAYS, today.day - 7);
    if today.failed == 0 || mails < SMALL_WEEK_MAILS_MIN || mails_before < SMALL_WEEK_MAILS_MIN {
        return None;
    }
    let (share, share_before) = (real(failed) / real(mails), real(failed_before) / real(mails_before));
    let passed = |mails: u64, failed: u64| (real(mails.saturating_sub(failed)), real(mails));
    let rise = difference_lower(passed(mails_before, failed_before), passed(mails, failed));
    let is_clear = real(failed) - share_before * real(mails) >= EXCESS_MAILS_MIN && rise > SMALL_RISE_MIN;
    is_clear.then_some(Alarm { day: today.day, share_before, share })
}
