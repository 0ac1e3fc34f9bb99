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
    assert!(stderr.contains("main: 1 mail: 1 new report with 1 record about 1 mail\n"), "{stderr}");
    assert!(stderr.contains("error: mailbox main (localhost:"), "a lost connection is told: {stderr}");
    assert!(stderr.contains("the settings were read again\n"), "{stderr}");
    let last = stderr.lines().last().unwrap_or_default();
    assert!(last.starts_with("state: main read at 2") && last.ends_with("1 new report, 0 rejected"), "{stderr}");
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

#[test]
fn several_mailboxes_are_watched_at_once_and_their_state_is_told() {
    let server = Server::start();
    std::fs::write(server.path("passwd"), "user:{PLAIN}pass w\u{f6}rd\"\\\nother:{PLAIN}pass w\u{f6}rd\"\\\n")
        .expect("a file");
    server.usual_settings("folders = [\"INBOX\", \"Reports\"]");
    server.deliver("Reports", "a", report_mail(0));
    let one = std::fs::read_to_string(server.path("ruascope.toml")).expect("settings");
    let other =
        one.replace("mailbox.main", "mailbox.second").replace("\"user\"", "\"other\"").replace(", \"Reports\"", "");
    std::fs::write(server.path("ruascope.toml"), format!("{one}\n{other}")).expect("settings");
    let mut command = server.command(&["watch", "--heartbeat", "alive", "--status-every", "1"]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program has to start");
    wait_until("the first poll of both", || server.path("alive").exists());
    server.deliver("INBOX", "b", report_mail(1));
    server.deliver_to("other", "c", report_mail(2));
    wait_until("a mail of each", || server.stored().0 == 3);
    std::thread::sleep(Duration::from_millis(1_500));
    signal(&child, "TERM");
    let output = child.wait_with_output().expect("an end");
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{stderr}");
    let states =
        stderr.lines().filter(|line| line.starts_with("state: main read at 2") && line.contains("; second read at 2"));
    assert!(states.count() >= 2, "{stderr}");
    assert!(stderr.contains("second: 1 mail: 1 new report"), "{stderr}");
}

#[test]
fn the_system_is_told_when_it_is_ready_alive_and_ending() {
    let server = Server::start();
    server.usual_settings("");
    let path = server.path("notify");
    let socket = std::os::unix::net::UnixDatagram::bind(&path).expect("a socket");
    socket.set_read_timeout(Some(PATIENCE)).expect("a time-out");
    let mut command = server.command(&["watch"]);
    let child = command.env("NOTIFY_SOCKET", &path).stderr(Stdio::null()).spawn().expect("the program has to start");
    let told = || {
        let mut buffer = [0; 100];
        let bytes = socket.recv(&mut buffer).expect("a message");
        String::from_utf8_lossy(&buffer[..bytes]).into_owned()
    };
    assert_eq!([told(), told()], ["READY=1", "WATCHDOG=1"]);
    signal(&child, "TERM");
    // A watch begins with two looks, so it may tell twice that it is alive.
    let last = std::iter::repeat_with(told).find(|told| told != "WATCHDOG=1");
    assert_eq!(last.as_deref(), Some("STOPPING=1"));
    assert_eq!(child.wait_with_output().expect("an end").status.code(), Some(0));
}

#[test]
fn a_server_that_is_away_is_no_reason_to_be_restarted() {
    let mut server = Server::start();
    server.usual_settings("");
    server.stop();
    let path = server.path("notify");
    let socket = std::os::unix::net::UnixDatagram::bind(&path).expect("a socket");
    socket.set_read_timeout(Some(PATIENCE)).expect("a time-out");
    let mut command = server.command(&["watch", "--heartbeat", "alive"]);
    let mut child =
        command.env("NOTIFY_SOCKET", &path).stderr(Stdio::null()).spawn().expect("the program has to start");
    let told = || {
        let mut buffer = [0; 100];
        let bytes = socket.recv(&mut buffer).unwrap_or_default();
        String::from_utf8_lossy(&buffer[..bytes]).into_owned()
    };
    let all = [told(), told(), told()];
    child.kill().expect("it runs still");
    child.wait().expect("an end");
    assert_eq!(all, ["READY=1", "WATCHDOG=1", "WATCHDOG=1"]);
    assert!(!server.path("alive").exists(), "nothing was read");
}

#[test]
fn told_to_end_in_the_middle_it_finishes_what_is_in_hand() {
    let server = Server::start();
    let reports = 5_000;
    for number in 0..reports {
        server.deliver("INBOX", &format!("r{number}"), report_mail(number));
    }
    server.usual_settings("after = \"move:Archive\"");
    let child = watch(&server);
    wait_until("the first mails in the store", || {
        std::fs::metadata(server.path("s.db-wal")).is_ok_and(|journal| journal.len() > 300_000)
    });
    signal(&child, "TERM");
    let output = child.wait_with_output().expect("an end");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let stored = server.stored().0;
    assert!(stored > 0 && stored < reports, "{stored} of {reports}: it ends in the middle");
    assert_eq!(server.mails("Archive").len() as u64, stored, "what is stored is moved, and nothing else");
    assert_eq!(server.fetch(&[])["reports_new"], reports - stored);
    assert_eq!((server.mails("Archive").len() as u64, server.mails("INBOX").len()), (reports, 0));
}

#[test]
fn it_comes_back_when_the_server_does() {
    let mut server = Server::start();
    server.usual_settings("");
    let child = watch(&server);
    wait_until("the first poll", || server.path("alive").exists());
    // Connections may outlive the server.
    server.kick();
    server.stop();
    std::thread::sleep(Duration::from_secs(3));
    server.resume();
    server.deliver("INBOX", "a", report_mail(0));
    wait_until("a mail of the server that came back", || server.stored().0 == 1);
    signal(&child, "TERM");
    let output = child.wait_with_output().expect("an end");
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{stderr}");
    let refused = stderr.lines().filter(|line| line.contains("connect: could not connect"));
    assert!(refused.count() >= 1, "{stderr}");
}
