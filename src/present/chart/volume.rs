//! C1, mail by class: one stacked bar a day.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::axis;
use super::canvas::Canvas;
use super::dates::DateAxis;
use super::error::{ChartError, ChartKind};
use super::frame;
use super::legend::{self, Entry, Swatch};
use super::number::{stack_offsets_px, total};
use super::palette::Role;
use super::render::render;
use super::scene::{Anchor, Area, Lane, Rank, Scene, Spot};
use super::view::{Marker, Series, VolumeView};

/// A bar of a lone day would otherwise be as wide as the plot, in ems.
const BAR_EM_MAX: i32 = 5;
const LEGEND_ROWS_MAX: i32 = 2;

/// Draws mail by class and day (C1).
///
/// # Errors
///
/// When the canvas has a size that is not drawn, or a day has not one value for each series.
pub fn volume(view: &VolumeView, canvas: &Canvas) -> Result<Vec<u8>, ChartError> {
    render(&scene(view, canvas)?, canvas.format)
}

pub(super) fn scene(view: &VolumeView, canvas: &Canvas) -> Result<Scene, ChartError> {
    let mut scene = Scene::new(ChartKind::Volume, canvas)?;
    let days = days_in_order(view)?;
    let area = frame::draw(&mut scene, &view.title, &view.subtitle);
    let (Some((&first, _)), Some((&last, _))) = (days.first_key_value(), days.last_key_value()) else {
        frame::draw_no_data(&mut scene, area, &view.no_data);
        return Ok(scene);
    };
    let markers = markers_in_order(view, first, last);
    let area = legend::draw(&mut scene, area, &series_entries(view, last), LEGEND_ROWS_MAX);
    let area = legend::draw(&mut scene, area, &marker_entries(&markers), LEGEND_ROWS_MAX);
    let area = draw_y_label(&mut scene, area, &view.y_label, !markers.is_empty());

    let day_max = days.values().map(|values| total(values)).max().unwrap_or(0);
    let plot = plot_area(&scene, area, day_max);
    let dates = DateAxis::new(first, last, plot);
    dates.draw_weekends(&mut scene);
    let scale = axis::draw_upward(&mut scene, plot, day_max);
    dates.draw_labels(&mut scene);
    draw_incomplete_band(&mut scene, view, &dates, plot);

    // With more days than pixels bars share a column. Then the highest is drawn last, to be seen.
    let mut bars: Vec<_> = days.iter().collect();
    bars.sort_by_key(|(_, values)| total(values));
    for (&day, values) in bars {
        let incomplete = view.incomplete_from.is_some_and(|from| day >= from);
        let bar = bar_in_column(&scene, dates.column(day));
        draw_stack(&mut scene, bar, &view.series, (values, scale.top, incomplete));
    }
    if day_max == 0 {
        frame::draw_no_data(&mut scene, plot, &view.no_data);
    }
    draw_markers(&mut scene, &markers, &dates, plot);
    Ok(scene)
}

/// The days in the order of the calendar, entries of one day added up.
fn days_in_order(view: &VolumeView) -> Result<BTreeMap<NaiveDate, Vec<u64>>, ChartError> {
    let mut days: BTreeMap<NaiveDate, Vec<u64>> = BTreeMap::new();
    for stack in &view.days {
        if stack.values.len() != view.series.len() {
            return Err(ChartError::SeriesMismatch {
                chart: ChartKind::Volume,
                bar: stack.day.to_string(),
                values_expected: view.series.len(),
                values_found: stack.values.len(),
            });
        }
        let sums = days.entry(stack.day).or_insert_with(|| vec![0; stack.values.len()]);
        for (sum, value) in sums.iter_mut().zip(&stack.values) {
            *sum = sum.saturating_add(*value);
        }
    }
    Ok(days)
}

fn series_entries(view: &VolumeView, last: NaiveDate) -> Vec<Entry> {
    let entry = |series: &Series| Entry {
        swatch: Swatch::Role { role: series.role, hatched: series.hatched },
        label: series.label.clone(),
    };
    let mut entries: Vec<Entry> = view.series.iter().map(entry).collect();
    if view.incomplete_from.is_some_and(|from| from <= last) {
        entries.push(Entry { swatch: Swatch::Hatch, label: view.incomplete_label.clone() });
    }
    entries
}

/// Markers within the days of the chart, in the order of the calendar.
fn markers_in_order(view: &VolumeView, first: NaiveDate, last: NaiveDate) -> Vec<&Marker> {
    let mut markers: Vec<&Marker> = view.markers.iter().filter(|marker| (first..=last).contains(&marker.day)).collect();
    markers.sort_by_key(|marker| marker.day);
    markers
}

/// The words of markers go to the legend, the plot shows their numbers: words would overlap there.
fn marker_entries(markers: &[&Marker]) -> Vec<Entry> {
    let entry = |(place, marker): (usize, &&Marker)| Entry {
        swatch: Swatch::Number((place + 1).to_string()),
        label: format!("{} {}", marker.day, marker.label),
    };
    markers.iter().enumerate().map(entry).collect()
}

/// Writes the unit over the axis and returns the area below, with a line left for marker numbers.
fn draw_y_label(scene: &mut Scene, area: Area, label: &str, has_markers: bool) -> Area {
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

/// The area of the bars: right of the numbers and above the dates.
fn plot_area(scene: &Scene, area: Area, day_max: u128) -> Area {
    let plot = Area { bottom: area.bottom - scene.gap_px() - scene.line_px(), ..area };
    Area { left: plot.left + axis::numbers_width_px(scene, plot, day_max), ..plot }
}

/// Hatches the empty space over incomplete days, so that a day without any report shows too.
fn draw_incomplete_band(scene: &mut Scene, view: &VolumeView, dates: &DateAxis, plot: Area) {
    if let Some(from) = view.incomplete_from {
        let left = dates.column(from).left.max(plot.left);
        scene.hatch(Area { left, ..plot }, scene.palette.grid);
    }
}

/// The part of a day's column that its bar fills: gaps between bars cost little, slivers nothing.
fn bar_in_column(scene: &Scene, column: Area) -> Area {
    let width = column.width();
    let gap = match width {
        ..4 => 0,
        4..8 => 1,
        _ => (width / 5).max(width - scene.body_px * BAR_EM_MAX),
    };
    let left = column.left + gap / 2;
    Area { left, right: left + (width - gap).max(1), ..column }
}

/// Draws the segments of one day from the bottom of its column up.
fn draw_stack(scene: &mut Scene, column: Area, series: &[Series], (values, top, incomplete): (&[u64], u128, bool)) {
    let offsets = stack_offsets_px(values, top, column.height());
    let mut bottom = column.bottom;
    for (Series { role, hatched, .. }, offset) in series.iter().zip(&offsets) {
        let segment = Area { top: column.bottom - offset, bottom, ..column };
        scene.role_area(segment, *role, *hatched || incomplete);
        bottom = segment.top;
    }
    // A day with little mail must not look like a day without: beside a giant it keeps one pixel.
    if bottom == column.bottom && total(values) > 0 {
        let pixel = Area { top: bottom - 1, ..column };
        scene.role_area(pixel, largest(series, values), false);
    }
}

fn largest(series: &[Series], values: &[u64]) -> Role {
    let by_value = series.iter().zip(values).max_by_key(|(_, value)| **value);
    by_value.map_or(Role::Neutral, |(series, _)| series.role)
}

/// Dashed lines through the plot, with their numbers above it where these do not touch.
fn draw_markers(scene: &mut Scene, markers: &[&Marker], dates: &DateAxis, plot: Area) {
    let mut lane = Lane::new(2);
    for (place, marker) in markers.iter().enumerate() {
        let x = dates.column(marker.day).left;
        let top = plot.top - scene.gap_px();
        for top in (top..plot.bottom).step_by(6) {
            let dash = Area { left: x, top, right: x + 1, bottom: (top + 3).min(plot.bottom) };
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
