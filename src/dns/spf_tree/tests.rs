use std::net::IpAddr;

use super::*;
use crate::dns::spf::{self, Mechanism, Qualifier};

/// A record whose includes and redirects lead to the records in `others`; nothing else asks.
fn node(domain: &str, text: &str, others: &[(&str, &str)]) -> SpfNode {
    let read = spf::read(text).expect("a record");
    let step = |term: &Term| {
        let target = match &term.kind {
            Kind::Directive(_, Mechanism::Include(target)) | Kind::Modifier(Modifier::Redirect(target)) => {
                target.fixed()
            }
            _ => None,
        };
        let networks = match term.mechanism() {
            Some(Mechanism::Ip4(address, prefix)) => vec![IpNet::new((*address).into(), *prefix).unwrap().trunc()],
            Some(Mechanism::Ip6(address, prefix)) => vec![IpNet::new((*address).into(), *prefix).unwrap().trunc()],
            _ => Vec::new(),
        };
        let below = target.as_ref().map(|target| {
            let (_, text) = others.iter().find(|(domain, _)| domain == target).expect("a record of the target");
            node(target, text, others)
        });
        let lookup = term.asks_dns().then_some(1);
        let outcome = SpfOutcome::Fine;
        SpfStep { term: term.clone(), target, lookup, is_void: false, outcome, networks, below }
    };
    let steps = read.record.terms.iter().map(step).collect();
    let answer = Answer::Found(vec![text.to_owned()]);
    SpfNode { domain: domain.to_owned(), answer, aliases: Vec::new(), is_valid: true, steps, unused: Vec::new() }
}

fn found(cover: &crate::dns::SpfCover, address: &str) -> Option<(Qualifier, String)> {
    let address: IpAddr = address.parse().unwrap();
    cover.find(address).map(|network| (network.qualifier, network.path.join(" > ")))
}

#[test]
fn an_include_gives_what_passes_below_and_only_that() {
    let below = ("b.test", "v=spf1 -ip4:192.0.2.1 ~ip4:198.51.100.0/24 ip4:192.0.2.0/24 ip4:198.51.100.7 -all");
    let tree = node("a.test", "v=spf1 ?include:b.test ip4:192.0.2.1 ~all", &[below]);
    let cover = tree.cover(1_000).unwrap();
    let pass_below = Some((Qualifier::Neutral, "?include:b.test > ip4:192.0.2.0/24".to_owned()));
    for address in ["192.0.2.0", "192.0.2.2", "192.0.2.129", "192.0.2.255"] {
        assert_eq!(found(&cover, address), pass_below, "{address}");
    }
    assert_eq!(found(&cover, "192.0.2.1"), Some((Qualifier::Pass, "ip4:192.0.2.1".to_owned())));
    assert_eq!(found(&cover, "198.51.100.7"), Some((Qualifier::SoftFail, "~all".to_owned())));
    assert_eq!(found(&cover, "2001:db8::1"), Some((Qualifier::SoftFail, "~all".to_owned())));
    assert!(cover.is_complete);
    assert!(cover.passes("192.0.2.2".parse().unwrap()).is_none());
}

#[test]
fn a_redirect_gives_everything_below() {
    let tree = node("a.test", "v=spf1 ip6:2001:db8::/32 redirect=b.test", &[("b.test", "v=spf1 ip4:192.0.2.1 -all")]);
    let cover = tree.cover(1_000).unwrap();
    assert_eq!(found(&cover, "192.0.2.1"), Some((Qualifier::Pass, "redirect=b.test > ip4:192.0.2.1".to_owned())));
    assert_eq!(found(&cover, "192.0.2.2"), Some((Qualifier::Fail, "redirect=b.test > -all".to_owned())));
    assert_eq!(found(&cover, "2001:db8::9"), Some((Qualifier::Pass, "ip6:2001:db8::/32".to_owned())));
    assert!(!cover.networks[1].is_direct());
    assert!(cover.networks[0].is_direct());
}

#[test]
fn nothing_counts_behind_the_tenth_look_up_or_an_error() {
    let text = "v=spf1 ip4:192.0.2.1 include:b.test ip4:192.0.2.2 -all";
    let mut tree = node("a.test", text, &[("b.test", "v=spf1 ip4:198.51.100.1 -all")]);
    assert_eq!(tree.cover(1_000).unwrap().networks.len(), 5);
    tree.steps[1].lookup = Some(11);
    assert_eq!(tree.cover(1_000).unwrap().networks.len(), 1);
    tree.steps[1].lookup = Some(10);
    tree.steps[1].outcome = SpfOutcome::NoRecord;
    assert_eq!(tree.cover(1_000).unwrap().networks.len(), 1);
    tree.steps[1].outcome = SpfOutcome::Failed(Failure::TimedOut);
    assert!(!tree.cover(1_000).unwrap().is_complete);
    tree.is_valid = false;
    assert!(tree.cover(1_000).is_none());
}

#[test]
fn networks_have_a_limit() {
    let below = "v=spf1 -ip6:2001:db8::1 ip6:2001:db8::/32 -all";
    let tree = node("a.test", "v=spf1 include:b.test -all", &[("b.test", below)]);
    // A hole of one address splits the network into 96 pieces; `all` is two more.
    let whole = tree.cover(98).unwrap();
    assert_eq!((whole.networks.len(), whole.is_complete), (98, true));
    let cut = tree.cover(97).unwrap();
    assert_eq!((cut.networks.len(), cut.is_complete), (97, false));
}

#[test]
fn look_ups_add_up_over_the_tree() {
    let others = [("b.test", "v=spf1 include:c.test mx -all"), ("c.test", "v=spf1 a -all")];
    let tree = node("a.test", "v=spf1 include:b.test a ip4:192.0.2.1 -all", &others);
    assert_eq!(tree.lookups(), 5);
    assert_eq!(tree.steps[0].lookups(), 4);
    let paths: Vec<String> = tree.walk().iter().map(|(path, _)| path.join(" > ")).collect();
    assert_eq!(paths[2], "include:b.test > include:c.test > a");
    let included: Vec<&str> = tree.included().iter().map(|(domain, _)| *domain).collect();
    assert_eq!(included, ["b.test", "c.test"]);
}
