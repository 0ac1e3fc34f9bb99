//! Shares of failing mail by week, with bounds.

use crate::analyze::statistics::{DayCount, design_effect, real, wilson_lower, wilson_upper};

const WEEK_DAYS: i64 = 7;

/// The share of mails that failed in a week.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WeekRate {
    /// First day, days since 1970-01-01.
    pub first: i64,
    /// Last day, included.
    pub last: i64,
    /// As seen.
    pub share: f64,
    /// Lower bound, 95 %.
    pub lower: f64,
    /// Upper bound, 95 %.
    pub upper: f64,
}

/// Weeks that end with `last`, back to `first`; the oldest may be shorter. Weeks without mail are left out. `days` are
/// ascending. Mails of one day resemble each other, so they count for less than as many independent ones:
/// by how much is the week's own, so that a bad one does not blur the others.
#[must_use]
pub fn weekly_rates(days: &[DayCount], (first, last): (i64, i64)) -> Vec<WeekRate> {
    let mut weeks: Vec<WeekRate> = Vec::new();
    let mut end = last;
    while end >= first {
        let start = first.max(end - WEEK_DAYS + 1);
        let week: Vec<DayCount> = days.iter().filter(|day| (start..=end).contains(&day.day)).copied().collect();
        let mails = real(week.iter().map(|day| day.mails).sum());
        if mails > 0.0 {
            let share = real(week.iter().map(|day| day.failed).sum()) / mails;
            let worth = mails / design_effect(&week);
            weeks.push(WeekRate {
                first: start,
                last: end,
                share,
                lower: wilson_lower(share * worth, worth),
                upper: wilson_upper(share * worth, worth),
            });
        }
        end = start - 1;
    }
    weeks.reverse();
    weeks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_end_with_the_last_day_and_bound_their_share() {
        let days: Vec<DayCount> =
            (0..10).map(|day| DayCount { day, mails: 100, failed: u64::from(day == 9) * 7 }).collect();
        let weeks = weekly_rates(&days, (0, 9));
        let spans: Vec<(i64, i64)> = weeks.iter().map(|week| (week.first, week.last)).collect();
        assert_eq!(spans, [(0, 2), (3, 9)]);
        assert!((weeks[1].share - 0.01).abs() < 1e-9);
        assert!(weeks[1].lower < 0.01 && weeks[1].upper > 0.01);
        assert!(weeks[0].share == 0.0 && weeks[0].upper > 0.0);
        assert_eq!(weekly_rates(&[], (0, 9)), []);
    }
}
