//! What all addresses of a domain say together: which selectors live where, which services are in use, how wide a pattern is.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use foldhash::fast::RandomState;
use ipnet::IpNet;

use super::super::known_sender::KnownSenders;
use super::address::Address;
use super::facts::{Counts, Name, Names};
use super::identity::Identity;
use super::inputs::Inputs;
use super::shared::Shared;
use crate::config::{SenderClass, SenderSettings};

/// Networks without any sign of the owner from which on a pattern is wide: no owner forgets so many servers.
const SWARM_NETWORKS_MIN: usize = 10;
/// A sender below this many mails is a trickle …
pub(super) const TRICKLE_MAILS_MAX: u64 = 30;
/// … and so many of them with unrelated identities are no owner's.
const SCATTERED_MIN: usize = 8;
/// Days before its first use from which on a selector can't be broken on the way.
const NOT_IN_USE_DAYS: i64 = 3;
/// Networks from which on addresses that share a selector are a service's: few owners have servers in so many.
const POOL_NETWORKS_MIN: usize = 3;

/// Networks from which on an envelope domain is one that several use.
const SHARED_NETWORKS_MIN: usize = 3;

/// Mails that align from a service from which on it shows which of its customers the owner is …
const CUSTOMER_MAILS_MIN: u64 = 100;
/// … by whose name stands beside this share of them.
const CUSTOMER_SHARE_MIN: f64 = 0.1;

/// What all addresses say together.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(super) struct Context {
    /// Mails that passed with each selector, and all of them.
    pub(super) selectors: Counts,
    pub(super) signed: u64,
    /// First and last day on which each selector passed.
    pub(super) selector_days: BTreeMap<Name, (i64, i64)>,
    /// Selectors that are the owner's: they passed, are declared, or have a key.
    pub(super) known_selectors: BTreeSet<Name>,
    /// Mails that passed by DKIM alone, by cluster and selector.
    homes: HashMap<(Name, Name), u64, RandomState>,
    /// Services that the owner has to do with, by id: they aligned, are included, declared, or hold a key.
    linked_services: BTreeSet<&'static str>,
    /// Networks in which a service's mail aligned.
    pub(super) aligned_networks: HashSet<(&'static str, IpNet), RandomState>,
    /// Services with aligned mail.
    pub(super) aligned_services: BTreeSet<&'static str>,
    /// Mails that align from services which sign with their customers' names, and of these, by the name.
    customer_mails: BTreeMap<&'static str, (u64, Counts)>,
    /// Mails that align and carry a passing signature of somebody else too, by its name: those from where SPF lets in, and all.
    beside: BTreeMap<Name, (u64, u64)>,
    /// Base names of addresses that SPF lets in.
    aligned_bases: BTreeSet<Name>,
    /// SPF passes for some of the domain's mail, so that an address for which it says nothing is none of its servers.
    pub(super) is_spf_used: bool,
    /// Author domains under which something passed.
    pub(super) good_header_from: BTreeSet<Name>,
    /// Addresses without any sign of the owner come from many networks.
    pub(super) is_swarm: bool,
    /// Of these, ones that come often are many too: the steadiest of them stand out by chance, not by what they are.
    pub(super) is_steady_swarm: bool,
    /// Networks of addresses for which SPF aligns and which nothing names, by the selector that they use most.
    pools: BTreeMap<Option<Name>, BTreeSet<IpNet>>,
    /// Envelope domains that come from several networks, of addresses without any sign of the owner.
    pub(super) shared_envelopes: HashSet<Name, RandomState>,
    /// First day on which the owner's own senders used a selector, whether it passed or not.
    first_used: BTreeMap<Name, i64>,
    /// Small senders with an identity of their own that nothing links to the owner are many: no owner has so many.
    pub(super) is_scattered: bool,
    /// Mails that carry a broken signature of a known selector, from addresses that also send what no forwarder has.
    pub(super) has_forgers: bool,
    /// No reporter ever named a selector of the owner's: all of them are one.
    pub(super) is_unnamed: bool,
    /// The owner names services whose addresses only DNS would tell, DNS did not say which SPF lets in, no mail tells of a service,
    /// and the owner's own servers are listed by address where they are listed at all: who is none of them is one of the services.
    pub(super) is_of_unseen_service: bool,
    /// Days from the first mail of all to the last.
    pub(super) span_days: i64,
}

impl Context {
    pub(super) fn of(
        addresses: &[Address],
        identities: &Shared<Identity<'_>>,
        inputs: &Inputs<'_>,
        names: &mut Names,
    ) -> Self {
        let mut context = Self::default();
        context.learn_selectors(addresses, identities, inputs, names);
        context.learn_services(addresses, identities, inputs);
        context.learn_customers(addresses, identities, names);
        context.learn_pattern(addresses, identities);
        let is_pool = |networks: &BTreeSet<IpNet>| networks.len() >= POOL_NETWORKS_MIN;
        let is_one_seen = !context.aligned_services.is_empty() || context.pools.values().any(is_pool);
        context.is_of_unseen_service = !is_one_seen && names_unseen_services(inputs);
        context
    }

    fn learn_selectors(
        &mut self,
        addresses: &[Address],
        identities: &Shared<Identity<'_>>,
        inputs: &Inputs<'_>,
        names: &mut Names,
    ) {
        let unnamed = names.number("");
        for (address, identity) in addresses.iter().zip(identities.iter()) {
            // Most addresses have no selector, and need no home.
            let has_home = address.spf_ours == 0 && address.selectors.0.len() > 0;
            let cluster = if has_home { names.number(&cluster(address, identity)) } else { unnamed };
            for (selector, mails) in address.selectors.0.iter() {
                self.selectors.add(*selector, *mails);
                if has_home {
                    *self.homes.entry((cluster, *selector)).or_default() += mails;
                }
            }
            for (selector, (first, last)) in address.selector_days.iter() {
                let days = self.selector_days.entry(*selector).or_insert((*first, *last));
                *days = (days.0.min(*first), days.1.max(*last));
            }
            if let Some(base) = identity.base.filter(|_| address.spf_ours > 0) {
                self.aligned_bases.insert(names.number(base));
            }
            self.is_spf_used |= address.spf_ours > 0;
            for (signer, mails) in address.beside.0.iter() {
                let (let_in, all) = self.beside.entry(*signer).or_default();
                *all = all.saturating_add(*mails);
                *let_in = let_in.saturating_add(if address.spf_ours > 0 { *mails } else { 0 });
            }
            let used = address.selector_days.iter().map(|(selector, (first, _))| (*selector, *first));
            let broken = address.broken_days.iter().map(|(selector, first)| (*selector, *first));
            for (selector, first) in used.chain(broken.filter(|_| address.spf_ours > 0)) {
                let known = self.first_used.entry(selector).or_insert(first);
                *known = first.min(*known);
            }
            if address.passed > 0 {
                self.good_header_from.extend(address.header_from.0.keys());
            }
        }
        self.signed = self.selectors.total();
        self.known_selectors.extend(self.selectors.0.keys());
        let declared = inputs.settings.iter().flat_map(|settings| &settings.dkim).map(|key| key.selector.as_str());
        let has_key = |key: &&crate::dns::PublishedKey| !key.answer.records().is_empty();
        let published = inputs.published.iter().flat_map(|seen| seen.dkim.iter().filter(has_key));
        for selector in declared.chain(published.map(|key| &*key.selector)) {
            let selector = names.number(selector);
            self.known_selectors.insert(selector);
        }
        self.known_selectors.remove(&unnamed);
        self.is_unnamed = self.selectors.0.len() == 1 && self.selectors.0.get(&unnamed).is_some();
    }

    fn learn_services(&mut self, addresses: &[Address], identities: &Shared<Identity<'_>>, inputs: &Inputs<'_>) {
        for (address, identity) in addresses.iter().zip(identities.iter()) {
            let Some((service, _)) = identity.service else { continue };
            if address.spf_ours > 0 {
                self.aligned_services.insert(&service.id);
                self.aligned_networks.insert((&service.id, address.network()));
            }
            if identity.declared_by_name.is_some() {
                self.linked_services.insert(&service.id);
            }
        }
        self.linked_services.extend(&self.aligned_services);
        let known = KnownSenders::embedded();
        for published in inputs.published {
            let terms = published.spf_cover.iter().flat_map(|cover| &cover.networks).flat_map(|network| &network.path);
            let includes = terms.filter_map(|term| Some(&*known.by_spf(term.split_once(':')?.1)?.id));
            self.linked_services.extend(includes);
            let aliases = published.dkim.iter().flat_map(|key| &key.aliases);
            let holders = aliases.filter_map(|alias| known.by_dkim(alias).or_else(|| known.by_envelope(alias)));
            self.linked_services.extend(holders.map(|service| &*service.id));
        }
    }

    /// Which customers of a service send as the owner: those whose names stand beside most of what aligns.
    fn learn_customers(&mut self, addresses: &[Address], identities: &Shared<Identity<'_>>, names: &Names) {
        let known = KnownSenders::embedded();
        for (address, identity) in addresses.iter().zip(identities.iter()) {
            let Some((service, _)) = identity.service.filter(|(service, _)| !service.customer.is_empty()) else {
                continue;
            };
            let (all, customers) = self.customer_mails.entry(&*service.id).or_default();
            *all = all.saturating_add(address.dkim_ours.max(address.spf_ours));
            for (name, mails) in address.beside.0.iter() {
                if known.by_dkim(names.name(*name)).is_some_and(|found| found.id == service.id) {
                    customers.add(*name, *mails);
                }
            }
        }
    }

    fn learn_pattern(&mut self, addresses: &[Address], identities: &Shared<Identity<'_>>) {
        let (mut networks, mut steady, mut identities_of_trickles) =
            (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        let mut envelopes: HashMap<Name, BTreeSet<IpNet>, RandomState> = HashMap::default();
        for (address, identity) in addresses.iter().zip(identities.iter()) {
            if address.spf_ours > 0 && identity.service.is_none() && identity.declared.is_none() {
                add_network(self.pools.entry(main_selector(address)).or_default(), address, POOL_NETWORKS_MIN);
            }
            let is_bare = address.dkim_ours == 0 && address.spf_ours == 0 && identity.declared.is_none();
            if !is_bare {
                continue;
            }
            add_network(&mut networks, address, SWARM_NETWORKS_MIN);
            if comes_often(address) && is_uniform(address) {
                add_network(&mut steady, address, SWARM_NETWORKS_MIN);
            }
            for envelope in address.envelopes.0.keys() {
                add_network(envelopes.entry(*envelope).or_default(), address, SHARED_NETWORKS_MIN);
            }
            if address.mails < TRICKLE_MAILS_MAX
                && let Some((envelope, _)) = address.foreign_envelopes.most()
            {
                identities_of_trickles.insert(envelope);
            }
            self.has_forgers |= self.forges_early(address);
            let forged = address.broken.0.keys().any(|selector| self.known_selectors.contains(selector));
            self.has_forgers |= forged && address.unsigned.saturating_mul(2) > address.mails;
        }
        let first = addresses.iter().filter_map(|address| address.days.keys().next()).min();
        let last = addresses.iter().filter_map(|address| address.days.keys().next_back()).max();
        self.span_days = first.zip(last).map_or(0, |(first, last)| last.saturating_sub(*first).saturating_add(1));
        self.is_swarm = networks.len() >= SWARM_NETWORKS_MIN;
        self.is_scattered = identities_of_trickles.len() >= SCATTERED_MIN;
        self.is_steady_swarm = steady.len() >= SWARM_NETWORKS_MIN;
        let shared = envelopes.into_iter().filter(|(_, networks)| networks.len() >= SHARED_NETWORKS_MIN);
        self.shared_envelopes = shared.map(|(envelope, _)| envelope).collect();
    }

    /// Share of a selector's passing mail that comes, by DKIM alone, from where an address belongs to.
    pub(super) fn home_share(&self, address: &Address, identity: &Identity<'_>, selector: Name, names: &Names) -> f64 {
        let Some(cluster) = names.find(&cluster(address, identity)) else { return 0.0 };
        let here = self.homes.get(&(cluster, selector)).copied().unwrap_or(0);
        share(here, self.selectors.0.get(&selector).copied().unwrap_or(0))
    }

    /// Whether most of what an address signs carries a second signature whose signer SPF lets in, elsewhere: sent there, and
    /// passed on here.
    pub(super) fn is_second_hand(&self, address: &Address, identity: &Identity<'_>, names: &Names) -> bool {
        let is_from_elsewhere = |(signer, mails): (&Name, &u64)| {
            let (let_in, all) = self.beside.get(signer).copied().unwrap_or_default();
            share(*mails, address.dkim_ours) >= 0.5 && share(let_in, all) >= 0.5
        };
        let is_of_them =
            identity.base.and_then(|base| names.find(base)).is_some_and(|b| self.aligned_bases.contains(&b));
        address.spf_ours == 0
            && identity.service.is_none()
            && !is_of_them
            && address.beside.0.iter().any(is_from_elsewhere)
    }

    /// Whether an address is one of a pool over many networks, as only services have them.
    pub(super) fn is_of_pool(&self, address: &Address) -> bool {
        self.pools.get(&main_selector(address)).is_some_and(|networks| networks.len() >= POOL_NETWORKS_MIN)
    }

    /// Whether the owner has to do with a service.
    pub(super) fn is_linked(&self, service: &str) -> bool {
        self.linked_services.contains(service)
    }

    /// Whether a name that a service signs with is another customer's: the owner's mail from there hardly ever has it.
    pub(super) fn is_other_customer(&self, service: &str, signer: Name) -> bool {
        self.customer_mails.get(service).is_some_and(|(all, customers)| {
            let mails = customers.0.get(&signer).copied().unwrap_or(0);
            *all >= CUSTOMER_MAILS_MIN && share(mails, *all) < CUSTOMER_SHARE_MIN
        })
    }

    /// Whether an address carries a signature of a selector days before the owner used it: made up, not broken.
    pub(super) fn forges_early(&self, address: &Address) -> bool {
        let is_early = |(selector, day): (&Name, &i64)| {
            self.first_used.get(selector).is_some_and(|first| day + NOT_IN_USE_DAYS < *first)
        };
        address.broken_days.iter().any(is_early)
    }

    /// Mails of an address with a broken signature of a selector that is the owner's.
    pub(super) fn broken_known(&self, address: &Address) -> u64 {
        let known = address.broken.0.iter().filter(|(selector, _)| self.known_selectors.contains(selector));
        // A mail may carry two.
        known.fold(0, |sum: u64, (_, mails)| sum.saturating_add(*mails)).min(address.mails)
    }
}

fn names_unseen_services(inputs: &Inputs<'_>) -> bool {
    let is_seen = inputs.published.iter().any(|published| published.spf_cover.is_some());
    let senders = inputs.settings.map_or(&[][..], |settings| &settings.senders);
    let is_unseen = |sender: &SenderSettings| sender.cidr.is_empty() && !sender.spf.is_empty();
    let is_service = |sender: &&SenderSettings| sender.class == SenderClass::Authorised;
    let (services, others): (Vec<_>, Vec<_>) = senders.iter().partition(is_service);
    !is_seen && services.into_iter().any(is_unseen) && !others.into_iter().any(is_unseen)
}

/// Adds the network of an address, unless there are so many that another tells nothing more.
fn add_network(networks: &mut BTreeSet<IpNet>, address: &Address, enough: usize) {
    if networks.len() < enough {
        networks.insert(address.network());
    }
}

/// The selector that an address passes with most.
pub(super) fn main_selector(address: &Address) -> Option<Name> {
    address.selectors.most().map(|(selector, _)| selector)
}

/// A part of a whole; nothing of nothing is 0.
pub(super) fn share(part: u64, whole: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "shares need no more digits than a float has")]
    let share = part as f64 / whole.max(1) as f64;
    share
}

/// What an address belongs to, where its selectors are at home: a declared sender, a service, a name, or its network.
fn cluster(address: &Address, identity: &Identity<'_>) -> String {
    if let Some(declared) = identity.declared.or(identity.declared_by_name) {
        return format!("declared {}", declared.name);
    }
    match (identity.service, identity.base) {
        (Some((service, _)), _) => format!("service {}", service.id),
        (None, Some(base)) => format!("name {base}"),
        (None, None) => format!("network {}", address.network()),
    }
}

/// Sends regularly: on most days of at least ten, or again and again with the same pause.
pub(super) fn is_steady(address: &Address) -> bool {
    let (active, span) = (address.active_days(), u64::try_from(address.span_days()).unwrap_or(0));
    active >= 10 && share(active, span) >= 0.4 || is_periodic(address)
}

/// Not steady yet, but on a quarter of the days.
fn comes_often(address: &Address) -> bool {
    let (active, span) = (address.active_days(), u64::try_from(address.span_days()).unwrap_or(0));
    active >= 10 && share(active, span) >= 0.25 || is_periodic(address)
}

/// One author domain, one envelope sender at the most, no signature: one program, as far as can be seen.
pub(super) fn is_uniform(address: &Address) -> bool {
    address.header_from.0.len() == 1 && address.envelopes.0.len() <= 1 && address.unsigned == address.mails
}

/// Comes back over three weeks or more.
pub(super) fn returns(address: &Address) -> bool {
    address.active_days() >= 4 && address.span_days() >= 21
}

/// At least three runs with the same pause of a week or more, give or take two days.
fn is_periodic(address: &Address) -> bool {
    if address.days.len() < 3 {
        return false;
    }
    let mut starts: Vec<i64> = Vec::new();
    let mut last = i64::MIN;
    for day in address.days.iter().filter(|(_, (mails, _))| *mails > 0).map(|(day, _)| *day) {
        // Days in a row are one run: mail of one sending arrives over two.
        if day.saturating_sub(last) > 2 {
            starts.push(day);
        }
        last = day;
    }
    let pauses: Vec<i64> = starts.iter().zip(starts.iter().skip(1)).map(|(one, next)| next - one).collect();
    let (shortest, longest) = (pauses.iter().min().copied().unwrap_or(0), pauses.iter().max().copied().unwrap_or(0));
    pauses.len() >= 2 && shortest >= 6 && longest - shortest <= 3
}
