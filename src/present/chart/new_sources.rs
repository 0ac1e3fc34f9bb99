//! C8, new sources: a lane a class, a dot for each source on the day it was first seen.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::canvas::Canvas;
use super::error::{ChartError, ChartKind};
use super::frame;
use super::palette::Role;
use super::render::render;
use super::rows::{self, RowWords};
use super::scene::{Anchor, Area, Lane, Rank, Scene, Spot};
use super::view::{NewSource, NewSourcesView};

/// Rows are never higher than this, in ems.
const ROW_EM_MAX: i32 = 5;
/// Names beside dots may be this long, in ems.
const LABEL_EM_MAX: i32 = 14;
/// Least radius of a dot, in pixels.
const RADIUS_PX_MIN: i32 = 3;

/// Draws when sources were first seen (C8).
///
/// # Errors
///
/// When the canvas has a size that is not drawn.
pub fn new_sources(view: &NewSourcesView, canvas: &Canvas) -> Result<Vec<u8>, ChartError> {
    render(&scene(view, canvas)?, canvas.format)
}

pub(super) fn scene(view: &NewSourcesView, canvas: &Canvas) -> Result<Scene, ChartError> {
    let mut scene = Scene::new(ChartKind::NewSources, canvas)?;
    let area = frame::draw(&mut scene, &view.title, &view.subtitle);
    let is_shown = |source: &NewSource| (view.first..=view.last).contains(&source.day);
    if !view.lanes.iter().any(|lane| lane.sources.iter().any(is_shown)) {
        frame::draw_no_data(&mut scene, area, &view.no_data);
        return Ok(scene);
    }
    let shown = view.lanes.len().min(rows::fitting(&scene, area));
    let counts: Vec<String> = view
        .lanes
        .iter()
        .map(|lane| lane.sources.iter().filter(|source| is_shown(source)).count().to_string())
        .collect();
    let words: Vec<RowWords<'_>> = view
        .lanes
        .iter()
        .zip(&counts)
        .take(shown)
        .map(|(lane, count)| RowWords { label: &lane.label, note: count })
        .collect();
    let placed = rows::draw(&mut scene, area, &words, (view.first, view.last), ROW_EM_MAX);
    for (lane, strip) in view.lanes.iter().zip(&placed.strips) {
        let mut days: BTreeMap<NaiveDate, Vec<&NewSource>> = BTreeMap::new();
        for source in lane.sources.iter().filter(|source| is_shown(source)) {
            days.entry(source.day).or_default().push(source);
        }
        scene.fill(Area { top: strip.bottom, bottom: strip.bottom + 1, ..*strip }, scene.palette.grid);
        let columns = days.into_iter().map(|(day, sources)| (placed.dates.column(day), sources));
        draw_lane(&mut scene, *strip, lane.role, columns.collect());
    }
    rows::draw_footer(&mut scene, placed.footer, &view.size_label, view.lanes.len() - shown);
    Ok(scene)
}

/// Draws the dots of a lane, and names where the next dot leaves room.
fn draw_lane(scene: &mut Scene, strip: Area, role: Role, columns: Vec<(Area, Vec<&NewSource>)>) {
    let middle = i32::midpoint(strip.top, strip.bottom);
    let radius_max = (strip.height() / 2).min(scene.body_px * 3 / 4);
    let x_of = |column: Area| {
        i32::midpoint(column.left, column.right).clamp(strip.left + radius_max, strip.right - radius_max)
    };
    let mut next = strip.right;
    let mut labels = Vec::new();
    for (column, mut sources) in columns.into_iter().rev() {
        sources.sort_by(|a, b| b.mails.cmp(&a.mails).then_with(|| a.label.cmp(&b.label)));
        let x = x_of(column);
        let most = sources.first().map_or(0, |source| radius_px(source.mails, radius_max));
        // Those of one day lie on each other, the largest below.
        for source in &sources {
            scene.role_dot((x, middle), radius_px(source.mails, radius_max), role);
        }
        let left = x + most + scene.gap_px() / 2;
        let room = (next - scene.gap_px() - left).min(scene.body_px * LABEL_EM_MAX);
        let name = match sources.as_slice() {
            [only] => only.label.clone(),
            [first, rest @ ..] => format!("{} +{}", first.label, rest.len()),
            [] => String::new(),
        };
        if room >= scene.text_width_px(&name).min(scene.body_px * 4) {
            labels.push((left, room, name));
        }
        next = x - most;
    }
    let mut lane = Lane::new(scene.gap_px());
    for (left, room, name) in labels.into_iter().rev() {
        let width_px = scene.text_width_px(&name).min(room);
        if lane.claim(left + width_px / 2, width_px) {
            let baseline = scene.baseline_around(middle);
            scene.text(&name, Rank::Muted, Spot { x: left, baseline, anchor: Anchor::Start, width_max_px: room });
        }
    }
}

/// One step for each digit of the mails.
fn radius_px(mails: u64, radius_max: i32) -> i32 {
    let digits = mails.checked_ilog10().and_then(|log| i32::try_from(log + 1).ok()).unwrap_or(1);
    (RADIUS_PX_MIN + digits * radius_max / 8).min(radius_max.max(RADIUS_PX_MIN))
}
