use proptest::prelude::*;

use super::*;

fn rules(text: &str) -> Vec<&'static str> {
    read(text).expect("an SPF record").findings.iter().map(|finding| finding.rule).collect()
}

#[test]
fn only_the_version_makes_a_record() {
    for text in ["v=spf1", "v=spf1 ", "V=SPF1 -all"] {
        assert!(is_record(text), "{text}");
    }
    for text in ["", "v=spf10 -all", "v=spf1-all", " v=spf1", "spf2.0/pra -all", "v=DMARC1", "v=spf\u{fc}1"] {
        assert!(read(text).is_none(), "{text}");
    }
}

#[test]
fn a_good_record_has_no_findings() {
    let text = "v=spf1 a mx:mail.example.com/28//64 ip4:192.0.2.0/24 ip6:2001:db8::/32 include:_spf.example.net exists:%{i}._spf.%{d2} ~all exp=why.example.com";
    let read = read(text).expect("a record");
    assert_eq!(read.findings, []);
    assert!(read.is_valid);
    assert_eq!(read.record.to_string(), text);
    assert_eq!(read.record.terms.iter().filter(|term| term.asks_dns()).count(), 4);
}

#[test]
fn each_rule_has_a_record_that_breaks_it() {
    let eleven = format!("v=spf1 {}-all", (0..11).map(|n| format!("a:h{n}.example.com ")).collect::<String>());
    let long = format!("v=spf1 {}-all", "ip4:192.0.2.1 ".repeat(40));
    for (text, rule, is_valid) in [
        ("v=spf1 ipv4:192.0.2.1 -all", "spf-syntax", false),
        ("v=spf1 ip4:192.0.2 -all", "spf-syntax", false),
        ("v=spf1 ip4:192.0.2.0/33 -all", "spf-syntax", false),
        ("v=spf1 ip4:192.0.2.0/024 -all", "spf-syntax", false),
        ("v=spf1 include: -all", "spf-syntax", false),
        ("v=spf1 include:localhost -all", "spf-syntax", false),
        ("v=spf1 a:%{x}.example.com -all", "spf-syntax", false),
        ("v=spf1 exists:%(i).example.com -all", "spf-syntax", false),
        ("v=spf1 “include:example.com” -all", "spf-syntax", false),
        ("v=spf1 +all", "spf-all-pass", true),
        ("v=spf1 ?all", "spf-all-neutral", true),
        ("v=spf1 ptr -all", "spf-ptr", true),
        ("v=spf1 ip4=192.0.2.1 -all", "spf-equals-sign", true),
        ("v=spf1 foo=bar -all", "spf-modifier-unknown", true),
        ("v=spf1 ip4:192.0.2.1/24 -all", "spf-host-bits", true),
        ("v=spf1 ip6:2001:db8::1/32 -all", "spf-host-bits", true),
        ("v=spf1 ip4:192.0.0.0/8 -all", "spf-network-huge", true),
        ("v=spf1 ip4:10.1.2.3 -all", "spf-network-private", true),
        ("v=spf1 a", "spf-no-all", true),
        ("v=spf1 redirect=example.net -all", "spf-redirect-ignored", true),
        ("v=spf1 -all a", "spf-after-all", true),
        ("v=spf1 include:a.example include:A.example -all", "spf-include-twice", true),
        ("v=spf1 redirect=a.example redirect=b.example", "spf-modifier-twice", false),
        (&eleven, "spf-lookups-own", true),
        (&long, "spf-long", true),
    ] {
        assert!(rules(text).contains(&rule), "{text} has to break {rule}, and breaks {:?}", rules(text));
        assert_eq!(read(text).expect("a record").is_valid, is_valid, "{text}");
    }
}

#[test]
fn ten_terms_that_ask_are_allowed() {
    let ten = format!("v=spf1 {}-all", (0..10).map(|n| format!("a:h{n}.example.com ")).collect::<String>());
    assert!(!rules(&ten).contains(&"spf-lookups-own"));
}

#[test]
fn a_redirect_counts_only_without_all() {
    let redirect = |text: &str| read(text).expect("a record").record.redirect().and_then(DomainSpec::fixed);
    assert_eq!(redirect("v=spf1 redirect=Example.NET.").as_deref(), Some("example.net"));
    assert_eq!(redirect("v=spf1 redirect=example.net -all"), None);
}

fn expanded(spec: &str, ip: &str) -> String {
    let sender = Sender {
        ip: ip.parse().expect("an address"),
        local_part: "strong-bad".to_owned(),
        domain: "email.example.com".to_owned(),
        helo: "mx.example.org".to_owned(),
    };
    let record = read(&format!("v=spf1 exists:{spec} -all")).expect("a record").record;
    match record.terms[0].mechanism() {
        Some(Mechanism::Exists(domain)) => domain.expand(&sender, "email.example.com"),
        other => panic!("{spec}: {other:?}"),
    }
}

/// The examples of RFC 7208 7.4.
#[test]
fn macros_expand_as_the_standard_says() {
    for (spec, name) in [
        ("%{d4}.x.org", "email.example.com.x.org"),
        ("%{d2}.x.org", "example.com.x.org"),
        ("%{dr}.x.org", "com.example.email.x.org"),
        ("%{d2r}.x.org", "example.email.x.org"),
        ("%{l}.x.org", "strong-bad.x.org"),
        ("%{l-}.x.org", "strong.bad.x.org"),
        ("%{lr-}.x.org", "bad.strong.x.org"),
        ("%{l1r-}.x.org", "strong.x.org"),
        ("%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com"),
        ("%{lr-}.lp._spf.%{d2}", "bad.strong.lp._spf.example.com"),
        ("%{h}", "mx.example.org"),
        ("%{S}.x.org", "strong-bad%40email.example.com.x.org"),
        ("%{p}.x.org", "unknown.x.org"),
        ("100%%.x.org", "100%.x.org"),
    ] {
        assert_eq!(expanded(spec, "192.0.2.3"), name, "{spec}");
    }
    let v6 = "1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6._spf.example.com";
    assert_eq!(expanded("%{ir}.%{v}._spf.%{d2}", "2001:db8::cb01"), v6);
}

#[test]
fn a_name_that_grows_too_long_loses_labels_on_the_left() {
    let spec = format!("{}.%{{d}}", "a1.".repeat(90).trim_end_matches('.'));
    let name = expanded(&spec, "192.0.2.3");
    assert!(name.len() <= 253 && name.len() > 249 && name.ends_with("a1.email.example.com"), "{name}");
}

fn words() -> impl Strategy<Value = String> {
    let domain = "[a-z]{1,8}\\.(example|net|%\\{d2r\\})";
    let qualifier = prop::sample::select(vec!["", "+", "-", "~", "?"]);
    let mechanism = prop_oneof![
        Just("all".to_owned()),
        domain.prop_map(|domain| format!("include:{domain}")),
        (domain, 0..=32_u8, 0..=128_u8).prop_map(|(domain, v4, v6)| format!("a:{domain}/{v4}//{v6}")),
        (0..=32_u8).prop_map(|v4| format!("mx/{v4}")),
        Just("ptr".to_owned()),
        (any::<std::net::Ipv4Addr>(), 0..=32_u8).prop_map(|(ip, prefix)| format!("ip4:{ip}/{prefix}")),
        (any::<std::net::Ipv6Addr>(), 0..=128_u8).prop_map(|(ip, prefix)| format!("ip6:{ip}/{prefix}")),
        domain.prop_map(|domain| format!("exists:%{{ir}}.{domain}")),
    ];
    prop_oneof![
        (qualifier, mechanism).prop_map(|(qualifier, mechanism)| format!("{qualifier}{mechanism}")),
        domain.prop_map(|domain| format!("redirect={domain}")),
        "x[a-z]{0,5}".prop_map(|name| format!("{name}=1")),
    ]
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(words in prop::collection::vec(words(), 0..12)) {
        let first = read(&format!("v=spf1 {}", words.join(" "))).expect("a record").record;
        prop_assert_eq!(first.terms.len(), words.len());
        let again = read(&first.to_string()).expect("a record").record;
        let kinds = |record: SpfRecord| record.terms.into_iter().map(|term| term.kind).collect::<Vec<_>>();
        prop_assert_eq!(kinds(again), kinds(first));
    }

    #[test]
    fn findings_stand_in_the_text(tail in "[ -~]{0,60}|\\PC{0,40}") {
        let text = format!("v=spf1 {tail}");
        let read = read(&text).expect("a record");
        for finding in read.findings {
            prop_assert!(text.get(finding.at.clone()).is_some(), "{:?} in {:?}", finding, text);
        }
    }
}
