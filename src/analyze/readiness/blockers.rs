//! Which senders stand in the way: the owner's by failing mails, then unknown ones.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::view::View;
use crate::analyze::statistics::real;
use crate::analyze::{Class, Sender};
use crate::model::{AuthResult, Sent};
use crate::words::{Said, said};

/// Questions that are asked at a time.
const QUESTIONS_MAX: usize = 3;

/// A sender whose mail the next policy would hit.
#[derive(Clone, Debug, PartialEq)]
pub struct Blocker {
    /// Its place among the senders.
    pub sender: usize,
    /// Name, as people say.
    pub source: String,
    /// Key, for commands.
    pub key: String,
    /// Another domain whose DKIM signature is on most of its mail and verifies; a stranger's text.
    pub signs_as: Option<String>,
    /// What it is.
    pub class: Class,
    /// Mails in the window.
    pub mails: u64,
    /// Those that failed.
    pub mails_failing: u64,
    /// Share of all failing mail of the owner and of unknown senders.
    pub share: f64,
    /// Reason codes of its class.
    pub why: Vec<&'static str>,
    /// What to do, a step each.
    pub fix: Vec<Said>,
}

/// Owner's senders that fail more than a gate allows (G4), and after them unknown ones that are too large not to be asked
/// about (G5).
pub(super) fn blockers(view: &View<'_>) -> Vec<Blocker> {
    let gates = view.gates;
    let share_min = gates.source_failing_percent_min / 100.0 * real(view.own.mails);
    let failing_min = real(u64::from(gates.source_failing_mails_min)).max(share_min);
    let total = view.own.failed.saturating_add(view.failing(Class::Unknown)).max(1);
    let senders = view.case.senders.iter().enumerate().filter_map(|(place, sender)| {
        let sum = view.sum(place);
        let pass_percent = 100.0 * real(sum.passed()) / real(sum.mails.max(1));
        let blocks = match sender.class {
            Class::Unknown => !sender.is_declared && sum.failed > u64::from(gates.unknown_source_mails_max),
            class if class.is_legitimate() => {
                real(sum.failed) >= failing_min && pass_percent < gates.source_pass_percent_min
            }
            _ => false,
        };
        let mut fix = sender.fix.clone();
        if blocks && fix.is_empty() {
            fix.push(default_fix(sender.class, &sender.key));
        }
        blocks.then(|| Blocker {
            sender: place,
            source: sender.name.clone(),
            key: sender.key.clone(),
            signs_as: signs_as(view, sender),
            class: sender.class,
            mails: sum.mails,
            mails_failing: sum.failed,
            share: real(sum.failed) / real(total),
            why: sender.reasons.clone(),
            fix,
        })
    });
    let mut found: Vec<Blocker> = senders.collect();
    found.sort_by_key(|blocker| (blocker.class == Class::Unknown, Reverse(blocker.mails_failing), blocker.key.clone()));
    found
}

/// Senders at the target that the owner should say something about: unknown ones whose failing mail is a share that G5
/// does not allow. What is less may be a stray, and what is spoofed is no question.
pub(super) fn questions(view: &View<'_>, blockers: &[Blocker]) -> Vec<Blocker> {
    let mails = view.own.mails.saturating_add(view.failing(Class::Unknown));
    let failing_min = view.gates.unknown_percent_max / 100.0 * real(mails);
    let is_asked = |blocker: &&Blocker| blocker.class == Class::Unknown && real(blocker.mails_failing) > failing_min;
    blockers.iter().filter(is_asked).take(QUESTIONS_MAX).cloned().collect()
}

/// What people may know an unknown sender by: its network, and whose signature is on its mail.
#[must_use]
pub fn known_as(blocker: &Blocker) -> String {
    match &blocker.signs_as {
        Some(domain) if !blocker.source.contains(domain.as_str()) => format!("{} ({domain})", blocker.source),
        _ => blocker.source.clone(),
    }
}

/// The commands by which the owner says who an unknown sender is: his, or not.
#[must_use]
pub fn answers(domain: &str, blocker: &Blocker) -> Vec<String> {
    let key = &blocker.key;
    vec![
        format!("ruascope sources tag {key} legit --domain {domain}"),
        format!("ruascope sources tag {key} spoof --domain {domain}"),
    ]
}

/// The domain that signs most of a sender's mail and verifies; a name that nobody else can write.
fn signs_as(view: &View<'_>, sender: &Sender) -> Option<String> {
    let mut mails: BTreeMap<&str, u64> = BTreeMap::new();
    let mut all = 0_u64;
    for seen in sender.observations.iter().filter_map(|place| view.case.observations.get(*place)) {
        all = all.saturating_add(seen.mails);
        let signed = seen.auth_results.dkim.iter();
        let passing = signed.filter(|one| one.result.as_ref().and_then(Sent::read) == Some(AuthResult::Pass));
        for domain in passing.filter_map(|one| one.domain.as_deref()).collect::<BTreeSet<_>>() {
            let sum = mails.entry(domain).or_default();
            *sum = sum.saturating_add(seen.mails);
        }
    }
    let most = mails.into_iter().max_by_key(|(domain, mails)| (*mails, Reverse(*domain)))?;
    (most.1.saturating_mul(2) > all).then(|| most.0.to_owned())
}

fn default_fix(class: Class, key: &str) -> Said {
    if class == Class::Unknown {
        return said!("fix-default-unknown", key = key);
    }
    said!("fix-default")
}
