//! Asking DNS.
//!
//! - *takes* names and addresses
//! - *gives* answers that say whether something is there, not there, or not known
//! - *bounds* time and attempts a question, aliases followed, questions at once, names kept
//! - *never* calls a time-out "missing"; asks anybody when offline

mod chain;
mod error;
mod exchange;
mod gather;
mod hickory;
mod many;
mod odd;
mod servers;
mod spf_tree;
mod survey;
mod tree_walk;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::dns::{Answer, Failure, Lookup};

pub use error::ResolveError;
pub use gather::{Gathered, PolicyBySuffix, gather, policy_by_suffix};
pub use hickory::Hickory;
pub use many::{at_once, each};
pub use servers::{DnsServer, Servers, authoritative};
pub use spf_tree::{spf_tree, spf_tree_of};
pub use survey::{WELL_KNOWN_SELECTORS, Wanted, survey};
pub use tree_walk::walk;

/// Whoever answers questions to DNS. Names are in A-labels, with or without the final dot; names in answers are in
/// lower case without it.
pub trait Resolver: Sync {
    /// TXT records, the strings of each joined without a blank (RFC 7208 3.3). Octets that are not UTF-8 are replaced.
    fn txt(&self, name: &str) -> Lookup<String>;
    /// Mail servers, lowest preference first; a null MX (RFC 7505) has the empty name.
    fn mx(&self, name: &str) -> Lookup<(u16, String)>;
    /// IPv4 addresses.
    fn a(&self, name: &str) -> Lookup<Ipv4Addr>;
    /// IPv6 addresses.
    fn aaaa(&self, name: &str) -> Lookup<Ipv6Addr>;
    /// Names of an address.
    fn ptr(&self, address: IpAddr) -> Lookup<String>;
    /// Name servers of a zone.
    fn ns(&self, name: &str) -> Lookup<String>;

    /// Records of the type SPF (99), which RFC 7208 3.1 took out of use; not known unless asked for.
    fn spf_type(&self, _name: &str) -> Lookup<String> {
        Lookup { answer: Answer::Failed(Failure::Offline), aliases: Vec::new(), ttl_s: None }
    }

    /// The alias (CNAME) at the name itself, which is not followed; not known unless asked for.
    fn alias(&self, _name: &str) -> Lookup<String> {
        Lookup { answer: Answer::Failed(Failure::Offline), aliases: Vec::new(), ttl_s: None }
    }

    /// Whether the parent of a zone says that it is signed (DNSSEC); `None` when not known.
    fn is_signed(&self, _zone: &str) -> Option<bool> {
        None
    }
}

/// Asks nobody: `--offline`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Offline;

impl Offline {
    fn lookup<T>() -> Lookup<T> {
        Lookup { answer: Answer::Failed(Failure::Offline), aliases: Vec::new(), ttl_s: None }
    }
}

impl Resolver for Offline {
    fn txt(&self, _name: &str) -> Lookup<String> {
        Self::lookup()
    }

    fn mx(&self, _name: &str) -> Lookup<(u16, String)> {
        Self::lookup()
    }

    fn a(&self, _name: &str) -> Lookup<Ipv4Addr> {
        Self::lookup()
    }

    fn aaaa(&self, _name: &str) -> Lookup<Ipv6Addr> {
        Self::lookup()
    }

    fn ptr(&self, _address: IpAddr) -> Lookup<String> {
        Self::lookup()
    }

    fn ns(&self, _name: &str) -> Lookup<String> {
        Self::lookup()
    }
}
