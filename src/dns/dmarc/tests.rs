use proptest::prelude::*;

use super::*;

fn rules(text: &str) -> Vec<&'static str> {
    read(text).expect("a DMARC record").findings.iter().map(|finding| finding.rule).collect()
}

fn standing_of(text: &str) -> (Standing, Option<Policy>) {
    let read = read(text).expect("a DMARC record");
    (read.standing, read.policy())
}

#[test]
fn only_the_version_first_makes_a_record() {
    for text in ["v=DMARC1", "v=DMARC1;p=none", "v = DMARC1 ; p=none", "V=DMARC1;"] {
        assert!(is_record(text), "{text}");
    }
    for text in
        ["", "v=DMARC10; p=none", "v=dmarc1; p=none", " v=DMARC1", "p=none; v=DMARC1", "v=spf1 -all", "\"v=DMARC1\""]
    {
        assert!(!is_record(text), "{text}");
        assert_eq!(read(text), None);
    }
}

#[test]
fn a_good_record_has_no_findings_and_the_manuals_order() {
    let text = "v=DMARC1; p=none; aspf=r; adkim=r; rua=mailto:hoge@example.com";
    let read = read(text).expect("a record");
    assert_eq!(read.findings, []);
    assert_eq!(read.standing, Standing::InForce);
    assert_eq!(read.record.to_string(), text);
}

#[test]
fn a_policy_that_is_none_degrades_the_record() {
    let rua = "rua=mailto:a@example.com";
    assert_eq!(standing_of(&format!("v=DMARC1; p=rejct; {rua}")), (Standing::OnlyReports, Some(Policy::None)));
    assert_eq!(standing_of(&format!("v=DMARC1; p=reject; sp=x; {rua}")), (Standing::OnlyReports, Some(Policy::None)));
    assert_eq!(standing_of(&format!("v=DMARC1; p=reject; np=; {rua}")), (Standing::OnlyReports, Some(Policy::None)));
    assert_eq!(standing_of(&format!("v=DMARC1; {rua}")), (Standing::OnlyReports, Some(Policy::None)));
    assert_eq!(standing_of("v=DMARC1; p=rejct"), (Standing::Void, None));
    assert_eq!(standing_of("v=DMARC1; p=reject; adkim=x"), (Standing::InForce, Some(Policy::Reject)));
    assert_eq!(standing_of(&format!("v=DMARC1; p=reject; p=none; {rua}")), (Standing::Void, None));
}

#[test]
fn each_rule_has_a_record_that_breaks_it() {
    let rua = "rua=mailto:a@example.com";
    for (text, rule) in [
        (format!("v=DMARC1; p=none;; {rua}"), "dmarc-empty-tag"),
        (format!("v=DMARC1; p=none; hello; {rua}"), "dmarc-malformed-tag"),
        (format!("v=DMARC1; P=none; {rua}"), "dmarc-tag-case"),
        (format!("v=DMARC1; p=none; {rua}; {rua}"), "dmarc-tag-repeated"),
        (format!("v=DMARC1; p=none; x=y; {rua}"), "dmarc-tag-unknown"),
        (format!("v=DMARC1; p=nothing; {rua}"), "dmarc-policy-invalid"),
        (format!("v=DMARC1; p=none; aspf=relaxed; {rua}"), "dmarc-value-invalid"),
        (format!("v=DMARC1; p=none; fo=2; {rua}"), "dmarc-value-invalid"),
        (format!("v=DMARC1; p=none; pct=101; {rua}"), "dmarc-value-invalid"),
        ("v=DMARC1; p=none; rua=a@example.com".to_owned(), "dmarc-uri-no-scheme"),
        ("v=DMARC1; p=none; rua=mailto://a@example.com".to_owned(), "dmarc-uri-invalid"),
        ("v=DMARC1; p=none; rua=mailto:a@example.com!9x".to_owned(), "dmarc-uri-invalid"),
        ("v=DMARC1; p=none; rua=https://example.com/".to_owned(), "dmarc-uri-scheme"),
        ("v=DMARC1; p=none; rua=mailto:a@example.com!10m".to_owned(), "dmarc-uri-size"),
        (format!("v=DMARC1; {rua}"), "dmarc-p-missing"),
        (format!("v=DMARC1; {rua}; p=none"), "dmarc-p-not-second"),
        (format!("v=DMARC1; p=reject; sp=none; {rua}"), "dmarc-sp-weaker"),
        (format!("v=DMARC1; p=reject; np=none; {rua}"), "dmarc-np-weaker"),
        (format!("v=DMARC1; p=none; ri=3600; {rua}"), "dmarc-tag-historic"),
        ("v=DMARC1; p=none".to_owned(), "dmarc-rua-missing"),
        ("v=DMARC1; p=none; rua=mailto:a@b.c,mailto:b@b.c,mailto:c@b.c".to_owned(), "dmarc-rua-many"),
        (format!("v=DMARC1; p=none; {rua}; ruf=mailto:a@b.c"), "dmarc-ruf"),
        (format!("v=DMARC1; p=none; {rua}; fo=1"), "dmarc-fo-without-ruf"),
        (format!("v=DMARC1; p=none; {rua}; ruf=mailto:a@b.c; fo=0:1"), "dmarc-fo-both"),
        (format!("v=DMARC1; p=reject; pct=10; {rua}"), "dmarc-pct-ignored"),
        (format!("v=DMARC1; p=reject; t=y; {rua}"), "dmarc-t"),
        (format!("v=DMARC1; p=none; psd=y; {rua}"), "dmarc-psd"),
        ("v=DMARC1".to_owned(), "dmarc-void"),
    ] {
        assert!(rules(&text).contains(&rule), "{text} has to break {rule}, and breaks {:?}", rules(&text));
    }
}

#[test]
fn a_finding_says_where_it_is() {
    let text = "v=DMARC1; p = rejct ;rua=a@example.com, mailto:b@example.com";
    let read = read(text).expect("a record");
    let quoted: Vec<&str> = read.findings.iter().map(|finding| &text[finding.at.clone()]).collect();
    assert_eq!(quoted, ["rejct", "a@example.com"]);
    assert_eq!(read.record.rua.len(), 1);
}

#[test]
fn an_address_is_decoded_and_a_size_is_a_power_of_two() {
    let text = "v=DMARC1; p=none; rua=mailto:a%2Cb@Example.COM?subject=x!10m";
    let uri = read(text).expect("a record").record.rua.remove(0);
    assert_eq!(uri.address().as_deref(), Some("a,b@example.com"));
    assert_eq!(uri.host().as_deref(), Some("example.com"));
    assert_eq!(uri.size_bytes_max, Some(10 << 20));
    let most = "v=DMARC1; p=none; rua=mailto:a@example.com!99999999999999999999t";
    assert!(rules(most).contains(&"dmarc-uri-invalid"));
}

fn records() -> impl Strategy<Value = DmarcRecord> {
    let policy = || prop::option::of(prop::sample::select(Policy::ALL));
    let mode = || prop::option::of(prop::sample::select(AlignmentMode::ALL));
    let uri = ("[a-z]{1,9}", "[a-z]{1,9}\\.[a-z]{2,4}", prop::option::of(any::<u64>()))
        .prop_map(|(local, host, size_bytes_max)| ReportUri { uri: format!("mailto:{local}@{host}"), size_bytes_max });
    let uris = || prop::collection::vec(uri.clone(), 0..3);
    let fo = prop::sample::subsequence(vec!['0', '1', 'd', 's'], 0..4);
    let psd = prop::option::of(prop::sample::select(vec![Psd::Yes, Psd::No, Psd::Unknown]));
    let t = prop::option::of(prop::sample::select(TestMode::ALL));
    let policies = (policy(), policy(), policy(), mode(), mode());
    (policies, uris(), uris(), fo, psd, t, prop::option::of(0..=100_u8)).prop_map(
        |((p, sp, np, adkim, aspf), rua, ruf, fo, psd, t, pct)| DmarcRecord {
            p,
            sp,
            np,
            adkim,
            aspf,
            rua,
            ruf,
            fo,
            psd,
            t,
            pct,
        },
    )
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(record in records()) {
        let text = record.to_string();
        prop_assert_eq!(read(&text).expect("a record").record, record);
    }

    #[test]
    fn findings_stand_in_the_text(tail in "[ -~]{0,60}|\\PC{0,40}") {
        let text = format!("v=DMARC1;{tail}");
        for finding in read(&text).expect("a record").findings {
            prop_assert!(text.get(finding.at.clone()).is_some(), "{:?} in {:?}", finding, text);
        }
    }
}
