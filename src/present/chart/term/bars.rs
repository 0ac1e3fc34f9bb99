//! C3, C4 and C11: bars from left to right.

use unicode_width::UnicodeWidthStr as _;

use super::{BLANK, Cell, Paper};
use crate::present::chart::alignment::{ROLE_BOTH, ROLE_DKIM_ONLY, ROLE_NEITHER, ROLE_SPF_ONLY};
use crate::present::chart::number::{part_with_share, stack_offsets_px, thousands, total};
use crate::present::chart::palette::Role;
use crate::present::chart::view::{AlignmentView, DispositionView, SourceBar, SourcesView};

const ROLES: [Role; 4] = [ROLE_BOTH, ROLE_DKIM_ONLY, ROLE_SPF_ONLY, ROLE_NEITHER];

/// Segments of a bar whose full length is so many cells; any mail at all has one.
fn bar(paper: &Paper, parts: &[(Role, u64)], whole: u128, width: usize) -> Vec<Cell> {
    let values: Vec<u64> = parts.iter().map(|(_, value)| *value).collect();
    let length = i32::try_from(width).unwrap_or(0);
    let mut cells: Vec<Cell> = Vec::with_capacity(width);
    for ((role, _), offset) in parts.iter().zip(stack_offsets_px(&values, whole, length)) {
        cells.resize(usize::try_from(offset).unwrap_or(0).max(cells.len()), paper.cell(*role));
    }
    let largest = parts.iter().max_by_key(|(_, value)| *value).filter(|(_, value)| *value > 0);
    if let Some((role, _)) = largest.filter(|_| cells.is_empty()) {
        cells.push(paper.cell(*role));
    }
    cells
}

/// A row: name, bar, note.
fn row(paper: &mut Paper, (label, label_width): (&str, usize), mut cells: Vec<Cell>, (note, width): (&str, usize)) {
    cells.resize(width.max(cells.len()), BLANK);
    let line = format!("{}  {}  {note}", paper.pad(label, label_width, false), paper.paint(&cells));
    paper.raw_line(&line);
}

pub(super) fn alignment(paper: &mut Paper, view: &AlignmentView) {
    paper.head(&view.title, &view.subtitle);
    let mails = [view.both, view.dkim_only, view.spf_only, view.neither];
    let all = total(&mails);
    if all == 0 {
        return paper.line(&view.no_data);
    }
    let labels = [&view.labels.both, &view.labels.dkim_only, &view.labels.spf_only, &view.labels.neither];
    // Four names that say it all, and bars that need little room.
    let widths = labels.map(|label| paper.words(label, paper.style.width / 2).width());
    let label_width = widths.into_iter().max().unwrap_or(0);
    let notes = mails.map(|mails| part_with_share(mails, all, &view.labels.few_pattern));
    let width = bar_width(paper, label_width, &notes);
    for (((role, label), mails), note) in ROLES.into_iter().zip(labels).zip(mails).zip(&notes) {
        let cells = bar(paper, &[(role, mails)], all, width);
        row(paper, (label, label_width), cells, (note, width));
    }
}

pub(super) fn sources(paper: &mut Paper, view: &SourcesView) {
    paper.head(&view.title, &view.subtitle);
    let parts = |row: &SourceBar| [row.both, row.dkim_only, row.spf_only, row.neither];
    let most = view.rows.iter().map(|row| total(&parts(row))).max().unwrap_or(0);
    if most == 0 {
        return paper.line(&view.no_data);
    }
    let labels = [&view.labels.both, &view.labels.dkim_only, &view.labels.spf_only, &view.labels.neither];
    let entries: Vec<(Cell, &str)> =
        ROLES.into_iter().zip(labels).map(|(role, label)| (paper.cell(role), label.as_str())).collect();
    paper.legend(&entries);
    let label_width = paper.label_width(view.rows.iter().map(|row| row.label.as_str()));
    let notes: Vec<String> = view.rows.iter().map(|row| thousands(total(&parts(row)))).collect();
    let width = bar_width(paper, label_width, &notes);
    for (source, note) in view.rows.iter().zip(&notes) {
        let stack: Vec<(Role, u64)> = ROLES.into_iter().zip(parts(source)).collect();
        let cells = bar(paper, &stack, most, width);
        row(paper, (&source.label, label_width), cells, (note, width));
    }
    paper.line(&view.more);
}

pub(super) fn dispositions(paper: &mut Paper, view: &DispositionView) {
    paper.head(&view.title, &view.subtitle);
    if view.bars.iter().all(|bar| total(&bar.mails) == 0) {
        return paper.line(&view.no_data);
    }
    for (place, group) in view.bars.iter().enumerate() {
        if place > 0 {
            paper.raw_line("");
        }
        let all = total(&group.mails);
        paper.line(&format!("{}  {}", group.label, thousands(all)));
        let stack: Vec<(Role, u64)> =
            view.series.iter().map(|series| series.role).zip(group.mails.iter().copied()).collect();
        let cells = bar(paper, &stack, all, paper.style.width);
        let line = paper.paint(&cells);
        paper.raw_line(&line);
        let label = |(series, mails): (&crate::present::chart::Series, &u64)| {
            let words = format!("{} {}", part_with_share(*mails, all, &view.few_pattern), series.label);
            (paper.cell(series.role), words)
        };
        let labels: Vec<(Cell, String)> = view.series.iter().zip(&group.mails).map(label).collect();
        let entries: Vec<(Cell, &str)> = labels.iter().map(|(cell, label)| (*cell, label.as_str())).collect();
        paper.legend(&entries);
    }
}

/// What names and notes leave to bars.
fn bar_width(paper: &Paper, label_width: usize, notes: &[String]) -> usize {
    let notes = notes.iter().map(|note| note.width()).max().unwrap_or(0);
    paper.style.width.saturating_sub(label_width + notes + 4).max(1)
}
