//! A record of a report on one day, as analysis looks at it.

use std::net::IpAddr;
use std::sync::Arc;

use crate::model::{AuthResults, Identifiers, PolicyEvaluated, PolicyPublished, Text};

/// Mails of one record that count on one day. A record that is spread over days is one observation a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observation {
    /// UTC day, days since 1970-01-01.
    pub day: i64,
    /// Name of the reporter, as reports are grouped by.
    pub reporter: Text,
    /// Where the mails came from.
    pub source_ip: IpAddr,
    /// How many; may be 0.
    pub mails: u64,
    /// What the reporter concluded. Counting goes by it.
    pub evaluated: Arc<PolicyEvaluated>,
    /// Names on the mails.
    pub identifiers: Arc<Identifiers>,
    /// What the reporter measured.
    pub auth_results: Arc<AuthResults>,
    /// The policy that the reporter saw.
    pub policy: Arc<PolicyPublished>,
}

impl Observation {
    /// Whether DMARC passed, by the reporter's word.
    #[must_use]
    pub fn passes(&self) -> bool {
        self.evaluated.dkim_aligned() || self.evaluated.spf_aligned()
    }
}
