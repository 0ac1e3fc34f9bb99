//! `[limits]`: the bounds of [`Limits`] by their names.

use super::node::{Node, Value, join};
use super::problem::Problem;
use super::setting::{Scalar, Setting, quoted};
use crate::limits::Limits;
use crate::words::{Said, said};

impl Setting for Limits {
    const SECTION: bool = true;

    fn read(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let fields = node.fields(Self::NAMES, problems)?;
        let mut limits = Self::standard();
        for name in Self::NAMES {
            let Some(node) = fields.get(name) else { continue };
            let bound = if is_bytes(name) {
                Bytes::read(node, problems).map(|bytes| bytes.0)
            } else {
                u64::read(node, problems)
            };
            if bound == Some(0) {
                let hint = said!("hint-settings-default-of", name = name);
                problems.push(node.problem(said!("settings-zero", key = node.key)).with_hint(hint));
            }
            if let Some((bound, most)) = bound.zip(Self::most(name)).filter(|(bound, most)| bound > most) {
                problems.push(node.problem(said!("settings-over-most", key = node.key, most = most, found = bound)));
            }
            if let (Some(limit), Some(bound)) = (limits.by_name(name), bound) {
                *limit = bound;
            }
        }
        Some(limits)
    }

    fn absent() -> Option<Self> {
        Some(Self::standard())
    }

    fn list(&self, key: &str, out: &mut Vec<(String, String)>) {
        let mut limits = *self;
        for name in Self::NAMES {
            if let Some(bound) = limits.by_name(name) {
                let text = if is_bytes(name) { Bytes(*bound).to_toml() } else { bound.to_toml() };
                out.push((join(key, name), text));
            }
        }
    }

    fn keys(key: &str, out: &mut Vec<String>) {
        out.extend(Self::NAMES.iter().map(|name| join(key, name)));
    }
}

/// Whether the limit `name` counts bytes.
fn is_bytes(name: &str) -> bool {
    name.ends_with("_bytes_max")
}

/// A number of bytes, written as `67108864` or `"64 MiB"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Bytes(u64);

/// Names of sizes in bytes, the larger binary ones first.
const UNITS: [(&str, u64); 7] = [
    ("GiB", 1 << 30),
    ("MiB", 1 << 20),
    ("KiB", 1 << 10),
    ("GB", 1_000_000_000),
    ("MB", 1_000_000),
    ("kB", 1_000),
    ("B", 1),
];

impl Scalar for Bytes {
    fn expected() -> Said {
        said!("expected-bytes")
    }

    fn from_value(value: &Value) -> Option<Self> {
        if let Some(bytes) = u64::from_value(value) {
            return Some(Self(bytes));
        }
        let text = value.as_text()?.trim();
        let (number, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit())?);
        let (_, factor) = UNITS.iter().find(|(name, _)| name.eq_ignore_ascii_case(unit.trim_start()))?;
        number.parse::<u64>().ok()?.checked_mul(*factor).map(Self)
    }

    fn to_toml(&self) -> String {
        UNITS
            .iter()
            .take(3)
            .find(|(_, factor)| self.0 >= *factor && self.0.is_multiple_of(*factor))
            .map_or_else(|| self.0.to_string(), |(name, factor)| quoted(&format!("{} {name}", self.0 / factor)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(text: &str) -> Option<u64> {
        Bytes::from_value(&Value::Text(text.to_owned())).map(|bytes| bytes.0)
    }

    #[test]
    fn sizes_are_read_with_their_units() {
        assert_eq!(bytes("64 MiB"), Some(64 << 20));
        assert_eq!(bytes("1GiB"), Some(1 << 30));
        assert_eq!(bytes("10 MB"), Some(10_000_000));
        assert_eq!(bytes("512 b"), Some(512));
        assert_eq!(Bytes::from_value(&Value::Integer(7)), Some(Bytes(7)));
        assert_eq!(Bytes::from_value(&Value::Word("7".to_owned())), Some(Bytes(7)));
    }

    #[test]
    fn what_is_no_size_is_not_read() {
        for text in ["", "MiB", "64", "1.5 MiB", "-1 MiB", "64 MiBit", "99999999999 GiB"] {
            assert_eq!(bytes(text), None, "{text}");
        }
        assert_eq!(Bytes::from_value(&Value::Integer(-1)), None);
    }

    #[test]
    fn sizes_are_listed_in_their_largest_whole_unit() {
        assert_eq!(Bytes(1 << 30).to_toml(), "\"1 GiB\"");
        assert_eq!(Bytes(2048).to_toml(), "\"2 KiB\"");
        assert_eq!(Bytes(1500).to_toml(), "1500");
        assert_eq!(Bytes(0).to_toml(), "0");
    }
}
