//! Names of addresses in reverse DNS, as they were seen, with their age.

use std::collections::HashMap;
use std::net::IpAddr;

use rusqlite::params;

use super::error::{StoreError, While};
use super::file::{Store, begin};
use crate::analyze::ReverseName;

impl Store {
    /// All names that are kept, each with the time at which it was seen, in seconds since 1970 UTC.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn reverse_names(&self) -> Result<HashMap<IpAddr, (ReverseName, i64)>, StoreError> {
        let doing = "read reverse names";
        let mut find =
            self.connection.prepare_cached("SELECT ip, name, is_confirmed, seen_s FROM reverse_name").during(doing)?;
        let rows = find
            .query_map([], |row| {
                let (ip, seen_s): (String, i64) = (row.get(0)?, row.get(3)?);
                Ok((ip, ReverseName { name: row.get(1)?, is_confirmed: row.get(2)? }, seen_s))
            })
            .during(doing)?;
        let mut names = HashMap::new();
        for row in rows {
            let (ip, name, seen_s) = row.during(doing)?;
            if let Ok(ip) = ip.parse() {
                names.insert(ip, (name, seen_s));
            }
        }
        Ok(names)
    }

    /// Keeps names, in one transaction.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn set_reverse_names(&mut self, names: &[(IpAddr, ReverseName)], seen_s: i64) -> Result<(), StoreError> {
        let doing = "keep reverse names";
        let transaction = begin(&mut self.connection, doing)?;
        {
            let mut keep = transaction
                .prepare_cached(
                    "INSERT INTO reverse_name (ip, name, is_confirmed, seen_s) VALUES (?, ?, ?, ?)
                     ON CONFLICT DO UPDATE SET name = excluded.name, is_confirmed = excluded.is_confirmed, seen_s = excluded.seen_s",
                )
                .during(doing)?;
            for (ip, name) in names {
                keep.execute(params![ip.to_string(), name.name, name.is_confirmed, seen_s]).during(doing)?;
            }
        }
        transaction.commit().during(doing)
    }
}
