//! C3, the alignment matrix: mail with DKIM and without, against SPF and without.
//!
//! Four squares meet at the middle of the matrix. Their areas are in proportion to the mails, so
//! that the one for SPF alone, the mail which a forwarder breaks, is seen as large as it is.

use super::canvas::Canvas;
use super::error::{ChartError, ChartKind};
use super::frame;
use super::number::{part_with_share, total};
use super::palette::Role;
use super::render::render;
use super::scene::{Anchor, Area, Rank, Scene, Spot};
use super::view::AlignmentView;

/// Colours of the four outcomes, also used for the segments of source bars.
pub(super) const ROLE_BOTH: Role = Role::Ok;
/// Survives forwarding, but SPF is missing.
pub(super) const ROLE_DKIM_ONLY: Role = Role::Partial;
/// Only a missing or unaligned signature leads here, so something is set up wrongly.
pub(super) const ROLE_SPF_ONLY: Role = Role::Misconfigured;
/// Fails DMARC.
pub(super) const ROLE_NEITHER: Role = Role::Critical;

/// Pixels between the squares and the lines of the matrix.
const SQUARE_MARGIN_PX: i32 = 3;

/// One quarter of the matrix.
struct Cell<'view> {
    area: Area,
    /// Whether the middle of the matrix is to the right of the cell, and whether it is below.
    middle_is_right: bool,
    middle_is_below: bool,
    role: Role,
    label: &'view str,
    mails: u64,
}

/// Draws the alignment matrix (C3).
///
/// # Errors
///
/// When the canvas has a size that is not drawn.
pub fn alignment(view: &AlignmentView, canvas: &Canvas) -> Result<Vec<u8>, ChartError> {
    render(&scene(view, canvas)?, canvas.format)
}

pub(super) fn scene(view: &AlignmentView, canvas: &Canvas) -> Result<Scene, ChartError> {
    let mut scene = Scene::new(ChartKind::Alignment, canvas)?;
    let area = frame::draw(&mut scene, &view.title, &view.subtitle);
    let mails = [view.both, view.dkim_only, view.spf_only, view.neither];
    if total(&mails) == 0 {
        frame::draw_no_data(&mut scene, area, &view.no_data);
        return Ok(scene);
    }
    let matrix = draw_headings(&mut scene, area, view);
    let cells = cells(view, matrix);
    let text_px = text_width_px(&scene, &cells, view);
    let side_max = (matrix.height() / 2).min(matrix.width() / 2 - text_px - scene.gap_px() * 2);
    let mails_max = mails.into_iter().max().unwrap_or(0);
    for cell in &cells {
        scene.fill(cell.area, scene.palette.band);
        let side_px = square_side_px(cell.mails, mails_max, side_max - SQUARE_MARGIN_PX * 2);
        draw_square(&mut scene, cell, side_px);
        let beside_px = cell.area.width() - side_px - SQUARE_MARGIN_PX - scene.gap_px() * 2;
        draw_cell_text(&mut scene, cell, view, beside_px);
    }
    Ok(scene)
}

/// Names the columns above and the rows to the left, and returns the area of the four cells.
fn draw_headings(scene: &mut Scene, area: Area, view: &AlignmentView) -> Area {
    let labels = &view.labels;
    let row_labels = [&labels.dkim_yes, &labels.dkim_no];
    let headings_px =
        row_labels.iter().map(|label| scene.text_width_px(label)).max().unwrap_or(0).min(area.width() / 4);
    let matrix = Area { left: area.left + headings_px + scene.body_px, top: area.top + scene.line_px(), ..area };
    let (column_px, row_px) = (matrix.width() / 2, matrix.height() / 2);
    for (place, label) in (0..).zip([&labels.spf_yes, &labels.spf_no]) {
        let spot = Spot {
            x: matrix.left + column_px * place + column_px / 2,
            baseline: area.top + scene.body_px,
            anchor: Anchor::Middle,
            width_max_px: column_px - scene.body_px,
        };
        scene.text(label, Rank::Muted, spot);
    }
    for (place, label) in (0..).zip(row_labels) {
        let spot = Spot {
            x: area.left,
            baseline: scene.baseline_around(matrix.top + row_px * place + row_px / 2),
            anchor: Anchor::Start,
            width_max_px: headings_px,
        };
        scene.text(label, Rank::Muted, spot);
    }
    matrix
}

fn cells(view: &AlignmentView, matrix: Area) -> [Cell<'_>; 4] {
    let labels = &view.labels;
    let middle_x = i32::midpoint(matrix.left, matrix.right);
    let middle_y = i32::midpoint(matrix.top, matrix.bottom);
    let cell = |with_spf: bool, with_dkim: bool, role, label, mails| Cell {
        // One pixel between the cells draws the cross.
        area: Area {
            left: if with_spf { matrix.left } else { middle_x + 1 },
            right: if with_spf { middle_x } else { matrix.right },
            top: if with_dkim { matrix.top } else { middle_y + 1 },
            bottom: if with_dkim { middle_y } else { matrix.bottom },
        },
        middle_is_right: with_spf,
        middle_is_below: with_dkim,
        role,
        label,
        mails,
    };
    [
        cell(true, true, ROLE_BOTH, &labels.both, view.both),
        cell(false, true, ROLE_DKIM_ONLY, &labels.dkim_only, view.dkim_only),
        cell(true, false, ROLE_SPF_ONLY, &labels.spf_only, view.spf_only),
        cell(false, false, ROLE_NEITHER, &labels.neither, view.neither),
    ]
}

/// Width that squares must leave to texts: all of a count, but at most half a cell for a name.
fn text_width_px(scene: &Scene, cells: &[Cell<'_>], view: &AlignmentView) -> i32 {
    let width_px = |cell: &Cell<'_>| {
        let label_px = scene.text_width_px(cell.label).min(cell.area.width() / 2);
        scene.text_width_px(&count_text(cell, view)).max(label_px)
    };
    cells.iter().map(width_px).max().unwrap_or(0)
}

fn count_text(cell: &Cell<'_>, view: &AlignmentView) -> String {
    let all = total(&[view.both, view.dkim_only, view.spf_only, view.neither]);
    part_with_share(cell.mails, all, &view.labels.few_pattern)
}

/// Side of the square whose area stands for `mails` when `mails_max` has the side `side_max`.
pub(super) fn square_side_px(mails: u64, mails_max: u64, side_max: i32) -> i32 {
    let Ok(side_max) = u128::try_from(side_max) else {
        return 0;
    };
    let area = u128::from(mails) * side_max * side_max / u128::from(mails_max.max(1));
    // Any mail at all is worth a speck.
    let speck = if mails > 0 { 3 } else { 0 };
    i32::try_from(area.isqrt()).unwrap_or(0).max(speck)
}

/// Draws the square into the corner of the cell that touches the middle of the matrix.
fn draw_square(scene: &mut Scene, cell: &Cell<'_>, side_px: i32) {
    let inner = cell.area.inset(SQUARE_MARGIN_PX);
    let left = if cell.middle_is_right { inner.right - side_px } else { inner.left };
    let bottom = if cell.middle_is_below { inner.bottom } else { inner.top + side_px };
    scene.role_area(Area::square_on(left, bottom, side_px), cell.role, false);
}

/// Writes name and count into the side of the cell that its square does not reach.
fn draw_cell_text(scene: &mut Scene, cell: &Cell<'_>, view: &AlignmentView, width_px: i32) {
    let gap_px = scene.gap_px();
    let (x, anchor) = if cell.middle_is_right {
        (cell.area.left + gap_px, Anchor::Start)
    } else {
        (cell.area.right - gap_px, Anchor::End)
    };
    let middle = i32::midpoint(cell.area.top, cell.area.bottom);
    let baseline = scene.baseline_around(middle - scene.line_px() / 2);
    let spot = Spot { x, baseline, anchor, width_max_px: width_px };
    scene.text(cell.label, Rank::Body, spot);
    let spot = Spot { baseline: baseline + scene.line_px(), ..spot };
    scene.text(&count_text(cell, view), Rank::Muted, spot);
}
