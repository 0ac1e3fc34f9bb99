//! A program that stays: mails are taken in as they come, whatever happens to the connection.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::server::{Server, Special, report_mail};

/// How long to wait for what has to happen at some time.
const PATIENCE: Duration = Duration::from_secs(40);

#[track_caller]
fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < deadline, "{what} does not happen");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill").arg(format!("-{name}")).arg(child.id().to_string()).status();
    assert!(sent.expect("kill has to run").success());
}

fn watch(server: &Server) -> Child {
    let mut command = server.command(&["watch", "--heartbeat", "alive"]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program has to start")
}

#[test]
fn mails_are_taken_in_as_they_come_until_it_is_told_to_end() {
    let server = Server::start();
    server.usual_settings("after = \"move:Archive\"");
    let child = watch(&server);
    wait_until("the first poll", || server.path("alive").exists());
    server.deliver("INBOX", "a", report_mail(0));
    wait_until("a mail in the store", || server.stored().0 == 1);
    wait_until("a mail in the archive", || server.mails("Archive").len() == 1);
    server.kick();
    server.deliver("INBOX", "b", report_mail(1));
    wait_until("a mail after the connection was lost", || server.stored().0 == 2);
    server.deliver("Other", "c", report_mail(2));
    server.usual_settings("folders = [\"INBOX\", \"Other\"]");
    signal(&child, "HUP");
    wait_until("a mail of a folder that is new in the settings", || server.stored().0 == 3);
    signal(&child, "TERM");
    let output = child.wait_with_output().expect("an end");
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(0), [].as_slice()), "{stderr}");
    assert!(stderr.contains("main: 1 mails: 1 new reports with 1 records about 1 mails\n"), "{stderr}");
    assert!(stderr.contains("error: mailbox main (localhost:"), "a lost connection is told: {stderr}");
    assert!(stderr.contains("the settings were read again\n"), "{stderr}");
    let last = stderr.lines().last().unwrap_or_default();
    assert!(last.starts_with("state: main read at 2") && last.ends_with("1 new reports, 0 rejected"), "{stderr}");
}

#[test]
fn a_server_that_does_not_tell_of_new_mail_is_asked() {
    let capability = Some("IMAP4rev1 LITERAL+ UIDPLUS MOVE");
    let server = Server::special(&Special { capability, ..Special::default() });
    server.usual_settings("after = \"move:Archive\"");
    let child = watch(&server);
    wait_until("the first poll", || server.path("alive").exists());
    server.deliver("INBOX", "a", report_mail(0));
    wait_until("a mail in the archive", || server.mails("Archive").len() == 1);
    assert_eq!(server.stored().0, 1);
    signal(&child, "TERM");
    let output = child.wait_with_output().expect("an end");
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{stderr}");
    assert!(!stderr.contains("error"), "{stderr}");
}

#[test]
fn a_slip_in_the_settings_does_not_end_it_later_but_does_at_once() {
    let server = Server::start();
    server.usual_settings("");
    let child = watch(&server);
    wait_until("the first poll", || server.path("alive").exists());
    std::fs::write(server.path("ruascope.toml"), "[mailbox.main]\nhots = \"localhost\"\n").expect("settings");
    signal(&child, "HUP");
    server.deliver("INBOX", "a", report_mail(0));
    wait_until("a mail in the store", || {
        let inside = rusqlite::Connection::open(server.path("s.db")).expect("a store");
        inside.query_row("SELECT count(*) FROM report", [], |row| row.get::<_, u32>(0)).expect("a number") == 1
    });
    signal(&child, "TERM");
    let output = child.wait_with_output().expect("an end");
    assert_eq!(output.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&output.stderr).contains("hots"));
    let (exit, ..) = server.run(&["watch"]);
    assert_eq!(exit, 78);
}
