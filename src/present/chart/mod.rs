//! Charts: a view of plain numbers and words goes in, the bytes of an SVG or PNG picture come out.
//!
//! Each public function is pure. It reads no file, clock or environment, and the same view gives
//! the same bytes on every machine: positions are integer arithmetic, and the one font is embedded.
//!
//! A picture is made in three steps, each in its own files: a chart (`volume`, `alignment`,
//! `sources`, …) lays out a `scene` of filled areas and texts with the shared parts `frame`,
//! `legend`, `axis`, `timeline` and `rows`; `render` then hands the scene to a plotters backend.
//!
//! All words come from the view, because the caller knows the language of the reader. Words that
//! began their life in a report are hostile until shown otherwise, so every text passes `words`
//! on its way into the scene.

mod alignment;
mod axis;
mod canvas;
mod coverage;
mod dates;
mod dispositions;
mod error;
mod failures;
mod frame;
mod ladder;
mod legend;
mod new_sources;
mod number;
mod palette;
mod render;
mod rows;
mod scene;
mod selectors;
mod sources;
mod term;
mod timeline;
mod typeface;
mod view;
mod volume;
mod words;

#[cfg(test)]
mod tests;

pub use alignment::alignment;
pub use canvas::{Canvas, HEIGHT_PX_RANGE, ImageFormat, Theme, WIDTH_PX_RANGE};
pub use coverage::coverage;
pub use dispositions::dispositions;
pub use error::{ChartError, ChartKind};
pub use failures::failures;
pub use ladder::ladder;
pub use new_sources::new_sources;
pub use palette::Role;
pub use selectors::selectors;
pub use sources::{SOURCE_ROWS_MAX, sources};
pub use term::TermStyle;
pub use view::{
    AlignmentLabels, AlignmentView, CoverageCell, CoverageLabels, CoverageRow, CoverageView, DayStack, DispositionBar,
    DispositionView, FailuresLabels, FailuresView, ImpactView, LadderState, LadderStep, LadderView, Marker, NewSource,
    NewSourcesLane, NewSourcesView, RateDay, RateSpan, SelectorDay, SelectorKey, SelectorLabels, SelectorRow,
    SelectorsView, Series, SourceBar, SourceLabels, SourcesView, Threshold, View, VolumeView,
};
pub use volume::{impact, volume};

impl View {
    /// Draws the chart.
    ///
    /// # Errors
    /// When the canvas has a size that is not drawn, or the view does not fit together.
    pub fn draw(&self, canvas: &Canvas) -> Result<Vec<u8>, ChartError> {
        match self {
            Self::Volume(view) => volume(view, canvas),
            Self::Failures(view) => failures(view, canvas),
            Self::Alignment(view) => alignment(view, canvas),
            Self::Sources(view) => sources(view, canvas),
            Self::Impact(view) => impact(view, canvas),
            Self::Coverage(view) => coverage(view, canvas),
            Self::Selectors(view) => selectors(view, canvas),
            Self::NewSources(view) => new_sources(view, canvas),
            Self::Ladder(view) => ladder(view, canvas),
            Self::Dispositions(view) => dispositions(view, canvas),
        }
    }
}

/// The characters of a text that PNG would show as empty boxes; all of them if the font is damaged.
#[must_use]
pub fn letters_without_glyph(text: &str) -> String {
    let typeface = typeface::Typeface::embedded();
    words::clean(text).chars().filter(|letter| !typeface.as_ref().is_ok_and(|typeface| typeface.has(*letter))).collect()
}
