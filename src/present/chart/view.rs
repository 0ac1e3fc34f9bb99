//! What charts show, as plain numbers and words. Counts are mails unless said otherwise.

mod days;
mod ladder;
mod rows;

use chrono::NaiveDate;

use super::palette::Role;
pub use days::{FailuresLabels, FailuresView, ImpactView, RateDay, RateSpan, Threshold};
pub use ladder::{LadderState, LadderStep, LadderView};
pub use rows::{
    CoverageCell, CoverageLabels, CoverageRow, CoverageView, NewSource, NewSourcesLane, NewSourcesView, SelectorDay,
    SelectorKey, SelectorLabels, SelectorRow, SelectorsView,
};

/// One kind of mail that a stacked bar is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    /// Words of the legend.
    pub label: String,
    /// Meaning, and with it the colour.
    pub role: Role,
    /// Whether the colour carries diagonal lines, for figures that are partial.
    pub hatched: bool,
}

/// Mails of one day (UTC).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayStack {
    /// The day.
    pub day: NaiveDate,
    /// Mails per series, in the order of the series, from the bottom up.
    pub values: Vec<u64>,
}

/// Something that happened on a day, such as a change of policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marker {
    /// The day; markers outside the days of the chart are left out.
    pub day: NaiveDate,
    /// What happened, for the legend.
    pub label: String,
}

/// C1: mail by class, one stacked bar a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VolumeView {
    /// Title.
    pub title: String,
    /// Line under the title, such as domain and range.
    pub subtitle: String,
    /// Unit of the upward axis.
    pub y_label: String,
    /// Kinds of mail, from the bottom of a bar up.
    pub series: Vec<Series>,
    /// The days, in any order. A day may be missing; two entries of one day are added up.
    pub days: Vec<DayStack>,
    /// First day whose reports may still arrive; it and all later ones are hatched.
    pub incomplete_from: Option<NaiveDate>,
    /// Words for the hatching, such as "reports may still arrive".
    pub incomplete_label: String,
    /// Words shown when there is no mail at all.
    pub no_data: String,
    /// Events to mark.
    pub markers: Vec<Marker>,
}

/// Words of the alignment matrix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlignmentLabels {
    /// Row of mail with an aligned DKIM pass.
    pub dkim_yes: String,
    /// Row of mail without.
    pub dkim_no: String,
    /// Column of mail with an aligned SPF pass.
    pub spf_yes: String,
    /// Column of mail without.
    pub spf_no: String,
    /// Cell of both.
    pub both: String,
    /// Cell of DKIM alone.
    pub dkim_only: String,
    /// Cell of SPF alone.
    pub spf_only: String,
    /// Cell of neither.
    pub neither: String,
    /// Pattern for shares of fewer than 100 mails, such as `{part} of {total}`.
    pub few_pattern: String,
}

/// C3: which mechanisms authenticate the mail, as a matrix of four sized cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlignmentView {
    /// Title.
    pub title: String,
    /// Line under the title.
    pub subtitle: String,
    /// Mails that pass aligned with both DKIM and SPF.
    pub both: u64,
    /// Mails that pass aligned with DKIM only.
    pub dkim_only: u64,
    /// Mails that pass aligned with SPF only: these fail once they are forwarded.
    pub spf_only: u64,
    /// Mails that pass aligned with neither.
    pub neither: u64,
    /// Words of the matrix.
    pub labels: AlignmentLabels,
    /// Words shown when there is no mail at all.
    pub no_data: String,
}

/// Mails of one source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceBar {
    /// Name of the source.
    pub label: String,
    /// Mails that pass aligned with both DKIM and SPF.
    pub both: u64,
    /// Mails that pass aligned with DKIM only.
    pub dkim_only: u64,
    /// Mails that pass aligned with SPF only.
    pub spf_only: u64,
    /// Mails that pass aligned with neither.
    pub neither: u64,
}

/// Words for the four segments of a source bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceLabels {
    /// Segment of both.
    pub both: String,
    /// Segment of DKIM alone.
    pub dkim_only: String,
    /// Segment of SPF alone.
    pub spf_only: String,
    /// Segment of neither.
    pub neither: String,
}

/// C4: the top sources and how their mail authenticates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourcesView {
    /// Title.
    pub title: String,
    /// Line under the title.
    pub subtitle: String,
    /// Unit of the axis.
    pub x_label: String,
    /// Words of the legend.
    pub labels: SourceLabels,
    /// Sources, most important first. Only the first [`super::SOURCE_ROWS_MAX`] are drawn.
    pub rows: Vec<SourceBar>,
    /// Line about the sources that are not drawn, such as "and 112 more: 3,401 mails"; may be empty.
    pub more: String,
    /// Words shown when there is no mail at all.
    pub no_data: String,
}

/// What became of one group of mails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DispositionBar {
    /// Name of the group, such as "DMARC pass".
    pub label: String,
    /// Mails per series, in the order of the series.
    pub mails: Vec<u64>,
}

/// C11: what receivers did with the mail, as bars of 100 % each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DispositionView {
    /// Title.
    pub title: String,
    /// Line under the title.
    pub subtitle: String,
    /// Outcomes, from the left.
    pub series: Vec<Series>,
    /// Groups of mails, from the top; the chart is made for two.
    pub bars: Vec<DispositionBar>,
    /// Pattern for shares of fewer than 100 mails, such as `{part} of {total}`.
    pub few_pattern: String,
    /// Words shown when there is no mail at all.
    pub no_data: String,
}

/// Any of the charts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum View {
    /// C1.
    Volume(VolumeView),
    /// C2.
    Failures(FailuresView),
    /// C3.
    Alignment(AlignmentView),
    /// C4.
    Sources(SourcesView),
    /// C5.
    Impact(ImpactView),
    /// C6.
    Coverage(CoverageView),
    /// C7.
    Selectors(SelectorsView),
    /// C8.
    NewSources(NewSourcesView),
    /// C9.
    Ladder(LadderView),
    /// C11.
    Dispositions(DispositionView),
}
