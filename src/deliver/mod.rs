#![expect(clippy::disallowed_methods, reason = "letters leave the machine")]
//! Letters to whoever gets them: mail by SMTP or a local program, and webhooks by HTTP.
//!
//! *Takes* a finished letter, and the settings of the way. *Gives* delivered, or why not and whether trying again may
//! help. *Bounds* the time of each attempt, and what is read of an answer. *Never* decides what is said or when, or
//! forgets a letter: the outbox is in the store.

mod error;
mod hook;
mod mail;
mod smtp;

pub use error::DeliverError;
pub use hook::{HookCourier, signature};
pub use mail::{Mail, Picture, domain_of};
pub use smtp::MailCourier;

/// A finished letter. It stays the same however often it is tried, so that a receiver can tell a repetition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Letter<'a> {
    /// Its name, which no other letter has.
    pub name: &'a str,
    /// An address for mail, the name in the settings for a webhook.
    pub receiver: &'a str,
    /// A whole message (RFC 5322), or the body of a request.
    pub payload: &'a [u8],
}

/// A way by which letters are delivered.
pub trait Courier {
    /// Tries to deliver a letter once.
    ///
    /// # Errors
    /// When nobody has taken it.
    fn carry(&self, letter: &Letter<'_>, now_s: i64) -> Result<(), DeliverError>;
}

/// How long to wait before a letter is tried again that was tried `attempts` times: longer each time, up to four hours.
#[must_use]
pub fn pause_s(attempts: u32) -> i64 {
    const PAUSES_S: [i64; 5] = [60, 300, 900, 3_600, 14_400];
    usize::try_from(attempts.saturating_sub(1))
        .ok()
        .and_then(|attempt| PAUSES_S.get(attempt))
        .copied()
        .unwrap_or(14_400)
}

/// A letter that was not delivered for this long is given up: 30 days.
pub const KEPT_S_MAX: i64 = 30 * 86_400;

#[cfg(test)]
mod tests {
    use super::pause_s;

    #[test]
    fn pauses_grow_to_four_hours() {
        assert_eq!([0, 1, 2, 3, 4, 5, 6, u32::MAX].map(pause_s), [60, 60, 300, 900, 3_600, 14_400, 14_400, 14_400]);
    }
}
