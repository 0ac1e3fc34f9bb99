//! The aggregate report of RFC 7489 section 7.2 and RFC 9990, one shape for both.
//!
//! `None` is *not sent* or *sent empty*; nothing is filled in. Values are trimmed; names of domains are in lower
//! case without a final dot, everything else is as sent.

use std::net::IpAddr;
use std::sync::Arc;

use super::word::{
    AlignmentMode, AuthResult, DiscoveryMethod, Disposition, DmarcResult, OverrideType, Policy, Sent, SpfScope,
    TestMode,
};

/// Text from a report. Equal texts of one report share their bytes.
pub type Text = Arc<str>;

/// A name as DNS compares it: lower case, no final dot. Not checked to be one: reporters send lists and addresses.
pub type DomainName = Text;

/// One aggregate report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AggregateReport {
    /// `<version>`, as sent: `1.0`, `0.1`, `2.0`; tells no dialect.
    pub version: Option<Text>,
    /// Namespace of the root element.
    pub namespace: Option<Text>,
    /// `<report_metadata>`.
    pub metadata: ReportMetadata,
    /// `<policy_published>`.
    pub policy_published: PolicyPublished,
    /// `<record>`s in the order sent; equal records are not merged.
    pub records: Vec<Record>,
}

/// `<report_metadata>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportMetadata {
    /// Who says that he sent the report: a brand or a host name, no proof of identity.
    pub org_name: Option<Text>,
    /// Contact address.
    pub email: Option<Text>,
    /// Contact text or link; never to be followed by a program.
    pub extra_contact_info: Option<Text>,
    /// As sent, with any angle brackets. Not unique by itself.
    pub report_id: Text,
    /// The reporting period.
    pub date_range: DateRange,
    /// `<error>`s.
    pub errors: Vec<Text>,
    /// Software of the reporter (RFC 9990).
    pub generator: Option<Text>,
}

/// The reporting period, as sent. Some reporters mean the end inclusively, some exclusively.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DateRange {
    /// Seconds since 1970-01-01 UTC.
    pub begin_s: i64,
    /// Seconds since 1970-01-01 UTC; may equal `begin_s`, and may even be before it.
    pub end_s: i64,
}

/// `<policy_published>`: the policy that the receiver saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyPublished {
    /// Where the record was found.
    pub domain: DomainName,
    /// How the receiver found it (RFC 9990).
    pub discovery_method: Option<Sent<DiscoveryMethod>>,
    /// DKIM alignment mode.
    pub adkim: Option<Sent<AlignmentMode>>,
    /// SPF alignment mode.
    pub aspf: Option<Sent<AlignmentMode>>,
    /// Policy for the domain.
    pub p: Option<Sent<Policy>>,
    /// Policy for subdomains; absent is not `none`, it inherits `p`.
    pub sp: Option<Sent<Policy>>,
    /// Policy for subdomains that don't exist.
    pub np: Option<Sent<Policy>>,
    /// Per cent of mails to treat (RFC 7489 only).
    pub pct: Option<Sent<u8>>,
    /// Failure reporting options, a list: `1:d:s`.
    pub fo: Option<Text>,
    /// The `t` tag.
    pub testing: Option<Sent<TestMode>>,
}

impl PolicyPublished {
    /// A policy of which nothing but its domain is known.
    #[must_use]
    pub fn of(domain: DomainName) -> Self {
        Self {
            domain,
            discovery_method: None,
            adkim: None,
            aspf: None,
            p: None,
            sp: None,
            np: None,
            pct: None,
            fo: None,
            testing: None,
        }
    }
}

/// `<record>`: mails from one source that had everything in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Canonical: an IPv4-mapped IPv6 address is the IPv4 address.
    pub source_ip: Option<Sent<IpAddr>>,
    /// Mails. Where it is absent or odd, nothing is known and nothing is added to any sum.
    pub count: Option<Sent<u64>>,
    /// What the receiver concluded. Equal conclusions of one report are shared.
    pub policy_evaluated: Arc<PolicyEvaluated>,
    /// The names on the mails. Equal names of one report are shared.
    pub identifiers: Arc<Identifiers>,
    /// What the receiver measured. Equal measurements of one report are shared.
    pub auth_results: Arc<AuthResults>,
}

impl Record {
    /// Mails that this record counts; 0 where the count could not be read.
    #[must_use]
    pub fn mails(&self) -> u64 {
        self.count.as_ref().and_then(Sent::read).unwrap_or(0)
    }
}

/// `<policy_evaluated>`: DMARC verdicts as the receiver reports them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct PolicyEvaluated {
    /// What was done.
    pub disposition: Option<Sent<Disposition>>,
    /// Did an aligned DKIM signature pass.
    pub dkim: Option<Sent<DmarcResult>>,
    /// Did SPF pass for an aligned name.
    pub spf: Option<Sent<DmarcResult>>,
    /// Why something else was done than the policy asks.
    pub reasons: Vec<PolicyOverride>,
}

impl PolicyEvaluated {
    /// The reporter says that an aligned DKIM signature passed.
    #[must_use]
    pub fn dkim_aligned(&self) -> bool {
        self.dkim == Some(Sent::Read(DmarcResult::Pass))
    }

    /// The reporter says that SPF passed for an aligned name.
    #[must_use]
    pub fn spf_aligned(&self) -> bool {
        self.spf == Some(Sent::Read(DmarcResult::Pass))
    }
}

/// `<reason>`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PolicyOverride {
    /// Kind of override.
    pub kind: Option<Sent<OverrideType>>,
    /// Free text, such as `arc=pass`.
    pub comment: Option<Text>,
}

/// `<identifiers>` (some reporters write `<identities>`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Identifiers {
    /// Domain of the author address: the one that DMARC protects.
    pub header_from: Option<DomainName>,
    /// Domain of the envelope sender.
    pub envelope_from: Option<DomainName>,
    /// Domain of the recipient.
    pub envelope_to: Option<DomainName>,
}

/// `<auth_results>`: raw results, whether they fit the author domain or not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct AuthResults {
    /// One for each signature that was looked at.
    pub dkim: Vec<DkimResult>,
    /// Usually one; `helo` and `mfrom` in some reports.
    pub spf: Vec<SpfResult>,
}

/// `<dkim>` in `<auth_results>`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct DkimResult {
    /// `d=` of the signature.
    pub domain: Option<DomainName>,
    /// `s=` of the signature.
    pub selector: Option<Text>,
    /// Raw result.
    pub result: Option<Sent<AuthResult>>,
    /// Free text.
    pub human_result: Option<Text>,
}

/// `<spf>` in `<auth_results>`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct SpfResult {
    /// The name that was asked about.
    pub domain: Option<DomainName>,
    /// Which identity that name is; absent means `mfrom`.
    pub scope: Option<Sent<SpfScope>>,
    /// Raw result.
    pub result: Option<Sent<AuthResult>>,
    /// Free text (RFC 9990).
    pub human_result: Option<Text>,
}
