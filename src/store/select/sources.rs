//! Who sent: sums by source address out of the packed sums of days.

use std::cmp::Reverse;
use std::collections::HashMap;

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
        let mut totals = SourceTotals::default();
        self.each_day_of_sources(&condition, |day, id, sums, _| totals.add(day, id, sums))?;
        let mut chosen = totals.list;
        chosen.sort_unstable_by_key(|total| {
            let sums = total.sums.sums();
            let first = if order == SourceOrder::Failing { sums.neither } else { sums.mails() };
            (Reverse(first), Reverse(sums.mails()), total.id)
        });
        let left = chosen.get(most..).unwrap_or_default();
        let more = u64::try_from(left.len()).unwrap_or(u64::MAX);
        let more_mails = left.iter().map(|total| total.sums.sums().mails()).sum();
        chosen.truncate(most);
        chosen.shrink_to_fit();
        let mut reporters: HashMap<i64, Vec<i64>> = chosen.iter().map(|total| (total.id, Vec::new())).collect();
        self.each_day_of_sources(&condition, |_, id, _, reported_by| {
            if let Some(known) = reporters.get_mut(&id) {
                for reporter in reported_by {
                    if let Err(place) = known.binary_search(reporter) {
                        known.insert(place, *reporter);
                    }
                }
            }
        })?;
        let mut names = Texts::new(&self.connection);
        let row = |total: SourceTotal| -> Result<SourceRow, StoreError> {
            let ip = words::text(&self.connection, Kind::Source, total.id)?;
            let ids = reporters.remove(&total.id).unwrap_or_default();
            let mut reporters = ids.into_iter().map(|id| names.get(id)).collect::<Result<Vec<_>, _>>()?;
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
        Ok(SourceList { rows, more, more_mails })
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

/// Sums by source, found by their dense ids without hashing.
#[derive(Default)]
struct SourceTotals {
    /// Place in `list` plus one, by source id.
    places: Vec<u32>,
    list: Vec<SourceTotal>,
}

struct SourceTotal {
    id: i64,
    sums: SourceSums,
    first_day: i64,
    last_day: i64,
}

impl SourceTotals {
    fn add(&mut self, day: i64, id: i64, sums: &SourceSums) {
        let at = usize::try_from(id).unwrap_or(0);
        if at >= self.places.len() {
            self.places.resize(at + 1, 0);
        }
        let Some(place) = self.places.get_mut(at) else { return };
        if *place == 0 {
            self.list.push(SourceTotal { id, sums: SourceSums::default(), first_day: day, last_day: day });
            *place = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        }
        let total = usize::try_from(*place).ok().and_then(|place| self.list.get_mut(place - 1));
        if let Some(total) = total {
            total.sums += *sums;
            total.first_day = total.first_day.min(day);
            total.last_day = total.last_day.max(day);
        }
    }
}
