//! Periods as they are typed: `7d`, `yesterday`, dates.

use chrono::{DateTime, Days, NaiveDate, Utc};
use clap::Args;

use super::exit::{Exit, Failure};
use crate::store::{Filter, Store, day_of};

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
        let number = |day: NaiveDate| day_of(day.and_time(chrono::NaiveTime::MIN).and_utc().timestamp());
        Ok(Filter { domain: domain_filter, since_day: since.map(number), until_day: (!is_all).then(|| number(until)) })
    }
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
