//! Lines of text that keep to a width.

use unicode_width::UnicodeWidthStr as _;

use crate::present::escape;
use crate::present::summary::TextStyle;

/// Text in the making.
pub(super) struct Page {
    style: TextStyle,
    text: String,
}

/// How a line is marked. Never by colour alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    Good,
    Bad,
    Unknown,
}

impl Page {
    pub(super) fn new(style: &TextStyle) -> Self {
        Self { style: *style, text: String::new() }
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

/// A text in lines of at most `width` cells; a longer word has a line of its own.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        match lines.last_mut() {
            Some(line) if line.width() + 1 + word.width() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
