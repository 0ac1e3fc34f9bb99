//! The story of `fixtures/`: two months of a mailbox, counted by whoever made it.

use std::path::PathBuf;
use std::sync::LazyLock;

use serde_json::Value;

use crate::harness::{Place, Run, assert_none, files_below, fixture, list, number, read};
use crate::table::{SUMS, compare, compare_table, csv_rows, total};

/// The story taken in once, for tests that only ask.
static STORY: LazyLock<(Place, Value)> = LazyLock::new(|| {
    let place = Place::new();
    let tally = place.run(["ingest"]).arg(fixture("story")).json();
    (place, tally)
});

fn truth() -> Value {
    serde_json::from_str(&read(&fixture("story-truth.json"))).expect("the truth in JSON")
}

/// In what `store stats` differs from the truth.
fn differences(stats: &Value) -> Vec<String> {
    let truth = truth();
    let totals = ["reports_unique", "records", "mails", "dkim_aligned", "spf_aligned", "dmarc_pass"];
    let mut problems = compare("totals", stats, &truth, &totals);
    for table in ["by_domain", "by_reporter", "by_day", "by_disposition"] {
        problems.extend(compare_table(table, &stats[table], &truth[table]));
    }
    problems
}

/// All but the size, which depends on how it came to be.
fn without_size(mut stats: Value) -> Value {
    stats.as_object_mut().expect("stats are an object").remove("size_bytes").expect("a size");
    stats
}

fn first_and_last_day(stats: &Value) -> (Option<&str>, Option<&str>) {
    (stats["first_day"].as_str(), stats["last_day"].as_str())
}

#[test]
fn stats_equal_the_truth_in_every_number() {
    let stats = STORY.0.stats();
    assert_none(&differences(&stats));
    assert_eq!(first_and_last_day(&stats), (Some("2026-09-01"), Some("2026-10-31")));
}

#[test]
fn only_records_of_no_mail_are_without_a_disposition() {
    let stats = STORY.0.stats();
    let unnamed: Vec<Value> =
        list(&stats, "by_disposition").into_iter().filter(|entry| entry["name"].is_null()).collect();
    assert_eq!(total(&unnamed, "records"), number(&truth(), "null_records"));
    assert_eq!(total(&unnamed, "mails"), 0);
}

#[test]
fn the_tally_of_ingest_adds_up_to_the_items() {
    let (truth, tally) = (truth(), &STORY.1);
    assert_none(&compare("ingest", tally, &truth, &["records", "mails"]));
    assert_eq!(number(tally, "deliveries"), number(&truth, "items"));
    assert_eq!(number(tally, "reports_new"), number(&truth, "reports_unique"));
    assert_eq!(number(tally, "reports_duplicate"), number(&truth, "duplicates"));
    let bytes: u64 = files_below(&fixture("story")).iter().map(|path| path.metadata().expect("a file").len()).sum();
    // Separator lines of the mbox belong to no mail.
    assert!((bytes - 4_000..=bytes).contains(&number(tally, "bytes")), "{} of {bytes} bytes", number(tally, "bytes"));
}

#[test]
fn what_is_no_report_is_not_rejected() {
    let (truth, tally) = (truth(), &STORY.1);
    let rejected = STORY.0.run(["rejected"]).json();
    assert_eq!(list(&rejected, "rejected"), [Value::Null; 0], "nothing in the story is a broken report");
    assert_eq!(
        number(tally, "ignored") + number(tally, "other"),
        number(&truth, "no_report") + number(&truth, "other")
    );
}

#[test]
fn reports_give_the_same_sums() {
    let reports = STORY.0.reports();
    assert_eq!(u64::try_from(reports.len()).expect("a count"), number(&truth(), "reports_unique"));
    for key in SUMS {
        assert_eq!(total(&reports, key), number(&truth(), key), "{key}");
    }
}

#[test]
fn sources_give_the_same_sums() {
    let sources = list(&STORY.0.run(["sources", "--by", "ip"]).json(), "sources");
    for key in ["mails", "dkim_aligned", "spf_aligned", "dmarc_pass"] {
        assert_eq!(total(&sources, key), number(&truth(), key), "{key}");
    }
    let mails: u64 = sources
        .iter()
        .filter_map(|source| source["disposition"].as_object())
        .flat_map(|words| words.values())
        .filter_map(Value::as_u64)
        .sum();
    assert_eq!(mails, number(&truth(), "mails"), "dispositions of all sources");
}

#[test]
fn sources_of_domains_add_up_to_their_domain() {
    let stats = STORY.0.stats();
    for domain in list(&stats, "by_domain") {
        let name = domain["name"].as_str().expect("a domain's name");
        let sources = list(&STORY.0.run(["sources", name]).json(), "sources");
        for key in ["mails", "dkim_aligned", "spf_aligned", "dmarc_pass"] {
            assert_eq!(total(&sources, key), number(&domain, key), "{name} {key}");
        }
    }
}

#[test]
fn exported_records_give_the_same_sums() {
    let rows = csv_rows(&STORY.0.run(["export", "records", "--format", "csv"]).bytes());
    let truth = truth();
    assert_eq!(u64::try_from(rows.len()).expect("a count"), number(&truth, "records"));
    let mails = |wanted: &dyn Fn(&std::collections::BTreeMap<String, String>) -> bool| -> u64 {
        rows.iter().filter(|row| wanted(row)).map(|row| row["count"].parse::<u64>().expect("a count")).sum()
    };
    assert_eq!(mails(&|_| true), number(&truth, "mails"));
    for key in ["dkim_aligned", "spf_aligned", "dmarc_pass"] {
        assert_eq!(mails(&|row| row[key] == "true"), number(&truth, key), "{key}");
    }
    for word in ["none", "quarantine", "reject"] {
        assert_eq!(mails(&|row| row["disposition"] == word), number(&truth["by_disposition"][word], "mails"), "{word}");
    }
}

#[test]
fn exported_days_and_reports_give_the_same_sums() {
    for (what, key) in [("days", "reports"), ("reports", "")] {
        let rows = csv_rows(&STORY.0.run(["export", what, "--format", "csv"]).bytes());
        let sum = |key: &str| -> u64 { rows.iter().map(|row| row[key].parse::<u64>().expect("a number")).sum() };
        for key in SUMS {
            assert_eq!(sum(key), number(&truth(), key), "{what} {key}");
        }
        let reports = if key.is_empty() { u64::try_from(rows.len()).expect("a count") } else { sum(key) };
        assert_eq!(reports, number(&truth(), "reports_unique"), "{what}");
    }
}

#[test]
fn exports_as_json_lines_equal_those_as_csv() {
    for what in ["records", "reports", "days"] {
        let rows = csv_rows(&STORY.0.run(["export", what, "--format", "csv"]).bytes());
        let lines = STORY.0.run(["export", what, "--format", "json"]).bytes();
        let lines: Vec<Value> = String::from_utf8(lines)
            .expect("UTF-8")
            .lines()
            .map(|line| serde_json::from_str(line).expect("one JSON object a line"))
            .collect();
        assert_eq!(lines.len(), rows.len(), "{what}");
        let key = if what == "records" { "count" } else { "mails" };
        let sum: u64 = rows.iter().map(|row| row[key].parse::<u64>().expect("a number")).sum();
        assert_eq!(total(&lines, key), sum, "{what}");
    }
}

/// The whole story in a summary, in a form of output.
fn summary() -> Run {
    STORY.0.run(["summary", "--since", "2026-09-01"]).now("2026-11-01T06:00:00Z")
}

#[test]
fn the_summary_gives_the_same_sums() {
    let summary = summary().json();
    let truth = truth();
    let mails = ["mails", "dkim_aligned", "spf_aligned", "dmarc_pass"];
    assert_none(&compare("summary", &summary, &truth, &[&["reports_unique"], &mails[..]].concat()));
    for name in ["domains", "days", "reporters", "dispositions"] {
        for key in mails {
            assert_eq!(total(&list(&summary, name), key), number(&truth, key), "{name} {key}");
        }
    }
    for name in ["domains", "days", "reporters"] {
        assert_eq!(total(&list(&summary, name), "reports"), number(&truth, "reports_unique"), "{name}");
    }
    let listed = total(&list(&summary, "sources"), "mails");
    assert_eq!(listed + number(&summary["sources_more"], "mails"), number(&truth, "mails"), "sources");
}

#[test]
fn every_form_of_the_summary_says_the_same() {
    let truth = truth();
    for (domain, sums) in truth["by_domain"].as_object().expect("domains of the truth") {
        let mails = number(sums, "mails").to_string();
        for format in ["text", "md", "csv", "html"] {
            let said = summary().args(["--format", format]).exact();
            let is_said = |line: &str| {
                line.contains(domain.as_str()) && line.replace([',', '\u{a0}', '\u{202f}'], "").contains(&mails)
            };
            assert!(said.lines().any(is_said), "{format}: {domain} {mails}\n{said}");
        }
    }
}

#[test]
fn the_audit_is_clean() {
    let audit = STORY.0.run(["store", "audit"]).json();
    assert_eq!(audit["clean"], true);
    assert_none(&compare("audit", &audit, &truth(), &["records", "mails"]));
}

#[test]
fn a_rebuilt_store_is_equal() {
    let place = Place::new();
    place.run(["ingest", "--quiet"]).arg(fixture("story")).check();
    let exported = |what| place.run(["export", what, "--format", "csv"]).bytes();
    let before = (without_size(place.stats()), exported("records"), exported("days"));
    let rebuilt = place.run(["store", "rebuild"]).json();
    assert_eq!(number(&rebuilt, "reports"), number(&truth(), "reports_unique"));
    let after = (without_size(place.stats()), exported("records"), exported("days"));
    assert_eq!(before.0, after.0);
    assert!(before.1 == after.1, "records are exported the same before and after");
    assert!(before.2 == after.2, "days are exported the same before and after");
    assert_eq!(place.run(["store", "audit"]).json()["clean"], true);
}

#[test]
fn ingesting_twice_equals_once() {
    let place = Place::new();
    place.run(["ingest", "--quiet"]).arg(fixture("story")).check();
    let once = without_size(place.stats());
    let again = place.run(["ingest"]).arg(fixture("story")).json();
    assert_eq!((number(&again, "reports_new"), number(&again, "records"), number(&again, "mails")), (0, 0, 0));
    let truth = truth();
    assert_eq!(number(&again, "reports_duplicate"), number(&truth, "reports_unique") + number(&truth, "duplicates"));
    assert_eq!(without_size(place.stats()), once);
}

#[test]
fn the_order_does_not_matter() {
    let mut files: Vec<PathBuf> = files_below(&fixture("story"));
    files.reverse();
    assert_eq!(u64::try_from(files.len()).expect("a count"), number(&truth(), "files"));
    let place = Place::new();
    place.run(["ingest", "--quiet"]).args(files).check();
    assert_none(&differences(&place.stats()));
    assert_eq!(place.run(["store", "audit"]).json()["clean"], true);
}

#[test]
fn halves_taken_in_apart_equal_the_whole() {
    let place = Place::new();
    for month in ["story/2026-11", "story/2026-09", "story/2026-10"] {
        place.run(["ingest", "--quiet"]).arg(fixture(month)).check();
    }
    assert_none(&differences(&place.stats()));
}

#[test]
fn two_programs_may_take_in_at_the_same_time() {
    let place = Place::new();
    let ingest = |month: &str| place.run(["ingest", "--quiet"]).arg(fixture(month)).command().spawn().expect("a start");
    let programs: Vec<_> = ["story/2026-09", "story/2026-10", "story/2026-10", "story/2026-11"].map(ingest).into();
    for mut program in programs {
        assert!(program.wait().expect("an end").success());
    }
    assert_none(&differences(&place.stats()));
    assert_eq!(place.run(["store", "audit"]).json()["clean"], true);
}
