//! C4, source bars: who sends the mail, and how it authenticates.

use super::alignment::{ROLE_BOTH, ROLE_DKIM_ONLY, ROLE_NEITHER, ROLE_SPF_ONLY};
use super::axis::{self, Scale};
use super::canvas::Canvas;
use super::error::{ChartError, ChartKind};
use super::frame;
use super::legend::{self, Entry, Swatch};
use super::number::{stack_offsets_px, thousands, total};
use super::palette::Role;
use super::render::render;
use super::scene::{Anchor, Area, Rank, Scene, Spot};
use super::view::{SourceBar, SourcesView};

/// Sources drawn at most; the caller words the line about the others.
pub const SOURCE_ROWS_MAX: usize = 15;

/// Rows are never higher than this, so that a lone source is a bar and not a block, in ems.
const ROW_EM_MAX: i32 = 3;
const ROLES: [Role; 4] = [ROLE_BOTH, ROLE_DKIM_ONLY, ROLE_SPF_ONLY, ROLE_NEITHER];

/// Draws the top sources as horizontal bars (C4).
///
/// # Errors
///
/// When the canvas has a size that is not drawn.
pub fn sources(view: &SourcesView, canvas: &Canvas) -> Result<Vec<u8>, ChartError> {
    render(&scene(view, canvas)?, canvas.format)
}

pub(super) fn scene(view: &SourcesView, canvas: &Canvas) -> Result<Scene, ChartError> {
    let mut scene = Scene::new(ChartKind::Sources, canvas)?;
    let area = frame::draw(&mut scene, &view.title, &view.subtitle);
    let rows = view.rows.get(..SOURCE_ROWS_MAX).unwrap_or(&view.rows);
    let mails_max = rows.iter().map(|row| total(&mails(row))).max().unwrap_or(0);
    if mails_max == 0 {
        frame::draw_no_data(&mut scene, area, &view.no_data);
        return Ok(scene);
    }
    let area = legend::draw(&mut scene, area, &legend_entries(view), 2);
    let plot = plot_area(&scene, area, rows, mails_max);
    let scale = axis::draw_rightward(&mut scene, plot, mails_max);
    let bottom = plot.bottom + axis_and_footer_px(&scene);
    draw_footer(&mut scene, Area { bottom, ..area }, view);
    let row_count = i32::try_from(rows.len()).unwrap_or(1);
    for (place, row) in (0..).zip(rows) {
        let strip = Area {
            left: area.left,
            right: area.right,
            top: plot.top + plot.height() * place / row_count,
            bottom: plot.top + plot.height() * (place + 1) / row_count,
        };
        draw_row(&mut scene, strip, plot, (row, scale));
    }
    Ok(scene)
}

fn mails(row: &SourceBar) -> [u64; 4] {
    [row.both, row.dkim_only, row.spf_only, row.neither]
}

fn legend_entries(view: &SourcesView) -> Vec<Entry> {
    let labels = &view.labels;
    let labels = [&labels.both, &labels.dkim_only, &labels.spf_only, &labels.neither];
    let entry =
        |(role, label): (Role, &String)| Entry { swatch: Swatch::Role { role, hatched: false }, label: label.clone() };
    ROLES.into_iter().zip(labels).map(entry).collect()
}

/// The area of the bars: between the names and the totals, above the axis and the footer.
fn plot_area(scene: &Scene, area: Area, rows: &[SourceBar], mails_max: u128) -> Area {
    let names_px = rows.iter().map(|row| scene.text_width_px(&row.label)).max().unwrap_or(0).min(area.width() * 2 / 5);
    let totals_px = scene.text_width_px(&thousands(mails_max));
    let top = area.top + scene.gap_px();
    let rows_max_px = scene.body_px * ROW_EM_MAX * i32::try_from(rows.len()).unwrap_or(1);
    Area {
        left: area.left + names_px + scene.gap_px(),
        right: area.right - totals_px - scene.gap_px(),
        top,
        bottom: (area.bottom - axis_and_footer_px(scene)).min(top + rows_max_px),
    }
}

/// Height of the numbers of the axis and of the line below them.
const fn axis_and_footer_px(scene: &Scene) -> i32 {
    scene.gap_px() * 2 + scene.line_px() * 2
}

/// One line under everything: what is not drawn to the left, the unit of the axis to the right.
fn draw_footer(scene: &mut Scene, area: Area, view: &SourcesView) {
    let hidden = view.rows.len().saturating_sub(SOURCE_ROWS_MAX);
    let more = if view.more.is_empty() && hidden > 0 { &format!("+{hidden}") } else { &view.more };
    let spot = Spot { x: area.left, baseline: area.bottom, anchor: Anchor::Start, width_max_px: area.width() * 2 / 3 };
    scene.text(more, Rank::Muted, spot);
    let (x, width_max_px) = (area.right, area.width() / 3 - scene.body_px);
    scene.text(&view.x_label, Rank::Muted, Spot { x, anchor: Anchor::End, width_max_px, ..spot });
}

/// Draws name, bar and total of one source into its strip.
fn draw_row(scene: &mut Scene, strip: Area, plot: Area, (row, scale): (&SourceBar, Scale)) {
    let baseline = scene.baseline_around(i32::midpoint(strip.top, strip.bottom));
    let spot = Spot {
        x: plot.left - scene.gap_px(),
        baseline,
        anchor: Anchor::End,
        width_max_px: plot.left - scene.gap_px() - strip.left,
    };
    scene.text(&row.label, Rank::Body, spot);

    let mails = mails(row);
    let gap = strip.height() / 8 + 1;
    let (top, bottom) = (strip.top + gap, strip.bottom - gap);
    let mut left = plot.left;
    for (role, offset) in ROLES.into_iter().zip(stack_offsets_px(&mails, scale.top, plot.width())) {
        let right = plot.left + offset;
        scene.role_area(Area { left, top, right, bottom }, role, false);
        left = right;
    }
    let spot = Spot { x: left + scene.gap_px(), anchor: Anchor::Start, width_max_px: strip.right - left, ..spot };
    scene.text(&thousands(total(&mails)), Rank::Muted, spot);
}
