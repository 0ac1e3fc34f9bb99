//! The networks of an SPF record, laid flat: is an address covered, and by which term?

use std::net::IpAddr;

use ipnet::IpNet;

use super::spf::Qualifier;

/// One network that an SPF record says something about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpfNetwork {
    /// The addresses.
    pub network: IpNet,
    /// What the record says about them, all includes on the way considered.
    pub qualifier: Qualifier,
    /// The terms that lead to it from the domain's own record, each as written, such as
    /// `include:_spf.example.net`, `a:mail.example.net`; at least one.
    pub path: Vec<String>,
}

impl SpfNetwork {
    /// Whether the domain's own record names the addresses, with no other domain's record (include, redirect) between.
    #[must_use]
    pub fn is_direct(&self) -> bool {
        self.path.len() == 1
    }
}

/// All networks of an SPF record, in the order in which receivers look at them.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct SpfCover {
    /// First match wins.
    pub networks: Vec<SpfNetwork>,
    /// Whether everything that the record says is in `networks`: no macro, `exists` or `ptr`, no question without an
    /// answer. Otherwise an address that is not found may be covered all the same.
    pub is_complete: bool,
}

impl SpfCover {
    /// The network that decides about an address.
    #[must_use]
    pub fn find(&self, address: IpAddr) -> Option<&SpfNetwork> {
        self.networks.iter().find(|network| network.network.contains(&address))
    }

    /// The network that makes SPF pass for an address.
    #[must_use]
    pub fn passes(&self, address: IpAddr) -> Option<&SpfNetwork> {
        self.find(address).filter(|network| network.qualifier == Qualifier::Pass)
    }
}
