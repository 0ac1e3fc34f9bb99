//! What became of a question: found, not there, or not known. A time-out is never "not there".

use crate::words::{Said, said};

/// What DNS said to one question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer<T> {
    /// There are records, at least one, in the order of the answer.
    Found(Vec<T>),
    /// The name exists, and has no record of this type.
    NoData,
    /// The name does not exist, and nothing below it does (RFC 8020).
    NxDomain,
    /// Nobody knows: nobody answered, a server refused or failed, or nobody was asked.
    Failed(Failure),
}

/// Why a question has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Failure {
    /// No server answered in time.
    TimedOut,
    /// No server could be reached: no way there, nobody listens, or none of them ever said anything.
    Unreachable,
    /// A server answered that it can't (SERVFAIL), as it also does where signatures are broken.
    ServerFailed,
    /// A server would not answer (REFUSED).
    Refused,
    /// Aliases lead in a circle, or through too many names.
    AliasLoop,
    /// The answer can't be read, or the name is no name.
    Malformed,
    /// Nobody was asked: `--offline`.
    Offline,
}

impl<T> Answer<T> {
    /// The records; none unless they were found.
    #[must_use]
    pub fn records(&self) -> &[T] {
        match self {
            Self::Found(records) => records,
            _ => &[],
        }
    }

    /// Whether it is known that there is no such record.
    #[must_use]
    pub const fn is_missing(&self) -> bool {
        matches!(self, Self::NoData | Self::NxDomain)
    }

    /// Why nothing is known, where nothing is.
    #[must_use]
    pub const fn failure(&self) -> Option<Failure> {
        match self {
            Self::Failed(failure) => Some(*failure),
            _ => None,
        }
    }

    /// The same answer with every record turned into something else.
    #[must_use]
    pub fn map<U>(self, turn: impl Fn(T) -> U) -> Answer<U> {
        match self {
            Self::Found(records) => Answer::Found(records.into_iter().map(turn).collect()),
            Self::NoData => Answer::NoData,
            Self::NxDomain => Answer::NxDomain,
            Self::Failed(failure) => Answer::Failed(failure),
        }
    }

    /// Whether nothing is known.
    #[must_use]
    pub const fn is_unknown(&self) -> bool {
        matches!(self, Self::Failed(_))
    }
}

impl Failure {
    /// The reason in words that can be said in either language.
    #[must_use]
    pub fn said(self) -> Said {
        match self {
            Self::TimedOut => said!("dns-timed-out"),
            Self::Unreachable => said!("dns-unreachable"),
            Self::ServerFailed => said!("dns-server-failed"),
            Self::Refused => said!("dns-refused"),
            Self::AliasLoop => said!("dns-alias-loop"),
            Self::Malformed => said!("dns-malformed"),
            Self::Offline => said!("dns-offline"),
        }
    }

    /// The reason in words, to stand after "DNS did not answer: ".
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TimedOut => "timed out",
            Self::Unreachable => "no server could be reached",
            Self::ServerFailed => "the server failed (SERVFAIL)",
            Self::Refused => "the server refused",
            Self::AliasLoop => "aliases (CNAME) lead in a circle or through too many names",
            Self::Malformed => "the answer is malformed",
            Self::Offline => "nobody was asked (offline)",
        }
    }
}

/// An answer, and how it was reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lookup<T> {
    /// What was said.
    pub answer: Answer<T>,
    /// Names that aliases (CNAME) led through, in order, without the name that was asked for.
    pub aliases: Vec<String>,
    /// Seconds for which the answer holds, where it says so.
    pub ttl_s: Option<u32>,
}
