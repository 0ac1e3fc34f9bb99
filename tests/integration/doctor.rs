//! `doctor`: one line for everything between a receiver and the digest.

use serde_json::Value;

use crate::harness::{Place, Run, fixture, list};
use crate::name_server::NameServer;

/// The day after the newest report of the story.
const NOW: &str = "2026-11-01T06:00:00Z";

const ZONE: &str = "example.com MX 10 mx.example.com\nmx.example.com A 192.0.2.1\n\
    example.com TXT \"v=spf1 mx -all\"\n\
    _dmarc.example.com TXT \"v=DMARC1; p=none; rua=mailto:d@example.com,mailto:d@reports.example.net\"\n\
    reports.example.net MX 10 mx.example.com\n\
    s1._domainkey.example.com TXT KEY\n";

const KEY: &str = include_str!("../../fixtures/dns/dkim_key/rsa2048.txt");

/// A server for a zone, in which `KEY` stands for a record with a key.
fn serve(zone: &str) -> NameServer {
    let (start, rest) = KEY.trim().split_at(200);
    NameServer::start(&zone.replace("KEY", &format!("\"{start}\" \"{rest}\"")))
}

/// A place with the story, taken in on the day after, and the settings of a server for the zone.
fn place(server: &NameServer, settings: &str) -> Place {
    let place = Place::new();
    place.run(["ingest", "--quiet"]).arg(fixture("story")).now(NOW).check();
    place.write("ruascope.toml", format!("{}{settings}", server.settings()));
    place
}

fn doctor(place: &Place) -> Run {
    doctor_at(place, NOW)
}

fn doctor_at(place: &Place, now: &str) -> Run {
    place.run(["doctor"]).now(now).online()
}

/// The states and texts of a part.
fn lines(object: &Value, part: &str) -> Vec<(String, String)> {
    let text = |line: &Value, name: &str| line[name].as_str().expect("a text").to_owned();
    let lines = list(object, "lines");
    let of_part = lines.iter().filter(|line| line["part"] == part);
    of_part.map(|line| (text(line, "state"), text(line, "text"))).collect()
}

#[track_caller]
fn has(object: &Value, part: &str, state: &str, text: &str) {
    let found = lines(object, part);
    let is_it = |(found_state, found_text): &(String, String)| found_state == state && found_text.contains(text);
    assert!(found.iter().any(is_it), "{part} {state} {text} in {found:#?}");
}

#[test]
fn a_healthy_installation_is_told_line_by_line() {
    let agreed = "example.com._report._dmarc.reports.example.net TXT \"v=DMARC1\"\n";
    let server = serve(&format!("{ZONE}{agreed}"));
    let place = place(&server, "[[domain]]\nname = \"example.com\"\n");
    let object = doctor(&place).exit(1).json();
    assert_eq!((object["schema"].as_str(), object["failed"].as_u64()), (Some("ruascope.doctor/1"), Some(0)));
    has(&object, "settings", "ok", "domains: 1, mailboxes: 0");
    has(&object, "store", "ok", "641 reports");
    has(&object, "store", "ok", "nothing wrong");
    has(&object, "store", "ok", "only its owner may read it (0600)");
    has(&object, "clock", "ok", "now is 2026-11-01T06:00:00Z");
    has(&object, "dns", "ok", "answers (_dmarc.example.com)");
    has(&object, "rua", "ok", "d@reports.example.net, which agrees to take reports");
    has(&object, "reports", "ok", "2026-10-31, yesterday");
    has(&object, "reporters", "warning", "has not since 2026-10-18");
    assert!(
        lines(&object, "mail").is_empty() && lines(&object, "mailbox").is_empty(),
        "nobody set them up: {object:#}"
    );
    let text = doctor(&place).exit(1).text();
    assert!(text.starts_with("ok       settings  ") && text.ends_with("\n0 failed, 1 to look at\n"), "{text}");
    assert!(text.contains("warning  reporters \"Mail.Ru\": "), "{text}");
}

#[test]
fn what_does_not_work_is_told_with_what_to_do() {
    let server = serve(ZONE);
    let more = "[[domain]]\nname = \"example.com\"\n[[domain.dkim]]\nselector = \"s1\"\nkey = \"own.pem\"\n\
        [mailbox.main]\nhost = \"localhost\"\nport = 1\ntls = \"none\"\nuser = \"u\"\npassword_env = \"SECRET\"\n\
        [digest]\nto = [\"ops@example.com\"]\n[smtp]\nhost = \"localhost\"\nport = 1\ntls = \"none\"\nfrom = \"d@example.com\"\n\
        [webhook.chat]\nurl_env = \"NOT_SET\"\n";
    let place = place(&server, more);
    let key = std::fs::read(fixture("keys/rsa-pkcs8.pem")).expect("a key");
    let path = place.write("own.pem", key);
    for path in [&path, &place.store()] {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o644)).expect("a file");
    }
    let object = doctor_at(&place, "2026-11-20T06:00:00Z").env("SECRET", "hunter2").exit(2).json();
    has(&object, "store", "warning", "others may read or write it (0644)");
    has(&object, "rua", "warning", "does not authorise it");
    has(&object, "keys", "warning", "others may read or write it (0644)");
    has(&object, "keys", "failed", "differs from the public half of your private key");
    has(&object, "mailbox", "failed", "could not connect");
    has(&object, "reports", "failed", "20 days ago: they have stopped");
    has(&object, "mail", "failed", "could not send by the mail server localhost:1");
    has(&object, "webhook", "failed", "the environment variable for the url is not set");
    let text = doctor_at(&place, "2026-11-20T06:00:00Z").env("SECRET", "hunter2").exit(2).text();
    assert!(text.contains("-> example.com._report._dmarc.reports.example.net TXT \"v=DMARC1\"\n"), "{text}");
    assert!(text.contains("FAILED   webhook   chat: ") && !text.contains("hunter2"), "{text}");
    let silent = place.run(["doctor", "--offline"]).now(NOW).env("SECRET", "x").exit(2).json();
    has(&silent, "dns", "skipped", "--offline");
}

#[test]
fn a_clock_that_is_behind_and_settings_with_faults_are_the_first_to_be_told() {
    let server = serve(ZONE);
    let place = place(&server, "");
    let object = place.run(["doctor", "--offline"]).now("2026-10-31T05:00:00Z").exit(2).json();
    has(&object, "clock", "failed", "something was taken in 90000 s later than that");
    place.write("ruascope.toml", "[stoer]\n");
    let expected =
        "FAILED   settings  could not use the settings: ruascope.toml:1: unknown section `stoer` at the top\n";
    let text = place.run(["doctor"]).exit(2).text();
    assert!(
        text.starts_with(expected) && text.contains("-> ") && text.ends_with("\n1 failed, 0 to look at\n"),
        "{text}"
    );
    Run::new(["doctor"]).exit(1).text();
}

#[test]
fn a_damaged_store_is_told_and_not_touched() {
    let place = Place::with(&[&fixture("story")]);
    let mut bytes = std::fs::read(place.store()).expect("a store");
    let middle = bytes.len() / 2;
    bytes[middle..middle + 8_192].fill(0xaa);
    std::fs::write(place.store(), &bytes).expect("a store");
    let object = place.run(["doctor", "--offline"]).exit(2).json();
    has(&object, "store", "failed", "");
    assert_eq!(std::fs::read(place.store()).expect("a store"), bytes);
}
