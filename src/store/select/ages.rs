//! How old things are.

use super::super::error::{StoreError, While as _};
use super::super::file::Store;

/// When something was last taken in, in seconds since 1970 UTC; `None` when never.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ages {
    /// Something was opened, whatever was in it.
    pub delivery_s: Option<i64>,
    /// A report that counts was stored.
    pub report_s: Option<i64>,
    /// Something could not be used.
    pub rejection_s: Option<i64>,
    /// A digest was made for somebody.
    pub digest_s: Option<i64>,
}

impl Store {
    /// When something was last taken in.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn ages(&self) -> Result<Ages, StoreError> {
        let newest =
            |sql: &str| self.connection.query_row(sql, [], |row| row.get(0)).during("find the newest delivery");
        Ok(Ages {
            delivery_s: newest("SELECT max(received_s) FROM delivery")?,
            report_s: newest("SELECT max(received_s) FROM report WHERE standing < 2")?,
            rejection_s: newest("SELECT max(received_s) FROM rejection")?,
            digest_s: newest("SELECT max(made_s) FROM digest")?,
        })
    }

    /// What SQLite finds wrong with the file, a line each; none when all is well.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn integrity(&self) -> Result<Vec<String>, StoreError> {
        let doing = "check the store";
        let mut check = self.connection.prepare("PRAGMA quick_check(10)").during(doing)?;
        let lines = check.query_map([], |row| row.get::<_, String>(0)).during(doing)?;
        let lines: Vec<String> = lines.collect::<Result<_, _>>().during(doing)?;
        Ok(lines.into_iter().filter(|line| line != "ok").collect())
    }

    /// The form of the store's tables: one a migration.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn form(&self) -> Result<u32, StoreError> {
        self.connection.pragma_query_value(None, "user_version", |row| row.get(0)).during("read the store's form")
    }
}
