//! Logging in: LOGIN, PLAIN, XOAUTH2 and OAUTHBEARER.

use std::cell::{Cell, RefCell};

use imap::{Authenticator, Client};

use super::connect::{Blame, port};
use super::credential::{self, NoSecret};
use super::error::{MailboxError, Stage, shown};
use super::stream::Stream;
use crate::config::{Auth, MailboxSettings, Secret, Tls};
use crate::limits::Limits;
use crate::words::{Said, said};

/// Logs in; errors name what to check, and never the secret.
pub(super) fn log_in(
    blame: &Blame,
    settings: &MailboxSettings,
    secret: &Secret,
    mut client: Client<Stream>,
) -> Result<imap::Session<Stream>, MailboxError> {
    if settings.tls == Tls::None && settings.auth != Auth::Xoauth2 {
        takes_passwords(blame, &mut client)?;
    }
    match settings.auth {
        Auth::Login => client
            .login(&settings.user, secret.expose())
            .map_err(|(error, _)| refused(blame, settings, error, &RefCell::default())),
        Auth::Plain => {
            let answer = Answer::new(format!("\0{}\0{}", settings.user, secret.expose()));
            client
                .authenticate("PLAIN", &answer)
                .map_err(|(error, _)| refused(blame, settings, error, &answer.challenge))
        }
        Auth::Xoauth2 => with_token(blame, settings, secret, client),
    }
}

/// A password is not shown to everybody on the way for nothing (RFC 3501 6.2.3).
fn takes_passwords(blame: &Blame, client: &mut Client<Stream>) -> Result<(), MailboxError> {
    let offered =
        client.capabilities().map_err(|error| blame.command(Stage::Login, &said!("imap-ask-offered"), error))?;
    if offered.has_str("LOGINDISABLED") {
        return Err(blame.at(Stage::Login, said!("imap-login-disabled")).hint(said!("hint-imap-login-disabled")));
    }
    Ok(())
}

/// The password or token of a mailbox; `warnings` grows by what the owner should know.
pub(super) fn secret(
    blame: &Blame,
    settings: &MailboxSettings,
    limits: &Limits,
    warnings: &mut Vec<Said>,
) -> Result<Secret, MailboxError> {
    let secret = match settings.auth {
        Auth::Login | Auth::Plain => credential::password(settings, limits),
        Auth::Xoauth2 => credential::token(settings, limits, warnings),
    };
    secret.map_err(|NoSecret { message, hint, source, is_passing }| {
        let error = blame.at(Stage::Secret, message).hint(hint);
        MailboxError { source: source.map(|source| Box::new(source) as _), is_passing, ..error }
    })
}

fn with_token(
    blame: &Blame,
    settings: &MailboxSettings,
    token: &Secret,
    mut client: Client<Stream>,
) -> Result<imap::Session<Stream>, MailboxError> {
    let offered =
        client.capabilities().map_err(|error| blame.command(Stage::Login, &said!("imap-ask-offered"), error))?;
    let (user, token) = (&settings.user, token.expose());
    let (name, answer) = if !offered.has_str("AUTH=XOAUTH2") && offered.has_str("AUTH=OAUTHBEARER") {
        let (host, port) = (settings.host.as_str(), port(settings));
        let user = user.replace('=', "=3D").replace(',', "=2C");
        let text = format!("n,a={user},\x01host={host}\x01port={port}\x01auth=Bearer {token}\x01\x01");
        ("OAUTHBEARER", Answer::new(text))
    } else {
        ("XOAUTH2", Answer::new(format!("user={user}\x01auth=Bearer {token}\x01\x01")))
    };
    client.authenticate(name, &answer).map_err(|(error, _)| {
        let error = refused(blame, settings, error, &answer.challenge);
        if offered.has_str("AUTH=XOAUTH2") || offered.has_str("AUTH=OAUTHBEARER") || error.is_passing {
            return error;
        }
        MailboxError { hints: vec![said!("hint-imap-no-token")], ..error }
    })
}

/// Answers the first challenge, and those that only explain an error with nothing.
struct Answer {
    text: Secret,
    is_given: Cell<bool>,
    /// What the server said after the answer: JSON, for a token that it does not take.
    challenge: RefCell<String>,
}

impl Answer {
    fn new(text: String) -> Self {
        Self { text: Secret::new(text), is_given: Cell::new(false), challenge: RefCell::default() }
    }
}

impl Authenticator for Answer {
    type Response = Vec<u8>;

    fn process(&self, challenge: &[u8]) -> Vec<u8> {
        if self.is_given.replace(true) {
            *self.challenge.borrow_mut() = String::from_utf8_lossy(challenge).into_owned();
            return Vec::new();
        }
        self.text.expose().as_bytes().to_vec()
    }
}

fn refused(blame: &Blame, settings: &MailboxSettings, error: imap::Error, challenge: &RefCell<String>) -> MailboxError {
    // The library's error for a letter that can't stand in a command names the letter, which is part of a secret.
    if matches!(error, imap::Error::Validate(_)) {
        return blame.at(Stage::Login, said!("imap-line-break")).hint(said!("hint-imap-line-break"));
    }
    let is_answer = matches!(error, imap::Error::No(_) | imap::Error::Bad(_));
    let is_unavailable = matches!(&error, imap::Error::No(no) if no.information.starts_with("[UNAVAILABLE]"));
    let mut error = blame.command(Stage::Login, &said!("imap-log-in", user = shown(&settings.user)), error);
    let explained = challenge.borrow();
    if !explained.is_empty() {
        error.message = said!("imap-explained", message = error.message, why = shown(&explained));
    }
    if !is_answer {
        return error;
    }
    // The server's own trouble (RFC 5530).
    if is_unavailable {
        return MailboxError { is_passing: true, ..error.hint(said!("hint-imap-unavailable")) };
    }
    error.hint(match settings.auth {
        Auth::Login | Auth::Plain => said!("hint-imap-password"),
        Auth::Xoauth2 => said!("hint-imap-token"),
    })
}
