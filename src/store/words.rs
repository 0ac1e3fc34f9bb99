//! Texts and addresses to ids and back.

use std::collections::HashMap;
use std::net::IpAddr;

use foldhash::fast::RandomState;
use rusqlite::{CachedStatement, Connection, OptionalExtension as _, params};
use sha2::{Digest as _, Sha256};

use super::error::{StoreError, While};
use crate::model::Sent;

/// Texts that are held at the most, beyond, they are held anew: as many as a map has room for before it doubles.
const TEXTS_MAX: usize = 7 << 13;
/// Addresses that are held at the most.
const SOURCES_MAX: usize = 7 << 14;
/// A longer text is looked up each time.
const CACHE_TEXT_BYTES_MAX: usize = 1_024;

/// Ids that were looked up or given in this process.
#[derive(Default)]
pub(super) struct Words {
    texts: HashMap<Box<str>, i64, RandomState>,
    sources: HashMap<IpAddr, i64, RandomState>,
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

    /// The id of a word; one is given when it has none yet.
    pub(super) fn word_id(&mut self, statements: &mut Statements<'_>, text: &str) -> Result<i64, StoreError> {
        if let Some(id) = self.texts.get(text) {
            return Ok(*id);
        }
        let id = statements.word(text)?;
        if text.len() <= CACHE_TEXT_BYTES_MAX {
            if self.texts.len() >= TEXTS_MAX {
                self.texts.clear();
            }
            self.texts.insert(text.into(), id);
        }
        Ok(id)
    }

    /// The id of a source address; one is given when it has none yet.
    pub(super) fn source_id(
        &mut self,
        statements: &mut Statements<'_>,
        source: &Sent<IpAddr>,
    ) -> Result<i64, StoreError> {
        let address = match source {
            Sent::Odd(text) => return statements.source(text),
            Sent::Read(address) => *address,
        };
        if let Some(id) = self.sources.get(&address) {
            return Ok(*id);
        }
        let id = statements.source(&address.to_string())?;
        if self.sources.len() >= SOURCES_MAX {
            self.sources.clear();
        }
        self.sources.insert(address, id);
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
            add_source: prepared("INSERT INTO source (ip) VALUES (?) ON CONFLICT DO NOTHING")?,
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

    /// Adds first and looks afterwards: the more addresses there are to store, the fewer of them are there already.
    fn source(&mut self, text: &str) -> Result<i64, StoreError> {
        match self.add_source.insert([text]) {
            Ok(id) => Ok(id),
            Err(rusqlite::Error::StatementChangedRows(0)) => {
                self.find_source.query_row([text], |row| row.get(0)).during("look up a text")
            }
            Err(error) => Err(error).during("store a text"),
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

/// The id of a source address, if the store has it.
pub(super) fn find_source(connection: &Connection, address: &str) -> Result<Option<i64>, StoreError> {
    let mut find = connection.prepare_cached(FIND_SOURCE).during("look up a text")?;
    find.query_row([address], |row| row.get(0)).optional().during("look up a text")
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
