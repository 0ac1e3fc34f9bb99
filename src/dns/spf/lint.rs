//! What is wrong with a record, as far as its text shows it.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::ops::Range;

use super::super::finding::{Findings, quote};
use super::{Kind, LOOKUPS_MAX, Mechanism, Modifier, Qualifier, SpfRecord, Term};
use crate::words::said;

/// Longest text of a record that is sure to fit into a small answer (RFC 7208 3.4), in octets.
const TEXT_BYTES_GOOD: usize = 450;
/// Shorter IPv4 prefixes than this take in more than any sender has.
const IP4_PREFIX_GOOD: u8 = 16;

/// Says what is wrong; `false` when it makes the record invalid.
pub(super) fn lint(record: &SpfRecord, text: &str, findings: &mut Findings) -> bool {
    for term in &record.terms {
        each(term, findings);
    }
    ending(record, text.len(), findings);
    lookups(record, text.len(), findings);
    if text.len() > TEXT_BYTES_GOOD {
        let size = text.len();
        let text = said!("record-spf-long", size = size);
        findings.warning("spf-long", 0..size, text, said!("record-spf-long-fix"));
    }
    modifiers_once(record, findings)
}

fn each(term: &Term, findings: &mut Findings) {
    let at = || term.at.clone();
    match &term.kind {
        Kind::Directive(Qualifier::Pass, Mechanism::All) => {
            let text = said!("record-spf-all-pass");
            findings.error("spf-all-pass", at(), text, said!("record-spf-all-fix"));
        }
        Kind::Directive(Qualifier::Neutral, Mechanism::All) => {
            let text = said!("record-spf-all-neutral");
            findings.warning("spf-all-neutral", at(), text, said!("record-spf-all-fix"));
        }
        Kind::Directive(_, Mechanism::Ptr(_)) => {
            let text = said!("record-spf-ptr");
            findings.warning("spf-ptr", at(), text, said!("record-spf-list"));
        }
        Kind::Directive(_, Mechanism::Ip4(address, prefix)) => ip4(*address, *prefix, at(), findings),
        Kind::Directive(_, Mechanism::Ip6(address, prefix)) => ip6(*address, *prefix, at(), findings),
        Kind::Modifier(Modifier::Unknown(name, value)) => {
            let is_mechanism = ["ip4", "ip6", "a", "mx", "include", "ptr", "exists"]
                .iter()
                .any(|known| name.eq_ignore_ascii_case(known));
            if is_mechanism {
                let text = said!("record-spf-equals", name = name, value = quote(value));
                findings.error(
                    "spf-equals-sign",
                    at(),
                    text,
                    said!("record-spf-equals-fix", name = name, value = value),
                );
            } else {
                let text = said!("record-spf-modifier", name = quote(name));
                findings.info("spf-modifier-unknown", at(), text, said!("record-remove"));
            }
        }
        _ => {}
    }
}

fn ip4(address: Ipv4Addr, prefix: u8, at: Range<usize>, findings: &mut Findings) {
    let bits = u32::from(address);
    let mask = u32::MAX.checked_shl(32 - u32::from(prefix)).unwrap_or(0);
    if bits & !mask != 0 {
        let text = said!("record-spf-host-bits", address = address, prefix = prefix);
        let advice = said!("record-spf-host-bits-ip4", network = Ipv4Addr::from(bits & mask), prefix = prefix);
        findings.warning("spf-host-bits", at.clone(), text, advice);
    }
    if prefix < IP4_PREFIX_GOOD {
        let text =
            said!("record-spf-huge", address = address, prefix = prefix, count = 1_u64 << (32 - u32::from(prefix)));
        findings.warning("spf-network-huge", at.clone(), text, said!("record-spf-huge-fix"));
    }
    if address.is_private() || address.is_loopback() || address.is_link_local() || address.is_unspecified() {
        let text = said!("record-spf-private", address = address);
        findings.warning("spf-network-private", at, text, said!("record-spf-private-fix"));
    }
}

fn ip6(address: Ipv6Addr, prefix: u8, at: Range<usize>, findings: &mut Findings) {
    let bits = u128::from(address);
    let mask = u128::MAX.checked_shl(128 - u32::from(prefix)).unwrap_or(0);
    if bits & !mask != 0 {
        let text = said!("record-spf-host-bits", address = address, prefix = prefix);
        let advice = said!("record-spf-host-bits-ip6", network = Ipv6Addr::from(bits & mask), prefix = prefix);
        findings.warning("spf-host-bits", at.clone(), text, advice);
    }
    if address.is_loopback() || address.is_unspecified() || address.is_unique_local() {
        let text = said!("record-spf-private", address = address);
        findings.warning("spf-network-private", at, text, said!("record-spf-private-fix"));
    }
}

fn ending(record: &SpfRecord, end: usize, findings: &mut Findings) {
    let all = record.terms.iter().position(|term| term.mechanism() == Some(&Mechanism::All));
    let redirect = record.terms.iter().find(|term| matches!(term.kind, Kind::Modifier(Modifier::Redirect(_))));
    let Some(all) = all else {
        if redirect.is_none() {
            let text = said!("record-spf-no-all");
            findings.warning("spf-no-all", end..end, text, said!("record-spf-all-fix"));
        }
        return;
    };
    if let Some(redirect) = redirect {
        let text = said!("record-spf-redirect");
        findings.warning("spf-redirect-ignored", redirect.at.clone(), text, said!("record-spf-remove-two"));
    }
    let behind = record.terms.iter().skip(all + 1).find(|term| term.mechanism().is_some());
    if let Some(term) = behind {
        findings.warning(
            "spf-after-all",
            term.at.clone(),
            said!("record-spf-after-all"),
            said!("record-spf-after-all-fix"),
        );
    }
}

fn lookups(record: &SpfRecord, end: usize, findings: &mut Findings) {
    let count = record.terms.iter().filter(|term| term.asks_dns()).count();
    if count > LOOKUPS_MAX {
        let text = said!("record-spf-lookups", count = count);
        findings.error("spf-lookups-own", 0..end, text, said!("record-spf-lookups-fix"));
    }
    let mut seen = std::collections::HashSet::new();
    for term in &record.terms {
        if let Some(Mechanism::Include(domain)) = term.mechanism()
            && !seen.insert(domain.as_str().to_ascii_lowercase())
        {
            let text = said!("record-spf-twice", domain = quote(domain.as_str()));
            findings.warning("spf-include-twice", term.at.clone(), text, said!("record-remove-one"));
        }
    }
}

/// `redirect` and `exp` may stand once (RFC 7208 6).
fn modifiers_once(record: &SpfRecord, findings: &mut Findings) -> bool {
    let redirect = |term: &&Term| matches!(term.kind, Kind::Modifier(Modifier::Redirect(_)));
    let exp = |term: &&Term| matches!(term.kind, Kind::Modifier(Modifier::Exp(_)));
    let second = record.terms.iter().filter(redirect).nth(1).or_else(|| record.terms.iter().filter(exp).nth(1));
    if let Some(term) = second {
        let text = said!("record-spf-modifier-twice");
        findings.error("spf-modifier-twice", term.at.clone(), text, said!("record-remove-one"));
    }
    second.is_none()
}
