//! Three digests, whole, in both languages: all is well, something has to be set right, nothing comes any more.
//!
//! `UPDATE_EXPECTED=1` writes the files again; then they are looked at.

use chrono::NaiveDate;
use ruascope::analyze::Class;
use ruascope::digest::{Change, Decision, Level, SenderFacts, Share};
use ruascope::present::summary::{
    DayView, DigestView, DispositionView, DomainView, MailPicture, ReadinessView, ReporterView, SpoofingView,
    SummaryView, Sums, TaskView, TextStyle, mail_page, markdown, slack, subject, teams, text,
};
use ruascope::present::words::{Language, Words};
use unicode_width::UnicodeWidthStr as _;

use crate::harness::{assert_none, root};

/// What a stranger may be called.
const ATTACK: &str = "\u{1b}[2J</td><script>alert(1)</script>\r\nBcc: a@evil.example `|` www.evil.example \u{202e}x";

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 8, day).expect("a day")
}

fn sums(both: u64, dkim_only: u64, spf_only: u64, neither: u64) -> Sums {
    Sums { mails: both + dkim_only + spf_only + neither, both, dkim_only, spf_only, neither }
}

fn domain(name: &str, policy: &str, decision: Decision, sums: Sums, own: Option<Share>) -> DomainView {
    let trend = vec![Some((sums.dmarc_pass(), sums.mails))];
    let (name, policy) = (name.to_owned(), Some(policy.to_owned()));
    DomainView { name, policy, decision: Some(decision), own, reports: 5, sums, trend }
}

fn sender(name: &str, class: Class, passed: u64, mails: u64) -> SenderFacts {
    let mail = Share { passed, mails };
    SenderFacts { key: name.to_owned(), name: name.to_owned(), class, mail, last_day: day(18) }
}

fn reporter(name: &str, sums: Sums) -> ReporterView {
    ReporterView { name: Some(name.to_owned()), reports: 7, sums }
}

/// A day on which all is well.
fn well() -> SummaryView {
    let all = sums(1_150, 30, 4, 200);
    SummaryView {
        domain: None,
        period: Some((day(18), day(18))),
        newest_age_days: Some(0),
        reports: 14,
        sums: all,
        before: Some(sums(1_100, 28, 4, 190)),
        before_period: None,
        domains: vec![
            domain(
                "example.co.jp",
                "quarantine",
                Decision::Hold,
                sums(1_150, 30, 4, 2),
                Some(Share { passed: 1_184, mails: 1_184 }),
            ),
            domain("parked.jp", "reject", Decision::Done, sums(0, 0, 0, 198), None),
        ],
        sources: Vec::new(),
        sources_more: (0, 0),
        days: vec![DayView { day: day(18), reports: 14, sums: all }],
        dispositions: vec![DispositionView { word: Some("none".to_owned()), sums: all }],
        reporters: vec![reporter("google.com", sums(900, 20, 0, 100)), reporter("docomo.ne.jp", sums(250, 10, 4, 100))],
        rejected: 0,
        conflicting: 0,
        other: 0,
        digest: DigestView {
            level: Some(Level::Fine),
            last: Some(day(17)),
            senders: vec![
                sender("Google Workspace", Class::Own, 1_100, 1_100),
                sender("Amazon SES", Class::Authorised, 84, 84),
                sender("spoofed mail", Class::Spoof, 0, 200),
            ],
            readiness: vec![ReadinessView {
                domain: "example.co.jp".to_owned(),
                next: Some("reject".to_owned()),
                gates: (12, 13),
                open: vec!["G1".to_owned()],
                earliest: NaiveDate::from_ymd_opt(2026, 9, 4),
                affected_a_day: Some((0, 1)),
            }],
            spoofing: Some(SpoofingView {
                mails: 200,
                sources: 88,
                treated: (2, 0, 198),
                names: vec!["192.0.2.7".to_owned()],
            }),
            ..DigestView::default()
        },
    }
}

/// A day on which a sender fails, with names that attack.
fn fix() -> SummaryView {
    let salesforce = sender("Salesforce", Class::Misconfigured, 0, 251);
    let mut view = well();
    view.sums = sums(1_000, 30, 4, 350);
    view.domains[0] = domain(
        "example.co.jp",
        "none",
        Decision::Fix,
        sums(1_000, 30, 4, 152),
        Some(Share { passed: 1_034, mails: 1_128 }),
    );
    view.domains[0].trend = vec![Some((1_034, 1_186))];
    view.digest.level = Some(Level::Warning);
    view.digest.senders.insert(1, salesforce.clone());
    view.digest.senders.push(sender(ATTACK, Class::Unknown, 0, 57));
    let name = || "example.co.jp".to_owned();
    view.digest.changes = vec![
        Change::FailsMore {
            domain: name(),
            before: Share { passed: 1_182, mails: 1_184 },
            now: Share { passed: 1_034, mails: 1_128 },
        },
        Change::Decided { domain: name(), now: Decision::Fix },
        Change::NewSender { domain: name(), sender: salesforce },
        Change::NewSender { domain: name(), sender: sender(ATTACK, Class::Unknown, 0, 57) },
        Change::Policy {
            domain: "parked.jp".to_owned(),
            before: Some("none".to_owned()),
            now: Some("reject".to_owned()),
        },
        Change::NewReporter { name: ATTACK.to_owned() },
    ];
    view.digest.tasks = vec![TaskView {
        is_question: false,
        domain: name(),
        sender: "Salesforce".into(),
        failing: 251,
        all_failing: 332,
        steps: vec!["Setup > DKIM Keys > Create key, publish 2 CNAME, Activate".into()],
        command: "ruascope sources example.co.jp salesforce".to_owned(),
    }];
    view.digest.readiness[0].next = Some("quarantine".to_owned());
    view.digest.readiness[0].open = vec!["G4".to_owned(), "G6".to_owned(), "G7".to_owned()];
    view.digest.readiness[0].gates = (10, 13);
    view.digest.readiness[0].affected_a_day = Some((8, 16));
    view
}

/// Reports have stopped.
fn blind() -> SummaryView {
    let mut view = well();
    view.newest_age_days = Some(4);
    view.digest.blind_days = Some(4);
    view.digest.level = Some(Level::Critical);
    view.digest.changes = vec![Change::Blind { days: 4 }];
    view
}

const STYLE: TextStyle = TextStyle { width: 80, color: false, unicode: true };

fn stories() -> [(&'static str, SummaryView); 3] {
    [("well", well()), ("fix", fix()), ("blind", blind())]
}

const LANGUAGES: [Language; 2] = [Language::En, Language::Ja];

#[test]
fn the_three_stories_in_both_languages() {
    let mut problems = Vec::new();
    for (story, view) in stories() {
        for language in LANGUAGES {
            let words = Words::new(language);
            let told = format!("Subject: {}\n\n{}", subject(&view, &words), text(&view, &words, &STYLE));
            let pictures = [MailPicture { id: "volume".to_owned(), alt: words.say("chart-volume") }];
            for (form, told) in [
                ("txt", told),
                ("md", markdown(&view, &words)),
                ("html", mail_page(&view, &words, &pictures)),
                ("slack.json", format!("{:#}\n", slack(&view, &words))),
                ("teams.json", format!("{:#}\n", teams(&view, &words))),
            ] {
                let name = format!("{story}-{}.{form}", language.as_str());
                let path = root().join("tests/integration/digest/expected").join(&name);
                if std::env::var_os("UPDATE_EXPECTED").is_some() {
                    std::fs::write(&path, &told).expect("a file");
                }
                let expected = std::fs::read_to_string(&path).unwrap_or_default();
                problems.extend((told != expected).then(|| format!("{name} is\n{told}")));
            }
        }
    }
    assert_none(&problems);
}

#[test]
fn a_digest_is_short_narrow_and_harmless() {
    for (story, view) in stories() {
        for language in LANGUAGES {
            let words = Words::new(language);
            let told = text(&view, &words, &STYLE);
            assert!(told.lines().count() <= 60, "{story}: {} lines", told.lines().count());
            assert!(told.lines().all(|line| line.width() <= 80), "{told}");
            assert!(!told.chars().any(|c| (c.is_control() && c != '\n') || c == '\u{202e}'), "{told}");
            let page = mail_page(&view, &words, &[]);
            assert!(!page.contains("<script") && !page.contains("http") && !page.contains('\u{202e}'), "{page}");
            assert!(!subject(&view, &words).chars().any(char::is_control));
        }
    }
    // Names of strangers are no links.
    let page = mail_page(&fix(), &Words::new(Language::En), &[]);
    assert!(page.contains("www[.]evil[.]example") && !page.contains("www.evil.example"), "{page}");
}
