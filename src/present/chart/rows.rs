//! What charts with a row for each thing share: names to the left, notes to the right, days between them.

use chrono::NaiveDate;

use super::dates::DateAxis;
use super::scene::{Anchor, Area, Rank, Scene, Spot};

/// Name and note of a row.
#[derive(Debug, Clone, Copy)]
pub(super) struct RowWords<'view> {
    pub label: &'view str,
    pub note: &'view str,
}

/// Rows that have their place.
#[derive(Debug)]
pub(super) struct Rows {
    pub dates: DateAxis,
    /// The part of each row between name and note, from the top; with a margin above and below.
    pub strips: Vec<Area>,
    /// The line under the dates, for [`draw_footer`].
    pub footer: Area,
}

/// How many rows of at least one line fit; rows beyond are for the line about what is not drawn.
pub(super) fn fitting(scene: &Scene, area: Area) -> usize {
    let plot_px = area.height() - scene.gap_px() * 2 - scene.line_px() * 2;
    usize::try_from(plot_px / scene.line_px()).unwrap_or(1).max(1)
}

/// Draws names, notes and the axis of days. Rows are at most `row_em_max` ems high.
pub(super) fn draw(
    scene: &mut Scene,
    area: Area,
    words: &[RowWords<'_>],
    (first, last): (NaiveDate, NaiveDate),
    row_em_max: i32,
) -> Rows {
    let width_px =
        |texts: &mut dyn Iterator<Item = &str>| texts.map(|text| scene.text_width_px(text)).max().unwrap_or(0);
    let labels_px = width_px(&mut words.iter().map(|row| row.label)).min(area.width() * 2 / 5);
    let notes_px = width_px(&mut words.iter().map(|row| row.note)).min(area.width() / 5);
    let row_count = i32::try_from(words.len()).unwrap_or(1).max(1);
    let top = area.top + scene.gap_px();
    let bottom = area.bottom - scene.gap_px() * 2 - scene.line_px() * 2;
    let plot = Area {
        left: area.left + labels_px + scene.gap_px(),
        right: area.right - notes_px - if notes_px > 0 { scene.gap_px() } else { 0 },
        top,
        bottom: bottom.min(top + scene.body_px * row_em_max * row_count),
    };
    let dates = DateAxis::new(first, last, plot);
    dates.draw_weekends(scene);
    dates.draw_labels(scene);
    let mut strips = Vec::with_capacity(words.len());
    for (place, row) in (0..).zip(words) {
        let strip = Area {
            top: plot.top + plot.height() * place / row_count,
            bottom: plot.top + plot.height() * (place + 1) / row_count,
            ..plot
        };
        let baseline = scene.baseline_around(i32::midpoint(strip.top, strip.bottom));
        let spot = Spot { x: plot.left - scene.gap_px(), baseline, anchor: Anchor::End, width_max_px: labels_px };
        scene.text(row.label, Rank::Body, spot);
        let spot = Spot { x: area.right, width_max_px: notes_px, ..spot };
        scene.text(row.note, Rank::Muted, spot);
        let margin = strip.height() / 8;
        strips.push(Area { top: strip.top + margin, bottom: strip.bottom - margin, ..strip });
    }
    let bottom = plot.bottom + scene.gap_px() * 2 + scene.line_px() * 2;
    Rows { dates, strips, footer: Area { bottom, ..area } }
}

/// The line under everything: what is not drawn, or what the sizes mean.
pub(super) fn draw_footer(scene: &mut Scene, area: Area, more: &str, hidden: usize) {
    let counted = format!("+{hidden}");
    let text = if hidden == 0 {
        more.to_owned()
    } else if more.is_empty() {
        counted
    } else {
        format!("{counted}; {more}")
    };
    let spot = Spot { x: area.left, baseline: area.bottom, anchor: Anchor::Start, width_max_px: area.width() };
    scene.text(&text, Rank::Muted, spot);
}
