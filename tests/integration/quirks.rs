//! Odd reports that must be read, and broken ones that must not become a report.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::harness::{Place, assert_none, files_below, fixture, list, name_of, number, rows};
use crate::report::Report;

/// The domain that the broken ones claim to be about.
const MALFORMED: &str = "malformed.quirk.example";

/// Files of a folder with what its `expected.tsv` says; both have to name the same.
#[track_caller]
fn expected(folder: &str) -> Vec<(PathBuf, String)> {
    let table = fixture(&format!("{folder}/expected.tsv"));
    let rows: Vec<(String, String)> = rows(&table).into_iter().map(|row| (row[0].clone(), row[1].clone())).collect();
    let listed: BTreeSet<String> = rows.iter().map(|(name, _)| name.clone()).collect();
    let there: BTreeSet<String> =
        files_below(&fixture(folder)).iter().map(|path| name_of(path)).filter(|name| name != "expected.tsv").collect();
    assert_eq!(listed, there, "{folder} and its expected.tsv name the same files");
    assert!(rows.len() > 20, "{folder} is suspiciously empty");
    rows.into_iter().map(|(name, said)| (fixture(&format!("{folder}/{name}")), said)).collect()
}

/// The facts of a report that `expected.tsv` knows, with times in seconds. `reporter` is who stands in where the report
/// has no name.
fn facts(report: &Value, reporter: &Value) -> Value {
    let name = if report["reporter"].is_null() { reporter } else { &report["reporter"] };
    let seconds = |name: &str| {
        let time = report[name].as_str().expect("a time");
        chrono::DateTime::parse_from_rfc3339(time).expect("a time in RFC 3339").timestamp()
    };
    json!({
        "org_name": name, "report_id": report["report_id"], "domain": report["domain"],
        "begin": seconds("begin"), "end": seconds("end"),
        "records": report["records"], "mails": report["mails"], "dmarc_pass": report["dmarc_pass"],
    })
}

/// Lists in any order.
fn sorted(mut facts: Vec<Value>) -> Vec<Value> {
    facts.sort_by_key(ToString::to_string);
    facts
}

/// What is wrong with what was made of a file, in a store of its own.
fn wrong(place: &Place, file: &Path, said: &str) -> Option<String> {
    let tally = place.run(["ingest"]).arg(file).json();
    let reporter = &place.stats()["by_reporter"][0]["name"];
    let found = sorted(place.reports().iter().map(|report| facts(report, reporter)).collect());
    let said: Vec<Value> = serde_json::from_str(said).expect("facts in JSON");
    // Keys in one order, whatever the order in the file.
    let want = sorted(said.iter().map(in_order).collect());
    if found != want {
        return Some(format!("found {}\n    expected {}", json!(found), json!(want)));
    }
    let counts = (number(&tally, "rejected"), number(&tally, "reports_conflicting"));
    (counts != (0, 0)).then(|| format!("(rejected, conflicting) = {counts:?}"))
}

fn in_order(facts: &Value) -> Value {
    let keys = ["org_name", "report_id", "domain", "begin", "end", "records", "mails", "dmarc_pass"];
    assert_eq!(facts.as_object().map(serde_json::Map::len), Some(keys.len()), "facts of {facts}");
    keys.iter().map(|key| ((*key).to_owned(), facts[*key].clone())).collect::<serde_json::Map<_, _>>().into()
}

/// The same text with the other line ends; none for what is not text.
fn twin(bytes: &[u8]) -> Option<Vec<u8>> {
    let is_text = !bytes.starts_with(b"\x1f\x8b")
        && !bytes.starts_with(b"PK")
        && !bytes.starts_with(b"\xff\xfe")
        && !bytes.starts_with(b"\xfe\xff");
    if !is_text {
        return None;
    }
    let lines: Vec<&[u8]> =
        bytes.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line)).collect();
    let has_crlf = bytes.windows(2).any(|pair| pair == b"\r\n");
    Some(lines.join(if has_crlf { b"\n".as_slice() } else { b"\r\n" }))
}

#[test]
fn every_quirk_is_read_as_expected() {
    let mut problems = Vec::new();
    for (file, said) in expected("quirk") {
        problems.extend(wrong(&Place::new(), &file, &said).map(|what| format!("{}: {what}", name_of(&file))));
    }
    assert_none(&problems);
}

#[test]
fn every_text_is_read_the_same_with_other_line_ends() {
    let mut problems = Vec::new();
    let mut twins = 0;
    for (file, said) in expected("quirk") {
        let name = name_of(&file);
        let is_text = ["xml", "eml", "mbox"].iter().any(|ending| name.ends_with(ending));
        let Some(twin) = twin(&std::fs::read(&file).expect("a readable fixture")).filter(|_| is_text) else { continue };
        twins += 1;
        let place = Place::new();
        let file = place.write(&name, twin);
        problems.extend(wrong(&place, &file, &said).map(|what| format!("twin of {name}: {what}")));
    }
    assert!(twins > 80, "only {twins} twins");
    assert_none(&problems);
}

#[test]
fn all_quirks_together_are_what_each_is_alone() {
    let place = Place::new();
    place.run(["ingest", "--quiet", "--fail-on-rejected"]).arg(fixture("quirk")).check();
    let reporter = json!("reporter.quirk.example");
    let found = sorted(place.reports().iter().map(|report| facts(report, &reporter)).collect());
    let want = expected("quirk")
        .into_iter()
        .flat_map(|(_, said)| serde_json::from_str::<Vec<Value>>(&said).expect("facts in JSON"));
    let want = sorted(want.map(|facts| in_order(&facts)).collect());
    assert_eq!(found.len(), want.len());
    assert_eq!(found, want);
    assert_eq!(place.run(["store", "audit"]).json()["clean"], true);
}

/// Words of which the reason of a rejection has to have one.
fn reason_words(reason: &str) -> &'static [&'static str] {
    match reason {
        "cut" => &["cut off", "ends in the middle"],
        "crc" => &["checksum"],
        "encrypted" => &["encrypted", "password", "decrypt"],
        "doctype" => &["DOCTYPE"],
        "date-range" => &["date range"],
        "report-id" => &["report id"],
        "policy-domain" => &["policy domain"],
        "limit" => &["limit"],
        "empty" => &["holds no", "empty"],
        "not-a-report" => &["no report", "not a report"],
        other => panic!("expected.tsv has a new reason: {other}"),
    }
}

/// These need no rejection: nothing in them says that a report was meant.
const MAY_BE_IGNORED: [&str; 2] = ["empty", "not-a-report"];

/// What is wrong with what was made of a broken file.
fn believed(file: &Path, reason: &str) -> Option<String> {
    let place = Place::new();
    let tally = place.run(["ingest"]).arg(file).json();
    let stats = place.stats();
    let domains = list(&stats, "by_domain");
    if number(&stats, "reports") != 0 || !domains.is_empty() {
        return Some(format!("became a report: {}", json!(domains)));
    }
    if number(&tally, "ignored") == 1 && MAY_BE_IGNORED.contains(&reason) {
        return None;
    }
    let rejected = list(&place.run(["rejected"]).json(), "rejected");
    if rejected.is_empty() || number(&tally, "rejected") == 0 {
        return Some(format!("neither rejected nor ignored as {reason}: {tally}"));
    }
    let words = reason_words(reason);
    let is_said = |row: &Value| {
        words
            .iter()
            .any(|word| row["reason"].as_str().is_some_and(|said| said.to_lowercase().contains(&word.to_lowercase())))
    };
    (!rejected.iter().all(is_said)).then(|| format!("none of {words:?} in {}", json!(rejected)))
}

#[test]
fn no_malformed_file_becomes_a_report() {
    let problems: Vec<String> = expected("malformed")
        .into_iter()
        .filter_map(|(file, reason)| Some(format!("{}: {}", name_of(&file), believed(&file, &reason)?)))
        .collect();
    assert_none(&problems);
}

#[test]
fn nothing_in_fixtures_is_believed_that_is_malformed() {
    let place = Place::new();
    place.run(["ingest", "--quiet"]).arg(fixture("")).check();
    let reports = place.reports();
    let believed: Vec<&Value> =
        reports.iter().filter(|report| report["domain"] == MALFORMED).map(|report| &report["origin"]).collect();
    assert!(believed.is_empty(), "believed: {believed:?}");
}

#[test]
fn the_reason_of_a_rejection_is_shown() {
    let place = Place::new();
    place.run(["ingest"]).arg(fixture("malformed/no-report-id.xml")).json();
    let listed = place
        .run(["rejected"])
        .stderr("one with what could be read of it: ruascope rejected ID; again: ruascope rejected retry [ID]\n")
        .text();
    assert!(listed.contains("no report id") && listed.contains("no-report-id.xml"), "{listed}");
    let shown = place.run(["rejected", "1"]).text();
    assert!(shown.contains("no report id") && shown.contains(MALFORMED), "{shown}");
    let raw = place.run(["rejected", "1", "--raw"]).bytes();
    assert!(
        raw == std::fs::read(fixture("malformed/no-report-id.xml")).expect("a readable fixture"),
        "the bytes come back"
    );
}

#[test]
fn cut_files_can_be_accepted_as_partial_reports() {
    let mut accepted = 0;
    for (file, reason) in expected("malformed") {
        let place = Place::new();
        place.run(["ingest"]).arg(&file).json();
        let rejected = list(&place.run(["rejected"]).json(), "rejected");
        let is_readable =
            rejected.first().and_then(|row| row["readable"].as_str()).is_some_and(|said| said.contains(MALFORMED));
        if reason != "cut" || !is_readable {
            continue;
        }
        accepted += 1;
        place.run(["rejected", "accept", "1"]).json();
        let reports = place.reports();
        assert_eq!(reports.len(), 1, "{}", file.display());
        assert_eq!(
            (&reports[0]["partial"], &reports[0]["domain"]),
            (&json!(true), &json!(MALFORMED)),
            "{}",
            file.display()
        );
        assert_eq!(place.run(["store", "audit"]).json()["clean"], true, "{}", file.display());
    }
    assert!(accepted >= 3, "only {accepted} cut files could be read in part");
}

/// A report of three records, 1 + 2 + 4 mails.
fn three_records() -> Report {
    Report::new("cut").record("192.0.2.1", 1, "pass", "pass").record("192.0.2.2", 2, "fail", "pass").record(
        "192.0.2.3",
        4,
        "fail",
        "fail",
    )
}

/// The counts of the only report.
#[track_caller]
fn only_report(place: &Place) -> (u64, u64, bool) {
    let reports = place.reports();
    assert_eq!(reports.len(), 1, "one report: {reports:?}");
    let is_partial = reports[0]["partial"].as_bool().expect("partial is said");
    (number(&reports[0], "records"), number(&reports[0], "mails"), is_partial)
}

#[test]
fn a_whole_report_replaces_the_part_that_was_accepted() {
    let place = Place::new();
    let cut = place.write("cut.xml", three_records().cut_after(2));
    let whole = place.write("whole.xml", three_records().xml());
    let tally = place.run(["ingest"]).arg(&cut).json();
    assert_eq!((number(&tally, "rejected"), number(&tally, "reports_new"), number(&tally, "mails")), (1, 0, 0));

    let accepted = place.run(["rejected", "accept", "1"]).json();
    assert_eq!((number(&accepted, "reports_new"), number(&accepted, "records")), (1, 2));
    assert_eq!(only_report(&place), (2, 3, true));
    assert_eq!(
        list(&place.run(["rejected"]).json(), "rejected"),
        [Value::Null; 0],
        "what was accepted is no longer rejected"
    );

    let tally = place.run(["ingest"]).arg(&whole).json();
    assert_eq!(
        (number(&tally, "reports_new"), number(&tally, "reports_conflicting"), number(&tally, "mails")),
        (1, 0, 7)
    );
    assert_eq!(only_report(&place), (3, 7, false));
    let stats = place.stats();
    assert_eq!((number(&stats, "reports"), number(&stats, "mails"), number(&stats, "conflicting")), (1, 7, 0));
    assert_eq!(place.run(["store", "audit"]).json()["clean"], true);

    place.run(["store", "rebuild"]).json();
    assert_eq!(only_report(&place), (3, 7, false), "also after a rebuild");
}

#[test]
fn a_part_does_not_replace_the_whole_report() {
    let place = Place::new();
    let whole = place.write("whole.xml", three_records().xml());
    let cut = place.write("cut.xml", three_records().cut_after(2));
    place.run(["ingest", "--quiet"]).args([&whole, &cut]).check();
    place.run(["rejected", "accept", "1"]).json();
    let stats = place.stats();
    assert_eq!((number(&stats, "reports"), number(&stats, "records"), number(&stats, "mails")), (1, 3, 7));
    assert_eq!(place.run(["store", "audit"]).json()["clean"], true);
}

#[test]
fn what_can_not_be_placed_can_not_be_accepted() {
    let place = Place::new();
    place.run(["ingest", "--quiet"]).arg(fixture("malformed/no-report-id.xml")).check();
    let accepted = place.run(["rejected", "accept", "1"]).json();
    assert_eq!(number(&accepted, "reports_new"), 0);
    assert_eq!(place.reports(), [Value::Null; 0]);
    assert_eq!(list(&place.run(["rejected"]).json(), "rejected").len(), 1, "it stays rejected");
}

#[test]
fn retrying_changes_nothing_while_the_limits_are_the_same() {
    let place = Place::new();
    place.run(["ingest", "--quiet"]).arg(fixture("malformed")).check();
    let rejections = || list(&place.run(["rejected"]).json(), "rejected").len();
    let before = rejections();
    place.run(["rejected", "retry"]).json();
    assert_eq!(rejections(), before);
    assert_eq!(number(&place.stats(), "reports"), 0);
}

/// A place where a report of three records was rejected because of a limit of two.
fn rejected_by_a_limit() -> (Place, PathBuf) {
    let place = Place::new();
    let file = place.write("three.xml", three_records().xml());
    let low = place.write("low.toml", "[limits]\nrecords_max = 2\n");
    place.run(["ingest", "--quiet"]).arg("--config").args([&low, &file]).check();
    assert_eq!(list(&place.run(["rejected"]).json(), "rejected").len(), 1);
    (place, file)
}

#[test]
fn what_was_over_a_limit_is_no_duplicate_when_it_comes_again_under_a_higher_one() {
    let (place, file) = rejected_by_a_limit();
    let tally = place.run(["ingest"]).arg(&file).json();
    let reports = u64::try_from(place.reports().len()).expect("a count");
    assert_eq!((number(&tally, "reports_new"), number(&tally, "reports_duplicate"), reports), (1, 0, 1));
    assert_eq!(list(&place.run(["rejected"]).json(), "rejected"), [Value::Null; 0], "it is rejected no longer");
    assert_eq!(place.run(["store", "audit"]).json()["clean"], true);
}

#[test]
fn what_is_there_meanwhile_is_a_duplicate_for_a_retry() {
    let (place, _) = rejected_by_a_limit();
    let packed = place.write("three.xml.gz", three_records().gzip());
    place.run(["ingest", "--quiet"]).arg(&packed).check();
    let retried = place.run(["rejected", "retry"]).json();
    assert_eq!((number(&retried, "reports_new"), number(&retried, "reports_duplicate")), (0, 1));
    assert_eq!(only_report(&place), (3, 7, false));
}

#[test]
fn what_was_over_a_limit_is_taken_by_a_retry_under_a_higher_one() {
    let (place, _) = rejected_by_a_limit();
    let retried = place.run(["rejected", "retry"]).json();
    assert_eq!((number(&retried, "reports_new"), number(&retried, "rejected")), (1, 0));
    assert_eq!(only_report(&place), (3, 7, false));
    assert_eq!(list(&place.run(["rejected"]).json(), "rejected"), [Value::Null; 0]);
}
