//! Tables of the page. On a narrow screen each row becomes a card, in which every cell carries its heading.

use crate::present::summary::number::{share, tenths, thousands};
use crate::words::Words;

/// One column, and one cell of it: the heading, and the content as HTML.
#[derive(Debug)]
pub(super) struct Cell {
    heading: String,
    class: &'static str,
    style: String,
    content: String,
}

impl Cell {
    /// Words. They are HTML already.
    pub(super) fn words(heading: String, content: String) -> Self {
        Self { heading, class: "words", style: String::new(), content }
    }

    /// One day, or the first and the last.
    pub(super) fn days(heading: String, days: String) -> Self {
        Self { heading, class: "days", style: String::new(), content: days }
    }

    /// A number.
    pub(super) fn number(heading: String, number: u64) -> Self {
        Self { heading, class: "number", style: String::new(), content: thousands(number) }
    }

    /// A number of mails that failed, which stands out when there are any.
    pub(super) fn failed(heading: String, mails: u64) -> Self {
        let class = if mails > 0 { "number failed" } else { "number" };
        Self { class, ..Self::number(heading, mails) }
    }

    /// A share, with a bar behind it.
    pub(super) fn share(words: &Words, heading: String, part: u64, whole: u64) -> Self {
        Self { heading, class: "number bar", style: bar(part, whole), content: share(words, part, whole) }
    }

    /// A number that is part of a whole, with a bar behind it.
    pub(super) fn part(heading: String, part: u64, whole: u64) -> Self {
        Self { heading, class: "number bar", style: bar(part, whole), content: thousands(part) }
    }

    /// A picture. It is HTML already.
    pub(super) fn picture(heading: String, content: String) -> Self {
        Self { heading, class: "picture", style: String::new(), content }
    }

    fn head(&self) -> String {
        format!(
            "<th scope=\"col\" class=\"{}\">{}</th>",
            self.class.split(' ').next().unwrap_or_default(),
            self.heading
        )
    }

    fn data(&self) -> String {
        format!("<td class=\"{}\" data-label=\"{}\"{}>{}</td>", self.class, self.heading, self.style, self.content)
    }

    fn row_head(&self) -> String {
        format!("<th scope=\"row\">{}</th>", self.content)
    }
}

fn bar(part: u64, whole: u64) -> String {
    let tenths = tenths(part, whole);
    format!(" style=\"--share:{}.{}%\"", tenths / 10, tenths % 10)
}

/// A table whose rows all have the same columns; nothing where there is no row. The first cell names the row.
pub(super) fn table(rows: &[Vec<Cell>]) -> String {
    let Some(first) = rows.first() else { return String::new() };
    let head: String = first.iter().map(Cell::head).collect();
    let body: String = rows.iter().map(|row| row_of(row)).collect();
    format!("<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n</table>\n")
}

fn row_of(row: &[Cell]) -> String {
    let head = row.first().map(Cell::row_head).unwrap_or_default();
    let data: String = row.iter().skip(1).map(Cell::data).collect();
    format!("<tr>{head}{data}</tr>\n")
}
