//! What charts by class are made from: the records of each domain, and who sent them.

use std::collections::{BTreeSet, HashMap};

use super::Material;
use crate::analyze::readiness::{Tally, Timeline};
use crate::analyze::{Inputs, Observation, Sender, classify};
use crate::store::{By, Filter};

/// A domain with its records up to the end of the period: who was seen before it is not new in it.
pub(super) struct Judged {
    pub(super) domain: String,
    pub(super) observations: Vec<Observation>,
    pub(super) senders: Vec<Sender>,
}

impl Judged {
    pub(super) fn tally(&self) -> Tally {
        Tally::of(&self.observations, &self.senders)
    }

    /// Which step of the policy it was on, as reporters saw it.
    pub(super) fn timeline(&self, today: i64) -> Timeline {
        Timeline::of(&self.observations, None, today)
    }
}

impl Material<'_> {
    /// The domains of the charts, those with most mails first.
    pub(super) fn judged(&self) -> anyhow::Result<&[Judged]> {
        if let Some(judged) = self.judged.get() {
            return Ok(judged);
        }
        let names = match &self.filter.domain {
            Some(domain) => vec![domain.clone()],
            None => self.store.groups(By::Domain, self.filter)?.into_iter().filter_map(|group| group.name).collect(),
        };
        let judged = names.into_iter().map(|domain| self.judge(domain)).collect::<anyhow::Result<Vec<_>>>()?;
        Ok(self.judged.get_or_init(|| judged))
    }

    fn judge(&self, domain: String) -> anyhow::Result<Judged> {
        let settings = &self.context.resolved.settings;
        let filter = Filter { domain: Some(domain.clone()), since_day: None, until_day: self.filter.until_day };
        let observations = self.store.observations(&filter, &settings.limits)?.observations;
        let inputs = Inputs {
            domain: &domain,
            settings: settings.domains.iter().find(|one| one.name.as_str() == domain),
            published: &[],
            names: &HashMap::new(),
            own_hosts: &BTreeSet::new(),
            elsewhere: &HashMap::new(),
        };
        let senders = classify(&observations, &inputs).senders;
        Ok(Judged { domain, observations, senders })
    }
}
