//! Charts as text for a terminal: blocks, braille, or plain ASCII.
//!
//! Each meaning has a sign of its own, so colour only helps. Lines are never wider than asked for, in display cells.

mod bars;
mod columns;
mod rate;
mod rows;

use unicode_width::UnicodeWidthStr as _;

use super::palette::Role;
use super::view::{Series, View};
use crate::present::escape;

/// How text is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TermStyle {
    /// Display cells of a line.
    pub width: usize,
    /// Blocks and braille; ASCII where not.
    pub unicode: bool,
    /// ANSI colours.
    pub color: bool,
}

/// Narrower terminals get lines of this width: there is nothing to draw on below.
const WIDTH_MIN: usize = 60;
/// Names take at most this part of a line.
const LABEL_PART: usize = 3;

/// One display cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cell {
    sign: char,
    role: Option<Role>,
}

const BLANK: Cell = Cell { sign: ' ', role: None };

/// A chart that grows line by line.
struct Paper {
    style: TermStyle,
    text: String,
}

impl View {
    /// The chart as lines of text.
    #[must_use]
    pub fn text(&self, style: &TermStyle) -> String {
        let mut paper = Paper { style: TermStyle { width: style.width.max(WIDTH_MIN), ..*style }, text: String::new() };
        match self {
            Self::Volume(view) => columns::volume(&mut paper, view, None),
            Self::Impact(view) => columns::impact(&mut paper, view),
            Self::Failures(view) => rate::failures(&mut paper, view),
            Self::Alignment(view) => bars::alignment(&mut paper, view),
            Self::Sources(view) => bars::sources(&mut paper, view),
            Self::Dispositions(view) => bars::dispositions(&mut paper, view),
            Self::Coverage(view) => rows::coverage(&mut paper, view),
            Self::Selectors(view) => rows::selectors(&mut paper, view),
            Self::NewSources(view) => rows::new_sources(&mut paper, view),
            Self::Ladder(view) => rows::ladder(&mut paper, view),
        }
        paper.text
    }
}

impl Paper {
    /// The sign of a role: from full to empty, and letters for what is not the owner's.
    fn sign(&self, role: Role) -> char {
        let (block, ascii) = match role {
            Role::Ok => ('█', '#'),
            Role::Partial => ('▓', '='),
            Role::Forwarder => ('▒', '+'),
            Role::Misconfigured => ('░', '~'),
            Role::Unknown => ('?', '?'),
            Role::Spoof | Role::Critical => ('x', 'x'),
            Role::Neutral => ('·', '.'),
        };
        if self.style.unicode { block } else { ascii }
    }

    fn cell(&self, role: Role) -> Cell {
        Cell { sign: self.sign(role), role: Some(role) }
    }

    /// One of two signs, by what the terminal can show.
    fn either(&self, unicode: char, ascii: char) -> char {
        if self.style.unicode { unicode } else { ascii }
    }

    /// A stranger's or our own text, harmless and at most so wide.
    fn words(&self, text: &str, width: usize) -> String {
        let safe = if self.style.unicode { escape::terminal(text) } else { escape::ascii(text) };
        let short = escape::shorten(&safe, width);
        if self.style.unicode { short.into_owned() } else { short.replace('…', ">") }
    }

    /// A line of text; nothing for an empty one.
    fn line(&mut self, text: &str) {
        let text = self.words(text, self.style.width);
        if !text.is_empty() {
            self.text.push_str(text.trim_end());
            self.text.push('\n');
        }
    }

    fn head(&mut self, title: &str, subtitle: &str) {
        self.line(title);
        self.line(subtitle);
        self.text.push('\n');
    }

    /// Signs with words, as many on a line as fit.
    fn legend(&mut self, entries: &[(Cell, &str)]) {
        let (mut line, mut used) = (String::new(), 0);
        for (cell, label) in entries {
            let label = self.words(label, self.style.width - 2);
            let width = label.width() + 2;
            if used > 0 && used + 2 + width > self.style.width {
                self.raw_line(&line);
                (line, used) = (String::new(), 0);
            }
            if used > 0 {
                line.push_str("  ");
                used += 2;
            }
            line.push_str(&format!("{} {label}", self.paint(&[*cell])));
            used += width;
        }
        self.raw_line(&line);
    }

    fn series_legend(&mut self, series: &[Series]) {
        let entries: Vec<(Cell, &str)> = series.iter().map(|one| (self.cell(one.role), one.label.as_str())).collect();
        self.legend(&entries);
    }

    fn raw_line(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    /// Cells as text, each run of one role in its colour.
    fn paint(&self, cells: &[Cell]) -> String {
        let mut text = String::new();
        for run in cells.chunk_by(|one, other| one.role == other.role) {
            let signs: String = run.iter().map(|cell| cell.sign).collect();
            match run.first().and_then(|cell| cell.role).filter(|_| self.style.color) {
                Some(role) => text.push_str(&format!("\u{1b}[{}m{signs}\u{1b}[0m", color_code(role))),
                None => text.push_str(&signs),
            }
        }
        text
    }

    /// Text set to the left or the right in so many cells.
    fn pad(&self, text: &str, width: usize, is_right: bool) -> String {
        let text = self.words(text, width);
        let space = " ".repeat(width.saturating_sub(text.width()));
        if is_right { space + &text } else { text + &space }
    }

    /// Cells that names need, at most a third of a line.
    fn label_width<'t>(&self, labels: impl Iterator<Item = &'t str>) -> usize {
        let widest = labels.map(|label| self.words(label, self.style.width).width()).max().unwrap_or(0);
        widest.min(self.style.width / LABEL_PART)
    }
}

const fn color_code(role: Role) -> &'static str {
    match role {
        Role::Ok => "34",
        Role::Partial => "36",
        Role::Misconfigured => "33",
        Role::Forwarder => "35",
        Role::Unknown | Role::Neutral => "90",
        Role::Spoof | Role::Critical => "31",
    }
}

/// Where each of `count` days lies when `cells` cells hold them: first day and the one after the last, for each cell used.
fn bins(count: usize, cells: usize) -> Vec<(usize, usize)> {
    let days = count.div_ceil(cells.max(1)).max(1);
    (0..count).step_by(days).map(|start| (start, (start + days).min(count))).collect()
}

/// Two texts at the ends of a line of so many cells; the second alone where both have no room.
fn ends(first: &str, last: &str, width: usize) -> String {
    let space = width.saturating_sub(first.width() + last.width());
    if space == 0 || first == last { last.to_owned() } else { format!("{first}{}{last}", " ".repeat(space)) }
}
