//! Texts and addresses to ids and back.

use std::collections::HashMap;

use foldhash::fast::RandomState;
use rusqlite::{CachedStatement, Connection, OptionalExtension as _, params};
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
    pub(super) fn id(&mut self, statements: &mut Statements<'_>, kind: Kind, text: &str) -> Result<i64, StoreError> {
        let cache = match kind {
            Kind::Word => &mut self.texts,
            Kind::Source => &mut self.sources,
        };
        if let Some(id) = cache.get(text) {
            return Ok(*id);
        }
        let id = match kind {
            Kind::Word => statements.word(text)?,
            Kind::Source => statements.source(text)?,
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

/// What finds and gives ids, prepared once for all texts of a transaction.
pub(super) struct Statements<'c> {
    find_word: CachedStatement<'c>,
    add_word: CachedStatement<'c>,
    find_source: CachedStatement<'c>,
    add_source: CachedStatement<'c>,
}

impl<'c> Statements<'c> {
    pub(super) fn of(connection: &'c Connection) -> Result<Self, StoreError> {
        let prepared = |sql| connection.prepare_cached(sql).during("prepare to store texts");
        Ok(Self {
            find_word: prepared(FIND_WORD)?,
            add_word: prepared("INSERT INTO word (hash, text) VALUES (?, ?)")?,
            find_source: prepared(FIND_SOURCE)?,
            add_source: prepared("INSERT INTO source (ip) VALUES (?)")?,
        })
    }

    fn word(&mut self, text: &str) -> Result<i64, StoreError> {
        let hash = hash(text);
        let found = self.find_word.query_row(params![hash, text], |row| row.get(0)).optional();
        match found.during("look up a text")? {
            Some(id) => Ok(id),
            None => self.add_word.insert(params![hash, text]).during("store a text"),
        }
    }

    fn source(&mut self, text: &str) -> Result<i64, StoreError> {
        match self.find_source.query_row([text], |row| row.get(0)).optional().during("look up a text")? {
            Some(id) => Ok(id),
            None => self.add_source.insert([text]).during("store a text"),
        }
    }
}

const FIND_WORD: &str = "SELECT id FROM word WHERE hash = ? AND text = ?";
const FIND_SOURCE: &str = "SELECT id FROM source WHERE ip = ?";

/// The first eight bytes of SHA-256: nobody can make two texts meet on purpose, and if they do, both are compared.
fn hash(text: &str) -> i64 {
    let digest = Sha256::digest(text);
    digest.iter().take(8).fold(0, |hash, byte| (hash << 8) | i64::from(*byte))
}

/// The id of a word that is there already.
pub(super) fn find_word(connection: &Connection, text: &str) -> Result<Option<i64>, StoreError> {
    let mut find = connection.prepare_cached(FIND_WORD).during("look up a text")?;
    find.query_row(params![hash(text), text], |row| row.get(0)).optional().during("look up a text")
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
