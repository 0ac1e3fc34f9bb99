//! Rules of the addresses that reports go to.

use super::*;

fn destination(host: &str, answer: Option<Answer<String>>) -> Destination {
    Destination {
        tag: "rua",
        address: format!("report@{host}"),
        host: host.to_owned(),
        is_published: true,
        authorisation: answer.map(|answer| (format!("example.com._report._dmarc.{host}"), answer)),
        mail: MailTo::Servers,
    }
}

fn with(destinations: Vec<Destination>) -> Facts {
    Facts { destinations, ..facts() }
}

#[test]
fn an_external_address_has_to_agree() {
    let agreed = with(vec![destination("example.jp", Some(found(&["v=DMARC1;"])))]);
    assert_eq!(check(&agreed).findings, []);
    for answer in [Answer::NxDomain, Answer::NoData, found(&["v=spf1 -all"])] {
        let facts = with(vec![destination("example.jp", Some(answer))]);
        let found = finding(&facts, "rua-unauthorised");
        assert_eq!(found.level, Level::Critical);
        assert_eq!(found.subject, "example.com._report._dmarc.example.jp");
        let publish = found.publish.expect("the record");
        assert_eq!(
            format!("{}.{} {}", publish.host, publish.domain, publish.text),
            "example.com._report._dmarc.example.jp v=DMARC1"
        );
        assert_eq!(check(&facts).badges.dmarc, Badge::Set);
    }
}

#[test]
fn one_lost_address_of_two_is_a_warning_and_no_answer_is_unknown() {
    let lost = destination("example.jp", Some(Answer::NxDomain));
    let facts = with(vec![lost.clone(), destination("example.com", None)]);
    assert_eq!(finding(&facts, "rua-unauthorised").level, Level::Warning);
    let mut settings_only = lost.clone();
    settings_only.is_published = false;
    assert_eq!(finding(&with(vec![settings_only]), "rua-unauthorised").level, Level::Info);
    let mut ruf = lost;
    ruf.tag = "ruf";
    assert_eq!(finding(&with(vec![ruf]), "rua-unauthorised").level, Level::Info);
    let facts = with(vec![destination("example.jp", Some(Answer::Failed(Failure::TimedOut)))]);
    let checked = check(&facts);
    assert!(!checked.is_answered);
    assert_eq!(checked.findings[0].rule, "rua-unanswered");
    assert_eq!(checked.findings[0].level, Level::Warning);
}

#[test]
fn an_authorisation_may_send_reports_elsewhere_only_at_the_same_host() {
    let same = with(vec![destination("example.jp", Some(found(&["v=DMARC1; rua=mailto:other@example.jp"])))]);
    assert_eq!(check(&same).findings, []);
    let other = with(vec![destination("example.jp", Some(found(&["v=DMARC1; rua=mailto:x@example.net"])))]);
    assert!(finding(&other, "rua-authorisation-elsewhere").text.contains("example.net"));
}

#[test]
fn an_address_has_to_be_reachable() {
    for (mail, rule) in [
        (MailTo::Refused, "rua-null-mx"),
        (MailTo::Nowhere, "rua-no-mail-server"),
        (MailTo::ServersWithoutAddress, "rua-no-mail-server"),
    ] {
        let facts = with(vec![Destination { mail, ..destination("example.com", None) }]);
        assert_eq!(finding(&facts, rule).level, Level::Critical);
    }
    let facts = with(vec![Destination { mail: MailTo::AddressOnly, ..destination("example.com", None) }]);
    assert_eq!(rules(&facts), [("rua-no-mx", Level::Info)]);
    let facts =
        with(vec![Destination { mail: MailTo::Unknown(Failure::TimedOut), ..destination("example.com", None) }]);
    assert!(has(&facts, "rua-unanswered"));
}

#[test]
fn a_name_over_253_octets_can_agree_to_nothing() {
    let mut long = destination("example.jp", Some(Answer::Failed(Failure::Malformed)));
    long.authorisation = Some((format!("{}.example.jp", "a".repeat(253)), Answer::Failed(Failure::Malformed)));
    assert_eq!(finding(&with(vec![long]), "rua-name-too-long").level, Level::Critical);
}
