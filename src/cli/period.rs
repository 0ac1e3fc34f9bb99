//! Periods as they are typed: `7d`, `yesterday`, dates.

use std::collections::HashMap;

use chrono::{DateTime, Datelike as _, Days, Months, NaiveDate, Utc};
use clap::{Args, ValueEnum};

use super::exit::{Exit, Failure};
use super::help::Wrong;
use crate::config::Every;
use crate::store::{By, Filter, Store, day_of};
use crate::words::said;

/// Flags that choose a period. Days are UTC days, the last one included.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct Period {
    /// First day: a date, `yesterday`, or `7d` for seven days before the last day
    #[arg(long, value_name = "DAY")]
    since: Option<String>,
    /// Last day: a date or `yesterday` [default: the newest day with a report]
    #[arg(long, value_name = "DAY")]
    until: Option<String>,
    /// The last N days: `35` or `35d`
    #[arg(long, value_name = "N", conflicts_with = "since", value_parser = days)]
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
        if since.is_some_and(|since| since > until) && self.until.is_some() {
            let (since, until) = (since.unwrap_or(until).to_string(), until.to_string());
            return Err(Failure::new(Exit::Usage, said!("error-period", since = since, until = until)).into());
        }
        let is_all = self.is_open() && default_days.is_none();
        Ok(Filter { domain: domain_filter, since_day: since.map(number), until_day: (!is_all).then(|| number(until)) })
    }
}

/// Most days that can be asked for: a hundred years.
const DAYS_MAX: u32 = 36_500;

/// A number of days as typed.
pub(super) fn days(text: &str) -> Result<u32, Wrong> {
    let days = text.strip_suffix('d').unwrap_or(text).parse().ok();
    days.filter(|days| (1..=DAYS_MAX).contains(days)).ok_or_else(|| Wrong(said!("wrong-days", max = DAYS_MAX)))
}

/// What periods can be compared: those of one length. Empty for a day, which most digests are about.
pub(super) fn span(filter: &Filter) -> String {
    match filter.since_day.zip(filter.until_day).map(|(since, until)| until - since + 1) {
        Some(1) => String::new(),
        Some(28..=31) => "month".to_owned(),
        Some(days) => format!("{days}d"),
        None => "all".to_owned(),
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

/// Weeks before that show who usually reports of a day.
const USUAL_WEEKS: i64 = 5;
/// A reporter is a usual one of a weekday when it told of this part (per cent) of those before.
const USUAL_PERCENT: usize = 70;
/// A day is complete when usual reporters with this part (per cent) of the mail of all usual ones have told of it …
const COMPLETE_PERCENT: u64 = 90;
/// … which is waited for this many days.
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

/// The newest day up to `newest` of which those have told that usually do; `newest` where there is none.
fn complete_day(store: &Store, domain: Option<&str>, newest: NaiveDate) -> anyhow::Result<NaiveDate> {
    let last = number(newest);
    for day in (last - LATE_DAYS + 1..=last).rev() {
        let told: HashMap<String, u64> = reporters(store, domain, day)?;
        if !told.is_empty() && is_complete(store, domain, day, &told)? {
            return Ok(date(day).unwrap_or(newest));
        }
    }
    Ok(newest)
}

/// Whether those who usually tell of such a weekday have told of this day. What they told does not matter: mail varies.
fn is_complete(store: &Store, domain: Option<&str>, day: i64, told: &HashMap<String, u64>) -> anyhow::Result<bool> {
    let mut weeks = 0;
    let mut known: HashMap<String, (usize, u64)> = HashMap::new();
    for week in 1..=USUAL_WEEKS {
        let before = reporters(store, domain, day - 7 * week)?;
        weeks += usize::from(!before.is_empty());
        for (name, mails) in before {
            let (times, sum) = known.entry(name).or_default();
            *times += 1;
            *sum += mails;
        }
    }
    let usual = known.iter().filter(|(_, (times, _))| times * 100 >= weeks * USUAL_PERCENT);
    let (all, present) = usual.fold((0, 0), |(all, present): (u64, u64), (name, (_, mails))| {
        let here = if told.contains_key(name) { *mails } else { 0 };
        (all.saturating_add(*mails), present.saturating_add(here))
    });
    Ok(u128::from(present) * 100 >= u128::from(all) * u128::from(COMPLETE_PERCENT))
}

/// Who told of a day, and of how many mails.
fn reporters(store: &Store, domain: Option<&str>, day: i64) -> anyhow::Result<HashMap<String, u64>> {
    let filter = Filter { domain: domain.map(str::to_owned), since_day: Some(day), until_day: Some(day) };
    let groups = store.groups(By::Reporter, &filter)?;
    Ok(groups.into_iter().map(|group| (group.name.unwrap_or_default(), group.sums.mails())).collect())
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
    found.ok_or_else(|| Failure::new(Exit::Usage, said!("error-day", text = text)).hint(said!("hint-day")).into())
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
