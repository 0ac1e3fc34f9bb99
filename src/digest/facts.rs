//! How things stand.

use chrono::NaiveDate;

use crate::analyze::{Class, readiness};

/// What to do with the policy of a domain, worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Decision {
    /// Go back to the policy before.
    Rollback,
    /// Something is wrong that should be set right first.
    Fix,
    /// Too little is known to decide.
    Investigate,
    /// The next policy may be published.
    Advance,
    /// Wait.
    Hold,
    /// The target is reached.
    Done,
}

impl Decision {
    /// The word for JSON and for what is remembered.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rollback => "rollback",
            Self::Fix => "fix",
            Self::Investigate => "investigate",
            Self::Advance => "advance",
            Self::Hold => "hold",
            Self::Done => "done",
        }
    }

    /// Somebody has to do something.
    #[must_use]
    pub const fn is_problem(self) -> bool {
        matches!(self, Self::Rollback | Self::Fix)
    }
}

impl From<readiness::Decision> for Decision {
    fn from(decision: readiness::Decision) -> Self {
        match decision {
            readiness::Decision::Rollback => Self::Rollback,
            readiness::Decision::Fix => Self::Fix,
            readiness::Decision::Investigate => Self::Investigate,
            readiness::Decision::Advance => Self::Advance,
            readiness::Decision::Hold => Self::Hold,
            readiness::Decision::Done => Self::Done,
        }
    }
}

/// A part of mails: what passed, and all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// Mails that passed DMARC.
    pub passed: u64,
    /// All mails.
    pub mails: u64,
}

impl Share {
    /// Mails that failed DMARC.
    #[must_use]
    pub const fn failed(self) -> u64 {
        self.mails.saturating_sub(self.passed)
    }
}

/// Everything that a digest looks at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Reports should come and have not for this many days.
    pub blind_days: Option<u64>,
    /// Domains.
    pub domains: Vec<DomainFacts>,
    /// Who reported; strangers' texts.
    pub reporters: Vec<String>,
    /// Inputs that could not be used, over all time.
    pub rejected: u64,
}

/// One domain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DomainFacts {
    /// Its name; a stranger's text.
    pub name: String,
    /// `p=` as the newest report saw it; a stranger's text.
    pub policy: Option<String>,
    /// What to do with its policy, where that was worked out.
    pub decision: Option<Decision>,
    /// All mail of the period.
    pub all: Share,
    /// The owner's mail of the period, where mail was classified.
    pub own: Option<Share>,
    /// Senders that have to be set right.
    pub tasks: u64,
    /// Who sends, where that was worked out.
    pub senders: Vec<SenderFacts>,
}

/// One sender of a domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SenderFacts {
    /// Stable key; no blank in it.
    pub key: String,
    /// What people call it; a stranger's text.
    pub name: String,
    /// What it is.
    pub class: Class,
    /// Its mail of the period.
    pub mail: Share,
    /// Last day on which it was seen.
    pub last_day: NaiveDate,
}
