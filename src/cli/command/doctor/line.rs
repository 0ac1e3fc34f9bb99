//! One line a thing that was looked at.

use serde_json::json;

use crate::cli::exit::{self, Exit};
use crate::cli::output;
use crate::present::escape;
use crate::words::{Language, Words};

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Well,
    /// It was not looked at, because somebody said so.
    Skipped,
    /// Something to look at.
    Warning,
    /// Nobody could find out.
    Unknown,
    /// It does not work.
    Failed,
}

impl State {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Well => "ok",
            Self::Skipped => "skipped",
            Self::Warning => "warning",
            Self::Unknown => "unknown",
            Self::Failed => "failed",
        }
    }
}

/// A line: what was looked at, what was found, and what to do.
#[derive(Clone, Debug)]
pub(super) struct Line {
    part: &'static str,
    subject: String,
    state: State,
    text: String,
    advice: Vec<String>,
}

impl Line {
    pub(super) fn new(part: &'static str, subject: impl Into<String>, state: State, text: impl Into<String>) -> Self {
        Self { part, subject: subject.into(), state, text: text.into(), advice: Vec::new() }
    }

    pub(super) fn well(part: &'static str, subject: impl Into<String>, text: impl Into<String>) -> Self {
        Self::new(part, subject, State::Well, text)
    }

    /// An error with its causes, and its hints as advice.
    pub(super) fn error(part: &'static str, subject: impl Into<String>, state: State, error: &anyhow::Error) -> Self {
        let mut line = Self::new(part, subject, state, format!("{error:#}"));
        line.advice = exit::hints_of(error, &Words::new(Language::En));
        line
    }

    /// What to do.
    pub(super) fn advice(mut self, advice: impl Into<String>) -> Self {
        self.advice.push(advice.into());
        self
    }

    fn text(&self) -> String {
        let word = if self.state == State::Failed { "FAILED" } else { self.state.as_str() };
        let subject = if self.subject.is_empty() { String::new() } else { format!("{}: ", self.subject) };
        let mut text = format!("{word:<8} {:<9} {}\n", self.part, escape::terminal(&format!("{subject}{}", self.text)));
        for advice in &self.advice {
            text.push_str(&format!("{:18} -> {}\n", "", escape::terminal(advice)));
        }
        text
    }
}

/// Shows all lines, and gives the exit code.
pub(super) fn show(lines: &[Line], as_json: bool) -> anyhow::Result<Exit> {
    let count = |state: State| lines.iter().filter(|line| line.state == state).count();
    let (failed, warnings) = (count(State::Failed), count(State::Warning) + count(State::Unknown));
    let found = match (failed, warnings) {
        (0, 0) => Exit::Done,
        (0, _) => Exit::Warning,
        _ => Exit::Critical,
    };
    if as_json {
        let line = |line: &Line| {
            json!({
                "part": line.part, "subject": line.subject, "state": line.state.as_str(), "text": line.text,
                "advice": line.advice,
            })
        };
        let lines: Vec<_> = lines.iter().map(line).collect();
        output::json(&json!({
            "schema": "ruascope.doctor/1", "failed": failed, "warnings": warnings, "lines": lines,
        }))?;
    } else {
        let text: String = lines.iter().map(Line::text).collect();
        let end = match found {
            Exit::Done => "all is well\n".to_owned(),
            _ => format!("{failed} failed, {warnings} to look at\n"),
        };
        output::write(&format!("{text}\n{end}"))?;
    }
    Ok(found)
}
