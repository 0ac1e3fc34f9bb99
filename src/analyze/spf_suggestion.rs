//! An SPF record put together from what is published and what the owner declares.

use ipnet::IpNet;

use crate::dns::spf::{self, Kind, LOOKUPS_MAX, Mechanism, Qualifier, Term};
use crate::dns::{SpfCover, SpfOutcome, SpfStep, SpfTree};
use crate::words::{Said, said};

/// A stream of mail that SPF has to cover.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclaredSender {
    /// What the owner calls it.
    pub name: String,
    /// Addresses that it sends from.
    pub networks: Vec<IpNet>,
    /// Names with SPF records of their own that are to be included.
    pub includes: Vec<String>,
    /// Mails that reports show not to pass for want of it; `None` when the owner declared it.
    pub mails: Option<u64>,
}

/// A record to publish, and how it differs from what is published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpfSuggestion {
    /// The text of the record.
    pub text: String,
    /// What was changed and why, one sentence each, in the order of the record; empty when nothing has to change.
    pub changes: Vec<Said>,
}

/// Puts a record together: the published terms in their order without those that lead nowhere, what declared senders
/// need and no term covers, and an end. `tree` is the published record, `cover` are the networks of what is kept of it,
/// `is_parked` says that nobody sends.
#[must_use]
pub fn suggest_spf(
    tree: &SpfTree,
    cover: Option<&SpfCover>,
    senders: &[DeclaredSender],
    is_parked: bool,
) -> SpfSuggestion {
    let mut draft = Draft::default();
    if is_parked && senders.is_empty() {
        draft.terms.push("-all".to_owned());
        if tree.text().is_none_or(|text| !text.trim_end().eq_ignore_ascii_case("v=spf1 -all")) {
            draft.changes.push(said!("spf-change-parked"));
        }
        return draft.finished();
    }
    let end = draft.published(tree);
    for sender in senders {
        draft.add(tree, cover, sender);
    }
    draft.terms.push(end);
    draft.finished()
}

/// Replaces `a` and `mx` of the record itself by the addresses that they name, from the last one on, until it takes no
/// more look-ups than are allowed. `tree` is what the suggested record comes to. `None` where that is not enough, or
/// not needed.
#[must_use]
pub fn flatten_own(tree: &SpfTree) -> Option<SpfSuggestion> {
    let mut over = tree.lookups().checked_sub(LOOKUPS_MAX).filter(|over| *over > 0)?;
    let mut changes = Vec::new();
    let mut terms: Vec<String> = Vec::new();
    for step in tree.steps.iter().rev() {
        match addresses_for(step).filter(|_| over > 0) {
            Some(addresses) => {
                over -= 1;
                changes.push(said!("spf-change-flat", term = step.term.to_string()));
                terms.extend(addresses.into_iter().rev());
            }
            None => terms.push(step.term.to_string()),
        }
    }
    terms.reverse();
    changes.reverse();
    (over == 0).then(|| SpfSuggestion { text: format!("v=spf1 {}", terms.join(" ")), changes })
}

/// The addresses of `a` or `mx`, as terms.
fn addresses_for(step: &SpfStep) -> Option<Vec<String>> {
    let Kind::Directive(qualifier, Mechanism::A(..) | Mechanism::Mx(..)) = &step.term.kind else { return None };
    let is_known = step.outcome == SpfOutcome::Fine;
    is_known.then(|| step.networks.iter().map(|network| format!("{qualifier}{}", term_for(*network))).collect())
}

fn term_for(network: IpNet) -> Mechanism {
    match network {
        IpNet::V4(network) => Mechanism::Ip4(network.network(), network.prefix_len()),
        IpNet::V6(network) => Mechanism::Ip6(network.network(), network.prefix_len()),
    }
}

#[derive(Default)]
struct Draft {
    terms: Vec<String>,
    changes: Vec<Said>,
}

impl Draft {
    fn finished(self) -> SpfSuggestion {
        SpfSuggestion { text: format!("v=spf1 {}", self.terms.join(" ")), changes: self.changes }
    }

    /// Takes the terms of the published record; gives how the record ends.
    fn published(&mut self, tree: &SpfTree) -> String {
        let mut end = None;
        for step in &tree.steps {
            match &step.term.kind {
                Kind::Directive(qualifier @ (Qualifier::Pass | Qualifier::Neutral), Mechanism::All) => {
                    let term = step.term.to_string();
                    self.changes.push(match qualifier {
                        Qualifier::Pass => said!("spf-change-all-open", term = term),
                        _ => said!("spf-change-all-neutral", term = term),
                    });
                    end = Some("~all".to_owned());
                }
                Kind::Directive(_, Mechanism::All) => end = Some(step.term.to_string()),
                _ if step.is_redirect() && !step.outcome.is_permanent_error() => end = Some(step.term.to_string()),
                _ => self.keep(step),
            }
        }
        for unused in &tree.unused {
            self.changes.push(said!("spf-change-unused", term = unused));
        }
        if tree.text().is_some() && !tree.is_valid {
            self.mend(tree);
        }
        end.unwrap_or_else(|| {
            if tree.text().is_some() {
                self.changes.push(said!("spf-change-end"));
            }
            "~all".to_owned()
        })
    }

    fn keep(&mut self, step: &SpfStep) {
        let text = step.term.to_string();
        self.changes.push(match step.outcome {
            SpfOutcome::NoRecord => said!("spf-change-no-record", term = text),
            SpfOutcome::Loop => said!("spf-change-loop", term = text),
            SpfOutcome::Nothing if step.is_void => said!("spf-change-nothing", term = text),
            _ if self.terms.iter().any(|known| known.eq_ignore_ascii_case(&text)) => {
                said!("spf-change-twice", term = text)
            }
            _ => {
                self.terms.push(text);
                return;
            }
        });
    }

    /// Of a record with wrong terms, those that can be read.
    fn mend(&mut self, tree: &SpfTree) {
        let Some(read) = tree.text().and_then(spf::read) else { return };
        let is_end = |term: &&Term| term.mechanism() == Some(&Mechanism::All);
        self.terms.extend(read.record.terms.iter().filter(|term| !is_end(term)).map(ToString::to_string));
        self.changes.push(said!("spf-change-unreadable"));
    }

    fn add(&mut self, tree: &SpfTree, cover: Option<&SpfCover>, sender: &DeclaredSender) {
        let included = |name: &str| {
            tree.walk().iter().any(|(_, step)| step.below.is_some() && step.target.as_deref() == Some(name))
        };
        let covers = |network: &IpNet| {
            cover.is_some_and(|cover| {
                [network.network(), network.broadcast()].into_iter().all(|ip| cover.passes(ip).is_some())
            })
        };
        for network in sender.networks.iter().filter(|network| !covers(network)) {
            self.push(term_for(*network).to_string(), sender);
        }
        for name in sender.includes.iter().filter(|name| !included(name)) {
            self.push(format!("include:{name}"), sender);
        }
    }

    fn push(&mut self, term: String, sender: &DeclaredSender) {
        if !self.terms.contains(&term) {
            let name = &sender.name;
            self.changes.push(match sender.mails {
                None => said!("spf-change-added", term = term, sender = name),
                Some(mails) => said!("spf-change-added-seen", term = term, mails = mails, sender = name),
            });
            self.terms.push(term);
        }
    }
}
