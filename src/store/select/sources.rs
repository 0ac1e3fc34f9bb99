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
use super::addresses::Addresses;
use super::texts::Texts;
use super::{Filter, Where};
use crate::model::Text;

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
    pub reporters: Vec<Text>,
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
        self.each_day_of_sources(&condition, |_, packed| {
            codec::each_source_mails(packed, |id, mails, failed| {
                ranks.add(id, mails, if order == SourceOrder::Failing { failed } else { mails });
            })
        })?;
        let (chosen, left) = ranks.best(most);
        let mut totals = Totals::new(&chosen);
        self.each_day_of_sources(&condition, |day, packed| totals.add(day, packed))?;
        let mut addresses = Addresses::new(&self.connection)?;
        chosen.iter().filter_map(|id| u32::try_from(*id).ok()).for_each(|id| addresses.mark(id));
        addresses.read(&self.connection)?;
        let mut names = Names { texts: Texts::new(&self.connection), addresses, known: HashMap::default() };
        let rows = chosen.iter().zip(totals.list).map(|(id, total)| self.source_row(*id, &total, &mut names));
        Ok(SourceList { rows: rows.collect::<Result<_, _>>()?, more: left.sources, more_mails: left.mails })
    }

    fn source_row(&self, id: i64, total: &SourceTotal, names: &mut Names<'_>) -> Result<SourceRow, StoreError> {
        // Only what can't be read as an address has to be looked up by itself.
        let ip = match u32::try_from(id).ok().and_then(|id| names.addresses.get(id)) {
            Some(address) => address.to_string(),
            None => words::text(&self.connection, Kind::Source, id)?.unwrap_or_default(),
        };
        let mut reporters =
            total.reporters.iter().map(|id| names.get(*id)).collect::<Result<Vec<Option<Text>>, StoreError>>()?;
        reporters.sort();
        Ok(SourceRow {
            ip,
            sums: total.sums.sums(),
            dispositions: total.sums.dispositions(),
            reporters: reporters.into_iter().flatten().collect(),
            first_day: total.first_day,
            last_day: total.last_day,
        })
    }

    pub(super) fn each_day_of_sources(
        &self,
        condition: &Where,
        mut visit: impl FnMut(i64, &[u8]) -> bool,
    ) -> Result<(), StoreError> {
        let sql = format!("SELECT domain_id, day, packed FROM daily_sources WHERE {}", condition.text);
        let mut find = self.connection.prepare_cached(&sql).during("add up sources")?;
        let mut rows = find.query(params_from_iter(condition.values.iter())).during("add up sources")?;
        while let Some(row) = rows.next().during("add up sources")? {
            let (domain_id, day): (i64, i64) =
                (row.get(0).during("add up sources")?, row.get(1).during("add up sources")?);
            let packed = row.get_ref(2).during("add up sources")?;
            if !packed.as_blob().is_ok_and(|packed| visit(day, packed)) {
                return Err(super::super::insert::damaged_day(domain_id, day));
            }
        }
        Ok(())
    }
}

/// Names of reporters, each once however many sources have it, and addresses.
struct Names<'c> {
    texts: Texts<'c>,
    addresses: Addresses,
    known: HashMap<i64, Option<Text>, RandomState>,
}

impl Names<'_> {
    fn get(&mut self, id: i64) -> Result<Option<Text>, StoreError> {
        if let Some(name) = self.known.get(&id) {
            return Ok(name.clone());
        }
        let name = self.texts.get(id)?.map(Text::from);
        self.known.insert(id, name.clone());
        Ok(name)
    }
}

/// Sums of the chosen sources.
struct Totals {
    /// By id, which are dense: the place in the list and one more; 0 where an id was not chosen. Nearly all of many
    /// millions of cells are of others.
    places: Vec<u32>,
    last_id: i64,
    list: Vec<SourceTotal>,
}

impl Totals {
    fn new(chosen: &[i64]) -> Self {
        let last_id = chosen.iter().copied().max().unwrap_or(0);
        let mut places = vec![0; place(last_id) + 1];
        for (number, id) in (1..).zip(chosen) {
            if let Some(place) = places.get_mut(place(*id)) {
                *place = number;
            }
        }
        Self { places, last_id, list: vec![SourceTotal::default(); chosen.len()] }
    }

    fn add(&mut self, day: i64, packed: &[u8]) -> bool {
        let Self { places, last_id, list } = self;
        let number = |id: i64| places.get(place(id)).copied().unwrap_or(0);
        codec::each_chosen_source(
            packed,
            *last_id,
            |id| number(id) > 0,
            |id, sums, reporters| {
                let at = number(id).checked_sub(1).and_then(|at| usize::try_from(at).ok());
                if let Some(total) = at.and_then(|at| list.get_mut(at)) {
                    total.add(day, sums, reporters);
                }
            },
        )
    }
}

/// Where something about a source lies in a list by id: ids are dense.
fn place(id: i64) -> usize {
    usize::try_from(id).unwrap_or(0)
}

/// Up to so many sources are found by hashing: what one domain has in a season. A list by id is faster for more, and costs
/// a look at every id that the store has.
const FEW_SOURCES: usize = 65_536;

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
    fn add(&mut self, id: i64, mails: u64, first: u64) {
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
#[derive(Clone)]
struct SourceTotal {
    sums: SourceSums,
    first_day: i64,
    last_day: i64,
    /// Sorted.
    reporters: Vec<i64>,
}

impl Default for SourceTotal {
    fn default() -> Self {
        Self { sums: SourceSums::default(), first_day: i64::MAX, last_day: i64::MIN, reporters: Vec::new() }
    }
}

impl SourceTotal {
    fn add(&mut self, day: i64, sums: &SourceSums, reporters: &[i64]) {
        self.sums += *sums;
        self.first_day = self.first_day.min(day);
        self.last_day = self.last_day.max(day);
        for reporter in reporters {
            if let Err(place) = self.reporters.binary_search(reporter) {
                // Most sources are seen by one reporter once.
                if self.reporters.is_empty() {
                    self.reporters.reserve_exact(1);
                }
                self.reporters.insert(place, *reporter);
            }
        }
    }
}
