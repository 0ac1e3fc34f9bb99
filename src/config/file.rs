//! TOML text into a tree of values, each with its line.

use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::node::{Node, Value, join};
use super::problem::{ConfigError, Origin, Problem};
use crate::words::said;

/// A settings file that somebody else has read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Where it was, for messages and origins.
    pub path: PathBuf,
    /// What is in it: TOML.
    pub text: String,
}

/// The values of `file`; fails with everything in it that is not TOML.
pub(super) fn parse(file: &File) -> Result<Node, ConfigError> {
    let source = Source { path: &file.path, text: &file.text };
    let (table, errors) = DeTable::parse_recoverable(&file.text);
    // The error's own Display quotes the line, and with it perhaps a secret: only its message is taken.
    let mut problems: Vec<Problem> = errors
        .iter()
        .map(|error| {
            let offset = error.span().map_or(0, |span| span.start);
            Problem::new(source.origin(offset), said!("settings-not-toml", why = error.message()))
        })
        .collect();
    let value = source.table("", table.get_ref(), &mut problems);
    ConfigError::unless_none(problems)?;
    Ok(Node { value, ..Node::root() })
}

/// The text that offsets point into.
struct Source<'a> {
    path: &'a Path,
    text: &'a str,
}

impl Source<'_> {
    /// The line of the byte at `offset`.
    fn origin(&self, offset: usize) -> Origin {
        let line = 1 + self.text.bytes().take(offset).filter(|byte| *byte == b'\n').count();
        Origin::File { path: self.path.to_owned(), line }
    }

    /// The sections and values of `table`, whose own key is `key`.
    fn table(&self, key: &str, table: &DeTable<'_>, problems: &mut Vec<Problem>) -> Value {
        let entry = |(name, value): (&Spanned<DeString<'_>>, &Spanned<DeValue<'_>>)| {
            let origin = self.origin(name.span().start);
            (name.to_string(), self.node(join(key, name.get_ref()), origin, value.get_ref(), problems))
        };
        Value::Table(table.iter().map(entry).collect())
    }

    /// `value`, which is called `key`, with everything in it.
    fn node(&self, key: String, origin: Origin, value: &DeValue<'_>, problems: &mut Vec<Problem>) -> Node {
        let value = match value {
            DeValue::String(text) => Value::Text(text.to_string()),
            DeValue::Boolean(flag) => Value::Boolean(*flag),
            DeValue::Datetime(time) => Value::Time(time.to_string()),
            DeValue::Float(number) => Value::Float(number.as_str().parse().unwrap_or(f64::NAN)),
            DeValue::Integer(number) => {
                let parsed = i64::from_str_radix(number.as_str(), number.radix());
                if parsed.is_err() {
                    problems.push(Problem::new(origin.clone(), said!("settings-too-large", key = key)));
                }
                Value::Integer(parsed.unwrap_or_default())
            }
            DeValue::Array(items) => {
                let item = |(index, item): (usize, &Spanned<DeValue<'_>>)| {
                    self.node(format!("{key}[{index}]"), self.origin(item.span().start), item.get_ref(), problems)
                };
                Value::List(items.iter().enumerate().map(item).collect())
            }
            DeValue::Table(table) => self.table(&key, table, problems),
        };
        Node { key, origin, value }
    }
}
