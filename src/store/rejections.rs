//! Rejections: listing them, and their bytes.

use rusqlite::{OptionalExtension as _, Row};

use super::error::{StoreError, While};
use super::file::Store;
use super::insert::uint;

/// Something unusable, as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RejectionRow {
    /// Its id.
    pub id: i64,
    /// Id of its raw bytes; 0 when they were too large to be kept.
    pub raw_id: i64,
    /// Stage that gave up: `intake`, `mail`, `decode`, `parse`.
    pub stage: String,
    /// What is wrong.
    pub reason: String,
    /// What could be read of it.
    pub readable: Option<String>,
    /// File or mailbox it came from.
    pub origin: String,
    /// The sender's name for it, and where in it the item lies.
    pub name: Option<String>,
    /// Size as received.
    pub size_bytes: u64,
    /// Seconds since 1970 UTC.
    pub received_s: i64,
}

const COLUMNS: &str =
    "SELECT id, raw_id, stage, reason, readable, origin, name, size_bytes, received_s, path FROM rejection";

fn rejection(row: &Row<'_>) -> rusqlite::Result<RejectionRow> {
    let (name, path): (Option<String>, String) = (row.get(6)?, row.get(9)?);
    let name = match (name, path.is_empty()) {
        (name, true) => name,
        (Some(name), false) => Some(format!("{name}/{path}")),
        (None, false) => Some(path),
    };
    Ok(RejectionRow {
        id: row.get(0)?,
        raw_id: row.get(1)?,
        stage: row.get(2)?,
        reason: row.get(3)?,
        readable: row.get(4)?,
        origin: row.get(5)?,
        name,
        size_bytes: uint(row.get(7)?),
        received_s: row.get(8)?,
    })
}

impl Store {
    /// All rejections, newest first.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn rejections(&self) -> Result<Vec<RejectionRow>, StoreError> {
        let mut find =
            self.connection.prepare_cached(&format!("{COLUMNS} ORDER BY id DESC")).during("list rejections")?;
        let rows = find.query_map([], rejection).during("list rejections")?;
        rows.collect::<Result<_, _>>().during("list rejections")
    }

    /// One rejection.
    ///
    /// # Errors
    /// When there is none with this id.
    pub fn rejection(&self, id: i64) -> Result<RejectionRow, StoreError> {
        let mut find = self.connection.prepare_cached(&format!("{COLUMNS} WHERE id = ?")).during("read a rejection")?;
        let found = find.query_row([id], rejection).optional().during("read a rejection")?;
        found.ok_or(StoreError::NoSuch { kind: "rejection", id })
    }

    /// Raw bytes as received.
    ///
    /// # Errors
    /// When there are none with this id, or they were not kept.
    pub fn raw_bytes(&self, raw_id: i64) -> Result<Vec<u8>, StoreError> {
        let mut find =
            self.connection.prepare_cached("SELECT packing, bytes FROM raw WHERE id = ?").during("read raw bytes")?;
        let found =
            find.query_row([raw_id], |row| Ok((row.get(0)?, row.get(1)?))).optional().during("read raw bytes")?;
        let (packing, bytes): (i64, Vec<u8>) = found.ok_or(StoreError::NoSuch { kind: "raw input", id: raw_id })?;
        if packing == super::insert::NOT_KEPT {
            return Err(StoreError::NoRaw { count: 1 });
        }
        super::maintain::unpacked(packing, bytes, raw_id)
    }
}
