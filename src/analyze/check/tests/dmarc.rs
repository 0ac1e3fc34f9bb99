//! Rules of the policy record.

use super::*;
use crate::dns::dmarc::{DmarcRecord, read};
use crate::model::Policy;

fn meant(text: &str) -> DmarcRecord {
    read(text).expect("a record").record
}

#[test]
fn no_record_is_critical_only_when_one_is_meant() {
    let mut facts = with_dmarc(&[]);
    facts.dmarc_txt = lookup(Answer::NxDomain);
    assert_eq!(check(&facts).badges.dmarc, Badge::Missing);
    assert_eq!(finding(&facts, "dmarc-missing").level, Level::Warning);
    facts.meant.dmarc = Some(meant("v=DMARC1; p=quarantine; rua=mailto:d@example.com"));
    facts.meant.ttl_s = Some(600);
    let found = finding(&facts, "dmarc-missing");
    assert_eq!(found.level, Level::Critical);
    let publish = found.publish.expect("the record of the settings");
    assert_eq!((publish.host.as_str(), publish.domain.as_str(), publish.ttl_s), ("_dmarc", "example.com", Some(600)));
    assert_eq!(publish.text, "v=DMARC1; p=quarantine; rua=mailto:d@example.com");
}

#[test]
fn a_record_above_counts_for_a_subdomain() {
    let mut facts = with_dmarc(&[]);
    facts.published.domain = "news.example.com".to_owned();
    let text = "v=DMARC1; p=reject; sp=quarantine; rua=mailto:d@example.com".to_owned();
    facts.published.dmarc_applies = Some(DmarcFound { domain: "example.com".to_owned(), text });
    let checked = check(&facts);
    assert_eq!(checked.badges.dmarc, Badge::Set);
    assert!(!has(&facts, "dmarc-missing"));
    assert!(checked.good.iter().any(|(_, text)| text.contains("example.com says quarantine")), "{:?}", checked.good);
}

#[test]
fn several_records_are_none() {
    let facts = with_dmarc(&[GOOD_DMARC, "v=DMARC1; p=none"]);
    assert_eq!(check(&facts).badges.dmarc, Badge::Broken);
    let found = finding(&facts, "dmarc-multiple");
    assert_eq!((found.level, found.evidence.len()), (Level::Critical, 2));
    assert!(found.text.contains("2 DMARC records"));
}

#[test]
fn a_record_that_nearly_is_one_is_broken_and_not_missing() {
    for text in [
        " v=DMARC1; p=none",
        "\"v=DMARC1; p=none\"",
        "v=dmarc1; p=none",
        "v=DMARC; p=none",
        "p=none; rua=mailto:d@example.com",
        "DMARC1; p=none",
    ] {
        let facts = with_dmarc(&[text]);
        assert_eq!(check(&facts).badges.dmarc, Badge::Broken, "{text}");
        assert_eq!(finding(&facts, "dmarc-not-a-record").level, Level::Critical, "{text}");
    }
    assert!(!has(&with_dmarc(&[GOOD_DMARC]), "dmarc-not-a-record"));
}

#[test]
fn other_records_at_the_name_and_records_at_other_names_are_told() {
    assert!(has(&with_dmarc(&[GOOD_DMARC, "v=spf1 -all"]), "dmarc-unrelated"));
    let mut misplaced = facts();
    misplaced.domain_txt = lookup(found(&[GOOD_SPF, GOOD_DMARC]));
    assert_eq!(finding(&misplaced, "dmarc-misplaced").subject, "example.com");
    let mut doubled = facts();
    doubled.doubled_txt = found(&[GOOD_DMARC]);
    assert_eq!(finding(&doubled, "dmarc-misplaced").subject, "_dmarc.example.com.example.com");
}

#[test]
fn what_the_reader_of_records_finds_is_told() {
    for (text, rule, level, badge) in [
        ("v=DMARC1; p=reject; pct=50; rua=mailto:d@example.com", "dmarc-tag-historic", Level::Warning, Badge::Set),
        ("v=DMARC1; p=reject; x=1; rua=mailto:d@example.com", "dmarc-tag-unknown", Level::Warning, Badge::Set),
        ("v=DMARC1; p=rejected; rua=mailto:d@example.com", "dmarc-policy-invalid", Level::Critical, Badge::Broken),
        ("v=DMARC1; p=reject", "dmarc-rua-missing", Level::Warning, Badge::Set),
        ("v=DMARC1; p=none; p=reject; rua=mailto:d@example.com", "dmarc-tag-repeated", Level::Critical, Badge::Broken),
        ("v=DMARC1; rua=mailto:d@example.com", "dmarc-p-missing", Level::Critical, Badge::Broken),
        (
            "v=DMARC1; p=reject; rua=mailto:d@example.com,e@example.com",
            "dmarc-uri-no-scheme",
            Level::Warning,
            Badge::Set,
        ),
        ("v=DMARC1; p=reject; rua=d@example.com", "dmarc-uri-no-scheme", Level::Critical, Badge::Set),
    ] {
        let facts = with_dmarc(&[text]);
        assert_eq!(finding(&facts, rule).level, level, "{text}");
        assert_eq!(check(&facts).badges.dmarc, badge, "{text}");
    }
}

#[test]
fn a_record_that_differs_from_the_settings_is_told_with_the_one_to_publish() {
    let mut facts = with_dmarc(&["v=DMARC1; p=none; rua=mailto:d@example.com"]);
    facts.meant.dmarc = Some(meant("v=DMARC1; p=reject; rua=mailto:d@example.com"));
    let weaker = finding(&facts, "dmarc-differs");
    assert_eq!(weaker.level, Level::Critical);
    assert!(weaker.text.contains("p: DNS says none, the settings mean reject"), "{}", weaker.text);
    assert_eq!(weaker.publish.expect("a record").text, "v=DMARC1; p=reject; rua=mailto:d@example.com");
    facts.meant.dmarc = Some(meant("v=DMARC1; p=none; rua=mailto:other@example.com"));
    assert_eq!(finding(&facts, "dmarc-differs").level, Level::Warning);
}

#[test]
fn defaults_and_order_are_no_difference() {
    let meant = meant("v=DMARC1; p=reject; rua=mailto:a@example.com,mailto:b@example.com");
    let same = "v=DMARC1; p=reject; sp=reject; np=reject; adkim=r; aspf=r; t=n; fo=1; rua=mailto:b@EXAMPLE.com, mailto:a@example.com";
    assert_eq!(differences(&meant, &read(same).expect("a record").record), [""; 0]);
    let testing = "v=DMARC1; p=reject; t=y; adkim=s; rua=mailto:a@example.com,mailto:b@example.com";
    let found = differences(&meant, &read(testing).expect("a record").record);
    assert_eq!(found, ["adkim: DNS says s, the settings mean r", "t: DNS says y, the settings mean n"]);
}

#[test]
fn a_policy_that_asks_nothing_is_told_and_a_parked_domain_asks_for_reject() {
    assert_eq!(
        finding(&with_dmarc(&["v=DMARC1; p=none; rua=mailto:d@example.com"]), "dmarc-p-none").level,
        Level::Info
    );
    assert!(has(&with_dmarc(&["v=DMARC1; p=reject; sp=none; rua=mailto:d@example.com"]), "dmarc-sp-none"));
    let mut parked = with_dmarc(&["v=DMARC1; p=reject; np=none; rua=mailto:d@example.com"]);
    assert!(!has(&parked, "dmarc-parked"));
    parked.meant.is_parked = true;
    assert!(finding(&parked, "dmarc-parked").text.contains("but np does not"));
    let mut good = facts();
    good.meant.is_parked = true;
    assert!(!has(&good, "dmarc-parked"));
}

#[test]
fn tags_for_subdomains_count_only_at_the_organisation() {
    let mut facts = with_dmarc(&["v=DMARC1; p=reject; sp=reject; rua=mailto:d@example.com"]);
    assert!(!has(&facts, "dmarc-sp-not-organizational"));
    facts.published.organizational_domain = Some("com".to_owned());
    assert!(has(&facts, "dmarc-sp-not-organizational"));
}

#[test]
fn methods_of_discovery_that_disagree_are_told() {
    let mut facts = facts();
    let own = facts.published.dmarc_applies.clone();
    facts.by_suffix = Some(BySuffix { organizational_domain: "example.com".to_owned(), applies: own });
    assert_eq!(check(&facts).findings, []);
    facts.by_suffix = Some(BySuffix { organizational_domain: "example.com".to_owned(), applies: None });
    assert!(has(&facts, "dmarc-walk-differs"));
    facts.published.organizational_domain = Some("com".to_owned());
    assert!(finding(&facts, "dmarc-organization-differs").advice.contains("psd=n"));
}

#[test]
fn an_alias_to_nowhere_and_a_long_time_to_live_are_told() {
    let mut facts = with_dmarc(&[]);
    facts.dmarc_txt = Lookup { answer: Answer::NxDomain, aliases: vec!["gone.example.net".to_owned()], ttl_s: None };
    assert!(finding(&facts, "dmarc-alias-nowhere").text.contains("gone.example.net"));
    let mut long = super::facts();
    long.dmarc_txt.ttl_s = Some(86_400);
    assert!(!has(&long, "dmarc-ttl-long"));
    long.dmarc_txt.ttl_s = Some(86_401);
    assert!(has(&long, "dmarc-ttl-long"));
}

#[test]
fn a_policy_of_the_settings_is_not_asked_for_when_there_is_none() {
    assert_eq!(read(GOOD_DMARC).expect("a record").record.p, Some(Policy::Reject));
    assert!(!has(&with_dmarc(&["v=DMARC1; p=none; rua=mailto:d@example.com"]), "dmarc-differs"));
}
