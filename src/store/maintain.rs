//! Upkeep: rebuild, prune, backup, and taking single reports out again.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use flate2::read::ZlibDecoder;
use rusqlite::{Connection, Transaction, params};

use super::days::day_of;
use super::error::{StoreError, While};
use super::file::{Store, begin};
use super::insert::{self, Batch, Entry, Writer};
use super::replay::{Replay, SELECT_STORED_REPORTS, stored_report};
use super::source_pages;
use super::words::Words;

/// What a rebuild did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rebuilt {
    /// Raw inputs that were read again.
    pub raw: u64,
    /// Reports that came out of them.
    pub reports: u64,
    /// Rejections that came out of them.
    pub rejected: u64,
}

/// What a prune took out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pruned {
    /// Reports.
    pub reports: u64,
    /// Raw inputs.
    pub raw: u64,
    /// Rejections.
    pub rejections: u64,
}

/// A raw input read back.
#[derive(Debug)]
pub struct RawInput {
    /// Its id.
    pub id: i64,
    /// Bytes as received.
    pub bytes: Vec<u8>,
    /// The sender's name for it.
    pub name: Option<String>,
    /// File or mailbox it came from.
    pub origin: String,
    /// Seconds since 1970 UTC.
    pub received_s: i64,
    /// The mail that brought it.
    pub mail: crate::mail::Envelope,
    /// Damaged reports in it are taken as partial ones.
    pub accepted: bool,
}

impl Store {
    /// Makes all derived tables again from the raw bytes, in one transaction. `open` reads one raw input.
    ///
    /// # Errors
    /// When raw bytes were not kept, or the store fails; then nothing has changed.
    pub fn rebuild(&mut self, open: &mut dyn FnMut(RawInput) -> Entry) -> Result<Rebuilt, StoreError> {
        let outcome = self.try_rebuild(open);
        self.words.forget();
        outcome
    }

    fn try_rebuild(&mut self, open: &mut dyn FnMut(RawInput) -> Entry) -> Result<Rebuilt, StoreError> {
        let transaction = begin(&mut self.connection, "begin to rebuild")?;
        let not_kept: i64 = transaction
            .query_row("SELECT count(*) FROM raw WHERE packing = ?", [insert::NOT_KEPT], |row| row.get(0))
            .during("look for raw bytes")?;
        if not_kept > 0 {
            return Err(StoreError::NoRaw { count: insert::uint(not_kept) });
        }
        transaction
            .execute_batch(
                "DELETE FROM report_records; DELETE FROM report; DELETE FROM daily; DELETE FROM daily_sources;
                 DELETE FROM word; DELETE FROM source; DELETE FROM source_page; DELETE FROM other; DELETE FROM rejection WHERE raw_id > 0;
                 UPDATE epoch SET value = value + 1;
",
            )
            .during("clear derived tables")?;
        self.words.forget();
        self.words.start(&transaction)?;
        let mut rebuilt = Rebuilt::default();
        let mut last_id = 0;
        while let Some(raw) = next_raw(&transaction, last_id)? {
            last_id = raw.id;
            rebuilt.raw += 1;
            let entry = open(raw);
            let mut writer = Writer::new(&transaction, &mut self.words)?;
            let delivered = writer.again(&entry, last_id)?;
            writer.batch.write(&transaction)?;
            rebuilt.reports += delivered.reports_new;
            rebuilt.rejected += delivered.rejected;
        }
        source_pages::extend(&transaction)?;
        transaction.commit().during("commit the rebuilt tables")?;
        Ok(rebuilt)
    }

    /// Takes out everything that ended or came before `before_s`, in one transaction.
    ///
    /// # Errors
    /// When the store fails; then nothing has changed.
    pub fn prune(&mut self, before_s: i64, only_count: bool) -> Result<Pruned, StoreError> {
        let transaction = begin(&mut self.connection, "begin to prune")?;
        self.words.start(&transaction)?;
        let ids = {
            let mut find = transaction
                .prepare("SELECT id FROM report WHERE max(begin_s, end_s) < ?")
                .during("list old reports")?;
            let rows = find.query_map([before_s], |row| row.get(0)).during("list old reports")?;
            rows.collect::<Result<Vec<i64>, _>>().during("list old reports")?
        };
        remove_reports(&transaction, &mut self.words, &ids)?;
        let rejections = transaction
            .execute("DELETE FROM rejection WHERE received_s < ?", [before_s])
            .during("delete old rejections")?;
        transaction
            .execute("DELETE FROM other WHERE raw_id IN (SELECT id FROM raw WHERE received_s < ?)", [before_s])
            .during("delete old items")?;
        let raw = transaction
            .execute(
                "DELETE FROM raw WHERE id NOT IN (SELECT raw_id FROM report) AND id NOT IN (SELECT raw_id FROM rejection)
                 AND id NOT IN (SELECT raw_id FROM other)",
                [],
            )
            .during("delete old raw bytes")?;
        transaction
            .execute("DELETE FROM proof WHERE raw_id NOT IN (SELECT id FROM raw)", [])
            .during("delete what old mails proved")?;
        transaction.execute("DELETE FROM delivery WHERE received_s < ?", [before_s]).during("delete the old log")?;
        let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
        let pruned = Pruned { reports: count(ids.len()), raw: count(raw), rejections: count(rejections) };
        if only_count {
            transaction.rollback().during("undo the trial")?;
        } else {
            transaction.commit().during("commit the prune")?;
            self.connection.execute_batch("PRAGMA incremental_vacuum; VACUUM").during("give space back")?;
        }
        Ok(pruned)
    }

    /// Copies the store to a new file while others may go on using it.
    ///
    /// # Errors
    /// When the file can't be written.
    pub fn backup(&self, to: &Path) -> Result<(), StoreError> {
        let mut target = Connection::open(to).map_err(|source| StoreError::Open { path: to.to_owned(), source })?;
        super::file::protect(to)?;
        let backup = rusqlite::backup::Backup::new(&self.connection, &mut target).during("begin the backup")?;
        backup.run_to_completion(1_024, Duration::ZERO, None).during("copy the store")
    }

    /// Marks the raw input of a rejection as accepted and gives it back, to be stored again.
    ///
    /// # Errors
    /// When there is no such rejection, or its bytes were not kept.
    pub fn accept(
        &mut self,
        rejection_id: i64,
        open: &mut dyn FnMut(RawInput) -> Entry,
    ) -> Result<insert::Delivered, StoreError> {
        self.again(rejection_id, true, open)
    }

    /// Tries a rejection again, with today's limits and parser.
    ///
    /// # Errors
    /// When there is no such rejection, or its bytes were not kept.
    pub fn retry(
        &mut self,
        rejection_id: i64,
        open: &mut dyn FnMut(RawInput) -> Entry,
    ) -> Result<insert::Delivered, StoreError> {
        self.again(rejection_id, false, open)
    }

    fn again(
        &mut self,
        rejection_id: i64,
        accept: bool,
        open: &mut dyn FnMut(RawInput) -> Entry,
    ) -> Result<insert::Delivered, StoreError> {
        let raw_id = self.rejection(rejection_id)?.raw_id;
        let missing = || StoreError::NoSuch { kind: "raw input of rejection", id: rejection_id };
        let transaction = begin(&mut self.connection, "begin to write")?;
        self.words.start(&transaction)?;
        let mut raw = next_raw(&transaction, raw_id - 1)?
            .filter(|raw| raw.id == raw_id && !raw.bytes.is_empty())
            .ok_or_else(missing)?;
        if accept {
            transaction.execute("UPDATE raw SET accepted = 1 WHERE id = ?", [raw_id]).during("accept a rejection")?;
            raw.accepted = true;
        }
        let entry = open(raw);
        let mut writer = Writer::new(&transaction, &mut self.words)?;
        writer.clear_items(raw_id)?;
        let outcome = writer.again(&entry, raw_id).and_then(|delivered| {
            writer.finish()?;
            Ok(delivered)
        });
        drop(writer);
        match outcome {
            Ok(delivered) => {
                transaction.commit().during("commit")?;
                Ok(delivered)
            }
            Err(error) => {
                drop(transaction);
                self.words.forget();
                Err(error)
            }
        }
    }
}

/// Reads the raw input after `last_id`.
pub(super) fn next_raw(connection: &Connection, last_id: i64) -> Result<Option<RawInput>, StoreError> {
    let mut find = connection
        .prepare_cached(
            "SELECT id, packing, bytes, name, origin, received_s, mail_from, mail_subject, mail_message_id, mail_date_s, accepted
             FROM raw WHERE id > ? ORDER BY id LIMIT 1",
        )
        .during("read raw bytes")?;
    let mut rows = find.query([last_id]).during("read raw bytes")?;
    let Some(row) = rows.next().during("read raw bytes")? else { return Ok(None) };
    let raw = raw_input(row).during("read raw bytes")?;
    raw.map(Some)
}

fn raw_input(row: &rusqlite::Row<'_>) -> rusqlite::Result<Result<RawInput, StoreError>> {
    let id = row.get(0)?;
    let (packing, bytes): (i64, Vec<u8>) = (row.get(1)?, row.get(2)?);
    let mail = crate::mail::Envelope {
        from: row.get(6)?,
        subject: row.get(7)?,
        message_id: row.get(8)?,
        date_s: row.get(9)?,
        signatures: None,
    };
    let (name, origin, received_s, accepted) = (row.get(3)?, row.get(4)?, row.get(5)?, row.get(10)?);
    Ok(unpacked(packing, bytes, id).map(|bytes| RawInput { id, bytes, name, origin, received_s, mail, accepted }))
}

/// Raw bytes as received.
pub(super) fn unpacked(packing: i64, bytes: Vec<u8>, id: i64) -> Result<Vec<u8>, StoreError> {
    if packing != insert::PACKED {
        return Ok(bytes);
    }
    let mut out = Vec::new();
    std::io::Read::read_to_end(&mut ZlibDecoder::new(bytes.as_slice()), &mut out)
        .map_err(|_| StoreError::Damaged { what: format!("raw input {id}") })?;
    Ok(out)
}

/// Takes reports out, and makes the sums of the days that they touched again from the reports that stay.
pub(super) fn remove_reports(transaction: &Transaction<'_>, words: &mut Words, ids: &[i64]) -> Result<(), StoreError> {
    let mut touched = BTreeSet::new();
    for id in ids {
        let report = transaction
            .query_row(&format!("{SELECT_STORED_REPORTS} WHERE id = ?"), [id], stored_report)
            .during("read a report")?;
        let first = day_of(report.range.begin_s);
        let last = day_of(report.range.end_s).max(first).min(first + 400);
        touched.extend((first..=last).map(|day| (report.domain_id, day)));
        transaction.execute("DELETE FROM report WHERE id = ?", [id]).during("delete a report")?;
        transaction.execute("DELETE FROM report_records WHERE report_id = ?", [id]).during("delete a report")?;
    }
    for (domain_id, day) in touched {
        recount(transaction, domain_id, day)?;
    }
    words.forget();
    words.start(transaction)
}

/// Makes the sums of one domain and day again.
fn recount(transaction: &Transaction<'_>, domain_id: i64, day: i64) -> Result<(), StoreError> {
    let (start_s, end_s) = (day * 86_400, (day + 1) * 86_400);
    transaction.execute("DELETE FROM daily WHERE domain_id = ? AND day = ?", [domain_id, day]).during("clear sums")?;
    transaction
        .execute("DELETE FROM daily_sources WHERE domain_id = ? AND day = ?", [domain_id, day])
        .during("clear sums")?;
    let reports = {
        let mut find = transaction
            .prepare_cached(&format!(
                "{SELECT_STORED_REPORTS}
                     WHERE standing < 2 AND domain_id = ?1 AND begin_s < ?3 AND (begin_s >= ?2 OR end_s > ?2)"
            ))
            .during("list reports")?;
        let rows = find.query_map(params![domain_id, start_s, end_s], stored_report).during("list reports")?;
        rows.collect::<Result<Vec<_>, _>>().during("list reports")?
    };
    let mut batch = Batch::default();
    let mut replay = Replay::new(transaction);
    for report in &reports {
        replay.add(report, |on| on == day, &mut batch)?;
    }
    batch.write(transaction)
}
