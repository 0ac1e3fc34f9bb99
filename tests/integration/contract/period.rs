//! Days: which a report counts on, and which are asked for.

use serde_json::Value;

use super::{take_in, ten_mails};
use crate::harness::{Place, Run, list, number};
use crate::report::{DAY_S, MONDAY_S, Report};
use crate::table::{csv_rows, total};

/// Reports of one mail each on the days from Monday on; the n-th has the id `n`, from 0.
fn days(count: i64) -> Vec<Report> {
    let report = |day: i64| {
        Report::new(&day.to_string()).period(MONDAY_S + day * DAY_S, DAY_S - 1).record("192.0.2.1", 1, "pass", "pass")
    };
    (0..count).map(report).collect()
}

/// The ids of the reports that a run lists, sorted.
#[track_caller]
fn ids(run: Run) -> Vec<String> {
    let mut ids: Vec<String> = list(&run.json(), "reports")
        .iter()
        .map(|report| report["report_id"].as_str().expect("an id").to_owned())
        .collect();
    ids.sort();
    ids
}

/// Ten days from 2026-01-05 to 2026-01-14, asked from 2026-01-20.
const NOW: &str = "2026-01-20T10:00:00Z";

#[test]
fn a_period_is_chosen_by_days_dates_and_words() {
    let place = Place::new();
    take_in(&place, &days(10));
    for (flags, first, last) in [
        (vec![], 0, 9),
        (vec!["--days", "1"], 9, 9),
        (vec!["--days", "3"], 7, 9),
        (vec!["--days", "3d"], 7, 9),
        (vec!["--days", "99"], 0, 9),
        (vec!["--since", "3d"], 7, 9),
        (vec!["--since", "2026-01-12"], 7, 9),
        (vec!["--until", "2026-01-06"], 0, 1),
        (vec!["--since", "2026-01-06", "--until", "2026-01-08"], 1, 3),
        (vec!["--days", "2", "--until", "2026-01-08"], 2, 3),
        (vec!["--since", "2d", "--until", "2026-01-08"], 2, 3),
    ] {
        let expected: Vec<String> = (first..=last).map(|day: i32| day.to_string()).collect();
        assert_eq!(ids(place.run(["reports"]).args(&flags).now(NOW)), expected, "{flags:?}");
    }
    let none = place.run(["reports", "--since", "2026-01-15"]).now(NOW).json();
    assert_eq!(list(&none, "reports"), [Value::Null; 0]);
}

#[test]
fn yesterday_is_the_day_before_now_in_utc() {
    let place = Place::new();
    take_in(&place, &days(10));
    let one = |now: &str| ids(place.run(["reports", "--since", "yesterday", "--until", "yesterday"]).now(now));
    assert_eq!(one("2026-01-08T00:00:00Z"), ["2"]);
    assert_eq!(one("2026-01-08T23:59:59Z"), ["2"]);
    assert_eq!(one("2026-01-08T01:00:00+02:00"), ["1"], "the day of an offset is that of UTC");
}

#[test]
fn a_period_never_ends_after_now() {
    let place = Place::new();
    take_in(&place, &days(10));
    assert_eq!(ids(place.run(["reports", "--days", "2"]).now("2026-01-08T12:00:00Z")), ["2", "3"]);
    let sources = place.run(["sources", "--days", "2"]).now("2026-01-08T12:00:00Z").json();
    assert_eq!((sources["since"].as_str(), sources["until"].as_str()), (Some("2026-01-07"), Some("2026-01-08")));
    assert_eq!(total(&list(&sources, "sources"), "mails"), 2);
}

#[test]
fn a_folder_of_last_year_gives_last_years_answer() {
    let place = Place::new();
    take_in(&place, &days(10));
    let late = "2031-06-01T00:00:00Z";
    assert_eq!(ids(place.run(["reports", "--days", "2"]).now(late)), ["8", "9"]);
    let summary = place.run(["summary"]).now(late).text();
    assert!(summary.contains("2026-01-14"), "the newest day with data: {summary}");
    let rows = csv_rows(&place.run(["export", "days", "--days", "2", "--format", "csv"]).now(late).bytes());
    let days: Vec<&str> = rows.iter().map(|row| row["day"].as_str()).collect();
    assert_eq!(days, ["2026-01-13", "2026-01-14"]);
}

#[test]
fn the_same_clock_gives_the_same_bytes() {
    let place = Place::new();
    take_in(&place, &days(10));
    for format in ["text", "json", "md", "csv", "html"] {
        let summary = || place.run(["summary", "--format", format]).now(NOW).bytes();
        assert!(summary() == summary(), "{format}");
    }
    let received = place.reports()[0]["received_at"].clone();
    let again = Place::new();
    let file = again.write("a.xml", ten_mails("a").xml());
    again.run(["ingest", "--quiet"]).arg(file).now(NOW).check();
    assert_eq!(again.reports()[0]["received_at"], "2026-01-20T10:00:00Z");
    assert_ne!(received, again.reports()[0]["received_at"]);
}

#[test]
fn a_domain_filter_leaves_the_others_out() {
    let place = Place::new();
    take_in(&place, &[ten_mails("a"), ten_mails("b").domain("example.net"), ten_mails("c").domain("sub.example.com")]);
    assert_eq!(ids(place.run(["reports", "--domain", "example.com"])), ["a"]);
    assert_eq!(total(&list(&place.run(["sources", "example.net"]).json(), "sources"), "mails"), 10);
    let rows = csv_rows(&place.run(["export", "records", "--domain", "sub.example.com", "--format", "csv"]).bytes());
    assert!(rows.len() == 3 && rows.iter().all(|row| row["domain"] == "sub.example.com"));
    assert_eq!(ids(place.run(["reports", "--domain", "example.org"])), [""; 0]);
}

/// Mails by day, out of `store stats` and `export days`, which have to agree.
#[track_caller]
fn mails_by_day(place: &Place) -> Vec<(String, u64)> {
    let by_day = list(&place.stats(), "by_day");
    let mut stats: Vec<(String, u64)> =
        by_day.iter().map(|day| (day["day"].as_str().expect("a day").to_owned(), number(day, "mails"))).collect();
    stats.sort();
    let rows = csv_rows(&place.run(["export", "days", "--format", "csv"]).bytes());
    let exported: Vec<(String, u64)> =
        rows.iter().map(|row| (row["day"].clone(), row["mails"].parse().expect("a number"))).collect();
    assert_eq!(stats, exported);
    stats
}

#[test]
fn a_day_begins_at_midnight_utc() {
    for (begin_s, day) in [(MONDAY_S, "2026-01-05"), (MONDAY_S - 1, "2026-01-04"), (MONDAY_S + DAY_S - 1, "2026-01-05")]
    {
        let place = Place::new();
        take_in(&place, &[ten_mails("a").period(begin_s, DAY_S)]);
        assert_eq!(mails_by_day(&place), [(day.to_owned(), 10)], "{begin_s}");
    }
}

#[test]
fn twenty_six_hours_are_one_day_and_a_second_more_is_two() {
    for (length_s, days) in [(26 * 3_600, 1), (26 * 3_600 + 1, 2)] {
        let place = Place::new();
        let report = Report::new("a").period(MONDAY_S, length_s).record("192.0.2.1", 26, "pass", "pass");
        take_in(&place, &[report]);
        let days_found = mails_by_day(&place);
        assert_eq!(days_found.len(), days, "{length_s}");
        assert_eq!(days_found.iter().map(|(_, mails)| mails).sum::<u64>(), 26);
    }
}

#[test]
fn a_report_of_several_days_is_spread_exactly() {
    let place = Place::new();
    let half_s = DAY_S / 2;
    // From Monday noon to Thursday noon: a half, two whole days, a half.
    let report = Report::new("long").period(MONDAY_S + half_s, 3 * DAY_S);
    let report = report.record("192.0.2.1", 60, "pass", "pass").record("192.0.2.2", 6_000, "fail", "fail").record(
        "192.0.2.3",
        1,
        "pass",
        "fail",
    );
    let report = (0..5).fold(report, |report, _| report.record("192.0.2.4", 7, "fail", "pass"));
    let tally = take_in(&place, &[report]);
    assert_eq!((number(&tally, "records"), number(&tally, "mails")), (8, 6_096));
    let by_day = mails_by_day(&place);
    let shares: Vec<u64> = by_day.iter().map(|(_, mails)| *mails).collect();
    assert_eq!(shares.iter().sum::<u64>(), 6_096);
    assert_eq!(
        by_day.iter().map(|(day, _)| day.as_str()).collect::<Vec<_>>(),
        ["2026-01-05", "2026-01-06", "2026-01-07", "2026-01-08"]
    );
    for (share, expected) in shares.iter().zip([1_016_u64, 2_032, 2_032, 1_016]) {
        assert!(share.abs_diff(expected) <= 1, "{shares:?}");
    }
    every_sum_agrees(&place);
}

/// All groupings, sources and daily sums add up to the same.
#[track_caller]
fn every_sum_agrees(place: &Place) {
    let stats = place.stats();
    let sources = list(&place.run(["sources"]).json(), "sources");
    for key in ["mails", "dkim_aligned", "spf_aligned", "dmarc_pass"] {
        let expected = number(&stats, key);
        for group in ["by_domain", "by_header_from", "by_reporter", "by_day", "by_disposition"] {
            assert_eq!(total(&list(&stats, group), key), expected, "{group} {key}");
        }
        assert_eq!(total(&sources, key), expected, "sources {key}");
    }
    assert_eq!(total(&list(&stats, "by_day"), "records"), number(&stats, "records"));
    assert_eq!(total(&list(&stats, "by_day"), "reports"), number(&stats, "reports"));
    assert_eq!(place.run(["store", "audit"]).json()["clean"], true);
}

#[test]
fn part_of_a_spread_report_can_be_asked_for() {
    let place = Place::new();
    take_in(&place, &[Report::new("long").period(MONDAY_S, 4 * DAY_S).record("192.0.2.1", 40, "pass", "pass")]);
    for day in ["2026-01-05", "2026-01-06", "2026-01-07", "2026-01-08"] {
        let sources = place.run(["sources", "--since", day, "--until", day]).now(NOW).json();
        assert_eq!(total(&list(&sources, "sources"), "mails"), 10, "{day}");
    }
}

#[test]
fn periods_that_run_backwards_or_for_years_count_on_their_first_day() {
    for length_s in [-3_600, 0, 500 * DAY_S] {
        let place = Place::new();
        take_in(&place, &[ten_mails("a").period(MONDAY_S, length_s)]);
        assert_eq!(mails_by_day(&place), [("2026-01-05".to_owned(), 10)], "{length_s}");
        every_sum_agrees(&place);
    }
}
