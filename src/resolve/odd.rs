//! Records that should not be there, or that nobody misses.

use std::num::NonZeroUsize;

use super::Resolver;
use super::many::each;
use crate::dns::Answer;
use crate::dns::spf::{self, Kind, Modifier};

/// Names of `names` where an alias (CNAME) stands beside other records, with the alias. RFC 1034 3.6.2 forbids it, and
/// some servers serve it all the same.
pub(super) fn beside_alias(resolver: &dyn Resolver, names: &[String], at_once: NonZeroUsize) -> Vec<(String, String)> {
    let both = each(names, at_once, |name| {
        let own = resolver.txt(name);
        if own.answer.records().is_empty() || !own.aliases.is_empty() {
            return None;
        }
        let alias = resolver.alias(name).answer.records().first()?.clone();
        Some((name.clone(), alias))
    });
    both.into_iter().flatten().collect()
}

/// Name and TXT records of the explanation (RFC 7208 6.2) that an SPF record names, unless the name depends on the mail.
pub(super) fn explanation(resolver: &dyn Resolver, record: &Answer<String>) -> Option<(String, Answer<String>)> {
    let [text] = record.records() else { return None };
    let read = spf::read(text)?;
    let name = read.record.terms.iter().find_map(|term| match &term.kind {
        Kind::Modifier(Modifier::Exp(name)) => Some(name.to_string()),
        _ => None,
    })?;
    let is_plain = !name.contains('%');
    is_plain.then(|| {
        let answer = resolver.txt(&name).answer;
        (name, answer)
    })
}
