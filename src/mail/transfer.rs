//! Transfer encodings that are declared wrongly, damaged, or not at all.

use std::borrow::Cow;

use mail_parser::decoders::base64::base64_decode;

/// How gzip and zip data begin in base64.
const ARCHIVE_STARTS: [&[u8]; 2] = [b"H4sI", b"UEsD"];

/// The bytes of a part whose encoding is not to be relied on.
///
/// A stray line before the data (some gateways write a second, bare header) is skipped; base64 is read up to where
/// it ends, without characters that don't belong; anything else is taken as it is.
pub(super) fn decode_leniently(raw: &[u8]) -> (Cow<'_, [u8]>, Option<&'static str>) {
    let text = raw.trim_ascii_start();
    let decoded = start_of_base64(text).and_then(|start| base64(text.get(start..).unwrap_or_default()));
    if let Some(bytes) = decoded {
        return (Cow::Owned(bytes), Some("base64 that is damaged, undeclared or behind a stray line"));
    }
    (Cow::Borrowed(raw), None)
}

/// The bytes that base64 stands for, whatever else is in it, also when it is cut off.
pub(super) fn base64(text: &[u8]) -> Option<Vec<u8>> {
    let mut digits: Vec<u8> = text.iter().copied().filter(|byte| is_digit(*byte)).collect();
    digits.truncate(digits.len() - usize::from(digits.len() % 4 == 1));
    digits.resize(digits.len().next_multiple_of(4), b'=');
    base64_decode(&digits)
}

/// Where an archive in base64 starts: at once, or behind the first empty line.
fn start_of_base64(text: &[u8]) -> Option<usize> {
    let starts_here =
        |at: usize| ARCHIVE_STARTS.iter().any(|start| text.get(at..).is_some_and(|rest| rest.starts_with(start)));
    if starts_here(0) {
        return Some(0);
    }
    let head = text.get(..4_096).unwrap_or(text);
    memchr::memchr_iter(b'\n', head).map(|end| end + 1).find(|at| starts_here(*at))
}

fn is_digit(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/')
}
