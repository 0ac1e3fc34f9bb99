//! The sheet a chart is drawn on: its size, its theme and the kind of file that comes out.

use std::ops::RangeInclusive;

use super::error::{ChartError, ChartKind};

/// Widths a chart can be drawn at, in pixels. Below the least, labels would lie on each other.
pub const WIDTH_PX_RANGE: RangeInclusive<u32> = 480..=4096;
/// Heights a chart can be drawn at, in pixels.
pub const HEIGHT_PX_RANGE: RangeInclusive<u32> = 320..=4096;

/// Background and ink of a chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// Dark ink on white, also the one to print.
    Light,
    /// Light ink on `#16181d`.
    Dark,
}

/// File format of a finished chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImageFormat {
    /// UTF-8 text that scales to any size and keeps its words selectable.
    Svg,
    /// 24-bit RGB bitmap, for mail programs that show no SVG.
    Png,
}

/// Size, theme and format of one picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Canvas {
    /// Width in pixels, within [`WIDTH_PX_RANGE`].
    pub width_px: u32,
    /// Height in pixels, within [`HEIGHT_PX_RANGE`].
    pub height_px: u32,
    /// Background and ink.
    pub theme: Theme,
    /// File format of the returned bytes.
    pub format: ImageFormat,
}

impl Canvas {
    /// Width and height in layout units (signed pixels), or the reason why nothing can be drawn.
    pub(super) fn checked_size_px(&self, chart: ChartKind) -> Result<(i32, i32), ChartError> {
        let out_of_range = ChartError::CanvasSize { chart, width_px: self.width_px, height_px: self.height_px };
        if !WIDTH_PX_RANGE.contains(&self.width_px) || !HEIGHT_PX_RANGE.contains(&self.height_px) {
            return Err(out_of_range);
        }
        match (i32::try_from(self.width_px), i32::try_from(self.height_px)) {
            (Ok(width_px), Ok(height_px)) => Ok((width_px, height_px)),
            _ => Err(out_of_range),
        }
    }
}
