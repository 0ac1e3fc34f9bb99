//! The settings as they were written: a tree in which every value knows its key and its origin.

use std::collections::BTreeMap;

use super::problem::{Origin, Problem, did_you_mean};
use super::setting::Setting;
use crate::words::{Said, said};

/// A value as it was written, before anyone asks what it means.
#[derive(Clone, Debug)]
pub(super) struct Node {
    /// The whole key, such as `mailbox.main.port` or `domain[0].name`; empty at the root.
    pub(super) key: String,
    pub(super) origin: Origin,
    pub(super) value: Value,
}

/// What a [`Node`] holds.
#[derive(Clone, Debug)]
pub(super) enum Value {
    /// A word from the environment or a flag: its type is whatever the key asks for.
    Word(String),
    Text(String),
    Integer(i64),
    Float(f64),
    Boolean(bool),
    /// A date or time of TOML, as text.
    Time(String),
    List(Vec<Node>),
    Table(BTreeMap<String, Node>),
}

impl Value {
    /// The text, when it is one.
    pub(super) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Word(text) | Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The value in words, for "expected …, found …".
    fn found(&self) -> Said {
        match self {
            Self::Word(text) | Self::Text(text) => said!("found-text", text = shown(text)),
            Self::Integer(number) => said!("found-number", number = number),
            Self::Float(number) => said!("found-number", number = number),
            Self::Boolean(flag) => Said::from(format!("`{flag}`")),
            Self::Time(text) => said!("found-time", text = text),
            Self::List(_) => said!("found-list"),
            Self::Table(_) => said!("found-section"),
        }
    }
}

impl Node {
    /// Settings in which nothing is set.
    pub(super) const fn root() -> Self {
        Self { key: String::new(), origin: Origin::Default, value: Value::Table(BTreeMap::new()) }
    }

    /// A problem with this value.
    pub(super) fn problem(&self, message: Said) -> Problem {
        Problem::new(self.origin.clone(), message)
    }

    /// The problem that this value is not what its key asks for.
    pub(super) fn not(&self, expected: &Said) -> Problem {
        self.problem(said!("settings-wrong", key = self.key, expected = expected, found = self.value.found()))
    }

    /// The same problem for a value that might be a secret.
    pub(super) fn not_shown(&self, expected: &Said) -> Problem {
        self.problem(said!("settings-wrong-hidden", key = self.key, expected = expected))
    }

    /// The fields of a section in which only the keys of `known` may stand.
    pub(super) fn fields(&self, known: &[&str], problems: &mut Vec<Problem>) -> Option<Fields<'_>> {
        let Value::Table(table) = &self.value else {
            let hint = said!("hint-settings-section", section = heading(&self.key));
            problems.push(self.not(&said!("found-section")).with_hint(hint));
            return None;
        };
        problems.extend(
            table
                .iter()
                .filter(|(name, _)| !known.contains(&name.as_str()))
                .map(|(name, node)| self.unknown(name, node, known)),
        );
        Some(Fields { node: self, table })
    }

    /// The problem that nothing is called `name` here. It never shows the value, which may be a secret.
    fn unknown(&self, name: &str, node: &Self, known: &[&str]) -> Problem {
        let (section, is_top) = (&self.key, self.key.is_empty());
        let places: Vec<String> = ["file", "env", "command"]
            .iter()
            .map(|suffix| format!("{name}_{suffix}"))
            .filter(|other| known.contains(&other.as_str()))
            .map(|other| format!("`{other}`"))
            .collect();
        if !places.is_empty() {
            let message = if is_top {
                said!("settings-clear-top", name = name)
            } else {
                said!("settings-clear", name = name, section = section)
            };
            return node.problem(message).with_hint(said!("hint-settings-place", places = places.join(", ")));
        }
        let hint = did_you_mean(name, known.iter().copied())
            .unwrap_or_else(|| said!("settings-known", known = known.join(", ")));
        let name = shown(name);
        let message = match (matches!(node.value, Value::Table(_)), is_top) {
            (true, true) => said!("settings-unknown-section-top", name = name),
            (true, false) => said!("settings-unknown-section", name = name, section = section),
            (false, true) => said!("settings-unknown-key-top", name = name),
            (false, false) => said!("settings-unknown-key", name = name, section = section),
        };
        node.problem(message).with_hint(hint)
    }

    /// Puts `word` at `key`, in place of what is there; sections on the way are made.
    pub(super) fn set(&mut self, key: &str, word: &str, origin: &Origin) {
        let mut node = self;
        for name in key.split('.') {
            if !matches!(node.value, Value::Table(_)) {
                node.value = Value::Table(BTreeMap::new());
            }
            let key = join(&node.key, name);
            let Value::Table(table) = &mut node.value else { return };
            node = table.entry(name.to_owned()).or_insert_with(|| Self { key, origin: origin.clone(), ..Self::root() });
        }
        node.origin = origin.clone();
        node.value = Value::Word(word.to_owned());
    }

    /// The origin of this value and of everything in it, by key.
    pub(super) fn origins(&self, out: &mut BTreeMap<String, Origin>) {
        out.insert(self.key.clone(), self.origin.clone());
        match &self.value {
            Value::List(items) => items.iter().for_each(|item| item.origins(out)),
            Value::Table(table) => table.values().for_each(|node| node.origins(out)),
            _ => {}
        }
    }
}

/// The keys that are set in a section.
pub(super) struct Fields<'a> {
    node: &'a Node,
    table: &'a BTreeMap<String, Node>,
}

impl<'a> Fields<'a> {
    /// What is written at `name`.
    pub(super) fn get(&self, name: &str) -> Option<&'a Node> {
        self.table.get(name)
    }

    /// The value of `name`: as written, else `absent`, else the problem that it has to be written.
    pub(super) fn read<T: Setting>(&self, name: &str, absent: Option<T>, problems: &mut Vec<Problem>) -> Option<T> {
        let Some(node) = self.get(name) else {
            if absent.is_none() {
                problems.push(self.node.problem(said!("settings-missing", name = name, section = self.node.key)));
            }
            return absent;
        };
        T::read(node, problems)
    }
}

/// The key of `name` inside the section `key`.
pub(super) fn join(key: &str, name: &str) -> String {
    if key.is_empty() { name.to_owned() } else { format!("{key}.{name}") }
}

/// The path of `key` as it stands between the brackets of a heading: without indexes.
pub(super) fn heading(key: &str) -> String {
    let parts: Vec<&str> = key.split('.').map(|part| part.split_once('[').map_or(part, |(name, _)| name)).collect();
    parts.join(".")
}

/// Text from the file, fit for one line of a terminal.
fn shown(text: &str) -> String {
    const CHARS_MAX: usize = 60;
    let mut shown: String = text.chars().take(CHARS_MAX).flat_map(char::escape_debug).collect();
    if text.chars().nth(CHARS_MAX).is_some() {
        shown.push('…');
    }
    shown
}
