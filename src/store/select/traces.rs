//! The reports that tell of a source: the way from its sums back to what was received.

use std::cmp::Reverse;
use std::collections::HashSet;

use foldhash::fast::RandomState;
use rusqlite::{Row, params};

use super::super::days::{DAY_S, RANGE_DAYS_MAX, Spread};
use super::super::error::{StoreError, While as _};
use super::super::file::Store;
use super::super::insert::uint;
use super::super::replay::{Replay, StoredRecords};
use super::super::sums::Sums;
use super::super::words;
use super::Filter;
use super::reports::ReportRow;
use crate::model::DateRange;

/// A report, and what it says of some addresses on the days of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// The report, with the sums of all its records.
    pub report: ReportRow,
    /// The part of those addresses.
    pub sums: Sums,
}

/// The newest reports of a question, and how many there are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TraceList {
    /// The newest ones, newest first.
    pub traces: Vec<Trace>,
    /// Reports in all.
    pub reports: u64,
    /// The part of those addresses in all of them: what [`Store::sources`] says of them.
    pub sums: Sums,
}

impl Store {
    /// The counted reports with records of some addresses (as stored) on the filter's days; at most `most`.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn traces(&self, filter: &Filter, addresses: &[String], most: usize) -> Result<TraceList, StoreError> {
        let domain_id = match &filter.domain {
            None => None,
            Some(domain) => match words::find_word(&self.connection, domain)? {
                None => return Ok(TraceList::default()),
                found => found,
            },
        };
        let _look = self.look()?;
        let mut wanted: HashSet<i64, RandomState> = HashSet::default();
        for address in addresses {
            wanted.extend(words::find_source(&self.connection, address)?);
        }
        let since_s = filter.since_day.map_or(i64::MIN, |day| day.saturating_sub(RANGE_DAYS_MAX).saturating_mul(DAY_S));
        let until_s = filter.until_day.map_or(i64::MAX, |day| day.saturating_add(1).saturating_mul(DAY_S));
        let mut find = self.connection.prepare_cached(SELECT).during("find the reports of a source")?;
        let mut rows = find.query(params![domain_id, since_s, until_s]).during("find the reports of a source")?;
        let (mut replay, mut list) = (Replay::new(&self.connection), TraceList::default());
        let mut found: Vec<(Reverse<i64>, Reverse<i64>, Sums)> = Vec::new();
        while let Some(row) = rows.next().during("find the reports of a source")? {
            let Some((id, begin_s, sums)) = part(row, &wanted, filter, &mut replay)? else { continue };
            list.reports += 1;
            list.sums += sums;
            found.push((Reverse(begin_s), Reverse(id), sums));
        }
        found.sort_unstable_by_key(|(begin_s, id, _)| (*begin_s, *id));
        for (_, Reverse(id), sums) in found.into_iter().take(most) {
            list.traces.push(Trace { report: self.report_row(id)?, sums });
        }
        Ok(list)
    }
}

const SELECT: &str = "SELECT report.id, begin_s, end_s, records, packed
    FROM report JOIN report_records ON report_records.report_id = report.id
    WHERE standing < 2 AND (?1 IS NULL OR domain_id = ?1) AND begin_s >= ?2 AND begin_s < ?3";

/// The part of the wanted sources in a report, if they have any: its id, its begin, their sums.
fn part(
    row: &Row<'_>,
    wanted: &HashSet<i64, RandomState>,
    filter: &Filter,
    replay: &mut Replay<'_>,
) -> Result<Option<(i64, i64, Sums)>, StoreError> {
    let (id, begin_s, end_s): (i64, i64, i64) =
        (|| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))().during("find the reports of a source")?;
    let packed = row.get_ref(4).during("find the reports of a source")?.as_blob().unwrap_or_default();
    let stored = StoredRecords::unpack(packed)
        .ok_or_else(|| StoreError::Damaged { what: format!("the records of report {id}") })?;
    if !stored.source_ids.iter().any(|id| wanted.contains(id)) {
        return Ok(None);
    }
    let records = uint(row.get(3).during("find the reports of a source")?);
    let mut spread = Spread::of(DateRange { begin_s, end_s }, records);
    let mut sums = Sums::default();
    for record in &stored.records {
        let is_wanted = stored.source_id(record.source).is_some_and(|id| wanted.contains(&id));
        let evaluation_id = stored.word_id(Some(record.evaluation));
        let mut parts = (0_u64, 0_u64);
        // Every record passes by, wanted or not: what a day is owed depends on those before.
        spread.each_day(record.count.unwrap_or(0), |day, mails, records| {
            let is_of_days =
                filter.since_day.is_none_or(|since| day >= since) && filter.until_day.is_none_or(|until| day <= until);
            if is_wanted && is_of_days {
                parts = (parts.0.saturating_add(mails), parts.1.saturating_add(records));
            }
        });
        if parts != (0, 0) {
            sums += replay.sums(evaluation_id, parts.0, parts.1)?;
        }
    }
    Ok((sums != Sums::default()).then_some((id, begin_s, sums)))
}
