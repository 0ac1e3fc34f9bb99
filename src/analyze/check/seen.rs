//! What reports say about a domain's selectors, addresses and policy.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use super::facts::{PolicySeen, ReportFacts, SeenSelector};
use crate::analyze::Observation;
use crate::dns::dmarc;
use crate::model::{AuthResult, DkimResult, Sent};

/// Newest reports up to so many days back say which policy a reporter sees.
const POLICY_DAYS: i64 = 7;

/// A selector with the domain that signs.
type Key<'a> = (&'a str, &'a str);

/// Selectors of a domain and of those below it, by what reports say. Anybody can write any selector on a mail, so only
/// mails from addresses count from where that very selector verified at least once.
#[must_use]
pub fn selectors(domain: &str, observations: &[Observation]) -> Vec<SeenSelector> {
    let mut verified: BTreeSet<(Key<'_>, IpAddr)> = BTreeSet::new();
    for seen in observations {
        let passed = signatures(domain, seen).filter(|(_, result)| is_pass(result));
        verified.extend(passed.map(|(key, _)| (key, seen.source_ip)));
    }
    let mut days: BTreeMap<Key<'_>, BTreeMap<i64, (u64, u64)>> = BTreeMap::new();
    for seen in observations.iter().filter(|seen| seen.mails > 0) {
        // A mail with two signatures by the same key is one mail.
        let mut keys: BTreeMap<Key<'_>, bool> = BTreeMap::new();
        for (key, result) in signatures(domain, seen).filter(|(key, _)| verified.contains(&(*key, seen.source_ip))) {
            *keys.entry(key).or_default() |= is_pass(result);
        }
        for (key, is_verified) in keys {
            let (mails, mails_verified) = days.entry(key).or_default().entry(seen.day).or_default();
            *mails += seen.mails;
            *mails_verified += if is_verified { seen.mails } else { 0 };
        }
    }
    days.into_iter().map(|((domain, selector), days)| sum(domain, selector, &days)).collect()
}

fn sum(domain: &str, selector: &str, days: &BTreeMap<i64, (u64, u64)>) -> SeenSelector {
    let gaps = days.keys().zip(days.keys().skip(1)).map(|(day, next)| next - day);
    SeenSelector {
        domain: domain.to_owned(),
        selector: selector.to_owned(),
        mails: days.values().map(|(mails, _)| mails).sum(),
        mails_verified: days.values().map(|(_, verified)| verified).sum(),
        last_day: days.keys().next_back().copied().unwrap_or_default(),
        gap_days_max: gaps.max().unwrap_or(0),
    }
}

/// The signatures of a record that are the domain's own, with their selector.
fn signatures<'a>(domain: &'a str, seen: &'a Observation) -> impl Iterator<Item = (Key<'a>, &'a DkimResult)> {
    seen.auth_results.dkim.iter().filter_map(move |result| {
        let (signer, selector) = (result.domain.as_deref()?, result.selector.as_deref()?);
        let is_own = signer == domain || signer.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'));
        (is_own && is_selector(selector)).then_some(((signer, selector), result))
    })
}

/// What can be part of a name in DNS.
fn is_selector(text: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    text.len() <= 200 && text.split('.').all(is_label)
}

fn is_pass(result: &DkimResult) -> bool {
    result.result == Some(Sent::Read(AuthResult::Pass))
}

/// What reports say besides selectors; `record` is the policy record that DNS has now.
#[must_use]
pub fn observed(observations: &[Observation], record: Option<&str>) -> ReportFacts {
    let newest_day = observations.iter().filter(|seen| seen.mails > 0).map(|seen| seen.day).max();
    let passing = observations.iter().filter(|seen| seen.evaluated.spf_aligned() && seen.mails > 0);
    let spf_addresses = passing.map(|seen| seen.source_ip).collect();
    let record = record.and_then(dmarc::read);
    let policy_seen = newest_day.zip(record).map(|(newest_day, read)| policy_seen(observations, newest_day, &read));
    ReportFacts { newest_day, spf_addresses, policy_seen }
}

fn policy_seen(observations: &[Observation], newest_day: i64, read: &dmarc::Read) -> PolicySeen {
    let mut newest: BTreeMap<&str, &Observation> = BTreeMap::new();
    for seen in observations.iter().filter(|seen| newest_day - seen.day < POLICY_DAYS) {
        let kept = newest.entry(&seen.reporter).or_insert(seen);
        if seen.day >= kept.day {
            *kept = seen;
        }
    }
    let is_same = |seen: &&&Observation| {
        let p = seen.policy.p.as_ref().and_then(Sent::read);
        p.is_some() && p == read.policy()
    };
    PolicySeen { reporters_same: newest.values().filter(is_same).count(), reporters: newest.len() }
}
