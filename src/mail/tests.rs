//! Messages as reporters, gateways and people forward them.

use super::*;

const HEAD: &str = "From: Reports <dmarc@receiver.example>\r\nTo: rua@example.com\r\nSubject: Report Domain: example.com Submitter: r\r\n\
Date: Sat, 18 Oct 2025 00:10:00 +0000\r\nMessage-ID: <1@receiver.example>\r\nMIME-Version: 1.0\r\n";

/// Names and bytes of the parts.
fn parts(message: &str) -> Vec<(Option<String>, Vec<u8>)> {
    let opened = open(message.as_bytes(), &Limits::standard(), |opened| {
        opened.parts.into_iter().map(|part| (part.name, part.bytes.into_owned())).collect()
    });
    opened.expect("within limits").expect("a message")
}

fn multipart(part: &str) -> String {
    format!(
        "{HEAD}Content-Type: multipart/mixed; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nHello.\r\n--b\r\n{part}\r\n--b--\r\n"
    )
}

#[test]
fn envelope_and_body() {
    let message =
        format!("{HEAD}Content-Type: application/zip\r\nContent-Transfer-Encoding: base64\r\n\r\nUEsDBA==\r\n");
    let envelope =
        open(message.as_bytes(), &Limits::standard(), |opened| opened.envelope).expect("limits").expect("message");
    assert_eq!(envelope.from.as_deref(), Some("dmarc@receiver.example"));
    assert_eq!(envelope.message_id.as_deref(), Some("1@receiver.example"));
    assert_eq!(envelope.date_s, Some(1_760_746_200));
    assert!(envelope.claims_report());
    assert_eq!(parts(&message), [(None, b"PK\x03\x04".to_vec())]);
}

#[test]
fn names_in_all_their_forms() {
    let body = "Content-Transfer-Encoding: base64\r\n\r\nUEsDBA==";
    for (header, name) in [
        ("Content-Type: application/zip; name=\"a!b!1!2.zip\"", "a!b!1!2.zip"),
        ("Content-Type: application/zip\r\nContent-Disposition: attachment; filename=a.zip", "a.zip"),
        (
            "Content-Type: application/zip\r\nContent-Disposition: attachment;\r\n filename*0=\"a!b\";\r\n filename*1=\"!c.zip\"",
            "a!b!c.zip",
        ),
        (
            "Content-Type: application/zip\r\nContent-Disposition: attachment; filename=\"=?utf-8?B?w6kuemlw?=\"",
            "é.zip",
        ),
    ] {
        let found = parts(&multipart(&format!("{header}\r\n{body}")));
        assert_eq!(found[1], (Some(name.to_owned()), b"PK\x03\x04".to_vec()), "{header}");
    }
}

#[test]
fn encodings_that_are_damaged_or_mislabelled() {
    let gzip = "H4sIAAAAAAAC/7NJS01NSUxO1bezAQDFDLvwCwAAAA==";
    for part in [
        format!("Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n{gzip}"),
        format!("Content-Type: application/gzip\r\n\r\n{gzip}"),
        format!(
            "Content-Type: application/gzip\r\nContent-Transfer-Encoding: base64\r\n\r\n{}!*\r\n {}",
            &gzip[..20],
            &gzip[20..]
        ),
        format!("ContentType: application/gzip\r\nContent-Transfer-Encoding: base64\r\n\r\n{gzip}"),
    ] {
        let found = parts(&multipart(&part));
        assert!(found[1].1.starts_with(b"\x1f\x8b\x08"), "{part}: {found:?}");
    }
    let unfinished =
        multipart(&format!("Content-Type: application/gzip\r\nContent-Transfer-Encoding: base64\r\n\r\n{gzip}"));
    let unfinished = unfinished.replace("\r\n--b--\r\n", "\r\n");
    assert!(parts(&unfinished)[1].1.starts_with(b"\x1f\x8b\x08"));
}

#[test]
fn quoted_printable_and_8_bit_text_keep_their_bytes() {
    let quoted = "Content-Type: text/xml\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<a b=3D\"c\">=\r\n</a>";
    assert_eq!(parts(&multipart(quoted))[1].1, b"<a b=\"c\"></a>");
    let mut message =
        multipart("Content-Type: text/xml; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n<a>Sue@o</a>")
            .into_bytes();
    for byte in &mut message {
        if *byte == b'@' {
            *byte = 0xf1;
        }
    }
    let opened = open(&message, &Limits::standard(), |opened| opened.parts[1].bytes.to_vec());
    assert_eq!(opened.expect("limits").expect("message"), b"<a>Sue\xf1o</a>");
}

#[test]
fn nested_messages_are_opened_and_bounces_are_not() {
    let inner = format!("{HEAD}Content-Type: application/zip\r\nContent-Transfer-Encoding: base64\r\n\r\nUEsDBA==");
    let forwarded = multipart(&format!("Content-Type: message/rfc822\r\n\r\n{inner}"));
    assert_eq!(parts(&forwarded)[1].1, b"PK\x03\x04");
    let kind = |message: &str| {
        open(message.as_bytes(), &Limits::standard(), |opened| opened.kind).expect("limits").expect("message")
    };
    assert_eq!(kind(&forwarded), MessageKind::Ordinary);
    let status = "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; a\r\n";
    assert_eq!(kind(&multipart(status)), MessageKind::Bounce);
    let failure = "Content-Type: message/feedback-report\r\n\r\nFeedback-Type: auth-failure\r\nVersion: 1\r\n";
    assert_eq!(kind(&multipart(failure)), MessageKind::FailureReport("auth-failure".to_owned()));
}

#[test]
fn limits_hold_at_the_limit_and_one_past_it() {
    let mut limits = Limits::standard();
    let with_parts = |parts: usize| {
        format!("{HEAD}Content-Type: multipart/mixed; boundary=b\r\n\r\n{}--b--\r\n", "--b\r\n\r\nx\r\n".repeat(parts))
    };
    limits.parts_max = 5;
    let outcome = |message: &str, limits: &Limits| open(message.as_bytes(), limits, |_| ()).map_err(|hit| hit.name);
    assert_eq!(outcome(&with_parts(9), &limits), Ok(Some(())));
    assert_eq!(outcome(&with_parts(10), &limits), Err("parts_max"));

    limits = Limits::standard();
    limits.header_lines_max = 7;
    let message = format!("{HEAD}\r\nbody\r\nmore\r\n");
    assert_eq!(outcome(&message, &limits), Ok(Some(())));
    assert_eq!(outcome(&format!("X: y\r\n{message}"), &limits), Err("header_lines_max"));

    limits = Limits::standard();
    let header_bytes = HEAD.lines().map(|line| line.len() + 1).sum::<usize>() + 1;
    limits.header_bytes_max = u64::try_from(header_bytes).expect("small");
    assert_eq!(outcome(&message, &limits), Ok(Some(())));
    limits.header_bytes_max -= 1;
    assert_eq!(outcome(&message, &limits), Err("header_bytes_max"));
}
