//! Why a resolver can't be made.

use std::fmt;
use std::io;

use hickory_resolver::net::NetError;

use crate::words::{Said, said};

/// Why a resolver can't be made. What becomes of a question is never an error but a
/// [`Failure`](crate::dns::Failure).
#[derive(Debug, thiserror::Error)]
pub enum ResolveError {
    /// The system's settings name no server, or can't be read.
    System(#[source] NetError),
    /// No thread for questions.
    Start(#[source] io::Error),
}

impl ResolveError {
    /// The error as a sentence in either language; `Display` is its English.
    #[must_use]
    pub fn said(&self) -> Said {
        match self {
            Self::System(_) => said!("resolve-system"),
            Self::Start(_) => said!("resolve-start"),
        }
    }

    /// What to do.
    #[must_use]
    pub fn hint(&self) -> Option<Said> {
        match self {
            Self::System(_) => Some(said!("hint-resolve")),
            Self::Start(_) => None,
        }
    }
}

impl fmt::Display for ResolveError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.said().fmt(formatter)
    }
}
