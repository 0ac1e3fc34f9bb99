//! How a part of the settings is read from the tree, listed again, and asked for its keys.
//!
//! A [`Scalar`] is a single value with its own type. [`section!`] declares a struct once and with it the keys,
//! types and defaults of a section of the file. Lists, maps and options of either are settings as well.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::node::{Node, Value, heading};
use super::problem::{Problem, did_you_mean};
use crate::words::{Said, said};

/// A part of the settings.
pub(super) trait Setting: Sized {
    /// Whether it is a section, with keys of its own, rather than a value.
    const SECTION: bool = false;

    /// The value that `node` gives. What is wrong with it, everything, goes to `problems`; then there is no value.
    fn read(node: &Node, problems: &mut Vec<Problem>) -> Option<Self>;

    /// The value when nobody wrote one; `None` when one has to be written.
    fn absent() -> Option<Self> {
        None
    }

    /// Adds each key at and below `key` that has a value, with the value as TOML text.
    fn list(&self, key: &str, out: &mut Vec<(String, String)>);

    /// Adds each key that can be set at and below `key`; `[]` stands for any index and `*` for any name.
    fn keys(key: &str, out: &mut Vec<String>) {
        out.push(key.to_owned());
    }
}

/// A value that one word of the file holds.
pub(super) trait Scalar: Sized {
    /// Whether the value may be a secret, so that an error must not show it.
    const SECRET: bool = false;

    /// What to write, for "expected …".
    fn expected() -> Said;

    /// The words to choose from, when that is all there is.
    fn words() -> &'static [&'static str] {
        &[]
    }

    /// The value, when `value` is one of this type.
    fn from_value(value: &Value) -> Option<Self>;

    /// The value as TOML text.
    fn to_toml(&self) -> String;
}

impl<T: Scalar> Setting for T {
    fn read(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let read = T::from_value(&node.value);
        if read.is_none() {
            let problem = if T::SECRET { node.not_shown(&T::expected()) } else { node.not(&T::expected()) };
            let hint = node.value.as_text().and_then(|text| did_you_mean(text, T::words().iter().copied()));
            problems.push(problem.with_hint(hint));
        }
        read
    }

    fn list(&self, key: &str, out: &mut Vec<(String, String)>) {
        out.push((key.to_owned(), self.to_toml()));
    }
}

impl<T: Setting> Setting for Option<T> {
    const SECTION: bool = T::SECTION;

    fn read(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        T::read(node, problems).map(Some)
    }

    fn absent() -> Option<Self> {
        Some(None)
    }

    fn list(&self, key: &str, out: &mut Vec<(String, String)>) {
        if let Some(value) = self {
            value.list(key, out);
        }
    }

    fn keys(key: &str, out: &mut Vec<String>) {
        T::keys(key, out);
    }
}

impl<T: Setting> Setting for Vec<T> {
    fn read(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        match &node.value {
            Value::List(items) => all(items.iter().map(|item| T::read(item, problems))),
            Value::Word(word) if !T::SECTION => all(word.split(',').map(|part| {
                let value = Value::Word(part.trim().to_owned());
                T::read(&Node { value, ..node.clone() }, problems)
            })),
            _ if T::SECTION => {
                let hint = said!("hint-settings-headings", section = heading(&node.key));
                problems.push(node.not(&said!("expected-list-of-sections")).with_hint(hint));
                None
            }
            _ => {
                problems.push(node.not(&said!("found-list")).with_hint(said!("hint-settings-brackets")));
                None
            }
        }
    }

    fn absent() -> Option<Self> {
        Some(Self::new())
    }

    fn list(&self, key: &str, out: &mut Vec<(String, String)>) {
        if T::SECTION {
            for (index, item) in self.iter().enumerate() {
                item.list(&format!("{key}[{index}]"), out);
            }
        } else {
            let mut items = Vec::new();
            for item in self {
                item.list("", &mut items);
            }
            let values: Vec<String> = items.into_iter().map(|(_, value)| value).collect();
            out.push((key.to_owned(), format!("[{}]", values.join(", "))));
        }
    }

    fn keys(key: &str, out: &mut Vec<String>) {
        if T::SECTION {
            T::keys(&format!("{key}[]"), out);
        } else {
            out.push(key.to_owned());
        }
    }
}

/// Sections by a name of the owner's choice, such as `[mailbox.main]`.
impl<T: Setting> Setting for BTreeMap<String, T> {
    fn read(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let Value::Table(table) = &node.value else {
            let hint = said!("hint-settings-section", section = format!("{}.NAME", node.key));
            problems.push(node.not(&said!("expected-sections")).with_hint(hint));
            return None;
        };
        for (name, section) in table {
            if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')) {
                let message = said!("settings-section-name", section = node.key, name = format!("{name:?}"));
                let hint = said!("hint-settings-name");
                problems.push(section.problem(message).with_hint(hint));
            }
        }
        all(table.iter().map(|(name, section)| Some((name.clone(), T::read(section, problems)?))))
    }

    fn absent() -> Option<Self> {
        Some(Self::new())
    }

    fn list(&self, key: &str, out: &mut Vec<(String, String)>) {
        for (name, section) in self {
            section.list(&format!("{key}.{name}"), out);
        }
    }

    fn keys(key: &str, out: &mut Vec<String>) {
        T::keys(&format!("{key}.*"), out);
    }
}

/// All of the parts, when each could be read. Reads on after a failure, so that every problem is found.
fn all<T, C: FromIterator<T>>(parts: impl Iterator<Item = Option<T>>) -> Option<C> {
    let parts: Vec<Option<T>> = parts.collect();
    parts.into_iter().collect()
}

/// Declares a section of the settings: a public struct whose fields are its keys.
///
/// `field: Type = default;` may be left out of the file, `field: Type;` as well when the type can be absent
/// (`Option`, `Vec`, a section of such fields), otherwise it has to be written. `field as "key"` names the key.
/// [`Setting`], [`Node`], [`Problem`] and [`join`](super::node::join) have to be in scope.
macro_rules! section {
    ($(#[$doc:meta])* $section:ident {
        $($(#[$field_doc:meta])* $field:ident $(as $key:literal)?: $type:ty $(= $default:expr)?;)*
    }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $section {
            $($(#[$field_doc])* pub $field: $type,)*
        }

        impl Setting for $section {
            const SECTION: bool = true;

            fn read(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
                let fields = node.fields(&[$(section!(@key $field $($key)?),)*], problems)?;
                $(let $field = fields.read(
                    section!(@key $field $($key)?),
                    section!(@absent $type $(, $default)?),
                    problems,
                );)*
                Some(Self { $($field: $field?,)* })
            }

            fn absent() -> Option<Self> {
                Some(Self { $($field: section!(@absent $type $(, $default)?)?,)* })
            }

            fn list(&self, key: &str, out: &mut Vec<(String, String)>) {
                $(self.$field.list(&join(key, section!(@key $field $($key)?)), out);)*
            }

            fn keys(key: &str, out: &mut Vec<String>) {
                $(<$type as Setting>::keys(&join(key, section!(@key $field $($key)?)), out);)*
            }
        }
    };
    (@key $field:ident) => { stringify!($field) };
    (@key $field:ident $key:literal) => { $key };
    (@absent $type:ty) => { <$type as Setting>::absent() };
    (@absent $type:ty, $default:expr) => { Some($default) };
}
pub(super) use section;

/// `text` as a TOML string.
pub(super) fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

impl Scalar for bool {
    fn expected() -> Said {
        said!("expected-flag")
    }

    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Boolean(flag) => Some(*flag),
            Value::Word(word) => match word.as_str() {
                "true" | "1" => Some(true),
                "false" | "0" => Some(false),
                _ => None,
            },
            _ => None,
        }
    }

    fn to_toml(&self) -> String {
        self.to_string()
    }
}

/// Whole numbers that are not negative.
macro_rules! whole_numbers {
    ($($type:ty),*) => {$(
        impl Scalar for $type {
            fn expected() -> Said {
                said!("expected-number", min = <$type>::MIN, max = <$type>::MAX)
            }

            fn from_value(value: &Value) -> Option<Self> {
                match value {
                    Value::Integer(number) => Self::try_from(*number).ok(),
                    Value::Word(word) => word.parse().ok(),
                    _ => None,
                }
            }

            fn to_toml(&self) -> String {
                self.to_string()
            }
        }
    )*};
}
whole_numbers!(u16, u32, u64);

/// Every number with a fraction in the settings is a percentage.
impl Scalar for f64 {
    fn expected() -> Said {
        said!("expected-percentage")
    }

    fn from_value(value: &Value) -> Option<Self> {
        let number = match value {
            Value::Float(number) => *number,
            Value::Integer(number) => Self::from(i32::try_from(*number).ok()?),
            Value::Word(word) => word.parse().ok()?,
            _ => return None,
        };
        (0.0..=100.0).contains(&number).then_some(number)
    }

    fn to_toml(&self) -> String {
        toml::Value::Float(*self).to_string()
    }
}

impl Scalar for String {
    fn expected() -> Said {
        said!("expected-text")
    }

    fn from_value(value: &Value) -> Option<Self> {
        value.as_text().filter(|text| !text.trim().is_empty()).map(str::to_owned)
    }

    fn to_toml(&self) -> String {
        quoted(self)
    }
}

impl Scalar for PathBuf {
    fn expected() -> Said {
        said!("expected-path")
    }

    fn from_value(value: &Value) -> Option<Self> {
        String::from_value(value).map(Self::from)
    }

    fn to_toml(&self) -> String {
        quoted(&self.to_string_lossy())
    }
}
