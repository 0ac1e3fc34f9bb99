//! A zone out of any bytes, and SPF evaluated term by term, to compare with.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ruascope::dns::spf::{Kind, LOOKUPS_MAX, Mechanism, Qualifier};
use ruascope::dns::{Answer, Lookup, SpfNode};
use ruascope::resolve::Resolver;

/// Lines of a name and `A ADDRESS`, `AAAA ADDRESS`, `MX HOST` or the text of a TXT record.
pub(crate) struct SpfZone(Vec<(String, String)>);

impl SpfZone {
    pub(crate) fn read(text: &str) -> Self {
        let lines = text.lines().filter_map(|line| line.split_once(' '));
        Self(lines.map(|(name, data)| (name.to_lowercase(), data.to_owned())).collect())
    }

    fn find<T>(&self, name: &str, read: impl Fn(&str) -> Option<T>) -> Lookup<T> {
        let here: Vec<&str> = self.0.iter().filter(|(own, _)| own == name).map(|(_, data)| data.as_str()).collect();
        let found: Vec<T> = here.iter().filter_map(|data| read(data)).collect();
        let answer = match (here.is_empty(), found.is_empty()) {
            (true, _) => Answer::NxDomain,
            (_, true) => Answer::NoData,
            _ => Answer::Found(found),
        };
        Lookup { answer, aliases: Vec::new(), ttl_s: None }
    }
}

impl Resolver for SpfZone {
    fn txt(&self, name: &str) -> Lookup<String> {
        let others = ["A ", "AAAA ", "MX "];
        self.find(name, |data| (!others.iter().any(|other| data.starts_with(other))).then(|| data.to_owned()))
    }

    fn mx(&self, name: &str) -> Lookup<(u16, String)> {
        self.find(name, |data| data.strip_prefix("MX ").map(|host| (10, host.to_lowercase())))
    }

    fn a(&self, name: &str) -> Lookup<Ipv4Addr> {
        self.find(name, |data| data.strip_prefix("A ")?.parse().ok())
    }

    fn aaaa(&self, name: &str) -> Lookup<Ipv6Addr> {
        self.find(name, |data| data.strip_prefix("AAAA ")?.parse().ok())
    }

    fn ptr(&self, _address: IpAddr) -> Lookup<String> {
        Lookup { answer: Answer::NxDomain, aliases: Vec::new(), ttl_s: None }
    }

    fn ns(&self, _name: &str) -> Lookup<String> {
        Lookup { answer: Answer::NxDomain, aliases: Vec::new(), ttl_s: None }
    }
}

/// A receiver ends as permerror.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PermanentError;

/// What RFC 7208 4.6 comes to for one address: the first term that matches decides.
pub(crate) fn evaluate(node: &SpfNode, address: IpAddr) -> Result<Option<Qualifier>, PermanentError> {
    for step in &node.steps {
        if step.lookup.is_some_and(|number| number > LOOKUPS_MAX) || step.outcome.is_permanent_error() {
            return Err(PermanentError);
        }
        match (&step.term.kind, &step.below) {
            (Kind::Directive(qualifier, Mechanism::All), _) => return Ok(Some(*qualifier)),
            (Kind::Directive(qualifier, _), Some(below)) => {
                if evaluate(below, address)? == Some(Qualifier::Pass) {
                    return Ok(Some(*qualifier));
                }
            }
            (Kind::Directive(qualifier, _), None) => {
                if step.networks.iter().any(|network| network.contains(&address)) {
                    return Ok(Some(*qualifier));
                }
            }
            (Kind::Modifier(_), Some(below)) => return evaluate(below, address),
            (Kind::Modifier(_), None) => {}
        }
    }
    Ok(None)
}
