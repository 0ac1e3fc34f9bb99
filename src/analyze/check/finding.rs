//! What a check says: badges, findings, and what is good.

use crate::dns;
use crate::words::{Said, said};

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Worth knowing.
    Info,
    /// Should be changed.
    Warning,
    /// Something does not work, or protects less than it is meant to.
    Critical,
}

impl Level {
    /// The word for JSON and text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Critical => "critical",
        }
    }
}

impl From<dns::Severity> for Level {
    fn from(severity: dns::Severity) -> Self {
        match severity {
            dns::Severity::Info => Self::Info,
            dns::Severity::Warning => Self::Warning,
            dns::Severity::Error => Self::Critical,
        }
    }
}

/// What a finding is about, in the order in which it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// The policy record.
    Dmarc,
    /// Where reports go.
    Reports,
    /// The SPF record and those that it includes.
    Spf,
    /// Keys.
    Dkim,
    /// Everything that is not SPF, DKIM or DMARC.
    More,
}

impl Topic {
    /// The heading of its lines.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Dmarc => "DMARC",
            Self::Reports => "RUA",
            Self::Spf => "SPF",
            Self::Dkim => "DKIM",
            Self::More => "MORE",
        }
    }
}

/// State of one of SPF, DKIM and DMARC at a glance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Badge {
    /// It is there and works.
    Set,
    /// It is there and does not work.
    Broken,
    /// It is known not to be there.
    Missing,
    /// DNS did not answer, or nobody can tell.
    Unknown,
}

impl Badge {
    /// The word for JSON and text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Set => "set",
            Self::Broken => "broken",
            Self::Missing => "missing",
            Self::Unknown => "unknown",
        }
    }
}

/// The three badges of a domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Badges {
    /// Its SPF record.
    pub spf: Badge,
    /// Its DKIM keys.
    pub dkim: Badge,
    /// The policy that applies to it.
    pub dmarc: Badge,
}

impl Badges {
    /// Whether a badge is not known.
    #[must_use]
    pub fn any_unknown(&self) -> bool {
        [self.spf, self.dkim, self.dmarc].contains(&Badge::Unknown)
    }
}

/// A TXT record to publish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publish {
    /// Its name, relative to the domain.
    pub host: String,
    /// The domain in whose zone it belongs.
    pub domain: String,
    /// Time to live, in seconds, where the owner set one.
    pub ttl_s: Option<u32>,
    /// Its text.
    pub text: String,
}

/// Something that the owner of a domain should know. Texts may quote records, so they have to be escaped before they are shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckFinding {
    /// Name of the rule, such as `dkim-key-missing`; names stay.
    pub rule: &'static str,
    /// How much it matters.
    pub level: Level,
    /// What it is about.
    pub topic: Topic,
    /// The name in DNS that it is about.
    pub subject: String,
    /// What is so; names the selector or host that it is about.
    pub text: Said,
    /// What to do; empty when there is nothing to do.
    pub advice: Said,
    /// What it was concluded from: answers and records, one a line.
    pub evidence: Vec<String>,
    /// The record to publish, where one helps.
    pub publish: Option<Publish>,
}

impl CheckFinding {
    pub(super) fn new(topic: Topic, level: Level, rule: &'static str, subject: &str, text: impl Into<Said>) -> Self {
        let (subject, text) = (subject.to_owned(), text.into());
        Self { rule, level, topic, subject, text, advice: Said::default(), evidence: Vec::new(), publish: None }
    }

    pub(super) fn advice(mut self, advice: impl Into<Said>) -> Self {
        self.advice = advice.into();
        self
    }

    pub(super) fn evidence(mut self, lines: impl IntoIterator<Item = String>) -> Self {
        self.evidence.extend(lines);
        self
    }

    pub(super) fn publish(mut self, record: Publish) -> Self {
        self.publish = Some(record);
        self
    }

    /// A finding of one of the readers of records, about the record at `subject`.
    pub(super) fn of_record(topic: Topic, subject: &str, record: &str, finding: dns::Finding) -> Self {
        let evidence = record.get(finding.at).filter(|part| !part.is_empty()).map(str::to_owned);
        Self::new(
            topic,
            finding.severity.into(),
            finding.rule,
            subject,
            said!("check-of-record", subject = subject, text = finding.text),
        )
        .advice(finding.advice)
        .evidence(evidence)
    }
}

/// What a check of one domain came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// The domain.
    pub domain: String,
    /// At a glance.
    pub badges: Badges,
    /// By topic, and then what matters most first.
    pub findings: Vec<CheckFinding>,
    /// What is good, in few words, by topic.
    pub good: Vec<(Topic, Said)>,
    /// Everything that decides about SPF, DKIM, DMARC and reports was answered.
    pub is_answered: bool,
}

impl Checked {
    /// How much the worst finding matters; `None` without findings.
    #[must_use]
    pub fn worst(&self) -> Option<Level> {
        self.findings.iter().map(|finding| finding.level).max()
    }
}

/// A check in the making.
#[derive(Debug, Default)]
pub(super) struct Notes {
    pub(super) findings: Vec<CheckFinding>,
    pub(super) good: Vec<(Topic, Said)>,
    pub(super) unanswered: bool,
}

impl Notes {
    pub(super) fn push(&mut self, finding: CheckFinding) {
        self.findings.push(finding);
    }

    pub(super) fn good(&mut self, topic: Topic, text: impl Into<Said>) {
        self.good.push((topic, text.into()));
    }

    /// A question whose answer decides something was not answered: that is never "missing".
    pub(super) fn unanswered(&mut self, topic: Topic, rule: &'static str, name: &str, failure: dns::Failure) {
        self.unanswered = true;
        let why = why_not(failure);
        let text = said!("check-unanswered", name = name, why = why);
        let advice = match failure {
            dns::Failure::Offline => said!("check-run-online"),
            dns::Failure::AliasLoop => said!("check-correct-cname"),
            _ => said!("check-run-again"),
        };
        self.push(CheckFinding::new(topic, Level::Warning, rule, name, text).advice(advice));
    }
}

/// Why DNS did not answer, in words.
pub(super) fn why_not(failure: dns::Failure) -> Said {
    failure.said()
}
