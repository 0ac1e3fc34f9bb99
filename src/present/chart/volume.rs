//! C1, mail by class: one stacked bar a day. C5, the impact of a policy, is drawn alike, with a line for what may be lost.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::axis;
use super::canvas::Canvas;
use super::dates::DateAxis;
use super::error::{ChartError, ChartKind};
use super::frame;
use super::legend::{self, Entry, Swatch};
use super::number::{proportion_px, stack_offsets_px, total};
use super::palette::Role;
use super::render::render;
use super::scene::{Area, Scene};
use super::timeline;
use super::view::{ImpactView, Series, VolumeView};

/// A bar of a lone day would otherwise be as wide as the plot, in ems.
const BAR_EM_MAX: i32 = 5;
const LEGEND_ROWS_MAX: i32 = 2;
const WEEK_DAYS: u128 = 7;
/// Dashes of the line that no bar should pass, in pixels.
const CAP_DASH_PX: i32 = 8;

/// Draws mail by class and day (C1).
///
/// # Errors
///
/// When the canvas has a size that is not drawn, or a day has not one value for each series.
pub fn volume(view: &VolumeView, canvas: &Canvas) -> Result<Vec<u8>, ChartError> {
    render(&scene(view, canvas)?, canvas.format)
}

/// Draws what a policy would cost (C5).
///
/// # Errors
///
/// When the canvas has a size that is not drawn, or a day has not one value for each series.
pub fn impact(view: &ImpactView, canvas: &Canvas) -> Result<Vec<u8>, ChartError> {
    render(&impact_scene(view, canvas)?, canvas.format)
}

pub(super) fn scene(view: &VolumeView, canvas: &Canvas) -> Result<Scene, ChartError> {
    stacks(view, None, Scene::new(ChartKind::Volume, canvas)?)
}

pub(super) fn impact_scene(view: &ImpactView, canvas: &Canvas) -> Result<Scene, ChartError> {
    let cap = view.cap_per_week.map(|cap| (cap, view.cap_label.as_str()));
    stacks(&view.stacks, cap, Scene::new(ChartKind::Impact, canvas)?)
}

fn stacks(view: &VolumeView, cap: Option<(u64, &str)>, mut scene: Scene) -> Result<Scene, ChartError> {
    let days = days_in_order(view, scene.chart)?;
    let area = frame::draw(&mut scene, &view.title, &view.subtitle);
    let (Some((&first, _)), Some((&last, _))) = (days.first_key_value(), days.last_key_value()) else {
        frame::draw_no_data(&mut scene, area, &view.no_data);
        return Ok(scene);
    };
    let markers = timeline::markers_in_order(&view.markers, first, last);
    let mut entries = series_entries(view);
    entries.extend(timeline::incomplete_entry(view.incomplete_from, last, &view.incomplete_label));
    entries.extend(cap.map(|(_, label)| Entry { swatch: Swatch::Dashes(CAP_DASH_PX), label: label.to_owned() }));
    let area = legend::draw(&mut scene, area, &entries, LEGEND_ROWS_MAX);
    let area = legend::draw(&mut scene, area, &timeline::marker_entries(&markers), LEGEND_ROWS_MAX);
    let area = timeline::draw_y_label(&mut scene, area, &view.y_label, !markers.is_empty());

    let day_max = days.values().map(|values| total(values)).max().unwrap_or(0);
    // The line is part of the picture, also when all bars stay far below.
    let value_max = cap.map_or(day_max, |(cap, _)| day_max.max(u128::from(cap).div_ceil(WEEK_DAYS)));
    let plot = plot_area(&scene, area, value_max);
    let dates = DateAxis::new(first, last, plot);
    dates.draw_weekends(&mut scene);
    let scale = axis::draw_upward(&mut scene, plot, value_max);
    dates.draw_labels(&mut scene);
    timeline::draw_incomplete_band(&mut scene, view.incomplete_from, &dates, plot);

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
    if let Some((cap, _)) = cap {
        let height = proportion_px(u128::from(cap), scale.top.saturating_mul(WEEK_DAYS), plot.height());
        timeline::draw_level(&mut scene, plot, plot.bottom - height, CAP_DASH_PX);
    }
    timeline::draw_markers(&mut scene, &markers, &dates, plot);
    Ok(scene)
}

/// The days in the order of the calendar, entries of one day added up.
fn days_in_order(view: &VolumeView, chart: ChartKind) -> Result<BTreeMap<NaiveDate, Vec<u64>>, ChartError> {
    let mut days: BTreeMap<NaiveDate, Vec<u64>> = BTreeMap::new();
    for stack in &view.days {
        if stack.values.len() != view.series.len() {
            return Err(ChartError::SeriesMismatch {
                chart,
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

fn series_entries(view: &VolumeView) -> Vec<Entry> {
    let entry = |series: &Series| Entry {
        swatch: Swatch::Role { role: series.role, hatched: series.hatched },
        label: series.label.clone(),
    };
    view.series.iter().map(entry).collect()
}

/// The area of the bars: right of the numbers and above the dates.
fn plot_area(scene: &Scene, area: Area, day_max: u128) -> Area {
    let plot = Area { bottom: area.bottom - scene.gap_px() - scene.line_px(), ..area };
    Area { left: plot.left + axis::numbers_width_px(scene, plot, day_max), ..plot }
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
