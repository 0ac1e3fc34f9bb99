//! Servers that say the same, and servers that do not.

use std::collections::BTreeMap;

use super::*;
use crate::dns::Lookup;

/// What a server says at `_dmarc.example.com`; `?` is no answer, `>` in front an alias, nothing is nothing.
fn said(server: &str, is_of_zone: bool, text: &str) -> ServerSaid {
    let answer = match text {
        "?" => Answer::Failed(Failure::TimedOut),
        "" => Answer::NxDomain,
        alias if alias.starts_with('>') => Answer::Failed(Failure::Refused),
        text => found(&[text, "not a policy"]),
    };
    let aliases = text.strip_prefix('>').map(str::to_owned).into_iter().collect();
    let lookup = Lookup { answer, aliases, ttl_s: Some(212) };
    let answers = BTreeMap::from([("_dmarc.example.com".to_owned(), lookup)]);
    ServerSaid { server: server.to_owned(), is_of_zone, answers }
}

fn with(servers: &[(&str, bool, &str)]) -> Facts {
    let servers = servers.iter().map(|(server, is_of_zone, text)| said(server, *is_of_zone, text)).collect();
    Facts { servers, ..facts() }
}

#[test]
fn servers_that_say_the_same_are_told_in_one_line() {
    let facts = with(&[("resolver", false, GOOD_DMARC), ("a", true, GOOD_DMARC), ("b", true, GOOD_DMARC)]);
    assert_eq!(rules(&facts), []);
    let good = check(&facts).good;
    assert!(good.iter().any(|(topic, text)| *topic == Topic::More && *text == "3 servers say the same"));
    let alias = with(&[("resolver", false, ">p.example"), ("a", true, ">p.example")]);
    assert_eq!(rules(&alias), [], "behind an alias another zone answers");
}

#[test]
fn name_servers_of_a_zone_that_differ_break_the_badge() {
    let facts = with(&[("resolver", false, GOOD_DMARC), ("a", true, GOOD_DMARC), ("b", true, "")]);
    let checked = check(&facts);
    assert_eq!(checked.badges, Badges { dmarc: Badge::Broken, spf: Badge::Set, dkim: Badge::Set });
    let finding = finding(&facts, "dns-servers-differ");
    assert_eq!((finding.level, finding.topic), (Level::Critical, Topic::Dmarc));
    assert!(finding.text.contains("nothing at b") && !finding.text.contains("at resolver"), "{}", finding.text);
    assert_eq!(finding.evidence, ["b: nothing".to_owned(), format!("resolver, a: {GOOD_DMARC}")]);
}

#[test]
fn a_resolver_that_remembers_is_told_with_its_time() {
    let facts = with(&[("resolver", false, ""), ("a", true, GOOD_DMARC), ("b", true, GOOD_DMARC)]);
    assert_eq!(rules(&facts), [("dns-resolver-differs", Level::Warning)]);
    assert_eq!(check(&facts).badges.dmarc, Badge::Set);
    assert!(finding(&facts, "dns-resolver-differs").advice.contains("for up to 212 s"));
    let two = with(&[("one", false, ""), ("two", false, GOOD_DMARC)]);
    assert!(finding(&two, "dns-resolver-differs").text.contains("the resolvers differ"));
}

#[test]
fn a_silent_server_says_nothing() {
    let facts = with(&[("resolver", false, GOOD_DMARC), ("a", true, "?"), ("b", true, GOOD_DMARC)]);
    assert_eq!(rules(&facts), [("dns-server-silent", Level::Info)]);
    assert!(finding(&facts, "dns-server-silent").text.contains("not compared: a (timed out)"));
    assert_eq!(check(&facts).badges.dmarc, Badge::Set);
}
