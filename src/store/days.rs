//! Which UTC days a report counts on.
//!
//! A report belongs to the day of its begin. One that covers more than 26 hours, and is not too long for its many
//! records, is spread over its days in proportion to the seconds of each: counts stay whole, and every record's parts add up to its count.

use crate::model::DateRange;

/// Seconds of a day.
pub(super) const DAY_S: i64 = 86_400;
/// From more than this on, a report is spread: one day, an hour of summer time, and an hour of slack.
const ONE_DAY_MAX_S: i64 = 26 * 3_600;

/// Days since 1970-01-01 of a time.
#[must_use]
pub fn day_of(time_s: i64) -> i64 {
    time_s.div_euclid(DAY_S)
}

/// Days that a report may cover to be spread; a longer one counts on its first day. Weeks are seen, years are not.
pub(super) const RANGE_DAYS_MAX: i64 = 100;
/// Records times days of a report that is spread; one with more counts on its first day. A month of a thousand sources
/// a day is far below, and nobody can make a small report cost much.
const SPREAD_PARTS_MAX: u64 = 100_000;

/// The days of a report, each with its seconds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Spread {
    /// First day.
    pub(super) first: i64,
    /// Seconds of each day from the first on; one entry when nothing is spread.
    seconds: Vec<i64>,
    /// What each day is owed so far, in mails times seconds: keeps many small counts from all rounding alike.
    owed: Vec<i128>,
    /// The report covers several days, but is not spread over them.
    pub(super) is_cut: bool,
}

impl Spread {
    /// The days of a report with so many records.
    pub(super) fn of(range: DateRange, records: u64) -> Self {
        let first = day_of(range.begin_s);
        let length_s = range.end_s.saturating_sub(range.begin_s);
        let days = day_of(range.end_s.saturating_sub(1)).saturating_sub(first).saturating_add(1);
        let parts = u64::try_from(days).unwrap_or(0).saturating_mul(records);
        let is_cut = length_s > ONE_DAY_MAX_S && (days > RANGE_DAYS_MAX || parts > SPREAD_PARTS_MAX);
        if length_s <= ONE_DAY_MAX_S || is_cut {
            return Self { first, seconds: vec![1], owed: vec![0], is_cut };
        }
        let on_day = |day: i64| range.end_s.min((day + 1) * DAY_S) - range.begin_s.max(day * DAY_S);
        let seconds: Vec<i64> = (first..first + days).map(on_day).collect();
        let owed = vec![0; seconds.len()];
        Self { first, seconds, owed, is_cut }
    }

    /// More than one day.
    pub(super) fn is_spread(&self) -> bool {
        self.seconds.len() > 1
    }

    /// Gives each day of a record of `mails` mails: day, mails, records. The record itself counts on the first day.
    pub(super) fn each_day(&mut self, mails: u64, mut visit: impl FnMut(i64, u64, u64)) {
        if !self.is_spread() {
            return visit(self.first, mails, 1);
        }
        let first = self.first;
        for (day, mails) in (first..).zip(self.parts(mails)) {
            if mails > 0 || day == first {
                visit(day, mails, u64::from(day == first));
            }
        }
    }

    /// The parts of a record's `mails`, one for each day from the first on.
    fn parts(&mut self, mails: u64) -> Vec<u64> {
        let total: i128 = self.seconds.iter().map(|seconds| i128::from(*seconds)).sum();
        let mut parts = Vec::with_capacity(self.seconds.len());
        let mut left = mails;
        for (seconds, owed) in self.seconds.iter().zip(&mut self.owed) {
            let share = i128::from(mails) * i128::from(*seconds);
            let whole = u64::try_from(share / total).unwrap_or(0);
            *owed += share - i128::from(whole) * total;
            left -= whole;
            parts.push(whole);
        }
        while left > 0 {
            // The first of the days that are owed most.
            let most = self.owed.iter().enumerate().rev().max_by_key(|(_, owed)| **owed).map(|(day, _)| day);
            let Some(day) = most else { break };
            if let (Some(part), Some(owed)) = (parts.get_mut(day), self.owed.get_mut(day)) {
                *part += 1;
                *owed -= total;
            }
            left -= 1;
        }
        parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn twenty_six_hours_are_one_day_and_a_second_more_is_two() {
        let one = Spread::of(DateRange { begin_s: 0, end_s: ONE_DAY_MAX_S }, 1);
        let two = Spread::of(DateRange { begin_s: 0, end_s: ONE_DAY_MAX_S + 1 }, 1);
        assert!(!one.is_spread() && two.is_spread());
    }

    #[test]
    fn small_counts_are_spread_over_all_days() {
        let mut spread = Spread::of(DateRange { begin_s: 0, end_s: 4 * DAY_S }, 40);
        let mut sums = [0; 4];
        for _ in 0..40 {
            for (sum, part) in sums.iter_mut().zip(spread.parts(1)) {
                *sum += part;
            }
        }
        assert_eq!(sums, [10; 4]);
    }

    #[test]
    fn the_longest_spread_is_the_limit_and_no_more() {
        for (end_s, records, is_spread) in [
            (100 * DAY_S, 1, true),
            (100 * DAY_S + 1, 1, false),
            (10 * DAY_S, SPREAD_PARTS_MAX / 10, true),
            (10 * DAY_S, SPREAD_PARTS_MAX / 10 + 1, false),
        ] {
            let spread = Spread::of(DateRange { begin_s: 0, end_s }, records);
            assert_eq!((spread.is_spread(), spread.is_cut), (is_spread, !is_spread), "{end_s} s, {records} records");
        }
        assert!(!Spread::of(DateRange { begin_s: 0, end_s: DAY_S }, u64::MAX).is_cut);
    }

    proptest! {
        #[test]
        fn parts_always_add_up(begin_s in 0_i64..1 << 31, length_s in 0_i64..30_000_000, counts in proptest::collection::vec(0_u64..100_000, 1..30)) {
            let mut spread = Spread::of(DateRange { begin_s, end_s: begin_s + length_s }, 30);
            for count in counts {
                prop_assert_eq!(spread.parts(count).iter().sum::<u64>(), count);
            }
        }
    }
}
