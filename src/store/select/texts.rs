//! Words that were read already.

use std::collections::HashMap;

use rusqlite::Connection;
use serde_json::Value;

use super::super::error::StoreError;
use super::super::words::{self, Kind};

/// Words that were read, so that lists don't ask for the same again.
pub(super) struct Texts<'c> {
    connection: &'c Connection,
    words: HashMap<i64, Option<String>>,
    jsons: HashMap<i64, Value>,
}

impl<'c> Texts<'c> {
    pub(super) fn new(connection: &'c Connection) -> Self {
        Self { connection, words: HashMap::new(), jsons: HashMap::new() }
    }

    pub(super) fn get(&mut self, id: i64) -> Result<Option<String>, StoreError> {
        if id == 0 {
            return Ok(None);
        }
        if let Some(text) = self.words.get(&id) {
            return Ok(text.clone());
        }
        let text = words::text(self.connection, Kind::Word, id)?;
        self.words.insert(id, text.clone());
        Ok(text)
    }

    pub(super) fn json(&mut self, id: i64) -> Result<Value, StoreError> {
        if let Some(value) = self.jsons.get(&id) {
            return Ok(value.clone());
        }
        let text = words::text(self.connection, Kind::Word, id)?.unwrap_or_default();
        let value: Value =
            serde_json::from_str(&text).map_err(|_| StoreError::Damaged { what: format!("word {id}") })?;
        self.jsons.insert(id, value.clone());
        Ok(value)
    }
}
