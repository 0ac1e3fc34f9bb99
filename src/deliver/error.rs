//! What can go wrong on the way.

use std::error::Error;

use crate::credential::NoSecret;

/// A letter that nobody has taken, or that could not be written.
#[derive(Debug, thiserror::Error)]
pub enum DeliverError {
    /// The mail can't be put together.
    #[error("could not write the mail to {receiver}: {detail}")]
    Write {
        /// Who it is for.
        receiver: String,
        /// Why.
        detail: String,
    },
    /// A password, key or address is not where the settings say.
    #[error("could not reach {way}: {message}")]
    Secret {
        /// Server or webhook.
        way: String,
        /// What happened.
        message: String,
        /// What to check.
        hint: String,
        /// Trying again later may help by itself.
        is_passing: bool,
        /// Why.
        #[source]
        source: Option<std::io::Error>,
    },
    /// The connection, or its protection, failed.
    #[error("could not send by {way}")]
    Connection {
        /// Server, program or webhook.
        way: String,
        /// What to check.
        hint: String,
        /// Why.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// The other side refused.
    #[error("{way} refuses the letter to {receiver}: {answer}")]
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
    #[error("the settings name no way to {receiver}")]
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

    /// What to check.
    #[must_use]
    pub fn hint(&self) -> Option<&str> {
        match self {
            Self::Secret { hint, .. } | Self::Connection { hint, .. } => Some(hint),
            Self::Refused { is_passing: true, .. } => Some("it is tried again later"),
            Self::Refused { .. } => Some("check the address, and whether the server lets this sender send"),
            Self::NoWay { .. } => {
                Some("set `from` and one of `host` and `sendmail` in `[smtp]`, or the `[webhook.NAME]`")
            }
            Self::Write { .. } => None,
        }
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
