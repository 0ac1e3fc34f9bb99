//! What was written in English and kept, said again in the reader's language.

use super::{Language, Words};

/// How messages of what is kept begin.
const FAMILY: &str = "kept-";

impl Words {
    /// A text that the store keeps in English: as it is in English, and where it has the form of no message `kept-…`.
    #[must_use]
    pub fn again(&self, text: &str) -> String {
        if self.language() == Language::En {
            return text.to_owned();
        }
        let lines = Language::En.messages().iter().flat_map(|messages| messages.lines());
        let mut messages = lines.filter(|line| line.starts_with(FAMILY)).filter_map(|line| line.split_once(" = "));
        let found = messages.find_map(|(id, form)| Some((id, values(form, text)?)));
        found.map_or_else(|| text.to_owned(), |(id, values)| self.with_kept(id, &values))
    }

    fn with_kept(&self, id: &str, values: &[(&'static str, &str)]) -> String {
        // What stands in another sentence is a sentence of its own.
        let is_said = |name: &str, text: &str| name == "what" || (id == "kept-readable" && text == "unknown");
        let value = |name: &str, text: &str| if is_said(name, text) { self.again(text) } else { text.to_owned() };
        let values: Vec<_> = values.iter().map(|(name, text)| (*name, value(name, text).into())).collect();
        self.with(id, &values)
    }
}

/// The values with which a message without anything but values is this text.
fn values<'t>(form: &'static str, text: &'t str) -> Option<Vec<(&'static str, &'t str)>> {
    let mut parts = form.split("{ $").peekable();
    let mut rest = text.strip_prefix(parts.next()?)?;
    let mut values = Vec::new();
    while let Some(part) = parts.next() {
        let (name, behind) = part.split_once(" }")?;
        let end = if parts.peek().is_some() { rest.find(behind)? } else { rest.strip_suffix(behind)?.len() };
        let (value, after) = rest.split_at_checked(end)?;
        values.push((name, value));
        rest = after.strip_prefix(behind)?;
    }
    rest.is_empty().then_some(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_the_form_of_a_message_or_not() {
        assert_eq!(values("no report id", "no report id"), Some(Vec::new()));
        assert_eq!(values("no report id", "no report ids"), None);
        assert_eq!(values("{ $a }: b `{ $c }`", "x: y: b `` z`"), Some(vec![("a", "x: y"), ("c", "` z")]));
        assert_eq!(values("a { $b }", "b a"), None);
    }

    #[test]
    fn what_is_kept_is_said_again() {
        let ja = Words::new(Language::Ja);
        assert_eq!(ja.again("the document ends in the middle (at byte 7)"), "文書が途中で終わっています(7バイト目)");
        assert_eq!(ja.again("record/row/count: missing"), "record/row/count: ありません");
        assert_eq!(ja.again("of another version"), "of another version");
        assert_eq!(Words::new(Language::En).again("no report id"), "no report id");
    }
}
