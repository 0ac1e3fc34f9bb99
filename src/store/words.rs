//! Texts and addresses to ids and back.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension as _};

use super::error::{StoreError, While};

/// Entries of a cache at the most; beyond, it starts anew.
const CACHE_ENTRIES_MAX: usize = 200_000;

/// Ids that were looked up or given in this process.
#[derive(Default)]
pub(super) struct Words {
    words: HashMap<Box<str>, i64>,
    sources: HashMap<Box<str>, i64>,
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
        let epoch = connection.query_row("SELECT value FROM epoch", [], |row| row.get(0)).during("read the store's epoch")?;
        if epoch != self.epoch {
            *self = Self { epoch, ..Self::default() };
        }
        Ok(())
    }

    /// The id of a text; one is given when it has none yet.
    pub(super) fn id(&mut self, connection: &Connection, kind: Kind, text: &str) -> Result<i64, StoreError> {
        let (cache, find, add) = match kind {
            Kind::Word => {
                (&mut self.words, "SELECT id FROM word WHERE text = ?", "INSERT INTO word (text) VALUES (?)")
            }
            Kind::Source => {
                (&mut self.sources, "SELECT id FROM source WHERE ip = ?", "INSERT INTO source (ip) VALUES (?)")
            }
        };
        if let Some(id) = cache.get(text) {
            return Ok(*id);
        }
        let mut find = connection.prepare_cached(find).during("look up a text")?;
        let found: Option<i64> = find.query_row([text], |row| row.get(0)).optional().during("look up a text")?;
        let id = match found {
            Some(id) => id,
            None => {
                let mut add = connection.prepare_cached(add).during("store a text")?;
                add.insert([text]).during("store a text")?
            }
        };
        if cache.len() >= CACHE_ENTRIES_MAX {
            cache.clear();
        }
        cache.insert(text.into(), id);
        Ok(id)
    }
}

/// The id of a word that is there already.
pub(super) fn find_word(connection: &Connection, text: &str) -> Result<Option<i64>, StoreError> {
    let mut find = connection.prepare_cached("SELECT id FROM word WHERE text = ?").during("look up a text")?;
    find.query_row([text], |row| row.get(0)).optional().during("look up a text")
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
