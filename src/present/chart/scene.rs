//! A picture before it is painted: areas and texts in painting order, in whole pixels.
//!
//! Every text enters through [`Scene::text`], which cleans and shortens it. So no chart can forget
//! to, and tests can ask a scene whether anything overlaps or leaves the sheet.

use plotters::style::RGBColor;

use super::canvas::Canvas;
use super::error::{ChartError, ChartKind};
use super::palette::{Palette, Role};
use super::typeface::Typeface;
use super::words;

/// Areas thinner than this get no outline: it would hide the colour it is there to show.
const OUTLINED_SIDE_PX_MIN: i32 = 4;

/// A rectangle in pixels from the top left of the sheet; `right` and `bottom` are outside of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Area {
    pub left: i32,
    pub top: i32,
    pub right: i32,
    pub bottom: i32,
}

impl Area {
    pub(super) const fn width(self) -> i32 {
        self.right - self.left
    }

    pub(super) const fn height(self) -> i32 {
        self.bottom - self.top
    }

    /// The same area with `px` taken off each side.
    pub(super) const fn inset(self, px: i32) -> Self {
        Self { left: self.left + px, top: self.top + px, right: self.right - px, bottom: self.bottom - px }
    }

    /// A square of `side` pixels, standing on the baseline `baseline` with its left side at `left`.
    pub(super) const fn square_on(left: i32, baseline: i32, side: i32) -> Self {
        Self { left, top: baseline - side, right: left + side, bottom: baseline }
    }
}

/// Which point of a text its position names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// Where a text goes and how much room it has.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot {
    pub x: i32,
    pub baseline: i32,
    pub anchor: Anchor,
    pub width_max_px: i32,
}

/// Keeps the labels along one line apart: each claims its width, and one that would touch the
/// label before it is refused. Labels come from left to right.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lane {
    free_from: i32,
    gap_px: i32,
}

impl Lane {
    /// A free line, whose labels keep `gap_px` between them.
    pub(super) const fn new(gap_px: i32) -> Self {
        Self { free_from: i32::MIN, gap_px }
    }

    /// Whether a label of `width_px` around `middle` has room; if so, it has it from now on.
    pub(super) fn claim(&mut self, middle: i32, width_px: i32) -> bool {
        let left = middle - width_px / 2;
        let free = left >= self.free_from;
        if free {
            self.free_from = left + width_px + self.gap_px;
        }
        free
    }
}

/// Rank of a text, which decides its size and its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rank {
    Title,
    Body,
    Muted,
}

/// One thing to paint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shape {
    /// A filled rectangle.
    Fill { area: Area, color: RGBColor },
    /// Diagonal lines across a rectangle.
    Hatch { area: Area, color: RGBColor },
    /// A disc in a square.
    Dot { area: Area, color: RGBColor },
    /// A line of text.
    Text(PlacedText),
}

/// A text that is clean, fits, and knows its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PlacedText {
    pub text: String,
    pub x: i32,
    pub baseline: i32,
    pub anchor: Anchor,
    /// Em of the font in pixels.
    pub size_px: i32,
    pub color: RGBColor,
}

/// The sheet and everything on it.
#[derive(Debug)]
pub(super) struct Scene {
    pub chart: ChartKind,
    pub sheet: Area,
    pub palette: Palette,
    pub typeface: Typeface,
    pub shapes: Vec<Shape>,
    /// Em of all texts but the title, in pixels.
    pub body_px: i32,
}

impl Scene {
    pub(super) fn new(chart: ChartKind, canvas: &Canvas) -> Result<Self, ChartError> {
        let (width, height) = canvas.checked_size_px(chart)?;
        let typeface = Typeface::embedded().map_err(|source| ChartError::Font { chart, source })?;
        let palette = Palette::of(canvas.theme);
        let sheet = Area { left: 0, top: 0, right: width, bottom: height };
        let shapes = vec![Shape::Fill { area: sheet, color: palette.background }];
        let body_px = (width / 75).min(height / 42).clamp(11, 20);
        Ok(Self { chart, sheet, palette, typeface, shapes, body_px })
    }

    /// Distance from one line of text to the next, in pixels.
    pub(super) const fn line_px(&self) -> i32 {
        self.body_px + self.body_px / 2
    }

    /// Space between things that belong together, in pixels.
    pub(super) const fn gap_px(&self) -> i32 {
        self.body_px / 2
    }

    /// Width to reserve for a body text, in pixels.
    pub(super) fn text_width_px(&self, text: &str) -> i32 {
        self.typeface.width_px(&words::clean(text), self.body_px)
    }

    /// Baseline that centres a body text on `middle`.
    pub(super) const fn baseline_around(&self, middle: i32) -> i32 {
        // Capitals of the font are 0.73 em high.
        middle + self.body_px * 73 / 200
    }

    pub(super) fn fill(&mut self, area: Area, color: RGBColor) {
        if area.width() > 0 && area.height() > 0 {
            self.shapes.push(Shape::Fill { area, color });
        }
    }

    pub(super) fn hatch(&mut self, area: Area, color: RGBColor) {
        if area.width() > 0 && area.height() > 0 {
            self.shapes.push(Shape::Hatch { area, color });
        }
    }

    /// A disc around a point.
    pub(super) fn dot(&mut self, (x, y): (i32, i32), radius_px: i32, color: RGBColor) {
        let area = Area { left: x - radius_px, top: y - radius_px, right: x + radius_px, bottom: y + radius_px };
        self.shapes.push(Shape::Dot { area, color });
    }

    /// A disc in the colour of a role. It keeps a rim, so that discs on each other can be told apart.
    pub(super) fn role_dot(&mut self, middle: (i32, i32), radius_px: i32, role: Role) {
        let paint = self.palette.paint(role);
        self.dot(middle, radius_px, paint.stroke.unwrap_or(self.palette.background));
        self.dot(middle, radius_px - 1, paint.fill);
    }

    /// An area in the colour of a role, outlined when the colour is pale.
    ///
    /// The outline is the area itself, filled again one pixel smaller: unlike a stroked line that
    /// is sharp in SVG too, and it never reaches into the neighbour.
    pub(super) fn role_area(&mut self, area: Area, role: Role, hatched: bool) {
        let paint = self.palette.paint(role);
        let outlined = area.width().min(area.height()) >= OUTLINED_SIDE_PX_MIN;
        let inner = match paint.stroke {
            Some(stroke) if outlined => {
                self.fill(area, stroke);
                area.inset(1)
            }
            _ => area,
        };
        self.fill(inner, paint.fill);
        if hatched {
            self.hatch(inner, paint.hatch);
        }
    }

    /// Cleans, shortens and places one line of text; a text with nothing to show is left out.
    pub(super) fn text(&mut self, text: &str, rank: Rank, spot: Spot) {
        let (size_px, color) = match rank {
            Rank::Title => (self.title_px(), self.palette.ink),
            Rank::Body => (self.body_px, self.palette.ink),
            Rank::Muted => (self.body_px, self.palette.muted),
        };
        let text = self.typeface.shorten(words::clean(text).trim(), size_px, spot.width_max_px);
        if !text.is_empty() {
            let Spot { x, baseline, anchor, .. } = spot;
            self.shapes.push(Shape::Text(PlacedText { text, x, baseline, anchor, size_px, color }));
        }
    }

    /// Em of the title, in pixels.
    pub(super) const fn title_px(&self) -> i32 {
        self.body_px * 7 / 5
    }
}
