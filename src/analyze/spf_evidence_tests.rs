//! What reports say about an SPF record.

use std::sync::Arc;

use super::*;
use crate::analyze::Shape;
use crate::dns::SpfCover;
use crate::dns::cover::SpfNetwork;
use crate::dns::spf::Qualifier;
use crate::model::{AuthResult, AuthResults, Identifiers, PolicyEvaluated, PolicyPublished, Sent, SpfResult, Text};

fn seen(day: i64, ip: &str, mails: u64, domain: &str, result: AuthResult) -> Observation {
    let spf = SpfResult { domain: Some(Text::from(domain)), result: Some(Sent::Read(result)), ..SpfResult::default() };
    Observation {
        day,
        source_ip: ip.parse().expect("an address"),
        mails,
        shape: Arc::new(Shape {
            reporter: Text::from("reporter"),
            evaluated: Arc::new(PolicyEvaluated::default()),
            identifiers: Arc::new(Identifiers::default()),
            auth_results: Arc::new(AuthResults { dkim: Vec::new(), spf: vec![spf] }),
            policy: Arc::new(PolicyPublished::of(Text::from("example.com"))),
        }),
    }
}

fn sender(key: &str, class: Class, confidence: Confidence, observations: &[usize]) -> Sender {
    Sender {
        key: key.to_owned(),
        name: key.to_owned(),
        class,
        confidence,
        reasons: Vec::new(),
        fix: Vec::new(),
        is_declared: false,
        is_critical: false,
        addresses: Vec::new(),
        observations: observations.to_vec(),
    }
}

fn evidence(observations: &[Observation], senders: Vec<Sender>) -> SpfEvidence {
    let network = SpfNetwork {
        network: "192.0.2.0/24".parse().expect("a network"),
        qualifier: Qualifier::Pass,
        path: vec!["include:_spf.example.net".to_owned(), "ip4:192.0.2.0/24".to_owned()],
    };
    let cover = SpfCover { networks: vec![network], is_complete: true };
    spf_evidence("example.com", observations, &Senders { senders, ..Senders::default() }, Some(&cover))
}

#[test]
fn only_the_owners_mail_with_an_envelope_of_the_domain_is_missed() {
    use AuthResult::{Fail, Pass, SoftFail, TempError};
    let observations = [
        seen(1, "192.0.2.1", 50, "example.com", Pass),
        seen(70, "203.0.113.1", 40, "example.com", SoftFail),
        seen(70, "203.0.113.2", 9, "example.com", Fail),
        seen(70, "203.0.113.3", 90, "bounce.example.net", Fail),
        seen(70, "203.0.113.4", 90, "example.com", TempError),
        seen(70, "198.51.100.9", 500, "example.com", Fail),
        seen(70, "198.51.100.8", 500, "example.com", Fail),
    ];
    let found = evidence(
        &observations,
        vec![
            sender("own:example.com", Class::Own, Confidence::High, &[0, 1, 2, 3, 4]),
            sender("spoofed", Class::Spoof, Confidence::High, &[5]),
            sender("ptr:guess.example", Class::Misconfigured, Confidence::Low, &[6]),
        ],
    );
    assert_eq!(found.passed.into_iter().collect::<Vec<_>>(), [("include:_spf.example.net".to_owned(), 50)]);
    assert_eq!(found.days, 70);
    let [own] = found.uncovered.as_slice() else { panic!("{:?}", found.uncovered) };
    assert_eq!((own.name.as_str(), own.mails()), ("own:example.com", 40), "a stray mail is no sender");
    assert_eq!(own.networks(), ["203.0.113.1/32".parse().expect("a network")]);
}

#[test]
fn a_known_service_is_included_and_not_listed() {
    let observations = [seen(1, "203.0.113.1", 12, "example.com", AuthResult::SoftFail)];
    let found =
        evidence(&observations, vec![sender("google-workspace", Class::Misconfigured, Confidence::Medium, &[0])]);
    assert!(found.uncovered[0].includes.contains(&"_spf.google.com".to_owned()));
    assert_eq!((found.days, found.days >= 60), (1, false));
}
