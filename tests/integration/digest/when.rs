//! When a digest is sent, to whom, and what it says has changed.

use serde_json::{Value, json};

use super::{MailServer, SUNDAY, story, summary};
use crate::harness::Place;
use crate::report::Report;

fn settings(place: &Place, port: u16, digest: &str, more: &str) {
    let text = format!(
        "[digest]\n{digest}\n[smtp]\nhost = \"localhost\"\nport = {port}\ntls = \"none\"\nfrom = \"dmarc@example.com\"\n{more}\n"
    );
    place.write("ruascope.toml", text);
}

const TO: &str = "to = [\"ops@example.com\"]\nwhen = \"changes\"";

/// Sends to everybody, and gives what became of it.
#[track_caller]
fn deliveries(place: &Place, now: &str) -> Value {
    summary(place, &["--mail"], now).json()["deliveries"].clone()
}

#[test]
fn changes_are_told_once_and_a_missed_day_is_no_missed_change() {
    let place = story();
    let server = MailServer::start(&place, "none");
    settings(&place, server.port, TO, "");
    assert_eq!(deliveries(&place, SUNDAY)["sent"], json!(["ops@example.com"]), "the first one is news");
    let quiet = json!({"made": [], "nothing_new": ["ops@example.com"], "sent": [], "waiting": 0});
    assert_eq!(deliveries(&place, "2026-11-03T06:00:00Z"), quiet);
    let report =
        Report::new("new").domain("new.example").period(1_793_318_400, 86_399).record("192.0.2.1", 5, "pass", "pass");
    place.run(["ingest", "-q"]).arg(place.write("new.xml", report.xml())).check();
    // Nobody asked on the day it came.
    assert_eq!(deliveries(&place, "2026-11-05T06:00:00Z")["sent"], json!(["ops@example.com"]));
    let told = server.mails();
    let text = told[1]["text"].as_str().expect("text");
    assert!(text.contains("CHANGED SINCE 2026-11-01"), "{text}");
    assert!(text.contains("new domain new.example: 5 mails"), "{text}");
    assert_eq!(deliveries(&place, "2026-11-06T06:00:00Z"), quiet);
    assert_eq!(deliveries(&place, "2026-11-09T06:00:00Z")["sent"], json!(["ops@example.com"]), "a Monday");
    assert_eq!(server.mails().len(), 3);
}

#[test]
fn run_sends_one_digest_a_day() {
    let place = story();
    let server = MailServer::start(&place, "none");
    settings(&place, server.port, "to = [\"ops@example.com\"]", "");
    let run = |now: &str| super::sending(place.run(["run", "--quiet"])).now(now).json()["deliveries"].clone();
    assert_eq!(run(SUNDAY)["sent"], json!(["ops@example.com"]));
    assert_eq!(run("2026-11-01T18:00:00Z")["sent"], json!([]));
    assert_eq!(run("2026-11-02T06:00:00Z")["sent"], json!(["ops@example.com"]));
    let mails = server.mails();
    assert_eq!(mails.len(), 2);
    // It is about the last day, and compared with the day before.
    let text = mails[0]["text"].as_str().expect("text");
    assert!(text.contains("2026-10-31 (UTC)") && text.contains("In the day before"), "{text}");
    assert_ne!(mails[0]["headers"]["Message-ID"], mails[1]["headers"]["Message-ID"]);
}

#[test]
fn five_weeks_are_not_compared_with_the_day_that_run_tells_of() {
    let place = story();
    let server = MailServer::start(&place, "none");
    settings(&place, server.port, TO, "");
    // Not on a Monday, when everybody hears.
    let sent = |args: &[&str]| {
        super::sending(place.run(args)).arg("--quiet").now("2026-11-03T06:00:00Z").json()["deliveries"]["sent"].clone()
    };
    assert_eq!(sent(&["run"]), json!(["ops@example.com"]));
    assert_eq!(sent(&["summary", "--mail"]), json!(["ops@example.com"]), "the first one of five weeks is news");
    for args in [&["run"][..], &["summary", "--mail"], &["summary", "--mail", "--last", "day"]] {
        assert_eq!(sent(args), json!([]), "{args:?}");
    }
    assert_eq!(server.mails().len(), 2);
}

#[test]
fn the_owner_of_a_domain_hears_of_it_alone() {
    let place = story();
    let server = MailServer::start(&place, "none");
    let domain = "[[domain]]\nname = \"example.net\"\ndigest_to = [\"owner@example.net\"]";
    settings(&place, server.port, "to = [\"ops@example.com\"]", domain);
    assert_eq!(deliveries(&place, SUNDAY)["sent"], json!(["ops@example.com", "owner@example.net"]));
    let mails = server.mails();
    let text = mails[1]["text"].as_str().expect("text");
    assert_eq!(mails[1]["rcpt_tos"], json!(["owner@example.net"]));
    assert!(text.contains("example.net") && !text.contains("example.com"), "{text}");
}

#[test]
fn silence_is_a_problem_where_reports_should_come() {
    let place = story();
    let server = MailServer::start(&place, "none");
    let mailbox = "[mailbox.main]\nhost = \"localhost\"\nuser = \"user\"\npassword_env = \"NONE\"";
    settings(&place, server.port, "to = [\"ops@example.com\"]\nwhen = \"problems\"", mailbox);
    assert_eq!(deliveries(&place, SUNDAY)["sent"], json!([]), "nothing is wrong yet");
    assert_eq!(deliveries(&place, "2026-11-04T06:00:00Z")["sent"], json!(["ops@example.com"]));
    assert_eq!(deliveries(&place, "2026-11-04T07:00:00Z")["sent"], json!([]), "the same problem, the same day");
    assert_eq!(deliveries(&place, "2026-11-05T06:00:00Z")["sent"], json!(["ops@example.com"]), "another day");
    assert_eq!(server.mails()[0]["headers"]["Subject"], "[DMARC] BLIND: no reports for 4 days");
}

#[test]
fn a_week_and_a_month_are_whole_and_compared_with_the_one_before() {
    let place = story();
    let period = |args: &[&str], now: &str| {
        let summary = summary(&place, args, now).json();
        (summary["since"].clone(), summary["until"].clone(), summary["before"]["mails"].clone())
    };
    let (since, until, before) = period(&["--last", "week"], SUNDAY);
    assert_eq!((since, until), (json!("2026-10-19"), json!("2026-10-25")));
    let week_before = summary(&place, &["--since", "2026-10-12", "--until", "2026-10-18"], SUNDAY).json();
    assert_eq!(before, week_before["mails"]);
    let (since, until, before) = period(&["--last", "month"], SUNDAY);
    assert_eq!((since, until), (json!("2026-10-01"), json!("2026-10-31")));
    let month_before = summary(&place, &["--since", "2026-09-01", "--until", "2026-09-30"], SUNDAY).json();
    assert_eq!(before, month_before["mails"]);
    assert_eq!(period(&["--last", "day"], SUNDAY).1, json!("2026-10-31"));
}

#[test]
fn offline_nothing_is_sent_and_it_goes_with_the_next_command_that_may() {
    let place = story();
    let server = MailServer::start(&place, "none");
    settings(&place, server.port, TO, "");
    let offline = place.run(["summary", "--offline", "--mail", "--when", "always"]).now(SUNDAY);
    let told = "1 waiting in the store: --offline sends nothing, `ruascope summary --flush` without it does\n";
    offline.stderr(told).text();
    let made = place.run(["run", "--offline", "--quiet"]).now(SUNDAY).json()["deliveries"].clone();
    assert_eq!((&made["sent"], &made["waiting"]), (&json!([]), &json!(2)));
    assert_eq!(server.mails().len(), 0);
    let sent = summary(&place, &["--flush"], SUNDAY).json()["deliveries"].clone();
    assert_eq!(sent["sent"], json!(["ops@example.com", "ops@example.com"]));
    assert_eq!(server.mails().len(), 2);
}
