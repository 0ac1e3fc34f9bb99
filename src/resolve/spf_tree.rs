//! Following an SPF record (RFC 7208) to everything that it leads to.

use std::net::IpAddr;
use std::num::NonZeroUsize;

use ipnet::IpNet;

use super::Resolver;
use super::many::{at_once, each};
use super::tree_walk::only;
use crate::dns::spf::{self, DomainSpec, Kind, Mechanism, Modifier, SpfRecord, Term};
use crate::dns::{Answer, Lookup, SpfNode, SpfOutcome, SpfStep, SpfTree};
use crate::limits::Limits;

/// Hosts of one `mx` that may be asked for (RFC 7208 4.6.4).
const MX_HOSTS_MAX: usize = 10;

/// The SPF record of a domain with all that it includes, also what comes after the tenth look-up, which receivers never
/// see. Every term is asked for, as if no address matched before it.
#[must_use]
pub fn spf_tree(resolver: &dyn Resolver, domain: &str, limits: &Limits) -> SpfTree {
    Builder::new(resolver, limits).node(domain)
}

/// What a record would come to if the domain published it.
#[must_use]
pub fn spf_tree_of(resolver: &dyn Resolver, domain: &str, text: &str, limits: &Limits) -> SpfTree {
    let answer = only(Answer::Found(vec![text.to_owned()]), spf::is_record);
    Builder::new(resolver, limits).node_of(domain, Lookup { answer, aliases: Vec::new(), ttl_s: None })
}

struct Builder<'a> {
    resolver: &'a dyn Resolver,
    lookups_max: usize,
    at_once: NonZeroUsize,
    /// Look-ups so far.
    lookups: usize,
    /// Domains whose records are being read, from the first one down.
    above: Vec<String>,
}

/// What one term names, and what came of it.
struct Found {
    outcome: SpfOutcome,
    is_void: bool,
    networks: Vec<IpNet>,
    below: Option<SpfNode>,
}

impl Found {
    const fn only(outcome: SpfOutcome) -> Self {
        Self { outcome, is_void: false, networks: Vec::new(), below: None }
    }
}

impl<'a> Builder<'a> {
    fn new(resolver: &'a dyn Resolver, limits: &Limits) -> Self {
        let lookups_max = usize::try_from(limits.spf_lookups_max).unwrap_or(usize::MAX);
        Self { resolver, lookups_max, at_once: at_once(limits), lookups: 0, above: Vec::new() }
    }

    fn node(&mut self, domain: &str) -> SpfNode {
        let lookup = self.resolver.txt(domain);
        self.node_of(domain, lookup)
    }

    fn node_of(&mut self, domain: &str, lookup: Lookup<String>) -> SpfNode {
        let Lookup { answer, aliases, .. } = lookup;
        let answer = only(answer, spf::is_record);
        let mut node = SpfNode {
            domain: domain.to_owned(),
            answer,
            aliases,
            is_valid: false,
            steps: Vec::new(),
            unused: Vec::new(),
        };
        let Some(read) = node.text().and_then(spf::read) else { return node };
        node.is_valid = read.is_valid;
        if !read.is_valid {
            return node;
        }
        let (used, unused) = in_order(read.record);
        node.unused = unused.iter().map(Term::to_string).collect();
        self.ask_ahead(domain, &used);
        self.above.push(domain.to_owned());
        node.steps = used.into_iter().map(|term| self.step(domain, term)).collect();
        self.above.pop();
        node
    }

    /// Asks for what the terms of one record name all at once; the answers are remembered.
    fn ask_ahead(&self, domain: &str, terms: &[Term]) {
        let room = self.lookups_max.saturating_sub(self.lookups);
        let asking: Vec<&Term> = terms.iter().filter(|term| term.asks_dns()).take(room).collect();
        each(&asking, self.at_once, |term| {
            let Some(target) = target(domain, term) else { return };
            match &term.kind {
                Kind::Directive(_, Mechanism::A(..)) => {
                    self.resolver.a(&target);
                    self.resolver.aaaa(&target);
                }
                Kind::Directive(_, Mechanism::Mx(..)) => drop(self.resolver.mx(&target)),
                Kind::Directive(_, Mechanism::Exists(_)) => drop(self.resolver.a(&target)),
                _ => drop(self.resolver.txt(&target)),
            }
        });
    }

    fn step(&mut self, domain: &str, term: Term) -> SpfStep {
        let mut step = SpfStep {
            target: target(domain, &term),
            lookup: None,
            is_void: false,
            outcome: SpfOutcome::Fine,
            networks: Vec::new(),
            below: None,
            term,
        };
        if step.term.asks_dns() {
            self.lookups += 1;
            step.lookup = Some(self.lookups);
        }
        let found = match &step.target {
            _ if self.lookups > self.lookups_max && step.lookup.is_some() => Found::only(SpfOutcome::NotAsked),
            None if step.lookup.is_some() => Found::only(SpfOutcome::Dynamic),
            target => self.find(&step.term, target.as_deref().unwrap_or_default()),
        };
        SpfStep { outcome: found.outcome, is_void: found.is_void, networks: found.networks, below: found.below, ..step }
    }

    fn find(&mut self, term: &Term, target: &str) -> Found {
        match &term.kind {
            Kind::Directive(_, Mechanism::Ip4(address, prefix)) => fixed(IpAddr::V4(*address), *prefix),
            Kind::Directive(_, Mechanism::Ip6(address, prefix)) => fixed(IpAddr::V6(*address), *prefix),
            Kind::Directive(_, Mechanism::A(_, v4, v6)) => self.addresses(&[target.to_owned()], *v4, *v6),
            Kind::Directive(_, Mechanism::Mx(_, v4, v6)) => self.mail_servers(target, *v4, *v6),
            Kind::Directive(_, Mechanism::Exists(_)) => match self.resolver.a(target).answer {
                Answer::Found(_) => {
                    // It is the same for every address: everybody.
                    let everybody = [IpNet::from(ipnet::Ipv4Net::default()), IpNet::from(ipnet::Ipv6Net::default())];
                    Found { networks: everybody.into(), ..Found::only(SpfOutcome::Fine) }
                }
                Answer::NoData | Answer::NxDomain => Found { is_void: true, ..Found::only(SpfOutcome::Nothing) },
                Answer::Failed(failure) => Found::only(SpfOutcome::Failed(failure)),
            },
            Kind::Directive(_, Mechanism::Ptr(_)) => Found::only(SpfOutcome::Dynamic),
            Kind::Directive(_, Mechanism::Include(_)) | Kind::Modifier(Modifier::Redirect(_)) => self.record(target),
            Kind::Directive(_, Mechanism::All) | Kind::Modifier(_) => Found::only(SpfOutcome::Fine),
        }
    }

    fn record(&mut self, target: &str) -> Found {
        if self.above.iter().any(|above| above == target) {
            return Found::only(SpfOutcome::Loop);
        }
        let is_void = self.resolver.txt(target).answer.is_missing();
        let node = self.node(target);
        let outcome = match &node.answer {
            Answer::Failed(failure) => SpfOutcome::Failed(*failure),
            Answer::NoData | Answer::NxDomain => SpfOutcome::NoRecord,
            Answer::Found(records) if records.len() > 1 => SpfOutcome::SeveralRecords(records.len()),
            Answer::Found(_) if !node.is_valid => SpfOutcome::InvalidRecord,
            Answer::Found(_) => SpfOutcome::Fine,
        };
        Found { is_void, below: Some(node), ..Found::only(outcome) }
    }

    fn mail_servers(&self, domain: &str, v4: u8, v6: u8) -> Found {
        match self.resolver.mx(domain).answer {
            Answer::Found(servers) => {
                let hosts: Vec<String> =
                    servers.into_iter().map(|(_, host)| host).filter(|host| !host.is_empty()).collect();
                if hosts.len() > MX_HOSTS_MAX {
                    return Found::only(SpfOutcome::TooManyHosts(hosts.len()));
                }
                // A null MX (RFC 7505) is an answer, but names nobody.
                if hosts.is_empty() { Found::only(SpfOutcome::Nothing) } else { self.addresses(&hosts, v4, v6) }
            }
            Answer::NoData | Answer::NxDomain => Found { is_void: true, ..Found::only(SpfOutcome::Nothing) },
            Answer::Failed(failure) => Found::only(SpfOutcome::Failed(failure)),
        }
    }

    /// The networks round the addresses of hosts.
    fn addresses(&self, hosts: &[String], v4: u8, v6: u8) -> Found {
        let answers = each(hosts, self.at_once, |host| (self.resolver.a(host).answer, self.resolver.aaaa(host).answer));
        let mut networks = Vec::new();
        let mut failure = None;
        for (four, six) in &answers {
            networks.extend(four.records().iter().filter_map(|address| network(IpAddr::V4(*address), v4)));
            networks.extend(six.records().iter().filter_map(|address| network(IpAddr::V6(*address), v6)));
            for answer in [four.failure(), six.failure()] {
                failure = failure.or(answer);
            }
        }
        let outcome = match failure {
            Some(failure) => SpfOutcome::Failed(failure),
            None if networks.is_empty() => SpfOutcome::Nothing,
            None => SpfOutcome::Fine,
        };
        Found { outcome, is_void: outcome == SpfOutcome::Nothing, networks, below: None }
    }
}

/// The terms as receivers look at them, and those that they never look at: what stands behind `all`, and `redirect`
/// beside it.
fn in_order(record: SpfRecord) -> (Vec<Term>, Vec<Term>) {
    let has_redirect = record.redirect().is_some();
    let (mut used, mut last, mut unused) = (Vec::new(), Vec::new(), Vec::new());
    let mut is_over = false;
    for term in record.terms {
        match &term.kind {
            Kind::Modifier(Modifier::Redirect(_)) if has_redirect => last.push(term),
            Kind::Modifier(Modifier::Redirect(_)) => unused.push(term),
            Kind::Directive(..) if is_over => unused.push(term),
            kind => {
                is_over |= matches!(kind, Kind::Directive(_, Mechanism::All));
                used.push(term);
            }
        }
    }
    used.append(&mut last);
    (used, unused)
}

/// The name that a term asks for; `None` when it asks nothing, or when the mail decides.
fn target(domain: &str, term: &Term) -> Option<String> {
    let own_or = |spec: &Option<DomainSpec>| match spec {
        Some(spec) => spec.fixed_in(domain),
        None => Some(domain.to_owned()),
    };
    match &term.kind {
        Kind::Directive(_, Mechanism::A(spec, ..) | Mechanism::Mx(spec, ..)) => own_or(spec),
        Kind::Directive(_, Mechanism::Include(spec) | Mechanism::Exists(spec))
        | Kind::Modifier(Modifier::Redirect(spec)) => spec.fixed_in(domain),
        _ => None,
    }
}

fn network(address: IpAddr, prefix: u8) -> Option<IpNet> {
    IpNet::new(address, prefix).ok().map(|network| network.trunc())
}

fn fixed(address: IpAddr, prefix: u8) -> Found {
    Found { networks: network(address, prefix).into_iter().collect(), ..Found::only(SpfOutcome::Fine) }
}
