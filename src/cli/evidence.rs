//! What commands that judge a domain begin with: its observations, what DNS says, and who sent.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::net::IpAddr;

use foldhash::fast::RandomState;

use super::context::Context;
use crate::analyze::trust::Trust;
use crate::analyze::{Elsewhere, Inputs, Observation, ReverseNames, Senders, classify};
use crate::config::{DomainSettings, LeftOut};
use crate::dns::Published;
use crate::enrich;
use crate::resolve::{self, Resolver};
use crate::store::{By, Filter, Store, StoreError, Unwanted};

/// Selectors of mails that are asked for: a large owner has twenty, a forger invents as many as he likes.
const SELECTORS_MAX: usize = 50;
/// Domains that are refreshed where the settings name none: reports may be about thousands.
const REFRESHED_MAX: usize = 20;
/// Other domains that are looked at.
const OTHERS_MAX: usize = 50;

/// What is known of a domain in a period.
#[derive(Debug)]
pub(super) struct Evidence {
    /// By day, reporter and source.
    pub(super) observations: Vec<Observation>,
    /// Who sent them.
    pub(super) senders: Senders,
    /// What DNS published, oldest first.
    pub(super) published: Vec<Published>,
    /// Reverse names of their addresses.
    pub(super) names: ReverseNames,
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
    prove(context, store, resolver)?;
    let observed = store.observations_without(filter, &settings.limits, &unwanted(context, store)?)?;
    let is_offline = context.global.offline;
    let addresses = if is_offline { Vec::new() } else { by_need(&observed.observations) };
    let wanted = enrich::Wanted { addresses: &addresses, now_s: context.now.timestamp(), limits: &settings.limits };
    let names: ReverseNames = enrich::reverse_names(&wanted, resolver, is_offline, store)?;
    let own_hosts = if is_offline { BTreeSet::new() } else { enrich::own_hosts(domain, resolver) };
    let published = published(context, store, resolver, domain, &observed.observations)?;
    let inputs = Inputs {
        domain,
        settings: settings_of(&settings.domains, domain),
        published: &published,
        names: &names,
        own_hosts: &own_hosts,
        elsewhere: &elsewhere(context, store, filter, &observed.observations)?,
    };
    let senders = named(context, classify(&observed.observations, &inputs));
    Ok(Evidence { observations: observed.observations, senders, published, names })
}

/// The evidence of the filter's domain as far as it is kept already: nobody is asked.
///
/// # Errors
/// As [`gather`].
pub(super) fn kept(context: &Context, store: &Store, filter: &Filter) -> anyhow::Result<Evidence> {
    let domain = filter.domain.as_deref().unwrap_or_default();
    let settings = &context.resolved.settings;
    let observations = store.observations_without(filter, &settings.limits, &unwanted(context, store)?)?.observations;
    let names: ReverseNames = store.reverse_names()?.into_iter().map(|(address, (name, _))| (address, name)).collect();
    let published: Vec<Published> =
        store.published_history(domain)?.into_iter().map(|snapshot| snapshot.published).collect();
    let inputs = Inputs {
        domain,
        settings: settings_of(&settings.domains, domain),
        published: &published,
        names: &names,
        own_hosts: &BTreeSet::new(),
        elsewhere: &elsewhere(context, store, filter, &observations)?,
    };
    let senders = named(context, classify(&observations, &inputs));
    Ok(Evidence { observations, senders, published, names })
}

/// Senders that are called by a reverse name, called as the owner's table of names calls them.
fn named(context: &Context, mut senders: Senders) -> Senders {
    for sender in &mut senders.senders {
        let base = sender.key.strip_prefix("ptr:").filter(|base| *base == sender.name);
        if let Some(found) = base.and_then(|base| context.base_names().get(base)) {
            sender.name.clone_from(&found.name);
        }
    }
    senders
}

/// Asks for what DNS says about the domains, so that it is kept: for the daily job, which goes on whatever comes of it.
pub(super) fn refresh(context: &Context, store: &mut Store, filter: &Filter) -> anyhow::Result<()> {
    if context.global.offline {
        return Ok(());
    }
    let resolver = context.resolver()?;
    let named = context.resolved.settings.domains.iter().map(|domain| domain.name.to_string());
    let mut domains: Vec<String> = named.collect();
    if domains.is_empty() {
        let groups = store.groups(By::Domain, filter)?;
        domains = groups.into_iter().filter_map(|group| group.name).take(REFRESHED_MAX).collect();
    }
    for domain in domains {
        let filter = Filter { domain: Some(domain), ..filter.clone() };
        let evidence = gather(context, store, resolver.as_ref(), &filter)?;
        // Where nobody answers, the next domain would only wait as long.
        let is_silent = |seen: &Published| seen.dmarc.is_unknown() && seen.spf.is_unknown();
        if evidence.published.last().is_none_or(is_silent) {
            break;
        }
    }
    Ok(())
}

/// Verifies the mails that brought reports, as far as that is still to be done.
pub(super) fn prove(context: &Context, store: &mut Store, resolver: &dyn Resolver) -> anyhow::Result<()> {
    if !context.global.offline {
        enrich::prove_mails(resolver, &context.resolved.settings.limits, context.now.timestamp(), store)?;
    }
    Ok(())
}

/// Since when a reporter is new.
pub(super) fn new_since_s(context: &Context, store: &Store) -> anyhow::Result<i64> {
    Ok(store.new_reporters_since_s(context.now.timestamp(), context.resolved.settings.trust.new_days)?)
}

/// The reports that advice leaves out, as the settings say.
fn unwanted(context: &Context, store: &Store) -> anyhow::Result<Unwanted> {
    let left_out = &context.resolved.settings.trust.leave_out;
    let mut unwanted = Unwanted::default();
    unwanted.trusts.extend(left_out.iter().filter_map(|word| Trust::from_word(word.as_str())));
    if left_out.contains(&LeftOut::New) {
        unwanted.new_since_s = Some(new_since_s(context, store)?);
    }
    Ok(unwanted)
}

/// What the addresses of observations do in the name of the other domains of the settings.
fn elsewhere(
    context: &Context,
    store: &Store,
    filter: &Filter,
    observations: &[Observation],
) -> anyhow::Result<HashMap<IpAddr, Elsewhere>> {
    let others = context.resolved.settings.domains.iter().map(|domain| domain.name.to_string());
    let others: Vec<String> = others.filter(|other| Some(other) != filter.domain.as_ref()).take(OTHERS_MAX).collect();
    let mut elsewhere: HashMap<IpAddr, Elsewhere> = HashMap::new();
    if others.is_empty() {
        return Ok(elsewhere);
    }
    let here: HashSet<IpAddr, RandomState> = observations.iter().map(|seen| seen.source_ip).collect();
    store.each_way(&others, filter, |address, relays| {
        if here.contains(&address) {
            let seen = elsewhere.entry(address).or_default();
            seen.domains += 1;
            seen.relayed += u32::from(relays);
        }
    })?;
    Ok(elsewhere)
}

/// What DNS published, oldest first: all that is kept, and online what it publishes now.
fn published(
    context: &Context,
    store: &mut Store,
    resolver: &dyn Resolver,
    domain: &str,
    observations: &[Observation],
) -> anyhow::Result<Vec<Published>> {
    if !context.global.offline {
        let settings = &context.resolved.settings;
        let selectors = selectors(domain, settings_of(&settings.domains, domain), observations);
        let now_s = context.now.timestamp();
        let seen = resolve::gather(resolver, domain, &selectors, &settings.limits, now_s).published;
        if let Some(failure) = seen.unanswered() {
            context.tell_of_silence(failure);
        }
        match store.keep_published(&seen) {
            Ok(_) => {}
            // What can't be kept is used all the same.
            Err(StoreError::ReadOnly { .. } | StoreError::Full { .. }) => return Ok(vec![seen]),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(store.published_history(domain)?.into_iter().map(|snapshot| snapshot.published).collect())
}

/// The selectors to ask for: those of the settings, then those of the mails, most mails first.
fn selectors(domain: &str, settings: Option<&DomainSettings>, observations: &[Observation]) -> Vec<String> {
    let mut mails: BTreeMap<&str, u64> = BTreeMap::new();
    for observation in observations {
        for signature in &observation.auth_results.dkim {
            if signature.domain.as_deref() == Some(domain)
                && let Some(selector) = signature.selector.as_deref().filter(|selector| is_label_list(selector))
            {
                *mails.entry(selector).or_default() += observation.mails;
            }
        }
    }
    let mut seen: Vec<(&str, u64)> = mails.into_iter().collect();
    seen.sort_by_key(|(selector, mails)| (std::cmp::Reverse(*mails), *selector));
    let declared = settings.into_iter().flat_map(|settings| &settings.dkim).map(|key| key.selector.as_str().to_owned());
    let mut selectors: Vec<String> = declared.collect();
    let more = seen.into_iter().map(|(selector, _)| selector.to_lowercase());
    for selector in more.take(SELECTORS_MAX) {
        if !selectors.contains(&selector) {
            selectors.push(selector);
        }
    }
    selectors
}

/// A stranger's selector is only asked for when it is a name.
fn is_label_list(selector: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    !selector.is_empty() && selector.len() <= 63 && selector.chars().all(is_plain)
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
    let mut mails: HashMap<IpAddr, (u64, u64), RandomState> = HashMap::default();
    for observation in observations {
        let sum = mails.entry(observation.source_ip).or_default();
        sum.0 += if observation.passes() { 0 } else { observation.mails };
        sum.1 += observation.mails;
    }
    let mut addresses: Vec<(IpAddr, (u64, u64))> = mails.into_iter().collect();
    addresses.sort_unstable_by_key(|(address, mails)| (std::cmp::Reverse(*mails), *address));
    addresses.into_iter().map(|(address, _)| address).collect()
}
