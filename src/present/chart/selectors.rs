//! C7, selectors: a row a key, as long as it signs and as thick as it signs much.

use chrono::NaiveDate;

use super::canvas::Canvas;
use super::error::{ChartError, ChartKind};
use super::frame;
use super::legend::{self, Entry, Swatch};
use super::palette::Role;
use super::render::render;
use super::rows::{self, RowWords, Rows};
use super::scene::{Area, Scene};
use super::view::{SelectorKey, SelectorRow, SelectorsView};

/// Rows are never higher than this, in ems.
const ROW_EM_MAX: i32 = 3;
/// Mails of a day at which the line has its full thickness, as a power of ten.
const FULL_LOG10: i32 = 6;
/// Width of the end of a key that is gone, in pixels.
const GONE_PX: i32 = 6;

/// Draws which key signed when (C7).
///
/// # Errors
///
/// When the canvas has a size that is not drawn.
pub fn selectors(view: &SelectorsView, canvas: &Canvas) -> Result<Vec<u8>, ChartError> {
    render(&scene(view, canvas)?, canvas.format)
}

pub(super) fn scene(view: &SelectorsView, canvas: &Canvas) -> Result<Scene, ChartError> {
    let mut scene = Scene::new(ChartKind::Selectors, canvas)?;
    let area = frame::draw(&mut scene, &view.title, &view.subtitle);
    if view.rows.is_empty() || view.first > view.last {
        frame::draw_no_data(&mut scene, area, &view.no_data);
        return Ok(scene);
    }
    let mut entries =
        vec![Entry { swatch: Swatch::Role { role: Role::Ok, hatched: false }, label: view.labels.line.clone() }];
    if view.rows.iter().any(|row| row.key == SelectorKey::Gone) {
        let swatch = Swatch::Role { role: Role::Critical, hatched: false };
        entries.push(Entry { swatch, label: view.labels.gone.clone() });
    }
    let area = legend::draw(&mut scene, area, &entries, 2);
    let shown = view.rows.len().min(rows::fitting(&scene, area));
    let words: Vec<RowWords<'_>> =
        view.rows.iter().take(shown).map(|row| RowWords { label: &row.label, note: &row.note }).collect();
    let placed = rows::draw(&mut scene, area, &words, (view.first, view.last), ROW_EM_MAX);
    for (row, strip) in view.rows.iter().zip(&placed.strips) {
        draw_row(&mut scene, row, *strip, (view, &placed));
    }
    rows::draw_footer(&mut scene, placed.footer, &view.more, view.rows.len() - shown);
    Ok(scene)
}

fn draw_row(scene: &mut Scene, row: &SelectorRow, strip: Area, (view, placed): (&SelectorsView, &Rows)) {
    let middle = i32::midpoint(strip.top, strip.bottom);
    scene.fill(Area { top: middle, bottom: middle + 1, ..strip }, scene.palette.grid);
    let mut days: Vec<(NaiveDate, u64)> = row.days.iter().map(|day| (day.day, day.mails)).collect();
    days.retain(|(day, mails)| *mails > 0 && (view.first..=view.last).contains(day));
    days.sort_unstable();
    let mut end = strip.left;
    let mut bars: Vec<Area> = Vec::new();
    for (day, mails) in days {
        let column = placed.dates.column(day);
        let half = half_thickness_px(mails, strip.height());
        let bar = Area {
            left: column.left,
            right: column.right.max(column.left + 1),
            top: middle - half,
            bottom: middle + half,
        };
        end = end.max(bar.right);
        match bars.last_mut() {
            Some(last) if last.right >= bar.left && last.top == bar.top => last.right = bar.right,
            _ => bars.push(bar),
        }
    }
    // A thin line ties the days of a rare key together.
    let start = bars.first().map_or(end, |bar| bar.left);
    bars.push(Area { left: start, right: end, top: middle - 1, bottom: middle + 1 });
    for bar in bars {
        scene.fill(bar, scene.palette.paint(Role::Ok).fill);
    }
    if row.key == SelectorKey::Gone {
        let left = end.min(strip.right - GONE_PX);
        scene.role_area(Area { left, right: left + GONE_PX, ..strip }, Role::Critical, false);
    }
}

/// Half of the thickness of a line: one step for each digit of the mails.
pub(super) fn half_thickness_px(mails: u64, strip_px: i32) -> i32 {
    let digits = mails.checked_ilog10().and_then(|log| i32::try_from(log + 1).ok()).unwrap_or(0);
    (strip_px / 2 * digits.min(FULL_LOG10) / FULL_LOG10).max(1)
}
