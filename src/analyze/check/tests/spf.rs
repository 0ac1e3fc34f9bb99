//! Rules of SPF.

use super::*;
use crate::dns::spf::{Qualifier, Term, read};
use crate::dns::{SpfCover, SpfNetwork, SpfOutcome, SpfStep, SpfTree};

/// The record of a domain, in which every term finds what it names.
pub(super) fn tree(domain: &str, text: &str) -> SpfTree {
    let read = read(text).expect("a record");
    let step = |term: Term| SpfStep {
        lookup: term.asks_dns().then_some(1),
        target: term.to_string().split_once(':').map(|(_, name)| name.to_owned()),
        term,
        is_void: false,
        outcome: SpfOutcome::Fine,
        networks: Vec::new(),
        below: None,
    };
    let mut tree = SpfTree {
        domain: domain.to_owned(),
        answer: found(&[text]),
        aliases: Vec::new(),
        is_valid: read.is_valid,
        steps: read.record.terms.into_iter().map(step).collect(),
        unused: Vec::new(),
    };
    for (number, step) in tree.steps.iter_mut().filter(|step| step.lookup.is_some()).enumerate() {
        step.lookup = Some(number + 1);
    }
    tree
}

/// A record of such terms, each with the same outcome.
fn with_terms(terms: &str, outcome: SpfOutcome) -> Facts {
    let text = format!("v=spf1 {terms} -all");
    let mut facts = with_spf(&[&text]);
    for step in &mut facts.spf.as_mut().expect("a tree").steps {
        if step.lookup.is_some() {
            (step.outcome, step.is_void) = (outcome, matches!(outcome, SpfOutcome::Nothing));
        }
    }
    facts
}

/// A record that includes another.
fn with_included(text: &str) -> Facts {
    let mut facts = with_spf(&["v=spf1 include:a.example.net -all"]);
    facts.spf.as_mut().expect("a tree").steps[0].below = Some(tree("a.example.net", text));
    facts
}

#[test]
fn no_record_is_told_and_several_are_broken() {
    assert_eq!(check(&with_spf(&[])).badges.spf, Badge::Missing);
    assert_eq!(finding(&with_spf(&[]), "spf-missing").level, Level::Warning);
    let mut parked = with_spf(&[]);
    parked.meant.is_parked = true;
    let found = finding(&parked, "spf-missing");
    assert_eq!((found.level, found.publish.expect("a record").text.as_str()), (Level::Info, "v=spf1 -all"));
    let several = with_spf(&["v=spf1 -all", "v=spf1 mx -all"]);
    assert_eq!(check(&several).badges.spf, Badge::Broken);
    assert!(finding(&several, "spf-multiple").text.contains("2 SPF records"));
}

#[test]
fn the_eleventh_look_up_breaks_the_record_and_is_named() {
    let some = |count: usize| {
        let terms: Vec<String> = (1..=count).map(|n| format!("include:{n}.example.net")).collect();
        with_terms(&terms.join(" "), SpfOutcome::Fine)
    };
    for (count, badge, rule) in
        [(8, Badge::Set, None), (9, Badge::Set, Some("spf-lookups-near")), (10, Badge::Set, Some("spf-lookups-near"))]
    {
        let facts = some(count);
        assert_eq!(check(&facts).badges.spf, badge, "{count}");
        assert_eq!(rules(&facts).first().map(|(rule, _)| *rule), rule, "{count}");
    }
    let facts = some(12);
    assert_eq!(check(&facts).badges.spf, Badge::Broken);
    let found = finding(&facts, "spf-lookups");
    assert!(
        found.text.contains("12 DNS look-ups") && found.text.contains("include:11.example.net, include:12.example.net")
    );
    assert!(!found.text.contains("include:10."));
}

#[test]
fn the_third_void_look_up_breaks_the_record() {
    let two = with_terms("a:1.example.net a:2.example.net", SpfOutcome::Nothing);
    assert_eq!(check(&two).badges.spf, Badge::Set);
    assert_eq!(rules(&two), [("spf-void", Level::Warning), ("spf-void", Level::Warning)]);
    let three = with_terms("a:1.example.net a:2.example.net mx:3.example.net", SpfOutcome::Nothing);
    assert_eq!(check(&three).badges.spf, Badge::Broken);
    let found = finding(&three, "spf-void-lookups");
    assert_eq!(found.level, Level::Critical);
    assert!(found.text.contains("a:1.example.net, a:2.example.net, mx:3.example.net"), "{}", found.text);
}

#[test]
fn what_an_include_leads_to_has_to_be_a_record() {
    for (outcome, rule) in [
        (SpfOutcome::NoRecord, "spf-include-missing"),
        (SpfOutcome::SeveralRecords(2), "spf-include-multiple"),
        (SpfOutcome::Loop, "spf-loop"),
        (SpfOutcome::TooManyHosts(11), "spf-mx-many"),
    ] {
        let mut facts = with_included("v=spf1 include:b.example.net -all");
        let below = facts.spf.as_mut().expect("a tree").steps[0].below.as_mut().expect("a record");
        below.steps[0].outcome = outcome;
        let found = finding(&facts, rule);
        assert_eq!((found.level, found.subject.as_str()), (Level::Critical, "b.example.net"));
        assert!(found.text.contains("include:a.example.net > include:b.example.net"), "{}", found.text);
        assert_eq!(check(&facts).badges.spf, Badge::Broken);
    }
    let facts = with_terms("include:a.example.net", SpfOutcome::Failed(Failure::TimedOut));
    assert_eq!(check(&facts).badges.spf, Badge::Unknown);
    assert!(!check(&facts).is_answered && has(&facts, "spf-term-unanswered"));
    for outcome in [SpfOutcome::Fine, SpfOutcome::Dynamic, SpfOutcome::NotAsked] {
        let facts = with_terms("exists:%{i}.example.net", outcome);
        assert_eq!(check(&facts).badges.spf, Badge::Set);
    }
}

#[test]
fn a_fault_in_an_included_record_counts() {
    let facts = with_included("v=spf1 ip5:1.2.3.4 -all");
    assert_eq!(check(&facts).badges.spf, Badge::Broken);
    assert!(finding(&facts, "spf-syntax").text.contains("a.example.net"));
    assert_eq!(finding(&with_included("v=spf1 +all"), "spf-all-pass").level, Level::Critical);
    assert_eq!(check(&with_included("v=spf1 ptr ?all")).findings, []);
}

#[test]
fn what_the_reader_of_records_finds_is_told() {
    for (text, rule, level, badge) in [
        ("v=spf1 +all", "spf-all-pass", Level::Critical, Badge::Broken),
        ("v=spf1 ptr -all", "spf-ptr", Level::Warning, Badge::Set),
        ("v=spf1 ip4=192.0.2.1 -all", "spf-equals-sign", Level::Warning, Badge::Set),
        ("v=spf1 ipv4:192.0.2.1 -all", "spf-syntax", Level::Critical, Badge::Broken),
        ("v=spf1 ip4:192.0.2.1", "spf-no-all", Level::Warning, Badge::Set),
    ] {
        let facts = with_spf(&[text]);
        assert_eq!(finding(&facts, rule).level, level, "{text}");
        assert_eq!(check(&facts).badges.spf, badge, "{text}");
    }
}

#[test]
fn texts_that_are_no_record_are_told() {
    for (text, rule) in [
        ("v=spf10 -all", "spf-not-a-record"),
        ("v=spf1; -all", "spf-not-a-record"),
        (" v=spf1 -all", "spf-not-a-record"),
        ("\"v=spf1 -all\"", "spf-not-a-record"),
        ("v=spf2 -all", "spf-not-a-record"),
        ("spf2.0/pra -all", "spf-sender-id"),
    ] {
        let mut facts = facts();
        facts.domain_txt = lookup(found(&[text]));
        assert!(has(&facts, rule), "{text}");
    }
}

#[test]
fn a_declared_sender_has_to_be_covered_unless_its_mail_passes_by_another_name() {
    let cover = |network: &str| {
        let network = SpfNetwork {
            network: network.parse().expect("a network"),
            qualifier: Qualifier::Pass,
            path: vec!["ip4".to_owned()],
        };
        Some(SpfCover { networks: vec![network], is_complete: true })
    };
    let mut facts = facts();
    facts.meant.senders = vec![("Web".to_owned(), vec!["198.51.100.0/30".parse().expect("a network")])];
    facts.published.spf_cover = cover("198.51.100.0/24");
    assert_eq!(check(&facts).findings, []);
    facts.published.spf_cover = cover("198.51.100.0/31");
    assert!(finding(&facts, "spf-sender-uncovered").text.contains("198.51.100.0/30 of your sender \"Web\""));
    facts.reports.spf_addresses.insert("198.51.100.3".parse().expect("an address"));
    assert_eq!(check(&facts).findings, []);
}

#[test]
fn a_parked_domain_names_no_sender() {
    let mut facts = with_spf(&["v=spf1 mx -all"]);
    assert!(!has(&facts, "spf-parked"));
    facts.meant.is_parked = true;
    assert!(has(&facts, "spf-parked"));
    let mut closed = with_spf(&["v=spf1 -all"]);
    closed.meant.is_parked = true;
    assert!(!has(&closed, "spf-parked"));
}
