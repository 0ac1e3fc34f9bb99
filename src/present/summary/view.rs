//! What a summary says. Every number is here; the formats compute nothing but per cent and padding.

use chrono::NaiveDate;

use crate::analyze::Class;
use crate::analyze::alarms::Alarm;
use crate::digest::{Change, Decision, Level, SenderFacts, Share};
use crate::words::Said;

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

/// Domains of a summary that are judged: those with most failing mail. Each costs reading its records and asking DNS.
pub const DOMAINS_JUDGED: usize = 20;

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
    /// Sums of the period before; `None` when there are no reports from then.
    pub before: Option<Sums>,
    /// First and last day of the period before; `None` when it is as long as this one.
    pub before_period: Option<(NaiveDate, NaiveDate)>,
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
    /// What a digest says beyond sums.
    pub digest: DigestView,
}

/// What a digest says beyond sums; empty where it was not worked out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DigestView {
    /// How loud it is.
    pub level: Option<Level>,
    /// Reports should come and have not for this many days.
    pub blind_days: Option<u64>,
    /// Day of the digest that `changes` are compared with; `None` when there was none.
    pub last: Option<NaiveDate>,
    /// Problems first.
    pub changes: Vec<Change>,
    /// Open alarms that somebody should look at, with the domain; the loudest first.
    pub alarms: Vec<(String, Alarm)>,
    /// Largest effect first.
    pub tasks: Vec<TaskView>,
    /// Who sends, most mails first, over all domains.
    pub senders: Vec<SenderFacts>,
    /// A line a domain.
    pub readiness: Vec<ReadinessView>,
    /// Mail that others send in the domains' names, where mail was classified.
    pub spoofing: Option<SpoofingView>,
    /// What the mails proved that brought the reports; `None` where none came by mail.
    pub trust: Option<TrustView>,
    /// Domains that are not the owner's: shown, and not judged.
    pub foreign: Vec<String>,
}

/// Reports of the period that came by mail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TrustView {
    /// Signed by the reporter.
    pub proven: u64,
    /// Not signed by the reporter.
    pub unproven: u64,
    /// Not verified yet.
    pub unknown: u64,
    /// Of reporters that have not sent before.
    pub new: u64,
}

/// A sender that has to be set right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskView {
    /// The domain.
    pub domain: String,
    /// What people call the sender, in the language of the reader; a stranger's text.
    pub sender: Said,
    /// Its mails that fail.
    pub failing: u64,
    /// All of the owner's mails of the domain that fail.
    pub all_failing: u64,
    /// What to do, step by step, in the language of the reader; names in it may be a stranger's.
    pub steps: Vec<Said>,
    /// The command that shows more; ours.
    pub command: String,
    /// Nothing is wrong for sure: the owner is asked who this is.
    pub is_question: bool,
}

/// How far a domain is from its next policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadinessView {
    /// The domain.
    pub domain: String,
    /// The next policy; `None` when the target is reached.
    pub next: Option<String>,
    /// Gates that pass, and all.
    pub gates: (u64, u64),
    /// Names of those that are open.
    pub open: Vec<String>,
    /// The first day on which the policy may be changed, where that can be said.
    pub earliest: Option<NaiveDate>,
    /// Own mails a day that a change today would affect: about, and at most.
    pub affected_a_day: Option<(u64, u64)>,
}

/// Mail that others send in the owner's name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SpoofingView {
    /// Mails.
    pub mails: u64,
    /// Sources.
    pub sources: u64,
    /// Mails that were delivered, put to spam, refused.
    pub treated: (u64, u64, u64),
    /// The largest sources; strangers' texts.
    pub names: Vec<String>,
}

/// One domain in a summary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DomainView {
    /// Its name.
    pub name: String,
    /// `p=` as the newest report saw it; `None` when it said nothing readable.
    pub policy: Option<String>,
    /// What to do with its policy, where that was worked out.
    pub decision: Option<Decision>,
    /// The owner's mail, where mail was classified.
    pub own: Option<Share>,
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
    /// What it is, where that was worked out.
    pub class: Option<Class>,
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
