//! Each server by itself: the name servers of a zone and the resolvers, so that it shows where they differ.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};

use super::many::{at_once, each};
use super::{Hickory, Resolver};
use crate::analyze::check::ServerSaid;
use crate::config::DnsSettings;
use crate::dns::{Answer, Failure, Lookup};
use crate::limits::Limits;

/// Name servers of a zone that are asked.
const SERVERS_MAX: usize = 16;
/// Names that a server is asked for.
const NAMES_MAX: usize = 40;
/// Silent name servers after which no other is asked in this run, where none ever answered: the way to them is closed.
const SILENT_MAX: usize = 4;

/// A server that can be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DnsServer {
    /// What it is called, with its address.
    pub name: String,
    /// Where it is.
    pub address: SocketAddr,
    /// It is a name server of the zone; otherwise a resolver.
    pub is_of_zone: bool,
}

/// The servers that were asked one by one in this run, and which of them were silent.
#[derive(Debug)]
pub struct Servers<'a> {
    settings: &'a DnsSettings,
    limits: &'a Limits,
    silent: BTreeSet<SocketAddr>,
    has_answered: bool,
}

impl<'a> Servers<'a> {
    /// Nobody was asked yet. Of `settings`, `timeout_s` is how long each of them is waited for, once.
    #[must_use]
    pub const fn new(settings: &'a DnsSettings, limits: &'a Limits) -> Self {
        Self { settings, limits, silent: BTreeSet::new(), has_answered: false }
    }

    /// The resolvers, and the name servers of the zone that a domain is in, each once.
    #[must_use]
    pub fn of(&self, resolver: &dyn Resolver, resolvers: &[SocketAddr], domain: &str) -> Vec<DnsServer> {
        let mut servers: Vec<DnsServer> = Vec::new();
        let of_zone = authoritative(resolver, domain).into_iter().map(|(name, ip)| DnsServer {
            name: format!("{name} ({ip})"),
            address: SocketAddr::new(ip, self.settings.zone_port),
            is_of_zone: true,
        });
        let of_settings = resolvers.iter().map(|address| DnsServer {
            name: format!("resolver {address}"),
            address: *address,
            is_of_zone: false,
        });
        for server in of_zone.chain(of_settings) {
            if !servers.iter().any(|known| known.address == server.address) {
                servers.push(server);
            }
        }
        servers
    }

    /// Asks every server for TXT records, each once. One that does not answer the first question is asked no further,
    /// and not again in this run.
    pub fn ask(&mut self, servers: &[DnsServer], names: &[String]) -> Vec<ServerSaid> {
        let names = names.get(..names.len().min(NAMES_MAX)).unwrap_or(names);
        let is_closed = !self.has_answered && self.silent.len() >= SILENT_MAX;
        let said = each(servers, at_once(self.limits), |server| {
            let is_skipped = server.is_of_zone && (is_closed || self.silent.contains(&server.address));
            let answers = if is_skipped { silence(names, Failure::TimedOut) } else { self.one(server.address, names) };
            ServerSaid { server: server.name.clone(), is_of_zone: server.is_of_zone, answers }
        });
        for (server, said) in servers.iter().zip(&said).filter(|(server, _)| server.is_of_zone) {
            let is_silent = said.answers.values().all(|lookup| is_silence(&lookup.answer));
            self.has_answered |= !is_silent;
            if is_silent {
                self.silent.insert(server.address);
            }
        }
        said
    }

    fn one(&self, address: SocketAddr, names: &[String]) -> BTreeMap<String, Lookup<String>> {
        let settings = DnsSettings { servers: vec![address], attempts: 1, ..self.settings.clone() };
        let Ok(server) = Hickory::new(&settings, self.limits) else { return silence(names, Failure::Unreachable) };
        let mut answers = BTreeMap::new();
        for name in names {
            let lookup = server.txt(name);
            if let (true, Answer::Failed(failure)) = (answers.is_empty() && is_silence(&lookup.answer), &lookup.answer)
            {
                return silence(names, *failure);
            }
            answers.insert(name.clone(), lookup);
        }
        answers
    }
}

const fn is_silence(answer: &Answer<String>) -> bool {
    matches!(answer, Answer::Failed(Failure::TimedOut | Failure::Unreachable))
}

fn silence(names: &[String], failure: Failure) -> BTreeMap<String, Lookup<String>> {
    let lookup = Lookup { answer: Answer::Failed(failure), aliases: Vec::new(), ttl_s: None };
    names.iter().map(|name| (name.clone(), lookup.clone())).collect()
}

/// The name servers of the zone that a domain is in, with their addresses.
#[must_use]
pub fn authoritative(resolver: &dyn Resolver, domain: &str) -> Vec<(String, IpAddr)> {
    let mut zone = domain;
    loop {
        if let Answer::Found(names) = resolver.ns(zone).answer {
            let addresses = |name: &String| {
                let four = resolver.a(name).answer.records().iter().map(|ip| IpAddr::V4(*ip)).collect::<Vec<_>>();
                let six = resolver.aaaa(name).answer.records().iter().map(|ip| IpAddr::V6(*ip)).collect::<Vec<_>>();
                four.into_iter().chain(six).map(|ip| (name.clone(), ip)).collect::<Vec<_>>()
            };
            return names.iter().take(SERVERS_MAX).flat_map(addresses).take(SERVERS_MAX).collect();
        }
        match zone.split_once('.') {
            Some((_, above)) if above.contains('.') => zone = above,
            _ => return Vec::new(),
        }
    }
}
