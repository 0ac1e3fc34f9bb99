//! Settings that are one word out of a few.

use super::node::Value;
use super::setting::{Scalar, quoted};
use crate::words::{Said, said};

/// Declares an enumeration whose variants are the words of a key.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$word_doc:meta])* $variant:ident = $word:literal,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name {
            $($(#[$word_doc])* $variant,)*
        }

        impl $name {
            /// The word that is written in the settings.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)*
                }
            }
        }

        impl Scalar for $name {
            fn expected() -> Said {
                one_of(Self::words())
            }

            fn words() -> &'static [&'static str] {
                &[$($word,)*]
            }

            fn from_value(value: &Value) -> Option<Self> {
                match value.as_text()? {
                    $($word => Some(Self::$variant),)*
                    _ => None,
                }
            }

            fn to_toml(&self) -> String {
                quoted(self.as_str())
            }
        }
    )*};
}

words! {
    /// How a connection is protected.
    Tls {
        /// TLS from the first byte.
        Implicit = "implicit",
        /// In clear until `STARTTLS`, which has to succeed.
        Starttls = "starttls",
        /// In clear.
        None = "none",
    }

    /// How a mailbox is logged in to.
    Auth {
        /// The IMAP command `LOGIN`.
        Login = "login",
        /// SASL PLAIN.
        Plain = "plain",
        /// An OAuth 2.0 access token (SASL XOAUTH2).
        Xoauth2 = "xoauth2",
    }

    /// What kind of mail a domain sends.
    Profile {
        /// People write from it, to mailing lists as well.
        People = "people",
        /// Only programs send from it.
        Machine = "machine",
        /// Nobody sends from it.
        Parked = "parked",
    }

    /// A DMARC policy, as meant for publication.
    Policy {
        /// Deliver as usual.
        None = "none",
        /// Treat as suspicious.
        Quarantine = "quarantine",
        /// Refuse.
        Reject = "reject",
    }

    /// How closely an identifier has to match the author's domain.
    Alignment {
        /// The same organizational domain.
        Relaxed = "r",
        /// The same domain.
        Strict = "s",
    }

    /// Whether a policy is only tested.
    Testing {
        /// Tested: receivers apply one level less.
        Yes = "y",
        /// In force.
        No = "n",
    }

    /// Where a DKIM key is in its life.
    KeyState {
        /// Made, not published yet.
        Draft = "draft",
        /// Published and signing.
        Active = "active",
        /// Published, not signing.
        Paused = "paused",
        /// Withdrawn.
        Retired = "retired",
    }

    /// Reports that came by mail and that advice leaves out.
    LeftOut {
        /// Signed, but by another domain than the report names.
        Other = "other",
        /// Signatures that do not verify.
        Failed = "failed",
        /// The signature's key is not published.
        NoKey = "no_key",
        /// Without a signature.
        Unsigned = "unsigned",
        /// Not verified yet.
        Unknown = "unknown",
        /// Of a reporter that has not sent before.
        New = "new",
    }

    /// What the owner says about a sending source.
    SenderClass {
        /// Yours, in whichever way.
        Legit = "legit",
        /// A server of yours.
        Own = "own",
        /// A service that sends for you.
        Authorised = "authorised",
        /// Relays mail to other mailboxes.
        Forwarder = "forwarder",
        /// A mailing list.
        List = "list",
        /// A filter in front of a receiver.
        Gateway = "gateway",
        /// Not yours.
        Spoof = "spoof",
        /// Left out of the picture.
        Ignore = "ignore",
    }

    /// When a digest or a notice is sent.
    When {
        /// Each time.
        Always = "always",
        /// When something is different from the last time.
        Changes = "changes",
        /// When something should be done.
        Problems = "problems",
    }

    /// How much time a digest covers.
    Every {
        /// A day.
        Day = "day",
        /// A week, from Monday.
        Week = "week",
        /// A month of the calendar.
        Month = "month",
    }

    /// The shape of a webhook's message.
    WebhookKind {
        /// The JSON of `summary`.
        Json = "json",
        /// A Slack message.
        Slack = "slack",
        /// A Microsoft Teams card.
        Teams = "teams",
    }

    /// A language for people.
    Lang {
        /// English.
        En = "en",
        /// Japanese.
        Ja = "ja",
    }
}

/// What becomes of a mail once it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum After {
    /// It stays as it is.
    None,
    /// It is flagged as read.
    Flag,
    /// It is moved to this folder.
    Move(String),
    /// It is deleted.
    Delete,
}

impl Scalar for After {
    fn expected() -> Said {
        said!("expected-after")
    }

    fn words() -> &'static [&'static str] {
        &["none", "flag", "delete"]
    }

    fn from_value(value: &Value) -> Option<Self> {
        match value.as_text()? {
            "none" => Some(Self::None),
            "flag" => Some(Self::Flag),
            "delete" => Some(Self::Delete),
            other => {
                let folder = other.strip_prefix("move:")?.trim();
                (!folder.is_empty()).then(|| Self::Move(folder.to_owned()))
            }
        }
    }

    fn to_toml(&self) -> String {
        match self {
            Self::None => quoted("none"),
            Self::Flag => quoted("flag"),
            Self::Move(folder) => quoted(&format!("move:{folder}")),
            Self::Delete => quoted("delete"),
        }
    }
}

/// The words as `` `a`, `b` or `c` ``.
fn one_of(words: &[&str]) -> Said {
    let quoted = |word: &&str| Said::from(format!("`{word}`"));
    match words {
        [] => Said::default(),
        [only] => quoted(only),
        [first @ .., last] => {
            let first = Said::list(first.iter().map(quoted).collect());
            said!("expected-words", first = first, last = quoted(last))
        }
    }
}
