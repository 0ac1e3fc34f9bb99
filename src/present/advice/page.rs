//! Lines of text that keep to a width.

use unicode_width::UnicodeWidthStr as _;

use crate::present::escape;
use crate::present::summary::TextStyle;
use crate::present::wrap::wrap;
use crate::words::{Said, Words};

/// Text in the making.
pub(super) struct Page<'w> {
    style: TextStyle,
    pub(super) words: &'w Words,
    text: String,
}

/// How a line is marked. Never by colour alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    Good,
    Bad,
    Unknown,
}

impl<'w> Page<'w> {
    pub(super) fn new(style: &TextStyle, words: &'w Words) -> Self {
        Self { style: *style, words, text: String::new() }
    }

    /// The text.
    pub(super) fn end(self) -> String {
        self.text
    }

    /// A stranger's text, harmless on this terminal.
    pub(super) fn safe(&self, text: &str) -> String {
        if self.style.unicode { escape::terminal(text).into_owned() } else { escape::ascii(text).into_owned() }
    }

    /// The sign of a mark.
    pub(super) fn sign(&self, mark: Mark) -> String {
        let (sign, code) = match (mark, self.style.unicode) {
            (Mark::Good, true) => ("✓", "32"),
            (Mark::Good, false) => ("+", "32"),
            (Mark::Bad, true) => ("✗", "31"),
            (Mark::Bad, false) => ("x", "31"),
            (Mark::Unknown, _) => ("?", "33"),
        };
        self.paint(sign, code)
    }

    /// Text that stands out.
    pub(super) fn strong(&self, text: &str) -> String {
        self.paint(text, "1")
    }

    fn paint(&self, text: &str, code: &str) -> String {
        if self.style.color { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    /// An empty line.
    pub(super) fn gap(&mut self) {
        self.text.push('\n');
    }

    /// A heading.
    pub(super) fn heading(&mut self, text: &str) {
        self.gap();
        let line = self.strong(text);
        self.text.push_str(&line);
        self.text.push('\n');
    }

    /// A line that is not to be broken: something to copy.
    pub(super) fn verbatim(&mut self, text: &str) {
        let safe = self.safe(text);
        self.text.push_str(&safe);
        self.text.push('\n');
    }

    /// A sentence as a paragraph.
    pub(super) fn said(&mut self, lead: &str, said: &Said) {
        self.paragraph(lead, &said.in_words(self.words));
    }

    /// A paragraph after `lead`, which is not broken; more lines stand under its first word.
    pub(super) fn paragraph(&mut self, lead: &str, text: &str) {
        let indent = plain_width(lead);
        let width = self.style.width.saturating_sub(indent).max(20);
        let safe = self.safe(text);
        for (at, line) in wrap(&safe, width).iter().enumerate() {
            if at == 0 {
                self.text.push_str(lead);
            } else {
                self.text.push_str(&" ".repeat(indent));
            }
            self.text.push_str(line);
            self.text.push('\n');
        }
    }
}

/// Cells of a text without what colours it.
fn plain_width(text: &str) -> usize {
    let mut width = 0;
    for (at, part) in text.split('\u{1b}').enumerate() {
        let shown = if at == 0 { part } else { part.split_once('m').map_or("", |(_, rest)| rest) };
        width += shown.width();
    }
    width
}
