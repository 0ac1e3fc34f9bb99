use std::sync::Arc;

use super::*;
use crate::analyze::Class;
use crate::analyze::readiness::tests::{Domain, Fate, TODAY, policy};
use crate::dns::{Answer, DmarcFound, PublishedKey};
use crate::model::{AuthResult, AuthResults, DkimResult, Policy, Sent};

fn published(day: i64, dmarc: &str, key: Answer<String>) -> Published {
    Published {
        domain: "example.com".to_owned(),
        seen_s: day * 86_400,
        dmarc: Answer::Found(vec![dmarc.to_owned()]),
        dmarc_applies: Some(DmarcFound { domain: "example.com".to_owned(), text: dmarc.to_owned() }),
        organizational_domain: Some("example.com".to_owned()),
        spf: Answer::NoData,
        spf_cover: None,
        dkim: vec![PublishedKey { selector: "s1".to_owned(), answer: key, aliases: Vec::new() }],
        mx: Answer::NoData,
    }
}

fn found(text: &str) -> Answer<String> {
    Answer::Found(vec![text.to_owned()])
}

fn of(domain: &Domain, today: i64, published: &[Published]) -> Vec<Alarm> {
    let (observations, senders) = (&domain.observations, &domain.senders);
    let tally = Tally::of(observations, senders);
    alarms(&AlarmInputs { domain: "example.com", today, observations, senders, tally: &tally, published })
}

/// Kind, subject, first day and the day from which on it was over, days counted from today.
fn told(alarms: &[Alarm]) -> Vec<(AlarmKind, &str, i64, Option<i64>)> {
    let day = |day: i64| day - TODAY;
    alarms.iter().map(|one| (one.kind, one.subject.as_str(), day(one.opened_day), one.closed_day.map(day))).collect()
}

fn sign(domain: &mut Domain, sender: usize, days: impl Fn(i64) -> bool, result: AuthResult) {
    for at in domain.senders[sender].observations.clone() {
        if days(domain.observations[at].day) {
            let dkim = vec![DkimResult {
                domain: Some("example.com".into()),
                selector: Some("s1".into()),
                result: Some(Sent::Read(result)),
                human_result: None,
            }];
            Arc::make_mut(&mut domain.observations[at].shape).auth_results =
                Arc::new(AuthResults { dkim, spf: Vec::new() });
        }
    }
}

#[test]
fn all_is_quiet_where_every_day_is_alike_and_without_reports() {
    assert_eq!(of(&Domain::ready(), TODAY, &[]), []);
    assert_eq!(of(&Domain::new(), TODAY, &[]), []);
}

#[test]
fn failures_open_an_alarm_that_stays_open_until_it_is_quiet_and_is_not_opened_twice() {
    let mut domain = Domain::ready();
    domain.mails(0, TODAY - 20..=TODAY - 17, 60, Fate::Fails);
    let all = of(&domain, TODAY, &[]);
    assert_eq!(told(&all), [(AlarmKind::Failures, "own", -20, Some(-15))]);
    // On the day itself it was open.
    let mut then = Domain::ready();
    then.observations.retain(|seen| seen.day <= TODAY - 18);
    then.senders[0].observations = (0..then.observations.len()).collect();
    then.mails(0, TODAY - 20..=TODAY - 18, 60, Fate::Fails);
    let all = of(&then, TODAY - 17, &[]);
    let failures: Vec<&Alarm> = all.iter().filter(|alarm| alarm.kind == AlarmKind::Failures).collect();
    let [alarm] = failures.as_slice() else { panic!("{all:?}") };
    assert!(alarm.is_loud() && alarm.opened_day == TODAY - 20 && alarm.detail.contains(" -> "), "{alarm:?}");
}

#[test]
fn a_sender_that_stops_and_one_that_begins_are_told() {
    let mut domain = Domain::ready();
    let shop = domain.sender("shop", Class::Authorised);
    domain.mails(shop, TODAY - 60..TODAY - 8, 40, Fate::Both);
    let vendor = domain.sender("vendor", Class::Misconfigured);
    domain.mails(vendor, TODAY - 6..TODAY, 30, Fate::Fails);
    let spoof = domain.sender("spoof", Class::Spoof);
    domain.mails(spoof, TODAY - 6..TODAY, 30, Fate::Fails);
    let all = of(&domain, TODAY, &[]);
    let all = told(&all);
    assert!(all.contains(&(AlarmKind::Stopped, "shop", -7, None)), "{all:?}");
    assert!(all.contains(&(AlarmKind::NewSource, "vendor", -6, None)), "{all:?}");
    assert!(!all.iter().any(|alarm| alarm.1 == "spoof"), "{all:?}");
}

#[test]
fn a_weaker_policy_and_one_that_dns_does_not_have_are_told() {
    let mut domain = Domain::at_quarantine();
    let stays = of(&domain, TODAY, &[published(TODAY - 30, "v=DMARC1; p=quarantine", Answer::NoData)]);
    assert_eq!(stays, []);
    let other = of(&domain, TODAY, &[published(TODAY - 10, "v=DMARC1; p=reject", Answer::NoData)]);
    assert_eq!(told(&other), [(AlarmKind::PolicyDiffers, "example.com", -6, None)]);
    for seen in domain.observations.iter_mut().filter(|seen| seen.day >= TODAY - 3) {
        Arc::make_mut(&mut seen.shape).policy = policy(Policy::None, None);
    }
    let weaker = of(&domain, TODAY, &[]);
    assert_eq!(told(&weaker), [(AlarmKind::PolicyWeakened, "example.com", -3, None)]);
    assert_eq!((weaker[0].severity, weaker[0].detail.as_str()), (Level::Critical, "quarantine -> none"));
}

#[test]
fn a_key_that_is_gone_is_told_only_while_it_signs_and_one_that_is_unused_may_go() {
    let history = [
        published(TODAY - 40, "v=DMARC1; p=none", found("v=DKIM1; p=AA")),
        published(TODAY - 5, "v=DMARC1; p=none", Answer::NxDomain),
    ];
    let mut domain = Domain::ready();
    sign(&mut domain, 0, |day| day < TODAY - 5, AuthResult::Pass);
    assert_eq!(of(&domain, TODAY, &history), [], "it was taken out of use first");
    sign(&mut domain, 0, |day| day >= TODAY - 5, AuthResult::PermError);
    let all = of(&domain, TODAY, &history);
    assert_eq!(told(&all), [(AlarmKind::KeyRemoved, "s1", -5, None)]);
    assert!(all[0].kind.closes_gate());
    let mut domain = Domain::ready();
    sign(&mut domain, 0, |day| day < TODAY - 20, AuthResult::Pass);
    let all = of(&domain, TODAY, &history[..1]);
    assert_eq!(told(&all), [(AlarmKind::KeyUnused, "s1", -7, None)]);
}

#[test]
fn reporters_that_disagree_or_fall_silent_are_told() {
    let mut domain = Domain::ready();
    let of_first = |seen: &Observation| &*seen.reporter == "reporter 0";
    domain.observations.retain(|seen| !(of_first(seen) && seen.day >= TODAY - 9));
    domain.senders[0].observations = (0..domain.observations.len()).collect();
    let all = of(&domain, TODAY, &[]);
    assert!(told(&all).contains(&(AlarmKind::ReporterSilent, "reporter 0", -6, None)), "{all:?}");
    domain.observations.retain(|seen| seen.day < TODAY - 9);
    domain.senders[0].observations = (0..domain.observations.len()).collect();
    let all = of(&domain, TODAY, &[]);
    assert_eq!(told(&all), [(AlarmKind::Blind, "example.com", -6, None)]);
    let mut domain = Domain::ready();
    domain.part(0, TODAY - 3, "reporter 9", 100, Fate::Fails);
    let all = of(&domain, TODAY, &[]);
    assert!(
        all.iter().any(|alarm| alarm.kind == AlarmKind::Disagreement && alarm.detail.contains("reporter 9")),
        "{all:?}"
    );
}

#[test]
fn who_sent_google_five_thousand_mails_on_a_day_is_a_bulk_sender_from_then_on() {
    let day = |mails: u64, reporter: &str| {
        let mut domain = Domain::new();
        let own = domain.sender("own", Class::Own);
        domain.part(own, TODAY - 20, reporter, mails, Fate::Both);
        domain.part(own, TODAY - 2, reporter, 1_000, Fate::Both);
        domain.part(own, TODAY - 2, reporter, 1_000, Fate::Fails);
        sign(&mut domain, own, |day| day == TODAY - 2, AuthResult::Pass);
        domain
    };
    let bulk = |domain: &Domain| of(domain, TODAY, &[]).into_iter().find(|one| one.kind == AlarmKind::BulkSender);
    let alarm = bulk(&day(5_000, "google.com")).expect("an alarm");
    assert_eq!((alarm.opened_day, alarm.closed_day, alarm.severity), (TODAY - 20, None, Level::Info));
    assert_eq!(alarm.detail, "SPF 0 %, DKIM 28.5 %, DMARC 85.7 %", "each by itself");
    assert_eq!(bulk(&day(4_999, "google.com")), None);
    assert_eq!(bulk(&day(9_000, "reporter.example")), None, "nobody else says from when on");
    let mut spoofed = Domain::new();
    let stranger = spoofed.sender("spoof", Class::Spoof);
    spoofed.part(stranger, TODAY - 2, "google.com", 9_000, Fate::Fails);
    assert_eq!(bulk(&spoofed), None, "nor does what others send");
}

#[test]
fn the_order_of_the_rows_does_not_matter() {
    let mut domain = Domain::ready();
    domain.mails(0, TODAY - 20..=TODAY - 17, 60, Fate::Fails);
    let forward = of(&domain, TODAY, &[]);
    domain.observations.reverse();
    assert_eq!(of(&domain, TODAY, &[]), forward);
}
