//! What changed between two sights of what a domain publishes.

use crate::dns::{Answer, Published};

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What changed: `dmarc`, `spf`, `mx`, or `dkim SELECTOR`.
    pub what: String,
    /// What is no longer there.
    pub gone: Vec<String>,
    /// What is new.
    pub new: Vec<String>,
}

/// What changed since `before`, which is `None` for the first sight. What was not answered is no change.
#[must_use]
pub fn changes(before: Option<&Published>, after: &Published) -> Vec<Change> {
    let mut found = Vec::new();
    let mut compare = |what: String, old: Option<&Answer<String>>, new: &Answer<String>| {
        if new.is_unknown() {
            return;
        }
        let old = old.map(Answer::records).unwrap_or_default();
        let missing_in = |list: &[String], other: &[String]| -> Vec<String> {
            list.iter().filter(|text| !other.contains(text)).cloned().collect()
        };
        let (gone, new) = (missing_in(old, new.records()), missing_in(new.records(), old));
        if !gone.is_empty() || !new.is_empty() {
            found.push(Change { what, gone, new });
        }
    };
    compare("dmarc".to_owned(), before.map(|before| &before.dmarc), &after.dmarc);
    compare("spf".to_owned(), before.map(|before| &before.spf), &after.spf);
    for key in &after.dkim {
        let old = before.and_then(|before| before.dkim.iter().find(|old| old.selector == key.selector));
        compare(format!("dkim {}", key.selector), old.map(|old| &old.answer), &key.answer);
    }
    compare("mx".to_owned(), before.map(|before| &before.mx), &after.mx);
    found
}
