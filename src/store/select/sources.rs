//! Who sent: sums by source address out of the packed sums of days.

use std::cmp::Reverse;
use std::collections::HashMap;

use foldhash::fast::RandomState;
use rusqlite::params_from_iter;

use super::super::codec;
use super::super::error::{StoreError, While as _};
use super::super::file::Store;
use super::super::sums::{SourceSums, Sums};
use super::super::words::{self, Kind};
use super::addresses::Addresses;
use super::ranks::{Left, Ranks, place};
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
        let mut rows = Vec::new();
        let left = self.rows_of_sources(filter, order, most, |row| rows.push(row))?;
        Ok(SourceList { rows, more: left.sources, more_mails: left.mails })
    }

    /// All sources, most mails first, one after another: hundreds of thousands are large together.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn each_source(&self, filter: &Filter, visit: impl FnMut(SourceRow)) -> Result<(), StoreError> {
        self.rows_of_sources(filter, SourceOrder::Mails, usize::MAX, visit).map(|_| ())
    }

    fn rows_of_sources(
        &self,
        filter: &Filter,
        order: SourceOrder,
        most: usize,
        mut visit: impl FnMut(SourceRow),
    ) -> Result<Left, StoreError> {
        let Some(condition) = filter.to_sql(&self.connection, "day")? else { return Ok(Left::default()) };
        let _look = self.look()?;
        let (totals, left) = if most == usize::MAX {
            let mut totals = Totals::default();
            self.each_day_of_sources(&condition, |day, packed| totals.add_all(day, packed))?;
            (totals.sorted(order), Left::default())
        } else {
            let mut ranks = Ranks::by(order);
            self.each_day_of_sources(&condition, |_, packed| {
                codec::each_source_mails(packed, |id, mails, failed| ranks.add(id, mails, failed))
            })?;
            let (chosen, left) = ranks.best(most);
            let mut totals = Totals::new(&chosen);
            self.each_day_of_sources(&condition, |day, packed| totals.add(day, packed))?;
            (totals.list, left)
        };
        let mut addresses = Addresses::new(&self.connection)?;
        totals.iter().filter_map(|(id, _)| u32::try_from(*id).ok()).for_each(|id| addresses.mark(id));
        addresses.read(&self.connection)?;
        let mut names = Names { texts: Texts::new(&self.connection), addresses, known: HashMap::default() };
        for (id, total) in totals {
            visit(self.source_row(id, &total, &mut names)?);
        }
        Ok(left)
    }

    fn source_row(&self, id: i64, total: &SourceTotal, names: &mut Names<'_>) -> Result<SourceRow, StoreError> {
        // Only what can't be read as an address has to be looked up by itself.
        let ip = match u32::try_from(id).ok().and_then(|id| names.addresses.get(id)) {
            Some(address) => address.to_string(),
            None => words::text(&self.connection, Kind::Source, id)?.unwrap_or_default(),
        };
        let mut reporters = Vec::with_capacity(total.reporters.len());
        for id in &total.reporters {
            reporters.extend(names.get(*id)?);
        }
        reporters.sort_unstable();
        Ok(SourceRow {
            ip,
            sums: total.sums.sums(),
            dispositions: total.sums.dispositions(),
            reporters,
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

/// Sums of sources: of those that were chosen, or of all.
#[derive(Default)]
struct Totals {
    /// By id, which are dense: the place in the list and one more; 0 where an id is not in it. Nearly all of many
    /// millions of cells are of others.
    places: Vec<u32>,
    last_id: i64,
    /// With their ids.
    list: Vec<(i64, SourceTotal)>,
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
        Self { places, last_id, list: chosen.iter().map(|id| (*id, SourceTotal::default())).collect() }
    }

    /// Adds what a day says of the chosen sources.
    fn add(&mut self, day: i64, packed: &[u8]) -> bool {
        let Self { places, last_id, list } = self;
        let number = |id: i64| places.get(place(id)).copied().unwrap_or(0);
        codec::each_chosen_source(
            packed,
            *last_id,
            |id| number(id) > 0,
            |id, sums, reporters| {
                let at = number(id).checked_sub(1).and_then(|at| usize::try_from(at).ok());
                if let Some((_, total)) = at.and_then(|at| list.get_mut(at)) {
                    total.add(day, sums, reporters);
                }
            },
        )
    }

    /// Adds what a day says of all sources.
    fn add_all(&mut self, day: i64, packed: &[u8]) -> bool {
        let Self { places, list, .. } = self;
        codec::each_source(packed, |id, sums, reporters| {
            let at = place(id);
            if at >= places.len() {
                places.resize(at + 1, 0);
            }
            let Some(number) = places.get_mut(at) else { return };
            if *number == 0 {
                list.push((id, SourceTotal::default()));
                *number = u32::try_from(list.len()).unwrap_or(u32::MAX);
            }
            let at = usize::try_from(*number).ok().and_then(|number| number.checked_sub(1));
            if let Some((_, total)) = at.and_then(|at| list.get_mut(at)) {
                total.add(day, sums, reporters);
            }
        })
    }

    /// All, in an order.
    fn sorted(mut self, order: SourceOrder) -> Vec<(i64, SourceTotal)> {
        self.list.sort_by_cached_key(|(id, total)| {
            let sums = total.sums.sums();
            (
                Reverse(if order == SourceOrder::Failing { sums.neither } else { sums.mails() }),
                Reverse(sums.mails()),
                *id,
            )
        });
        self.list
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
