//! The rows of raw bytes, reports, rejections and the log.

use rusqlite::blob::ZeroBlob;
use rusqlite::{Connection, MAIN_DB, params};

use super::super::error::{StoreError, While as _};
use super::super::file::holding_little;
use super::super::pack::{self, PackedReport};
use super::super::replay::{Replay, StoredReport};
use super::{AS_RECEIVED, CONFLICTING, Delivered, Entry, LARGE_BYTES, NOT_KEPT, PACKED, RawPart, Writer, int};
use crate::model::DateRange;

impl Writer<'_> {
    /// The row of the raw bytes; it is made when the first item needs it.
    pub(super) fn raw(&mut self, entry: &Entry, part: &RawPart, raw_id: &mut Option<i64>) -> Result<i64, StoreError> {
        if let Some(id) = raw_id {
            return Ok(*id);
        }
        let mut insert = self
            .transaction
            .prepare_cached(
                "INSERT INTO raw (sha256, packing, bytes, size_bytes, name, origin, received_s,
                                  mail_from, mail_subject, mail_message_id, mail_date_s, accepted)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            )
            .during("keep raw bytes")?;
        let packing = match (&part.bytes, part.is_packed) {
            (None, _) => NOT_KEPT,
            (Some(_), true) => PACKED,
            (Some(_), false) => AS_RECEIVED,
        };
        let bytes = part.bytes.as_deref().unwrap_or_default();
        let is_large = bytes.len() >= LARGE_BYTES;
        let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let bytes_or_room: &dyn rusqlite::ToSql = if is_large { &ZeroBlob(size) } else { &bytes };
        let mail = entry.mail.clone().unwrap_or_default();
        let row = params![
            &part.sha256[..],
            packing,
            bytes_or_room,
            int(part.size_bytes),
            part.name,
            entry.origin,
            entry.received_s,
            mail.from,
            mail.subject,
            mail.message_id,
            mail.date_s,
            part.accepted
        ];
        let mut keep = || insert.insert(row).during("keep raw bytes");
        let id = if is_large {
            let id = holding_little(self.transaction, keep)?;
            self.fill_raw(id, bytes)?;
            id
        } else {
            keep()?
        };
        self.proof(entry, part, id)?;
        *raw_id = Some(id);
        Ok(id)
    }

    /// Writes large bytes into their row piece by piece: bound as a value they would be copied twice.
    fn fill_raw(&self, id: i64, bytes: &[u8]) -> Result<(), StoreError> {
        let mut blob = self.transaction.blob_open(MAIN_DB, c"raw", c"bytes", id, false).during("keep raw bytes")?;
        for (piece, at) in bytes.chunks(LARGE_BYTES).zip((0..).step_by(LARGE_BYTES)) {
            blob.write_all_at(piece, at).during("keep raw bytes")?;
        }
        blob.close().during("keep raw bytes")
    }

    /// Stores one report and adds its sums to the batch.
    pub(super) fn report(
        &mut self,
        report: &PackedReport,
        raw_id: i64,
        standing: i64,
        received_s: i64,
    ) -> Result<(), StoreError> {
        let connection: &Connection = self.transaction;
        let reporter_id = match &report.reporter {
            Some(reporter) => self.words.word_id(&mut self.statements, reporter)?,
            None => 0,
        };
        let domain_id = self.words.word_id(&mut self.statements, &report.domain)?;
        let (words, statements) = (&mut *self.words, &mut self.statements);
        let word_ids: Vec<i64> =
            report.words.iter().map(|text| words.word_id(statements, text)).collect::<Result<_, _>>()?;
        let source_ids: Vec<i64> =
            report.sources.iter().map(|source| words.source_id(statements, source)).collect::<Result<_, _>>()?;
        let mut insert = connection
            .prepare_cached(
                "INSERT INTO report (raw_id, path, standing, identity, fingerprint, reporter_id, domain_id, report_id,
                                     begin_s, end_s, records, dkim_and_spf, dkim_only, spf_only, neither, notes, head, received_s)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            )
            .during("store a report")?;
        let sums = &report.sums;
        let id = insert
            .insert(params![
                raw_id,
                report.path,
                standing,
                &report.identity[..],
                &report.fingerprint[..],
                reporter_id,
                domain_id,
                &*report.report_id,
                report.begin_s,
                report.end_s,
                int(sums.records),
                int(sums.dkim_and_spf),
                int(sums.dkim_only),
                int(sums.spf_only),
                int(sums.neither),
                int(report.notes),
                report.head,
                received_s
            ])
            .during("store a report")?;
        let packed = pack::stored_records(&word_ids, &source_ids, &report.rows);
        let mut insert = connection
            .prepare_cached("INSERT INTO report_records (report_id, packed) VALUES (?, ?)")
            .during("store records")?;
        insert.execute(params![id, packed]).during("store records")?;
        if standing >= CONFLICTING {
            return Ok(());
        }
        if report.is_spread {
            let range = DateRange { begin_s: report.begin_s, end_s: report.end_s };
            let stored = StoredReport { id, domain_id, reporter_id, range, records: sums.records };
            Replay::new(connection).add(&stored, |_| true, &mut self.batch)?;
        } else {
            self.batch.add(report, domain_id, reporter_id, &word_ids, &source_ids);
        }
        if self.batch.is_large() {
            self.batch.write(connection)?;
        }
        Ok(())
    }

    /// An input that was too large before, and is not any more, is rejected no longer.
    pub(super) fn accept_refused(&self, entry: &Entry) -> Result<(), StoreError> {
        let mut delete = self
            .transaction
            .prepare_cached("DELETE FROM rejection WHERE raw_id = 0 AND origin = ?")
            .during("clear a rejection")?;
        delete.execute([&entry.origin]).during("clear a rejection")?;
        Ok(())
    }

    pub(super) fn refused(&mut self, entry: &Entry, reason: &str) -> Result<(), StoreError> {
        let again: i64 = self
            .transaction
            .query_row(
                "SELECT count(*) FROM rejection WHERE raw_id = 0 AND origin = ? AND size_bytes = ?",
                params![entry.origin, int(entry.size_bytes)],
                |row| row.get(0),
            )
            .during("look for the same rejection")?;
        if again > 0 {
            return Ok(());
        }
        let mail = entry.mail.as_ref();
        let readable = mail.and_then(|mail| mail.from.as_deref()).map(|from| format!("a mail from {from}"));
        let name = mail.and_then(|mail| mail.subject.as_deref());
        self.rejection(params![
            0,
            "",
            "intake",
            reason,
            readable,
            entry.origin,
            name,
            int(entry.size_bytes),
            entry.received_s
        ])
    }

    pub(super) fn rejection(&mut self, row: &[&dyn rusqlite::ToSql]) -> Result<(), StoreError> {
        let mut insert = self
            .transaction
            .prepare_cached(
                "INSERT INTO rejection (raw_id, path, stage, reason, readable, origin, name, size_bytes, received_s)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            )
            .during("store a rejection")?;
        insert.execute(row).during("store a rejection")?;
        Ok(())
    }

    pub(super) fn log(&mut self, entry: &Entry, delivered: &Delivered) -> Result<(), StoreError> {
        let mut insert = self
            .transaction
            .prepare_cached(
                "INSERT INTO delivery (received_s, origin, size_bytes, reports_new, reports_duplicate, reports_conflicting, rejected, other)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            )
            .during("log a delivery")?;
        insert
            .execute(params![
                entry.received_s,
                entry.origin,
                int(entry.size_bytes),
                int(delivered.reports_new),
                int(delivered.reports_duplicate),
                int(delivered.reports_conflicting),
                int(delivered.rejected),
                int(delivered.other)
            ])
            .during("log a delivery")?;
        Ok(())
    }
}
