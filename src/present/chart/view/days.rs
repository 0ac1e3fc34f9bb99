//! Charts over days: failure rate and impact.

use chrono::NaiveDate;

use super::{Marker, VolumeView};

/// Own mail of one day (UTC).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RateDay {
    /// The day.
    pub day: NaiveDate,
    /// Mails that fail DMARC.
    pub failed: u64,
    /// All mails; a day with none is left out.
    pub total: u64,
    /// Whether the rate is alarmingly above what it used to be.
    pub is_alarm: bool,
}

/// The rate over several days at once, in millionths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RateSpan {
    /// First day.
    pub first: NaiveDate,
    /// Last day, included.
    pub last: NaiveDate,
    /// Failing share.
    pub rate_ppm: u32,
    /// Lower end of the band of confidence.
    pub low_ppm: u32,
    /// Upper end.
    pub high_ppm: u32,
}

/// A rate that decides something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Threshold {
    /// The rate, in millionths.
    pub ppm: u32,
    /// What it decides, for the legend.
    pub label: String,
}

/// Words of the failure rate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailuresLabels {
    /// Dot of a day.
    pub day: String,
    /// Line of several days.
    pub span: String,
    /// Band of confidence.
    pub band: String,
    /// Dot of a day with an alarm.
    pub alarm: String,
}

/// C2: how much of the owner's own mail fails. Spoofed mail has no place in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailuresView {
    /// Title.
    pub title: String,
    /// Line under the title.
    pub subtitle: String,
    /// Unit of the upward axis, which grows with the square root.
    pub y_label: String,
    /// The days, in any order.
    pub days: Vec<RateDay>,
    /// Several days pooled, such as weeks; they do not overlap.
    pub spans: Vec<RateSpan>,
    /// Lines across the chart.
    pub thresholds: Vec<Threshold>,
    /// Words of the legend.
    pub labels: FailuresLabels,
    /// First day whose reports may still arrive; it and all later ones are hatched.
    pub incomplete_from: Option<NaiveDate>,
    /// Words for the hatching.
    pub incomplete_label: String,
    /// Events to mark.
    pub markers: Vec<Marker>,
    /// Words shown when there is no mail at all.
    pub no_data: String,
}

/// C5: mails that a policy would cost, by class and day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImpactView {
    /// The bars: mails lost.
    pub stacks: VolumeView,
    /// Mails a week that may be lost at most, drawn as a line at a seventh of it.
    pub cap_per_week: Option<u64>,
    /// Words for that line.
    pub cap_label: String,
}
