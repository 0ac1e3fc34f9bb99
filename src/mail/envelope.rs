//! What a message says of itself: hints for people, never proof.

use mail_parser::{Address, Message};

use super::signature::Signatures;

/// Longest value that is kept, in characters.
const VALUE_CHARACTERS_MAX: usize = 500;

/// Header fields of a message, decoded. All are a stranger's text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Envelope {
    /// First address of From.
    pub from: Option<String>,
    /// Subject.
    pub subject: Option<String>,
    /// Message-ID without its brackets.
    pub message_id: Option<String>,
    /// Date, in seconds since 1970 UTC.
    pub date_s: Option<i64>,
    /// Its DKIM signatures; `None` where nobody looked.
    pub signatures: Option<Signatures>,
}

impl Envelope {
    pub(super) fn of(message: &Message<'_>) -> Self {
        let first = message.from().and_then(Address::first).and_then(|address| address.address());
        Self {
            from: first.map(kept),
            subject: message.subject().map(kept),
            message_id: message.message_id().map(kept),
            date_s: message.date().map(mail_parser::DateTime::to_timestamp),
            signatures: None,
        }
    }

    /// The subject claims a report, in the form of RFC 7489 7.2.1.1 or near it.
    #[must_use]
    pub fn claims_report(&self) -> bool {
        let subject = self.subject.as_deref().unwrap_or_default().to_lowercase();
        subject.contains("report domain:") || (subject.contains("dmarc") && subject.contains("report"))
    }
}

fn kept(text: &str) -> String {
    text.chars().take(VALUE_CHARACTERS_MAX).collect()
}
