//! Views whose every form is compared whole, and one in which every text attacks.

mod hostile;
mod small;
mod views;
mod wording;

use super::TextStyle;
use crate::words::{Language, Words};

/// A terminal that shows everything but colours.
const PLAIN: TextStyle = TextStyle { width: 80, color: false, unicode: true };

fn en() -> Words {
    Words::new(Language::En)
}

/// The text without its colours.
fn without_colors(text: &str) -> String {
    let mut plain = String::new();
    let mut pieces = text.split("\u{1b}[");
    plain.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        plain.push_str(piece.split_once('m').map_or(piece, |(_, after)| after));
    }
    plain
}
