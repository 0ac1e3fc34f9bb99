//! Steps, and the days on them.

use super::*;

#[test]
fn a_record_stands_for_a_step() {
    let step = |text: &str| Step::of_record(&dmarc::read(text).expect("a record").record);
    assert_eq!(step("v=DMARC1; p=none; t=y"), Step::Monitor);
    assert_eq!(step("v=DMARC1; p=quarantine; t=y"), Step::QuarantineTest);
    assert_eq!(step("v=DMARC1; p=quarantine; pct=0"), Step::QuarantineTest);
    assert_eq!(step("v=DMARC1; p=quarantine; pct=10"), Step::Quarantine);
    assert_eq!(step("v=DMARC1; p=reject; t=y; pct=0"), Step::RejectTest);
    assert_eq!(step("v=DMARC1; p=reject; t=n"), Step::Reject);
}

#[test]
fn a_test_lasts_a_fortnight_and_then_ends() {
    let mut domain = Domain::ready();
    domain.record = Some("v=DMARC1; p=quarantine; t=y; pct=0; rua=mailto:dmarc@example.com");
    let tested = policy(Policy::Quarantine, Some(TestMode::Yes));
    let since = |domain: &mut Domain, first: i64| {
        for seen in &mut domain.observations {
            let is_tested = seen.day >= first;
            Arc::make_mut(&mut seen.shape).policy =
                if is_tested { Arc::clone(&tested) } else { policy(Policy::None, None) };
        }
    };
    since(&mut domain, TODAY - 13);
    assert_decision(&domain, Decision::Hold, &["G1"]);
    assert_eq!(domain.advice().earliest_day, Some(TODAY + 1));
    since(&mut domain, TODAY - 14);
    assert_decision(&domain, Decision::Advance, &[]);
    let text = domain.advice().publish.expect("a record").text;
    assert_eq!(text, "v=DMARC1; p=quarantine; np=reject; rua=mailto:dmarc@example.com");
}

#[test]
fn a_reporter_that_looks_late_changes_no_step() {
    let mut domain = Domain::new();
    let own = domain.sender("own", Class::Own);
    domain.mails(own, TODAY - 20..TODAY - 10, 10, Fate::Both);
    domain.policy = policy(Policy::Quarantine, None);
    domain.mails(own, TODAY - 10..TODAY - 5, 10, Fate::Both);
    domain.policy = policy(Policy::None, None);
    domain.mails(own, [TODAY - 5], 10, Fate::Both);
    domain.policy = policy(Policy::Quarantine, None);
    domain.mails(own, TODAY - 4..TODAY, 10, Fate::Both);
    let line = Timeline::of(&domain.observations, Some(Step::Quarantine), TODAY);
    assert_eq!(line.0, [(TODAY - 20, Step::Monitor), (TODAY - 10, Step::Quarantine)]);
    assert_eq!(line.days_at(&[Step::Quarantine], TODAY), 10);
    assert_eq!(line.days_at(&[Step::Monitor], TODAY), 0);
    assert_eq!(line.raised_since(TODAY - 10), Some((TODAY - 10, Step::Monitor)));
    assert_eq!(line.raised_since(TODAY - 9), None);
    let changed = Timeline::of(&domain.observations, Some(Step::Reject), TODAY);
    assert_eq!(changed.raised_since(TODAY - 9), Some((TODAY, Step::Quarantine)), "DNS has it before reports do");
}
