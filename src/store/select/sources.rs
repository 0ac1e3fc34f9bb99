//! Who sent: sums by source address out of the packed sums of days.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use foldhash::fast::RandomState;
use rusqlite::params_from_iter;

use super::super::codec;
use super::super::error::{StoreError, While as _};
use super::super::file::Store;
use super::super::sums::{SourceSums, Sums};
use super::super::words::{self, Kind};
use super::texts::Texts;
use super::{Filter, Where};

/// Sums of one source address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceRow {
    /// The address, or the odd text sent for one.
    pub ip: String,
    /// Its sums.
    pub sums: Sums,
    /// Mails by disposition: none, pass, quarantine, reject, other or not said.
    pub dispositions: [u64; 5],
    /// Who reported it, sorted.
    pub reporters: Vec<String>,
    /// First day, in days since 1970.
    pub first_day: i64,
    /// Last day.
    pub last_day: i64,
}

/// Which sources come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceOrder {
    /// Those with most mails.
    Mails,
    /// Those with most mails that failed DMARC.
    Failing,
}

/// The first sources of a question, and how many there are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceList {
    /// The first ones.
    pub rows: Vec<SourceRow>,
    /// Sources that are not in the list.
    pub more: u64,
    /// Their mails.
    pub more_mails: u64,
}

impl Store {
    /// Sums by source address in an order; at most `most`, and what is left.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn sources(&self, filter: &Filter, order: SourceOrder, most: usize) -> Result<SourceList, StoreError> {
        let Some(condition) = filter.to_sql(&self.connection, "day")? else { return Ok(SourceList::default()) };
        let _look = self.look()?;
        let mut ranks = Ranks::default();
        self.each_day_of_sources(&condition, |_, id, sums, _| ranks.add(id, &sums.sums(), order))?;
        let (chosen, left) = ranks.best(most);
        let mut totals: HashMap<i64, Option<SourceTotal>, RandomState> = chosen.iter().map(|id| (*id, None)).collect();
        // Nearly all of many millions of cells are of others: a list of marks says so sooner than the map.
        let mut is_chosen = vec![false; chosen.iter().copied().max().map_or(0, place) + 1];
        for id in &chosen {
            if let Some(mark) = is_chosen.get_mut(place(*id)) {
                *mark = true;
            }
        }
        self.each_day_of_sources(&condition, |day, id, sums, reported_by| {
            if is_chosen.get(place(id)) == Some(&true)
                && let Some(total) = totals.get_mut(&id)
            {
                total.get_or_insert_with(|| SourceTotal::new(day)).add(day, sums, reported_by);
            }
        })?;
        let mut names = Texts::new(&self.connection);
        let row = |id: i64| -> Result<SourceRow, StoreError> {
            let ip = words::text(&self.connection, Kind::Source, id)?;
            let total = totals.remove(&id).flatten().unwrap_or_else(|| SourceTotal::new(0));
            let reporters = total.reporters.iter().map(|id| names.get(*id));
            let mut reporters = reporters.collect::<Result<Vec<_>, _>>()?;
            reporters.sort();
            Ok(SourceRow {
                ip: ip.unwrap_or_default(),
                sums: total.sums.sums(),
                dispositions: total.sums.dispositions(),
                reporters: reporters.into_iter().flatten().collect(),
                first_day: total.first_day,
                last_day: total.last_day,
            })
        };
        let rows = chosen.into_iter().map(row).collect::<Result<_, _>>()?;
        Ok(SourceList { rows, more: left.sources, more_mails: left.mails })
    }

    fn each_day_of_sources(
        &self,
        condition: &Where,
        mut visit: impl FnMut(i64, i64, &SourceSums, &[i64]),
    ) -> Result<(), StoreError> {
        let sql = format!("SELECT domain_id, day, packed FROM daily_sources WHERE {}", condition.text);
        let mut find = self.connection.prepare_cached(&sql).during("add up sources")?;
        let mut rows = find.query(params_from_iter(condition.values.iter())).during("add up sources")?;
        while let Some(row) = rows.next().during("add up sources")? {
            let (domain_id, day): (i64, i64) =
                (row.get(0).during("add up sources")?, row.get(1).during("add up sources")?);
            let packed = row.get_ref(2).during("add up sources")?;
            let is_whole = packed
                .as_blob()
                .is_ok_and(|packed| codec::each_source(packed, |id, sums, reporters| visit(day, id, sums, reporters)));
            if !is_whole {
                return Err(super::super::insert::damaged_day(domain_id, day));
            }
        }
        Ok(())
    }
}

/// Where something about a source lies in a list by id: ids are dense.
fn place(id: i64) -> usize {
    usize::try_from(id).unwrap_or(0)
}

/// Up to so many sources are found by hashing.
const FEW_SOURCES: usize = 16_384;

/// What decides the order of sources: little enough for millions of them.
#[derive(Default)]
struct Ranks {
    /// By id, as long as there are few.
    few: HashMap<i64, Rank, RandomState>,
    /// By id, which are dense, when there are many; empty before.
    many: Vec<Rank>,
}

/// What decides the place of one source.
#[derive(Clone, Copy, Default)]
struct Rank {
    /// Mails of the kind that comes first.
    first: u64,
    /// All mails and one more; 0 where the source is not there.
    mails_and_one: u64,
}

impl Rank {
    fn add(&mut self, other: Self) {
        self.first = self.first.saturating_add(other.first);
        // The one of both is in it once.
        let more = other.mails_and_one - u64::from(self.mails_and_one > 0);
        self.mails_and_one = self.mails_and_one.saturating_add(more);
    }
}

/// Sources that were not chosen.
#[derive(Default)]
struct Left {
    sources: u64,
    mails: u64,
}

impl Ranks {
    fn add(&mut self, id: i64, sums: &Sums, order: SourceOrder) {
        let mails = sums.mails();
        let first = if order == SourceOrder::Failing { sums.neither } else { mails };
        let rank = Rank { first, mails_and_one: mails.saturating_add(1) };
        if !self.many.is_empty() {
            return self.add_to_many(id, rank);
        }
        self.few.entry(id).or_default().add(rank);
        if self.few.len() > FEW_SOURCES {
            for (id, rank) in std::mem::take(&mut self.few) {
                self.add_to_many(id, rank);
            }
        }
    }

    fn add_to_many(&mut self, id: i64, rank: Rank) {
        let at = place(id);
        if at >= self.many.len() {
            self.many.resize(at + 1, Rank::default());
        }
        if let Some(sum) = self.many.get_mut(at) {
            sum.add(rank);
        }
    }

    /// The ids of the `most` first sources in their order, and what is left.
    fn best(self, most: usize) -> (Vec<i64>, Left) {
        let (mut best, mut left) = (BinaryHeap::new(), Left::default());
        let many = (0_i64..).zip(self.many).filter(|(_, rank)| rank.mails_and_one > 0);
        for (id, Rank { first, mails_and_one }) in self.few.into_iter().chain(many) {
            best.push((Reverse(first), Reverse(mails_and_one), id));
            if best.len() > most
                && let Some((_, Reverse(mails_and_one), _)) = best.pop()
            {
                left.sources += 1;
                left.mails = left.mails.saturating_add(mails_and_one - 1);
            }
        }
        (best.into_sorted_vec().into_iter().map(|(.., id)| id).collect(), left)
    }
}

/// All that is known of a chosen source.
struct SourceTotal {
    sums: SourceSums,
    first_day: i64,
    last_day: i64,
    /// Sorted.
    reporters: Vec<i64>,
}

impl SourceTotal {
    fn new(day: i64) -> Self {
        Self { sums: SourceSums::default(), first_day: day, last_day: day, reporters: Vec::new() }
    }

    fn add(&mut self, day: i64, sums: &SourceSums, reporters: &[i64]) {
        self.sums += *sums;
        self.first_day = self.first_day.min(day);
        self.last_day = self.last_day.max(day);
        for reporter in reporters {
            if let Err(place) = self.reporters.binary_search(reporter) {
                self.reporters.insert(place, *reporter);
            }
        }
    }
}
