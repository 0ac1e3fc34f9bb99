//! The words that people read, in their language.
//!
//! *Takes* the name of a message and its values. *Gives* a sentence in a language. *Never* escapes, or knows a screen.
//!
//! Messages stand in `en/*.ftl` and `ja/*.ftl` (Fluent), a file a screen; `tests/integration/words.rs` holds that both
//! languages have the same ones and that each is used. Records, tags and commands are the same in every language. A
//! stranger's text enters a message as a value; no message has markup. What the pure stages find out is a `Said`, which
//! is put into words where it is shown.

mod again;
mod said;

use std::fmt;

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

pub(crate) use self::said::said;
pub use self::said::{Said, Told, Value};

/// The catalogues of a language, a file a screen.
macro_rules! catalogues {
    ($language:literal $(, $more:literal)?) => {
        &[
            $(include_str!(concat!($language, $more)),)?
            include_str!(concat!($language, "/summary.ftl")),
            include_str!(concat!($language, "/check.ftl")),
            include_str!(concat!($language, "/advice.ftl")),
            include_str!(concat!($language, "/record.ftl")),
            include_str!(concat!($language, "/fix.ftl")),
            include_str!(concat!($language, "/sources.ftl")),
            include_str!(concat!($language, "/reports.ftl")),
            include_str!(concat!($language, "/errors.ftl")),
            include_str!(concat!($language, "/chart.ftl")),
            include_str!(concat!($language, "/kept.ftl")),
            include_str!(concat!($language, "/servers.ftl")),
            include_str!(concat!($language, "/faults.ftl")),
            include_str!(concat!($language, "/intake.ftl")),
            include_str!(concat!($language, "/doctor.ftl")),
            include_str!(concat!($language, "/store.ftl")),
            include_str!(concat!($language, "/spf.ftl")),
            include_str!(concat!($language, "/dmarc.ftl")),
            include_str!(concat!($language, "/dkim.ftl")),
        ]
    };
}

/// A language for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// English.
    En,
    /// Japanese.
    Ja,
}

impl Language {
    /// The tag for HTML and JSON (BCP 47).
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ja => "ja",
        }
    }

    /// The language of a locale such as `ja_JP.UTF-8`; English where there are no words for it.
    #[must_use]
    pub fn of_locale(locale: &str) -> Self {
        let language = locale.split(['_', '.', '@', '-']).next().unwrap_or_default();
        if language.eq_ignore_ascii_case("ja") { Self::Ja } else { Self::En }
    }

    /// The names of all messages.
    #[cfg(test)]
    pub(crate) fn ids(self) -> impl Iterator<Item = &'static str> {
        self.messages().iter().flat_map(|text| text.lines()).filter_map(|line| Some(line.split_once(" = ")?.0))
    }

    const fn messages(self) -> &'static [&'static str] {
        match self {
            Self::En => catalogues!("en"),
            // English help is what the commands declare.
            Self::Ja => catalogues!("ja", "/help.ftl"),
        }
    }
}

/// `COUNT($n, "mail")` is `1 mail` or `2 mails`; where `s` makes no plural, it is given: `COUNT($n, "day was", "days were")`.
///
/// Only English has it. A sentence of several counts stays one line; selectors of Fluent would need a line for each form.
fn counted(given: &[FluentValue<'_>]) -> FluentValue<'static> {
    let [number, one, more @ ..] = given else { return FluentValue::Error };
    let text = |value: &FluentValue<'_>| match value {
        FluentValue::String(text) => text.to_string(),
        FluentValue::Number(number) => number.as_string().parse().map_or_else(|_| number.as_string().into(), thousands),
        _ => String::new(),
    };
    let (number, one) = (text(number), text(one));
    let noun = match more.first() {
        _ if number == "1" => one,
        Some(many) => text(many),
        None => one + "s",
    };
    format!("{number} {noun}").into()
}

/// All messages of one language.
pub struct Words {
    language: Language,
    bundle: FluentBundle<FluentResource>,
}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Words").field(&self.language).finish_non_exhaustive()
    }
}

impl Words {
    /// The messages of a language. A message that can't be read is missing; tests hold that none is.
    #[must_use]
    pub fn new(language: Language) -> Self {
        let tag: LanguageIdentifier = language.as_str().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new(vec![tag]);
        // Marks around values would be stray characters in mails and on terminals; names are escaped before.
        bundle.set_use_isolating(false);
        bundle.set_formatter(Some(|value, _| match value {
            FluentValue::Number(number) => number.as_string().parse().ok().map(thousands),
            _ => None,
        }));
        // Only a function that is there already is an error here.
        let _added = bundle.add_function("COUNT", |given, _| counted(given));
        for messages in language.messages() {
            let resource = FluentResource::try_new((*messages).to_owned()).unwrap_or_else(|(readable, _)| readable);
            // Only a message that stands twice is an error here.
            let _added = bundle.add_resource(resource);
        }
        Self { language, bundle }
    }

    /// Which language it is.
    #[must_use]
    pub const fn language(&self) -> Language {
        self.language
    }

    /// A message without values. Its name stands in the code as it stands in the catalogues.
    #[must_use]
    pub fn say(&self, id: &str) -> String {
        self.with(id, &[])
    }

    /// A message without values, where there is one of this name.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<String> {
        self.bundle.has_message(id).then(|| self.say(id))
    }

    /// A message with values.
    #[must_use]
    pub fn with(&self, id: &str, values: &[(&str, FluentValue<'_>)]) -> String {
        let Some(pattern) = self.bundle.get_message(id).and_then(|message| message.value()) else {
            return id.to_owned();
        };
        let args: FluentArgs = values.iter().map(|(name, value)| (*name, value.clone())).collect();
        self.bundle.format_pattern(pattern, Some(&args), &mut Vec::new()).into_owned()
    }

    /// Sentences behind each other; empty ones are left out.
    #[must_use]
    pub fn join(&self, sentences: &[String]) -> String {
        let between = match self.language {
            Language::En => " ",
            Language::Ja => "",
        };
        let said: Vec<&str> = sentences.iter().map(String::as_str).filter(|sentence| !sentence.is_empty()).collect();
        said.join(between)
    }

    /// A list within a sentence.
    #[must_use]
    pub fn list(&self, items: &[String]) -> String {
        items.join(match self.language {
            Language::En => ", ",
            Language::Ja => "、",
        })
    }
}

/// A message with values: `say!(words, "n-mails", n = 3)`.
macro_rules! say {
    ($words:expr, $id:literal $(, $name:ident = $value:expr)* $(,)?) => {
        $words.with($id, &[$((stringify!($name), ::fluent_bundle::FluentValue::from($value))),*])
    };
}
pub(crate) use say;

/// A number with its thousands separated: `1,234,567`.
#[must_use]
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What messages count.
    const COUNTED: [&str; 14] = [
        "mails",
        "days",
        "reports",
        "reporters",
        "records",
        "new reports",
        "inputs",
        "sources",
        "servers",
        "domains",
        "addresses",
        "terms",
        "rejections",
        "duplicates",
    ];

    /// Messages whose number is never one, or no number yet.
    const NEVER_ONE: [&str; 8] = [
        "alarm-stopped",
        "alarm-spoofing",
        "check-spf-void-lookups",
        "record-spf-huge",
        "record-spf-lookups",
        "progress-inputs",
        "progress-mails",
        "wrong-days",
    ];

    #[test]
    fn numbers_choose_their_plural_and_have_thousands() {
        let words = Words::new(Language::En);
        let told = [0_u64, 1, 1_234_567].map(|n| say!(words, "n-mails", n = n));
        assert_eq!(told, ["0 mails", "1 mail", "1,234,567 mails"]);
        assert_eq!(say!(Words::new(Language::Ja), "n-mails", n = 1_384_u64), "1,384通");
        let servers = |n: u64| say!(words, "check-servers-agree", spoke = n);
        assert_eq!([servers(1), servers(2)], ["1 server says the same", "2 servers say the same"]);
        let signs = |mails: &str| say!(words, "check-dkim-signs", mails = mails, day = "");
        assert!(signs("1").contains("1 mail signed") && signs("1,001").contains("1,001 mails signed"));
    }

    #[test]
    fn one_is_one_thing_in_every_message() {
        let words = Words::new(Language::En);
        let mut wrong = Vec::new();
        let lines = Language::En.messages().iter().flat_map(|text| text.lines());
        for (id, text) in lines.filter_map(|line| line.split_once(" = ")) {
            let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
            let names = text.split('$').skip(1).filter_map(|rest| rest.split(|c| !is_name(c)).next());
            let values: Vec<_> = names.map(|name| (name, FluentValue::from(1_u64))).collect();
            let told = words.with(id, &values);
            let is_plural = |rest: &str| COUNTED.iter().any(|noun| rest.starts_with(noun));
            if told.split("1 ").skip(1).any(is_plural) && !NEVER_ONE.contains(&id) && !id.starts_with("kept-") {
                wrong.push(told);
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn every_message_can_be_read() {
        for language in [Language::En, Language::Ja] {
            for messages in language.messages() {
                assert!(FluentResource::try_new((*messages).to_owned()).is_ok(), "{language:?} {messages}");
            }
        }
    }

    #[test]
    fn the_locale_chooses() {
        let (en, ja) = (Language::En, Language::Ja);
        let told = ["ja", "ja_JP.UTF-8", "JA-jp", "jav", "en_US.UTF-8", "C", ""].map(Language::of_locale);
        assert_eq!(told, [ja, ja, ja, en, en, en, en]);
    }

    #[test]
    fn a_strangers_text_is_a_value_and_no_message() {
        let words = Words::new(Language::En);
        let told = say!(words, "scope-domain", domain = "{ $x } { -term } \u{2068}");
        assert_eq!(told, "{ $x } { -term } \u{2068}");
    }
}
