//! R1 to R4, just below and at what they ask.

use super::*;

/// At quarantine or reject since ten days, with 400 own mails a day.
fn raised(p: Policy, record: &'static str) -> Domain {
    let mut domain = Domain::new();
    domain.profile = Some(Profile::Machine);
    domain.record = Some(record);
    let own = domain.sender("own", Class::Own);
    let before = if p == Policy::Reject { Policy::Quarantine } else { Policy::None };
    domain.policy = policy(before, None);
    domain.mails(own, TODAY - 90..TODAY - 10, 400, Fate::Both);
    domain.policy = policy(p, None);
    domain.mails(own, TODAY - 10..TODAY, 400, Fate::Both);
    domain
}

fn quarantined() -> Domain {
    raised(Policy::Quarantine, "v=DMARC1; p=quarantine; rua=mailto:dmarc@example.com")
}

fn refused() -> Domain {
    raised(Policy::Reject, "v=DMARC1; p=reject; rua=mailto:dmarc@example.com")
}

#[track_caller]
fn assert_rules(domain: &Domain, rules: &[&str]) {
    let advice = domain.advice();
    let found: Vec<&str> = advice.triggers.iter().map(|trigger| trigger.rule).collect();
    assert_eq!(found, rules, "{:?}", advice.triggers);
    assert_eq!(advice.decision == Decision::Rollback, !rules.is_empty(), "{:?}", advice.decision);
}

#[test]
fn r1_own_mail_of_a_day_that_is_acted_on() {
    let mut domain = quarantined();
    domain.mails(0, [TODAY - 5], 9, Fate::Quarantined);
    assert_rules(&domain, &[]);
    domain.mails(0, [TODAY - 5], 1, Fate::Quarantined);
    assert_rules(&domain, &["R1"]);
    let advice = domain.advice();
    assert_eq!(advice.publish.expect("a record").text, "v=DMARC1; p=none; rua=mailto:dmarc@example.com");
    let mut domain = refused();
    domain.mails(0, [TODAY - 5], 4, Fate::Refused);
    assert_rules(&domain, &[]);
    domain.mails(0, [TODAY - 5], 1, Fate::Refused);
    assert_rules(&domain, &["R1"]);
    let text = domain.advice().publish.expect("a record").text;
    assert!(text.starts_with("v=DMARC1; p=quarantine; "), "{text}");
}

#[test]
fn r1_own_mail_of_three_days_that_is_acted_on() {
    let mut domain = quarantined();
    domain.mails(0, [TODAY - 6, TODAY - 5], 6, Fate::Quarantined);
    domain.mails(0, [TODAY - 4], 7, Fate::Quarantined);
    assert_rules(&domain, &[]);
    domain.mails(0, [TODAY - 4], 1, Fate::Quarantined);
    assert_rules(&domain, &["R1"]);
}

#[test]
fn r1_needs_a_share_of_the_day_too() {
    let mut domain = quarantined();
    domain.mails(0, [TODAY - 5], 4000, Fate::Both);
    domain.mails(0, [TODAY - 5], 12, Fate::Quarantined);
    assert_rules(&domain, &[]);
}

#[test]
fn r1_is_about_what_was_acted_on_after_the_change() {
    let mut domain = quarantined();
    domain.mails(0, TODAY - 40..TODAY - 11, 50, Fate::Quarantined);
    domain.mails(0, [TODAY - 5], 30, Fate::Fails);
    assert_rules(&domain, &[]);
    let spoof = domain.sender("spoof", Class::Spoof);
    domain.mails(spoof, TODAY - 10..TODAY, 5000, Fate::Quarantined);
    let list = domain.sender("list", Class::List);
    domain.mails(list, TODAY - 10..TODAY, 500, Fate::Quarantined);
    assert_rules(&domain, &[]);
}

#[test]
fn r2_a_critical_sender_may_lose_none() {
    let mut domain = refused();
    let shop = domain.sender("shop", Class::Own);
    domain.mails(shop, TODAY - 60..TODAY, 50, Fate::Both);
    domain.mails(shop, [TODAY - 3], 1, Fate::Refused);
    assert_rules(&domain, &[]);
    domain.senders[shop].is_critical = true;
    assert_rules(&domain, &["R2"]);
}

#[test]
fn r3_failures_that_rise() {
    let mut domain = quarantined();
    let shop = domain.sender("shop", Class::Own);
    domain.mails(shop, TODAY - 60..TODAY - 4, 100, Fate::Both);
    domain.mails(shop, TODAY - 4..TODAY, 90, Fate::Both);
    domain.mails(shop, TODAY - 4..TODAY, 20, Fate::Fails);
    assert_rules(&domain, &[]);
    domain.mails(shop, [TODAY - 2], 1, Fate::Quarantined);
    assert_rules(&domain, &["R3"]);
}

#[test]
fn r4_a_new_sender_that_the_owner_calls_his() {
    let mut domain = quarantined();
    let shop = domain.sender("shop", Class::Misconfigured);
    domain.mails(shop, TODAY - 8..TODAY, 8, Fate::Both);
    domain.mails(shop, TODAY - 8..TODAY, 2, Fate::Fails);
    assert_rules(&domain, &[]);
    domain.senders[shop].is_declared = true;
    assert_rules(&domain, &["R4"]);
}

#[test]
fn a_policy_that_stands_for_long_is_mended_and_not_taken_back() {
    let mut domain = Domain::at_quarantine();
    domain.profile = Some(Profile::People);
    let shop = domain.sender("shop", Class::Misconfigured);
    domain.mails(shop, TODAY - 40..TODAY, 30, Fate::Quarantined);
    let advice = domain.advice();
    assert_eq!((advice.decision, advice.triggers), (Decision::Fix, vec![]));
}

#[test]
fn two_complaints_within_a_day_go_back_and_older_ones_do_not() {
    let mut domain = Domain::at_quarantine();
    domain.record = Some("v=DMARC1; p=reject; rua=mailto:dmarc@example.com");
    domain.policy = policy(Policy::Reject, None);
    for seen in domain.observations.iter_mut().filter(|seen| seen.day >= TODAY - 5) {
        Arc::make_mut(&mut seen.shape).policy = policy(Policy::Reject, None);
    }
    let day_s = 86_400;
    // One before the change, and two that are over a day apart.
    domain.complaints_s = vec![(TODAY - 6) * day_s, (TODAY - 5) * day_s, (TODAY - 4) * day_s + 1];
    assert_ne!(domain.advice().decision, Decision::Rollback);
    domain.complaints_s.push((TODAY - 4) * day_s + 7_200);
    let advice = domain.advice();
    assert_eq!(advice.decision, Decision::Rollback);
    assert_eq!(advice.triggers[0].rule, "R5");
}
