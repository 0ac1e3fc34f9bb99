//! What can go wrong with a mailbox: where, at which stage, and what to check.

use std::error::Error;
use std::fmt;

use super::folder_name::decoded;
use super::stream::{GoodBye, is_late};
use crate::words::{Said, said};

/// Steps of a poll, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Reading the password, token or certificates that the settings name.
    Secret,
    /// Looking up the host's addresses.
    Resolve,
    /// The TCP connection.
    Connect,
    /// The TLS handshake, STARTTLS included.
    Tls,
    /// The server's first line.
    Greeting,
    /// Login.
    Login,
    /// Opening a folder.
    Select,
    /// Looking for mails and reading them.
    Fetch,
    /// Flagging, moving and deleting.
    Act,
}

impl Stage {
    /// The word for it in messages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Secret => "secret",
            Self::Resolve => "resolve",
            Self::Connect => "connect",
            Self::Tls => "TLS",
            Self::Greeting => "greeting",
            Self::Login => "login",
            Self::Select => "select",
            Self::Fetch => "fetch",
            Self::Act => "act",
        }
    }

    /// The word for people.
    #[must_use]
    pub fn said(self) -> Said {
        match self {
            Self::Secret => said!("stage-secret"),
            Self::Resolve => said!("stage-resolve"),
            Self::Connect => said!("stage-connect"),
            Self::Tls => said!("stage-tls"),
            Self::Greeting => said!("stage-greeting"),
            Self::Login => said!("stage-login"),
            Self::Select => said!("stage-select"),
            Self::Fetch => said!("stage-fetch"),
            Self::Act => said!("stage-act"),
        }
    }
}

/// A failure of a mailbox. What was committed before stays; no mail was acted on whose rows are not stored.
#[derive(Debug)]
pub struct MailboxError {
    /// Name of the mailbox in the settings.
    pub mailbox: String,
    /// `host:port`.
    pub server: String,
    /// Where it stopped.
    pub stage: Stage,
    /// What happened. May hold a server's text, with control characters escaped.
    pub message: Said,
    /// What to check; may be several lines' worth.
    pub hints: Vec<Said>,
    /// Trying again later may help by itself.
    pub is_passing: bool,
    /// Why.
    pub source: Option<Box<dyn Error + Send + Sync>>,
}

impl MailboxError {
    /// The error as a sentence in either language; `Display` is its English. What a server said stays as it is.
    #[must_use]
    pub fn said(&self) -> Said {
        let Self { mailbox, server, stage, message, .. } = self;
        said!("mailbox-error", mailbox = mailbox, server = server, stage = stage.said(), message = message)
    }
}

impl fmt::Display for MailboxError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { mailbox, server, stage, message, .. } = self;
        write!(formatter, "mailbox {mailbox} ({server}), {}: {message}", stage.as_str())
    }
}

impl Error for MailboxError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_ref().map(|source| &**source as &(dyn Error + 'static))
    }
}

/// Longest text of a server that is shown, in characters.
const SERVER_TEXT_CHARACTERS_MAX: usize = 300;

/// A server's text, fit for a message.
pub(super) fn shown(text: &str) -> String {
    let safe = |c: char| {
        let (as_is, escaped) = if c.is_control() { (None, Some(c.escape_default())) } else { (Some(c), None) };
        as_is.into_iter().chain(escaped.into_iter().flatten())
    };
    decoded(text.trim()).chars().take(SERVER_TEXT_CHARACTERS_MAX).flat_map(safe).collect()
}

/// What the library says about a command: message, and whether trying again may help.
pub(super) fn of_command(error: imap::Error) -> (Said, bool, Option<Box<dyn Error + Send + Sync>>) {
    match error {
        imap::Error::No(no) => (said!("imap-refuses", text = shown(&no.information)), false, None),
        imap::Error::Bad(bad) => (said!("imap-bad", text = shown(&bad.information)), false, None),
        imap::Error::Bye(bye) => (said!("imap-bye", text = shown(&bye.information)), true, None),
        imap::Error::ConnectionLost => (said!("imap-cut"), true, None),
        imap::Error::Io(source) => of_io(source),
        other => (said!("imap-unreadable"), true, Some(Box::new(other))),
    }
}

/// What a broken connection says.
pub(super) fn of_io(source: std::io::Error) -> (Said, bool, Option<Box<dyn Error + Send + Sync>>) {
    if is_late(&source) {
        return (said!("imap-late"), true, None);
    }
    if source.kind() == std::io::ErrorKind::UnexpectedEof {
        return (said!("imap-cut"), true, None);
    }
    if let Some(GoodBye(text)) = source.get_ref().and_then(|inner| inner.downcast_ref()) {
        return (said!("imap-bye", text = shown(text)), true, None);
    }
    (said!("imap-broke"), true, Some(Box::new(source)))
}
