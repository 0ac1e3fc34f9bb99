//! Which senders stand in the way: the owner's by failing mails, then unknown ones.

use std::cmp::Reverse;

use super::view::View;
use crate::analyze::Class;
use crate::analyze::statistics::real;
use crate::words::{Said, said};

/// A sender whose mail the next policy would hit.
#[derive(Clone, Debug, PartialEq)]
pub struct Blocker {
    /// Its place among the senders.
    pub sender: usize,
    /// Name, as people say.
    pub source: String,
    /// Key, for commands.
    pub key: String,
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

fn default_fix(class: Class, key: &str) -> Said {
    if class == Class::Unknown {
        return said!("fix-default-unknown", key = key);
    }
    said!("fix-default")
}
