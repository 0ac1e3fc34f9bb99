use super::*;
use crate::dns::spf::Qualifier;
use crate::dns::{DmarcFound, Failure, SpfNetwork};

fn store() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("s.db")).unwrap();
    (folder, store)
}

fn found(text: &str) -> Answer<String> {
    Answer::Found(vec![text.to_owned()])
}

fn network(network: &str, qualifier: Qualifier) -> SpfNetwork {
    SpfNetwork { network: network.parse().unwrap(), qualifier, path: vec!["include:b.test".into(), "mx".into()] }
}

/// Of everything something, seen at noon of a day.
fn seen(day: i64) -> Published {
    let key =
        |selector: &str, answer| PublishedKey { selector: selector.into(), answer, aliases: vec!["x.test".into()] };
    Published {
        domain: "example.com".into(),
        seen_s: day * DAY_S + 43_200,
        dmarc: found("v=DMARC1; p=none"),
        dmarc_applies: Some(DmarcFound { domain: "example.com".into(), text: "v=DMARC1; p=none".into() }),
        organizational_domain: Some("example.com".into()),
        spf: found("v=spf1 include:b.test -all"),
        spf_cover: Some(SpfCover {
            networks: vec![network("192.0.2.0/24", Qualifier::Pass), network("::/0", Qualifier::SoftFail)],
            is_complete: true,
        }),
        dkim: vec![key("s1", found("v=DKIM1; p=")), key("s2", Answer::NoData)],
        mx: Answer::NxDomain,
    }
}

#[test]
fn what_was_kept_comes_back() {
    let (_folder, mut store) = store();
    for (number, failure) in (0..).zip(form::tests_failures()) {
        let domain = format!("d{number}.test");
        let published = Published { domain: domain.clone(), mx: Answer::Failed(failure), ..seen(10) };
        assert!(store.keep_published(&published).unwrap());
        assert_eq!(store.published(&domain, 10).unwrap(), Some(published));
    }
    assert_eq!(store.published_domains().unwrap().len(), 7);
    assert_eq!(store.published("other.test", 10).unwrap(), None);
}

#[test]
fn the_same_is_kept_once_and_remembers_when_it_was_last_seen() {
    let (_folder, mut store) = store();
    assert!(store.keep_published(&seen(10)).unwrap());
    assert!(!store.keep_published(&seen(11)).unwrap());
    assert!(!store.keep_published(&seen(9)).unwrap(), "the past is not written anew");
    let history = store.published_history("example.com").unwrap();
    assert_eq!(history, [Snapshot { published: seen(10), last_s: seen(11).seen_s }]);
}

#[test]
fn a_day_has_the_record_of_its_time() {
    let (_folder, mut store) = store();
    let later = Published { dmarc: found("v=DMARC1; p=reject"), ..seen(20) };
    store.keep_published(&seen(10)).unwrap();
    assert!(store.keep_published(&later).unwrap());
    let policy = |day| store.published("example.com", day).unwrap().map(|published| published.dmarc);
    assert_eq!(policy(3), Some(seen(10).dmarc), "before anything was seen, the oldest");
    assert_eq!(policy(10), Some(seen(10).dmarc));
    assert_eq!(policy(19), Some(seen(10).dmarc));
    assert_eq!(policy(20), Some(later.dmarc.clone()));
    assert_eq!(policy(99), Some(later.dmarc));
    assert_eq!(store.published_history("example.com").unwrap().len(), 2);
}

#[test]
fn what_did_not_answer_is_no_news_and_hides_nothing() {
    let (_folder, mut store) = store();
    let failed = || Answer::Failed(Failure::TimedOut);
    let silent = Published {
        dmarc: failed(),
        dmarc_applies: None,
        organizational_domain: None,
        spf: failed(),
        spf_cover: None,
        dkim: vec![PublishedKey { selector: "s1".into(), answer: failed(), aliases: Vec::new() }],
        mx: failed(),
        ..seen(11)
    };
    assert!(!store.keep_published(&silent).unwrap(), "nothing is known at all");
    assert!(store.published_history("example.com").unwrap().is_empty());
    store.keep_published(&seen(12)).unwrap();
    assert!(!store.keep_published(&Published { seen_s: seen(13).seen_s, ..silent.clone() }).unwrap());
    let changed = Published { mx: found("10 mx.test"), seen_s: seen(14).seen_s, ..silent };
    assert!(store.keep_published(&changed).unwrap());
    let expected = Published { mx: found("10 mx.test"), ..seen(14) };
    assert_eq!(store.published("example.com", 14).unwrap(), Some(expected));
}

#[test]
fn selectors_may_be_asked_for_or_not() {
    let (_folder, mut store) = store();
    let key = |selector: &str, answer| PublishedKey { selector: selector.into(), answer, aliases: Vec::new() };
    store.keep_published(&seen(10)).unwrap();
    let keep = |store: &mut Store, day, dkim| store.keep_published(&Published { dkim, ..seen(day) }).unwrap();
    assert!(!keep(&mut store, 11, Vec::new()), "not asked");
    assert!(!keep(&mut store, 12, vec![key("s3", Answer::NxDomain)]), "asked for the first time, and not there");
    assert!(!keep(&mut store, 13, vec![key("s2", Answer::NxDomain)]), "was not there before");
    assert!(keep(&mut store, 14, vec![key("s3", found("v=DKIM1; p=AA"))]), "new");
    assert!(keep(&mut store, 15, vec![key("s1", Answer::NoData)]), "gone");
    let selectors: Vec<(String, bool)> = store
        .published("example.com", 15)
        .unwrap()
        .unwrap()
        .dkim
        .into_iter()
        .map(|key| (key.selector, key.answer.is_missing()))
        .collect();
    assert_eq!(selectors, [("s1".into(), true), ("s2".into(), true), ("s3".into(), false)]);
}

#[test]
fn networks_of_an_include_that_did_not_answer_are_not_gone() {
    let (_folder, mut store) = store();
    let cover = |networks: Vec<SpfNetwork>, is_complete| Some(SpfCover { networks, is_complete });
    let pass = || network("192.0.2.0/24", Qualifier::Pass);
    store.keep_published(&seen(10)).unwrap();
    assert!(!store.keep_published(&Published { spf_cover: cover(vec![pass()], false), ..seen(11) }).unwrap());
    assert!(store.keep_published(&Published { spf_cover: cover(vec![pass()], true), ..seen(12) }).unwrap());
    let more = vec![pass(), network("198.51.100.0/24", Qualifier::Pass)];
    assert!(store.keep_published(&Published { spf_cover: cover(more, false), ..seen(13) }).unwrap());
}

#[test]
fn a_change_within_a_second_takes_the_place_of_what_was_before() {
    let (_folder, mut store) = store();
    store.keep_published(&seen(10)).unwrap();
    assert!(store.keep_published(&Published { mx: found("0 ."), ..seen(10) }).unwrap());
    let history = store.published_history("example.com").unwrap();
    assert_eq!((history.len(), &history[0].published.mx), (1, &found("0 .")));
}

#[test]
fn a_row_that_cannot_be_read_is_an_error() {
    let (_folder, mut store) = store();
    store.keep_published(&seen(10)).unwrap();
    store.connection.execute("UPDATE published SET content = '{}'", []).unwrap();
    let error = store.published("example.com", 10).unwrap_err();
    assert_eq!(error.to_string(), "what DNS published for example.com is kept in a form that can't be read");
}
