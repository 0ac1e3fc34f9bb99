//! The views under test.

use chrono::NaiveDate;

use crate::present::summary::{
    DayView, DigestView, DispositionView, DomainView, ReporterView, SourceView, SummaryView, Sums,
};

/// A day of October 2026.
pub(super) fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 10, day).unwrap()
}

/// Sums in the order both, DKIM only, SPF only, neither.
pub(super) fn sums(both: u64, dkim_only: u64, spf_only: u64, neither: u64) -> Sums {
    Sums { mails: both + dkim_only + spf_only + neither, both, dkim_only, spf_only, neither }
}

/// A view without any report.
pub(super) fn nothing() -> SummaryView {
    SummaryView {
        domain: None,
        period: None,
        newest_age_days: None,
        reports: 0,
        sums: Sums::default(),
        before: None,
        before_period: None,
        domains: Vec::new(),
        sources: Vec::new(),
        sources_more: (0, 0),
        days: Vec::new(),
        dispositions: Vec::new(),
        reporters: Vec::new(),
        rejected: 0,
        conflicting: 0,
        other: 0,
        digest: DigestView::default(),
    }
}

fn domain(name: &str, policy: Option<&str>, sums: Sums, trend: [Option<(u64, u64)>; 3]) -> DomainView {
    DomainView {
        name: name.to_owned(),
        policy: policy.map(str::to_owned),
        decision: None,
        own: None,
        reports: 2,
        sums,
        trend: trend.to_vec(),
    }
}

fn source(ip: &str, sums: Sums, days: (u32, u32)) -> SourceView {
    SourceView { ip: ip.to_owned(), class: None, sums, reporters: 2, days: (day(days.0), day(days.1)) }
}

fn did(word: Option<&str>, sums: Sums) -> DispositionView {
    DispositionView { word: word.map(str::to_owned), sums }
}

fn reporter(name: Option<&str>, sums: Sums) -> ReporterView {
    ReporterView { name: name.map(str::to_owned), reports: 2, sums }
}

/// Two domains, three days, one of them without a report.
pub(super) fn small() -> SummaryView {
    SummaryView {
        period: Some((day(1), day(3))),
        newest_age_days: Some(1),
        reports: 4,
        sums: sums(1100, 80, 30, 31),
        before: Some(sums(900, 90, 5, 5)),
        domains: vec![
            domain("example.com", Some("none"), sums(1100, 60, 20, 20), [Some((600, 600)), None, Some((580, 600))]),
            domain("example.org", None, sums(0, 20, 10, 11), [Some((30, 41)), None, None]),
        ],
        sources: vec![
            source("198.51.100.7", sums(0, 0, 0, 31), (3, 3)),
            source("2001:db8:85a3:1234:5678:8a2e:370:7334", sums(1100, 0, 0, 0), (1, 3)),
        ],
        sources_more: (2, 110),
        days: vec![
            DayView { day: day(1), reports: 3, sums: sums(550, 40, 30, 11) },
            DayView { day: day(3), reports: 1, sums: sums(550, 40, 0, 20) },
        ],
        dispositions: vec![did(Some("none"), sums(1100, 80, 30, 21)), did(Some("reject"), sums(0, 0, 0, 10))],
        reporters: vec![reporter(Some("google.com"), sums(1000, 80, 30, 30)), reporter(None, sums(100, 0, 0, 1))],
        rejected: 1,
        conflicting: 0,
        other: 2,
        ..nothing()
    }
}

/// What a stranger may send in place of a word.
pub(super) const ATTACK: &str = "=cmd|'/c calc'!A1\u{1b}]0;title\u{7}\u{1b}[2J\r\n\u{9b}31m</td></script><script>alert(1)</script>\"' onload=x \
     `|` [x](https://evil.example) www.evil.example a@evil.example \u{202e}moc.elpmaxe\u{2066}\u{200b}\0";

/// The small view with an attack in the place of every text.
pub(super) fn hostile() -> SummaryView {
    let mut view = small();
    view.domain = Some(ATTACK.to_owned());
    for domain in &mut view.domains {
        ATTACK.clone_into(&mut domain.name);
        domain.policy = Some(ATTACK.to_owned());
    }
    for source in &mut view.sources {
        ATTACK.clone_into(&mut source.ip);
    }
    for did in &mut view.dispositions {
        did.word = Some(ATTACK.to_owned());
    }
    for reporter in &mut view.reporters {
        reporter.name = Some(ATTACK.to_owned());
    }
    view
}
