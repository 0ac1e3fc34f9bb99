//! Which reporter reported which day, and whether a gap is one.

use std::collections::{BTreeMap, HashMap};

use foldhash::fast::RandomState;

/// A day is overdue when it ended so many days before: a report is late until 72 hours after the end of its range.
const LATE_DAYS: i64 = 3;
/// The habit of a reporter is what it did on so many days before: eight weeks.
const HABIT_DAYS: i64 = 56;
/// From so many days on, a weekday is compared with the same weekdays only: four weeks.
const WEEKDAYS_FROM_DAYS: i64 = 28;
const WEEK_DAYS: usize = 7;
/// Nothing is expected before: a small receiver reports only days on which it got mail.
const KNOWN_DAYS_MIN: i64 = 7;

/// A day for which a reporter sent a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReporterDay {
    /// Name of the reporter.
    pub reporter: String,
    /// UTC day, days since 1970-01-01.
    pub day: i64,
    /// Mails in its reports of the day; may be 0.
    pub mails: u64,
}

/// What is there of a reporter's day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Arrival {
    /// A report.
    Received,
    /// None yet; it is not overdue.
    Late,
    /// None, though the reporter reports nearly all such days.
    Missing,
    /// None, and none was to be expected.
    NotExpected,
}

/// One reporter over a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReporterHistory {
    /// Its name.
    pub reporter: String,
    /// Mails in the period.
    pub mails: u64,
    /// One entry a day of the period.
    pub days: Vec<Arrival>,
}

/// Every reporter with a day in the period or an overdue one, those with most mails first.
///
/// A day without a report is *missing* when the reporter reported three of four days before that count: the same
/// weekdays of eight weeks once it is known for four, all days until then, none in its first week. So a reporter that
/// only sends on working days misses no Sunday, and one that has gone for good is no longer expected after three weeks.
/// `reported` has days before the period too, where there are some; `today` decides what is overdue.
#[must_use]
pub fn arrivals(reported: &[ReporterDay], (first, last): (i64, i64), today: i64) -> Vec<ReporterHistory> {
    let mut reporters: HashMap<&str, BTreeMap<i64, u64>, RandomState> = HashMap::default();
    for day in reported.iter().filter(|day| day.day <= last) {
        let mails = reporters.entry(&day.reporter).or_default().entry(day.day).or_default();
        *mails = mails.saturating_add(day.mails);
    }
    let history = |(reporter, reported): (&str, BTreeMap<i64, u64>)| {
        let days = days(&reported, (first, last), today);
        let is_seen = days.iter().any(|day| *day != Arrival::NotExpected);
        let mails = reported.range(first..).fold(0_u64, |sum, (_, mails)| sum.saturating_add(*mails));
        is_seen.then(|| ReporterHistory { reporter: reporter.to_owned(), mails, days })
    };
    let mut histories: Vec<ReporterHistory> = reporters.into_iter().filter_map(history).collect();
    histories.sort_by(|a, b| b.mails.cmp(&a.mails).then_with(|| a.reporter.cmp(&b.reporter)));
    histories
}

fn days(reported: &BTreeMap<i64, u64>, (first, last): (i64, i64), today: i64) -> Vec<Arrival> {
    let since = reported.keys().next().copied().unwrap_or(last);
    let arrival = |day: i64| {
        if reported.contains_key(&day) {
            Arrival::Received
        } else if !is_expected(reported, since, day) {
            Arrival::NotExpected
        } else if day + LATE_DAYS >= today {
            Arrival::Late
        } else {
            Arrival::Missing
        }
    };
    (first..=last).map(arrival).collect()
}

/// Whether the reporter reports nearly all days that are like this one.
fn is_expected(reported: &BTreeMap<i64, u64>, since: i64, day: i64) -> bool {
    let known = day - since;
    if known < KNOWN_DAYS_MIN {
        return false;
    }
    let step = if known >= WEEKDAYS_FROM_DAYS { WEEK_DAYS } else { 1 };
    let from = since.max(day - HABIT_DAYS);
    let alike = (from..day).rev().skip(step - 1).step_by(step);
    let (came, all) =
        alike.fold((0_u32, 0_u32), |(came, all), other| (came + u32::from(reported.contains_key(&other)), all + 1));
    came * 4 >= all * 3
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reported(days: impl IntoIterator<Item = i64>) -> Vec<ReporterDay> {
        days.into_iter().map(|day| ReporterDay { reporter: "r".to_owned(), day, mails: 10 }).collect()
    }

    fn letters(history: &ReporterHistory) -> String {
        let letter = |day: &Arrival| match day {
            Arrival::Received => '#',
            Arrival::Late => '~',
            Arrival::Missing => 'x',
            Arrival::NotExpected => '.',
        };
        history.days.iter().map(letter).collect()
    }

    fn of(days: impl IntoIterator<Item = i64>, period: (i64, i64), today: i64) -> String {
        arrivals(&reported(days), period, today).first().map(letters).unwrap_or_default()
    }

    #[test]
    fn a_gap_is_late_for_three_days_and_missing_afterwards() {
        let days = || (0..20).filter(|day| *day != 15);
        assert_eq!(of(days(), (10, 19), 18), "#####~####");
        assert_eq!(of(days(), (10, 19), 19), "#####x####");
        assert_eq!(of(0..18, (10, 21), 20), "########~~~~");
    }

    #[test]
    fn nothing_is_expected_in_the_first_week() {
        assert_eq!(of(5..8, (0, 9), 100), ".....###..");
    }

    #[test]
    fn nobody_misses_the_weekend_of_who_reports_working_days() {
        let working = |day: &i64| day.rem_euclid(7) < 5;
        assert_eq!(of((0..70).filter(working), (56, 69), 100), "#####..#####..");
        assert_eq!(of((0..14).filter(working), (0, 13), 100), "#####..#####..");
    }

    #[test]
    fn a_weekly_reporter_misses_no_tuesday() {
        assert_eq!(of((0..70).step_by(7), (56, 69), 100), "#......#......");
    }

    #[test]
    fn who_is_gone_for_good_is_expected_no_more() {
        assert_eq!(of(0..60, (58, 84), 200), "##xxxxxxxxxxxxxxxxxxxxx....");
        assert_eq!(arrivals(&reported(0..10), (200, 210), 300), []);
    }

    #[test]
    fn the_heaviest_comes_first_and_only_the_period_weighs() {
        let mut all = reported(0..30);
        all.extend((28..30).map(|day| ReporterDay { reporter: "s".to_owned(), day, mails: 11 }));
        let names: Vec<(String, u64)> =
            arrivals(&all, (28, 29), 30).into_iter().map(|one| (one.reporter, one.mails)).collect();
        assert_eq!(names, [("s".to_owned(), 22), ("r".to_owned(), 20)]);
    }
}
