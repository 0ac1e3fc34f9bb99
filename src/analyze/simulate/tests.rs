//! Policies over made-up mail.

use std::sync::Arc;

use super::*;
use crate::analyze::readiness::tests::{Domain, Fate, TODAY};
use crate::dns::dmarc;
use crate::model::{AuthResult, AuthResults, DkimResult, Identifiers};

fn run_at(domain: &Domain, record: &str, missing: &[&str]) -> Simulation {
    let record = dmarc::read(record).expect("a record").record;
    let missing = missing.iter().map(|name| (*name).to_owned()).collect();
    let trial = Trial {
        domain: "example.com",
        record: &record,
        missing: &missing,
        organizations: Organizations::default(),
        days: (TODAY - 10, TODAY - 1),
    };
    simulate(&trial, &domain.observations, &domain.senders)
}

fn loss(simulation: &Simulation, class: Class) -> Loss {
    simulation.classes.iter().find(|(known, _)| *known == class).expect("every class").1
}

/// A sender of each kind, ten days.
fn mixed() -> Domain {
    let mut domain = Domain::new();
    let own = domain.sender("own", Class::Own);
    domain.mails(own, TODAY - 10..TODAY, 100, Fate::Both);
    domain.mails(own, TODAY - 10..TODAY, 10, Fate::SpfOnly);
    domain.mails(own, [TODAY - 3], 20, Fate::Fails);
    let list = domain.sender("list", Class::List);
    domain.mails(list, TODAY - 10..TODAY, 8, Fate::Overridden);
    let forwarder = domain.sender("forwarder", Class::Forwarder);
    domain.mails(forwarder, TODAY - 10..TODAY, 4, Fate::Fails);
    let spoof = domain.sender("spoof", Class::Spoof);
    domain.mails(spoof, TODAY - 10..TODAY, 400, Fate::Quarantined);
    domain
}

fn near(value: f64, expected: f64) {
    assert!((value - expected).abs() < 1e-9, "{value} is not {expected}");
}

#[test]
fn a_policy_acts_on_what_fails() {
    let domain = mixed();
    let none = run_at(&domain, "v=DMARC1; p=none", &[]);
    assert!(none.classes.iter().all(|(_, loss)| loss.lost.point == 0.0) && none.senders.is_empty());
    let reject = run_at(&domain, "v=DMARC1; p=reject", &[]);
    assert_eq!(reject.days, 10);
    let own = loss(&reject, Class::Own);
    near(own.mails_per_day, 112.0);
    near(own.lost.point, 2.0);
    assert!(own.lost.upper > 3.0, "twenty mails in one lump");
    near(own.refused_per_day, 2.0);
    near(loss(&reject, Class::List).saved_per_day, 8.0);
    near(loss(&reject, Class::Forwarder).saved_per_day, 0.0);
    near(loss(&reject, Class::Spoof).acted_per_day, 400.0);
    let order: Vec<usize> = reject.senders.iter().map(|(place, _)| *place).collect();
    assert_eq!(order, [3, 1, 2, 0]);
    let quarantine = run_at(&domain, "v=DMARC1; p=quarantine", &[]);
    near(loss(&quarantine, Class::Own).lost.point, 2.0);
    near(loss(&quarantine, Class::Own).refused_per_day, 0.0);
}

#[test]
fn a_test_acts_one_level_lower() {
    let domain = mixed();
    let reject = run_at(&domain, "v=DMARC1; p=reject; t=y", &[]);
    near(loss(&reject, Class::Own).lost.point, 2.0);
    near(loss(&reject, Class::Own).refused_per_day, 0.0);
    near(loss(&run_at(&domain, "v=DMARC1; p=quarantine; t=y", &[]), Class::Own).lost.point, 0.0);
}

#[test]
fn names_below_the_domain_have_policies_of_their_own() {
    let mut domain = Domain::new();
    let own = domain.sender("own", Class::Own);
    domain.mails(own, TODAY - 10..TODAY, 10, Fate::Fails);
    for seen in &mut domain.observations {
        let header_from = Some(if seen.day % 2 == 0 { "shop.example.com" } else { "gone.example.com" }.into());
        Arc::make_mut(&mut seen.shape).identifiers = Arc::new(Identifiers { header_from, ..Identifiers::default() });
    }
    let lost = |record: &str| loss(&run_at(&domain, record, &["gone.example.com"]), Class::Own).lost.point;
    near(lost("v=DMARC1; p=none"), 0.0);
    near(lost("v=DMARC1; p=none; np=reject"), 5.0);
    near(lost("v=DMARC1; p=none; sp=reject; np=none"), 5.0);
    near(lost("v=DMARC1; p=none; sp=reject"), 10.0);
    near(lost("v=DMARC1; p=reject; sp=none"), 0.0);
    near(loss(&run_at(&domain, "v=DMARC1; p=none; np=reject", &[]), Class::Own).lost.point, 0.0);
}

#[test]
fn strict_modes_only_let_through_less() {
    let mut domain = Domain::new();
    let own = domain.sender("own", Class::Own);
    domain.mails(own, TODAY - 10..TODAY, 10, Fate::Both);
    for seen in &mut domain.observations {
        let domain = if seen.day % 2 == 0 { "example.com" } else { "mail.example.com" };
        let result = Some(Sent::Read(AuthResult::Pass));
        let dkim = DkimResult { domain: Some(domain.into()), result, ..DkimResult::default() };
        Arc::make_mut(&mut seen.shape).auth_results = Arc::new(AuthResults { dkim: vec![dkim], spf: Vec::new() });
    }
    let lost = |record: &str| loss(&run_at(&domain, record, &[]), Class::Own).lost.point;
    near(lost("v=DMARC1; p=reject"), 0.0);
    near(lost("v=DMARC1; p=reject; adkim=s"), 0.0);
    near(lost("v=DMARC1; p=reject; adkim=s; aspf=s"), 5.0);
}
