//! Each gate just below, at and above its threshold.

use crate::analyze::Class;
use crate::analyze::readiness::tests::{Domain, Fate, TODAY};
use crate::analyze::readiness::{Advice, Gate};
use crate::config::Profile;

fn gate(advice: &Advice, id: &str) -> Gate {
    advice.gates.iter().find(|gate| gate.id == id).expect("every gate").clone()
}

#[track_caller]
fn assert_gate(domain: &Domain, id: &str, is_open: bool) {
    let gate = gate(&domain.advice(), id);
    assert_eq!(gate.is_open, Some(is_open), "{} needs {}", gate.value, gate.need);
}

/// Own mail that passes, from the first day to yesterday.
fn since(first: i64) -> Domain {
    let mut domain = Domain::new();
    let own = domain.sender("own", Class::Own);
    domain.mails(own, first..TODAY, 400, Fate::Both);
    domain
}

#[test]
fn g1_days_before_quarantine() {
    assert_gate(&since(TODAY - 34), "G1", false);
    assert_gate(&since(TODAY - 35), "G1", true);
    let mut domain = since(TODAY - 34);
    domain.gates.quarantine.window_days_min = 34;
    domain.gates.quarantine.total_days_min = 34;
    assert_gate(&domain, "G1", true);
    // 2026-10-31 is 24 days ago.
    domain.gates.quarantine.window_days_min = 5;
    domain.gates.quarantine.total_days_min = 5;
    let short = |days: i64| {
        let mut domain = since(TODAY - days);
        domain.gates = super::super::tests::Domain::new().gates;
        domain.gates.quarantine.window_days_min = 5;
        domain.gates.quarantine.total_days_min = 5;
        domain
    };
    assert_gate(&short(23), "G1", false);
    assert_gate(&short(24), "G1", true);
    let mut without = short(23);
    without.gates.quarantine.month_end = false;
    assert_gate(&without, "G1", true);
}

#[test]
fn g1_days_at_quarantine_before_reject() {
    let mut domain = Domain::at_quarantine();
    assert_gate(&domain, "G1", true);
    domain.gates.reject.window_days_min = 45;
    assert_gate(&domain, "G1", true);
    domain.gates.reject.window_days_min = 46;
    assert_gate(&domain, "G1", false);
    assert_eq!(gate(&domain.advice(), "G1").opens_day, Some(TODAY + 1));
    domain.gates.reject.window_days_min = 30;
    domain.gates.reject.total_days_min = 121;
    assert_gate(&domain, "G1", false);
    domain.gates.reject.total_days_min = 120;
    assert_gate(&domain, "G1", true);
}

#[test]
fn g2_independent_observations() {
    let mut domain = Domain::new();
    let own = domain.sender("own", Class::Own);
    // 35 days of 10 mails and one that fails: 351 mails, or 280 independent ones.
    domain.mails(own, TODAY - 35..TODAY, 10, Fate::Both);
    domain.mails(own, [TODAY - 5], 1, Fate::Fails);
    domain.gates.quarantine.observations_min = 280;
    assert_gate(&domain, "G2", true);
    domain.gates.quarantine.observations_min = 281;
    assert_gate(&domain, "G2", false);
}

#[test]
fn g2_the_way_for_few_mails() {
    let few = |days: i64, active: usize| {
        let mut domain = Domain::new();
        let own = domain.sender("own", Class::Own);
        domain.mails(own, (TODAY - days..TODAY).take(active), 4, Fate::Both);
        domain
    };
    assert_gate(&few(35, 10), "G2", true);
    assert_gate(&few(35, 9), "G2", false);
    assert_gate(&few(34, 10), "G2", false);
    let mut failed = few(35, 10);
    failed.mails(0, [TODAY - 3], 1, Fate::Fails);
    assert_gate(&failed, "G2", false);
}

#[test]
fn g3_the_lower_bound_and_not_the_share() {
    let mut domain = since(TODAY - 60);
    // 1.5 % fail on every day alike: the bound is close to the share.
    domain.mails(0, TODAY - 60..TODAY, 6, Fate::Fails);
    assert_gate(&domain, "G3", true);
    let advice = domain.advice();
    domain.gates.quarantine.pass_lower_bound_percent_min = advice.evidence.lower_bound * 100.0;
    assert_gate(&domain, "G3", true);
    domain.gates.quarantine.pass_lower_bound_percent_min = advice.evidence.lower_bound * 100.0 + 0.001;
    assert_gate(&domain, "G3", false);
    assert!(advice.evidence.pass.expect("mail") > advice.evidence.lower_bound + 0.0005);
}

#[test]
fn g4_each_sender() {
    // 2 % of 400 a day are far over ten mails and 0.1 %.
    let with = |passing: u64, failing: u64| {
        let mut domain = since(TODAY - 60);
        let vendor = domain.sender("vendor", Class::Authorised);
        domain.mails(vendor, [TODAY - 20], passing, Fate::Both);
        domain.mails(vendor, [TODAY - 20], failing, Fate::Fails);
        domain
    };
    assert_gate(&with(380, 20), "G4", true);
    assert_gate(&with(379, 21), "G4", false);
    assert_gate(&with(20, 14), "G4", true);
    assert_gate(&with(20, 15), "G4", false);
    assert_eq!(with(20, 15).advice().blockers.len(), 1);
    let mut foreign = with(20, 15);
    foreign.senders[1].class = Class::Forwarder;
    assert_gate(&foreign, "G4", true);
}

#[test]
fn g5_unknown_senders() {
    let with = |mails: u64| {
        let mut domain = since(TODAY - 60);
        let unknown = domain.sender("unknown", Class::Unknown);
        domain.mails(unknown, [TODAY - 20], mails, Fate::Fails);
        domain
    };
    assert_gate(&with(50), "G5", true);
    assert_gate(&with(51), "G5", false);
    let advice = with(51).advice();
    assert_eq!((advice.blockers.len(), advice.blockers[0].class), (1, Class::Unknown));
    let mut offline = with(51);
    offline.dns.is_known = false;
    assert_eq!(gate(&offline.advice(), "G5").kind, crate::analyze::readiness::Kind::Data, "names may tell more");
    let mut told = with(51);
    told.senders[1].is_declared = true;
    assert_gate(&told, "G5", true);
    // 141 of 14,141 are under one per cent, 142 of 14,142 are over it.
    let many = |mails: u64| {
        let mut domain = with(mails);
        domain.gates.quarantine.unknown_source_mails_max = 1000;
        domain
    };
    assert_gate(&many(141), "G5", true);
    assert_gate(&many(142), "G5", false);
}

#[test]
fn g6_new_senders() {
    let with = |days: i64, mails: u64| {
        let mut domain = since(TODAY - 60);
        let vendor = domain.sender("vendor", Class::Authorised);
        domain.mails(vendor, TODAY - days..TODAY, mails, Fate::Both);
        domain
    };
    assert_gate(&with(15, 4), "G6", true);
    assert_gate(&with(14, 4), "G6", false);
    assert_eq!(gate(&with(14, 4).advice(), "G6").opens_day, Some(TODAY + 1));
    assert_gate(&with(9, 1), "G6", true);
    assert_gate(&with(10, 1), "G6", false);
}

#[test]
fn g6_senders_not_seen_yet() {
    let mut domain = since(TODAY - 60);
    let once = domain.sender("once", Class::Own);
    domain.mails(once, [TODAY - 20], 4, Fate::Both);
    // With a failure, so that the way for few mails is shut.
    domain.mails(0, [TODAY - 20], 1, Fate::Fails);
    // One of 36 source-days.
    domain.gates.quarantine.unseen_percent_max = 2.78;
    assert_gate(&domain, "G6", true);
    domain.gates.quarantine.unseen_percent_max = 2.77;
    assert_gate(&domain, "G6", false);
}

#[test]
fn g7_failures_that_rise() {
    let with = |days: i64| {
        let mut domain = since(TODAY - 60);
        domain.mails(0, [TODAY - days], 90, Fate::Fails);
        domain
    };
    assert_gate(&with(8), "G7", true);
    assert_gate(&with(7), "G7", false);
    assert_eq!(gate(&with(7).advice(), "G7").opens_day, Some(TODAY + 1));
}

#[test]
fn g8_reporters() {
    let mut domain = Domain::new();
    let own = domain.sender("own", Class::Own);
    for day in TODAY - 60..TODAY {
        domain.part(own, day, "large", 989, Fate::Both);
        domain.part(own, day, "small", 11, Fate::Both);
    }
    assert_gate(&domain, "G8", true);
    domain.gates.quarantine.reporter_percent_min = 1.2;
    assert_gate(&domain, "G8", false);
}

#[test]
fn g8_completeness() {
    // Four equal reporters, of which one comes on the first so many days of the measured fortnight only.
    let with = |days: i64| {
        let mut domain = since(TODAY - 60);
        let first = TODAY - 16;
        let is_late = |day: i64, reporter: &str| reporter == "reporter 0" && day >= first + days;
        let kept: Vec<bool> = domain.observations.iter().map(|seen| !is_late(seen.day, &seen.reporter)).collect();
        let mut place = 0;
        domain.observations.retain(|_| {
            place += 1;
            kept[place - 1]
        });
        domain.senders[0].observations = (0..domain.observations.len()).collect();
        domain
    };
    assert_gate(&with(14), "G8", true);
    assert_gate(&with(0), "G8", true);
    let mut domain = with(0);
    let completeness = domain.advice().coverage.completeness.expect("a habit");
    assert!((0.79..0.81).contains(&completeness), "{completeness}");
    domain.gates.quarantine.completeness_percent_min = completeness * 100.0 + 0.01;
    assert_gate(&domain, "G8", false);
    assert_eq!(domain.advice().coverage.silent, ["reporter 0"]);
}

#[test]
fn g9_dkim_carries_the_mail() {
    let with = |spf_only: u64| {
        let mut domain = since(TODAY - 60);
        domain.mails(0, TODAY - 60..TODAY, spf_only, Fate::SpfOnly);
        domain
    };
    assert_gate(&with(44), "G9", true);
    assert_gate(&with(45), "G9", false);
    let mut domain = Domain::at_quarantine();
    domain.mails(0, TODAY - 35..TODAY, 4, Fate::SpfOnly);
    assert_gate(&domain, "G9", true);
    domain.mails(0, [TODAY - 5], 8, Fate::SpfOnly);
    assert_gate(&domain, "G9", false);
}

#[test]
fn g10_indirect_mail_at_risk() {
    let mut domain = Domain::at_quarantine();
    let list = domain.sender("list", Class::List);
    domain.mails(list, TODAY - 35..TODAY, 2, Fate::Fails);
    assert_gate(&domain, "G10", true);
    domain.mails(list, [TODAY - 1], 1, Fate::Fails);
    assert_gate(&domain, "G10", false);
    domain.mails(list, TODAY - 35..TODAY, 8, Fate::Overridden);
    assert_gate(&domain, "G10", true);
    domain.mails(list, TODAY - 35..TODAY, 400, Fate::Fails);
    assert_gate(&domain, "G10", false);
    domain.record = Some("v=DMARC1; p=none; rua=mailto:dmarc@example.com");
    assert_gate(&domain, "G10", true);
}

#[test]
fn g11_what_dns_publishes() {
    let mut domain = Domain::ready();
    domain.dns.spf_lookups = Some(10);
    assert_gate(&domain, "G11", true);
    domain.dns.spf_lookups = Some(11);
    assert_gate(&domain, "G11", false);
    let mut domain = Domain::at_quarantine();
    domain.gates.reject.ttl_s_max = Some(300);
    assert_gate(&domain, "G11", true);
    domain.gates.reject.ttl_s_max = Some(299);
    assert_gate(&domain, "G11", false);
}

#[test]
fn g12_runs_that_are_due() {
    // A monthly run on the 27th: 2026-09-27 and 2026-10-27, due on 2026-11-27.
    let with = |fate: Fate| {
        let mut domain = since(TODAY - 90);
        let invoices = domain.sender("invoices", Class::Misconfigured);
        domain.mails(invoices, [TODAY - 58, TODAY - 28], 40, fate);
        domain
    };
    let mut domain = with(Fate::Fails);
    assert_gate(&domain, "G12", false);
    assert_gate(&with(Fate::Both), "G12", true);
    domain.gates.quarantine.due_run_days = 2;
    assert_gate(&domain, "G12", true);
}

#[test]
fn the_cap_holds_a_policy_in_its_test() {
    let with = |record: &'static str, unknown: u64| {
        let mut domain = since(TODAY - 60);
        domain.record = Some(record);
        domain.profile = Some(Profile::People);
        let sender = domain.sender("unknown", Class::Unknown);
        domain.mails(sender, TODAY - 35..TODAY, unknown, Fate::Fails);
        let spoof = domain.sender("spoof", Class::Spoof);
        domain.mails(spoof, TODAY - 35..TODAY, 1000, Fate::Fails);
        domain
    };
    let tested = "v=DMARC1; p=quarantine; t=y; rua=mailto:dmarc@example.com";
    assert_gate(&with(tested, 28), "cap", true);
    assert_gate(&with(tested, 29), "cap", false);
    assert_gate(&with("v=DMARC1; p=none; rua=mailto:dmarc@example.com", 29), "cap", true);
}

#[test]
fn shares_are_never_rounded_up() {
    use crate::analyze::readiness::percent;
    let shown = [0.0, 0.000_01, 0.0029, 0.5, 0.8279, 0.99, 0.999_96, 1.0].map(percent);
    assert_eq!(shown, ["0 %", "0.01 %", "0.29 %", "50.0 %", "82.7 %", "99.0 %", "99.99 %", "100 %"]);
}
