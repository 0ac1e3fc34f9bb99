//! Charts with a row for each reporter, selector or class, and days from left to right.

use chrono::NaiveDate;

use crate::present::chart::Role;

/// What came from one reporter for one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CoverageCell {
    /// A report.
    Received,
    /// None yet, and it is not overdue.
    Late,
    /// None, although one was to be expected.
    Missing,
    /// None, and none was to be expected.
    NotExpected,
}

/// One reporter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoverageRow {
    /// Its name.
    pub label: String,
    /// Mails in its reports: its weight.
    pub mails: u64,
    /// A cell for each day from the first of the view on.
    pub cells: Vec<CoverageCell>,
}

/// Words for the four cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoverageLabels {
    /// A report.
    pub received: String,
    /// None yet.
    pub late: String,
    /// None, and overdue.
    pub missing: String,
    /// None was to be expected.
    pub not_expected: String,
}

/// C6: which reporter reported which day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoverageView {
    /// Title.
    pub title: String,
    /// Line under the title.
    pub subtitle: String,
    /// Day of the first cells.
    pub first: NaiveDate,
    /// Reporters, those with most mail first.
    pub rows: Vec<CoverageRow>,
    /// Line about reporters that are not in the view; may be empty.
    pub more: String,
    /// Words of the legend.
    pub labels: CoverageLabels,
    /// Pattern for weights of fewer than 100 mails, such as `{part} of {total}`.
    pub few_pattern: String,
    /// Words shown when there is no report at all.
    pub no_data: String,
}

/// Mails that one key signed on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SelectorDay {
    /// The day.
    pub day: NaiveDate,
    /// Mails whose signature passed.
    pub mails: u64,
}

/// What DNS says of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SelectorKey {
    /// It is published.
    Published,
    /// It is withdrawn, or was never there.
    Gone,
    /// Nobody asked, or nobody answered.
    NotKnown,
}

/// One signing domain and selector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SelectorRow {
    /// Name, such as `google (example.com)`.
    pub label: String,
    /// What stands at the end of the row, such as "unused 14 d"; may be empty.
    pub note: String,
    /// Days on which it signed, in any order.
    pub days: Vec<SelectorDay>,
    /// The key in DNS.
    pub key: SelectorKey,
}

/// Words of the selectors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SelectorLabels {
    /// Line of a key.
    pub line: String,
    /// End of a key that is gone.
    pub gone: String,
}

/// C7: which key signed when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SelectorsView {
    /// Title.
    pub title: String,
    /// Line under the title.
    pub subtitle: String,
    /// First day of the chart.
    pub first: NaiveDate,
    /// Last day.
    pub last: NaiveDate,
    /// Keys, most important first.
    pub rows: Vec<SelectorRow>,
    /// Line about keys that are not in the view; may be empty.
    pub more: String,
    /// Words of the legend.
    pub labels: SelectorLabels,
    /// Words shown when there is no signature at all.
    pub no_data: String,
}

/// A source that was seen for the first time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSource {
    /// Its first day.
    pub day: NaiveDate,
    /// Its name.
    pub label: String,
    /// Its mails since.
    pub mails: u64,
}

/// New sources of one class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSourcesLane {
    /// Name of the class.
    pub label: String,
    /// Its colour.
    pub role: Role,
    /// Its new sources, in any order.
    pub sources: Vec<NewSource>,
}

/// C8: when sources were seen for the first time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSourcesView {
    /// Title.
    pub title: String,
    /// Line under the title.
    pub subtitle: String,
    /// First day of the chart.
    pub first: NaiveDate,
    /// Last day.
    pub last: NaiveDate,
    /// Classes from the top; one without new sources keeps its lane.
    pub lanes: Vec<NewSourcesLane>,
    /// What the size of a dot means.
    pub size_label: String,
    /// Words shown when nothing is new.
    pub no_data: String,
}
