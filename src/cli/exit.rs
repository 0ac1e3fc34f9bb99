//! How the program ends: exit codes, and errors as people and programs see them.

use std::process::ExitCode;

use serde_json::json;

use super::output;
use crate::config::ConfigError;
use crate::intake::imap::{MailboxError, Stage};
use crate::keys::KeyError;
use crate::resolve::ResolveError;
use crate::store::StoreError;

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
    pub(super) message: String,
    pub(super) hint: Option<String>,
}

impl Failure {
    pub(super) fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { exit, message: message.into(), hint: None }
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// Somebody stopped reading our output: no error.
pub(super) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let kind =
        |cause: &(dyn std::error::Error + 'static)| cause.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
    error.chain().any(|cause| kind(cause) == Some(std::io::ErrorKind::BrokenPipe))
}

/// Says what went wrong on standard error.
pub(super) fn report(error: &anyhow::Error, as_json: bool) -> Exit {
    let exit = exit_of(error);
    let hints = hints_of(error);
    let mut causes: Vec<String> = error.chain().skip(1).map(ToString::to_string).collect();
    causes.dedup();
    if as_json {
        let object = json!({"schema": "ruascope.error/1", "kind": exit.kind(), "message": error.to_string(), "causes": causes, "hints": hints});
        output::complain(&object.to_string());
        return exit;
    }
    let mut text = format!("error: {error}");
    for cause in causes {
        text.push_str(": ");
        text.push_str(&cause);
    }
    output::complain(&text);
    for hint in hints {
        output::complain(&format!("hint: {hint}"));
    }
    exit
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

pub(super) fn hints_of(error: &anyhow::Error) -> Vec<String> {
    let mut hints = Vec::new();
    for cause in error.chain() {
        if let Some(failure) = cause.downcast_ref::<Failure>() {
            hints.extend(failure.hint.clone());
        }
        if let Some(error) = cause.downcast_ref::<ConfigError>() {
            hints.extend(error.hints().map(str::to_owned));
        }
        if let Some(error) = cause.downcast_ref::<MailboxError>() {
            hints.extend(error.hints.iter().cloned());
        }
        hints.extend(cause.downcast_ref::<ResolveError>().and_then(ResolveError::hint).map(str::to_owned));
        if let Some(error) = cause.downcast_ref::<KeyError>() {
            hints.extend(error.hint().map(str::to_owned));
        }
        match cause.downcast_ref::<StoreError>() {
            Some(StoreError::Full { .. }) => {
                hints
                    .push("free space, or prune old reports with `ruascope store prune`, then run it again".to_owned());
            }
            Some(StoreError::ReadOnly { .. } | StoreError::Open { .. } | StoreError::Prepare { .. }) => {
                hints.push("choose another place with --store PATH".to_owned());
            }
            Some(StoreError::Journal { .. }) => {
                hints.push("copy the store and its -wal to a disk that can be written".to_owned());
            }
            Some(StoreError::TooOld { .. }) => hints.push(
                "run `ruascope store stats` once as somebody who may write to it, or on a copy: that brings it to today's form"
                    .to_owned(),
            ),
            Some(StoreError::Busy { .. }) => hints.push("run it again when the other process has finished".to_owned()),
            _ => {}
        }
    }
    hints
}
