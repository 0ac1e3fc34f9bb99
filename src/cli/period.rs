//! Periods as they are typed: `7d`, `yesterday`, dates.

use chrono::{DateTime, Datelike as _, Days, Months, NaiveDate, Utc};
use clap::{Args, ValueEnum};

use super::exit::{Exit, Failure};
use crate::config::Every;
use crate::store::{By, Filter, Store, day_of};

/// Flags that choose a period. Days are UTC days, the last one included.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct Period {
    /// First day: a date, `yesterday`, or `7d` for seven days before the last day
    #[arg(long, value_name = "DAY")]
    since: Option<String>,
    /// Last day: a date or `yesterday` [default: the newest day with a report]
    #[arg(long, value_name = "DAY")]
    until: Option<String>,
    /// The last N days
    #[arg(long, value_name = "N", conflicts_with = "since", value_parser = clap::value_parser!(u32).range(1..=36_500))]
    days: Option<u32>,
}

impl Period {
    /// A period of one day.
    pub(super) fn of_day(day: String) -> Self {
        Self { since: Some(day.clone()), until: Some(day), days: None }
    }

    /// Nothing was asked for.
    pub(super) fn is_open(&self) -> bool {
        self.since.is_none() && self.until.is_none() && self.days.is_none()
    }

    /// Days as numbers since 1970. Without an end it ends at the newest day with data, never after now; without a
    /// beginning it has `default_days`, or all days where that is `None`.
    pub(super) fn resolve(
        &self,
        store: &Store,
        domain: Option<&str>,
        now: DateTime<Utc>,
        default_days: Option<u32>,
    ) -> anyhow::Result<Filter> {
        let domain_filter = domain.map(|domain| domain.trim_end_matches('.').to_lowercase());
        let today = now.date_naive();
        let newest = store.day_range(domain_filter.as_deref())?.and_then(|(_, last)| date(last));
        let until = match &self.until {
            Some(text) => day(text, today, today)?,
            None => newest.unwrap_or(today).min(today),
        };
        let last_days = |days: u32| until.checked_sub_days(Days::new(u64::from(days.saturating_sub(1))));
        let since = match (&self.since, self.days.or(default_days)) {
            (Some(text), _) => Some(day(text, today, until)?),
            (None, Some(days)) => last_days(days),
            (None, None) => None,
        };
        let is_all = self.is_open() && default_days.is_none();
        Ok(Filter { domain: domain_filter, since_day: since.map(number), until_day: (!is_all).then(|| number(until)) })
    }
}

/// A period that is over, in the calendar (UTC).
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Last {
    /// The newest day whose reports have come in
    Day,
    /// Monday to Sunday
    Week,
    /// A month of the calendar
    Month,
}

/// Days before that show how much mail a day has.
const USUAL_DAYS: i64 = 14;
/// A day with less mail than this part (per cent) of a usual one is still waiting for reports …
const COMPLETE_PERCENT: u64 = 90;
/// … for at most this many days.
const LATE_DAYS: i64 = 3;

impl Last {
    /// The period that the settings name.
    pub(super) fn of(every: Every) -> Self {
        match every {
            Every::Day => Self::Day,
            Every::Week => Self::Week,
            Every::Month => Self::Month,
        }
    }

    /// The newest such period that is over and has data, and the one before it.
    pub(super) fn resolve(
        self,
        store: &Store,
        domain: Option<&str>,
        now: DateTime<Utc>,
    ) -> anyhow::Result<(Filter, Option<Filter>)> {
        let domain = domain.map(|domain| domain.trim_end_matches('.').to_lowercase());
        let yesterday = now.date_naive().pred_opt().unwrap_or_else(|| now.date_naive());
        let newest = store.day_range(domain.as_deref())?.and_then(|(_, last)| date(last));
        let newest = newest.unwrap_or(yesterday).min(yesterday);
        let filter = |(first, last): (NaiveDate, NaiveDate)| Filter {
            domain: domain.clone(),
            since_day: Some(number(first)),
            until_day: Some(number(last)),
        };
        let days = match self {
            Self::Day => {
                let day = complete_day(store, domain.as_deref(), newest)?;
                return Ok((filter((day, day)), None));
            }
            Self::Week => week_until(newest),
            Self::Month => month_until(newest),
        };
        let before = days.0.pred_opt().map(|day| if self == Self::Month { month_until(day) } else { week_until(day) });
        Ok((filter(days), before.map(filter)))
    }
}

/// The last whole week (Monday to Sunday) that is over on `day`; the one `day` is in, where it is its Sunday.
fn week_until(day: NaiveDate) -> (NaiveDate, NaiveDate) {
    let since_sunday = u64::from(day.weekday().num_days_from_sunday());
    let last = day.checked_sub_days(Days::new(since_sunday)).unwrap_or(day);
    (last.checked_sub_days(Days::new(6)).unwrap_or(last), last)
}

/// The last whole month that is over on `day`; the one `day` is in, where it is its last day.
fn month_until(day: NaiveDate) -> (NaiveDate, NaiveDate) {
    let tomorrow = day.succ_opt().unwrap_or(day);
    let next = tomorrow.with_day(1).unwrap_or(tomorrow);
    let first = next.checked_sub_months(Months::new(1)).unwrap_or(next);
    (first, next.pred_opt().unwrap_or(next))
}

/// The newest day up to `newest` that has as much mail as days usually have; `newest` where none has.
fn complete_day(store: &Store, domain: Option<&str>, newest: NaiveDate) -> anyhow::Result<NaiveDate> {
    let last = number(newest);
    let filter = Filter {
        domain: domain.map(str::to_owned),
        since_day: Some(last - LATE_DAYS - USUAL_DAYS),
        until_day: Some(last),
    };
    let days: Vec<(i64, u64)> =
        store.groups(By::Day, &filter)?.iter().filter_map(|group| Some((group.day?, group.sums.mails()))).collect();
    for day in (last - LATE_DAYS + 1..=last).rev() {
        let mails = days.iter().find(|(known, _)| *known == day).map_or(0, |(_, mails)| *mails);
        let mut usual: Vec<u64> =
            days.iter().filter(|(known, _)| (day - USUAL_DAYS..day).contains(known)).map(|(_, mails)| *mails).collect();
        usual.sort_unstable();
        let median = usual.get(usual.len() / 2).copied().unwrap_or(0);
        if mails > 0 && u128::from(mails) * 100 >= u128::from(median) * u128::from(COMPLETE_PERCENT) {
            return Ok(date(day).unwrap_or(newest));
        }
    }
    Ok(newest)
}

fn number(day: NaiveDate) -> i64 {
    day_of(day.and_time(chrono::NaiveTime::MIN).and_utc().timestamp())
}

/// A day as typed.
fn day(text: &str, today: NaiveDate, until: NaiveDate) -> anyhow::Result<NaiveDate> {
    let relative = text.strip_suffix('d').and_then(|days| days.parse::<u32>().ok());
    let found = match (text, relative) {
        ("today", _) => Some(today),
        ("yesterday", _) => today.pred_opt(),
        (_, Some(days)) => until.checked_sub_days(Days::new(u64::from(days.saturating_sub(1)))),
        _ => text.parse().ok(),
    };
    found.ok_or_else(|| {
        Failure::new(Exit::Usage, format!("{text} is no day"))
            .hint("write a date like 2026-10-31, `yesterday`, or `7d`")
            .into()
    })
}

/// The date of a day number.
pub(super) fn date(day: i64) -> Option<NaiveDate> {
    DateTime::from_timestamp(day.checked_mul(86_400)?, 0).map(|time| time.date_naive())
}

/// A time as JSON and people read it.
pub(super) fn rfc3339(time_s: i64) -> String {
    DateTime::from_timestamp(time_s, 0)
        .map_or_else(|| time_s.to_string(), |time| time.to_rfc3339_opts(chrono::SecondsFormat::Secs, true))
}
