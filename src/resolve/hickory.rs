//! Asking real servers, with hickory's wire format and transports.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use hickory_resolver::proto::op::Query;
use hickory_resolver::proto::rr::{Name, RData, RecordType};
use hickory_resolver::system_conf::read_system_conf;
use tokio::runtime::{Builder, Runtime};

use super::Resolver;
use super::chain;
use super::error::ResolveError;
use super::exchange::{Heard, Servers};
use crate::config::DnsSettings;
use crate::dns::{Answer, Failure, Lookup};
use crate::limits::Limits;

/// Port of DNS, where an address of the system has none.
const PORT: u16 = 53;
/// The record type SPF (RFC 4408 3.1.1), whose data is that of TXT.
const SPF_TYPE: u16 = 99;

/// Asks DNS servers, and remembers for its own life what they said, also that something is not there or not known: in
/// one run the same question has one answer. Whoever waits for a change makes a new one.
#[derive(Debug)]
pub struct Hickory {
    runtime: Runtime,
    servers: Servers,
    aliases_max: usize,
    answers_max: usize,
    answers: Mutex<HashMap<(Name, RecordType), Lookup<RData>>>,
}

impl Hickory {
    /// A resolver that asks the servers of the settings, or where they name none, those of the system.
    ///
    /// # Errors
    ///
    /// Fails when neither names a server, or when no thread can be started.
    pub fn new(settings: &DnsSettings, limits: &Limits) -> Result<Self, ResolveError> {
        let addresses = Self::servers_of(settings)?;
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("dns")
            .enable_all()
            .build()
            .map_err(ResolveError::Start)?;
        let timeout = Duration::from_secs(settings.timeout_s.max(1).into());
        Ok(Self {
            runtime,
            servers: Servers { addresses, timeout, attempts: settings.attempts, heard: Heard::default() },
            aliases_max: usize::try_from(limits.dns_aliases_max).unwrap_or(usize::MAX),
            answers_max: usize::try_from(limits.dns_answers_max).unwrap_or(usize::MAX),
            answers: Mutex::default(),
        })
    }

    /// The servers of the settings, or where they name none, those of the system.
    ///
    /// # Errors
    ///
    /// Fails when neither names one.
    pub fn servers_of(settings: &DnsSettings) -> Result<Vec<SocketAddr>, ResolveError> {
        if settings.servers.is_empty() { of_system() } else { Ok(settings.servers.clone()) }
    }

    /// The servers that are asked, in order.
    #[must_use]
    pub fn servers(&self) -> &[SocketAddr] {
        &self.servers.addresses
    }

    fn ask_text<T>(&self, name: &str, kind: RecordType, read: impl Fn(RData) -> Option<T>) -> Lookup<T> {
        match parse(name) {
            Some(name) => self.ask(name, kind, read),
            None => failed(Failure::Malformed),
        }
    }

    fn ask<T>(&self, name: Name, kind: RecordType, read: impl Fn(RData) -> Option<T>) -> Lookup<T> {
        let Lookup { answer, aliases, ttl_s } = self.remembered(name, kind);
        let answer = match answer {
            Answer::Found(records) => Answer::Found(records.into_iter().filter_map(read).collect()),
            Answer::NoData => Answer::NoData,
            Answer::NxDomain => Answer::NxDomain,
            Answer::Failed(failure) => Answer::Failed(failure),
        };
        Lookup { answer, aliases, ttl_s }
    }

    fn remembered(&self, name: Name, kind: RecordType) -> Lookup<RData> {
        let key = (name, kind);
        if let Some(known) = self.answers().get(&key) {
            return known.clone();
        }
        let (name, _) = key.clone();
        let ask = async |name| self.servers.ask(&Query::query(name, kind)).await;
        let answer = self.runtime.block_on(chain::follow(name, kind, self.aliases_max, ask));
        let mut answers = self.answers();
        if answers.len() < self.answers_max {
            answers.insert(key, answer.clone());
        }
        answer
    }

    /// A thread that panicked leaves whole answers behind.
    fn answers(&self) -> MutexGuard<'_, HashMap<(Name, RecordType), Lookup<RData>>> {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Resolver for Hickory {
    fn txt(&self, name: &str) -> Lookup<String> {
        self.ask_text(name, RecordType::TXT, |data| match data {
            RData::TXT(txt) => Some(String::from_utf8_lossy(&txt.txt_data.concat()).into_owned()),
            _ => None,
        })
    }

    fn mx(&self, name: &str) -> Lookup<(u16, String)> {
        let mut lookup = self.ask_text(name, RecordType::MX, |data| match data {
            RData::MX(mx) => Some((mx.preference, chain::text(&mx.exchange))),
            _ => None,
        });
        if let Answer::Found(servers) = &mut lookup.answer {
            servers.sort_by_key(|(preference, _)| *preference);
        }
        lookup
    }

    fn a(&self, name: &str) -> Lookup<Ipv4Addr> {
        self.ask_text(name, RecordType::A, |data| match data {
            RData::A(a) => Some(a.0),
            _ => None,
        })
    }

    fn aaaa(&self, name: &str) -> Lookup<Ipv6Addr> {
        self.ask_text(name, RecordType::AAAA, |data| match data {
            RData::AAAA(aaaa) => Some(aaaa.0),
            _ => None,
        })
    }

    fn ptr(&self, address: IpAddr) -> Lookup<String> {
        let mut name = Name::from(address.to_canonical());
        name.set_fqdn(true);
        self.ask(name, RecordType::PTR, |data| match data {
            RData::PTR(ptr) => Some(chain::text(&ptr.0)),
            _ => None,
        })
    }

    fn ns(&self, name: &str) -> Lookup<String> {
        self.ask_text(name, RecordType::NS, |data| match data {
            RData::NS(ns) => Some(chain::text(&ns.0)),
            _ => None,
        })
    }

    fn spf_type(&self, name: &str) -> Lookup<String> {
        self.ask_text(name, RecordType::Unknown(SPF_TYPE), |data| match data {
            RData::Unknown { rdata, .. } => Some(String::from_utf8_lossy(&strings(&rdata.anything)).into_owned()),
            _ => None,
        })
    }

    fn alias(&self, name: &str) -> Lookup<String> {
        self.ask_text(name, RecordType::CNAME, |data| match data {
            RData::CNAME(target) => Some(chain::text(&target.0)),
            _ => None,
        })
    }

    fn is_signed(&self, zone: &str) -> Option<bool> {
        match self.ask_text(zone, RecordType::DS, Some).answer {
            Answer::Found(_) => Some(true),
            Answer::NoData | Answer::NxDomain => Some(false),
            Answer::Failed(_) => None,
        }
    }
}

/// Strings with their length in front, joined; as much as is whole.
fn strings(data: &[u8]) -> Vec<u8> {
    let mut joined = Vec::with_capacity(data.len());
    let mut rest = data;
    while let Some((length, behind)) = rest.split_first() {
        let Some((string, more)) = behind.split_at_checked(usize::from(*length)) else { break };
        joined.extend_from_slice(string);
        rest = more;
    }
    joined
}

const fn failed<T>(failure: Failure) -> Lookup<T> {
    Lookup { answer: Answer::Failed(failure), aliases: Vec::new(), ttl_s: None }
}

/// A name with or without the final dot; `None` when DNS can't have such a name.
fn parse(name: &str) -> Option<Name> {
    let bare = name.strip_suffix('.').unwrap_or(name);
    let is_good = bare.is_ascii() && bare.split('.').all(|label| !label.is_empty());
    let mut parsed = Name::from_labels(bare.split('.').map(str::as_bytes)).ok().filter(|_| is_good)?;
    parsed.set_fqdn(true);
    Some(parsed.to_lowercase())
}

/// The servers that the system asks.
fn of_system() -> Result<Vec<SocketAddr>, ResolveError> {
    let (config, _) = read_system_conf().map_err(ResolveError::System)?;
    Ok(config.name_servers().iter().map(|server| SocketAddr::new(server.ip, PORT)).collect())
}
