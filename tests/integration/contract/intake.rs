//! Where reports can come from.

use super::{take_in, ten_mails};
use crate::harness::{Place, fixture, number};
use crate::report::{Report, mbox, ordinary_mail};

/// Deliveries, new reports, ignored.
fn counts(tally: &serde_json::Value) -> (u64, u64, u64) {
    (number(tally, "deliveries"), number(tally, "reports_new"), number(tally, "ignored"))
}

#[test]
fn standard_input_holds_whatever_a_file_can() {
    let report = ten_mails("a");
    for (what, bytes) in [
        ("xml", report.xml().into_bytes()),
        ("gzip", report.gzip()),
        ("mail", report.mail().into_bytes()),
        ("mbox", mbox(&[report.mail(), ten_mails("b").mail()]).into_bytes()),
    ] {
        let place = Place::new();
        let expected = if what == "mbox" { (2, 2, 0) } else { (1, 1, 0) };
        let tally = place.run(["ingest", "-"]).stdin(bytes).json();
        assert_eq!(counts(&tally), expected, "{what}");
        assert_eq!(number(&place.stats(), "mails"), 10 * expected.1, "{what}");
    }
    let place = Place::new();
    assert_eq!(counts(&place.run(["ingest", "-"]).json()), (1, 0, 1), "nothing is no report");
}

#[test]
fn standard_input_and_files_go_together() {
    let place = Place::new();
    let file = place.write("a.xml", ten_mails("a").xml());
    let tally = place.run(["ingest", "-"]).arg(file).stdin(ten_mails("b").gzip()).json();
    assert_eq!(counts(&tally), (2, 2, 0));
}

#[test]
fn folders_are_read_with_all_that_is_below() {
    let place = Place::new();
    for (number, name) in
        ["in/a.xml", "in/deep/b.xml", "in/deep/deeper/c.xml", "in/.hidden/d.xml", "in/no ending"].iter().enumerate()
    {
        place.write(name, ten_mails(&number.to_string()).xml());
    }
    place.write("in/notes.txt", "nothing about mail");
    assert_eq!(counts(&place.run(["ingest", "in"]).json()), (6, 5, 1));
}

#[test]
#[cfg(unix)]
fn a_loop_of_links_ends() {
    let place = Place::new();
    place.write("in/deep/a.xml", ten_mails("a").xml());
    std::os::unix::fs::symlink("..", place.path().join("in/deep/up")).expect("a link");
    std::os::unix::fs::symlink(".", place.path().join("in/here")).expect("a link");
    let tally = place.run(["ingest", "in"]).json();
    assert_eq!((number(&tally, "deliveries"), number(&tally, "reports_new")), (1, 1));
}

#[test]
#[cfg(unix)]
fn a_link_to_nowhere_costs_only_itself() {
    let place = Place::new();
    place.write("in/b.xml", ten_mails("b").xml());
    std::os::unix::fs::symlink("nowhere", place.path().join("in/a.xml")).expect("a link");
    let run = place.run(["ingest", "in", "--format", "json"]);
    let output = run.command().arg("--quiet").output().expect("the program starts");
    assert!(matches!(output.status.code(), Some(0 | 74)), "{output:?}");
    assert_eq!(number(&place.stats(), "reports"), 1);
}

#[test]
fn an_mbox_delivers_mail_by_mail() {
    let place = Place::new();
    let quoted = Report::new("quoted").org("From here").record("192.0.2.9", 4, "pass", "pass");
    let mails = [ten_mails("a").mail(), ordinary_mail(), ten_mails("b").mail(), quoted.mail()];
    place.write("in/box", mbox(&mails));
    let tally = place.run(["ingest", "in"]).json();
    assert_eq!(counts(&tally), (4, 3, 1));
    let origins: Vec<String> = place.reports().iter().map(|report| report["origin"].to_string()).collect();
    assert!(origins.iter().any(|origin| origin.contains("in/box#1")), "{origins:?}");
}

#[test]
fn a_maildir_is_read_without_what_is_not_delivered_yet() {
    let place = Place::new();
    place.write("Maildir/cur/1767600000.M1.host:2,S", ten_mails("a").mail());
    place.write("Maildir/new/1767600001.M2.host", ten_mails("b").mail());
    place.write("Maildir/tmp/1767600002.M3.host", ten_mails("c").mail());
    place.write("Maildir/.dmarc/cur/1767600003.M4.host:2,", ten_mails("d").mail());
    place.write("Maildir/.dmarc/new/1767600004.M5.host", ordinary_mail());
    place.write("Maildir/.dmarc/tmp/1767600005.M6.host", ten_mails("e").mail());
    let tally = place.run(["ingest", "Maildir"]).json();
    assert_eq!(counts(&tally), (4, 3, 1));
    let mut ids: Vec<String> =
        place.reports().iter().map(|report| report["report_id"].as_str().expect("an id").to_owned()).collect();
    ids.sort();
    assert_eq!(ids, ["a", "b", "d"]);
}

#[test]
fn a_folder_that_is_called_tmp_is_no_maildir() {
    let place = Place::new();
    place.write("in/tmp/a.xml", ten_mails("a").xml());
    assert_eq!(counts(&place.run(["ingest", "in"]).json()), (1, 1, 0));
}

#[test]
fn a_delivery_may_hold_several_reports_and_others_none() {
    let place = Place::new();
    let zip = fixture("quirk/zip-two-reports-and-readme.zip");
    let tally = place.run(["ingest"]).arg(&zip).json();
    assert_eq!(counts(&tally), (1, 2, 0));
    assert_eq!(number(&tally, "bytes"), zip.metadata().expect("a file").len());
}

#[test]
fn raw_bytes_come_back_as_received() {
    let report = ten_mails("a");
    for (name, bytes) in [("a.xml", report.xml().into_bytes()), ("a.xml.gz", report.gzip())] {
        let place = Place::new();
        let file = place.write(name, &bytes);
        place.run(["ingest", "--quiet"]).arg(file).check();
        let id = place.reports()[0]["id"].to_string();
        assert!(place.run(["reports", id.as_str(), "--xml"]).bytes() == bytes, "{name}");
    }
    for name in ["quirk/zip-two-reports-and-readme.zip", "quirk/gzip-trailing-bytes.xml.gz", "quirk/utf16le.xml"] {
        let file = fixture(name);
        let place = Place::with(&[&file]);
        let bytes = std::fs::read(&file).expect("a readable fixture");
        assert!(place.run(["reports", "1", "--xml"]).bytes() == bytes, "{name}");
    }
    let place = Place::new();
    let file = place.write("a.eml", report.mail());
    place.run(["ingest", "--quiet"]).arg(file).check();
    let attached = place.run(["reports", "1", "--xml"]).exact();
    assert_eq!(attached.replace("\r\n", "\n").trim_end(), report.xml().trim_end(), "the attachment of a mail");
}

#[test]
fn without_raw_bytes_there_are_sums_all_the_same() {
    let place = Place::new();
    let settings = place.write("ruascope.toml", "[store]\nkeep_raw = false\n");
    let file = place.write("in/a.xml", ten_mails("a").xml());
    place.run(["ingest", "--quiet"]).arg("--config").args([&settings, &file]).check();
    assert_eq!(number(&place.stats(), "mails"), 10);
    let error = place.run(["reports", "1", "--xml"]).exit(65).error();
    assert!(error["message"].as_str().is_some_and(|message| message.contains("raw")), "{error}");
    assert_eq!(place.run(["store", "audit"]).json()["clean"], true);
    // A rebuild has nothing to rebuild from, and must not lose what is there.
    place.run(["store", "rebuild"]).exit(65).error();
    assert_eq!(number(&place.stats(), "mails"), 10);
}

#[test]
fn odd_names_of_files_do_not_matter() {
    let place = Place::new();
    for (number, name) in
        ["in/blank and ünï.xml", "in/-dash.xml", "in/quote'\".xml", "in/new\nline.xml"].iter().enumerate()
    {
        place.write(name, ten_mails(&number.to_string()).xml());
    }
    assert_eq!(counts(&place.run(["ingest", "in"]).json()), (4, 4, 0));
    assert_eq!(place.reports().len(), 4);
}

#[test]
fn a_report_that_saw_no_mail_is_a_report() {
    let place = Place::new();
    let tally = take_in(&place, &[Report::new("empty")]);
    assert_eq!((number(&tally, "reports_new"), number(&tally, "records"), number(&tally, "mails")), (1, 0, 0));
    let stats = place.stats();
    assert_eq!((stats["first_day"].as_str(), number(&stats, "reports")), (Some("2026-01-05"), 1));
}
