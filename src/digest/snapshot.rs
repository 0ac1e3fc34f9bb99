//! What is remembered of a digest until the next one.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Datelike as _;
use serde::{Deserialize, Serialize};

use super::facts::{DomainFacts, Facts, SenderFacts, Share};

/// Domains that are remembered.
const DOMAINS_MAX: usize = 1_000;
/// Senders of a domain that are remembered, those seen last first.
const SENDERS_MAX: usize = 500;
/// Reporters that are remembered.
const REPORTERS_MAX: usize = 500;
/// Longest name that is remembered, in characters.
const NAME_CHARACTERS_MAX: usize = 253;

/// What a digest said. Unknown fields of a later version are left alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Snapshot {
    pub(super) is_blind: bool,
    pub(super) domains: BTreeMap<String, SeenDomain>,
    pub(super) reporters: BTreeSet<String>,
    pub(super) rejected: u64,
}

/// What was said of a domain.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct SeenDomain {
    pub(super) policy: Option<String>,
    pub(super) decision: Option<String>,
    pub(super) passed: u64,
    pub(super) mails: u64,
    /// Whether these are the owner's mails alone.
    pub(super) is_own: bool,
    pub(super) senders: BTreeMap<String, SeenSender>,
}

/// What was said of a sender.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct SeenSender {
    pub(super) class: String,
    pub(super) passed: u64,
    pub(super) mails: u64,
    /// Days since the beginning of our era.
    pub(super) last_day: i32,
}

impl Snapshot {
    /// What to remember of `facts`. Senders and reporters of `before` are not forgotten when they pause.
    #[must_use]
    pub fn of(facts: &Facts, before: Option<&Self>) -> Self {
        let seen = |domain: &DomainFacts| {
            let known = before.and_then(|before| before.domains.get(&kept(&domain.name)));
            (kept(&domain.name), SeenDomain::of(domain, known))
        };
        let known = before.into_iter().flat_map(|before| before.reporters.iter().cloned());
        let reporters = facts.reporters.iter().map(|name| kept(name)).chain(known).take(REPORTERS_MAX);
        Self {
            is_blind: facts.blind_days.is_some(),
            domains: facts.domains.iter().take(DOMAINS_MAX).map(seen).collect(),
            reporters: reporters.collect(),
            rejected: facts.rejected,
        }
    }

    /// The text that the store keeps.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// What the store kept; `None` when it can't be read, as if there had been no digest yet.
    #[must_use]
    pub fn from_json(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}

impl SeenDomain {
    fn of(domain: &DomainFacts, before: Option<&Self>) -> Self {
        let Share { passed, mails } = domain.own.unwrap_or(domain.all);
        let seen = |sender: &SenderFacts| {
            let Share { passed, mails } = sender.mail;
            let class = sender.class.as_str().to_owned();
            (kept(&sender.key), SeenSender { class, passed, mails, last_day: sender.last_day.num_days_from_ce() })
        };
        let mut senders: BTreeMap<String, SeenSender> = before.map(|before| before.senders.clone()).unwrap_or_default();
        senders.extend(domain.senders.iter().map(seen));
        if senders.len() > SENDERS_MAX {
            let mut by_age: Vec<_> = senders.into_iter().collect();
            by_age.sort_by_key(|(_, sender)| std::cmp::Reverse(sender.last_day));
            by_age.truncate(SENDERS_MAX);
            senders = by_age.into_iter().collect();
        }
        Self {
            policy: domain.policy.as_deref().map(kept),
            decision: domain.decision.map(|decision| decision.as_str().to_owned()),
            passed,
            mails,
            is_own: domain.own.is_some(),
            senders,
        }
    }
}

/// A name as it is remembered.
pub(super) fn kept(name: &str) -> String {
    name.chars().take(NAME_CHARACTERS_MAX).collect()
}
