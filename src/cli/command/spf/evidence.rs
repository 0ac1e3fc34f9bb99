//! What reports say about the SPF record of a domain.

use serde_json::{Value, json};

use crate::analyze::{DeclaredSender, SpfEvidence, UncoveredSender, spf_evidence};
use crate::cli::context::Context;
use crate::cli::evidence;
use crate::dns::spf::Mechanism;
use crate::dns::{SpfCover, SpfTree};
use crate::resolve::Resolver;
use crate::store::{Filter, day_of};
use crate::words::{Said, said};

/// Days of reports that are looked at: a quarter, for what is sent once a quarter.
const DAYS: i64 = 90;

/// A published term, and what passed by it.
#[derive(Clone, Debug)]
pub(super) struct Used {
    term: String,
    /// `None` where the record alone does not say which addresses it covers.
    mails: Option<u64>,
    days: i64,
    /// Reports reach back far enough to call it unused.
    is_telling: bool,
}

impl Used {
    pub(super) fn as_json(&self) -> Value {
        json!({"term": self.term, "mails": self.mails, "days": self.days})
    }

    pub(super) fn told(&self) -> Said {
        let Self { term, days, .. } = self;
        match self.mails {
            None => said!("spf-kept-unknown", term = term),
            Some(0) if self.is_telling => said!("spf-kept-unused", term = term, days = days),
            Some(mails) => said!("spf-kept", term = term, mails = mails, days = days),
        }
    }
}

/// What reports of the last days say; nothing without a store.
pub(super) fn look(
    context: &Context,
    resolver: &dyn Resolver,
    domain: &str,
    cover: Option<&SpfCover>,
) -> anyhow::Result<SpfEvidence> {
    if !context.store_path()?.exists() {
        return Ok(SpfEvidence::default());
    }
    let mut store = context.open_store()?;
    let Some((_, newest)) = store.day_range(Some(domain))? else { return Ok(SpfEvidence::default()) };
    let newest = newest.min(day_of(context.now.timestamp()));
    let filter =
        Filter { domain: Some(domain.to_owned()), since_day: Some(newest - DAYS + 1), until_day: Some(newest) };
    let seen = evidence::gather(context, &mut store, resolver, &filter)?;
    Ok(spf_evidence(domain, &seen.observations, &seen.senders, cover))
}

/// What the record lacks for the owner's mail: for a service the name that covers most of it, else its addresses.
pub(super) fn missing(
    evidence: &SpfEvidence,
    cover: Option<&SpfCover>,
    cover_of: impl Fn(&str) -> Option<SpfCover>,
) -> Vec<DeclaredSender> {
    let is_open = |sender: &&UncoveredSender| cover.is_none_or(|cover| sender.mails_in(cover) * 2 < sender.mails());
    let mut missing = Vec::new();
    for sender in evidence.uncovered.iter().filter(is_open) {
        let covers = sender.includes.iter().filter_map(|name| Some((name, cover_of(name)?)));
        let best = covers.map(|(name, cover)| (sender.mails_in(&cover), name)).max_by_key(|(mails, _)| *mails);
        let includes = best.filter(|(mails, _)| mails * 2 > sender.mails()).map(|(_, name)| name.clone());
        let is_service = !sender.includes.is_empty();
        if is_service && includes.is_none() {
            continue;
        }
        missing.push(DeclaredSender {
            name: sender.name.clone(),
            networks: if is_service { Vec::new() } else { sender.networks() },
            includes: includes.into_iter().collect(),
            mails: Some(sender.mails()),
        });
    }
    missing
}

/// The published terms that are kept, with what passed by each; nothing without reports.
pub(super) fn used(evidence: &SpfEvidence, kept: &SpfTree) -> Vec<Used> {
    if evidence.days == 0 {
        return Vec::new();
    }
    let terms = kept.steps.iter().filter(|step| !matches!(step.term.mechanism(), Some(Mechanism::All)));
    let used = |step: &crate::dns::SpfStep| {
        let term = step.term.to_string();
        let is_laid_flat = !step.networks.is_empty()
            || step.below.as_ref().is_some_and(|below| {
                below.walk().iter().all(|(_, step)| {
                    !matches!(step.outcome, crate::dns::SpfOutcome::Dynamic | crate::dns::SpfOutcome::Failed(_))
                })
            });
        let mails = evidence.passed.get(&term).copied().or(is_laid_flat.then_some(0));
        Used { term, mails, days: evidence.days, is_telling: evidence.tells_unused() }
    };
    terms.map(used).collect()
}
