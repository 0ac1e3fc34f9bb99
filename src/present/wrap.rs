//! Sentences broken into lines.

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// What no line begins with: closing marks, and small letters that belong to the one before.
const NOT_FIRST: &str = "、。，．・：；？！）」』】〕〉》’”ーぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ々)]},.:;!?%";
/// What no line ends with.
const NOT_LAST: &str = "（「『【〔〈《‘“([{";

/// Lines of at most `width` cells, broken at blanks, and between wide letters where the rules of their script let them.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let mut is_first = true;
        for piece in pieces(word) {
            let blank = usize::from(is_first);
            match lines.last_mut() {
                Some(line) if line.width() + blank + piece.width() <= width => {
                    line.push_str(if is_first { " " } else { "" });
                    line.push_str(piece);
                }
                _ => lines.push(piece.to_owned()),
            }
            is_first = false;
        }
    }
    lines
}

/// A text after `lead`, with more lines under its first word.
#[must_use]
pub fn item(lead: &str, text: &str, width: usize) -> String {
    let indent = lead.width();
    let lines = wrap(text, width.saturating_sub(indent).max(20));
    format!("{lead}{}\n", lines.join(&format!("\n{}", " ".repeat(indent))))
}

/// The parts of a word between which a line may end.
fn pieces(word: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut before: Option<char> = None;
    for (position, character) in word.char_indices() {
        // Not behind a narrow letter: a number stays with what it counts.
        let may_end = before.is_some_and(|before| {
            before.width() == Some(2) && !NOT_FIRST.contains(character) && !NOT_LAST.contains(before)
        });
        if may_end {
            pieces.extend(word.get(start..position));
            start = position;
        }
        before = Some(character);
    }
    pieces.extend(word.get(start..));
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stay_whole() {
        assert_eq!(wrap("one two  three", 7), ["one two", "three"]);
        assert_eq!(wrap("a-long-word b", 3), ["a-long-word", "b"]);
        assert_eq!(wrap("", 7), [""; 0]);
    }

    #[test]
    fn wide_letters_are_broken_anywhere_but_before_a_closing_mark() {
        assert_eq!(wrap("日本語のDMARC。", 8), ["日本語の", "DMARC。"]);
        assert_eq!(wrap("日本語。次", 6), ["日本", "語。次"]);
        assert_eq!(wrap("合格(3通)", 7), ["合格", "(3通)"]);
        assert!(wrap(&"日本語、".repeat(20), 10).iter().all(|line| line.width() <= 10 && !line.starts_with('、')));
    }
}
