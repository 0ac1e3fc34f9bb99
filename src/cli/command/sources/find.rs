//! Which source is meant: by its key, its name, an address or a network.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::analyze::Sender;
use crate::cli::context::Context;
use crate::cli::evidence;
use crate::cli::exit::{Exit, Failure};
use crate::store::{By, Filter, SourceOrder, Store};
use crate::words::said;

/// The domain that is meant: the one named, else the only one of the settings, else of the reports.
pub(super) fn the_domain(context: &Context, store: &Store, named: Option<&str>) -> anyhow::Result<String> {
    if let Some(named) = named {
        return Ok(named.to_owned());
    }
    let of_settings = context.resolved.settings.domains.iter().map(|domain| domain.name.to_string());
    let mut domains: Vec<String> = of_settings.collect();
    if domains.is_empty() {
        domains = store.groups(By::Domain, &Filter::default())?.into_iter().filter_map(|group| group.name).collect();
    }
    match &*domains {
        [only] => Ok(only.clone()),
        _ => Err(Failure::new(Exit::Usage, said!("error-which-domain")).hint(said!("hint-domain-which")).into()),
    }
}

/// The sender with this key or name.
pub(super) fn named<'s>(senders: &'s [Sender], source: &str) -> Option<&'s Sender> {
    let wanted = source.to_lowercase();
    let by_key = senders.iter().find(|sender| sender.key == wanted);
    by_key.or_else(|| senders.iter().find(|sender| sender.name.to_lowercase() == wanted))
}

/// The addresses of a source, as the store has them: an address and a network are taken as they are, a key or a name as
/// `sources` lists it.
pub(in crate::cli::command) fn addresses(
    context: &Context,
    store: &mut Store,
    filter: &Filter,
    source: &str,
) -> anyhow::Result<Vec<String>> {
    if let Ok(address) = source.parse::<IpAddr>() {
        return Ok(vec![address.to_string()]);
    }
    let network = source.parse::<IpNet>().ok();
    let domain = match the_domain(context, store, filter.domain.as_deref()) {
        Ok(domain) => domain,
        // A network says by itself what is meant.
        Err(_) if network.is_some() => String::new(),
        Err(error) => return Err(error),
    };
    if !domain.is_empty() {
        let filter = Filter { domain: Some(domain.clone()), ..filter.clone() };
        let resolver = context.resolver()?;
        let senders = evidence::gather(context, store, resolver.as_ref(), &filter)?.senders.senders;
        if let Some(sender) = named(&senders, source) {
            return Ok(sender.addresses.iter().map(ToString::to_string).collect());
        }
    }
    let network = network.ok_or_else(|| no_such(source, &domain))?;
    let is_inside = |address: &String| address.parse::<IpAddr>().is_ok_and(|address| network.contains(&address));
    let rows = store.sources(filter, SourceOrder::Mails, usize::MAX)?.rows;
    Ok(rows.into_iter().map(|row| row.ip).filter(is_inside).collect())
}

/// A source that is not there.
pub(super) fn no_such(source: &str, domain: &str) -> anyhow::Error {
    Failure::new(Exit::BadData, said!("error-no-source", source = source, domain = domain))
        .hint(said!("hint-sources", domain = domain))
        .into()
}
