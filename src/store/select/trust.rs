//! What the mails proved that brought reports.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension as _, params_from_iter};

use super::super::error::{StoreError, While as _};
use super::super::file::Store;
use super::super::insert::uint;
use super::Filter;
use crate::analyze::trust::Trust;

/// Since when the reporter of a report sends by mail; needs the tables `report` and `proof`.
pub(super) const REPORTER_FIRST_S: &str = "(SELECT first_s FROM reporter_seen WHERE sender_domain = proof.sender_domain
    AND reporter = coalesce((SELECT text FROM word WHERE word.id = report.reporter_id), ''))";

/// What is known of the mail that brought a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provenance {
    /// The verdict.
    pub trust: Trust,
    /// Whose signature verified.
    pub domain: Option<String>,
    /// When the first report of its reporter was received, in seconds since 1970 UTC.
    pub reporter_first_s: Option<i64>,
}

/// Reports that are not to be looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unwanted {
    /// With these verdicts.
    pub trusts: Vec<Trust>,
    /// Of reporters whose first report was received at this time or later, in seconds since 1970 UTC.
    pub new_since_s: Option<i64>,
}

/// Reports by what their mails proved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustCounts {
    /// Reports that came by mail, by verdict.
    pub by_trust: BTreeMap<Trust, u64>,
    /// Of these, reports of new reporters.
    pub new: u64,
}

impl Unwanted {
    /// A condition on `report` that keeps what is wanted; nothing of it is a stranger's text.
    pub(super) fn to_sql(&self) -> String {
        let mut sql = String::new();
        if !self.trusts.is_empty() {
            let words: Vec<String> = self.trusts.iter().map(|trust| format!("'{}'", trust.as_str())).collect();
            let words = words.join(", ");
            sql.push_str(&format!(
                " AND NOT EXISTS (SELECT 1 FROM proof WHERE proof.raw_id = report.raw_id AND trust IN ({words}))"
            ));
        }
        if let Some(since_s) = self.new_since_s {
            sql.push_str(&format!(
                " AND NOT EXISTS (SELECT 1 FROM proof WHERE proof.raw_id = report.raw_id AND {REPORTER_FIRST_S} >= {since_s})"
            ));
        }
        sql
    }
}

impl Store {
    /// The time from which on a reporter that sent its first report is new, in seconds since 1970 UTC: so many days before
    /// now, but not while the store itself got its first mails.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn new_reporters_since_s(&self, now_s: i64, days: u32) -> Result<i64, StoreError> {
        let doing = "look for new reporters";
        let first: Option<i64> = self
            .connection
            .query_row("SELECT min(first_s) FROM reporter_seen", [], |row| row.get(0))
            .optional()
            .during(doing)?
            .flatten();
        let span_s = i64::from(days) * 86_400;
        Ok(first.map_or(i64::MAX, |first_s| first_s.saturating_add(span_s)).max(now_s - span_s))
    }

    /// Counts the reports of a filter that came by mail.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn trust_counts(&self, filter: &Filter, new_since_s: i64) -> Result<TrustCounts, StoreError> {
        let doing = "count what mails prove";
        let Some(condition) = filter.in_seconds().to_sql(&self.connection, "begin_s")? else {
            return Ok(TrustCounts::default());
        };
        let sql = format!(
            "SELECT trust, count(*), sum({REPORTER_FIRST_S} >= {new_since_s}) FROM report JOIN proof ON proof.raw_id = report.raw_id
             WHERE standing < 2 AND {} GROUP BY trust",
            condition.text
        );
        let mut find = self.connection.prepare_cached(&sql).during(doing)?;
        let mut rows = find.query(params_from_iter(condition.values)).during(doing)?;
        let mut counts = TrustCounts::default();
        while let Some(row) = rows.next().during(doing)? {
            let (word, reports, new): (String, i64, Option<i64>) =
                (|| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))().during(doing)?;
            *counts.by_trust.entry(Trust::from_word(&word).unwrap_or(Trust::Unknown)).or_default() += uint(reports);
            counts.new += uint(new.unwrap_or(0));
        }
        Ok(counts)
    }
}
