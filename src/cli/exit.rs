//! How the program ends: exit codes, and errors as people and programs see them.

use std::process::ExitCode;

use serde_json::json;

use super::output;
use crate::config::ConfigError;
use crate::deliver::DeliverError;
use crate::intake::imap::{MailboxError, Stage};
use crate::keys::KeyError;
use crate::present::escape;
use crate::resolve::ResolveError;
use crate::store::StoreError;
use crate::words::{Language, Said, Words, said, say};

/// Exit codes of the contract (sysexits from 64 on).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Exit {
    Done = 0,
    /// Something should be done.
    Warning = 1,
    /// Something is broken; `store audit` found a difference; a key in DNS is not ours.
    Critical = 2,
    /// DNS did not answer, or there is too little to say anything.
    Unknown = 3,
    Usage = 64,
    BadData = 65,
    Unavailable = 69,
    OurBug = 70,
    CannotCreate = 73,
    InputOutput = 74,
    TryAgain = 75,
    Permission = 77,
    Configuration = 78,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

impl Exit {
    /// The kind of error for JSON.
    fn kind(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Warning => "warning",
            Self::Critical => "critical",
            Self::Unknown => "unknown",
            Self::Usage => "usage",
            Self::BadData => "data",
            Self::Unavailable => "unavailable",
            Self::OurBug => "bug",
            Self::CannotCreate => "cannot_create",
            Self::InputOutput => "io",
            Self::TryAgain => "try_again",
            Self::Permission => "permission",
            Self::Configuration => "configuration",
        }
    }
}

/// An error that says which exit code it deserves, and what to do.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub(super) struct Failure {
    pub(super) exit: Exit,
    pub(super) message: Said,
    pub(super) hint: Option<Said>,
}

impl Failure {
    pub(super) fn new(exit: Exit, message: impl Into<Said>) -> Self {
        Self { exit, message: message.into(), hint: None }
    }

    pub(super) fn hint(mut self, hint: impl Into<Said>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// What was being done when an error came, in words.
#[derive(Debug, thiserror::Error)]
#[error("{what}")]
struct Doing {
    what: Said,
    source: anyhow::Error,
}

/// An error that goes up says what was being done.
pub(super) trait While<T> {
    fn doing(self, what: impl FnOnce() -> Said) -> anyhow::Result<T>;
}

impl<T, E: Into<anyhow::Error>> While<T> for Result<T, E> {
    fn doing(self, what: impl FnOnce() -> Said) -> anyhow::Result<T> {
        self.map_err(|error| doing(error, what()))
    }
}

/// An error with what was being done.
pub(super) fn doing(error: impl Into<anyhow::Error>, what: Said) -> anyhow::Error {
    Doing { what, source: error.into() }.into()
}

/// Somebody stopped reading our output: no error.
pub(super) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let kind =
        |cause: &(dyn std::error::Error + 'static)| cause.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
    error.chain().any(|cause| kind(cause) == Some(std::io::ErrorKind::BrokenPipe))
}

/// An error and its causes on one line.
pub(super) fn in_words(error: &anyhow::Error, words: &Words) -> String {
    let first = error.chain().next().map_or_else(String::new, |cause| told(cause, words));
    std::iter::once(first).chain(causes_of(error, words)).collect::<Vec<_>>().join(": ")
}

/// Says what went wrong on standard error: in the language of `words`, as JSON in English.
pub(super) fn report(error: &anyhow::Error, as_json: bool, words: &Words) -> Exit {
    let exit = exit_of(error);
    if as_json {
        let words = Words::new(Language::En);
        let (causes, hints) = (causes_of(error, &words), hints_of(error, &words));
        let object = json!({"schema": "ruascope.error/1", "kind": exit.kind(), "message": error.to_string(), "causes": causes, "hints": hints});
        output::complain(&escape::json(&object.to_string()));
        return exit;
    }
    output::complain(&say!(words, "error-line", what = in_words(error, words)));
    for hint in hints_of(error, words) {
        output::complain(&say!(words, "hint-line", hint = hint));
    }
    exit
}

fn causes_of(error: &anyhow::Error, words: &Words) -> Vec<String> {
    let mut causes: Vec<String> = error.chain().skip(1).map(|cause| told(cause, words)).collect();
    causes.dedup();
    causes
}

/// An error or one of its causes in words; what has none is told as it stands.
fn told(cause: &(dyn std::error::Error + 'static), words: &Words) -> String {
    let said = if let Some(failure) = cause.downcast_ref::<Failure>() {
        Some(failure.message.clone())
    } else if let Some(doing) = cause.downcast_ref::<Doing>() {
        Some(doing.what.clone())
    } else if let Some(error) = cause.downcast_ref::<ConfigError>() {
        Some(error.said())
    } else if let Some(error) = cause.downcast_ref::<KeyError>() {
        Some(error.said())
    } else if let Some(error) = cause.downcast_ref::<ResolveError>() {
        Some(error.said())
    } else if let Some(error) = cause.downcast_ref::<DeliverError>() {
        Some(error.said())
    } else if let Some(error) = cause.downcast_ref::<StoreError>() {
        Some(error.said())
    } else if let Some(error) = cause.downcast_ref::<MailboxError>() {
        Some(error.said())
    } else {
        cause.downcast_ref::<std::io::Error>().and_then(|error| of_system(error.kind()))
    };
    // English is what the error itself says.
    match said.filter(|_| words.language() != Language::En) {
        Some(said) => said.in_words(words),
        None => cause.to_string(),
    }
}

/// What the system says most often.
fn of_system(kind: std::io::ErrorKind) -> Option<Said> {
    use std::io::ErrorKind;
    match kind {
        ErrorKind::NotFound => Some(said!("system-not-found")),
        ErrorKind::PermissionDenied => Some(said!("system-permission")),
        ErrorKind::AlreadyExists => Some(said!("system-exists")),
        ErrorKind::StorageFull => Some(said!("system-full")),
        ErrorKind::ReadOnlyFilesystem => Some(said!("system-read-only")),
        ErrorKind::ConnectionRefused => Some(said!("system-refused")),
        ErrorKind::TimedOut => Some(said!("system-timed-out")),
        _ => None,
    }
}

fn exit_of(error: &anyhow::Error) -> Exit {
    for cause in error.chain() {
        if let Some(failure) = cause.downcast_ref::<Failure>() {
            return failure.exit;
        }
        if cause.is::<ConfigError>() {
            return Exit::Configuration;
        }
        if cause.is::<ResolveError>() {
            return Exit::Configuration;
        }
        if let Some(error) = cause.downcast_ref::<MailboxError>() {
            return exit_of_mailbox(error);
        }
        if let Some(error) = cause.downcast_ref::<StoreError>() {
            return match error {
                StoreError::Busy { .. } => Exit::TryAgain,
                StoreError::ReadOnly { .. } | StoreError::Prepare { .. } | StoreError::Open { .. } => {
                    Exit::CannotCreate
                }
                StoreError::NoSuch { .. }
                | StoreError::NoRaw { .. }
                | StoreError::NoDatabase { .. }
                | StoreError::TooNew { .. }
                | StoreError::TooOld { .. }
                | StoreError::TooMany { .. } => Exit::BadData,
                StoreError::Full { .. }
                | StoreError::Journal { .. }
                | StoreError::Damaged { .. }
                | StoreError::Unreadable { .. }
                | StoreError::Sql { .. } => Exit::InputOutput,
            };
        }
        match cause.downcast_ref::<KeyError>() {
            // What the system said is the next cause.
            None | Some(KeyError::Read { .. } | KeyError::Write { .. }) => {}
            Some(KeyError::Exists { .. }) => return Exit::CannotCreate,
            Some(KeyError::Make) => return Exit::OurBug,
            Some(_) => return Exit::BadData,
        }
        if let Some(error) = cause.downcast_ref::<std::io::Error>() {
            return match error.kind() {
                std::io::ErrorKind::PermissionDenied => Exit::Permission,
                _ => Exit::InputOutput,
            };
        }
    }
    Exit::OurBug
}

/// The exit code for a mailbox: what the owner has to change, or what has to be tried later.
pub(super) fn exit_of_mailbox(error: &MailboxError) -> Exit {
    match error.stage {
        _ if error.is_passing => Exit::Unavailable,
        Stage::Secret | Stage::Select => Exit::Configuration,
        Stage::Login => Exit::Permission,
        Stage::Resolve | Stage::Connect | Stage::Tls | Stage::Greeting | Stage::Fetch | Stage::Act => Exit::Unavailable,
    }
}

pub(super) fn hints_of(error: &anyhow::Error, words: &Words) -> Vec<String> {
    let mut hints = Vec::new();
    for cause in error.chain() {
        if let Some(failure) = cause.downcast_ref::<Failure>() {
            hints.extend(failure.hint.as_ref().map(|hint| hint.in_words(words)));
        }
        if let Some(error) = cause.downcast_ref::<ConfigError>() {
            hints.extend(error.hints().map(|hint| hint.in_words(words)));
        }
        if let Some(error) = cause.downcast_ref::<MailboxError>() {
            hints.extend(error.hints.iter().map(|hint| hint.in_words(words)));
        }
        hints
            .extend(cause.downcast_ref::<ResolveError>().and_then(ResolveError::hint).map(|hint| hint.in_words(words)));
        if let Some(error) = cause.downcast_ref::<KeyError>() {
            hints.extend(error.hint().map(|hint| hint.in_words(words)));
        }
        match cause.downcast_ref::<StoreError>() {
            Some(StoreError::Full { .. }) => {
                hints.push(words.say("hint-store-full"));
            }
            Some(
                StoreError::ReadOnly { .. }
                | StoreError::Open { .. }
                | StoreError::Prepare { .. }
                | StoreError::NoDatabase { .. },
            ) => {
                hints.push(words.say("hint-store-place"));
            }
            Some(StoreError::Journal { .. }) => {
                hints.push(words.say("hint-store-journal"));
            }
            Some(StoreError::TooOld { .. }) => hints.push(words.say("hint-store-old")),
            Some(StoreError::Busy { .. }) => hints.push(words.say("hint-store-busy")),
            _ => {}
        }
    }
    hints
}
