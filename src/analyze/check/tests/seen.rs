//! What is made of reports.

use std::sync::Arc;

use super::*;
use crate::analyze::{Observation, Shape};
use crate::model::{
    AuthResult, AuthResults, DkimResult, DmarcResult, Identifiers, Policy, PolicyEvaluated, PolicyPublished, Sent, Text,
};

/// Ten mails on a day from an address, with one signature.
fn mails(day: i64, ip: &str, signer: &str, selector: &str, result: AuthResult) -> Observation {
    let text = |text: &str| Text::from(text);
    let signature = DkimResult {
        domain: Some(text(signer)),
        selector: Some(text(selector)),
        result: Some(Sent::Read(result)),
        human_result: None,
    };
    Observation {
        day,
        source_ip: ip.parse().expect("an address"),
        mails: 10,
        shape: Arc::new(Shape {
            reporter: text("reporter"),
            evaluated: Arc::new(PolicyEvaluated {
                spf: Some(Sent::Read(DmarcResult::Pass)),
                ..PolicyEvaluated::default()
            }),
            identifiers: Arc::new(Identifiers::default()),
            auth_results: Arc::new(AuthResults { dkim: vec![signature.clone(), signature], spf: Vec::new() }),
            policy: Arc::new(PolicyPublished {
                p: Some(Sent::Read(Policy::Reject)),
                ..PolicyPublished::of(text("example.com"))
            }),
        }),
    }
}

#[test]
fn only_mails_count_from_where_the_selector_verified() {
    use AuthResult::{Fail, Pass};
    let seen = [
        mails(100, "192.0.2.1", "example.com", "s1", Pass),
        mails(107, "192.0.2.1", "example.com", "s1", Fail),
        mails(110, "198.51.100.9", "example.com", "s1", Fail),
        mails(100, "198.51.100.9", "example.com", "forged", Fail),
        mails(100, "192.0.2.1", "mail.example.com", "s2", Pass),
        mails(100, "192.0.2.1", "notexample.com", "s3", Pass),
        mails(100, "192.0.2.1", "example.com", "no name", Pass),
    ];
    let found = selectors("example.com", &seen);
    let names: Vec<(&str, &str)> = found.iter().map(|seen| (seen.domain.as_str(), seen.selector.as_str())).collect();
    assert_eq!(names, [("example.com", "s1"), ("mail.example.com", "s2")]);
    let first = &found[0];
    assert_eq!((first.mails, first.mails_verified, first.last_day, first.gap_days_max), (20, 10, 107, 7));
}

#[test]
fn reporters_are_asked_what_they_saw_last() {
    let mut old = mails(100, "192.0.2.1", "example.com", "s1", AuthResult::Pass);
    Arc::make_mut(&mut old.shape).reporter = Text::from("other");
    let mut before = old.clone();
    (before.day, Arc::make_mut(&mut before.shape).policy) =
        (99, Arc::new(PolicyPublished { p: Some(Sent::Read(Policy::None)), ..(*old.policy).clone() }));
    let seen = [mails(101, "192.0.2.2", "example.com", "s1", AuthResult::Pass), old, before];
    let facts = observed(&seen, Some("v=DMARC1; p=reject"), None);
    assert_eq!(facts.newest_day, Some(101));
    assert_eq!(facts.spf_addresses.len(), 2);
    assert_eq!(
        facts.policy_seen,
        Some(PolicySeen { reporters_same: 2, reporters: 2, mails_other: 10, mails: 30, is_settled: false })
    );
    let facts = observed(&seen, Some("v=DMARC1; p=none"), None);
    assert_eq!(
        facts.policy_seen,
        Some(PolicySeen { reporters_same: 0, reporters: 2, mails_other: 20, mails: 30, is_settled: false })
    );
    let list = policies(&seen);
    let found: Vec<(&str, u64, usize)> =
        list.iter().map(|seen| (seen.policy.as_str(), seen.mails, seen.reporters.len())).collect();
    assert_eq!(found, [("p=reject", 20, 2), ("p=none", 10, 1)]);
    assert_eq!(observed(&seen, None, None).policy_seen, None);
    assert_eq!(observed(&[], Some("v=DMARC1; p=none"), None).policy_seen, None);
}

#[test]
fn a_policy_that_much_mail_is_not_judged_by_is_told() {
    let mut seen = vec![mails(101, "192.0.2.1", "example.com", "s1", AuthResult::Pass); 4];
    let other = Arc::new(PolicyPublished { p: Some(Sent::Read(Policy::None)), ..(*seen[0].policy).clone() });
    let other = Arc::new(Shape { policy: other, ..(*seen[0].shape).clone() });
    seen.push(Observation { shape: other.clone(), ..seen[0].clone() });
    let level = |seen: &[Observation], settled_day: Option<i64>| {
        let mut facts = facts();
        facts.reports = observed(seen, Some(GOOD_DMARC), settled_day);
        rules(&facts).iter().find(|(rule, _)| *rule == "dmarc-policy-unseen").map(|(_, level)| *level)
    };
    assert_eq!(level(&seen, Some(101)), None, "a fifth of it is late");
    seen.push(Observation { shape: other, ..seen[0].clone() });
    assert_eq!(level(&seen, Some(101)), Some(Level::Warning), "a third of it is not");
    assert_eq!(level(&seen, None), Some(Level::Info), "nobody knows since when the record stands there");
    assert_eq!(level(&seen, Some(102)), None, "caches may still have what was there before");
}
