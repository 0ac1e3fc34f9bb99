//! Reports and their records, for looking closer.

use rusqlite::{Row, params_from_iter};
use serde_json::Value;

use super::super::error::{StoreError, While as _};
use super::super::file::Store;
use super::super::insert::{CONFLICTING, PARTIAL, uint};
use super::super::replay::StoredRecords;
use super::super::sums::Sums;
use super::super::words::{self, Kind};
use super::texts::Texts;
use super::trust::{Provenance, REPORTER_FIRST_S};
use super::{Filter, sums};
use crate::analyze::trust::Trust;

/// A report as listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportRow {
    /// Its id in the store.
    pub id: i64,
    /// Id of its raw bytes.
    pub raw_id: i64,
    /// Where in them it lies.
    pub path: String,
    /// Kept, and not counted.
    pub is_conflicting: bool,
    /// Only part of it could be read.
    pub is_partial: bool,
    /// `org_name` as sent.
    pub org_name: Option<String>,
    /// The reporter's name for sums.
    pub reporter: Option<String>,
    /// As sent.
    pub report_id: String,
    /// Policy domain.
    pub domain: String,
    /// Seconds since 1970 UTC.
    pub begin_s: i64,
    /// Seconds since 1970 UTC.
    pub end_s: i64,
    /// Its sums.
    pub sums: Sums,
    /// Number of its notes.
    pub notes: u64,
    /// Metadata, policy and notes.
    pub head: Value,
    /// Seconds since 1970 UTC.
    pub received_s: i64,
    /// File or mailbox it came from.
    pub origin: String,
    /// What the mail proves that brought it; `None` where it did not come by mail, or before that was kept.
    pub provenance: Option<Provenance>,
}

/// A record as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordRow {
    /// Address, or the odd text sent for one.
    pub source_ip: Option<String>,
    /// Mails, where that could be read.
    pub count: Option<u64>,
    /// `disposition`, `dkim`, `spf`, `reasons` as sent.
    pub evaluated: Value,
    /// Author domain.
    pub header_from: Option<String>,
    /// Envelope sender domain.
    pub envelope_from: Option<String>,
    /// Recipient domain.
    pub envelope_to: Option<String>,
    /// `dkim` and `spf` results as sent.
    pub auth_results: Value,
}

impl Store {
    /// Reports, newest first; at most `most`. Those that conflict with another are only listed when asked for.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn reports(&self, filter: &Filter, most: usize, with_conflicting: bool) -> Result<Vec<ReportRow>, StoreError> {
        let mut reports = Vec::new();
        self.each_report(filter, with_conflicting, most, |report| {
            reports.push(report);
            Ok(())
        })?;
        Ok(reports)
    }

    fn each_report(
        &self,
        filter: &Filter,
        with_conflicting: bool,
        most: usize,
        mut visit: impl FnMut(ReportRow) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let Some(condition) = filter.in_seconds().to_sql(&self.connection, "begin_s")? else { return Ok(()) };
        let standing = if with_conflicting { 3 } else { 2 };
        let sql = format!(
            "{} WHERE standing < {standing} AND {} ORDER BY begin_s DESC, report.id DESC LIMIT {most}",
            report_columns(),
            condition.text
        );
        let mut find = self.connection.prepare_cached(&sql).during("list reports")?;
        let mut rows = find.query(params_from_iter(condition.values)).during("list reports")?;
        let mut names = Texts::new(&self.connection);
        while let Some(row) = rows.next().during("list reports")? {
            visit(report(row, &mut names)?)?;
        }
        Ok(())
    }

    /// One report with its records.
    ///
    /// # Errors
    /// When there is none with this id.
    pub fn report(&self, id: i64) -> Result<(ReportRow, Vec<RecordRow>), StoreError> {
        let report = self.report_row(id)?;
        Ok((report, self.records(id, &mut Texts::new(&self.connection))?))
    }

    /// One report as listed.
    pub(super) fn report_row(&self, id: i64) -> Result<ReportRow, StoreError> {
        let mut find = self
            .connection
            .prepare_cached(&format!("{} WHERE report.id = ?", report_columns()))
            .during("read a report")?;
        let mut rows = find.query([id]).during("read a report")?;
        let row = rows.next().during("read a report")?.ok_or(StoreError::NoSuch { kind: "report", id })?;
        report(row, &mut Texts::new(&self.connection))
    }

    /// Gives every record of the reports of a filter to `visit`, newest report first.
    ///
    /// # Errors
    /// When the store can't be read, or `visit` fails.
    pub fn each_record<E: From<StoreError>>(
        &self,
        filter: &Filter,
        mut visit: impl FnMut(&ReportRow, &RecordRow) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut names = Texts::new(&self.connection);
        let mut failure = None;
        self.each_report(filter, false, i64::MAX.unsigned_abs().try_into().unwrap_or(usize::MAX >> 1), |report| {
            if failure.is_some() {
                return Ok(());
            }
            for record in self.records(report.id, &mut names)? {
                if let Err(error) = visit(&report, &record) {
                    failure = Some(error);
                    return Ok(());
                }
            }
            Ok(())
        })?;
        failure.map_or(Ok(()), Err)
    }

    fn records(&self, report_id: i64, names: &mut Texts<'_>) -> Result<Vec<RecordRow>, StoreError> {
        let stored = StoredRecords::read(&self.connection, report_id)?;
        let mut rows = Vec::with_capacity(stored.records.len());
        for record in &stored.records {
            let source_ip = match stored.source_id(record.source) {
                Some(id) => words::text(&self.connection, Kind::Source, id)?,
                None => None,
            };
            rows.push(RecordRow {
                source_ip,
                count: record.count,
                evaluated: names.json(stored.word_id(Some(record.evaluation)))?,
                header_from: names.get(stored.word_id(record.header_from))?,
                envelope_from: names.get(stored.word_id(record.envelope_from))?,
                envelope_to: names.get(stored.word_id(record.envelope_to))?,
                auth_results: names.json(stored.word_id(Some(record.auth_results)))?,
            });
        }
        Ok(rows)
    }
}

/// Up to the condition.
fn report_columns() -> String {
    format!(
        "SELECT report.id, report.raw_id, path, standing, reporter_id, report_id, domain_id, begin_s, end_s, records,
        dkim_and_spf, dkim_only, spf_only, neither, notes, head, report.received_s, raw.origin,
        proof.trust, proof.domain, {REPORTER_FIRST_S}
        FROM report LEFT JOIN raw ON raw.id = report.raw_id LEFT JOIN proof ON proof.raw_id = report.raw_id"
    )
}

fn provenance(row: &Row<'_>) -> rusqlite::Result<Option<Provenance>> {
    let Some(word) = row.get::<_, Option<String>>(18)? else { return Ok(None) };
    let trust = Trust::from_word(&word).unwrap_or(Trust::Unknown);
    Ok(Some(Provenance { trust, domain: row.get(19)?, reporter_first_s: row.get(20)? }))
}

fn report(row: &Row<'_>, names: &mut Texts<'_>) -> Result<ReportRow, StoreError> {
    let read = || -> rusqlite::Result<_> {
        let standing: i64 = row.get(3)?;
        let ids: (i64, i64) = (row.get(4)?, row.get(6)?);
        let head: String = row.get(15)?;
        Ok((
            ids,
            ReportRow {
                id: row.get(0)?,
                raw_id: row.get(1)?,
                path: row.get(2)?,
                is_conflicting: standing == CONFLICTING,
                is_partial: standing == PARTIAL,
                org_name: None,
                reporter: None,
                report_id: row.get(5)?,
                domain: String::new(),
                begin_s: row.get(7)?,
                end_s: row.get(8)?,
                sums: sums(row, 9)?,
                notes: uint(row.get(14)?),
                head: serde_json::from_str(&head).unwrap_or_default(),
                received_s: row.get(16)?,
                origin: row.get::<_, Option<String>>(17)?.unwrap_or_default(),
                provenance: provenance(row)?,
            },
        ))
    };
    let ((reporter_id, domain_id), report) = read().during("read a report")?;
    Ok(ReportRow {
        org_name: report.head.get("org_name").and_then(Value::as_str).map(str::to_owned),
        reporter: names.get(reporter_id)?,
        domain: names.get(domain_id)?.unwrap_or_default(),
        ..report
    })
}
