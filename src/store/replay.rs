//! The sums of stored reports, made again from their packed records.

use std::collections::HashMap;

use rusqlite::Connection;
use serde_json::Value;

use super::codec::{self, PackedRecord};
use super::days::Spread;
use super::error::{StoreError, While};
use super::insert::Batch;
use super::pack::{Dimension, RecordFacts};
use super::sums::{SourceSums, Sums};
use super::words::{self, Kind};
use crate::model::DateRange;

/// What is needed of a stored report to sum it.
#[derive(Clone, Copy, Debug)]
pub(super) struct StoredReport {
    pub(super) id: i64,
    pub(super) domain_id: i64,
    pub(super) reporter_id: i64,
    pub(super) range: DateRange,
    pub(super) records: u64,
}

/// The packed records of a report, with their ids.
#[derive(Debug)]
pub(super) struct StoredRecords {
    pub(super) word_ids: Vec<i64>,
    pub(super) source_ids: Vec<i64>,
    pub(super) records: Vec<PackedRecord>,
}

impl StoredRecords {
    /// Reads and unpacks the records of report `id`.
    pub(super) fn read(connection: &Connection, id: i64) -> Result<Self, StoreError> {
        let mut find = connection
            .prepare_cached("SELECT packed FROM report_records WHERE report_id = ?")
            .during("read records")?;
        let packed: Vec<u8> = find.query_row([id], |row| row.get(0)).during("read records")?;
        Self::unpack(&packed).ok_or_else(|| StoreError::Damaged { what: format!("the records of report {id}") })
    }

    /// Unpacks records.
    pub(super) fn unpack(mut bytes: &[u8]) -> Option<Self> {
        if codec::take(&mut bytes)? != codec::RECORDS_FORM {
            return None;
        }
        let word_ids = codec::take_ids(&mut bytes)?;
        let source_ids = codec::take_ids(&mut bytes)?;
        let mut records = Vec::new();
        while !bytes.is_empty() {
            records.push(PackedRecord::take(&mut bytes)?);
        }
        Some(Self { word_ids, source_ids, records })
    }

    /// The id at a place of the report's own words; 0 where there is none.
    pub(super) fn word_id(&self, place: Option<usize>) -> i64 {
        place.and_then(|place| self.word_ids.get(place)).copied().unwrap_or(0)
    }

    /// The id at a place of the report's own sources.
    pub(super) fn source_id(&self, place: Option<usize>) -> Option<i64> {
        place.and_then(|place| self.source_ids.get(place)).copied()
    }
}

/// Makes sums of stored reports; remembers the facts that their words stand for.
pub(super) struct Replay<'c> {
    connection: &'c Connection,
    facts: HashMap<i64, (RecordFacts, i64)>,
}

impl<'c> Replay<'c> {
    pub(super) fn new(connection: &'c Connection) -> Self {
        Self { connection, facts: HashMap::new() }
    }

    /// Adds the sums of a report, on the days that `wanted` says, to a batch; gives its own totals over all days.
    pub(super) fn add(
        &mut self,
        report: &StoredReport,
        wanted: impl Fn(i64) -> bool,
        batch: &mut Batch,
    ) -> Result<Sums, StoreError> {
        let stored = StoredRecords::read(self.connection, report.id)?;
        let mut spread = Spread::of(report.range, report.records);
        let first_day = spread.first;
        let mut cells: HashMap<(i64, Dimension, i64), Sums> = HashMap::new();
        let mut totals = Sums::default();
        for record in &stored.records {
            let (facts, disposition_id) = self.facts(stored.word_id(Some(record.evaluation)))?;
            let header_from_id = stored.word_id(record.header_from);
            let source_id = stored.source_id(record.source);
            totals += facts.sums(record.count.unwrap_or(0), 1);
            spread.each_day(record.count.unwrap_or(0), |day, mails, records| {
                if !wanted(day) {
                    return;
                }
                let sums = facts.sums(mails, records);
                let mut add = |dimension, key| *cells.entry((day, dimension, key)).or_default() += sums;
                add(Dimension::All, 0);
                add(Dimension::Reporter, report.reporter_id);
                add(Dimension::HeaderFrom, header_from_id);
                add(Dimension::Disposition, disposition_id);
                if facts.overridden {
                    add(Dimension::Overridden, disposition_id);
                }
                if let Some(source_id) = source_id {
                    let sums = SourceSums::of_record(&sums, facts.disposition_field);
                    batch.source(report.domain_id, day, source_id, &sums, report.reporter_id);
                }
            });
        }
        if stored.records.is_empty() && wanted(first_day) {
            cells.insert((first_day, Dimension::All, 0), Sums::default());
            cells.insert((first_day, Dimension::Reporter, report.reporter_id), Sums::default());
        }
        for ((day, dimension, key), sums) in cells {
            batch.cell((dimension as i64, report.domain_id, day, key), u64::from(day == first_day), sums);
        }
        Ok(totals)
    }

    /// The sums of a part of a record with this `policy_evaluated`.
    pub(super) fn sums(&mut self, evaluation_id: i64, mails: u64, records: u64) -> Result<Sums, StoreError> {
        Ok(self.facts(evaluation_id)?.0.sums(mails, records))
    }

    /// What a `policy_evaluated` says, and the word id of its disposition.
    fn facts(&mut self, evaluation_id: i64) -> Result<(RecordFacts, i64), StoreError> {
        if let Some(facts) = self.facts.get(&evaluation_id) {
            return Ok(*facts);
        }
        let damaged = || StoreError::Damaged { what: format!("word {evaluation_id}") };
        let text = words::text(self.connection, Kind::Word, evaluation_id)?.ok_or_else(damaged)?;
        let evaluated: Value = serde_json::from_str(&text).map_err(|_| damaged())?;
        let passed = |name| evaluated.get(name).and_then(Value::as_str) == Some("pass");
        let has_reasons = evaluated.get("reasons").and_then(Value::as_array).is_some_and(|reasons| !reasons.is_empty());
        let disposition = evaluated.get("disposition").and_then(Value::as_str);
        let facts = RecordFacts::new(passed("dkim"), passed("spf"), has_reasons, disposition);
        let disposition_id = match disposition {
            Some(word) => words::find_word(self.connection, word)?.ok_or_else(damaged)?,
            None => 0,
        };
        self.facts.insert(evaluation_id, (facts, disposition_id));
        Ok((facts, disposition_id))
    }
}

/// All reports of a domain that count.
pub(super) fn counted_reports(connection: &Connection, domain_id: i64) -> Result<Vec<StoredReport>, StoreError> {
    let mut find = connection
        .prepare_cached(&format!("{SELECT_STORED_REPORTS} WHERE standing < 2 AND domain_id = ? ORDER BY id"))
        .during("list reports")?;
    let rows = find.query_map([domain_id], stored_report).during("list reports")?;
    rows.collect::<Result<_, _>>().during("list reports")
}

/// The columns that [`stored_report`] reads.
pub(super) const SELECT_STORED_REPORTS: &str = "SELECT id, domain_id, reporter_id, begin_s, end_s, records FROM report";

pub(super) fn stored_report(row: &rusqlite::Row<'_>) -> rusqlite::Result<StoredReport> {
    let range = DateRange { begin_s: row.get(3)?, end_s: row.get(4)? };
    let records = super::insert::uint(row.get(5)?);
    Ok(StoredReport { id: row.get(0)?, domain_id: row.get(1)?, reporter_id: row.get(2)?, range, records })
}
