//! Servers that stop answering: nothing waits for ever, and the error says at which stage.

use std::net::{TcpListener, TcpStream};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use ruascope::config::{Auth, Host, MailboxSettings};
use ruascope::ingest::{MailboxFailure, Options, Poll, Tally, poll};
use ruascope::intake::imap::Session;
use ruascope::limits::Limits;
use ruascope::store::Store;

use crate::fake::{Fake, Reply, settings};

/// Polls once, with a second of patience, and gives the error.
fn failure(settings: &MailboxSettings) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let mut store = Store::open(&folder.path().join("s.db")).expect("a store");
    let limits = Limits { connect_timeout_s: 1, read_timeout_s: 1, ..Limits::standard() };
    let options = Options { limits, keep_raw: true, now_s: 1_761_000_000 };
    let stop = AtomicBool::new(false);
    let of = Poll {
        name: "main",
        settings,
        options: &options,
        rescan: false,
        pause: Duration::ZERO,
        meeting: None,
        stop: &stop,
    };
    let mut tally = Tally::default();
    let error = poll(&of, &mut store, &mut tally, &mut |_, _| {}).expect_err("it has to fail");
    assert!(matches!(&error, MailboxFailure::Mailbox(error) if error.is_passing), "it is worth trying again: {error}");
    assert_eq!(tally, Tally::default());
    error.to_string()
}

#[test]
fn a_server_that_never_greets_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let says = |tls: &str| failure(&MailboxSettings { tls: tls_of(tls), ..settings(port, "") });
    let start = format!("mailbox main (127.0.0.1:{port}), ");
    let silent = "the server did not answer in time";
    assert_eq!(says("none"), format!("{start}greeting: wait for the server's first line: {silent}"));
    assert_eq!(says("starttls"), format!("{start}greeting: wait for the server's first line: {silent}"));
    assert_eq!(says("implicit"), format!("{start}TLS: {silent}"));
}

pub(crate) fn tls_of(word: &str) -> ruascope::config::Tls {
    use ruascope::config::Tls;
    match word {
        "none" => Tls::None,
        "starttls" => Tls::Starttls,
        _ => Tls::Implicit,
    }
}

#[test]
fn a_server_that_stops_in_the_middle_of_a_mail_is_given_up() {
    let fake = Fake::start("IMAP4rev1 UIDPLUS", |command| {
        if command.contains("BODY.PEEK") {
            Reply::Stall("* 1 FETCH (UID 1 BODY[] {100}\r\nSubject: Report".to_owned())
        } else {
            Reply::Usual
        }
    });
    let error = failure(&fake.settings(""));
    assert!(error.ends_with("fetch: read mails: the server did not answer in time"), "{error}");
    let asked = fake.heard().iter().filter(|command| command.contains("BODY.PEEK")).count();
    assert_eq!(asked, 3, "it is tried again twice");
}

#[test]
fn a_server_that_does_not_answer_a_login_is_given_up() {
    let fake =
        Fake::start(
            "IMAP4rev1",
            |command| {
                if command.starts_with("LOGIN") { Reply::Stall(String::new()) } else { Reply::Usual }
            },
        );
    let error = failure(&fake.settings(""));
    assert!(error.ends_with("login: log in as user: the server did not answer in time"), "{error}");
}

#[test]
fn a_command_that_hangs_is_given_up_and_named() {
    let mut password = settings(1, "");
    password.password_command = Some("exec sleep 600".to_owned());
    let hangs = Some("exec sleep 600".to_owned());
    let token =
        MailboxSettings { auth: Auth::Xoauth2, password_command: None, token_command: hangs, ..settings(1, "") };
    let limits = Limits { command_timeout_s: 1, ..Limits::standard() };
    for (what, settings) in [("password", password), ("token", token)] {
        let error = Session::open("main", &settings, &limits).expect_err("it has to fail");
        let says = format!("mailbox main (127.0.0.1:1), secret: the {what} command did not end within 1 s");
        assert_eq!(error.to_string(), says);
        let hint =
            format!("`{what}_command` must not wait for anybody; if it only is slow, raise `limits.command_timeout_s`");
        assert_eq!(error.hints, [hint]);
    }
}

#[test]
fn an_address_that_does_not_answer_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    // Whoever is not taken from the queue fills it, and then nobody is answered any more.
    let connect = |_| TcpStream::connect_timeout(&address, Duration::from_millis(200)).ok();
    let queue: Vec<TcpStream> = (0..10_000).map_while(connect).collect();
    assert!(queue.len() < 10_000, "the queue has to be full");
    let error = failure(&settings(address.port(), ""));
    assert_eq!(error, format!("mailbox main ({address}), connect: could not connect"));
}

#[test]
fn a_name_that_nobody_has_is_told() {
    let host = MailboxSettings { host: Host::parse("nothing.invalid").expect("a name"), ..settings(1, "") };
    let error = Session::open("main", &host, &Limits::standard()).expect_err("there is no such host");
    assert_eq!(error.to_string(), "mailbox main (nothing.invalid:1), resolve: the name nothing.invalid has no address");
    assert_eq!(error.hints, ["check `host`, and whether this machine can ask DNS"]);
}
