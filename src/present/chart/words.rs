//! Words from outside, made safe and drawable.

use unicode_width::UnicodeWidthChar as _;

/// The text without anything that could break the picture's syntax or deceive its reader.
///
/// White space of any kind becomes one space character each. Dropped are control characters and
/// non-characters (not allowed in XML), and all invisible ones: bidirectional controls, joiners,
/// variation selectors and the like. Accents are kept, one to a letter, so that stacks of them
/// cannot climb out of their line.
pub(super) fn clean(text: &str) -> String {
    let mut cleaned = String::with_capacity(text.len());
    let mut accent_allowed = false;
    for character in text.chars() {
        if is_accent(character) {
            if accent_allowed {
                cleaned.push(character);
            }
            accent_allowed = false;
        } else if character.is_whitespace() {
            cleaned.push(' ');
            accent_allowed = false;
        } else if is_visible(character) {
            push_drawable(&mut cleaned, character);
            accent_allowed = true;
        }
    }
    cleaned
}

/// Whether the character joins the one before it rather than taking a place of its own.
pub(super) fn is_accent(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36F}' | '\u{3099}' | '\u{309A}')
}

fn is_visible(character: char) -> bool {
    let is_noncharacter = u32::from(character) & 0xFFFE == 0xFFFE;
    !is_noncharacter && character.width().is_some_and(|columns| columns > 0)
}

/// Arrows are common in our own words ("none → reject") but missing from the embedded font.
fn push_drawable(cleaned: &mut String, character: char) {
    match character {
        '→' => cleaned.push_str("->"),
        '←' => cleaned.push_str("<-"),
        _ => cleaned.push(character),
    }
}
