//! What is known beside the observations.

use std::collections::{BTreeSet, HashMap};
use std::net::IpAddr;

use crate::config::DomainSettings;
use crate::dns::Published;

/// Name of an address in reverse DNS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReverseName {
    /// The name, lower case; `None` when it is known that there is none.
    pub name: Option<String>,
    /// The name leads back to the address. Anybody can claim a name; only its owner can confirm it.
    pub is_confirmed: bool,
}

/// Reverse names by address. An address that is not in it was not asked for, or nobody answered.
pub type ReverseNames = HashMap<IpAddr, ReverseName>;

/// What an address does in the name of the installation's other domains.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Elsewhere {
    /// Other domains that it sends for.
    pub domains: u32,
    /// Of these, domains whose mails from it pass by DKIM only: it passes mail on.
    pub relayed: u32,
}

/// What is known beside the observations. Everything but the domain may be missing.
#[derive(Clone, Copy, Debug)]
pub struct Inputs<'a> {
    /// The domain whose records were observed.
    pub domain: &'a str,
    /// What the owner declares.
    pub settings: Option<&'a DomainSettings>,
    /// What DNS published, oldest first.
    pub published: &'a [Published],
    /// Reverse names.
    pub names: &'a ReverseNames,
    /// Addresses of the domain's own web sites and mail servers.
    pub own_hosts: &'a BTreeSet<IpAddr>,
    /// The same addresses under the installation's other domains.
    pub elsewhere: &'a HashMap<IpAddr, Elsewhere>,
}

impl<'a> Inputs<'a> {
    /// The snapshot of a day: the last one taken until its end, else the first one after.
    #[must_use]
    pub fn published_on(&self, day: i64) -> Option<&'a Published> {
        self.published.get(self.period_of(day))
    }

    /// The place of the snapshot of a day; 0 when there is none.
    pub(super) fn period_of(&self, day: i64) -> usize {
        let end_s = day.saturating_add(1).saturating_mul(86_400);
        self.published.partition_point(|published| published.seen_s < end_s).saturating_sub(1)
    }
}
