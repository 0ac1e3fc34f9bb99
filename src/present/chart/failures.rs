//! C2, failure rate: a dot a day, a line and its band a week, and the rates that decide something.
//!
//! The axis grows with the square root: half a per cent, which decides, must be seen beside the twenty of a bad day, and
//! zero must have a place.

use chrono::NaiveDate;

use super::canvas::Canvas;
use super::dates::DateAxis;
use super::error::{ChartError, ChartKind};
use super::frame;
use super::legend::{self, Entry, Swatch};
use super::palette::Role;
use super::render::render;
use super::scene::{Anchor, Area, Rank, Scene, Spot};
use super::timeline;
use super::view::{FailuresView, RateDay, RateSpan};

/// Everything, in millionths.
const ALL_PPM: u32 = 1_000_000;
/// Ends that the axis may have; the first that holds everything is taken.
const TOPS_PPM: [u32; 5] = [50_000, 100_000, 200_000, 500_000, ALL_PPM];
/// Rates that get a line, those first that are least to be missed.
pub(super) const TICKS_PPM: [u32; 10] = [0, 20_000, 5_000, 100_000, 500_000, 50_000, 10_000, 200_000, 1_000, 2_000];
const LEGEND_ROWS_MAX: i32 = 3;
/// Dashes of the first threshold, in pixels; those of each further one are longer.
const DASH_PX: i32 = 4;
/// Radius of a day and of an alarm, in eighths of an em.
const DAY_EIGHTHS: i32 = 2;
const ALARM_EIGHTHS: i32 = 4;
/// Line of the weeks, and band around it.
const ROLE_SPAN: Role = Role::Ok;
const ROLE_BAND: Role = Role::Neutral;

/// Draws the failure rate of own mail (C2).
///
/// # Errors
///
/// When the canvas has a size that is not drawn.
pub fn failures(view: &FailuresView, canvas: &Canvas) -> Result<Vec<u8>, ChartError> {
    render(&scene(view, canvas)?, canvas.format)
}

pub(super) fn scene(view: &FailuresView, canvas: &Canvas) -> Result<Scene, ChartError> {
    let mut scene = Scene::new(ChartKind::Failures, canvas)?;
    let area = frame::draw(&mut scene, &view.title, &view.subtitle);
    let Some((first, last)) = range(view) else {
        frame::draw_no_data(&mut scene, area, &view.no_data);
        return Ok(scene);
    };
    let markers = timeline::markers_in_order(&view.markers, first, last);
    let area = legend::draw(&mut scene, area, &entries(view, last), LEGEND_ROWS_MAX);
    let area = legend::draw(&mut scene, area, &timeline::marker_entries(&markers), 2);
    let area = timeline::draw_y_label(&mut scene, area, &view.y_label, !markers.is_empty());
    let plot = Area {
        left: area.left + scene.text_width_px("100 %") + scene.gap_px(),
        bottom: area.bottom - scene.gap_px() - scene.line_px(),
        ..area
    };
    let dates = DateAxis::new(first, last, plot);
    dates.draw_weekends(&mut scene);
    let top_ppm = top_ppm(view);
    let y = |ppm| plot.bottom - height_px(ppm, top_ppm, plot.height());
    draw_bands(&mut scene, view, &dates, y);
    draw_ticks(&mut scene, plot, top_ppm);
    dates.draw_labels(&mut scene);
    timeline::draw_incomplete_band(&mut scene, view.incomplete_from, &dates, plot);
    draw_rates(&mut scene, view, &dates, y);
    for (place, threshold) in (1..).zip(&view.thresholds) {
        if threshold.ppm <= top_ppm {
            timeline::draw_level(&mut scene, plot, y(threshold.ppm), DASH_PX * place);
        }
    }
    timeline::draw_markers(&mut scene, &markers, &dates, plot);
    for day in days(view) {
        let column = dates.column(day.day);
        let middle = (i32::midpoint(column.left, column.right), y(rate_ppm(day)));
        if day.is_alarm {
            let radius_px = scene.body_px * ALARM_EIGHTHS / 8;
            scene.role_dot(middle, radius_px, Role::Critical);
        } else {
            let radius_px = scene.body_px * DAY_EIGHTHS / 8;
            scene.dot(middle, radius_px, scene.palette.muted);
        }
    }
    Ok(scene)
}

/// Days with mail; alarms last, so that nothing lies on them.
pub(super) fn days(view: &FailuresView) -> Vec<&RateDay> {
    let mut days: Vec<&RateDay> = view.days.iter().filter(|day| day.total > 0).collect();
    days.sort_by_key(|day| (day.is_alarm, day.day));
    days
}

pub(super) fn range(view: &FailuresView) -> Option<(NaiveDate, NaiveDate)> {
    let days = || days(view).into_iter().map(|day| day.day);
    let first = days().chain(view.spans.iter().map(|span| span.first)).min()?;
    let last = days().chain(view.spans.iter().map(|span| span.last)).max()?;
    Some((first, last))
}

pub(super) fn rate_ppm(day: &RateDay) -> u32 {
    let ppm = u128::from(day.failed) * u128::from(ALL_PPM) / u128::from(day.total.max(1));
    u32::try_from(ppm).unwrap_or(ALL_PPM).min(ALL_PPM)
}

pub(super) fn top_ppm(view: &FailuresView) -> u32 {
    let spans = view.spans.iter().map(|span| span.high_ppm.max(span.rate_ppm));
    let most = spans.chain(view.days.iter().map(rate_ppm)).max().unwrap_or(0);
    TOPS_PPM.into_iter().find(|top| *top >= most).unwrap_or(ALL_PPM)
}

/// Height of a rate over the bottom of the plot.
pub(super) fn height_px(ppm: u32, top_ppm: u32, plot_px: i32) -> i32 {
    let plot = u128::try_from(plot_px).unwrap_or(0);
    let square = u128::from(ppm.min(top_ppm)) * plot * plot / u128::from(top_ppm.max(1));
    i32::try_from(square.isqrt()).unwrap_or(plot_px)
}

fn entries(view: &FailuresView, last: NaiveDate) -> Vec<Entry> {
    let entry = |swatch: Swatch, label: &str| Entry { swatch, label: label.to_owned() };
    let labels = &view.labels;
    let mut entries = vec![entry(Swatch::Dot(None, DAY_EIGHTHS), &labels.day)];
    if !view.spans.is_empty() {
        entries.push(entry(Swatch::Line(ROLE_SPAN), &labels.span));
        entries.push(entry(Swatch::Role { role: ROLE_BAND, hatched: false }, &labels.band));
    }
    if view.days.iter().any(|day| day.is_alarm) {
        entries.push(entry(Swatch::Dot(Some(Role::Critical), ALARM_EIGHTHS), &labels.alarm));
    }
    for (place, threshold) in (1..).zip(&view.thresholds) {
        entries.push(entry(Swatch::Dashes(DASH_PX * place), &threshold.label));
    }
    entries.extend(timeline::incomplete_entry(view.incomplete_from, last, &view.incomplete_label));
    entries
}

/// Lines and numbers of the axis, as many as have room.
fn draw_ticks(scene: &mut Scene, plot: Area, top_ppm: u32) {
    let mut taken: Vec<i32> = Vec::new();
    for ppm in TICKS_PPM.into_iter().chain([top_ppm]).filter(|ppm| *ppm <= top_ppm) {
        let y = plot.bottom - height_px(ppm, top_ppm, plot.height());
        if taken.iter().any(|other| (other - y).abs() < scene.line_px()) {
            continue;
        }
        taken.push(y);
        scene.fill(Area { top: y, bottom: y + 1, ..plot }, scene.palette.grid);
        let spot = Spot {
            x: plot.left - scene.gap_px(),
            baseline: scene.baseline_around(y),
            anchor: Anchor::End,
            width_max_px: plot.left,
        };
        scene.text(&per_cent(ppm), Rank::Muted, spot);
    }
}

/// Per cent with as many decimals as it has.
pub(super) fn per_cent(ppm: u32) -> String {
    match (ppm / 10_000, ppm % 10_000 / 1_000) {
        (whole, 0) => format!("{whole} %"),
        (whole, tenth) => format!("{whole}.{tenth} %"),
    }
}

/// Bands of confidence.
fn draw_bands(scene: &mut Scene, view: &FailuresView, dates: &DateAxis, y: impl Fn(u32) -> i32) {
    for span in &view.spans {
        let (left, right) = (dates.column(span.first).left, dates.column(span.last).right);
        let band = Area { left, right, top: y(span.high_ppm), bottom: y(span.low_ppm) };
        scene.fill(band, scene.palette.paint(ROLE_BAND).fill);
    }
}

/// Rates of several days as a line with steps.
fn draw_rates(scene: &mut Scene, view: &FailuresView, dates: &DateAxis, y: impl Fn(u32) -> i32) {
    let color = scene.palette.paint(ROLE_SPAN).fill;
    let mut spans: Vec<&RateSpan> = view.spans.iter().collect();
    spans.sort_by_key(|span| span.first);
    let mut before: Option<(i32, i32)> = None;
    for span in spans {
        let (left, right) = (dates.column(span.first).left, dates.column(span.last).right);
        let middle = y(span.rate_ppm);
        scene.fill(Area { left, right, top: middle - 1, bottom: middle + 2 }, color);
        if let Some((_, other)) = before.filter(|(end, _)| *end == left) {
            let riser =
                Area { left: left - 1, right: left + 1, top: middle.min(other) - 1, bottom: middle.max(other) + 2 };
            scene.fill(riser, color);
        }
        before = Some((right, middle));
    }
}
