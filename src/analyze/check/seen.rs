//! What reports say about a domain's selectors, addresses and policy.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::net::IpAddr;
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::facts::{PolicySeen, ReportFacts, SeenSelector};
use crate::analyze::Observation;
use crate::dns::dmarc;
use crate::model::{AlignmentMode, AuthResult, DkimResult, Policy, PolicyPublished, Sent};

/// Newest reports up to so many days back say which policy a reporter sees.
const POLICY_DAYS: i64 = 7;

/// A selector with the domain that signs.
type Key<'a> = (&'a str, &'a str);

/// Selectors of a domain and of those below it, by what reports say. Anybody can write any selector on a mail, so only
/// mails from addresses count from where that very selector verified at least once.
#[must_use]
pub fn selectors<'a>(domain: &'a str, observations: &'a [Observation]) -> Vec<SeenSelector> {
    let mut signed = Signed { domain, numbers: HashMap::default(), of_results: HashMap::default() };
    let mut verified: HashSet<(usize, IpAddr), RandomState> = HashSet::default();
    for seen in observations {
        let passed = signed.by(seen).iter().filter(|(_, is_verified)| *is_verified);
        verified.extend(passed.map(|(key, _)| (*key, seen.source_ip)));
    }
    let mut days: BTreeMap<usize, BTreeMap<i64, (u64, u64)>> = BTreeMap::new();
    for seen in observations.iter().filter(|seen| seen.mails > 0) {
        for (key, is_verified) in signed.by(seen) {
            if *is_verified || verified.contains(&(*key, seen.source_ip)) {
                let (mails, mails_verified) = days.entry(*key).or_default().entry(seen.day).or_default();
                *mails += seen.mails;
                *mails_verified += if *is_verified { seen.mails } else { 0 };
            }
        }
    }
    let keys: BTreeMap<Key<'_>, usize> = signed.numbers.into_iter().collect();
    let days = keys.into_iter().filter_map(|(key, number)| Some((key, days.remove(&number)?)));
    days.map(|((domain, selector), days)| sum(domain, selector, &days)).collect()
}

/// The domain's own signatures on mails, with numbers for their keys.
struct Signed<'a> {
    domain: &'a str,
    numbers: HashMap<Key<'a>, usize, RandomState>,
    /// By where results lie in memory: most mails have the same as others.
    of_results: HashMap<usize, Vec<(usize, bool)>, RandomState>,
}

impl<'a> Signed<'a> {
    /// The keys that signed a mail, and whether they verified. A mail with two signatures by the same key is one mail.
    fn by(&mut self, seen: &'a Observation) -> &[(usize, bool)] {
        let (domain, numbers) = (self.domain, &mut self.numbers);
        self.of_results.entry(Arc::as_ptr(&seen.auth_results).addr()).or_insert_with(|| {
            let mut keys: BTreeMap<usize, bool> = BTreeMap::new();
            for (key, result) in signatures(domain, seen) {
                let next = numbers.len();
                *keys.entry(*numbers.entry(key).or_insert(next)).or_default() |= is_pass(result);
            }
            keys.into_iter().collect()
        })
    }
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

/// What reports say besides selectors; `record` is the policy record that DNS has now, `settled_day` the day from which
/// on everybody has to see it, days since 1970, where that is known.
#[must_use]
pub fn observed(observations: &[Observation], record: Option<&str>, settled_day: Option<i64>) -> ReportFacts {
    let newest_day = observations.iter().filter(|seen| seen.mails > 0).map(|seen| seen.day).max();
    let passing = observations.iter().filter(|seen| seen.evaluated.spf_aligned() && seen.mails > 0);
    let spf_addresses: HashSet<IpAddr, RandomState> = passing.map(|seen| seen.source_ip).collect();
    let spf_addresses = spf_addresses.into_iter().collect();
    let record = record.and_then(dmarc::read);
    let policy_seen =
        newest_day.zip(record).map(|(newest_day, read)| policy_seen(observations, (newest_day, settled_day), &read));
    ReportFacts { newest_day, spf_addresses, policy_seen }
}

fn policy_seen(
    observations: &[Observation],
    (newest_day, settled_day): (i64, Option<i64>),
    read: &dmarc::Read,
) -> PolicySeen {
    let mut newest: BTreeMap<&str, &Observation> = BTreeMap::new();
    let (mut mails, mut mails_other) = (0, 0);
    let is_same = |seen: &Observation| {
        let p = seen.policy.p.as_ref().and_then(Sent::read);
        p.is_some() && p == read.policy()
    };
    for seen in observations.iter().filter(|seen| newest_day - seen.day < POLICY_DAYS) {
        let kept = newest.entry(&seen.reporter).or_insert(seen);
        if seen.day >= kept.day {
            *kept = seen;
        }
        if settled_day.is_none_or(|settled| seen.day >= settled) {
            mails += seen.mails;
            mails_other += if is_same(seen) { 0 } else { seen.mails };
        }
    }
    PolicySeen {
        reporters_same: newest.values().filter(|seen| is_same(seen)).count(),
        reporters: newest.len(),
        mails_other,
        mails,
        is_settled: settled_day.is_some(),
    }
}

/// A policy as reporters saw it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenPolicy {
    /// Its tags, such as `p=reject sp=none`.
    pub policy: String,
    /// Mails that were judged by it.
    pub mails: u64,
    /// Who saw it, in alphabetical order.
    pub reporters: Vec<String>,
    /// First day, days since 1970.
    pub first_day: i64,
    /// Last day.
    pub last_day: i64,
}

/// The policies that reporters saw, the newest first.
#[must_use]
pub fn policies(observations: &[Observation]) -> Vec<SeenPolicy> {
    let mut seen: BTreeMap<String, (SeenPolicy, BTreeSet<&str>)> = BTreeMap::new();
    for observation in observations {
        let policy = tags(&observation.policy);
        let day = observation.day;
        let (sum, reporters) = seen.entry(policy.clone()).or_insert_with(|| {
            (SeenPolicy { policy, mails: 0, reporters: Vec::new(), first_day: day, last_day: day }, BTreeSet::new())
        });
        sum.mails += observation.mails;
        (sum.first_day, sum.last_day) = (sum.first_day.min(day), sum.last_day.max(day));
        reporters.insert(&observation.reporter);
    }
    let mut list: Vec<SeenPolicy> = seen
        .into_values()
        .map(|(sum, reporters)| SeenPolicy { reporters: reporters.into_iter().map(str::to_owned).collect(), ..sum })
        .collect();
    list.sort_by_key(|seen| std::cmp::Reverse((seen.last_day, seen.mails)));
    list
}

/// What decides about mail; what is not said, and what only says the default, is left out.
fn tags(policy: &PolicyPublished) -> String {
    let text = |value: &Option<Sent<Policy>>| value.as_ref().map(|value| value.as_str().to_owned());
    let p = text(&policy.p);
    let sp = text(&policy.sp).filter(|sp| Some(sp) != p.as_ref());
    let testing = policy.testing.as_ref().map(Sent::as_str).filter(|testing| *testing == "y");
    let mode = |value: &Option<Sent<AlignmentMode>>| {
        value.as_ref().map(Sent::as_str).filter(|mode| *mode == "s").map(str::to_owned)
    };
    let parts = [
        ("p", Some(p.unwrap_or_else(|| "nothing".to_owned()))),
        ("sp", sp),
        ("adkim", mode(&policy.adkim)),
        ("aspf", mode(&policy.aspf)),
        ("t", testing.map(str::to_owned)),
    ];
    let parts: Vec<String> = parts.into_iter().filter_map(|(tag, value)| Some(format!("{tag}={}", value?))).collect();
    parts.join(" ")
}
