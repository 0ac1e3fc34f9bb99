//! What advice is made from.

use super::tally::Tally;
use crate::analyze::alarms::Alarm;
use crate::analyze::{Observation, Sender};
use crate::config::{GatesSettings, Profile};
use crate::dns::dmarc::{DmarcRecord, ReportUri};
use crate::words::Said;

/// Everything that is known about a domain.
#[derive(Clone, Debug)]
pub struct Case<'a> {
    /// The domain.
    pub domain: &'a str,
    /// The UTC day that it is, days since 1970-01-01.
    pub today: i64,
    /// First day with a report, also where observations do not go back so far.
    pub first_day: Option<i64>,
    /// Records of reports, in any order.
    pub observations: &'a [Observation],
    /// Who sends, as the observations were classified.
    pub senders: &'a [Sender],
    /// Their sums, where these were made already.
    pub tally: Option<&'a Tally>,
    /// The policy that applies now.
    pub current: Current,
    /// What DNS says beside the policy.
    pub dns: DnsState,
    /// What kind of mail the domain sends, where the owner says it.
    pub profile: Option<Profile>,
    /// Addresses that the owner wants reports at.
    pub rua: Vec<ReportUri>,
    /// Alarms of the domain.
    pub alarms: &'a [Alarm],
    /// When somebody complained that a mail was lost, in seconds since 1970 UTC.
    pub complaints_s: &'a [i64],
    /// Mails that the domain really sends on a day, where the owner says it.
    pub sent_per_day: Option<u32>,
    /// Thresholds.
    pub gates: &'a GatesSettings,
}

/// The policy that applies to the domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Current {
    /// DNS has it.
    Published {
        /// Domain whose record it is: the domain itself, or one above it.
        at: String,
        /// The record, as published.
        text: String,
        /// What it says.
        record: DmarcRecord,
        /// Seconds for which it is kept by resolvers, where known.
        ttl_s: Option<u32>,
    },
    /// DNS was not asked or did not answer; reporters saw this. Where reports go is not known.
    Seen(DmarcRecord),
    /// There is none.
    Missing,
    /// Nobody knows.
    Unknown,
}

impl Current {
    /// What the record says for the domain itself. A record above the domain says so with `sp` (RFC 9989 4.7).
    #[must_use]
    pub fn record(&self, domain: &str) -> Option<DmarcRecord> {
        match self {
            Self::Published { at, record, .. } if at != domain => {
                Some(DmarcRecord { p: record.sp.or(record.p), sp: None, np: None, ..record.clone() })
            }
            Self::Published { record, .. } | Self::Seen(record) => Some(record.clone()),
            Self::Missing | Self::Unknown => None,
        }
    }

    /// The record as published.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Published { text, .. } => Some(text),
            _ => None,
        }
    }
}

/// What DNS says about SPF, DKIM and where reports go.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct DnsState {
    /// Whether DNS was asked and answered what decides.
    pub is_known: bool,
    /// What is broken, a sentence each.
    pub problems: Vec<Said>,
    /// Look-ups that evaluating SPF takes, where known.
    pub spf_lookups: Option<u32>,
    /// Whether the domain says that it neither sends nor takes mail: SPF `v=spf1 -all` and no mail server.
    pub is_unused: bool,
}
