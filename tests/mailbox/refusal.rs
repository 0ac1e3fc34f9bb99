//! Servers that let nobody in: the error says at which stage, in the server's words, and what to check.

use std::time::{Duration, Instant};

use ruascope::config::{Auth, MailboxSettings};
use ruascope::intake::imap::{MailboxError, Session};
use ruascope::limits::Limits;

use crate::fake::{Fake, Reply, settings};

fn refusal(settings: &MailboxSettings) -> MailboxError {
    let limits = Limits { connect_timeout_s: 1, ..Limits::standard() };
    Session::open("main", settings, &limits).expect_err("it has to fail")
}

/// How it is told, without the server's address; the first words of the hint; and whether trying again may help.
#[track_caller]
fn is_told(fake: &Fake, more: &str, message: &str, hint: &str, is_passing: bool) {
    let error = refusal(&fake.settings(more));
    assert_eq!(error.to_string(), format!("mailbox main (127.0.0.1:{}), {message}", fake.port));
    let hints: Vec<String> = error.hints.iter().map(ToString::to_string).collect();
    assert!(
        if hint.is_empty() { hints.is_empty() } else { hints.len() == 1 && hints[0].starts_with(hint) },
        "{hints:?}"
    );
    assert_eq!(error.is_passing, is_passing);
}

#[test]
fn a_server_that_turns_us_away_says_why() {
    let fake = Fake::greeting("* BYE Too many connections\r\n", "", |_| Reply::Usual);
    let message = "greeting: the server turns us away: * BYE Too many connections";
    is_told(&fake, "", message, "it says why; servers allow so many connections", true);
    let fake = Fake::greeting("220 mail.example ESMTP\r\n", "", |_| Reply::Usual);
    is_told(&fake, "", "greeting: this is no IMAP server: 220 mail.example ESMTP", "check `host` and `port`", false);
    let fake = Fake::greeting("* OK ha", "", |_| Reply::HangUp(String::new()));
    let late = "greeting: wait for the server's first line: the server did not answer in time";
    is_told(&fake, "", late, "if the port expects TLS", true);
    let fake = Fake::greeting("", "", |_| Reply::Usual);
    let cut = "greeting: wait for the server's first line: the connection was cut";
    is_told(&fake, "", cut, "if the port expects TLS", true);
}

#[test]
fn a_port_that_waits_for_us_is_given_up_as_soon_as_one_that_does_not_answer() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    for tls in ["none", "starttls", "implicit"] {
        let begun = Instant::now();
        let of = MailboxSettings { tls: crate::silence::tls_of(tls), ..settings(port, "") };
        let error = refusal(&of);
        assert!(error.to_string().ends_with("the server did not answer in time"), "{tls}: {error}");
        // The server may be silent for a minute later on.
        assert!(begun.elapsed() < Duration::from_secs(45), "{tls}");
    }
}

#[test]
fn a_password_is_not_shown_to_a_server_that_does_not_take_it() {
    for auth in ["login", "plain"] {
        let fake = Fake::start("IMAP4rev1 STARTTLS LOGINDISABLED", |_| Reply::Usual);
        let message = "login: the server takes no password without TLS";
        is_told(&fake, &format!("auth = \"{auth}\""), message, "set `tls = \"starttls\"`", false);
        assert_eq!(fake.heard(), ["CAPABILITY"]);
    }
}

#[test]
fn a_login_that_cannot_be_checked_now_is_tried_again_later() {
    let fake = Fake::start("IMAP4rev1", |command| match command.split(' ').next() {
        Some("LOGIN") => Reply::No(String::new(), "[UNAVAILABLE] Temporary failure"),
        _ => Reply::Usual,
    });
    let message = "login: log in as user: the server refuses: [UNAVAILABLE] Temporary failure";
    is_told(&fake, "", message, "the server can't check logins at the moment", true);
}

#[test]
fn what_a_server_says_before_it_hangs_up_is_told() {
    for (last, message) in [
        ("* BYE No logins today\r\n", "the server hangs up: No logins today"),
        ("* OK hm\r\n* bye Good night\r\n", "the server hangs up: Good night"),
        ("* OK hm\r\n", "the connection was cut"),
        ("* BYE half a l", "the connection was cut"),
    ] {
        let fake = Fake::start("IMAP4rev1", move |command| match command.split(' ').next() {
            Some("LOGIN") => Reply::HangUp(last.to_owned()),
            _ => Reply::Usual,
        });
        is_told(&fake, "", &format!("login: log in as user: {message}"), "", true);
    }
}

#[test]
fn a_server_without_logins_by_token_is_told_as_such() {
    for (capability, hint) in [
        ("IMAP4rev1 AUTH=PLAIN", "the server offers no login with a token"),
        ("IMAP4rev1 AUTH=XOAUTH2", "check that the token is fresh"),
    ] {
        let fake = Fake::start(capability, |command| match command.split(' ').next() {
            Some("AUTHENTICATE") => Reply::No(String::new(), "no"),
            _ => Reply::Usual,
        });
        let error = refusal(&MailboxSettings {
            auth: Auth::Xoauth2,
            password_command: None,
            token_command: Some("echo token".to_owned()),
            ..fake.settings("")
        });
        assert_eq!(error.hints.len(), 1);
        assert!(error.hints[0].to_string().starts_with(hint), "{error:?}");
    }
}
