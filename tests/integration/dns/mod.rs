//! What the resolver makes of servers of every kind, and what is made of their answers.

mod activate;
mod enrich;
mod gather;
#[cfg(unix)]
mod knot;
mod proof;
mod resolver;
mod silence;
mod snapshot;
mod spf_command;
mod spf_tree;
mod zone;

use std::net::SocketAddr;

use ruascope::config::DnsSettings;
use ruascope::limits::Limits;
use ruascope::resolve::Hickory;

/// A resolver with little patience.
fn resolver_of(servers: &[SocketAddr]) -> Hickory {
    let settings = DnsSettings { servers: servers.to_vec(), timeout_s: 1, attempts: 1, zone_port: 53 };
    Hickory::new(&settings, &Limits::standard()).expect("a resolver")
}
