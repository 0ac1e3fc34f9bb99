//! Walking up from a domain (RFC 9989 4.10).

use super::Resolver;
use crate::dns::walk::names;
use crate::dns::{Answer, Lookup, Walk, WalkStep, dmarc};

/// Asks for the DMARC records of a domain and the domains above it, at most eight names. Stops where a record says that
/// there is nothing more to know.
#[must_use]
pub fn walk(resolver: &dyn Resolver, domain: &str) -> Walk {
    let mut steps = Vec::new();
    for name in names(domain) {
        let step = step(resolver, name);
        let is_last = step.is_last();
        steps.push(step);
        if is_last {
            break;
        }
    }
    Walk { steps }
}

/// The DMARC records of one domain.
pub(super) fn step(resolver: &dyn Resolver, domain: &str) -> WalkStep {
    let Lookup { answer, aliases, .. } = resolver.txt(&format!("_dmarc.{domain}"));
    WalkStep { domain: domain.to_owned(), answer: only(answer, dmarc::is_record), aliases }
}

/// The records of one kind; `NoData` when there are only others.
pub(super) fn only(answer: Answer<String>, is_kind: impl Fn(&str) -> bool) -> Answer<String> {
    match answer {
        Answer::Found(texts) => {
            let kept: Vec<String> = texts.into_iter().filter(|text| is_kind(text)).collect();
            if kept.is_empty() { Answer::NoData } else { Answer::Found(kept) }
        }
        other => other,
    }
}
