//! What is different from the last digest.

use std::collections::BTreeSet;

use super::facts::{Decision, DomainFacts, Facts, SenderFacts, Share};
use super::snapshot::{SeenDomain, Snapshot, kept};
use crate::analyze::Class;

/// Failing mails below which a rise of the share that fails says nothing.
const FAILED_MIN: u64 = 10;
/// Points (hundredths) by which the share that fails has to move.
const POINTS_MIN: u64 = 1;
/// Mails from which on a new sender is told that is not the owner's.
const STRANGER_MAILS_MIN: u64 = 20;

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// No reports come any more.
    Blind {
        /// Days without a report.
        days: u64,
    },
    /// Reports come again.
    SeesAgain,
    /// More of a domain's mail fails.
    FailsMore {
        /// The domain.
        domain: String,
        /// What passed at that time, and now.
        before: Share,
        /// Now.
        now: Share,
    },
    /// Less of a domain's mail fails.
    FailsLess {
        /// The domain.
        domain: String,
        /// What passed at that time.
        before: Share,
        /// Now.
        now: Share,
    },
    /// Something else is to be done with a policy.
    Decided {
        /// The domain.
        domain: String,
        /// Now.
        now: Decision,
    },
    /// Receivers saw another policy.
    Policy {
        /// The domain.
        domain: String,
        /// At that time.
        before: Option<String>,
        /// Now.
        now: Option<String>,
    },
    /// There are reports about a domain for the first time.
    NewDomain {
        /// The domain.
        domain: String,
        /// Its mail.
        mail: Share,
    },
    /// Somebody sends for the first time.
    NewSender {
        /// The domain.
        domain: String,
        /// The sender.
        sender: SenderFacts,
    },
    /// A sender is something else now.
    Class {
        /// The domain.
        domain: String,
        /// The sender.
        sender: SenderFacts,
    },
    /// Inputs came that could not be used.
    Rejected {
        /// How many more.
        more: u64,
    },
    /// An organisation reports for the first time.
    NewReporter {
        /// Its name; a stranger's text.
        name: String,
    },
}

impl Change {
    /// Somebody should look.
    #[must_use]
    pub fn is_problem(&self) -> bool {
        match self {
            Self::Blind { .. } | Self::FailsMore { .. } | Self::Rejected { .. } => true,
            Self::Decided { now, .. } => now.is_problem(),
            Self::NewSender { sender, .. } | Self::Class { sender, .. } => sender.class == Class::Misconfigured,
            Self::SeesAgain
            | Self::FailsLess { .. }
            | Self::Policy { .. }
            | Self::NewDomain { .. }
            | Self::NewReporter { .. } => false,
        }
    }
}

/// What is different now from what was said, problems first. Nothing where nothing was said yet.
#[must_use]
pub fn changes(before: Option<&Snapshot>, facts: &Facts) -> Vec<Change> {
    let Some(before) = before else { return Vec::new() };
    let mut found = Vec::new();
    match facts.blind_days {
        Some(days) if !before.is_blind => found.push(Change::Blind { days }),
        None if before.is_blind => found.push(Change::SeesAgain),
        _ => {}
    }
    for domain in &facts.domains {
        match before.domains.get(&kept(&domain.name)) {
            Some(known) => of_domain(known, domain, &mut found),
            None => found.push(Change::NewDomain { domain: domain.name.clone(), mail: domain.all }),
        }
    }
    if facts.rejected > before.rejected {
        found.push(Change::Rejected { more: facts.rejected - before.rejected });
    }
    let names: BTreeSet<&String> = facts.reporters.iter().collect();
    let new = names.into_iter().filter(|name| !before.reporters.contains(&kept(name)));
    found.extend(new.map(|name| Change::NewReporter { name: name.clone() }));
    // Stable: within problems and the rest, the order above.
    found.sort_by_key(|change| !change.is_problem());
    found
}

fn of_domain(before: &SeenDomain, now: &DomainFacts, found: &mut Vec<Change>) {
    let domain = || now.name.clone();
    let (share, is_own) = now.own.map_or((now.all, false), |own| (own, true));
    // Shares of different mails can't be compared.
    if is_own == before.is_own {
        let then = Share { passed: before.passed, mails: before.mails };
        match movement(then, share) {
            Some(true) => found.push(Change::FailsMore { domain: domain(), before: then, now: share }),
            Some(false) => found.push(Change::FailsLess { domain: domain(), before: then, now: share }),
            None => {}
        }
    }
    if let Some(decision) = now.decision
        && before.decision.as_deref() != Some(decision.as_str())
    {
        found.push(Change::Decided { domain: domain(), now: decision });
    }
    if now.policy.as_deref().map(kept) != before.policy {
        found.push(Change::Policy { domain: domain(), before: before.policy.clone(), now: now.policy.clone() });
    }
    for sender in &now.senders {
        let is_told = sender.class.is_legitimate() || sender.mail.mails >= STRANGER_MAILS_MIN;
        match before.senders.get(&kept(&sender.key)) {
            // Strangers come and go; new ones are one line of their own section.
            None if is_told && sender.class != Class::Spoof => {
                found.push(Change::NewSender { domain: domain(), sender: sender.clone() });
            }
            Some(known) if is_told && known.class != sender.class.as_str() => {
                found.push(Change::Class { domain: domain(), sender: sender.clone() });
            }
            _ => {}
        }
    }
}

/// Whether more fails (`true`) or less (`false`); `None` where it moved by less than a point, or by a handful of mails.
pub(super) fn movement(before: Share, now: Share) -> Option<bool> {
    if before.mails == 0 || now.mails == 0 || before.failed().max(now.failed()) < FAILED_MIN {
        return None;
    }
    let (then, this) = (u128::from(before.failed()), u128::from(now.failed()));
    let (all_then, all_now) = (u128::from(before.mails), u128::from(now.mails));
    let (then, this) = (then * all_now, this * all_then);
    let moved = then.abs_diff(this) * 100 >= all_then * all_now * u128::from(POINTS_MIN);
    moved.then_some(this > then)
}
