//! What a summary says. Every number is here; the formats compute nothing but per cent and padding.

use chrono::NaiveDate;

/// Sums of mails.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// All mails.
    pub mails: u64,
    /// Mails aligned in both DKIM and SPF.
    pub both: u64,
    /// Mails aligned in DKIM only.
    pub dkim_only: u64,
    /// Mails aligned in SPF only.
    pub spf_only: u64,
    /// Mails aligned in neither: DMARC failed.
    pub neither: u64,
}

impl Sums {
    /// Mails that passed DMARC.
    #[must_use]
    pub fn dmarc_pass(&self) -> u64 {
        self.both + self.dkim_only + self.spf_only
    }

    /// Mails aligned in DKIM.
    #[must_use]
    pub fn dkim_aligned(&self) -> u64 {
        self.both + self.dkim_only
    }

    /// Mails aligned in SPF.
    #[must_use]
    pub fn spf_aligned(&self) -> u64 {
        self.both + self.spf_only
    }
}

/// The summary of a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SummaryView {
    /// The one domain it is about; `None` when it is about all.
    pub domain: Option<String>,
    /// First and last day (UTC); `None` when there is no report at all.
    pub period: Option<(NaiveDate, NaiveDate)>,
    /// Whole days from the end of the newest report to now; `None` without a report.
    pub newest_age_days: Option<i64>,
    /// Reports in the period.
    pub reports: u64,
    /// Sums of the period.
    pub sums: Sums,
    /// Sums of the period of equal length before; `None` when there are no reports from then.
    pub before: Option<Sums>,
    /// Most mails that failed first.
    pub domains: Vec<DomainView>,
    /// The largest sources, most mails that failed first.
    pub sources: Vec<SourceView>,
    /// Sources that are not in the list, and their mails.
    pub sources_more: (u64, u64),
    /// In the order of days; days without a report are missing.
    pub days: Vec<DayView>,
    /// What receivers did, most mails first.
    pub dispositions: Vec<DispositionView>,
    /// Who reported, most mails first.
    pub reporters: Vec<ReporterView>,
    /// Unusable inputs in the store.
    pub rejected: u64,
    /// Reports that are kept and not counted, because another with the same identity came first.
    pub conflicting: u64,
    /// Reports of other kinds in the store (TLS reports, failure reports, bounces).
    pub other: u64,
}

/// One domain in a summary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DomainView {
    /// Its name.
    pub name: String,
    /// `p=` as the newest report saw it; `None` when it said nothing readable.
    pub policy: Option<String>,
    /// Reports in the period.
    pub reports: u64,
    /// Sums of the period.
    pub sums: Sums,
    /// Mails that passed and all mails for each day of the period in order; `None` for a day without a report.
    pub trend: Vec<Option<(u64, u64)>>,
}

/// One source address in a summary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceView {
    /// The address.
    pub ip: String,
    /// Sums of the period.
    pub sums: Sums,
    /// Reporters that saw it.
    pub reporters: u64,
    /// First and last day on which it was seen in the period.
    pub days: (NaiveDate, NaiveDate),
}

/// One day in a summary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayView {
    /// The day (UTC).
    pub day: NaiveDate,
    /// Reports that begin on it.
    pub reports: u64,
    /// Its sums.
    pub sums: Sums,
}

/// One thing that receivers did with mails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DispositionView {
    /// The word as sent; `None` where none was.
    pub word: Option<String>,
    /// Its sums.
    pub sums: Sums,
}

/// One reporter in a summary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReporterView {
    /// Its name as sent; `None` where it gave none. A stranger's text.
    pub name: Option<String>,
    /// Reports in the period.
    pub reports: u64,
    /// Its sums.
    pub sums: Sums,
}
