//! Texts and addresses to ids and back.

use std::collections::HashMap;

use foldhash::fast::RandomState;
use rusqlite::{Connection, OptionalExtension as _, params};
use sha2::{Digest as _, Sha256};

use super::error::{StoreError, While};

/// Entries of a cache at the most; beyond, it starts anew.
const CACHE_ENTRIES_MAX: usize = 60_000;
/// A longer text is looked up each time.
const CACHE_TEXT_BYTES_MAX: usize = 1_024;

/// Ids that were looked up or given in this process.
#[derive(Default)]
pub(super) struct Words {
    texts: HashMap<Box<str>, i64, RandomState>,
    sources: HashMap<Box<str>, i64, RandomState>,
    epoch: i64,
}

/// The two kinds of text that have ids.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Word,
    Source,
}

impl Words {
    /// Forgets everything: after a transaction that failed.
    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }

    /// Forgets everything when ids have lost their meaning since the last transaction.
    pub(super) fn start(&mut self, connection: &Connection) -> Result<(), StoreError> {
        let epoch =
            connection.query_row("SELECT value FROM epoch", [], |row| row.get(0)).during("read the store's epoch")?;
        if epoch != self.epoch {
            *self = Self { epoch, ..Self::default() };
        }
        Ok(())
    }

    /// The id of a text; one is given when it has none yet.
    pub(super) fn id(&mut self, connection: &Connection, kind: Kind, text: &str) -> Result<i64, StoreError> {
        let cache = match kind {
            Kind::Word => &mut self.texts,
            Kind::Source => &mut self.sources,
        };
        if let Some(id) = cache.get(text) {
            return Ok(*id);
        }
        let hash = if matches!(kind, Kind::Word) { hash(text) } else { 0 };
        let id = match (find(connection, kind, text, hash)?, kind) {
            (Some(id), _) => id,
            (None, Kind::Word) => {
                let mut add =
                    connection.prepare_cached("INSERT INTO word (hash, text) VALUES (?, ?)").during("store a text")?;
                add.insert(params![hash, text]).during("store a text")?
            }
            (None, Kind::Source) => {
                let mut add = connection.prepare_cached("INSERT INTO source (ip) VALUES (?)").during("store a text")?;
                add.insert([text]).during("store a text")?
            }
        };
        if text.len() <= CACHE_TEXT_BYTES_MAX {
            if cache.len() >= CACHE_ENTRIES_MAX {
                cache.clear();
            }
            cache.insert(text.into(), id);
        }
        Ok(id)
    }
}

/// The first eight bytes of SHA-256: nobody can make two texts meet on purpose, and if they do, both are compared.
fn hash(text: &str) -> i64 {
    let digest = Sha256::digest(text);
    digest.iter().take(8).fold(0, |hash, byte| (hash << 8) | i64::from(*byte))
}

/// The id of a word that is there already.
pub(super) fn find_word(connection: &Connection, text: &str) -> Result<Option<i64>, StoreError> {
    find(connection, Kind::Word, text, hash(text))
}

fn find(connection: &Connection, kind: Kind, text: &str, hash: i64) -> Result<Option<i64>, StoreError> {
    let found = match kind {
        Kind::Word => {
            let mut find = connection
                .prepare_cached("SELECT id FROM word WHERE hash = ? AND text = ?")
                .during("look up a text")?;
            find.query_row(params![hash, text], |row| row.get(0)).optional()
        }
        Kind::Source => {
            let mut find = connection.prepare_cached("SELECT id FROM source WHERE ip = ?").during("look up a text")?;
            find.query_row([text], |row| row.get(0)).optional()
        }
    };
    found.during("look up a text")
}

/// The id of a source address, if the store has it.
pub(super) fn find_source(connection: &Connection, address: &str) -> Result<Option<i64>, StoreError> {
    find(connection, Kind::Source, address, 0)
}

/// The text of an id; `None` for 0, which stands for "absent".
pub(super) fn text(connection: &Connection, kind: Kind, id: i64) -> Result<Option<String>, StoreError> {
    let find = match kind {
        Kind::Word => "SELECT text FROM word WHERE id = ?",
        Kind::Source => "SELECT ip FROM source WHERE id = ?",
    };
    let mut find = connection.prepare_cached(find).during("read a text")?;
    find.query_row([id], |row| row.get(0)).optional().during("read a text")
}
