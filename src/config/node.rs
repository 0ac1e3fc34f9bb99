//! The settings as they were written: a tree in which every value knows its key and its origin.

use std::collections::BTreeMap;

use super::problem::{Origin, Problem, did_you_mean};
use super::setting::Setting;

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
    fn found(&self) -> String {
        match self {
            Self::Word(text) | Self::Text(text) => format!("the text `{}`", shown(text)),
            Self::Integer(number) => format!("the number {number}"),
            Self::Float(number) => format!("the number {number}"),
            Self::Boolean(flag) => format!("`{flag}`"),
            Self::Time(text) => format!("the date or time {text}"),
            Self::List(_) => "a list".to_owned(),
            Self::Table(_) => "a section".to_owned(),
        }
    }
}

impl Node {
    /// Settings in which nothing is set.
    pub(super) const fn root() -> Self {
        Self { key: String::new(), origin: Origin::Default, value: Value::Table(BTreeMap::new()) }
    }

    /// A problem with this value.
    pub(super) fn problem(&self, message: String) -> Problem {
        Problem::new(self.origin.clone(), message)
    }

    /// The problem that this value is not what its key asks for.
    pub(super) fn not(&self, expected: &str) -> Problem {
        self.problem(format!("wrong value for `{}`: expected {expected}, found {}", self.key, self.value.found()))
    }

    /// The same problem for a value that might be a secret.
    pub(super) fn not_shown(&self, expected: &str) -> Problem {
        self.problem(format!("wrong value for `{}`: expected {expected}, found something else", self.key))
    }

    /// The fields of a section in which only the keys of `known` may stand.
    pub(super) fn fields(&self, known: &[&str], problems: &mut Vec<Problem>) -> Option<Fields<'_>> {
        let Value::Table(table) = &self.value else {
            let hint = format!("write `[{}]` on a line of its own, and the keys below it", heading(&self.key));
            problems.push(self.not("a section").with_hint(hint));
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
        let place = if self.key.is_empty() { "at the top".to_owned() } else { format!("in `{}`", self.key) };
        let places: Vec<String> = ["file", "env", "command"]
            .iter()
            .map(|suffix| format!("{name}_{suffix}"))
            .filter(|other| known.contains(&other.as_str()))
            .map(|other| format!("`{other}`"))
            .collect();
        if !places.is_empty() {
            return node
                .problem(format!("secret in clear: `{name}` {place}"))
                .with_hint(format!("name the place of the secret instead: {}", places.join(", ")));
        }
        let kind = if matches!(node.value, Value::Table(_)) { "section" } else { "key" };
        let hint =
            did_you_mean(name, known.iter().copied()).unwrap_or_else(|| format!("known here: {}", known.join(", ")));
        node.problem(format!("unknown {kind} `{}` {place}", shown(name))).with_hint(hint)
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
                problems.push(self.node.problem(format!("missing key `{name}` in `{}`", self.node.key)));
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
