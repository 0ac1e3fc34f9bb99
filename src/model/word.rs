//! The closed vocabularies of reports, and [`Sent`], which keeps what stands outside them.

use std::sync::Arc;

/// A value as it was sent: understood, or odd and then kept letter by letter.
///
/// An `Option` around it says whether anything was sent at all. No unknown word ever becomes a known one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Sent<T> {
    /// A value that this crate knows.
    Read(T),
    /// Something else, as sent (white space at the ends removed).
    Odd(Arc<str>),
}

impl<T: Word> Sent<T> {
    /// The word as the RFCs spell it, or the odd text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Read(word) => word.as_str(),
            Self::Odd(text) => text,
        }
    }
}

impl<T: Copy> Sent<T> {
    /// The value, where it was understood.
    #[must_use]
    pub fn read(&self) -> Option<T> {
        match self {
            Self::Read(value) => Some(*value),
            Self::Odd(_) => None,
        }
    }
}

/// A word out of a closed vocabulary.
pub trait Word: Copy + Sized + 'static {
    /// All words of the vocabulary.
    const ALL: &'static [Self];

    /// The word as the RFCs spell it.
    fn as_str(self) -> &'static str;

    /// The word that `text` spells exactly.
    fn from_exact(text: &str) -> Option<Self>;
}

/// Declares a vocabulary once: its variants, their spelling, and spellings that mean the same.
macro_rules! vocabulary {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal $(| $alias:literal)*,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$variant_doc])* $variant,)* }

        impl Word for $name {
            const ALL: &'static [Self] = &[$(Self::$variant,)*];

            fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            fn from_exact(text: &str) -> Option<Self> {
                match text { $($text $(| $alias)* => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

vocabulary! {
    /// `p`, `sp`, `np` of a policy (RFC 9989 4.7).
    Policy {
        /// No action asked for.
        None = "none",
        /// Treat as suspicious.
        Quarantine = "quarantine",
        /// Refuse.
        Reject = "reject",
    }
}
vocabulary! {
    /// What the receiver did with the mails of a record (RFC 9990 3.1.1.8; `pass` is new there).
    Disposition {
        /// No action.
        None = "none",
        /// No action, because DMARC passed.
        Pass = "pass",
        /// Treated as suspicious.
        Quarantine = "quarantine",
        /// Refused.
        Reject = "reject",
    }
}
vocabulary! {
    /// The aligned verdict in `policy_evaluated`: did an identifier pass *and* fit the author domain.
    DmarcResult {
        /// Aligned and passed.
        Pass = "pass",
        /// Not so.
        Fail = "fail",
    }
}
vocabulary! {
    /// A raw DKIM or SPF result in `auth_results` (RFC 8601 2.7.1 and 2.7.2): not aligned, not a DMARC verdict.
    AuthResult {
        /// No signature, or no record.
        None = "none",
        /// Verified, or permitted.
        Pass = "pass",
        /// Broken, or not permitted.
        Fail = "fail",
        /// SPF `~all`.
        SoftFail = "softfail",
        /// Refused by local policy.
        Policy = "policy",
        /// No assertion.
        Neutral = "neutral",
        /// Transient error.
        TempError = "temperror",
        /// Lasting error.
        PermError = "permerror",
    }
}
vocabulary! {
    /// Why the receiver departed from the policy (RFC 7489 appendix C and RFC 9990, taken together).
    OverrideType {
        /// RFC 7489 only.
        Forwarded = "forwarded",
        /// RFC 7489 only: not selected by `pct`.
        SampledOut = "sampled_out",
        /// The receiver trusts the forwarder.
        TrustedForwarder = "trusted_forwarder",
        /// The receiver knows the list.
        MailingList = "mailing_list",
        /// Anything of the receiver's own.
        LocalPolicy = "local_policy",
        /// RFC 9990: the owner published `t=y`.
        PolicyTestMode = "policy_test_mode",
        /// None of these.
        Other = "other",
    }
}
vocabulary! {
    /// `adkim` and `aspf`.
    AlignmentMode {
        /// Same organisational domain.
        Relaxed = "r" | "relaxed",
        /// Same name.
        Strict = "s" | "strict",
    }
}
vocabulary! {
    /// The `t` tag, `<testing>` (RFC 9990).
    TestMode {
        /// Apply one step lower.
        Yes = "y",
        /// Apply as published.
        No = "n",
    }
}
vocabulary! {
    /// How the receiver found the organisational domain (RFC 9990).
    DiscoveryMethod {
        /// By the public suffix list.
        Psl = "psl",
        /// By the DNS tree walk of RFC 9989.
        TreeWalk = "treewalk",
    }
}
vocabulary! {
    /// Which identity SPF was asked about.
    SpfScope {
        /// The name in HELO; can never align.
        Helo = "helo",
        /// The envelope sender.
        Mfrom = "mfrom",
    }
}
