//! A plain table of text: columns as wide as needed, long cells shortened, widths in display cells.

use unicode_width::UnicodeWidthStr as _;

use super::escape;
use crate::words::{Language, Words};

/// Widest a column may be, in display cells, before the table is fitted to its width.
const COLUMN_CELLS_MAX: usize = 60;

/// Rows under headings. A heading that begins with `>` is of a column that is set to the right.
#[derive(Debug)]
pub struct Table {
    headings: Vec<String>,
    right: Vec<bool>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table without rows.
    #[must_use]
    pub fn new(headings: &[&str]) -> Self {
        let name = |heading: &&str| heading.strip_prefix('>').unwrap_or(heading).to_owned();
        let right = headings.iter().map(|heading| heading.starts_with('>')).collect();
        Self { headings: headings.iter().map(name).collect(), right, rows: Vec::new() }
    }

    /// A table whose headings are messages, in English in capital letters.
    #[must_use]
    pub fn titled(words: &Words, ids: &[&str]) -> Self {
        let heading = |id: &&str| {
            let (mark, id) = id.strip_prefix('>').map_or(("", *id), |id| (">", id));
            let text = words.say(id);
            format!("{mark}{}", if words.language() == Language::En { text.to_uppercase() } else { text })
        };
        let headings: Vec<String> = ids.iter().map(heading).collect();
        Self::new(&headings.iter().map(String::as_str).collect::<Vec<_>>())
    }

    /// Adds a row. Cells may be a stranger's text: control characters are made visible.
    pub fn row(&mut self, cells: &[String]) {
        self.rows.push(cells.iter().map(|cell| escape::terminal(cell).into_owned()).collect());
    }

    /// The table, at most `width` display cells wide where that can be done by shortening the last column.
    #[must_use]
    pub fn text(&self, width: usize) -> String {
        let mut widths: Vec<usize> = self.headings.iter().map(|heading| heading.width()).collect();
        for row in &self.rows {
            for (widest, cell) in widths.iter_mut().zip(row) {
                *widest = (*widest).max(cell.width().min(COLUMN_CELLS_MAX));
            }
        }
        let all: usize = widths.iter().sum::<usize>() + 2 * widths.len().saturating_sub(1);
        if let Some(last) = widths.last_mut() {
            *last = last.saturating_sub(all.saturating_sub(width)).max(8.min(*last));
        }
        let mut text = String::new();
        for row in std::iter::once(&self.headings).chain(&self.rows) {
            self.line(&mut text, row, &widths);
        }
        text
    }

    fn line(&self, text: &mut String, row: &[String], widths: &[usize]) {
        let mut line = String::new();
        for ((cell, width), right) in row.iter().zip(widths).zip(&self.right) {
            let cell = escape::shorten(cell, *width);
            let padding = " ".repeat(width.saturating_sub(cell.width()));
            if !line.is_empty() {
                line.push_str("  ");
            }
            let (before, after) = if *right { (padding.as_str(), "") } else { ("", padding.as_str()) };
            line.push_str(before);
            line.push_str(&cell);
            line.push_str(after);
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
}
