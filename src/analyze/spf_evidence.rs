//! What reports say about an SPF record: whose mail it does not cover, and which of its terms no mail passes by.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use ipnet::IpNet;

use super::class::{Class, Confidence};
use super::classify::Senders;
use super::known_sender::{CanAlign, KnownSenders};
use super::observation::Observation;
use super::sender::Sender;
use crate::dns::SpfCover;
use crate::model::AuthResult;

/// Mails of an address from which on it is taken into a record: a stray mail is no sender.
const MAILS_MIN: u64 = 10;
/// Addresses of one sender that are taken; more are to be named by an include.
const ADDRESSES_MAX: usize = 16;
/// Reports that reach back so many days tell that a term is out of use.
const UNUSED_DAYS: i64 = 60;

/// A sender of the owner whose mail with an envelope sender of the domain does not pass SPF.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UncoveredSender {
    /// What people call it.
    pub name: String,
    /// Its class.
    pub class: Class,
    /// Such mails by address, ascending.
    pub addresses: BTreeMap<IpAddr, u64>,
    /// Names that the service asks its customers to include; none where it is no service that is known.
    pub includes: Vec<String>,
}

impl UncoveredSender {
    /// The addresses as networks of one.
    #[must_use]
    pub fn networks(&self) -> Vec<IpNet> {
        self.addresses.keys().map(|address| IpNet::from(*address)).collect()
    }

    /// Mails from addresses that a record covers.
    #[must_use]
    pub fn mails_in(&self, cover: &SpfCover) -> u64 {
        self.addresses.iter().filter(|(address, _)| cover.passes(**address).is_some()).map(|(_, mails)| mails).sum()
    }

    /// All its mails.
    #[must_use]
    pub fn mails(&self) -> u64 {
        self.addresses.values().sum()
    }
}

/// What reports say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SpfEvidence {
    /// Most mails first.
    pub uncovered: Vec<UncoveredSender>,
    /// Mails that passed SPF for the domain, by the term of its own record that covers their address.
    pub passed: BTreeMap<String, u64>,
    /// Days from the first to the last mail.
    pub days: i64,
}

impl SpfEvidence {
    /// Whether reports reach back far enough to say that no mail passes by a term.
    #[must_use]
    pub const fn tells_unused(&self) -> bool {
        self.days >= UNUSED_DAYS
    }
}

/// Looks through the mail of a domain. `cover` are the networks of its record.
#[must_use]
pub fn spf_evidence(
    domain: &str,
    observations: &[Observation],
    senders: &Senders,
    cover: Option<&SpfCover>,
) -> SpfEvidence {
    let mut passed: BTreeMap<String, u64> = BTreeMap::new();
    for seen in observations.iter().filter(|seen| verdict(domain, seen) == Some(true)) {
        let network = cover.and_then(|cover| cover.passes(seen.source_ip));
        if let Some(term) = network.and_then(|network| network.path.first()) {
            *passed.entry(term.clone()).or_default() += seen.mails;
        }
    }
    let days: BTreeSet<i64> = observations.iter().filter(|seen| seen.mails > 0).map(|seen| seen.day).collect();
    let days = days.first().zip(days.last()).map_or(0, |(first, last)| last - first + 1);
    let is_ours = |sender: &&Sender| sender.class.is_legitimate() && is_sure(sender);
    let uncovered = senders.senders.iter().filter(is_ours).filter_map(|sender| uncovered(domain, observations, sender));
    let mut uncovered: Vec<UncoveredSender> = uncovered.collect();
    uncovered.sort_by_key(|sender| std::cmp::Reverse(sender.mails()));
    SpfEvidence { uncovered, passed, days }
}

/// What a record allows can be used by anybody who gets there, so a guess is not enough.
fn is_sure(sender: &Sender) -> bool {
    sender.is_declared || sender.confidence >= Confidence::Medium
}

fn uncovered(domain: &str, observations: &[Observation], sender: &Sender) -> Option<UncoveredSender> {
    let mut addresses: BTreeMap<IpAddr, u64> = BTreeMap::new();
    let own = sender.observations.iter().filter_map(|place| observations.get(*place));
    for seen in own.filter(|seen| verdict(domain, seen) == Some(false)) {
        *addresses.entry(seen.source_ip).or_default() += seen.mails;
    }
    let service = KnownSenders::embedded().find(&sender.key).filter(|service| service.align_spf != CanAlign::No);
    let includes = service.map(|service| service.spf.clone()).unwrap_or_default();
    if includes.is_empty() {
        addresses.retain(|_, mails| *mails >= MAILS_MIN);
    }
    let (name, class) = (sender.name.clone(), sender.class);
    let found = UncoveredSender { name, class, addresses, includes };
    let is_handy = !found.includes.is_empty() || found.addresses.len() <= ADDRESSES_MAX;
    (found.mails() >= MAILS_MIN && is_handy).then_some(found)
}

/// Whether SPF passed for the very domain; `None` where another was asked about, or nobody knows.
fn verdict(domain: &str, seen: &Observation) -> Option<bool> {
    let own = seen.auth_results.spf.iter().filter(|result| result.domain.as_deref() == Some(domain));
    let results: Vec<AuthResult> = own.filter_map(|result| result.result.as_ref()?.read()).collect();
    if results.contains(&AuthResult::Pass) {
        return Some(true);
    }
    // What is temporary says nothing about the record.
    let is_final = |result: &AuthResult| {
        matches!(result, AuthResult::Fail | AuthResult::SoftFail | AuthResult::Neutral | AuthResult::None)
    };
    results.iter().any(is_final).then_some(false)
}
