//! A record of a report on one day, as analysis looks at it.

use std::net::IpAddr;
use std::ops::Deref;
use std::sync::Arc;

use crate::model::{AuthResults, Identifiers, PolicyEvaluated, PolicyPublished, Text};

/// Mails of one record that count on one day. A record that is spread over days is one observation a day.
///
/// There are up to millions of them and a few thousand shapes, so an observation holds little more than its shape's place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observation {
    /// UTC day, days since 1970-01-01.
    pub day: i64,
    /// Where the mails came from.
    pub source_ip: IpAddr,
    /// How many; may be 0.
    pub mails: u64,
    /// Everything else; read through the observation.
    pub shape: Arc<Shape>,
}

/// What many observations have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Name of the reporter, as reports are grouped by.
    pub reporter: Text,
    /// What the reporter concluded. Counting goes by it.
    pub evaluated: Arc<PolicyEvaluated>,
    /// Names on the mails.
    pub identifiers: Arc<Identifiers>,
    /// What the reporter measured.
    pub auth_results: Arc<AuthResults>,
    /// The policy that the reporter saw.
    pub policy: Arc<PolicyPublished>,
}

impl Deref for Observation {
    type Target = Shape;

    fn deref(&self) -> &Shape {
        &self.shape
    }
}

impl Shape {
    /// Whether DMARC passed, by the reporter's word.
    #[must_use]
    pub fn passes(&self) -> bool {
        self.evaluated.dkim_aligned() || self.evaluated.spf_aligned()
    }
}
