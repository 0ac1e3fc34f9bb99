//! C9, policy ladder: the steps from watching to rejecting as a staircase.

use super::canvas::Canvas;
use super::error::{ChartError, ChartKind};
use super::frame;
use super::palette::Role;
use super::render::render;
use super::scene::{Anchor, Area, Rank, Scene, Spot};
use super::view::{LadderState, LadderStep, LadderView};

/// Lines of text over a step: what it is to the reader, its name, its date.
const LINES: i32 = 3;

/// Draws the steps of the policy (C9).
///
/// # Errors
///
/// When the canvas has a size that is not drawn.
pub fn ladder(view: &LadderView, canvas: &Canvas) -> Result<Vec<u8>, ChartError> {
    render(&scene(view, canvas)?, canvas.format)
}

pub(super) fn scene(view: &LadderView, canvas: &Canvas) -> Result<Scene, ChartError> {
    let mut scene = Scene::new(ChartKind::Ladder, canvas)?;
    let area = frame::draw(&mut scene, &view.title, &view.subtitle);
    if !view.steps.iter().any(|step| step.state == LadderState::Here) {
        frame::draw_no_data(&mut scene, area, &view.no_data);
        return Ok(scene);
    }
    let spot = Spot { x: area.left, baseline: area.bottom, anchor: Anchor::Start, width_max_px: area.width() };
    scene.text(&view.footer, Rank::Muted, spot);
    let stairs = Area { bottom: area.bottom - scene.line_px() * 2, ..area };
    let count = i32::try_from(view.steps.len()).unwrap_or(1).max(1);
    let room = stairs.height() - scene.line_px() * LINES - scene.gap_px();
    for (place, step) in (0..).zip(&view.steps) {
        let column = Area {
            left: stairs.left + stairs.width() * place / count,
            right: stairs.left + stairs.width() * (place + 1) / count,
            top: stairs.bottom - room * (place + 1) / count,
            bottom: stairs.bottom,
        };
        draw_step(&mut scene, column, step, view);
    }
    Ok(scene)
}

fn draw_step(scene: &mut Scene, column: Area, step: &LadderStep, view: &LadderView) {
    let block = Area { left: column.left + 1, right: column.right - 1, ..column };
    match step.state {
        LadderState::Done => scene.role_area(block, Role::Neutral, false),
        LadderState::Here => scene.role_area(block, Role::Ok, false),
        LadderState::Next => scene.role_area(block, Role::Neutral, true),
        LadderState::Open => scene.fill(block, scene.palette.band),
    }
    let mark = match step.state {
        LadderState::Here => view.here.as_str(),
        LadderState::Next => view.next.as_str(),
        LadderState::Done | LadderState::Open => "",
    };
    let lines = [(step.note.as_str(), Rank::Muted), (step.label.as_str(), Rank::Body), (mark, Rank::Body)];
    let mut baseline = column.top - scene.gap_px();
    for (text, rank) in lines.into_iter().filter(|(text, _)| !text.is_empty()) {
        let spot =
            Spot { x: block.left, baseline, anchor: Anchor::Start, width_max_px: column.width() - scene.gap_px() };
        scene.text(text, rank, spot);
        baseline -= scene.line_px();
    }
}
