//! Everything that one domain publishes, asked for at once.

use super::Resolver;
use super::many::{at_once, each};
use super::spf_tree::spf_tree;
use super::tree_walk::{step, walk};
use crate::dns::public_suffix::organizational_domain;
use crate::dns::walk::names;
use crate::dns::{Answer, DmarcFound, Lookup, Published, PublishedKey, SpfTree, Walk};
use crate::limits::Limits;

/// What one domain publishes, and how it was found.
#[derive(Clone, Debug)]
pub struct Gathered {
    /// What is kept.
    pub published: Published,
    /// The names that the tree walk asked for.
    pub walk: Walk,
    /// What the SPF record leads to.
    pub spf: SpfTree,
}

/// Asks for the records of a domain, and for the keys of the selectors. `now_s`: seconds since 1970 UTC.
#[must_use]
pub fn gather(resolver: &dyn Resolver, domain: &str, selectors: &[String], limits: &Limits, now_s: i64) -> Gathered {
    let dkim = each(selectors, at_once(limits), |selector| {
        let Lookup { answer, aliases, .. } = resolver.txt(&format!("{selector}._domainkey.{domain}"));
        PublishedKey { selector: selector.clone(), answer, aliases }
    });
    ask_ahead(resolver, domain, limits);
    let walk = walk(resolver, domain);
    let spf = spf_tree(resolver, domain, limits);
    let networks_max = usize::try_from(limits.spf_networks_max).unwrap_or(usize::MAX);
    let published = Published {
        domain: domain.to_owned(),
        seen_s: now_s,
        dmarc: step(resolver, domain).answer,
        dmarc_applies: walk.applies(),
        organizational_domain: walk.organizational_domain().map(str::to_owned),
        spf: spf.answer.clone(),
        spf_cover: spf.cover(networks_max),
        dkim,
        mx: mail_servers(resolver, domain),
    };
    Gathered { published, walk, spf }
}

/// Asks for the records one name up after the other all at once; the answers are remembered.
fn ask_ahead(resolver: &dyn Resolver, domain: &str, limits: &Limits) {
    let mut names: Vec<String> = names(domain).into_iter().map(|name| format!("_dmarc.{name}")).collect();
    names.push(domain.to_owned());
    each(&names, at_once(limits), |name| resolver.txt(name));
}

fn mail_servers(resolver: &dyn Resolver, domain: &str) -> Answer<String> {
    resolver.mx(domain).answer.map(|(preference, host)| {
        let host = if host.is_empty() { "." } else { &host };
        format!("{preference} {host}")
    })
}

/// What receivers before RFC 9989 find.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyBySuffix {
    /// The organisational domain by the list of public suffixes; the domain itself where it is a suffix.
    pub organizational_domain: String,
    /// The record that applies: the domain's own, else the organisation's. Two or more at one name end the search
    /// (RFC 7489 6.6.3).
    pub applies: Option<DmarcFound>,
}

/// Finds the policy as receivers before RFC 9989 do; `None` when DNS did not answer.
#[must_use]
pub fn policy_by_suffix(resolver: &dyn Resolver, domain: &str) -> Option<PolicyBySuffix> {
    let organization = organizational_domain(domain).unwrap_or(domain);
    let mut applies = None;
    for name in [domain, organization] {
        match step(resolver, name).answer {
            Answer::Failed(_) => return None,
            Answer::NoData | Answer::NxDomain => {}
            Answer::Found(records) => {
                if let [text] = records.as_slice() {
                    applies = Some(DmarcFound { domain: name.to_owned(), text: text.clone() });
                }
                break;
            }
        }
    }
    Some(PolicyBySuffix { organizational_domain: organization.to_owned(), applies })
}
