//! What reports say about single DKIM keys.

use rusqlite::OptionalExtension as _;
use serde_json::Value;

use super::super::error::{StoreError, While};
use super::super::file::Store;
use super::{Filter, RecordRow};

/// Mails that reporters saw signed with one key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KeyUse {
    /// Mails with a signature of the key, whatever became of it.
    pub mails: u64,
    /// Mails whose signature verified.
    pub verified: u64,
    /// Mails that passed DMARC by this signature and nothing else: what is lost without it.
    pub alone: u64,
}

impl Store {
    /// What reporters say about the key of `selector` at `domain`, whosever reports it stands in.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn key_use(&self, domain: &str, selector: &str, filter: &Filter) -> Result<KeyUse, StoreError> {
        // Texts of results are far fewer than records: a selector in none of them is in no record.
        let pattern = format!("%\"selector\":\"{selector}\"%");
        let found: Option<i64> = self
            .connection
            .query_row("SELECT id FROM word WHERE text LIKE ? LIMIT 1", [pattern], |row| row.get(0))
            .optional()
            .during("look for a selector")?;
        let mut found_use = KeyUse::default();
        if found.is_some() {
            self.each_record(filter, |_, record| {
                add(&mut found_use, record, domain, selector);
                Ok::<(), StoreError>(())
            })?;
        }
        Ok(found_use)
    }
}

fn add(found: &mut KeyUse, record: &RecordRow, domain: &str, selector: &str) {
    let text = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let is_pass = |value: &Value, name: &str| text(value, name) == "pass";
    let signatures = record.auth_results.get("dkim").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let is_ours = |signature: &&Value| {
        text(signature, "domain").trim_end_matches('.').eq_ignore_ascii_case(domain)
            && text(signature, "selector").eq_ignore_ascii_case(selector)
    };
    let mails = record.count.unwrap_or(0);
    if signatures.iter().any(|signature| is_ours(&signature)) {
        found.mails = found.mails.saturating_add(mails);
    }
    if !signatures.iter().any(|signature| is_ours(&signature) && is_pass(signature, "result")) {
        return;
    }
    found.verified = found.verified.saturating_add(mails);
    let is_alone =
        signatures.iter().filter(|signature| is_pass(signature, "result")).all(|signature| is_ours(&signature));
    if is_alone && is_pass(&record.evaluated, "dkim") && !is_pass(&record.evaluated, "spf") {
        found.alone = found.alone.saturating_add(mails);
    }
}
