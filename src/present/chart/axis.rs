//! Axes of mail counts: round steps from 0, grid lines, and numbers with thousands separators.

use super::number::{proportion_px, thousands};
use super::scene::{Anchor, Area, Lane, Rank, Scene, Spot};

/// Scale of an axis that starts at 0, in mails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Scale {
    /// Mails from one grid line to the next.
    pub step: u128,
    /// Mails at the far end: a whole number of steps, never below the largest value.
    pub top: u128,
}

impl Scale {
    /// The finest scale with a step of 1, 2 or 5 times a power of ten, in at most `steps_max` steps.
    pub(super) fn up_to(value_max: u128, steps_max: u128) -> Self {
        let value_max = value_max.max(1);
        let steps_max = steps_max.max(1);
        let step = std::iter::successors(Some(1_u128), |power| power.checked_mul(10))
            .flat_map(|power| [1, 2, 5].map(|factor| power.saturating_mul(factor)))
            .find(|step| value_max.div_ceil(*step) <= steps_max)
            .unwrap_or(value_max);
        Self { step, top: value_max.div_ceil(step).saturating_mul(step) }
    }

    /// Values that get a grid line, 0 first.
    pub(super) fn ticks(self) -> impl Iterator<Item = u128> {
        let steps = self.top.checked_div(self.step).unwrap_or(0);
        (0..=steps).map(move |place| place.saturating_mul(self.step))
    }
}

/// Width that the numbers of an upward axis take, with the gap to the plot, in pixels.
pub(super) fn numbers_width_px(scene: &Scene, plot: Area, value_max: u128) -> i32 {
    let top = upward_scale(scene, plot, value_max).top;
    scene.text_width_px(&thousands(top)) + scene.gap_px()
}

/// Draws grid lines and, left of the plot, numbers for values that grow upwards.
pub(super) fn draw_upward(scene: &mut Scene, plot: Area, value_max: u128) -> Scale {
    let scale = upward_scale(scene, plot, value_max);
    for tick in scale.ticks() {
        let y = plot.bottom - proportion_px(tick, scale.top, plot.height());
        scene.fill(Area { top: y, bottom: y + 1, ..plot }, scene.palette.grid);
        let spot = Spot {
            x: plot.left - scene.gap_px(),
            baseline: scene.baseline_around(y),
            anchor: Anchor::End,
            width_max_px: plot.left,
        };
        scene.text(&thousands(tick), Rank::Muted, spot);
    }
    scale
}

fn upward_scale(scene: &Scene, plot: Area, value_max: u128) -> Scale {
    let steps_max = u128::try_from(plot.height() / (scene.line_px() * 2)).unwrap_or(1);
    Scale::up_to(value_max, steps_max.clamp(2, 6))
}

/// Draws grid lines and, below the plot, numbers for values that grow to the right.
pub(super) fn draw_rightward(scene: &mut Scene, plot: Area, value_max: u128) -> Scale {
    let number_px = scene.text_width_px(&thousands(value_max)) + scene.body_px * 2;
    let steps_max = u128::try_from(plot.width() / number_px).unwrap_or(1);
    let scale = Scale::up_to(value_max, steps_max.clamp(1, 6));
    let mut lane = Lane::new(scene.gap_px());
    for tick in scale.ticks() {
        let x = plot.left + proportion_px(tick, scale.top, plot.width());
        scene.fill(Area { left: x, right: x + 1, ..plot }, scene.palette.grid);
        let number = thousands(tick);
        let width_max_px = scene.text_width_px(&number);
        if lane.claim(x, width_max_px) {
            let baseline = plot.bottom + scene.gap_px() + scene.body_px;
            let spot = Spot { x, baseline, anchor: Anchor::Middle, width_max_px };
            scene.text(&number, Rank::Muted, spot);
        }
    }
    scale
}
