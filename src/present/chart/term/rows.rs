//! C6 to C9: a row for each reporter, key, class or step.

use chrono::NaiveDate;

use super::{Cell, Paper, bins, ends};
use crate::present::chart::coverage as picture;
use crate::present::chart::palette::Role;
use crate::present::chart::view::{
    CoverageCell, CoverageView, LadderState, LadderView, NewSource, NewSourcesView, SelectorKey, SelectorRow,
    SelectorsView,
};

/// Newest sources that are named under the chart.
const NAMED_MAX: usize = 10;
/// Mails of a day from which on the line of a key is thicker, and thickest.
const SOME_MAILS: u64 = 10;
const MANY_MAILS: u64 = 1_000;

/// Rows of days: each with a name, cells and a note; the days below.
fn draw(
    paper: &mut Paper,
    (first, last): (NaiveDate, NaiveDate),
    rows: &[(String, String)],
    cells: impl Fn(&Paper, usize, (usize, usize)) -> Cell,
) {
    let label_width = paper.label_width(rows.iter().map(|(label, _)| label.as_str()));
    let note_width = paper.label_width(rows.iter().map(|(_, note)| note.as_str()));
    let room = paper.style.width.saturating_sub(label_width + note_width + 4).max(1);
    let count = usize::try_from((last - first).num_days() + 1).unwrap_or(1);
    let bins = bins(count, room);
    for (place, (label, note)) in rows.iter().enumerate() {
        let line: Vec<Cell> = bins.iter().map(|bin| cells(paper, place, *bin)).collect();
        let note = paper.words(note, note_width);
        let line = format!("{}  {}  {note}", paper.pad(label, label_width, false), paper.paint(&line));
        paper.raw_line(&line);
    }
    let dates = ends(&first.to_string(), &last.to_string(), bins.len());
    paper.raw_line(&format!("{}{dates}", " ".repeat(label_width + 2)));
}

pub(super) fn coverage(paper: &mut Paper, view: &CoverageView) {
    paper.head(&view.title, &view.subtitle);
    let days = view.rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let last = days.checked_sub(1).and_then(|days| u64::try_from(days).ok());
    let Some(last) = last.and_then(|days| view.first.checked_add_days(chrono::Days::new(days))) else {
        return paper.line(&view.no_data);
    };
    let labels = &view.labels;
    let kinds = [CoverageCell::Received, CoverageCell::Late, CoverageCell::Missing, CoverageCell::NotExpected];
    let words = [&labels.received, &labels.late, &labels.missing, &labels.not_expected];
    let entries: Vec<(Cell, &str)> =
        kinds.into_iter().zip(words).map(|(kind, label)| (coverage_cell(paper, kind), label.as_str())).collect();
    paper.legend(&entries);
    let rows: Vec<(String, String)> = view.rows.iter().map(|row| row.label.clone()).zip(picture::notes(view)).collect();
    draw(paper, (view.first, last), &rows, |paper, place, (start, end)| {
        let cells = view.rows.get(place).and_then(|row| row.cells.get(start..end.min(row.cells.len())));
        // Of several days in one cell the worst shows.
        let worst = kinds_by_weight().into_iter().find(|kind| cells.is_some_and(|cells| cells.contains(kind)));
        coverage_cell(paper, worst.unwrap_or(CoverageCell::NotExpected))
    });
    paper.line(&view.more);
}

const fn kinds_by_weight() -> [CoverageCell; 3] {
    [CoverageCell::Missing, CoverageCell::Late, CoverageCell::Received]
}

fn coverage_cell(paper: &Paper, kind: CoverageCell) -> Cell {
    match kind {
        CoverageCell::Received => paper.cell(Role::Ok),
        CoverageCell::Late => Cell { sign: paper.either('░', '~'), role: Some(Role::Partial) },
        CoverageCell::Missing => paper.cell(Role::Critical),
        CoverageCell::NotExpected => paper.cell(Role::Neutral),
    }
}

pub(super) fn selectors(paper: &mut Paper, view: &SelectorsView) {
    paper.head(&view.title, &view.subtitle);
    if view.rows.is_empty() || view.first > view.last {
        return paper.line(&view.no_data);
    }
    let thick = Cell { sign: paper.either('█', '#'), role: Some(Role::Ok) };
    let mut entries = vec![(thick, view.labels.line.as_str())];
    if view.rows.iter().any(|row| row.key == SelectorKey::Gone) {
        entries.push((paper.cell(Role::Critical), &view.labels.gone));
    }
    paper.legend(&entries);
    let rows: Vec<(String, String)> = view.rows.iter().map(|row| (row.label.clone(), row.note.clone())).collect();
    draw(paper, (view.first, view.last), &rows, |paper, place, bin| {
        view.rows.get(place).map_or(super::BLANK, |row| selector_cell(paper, row, view.first, bin))
    });
    paper.line(&view.more);
}

fn selector_cell(paper: &Paper, row: &SelectorRow, first: NaiveDate, (start, end): (usize, usize)) -> Cell {
    let place = |day: NaiveDate| usize::try_from((day - first).num_days()).ok();
    let used = row.days.iter().filter(|day| day.mails > 0);
    let most = used.clone().filter(|day| place(day.day).is_some_and(|at| (start..end).contains(&at)));
    let newest = used.filter_map(|day| place(day.day)).max().unwrap_or(0);
    let sign = match most.map(|day| day.mails).max() {
        Some(MANY_MAILS..) => paper.either('█', '#'),
        Some(SOME_MAILS..) => paper.either('▄', '='),
        Some(_) => paper.either('▂', '-'),
        None if row.key == SelectorKey::Gone && start > newest => return paper.cell(Role::Critical),
        None => return paper.cell(Role::Neutral),
    };
    Cell { sign, role: Some(Role::Ok) }
}

pub(super) fn new_sources(paper: &mut Paper, view: &NewSourcesView) {
    paper.head(&view.title, &view.subtitle);
    let is_shown = |source: &&NewSource| (view.first..=view.last).contains(&source.day);
    let mut newest: Vec<&NewSource> = view.lanes.iter().flat_map(|lane| &lane.sources).filter(is_shown).collect();
    if newest.is_empty() {
        return paper.line(&view.no_data);
    }
    let rows: Vec<(String, String)> = view
        .lanes
        .iter()
        .map(|lane| (lane.label.clone(), lane.sources.iter().filter(is_shown).count().to_string()))
        .collect();
    draw(paper, (view.first, view.last), &rows, |paper, place, (start, end)| {
        let Some(lane) = view.lanes.get(place) else { return super::BLANK };
        let at = |day: NaiveDate| usize::try_from((day - view.first).num_days()).ok();
        let here = lane.sources.iter().filter(|source| at(source.day).is_some_and(|at| (start..end).contains(&at)));
        let sign = match here.count() {
            0 => return paper.cell(Role::Neutral),
            1 => paper.either('●', 'o'),
            count => u32::try_from(count).ok().and_then(|count| char::from_digit(count, 10)).unwrap_or('+'),
        };
        Cell { sign, role: Some(lane.role) }
    });
    paper.raw_line("");
    newest.sort_by(|a, b| b.day.cmp(&a.day).then_with(|| b.mails.cmp(&a.mails)).then_with(|| a.label.cmp(&b.label)));
    for source in newest.iter().take(NAMED_MAX) {
        paper.line(&format!("{}  {:>9}  {}", source.day, source.mails, source.label));
    }
    if let Some(more) = newest.len().checked_sub(NAMED_MAX).filter(|more| *more > 0) {
        paper.line(&format!("+{more}"));
    }
}

pub(super) fn ladder(paper: &mut Paper, view: &LadderView) {
    paper.head(&view.title, &view.subtitle);
    if !view.steps.iter().any(|step| step.state == LadderState::Here) {
        return paper.line(&view.no_data);
    }
    let label_width = paper.label_width(view.steps.iter().map(|step| step.label.as_str()));
    let marks = [view.here.as_str(), view.next.as_str()];
    let mark_width = paper.label_width(marks.into_iter());
    let note_width = paper.style.width.saturating_sub(view.steps.len() * 2 + label_width + mark_width + 6);
    for (place, step) in view.steps.iter().enumerate().rev() {
        let (role, mark) = match step.state {
            LadderState::Done => (Role::Misconfigured, ""),
            LadderState::Here => (Role::Ok, view.here.as_str()),
            LadderState::Next => (Role::Unknown, view.next.as_str()),
            LadderState::Open => (Role::Neutral, ""),
        };
        // A step is as long as it is high.
        let mut cells = vec![paper.cell(role); (place + 1) * 2];
        cells.resize(view.steps.len() * 2, super::BLANK);
        let line = format!(
            "{}  {}  {}  {}",
            paper.paint(&cells),
            paper.pad(&step.label, label_width, false),
            paper.pad(mark, mark_width, false),
            paper.words(&step.note, note_width)
        );
        paper.raw_line(&line);
    }
    paper.line(&view.footer);
}
