//! What charts by class are made from: the records of each domain, and who sent them.

use super::Material;
use crate::analyze::readiness::{Step, Tally, Timeline};
use crate::analyze::{Observation, Sender};
use crate::cli::evidence;
use crate::dns::{Published, dmarc};
use crate::store::{By, Filter, day_of};

/// A domain with its records up to the end of the period: who was seen before it is not new in it.
pub(super) struct Judged {
    pub(super) domain: String,
    pub(super) observations: Vec<Observation>,
    pub(super) senders: Vec<Sender>,
    /// What DNS published, oldest first, as far as it was kept.
    pub(super) published: Vec<Published>,
}

impl Judged {
    pub(super) fn tally(&self) -> Tally {
        Tally::of(&self.observations, &self.senders)
    }

    /// Which step of the policy it was on: as reporters saw it, and in the end as DNS has it.
    pub(super) fn timeline(&self) -> Timeline {
        let newest = self.published.last();
        let found = newest.and_then(|newest| newest.dmarc_applies.as_ref());
        let record = found.filter(|found| found.domain == self.domain).and_then(|found| dmarc::read(&found.text));
        let step = record.map(|read| Step::of_record(&read.record));
        Timeline::of(&self.observations, step, newest.map_or(0, |newest| day_of(newest.seen_s)))
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
        let filter = Filter { domain: Some(domain.clone()), since_day: None, until_day: self.filter.until_day };
        let evidence = evidence::kept(self.context, self.store, &filter)?;
        let (observations, senders) = (evidence.observations, evidence.senders.senders);
        Ok(Judged { domain, observations, senders, published: evidence.published })
    }
}
