//! Puts deliveries into the store, sums included, a batch in one transaction.
//!
//! The same raw bytes again, or the same report in another container, are a duplicate. A report with the identity of
//! another but other content is kept as *conflicting* and not counted: the first one counts, because a reporter that
//! sends twice usually repeats itself, and a forger can then never replace what is there. A partial report that was
//! accepted by hand gives way to the whole one.

use rusqlite::{OptionalExtension as _, Transaction, params};

use super::error::{StoreError, While};
use super::file::{Store, begin};
use super::pack::PackedReport;
use super::source_pages;
use super::words::{Statements, Words};

mod batch;
mod proof;
mod rows;

pub(super) use batch::{Batch, DailyCells, SourceCells};

/// One delivery with what was found in it, ready to be stored.
#[derive(Debug)]
pub struct Entry {
    /// File or mailbox it came from.
    pub origin: String,
    /// As received, in bytes.
    pub size_bytes: u64,
    /// Seconds since 1970 UTC.
    pub received_s: i64,
    /// Sender, subject, message id, date of the mail that brought it.
    pub mail: Option<crate::mail::Envelope>,
    /// Parts with something in them.
    pub parts: Vec<RawPart>,
    /// Why it was not even opened: too large.
    pub refused: Option<String>,
}

impl Entry {
    /// Reports in it.
    #[must_use]
    pub fn reports(&self) -> u64 {
        let items = self.parts.iter().flat_map(|part| &part.items);
        u64::try_from(items.filter(|item| matches!(item, PackedItem::Report(_))).count()).unwrap_or(u64::MAX)
    }

    /// Records of the reports in it.
    #[must_use]
    pub fn records(&self) -> u64 {
        let records = |item: &PackedItem| match item {
            PackedItem::Report(report) => report.sums.records,
            PackedItem::Other { .. } | PackedItem::Rejected { .. } => 0,
        };
        self.parts.iter().flat_map(|part| &part.items).map(records).sum()
    }
}

/// Raw bytes and what is in them.
#[derive(Debug)]
pub struct RawPart {
    /// The sender's name for it.
    pub name: Option<String>,
    /// Of the bytes as received.
    pub sha256: [u8; 32],
    /// Bytes as they are to be kept, `None` when they are not.
    pub bytes: Option<Vec<u8>>,
    /// `bytes` are compressed by us.
    pub is_packed: bool,
    /// As received, in bytes.
    pub size_bytes: u64,
    /// Damaged reports in it are taken as partial ones.
    pub accepted: bool,
    /// What is in it.
    pub items: Vec<PackedItem>,
}

/// An item ready to be stored.
#[derive(Debug)]
pub enum PackedItem {
    /// A report.
    Report(Box<PackedReport>),
    /// A report of another kind.
    Other {
        /// Its kind.
        kind: &'static str,
        /// Where it lies.
        path: String,
    },
    /// Something unusable.
    Rejected {
        /// Where it lies.
        path: String,
        /// Stage that gave up.
        stage: &'static str,
        /// What is wrong.
        reason: String,
        /// What could be read of it.
        readable: Option<String>,
    },
}

/// What became of a delivery.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Delivered {
    /// Reports that were not there before.
    pub reports_new: u64,
    /// Reports that were.
    pub reports_duplicate: u64,
    /// Reports with the identity of another and other content.
    pub reports_conflicting: u64,
    /// Unusable items.
    pub rejected: u64,
    /// Reports of other kinds.
    pub other: u64,
    /// Records of the new reports.
    pub records: u64,
    /// Mails of the new reports.
    pub mails: u64,
}

impl Store {
    /// Stores deliveries in one transaction: all of them or, on an error, none.
    ///
    /// # Errors
    /// When the store is busy for a minute, full, read-only or damaged.
    pub fn insert(&mut self, entries: &[Entry]) -> Result<Vec<Delivered>, StoreError> {
        let outcome = self.try_insert(entries);
        if outcome.is_err() {
            self.words.forget();
        }
        outcome
    }

    fn try_insert(&mut self, entries: &[Entry]) -> Result<Vec<Delivered>, StoreError> {
        let transaction = begin(&mut self.connection, "begin to write")?;
        self.words.start(&transaction)?;
        let mut writer = Writer::new(&transaction, &mut self.words)?;
        let delivered = entries.iter().map(|entry| writer.entry(entry, true)).collect::<Result<Vec<_>, _>>()?;
        writer.finish()?;
        drop(writer);
        transaction.commit().during("commit what was written")?;
        Ok(delivered)
    }
}

/// One transaction that writes.
pub(super) struct Writer<'t> {
    pub(super) transaction: &'t Transaction<'t>,
    pub(super) words: &'t mut Words,
    pub(super) batch: Batch,
    statements: Statements<'t>,
}

impl<'t> Writer<'t> {
    pub(super) fn new(transaction: &'t Transaction<'t>, words: &'t mut Words) -> Result<Self, StoreError> {
        Ok(Self { transaction, words, batch: Batch::default(), statements: Statements::of(transaction)? })
    }
}

impl Writer<'_> {
    /// Writes what was gathered; nothing may come after it.
    pub(super) fn finish(&mut self) -> Result<(), StoreError> {
        self.batch.write(self.transaction)?;
        source_pages::extend(self.transaction)
    }

    /// Stores one delivery; `logged` when it is an attempt of its own and not a repetition by `rebuild`.
    pub(super) fn entry(&mut self, entry: &Entry, logged: bool) -> Result<Delivered, StoreError> {
        let mut delivered = Delivered::default();
        for part in &entry.parts {
            self.part(entry, part, &mut delivered)?;
        }
        if !entry.parts.is_empty() {
            self.accept_refused(entry)?;
        }
        if let Some(reason) = &entry.refused {
            delivered.rejected += 1;
            self.refused(entry, reason)?;
        }
        if logged {
            self.log(entry, &delivered)?;
        }
        Ok(delivered)
    }

    fn part(&mut self, entry: &Entry, part: &RawPart, delivered: &mut Delivered) -> Result<(), StoreError> {
        let mut find =
            self.transaction.prepare_cached("SELECT id FROM raw WHERE sha256 = ?").during("look for the same bytes")?;
        let known: Option<i64> =
            find.query_row([&part.sha256[..]], |row| row.get(0)).optional().during("look for the same bytes")?;
        if let Some(raw_id) = known {
            if self.is_better_now(part, raw_id)? {
                self.clear_items(raw_id)?;
                *delivered = self.again(entry, raw_id)?;
                return Ok(());
            }
            self.proof_again(entry, part, raw_id)?;
            for item in &part.items {
                match item {
                    PackedItem::Report(_) => delivered.reports_duplicate += 1,
                    PackedItem::Rejected { .. } => delivered.rejected += 1,
                    PackedItem::Other { .. } => delivered.other += 1,
                }
            }
            return Ok(());
        }
        let mut raw_id = None;
        for item in &part.items {
            self.item(entry, part, item, &mut raw_id, delivered)?;
        }
        Ok(())
    }

    /// Less of a raw input has to be rejected than before: other limits, or a better parser.
    fn is_better_now(&self, part: &RawPart, raw_id: i64) -> Result<bool, StoreError> {
        let mut count = self
            .transaction
            .prepare_cached("SELECT count(*) FROM rejection WHERE raw_id = ?")
            .during("look for rejections")?;
        let before: i64 = count.query_row([raw_id], |row| row.get(0)).during("look for rejections")?;
        let now = part.items.iter().filter(|item| matches!(item, PackedItem::Rejected { .. })).count();
        Ok(i64::try_from(now).unwrap_or(i64::MAX) < before)
    }

    /// Forgets what was found in a raw input besides reports.
    pub(super) fn clear_items(&self, raw_id: i64) -> Result<(), StoreError> {
        for sql in ["DELETE FROM rejection WHERE raw_id = ?", "DELETE FROM other WHERE raw_id = ?"] {
            self.transaction.execute(sql, [raw_id]).during("clear a rejection")?;
        }
        Ok(())
    }

    /// Stores the items of a raw input that is in the store already.
    pub(super) fn again(&mut self, entry: &Entry, raw_id: i64) -> Result<Delivered, StoreError> {
        let mut delivered = Delivered::default();
        for part in &entry.parts {
            for item in &part.items {
                self.item(entry, part, item, &mut Some(raw_id), &mut delivered)?;
            }
        }
        Ok(delivered)
    }

    fn item(
        &mut self,
        entry: &Entry,
        part: &RawPart,
        item: &PackedItem,
        raw_id: &mut Option<i64>,
        delivered: &mut Delivered,
    ) -> Result<(), StoreError> {
        match item {
            PackedItem::Report(report) => {
                let Some(standing) = self.standing(report)? else {
                    delivered.reports_duplicate += 1;
                    return Ok(());
                };
                let raw_id = self.raw(entry, part, raw_id)?;
                self.report(report, raw_id, standing, entry.received_s)?;
                self.reporter_seen(entry, report)?;
                if standing == CONFLICTING {
                    delivered.reports_conflicting += 1;
                } else {
                    delivered.reports_new += 1;
                    delivered.records += report.sums.records;
                    delivered.mails += report.sums.mails();
                }
            }
            PackedItem::Other { kind, path } => {
                delivered.other += 1;
                let raw_id = self.raw(entry, part, raw_id)?;
                let mut insert = self
                    .transaction
                    .prepare_cached("INSERT INTO other (raw_id, path, kind) VALUES (?, ?, ?)")
                    .during("store an item")?;
                insert.execute(params![raw_id, path, kind]).during("store an item")?;
            }
            PackedItem::Rejected { path, stage, reason, readable } => {
                delivered.rejected += 1;
                let raw_id = self.raw(entry, part, raw_id)?;
                let name = part.name.as_deref();
                let row = params![
                    raw_id,
                    path,
                    stage,
                    reason,
                    readable,
                    entry.origin,
                    name,
                    int(part.size_bytes),
                    entry.received_s
                ];
                self.rejection(row)?;
            }
        }
        Ok(())
    }

    /// Whether and how a report counts; `None` when it is there already.
    fn standing(&mut self, report: &PackedReport) -> Result<Option<i64>, StoreError> {
        let mut find = self
            .transaction
            .prepare_cached("SELECT id, fingerprint, standing FROM report WHERE identity = ? AND standing < 2")
            .during("look for the same report")?;
        let found: Option<(i64, Vec<u8>, i64)> = find
            .query_row([&report.identity[..]], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .optional()
            .during("look for the same report")?;
        let fresh = if report.is_partial { PARTIAL } else { COUNTED };
        let Some((id, fingerprint, standing)) = found else { return Ok(Some(fresh)) };
        if fingerprint == report.fingerprint {
            return Ok(None);
        }
        if standing == PARTIAL && !report.is_partial {
            self.batch.write(self.transaction)?;
            super::maintain::remove_reports(self.transaction, self.words, &[id])?;
            return Ok(Some(fresh));
        }
        let mut same = self
            .transaction
            .prepare_cached("SELECT count(*) FROM report WHERE identity = ? AND fingerprint = ?")
            .during("look for the same report")?;
        let copies: i64 = same
            .query_row(params![&report.identity[..], &report.fingerprint[..]], |row| row.get(0))
            .during("look for the same report")?;
        Ok((copies == 0).then_some(CONFLICTING))
    }
}

/// Raw bytes from here on are written piece by piece.
const LARGE_BYTES: usize = 1 << 20;

/// `report.standing`: counted.
pub(super) const COUNTED: i64 = 0;
/// `report.standing`: counted, though only part of it could be read.
pub(super) const PARTIAL: i64 = 1;
/// `report.standing`: kept and not counted.
pub(super) const CONFLICTING: i64 = 2;
/// `raw.packing`.
pub(super) const AS_RECEIVED: i64 = 0;
/// `raw.packing`: zlib.
pub(super) const PACKED: i64 = 1;
/// `raw.packing`: no bytes.
pub(super) const NOT_KEPT: i64 = 2;

/// SQLite's integers are signed; sums are bounded far below.
pub(super) fn int(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A number read back.
pub(super) fn uint(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

/// The packed sums of a day can't be read.
pub(super) fn damaged_day(domain_id: i64, day: i64) -> StoreError {
    StoreError::Damaged { what: format!("the sums of day {day} of domain {domain_id}") }
}
