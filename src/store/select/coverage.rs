//! Which reporter reported which day.

use rusqlite::params_from_iter;

use super::super::error::{StoreError, While as _};
use super::super::file::Store;
use super::super::insert::uint;
use super::texts::Texts;
use super::{Filter, sums};
use crate::analyze::history::ReporterDay;

impl Store {
    /// Every day of every reporter with a report, by day; of several domains one entry each. Reports without a
    /// reporter's name are left out: nobody can be expected to send them.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn reporter_days(&self, filter: &Filter) -> Result<Vec<ReporterDay>, StoreError> {
        let Some(condition) = filter.to_sql(&self.connection, "day")? else { return Ok(Vec::new()) };
        let sql = format!(
            "SELECT key_id, day, reports, records, dkim_and_spf, dkim_only, spf_only, neither
             FROM daily WHERE dimension = 1 AND {} ORDER BY day, key_id",
            condition.text
        );
        let mut find = self.connection.prepare_cached(&sql).during("list days of reporters")?;
        let mut rows = find.query(params_from_iter(condition.values)).during("list days of reporters")?;
        let mut names = Texts::new(&self.connection);
        let mut days = Vec::new();
        while let Some(row) = rows.next().during("list days of reporters")? {
            let reports = uint(row.get(2).during("list days of reporters")?);
            let mails = sums(row, 3).during("list days of reporters")?.mails();
            // A long report leaves days on which it has nothing to say; it covers them all the same.
            if reports == 0 && mails == 0 {
                continue;
            }
            if let Some(reporter) = names.get(row.get(0).during("list days of reporters")?)? {
                days.push(ReporterDay { reporter, day: row.get(1).during("list days of reporters")?, mails });
            }
        }
        Ok(days)
    }
}
