//! What if: a policy is laid over the mail of some days, and what it would act on is counted.

use std::collections::{BTreeMap, BTreeSet};

use super::alignment::{Alignment, Organizations, modes};
use super::readiness::PerDay;
use super::{Class, Observation, Sender};
use crate::dns::dmarc::DmarcRecord;
use crate::model::{AlignmentMode, Disposition, Policy, Sent, TestMode};

/// What is simulated.
#[derive(Clone, Copy, Debug)]
pub struct Trial<'a> {
    /// The domain whose record it is.
    pub domain: &'a str,
    /// The record. Absent values are those of RFC 9989: `np` falls back to `sp`, `sp` to `p`, modes are relaxed.
    pub record: &'a DmarcRecord,
    /// Names below the domain that are known not to exist; `np` is for them.
    pub missing: &'a BTreeSet<String>,
    /// How organisational domains are found.
    pub organizations: Organizations<'a>,
    /// First and last day.
    pub days: (i64, i64),
}

/// What becomes of some mail, a day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Loss {
    /// All of it.
    pub mails_per_day: f64,
    /// Quarantined or refused.
    pub lost: PerDay,
    /// Of these, refused.
    pub refused_per_day: f64,
    /// Of these, from a sender whose failures the reporter mostly overrode so far: probably saved.
    pub saved_per_day: f64,
    /// Quarantined or refused in these days already.
    pub acted_per_day: f64,
}

/// What would be lost.
#[derive(Clone, Debug, PartialEq)]
pub struct Simulation {
    /// Days that it is about.
    pub days: u64,
    /// By class, in the order of [`Class::ALL`].
    pub classes: Vec<(Class, Loss)>,
    /// By sender, most lost first; those that lose nothing are left out.
    pub senders: Vec<(usize, Loss)>,
}

/// Events by day, and sums.
#[derive(Clone, Debug, Default)]
struct Count {
    mails: u64,
    lost: Vec<u64>,
    refused: u64,
    saved: u64,
    acted: u64,
}

/// Lays a policy over observations.
#[must_use]
pub fn simulate(trial: &Trial<'_>, observations: &[Observation], senders: &[Sender]) -> Simulation {
    let days = usize::try_from(trial.days.1 - trial.days.0 + 1).unwrap_or(0);
    let empty = || Count { lost: vec![0; days], ..Count::default() };
    let mut owner: Vec<Option<usize>> = vec![None; observations.len()];
    for (place, sender) in senders.iter().enumerate() {
        for at in &sender.observations {
            owner.get_mut(*at).into_iter().for_each(|owner| *owner = Some(place));
        }
    }
    let saving = saving(observations, &owner);
    let mut classes: BTreeMap<Class, Count> = Class::ALL.iter().map(|class| (*class, empty())).collect();
    let mut by_sender: Vec<Count> = vec![empty(); senders.len()];
    for (seen, owner) in observations.iter().zip(owner) {
        let Some(day) = usize::try_from(seen.day - trial.days.0).ok().filter(|day| *day < days) else { continue };
        let class = owner.and_then(|place| senders.get(place)).map_or(Class::Unknown, |sender| sender.class);
        let action = if passes(trial, seen) { Policy::None } else { applied(trial, seen) };
        let is_saved = owner.is_some_and(|place| saving.contains(&(place, &*seen.reporter)));
        let counts = classes.get_mut(&class).into_iter().chain(owner.and_then(|place| by_sender.get_mut(place)));
        counts.for_each(|count| count.add(seen, day, action, is_saved));
    }
    let mut senders: Vec<(usize, Loss)> =
        by_sender.iter().map(Count::loss).enumerate().filter(|(_, loss)| loss.lost.point > 0.0).collect();
    senders.sort_by(|a, b| b.1.lost.point.total_cmp(&a.1.lost.point).then(a.0.cmp(&b.0)));
    let classes = classes.into_iter().map(|(class, count)| (class, count.loss())).collect();
    Simulation { days: days as u64, classes, senders }
}

impl Count {
    fn add(&mut self, seen: &Observation, day: usize, action: Policy, is_saved: bool) {
        let when = |is_so: bool| if is_so { seen.mails } else { 0 };
        let lost = when(action != Policy::None);
        self.mails = self.mails.saturating_add(seen.mails);
        self.lost.get_mut(day).into_iter().for_each(|sum| *sum = sum.saturating_add(lost));
        self.refused = self.refused.saturating_add(when(action == Policy::Reject));
        self.saved = self.saved.saturating_add(if is_saved { lost } else { 0 });
        let done = seen.evaluated.disposition.as_ref().and_then(Sent::read);
        let is_acted = matches!(done, Some(Disposition::Quarantine | Disposition::Reject));
        self.acted = self.acted.saturating_add(when(is_acted && !seen.passes()));
    }

    fn loss(&self) -> Loss {
        let per_day = |sum: u64| super::statistics::real(sum) / super::statistics::real(self.lost.len().max(1) as u64);
        Loss {
            mails_per_day: per_day(self.mails),
            lost: PerDay::of(&self.lost),
            refused_per_day: per_day(self.refused),
            saved_per_day: per_day(self.saved),
            acted_per_day: per_day(self.acted),
        }
    }
}

/// Senders, each with a reporter, of whose failing mails at least half came with a reason for another treatment.
fn saving<'o>(observations: &'o [Observation], owner: &[Option<usize>]) -> BTreeSet<(usize, &'o str)> {
    let mut sums: BTreeMap<(usize, &str), (u64, u64)> = BTreeMap::new();
    for (seen, place) in observations.iter().zip(owner).filter(|(seen, _)| !seen.passes()) {
        let Some(place) = *place else { continue };
        let sum = sums.entry((place, &*seen.reporter)).or_default();
        sum.0 = sum.0.saturating_add(seen.mails);
        sum.1 = sum.1.saturating_add(if seen.evaluated.reasons.is_empty() { 0 } else { seen.mails });
    }
    let mostly = sums.into_iter().filter(|(_, (failed, overridden))| *overridden > 0 && overridden * 2 >= *failed);
    mostly.map(|(key, _)| key).collect()
}

/// Whether a mail passes in the modes of the trial. In the modes that the reporter saw, its word counts; in others what
/// it measured, and no mode lets through less than a stricter one.
fn passes(trial: &Trial<'_>, seen: &Observation) -> bool {
    let (adkim, aspf) = modes(&seen.policy);
    let mode = |mode: Option<AlignmentMode>| mode.unwrap_or(AlignmentMode::Relaxed);
    let (new_adkim, new_aspf) = (mode(trial.record.adkim), mode(trial.record.aspf));
    let (dkim, spf) = (seen.evaluated.dkim_aligned(), seen.evaluated.spf_aligned());
    if (adkim, aspf) == (new_adkim, new_aspf) {
        return dkim || spf;
    }
    let found = Alignment::of(&seen.identifiers, &seen.auth_results, trial.organizations);
    let again = |said: bool, old: AlignmentMode, new: AlignmentMode, aligns: bool| match new.cmp(&old) {
        std::cmp::Ordering::Equal => said,
        std::cmp::Ordering::Greater => said && aligns,
        std::cmp::Ordering::Less => said || aligns,
    };
    again(dkim, adkim, new_adkim, found.dkim(new_adkim)) || again(spf, aspf, new_aspf, found.spf(new_aspf))
}

/// The policy for the author domain of a mail (RFC 9989 4.7 and 4.10.1), one level less in test mode.
fn applied(trial: &Trial<'_>, seen: &Observation) -> Policy {
    let record = trial.record;
    let p = record.p.unwrap_or(Policy::None);
    let sp = record.sp.unwrap_or(p);
    let policy = match seen.identifiers.header_from.as_deref() {
        Some(from) if from != trial.domain && trial.missing.contains(from) => record.np.unwrap_or(sp),
        Some(from) if from != trial.domain => sp,
        _ => p,
    };
    match (record.t, policy) {
        (Some(TestMode::Yes), Policy::Reject) => Policy::Quarantine,
        (Some(TestMode::Yes), Policy::Quarantine) => Policy::None,
        _ => policy,
    }
}

#[cfg(test)]
mod tests;
