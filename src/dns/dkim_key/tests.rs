use proptest::prelude::*;

use super::*;

/// Of RFC 6376 C.2: 1024 bits in a SubjectPublicKeyInfo.
const BRISBANE: &str = "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7/zYtIxN2SnFCjxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7od+v/RtdC2UzJ1lWT947qR+Rcac2gbto/NMqJ0fzfVjH4OuKhitdY9tf6mcwGjaNBcWToIMmPSPDdQPNUYckcQ2QIDAQAB";
/// Of RFC 8463 A.2.
const BRISBANE_ED25519: &str = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

fn rules(text: &str) -> Vec<&'static str> {
    read(text).findings.iter().map(|finding| finding.rule).collect()
}

#[test]
fn the_keys_of_the_standards_are_read() {
    let read_rsa = read(&format!("v=DKIM1; p={BRISBANE}"));
    assert!(matches!(read_rsa.record.key, PublicKey::Rsa { bits: 1024, .. }), "{read_rsa:?}");
    assert!(read_rsa.is_usable);
    let read_ed = read(&write(Algorithm::Ed25519, BRISBANE_ED25519));
    assert!(matches!(read_ed.record.key, PublicKey::Ed25519(_)), "{read_ed:?}");
    assert!(read_ed.is_usable && read_ed.findings.is_empty());
}

#[test]
fn a_bare_rsa_key_is_the_same_key() {
    use base64::engine::general_purpose::STANDARD;
    let der = base64::Engine::decode(&STANDARD, BRISBANE).expect("base64");
    assert_eq!(PublicKey::rsa_from_der(&der), PublicKey::rsa_from_der(&der[22..]));
    assert!(PublicKey::rsa_from_der(&der[22..]).is_some());
}

#[test]
fn each_rule_has_a_record_that_breaks_it() {
    for (text, rule, is_usable) in [
        (format!("p={BRISBANE}"), "dkim-v-missing", true),
        (format!("v=DKIM2; p={BRISBANE}"), "dkim-v-invalid", false),
        (format!("p={BRISBANE}; v=DKIM1"), "dkim-v-not-first", false),
        (format!("v=DKIM1; k=dsa; p={BRISBANE}"), "dkim-k-unknown", false),
        (format!("v=DKIM1; h=sha1; p={BRISBANE}"), "dkim-h-without-sha256", false),
        (format!("v=DKIM1; s=tlsrpt; p={BRISBANE}"), "dkim-s-without-email", false),
        (format!("v=DKIM1; t=y; p={BRISBANE}"), "dkim-t-testing", true),
        (format!("v=DKIM1; g=*; p={BRISBANE}"), "dkim-g-historic", true),
        (format!("v=DKIM1; p={BRISBANE}; p={BRISBANE}"), "dkim-tag-repeated", false),
        (format!("v=DKIM1; p={}", BRISBANE.replace("MIGf", "MI Gf")), "dkim-p-blanks", true),
        (format!("v=DKIM1; p=\"{BRISBANE}\""), "dkim-p-not-base64", false),
        (format!("v=DKIM1; p={}", &BRISBANE[..100]), "dkim-p-unreadable", false),
        (format!("v=DKIM1; p={BRISBANE_ED25519}"), "dkim-p-unreadable", false),
        (format!("v=DKIM1; k=ed25519; p={BRISBANE}"), "dkim-p-unreadable", false),
        (format!("v=DKIM1; p={BRISBANE}"), "dkim-key-short", true),
        ("v=DKIM1; p=".to_owned(), "dkim-revoked", false),
        ("v=DKIM1; k=rsa".to_owned(), "dkim-p-missing", false),
        ("v=spf1 -all".to_owned(), "dkim-p-missing", false),
        ("v=DKIM1; p=MAsCBgCAAAAAAQIBAw==".to_owned(), "dkim-key-too-short", false),
        ("v=DKIM1; p=MAsCBgCAAAAAAQIBAQ==".to_owned(), "dkim-exponent", false),
    ] {
        assert!(rules(&text).contains(&rule), "{text} has to break {rule}, and breaks {:?}", rules(&text));
        assert_eq!(read(&text).is_usable, is_usable, "{text}");
    }
}

#[test]
fn flags_are_read() {
    let record = read(&format!("v=DKIM1; t=y : s; h=sha256:sha1; s=email:*; p={BRISBANE}")).record;
    assert!(record.is_testing && record.is_strict);
    assert_eq!(record.hashes, ["sha256", "sha1"]);
    assert_eq!(record.services, ["email", "*"]);
}

#[test]
fn a_withdrawn_key_is_written() {
    assert_eq!(write_revoked(Algorithm::Rsa), "v=DKIM1; k=rsa; p=");
    assert_eq!(read(&write_revoked(Algorithm::Rsa)).record.key, PublicKey::Revoked);
}

proptest! {
    #[test]
    fn an_ed25519_key_is_written_and_read(key in any::<[u8; 32]>()) {
        use base64::engine::general_purpose::STANDARD;
        let text = write(Algorithm::Ed25519, &base64::Engine::encode(&STANDARD, key));
        prop_assert_eq!(read(&text).record.key, PublicKey::Ed25519(key));
    }

    #[test]
    fn findings_stand_in_the_text(text in "(v=DKIM1;)?[ -~]{0,60}|\\PC{0,40}") {
        for finding in read(&text).findings {
            prop_assert!(text.get(finding.at.clone()).is_some(), "{:?} in {:?}", finding, text);
        }
    }
}
