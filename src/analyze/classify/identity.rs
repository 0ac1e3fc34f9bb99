//! Whose an address is, as far as names, SPF and settings tell.

use std::collections::HashMap;
use std::net::IpAddr;

use foldhash::fast::RandomState;
use ipnet::IpNet;

use super::super::alignment::{is_within, organizational_domain};
use super::super::known_sender::{KnownSender, KnownSenders, SenderKind};
use super::address::Address;
use super::facts::{Counts, Names};
use super::inputs::Inputs;
use super::shared::Shared;
use crate::config::SenderSettings;
use crate::dns::SpfNetwork;

/// How the domain's SPF record names an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cover {
    /// By a term of its own.
    Direct(String),
    /// By somebody else's record that it includes.
    Included(String),
    /// It does not, or is not known.
    None,
}

/// How a service was recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Recognised {
    /// A confirmed reverse name.
    Name,
    /// The include of the SPF record.
    Include,
    /// It authenticates as itself: SPF passes for an envelope sender of its own.
    Envelope,
    /// It signs as itself, and SPF lets it send for the owner.
    Signature,
}

/// Whose an address is.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(super) struct Identity<'a> {
    /// Declared by its address.
    pub(super) declared: Option<&'a SenderSettings>,
    /// Declared by a name that only the sender can use.
    pub(super) declared_by_name: Option<&'a SenderSettings>,
    pub(super) service: Option<(&'static KnownSender, Recognised)>,
    /// The reverse name, confirmed.
    pub(super) name: Option<&'a str>,
    /// Its organisational domain, unless the name is one of a customer's line or a rented machine.
    pub(super) base: Option<&'a str>,
    /// Nobody answered for the reverse name.
    pub(super) is_nameless: bool,
    /// There is a reverse name that is not confirmed.
    pub(super) is_name_false: bool,
    /// The reverse name is one that providers give to lines and rented machines.
    pub(super) is_generic: bool,
    /// The confirmed name is the owner's.
    pub(super) is_own_name: bool,
    /// A web site or a mail server of the domain has this address.
    pub(super) is_own_host: bool,
    pub(super) cover: Cover,
}

/// The identity of each address. Addresses that are alike share one where nothing is known of the address itself.
pub(super) fn identities<'a>(addresses: &[Address], inputs: &Inputs<'a>, names: &Names) -> Shared<Identity<'a>> {
    let mut all = Shared::with_capacity(addresses.len());
    let mut known: HashMap<usize, u32, RandomState> = HashMap::default();
    for address in addresses {
        let cover = cover(address.ip, inputs);
        let is_plain = cover == Cover::None
            && !inputs.names.contains_key(&address.ip)
            && !inputs.own_hosts.contains(&address.ip)
            && declared(address.ip, inputs).is_none();
        let alike = address.alike().filter(|_| is_plain);
        match alike.and_then(|alike| known.get(&alike)) {
            Some(place) => all.push_again(*place),
            None => {
                let place = all.push(Identity::of(address, cover, inputs, names));
                known.extend(alike.map(|alike| (alike, place)));
            }
        }
    }
    all
}

impl<'a> Identity<'a> {
    fn of(address: &Address, cover: Cover, inputs: &Inputs<'a>, names: &Names) -> Self {
        let reverse = inputs.names.get(&address.ip);
        let claimed = reverse.and_then(|reverse| reverse.name.as_deref());
        let name = claimed.filter(|_| reverse.is_some_and(|reverse| reverse.is_confirmed));
        let is_generic = claimed.is_some_and(|name| is_generic(name, address.ip));
        let service = recognise(address, name, &cover, names);
        Self {
            declared: declared(address.ip, inputs),
            declared_by_name: declared_by_name(
                address,
                inputs,
                service.map(|(service, _)| service),
                &cover,
                name,
                names,
            ),
            service,
            name,
            base: name.filter(|_| !is_generic).map(organizational_domain),
            is_nameless: reverse.is_some_and(|reverse| reverse.name.is_none()),
            is_name_false: claimed.is_some() && name.is_none(),
            is_generic,
            is_own_name: name.is_some_and(|name| is_within(name, organizational_domain(inputs.domain))),
            is_own_host: inputs.own_hosts.contains(&address.ip),
            cover,
        }
    }

    /// The kind of service, where one was recognised.
    pub(super) fn kind(&self) -> Option<SenderKind> {
        self.service.map(|(service, _)| service.kind)
    }
}

/// The owner's word about an address.
fn declared<'a>(ip: IpAddr, inputs: &Inputs<'a>) -> Option<&'a SenderSettings> {
    let holds = |sender: &&SenderSettings| {
        sender
            .cidr
            .iter()
            .any(|cidr| IpNet::new(cidr.address, cidr.prefix_bits).is_ok_and(|network| network.contains(&ip)))
    };
    inputs.settings?.senders.iter().find(holds)
}

/// The owner's word about a name that the mail carries with proof: SPF passed for it, or a signature of it did where SPF lets
/// the address in; or about the service that was recognised. A signature alone may have been passed on.
fn declared_by_name<'a>(
    address: &Address,
    inputs: &Inputs<'a>,
    service: Option<&'static KnownSender>,
    cover: &Cover,
    name: Option<&str>,
    names: &Names,
) -> Option<&'a SenderSettings> {
    let carries = |counts: &Counts, declared: &str| counts.0.keys().any(|name| is_within(names.name(*name), declared));
    let is_its = |declared: &str| {
        carries(&address.foreign_envelopes, declared)
            || name.is_some_and(|name| is_within(name, declared))
            || address.spf_ours > 0 && carries(&address.foreign, declared)
    };
    let includes = |declared: &str| matches!(cover, Cover::Included(term) if term.ends_with(declared));
    let known = KnownSenders::embedded();
    let is_same = |found: Option<&KnownSender>| found.is_some() && found.map(|s| &s.id) == service.map(|s| &s.id);
    inputs.settings?.senders.iter().find(|sender| {
        sender.dkim.iter().any(|domain| {
            let domain = domain.as_str();
            !is_within(domain, inputs.domain) && is_its(domain) || is_same(known.by_dkim(domain))
        }) || sender.spf.iter().any(|domain| {
            let domain = domain.as_str();
            carries(&address.foreign_envelopes, domain) || includes(domain) || is_same(known.by_spf(domain))
        })
    })
}

/// How SPF covers an address: in the newest snapshot that does.
fn cover(ip: IpAddr, inputs: &Inputs<'_>) -> Cover {
    let passes = |network: &SpfNetwork| {
        let own = organizational_domain(inputs.domain);
        let first = network.path.first().cloned().unwrap_or_default();
        let is_own_include = first.split_once([':', '=']).is_some_and(|(_, name)| is_within(name, own));
        if network.is_direct() || is_own_include { Cover::Direct(first) } else { Cover::Included(first) }
    };
    let covers = inputs.published.iter().rev().filter_map(|published| published.spf_cover.as_ref());
    covers.filter_map(|cover| cover.passes(ip)).map(passes).next().unwrap_or(Cover::None)
}

/// The service behind an address.
fn recognise(
    address: &Address,
    name: Option<&str>,
    cover: &Cover,
    names: &Names,
) -> Option<(&'static KnownSender, Recognised)> {
    let known = KnownSenders::embedded();
    let by_name = || Some((known.by_ptr(name?)?, Recognised::Name));
    let by_include = || match cover {
        Cover::Included(term) => {
            Some((known.by_spf(term.split_once([':', '=']).map_or("", |(_, name)| name))?, Recognised::Include))
        }
        _ => None,
    };
    let by_envelope = || {
        let (envelope, mails) = address.foreign_envelopes.most()?;
        let service = known.by_envelope(names.name(envelope))?;
        (mails.saturating_mul(2) >= address.mails.saturating_sub(address.spf_ours))
            .then_some((service, Recognised::Envelope))
    };
    // Beside an aligned envelope sender, the service's own signature tells whose server it is.
    let by_signature = || {
        let (signer, mails) = address.foreign.most()?;
        let service = known.by_dkim(names.name(signer)).filter(|service| service.kind == SenderKind::Esp)?;
        (address.spf_ours > 0 && mails.saturating_mul(2) >= address.mails).then_some((service, Recognised::Signature))
    };
    by_name().or_else(by_include).or_else(by_envelope).or_else(by_signature)
}

/// Labels that providers use for lines and rented machines.
const GENERIC_WORDS: [&str; 27] = [
    "dyn",
    "dynamic",
    "dsl",
    "adsl",
    "vdsl",
    "dhcp",
    "pool",
    "ppp",
    "pppoe",
    "cable",
    "broadband",
    "dialup",
    "hsd1",
    "static",
    "vps",
    "cust",
    "customer",
    "customers",
    "clients",
    "client",
    "retail",
    "rev",
    "res",
    "hosted",
    "ipngn",
    "fiber",
    "ftth",
];

/// Whether a reverse name is made from the address, or says that it is a line or a rented machine.
pub(super) fn is_generic(name: &str, ip: IpAddr) -> bool {
    let host = name.strip_suffix(organizational_domain(name)).unwrap_or(name);
    let words = host.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| !word.is_empty());
    let has_word = words.into_iter().any(|word| GENERIC_WORDS.contains(&word) || word.starts_with("ipngn"));
    has_word || has_address(host, ip)
}

/// Whether a name holds most of an address: three parts of IPv4, or the last one of IPv6.
fn has_address(host: &str, ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(address) => {
            let numbers: Vec<&str> =
                host.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
            let octets = address.octets().map(|octet| octet.to_string());
            let is_in = |octet: &String| {
                numbers.iter().any(|number| number.trim_start_matches('0') == octet.trim_start_matches('0'))
            };
            let hex = address.octets().map(|octet| format!("{octet:02x}")).concat();
            numbers.len() >= 3 && octets.iter().filter(|octet| is_in(octet)).count() >= 3 || host.contains(&hex)
        }
        IpAddr::V6(address) => {
            let parts: Vec<String> =
                address.segments().iter().filter(|part| **part > 0).map(|part| format!("{part:x}")).collect();
            let pieces: Vec<&str> = host.split(|c: char| !c.is_ascii_hexdigit()).collect();
            parts.len() >= 3 && parts.iter().filter(|part| pieces.contains(&part.as_str())).count() >= 3
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_lines_and_rented_machines_are_told_from_names_of_servers() {
        let ip = |text: &str| text.parse::<IpAddr>().expect("an address");
        for (name, address, is) in [
            ("198-18-75-9.dyn.isp.net", "198.18.75.9", true),
            ("c-198-18-75-9.hsd1.ca.comcast.net", "198.18.75.9", true),
            ("static.9.75.18.198.clients.your-server.de", "198.18.75.9", true),
            ("vps-8f695828.vps.ovh.net", "198.18.75.9", true),
            ("p544937-ipngn6207marunouchi.tokyo.ocn.ne.jp", "198.18.75.9", true),
            ("mail.acme.example", "198.18.75.9", false),
            ("www1234.sakura.ne.jp", "198.18.75.9", false),
            ("o1.ptr1234.sendgrid.net", "198.18.75.9", false),
            ("fwd2.mailbox.example", "2001:db8::1", false),
        ] {
            assert_eq!(is_generic(name, ip(address)), is, "{name}");
        }
    }
}
