//! A stranger's text made harmless, one function for each medium that shows it.
//!
//! Nothing is dropped: what must not act is shown instead, so that two different texts stay different.

use std::borrow::Cow;

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// Accents that may be stacked on one letter; more are made visible, so that none can climb out of their line.
const ACCENTS_MAX: usize = 2;

/// For a terminal: characters that act, hide or reorder text become visible as `\u{202e}`.
///
/// These are C0, DEL and C1, bidirectional controls, zero-width and other format characters, and accents past the
/// second on one letter.
#[must_use]
pub fn terminal(text: &str) -> Cow<'_, str> {
    make_visible(text, |_| false)
}

/// For a terminal that knows no more than ASCII.
#[must_use]
pub fn ascii(text: &str) -> Cow<'_, str> {
    make_visible(text, |character| !character.is_ascii())
}

/// The text in at most `cells_max` display cells, with an ellipsis where something is left out.
///
/// It only counts: pass the text through [`terminal`] first.
#[must_use]
pub fn shorten(text: &str, cells_max: usize) -> Cow<'_, str> {
    if text.width() <= cells_max {
        return Cow::Borrowed(text);
    }
    let Some(mut cells_left) = cells_max.checked_sub(1) else { return Cow::Borrowed("") };
    let fits = |character: &char| {
        let left = cells_left.checked_sub(character.width().unwrap_or(1));
        cells_left = left.unwrap_or(0);
        left.is_some()
    };
    let mut kept: String = text.chars().take_while(fits).collect();
    kept.push('…');
    Cow::Owned(kept)
}

/// For HTML, in text and in quoted attributes. Controls are made visible as in [`terminal`].
#[must_use]
pub fn html(text: &str) -> Cow<'_, str> {
    let visible = terminal(text);
    let entity = |character| match character {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '"' => Some("&quot;"),
        '\'' => Some("&#39;"),
        _ => None,
    };
    if !visible.chars().any(|character| entity(character).is_some()) {
        return visible;
    }
    let mut escaped = String::with_capacity(visible.len() + 16);
    for character in visible.chars() {
        match entity(character) {
            Some(entity) => escaped.push_str(entity),
            None => escaped.push(character),
        }
    }
    Cow::Owned(escaped)
}

/// For Markdown: a code span, in which nothing is a link, HTML or the border of a table cell. Empty text stays empty.
///
/// Backslashes in front of punctuation would not do: most renderers still turn `www.` and `a@b` into links.
#[must_use]
pub fn markdown(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    format!("`{}`", make_visible(text, |character| matches!(character, '`' | '|')))
}

/// For JSON that was written already: hidden characters become escapes that mean the same, so that a terminal obeys none.
#[must_use]
pub fn json(written: &str) -> Cow<'_, str> {
    // Most JSON is ASCII, in which all controls of a string are escapes already.
    if written.bytes().all(|byte| byte.is_ascii() && byte != 0x7F) || !written.chars().any(is_hidden_in_json) {
        return Cow::Borrowed(written);
    }
    let mut escaped = String::with_capacity(written.len() + 64);
    for character in written.chars() {
        if is_hidden_in_json(character) {
            let mut units = [0; 2];
            escaped.extend(character.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
        } else {
            escaped.push(character);
        }
    }
    Cow::Owned(escaped)
}

/// Lines and blanks between values are no part of a string.
fn is_hidden_in_json(character: char) -> bool {
    !matches!(character, '\n' | '\r' | '\t') && is_hidden(character)
}

/// For a cell of a table that may be opened in a spreadsheet: hidden characters become visible as in [`terminal`], and a
/// leading `'` keeps text from being run as a formula.
///
/// Plain numbers of ours do not come through here, JSON goes through [`json`]. Quoting is the business of whoever writes
/// the row.
#[must_use]
pub fn csv_cell(text: &str) -> Cow<'_, str> {
    let is_blank =
        |character: char| character.is_whitespace() || is_hidden(character) || matches!(character, '"' | '\'');
    let first_visible = text.chars().find(|character| !is_blank(*character));
    let runs = matches!(first_visible, Some('=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠'));
    let visible = terminal(text);
    if runs { Cow::Owned(format!("'{visible}")) } else { visible }
}

/// Names and addresses that no reader, person or program, takes for a link: `evil[.]example`.
#[must_use]
pub fn defang(text: &str) -> Cow<'_, str> {
    let acts = |character: char| matches!(character, '.' | '@' | ':' | '．' | '。' | '｡');
    if !text.contains(acts) {
        return Cow::Borrowed(text);
    }
    let mut defanged = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        if acts(character) {
            defanged.extend(['[', character, ']']);
        } else {
            defanged.push(character);
        }
    }
    Cow::Owned(defanged)
}

/// Shows what is hidden, and what `also` says. A `\u{` that was sent is shown as `\u{5c}u{`, which keeps texts apart.
fn make_visible(text: &str, also: impl Fn(char) -> bool) -> Cow<'_, str> {
    let mut shown = String::new();
    let mut copied_to = 0;
    let mut accents = 0;
    for (position, character) in text.char_indices() {
        let rest = text.get(position..).unwrap_or_default();
        accents = if character.width() == Some(0) { accents + 1 } else { 0 };
        if is_hidden(character) || also(character) || accents > ACCENTS_MAX || rest.starts_with("\\u{") {
            shown.push_str(text.get(copied_to..position).unwrap_or_default());
            shown.extend(character.escape_unicode());
            copied_to = position + character.len_utf8();
        }
    }
    if copied_to == 0 {
        return Cow::Borrowed(text);
    }
    shown.push_str(text.get(copied_to..).unwrap_or_default());
    Cow::Owned(shown)
}

/// Controls, and characters that leave no ink of their own: Unicode's `Cc`, `Cf`, `Zl`, `Zp`, the default-ignorable
/// code points (tags and variation selectors among them), fillers, and non-characters.
fn is_hidden(character: char) -> bool {
    let code = u32::from(character);
    character.is_control()
        || code & 0xFFFE == 0xFFFE
        || matches!(code,
            0x00AD | 0x034F | 0x0600..=0x0605 | 0x061C | 0x06DD | 0x070F | 0x0890..=0x0891 | 0x08E2 | 0x115F..=0x1160
            | 0x17B4..=0x17B5 | 0x180B..=0x180F | 0x200B..=0x200F | 0x2028..=0x202E | 0x2060..=0x206F | 0x2800 | 0x3164
            | 0xFDD0..=0xFDEF | 0xFE00..=0xFE0F | 0xFEFF | 0xFFA0 | 0xFFF0..=0xFFFB | 0x1_10BD | 0x1_10CD
            | 0x1_3430..=0x1_343F | 0x1_BCA0..=0x1_BCA3 | 0x1_D173..=0x1_D17A | 0xE_0000..=0xE_0FFF)
}

#[cfg(test)]
#[path = "escape_tests.rs"]
mod tests;
