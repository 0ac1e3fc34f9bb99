//! A tree laid flat.

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use super::{SpfNode, SpfOutcome, SpfStep};
use crate::dns::cover::{SpfCover, SpfNetwork};
use crate::dns::spf::{Kind, LOOKUPS_MAX, Mechanism, Qualifier};

/// Networks of one record.
struct Flat {
    networks: Vec<SpfNetwork>,
    is_complete: bool,
    /// Receivers that find no match before end as permerror, so nothing behind it counts.
    is_over: bool,
}

impl SpfNode {
    /// All networks that the record says something about; `None` without one valid record. What receivers never get to,
    /// behind the tenth look-up or a term that ends as permerror, is left out. Of more than `networks_max` networks the
    /// rest is left out, and the cover is not complete.
    #[must_use]
    pub fn cover(&self, networks_max: usize) -> Option<SpfCover> {
        self.text().filter(|_| self.is_valid)?;
        let flat = self.flat(networks_max);
        Some(SpfCover { networks: flat.networks, is_complete: flat.is_complete })
    }

    fn flat(&self, networks_max: usize) -> Flat {
        let mut flat = Flat { networks: Vec::new(), is_complete: true, is_over: false };
        for step in &self.steps {
            if step.lookup.is_some_and(|number| number > LOOKUPS_MAX) || step.outcome.is_permanent_error() {
                flat.is_over = true;
                break;
            }
            flat.is_complete &= !matches!(step.outcome, SpfOutcome::Dynamic | SpfOutcome::Failed(_));
            flat.take(step, networks_max);
            if flat.networks.len() > networks_max {
                flat.networks.truncate(networks_max);
                flat.is_complete = false;
                flat.is_over = true;
            }
            if flat.is_over {
                break;
            }
        }
        flat
    }

    /// The networks for which the record gives pass, as an include looks at them.
    fn flat_passes(&self, networks_max: usize) -> Flat {
        let mut flat = self.flat(networks_max);
        let mut other: Vec<IpNet> = Vec::new();
        // Addresses that do not pass before the end go on behind the include, all others end here.
        let is_first_pass = |network: &SpfNetwork| network.qualifier == Qualifier::Pass;
        flat.is_complete &= !flat.is_over || flat.networks.iter().all(is_first_pass);
        let mut passes = Vec::new();
        for network in flat.networks {
            if network.qualifier != Qualifier::Pass {
                other.push(network.network);
                continue;
            }
            let mut pieces = vec![network.network];
            for hole in &other {
                pieces = pieces.into_iter().flat_map(|piece| without(piece, *hole)).collect();
            }
            passes.extend(pieces.into_iter().map(|piece| SpfNetwork { network: piece, ..network.clone() }));
            if passes.len() > networks_max {
                flat.is_complete = false;
                break;
            }
        }
        Flat { networks: passes, ..flat }
    }
}

impl Flat {
    fn take(&mut self, step: &SpfStep, networks_max: usize) {
        let own = step.term.to_string();
        let below = |path: Vec<String>| std::iter::once(own.clone()).chain(path).collect::<Vec<String>>();
        match (&step.term.kind, &step.below) {
            (Kind::Directive(qualifier, Mechanism::All), _) => {
                let everybody = [IpNet::from(Ipv4Net::default()), IpNet::from(Ipv6Net::default())];
                self.add(everybody, *qualifier, &own);
            }
            (Kind::Directive(qualifier, Mechanism::Include(_)), Some(node)) => {
                let flat = node.flat_passes(networks_max);
                let networks = flat.networks.into_iter();
                self.networks.extend(networks.map(|n| SpfNetwork {
                    qualifier: *qualifier,
                    path: below(n.path),
                    network: n.network,
                }));
                self.end_like(flat.is_complete, flat.is_over);
            }
            (Kind::Directive(qualifier, _), _) => self.add(step.networks.iter().copied(), *qualifier, &own),
            (Kind::Modifier(_), Some(node)) => {
                let flat = node.flat(networks_max);
                self.networks.extend(flat.networks.into_iter().map(|n| SpfNetwork { path: below(n.path), ..n }));
                self.end_like(flat.is_complete, flat.is_over);
            }
            (Kind::Modifier(_), None) => {}
        }
    }

    fn add(&mut self, networks: impl IntoIterator<Item = IpNet>, qualifier: Qualifier, own: &str) {
        let named = |network| SpfNetwork { network, qualifier, path: vec![own.to_owned()] };
        self.networks.extend(networks.into_iter().map(named));
    }

    fn end_like(&mut self, is_complete: bool, is_over: bool) {
        self.is_complete &= is_complete;
        self.is_over |= is_over;
    }
}

/// A network without a part of it, in as few pieces as there can be.
fn without(network: IpNet, hole: IpNet) -> Vec<IpNet> {
    if hole.contains(&network) {
        return Vec::new();
    }
    if !network.contains(&hole) {
        return vec![network];
    }
    let mut pieces = Vec::new();
    let mut rest = network;
    while rest != hole {
        let Ok(halves) = rest.subnets(rest.prefix_len() + 1) else { break };
        let (with_hole, other): (Vec<IpNet>, Vec<IpNet>) = halves.partition(|half| half.contains(&hole));
        pieces.extend(other);
        match with_hole.first() {
            Some(half) => rest = *half,
            None => break,
        }
    }
    pieces
}
