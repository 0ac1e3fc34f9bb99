//! Rules of keys.

use super::*;
use crate::config::KeyState;
use crate::dns::dkim_key;

const KEY_1024: &str = include_str!("../../../../fixtures/dns/dkim_key/rsa.txt");

fn with(keys: Vec<KeyFacts>) -> Facts {
    let mut facts = Facts { keys, ..facts() };
    facts.reports.newest_day = Some(20_000);
    facts
}

fn gone(selector: &str) -> KeyFacts {
    KeyFacts { answer: lookup(Answer::NxDomain), ..key(selector, "") }
}

fn seen(selector: &str, last_day: i64, gap_days_max: i64) -> SeenSelector {
    let (domain, selector) = ("example.com".to_owned(), selector.to_owned());
    SeenSelector { domain, selector, mails: 40, mails_verified: 30, last_day, gap_days_max }
}

fn good(selector: &str) -> KeyFacts {
    key(selector, KEY_2048.trim())
}

#[test]
fn a_key_that_the_settings_call_active_has_to_be_there() {
    let facts = with(vec![gone("app1")]);
    let found = finding(&facts, "dkim-key-missing");
    assert_eq!((found.level, found.subject.as_str()), (Level::Critical, "app1._domainkey.example.com"));
    assert!(found.text.contains("selector app1: no key is found"), "{}", found.text);
    assert_eq!(check(&facts).badges.dkim, Badge::Missing);
    assert_eq!(check(&with(vec![gone("app1"), good("s1")])).badges.dkim, Badge::Broken);
    for plan in [KeyState::Draft, KeyState::Paused, KeyState::Retired] {
        let facts = with(vec![KeyFacts { plan: Some(plan), ..gone("app1") }, good("s1")]);
        assert_eq!(check(&facts).findings, [], "{plan:?}");
        assert_eq!(check(&facts).badges.dkim, Badge::Set);
    }
}

#[test]
fn a_key_that_mail_is_signed_with_has_to_be_there() {
    let used = |day, gap| KeyFacts { plan: None, seen: Some(seen("app1", day, gap)), ..gone("app1") };
    let found = finding(&with(vec![used(19_987, 1)]), "dkim-key-missing");
    assert_eq!(found.level, Level::Critical);
    assert!(found.text.contains("40 mails signed with it, the last on 2024-09-21"), "{}", found.text);
    assert!(!has(&with(vec![used(19_986, 1)]), "dkim-key-missing"), "signed daily, and not for 14 days");
    assert!(has(&with(vec![used(19_964, 30)]), "dkim-key-missing"), "signed monthly, 36 days ago");
    assert!(!has(&with(vec![used(19_963, 30)]), "dkim-key-missing"), "signed monthly, 37 days ago");
}

#[test]
fn a_key_of_ours_has_to_be_the_one_in_dns() {
    let public = dkim_key::read(KEY_2048.trim()).record.key;
    let mut same = good("s1");
    same.own = Some((public.clone(), KEY_2048.trim().to_owned()));
    assert_eq!(check(&with(vec![same])).findings, []);
    let mut other = key("s1", KEY_ED25519);
    other.own = Some((public.clone(), KEY_2048.trim().to_owned()));
    let found = finding(&with(vec![other.clone()]), "dkim-key-differs");
    assert_eq!(found.level, Level::Critical);
    assert_eq!(found.publish.expect("a record").text, KEY_2048.trim());
    assert_eq!(check(&with(vec![other.clone()])).badges.dkim, Badge::Broken);
    other.plan = Some(KeyState::Draft);
    assert_eq!(finding(&with(vec![other]), "dkim-key-differs").level, Level::Warning);
    let mut missing = gone("s1");
    missing.own = Some((public, KEY_2048.trim().to_owned()));
    assert!(finding(&with(vec![missing]), "dkim-key-missing").publish.is_some());
}

const KEY_ED25519: &str = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

#[test]
fn what_is_wrong_with_a_key_matters_when_mail_depends_on_it() {
    for (text, rule, level, badge) in [
        (KEY_1024.trim(), "dkim-key-short", Level::Warning, Badge::Set),
        ("v=DKIM1; p=", "dkim-revoked", Level::Critical, Badge::Broken),
        ("v=DKIM1; p=%%%", "dkim-p-not-base64", Level::Critical, Badge::Broken),
        (
            "v=DKIM1; t=y; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
            "dkim-t-testing",
            Level::Warning,
            Badge::Set,
        ),
        (
            "v=DKIM1; t=s; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
            "dkim-t-strict",
            Level::Info,
            Badge::Set,
        ),
        ("v=spf1 -all", "dkim-p-missing", Level::Critical, Badge::Broken),
    ] {
        let facts = with(vec![key("s1", text)]);
        let found = finding(&facts, rule);
        assert_eq!((found.level, check(&facts).badges.dkim), (level, badge), "{text}");
        assert!(found.text.contains("selector s1"), "{}", found.text);
        let idle = with(vec![KeyFacts { plan: None, ..key("s1", text) }, good("s2")]);
        assert!(rules(&idle).iter().all(|(_, level)| *level < Level::Critical), "{text}");
        assert_eq!(check(&idle).badges.dkim, Badge::Set, "{text}");
    }
    let revoked = with(vec![KeyFacts { plan: Some(KeyState::Retired), ..key("s1", "v=DKIM1; p=") }, good("s2")]);
    assert_eq!(check(&revoked).findings, []);
}

#[test]
fn aliases_and_several_records_are_told() {
    let mut facts = with(vec![gone("s1")]);
    facts.keys[0].answer.aliases = vec!["s1.vendor.example".to_owned()];
    assert!(
        finding(&facts, "dkim-alias-nowhere")
            .text
            .contains("selector s1: s1._domainkey.example.com is an alias (CNAME) of s1.vendor.example")
    );
    let mut several = with(vec![good("s1")]);
    several.keys[0].answer = lookup(found(&[KEY_2048.trim(), "other"]));
    assert_eq!(finding(&several, "dkim-several-records").level, Level::Warning);
}

#[test]
fn a_selector_that_nothing_is_signed_with_may_go() {
    let old = |day| KeyFacts { plan: None, seen: Some(seen("old", day, 1)), ..good("old") };
    let new = KeyFacts { seen: Some(seen("new", 20_000, 1)), ..good("new") };
    let facts = with(vec![old(19_986), new.clone()]);
    let found = finding(&facts, "dkim-unused");
    assert_eq!(found.level, Level::Info);
    assert!(found.text.contains("selector old: nothing was signed with it for 14 days"));
    assert!(!has(&with(vec![old(19_987), new]), "dkim-unused"));
    assert!(!has(&with(vec![old(19_900)]), "dkim-unused"), "nothing else signs");
}

#[test]
fn a_draft_in_dns_and_an_old_key_are_told() {
    let draft = with(vec![KeyFacts { plan: Some(KeyState::Draft), ..good("s1") }]);
    assert!(finding(&draft, "dkim-draft-published").advice.contains("dkim activate example.com s1"));
    assert!(has(&with(vec![good("rs20230101")]), "dkim-old"));
    assert!(!has(&with(vec![good("rs20240901")]), "dkim-old"));
}

#[test]
fn without_a_known_selector_dns_may_still_say_that_there_is_no_key() {
    let mut facts = with(Vec::new());
    facts.keys_below = Answer::NxDomain;
    assert_eq!(check(&facts).badges.dkim, Badge::Missing);
    assert_eq!(finding(&facts, "dkim-missing").level, Level::Warning);
    facts.published.mx = Answer::NoData;
    assert_eq!(finding(&facts, "dkim-missing").level, Level::Info);
    facts.keys_below = Answer::NoData;
    assert_eq!(check(&facts).badges.dkim, Badge::Unknown);
    assert!(has(&facts, "dkim-selectors-not-known"));
    facts.keys_below = Answer::Failed(Failure::TimedOut);
    assert_eq!(check(&facts).badges.dkim, Badge::Unknown);
    assert!(!check(&facts).is_answered);
    facts.keys_below = Answer::NoData;
    facts.meant.is_parked = true;
    assert_eq!(check(&facts).badges.dkim, Badge::Missing);
    assert_eq!(rules(&facts).iter().filter(|(rule, _)| rule.starts_with("dkim")).count(), 0);
}
