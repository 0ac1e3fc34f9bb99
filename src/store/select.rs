//! Questions to the store. Sums come from the daily tables, never from records; records are for looking closer.

mod addresses;
mod ages;
mod coverage;
mod keys;
mod observations;
mod ranks;
mod reports;
mod shapes;
mod sources;
mod texts;
mod traces;
mod trust;
mod ways;

use std::cmp::Reverse;
use std::collections::HashMap;

use foldhash::fast::RandomState;
use rusqlite::{Connection, OptionalExtension as _, Row, params_from_iter, types::Value as Sql};

use super::error::{StoreError, While};
use super::file::Store;
use super::insert::uint;
use super::sums::Sums;
use super::words::{self, Kind};

pub use self::ages::Ages;
pub use self::keys::KeyUse;
pub use self::observations::Observed;
pub use self::reports::{RecordRow, ReportRow};
pub use self::sources::{SourceList, SourceOrder, SourceRow};
pub use self::traces::{Trace, TraceList};
pub use self::trust::{Provenance, TrustCounts, Unwanted};

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

/// A SQL condition with its values.
struct Where {
    text: String,
    values: Vec<Sql>,
}

impl Filter {
    /// The same with times in place of days.
    fn in_seconds(&self) -> Self {
        Self {
            domain: self.domain.clone(),
            since_day: self.since_day.map(|day| day * 86_400),
            until_day: self.until_day.map(|day| day * 86_400 + 86_399),
        }
    }

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
            notes: one("SELECT coalesce(sum(notes), 0) FROM report WHERE standing < 2 AND notes > 0")?,
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
        let (dimension, key) = match by {
            By::Domain => (0, "domain_id"),
            By::Day => (0, "day"),
            By::Reporter => (1, "key_id"),
            By::HeaderFrom => (2, "key_id"),
            By::Disposition => (3, "key_id"),
            By::Overridden => (4, "key_id"),
        };
        let sql = format!(
            "SELECT {key}, reports, records, dkim_and_spf, dkim_only, spf_only, neither
             FROM daily WHERE dimension = {dimension} AND {}",
            condition.text
        );
        let mut find = self.connection.prepare_cached(&sql).during("add up")?;
        let mut rows = find.query(params_from_iter(condition.values)).during("add up")?;
        // Summed here: SQLite would sort the rows first.
        let mut groups: HashMap<i64, (u64, Sums), RandomState> = HashMap::default();
        while let Some(row) = rows.next().during("add up")? {
            let group = groups.entry(row.get(0).during("add up")?).or_default();
            group.0 = group.0.saturating_add(uint(row.get(1).during("add up")?));
            group.1 += sums(row, 2).during("add up")?;
        }
        let mut rows: Vec<(i64, u64, Sums)> = groups.into_iter().map(|(key, (n, sums))| (key, n, sums)).collect();
        rows.sort_unstable_by_key(|(key, _, sums)| {
            let mails = if by == By::Day { 0 } else { sums.mails() };
            (Reverse(mails), *key)
        });
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
