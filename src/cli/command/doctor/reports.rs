//! Whether reports still come: of each domain, and from each reporter.

use std::collections::BTreeMap;

use super::line::{Line, State};
use crate::cli::context::Context;
use crate::cli::period::date;
use crate::store::{Filter, Store, day_of};
use crate::words::said;

/// Days without a report after which they have stopped: the day itself, a day until they come, and two for being late.
const SILENT_DAYS: i64 = 4;
/// Days that say who usually reports.
const WINDOW_DAYS: i64 = 35;
/// Days with a report that make somebody a usual reporter.
const USUAL_DAYS: usize = 7;
/// A reporter is silent when it misses so many of its usual intervals.
const INTERVALS: i64 = 4;
/// Domains and reporters that are named; the rest is counted.
const NAMED_MAX: usize = 20;

pub(super) fn lines(context: &Context, store: Option<&Store>, domains: &[String]) -> Vec<Line> {
    let Some(store) = store else { return Vec::new() };
    let mut lines = Vec::new();
    for domain in domains.iter().take(NAMED_MAX) {
        lines.push(match store.day_range(Some(domain)) {
            Ok(range) => of_domain(context, domain, range.map(|(_, newest)| newest)),
            Err(error) => Line::error("reports", domain, State::Failed, &error.into()),
        });
    }
    match of_reporters(store) {
        Ok(silent) => lines.extend(silent),
        Err(error) => lines.push(Line::error("reporters", "", State::Failed, &error)),
    }
    lines
}

fn of_domain(context: &Context, domain: &str, newest: Option<i64>) -> Line {
    let is_wanted = context.resolved.settings.expects_reports(domain);
    let Some(newest) = newest else {
        let line = Line::new("reports", domain, State::Warning, said!("doctor-no-report"));
        return line.advice(said!("doctor-no-report-fix", domain = domain));
    };
    let age = day_of(context.now.timestamp()) - newest;
    let text = match age {
        ..=-1 => said!("doctor-newest-open", day = day(newest)),
        0 => said!("doctor-newest-today", day = day(newest)),
        1 => said!("doctor-newest-yesterday", day = day(newest)),
        _ => said!("doctor-newest", day = day(newest), age = age),
    };
    match age {
        age if age <= SILENT_DAYS => Line::well("reports", domain, text),
        // A folder from last year is no fault.
        _ if !is_wanted => Line::well("reports", domain, text),
        _ => Line::new("reports", domain, State::Failed, said!("doctor-stopped", day = day(newest), age = age))
            .advice(said!("doctor-stopped-fix", domain = domain)),
    }
}

/// Reporters that used to come, and have not for longer than they usually take, as of the newest day of all.
fn of_reporters(store: &Store) -> anyhow::Result<Vec<Line>> {
    let Some((_, newest)) = store.day_range(None)? else { return Ok(Vec::new()) };
    let filter = Filter { domain: None, since_day: Some(newest - WINDOW_DAYS + 1), until_day: Some(newest) };
    let mut days: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    for seen in store.reporter_days(&filter)? {
        let known = days.entry(seen.reporter).or_default();
        if known.last() != Some(&seen.day) {
            known.push(seen.day);
        }
    }
    let silent: Vec<(&String, i64)> =
        days.iter().filter_map(|(name, days)| Some((name, silent_since(days, newest)?))).collect();
    let mut lines = vec![Line::well(
        "reporters",
        "",
        said!(
            "doctor-reporters",
            reporters = days.len(),
            window = WINDOW_DAYS,
            day = day(newest),
            silent = silent.len()
        ),
    )];
    for (name, last) in silent.iter().take(NAMED_MAX) {
        let text = said!("doctor-silent", day = day(*last));
        let line = Line::new("reporters", format!("{name:?}"), State::Warning, text);
        lines.push(line.advice(said!("doctor-silent-fix")));
    }
    Ok(lines)
}

/// The last day of a usual reporter that is overdue. `days`: ascending.
fn silent_since(days: &[i64], newest: i64) -> Option<i64> {
    let (first, last) = (*days.first()?, *days.last()?);
    if days.len() < USUAL_DAYS {
        return None;
    }
    let intervals = i64::try_from(days.len() - 1).ok()?;
    let silent = newest - last;
    (silent >= SILENT_DAYS && silent * intervals > INTERVALS * (last - first)).then_some(last)
}

fn day(day: i64) -> String {
    date(day).map_or_else(String::new, |date| date.to_string())
}

#[cfg(test)]
mod tests {
    use super::silent_since;

    #[test]
    fn a_usual_reporter_is_missed_after_four_of_its_intervals() {
        let daily: Vec<i64> = (1..=10).collect();
        assert_eq!(silent_since(&daily, 13), None, "late");
        assert_eq!(silent_since(&daily, 15), Some(10));
        let every_third: Vec<i64> = (0..8).map(|number| number * 3).collect();
        assert_eq!((silent_since(&every_third, 33), silent_since(&every_third, 34)), (None, Some(21)));
        assert_eq!(silent_since(&[1, 2, 3], 30), None, "nobody expects it");
        assert_eq!(silent_since(&[], 30), None);
    }
}
