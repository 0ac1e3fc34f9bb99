//! A sentence that knows its message and its values, so that it can be said in either language later.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde::{Serialize, Serializer};

use super::{Language, Words};

/// A sentence for people. It is made where something is found out, and put into words where it is shown.
///
/// `Display`, JSON and comparisons with text are in English. Values may be a stranger's: escape what is said.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Said(Box<Form>);

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Form {
    /// A message of the catalogues.
    Message { id: &'static str, values: Vec<(&'static str, Value)> },
    /// Text that comes in its languages already, or that has none, such as a name.
    Text { en: String, ja: Option<String> },
    /// Several in a row, with what stands between them where it is not a list of names.
    List { items: Vec<Said>, between: Option<&'static str> },
}

/// What stands in a sentence.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// Text or a number, the same in every language.
    Text(String),
    /// A part that has words of its own.
    Said(Said),
}

impl Said {
    /// A message of the catalogues; `said!` is easier to read.
    #[must_use]
    pub fn new(id: &'static str, values: Vec<(&'static str, Value)>) -> Self {
        Self(Box::new(Form::Message { id, values }))
    }

    /// A text that is there in both languages.
    #[must_use]
    pub fn both(en: &str, ja: &str) -> Self {
        Self(Box::new(Form::Text { en: en.to_owned(), ja: Some(ja.to_owned()).filter(|ja| !ja.is_empty()) }))
    }

    /// Sentences or names as a list: `a, b`.
    #[must_use]
    pub fn list(items: Vec<Self>) -> Self {
        Self(Box::new(Form::List { items, between: None }))
    }

    /// Clauses behind each other: `a; b`.
    #[must_use]
    pub fn parts(items: Vec<Self>) -> Self {
        Self(Box::new(Form::List { items, between: Some("; ") }))
    }

    /// Each on an indented line of its own, also the first.
    #[must_use]
    pub fn lines(items: Vec<Self>) -> Self {
        let items = std::iter::once(Self::default()).chain(items).collect();
        Self(Box::new(Form::List { items, between: Some("\n  ") }))
    }

    /// Whether nothing is said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match &*self.0 {
            Form::Message { .. } => false,
            Form::Text { en, .. } => en.is_empty(),
            Form::List { items, .. } => items.is_empty(),
        }
    }

    /// The sentence in a language.
    #[must_use]
    pub fn in_words(&self, words: &Words) -> String {
        match &*self.0 {
            Form::Message { id, values } => {
                let value = |value: &Value| match value {
                    Value::Text(text) => text.clone().into(),
                    Value::Said(said) => said.in_words(words).into(),
                };
                let values: Vec<_> = values.iter().map(|(name, told)| (*name, value(told))).collect();
                words.with(id, &values)
            }
            Form::Text { ja: Some(ja), .. } if words.language() == Language::Ja => ja.clone(),
            Form::Text { en, .. } => en.clone(),
            Form::List { items, between } => {
                let items: Vec<String> = items.iter().map(|item| item.in_words(words)).collect();
                between.map_or_else(|| words.list(&items), |between| items.join(between))
            }
        }
    }
}

#[cfg(test)]
impl Said {
    /// Whether the English sentence has a part.
    pub(crate) fn contains(&self, part: &str) -> bool {
        self.to_string().contains(part)
    }
}

thread_local! {
    /// For what is written in English whatever people read: logs and JSON.
    static ENGLISH: Words = Words::new(Language::En);
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&ENGLISH.with(|words| self.in_words(words)))
    }
}

impl Default for Said {
    fn default() -> Self {
        Self::from("")
    }
}

impl Serialize for Said {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl PartialEq<str> for Said {
    fn eq(&self, text: &str) -> bool {
        ENGLISH.with(|words| self.in_words(words)) == text
    }
}

impl PartialEq<&str> for Said {
    fn eq(&self, text: &&str) -> bool {
        self == *text
    }
}

impl PartialEq<String> for Said {
    fn eq(&self, text: &String) -> bool {
        self == text.as_str()
    }
}

impl From<String> for Said {
    fn from(text: String) -> Self {
        Self(Box::new(Form::Text { en: text, ja: None }))
    }
}

impl From<&str> for Said {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl From<&String> for Said {
    fn from(text: &String) -> Self {
        text.as_str().into()
    }
}

/// What may stand in a sentence.
pub trait Told {
    /// The value.
    fn told(&self) -> Value;
}

impl<T: Told + ?Sized> Told for &T {
    fn told(&self) -> Value {
        (**self).told()
    }
}

impl Told for Said {
    fn told(&self) -> Value {
        Value::Said(self.clone())
    }
}

macro_rules! texts {
    ($($type:ty),*) => {
        $(impl Told for $type {
            fn told(&self) -> Value {
                Value::Text(self.to_string())
            }
        })*
    };
}

texts!(
    str,
    String,
    u8,
    u16,
    u32,
    u64,
    usize,
    i64,
    f64,
    IpAddr,
    Ipv4Addr,
    Ipv6Addr,
    chrono::NaiveDate,
    std::path::Display<'_>
);

/// A sentence: `said!("check-dmarc-ttl-long", name = name, ttl_s = 86_400)`.
macro_rules! said {
    ($id:literal $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::words::Said::new($id, vec![$((stringify!($name), $crate::words::Told::told(&$value))),*])
    };
}
pub(crate) use said;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_said_in_either_language() {
        let part = Said::both("DKIM", "電子署名");
        let list = Said::list(vec![part, "{ $x }".into()]);
        let said = said!("share-of-mails", share = list, mails = 12_345_u64);
        assert_eq!(said, "DKIM, { $x } of 12345");
        assert_eq!(said.in_words(&Words::new(Language::Ja)), "12345のうち電子署名、{ $x }");
        assert_eq!(serde_json::to_string(&said).ok().as_deref(), Some("\"DKIM, { $x } of 12345\""));
    }
}
