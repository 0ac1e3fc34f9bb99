//! Columns of text for a terminal, aligned, with colour beside them rather than in them.

use unicode_width::UnicodeWidthStr as _;

use super::TextStyle;
use crate::present::escape;

/// Cells between two columns.
const GAP_CELLS: usize = 2;

/// How text stands out. Never the only carrier of a meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tint {
    Plain,
    Strong,
    Quiet,
    Good,
    Bad,
}

impl Tint {
    /// The text in its colour, where there are colours.
    pub(super) fn paint(self, text: &str, style: &TextStyle) -> String {
        let code = match self {
            Self::Strong => "1",
            Self::Quiet => "2",
            Self::Good => "32",
            Self::Bad => "31",
            Self::Plain => return text.to_owned(),
        };
        if style.color && !text.is_empty() { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

/// One cell.
#[derive(Clone, Debug)]
pub(super) struct Cell {
    pub(super) text: String,
    pub(super) tint: Tint,
}

impl Cell {
    pub(super) fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), tint: Tint::Plain }
    }
}

/// Rows under headings. The first column is set to the left, all others to the right.
#[derive(Debug)]
pub(super) struct Grid {
    rows: Vec<Row>,
}

#[derive(Debug)]
enum Row {
    Cells(Vec<Cell>),
    /// A line that keeps to no column.
    Line(String),
}

impl Grid {
    /// A grid without rows. Its first heading is the title.
    pub(super) fn new<T: AsRef<str>>(headings: &[T]) -> Self {
        let heading = |text: &T| Cell { text: text.as_ref().to_owned(), tint: Tint::Strong };
        Self { rows: vec![Row::Cells(headings.iter().map(heading).collect())] }
    }

    /// Adds a row. Its texts are safe for a terminal already.
    pub(super) fn row(&mut self, cells: Vec<Cell>) {
        self.rows.push(Row::Cells(cells));
    }

    /// Adds a line across all columns.
    pub(super) fn line(&mut self, line: String) {
        self.rows.push(Row::Line(line));
    }

    /// The lines. A first cell that would not fit stands on a line of its own above its row.
    pub(super) fn lines(&self, style: &TextStyle) -> Vec<String> {
        let widths = self.widths(style.width);
        let mut lines = Vec::new();
        for row in &self.rows {
            match row {
                Row::Line(line) => lines.push(Tint::Quiet.paint(line, style)),
                Row::Cells(cells) => push_row(&mut lines, cells, &widths, style),
            }
        }
        lines
    }

    /// The first column takes what the others leave, and only as much as the names that fit in there need.
    fn widths(&self, width: usize) -> Vec<usize> {
        let rows = || self.rows.iter().filter_map(Row::cells);
        let columns = rows().map(<[Cell]>::len).max().unwrap_or(0);
        let widest = |column: usize, limit: usize| {
            let cells = rows().filter_map(|row| row.get(column)).map(|cell| cell.text.width());
            cells.filter(|width| *width <= limit).max().unwrap_or(0)
        };
        let others: Vec<usize> = (1..columns).map(|column| widest(column, usize::MAX)).collect();
        let taken: usize = others.iter().map(|width| width + GAP_CELLS).sum();
        let title = rows().next().and_then(<[Cell]>::first).map_or(0, |cell| cell.text.width());
        let first = widest(0, width.saturating_sub(taken)).max(title);
        std::iter::once(first).chain(others).collect()
    }
}

impl Row {
    fn cells(&self) -> Option<&[Cell]> {
        match self {
            Self::Cells(cells) => Some(cells),
            Self::Line(_) => None,
        }
    }
}

fn push_row(lines: &mut Vec<String>, cells: &[Cell], widths: &[usize], style: &TextStyle) {
    let mut columns = cells.iter().zip(widths);
    let Some((name, width)) = columns.next() else { return };
    let text = escape::shorten(&name.text, style.width);
    let mut line = name.tint.paint(&text, style);
    let mut padding = width.saturating_sub(text.width());
    if text.width() > *width {
        lines.push(std::mem::take(&mut line));
        padding = *width;
    }
    line.push_str(&" ".repeat(padding));
    for (cell, width) in columns {
        line.push_str(&" ".repeat(GAP_CELLS + width.saturating_sub(cell.text.width())));
        line.push_str(&cell.tint.paint(&cell.text, style));
    }
    lines.push(line);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(width: usize, first: &str) -> Vec<String> {
        let mut grid = Grid::new(&["NAME", "MAILS"]);
        grid.row(vec![Cell::plain(first), Cell::plain("1,234")]);
        grid.row(vec![Cell::plain("日本"), Cell { text: "5".to_owned(), tint: Tint::Bad }]);
        grid.lines(&TextStyle { width, color: false, unicode: true })
    }

    #[test]
    fn numbers_stand_under_each_other() {
        assert_eq!(lines(80, "example.com"), ["NAME         MAILS", "example.com  1,234", "日本             5"]);
    }

    #[test]
    fn a_long_name_stands_on_its_own_line() {
        let expected = ["NAME  MAILS", "a-very-long-name", "      1,234", "日本      5"];
        assert_eq!(lines(17, "a-very-long-name"), expected);
        assert_eq!(lines(17, &"x".repeat(40)).get(1), Some(&format!("{}…", "x".repeat(16))));
    }
}
