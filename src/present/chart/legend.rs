//! Legends: swatches with words, flowing in rows like text, so that none can lie on another.

use super::palette::Role;
use super::scene::{Anchor, Area, Rank, Scene, Spot};
use super::timeline;

/// Labels may be this long when there is room for it, in ems.
const LABEL_EM_MAX: i32 = 40;
/// Labels are not made shorter than this, in ems: it would leave nothing to read.
const LABEL_EM_MIN: i32 = 5;

/// The sign before an entry's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Swatch {
    /// Colour of a role.
    Role { role: Role, hatched: bool },
    /// Hatching on no colour, for days that are not complete.
    Hatch,
    /// A number that stands in the chart.
    Number(String),
    /// A dashed line; the length of its dashes in pixels.
    Dashes(i32),
    /// A disc: colour of a role, or of a note where there is none; its radius in eighths of an em.
    Dot(Option<Role>, i32),
    /// A line in the colour of a role.
    Line(Role),
}

/// One entry of a legend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub swatch: Swatch,
    pub label: String,
}

/// Where an entry begins, and the room its label gets.
struct Place {
    left: i32,
    row: i32,
    label_px: i32,
}

/// What an entry takes at full length. Measured once, because a stranger chose the labels.
struct Width {
    before_label_px: i32,
    label_px: i32,
}

impl Width {
    fn of(scene: &Scene, entry: &Entry) -> Self {
        Self {
            before_label_px: swatch_width_px(scene, &entry.swatch) + scene.gap_px(),
            label_px: scene.text_width_px(&entry.label),
        }
    }
}

/// Draws the entries from the top of the area in at most `rows_max` rows, and returns the area
/// below them. Labels are shortened evenly until all entries fit; if even that is not enough, the
/// last place says how many are missing.
pub(super) fn draw(scene: &mut Scene, area: Area, entries: &[Entry], rows_max: i32) -> Area {
    let widths: Vec<Width> = entries.iter().map(|entry| Width::of(scene, entry)).collect();
    let places = (LABEL_EM_MIN..=LABEL_EM_MAX)
        .rev()
        .map(|limit_em| flow(scene, area, &widths, limit_em * scene.body_px))
        .find(|places| places.last().is_none_or(|place| place.row < rows_max))
        .unwrap_or_else(|| flow(scene, area, &widths, LABEL_EM_MIN * scene.body_px));
    let shown = places.iter().filter(|place| place.row < rows_max).count();
    let all_fit = shown == entries.len();
    // The last place that fits is given up for the note on those that do not.
    let drawn = if all_fit { shown } else { shown.saturating_sub(1) };
    for (entry, place) in entries.iter().zip(&places).take(drawn) {
        draw_entry(scene, area, entry, place);
    }
    if !all_fit && let Some(place) = places.get(drawn) {
        let spot = Spot {
            x: place.left,
            baseline: baseline(scene, area, place.row),
            anchor: Anchor::Start,
            width_max_px: area.right - place.left,
        };
        scene.text(&format!("+{}", entries.len() - drawn), Rank::Muted, spot);
    }
    let rows = places.last().map_or(0, |place| (place.row + 1).min(rows_max));
    Area { top: area.top + rows * scene.line_px(), ..area }
}

/// Lays the entries out from left to right, a new row whenever one is full.
fn flow(scene: &Scene, area: Area, widths: &[Width], label_max_px: i32) -> Vec<Place> {
    let (mut left, mut row) = (area.left, 0);
    let mut places = Vec::with_capacity(widths.len());
    for width in widths {
        let label_px = width.label_px.min(label_max_px).min(area.width() - width.before_label_px);
        let entry_px = width.before_label_px + label_px;
        if left > area.left && left + entry_px > area.right {
            (left, row) = (area.left, row + 1);
        }
        places.push(Place { left, row, label_px });
        left += entry_px + scene.body_px + scene.gap_px();
    }
    places
}

fn draw_entry(scene: &mut Scene, area: Area, entry: &Entry, place: &Place) {
    let baseline = baseline(scene, area, place.row);
    let swatch_px = swatch_width_px(scene, &entry.swatch);
    let swatch = Area::square_on(place.left, baseline + 1, scene.body_px);
    match &entry.swatch {
        Swatch::Role { role, hatched } => scene.role_area(swatch, *role, *hatched),
        Swatch::Hatch => {
            scene.fill(swatch, scene.palette.muted);
            scene.fill(swatch.inset(1), scene.palette.background);
            scene.hatch(swatch.inset(1), scene.palette.muted);
        }
        Swatch::Dashes(dash_px) => {
            let middle = i32::midpoint(swatch.top, swatch.bottom);
            timeline::draw_level(scene, swatch, middle, (*dash_px).min(scene.body_px / 2));
        }
        Swatch::Dot(role, eighths) => {
            let middle = (swatch.left + scene.body_px / 2, i32::midpoint(swatch.top, swatch.bottom));
            let radius_px = scene.body_px * eighths / 8;
            match role {
                Some(role) => scene.role_dot(middle, radius_px, *role),
                None => scene.dot(middle, radius_px, scene.palette.muted),
            }
        }
        Swatch::Line(role) => {
            let top = i32::midpoint(swatch.top, swatch.bottom) - 1;
            scene.fill(Area { top, bottom: top + 3, ..swatch }, scene.palette.paint(*role).fill);
        }
        Swatch::Number(number) => {
            let anchor = Anchor::Start;
            let spot = Spot { x: place.left, baseline, anchor, width_max_px: swatch_px };
            scene.text(number, Rank::Body, spot);
        }
    }
    let spot = Spot {
        x: place.left + swatch_px + scene.gap_px(),
        baseline,
        anchor: Anchor::Start,
        width_max_px: place.label_px,
    };
    scene.text(&entry.label, Rank::Muted, spot);
}

fn swatch_width_px(scene: &Scene, swatch: &Swatch) -> i32 {
    match swatch {
        Swatch::Number(number) => scene.text_width_px(number),
        _ => scene.body_px,
    }
}

fn baseline(scene: &Scene, area: Area, row: i32) -> i32 {
    area.top + row * scene.line_px() + scene.body_px
}
