//! C11, disposition bars: what receivers did with the mail that passes DMARC, and with the rest.

use super::canvas::Canvas;
use super::error::{ChartError, ChartKind};
use super::frame;
use super::legend::{self, Entry, Swatch};
use super::number::{part_with_share, stack_offsets_px, thousands, total};
use super::render::render;
use super::scene::{Anchor, Area, Rank, Scene, Spot};
use super::view::{DispositionBar, DispositionView, Series};

/// Bars are never higher than this, in ems.
const BAR_EM_MAX: i32 = 7;
/// Rows of values under a bar.
const VALUE_ROWS_MAX: i32 = 3;

/// Draws what became of each group of mails, as bars of 100 % (C11).
///
/// # Errors
///
/// When the canvas has a size that is not drawn, or a bar has not one value for each series.
pub fn dispositions(view: &DispositionView, canvas: &Canvas) -> Result<Vec<u8>, ChartError> {
    render(&scene(view, canvas)?, canvas.format)
}

pub(super) fn scene(view: &DispositionView, canvas: &Canvas) -> Result<Scene, ChartError> {
    let mut scene = Scene::new(ChartKind::Dispositions, canvas)?;
    check_bars(view)?;
    let area = frame::draw(&mut scene, &view.title, &view.subtitle);
    if view.bars.iter().all(|bar| total(&bar.mails) == 0) {
        frame::draw_no_data(&mut scene, area, &view.no_data);
        return Ok(scene);
    }
    // Name, a bar of at least half a line, values, and space to the next block.
    let block_px_min = scene.line_px() * (VALUE_ROWS_MAX + 2) + scene.gap_px();
    let bars_max = usize::try_from(area.height() / block_px_min).unwrap_or(1).max(1);
    let shown = view.bars.len().min(bars_max);
    let block_count = i32::try_from(shown).unwrap_or(1).max(1);
    for (place, bar) in (0..).zip(view.bars.iter().take(shown)) {
        let block = Area {
            top: area.top + area.height() * place / block_count,
            bottom: area.top + area.height() * (place + 1) / block_count,
            ..area
        };
        draw_block(&mut scene, block, view, bar);
    }
    if view.bars.len() > shown {
        let spot = Spot { x: area.right, baseline: area.bottom, anchor: Anchor::End, width_max_px: area.width() };
        scene.text(&format!("+{}", view.bars.len() - shown), Rank::Muted, spot);
    }
    Ok(scene)
}

fn check_bars(view: &DispositionView) -> Result<(), ChartError> {
    let mismatch = |(place, bar): (usize, &DispositionBar)| ChartError::SeriesMismatch {
        chart: ChartKind::Dispositions,
        bar: (place + 1).to_string(),
        values_expected: view.series.len(),
        values_found: bar.mails.len(),
    };
    view.bars
        .iter()
        .enumerate()
        .find(|(_, bar)| bar.mails.len() != view.series.len())
        .map_or(Ok(()), |found| Err(mismatch(found)))
}

/// Draws one group: its name and total, its bar, and every value in words.
///
/// Values stand under the bar and not in it, because the small segments are the interesting ones
/// and have no room for words.
fn draw_block(scene: &mut Scene, block: Area, view: &DispositionView, bar: &DispositionBar) {
    let all = total(&bar.mails);
    let n = thousands(all);
    let n_px = scene.text_width_px(&n);
    let spot = Spot {
        x: block.left,
        baseline: block.top + scene.body_px + scene.gap_px(),
        anchor: Anchor::Start,
        width_max_px: block.width() - n_px - scene.body_px,
    };
    scene.text(&bar.label, Rank::Body, spot);
    let (x, anchor) = (block.right, Anchor::End);
    scene.text(&n, Rank::Muted, Spot { x, anchor, width_max_px: n_px, ..spot });

    let top = spot.baseline + scene.gap_px();
    let values_px = scene.line_px() * VALUE_ROWS_MAX + scene.gap_px();
    let height = (block.bottom - values_px - top).min(scene.body_px * BAR_EM_MAX);
    let track = Area { top, bottom: top + height, ..block };
    draw_track(scene, track, &view.series, &bar.mails);

    let values = Area { top: track.bottom + scene.gap_px(), ..block };
    let entry = |(series, mails): (&Series, &u64)| Entry {
        swatch: Swatch::Role { role: series.role, hatched: series.hatched },
        // The number comes first: when there is no room, words may go but figures not.
        label: format!("{} {}", part_with_share(*mails, all, &view.few_pattern), series.label),
    };
    let entries: Vec<Entry> = view.series.iter().zip(&bar.mails).map(entry).collect();
    legend::draw(scene, values, &entries, VALUE_ROWS_MAX);
}

/// Draws the segments over a track that shows through when the group is empty.
fn draw_track(scene: &mut Scene, track: Area, series: &[Series], mails: &[u64]) {
    scene.fill(track, scene.palette.band);
    let mut left = track.left;
    for (series, offset) in series.iter().zip(stack_offsets_px(mails, total(mails), track.width())) {
        let right = track.left + offset;
        scene.role_area(Area { left, right, ..track }, series.role, series.hatched);
        left = right;
    }
}
