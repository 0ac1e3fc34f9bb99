//! One pass over the observations: sums by sender, class, reporter and day.

use std::collections::{BTreeMap, HashMap};
use std::ops::AddAssign;

use foldhash::fast::RandomState;

use crate::analyze::statistics::DayCount;
use crate::analyze::{Class, Observation, Sender};
use crate::model::{Disposition, Sent};

/// Sums of mails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Sums {
    /// All.
    pub mails: u64,
    /// Neither DKIM nor SPF passes aligned, by the reporter's word.
    pub failed: u64,
    /// DKIM passes aligned.
    pub dkim: u64,
    /// SPF passes aligned.
    pub spf: u64,
    /// Failed, and were quarantined or refused.
    pub acted: u64,
    /// Failed, and were refused.
    pub refused: u64,
    /// Failed, and the reporter gave a reason for what it did.
    pub overridden: u64,
}

impl Sums {
    fn of(seen: &Observation) -> Self {
        let (dkim, spf) = (seen.evaluated.dkim_aligned(), seen.evaluated.spf_aligned());
        let when = |is_so: bool| if is_so { seen.mails } else { 0 };
        let done = seen.evaluated.disposition.as_ref().and_then(Sent::read);
        let failed = !dkim && !spf;
        Self {
            mails: seen.mails,
            failed: when(failed),
            dkim: when(dkim),
            spf: when(spf),
            acted: when(failed && matches!(done, Some(Disposition::Quarantine | Disposition::Reject))),
            refused: when(failed && done == Some(Disposition::Reject)),
            overridden: when(failed && !seen.evaluated.reasons.is_empty()),
        }
    }

    /// Those that pass.
    #[must_use]
    pub const fn passed(&self) -> u64 {
        self.mails.saturating_sub(self.failed)
    }

    /// Those that pass by SPF alone: they fail once they are forwarded.
    #[must_use]
    pub const fn spf_only(&self) -> u64 {
        self.passed().saturating_sub(self.dkim)
    }
}

impl AddAssign for Sums {
    fn add_assign(&mut self, more: Self) {
        let pairs = [
            (&mut self.mails, more.mails),
            (&mut self.failed, more.failed),
            (&mut self.dkim, more.dkim),
            (&mut self.spf, more.spf),
            (&mut self.acted, more.acted),
            (&mut self.refused, more.refused),
            (&mut self.overridden, more.overridden),
        ];
        for (sum, more) in pairs {
            *sum = sum.saturating_add(more);
        }
    }
}

/// Sums by day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Days(pub BTreeMap<i64, Sums>);

impl Days {
    /// Sum of the days from `first` to `last`.
    #[must_use]
    pub fn sum(&self, first: i64, last: i64) -> Sums {
        let mut sum = Sums::default();
        if first <= last {
            self.0.range(first..=last).for_each(|(_, day)| sum += *day);
        }
        sum
    }

    /// Days with mail from `first` to `last`.
    pub fn active(&self, first: i64, last: i64) -> impl Iterator<Item = (i64, Sums)> {
        let days = self.0.iter().filter(move |(day, sums)| (first..=last).contains(*day) && sums.mails > 0);
        days.map(|(day, sums)| (*day, *sums))
    }

    /// The days as the statistics take them, from `first` to `last`.
    #[must_use]
    pub fn counts(&self, first: i64, last: i64) -> Vec<DayCount> {
        let count = |(day, sums): (i64, Sums)| DayCount { day, mails: sums.mails, failed: sums.failed };
        self.active(first, last).map(count).collect()
    }

    /// Failing mails of every day from `first` to `last`, 0 where there was none.
    #[must_use]
    pub fn failing(&self, first: i64, last: i64) -> Vec<u64> {
        (first..=last).map(|day| self.0.get(&day).map_or(0, |sums| sums.failed)).collect()
    }
}

/// A reporter's days.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reporter {
    /// The owner's mails by day; a day on which only others' mails were reported has 0.
    pub days: BTreeMap<i64, u64>,
}

/// All sums.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// By sender, in the order of the senders.
    pub senders: Vec<Days>,
    /// By class, in the order of [`Class::ALL`].
    pub classes: [Days; 8],
    /// The owner's mail: own, authorised and misconfigured.
    pub legitimate: Days,
    /// Failing indirect mail of senders and reporters that did not override most of it.
    pub at_risk: Days,
    /// By reporter.
    pub reporters: BTreeMap<String, Reporter>,
    /// Newest day with an observation.
    pub newest_day: Option<i64>,
    /// Oldest day with an observation.
    pub oldest_day: Option<i64>,
}

impl Tally {
    /// Adds up. Observations that belong to no sender count as unknown.
    #[must_use]
    pub fn of(observations: &[Observation], senders: &[Sender]) -> Self {
        let mut owner: Vec<Option<u32>> = vec![None; observations.len()];
        for (place, sender) in (0..).zip(senders) {
            for at in &sender.observations {
                if let Some(owner) = owner.get_mut(*at) {
                    *owner = Some(place);
                }
            }
        }
        let mut adding = Adding { senders: vec![DayList::default(); senders.len()], ..Adding::default() };
        for (seen, owner) in observations.iter().zip(owner) {
            let owner = owner.and_then(|place| usize::try_from(place).ok());
            let class = owner.and_then(|place| senders.get(place)).map_or(Class::Unknown, |sender| sender.class);
            adding.add(seen, owner, class);
        }
        adding.tally(senders)
    }

    /// Sums of a class by day.
    #[must_use]
    pub fn class(&self, class: Class) -> &Days {
        const NONE: &Days = &Days(BTreeMap::new());
        self.classes.get(class as usize).unwrap_or(NONE)
    }
}

/// Sums that are being made. Observations mostly come day by day, so a day is at the end of its list, or new.
#[derive(Clone, Debug)]
struct DayList<T>(Vec<(i64, T)>);

impl<T> Default for DayList<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Copy> DayList<T> {
    fn add(&mut self, day: i64, value: T, add: impl Fn(&mut T, T)) {
        match self.0.last_mut().filter(|last| last.0 == day) {
            Some((_, sum)) => add(sum, value),
            None => self.0.push((day, value)),
        }
    }

    fn into_map(mut self, add: impl Fn(&mut T, T)) -> BTreeMap<i64, T> {
        self.0.sort_by_key(|(day, _)| *day);
        self.0.dedup_by(|(day, more), (kept, sum)| {
            let is_same = day == kept;
            if is_same {
                add(sum, *more);
            }
            is_same
        });
        self.0.into_iter().collect()
    }
}

/// Sums that are being made, by everything that they are kept by.
#[derive(Default)]
struct Adding<'o> {
    senders: Vec<DayList<Sums>>,
    /// Of observations without a sender.
    others: DayList<Sums>,
    /// First and last day.
    span: Option<(i64, i64)>,
    /// The last observation's reporter: neighbours mostly have the same.
    last_reporter: Option<(usize, usize)>,
    /// Places of reporters by where their name lies in memory: observations share it.
    reporter_places: HashMap<usize, usize, RandomState>,
    reporters: Vec<(&'o str, DayList<u64>)>,
    /// Failing indirect mail by sender and reporter.
    indirect: HashMap<(usize, usize), DayList<Sums>, RandomState>,
}

fn add_sums(sum: &mut Sums, more: Sums) {
    *sum += more;
}

fn add_mails(sum: &mut u64, more: u64) {
    *sum = sum.saturating_add(more);
}

impl<'o> Adding<'o> {
    fn add(&mut self, seen: &'o Observation, owner: Option<usize>, class: Class) {
        let (day, sums) = (seen.day, Sums::of(seen));
        let (first, last) = self.span.unwrap_or((day, day));
        self.span = Some((first.min(day), last.max(day)));
        let of_sender = owner.and_then(|place| self.senders.get_mut(place));
        of_sender.unwrap_or(&mut self.others).add(day, sums, add_sums);
        let reporter = self.reporter(seen);
        if let Some((_, days)) = self.reporters.get_mut(reporter) {
            days.add(day, if class.is_legitimate() { seen.mails } else { 0 }, add_mails);
        }
        if let Some(place) = owner.filter(|_| class.is_indirect() && sums.failed > 0) {
            self.indirect.entry((place, reporter)).or_default().add(day, sums, add_sums);
        }
    }

    /// The place of an observation's reporter.
    fn reporter(&mut self, seen: &'o Observation) -> usize {
        let name = seen.reporter.as_ptr().addr();
        if let Some((_, place)) = self.last_reporter.filter(|(last, _)| *last == name) {
            return place;
        }
        let next = self.reporters.len();
        let place = *self.reporter_places.entry(name).or_insert(next);
        if place == next {
            self.reporters.push((&seen.reporter, DayList::default()));
        }
        self.last_reporter = Some((name, place));
        place
    }

    fn tally(self, senders: &[Sender]) -> Tally {
        let days = |list: DayList<Sums>| Days(list.into_map(add_sums));
        let mut tally = Tally {
            senders: self.senders.into_iter().map(days).collect(),
            newest_day: self.span.map(|(_, last)| last),
            oldest_day: self.span.map(|(first, _)| first),
            ..Tally::default()
        };
        let others = days(self.others);
        let known = senders.iter().map(|sender| sender.class).zip(&tally.senders);
        for (class, days) in known.chain([(Class::Unknown, &others)]) {
            let legitimate = class.is_legitimate().then_some(&mut tally.legitimate);
            for sum in tally.classes.get_mut(class as usize).into_iter().chain(legitimate) {
                days.0.iter().for_each(|(day, sums)| *sum.0.entry(*day).or_default() += *sums);
            }
        }
        // Names that lie in two places are one reporter all the same.
        let mut indirect: BTreeMap<(usize, &str), Days> = BTreeMap::new();
        for ((sender, reporter), list) in self.indirect {
            let Some((name, _)) = self.reporters.get(reporter) else { continue };
            let known = indirect.entry((sender, name)).or_default();
            list.0.into_iter().for_each(|(day, sums)| *known.0.entry(day).or_default() += sums);
        }
        for (name, list) in self.reporters {
            let known = tally.reporters.entry(name.to_owned()).or_default();
            list.0.into_iter().for_each(|(day, mails)| add_mails(known.days.entry(day).or_default(), mails));
        }
        for days in indirect.values() {
            let sum = days.sum(i64::MIN, i64::MAX);
            if sum.overridden.saturating_mul(2) < sum.failed {
                days.0.iter().for_each(|(day, sums)| *tally.at_risk.0.entry(*day).or_default() += *sums);
            }
        }
        tally
    }
}
