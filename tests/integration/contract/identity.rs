//! What makes two reports the same.

use super::{take_in, ten_mails};
use crate::harness::{Place, list, number};
use crate::report::{DAY_S, MONDAY_S, mbox};

/// New, duplicate, conflicting.
fn kinds(tally: &serde_json::Value) -> (u64, u64, u64) {
    (number(tally, "reports_new"), number(tally, "reports_duplicate"), number(tally, "reports_conflicting"))
}

#[test]
fn the_same_id_alone_makes_no_duplicate() {
    let first = ten_mails("same");
    for (what, other) in [
        ("another day", first.clone().period(MONDAY_S + DAY_S, DAY_S - 1)),
        ("another end", first.clone().period(MONDAY_S, DAY_S / 2)),
        ("another reporter", first.clone().org("other.example")),
        ("another domain", first.clone().domain("example.net")),
    ] {
        let place = Place::new();
        let tally = take_in(&place, &[first.clone(), other]);
        assert_eq!(kinds(&tally), (2, 0, 0), "{what}");
        assert_eq!(number(&place.stats(), "mails"), 20, "{what}");
    }
}

#[test]
fn another_id_is_another_report() {
    let place = Place::new();
    assert_eq!(kinds(&take_in(&place, &[ten_mails("a"), ten_mails("b")])), (2, 0, 0));
}

#[test]
fn other_content_under_the_same_identity_is_kept_and_not_counted() {
    let place = Place::new();
    let other = ten_mails("same").record("no address", 1_000, "pass", "pass");
    let tally = take_in(&place, &[ten_mails("same"), other.clone()]);
    assert_eq!(kinds(&tally), (1, 0, 1));
    let stats = place.stats();
    assert_eq!((number(&stats, "reports"), number(&stats, "mails"), number(&stats, "conflicting")), (1, 10, 1));
    assert_eq!(number(&stats, "notes"), 0, "nor are its oddities counted");
    assert_eq!(place.reports().len(), 1);

    let all = list(&place.run(["reports", "--conflicting"]).json(), "reports");
    let conflicting: Vec<_> = all.iter().filter(|report| report["conflicting"] == true).collect();
    assert_eq!((all.len(), conflicting.len()), (2, 1));
    let id = conflicting[0]["id"].to_string();
    let raw = place.run(["reports", id.as_str(), "--xml"]).exact();
    assert_eq!(raw, other.xml(), "its bytes are kept");
    assert_eq!(place.run(["store", "audit"]).json()["clean"], true);

    // The same again is a duplicate, and a rebuild comes to the same end.
    let again = take_in(&place, &[other]);
    assert_eq!((kinds(&again).0, kinds(&again).2), (0, 0));
    place.run(["store", "rebuild"]).json();
    let stats = place.stats();
    assert_eq!((number(&stats, "reports"), number(&stats, "mails"), number(&stats, "conflicting")), (1, 10, 1));
}

#[test]
fn the_same_report_in_another_container_is_a_duplicate() {
    let place = Place::new();
    let report = ten_mails("same");
    let files = [
        place.write("report.xml", report.xml()),
        place.write("report.xml.gz", report.gzip()),
        place.write("report.eml", report.mail()),
        place.write("reports.mbox", mbox(&[report.mail(), report.mail()])),
        place.write("copy.xml", report.xml()),
    ];
    let tally = place.run(["ingest"]).args(files).json();
    assert_eq!(kinds(&tally), (1, 5, 0));
    assert_eq!(number(&tally, "deliveries"), 6);
    assert_eq!((number(&tally, "records"), number(&tally, "mails")), (3, 10), "only what is new is counted");
    assert_eq!(number(&place.stats(), "mails"), 10);
}

#[test]
fn a_domain_is_the_same_however_it_is_spelt() {
    let place = Place::new();
    let tally = take_in(&place, &[ten_mails("same"), ten_mails("same").domain("Example.COM.")]);
    let (new, duplicate, conflicting) = kinds(&tally);
    assert_eq!((new, duplicate + conflicting), (1, 1));
    assert_eq!(number(&place.stats(), "mails"), 10);
    let filtered = place.run(["reports", "--domain", "EXAMPLE.com."]).json();
    assert_eq!(list(&filtered, "reports").len(), 1);
}

#[test]
fn equal_records_are_not_merged() {
    let place = Place::new();
    let report = ten_mails("a").record("192.0.2.1", 5, "pass", "pass").record("192.0.2.1", 5, "pass", "pass");
    let tally = take_in(&place, &[report]);
    assert_eq!((number(&tally, "records"), number(&tally, "mails")), (5, 20));
}
