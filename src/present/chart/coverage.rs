//! C6, coverage: a row a reporter, a cell a day.

use chrono::{Days, NaiveDate};

use super::canvas::Canvas;
use super::error::{ChartError, ChartKind};
use super::frame;
use super::legend::{self, Entry, Swatch};
use super::number::{part_with_share, total};
use super::palette::Role;
use super::render::render;
use super::rows::{self, RowWords};
use super::scene::{Area, Scene};
use super::view::{CoverageCell, CoverageView};

/// Rows are never higher than this, in ems.
const ROW_EM_MAX: i32 = 3;
/// Columns narrower than this have no gap between their cells.
const GAP_COLUMN_PX_MIN: i32 = 5;

/// Draws which reporter reported which day (C6).
///
/// # Errors
///
/// When the canvas has a size that is not drawn.
pub fn coverage(view: &CoverageView, canvas: &Canvas) -> Result<Vec<u8>, ChartError> {
    render(&scene(view, canvas)?, canvas.format)
}

pub(super) fn scene(view: &CoverageView, canvas: &Canvas) -> Result<Scene, ChartError> {
    let mut scene = Scene::new(ChartKind::Coverage, canvas)?;
    let area = frame::draw(&mut scene, &view.title, &view.subtitle);
    let day_count = view.rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let Some(last) = nth_day(view.first, day_count.wrapping_sub(1)).filter(|_| day_count > 0) else {
        frame::draw_no_data(&mut scene, area, &view.no_data);
        return Ok(scene);
    };
    let area = legend::draw(&mut scene, area, &entries(view), 2);
    let shown = view.rows.len().min(rows::fitting(&scene, area));
    let notes = notes(view);
    let words: Vec<RowWords<'_>> =
        view.rows.iter().zip(&notes).take(shown).map(|(row, note)| RowWords { label: &row.label, note }).collect();
    let placed = rows::draw(&mut scene, area, &words, (view.first, last), ROW_EM_MAX);
    for (row, strip) in view.rows.iter().zip(&placed.strips) {
        // Neighbours of one kind are one area: most days are alike, and a picture of years stays small.
        for (start, length, cell) in runs(&row.cells, placed.dates.column(view.first).width() < GAP_COLUMN_PX_MIN) {
            let Some((from, to)) = nth_day(view.first, start).zip(nth_day(view.first, start + length - 1)) else {
                continue;
            };
            let (left, right) = (placed.dates.column(from).left, placed.dates.column(to).right);
            let gap = i32::from(right - left >= GAP_COLUMN_PX_MIN);
            draw_cell(&mut scene, Area { left, right: (right - gap).max(left + 1), ..*strip }, cell);
        }
    }
    rows::draw_footer(&mut scene, placed.footer, &view.more, view.rows.len() - shown);
    Ok(scene)
}

/// The weights of the reporters, as people read them.
pub(super) fn notes(view: &CoverageView) -> Vec<String> {
    let mails: Vec<u64> = view.rows.iter().map(|row| row.mails).collect();
    let all = total(&mails);
    mails.into_iter().map(|mails| part_with_share(mails, all, &view.few_pattern)).collect()
}

fn nth_day(first: NaiveDate, place: usize) -> Option<NaiveDate> {
    first.checked_add_days(Days::new(u64::try_from(place).ok()?))
}

/// Start, length and kind of each run of cells that are alike; of each cell unless they are `joined`, or a line anyway.
fn runs(cells: &[CoverageCell], joined: bool) -> Vec<(usize, usize, CoverageCell)> {
    let mut runs: Vec<(usize, usize, CoverageCell)> = Vec::new();
    for (place, &cell) in cells.iter().enumerate() {
        match runs.last_mut() {
            Some((_, length, last)) if *last == cell && (joined || cell == CoverageCell::NotExpected) => *length += 1,
            _ => runs.push((place, 1, cell)),
        }
    }
    runs
}

fn entries(view: &CoverageView) -> Vec<Entry> {
    let labels = &view.labels;
    let entry = |role, hatched, label: &String| Entry { swatch: Swatch::Role { role, hatched }, label: label.clone() };
    vec![
        entry(Role::Ok, false, &labels.received),
        entry(Role::Partial, true, &labels.late),
        entry(Role::Critical, false, &labels.missing),
        Entry { swatch: Swatch::Line(Role::Neutral), label: labels.not_expected.clone() },
    ]
}

/// What is missing is small in a frame, what was not to be expected a thin line: the four differ without colour too.
fn draw_cell(scene: &mut Scene, area: Area, cell: CoverageCell) {
    let middle = i32::midpoint(area.top, area.bottom);
    match cell {
        CoverageCell::Received => scene.role_area(area, Role::Ok, false),
        CoverageCell::Late => scene.role_area(area, Role::Partial, true),
        CoverageCell::Missing => {
            let quarter = area.height() / 4;
            scene.role_area(
                Area { top: area.top + quarter, bottom: area.bottom - quarter, ..area },
                Role::Critical,
                false,
            );
        }
        CoverageCell::NotExpected => {
            scene.fill(Area { top: middle - 1, bottom: middle + 1, ..area }, scene.palette.paint(Role::Neutral).fill);
        }
    }
}
