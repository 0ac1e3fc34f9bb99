//! Exit codes, and what stands on standard error beside them.

use super::{assert_schema, take_in, ten_mails};
use crate::harness::{Place, Run, fixture, list, number};

#[test]
fn without_a_command_it_says_what_there_is() {
    let output = Run::new([""; 0]).command().output().expect("the program starts");
    assert_eq!(output.status.code(), Some(64));
    assert!(String::from_utf8_lossy(&output.stderr).contains("Usage: ruascope"));
}

#[test]
fn wrong_usage_is_64() {
    Run::new(["bogus"])
        .exit(64)
        .stderr("error: unrecognized subcommand 'bogus'\n\nUsage: ruascope [OPTIONS] <COMMAND>\n\nFor more information, try '--help'.\n")
        .check();
    for args in [
        vec!["ingest"],
        vec!["reports", "--days", "0"],
        vec!["reports", "--days", "7", "--since", "7d"],
        vec!["reports", "--since", "someday"],
        vec!["reports", "--until", "2026-13-01"],
        vec!["reports", "--format", "yaml"],
        vec!["reports", "--xml"],
        vec!["reports", "--now", "yesterday"],
        vec!["summary", "--day", "2026-01-01", "--days", "3"],
        vec!["summary", "--since", "2026-01-05", "--until", "2026-01-04"],
        vec!["simulate", "example.com", "--days", "401"],
        vec!["export", "everything"],
        vec!["chart", "volume", "-o", "chart.gif"],
        vec!["chart", "volume"],
        vec!["chart", "volume", "--term", "-o", "chart.svg"],
        vec!["completions", "tcl"],
        vec!["store", "prune"],
        vec!["sources", "--by", "colour"],
    ] {
        let run = Run::new(&args);
        let output = run.command().output().expect("the program starts");
        assert_eq!(output.status.code(), Some(64), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        assert!(output.stdout.is_empty() && output.stderr.starts_with(b"error: "), "{args:?}");
    }
}

#[test]
fn wrong_usage_is_an_error_object_too() {
    for args in [vec!["bogus"], vec!["reports", "--days", "0"], vec!["ingest"], vec!["reports", "--since", "someday"]] {
        let error = Run::new(args).exit(64).error();
        assert_schema(&error, "error", &["kind", "message", "causes", "hints"]);
        assert_eq!(error["kind"], "usage");
    }
}

#[test]
fn bad_settings_are_78() {
    let place = Place::new();
    let unknown = place.write("unknown.toml", "[store]\nkeep_rawr = true\n");
    let no_toml = place.write("no.toml", "[store\n");
    for file in [&unknown, &no_toml, &place.path().join("missing.toml")] {
        let error = place.run(["reports"]).arg("--config").arg(file).exit(78).error();
        assert_schema(&error, "error", &["kind", "message", "causes", "hints"]);
        assert_eq!(error["kind"], "configuration", "{}", file.display());
    }
    place
        .run(["config", "check"])
        .arg("--config")
        .arg(&unknown)
        .exit(78)
        .stderr("error: could not use the settings: [TEMP]/unknown.toml:2: unknown key `keep_rawr` in `store`\nhint: did you mean `keep_raw`?\n")
        .check();
    let error = place.run(["reports"]).store("postgres://host/db").exit(78).error();
    assert_eq!(error["kind"], "configuration");
    place.run(["reports"]).env("RUASCOPE_STORE_KEEP_RAW", "perhaps").exit(78).error();
}

#[test]
fn a_missing_path_is_74_and_nothing_is_taken_in() {
    let place = Place::new();
    let report = place.write("in/report.xml", ten_mails("a").xml());
    place
        .run(["ingest"])
        .arg(&report)
        .arg("nowhere")
        .exit(74)
        .stderr("error: there is no file or folder nowhere\n")
        .check();
    let error = place.run(["ingest", "nowhere"]).exit(74).error();
    assert_eq!((&error["schema"], &error["kind"]), (&"ruascope.error/1".into(), &"io".into()));
    assert_eq!(number(&place.stats(), "reports"), 0);
}

#[test]
fn a_store_that_can_not_be_made_is_73_and_one_that_is_none_is_an_error() {
    let place = Place::new();
    let report = place.write("in/report.xml", ten_mails("a").xml());
    let error = place.run(["ingest"]).arg(&report).store("/dev/null/store.db").exit(73).error();
    assert_eq!(error["kind"], "cannot_create");
    assert!(!list(&error, "hints").is_empty(), "a way out is named: {error}");
    let text =
        place.write("text.db", "this is no database, but a text that is long enough to be looked at\n".repeat(30));
    let error = place.run(["reports"]).store(&text).exit(65).error();
    assert_eq!(error["kind"], "data");
    assert!(error["message"].as_str().is_some_and(|said| said.contains("is no database")), "{error}");
}

#[test]
fn something_asked_for_that_is_not_there_is_65() {
    let place = Place::new();
    for args in [["reports", "7"], ["rejected", "7"]] {
        let error = place.run(args).exit(65).error();
        assert_eq!(error["kind"], "data");
    }
    place.run(["reports", "7"]).exit(65).stderr("error: there is no report 7\n").check();
}

#[test]
fn rejections_are_no_failure_unless_asked_for() {
    let broken = fixture("malformed/no-report-id.xml");
    for (flags, exit) in [(vec![], 0), (vec!["--fail-on-rejected"], 65)] {
        let place = Place::new();
        let tally = place.run(["ingest"]).args(flags).arg(&broken).exit(exit).json();
        assert_eq!(number(&tally, "rejected"), 1);
    }
    let place = Place::new();
    let tally = take_in(&place, &[ten_mails("a")]);
    assert_eq!(number(&tally, "rejected"), 0);
    let again = place.path().join("in/0.xml");
    let ordinary = place.write("in/mail.eml", crate::report::ordinary_mail());
    // A duplicate, and no report at all, are no rejections.
    let tally = place.run(["ingest", "--fail-on-rejected"]).args([again, ordinary]).json();
    assert_eq!((number(&tally, "reports_duplicate"), number(&tally, "ignored")), (1, 1));
    place.run(["run", "--fail-on-rejected", "--quiet", "--offline"]).arg(&broken).exit(65).text();
}

#[test]
fn an_audit_that_finds_a_difference_is_2() {
    let damages = [
        ("sums of a report", "UPDATE report SET neither = neither + 1 WHERE id = 1"),
        ("a sum of a day", "UPDATE daily SET dkim_and_spf = dkim_and_spf + 1 WHERE dimension = 0"),
        ("a day that is missing", "DELETE FROM daily WHERE dimension = 1"),
        ("sources of a day that are missing", "DELETE FROM daily_sources"),
        ("records that are cut", "UPDATE report_records SET packed = substr(packed, 1, length(packed) - 1)"),
        ("a report that is missing", "DELETE FROM report WHERE id = 1"),
        ("raw bytes of something else", "UPDATE raw SET packing = 0, bytes = CAST('something else' AS BLOB)"),
    ];
    for (what, damage) in damages {
        let place = Place::new();
        take_in(&place, &[ten_mails("a"), ten_mails("b").org("other.example")]);
        assert_eq!(place.run(["store", "audit"]).json()["clean"], true);
        let store = rusqlite::Connection::open(place.store()).expect("a store");
        let changed = store.execute(damage, []).expect("a statement that fits the store");
        assert!(changed > 0, "{what}: nothing was damaged");
        drop(store);
        let audit = place.run(["store", "audit"]).exit(2).json();
        assert_schema(&audit, "audit", &["clean", "raw", "reports", "records", "mails", "differences"]);
        assert_eq!(audit["clean"], false, "{what}");
        assert!(!list(&audit, "differences").is_empty(), "{what}");
        let text = place.run(["store", "audit"]).exit(2).text();
        assert!(text.contains("DAMAGED"), "{what}: {text}");
    }
}

#[test]
fn a_rebuild_repairs_what_raw_bytes_can_repair() {
    let place = Place::new();
    take_in(&place, &[ten_mails("a"), ten_mails("b").org("other.example")]);
    let store = rusqlite::Connection::open(place.store()).expect("a store");
    store
        .execute_batch(
            "UPDATE report SET neither = 77; DELETE FROM daily; DELETE FROM daily_sources; DELETE FROM report_records",
        )
        .expect("damage");
    drop(store);
    place.run(["store", "audit"]).exit(2).json();
    place.run(["store", "rebuild", "--quiet"]).text();
    assert_eq!(place.run(["store", "audit"]).json()["clean"], true);
    assert_eq!(number(&place.stats(), "mails"), 20);
}

#[test]
fn where_no_domain_is_known_nothing_is_known_of_any() {
    for args in [vec!["recommend"], vec!["check"], vec!["watch", "--since-change"]] {
        let error = Run::new(args).exit(3).error();
        assert_eq!(error["kind"], "unknown");
    }
    Run::new(["status"]).exit(3).text();
}
