//! Where the addresses of a source are: their reverse names, countries and networks.

use serde_json::{Value, json};

use crate::analyze::ReverseNames;
use crate::analyze::alignment::organizational_domain;
use crate::enrich::{BaseName, BaseNames, Network, Networks};
use crate::present::escape;
use crate::present::table::Table;
use crate::words::{Words, say};

/// All that tells where addresses are.
#[derive(Clone, Copy)]
pub(super) struct At<'a> {
    pub(super) names: &'a ReverseNames,
    pub(super) networks: &'a Networks,
    pub(super) base_names: &'a BaseNames,
}

/// What is known of one address.
struct Place<'a> {
    name: Option<&'a str>,
    is_confirmed: bool,
    behind: Option<&'a BaseName>,
    network: Network,
}

impl<'a> At<'a> {
    fn of(&self, address: &str) -> Place<'a> {
        let ip = address.parse().ok();
        let reverse = ip.and_then(|ip| self.names.get(&ip));
        let name = reverse.and_then(|reverse| reverse.name.as_deref());
        let is_confirmed = reverse.is_some_and(|reverse| reverse.is_confirmed);
        let base = name.filter(|_| is_confirmed).map(organizational_domain);
        Place {
            name,
            is_confirmed,
            behind: base.and_then(|base| self.base_names.get(base)),
            network: ip.map(|ip| self.networks.of(ip)).unwrap_or_default(),
        }
    }

    /// An address as an object; what nobody knows is `null`.
    pub(super) fn json(&self, address: &str) -> Value {
        let place = self.of(address);
        json!({
            "ip": address,
            "reverse_name": place.name,
            "reverse_name_confirmed": place.name.map(|_| place.is_confirmed),
            "name": place.behind.map(|behind| &behind.name),
            "type": place.behind.map(|behind| &behind.kind).filter(|kind| !kind.is_empty()),
            "country": place.network.country,
            "as_number": place.network.as_number,
            "as_name": place.network.as_name,
        })
    }

    /// Addresses on one line where nothing is known of them, else as a table.
    pub(super) fn text<'t>(&self, addresses: impl Iterator<Item = &'t String>, words: &Words) -> String {
        let places: Vec<(&String, Place<'_>)> = addresses.map(|address| (address, self.of(address))).collect();
        if places.iter().all(|(_, place)| place.name.is_none() && place.network == Network::default()) {
            let addresses: Vec<&str> = places.iter().map(|(address, _)| address.as_str()).collect();
            return say!(words, "source-addresses", addresses = escape::terminal(&addresses.join(" ")));
        }
        let mut table =
            Table::titled(words, &["column-address", "column-country", "column-network", "column-reverse-name"]);
        for (address, Place { name, is_confirmed, behind, network }) in places {
            let number = network.as_number.map(|number| format!("AS{number}"));
            let network_text = number.into_iter().chain(network.as_name).collect::<Vec<_>>().join(" ");
            let name = match (name, is_confirmed, behind) {
                (None, ..) => "-".to_owned(),
                (Some(name), false, _) => say!(words, "source-name-unconfirmed", name = name),
                (Some(name), true, None) => name.to_owned(),
                (Some(name), true, Some(BaseName { name: behind, kind })) if kind.is_empty() => {
                    format!("{name} ({behind})")
                }
                (Some(name), true, Some(BaseName { name: behind, kind })) => format!("{name} ({behind}, {kind})"),
            };
            let or_dash = |text: String| if text.is_empty() { "-".to_owned() } else { text };
            table.row(&[address.clone(), or_dash(network.country.unwrap_or_default()), or_dash(network_text), name]);
        }
        format!("\n{}", table.text(crate::cli::context::Context::width()).trim_end())
    }
}
