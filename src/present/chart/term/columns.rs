//! C1 and C5: a column a day, or for several days where there are more of them than cells.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{BLANK, Cell, Paper, bins, ends};
use crate::present::chart::axis::Scale;
use crate::present::chart::number::{thousands, total};
use crate::present::chart::timeline::markers_in_order;
use crate::present::chart::view::{ImpactView, Series, VolumeView};

/// Lines of the plot.
const LINES: usize = 12;
/// Grid steps.
const STEPS_MAX: u128 = 4;
/// Widest that numbers of the axis may be.
const NUMBERS_MAX: usize = 30;
/// Widest a column may be.
const COLUMN_MAX: usize = 4;

/// Mails of a column, by series.
struct Column {
    first: NaiveDate,
    last: NaiveDate,
    values: Vec<u64>,
}

pub(super) fn impact(paper: &mut Paper, view: &ImpactView) {
    let cap = view.cap_per_week.map(|_| view.cap_label.as_str());
    volume(paper, &view.stacks, cap);
}

pub(super) fn volume(paper: &mut Paper, view: &VolumeView, cap: Option<&str>) {
    paper.head(&view.title, &view.subtitle);
    let days = days_in_order(view);
    let most = days.values().map(|values| total(values)).max().unwrap_or(0);
    let (Some((&first, _)), Some((&last, _))) = (days.first_key_value(), days.last_key_value()) else {
        return paper.line(&view.no_data);
    };
    if most == 0 {
        return paper.line(&view.no_data);
    }
    paper.series_legend(&view.series);
    paper.line(cap.unwrap_or_default());
    // Days share columns when numbers are at their widest, and a scale ends at most at twice its largest value.
    let count = u128::try_from((last - first).num_days() + 1).unwrap_or(1);
    let days_most = count.div_ceil(paper.style.width.saturating_sub(NUMBERS_MAX).max(1) as u128);
    let numbers = thousands(most.saturating_mul(days_most * 2)).len().min(NUMBERS_MAX);
    let columns = columns(&days, (first, last), paper.style.width.saturating_sub(numbers + 2));
    let most = columns.iter().map(|column| total(&column.values)).max().unwrap_or(0);
    let scale = Scale::up_to(most, STEPS_MAX);
    let width = ((paper.style.width - numbers - 2) / columns.len().max(1)).clamp(1, COLUMN_MAX);
    draw_unit(paper, view, &columns);
    for line in (0..LINES).rev() {
        draw_line(paper, (line, width, numbers), &columns, (&view.series, scale));
    }
    let markers = markers_in_order(&view.markers, first, last);
    let foot: String = columns.iter().map(|column| foot(paper, column, view, width, &markers)).collect();
    let indent = " ".repeat(numbers + 2);
    paper.raw_line(&format!("{indent}{foot}"));
    let dates = ends(&first.to_string(), &last.to_string(), columns.len() * width);
    paper.raw_line(&format!("{indent}{dates}"));
    if view.incomplete_from.is_some_and(|from| from <= last) {
        paper.line(&format!(": {}", view.incomplete_label));
    }
    for (place, marker) in markers.iter().enumerate() {
        paper.line(&format!("{} {} {}", place + 1, marker.day, marker.label));
    }
}

fn days_in_order(view: &VolumeView) -> BTreeMap<NaiveDate, Vec<u64>> {
    let mut days: BTreeMap<NaiveDate, Vec<u64>> = BTreeMap::new();
    for stack in &view.days {
        let sums = days.entry(stack.day).or_insert_with(|| vec![0; view.series.len()]);
        for (sum, value) in sums.iter_mut().zip(&stack.values) {
            *sum = sum.saturating_add(*value);
        }
    }
    days
}

fn columns(days: &BTreeMap<NaiveDate, Vec<u64>>, (first, last): (NaiveDate, NaiveDate), cells: usize) -> Vec<Column> {
    let count = usize::try_from((last - first).num_days() + 1).unwrap_or(1);
    let day = |place: usize| first + chrono::Days::new(u64::try_from(place).unwrap_or(0));
    let column = |(start, end): (usize, usize)| {
        let (from, to) = (day(start), day(end - 1));
        let mut values: Vec<u64> = Vec::new();
        for (_, of_day) in days.range(from..=to) {
            values.resize(of_day.len(), 0);
            values.iter_mut().zip(of_day).for_each(|(sum, value)| *sum = sum.saturating_add(*value));
        }
        Column { first: from, last: to, values }
    };
    bins(count, cells).into_iter().map(column).collect()
}

/// The unit, and how many days a column stands for where that is not one.
fn draw_unit(paper: &mut Paper, view: &VolumeView, columns: &[Column]) {
    let days = columns.first().map_or(1, |column| (column.last - column.first).num_days() + 1);
    let per = if days > 1 { format!(" / {days} d") } else { String::new() };
    paper.line(&format!("{}{per}", view.y_label));
}

fn draw_line(
    paper: &mut Paper,
    (line, width, numbers): (usize, usize, usize),
    columns: &[Column],
    (series, scale): (&[Series], Scale),
) {
    // A number stands on the line that its value begins on.
    let tick = scale.ticks().find(|tick| {
        *tick > 0 && usize::try_from(tick * LINES as u128 / scale.top.max(1)).is_ok_and(|at| at == line + 1)
    });
    let number = tick.or((line == 0).then_some(0)).map(thousands).unwrap_or_default();
    let mut cells = Vec::new();
    for column in columns {
        let cell = stack_cell(paper, column, series, (line, scale.top));
        cells.extend(std::iter::repeat_n(cell, if width > 1 { width - 1 } else { 1 }));
        if width > 1 {
            cells.push(BLANK);
        }
    }
    let bar = paper.either('│', '|');
    let line = format!("{} {bar}{}", paper.pad(&number, numbers, true), paper.paint(&cells));
    paper.raw_line(&line);
}

/// What the middle of a line's height is in; at the bottom the largest part of however few mails.
fn stack_cell(paper: &Paper, column: &Column, series: &[Series], (line, top): (usize, u128)) -> Cell {
    let middle = top.saturating_mul(2 * line as u128 + 1);
    let mut running = 0_u128;
    for (series, value) in series.iter().zip(&column.values) {
        running = running.saturating_add(u128::from(*value));
        if running.saturating_mul(2 * LINES as u128) > middle {
            return paper.cell(series.role);
        }
    }
    if line > 0 || running == 0 {
        return BLANK;
    }
    let largest = series.iter().zip(&column.values).max_by_key(|(_, value)| **value);
    largest.map_or(BLANK, |(series, _)| paper.cell(series.role))
}

/// The line under a column: the number of a marker, a colon for days that are not complete.
fn foot(
    paper: &Paper,
    column: &Column,
    view: &VolumeView,
    width: usize,
    markers: &[&crate::present::chart::view::Marker],
) -> String {
    let marker = markers.iter().position(|marker| (column.first..=column.last).contains(&marker.day));
    let is_incomplete = view.incomplete_from.is_some_and(|from| column.last >= from);
    let line = if is_incomplete { ':' } else { paper.either('─', '-') };
    let mut foot: String = std::iter::repeat_n(line, width).collect();
    if let Some(digit) = marker.and_then(|place| u32::try_from(place + 1).ok()).and_then(|n| char::from_digit(n, 10)) {
        foot = std::iter::once(digit).chain(foot.chars().skip(1)).collect();
    }
    foot
}
