//! Does everything add up? Raw bytes → records → daily sums → totals, each made again and compared.

use std::collections::BTreeMap;

use super::codec;
use super::error::{StoreError, While};
use super::file::Store;
use super::insert::{Batch, DailyCells, Entry, PackedItem, SourceCells, uint};
use super::maintain::RawInput;
use super::replay::{Replay, counted_reports};
use super::select::{By, Filter};
use super::source_pages;
use super::sums::Sums;

/// What an audit found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Audit {
    /// Raw inputs that were read again.
    pub raw: u64,
    /// Reports whose records were added up again.
    pub reports: u64,
    /// Their sums.
    pub sums: Sums,
    /// Everything that doesn't agree, one sentence each; the first hundred.
    pub differences: Vec<String>,
}

/// Differences that are told.
const DIFFERENCES_MAX: usize = 100;

impl Audit {
    fn differ(&mut self, difference: impl FnOnce() -> String) {
        if self.differences.len() < DIFFERENCES_MAX {
            self.differences.push(difference());
        }
    }
}

impl Store {
    /// Reconciles the store with itself. `open` reads one raw input.
    ///
    /// # Errors
    /// When the store can't be read at all; what doesn't agree is part of the result.
    pub fn audit(&self, open: &mut dyn FnMut(RawInput) -> Entry) -> Result<Audit, StoreError> {
        let mut audit = Audit::default();
        let state: String =
            self.connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0)).during("check the file")?;
        if state != "ok" {
            audit.differ(|| format!("the file: {state}"));
        }
        self.audit_raw(open, &mut audit)?;
        let domains = {
            let mut find = self
                .connection
                .prepare("SELECT DISTINCT domain_id FROM report UNION SELECT domain_id FROM daily")
                .during("list domains")?;
            let rows = find.query_map([], |row| row.get(0)).during("list domains")?;
            rows.collect::<Result<Vec<i64>, _>>().during("list domains")?
        };
        for domain_id in domains {
            self.audit_sums(domain_id, &mut audit)?;
        }
        self.audit_groups(&mut audit)?;
        for page in source_pages::differing(&self.connection)? {
            audit.differ(|| match page {
                Some(page) => format!("page {page} of addresses: not what the sources say"),
                None => "pages of addresses: not as many as the sources take".to_owned(),
            });
        }
        Ok(audit)
    }

    /// Raw bytes give the reports that are stored.
    fn audit_raw(&self, open: &mut dyn FnMut(RawInput) -> Entry, audit: &mut Audit) -> Result<(), StoreError> {
        let mut last_id = 0;
        while let Some(raw) = super::maintain::next_raw(&self.connection, last_id)? {
            last_id = raw.id;
            audit.raw += 1;
            if raw.bytes.is_empty() {
                continue;
            }
            let entry = open(raw);
            let made: BTreeMap<Vec<u8>, &super::pack::PackedReport> = entry
                .parts
                .iter()
                .flat_map(|part| &part.items)
                .filter_map(|item| match item {
                    PackedItem::Report(report) => Some((report.fingerprint.to_vec(), &**report)),
                    _ => None,
                })
                .collect();
            let mut find = self
                .connection
                .prepare_cached("SELECT id, fingerprint, records FROM report WHERE raw_id = ?")
                .during("compare raw bytes")?;
            let mut rows = find.query([last_id]).during("compare raw bytes")?;
            while let Some(row) = rows.next().during("compare raw bytes")? {
                let (id, fingerprint, records): (i64, Vec<u8>, i64) = (
                    row.get(0).during("compare raw bytes")?,
                    row.get(1).during("compare raw bytes")?,
                    row.get(2).during("compare raw bytes")?,
                );
                match made.get(&fingerprint) {
                    None => audit.differ(|| format!("report {id}: raw input {last_id} gives something else")),
                    Some(report) if report.sums.records != uint(records) => {
                        audit.differ(|| {
                            format!(
                                "report {id}: {records} records stored, {} in raw input {last_id}",
                                report.sums.records
                            )
                        });
                    }
                    Some(_) => {}
                }
            }
        }
        Ok(())
    }

    /// Records give the sums of their report and of their days.
    fn audit_sums(&self, domain_id: i64, audit: &mut Audit) -> Result<(), StoreError> {
        let mut batch = Batch::default();
        let mut replay = Replay::new(&self.connection);
        for report in counted_reports(&self.connection, domain_id)? {
            let made = match replay.add(&report, |_| true, &mut batch) {
                Ok(made) => made,
                Err(error) => {
                    audit.differ(|| format!("report {}: {error}", report.id));
                    continue;
                }
            };
            let stored = self.stored_sums(report.id)?;
            if made != stored {
                audit.differ(|| {
                    format!("report {}: its row says {} mails, its records {}", report.id, stored.mails(), made.mails())
                });
            }
            audit.reports += 1;
            audit.sums += made;
        }
        let (cells, sources) = batch.into_parts();
        self.compare_cells(domain_id, cells, audit)?;
        self.compare_sources(domain_id, sources, audit)
    }

    fn stored_sums(&self, id: i64) -> Result<Sums, StoreError> {
        let mut find = self
            .connection
            .prepare_cached("SELECT records, dkim_and_spf, dkim_only, spf_only, neither FROM report WHERE id = ?")
            .during("compare sums")?;
        find.query_row([id], |row| super::select::sums(row, 0)).during("compare sums")
    }

    fn compare_cells(&self, domain_id: i64, mut made: DailyCells, audit: &mut Audit) -> Result<(), StoreError> {
        let mut find = self
            .connection
            .prepare_cached(
                "SELECT records, dkim_and_spf, dkim_only, spf_only, neither, dimension, day, key_id, reports FROM daily WHERE domain_id = ?",
            )
            .during("compare daily sums")?;
        let mut rows = find.query([domain_id]).during("compare daily sums")?;
        while let Some(row) = rows.next().during("compare daily sums")? {
            let read = || -> rusqlite::Result<_> {
                let key: (i64, i64, i64, i64) = (row.get(5)?, domain_id, row.get(6)?, row.get(7)?);
                Ok((key, (uint(row.get(8)?), super::select::sums(row, 0)?)))
            };
            let (key, stored) = read().during("compare daily sums")?;
            let expected = made.remove(&key).unwrap_or_default();
            if expected != stored {
                audit.differ(|| {
                    format!("daily sums {key:?}: {} mails stored, {} by records", stored.1.mails(), expected.1.mails())
                });
            }
        }
        for (key, (_, sums)) in made {
            audit.differ(|| format!("daily sums {key:?}: none stored, {} mails by records", sums.mails()));
        }
        Ok(())
    }

    fn compare_sources(&self, domain_id: i64, mut made: SourceCells, audit: &mut Audit) -> Result<(), StoreError> {
        let mut find = self
            .connection
            .prepare_cached("SELECT day, packed FROM daily_sources WHERE domain_id = ?")
            .during("compare sources")?;
        let mut rows = find.query([domain_id]).during("compare sources")?;
        while let Some(row) = rows.next().during("compare sources")? {
            let (day, packed): (i64, Vec<u8>) =
                (row.get(0).during("compare sources")?, row.get(1).during("compare sources")?);
            let mut expected = made.remove(&(domain_id, day)).unwrap_or_default();
            let mut agree = true;
            let is_whole = codec::each_source(&packed, |id, sums, reporters| {
                let of_records = expected.remove(&id);
                agree &= of_records.is_some_and(|(made, by)| made == *sums && by.as_slice() == reporters);
            });
            if !is_whole || !agree || !expected.is_empty() {
                audit.differ(|| format!("sources of day {day}, domain {domain_id}: not what records say"));
            }
        }
        for (domain_id, day) in made.keys() {
            audit.differ(|| format!("sources of day {day}, domain {domain_id}: none stored"));
        }
        Ok(())
    }

    /// Invariant 8: every grouping adds up to the same.
    fn audit_groups(&self, audit: &mut Audit) -> Result<(), StoreError> {
        for by in [By::Domain, By::Day, By::Reporter, By::HeaderFrom, By::Disposition] {
            let mut total = Sums::default();
            for group in self.groups(by, &Filter::default())? {
                total += group.sums;
            }
            let expected = audit.sums;
            if total != expected {
                audit.differ(|| format!("sums by {by:?}: {} mails, {} in all", total.mails(), expected.mails()));
            }
        }
        Ok(())
    }
}
