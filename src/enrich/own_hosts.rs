//! Addresses of a domain's own web sites and mail servers: what sends from there is likely a program of a site.

use std::collections::BTreeSet;
use std::net::IpAddr;

use crate::dns::Lookup;
use crate::resolve::Resolver;

/// Mail servers whose addresses are asked for.
const SERVERS_MAX: usize = 10;

/// Addresses of the domain, of `www.` below it, and of its mail servers.
#[must_use]
pub fn own_hosts(domain: &str, resolver: &dyn Resolver) -> BTreeSet<IpAddr> {
    let servers = resolver.mx(domain);
    // Only servers below the domain: a service's mail servers are everybody's.
    let is_own = |name: &&String| name.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'));
    let mut names: Vec<String> =
        servers.answer.records().iter().map(|(_, name)| name).filter(is_own).take(SERVERS_MAX).cloned().collect();
    names.extend([domain.to_owned(), format!("www.{domain}")]);
    let mut hosts = BTreeSet::new();
    for name in names {
        let (four, six): (Lookup<_>, Lookup<_>) = (resolver.a(&name), resolver.aaaa(&name));
        hosts.extend(four.answer.records().iter().map(|address| IpAddr::V4(*address)));
        hosts.extend(six.answer.records().iter().map(|address| IpAddr::V6(*address)));
    }
    hosts
}
