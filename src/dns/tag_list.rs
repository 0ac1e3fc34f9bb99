//! Lists of `tag=value`, parted by `;` (RFC 6376 3.2), as DMARC and DKIM records are.

use std::collections::BTreeSet;
use std::ops::Range;

use super::finding::{Findings, quote};
use crate::words::said;

/// One `tag=value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag<'a> {
    /// Name in lower case.
    pub name: String,
    /// Name as written.
    pub name_sent: &'a str,
    /// Value, without white space at its ends.
    pub value: &'a str,
    /// Octets of the name.
    pub name_at: Range<usize>,
    /// Octets of the value.
    pub value_at: Range<usize>,
}

impl Tag<'_> {
    /// Octets of the whole tag.
    #[must_use]
    pub fn at(&self) -> Range<usize> {
        self.name_at.start..self.value_at.end
    }
}

/// The tags of a list in their order, and whether the list is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagList<'a> {
    /// Everything that could be read as a tag.
    pub tags: Vec<Tag<'a>>,
    /// A tag stands twice, which makes the whole list invalid (RFC 6376 3.2).
    pub is_repeated: bool,
}

impl<'a> TagList<'a> {
    /// The first tag of a name in lower case.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Tag<'a>> {
        self.tags.iter().find(|tag| tag.name == name)
    }
}

/// White space of records; nothing else counts as such.
const WHITE: [char; 4] = [' ', '\t', '\r', '\n'];

/// The octets of `text` without white space at its ends, where `text` begins at `start`.
fn trimmed(text: &str, start: usize) -> (&str, Range<usize>) {
    let front = text.len() - text.trim_start_matches(WHITE).len();
    let value = text.trim_matches(WHITE);
    (value, start + front..start + front + value.len())
}

/// Reads a list; findings are named by the kind of record that it is.
pub(super) fn read<'a>(text: &'a str, rules: &Rules, findings: &mut Findings) -> TagList<'a> {
    let mut list = TagList { tags: Vec::new(), is_repeated: false };
    let mut names = BTreeSet::new();
    let mut start = 0;
    for part in text.split(';') {
        let (whole, at) = trimmed(part, start);
        let is_last = start + part.len() == text.len();
        start += part.len() + 1;
        if whole.is_empty() {
            if !is_last {
                findings.warning(rules.empty, at, said!("record-empty"), said!("record-remove-one"));
            }
            continue;
        }
        let Some((name, value)) = whole.split_once('=') else {
            let text = said!("record-no-equals", text = quote(whole));
            findings.error(rules.malformed, at, text, said!("record-no-equals-fix"));
            continue;
        };
        let (name, name_at) = trimmed(name, at.start);
        let (value, value_at) = trimmed(value, at.end - value.len());
        let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if !is_name {
            let text = said!("record-no-name", name = quote(name));
            findings.error(rules.malformed, name_at, text, said!("record-no-name-fix"));
            continue;
        }
        let tag = Tag { name: name.to_ascii_lowercase(), name_sent: name, value, name_at, value_at };
        if tag.name != name {
            let text = said!("record-case", name = name);
            findings.warning(rules.case, tag.name_at.clone(), text, said!("record-case-fix"));
        }
        if !names.insert(tag.name.clone()) {
            let text = said!("record-repeated", name = tag.name);
            findings.error(rules.repeated, tag.at(), text, said!("record-repeated-fix"));
            list.is_repeated = true;
        }
        list.tags.push(tag);
    }
    list
}

/// The names of the rules that a list may break.
#[derive(Debug)]
pub(super) struct Rules {
    pub(super) empty: &'static str,
    pub(super) malformed: &'static str,
    pub(super) case: &'static str,
    pub(super) repeated: &'static str,
}
