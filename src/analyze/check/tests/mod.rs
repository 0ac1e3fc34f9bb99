//! Each rule has facts that trigger it and facts that do not.

mod dkim;
mod dmarc;
mod history;
mod more;
mod odd;
mod reports;
mod seen;
mod servers;
mod spf;

use super::*;
use crate::config::KeyState;
use crate::dns::{DmarcFound, Lookup, Published, dmarc as record};

/// A found answer.
pub(super) fn found(texts: &[&str]) -> Answer<String> {
    Answer::Found(texts.iter().map(|text| (*text).to_owned()).collect())
}

pub(super) fn lookup(answer: Answer<String>) -> Lookup<String> {
    Lookup { answer, aliases: Vec::new(), ttl_s: Some(300) }
}

pub(super) const GOOD_DMARC: &str = "v=DMARC1; p=reject; rua=mailto:dmarc@example.com";
const GOOD_SPF: &str = "v=spf1 ip4:192.0.2.0/24 -all";
const KEY_2048: &str = include_str!("../../../../fixtures/dns/dkim_key/rsa2048.txt");

/// Everything about example.com, and nothing is wrong.
pub(super) fn facts() -> Facts {
    let nothing = || Answer::NxDomain;
    let published = Published {
        domain: "example.com".to_owned(),
        seen_s: 20_000 * 86_400,
        dmarc: found(&[GOOD_DMARC]),
        dmarc_applies: Some(DmarcFound { domain: "example.com".to_owned(), text: GOOD_DMARC.to_owned() }),
        organizational_domain: Some("example.com".to_owned()),
        spf: found(&[GOOD_SPF]),
        spf_cover: None,
        dkim: Vec::new(),
        mx: found(&["10 mx.example.com"]),
    };
    Facts {
        published,
        meant: Meant::default(),
        dmarc_txt: lookup(found(&[GOOD_DMARC])),
        domain_txt: lookup(found(&[GOOD_SPF, "site-verification=1"])),
        doubled_txt: nothing(),
        dmarc_before: None,
        by_suffix: None,
        spf: Some(spf::tree("example.com", GOOD_SPF)),
        destinations: Vec::new(),
        keys: vec![key("s1", KEY_2048.trim())],
        keys_below: Answer::NoData,
        more: MoreFacts {
            mta_sts: found(&["v=STSv1; id=1"]),
            mta_sts_host: Answer::Found(vec!["192.0.2.1".parse().expect("an address")]),
            tls_rpt: found(&["v=TLSRPTv1; rua=mailto:tls@example.com"]),
            bimi: found(&["v=BIMI1; l=https://example.com/logo.svg"]),
            adsp: nothing(),
            is_signed: Some(true),
            mx_without_address: Vec::new(),
        },
        spf_type: nothing(),
        explanation: None,
        beside_alias: Vec::new(),
        reports: ReportFacts::default(),
        servers: Vec::new(),
    }
}

/// An active key of the settings.
pub(super) fn key(selector: &str, text: &str) -> KeyFacts {
    KeyFacts {
        domain: "example.com".to_owned(),
        selector: selector.to_owned(),
        plan: Some(KeyState::Active),
        own: None,
        seen: None,
        answer: lookup(found(&[text])),
    }
}

/// Facts with other DMARC records.
pub(super) fn with_dmarc(texts: &[&str]) -> Facts {
    let mut facts = facts();
    facts.dmarc_txt = lookup(found(texts));
    let records: Vec<&str> = texts.iter().copied().filter(|text| record::is_record(text)).collect();
    facts.published.dmarc = if records.is_empty() { Answer::NoData } else { found(&records) };
    facts.published.dmarc_applies = match records.as_slice() {
        [one] => Some(DmarcFound { domain: "example.com".to_owned(), text: (*one).to_owned() }),
        _ => None,
    };
    facts
}

/// Facts with other SPF records.
pub(super) fn with_spf(texts: &[&str]) -> Facts {
    let mut facts = facts();
    facts.domain_txt = lookup(found(texts));
    facts.published.spf = if texts.is_empty() { Answer::NoData } else { found(texts) };
    facts.spf = texts.first().filter(|_| texts.len() == 1).map(|text| spf::tree("example.com", text));
    facts
}

/// Rules with their levels, in order.
pub(super) fn rules(facts: &Facts) -> Vec<(&'static str, Level)> {
    check(facts).findings.iter().map(|finding| (finding.rule, finding.level)).collect()
}

pub(super) fn has(facts: &Facts, rule: &str) -> bool {
    rules(facts).iter().any(|(found, _)| *found == rule)
}

/// The finding of a rule.
#[track_caller]
pub(super) fn finding(facts: &Facts, rule: &str) -> CheckFinding {
    let checked = check(facts);
    let found = checked.findings.iter().find(|finding| finding.rule == rule);
    found.unwrap_or_else(|| panic!("no {rule} in {:#?}", checked.findings)).clone()
}

#[test]
fn a_good_domain_has_no_finding() {
    let checked = check(&facts());
    assert_eq!(checked.findings, []);
    assert_eq!(checked.badges, Badges { spf: Badge::Set, dkim: Badge::Set, dmarc: Badge::Set });
    assert!(checked.is_answered);
    assert_eq!(checked.worst(), None);
}

#[test]
fn offline_everything_is_unknown_and_nothing_is_missing() {
    let mut facts = facts();
    facts.published.dmarc = Answer::Failed(Failure::Offline);
    let checked = check(&facts);
    assert!(checked.badges.any_unknown() && !checked.is_answered);
    assert_eq!(rules(&facts), [("dns-offline", Level::Warning)]);
}

#[test]
fn what_was_not_answered_is_unknown_and_never_missing() {
    for failure in [Failure::TimedOut, Failure::ServerFailed, Failure::Refused, Failure::AliasLoop, Failure::Malformed]
    {
        let mut facts = facts();
        facts.published.dmarc = Answer::Failed(failure);
        facts.dmarc_txt = lookup(Answer::Failed(failure));
        facts.published.dmarc_applies = None;
        facts.published.spf = Answer::Failed(failure);
        facts.domain_txt = lookup(Answer::Failed(failure));
        facts.spf = None;
        facts.keys[0].answer = lookup(Answer::Failed(failure));
        let checked = check(&facts);
        assert_eq!(checked.badges, Badges { spf: Badge::Unknown, dkim: Badge::Unknown, dmarc: Badge::Unknown });
        assert!(!checked.is_answered);
        let found: Vec<&str> = checked.findings.iter().map(|finding| finding.rule).collect();
        assert_eq!(found, ["dmarc-unanswered", "spf-unanswered", "dkim-unanswered"]);
        assert!(checked.findings.iter().all(|finding| finding.text.contains("did not answer")));
    }
}

#[test]
fn a_selector_may_end_in_its_day() {
    assert_eq!(day_in("rs20240118"), Some(19_740));
    assert_eq!(day_in("20240118"), Some(19_740));
    for none in ["rs120240118", "rs20241318", "google", "s1", "é2024011"] {
        assert_eq!(day_in(none), None, "{none}");
    }
    assert_eq!(date(19_740), "2024-01-18");
}
