//! What can stop a chart from being drawn.

use std::error::Error;
use std::fmt;

use super::canvas::{HEIGHT_PX_RANGE, WIDTH_PX_RANGE};

/// Which chart an error is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChartKind {
    /// Alignment matrix (C3).
    Alignment,
    /// Reports a reporter and day (C6).
    Coverage,
    /// Disposition bars (C11).
    Dispositions,
    /// Failing share of own mail (C2).
    Failures,
    /// Mails that a policy would cost (C5).
    Impact,
    /// Steps of the policy (C9).
    Ladder,
    /// Sources by first day (C8).
    NewSources,
    /// Keys and when they signed (C7).
    Selectors,
    /// Source bars (C4).
    Sources,
    /// Mail by class and day (C1).
    Volume,
}

impl fmt::Display for ChartKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Alignment => "alignment",
            Self::Coverage => "coverage",
            Self::Dispositions => "dispositions",
            Self::Failures => "failures",
            Self::Impact => "impact",
            Self::Ladder => "ladder",
            Self::NewSources => "new-sources",
            Self::Selectors => "selectors",
            Self::Sources => "sources",
            Self::Volume => "volume",
        })
    }
}

/// Why a chart was not drawn.
#[derive(Debug, thiserror::Error)]
pub enum ChartError {
    /// The picture asked for is too small to hold its labels, or unreasonably large.
    #[error(
        "could not draw the {chart} chart at {width_px}x{height_px} pixels: \
         widths are {} to {}, heights {} to {}",
        WIDTH_PX_RANGE.start(), WIDTH_PX_RANGE.end(), HEIGHT_PX_RANGE.start(), HEIGHT_PX_RANGE.end()
    )]
    CanvasSize {
        /// Chart that was being drawn.
        chart: ChartKind,
        /// Width asked for, in pixels.
        width_px: u32,
        /// Height asked for, in pixels.
        height_px: u32,
    },
    /// A bar has more or fewer values than there are series, so a colour would be a guess.
    #[error(
        "could not draw the {chart} chart: bar {bar} has {values_found} values, \
         expected one for each of {values_expected} series"
    )]
    SeriesMismatch {
        /// Chart that was being drawn.
        chart: ChartKind,
        /// Which bar: its day, or its place counted from 1.
        bar: String,
        /// Number of series of the view.
        values_expected: usize,
        /// Number of values of the bar.
        values_found: usize,
    },
    /// The embedded font cannot be read: the program was built from a damaged file.
    #[error("could not draw the {chart} chart: the embedded font is unreadable")]
    Font {
        /// Chart that was being drawn.
        chart: ChartKind,
        /// What the font reader said.
        source: ab_glyph::InvalidFont,
    },
    /// The drawing library or the picture encoder failed.
    #[error("could not write the {chart} chart as {format}")]
    Encode {
        /// Chart that was being drawn.
        chart: ChartKind,
        /// Format that was being written.
        format: &'static str,
        /// What the library said.
        source: Box<dyn Error + Send + Sync>,
    },
}
