//! Changes of what is published.

use super::*;
use crate::dns::PublishedKey;

#[test]
fn a_change_says_what_went_and_what_came() {
    let before = facts().published;
    assert_eq!(changes(Some(&before), &before), []);
    let first: Vec<String> = changes(None, &before).into_iter().map(|change| change.what).collect();
    assert_eq!(first, ["dmarc", "spf", "mx"]);
    let mut after = before.clone();
    after.dmarc = found(&["v=DMARC1; p=none"]);
    after.spf = Answer::NoData;
    after.mx = Answer::Failed(Failure::TimedOut);
    after.dkim = vec![PublishedKey { selector: "s1".to_owned(), answer: found(&["v=DKIM1; p="]), aliases: Vec::new() }];
    let change = |what: &str, gone: &[&str], new: &[&str]| Change {
        what: what.to_owned(),
        gone: gone.iter().map(|text| (*text).to_owned()).collect(),
        new: new.iter().map(|text| (*text).to_owned()).collect(),
    };
    let expected = [
        change("dmarc", &[GOOD_DMARC], &["v=DMARC1; p=none"]),
        change("spf", &[GOOD_SPF], &[]),
        change("dkim s1", &[], &["v=DKIM1; p="]),
    ];
    assert_eq!(changes(Some(&before), &after), expected);
}

#[test]
fn a_policy_that_was_weakened_lately_is_critical_when_the_settings_say_nothing() {
    let mut facts = with_dmarc(&["v=DMARC1; p=none; rua=mailto:d@example.com"]);
    facts.dmarc_before =
        Some(("v=DMARC1; p=quarantine; rua=mailto:d@example.com".to_owned(), facts.published.seen_s - 86_400));
    assert_eq!(finding(&facts, "dmarc-weakened").level, Level::Critical);
    facts.dmarc_before =
        Some(("v=DMARC1; p=none; rua=mailto:e@example.com".to_owned(), facts.published.seen_s - 86_400));
    assert!(!has(&facts, "dmarc-weakened"));
    facts.dmarc_before = Some(("v=DMARC1; p=quarantine".to_owned(), facts.published.seen_s - 8 * 86_400));
    assert!(!has(&facts, "dmarc-weakened"), "a week ago");
}
