//! The sums of a batch, gathered in memory and added to the store's in one go.

use std::collections::{BTreeMap, HashMap};

use foldhash::fast::RandomState;
use rusqlite::{Connection, OptionalExtension as _, params};

use super::super::codec;
use super::super::error::{StoreError, While};
use super::super::pack::{Dimension, PackedReport};
use super::super::sums::{SourceSums, Sums};
use super::{damaged_day, int};

/// Sums of one source and day, and who reported it.
pub(in super::super) type SourceDay = (SourceSums, Reporters);

/// Reporters, sorted. Nearly always it is one.
#[derive(Debug, Default)]
pub(in super::super) enum Reporters {
    #[default]
    None,
    One(i64),
    Several(Vec<i64>),
}

impl Reporters {
    pub(in super::super) fn as_slice(&self) -> &[i64] {
        match self {
            Self::None => &[],
            Self::One(id) => std::slice::from_ref(id),
            Self::Several(ids) => ids,
        }
    }

    fn add(&mut self, id: i64) {
        match self {
            Self::None => *self = Self::One(id),
            Self::One(one) if *one == id => {}
            Self::One(one) => *self = Self::Several(vec![id.min(*one), id.max(*one)]),
            Self::Several(ids) => {
                if let Err(place) = ids.binary_search(&id) {
                    ids.insert(place, id);
                }
            }
        }
    }
}

/// Reports and sums by dimension, domain, day and key.
pub(in super::super) type DailyCells = BTreeMap<(i64, i64, i64, i64), (u64, Sums)>;
/// Sums of sources by domain and day.
pub(in super::super) type SourceCells = BTreeMap<(i64, i64), HashMap<i64, SourceDay, RandomState>>;

/// Sums that are not yet in the store.
#[derive(Default)]
pub(in super::super) struct Batch {
    daily: DailyCells,
    sources: SourceCells,
    /// Sources of days that were added since the last write; those that were there already too.
    sources_added: usize,
}

/// From so many sources on, sums are better written than gathered.
const SOURCES_MAX: usize = 100_000;

impl Batch {
    /// Gathering more would take much memory.
    pub(in super::super) fn is_large(&self) -> bool {
        self.sources_added >= SOURCES_MAX
    }

    /// Adds a report that counts on one day.
    pub(in super::super) fn add(
        &mut self,
        report: &PackedReport,
        domain_id: i64,
        reporter_id: i64,
        word_ids: &[i64],
        source_ids: &[i64],
    ) {
        let id = |ids: &[i64], place: Option<usize>| place.and_then(|place| ids.get(place)).copied().unwrap_or(0);
        if report.cells.is_empty() {
            // No record, but news all the same: the reporter saw no mail that day.
            for (dimension, key) in [(Dimension::All, 0), (Dimension::Reporter, reporter_id)] {
                self.cell((dimension as i64, domain_id, report.first_day, key), 1, Sums::default());
            }
        }
        for ((dimension, place), sums) in &report.cells {
            let key = if *dimension == Dimension::Reporter { reporter_id } else { id(word_ids, *place) };
            self.cell((*dimension as i64, domain_id, report.first_day, key), 1, *sums);
        }
        for (source_id, sums) in source_ids.iter().zip(&report.by_source) {
            self.source(domain_id, report.first_day, *source_id, sums, reporter_id);
        }
    }

    /// Adds the sums of one stored report, for one day or for all.
    pub(in super::super) fn cell(&mut self, key: (i64, i64, i64, i64), reports: u64, sums: Sums) {
        let cell = self.daily.entry(key).or_default();
        cell.0 += reports;
        cell.1 += sums;
    }

    /// Adds the mails of one source on one day.
    pub(in super::super) fn source(
        &mut self,
        domain_id: i64,
        day: i64,
        source_id: i64,
        sums: &SourceSums,
        reporter_id: i64,
    ) {
        self.sources_added += 1;
        let source = self.sources.entry((domain_id, day)).or_default().entry(source_id).or_default();
        source.0 += *sums;
        source.1.add(reporter_id);
    }

    /// Adds all sums to the store's, and is empty afterwards.
    pub(in super::super) fn write(&mut self, connection: &Connection) -> Result<(), StoreError> {
        let mut upsert = connection
            .prepare_cached(
                "INSERT INTO daily (dimension, domain_id, day, key_id, reports, records, dkim_and_spf, dkim_only, spf_only, neither)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                 ON CONFLICT DO UPDATE SET reports = reports + excluded.reports, records = records + excluded.records,
                     dkim_and_spf = dkim_and_spf + excluded.dkim_and_spf, dkim_only = dkim_only + excluded.dkim_only,
                     spf_only = spf_only + excluded.spf_only, neither = neither + excluded.neither",
            )
            .during("add up")?;
        for ((dimension, domain_id, day, key_id), (reports, sums)) in std::mem::take(&mut self.daily) {
            upsert
                .execute(params![
                    dimension,
                    domain_id,
                    day,
                    key_id,
                    int(reports),
                    int(sums.records),
                    int(sums.dkim_and_spf),
                    int(sums.dkim_only),
                    int(sums.spf_only),
                    int(sums.neither)
                ])
                .during("add up")?;
        }
        self.sources_added = 0;
        for ((domain_id, day), sources) in std::mem::take(&mut self.sources) {
            write_sources(connection, domain_id, day, sources)?;
        }
        Ok(())
    }

    /// All sums, for comparison: by cell, and by domain, day and source.
    pub(in super::super) fn into_parts(self) -> (DailyCells, SourceCells) {
        (self.daily, self.sources)
    }
}

/// Merges a day's sources into what the store has of that day.
fn write_sources(
    connection: &Connection,
    domain_id: i64,
    day: i64,
    mut sources: HashMap<i64, SourceDay, RandomState>,
) -> Result<(), StoreError> {
    let mut find = connection
        .prepare_cached("SELECT packed FROM daily_sources WHERE domain_id = ? AND day = ?")
        .during("read sums")?;
    let before: Option<Vec<u8>> = find.query_row([domain_id, day], |row| row.get(0)).optional().during("read sums")?;
    let is_whole = codec::each_source(before.as_deref().unwrap_or_default(), |id, sums, reporters| {
        let source = sources.entry(id).or_default();
        source.0 += *sums;
        for reporter in reporters {
            source.1.add(*reporter);
        }
    });
    if !is_whole {
        return Err(damaged_day(domain_id, day));
    }
    let mut sorted: Vec<_> = sources.into_iter().collect();
    sorted.sort_unstable_by_key(|(id, _)| *id);
    let mut packed = Vec::with_capacity(sorted.len() * 8);
    let mut previous_id = 0;
    for (id, (sums, reporters)) in sorted {
        codec::put_source(&mut packed, previous_id, id, &sums, reporters.as_slice());
        previous_id = id;
    }
    let mut put = connection
        .prepare_cached("INSERT INTO daily_sources (domain_id, day, packed) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET packed = excluded.packed")
        .during("write sums")?;
    put.execute(params![domain_id, day, packed]).during("write sums")?;
    Ok(())
}
