//! What all charts share around their data: title, subtitle, margins, and the words for no data.

use super::scene::{Anchor, Area, Rank, Scene, Spot};

/// Draws title and subtitle and returns the area left for the chart.
pub(super) fn draw(scene: &mut Scene, title: &str, subtitle: &str) -> Area {
    let mut rest = scene.sheet.inset(scene.body_px);
    let width_max_px = rest.width();
    let mut line = |scene: &mut Scene, text: &str, rank: Rank, size_px: i32| {
        let baseline = rest.top + size_px;
        let spot = Spot { x: rest.left, baseline, anchor: Anchor::Start, width_max_px };
        scene.text(text, rank, spot);
        rest.top = baseline + size_px / 2;
    };
    if !title.is_empty() {
        line(scene, title, Rank::Title, scene.title_px());
    }
    if !subtitle.is_empty() {
        line(scene, subtitle, Rank::Muted, scene.body_px);
    }
    Area { top: rest.top + scene.gap_px() / 2, ..rest }
}

/// Writes the words for no data into the middle of an area.
pub(super) fn draw_no_data(scene: &mut Scene, area: Area, words: &str) {
    let spot = Spot {
        x: i32::midpoint(area.left, area.right),
        baseline: scene.baseline_around(i32::midpoint(area.top, area.bottom)),
        anchor: Anchor::Middle,
        width_max_px: area.width(),
    };
    scene.text(words, Rank::Muted, spot);
}
