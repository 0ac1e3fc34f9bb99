//! What commands that judge a domain begin with: its observations, what DNS says, and who sent.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::IpAddr;

use super::context::Context;
use crate::analyze::{Inputs, Observation, ReverseNames, Senders, classify};
use crate::config::DomainSettings;
use crate::dns::Published;
use crate::enrich;
use crate::resolve::Resolver;
use crate::store::{Filter, Store};

/// What is known of a domain in a period.
#[derive(Debug)]
pub(super) struct Evidence {
    /// By day, reporter and source.
    pub(super) observations: Vec<Observation>,
    /// Who sent them.
    pub(super) senders: Senders,
    /// What DNS published, oldest first.
    pub(super) published: Vec<Published>,
}

/// Gathers the evidence of the filter's domain. Asks DNS for reverse names unless offline.
///
/// # Errors
/// When the store can't be read, or holds too much for this period.
pub(super) fn gather(
    context: &Context,
    store: &mut Store,
    resolver: &dyn Resolver,
    filter: &Filter,
) -> anyhow::Result<Evidence> {
    let domain = filter.domain.as_deref().unwrap_or_default();
    let settings = &context.resolved.settings;
    let observed = store.observations(filter, &settings.limits)?;
    let addresses = by_need(&observed.observations);
    let wanted = enrich::Wanted { addresses: &addresses, now_s: context.now.timestamp(), limits: &settings.limits };
    let names: ReverseNames = enrich::reverse_names(&wanted, resolver, context.global.offline, store)?;
    let own_hosts = if context.global.offline { BTreeSet::new() } else { enrich::own_hosts(domain, resolver) };
    let published = Vec::new();
    let inputs = Inputs {
        domain,
        settings: settings_of(&settings.domains, domain),
        published: &published,
        names: &names,
        own_hosts: &own_hosts,
        elsewhere: &HashMap::new(),
    };
    let senders = classify(&observed.observations, &inputs);
    Ok(Evidence { observations: observed.observations, senders, published })
}

/// The settings of a domain: its own, else those of the nearest one above it.
fn settings_of<'s>(domains: &'s [DomainSettings], domain: &str) -> Option<&'s DomainSettings> {
    let is_above = |settings: &&DomainSettings| {
        domain.strip_suffix(settings.name.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    domains.iter().filter(is_above).max_by_key(|settings| settings.name.as_str().len())
}

/// Addresses, those with most failing mails first.
fn by_need(observations: &[Observation]) -> Vec<IpAddr> {
    let mut mails: BTreeMap<IpAddr, (u64, u64)> = BTreeMap::new();
    for observation in observations {
        let sum = mails.entry(observation.source_ip).or_default();
        sum.0 += if observation.passes() { 0 } else { observation.mails };
        sum.1 += observation.mails;
    }
    let mut addresses: Vec<(IpAddr, (u64, u64))> = mails.into_iter().collect();
    addresses.sort_by_key(|(address, mails)| (std::cmp::Reverse(*mails), *address));
    addresses.into_iter().map(|(address, _)| address).collect()
}
