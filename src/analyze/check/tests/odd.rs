//! Aliases, and records that nobody looks at.

use super::*;

#[test]
fn a_chain_of_aliases_is_shown() {
    let mut facts = facts();
    facts.dmarc_txt.aliases = vec!["a.example.net".to_owned(), "b.example.net".to_owned()];
    assert_eq!(rules(&facts), [("dmarc-alias", Level::Info)]);
    let text = finding(&facts, "dmarc-alias").text;
    assert!(text.contains("_dmarc.example.com > a.example.net > b.example.net"), "{text}");
}

#[test]
fn a_key_that_is_found_over_an_alias_is_kept_by_somebody_else() {
    let mut facts = facts();
    facts.keys[0].answer.aliases = vec!["key.esp.example.net".to_owned()];
    assert_eq!(rules(&facts), [("dkim-alias", Level::Info)]);
    let text = finding(&facts, "dkim-alias").text;
    assert!(text.contains(" > key.esp.example.net; who keeps"), "{text}");
}

#[test]
fn an_alias_beside_a_record_leaves_it_to_chance() {
    let mut facts = facts();
    let beside = |name: &str| (name.to_owned(), "other.example.net".to_owned());
    facts.beside_alias = ["example.com", "_dmarc.example.com", "s1._domainkey.example.com"].map(beside).to_vec();
    let found: Vec<Topic> = check(&facts).findings.iter().map(|finding| finding.topic).collect();
    assert_eq!(found, [Topic::Dmarc, Topic::Spf, Topic::Dkim]);
    assert!(rules(&facts).iter().all(|found| *found == ("dns-alias-beside", Level::Warning)));
}

#[test]
fn the_record_type_spf_is_out_of_use() {
    let mut facts = facts();
    facts.spf_type = found(&[GOOD_SPF]);
    assert_eq!(rules(&facts), [("spf-type-99", Level::Info)]);
    facts.spf_type = found(&["v=spf1 +all"]);
    assert_eq!(rules(&facts), [("spf-type-99", Level::Warning)]);
    facts.spf_type = Answer::Failed(Failure::TimedOut);
    assert_eq!(rules(&facts), [], "old servers may not know it");
}

#[test]
fn an_explanation_that_is_not_there_does_no_harm() {
    let with = |answer: Answer<String>| {
        let mut facts = facts();
        facts.explanation = Some(("why.example.com".to_owned(), answer));
        rules(&facts)
    };
    assert_eq!(with(found(&["Not one of ours: %{i}"])), []);
    for answer in [Answer::NoData, Answer::NxDomain, found(&["a", "b"]), found(&["é"])] {
        assert_eq!(with(answer.clone()), [("spf-exp", Level::Info)], "{answer:?}");
    }
    assert_eq!(with(Answer::Failed(Failure::TimedOut)), []);
}
