//! What bytes are, by the bytes themselves.

/// The kinds of content that are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Nothing, or only white space.
    Empty,
    /// gzip (RFC 1952).
    Gzip,
    /// A zip archive, also with other bytes before it.
    Zip,
    /// Markup: a report, or some other XML or HTML.
    Xml,
    /// A JSON object: perhaps a TLS report (RFC 8460).
    Json,
    /// An internet message (RFC 5322).
    Mail,
    /// Messages after one another, each behind a `From ` line (RFC 4155).
    Mbox,
    /// None of these.
    Unknown,
}

/// Bytes at the start in which a mail's first header fields must show.
const MAIL_HEAD_BYTES: usize = 16 << 10;
/// Stray bytes that may stand before a report; what comes later in a text is quoted in it.
const PROSE_BYTES_MAX: usize = 256;
/// A zip's end record lies within its largest comment from the end.
const ZIP_TAIL_BYTES: usize = (64 << 10) + 22;

/// Says what `bytes` are. Only the first part of large content is needed.
#[must_use]
pub fn kind(bytes: &[u8]) -> Kind {
    if bytes.starts_with(b"\x1f\x8b") {
        return Kind::Gzip;
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return Kind::Zip;
    }
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    match text {
        [] => Kind::Empty,
        [b'<', ..] | [0xff, 0xfe, b'<', 0, ..] | [0xfe, 0xff, 0, b'<', ..] | [0, b'<', ..] => Kind::Xml,
        [b'{', ..] => Kind::Json,
        [0x1f, 0x8b, ..] => Kind::Gzip,
        _ if text.starts_with(b"From ") && is_mail(after_line(text)) => Kind::Mbox,
        _ if is_mail(text) => Kind::Mail,
        _ if has_zip_end(bytes) => Kind::Zip,
        _ if memchr::memmem::find(text.get(..PROSE_BYTES_MAX).unwrap_or(text), b"<feedback").is_some() => Kind::Xml,
        _ => Kind::Unknown,
    }
}

/// Starts with two header fields, the first perhaps folded.
fn is_mail(text: &[u8]) -> bool {
    let head = text.get(..MAIL_HEAD_BYTES).unwrap_or(text);
    let mut fields = 0;
    for line in head.split(|byte| *byte == b'\n') {
        let folded = fields > 0 && matches!(line, [b' ' | b'\t', ..]);
        if is_field(line) {
            fields += 1;
        } else if !folded {
            return false;
        }
        if fields == 2 {
            return true;
        }
    }
    false
}

/// `Name: …`
fn is_field(line: &[u8]) -> bool {
    let name = line.split(|byte| *byte == b':').next().unwrap_or_default();
    name.len() < line.len()
        && matches!(name, [first, ..] if first.is_ascii_alphabetic())
        && name.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// What follows the first line.
fn after_line(text: &[u8]) -> &[u8] {
    memchr::memchr(b'\n', text).and_then(|end| text.get(end + 1..)).unwrap_or_default()
}

/// Ends like a zip archive, so there is one with something before it.
fn has_zip_end(bytes: &[u8]) -> bool {
    let tail = bytes.get(bytes.len().saturating_sub(ZIP_TAIL_BYTES)..).unwrap_or(bytes);
    memchr::memmem::rfind(tail, b"PK\x05\x06").is_some() && memchr::memmem::find(bytes, b"PK\x03\x04").is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_is_told_by_its_bytes() {
        for (bytes, expected) in [
            (b"".as_slice(), Kind::Empty),
            (b" \r\n\t", Kind::Empty),
            (b"\x1f\x8b\x08\x00", Kind::Gzip),
            (b"PK\x03\x04 and so on", Kind::Zip),
            (b"junk PK\x03\x04 more PK\x05\x06 end", Kind::Zip),
            (b"\xef\xbb\xbf\n  <?xml version='1.0'?>", Kind::Xml),
            (b"\xff\xfe<\0?\0", Kind::Xml),
            (b"<\0?\0", Kind::Xml),
            (b"a word, then <feedback>", Kind::Xml),
            (b"{\"policies\": []}", Kind::Json),
            (b"From: a@example.com\r\nTo: b@example.com\r\n\r\n", Kind::Mail),
            (b"Received: from a\r\n\tby b\r\nSubject: x\r\n", Kind::Mail),
            (b"From MAILER-DAEMON Thu Jan  1 00:00:00 2026\nFrom: a@example.com\nTo: b@example.com\n\n", Kind::Mbox),
            (b"Note: this is prose.\nIt goes on.\n", Kind::Unknown),
            (b"unused", Kind::Unknown),
            (b"From here on, prose.\nMore: prose\n", Kind::Unknown),
        ] {
            assert_eq!(kind(bytes), expected, "{}", String::from_utf8_lossy(bytes));
        }
    }
}
