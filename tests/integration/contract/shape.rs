//! The fields of JSON and the columns of CSV that other programs rely on.

use serde_json::{Value, json};

use super::{assert_fields, assert_schema, take_in, ten_mails};
use crate::harness::{Place, fixture, list, number};

/// A store with two reports, a rejection and an ordinary mail.
fn filled() -> Place {
    let place = Place::new();
    take_in(&place, &[ten_mails("a"), ten_mails("b").org("other.example").domain("example.net")]);
    let mail = place.write("mail.eml", crate::report::ordinary_mail());
    place
        .run(["ingest", "--quiet"])
        .arg(fixture("malformed/no-report-id.xml"))
        .arg(mail)
        .now("2026-01-20T10:00:00Z")
        .check();
    place
}

#[test]
fn ingest_has_its_fields() {
    let place = Place::new();
    let tally = take_in(&place, &[ten_mails("a"), ten_mails("a")]);
    let fields = ["deliveries", "reports_new", "reports_duplicate", "rejected", "ignored", "records", "mails", "bytes"];
    assert_schema(&tally, "ingest", &fields);
    let size = u64::try_from(ten_mails("a").xml().len()).expect("a length");
    let found: Vec<u64> = fields.iter().map(|field| number(&tally, field)).collect();
    assert_eq!(found, [2, 1, 1, 0, 0, 3, 10, 2 * size]);
}

#[test]
fn run_holds_the_tally_and_the_summary() {
    let place = Place::new();
    let file = place.write("in/a.xml", ten_mails("a").xml());
    let run = place.run(["run", "--offline", "--out", "out"]).arg(file).json();
    assert_schema(&run, "run", &["ingest", "summary"]);
    assert_eq!(run["ingest"]["schema"], "ruascope.ingest/1");
    assert_eq!(run["summary"]["schema"], "ruascope.summary/1");
}

#[test]
fn store_stats_have_their_fields() {
    let stats = filled().stats();
    let sums = ["reports", "records", "mails", "dkim_aligned", "spf_aligned", "dmarc_pass"];
    let numbers = ["rejected", "notes", "size_bytes"];
    let lists = ["by_domain", "by_header_from", "by_reporter", "by_day", "by_disposition"];
    assert_schema(&stats, "stats", &[&sums[..], &numbers, &lists, &["first_day", "last_day"]].concat());
    let found: Vec<u64> = sums.iter().map(|field| number(&stats, field)).collect();
    assert_eq!(found, [2, 6, 20, 16, 10, 16]);
    assert_eq!(number(&stats, "rejected"), 1);
    assert!(number(&stats, "size_bytes") > 4_096);
    assert_eq!((stats["first_day"].as_str(), stats["last_day"].as_str()), (Some("2026-01-05"), Some("2026-01-05")));
    for name in lists {
        let entries = list(&stats, name);
        assert!(!entries.is_empty(), "{name}");
        for entry in &entries {
            assert_fields(name, entry, &sums);
            assert_fields(name, entry, &[if name == "by_day" { "day" } else { "name" }]);
        }
    }
}

#[test]
fn what_is_not_known_is_null_and_never_0() {
    let place = Place::new();
    let stats = place.stats();
    assert_eq!((&stats["first_day"], &stats["last_day"]), (&Value::Null, &Value::Null));
    let no_org = fixture("quirk/no-org-name.xml");
    let no_count = fixture("quirk/no-count.xml");
    place.run(["ingest", "--quiet"]).args([no_org, no_count]).check();
    let reports = place.reports();
    assert!(reports.iter().any(|report| report["reporter"].is_null()), "as sent: no name");
    let records: Vec<Value> = reports
        .iter()
        .flat_map(|report| list(&place.run(["reports", &report["id"].to_string()]).json(), "records"))
        .collect();
    assert!(records.iter().any(|record| record["count"].is_null()), "a count that was not sent");
}

/// Fields of a report in the list.
const REPORT_FIELDS: [&str; 14] = [
    "id",
    "reporter",
    "report_id",
    "domain",
    "begin",
    "end",
    "records",
    "mails",
    "dkim_aligned",
    "spf_aligned",
    "dmarc_pass",
    "notes",
    "received_at",
    "origin",
];

#[test]
fn reports_have_their_fields() {
    let place = filled();
    let listed = place.run(["reports"]).json();
    assert_schema(&listed, "reports", &["reports"]);
    let reports = list(&listed, "reports");
    assert_eq!(reports.len(), 2);
    for report in &reports {
        assert_fields("a report", report, &REPORT_FIELDS);
    }
    let a = reports.iter().find(|report| report["report_id"] == "a").expect("report a");
    let expected = json!({
        "reporter": "reporter.example", "domain": "example.com", "begin": "2026-01-05T00:00:00Z", "end": "2026-01-05T23:59:59Z",
        "records": 3, "mails": 10, "dkim_aligned": 8, "spf_aligned": 5, "dmarc_pass": 8, "notes": 0,
    });
    for (field, value) in expected.as_object().expect("an object") {
        assert_eq!(&a[field], value, "{field}");
    }
    assert!(a["origin"].as_str().is_some_and(|origin| origin.ends_with("in/0.xml")));
}

#[test]
fn one_report_has_its_policy_records_and_notes() {
    let place = filled();
    let id = place.reports().iter().find(|report| report["report_id"] == "a").expect("report a")["id"].to_string();
    let report = place.run(["reports", &id]).json();
    assert_schema(&report, "reports", &["policy", "records", "notes"]);
    assert_fields(
        "the report",
        &report,
        &["id", "reporter", "report_id", "domain", "begin", "end", "mails", "received_at", "origin"],
    );
    assert_eq!((&report["policy"]["p"], &report["reporter"]), (&json!("none"), &json!("reporter.example")));
    assert_eq!(list(&report, "notes"), [Value::Null; 0]);
    let records = list(&report, "records");
    let counts: Vec<u64> = records.iter().map(|record| number(record, "count")).collect();
    assert_eq!(counts, [5, 3, 2]);
    assert_eq!((&records[0]["source_ip"], &records[2]["source_ip"]), (&json!("192.0.2.1"), &json!("2001:db8::1")));
    let odd = Place::with(&[&fixture("quirk/no-count.xml")]);
    let notes = list(&odd.run(["reports", "1"]).json(), "notes");
    assert!(!notes.is_empty(), "an odd report has notes");
    assert_eq!(odd.reports()[0]["notes"], notes.len());
}

#[test]
fn rejections_have_their_fields() {
    let place = filled();
    let listed = place.run(["rejected"]).json();
    assert_schema(&listed, "rejected", &["rejected"]);
    let rejected = list(&listed, "rejected");
    assert_eq!(rejected.len(), 1);
    assert_fields("a rejection", &rejected[0], &["id", "reason", "stage", "origin", "name", "bytes", "received_at"]);
    assert_eq!(rejected[0]["received_at"], "2026-01-20T10:00:00Z");
    assert_eq!(number(&rejected[0], "bytes"), fixture("malformed/no-report-id.xml").metadata().expect("a file").len());
    let one = place.run(["rejected", "1"]).json();
    assert_eq!(list(&one, "rejected"), rejected);
}

#[test]
fn sources_have_their_fields() {
    let place = filled();
    let sources = place.run(["sources", "example.com", "--by", "ip"]).json();
    assert_schema(&sources, "sources", &["domain", "since", "until", "sources"]);
    assert_eq!(
        (&sources["domain"], &sources["since"], &sources["until"]),
        (&json!("example.com"), &json!("2026-01-05"), &json!("2026-01-05"))
    );
    let fields = [
        "source",
        "key",
        "class",
        "confidence",
        "reasons",
        "mails",
        "dmarc_pass",
        "dkim_aligned",
        "spf_aligned",
        "ips",
        "reporters",
        "first_day",
        "last_day",
        "disposition",
        "fix",
    ];
    let sources = list(&sources, "sources");
    assert_eq!(sources.len(), 3);
    for source in &sources {
        assert_fields("a source", source, &fields);
    }
    assert_eq!((&sources[0]["ips"], number(&sources[0], "mails")), (&json!(["192.0.2.1"]), 5));
    assert_eq!(
        (&sources[0]["reporters"], &sources[0]["disposition"]["none"]),
        (&json!(["reporter.example"]), &json!(5))
    );
}

#[test]
fn errors_are_one_object() {
    let error = Place::new().run(["reports", "7"]).exit(65).error();
    assert_schema(&error, "error", &["kind", "message", "causes", "hints"]);
    assert_eq!(
        (&error["message"], &error["causes"], &error["hints"]),
        (&json!("there is no report 7"), &json!([]), &json!([]))
    );
}

#[test]
fn every_answer_has_a_schema() {
    let place = filled();
    for args in [
        vec!["summary"],
        vec!["sources"],
        vec!["reports"],
        vec!["rejected"],
        vec!["store", "stats"],
        vec!["store", "audit"],
        vec!["store", "rebuild"],
        vec!["store", "prune", "--keep-days", "36500"],
        vec!["store", "backup", "copy.db"],
        vec!["config", "check"],
        vec!["config", "show"],
        vec!["rejected", "retry"],
        vec!["chart", "volume", "--term"],
        vec!["chart", "ladder", "--output", "ladder.svg"],
        vec!["completions", "bash"],
        vec!["man", "sources", "tag"],
    ] {
        let answer = place.run(&args).json();
        assert!(
            answer["schema"].as_str().is_some_and(|schema| schema.starts_with("ruascope.") && schema.ends_with("/1")),
            "{args:?}: {answer}"
        );
    }
}

#[test]
fn exported_records_have_their_columns() {
    let place = filled();
    let exported = place.run(["export", "records", "--format", "csv", "--domain", "example.com"]).exact();
    let mut lines = exported.lines();
    let header = "reporter,report_id,domain,begin,end,source_ip,count,disposition,dkim_aligned,spf_aligned,dmarc_pass,reasons,\
                  header_from,envelope_from,envelope_to,dkim_results,spf_results";
    assert_eq!(lines.next(), Some(header));
    let first =
        "reporter.example,a,example.com,2026-01-05T00:00:00Z,2026-01-05T23:59:59Z,192.0.2.1,5,none,true,true,true,";
    assert!(lines.next().is_some_and(|line| line.starts_with(first)), "{exported}");
    let row = &crate::table::csv_rows(exported.as_bytes())[0];
    for (column, pointer, value) in [("dkim_results", "/0/selector", "s1"), ("spf_results", "/0/domain", "example.com")]
    {
        let cell: Value = serde_json::from_str(&row[column]).expect("JSON in the cell");
        assert_eq!(cell.pointer(pointer), Some(&json!(value)), "{column}");
    }
}
