//! Senders that run every week, month or quarter.

use chrono::{DateTime, Months, NaiveDate};

/// How often a sender runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cycle {
    /// Every seven days.
    Weekly,
    /// Every fourteen days.
    Fortnightly,
    /// Every month.
    Monthly,
    /// Every quarter.
    Quarterly,
}

/// A sender's runs, and when the next one is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rhythm {
    /// How often.
    pub cycle: Cycle,
    /// First day of the last run.
    pub last_day: i64,
    /// First day of the next one.
    pub next_day: i64,
}

/// Days without mail that end a run: a weekend is less.
const PAUSE_DAYS: i64 = 3;
/// Longest run of a periodic sender; a longer one is no run.
const RUN_DAYS_MAX: i64 = 5;
/// How far the middle half of the gaps may lie apart.
const SPREAD_DAYS_MAX: i64 = 2;

impl Cycle {
    /// The cycle of runs that begin so many days apart.
    const fn of_gap(days: i64) -> Option<Self> {
        match days {
            6..=8 => Some(Self::Weekly),
            13..=15 => Some(Self::Fortnightly),
            28..=31 => Some(Self::Monthly),
            89..=93 => Some(Self::Quarterly),
            _ => None,
        }
    }

    /// Runs that have to be seen before a sender is called periodic. Two make a month or a quarter: they took as long.
    const fn runs_min(self) -> usize {
        match self {
            Self::Weekly | Self::Fortnightly => 3,
            Self::Monthly | Self::Quarterly => 2,
        }
    }

    /// The day one cycle after a day.
    fn after(self, day: i64) -> i64 {
        let months = match self {
            Self::Weekly => return day + 7,
            Self::Fortnightly => return day + 14,
            Self::Monthly => 1,
            Self::Quarterly => 3,
        };
        let date = date(day).and_then(|date| date.checked_add_months(Months::new(months)));
        date.map_or(day + 30 * i64::from(months), day_number)
    }
}

/// The rhythm of a sender that was active on `days`, ascending; `None` when it has none.
#[must_use]
pub fn rhythm(days: &[i64]) -> Option<Rhythm> {
    let runs = runs(days)?;
    let mut gaps: Vec<i64> = runs.windows(2).filter_map(|pair| Some(pair.last()? - pair.first()?)).collect();
    gaps.sort_unstable();
    let middle = *gaps.get(gaps.len() / 2)?;
    let spread = gaps.get(gaps.len() * 3 / 4)? - gaps.get(gaps.len() / 4)?;
    let cycle = Cycle::of_gap(middle).filter(|cycle| runs.len() >= cycle.runs_min() && spread <= SPREAD_DAYS_MAX)?;
    let last_day = *runs.last()?;
    Some(Rhythm { cycle, last_day, next_day: cycle.after(last_day) })
}

/// First days of the runs; `None` when one is too long to be a run.
fn runs(days: &[i64]) -> Option<Vec<i64>> {
    let mut starts: Vec<i64> = Vec::new();
    let mut last = None;
    for day in days {
        if last.is_none_or(|last| day - last > PAUSE_DAYS) {
            starts.push(*day);
        }
        if starts.last().is_some_and(|start| day - start >= RUN_DAYS_MAX) {
            return None;
        }
        last = Some(*day);
    }
    Some(starts)
}

/// The date of a day number.
pub(in crate::analyze) fn date(day: i64) -> Option<NaiveDate> {
    DateTime::from_timestamp(day.checked_mul(86_400)?, 0).map(|time| time.date_naive())
}

fn day_number(date: NaiveDate) -> i64 {
    date.and_time(chrono::NaiveTime::MIN).and_utc().timestamp().div_euclid(86_400)
}
