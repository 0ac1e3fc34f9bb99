//! Each decision, and what comes with it.

use super::*;
use crate::dns::dmarc::DmarcRecord;

#[test]
fn a_ready_domain_goes_on_to_a_test() {
    let domain = Domain::ready();
    assert_decision(&domain, Decision::Advance, &[]);
    let advice = domain.advice();
    let record = advice.publish.expect("a record");
    assert_eq!(record.name, "_dmarc.example.com");
    assert_eq!(record.ttl_s, 300);
    assert_eq!(record.text, "v=DMARC1; p=quarantine; np=reject; rua=mailto:dmarc@example.com; t=y; pct=0");
    assert_eq!(advice.rollback.expect("a way back").text, RECORD);
    assert_eq!((advice.earliest_day, advice.if_ready), (Some(TODAY), None));
    assert_eq!(advice.confidence, Confidence::High);
}

#[test]
fn what_the_owner_chose_stays_in_the_record() {
    let mut domain = Domain::ready();
    domain.record = Some(
        "v=DMARC1; p=none; sp=none; np=quarantine; adkim=s; aspf=s; rua=mailto:a@example.com,mailto:b@example.net; ruf=mailto:f@example.com; fo=1",
    );
    let record = domain.advice().publish.expect("a record");
    assert_eq!(
        record.text,
        "v=DMARC1; p=quarantine; sp=none; np=quarantine; aspf=s; adkim=s; rua=mailto:a@example.com,mailto:b@example.net; ruf=mailto:f@example.com; fo=1; t=y; pct=0"
    );
}

#[test]
fn np_is_left_alone_where_own_mail_comes_from_below_the_domain() {
    let mut domain = Domain::ready();
    let web = domain.sender("web", Class::Own);
    domain.mails(web, TODAY - 60..TODAY, 4, Fate::Both);
    for at in domain.senders[web].observations.clone() {
        let identifiers = Identifiers { header_from: Some("www.example.com".into()), ..Identifiers::default() };
        Arc::make_mut(&mut domain.observations[at].shape).identifiers = Arc::new(identifiers);
    }
    let record = domain.advice().publish.expect("a record");
    assert!(!record.text.contains("np="), "{}", record.text);
}

#[test]
fn spoofed_mail_changes_nothing() {
    let mut domain = Domain::ready();
    let before = domain.advice();
    let spoof = domain.sender("spoof", Class::Spoof);
    domain.mails(spoof, TODAY - 30..TODAY, 50_000, Fate::Fails);
    let after = domain.advice();
    assert_eq!((after.decision, after.own, after.evidence), (before.decision, before.own, before.evidence));
    assert_eq!(after.blockers, []);
    let spoofed = after.impact.class(Class::Spoof).expect("spoof").point;
    assert!((spoofed - 42_857.14).abs() < 0.01, "{spoofed}");
}

#[test]
fn a_sender_that_fails_is_to_be_mended() {
    let mut domain = Domain::ready();
    let vendor = domain.sender("Salesforce", Class::Misconfigured);
    domain.mails(vendor, TODAY - 60..TODAY, 80, Fate::Fails);
    let small = domain.sender("Web form", Class::Misconfigured);
    domain.mails(small, TODAY - 60..TODAY, 20, Fate::Fails);
    assert_decision(&domain, Decision::Fix, &["G3", "G4", "G9"]);
    let advice = domain.advice();
    let blockers: Vec<(&str, u64)> =
        advice.blockers.iter().map(|blocker| (blocker.source.as_str(), blocker.mails_failing)).collect();
    assert_eq!(blockers, [("Salesforce", 2800), ("Web form", 700)]);
    assert!((advice.blockers[0].share - 0.8).abs() < 1e-9);
    assert!(advice.blockers.iter().all(|blocker| !blocker.fix.is_empty()));
    assert_eq!(advice.publish, None);
    assert!(advice.if_ready.is_some_and(|record| record.text.contains("p=quarantine")));
    assert_eq!(advice.earliest_day, Some(TODAY + 14), "mended today, and clean for two weeks");
}

#[test]
fn a_young_domain_waits() {
    let mut domain = Domain::new();
    let own = domain.sender("own", Class::Own);
    domain.mails(own, TODAY - 10..TODAY, 900, Fate::Both);
    assert_decision(&domain, Decision::Hold, &["G1"]);
    assert_eq!(domain.advice().earliest_day, Some(TODAY + 25));
    assert_eq!(domain.advice().publish, None);
}

#[test]
fn few_mails_over_a_long_time_are_enough_when_none_fails() {
    let mut domain = Domain::new();
    let own = domain.sender("own", Class::Own);
    domain.mails(own, (TODAY - 60..TODAY).step_by(3), 4, Fate::Both);
    assert_decision(&domain, Decision::Advance, &[]);
    assert_eq!(domain.advice().confidence, Confidence::Low);
    domain.mails(own, [TODAY - 5], 1, Fate::Fails);
    let closed: Vec<&str> = domain.advice().gates.iter().filter(|gate| gate.is_closed()).map(|gate| gate.id).collect();
    assert!(closed.contains(&"G2"), "{closed:?}");
}

#[test]
fn people_stop_at_quarantine_and_machines_do_not() {
    let mut domain = Domain::at_quarantine();
    assert_decision(&domain, Decision::Advance, &[]);
    assert!(domain.advice().publish.is_some_and(|record| record.text.starts_with("v=DMARC1; p=reject; ")));
    domain.profile = Some(Profile::People);
    assert_decision(&domain, Decision::Done, &[]);
    assert_eq!(domain.advice().publish, None);
    domain.gates.reject.indirect_percent_max = 100.0;
    assert_decision(&domain, Decision::Advance, &[]);
}

#[test]
fn a_parked_domain_goes_straight_to_reject() {
    let mut domain = Domain::new();
    domain.profile = Some(Profile::Parked);
    let spoof = domain.sender("spoof", Class::Spoof);
    domain.mails(spoof, TODAY - 3..TODAY, 5, Fate::Fails);
    let advice = domain.advice();
    assert_eq!(advice.decision, Decision::Advance);
    let text = advice.publish.expect("a record").text;
    assert_eq!(text, "v=DMARC1; p=reject; sp=reject; np=reject; rua=mailto:dmarc@example.com");
    domain.profile = None;
    assert_eq!(domain.advice().decision, Decision::Investigate, "nobody says that it is parked");
    domain.dns.is_unused = true;
    assert_eq!((domain.advice().decision, domain.advice().profile), (Decision::Advance, Profile::Parked));
    domain.dns.is_known = false;
    assert_eq!(domain.advice().profile, Profile::People, "what DNS did not say is not known");
}

#[test]
fn silence_never_weakens_a_policy() {
    let mut domain = Domain::at_quarantine();
    domain.observations.retain(|seen| seen.day < TODAY - 3);
    let days: usize = domain.observations.len();
    domain.senders[0].observations.retain(|at| *at < days);
    let advice = domain.advice();
    assert_eq!((advice.decision, advice.is_blind, advice.publish), (Decision::Investigate, true, None));
    let mut late = Domain::ready();
    late.observations.retain(|seen| seen.day <= TODAY - 3);
    let days: usize = late.observations.len();
    late.senders[0].observations.retain(|at| *at < days);
    assert_eq!(late.advice().decision, Decision::Advance, "three days may be late");
    let mut empty = Domain::new();
    empty.record = Some("v=DMARC1; p=reject; rua=mailto:dmarc@example.com");
    let advice = empty.advice();
    assert_eq!((advice.decision, advice.is_blind, advice.publish), (Decision::Investigate, false, None));
    assert_eq!(advice.window, None);
}

#[test]
fn without_a_record_there_is_one_to_publish() {
    let mut domain = Domain::ready();
    domain.record = None;
    let advice = domain.advice();
    assert_eq!(advice.decision, Decision::Fix);
    assert_eq!(advice.publish.expect("a record").text, "v=DMARC1; p=none; rua=mailto:dmarc@example.com");
}

#[test]
fn what_dns_did_not_say_is_waited_for() {
    let mut domain = Domain::ready();
    domain.dns = DnsState::default();
    assert_decision(&domain, Decision::Hold, &["G11"]);
    domain.dns.problems = vec!["no TXT record at example.com._report._dmarc.example.net".into()];
    assert_decision(&domain, Decision::Fix, &["G11"]);
}

#[test]
fn a_record_above_the_domain_says_so_with_sp() {
    let text = "v=DMARC1; p=reject; sp=quarantine; rua=mailto:dmarc@example.com";
    let record = dmarc::read(text).expect("a record").record;
    let current = Current::Published { at: "example.com".to_owned(), text: text.to_owned(), record, ttl_s: None };
    let below = current.record("shop.example.com").expect("a record");
    assert_eq!((below.p, below.sp), (Some(Policy::Quarantine), None));
    assert_eq!(current.record("example.com").and_then(|record| record.p), Some(Policy::Reject));
}

#[test]
fn the_order_of_observations_and_of_reports_changes_nothing() {
    let mut domain = Domain::ready();
    let list = domain.sender("list", Class::List);
    domain.mails(list, TODAY - 20..TODAY, 7, Fate::Fails);
    let before = domain.advice();
    let count = domain.observations.len();
    domain.observations.reverse();
    for sender in &mut domain.senders {
        sender.observations = sender.observations.iter().map(|at| count - 1 - at).rev().collect();
    }
    assert_eq!(domain.advice(), before);
    // Each observation in two halves.
    for at in 0..count {
        let mut half = domain.observations[at].clone();
        half.mails /= 2;
        domain.observations[at].mails -= half.mails;
        domain.observations.push(half);
        let owner = domain.senders.iter_mut().find(|sender| sender.observations.contains(&at)).expect("a sender");
        owner.observations.push(count + at);
    }
    assert_eq!(domain.advice(), before);
}

#[test]
fn a_clean_day_more_never_closes_a_gate() {
    let mut domain = Domain::ready();
    let vendor = domain.sender("vendor", Class::Authorised);
    domain.mails(vendor, TODAY - 60..TODAY, 300, Fate::Both);
    domain.mails(vendor, TODAY - 60..TODAY - 1, 2, Fate::Fails);
    assert_decision(&domain, Decision::Advance, &[]);
    domain.mails(0, [TODAY], 400, Fate::Both);
    assert_decision(&domain, Decision::Advance, &[]);
}

#[test]
fn at_the_target_a_sender_that_nobody_knows_is_asked_about_and_spoofed_mail_is_not() {
    let mut domain = Domain::at_quarantine();
    domain.profile = Some(Profile::People);
    let spoof = domain.sender("spoof", Class::Spoof);
    domain.mails(spoof, TODAY - 30..TODAY, 5_000, Fate::Fails);
    let stray = domain.sender("stray", Class::Unknown);
    domain.mails(stray, TODAY - 30..TODAY, 2, Fate::Fails);
    assert_eq!((domain.advice().decision, domain.advice().questions), (Decision::Done, Vec::new()));
    let unknown = domain.sender("203.0.113.0/24", Class::Unknown);
    domain.mails(unknown, TODAY - 30..TODAY, 36, Fate::Quarantined);
    let advice = domain.advice();
    assert_eq!(advice.decision, Decision::Done);
    let [question] = advice.questions.as_slice() else { panic!("{:?}", advice.questions) };
    assert_eq!((known_as(question).as_str(), question.mails_failing), ("203.0.113.0/24", 1_080));
    let signed = Blocker { signs_as: Some("crm.example".to_owned()), ..question.clone() };
    assert_eq!(known_as(&signed), "203.0.113.0/24 (crm.example)");
    assert_eq!(
        answers("example.com", question),
        [
            "ruascope sources tag 203.0.113.0/24 legit --domain example.com",
            "ruascope sources tag 203.0.113.0/24 spoof --domain example.com"
        ]
    );
    domain.senders[unknown].is_declared = true;
    assert_eq!(domain.advice().questions, []);
}

#[test]
fn a_record_is_not_written_out_where_nobody_knows_where_reports_go() {
    let domain = Domain::ready();
    let seen = Current::Seen(DmarcRecord { p: Some(Policy::None), ..DmarcRecord::default() });
    let known = advise(&Case { current: seen.clone(), ..domain.case() });
    assert!(known.publish.is_some_and(|record| record.text.contains("rua=")) && known.change_only.is_none());
    let unknown = advise(&Case { current: seen, rua: Vec::new(), ..domain.case() });
    assert_eq!((unknown.publish, unknown.if_ready, unknown.rollback), (None, None, None));
    assert_eq!(unknown.change_only.as_deref(), Some("p=quarantine; t=y; pct=0"));
}

#[test]
fn bounds_are_for_all_that_is_sent_where_reports_tell_of_a_part() {
    let mut domain = Domain::ready();
    let own = domain.sender("failing", Class::Misconfigured);
    domain.mails(own, TODAY - 30..TODAY, 4, Fate::Fails);
    let spoof = domain.sender("spoof", Class::Spoof);
    domain.mails(spoof, TODAY - 30..TODAY, 4, Fate::Fails);
    let before = domain.advice();
    assert_eq!(before.sent, None);
    domain.sent_per_day = u32::try_from(before.own.mails * 4 / 35).ok();
    let after = domain.advice();
    let seen = after.sent.and_then(|sent| sent.seen).expect("a share");
    assert!((seen - 0.25).abs() < 0.001, "{seen}");
    assert!((after.impact.legitimate.upper - before.impact.legitimate.upper / seen).abs() < 1e-9);
    assert!((after.impact.legitimate.point - before.impact.legitimate.point).abs() < 1e-9);
    let of_spoof = |advice: &Advice| advice.impact.class(Class::Spoof);
    assert_eq!(of_spoof(&after), of_spoof(&before), "strangers send nothing of the owner's");
    domain.sent_per_day = Some(1);
    assert_eq!(domain.advice().impact, before.impact, "nobody hears of more than there is");
}

#[test]
fn whoever_accepts_the_risk_of_lists_goes_on_to_reject() {
    let mut domain = Domain::at_quarantine();
    domain.profile = Some(Profile::People);
    assert_eq!((domain.advice().decision, domain.advice().accepts_list_risk), (Decision::Done, false));
    domain.gates.reject.indirect_percent_max = 100.0;
    let advice = domain.advice();
    assert_eq!((advice.target, advice.accepts_list_risk), (Step::Reject, true));
    assert!(advice.gates.iter().any(|gate| gate.id == "G10" && gate.is_open == Some(true)));
}
