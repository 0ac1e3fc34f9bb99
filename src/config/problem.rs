//! What is wrong with the settings, where it stands, and what would help.

use std::fmt;
use std::path::PathBuf;

use crate::words::{Said, said};

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nobody set it.
    Default,
    /// The settings file.
    File {
        /// The file, as it was named.
        path: PathBuf,
        /// Line in it, counted from 1.
        line: usize,
    },
    /// An environment variable.
    Environment {
        /// Name of the variable.
        name: String,
    },
    /// A flag of the command line.
    Flag {
        /// The flag with its dashes.
        name: String,
    },
}

impl Origin {
    /// The place in words; `Display` is its English.
    #[must_use]
    pub fn said(&self) -> Said {
        match self {
            Self::Default => said!("origin-default"),
            Self::File { path, line } => Said::from(format!("{}:{line}", path.display())),
            Self::Environment { name } | Self::Flag { name } => Said::from(name),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.said().fmt(formatter)
    }
}

/// One thing that is wrong, or in a warning merely odd, in the settings.
///
/// `Display` prints `ORIGIN: MESSAGE` on one line, without the hint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    origin: Origin,
    message: Said,
    hint: Option<Said>,
}

impl Problem {
    pub(super) const fn new(origin: Origin, message: Said) -> Self {
        Self { origin, message, hint: None }
    }

    pub(super) fn with_hint(mut self, hint: impl Into<Option<Said>>) -> Self {
        self.hint = hint.into();
        self
    }

    /// `ORIGIN: MESSAGE`, without the hint.
    #[must_use]
    pub fn said(&self) -> Said {
        said!("settings-problem", origin = self.origin.said(), message = self.message)
    }

    /// Where it stands.
    #[must_use]
    pub const fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Its line in the settings file, counted from 1; `None` when it is not in the file.
    #[must_use]
    pub const fn line(&self) -> Option<usize> {
        match self.origin {
            Origin::File { line, .. } => Some(line),
            Origin::Default | Origin::Environment { .. } | Origin::Flag { .. } => None,
        }
    }

    /// What is wrong.
    #[must_use]
    pub const fn message(&self) -> &Said {
        &self.message
    }

    /// What to do about it, where that can be said.
    #[must_use]
    pub const fn hint(&self) -> Option<&Said> {
        self.hint.as_ref()
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.said().fmt(formatter)
    }
}

/// The settings cannot be used. Holds every problem that was found, in the order of the lines.
///
/// `Display` prints a line of its own for each of several problems; hints are read with [`ConfigError::hints`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.said())]
pub struct ConfigError {
    problems: Vec<Problem>,
}

impl ConfigError {
    /// The error that holds `problems`.
    pub(super) fn new(mut problems: Vec<Problem>) -> Self {
        problems.sort_by_key(Problem::line);
        Self { problems }
    }

    /// An error when there are `problems`, and success when there are none.
    pub(super) fn unless_none(problems: Vec<Problem>) -> Result<(), Self> {
        if problems.is_empty() { Ok(()) } else { Err(Self::new(problems)) }
    }

    /// The error with its problems in either language; `Display` is its English.
    #[must_use]
    pub fn said(&self) -> Said {
        match self.problems.as_slice() {
            [only] => said!("settings-unusable", problem = only.said()),
            several => {
                let problems = Said::lines(several.iter().map(Problem::said).collect());
                said!("settings-unusable-several", problems = problems)
            }
        }
    }

    /// All problems, at least one.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// The hints of all problems that have one, in their order.
    pub fn hints(&self) -> impl Iterator<Item = &Said> {
        self.problems.iter().filter_map(Problem::hint)
    }
}

/// The hint that `word` was probably meant to be one of `candidates`, when one is near.
pub(super) fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<Said> {
    nearest(word, candidates).map(|near| said!("settings-near", near = near))
}

/// The candidate that `word` was probably meant to be: at most a third of its letters differ.
fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (edit_distance(&word, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= candidate.len().max(word.len()).div_ceil(3))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Letters to insert, delete or replace to turn `from` into `to` (Levenshtein), one row of the table at a time.
fn edit_distance(from: &str, to: &str) -> usize {
    let mut row: Vec<usize> = (1..=to.chars().count()).collect();
    for (above_left, letter) in from.chars().enumerate() {
        let (mut diagonal, mut left) = (above_left, above_left + 1);
        for (cell, other) in row.iter_mut().zip(to.chars()) {
            let replaced = diagonal + usize::from(letter != other);
            diagonal = *cell;
            *cell = replaced.min(diagonal + 1).min(left + 1);
            left = *cell;
        }
    }
    row.last().copied().unwrap_or_else(|| from.chars().count())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_count_single_letters() {
        assert_eq!(edit_distance("kitten", "sitting"), 3);
        assert_eq!(edit_distance("ratio_max", "ratio_max"), 0);
        assert_eq!(edit_distance("", "abc"), 3);
        assert_eq!(edit_distance("abc", ""), 3);
    }

    #[test]
    fn the_nearest_word_is_close_or_none() {
        let words = ["none", "quarantine", "reject"];
        assert_eq!(nearest("Quarantaine", words), Some("quarantine"));
        assert_eq!(nearest("rejct", words), Some("reject"));
        assert_eq!(nearest("allow", words), None);
    }
}
