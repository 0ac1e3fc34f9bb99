//! `run`: the daily job, with mailboxes.

use ruascope::store::Store;
use serde_json::Value;

use crate::server::{Server, ordinary_mail, report_mail};

#[test]
fn the_daily_job_fetches_all_mailboxes_and_takes_in_the_paths() {
    let server = Server::start();
    server.deliver("INBOX", "a", report_mail(1));
    server.deliver("INBOX", "b", ordinary_mail(1));
    std::fs::create_dir(server.path("in")).expect("a folder");
    std::fs::write(server.path("in/c.eml"), report_mail(2)).expect("a mail");
    server.usual_settings("after = \"move:Archive\"");
    let (exit, stdout, stderr) = server.run(&["run", "in", "--out", "out", "--format", "json"]);
    assert_eq!((exit, stderr.as_str()), (0, ""));
    let job: Value = serde_json::from_str(&stdout).expect("an object");
    assert_eq!((&job["ingest"]["deliveries"], &job["ingest"]["reports_new"]), (&3.into(), &2.into()));
    assert_eq!(job["failed"], serde_json::json!([]));
    assert_eq!((server.mails("Archive").len(), server.mails("INBOX").len()), (1, 1));
    assert!(server.path("out/digest.html").exists());
}

#[test]
fn a_mailbox_that_fails_stops_neither_the_others_nor_the_paths_nor_the_digest() {
    let server = Server::start();
    server.deliver("INBOX", "a", report_mail(1));
    std::fs::write(server.path("c.eml"), report_mail(2)).expect("a mail");
    server.usual_settings("");
    let good = std::fs::read_to_string(server.path("ruascope.toml")).expect("settings");
    let bad = good.replace("mailbox.main", "mailbox.bad").replace("\"user\"", "\"nobody\"");
    std::fs::write(server.path("ruascope.toml"), format!("{bad}\n{good}")).expect("settings");
    let (exit, stdout, stderr) = server.run(&["run", "c.eml", "--out", "out", "--format", "json"]);
    assert_eq!(exit, 77, "{stderr}");
    let job: Value = serde_json::from_str(&stdout).expect("an object");
    assert_eq!(job["ingest"]["reports_new"], 2);
    let error = "mailbox bad (localhost:";
    assert!(job["failed"][0].as_str().is_some_and(|text| text.starts_with(error)), "{stdout}");
    assert!(server.path("out/digest.html").exists());
    let (exit, stdout, stderr) = server.run(&["run", "-q", "c.eml", "--out", "out"]);
    assert!(exit == 77 && stderr.starts_with(&format!("error: {error}")), "{exit}: {stderr}");
    assert!(stdout.contains("example.com"), "the summary is told all the same: {stdout}");
    let (exit, _, stderr) = server.run(&["run", "missing.eml", "--out", "out"]);
    assert_eq!(
        (exit, stderr.as_str()),
        (74, "error: there is no file or folder missing.eml\n"),
        "before anything is done"
    );
}

#[test]
fn a_fetch_keeps_the_alarms_of_what_it_brought() {
    let server = Server::start();
    for day in 0..8_u64 {
        let policy = if day < 4 { "<p>reject</p>" } else { "<p>none</p>" };
        let begin_s = 1_760_659_200 + day * 86_400;
        let mail = report_mail(day).replace("<p>none</p>", policy).replace("1760659200", &begin_s.to_string());
        server.deliver("INBOX", &day.to_string(), mail.replace("1760745599", &(begin_s + 86_399).to_string()));
    }
    server.usual_settings("[[domain]]\nname = \"example.com\"\n");
    assert_eq!(server.fetch(&[])["reports_new"], 8);
    let store = Store::open_to_read(&server.path("s.db")).expect("the store");
    let alarms = store.alarms("example.com").expect("alarms");
    let weakened = alarms.iter().find(|alarm| alarm.kind.as_str() == "policy-weakened");
    assert_eq!(weakened.map(|alarm| &*alarm.detail), Some("reject -> none"), "{alarms:?}");
}
