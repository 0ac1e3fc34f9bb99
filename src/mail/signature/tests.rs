//! Forms and hashes of the standard, and what proves nothing.

use super::*;

fn hash_of(body: &str, form: Form) -> String {
    base64::engine::general_purpose::STANDARD.encode(body_hash(body.as_bytes(), form))
}

#[test]
fn bodies_have_the_hashes_of_the_standard() {
    // RFC 6376 3.4.3 and 3.4.4, for the empty body.
    assert_eq!(hash_of("", Form::Simple), "frcCV1k9oG9oKj3dpUqdJg1PxRT2RSN/XKdLCPjaYaY=");
    assert_eq!(hash_of("", Form::Relaxed), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    // RFC 6376 3.4.5: " C \r\nD \t E\r\n\r\n\r\n" is " C\r\nD E\r\n" when relaxed.
    let body = " C \r\nD \t E\r\n\r\n\r\n";
    assert_eq!(hash_of(body, Form::Relaxed), hash_of(" C\nD E\n", Form::Simple));
    assert_eq!(hash_of(body, Form::Simple), hash_of(" C \nD \t E", Form::Simple), "line ends and empty lines");
    assert_ne!(hash_of("\r\nC\r\n", Form::Simple), hash_of("C\r\n", Form::Simple), "empty lines before count");
}

#[test]
fn a_header_has_the_form_of_the_standard() {
    // RFC 6376 3.4.5.
    let (fields, body) = split(b"A: X\r\nB : Y\t\r\n\tZ  \r\n\r\nbody");
    let relaxed: Vec<Vec<u8>> = fields.iter().map(|field| canonical(field, field.raw, Form::Relaxed)).collect();
    assert_eq!(relaxed, [b"a:X".to_vec(), b"b:Y Z".to_vec()]);
    assert_eq!(canonical(&fields[1], fields[1].raw, Form::Simple), b"B : Y\t\r\n\tZ  ");
    assert_eq!(body, b"body");
}

#[test]
fn its_own_value_is_left_out_and_nothing_else() {
    let (fields, _) = split(b"DKIM-Signature: v=1; bh=abc; b=x\r\n y; h=b\r\n\r\n");
    assert_eq!(without_b(&fields[0]), b"DKIM-Signature: v=1; bh=abc; b=; h=b");
}

const BODY_HASH: &str = "frcCV1k9oG9oKj3dpUqdJg1PxRT2RSN/XKdLCPjaYaY=";

fn with(tags: &str) -> Signatures {
    let mail = format!("DKIM-Signature: {tags}\r\nFrom: a@example.com\r\n\r\n");
    signatures(mail.as_bytes(), &Limits::standard())
}

#[test]
fn what_proves_nothing_is_broken() {
    let good = format!("v=1; a=rsa-sha256; d=Example.com; s=S1; h=from; bh={BODY_HASH}; b=AAAA");
    let found = with(&good);
    assert_eq!(found.open[0].key_name(), "s1._domainkey.example.com");
    for (from, to) in [
        ("h=from", "h=subject"),
        ("h=from", "h=from; l=0"),
        ("rsa-sha256", "rsa-sha1"),
        ("v=1", "v=2"),
        ("bh=fr", "bh=xx"),
        ("s=S1", "s=a b"),
        ("s=S1", "s=S1; s=S2"),
        ("b=AAAA", "b="),
        ("d=Example.com", "d=.com"),
    ] {
        let found = with(&good.replace(from, to));
        assert_eq!((found.open.len(), found.broken), (0, 1), "{to}");
    }
}

#[test]
fn limits_hold_at_the_limit_and_one_past_it() {
    let one = format!("DKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=s; h=from; bh={BODY_HASH}; b=AAAA\r\n");
    let mail = |times| format!("{}From: a@example.com\r\n\r\n", one.repeat(times));
    let limits = Limits { signatures_max: 2, ..Limits::standard() };
    let found = |times| signatures(mail(times).as_bytes(), &limits).open.len();
    assert_eq!([found(1), found(2), found(3)], [1, 2, 2]);
    let fields = |times: usize| {
        with(&format!("v=1; a=rsa-sha256; d=example.com; s=s; h=from{}; bh={BODY_HASH}; b=AAAA", ":x".repeat(times)))
    };
    assert_eq!([fields(FIELDS_MAX - 1).open.len(), fields(FIELDS_MAX).open.len()], [1, 0]);
    let long = |bytes: usize| {
        let text = base64::engine::general_purpose::STANDARD.encode(vec![0; bytes]);
        with(&format!("v=1; a=rsa-sha256; d=example.com; s=s; h=from; bh={BODY_HASH}; b={text}")).open.len()
    };
    assert_eq!([long(SIGNATURE_BYTES_MAX), long(SIGNATURE_BYTES_MAX + 1)], [1, 0]);
}

#[test]
fn any_bytes_will_do() {
    for bytes in [&b""[..], b"\n", b":", b"DKIM-Signature", b"DKIM-Signature:\r\n ;;=;b=\r\n", b"a:\r\n\r", b"\r"] {
        assert!(signatures(bytes, &Limits::standard()).open.is_empty());
    }
}
