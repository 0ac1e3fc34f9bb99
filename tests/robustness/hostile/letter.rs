//! Mails and mailboxes.

use super::*;

#[test]
fn parts_200_deep_are_found_or_left() {
    let opened: String = (0..200)
        .map(|level| format!("Content-Type: multipart/mixed; boundary=\"b{level}\"\r\n\r\n--b{level}\r\n"))
        .collect();
    let closed: String = (0..200).rev().map(|level| format!("--b{level}--\r\n")).collect();
    let deep = format!("{MAIL}{opened}Content-Type: text/xml\r\n\r\n{}\r\n{closed}", report("deep", 1));
    take_in("deep.eml", |out| put(out, deep)).holds(1, 1);
}

#[test]
fn mails_200_deep_end_at_the_depth_limit() {
    let nested = |levels: usize| {
        let outer = format!("{MAIL}Content-Type: message/rfc822\r\n\r\n").repeat(levels);
        outer + &mail(&report("nested", 1))
    };
    take_in("nested.eml", |out| put(out, nested(3))).holds(1, 1);
    take_in("nested.eml", |out| put(out, nested(200))).is_ignored();
    take_in("nested.eml", |out| put(out, nested(3_900))).is_rejected_by(&["header_lines_max"]);
}

#[test]
fn a_million_parts_are_the_limit() {
    let outcome = take_in("parts.eml", |out| {
        put(out, format!("{MAIL}Content-Type: multipart/mixed; boundary=b\r\n\r\n"));
        repeat(out, "--b\n\nx\n", 1_000_000);
    });
    outcome.is_rejected_by(&["parts_max"]);
}

#[test]
fn a_million_parts_in_the_middle_of_lines_are_the_limit_too() {
    for parameter in ["boundary=b", "BOUNDARY=b", "bOuNdArY=b"] {
        let outcome = take_in("parts.eml", |out| {
            put(out, format!("{MAIL}Content-Type: multipart/mixed; {parameter}\r\n\r\n"));
            repeat(out, " --b\n\n", 1_000_000);
        });
        outcome.is_rejected_by(&["parts_max"]);
    }
}

/// A nested mail that is encoded is opened like one that is not, and so are its limits.
#[test]
fn a_million_parts_or_header_lines_in_an_encoded_mail_are_the_limit_too() {
    let parts = format!("{MAIL}Content-Type: multipart/mixed; boundary=b\r\n\r\n{}", "--b\n\nx\n".repeat(1_000_000));
    let lines = format!("{MAIL}{}\r\nx", "X-A: b\r\n".repeat(1_000_000));
    for nested in [parts, lines] {
        let outcome = take_in("nested.eml", |out| {
            put(out, format!("{MAIL}Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n"));
            put(out, base64(nested.as_bytes()));
        });
        outcome.holds(0, 0);
    }
}

#[test]
fn a_million_header_lines_are_the_limit() {
    let outcome = take_in("header.eml", |out| {
        put(out, MAIL);
        repeat(out, "X-A: b\r\n", 1_000_000);
        put(out, "\r\nbody\r\n");
    });
    outcome.is_rejected_by(&["header_lines_max"]);
}

#[test]
fn a_header_line_of_60_mb_is_too_large_a_mail() {
    take_in("header.eml", |out| long_header(out, "X: ", "x", 60)).is_rejected_by(&["message_bytes_max"]);
}

#[test]
fn long_header_fields_cost_no_more_than_their_bytes() {
    for (start, piece) in
        [("X: ", "x"), ("X: ", "=?utf-8?q?=41?= "), ("Content-Type: text/xml", "; a=b"), ("Cc: ", "a@b.c, ")]
    {
        // Refused or ignored: both are right, below the budget.
        let outcome = take_in("header.eml", |out| long_header(out, start, piece, 24));
        outcome.holds(0, 0);
    }
}

/// A mail with one header field of so many mebibytes.
fn long_header(out: &mut BufWriter<File>, start: &str, piece: &str, mebibytes: usize) {
    put(out, MAIL);
    put(out, start);
    repeat(out, piece.repeat(MIB / piece.len()), mebibytes);
    put(out, "\r\n\r\nbody\r\n");
}

#[test]
fn long_bodies_in_any_encoding_cost_little_more_than_their_bytes() {
    for (fields, piece) in [
        ("Content-Type: application/gzip\r\nContent-Transfer-Encoding: base64", "QUFBQUFBQUFBQUFBQUFB\r\n"),
        ("Content-Type: text/xml; charset=utf-16\r\nContent-Transfer-Encoding: base64", "QUFBQUFBQUFBQUFBQUFB\r\n"),
        ("Content-Type: text/xml; charset=iso-2022-jp\r\nContent-Transfer-Encoding: quoted-printable", "=3Ca=3E=\r\n"),
        ("Content-Type: text/html; charset=utf-8", "<p>line</p>\r\n"),
    ] {
        take_in("body.eml", |out| long_body(out, fields, piece.as_bytes())).is_ignored();
    }
    take_in("body.eml", |out| long_body(out, "Content-Type: text/xml; charset=iso-8859-1", b"<a>\xe9\xe9\xe9\r\n"))
        .is_ignored();
}

/// A mail as large as one may be, with no claim to be a report.
fn long_body(out: &mut BufWriter<File>, fields: &str, piece: &[u8]) {
    put(out, format!("From: a@o.example\r\nTo: b@example.com\r\n{fields}\r\n\r\n"));
    let most = usize::try_from(Limits::standard().message_bytes_max).expect("it fits into memory") - 1_024;
    repeat(out, piece, most / piece.len());
}

#[test]
fn nul_and_invalid_bytes_in_a_mail_are_survived() {
    let letter = mail(&report("bytes", 1));
    let nul: Vec<u8> = letter.bytes().flat_map(|byte| if byte == b'e' { vec![0, byte] } else { vec![byte] }).collect();
    take_in("nul.eml", |out| put(out, nul)).holds(0, 0);
    let invalid: Vec<u8> = letter
        .replace("Report Domain", "@@@")
        .into_bytes()
        .into_iter()
        .map(|byte| if byte == b'@' { 0xff } else { byte })
        .collect();
    take_in("invalid.eml", |out| put(out, invalid)).holds(1, 1);
}

#[test]
fn an_mbox_with_a_message_of_100_mb_gives_the_next_one() {
    let outcome = take_in("long.mbox", |out| {
        put(out, format!("{FROM_LINE}{MAIL}\r\n"));
        repeat(out, format!("{}\n", "x".repeat(99)), 1_000_000);
        put(out, format!("\n{FROM_LINE}{}", mail(&report("next", 2))));
    });
    outcome.holds(1, 2).rejected(1, "message_bytes_max");
}

#[test]
fn an_mbox_with_a_line_of_100_mb_gives_the_next_one() {
    for start in ["x", "From ", ">>>>"] {
        let outcome = take_in("line.mbox", |out| {
            put(out, format!("{FROM_LINE}{MAIL}\r\n\r\n{start}"));
            repeat(out, vec![b'x'; MIB], 100);
            put(out, format!("\n\n{FROM_LINE}{}", mail(&report("next", 2))));
        });
        outcome.holds(1, 2).rejected(1, "message_bytes_max");
    }
}

#[test]
fn an_mbox_of_many_empty_messages_leaves_little_behind() {
    let outcome = take_in("many.mbox", |out| {
        put(out, format!("{FROM_LINE}{MAIL}\r\nx\r\n\r\n"));
        repeat(out, "From a 0: 2026\nA: b\n\n", 200_000);
    });
    outcome.is_ignored();
}

#[test]
fn a_bomb_in_every_part_is_met_in_every_part() {
    use std::fmt::Write as _;
    let bomb = Deflated::of(&[(head("part").as_bytes(), 1), (&vec![b' '; MIB], 64), (END.as_bytes(), 1)]).gzip();
    let base64 = base64(&bomb);
    let mut letter = format!("{MAIL}Content-Type: multipart/mixed; boundary=b\r\n\r\n");
    for _ in 0..120 {
        write!(
            letter,
            "--b\r\nContent-Type: application/gzip\r\nContent-Transfer-Encoding: base64\r\n\r\n{base64}\r\n"
        )
        .expect("memory");
    }
    take_in("bombs.eml", |out| put(out, letter)).is_rejected_by(&["ratio_max", "token_bytes_max", "output_bytes_max"]);
}

/// Base64 (RFC 4648) in one line.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len() / 3 * 4 + 4);
    for chunk in bytes.chunks(3) {
        let word = chunk.iter().chain([0, 0].iter()).take(3).fold(0_usize, |word, byte| word << 8 | usize::from(*byte));
        for place in 0..4 {
            let digit = if place <= chunk.len() { DIGITS[word >> (18 - 6 * place) & 63] } else { b'=' };
            text.push(char::from(digit));
        }
    }
    text
}
