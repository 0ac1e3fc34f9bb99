//! Everything that one domain publishes.

use ruascope::dns::{Answer, DmarcFound, Failure};
use ruascope::limits::Limits;
use ruascope::resolve::{Offline, gather, policy_by_suffix, walk};

use super::resolver_of;
use crate::name_server::NameServer;

const ZONE: &str = r#"
example.com              TXT   "v=spf1 ip4:192.0.2.0/24 -all"
example.com              TXT   "site-verification=1"
example.com              MX    10 mail.example.com
_dmarc.example.com       TXT   "v=DMARC1; p=reject; sp=none"
_dmarc.example.com       TXT   "something else"
s1._domainkey.example.com CNAME s1.provider.test
s1.provider.test         TXT   "v=DKIM1; p="
;@silent s2._domainkey.example.com
sub.example.com          A     192.0.2.1
null.example.com         MX    0 .
_dmarc.two.example.com   TXT   "v=DMARC1; p=none"
_dmarc.two.example.com   TXT   "v=DMARC1; p=reject"
_dmarc.mail.deep.example.com TXT "v=DMARC1; p=none"
;@servfail _dmarc.broken.test
"#;

#[test]
fn a_domain_is_gathered_whole() {
    let server = NameServer::start(ZONE);
    let resolver = resolver_of(&[server.address()]);
    let selectors = ["s1".to_owned(), "s2".to_owned(), "s3".to_owned()];
    let published = gather(&resolver, "example.com", &selectors, &Limits::standard(), 1_793_000_000).published;
    let record = "v=DMARC1; p=reject; sp=none".to_owned();
    assert_eq!((published.domain.as_str(), published.seen_s), ("example.com", 1_793_000_000));
    assert_eq!(published.dmarc, Answer::Found(vec![record.clone()]));
    assert_eq!(published.dmarc_applies, Some(DmarcFound { domain: "example.com".to_owned(), text: record }));
    assert_eq!(published.organizational_domain.as_deref(), Some("example.com"));
    assert_eq!(published.spf, Answer::Found(vec!["v=spf1 ip4:192.0.2.0/24 -all".to_owned()]));
    assert_eq!(published.spf_cover.map(|cover| cover.networks.len()), Some(3));
    assert_eq!(published.mx, Answer::Found(vec!["10 mail.example.com".to_owned()]));
    assert_eq!(published.dkim[0].answer, Answer::Found(vec!["v=DKIM1; p=".to_owned()]));
    assert_eq!(published.dkim[0].aliases, ["s1.provider.test"]);
    assert_eq!(published.dkim[1].answer, Answer::Failed(Failure::TimedOut));
    assert_eq!(published.dkim[2].answer, Answer::NxDomain);
    let asked = server.asked();
    let mut once = asked.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), asked.len(), "no question is asked twice: {asked:?}");
}

#[test]
fn a_subdomain_takes_the_record_of_its_organisation() {
    let server = NameServer::start(ZONE);
    let resolver = resolver_of(&[server.address()]);
    let published = gather(&resolver, "sub.example.com", &[], &Limits::standard(), 0).published;
    assert_eq!(published.dmarc, Answer::NxDomain);
    assert_eq!(published.dmarc_applies.map(|found| found.domain).as_deref(), Some("example.com"));
    assert_eq!((published.spf, published.mx), (Answer::NoData, Answer::NoData));
    assert_eq!(
        gather(&resolver, "null.example.com", &[], &Limits::standard(), 0).published.mx,
        Answer::Found(vec!["0 .".to_owned()])
    );
}

#[test]
fn eight_names_are_asked_for_at_most() {
    let server = NameServer::start("");
    let walked = walk(&resolver_of(&[server.address()]), "a.b.c.d.e.f.g.h.i.j.mail.example.com");
    assert_eq!((walked.steps.len(), server.asked().len()), (8, 8));
    assert_eq!(walked.applies(), None);
    assert!(walked.is_complete());
}

#[test]
fn old_receivers_look_at_the_public_suffix_and_stop_at_several_records() {
    let server = NameServer::start(ZONE);
    let resolver = resolver_of(&[server.address()]);
    let applies = |domain: &str| {
        let found = policy_by_suffix(&resolver, domain).expect("an answer");
        (found.organizational_domain, found.applies.map(|found| found.domain))
    };
    let organization = || "example.com".to_owned();
    assert_eq!(applies("a.b.example.com"), (organization(), Some(organization())));
    assert_eq!(applies("mail.deep.example.com"), (organization(), Some("mail.deep.example.com".to_owned())));
    assert_eq!(applies("two.example.com"), (organization(), None));
    let walked = walk(&resolver, "two.example.com");
    assert_eq!(walked.applies().map(|found| found.domain), Some(organization()), "RFC 9989 goes on");
    assert_eq!(policy_by_suffix(&resolver, "broken.test"), None);
}

#[test]
fn offline_nothing_is_known_and_nothing_is_missing() {
    let published = gather(&Offline, "example.com", &["s1".to_owned()], &Limits::standard(), 0).published;
    let failed = Answer::Failed(Failure::Offline);
    assert_eq!((published.dmarc, published.spf, published.mx), (failed.clone(), failed.clone(), failed.clone()));
    assert_eq!(published.dkim[0].answer, failed);
    assert_eq!((published.organizational_domain, published.spf_cover), (None, None));
}
