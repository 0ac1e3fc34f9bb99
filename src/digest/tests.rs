//! What a receiver may rely on: no change is missed, nothing is told twice, silence means that nothing is new.

use chrono::NaiveDate;
use proptest::prelude::*;

use super::change::movement;
use super::*;
use crate::analyze::Class;

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, day).unwrap()
}

fn sender(key: &str, class: Class, mails: u64) -> SenderFacts {
    let mail = Share { passed: 0, mails };
    SenderFacts { key: key.to_owned(), name: key.to_owned(), class, mail, last_day: day(1) }
}

fn facts() -> Facts {
    let domain = DomainFacts {
        name: "example.com".to_owned(),
        policy: Some("none".to_owned()),
        decision: Some(Decision::Hold),
        all: Share { passed: 900, mails: 1_000 },
        own: Some(Share { passed: 900, mails: 910 }),
        tasks: 0,
        senders: vec![sender("google", Class::Own, 900)],
    };
    Facts { blind_days: None, domains: vec![domain], reporters: vec!["google.com".to_owned()], rejected: 1 }
}

/// What is told of `now` after a digest of [`facts`].
fn told(now: &Facts) -> Vec<Change> {
    let remembered = Snapshot::of(&facts(), None).to_json();
    changes(Snapshot::from_json(&remembered).as_ref(), now)
}

#[test]
fn the_first_digest_and_the_same_again_tell_no_change() {
    assert_eq!(changes(None, &facts()), []);
    assert_eq!(told(&facts()), []);
}

#[test]
fn every_change_is_told_and_problems_come_first() {
    let mut now = facts();
    now.rejected = 3;
    now.reporters.push("yahoo.com".to_owned());
    let domain = &mut now.domains[0];
    domain.policy = Some("reject".to_owned());
    domain.decision = Some(Decision::Fix);
    domain.own = Some(Share { passed: 800, mails: 910 });
    domain.senders.push(sender("salesforce", Class::Misconfigured, 1));
    domain.senders.push(sender("somebody", Class::Unknown, 19));
    domain.senders.push(sender("spammer", Class::Spoof, 5_000));
    now.domains.push(DomainFacts { name: "example.org".to_owned(), ..DomainFacts::default() });
    let told = told(&now);
    let name = || "example.com".to_owned();
    let (before, own) = (Share { passed: 900, mails: 910 }, Share { passed: 800, mails: 910 });
    assert_eq!(
        told,
        [
            Change::FailsMore { domain: name(), before, now: own },
            Change::Decided { domain: name(), now: Decision::Fix },
            Change::NewSender { domain: name(), sender: sender("salesforce", Class::Misconfigured, 1) },
            Change::Rejected { more: 2 },
            Change::Policy { domain: name(), before: Some("none".to_owned()), now: Some("reject".to_owned()) },
            Change::NewDomain { domain: "example.org".to_owned(), mail: Share::default() },
            Change::NewReporter { name: "yahoo.com".to_owned() },
        ]
    );
}

#[test]
fn a_sender_that_pauses_is_not_new_when_it_comes_back() {
    let first = Snapshot::of(&facts(), None);
    let mut pause = facts();
    pause.domains[0].senders.clear();
    pause.reporters.clear();
    let second = Snapshot::of(&pause, Some(&first));
    assert_eq!(changes(Some(&second), &facts()), []);
}

#[test]
fn silence_is_told_once_and_so_is_its_end() {
    let blind = Facts { blind_days: Some(2), ..facts() };
    assert_eq!(told(&blind), [Change::Blind { days: 2 }]);
    let remembered = Snapshot::of(&blind, None);
    assert_eq!(changes(Some(&remembered), &blind), []);
    assert_eq!(changes(Some(&remembered), &facts()), [Change::SeesAgain]);
    assert_eq!(level(&blind, &[]), Level::Critical);
}

#[test]
fn shares_of_different_mails_are_not_compared() {
    let mut now = facts();
    now.domains[0].own = None;
    assert_eq!(told(&now), []);
}

#[test]
fn who_wants_changes_or_problems_hears_them_and_a_monday() {
    let (sunday, monday) = (day(1), day(2));
    let change = [Change::SeesAgain];
    let due = |rule, level, changes: &[Change], today, last| is_due(rule, level, changes, today, last);
    assert!(due(Rule::Always, Level::Fine, &[], sunday, Some(day(1))));
    assert!(!due(Rule::Changes, Level::Warning, &[], sunday, Some(day(1))));
    assert!(due(Rule::Changes, Level::Fine, &change, sunday, Some(day(1))));
    assert!(due(Rule::Changes, Level::Fine, &[], sunday, None), "the first digest is news");
    assert!(!due(Rule::Problems, Level::Fine, &change, sunday, None));
    assert!(!due(Rule::Problems, Level::Unknown, &change, sunday, None));
    assert!(due(Rule::Problems, Level::Warning, &[], sunday, sunday.pred_opt()));
    assert!(!due(Rule::Problems, Level::Warning, &[], sunday, Some(sunday)), "told today");
    assert!(due(Rule::Problems, Level::Warning, &change, sunday, Some(sunday)), "not this");
    assert!(due(Rule::Problems, Level::Fine, &[], monday, Some(day(1))), "the weekly sign of life");
    assert!(!due(Rule::Problems, Level::Fine, &[], monday, Some(monday)), "once on that day");
}

#[test]
fn what_is_remembered_is_bounded() {
    let mut many = facts();
    many.domains[0].senders = (0..2_000).map(|number| sender(&format!("s{number}"), Class::Own, 1)).collect();
    many.domains[0].policy = Some("p".repeat(100_000));
    many.reporters = (0..2_000).map(|number| format!("r{number}")).collect();
    let text = Snapshot::of(&many, Some(&Snapshot::of(&many, None))).to_json();
    assert!(text.len() < 100_000, "{} bytes", text.len());
    assert_eq!(Snapshot::from_json("{\"later\":1}"), Some(Snapshot::default()));
    assert_eq!(Snapshot::from_json("no JSON"), None);
}

proptest! {
    /// Moving there and moving back are opposites, and standing still is neither.
    #[test]
    fn movements_are_opposites(a in 0_u64..=1 << 42, b in 0_u64..=1 << 42, c in 0_u64..=1 << 42, d in 0_u64..=1 << 42) {
        let (one, other) = (Share { passed: a.min(b), mails: b }, Share { passed: c.min(d), mails: d });
        prop_assert_eq!(movement(one, other), movement(other, one).map(|more| !more));
        prop_assert_eq!(movement(one, one), None);
    }
}
