//! One line a thing that was looked at.

use serde_json::json;

use crate::cli::exit::{self, Exit};
use crate::cli::output;
use crate::present::escape;
use crate::words::{Language, Said, Words, said};
use unicode_width::UnicodeWidthStr as _;

/// Cells of the word of a state.
const STATE_CELLS: usize = 8;
/// Cells of what is looked at, at least.
const PART_CELLS: usize = 9;

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

    /// The word for people.
    fn said(self) -> Said {
        match self {
            Self::Well => said!("doctor-ok"),
            Self::Skipped => said!("doctor-skipped"),
            Self::Warning => said!("doctor-warning"),
            Self::Unknown => said!("doctor-unknown"),
            Self::Failed => said!("doctor-failed"),
        }
    }
}

/// A line: what was looked at, what was found, and what to do.
#[derive(Clone, Debug)]
pub(super) struct Line {
    part: &'static str,
    subject: Said,
    state: State,
    text: Said,
    advice: Vec<Said>,
}

impl Line {
    pub(super) fn new(part: &'static str, subject: impl Into<Said>, state: State, text: impl Into<Said>) -> Self {
        Self { part, subject: subject.into(), state, text: text.into(), advice: Vec::new() }
    }

    pub(super) fn well(part: &'static str, subject: impl Into<Said>, text: impl Into<Said>) -> Self {
        Self::new(part, subject, State::Well, text)
    }

    /// An error with its causes, and its hints as advice.
    pub(super) fn error(part: &'static str, subject: impl Into<Said>, state: State, error: &anyhow::Error) -> Self {
        let (en, ja) = (Words::new(Language::En), Words::new(Language::Ja));
        let text = Said::both(&on_one_line(&format!("{error:#}")), &on_one_line(&exit::in_words(error, &ja)));
        let mut line = Self::new(part, subject, state, text);
        let hints = exit::hints_of(error, &en).into_iter().zip(exit::hints_of(error, &ja));
        line.advice = hints.map(|(en, ja)| Said::both(&en, &ja)).collect();
        line
    }

    /// What to do.
    pub(super) fn advice(mut self, advice: impl Into<Said>) -> Self {
        self.advice.push(advice.into());
        self
    }

    fn text(&self, words: &Words, part_cells: usize) -> String {
        let word = self.state.said().in_words(words);
        let part = part_said(self.part).in_words(words);
        let (subject, text) = (self.subject.in_words(words), self.text.in_words(words));
        let subject = if subject.is_empty() { subject } else { format!("{subject}: ") };
        let text = escape::terminal(&format!("{subject}{text}")).into_owned();
        let mut text = format!("{} {} {text}\n", padded(word, STATE_CELLS), padded(part, part_cells));
        let indent = " ".repeat(STATE_CELLS + 1 + part_cells);
        for advice in &self.advice {
            text.push_str(&format!("{indent} -> {}\n", escape::terminal(&advice.in_words(words))));
        }
        text
    }
}

/// Shows all lines, and gives the exit code.
pub(super) fn show(lines: &[Line], as_json: bool, words: &Words) -> anyhow::Result<Exit> {
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
        let cells = lines.iter().map(|line| part_said(line.part).in_words(words).width());
        let cells = cells.max().unwrap_or(0).max(PART_CELLS);
        let text: String = lines.iter().map(|line| line.text(words, cells)).collect();
        let end = match found {
            Exit::Done => said!("doctor-well"),
            _ => said!("doctor-end", failed = failed, warnings = warnings),
        };
        output::write(&format!("{text}\n{}\n", end.in_words(words)))?;
    }
    Ok(found)
}

/// What is looked at, for people.
fn part_said(part: &'static str) -> Said {
    match part {
        "settings" => said!("doctor-part-settings"),
        "store" => said!("doctor-part-store"),
        "clock" => said!("doctor-part-clock"),
        "dns" => said!("doctor-part-dns"),
        "mailbox" => said!("doctor-part-mailbox"),
        "rua" => said!("doctor-part-rua"),
        "keys" => said!("doctor-part-keys"),
        "reports" => said!("doctor-part-reports"),
        "reporters" => said!("doctor-part-reporters"),
        "mail" => said!("doctor-part-mail"),
        "webhook" => said!("doctor-part-webhook"),
        "outbox" => said!("doctor-part-outbox"),
        other => other.into(),
    }
}

/// Several problems of the settings behind each other.
fn on_one_line(text: &str) -> String {
    text.replacen("\n  ", ": ", 1).replace("\n  ", "; ")
}

/// A word with blanks behind it, `cells` wide at least.
pub(super) fn padded(text: String, cells: usize) -> String {
    let gap = " ".repeat(cells.saturating_sub(text.width()));
    text + &gap
}
