//! A plain table of text: columns as wide as needed, long cells shortened, widths in display cells.

use unicode_width::UnicodeWidthStr as _;

use super::escape;
use crate::words::{Language, Words};

/// Widest a column may be, in display cells, before the table is fitted to its width.
const COLUMN_CELLS_MAX: usize = 60;

/// Narrowest that the last column is made: a date stays whole.
const LAST_CELLS_MIN: usize = 12;

/// Narrowest that a column of names is made.
const NAME_CELLS_MIN: usize = 24;

/// What a name may take before other columns are left out for it.
const NAME_CELLS_KEPT: usize = 36;

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

    /// The table without as many of the columns `spare`, from the first on, as it takes to fit into `width` display cells.
    #[must_use]
    pub fn narrowed(mut self, width: usize, spare: &[usize]) -> Self {
        for left_out in 0..=spare.len() {
            let kept = |column: usize| !spare.iter().take(left_out).any(|spare| *spare == column);
            let widths = self.widths();
            // A long name is shortened before a column is left out.
            let name = |(cells, right): (usize, &bool)| if *right { cells } else { cells.min(NAME_CELLS_KEPT) };
            let widths = widths.into_iter().zip(&self.right).map(name).enumerate();
            let mut kept_widths: Vec<usize> = widths.filter(|(at, _)| kept(*at)).map(|(_, one)| one).collect();
            if let Some(last) = kept_widths.last_mut() {
                *last = (*last).min(LAST_CELLS_MIN);
            }
            if all_cells(&kept_widths) > width && left_out < spare.len() {
                continue;
            }
            retain(&mut self.headings, kept);
            retain(&mut self.right, kept);
            self.rows.iter_mut().for_each(|row| retain(row, kept));
            break;
        }
        self
    }

    /// Display cells of each column.
    fn widths(&self) -> Vec<usize> {
        let mut widths: Vec<usize> = self.headings.iter().map(|heading| heading.width()).collect();
        for row in &self.rows {
            for (widest, cell) in widths.iter_mut().zip(row) {
                *widest = (*widest).max(cell.width().min(COLUMN_CELLS_MAX));
            }
        }
        widths
    }

    /// Widths that fit into `width` display cells as far as shortening goes: the last column first, then the widest of
    /// those that are set to the left, which hold names.
    fn fitted(&self, width: usize) -> Vec<usize> {
        let mut widths = self.widths();
        let all = all_cells(&widths);
        if let Some(last) = widths.last_mut() {
            *last = last.saturating_sub(all.saturating_sub(width)).max(LAST_CELLS_MIN.min(*last));
        }
        while all_cells(&widths) > width {
            let names =
                widths.iter_mut().zip(&self.right).filter(|(cells, right)| !**right && **cells > NAME_CELLS_MIN);
            let Some((widest, _)) = names.max_by_key(|(cells, _)| **cells) else { break };
            *widest -= 1;
        }
        widths
    }

    /// The table, at most `width` display cells wide where that can be done by shortening the last column and names.
    #[must_use]
    pub fn text(&self, width: usize) -> String {
        let widths = self.fitted(width);
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
/// Cells of a line with two blanks between columns.
fn all_cells(widths: &[usize]) -> usize {
    widths.iter().sum::<usize>() + 2 * widths.len().saturating_sub(1)
}

/// Leaves the places that are kept.
fn retain<T>(items: &mut Vec<T>, kept: impl Fn(usize) -> bool) {
    let mut at = 0;
    items.retain(|_| {
        at += 1;
        kept(at - 1)
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_that_can_be_spared_go_before_a_name_is_cut() {
        let table = || {
            let mut table = Table::new(&["SOURCE", "FIRST", "WHY"]);
            table.row(&["203.0.113.0/24", "2026-10-31", "R-SPF-OWN R-DKIM-OWN"].map(str::to_owned));
            table
        };
        let shown = |width| table().narrowed(width, &[2, 1]).text(width);
        assert_eq!(shown(60), table().text(60));
        assert_eq!(shown(40), table().text(40), "the last one can be shortened");
        assert_eq!(shown(30), "SOURCE          FIRST\n203.0.113.0/24  2026-10-31\n");
        assert_eq!(shown(20), "SOURCE\n203.0.113.0/24\n");
        let mut long = Table::new(&["SOURCE", ">MAILS", "LAST"]);
        long.row(
            &["a-name-of-more-cells-than-a-terminal-of-eighty-has.example", "12", "2026-10-31"].map(str::to_owned),
        );
        assert_eq!(
            long.narrowed(56, &[2]).text(56),
            "SOURCE                                 MAILS  LAST\na-name-of-more-cells-than-a-terminal…     12  2026-10-31\n"
        );
    }
}
