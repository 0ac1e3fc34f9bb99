//! What charts over days share: the unit of the upward axis, days that are not complete, events.

use chrono::NaiveDate;

use super::dates::DateAxis;
use super::legend::{Entry, Swatch};
use super::scene::{Anchor, Area, Lane, Rank, Scene, Spot};
use super::view::Marker;

/// Length of a dash and of the gap after it, in pixels.
const DASH_PX: i32 = 3;

/// Markers within the days of the chart, in the order of the calendar.
pub(super) fn markers_in_order(markers: &[Marker], first: NaiveDate, last: NaiveDate) -> Vec<&Marker> {
    let mut markers: Vec<&Marker> = markers.iter().filter(|marker| (first..=last).contains(&marker.day)).collect();
    markers.sort_by_key(|marker| marker.day);
    markers
}

/// The words of markers go to the legend, the plot shows their numbers: words would overlap there.
pub(super) fn marker_entries(markers: &[&Marker]) -> Vec<Entry> {
    let entry = |(place, marker): (usize, &&Marker)| Entry {
        swatch: Swatch::Number((place + 1).to_string()),
        label: format!("{} {}", marker.day, marker.label),
    };
    markers.iter().enumerate().map(entry).collect()
}

/// Writes the unit over the axis and returns the area below, with a line left for marker numbers.
pub(super) fn draw_y_label(scene: &mut Scene, area: Area, label: &str, has_markers: bool) -> Area {
    let spot = Spot {
        x: area.left,
        baseline: area.top + scene.body_px + scene.gap_px(),
        anchor: Anchor::Start,
        width_max_px: area.width(),
    };
    scene.text(label, Rank::Muted, spot);
    let lines = if has_markers { 2 } else { 1 };
    Area { top: area.top + scene.gap_px() * 2 + scene.line_px() * lines, ..area }
}

/// The entry for days that are not complete, where there are any.
pub(super) fn incomplete_entry(from: Option<NaiveDate>, last: NaiveDate, label: &str) -> Option<Entry> {
    let is_shown = from.is_some_and(|from| from <= last);
    is_shown.then(|| Entry { swatch: Swatch::Hatch, label: label.to_owned() })
}

/// Hatches the empty space over incomplete days, so that a day without any report shows too.
pub(super) fn draw_incomplete_band(scene: &mut Scene, from: Option<NaiveDate>, dates: &DateAxis, plot: Area) {
    if let Some(from) = from {
        let left = dates.column(from).left.max(plot.left);
        scene.hatch(Area { left, ..plot }, scene.palette.grid);
    }
}

/// A dashed line across the plot with its middle at `y`.
pub(super) fn draw_level(scene: &mut Scene, plot: Area, y: i32, dash_px: i32) {
    let stride = usize::try_from(dash_px + DASH_PX).unwrap_or(1);
    for left in (plot.left..plot.right).step_by(stride) {
        let dash = Area { left, right: (left + dash_px).min(plot.right), top: y - 1, bottom: y + 1 };
        scene.fill(dash, scene.palette.ink);
    }
}

/// Dashed lines through the plot, with their numbers above it where these do not touch.
pub(super) fn draw_markers(scene: &mut Scene, markers: &[&Marker], dates: &DateAxis, plot: Area) {
    let mut lane = Lane::new(2);
    for (place, marker) in markers.iter().enumerate() {
        let x = dates.column(marker.day).left;
        let top = plot.top - scene.gap_px();
        for top in (top..plot.bottom).step_by(6) {
            let dash = Area { left: x, top, right: x + 1, bottom: (top + DASH_PX).min(plot.bottom) };
            scene.fill(dash, scene.palette.ink);
        }
        let number = (place + 1).to_string();
        let width_max_px = scene.text_width_px(&number);
        if lane.claim(x, width_max_px) {
            let baseline = top - scene.gap_px() / 2;
            let spot = Spot { x, baseline, anchor: Anchor::Middle, width_max_px };
            scene.text(&number, Rank::Body, spot);
        }
    }
}
