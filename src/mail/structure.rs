//! Counts what a message is made of, before anything is built from it.
//!
//! The library that opens messages builds a list of every header field and part that it meets, also of messages that
//! are encoded inside others. So those are decoded here first and counted too.

use mail_parser::decoders::quoted_printable::quoted_printable_decode;

use super::transfer;
use crate::limits::{LimitHit, Limits};

/// Pairs of dashes that a mail may have for each part that it may have: texts and comments contain some.
const DASHES_FOR_A_PART: u64 = 20;
/// Encoded messages inside one another that are opened.
const ENCODED_DEPTH_MAX: u32 = 4;

/// Counts over all levels of one message.
#[derive(Default)]
struct Counts {
    header_lines: u64,
    header_bytes: u64,
    boundaries: u64,
    dashes: u64,
}

/// What the header of the part at hand says of its body.
#[derive(Clone, Copy, Default)]
struct Body {
    is_message: bool,
    encoding: Option<Encoding>,
}

#[derive(Clone, Copy)]
enum Encoding {
    Base64,
    QuotedPrintable,
}

/// Holds that a message is within the limits on header lines, header bytes and parts.
pub(super) fn check(bytes: &[u8], limits: &Limits) -> Result<(), LimitHit> {
    Counts::default().add(bytes, limits, 0)
}

impl Counts {
    fn add(&mut self, bytes: &[u8], limits: &Limits, depth: u32) -> Result<(), LimitHit> {
        let may_be_multipart = contains(bytes, b"boundary");
        let mut body = Some(Body::default());
        let mut start = 0;
        for end in memchr::memchr_iter(b'\n', bytes).chain([bytes.len()]) {
            let line = bytes.get(start..end).unwrap_or_default();
            start = end + 1;
            if line.starts_with(b"--") {
                self.boundaries += 1;
                body = Some(Body::default());
            } else if let Some(header) = &mut body {
                self.header_lines += 1;
                self.header_bytes += u64::try_from(line.len()).unwrap_or(u64::MAX);
                header.read(line);
                if line.trim_ascii_end().is_empty() {
                    let Body { is_message, encoding } = *header;
                    // A message that is not encoded begins with a header of its own.
                    body = (is_message && encoding.is_none()).then(Body::default);
                    if let (true, Some(encoding)) = (is_message && depth < ENCODED_DEPTH_MAX, encoding) {
                        self.add_encoded(bytes.get(start..).unwrap_or_default(), encoding, limits, depth)?;
                    }
                }
            }
            if may_be_multipart {
                // Boundaries are also found inside lines, though nobody means them there.
                self.dashes += u64::try_from(memchr::memmem::find_iter(line, b"--").count()).unwrap_or(u64::MAX);
            }
            self.check(limits)?;
        }
        Ok(())
    }

    /// Counts a message in base64 or quoted-printable, which ends at the next boundary.
    fn add_encoded(&mut self, rest: &[u8], encoding: Encoding, limits: &Limits, depth: u32) -> Result<(), LimitHit> {
        let end = memchr::memmem::find(rest, b"\n--").unwrap_or(rest.len());
        let encoded = rest.get(..end).unwrap_or_default();
        let decoded = match encoding {
            Encoding::Base64 => transfer::base64(encoded),
            Encoding::QuotedPrintable => quoted_printable_decode(encoded),
        };
        decoded.map_or(Ok(()), |message| self.add(&message, limits, depth + 1))
    }

    fn check(&self, limits: &Limits) -> Result<(), LimitHit> {
        for (name, found, bound, most) in [
            ("header_lines_max", self.header_lines, limits.header_lines_max, limits.header_lines_max),
            ("header_bytes_max", self.header_bytes, limits.header_bytes_max, limits.header_bytes_max),
            // Each part has one boundary before it, each multipart one at its end.
            ("parts_max", self.boundaries, limits.parts_max, limits.parts_max.saturating_mul(2)),
            ("parts_max", self.dashes, limits.parts_max, limits.parts_max.saturating_mul(DASHES_FOR_A_PART)),
        ] {
            if found > most {
                return Err(LimitHit { name, bound });
            }
        }
        Ok(())
    }
}

impl Body {
    /// Takes what a header line says; where it stands in the header does not matter here.
    fn read(&mut self, line: &[u8]) {
        self.is_message |= contains(line, b"message/");
        if contains(line, b"base64") {
            self.encoding = Some(Encoding::Base64);
        } else if contains(line, b"quoted-printable") {
            self.encoding = Some(Encoding::QuotedPrintable);
        }
    }
}

/// `word`, in lower case, stands somewhere in `bytes` in any letters.
fn contains(bytes: &[u8], word: &[u8]) -> bool {
    let Some(first) = word.first() else { return true };
    let here = |at: usize| bytes.get(at..at + word.len()).is_some_and(|found| found.eq_ignore_ascii_case(word));
    memchr::memchr2_iter(*first, first.to_ascii_uppercase(), bytes).any(here)
}
