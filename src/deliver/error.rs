//! What can go wrong on the way.

use std::error::Error;
use std::fmt;

use crate::credential::NoSecret;
use crate::words::{Said, said};

/// A letter that nobody has taken, or that could not be written.
#[derive(Debug, thiserror::Error)]
pub enum DeliverError {
    /// The mail can't be put together.
    Write {
        /// Who it is for.
        receiver: String,
        /// Why.
        detail: String,
    },
    /// A password, key or address is not where the settings say.
    Secret {
        /// Server or webhook.
        way: String,
        /// What happened.
        message: Said,
        /// What to check.
        hint: Said,
        /// Trying again later may help by itself.
        is_passing: bool,
        /// Why.
        #[source]
        source: Option<std::io::Error>,
    },
    /// The connection, or its protection, failed.
    Connection {
        /// Server, program or webhook.
        way: String,
        /// What to check.
        hint: Said,
        /// Why.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// The other side refused.
    Refused {
        /// Server, program or webhook.
        way: String,
        /// Who it was for.
        receiver: String,
        /// What it said; a stranger's text, with controls escaped.
        answer: String,
        /// Trying again later may help by itself.
        is_passing: bool,
    },
    /// The settings name no way for this letter any more.
    NoWay {
        /// Who it was for.
        receiver: String,
    },
}

impl DeliverError {
    pub(super) fn secret(way: &str, missing: NoSecret) -> Self {
        let NoSecret { message, hint, source, is_passing } = missing;
        Self::Secret { way: way.to_owned(), message, hint, is_passing, source }
    }

    /// Trying again later may help by itself.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Secret { is_passing, .. } | Self::Refused { is_passing, .. } => *is_passing,
            Self::Connection { .. } => true,
            Self::Write { .. } | Self::NoWay { .. } => false,
        }
    }

    /// The error as a sentence in either language; `Display` is its English.
    #[must_use]
    pub fn said(&self) -> Said {
        match self {
            Self::Write { receiver, detail } => said!("deliver-write", receiver = receiver, detail = detail),
            Self::Secret { way, message, .. } => said!("deliver-secret", way = way, message = message),
            Self::Connection { way, .. } => said!("deliver-connection", way = way),
            Self::Refused { way, receiver, answer, .. } => {
                said!("deliver-refused", way = way, receiver = receiver, answer = answer)
            }
            Self::NoWay { receiver } => said!("deliver-no-way", receiver = receiver),
        }
    }

    /// What to check.
    #[must_use]
    pub fn hint(&self) -> Option<Said> {
        match self {
            Self::Secret { hint, .. } | Self::Connection { hint, .. } => Some(hint.clone()),
            Self::Refused { is_passing: true, .. } => Some(said!("hint-deliver-again")),
            Self::Refused { .. } => Some(said!("hint-deliver-address")),
            Self::NoWay { .. } => Some(said!("hint-deliver-no-way")),
            Self::Write { .. } => None,
        }
    }
}

impl fmt::Display for DeliverError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.said().fmt(formatter)
    }
}

/// Longest text of a server that is shown, in characters.
const ANSWER_CHARACTERS_MAX: usize = 300;

/// A server's text, fit for a message.
pub(super) fn shown(text: &str) -> String {
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    one_line
        .chars()
        .take(ANSWER_CHARACTERS_MAX)
        .flat_map(|c| {
            let escaped: Vec<char> = if c.is_control() { c.escape_default().collect() } else { vec![c] };
            escaped
        })
        .collect()
}
