//! C2: a dot a day in braille, over thresholds. Like the picture it grows with the square root.

use chrono::NaiveDate;

use super::{Cell, Paper, ends};
use crate::present::chart::failures as rates;
use crate::present::chart::palette::Role;
use crate::present::chart::view::FailuresView;

/// Lines of the plot.
const LINES: usize = 12;
/// Dots of a braille cell.
const DOTS_DOWN: usize = 4;
const DOTS_RIGHT: usize = 2;
const BRAILLE: u32 = 0x2800;
/// Bits of the dots of a cell, by line from the top, left then right.
const BITS: [[u32; DOTS_RIGHT]; DOTS_DOWN] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];
const NUMBERS: usize = 6;

/// A grid of cells that dots are set in.
struct Plot {
    columns: usize,
    bits: Vec<u32>,
    alarms: Vec<bool>,
}

impl Plot {
    fn set(&mut self, (right, down): (usize, usize), is_alarm: bool) {
        let place = down / DOTS_DOWN * self.columns + (right / DOTS_RIGHT).min(self.columns - 1);
        let bit = BITS.get(down % DOTS_DOWN).and_then(|line| line.get(right % DOTS_RIGHT)).copied().unwrap_or(0);
        if let Some(bits) = self.bits.get_mut(place) {
            *bits |= bit;
        }
        if let Some(alarm) = self.alarms.get_mut(place) {
            *alarm |= is_alarm;
        }
    }
}

pub(super) fn failures(paper: &mut Paper, view: &FailuresView) {
    paper.head(&view.title, &view.subtitle);
    let Some((first, last)) = rates::range(view) else { return paper.line(&view.no_data) };
    let top_ppm = rates::top_ppm(view);
    let columns = paper.style.width - NUMBERS - 2;
    let plot = plot(view, (first, last), columns, top_ppm);
    draw_legend(paper, view);
    paper.line(&view.y_label);
    let line_of = |ppm: u32| (LINES - 1).saturating_sub(dots_up(ppm, top_ppm) / DOTS_DOWN);
    let thresholds: Vec<usize> = view.thresholds.iter().map(|threshold| line_of(threshold.ppm)).collect();
    for line in 0..LINES {
        let tick = rates::TICKS_PPM.into_iter().chain([top_ppm]).find(|ppm| *ppm <= top_ppm && line_of(*ppm) == line);
        let number = tick.map(rates::per_cent).unwrap_or_default();
        let cells: Vec<Cell> =
            (0..columns).map(|column| cell(paper, &plot, (line, column), thresholds.contains(&line))).collect();
        let bar = paper.either('│', '|');
        let text = format!("{} {bar}{}", paper.pad(&number, NUMBERS, true), paper.paint(&cells));
        paper.raw_line(&text);
    }
    let dates = ends(&first.to_string(), &last.to_string(), columns);
    paper.raw_line(&format!("{}{dates}", " ".repeat(NUMBERS + 2)));
    for marker in &view.markers {
        paper.line(&format!("{} {}", marker.day, marker.label));
    }
}

fn draw_legend(paper: &mut Paper, view: &FailuresView) {
    let plain = |sign| Cell { sign, role: None };
    let dot = plain(paper.either('⠂', '*'));
    let dash = plain(paper.either('─', '-'));
    let alarm = Cell { sign: '!', role: Some(Role::Critical) };
    let mut entries = vec![(dot, view.labels.day.as_str())];
    if view.days.iter().any(|day| day.is_alarm) {
        entries.push((alarm, &view.labels.alarm));
    }
    entries.extend(view.thresholds.iter().map(|threshold| (dash, threshold.label.as_str())));
    paper.legend(&entries);
}

/// Dots over the bottom of the plot.
fn dots_up(ppm: u32, top_ppm: u32) -> usize {
    let most = LINES * DOTS_DOWN - 1;
    let height = rates::height_px(ppm, top_ppm, i32::try_from(most).unwrap_or(0));
    usize::try_from(height).unwrap_or(0).min(most)
}

fn plot(view: &FailuresView, (first, last): (NaiveDate, NaiveDate), columns: usize, top_ppm: u32) -> Plot {
    let mut plot = Plot { columns, bits: vec![0; columns * LINES], alarms: vec![false; columns * LINES] };
    let days = usize::try_from((last - first).num_days() + 1).unwrap_or(1);
    for day in rates::days(view) {
        let place = usize::try_from((day.day - first).num_days()).unwrap_or(0);
        let right = (place * 2 + 1) * columns * DOTS_RIGHT / (days * 2);
        let down = LINES * DOTS_DOWN - 1 - dots_up(rates::rate_ppm(day), top_ppm);
        plot.set((right, down), day.is_alarm);
    }
    plot
}

fn cell(paper: &Paper, plot: &Plot, (line, column): (usize, usize), is_threshold: bool) -> Cell {
    let place = line * plot.columns + column;
    if plot.alarms.get(place) == Some(&true) {
        return Cell { sign: '!', role: Some(Role::Critical) };
    }
    let bits = plot.bits.get(place).copied().unwrap_or(0);
    let sign = match bits {
        0 if is_threshold => paper.either('─', '-'),
        0 => ' ',
        _ if paper.style.unicode => char::from_u32(BRAILLE | bits).unwrap_or('*'),
        _ => '*',
    };
    Cell { sign, role: None }
}
