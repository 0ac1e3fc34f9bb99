//! Questions to the store. Sums come from the daily tables, never from records; records are for looking closer.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension as _, Row, params_from_iter, types::Value as Sql};
use serde_json::Value;

use super::codec;
use super::error::{StoreError, While};
use super::file::Store;
use super::insert::uint;
use super::replay::StoredRecords;
use super::sums::{SourceSums, Sums};
use super::words::{self, Kind};

/// What a question is about; `None` is "all".
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Policy domain.
    pub domain: Option<String>,
    /// First day, in days since 1970 UTC.
    pub since_day: Option<i64>,
    /// Last day, included.
    pub until_day: Option<i64>,
}

/// How sums are grouped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// Policy domain.
    Domain,
    /// UTC day.
    Day,
    /// Reporter.
    Reporter,
    /// Author domain.
    HeaderFrom,
    /// Disposition as sent.
    Disposition,
    /// Disposition of mails that failed and for whose treatment the reporter gave a reason.
    Overridden,
}

/// Sums of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Name of the group; a day as a number since 1970; `None` where nothing was sent.
    pub name: Option<String>,
    /// The day, where days are what is grouped by.
    pub day: Option<i64>,
    /// Reports that say something of it.
    pub reports: u64,
    /// Their sums.
    pub sums: Sums,
}

/// Sums of everything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Reports that count.
    pub reports: u64,
    /// Their sums.
    pub sums: Sums,
    /// Unusable items.
    pub rejected: u64,
    /// Notes of the reports that count.
    pub notes: u64,
    /// Reports that are kept and not counted.
    pub conflicting: u64,
    /// Reports of other kinds.
    pub other: u64,
    /// Size of the store, in bytes.
    pub size_bytes: u64,
}

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

/// A SQL condition with its values.
struct Where {
    text: String,
    values: Vec<Sql>,
}

impl Filter {
    /// Conditions on columns `domain_id` and `day`; `None` when the domain was never heard of.
    fn to_sql(&self, connection: &Connection, day: &str) -> Result<Option<Where>, StoreError> {
        let mut text = String::from("1");
        let mut values = Vec::new();
        if let Some(domain) = &self.domain {
            let Some(id) = words::find_word(connection, domain)? else { return Ok(None) };
            text.push_str(" AND domain_id = ?");
            values.push(Sql::Integer(id));
        }
        for (bound, sign) in [(self.since_day, ">="), (self.until_day, "<=")] {
            if let Some(bound) = bound {
                text.push_str(&format!(" AND {day} {sign} ?"));
                values.push(Sql::Integer(bound));
            }
        }
        Ok(Some(Where { text, values }))
    }
}

impl Store {
    /// Sums of everything in the store.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn totals(&self, filter: &Filter) -> Result<Totals, StoreError> {
        let one = |sql: &str| -> Result<u64, StoreError> {
            let number: i64 = self.connection.query_row(sql, [], |row| row.get(0)).during("count")?;
            Ok(uint(number))
        };
        let mut totals = Totals {
            rejected: one("SELECT count(*) FROM rejection")?,
            notes: one("SELECT coalesce(sum(notes), 0) FROM report WHERE standing < 2")?,
            conflicting: one("SELECT count(*) FROM report WHERE standing = 2")?,
            other: one("SELECT count(*) FROM other")?,
            size_bytes: one("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")?,
            ..Totals::default()
        };
        for day in self.groups(By::Day, filter)? {
            totals.reports += day.reports;
            totals.sums += day.sums;
        }
        Ok(totals)
    }

    /// Sums grouped; days in their order, everything else by mails, most first.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn groups(&self, by: By, filter: &Filter) -> Result<Vec<Group>, StoreError> {
        let Some(condition) = filter.to_sql(&self.connection, "day")? else { return Ok(Vec::new()) };
        let (dimension, key, order) = match by {
            By::Domain => (0, "domain_id", "mails DESC, 1"),
            By::Day => (0, "day", "1"),
            By::Reporter => (1, "key_id", "mails DESC, 1"),
            By::HeaderFrom => (2, "key_id", "mails DESC, 1"),
            By::Disposition => (3, "key_id", "mails DESC, 1"),
            By::Overridden => (4, "key_id", "mails DESC, 1"),
        };
        let sql = format!(
            "SELECT {key}, sum(reports), sum(records), sum(dkim_and_spf), sum(dkim_only), sum(spf_only), sum(neither),
                    sum(dkim_and_spf + dkim_only + spf_only + neither) AS mails
             FROM daily WHERE dimension = {dimension} AND {} GROUP BY 1 ORDER BY {order}",
            condition.text
        );
        let mut find = self.connection.prepare_cached(&sql).during("add up")?;
        let rows = find
            .query_map(params_from_iter(condition.values), |row| Ok((row.get(0)?, uint(row.get(1)?), sums(row, 2)?)))
            .during("add up")?;
        let rows: Vec<(i64, u64, Sums)> = rows.collect::<Result<_, _>>().during("add up")?;
        let named = |(key, reports, sums): (i64, u64, Sums)| -> Result<Group, StoreError> {
            if by == By::Day {
                return Ok(Group { name: None, day: Some(key), reports, sums });
            }
            Ok(Group { name: words::text(&self.connection, Kind::Word, key)?, day: None, reports, sums })
        };
        rows.into_iter().map(named).collect()
    }

    /// First and last day with a report, in days since 1970.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn day_range(&self, domain: Option<&str>) -> Result<Option<(i64, i64)>, StoreError> {
        let filter = Filter { domain: domain.map(str::to_owned), ..Filter::default() };
        let Some(condition) = filter.to_sql(&self.connection, "day")? else { return Ok(None) };
        let sql = format!("SELECT min(day), max(day) FROM daily WHERE dimension = 0 AND {}", condition.text);
        let range: (Option<i64>, Option<i64>) = self
            .connection
            .query_row(&sql, params_from_iter(condition.values), |row| Ok((row.get(0)?, row.get(1)?)))
            .during("find the first and last day")?;
        Ok(range.0.zip(range.1))
    }

    /// End of the newest report period, in seconds since 1970.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn newest_end_s(&self) -> Result<Option<i64>, StoreError> {
        self.connection
            .query_row("SELECT end_s FROM report WHERE standing < 2 ORDER BY begin_s DESC LIMIT 1", [], |row| {
                row.get(0)
            })
            .optional()
            .during("find the newest report")
    }

    /// Sums by source address, most mails first; at most `most`.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn sources(&self, filter: &Filter, most: usize) -> Result<Vec<SourceRow>, StoreError> {
        let Some(condition) = filter.to_sql(&self.connection, "day")? else { return Ok(Vec::new()) };
        let mut totals = SourceTotals::default();
        self.each_day_of_sources(&condition, |day, id, sums, _| totals.add(day, id, sums))?;
        let mut chosen = totals.list;
        chosen.sort_unstable_by(|a, b| b.sums.sums().mails().cmp(&a.sums.sums().mails()).then(a.id.cmp(&b.id)));
        chosen.truncate(most);
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
        chosen.into_iter().map(row).collect()
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
                return Err(super::insert::damaged_day(domain_id, day));
            }
        }
        Ok(())
    }

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
        let days = Filter {
            domain: filter.domain.clone(),
            since_day: filter.since_day.map(|day| day * 86_400),
            until_day: filter.until_day.map(|day| day * 86_400 + 86_399),
        };
        let Some(condition) = days.to_sql(&self.connection, "begin_s")? else { return Ok(()) };
        let standing = if with_conflicting { 3 } else { 2 };
        let sql = format!(
            "{REPORT_COLUMNS} WHERE standing < {standing} AND {} ORDER BY begin_s DESC, report.id DESC LIMIT {most}",
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
        let mut find =
            self.connection.prepare_cached(&format!("{REPORT_COLUMNS} WHERE report.id = ?")).during("read a report")?;
        let mut rows = find.query([id]).during("read a report")?;
        let mut names = Texts::new(&self.connection);
        let row = rows.next().during("read a report")?.ok_or(StoreError::NoSuch { kind: "report", id })?;
        let report = report(row, &mut names)?;
        let records = self.records(id, &mut names)?;
        Ok((report, records))
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

const REPORT_COLUMNS: &str =
    "SELECT report.id, raw_id, path, standing, reporter_id, report_id, domain_id, begin_s, end_s, records,
    dkim_and_spf, dkim_only, spf_only, neither, notes, head, report.received_s, raw.origin
    FROM report LEFT JOIN raw ON raw.id = raw_id";

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
                is_conflicting: standing == super::insert::CONFLICTING,
                is_partial: standing == super::insert::PARTIAL,
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

/// Five sums from column `at` on.
pub(super) fn sums(row: &Row<'_>, at: usize) -> rusqlite::Result<Sums> {
    Ok(Sums {
        records: uint(row.get(at)?),
        dkim_and_spf: uint(row.get(at + 1)?),
        dkim_only: uint(row.get(at + 2)?),
        spf_only: uint(row.get(at + 3)?),
        neither: uint(row.get(at + 4)?),
    })
}

/// Words that were read, so that lists don't ask for the same again.
struct Texts<'c> {
    connection: &'c Connection,
    words: HashMap<i64, Option<String>>,
    jsons: HashMap<i64, Value>,
}

impl<'c> Texts<'c> {
    fn new(connection: &'c Connection) -> Self {
        Self { connection, words: HashMap::new(), jsons: HashMap::new() }
    }

    fn get(&mut self, id: i64) -> Result<Option<String>, StoreError> {
        if id == 0 {
            return Ok(None);
        }
        if let Some(text) = self.words.get(&id) {
            return Ok(text.clone());
        }
        let text = words::text(self.connection, Kind::Word, id)?;
        self.words.insert(id, text.clone());
        Ok(text)
    }

    fn json(&mut self, id: i64) -> Result<Value, StoreError> {
        if let Some(value) = self.jsons.get(&id) {
            return Ok(value.clone());
        }
        let text = words::text(self.connection, Kind::Word, id)?.unwrap_or_default();
        let value: Value =
            serde_json::from_str(&text).map_err(|_| StoreError::Damaged { what: format!("word {id}") })?;
        self.jsons.insert(id, value.clone());
        Ok(value)
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
