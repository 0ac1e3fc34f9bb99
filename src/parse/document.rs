//! A document's bytes as UTF-8, whatever encoding they came in.
//!
//! *Takes* bytes or a stream. *Gives* UTF-8. *Bounds*: one token at a time where the document is a stream.
//! *Never* drops a byte: what doesn't fit the encoding is read as windows-1252, and noted.

use std::borrow::Cow;
use std::io::{self, BufRead, Read};

use encoding_rs::{Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::limits::LimitHit;
use crate::model::NoteKind;

/// Bytes that are looked at to find the encoding.
const PROLOG_BYTES: usize = 512;
/// Bytes that are read and converted at once.
const CHUNK_BYTES: usize = 64 << 10;

/// Finds the encoding of a document from its first bytes: byte order mark, pattern of zero bytes, declaration.
///
/// A declared UTF-16 without zero bytes is UTF-8 written by a program that believed otherwise.
fn encoding_of(prolog: &[u8]) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(prolog) {
        return encoding;
    }
    match prolog {
        [0, b'<', ..] => return UTF_16BE,
        [b'<', 0, ..] => return UTF_16LE,
        _ => {}
    }
    let declared = declared_label(prolog).and_then(Encoding::for_label);
    declared.filter(|encoding| *encoding != UTF_16LE && *encoding != UTF_16BE).unwrap_or(UTF_8)
}

/// The value of `encoding=` in an XML declaration.
fn declared_label(prolog: &[u8]) -> Option<&[u8]> {
    let start = prolog.iter().position(|byte| !byte.is_ascii_whitespace())?;
    let declaration = prolog.get(start..)?.strip_prefix(b"<?xml")?;
    let end = memchr::memchr(b'>', declaration)?;
    let declaration = declaration.get(..end)?;
    let at = memchr::memmem::find(declaration, b"encoding")? + b"encoding".len();
    let mut parts = declaration.get(at..)?.splitn(3, |byte| matches!(byte, b'"' | b'\''));
    parts.next()?;
    parts.next()
}

/// The document as it is, where it is UTF-8 already.
#[must_use]
pub fn as_utf8(bytes: &[u8]) -> Option<&str> {
    let encoding = encoding_of(bytes.get(..PROLOG_BYTES).unwrap_or(bytes));
    let text = std::str::from_utf8(bytes).ok().filter(|_| encoding == UTF_8)?;
    Some(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// The document as UTF-8 text, and a note where it was none.
#[must_use]
pub fn to_utf8(bytes: &[u8]) -> (Cow<'_, str>, Option<NoteKind>) {
    if let Some(text) = as_utf8(bytes) {
        return (Cow::Borrowed(text), None);
    }
    let mut text = String::with_capacity(bytes.len());
    let mut reader = Utf8Reader::new(bytes, u64::MAX);
    // Reading from memory without a bound on tokens can't fail.
    let _complete = reader.read_to_string(&mut text);
    (Cow::Owned(text), reader.note)
}

/// Converts a stream to UTF-8, and bounds the bytes that are taken from it for one token.
pub(super) struct Utf8Reader<R> {
    inner: R,
    conversion: Option<Conversion>,
    buffer: Vec<u8>,
    position: usize,
    /// Bytes of a character that the last chunk cut.
    carry: Vec<u8>,
    /// Bytes at the front of `inner` that are known to be whole UTF-8 and are handed on without a copy.
    direct: usize,
    at_end: bool,
    /// What was found out about the encoding so far.
    pub(super) note: Option<NoteKind>,
    token_bytes_max: u64,
    token_bytes: u64,
}

/// How bytes become UTF-8.
enum Conversion {
    /// They are, mostly; the rest is windows-1252.
    Utf8,
    /// They are in another encoding.
    Other(Box<Decoder>),
}

impl<R: BufRead> Utf8Reader<R> {
    /// A converter that takes at most `token_bytes_max` bytes between two calls of [`Self::next_token`].
    pub(super) fn new(inner: R, token_bytes_max: u64) -> Self {
        Self {
            inner,
            conversion: None,
            buffer: Vec::new(),
            position: 0,
            carry: Vec::new(),
            direct: 0,
            at_end: false,
            note: None,
            token_bytes_max,
            token_bytes: 0,
        }
    }

    /// A new token starts here.
    pub(super) fn next_token(&mut self) {
        self.token_bytes = 0;
    }

    /// Reads the next chunk and converts it into `self.buffer`, or finds that it can be handed on as it is.
    fn refill(&mut self) -> io::Result<()> {
        self.buffer.clear();
        self.position = 0;
        while self.buffer.is_empty() && self.direct == 0 && !self.at_end {
            if self.carry.is_empty() && matches!(self.conversion, Some(Conversion::Utf8)) {
                let chunk = self.inner.fill_buf()?;
                self.direct = std::str::from_utf8(chunk).map_or_else(|error| error.valid_up_to(), str::len);
                if self.direct > 0 {
                    break;
                }
            }
            self.convert_chunk()?;
        }
        Ok(())
    }

    fn convert_chunk(&mut self) -> io::Result<()> {
        let mut chunk = std::mem::take(&mut self.carry);
        let wanted = u64::try_from(CHUNK_BYTES).unwrap_or(u64::MAX);
        let got = (&mut self.inner).take(wanted).read_to_end(&mut chunk)?;
        self.at_end = got == 0;
        if self.conversion.is_none() {
            self.conversion = Some(self.choose(&chunk));
            if let Some(rest) = chunk.strip_prefix(b"\xef\xbb\xbf") {
                chunk = rest.to_vec();
            }
        }
        match &mut self.conversion {
            Some(Conversion::Other(decoder)) => {
                let needed = decoder.max_utf8_buffer_length(chunk.len()).unwrap_or(chunk.len() * 3 + 16);
                let mut text = String::with_capacity(needed);
                let _converted = decoder.decode_to_string(&chunk, &mut text, self.at_end);
                self.buffer = text.into_bytes();
            }
            _ => self.mend_utf8(&chunk),
        }
        Ok(())
    }

    /// Decides on the conversion by the first chunk.
    fn choose(&mut self, chunk: &[u8]) -> Conversion {
        let encoding = encoding_of(chunk.get(..PROLOG_BYTES).unwrap_or(chunk));
        if encoding == UTF_8 {
            return Conversion::Utf8;
        }
        self.note = Some(NoteKind::Encoding(encoding.name()));
        Conversion::Other(Box::new(encoding.new_decoder_with_bom_removal()))
    }

    /// Copies a chunk of UTF-8; bytes that are none are taken as windows-1252.
    fn mend_utf8(&mut self, chunk: &[u8]) {
        let mut left = chunk.len();
        for piece in chunk.utf8_chunks() {
            self.buffer.extend_from_slice(piece.valid().as_bytes());
            let invalid = piece.invalid();
            left -= piece.valid().len() + invalid.len();
            let may_go_on = left == 0 && !self.at_end && invalid.len() < 4 && starts_character(invalid);
            if may_go_on {
                self.carry = invalid.to_vec();
            } else if !invalid.is_empty() {
                self.note = Some(NoteKind::UndeclaredEncoding);
                let (text, _) = WINDOWS_1252.decode_without_bom_handling(invalid);
                self.buffer.extend_from_slice(text.as_bytes());
            }
        }
    }
}

/// The bytes are the beginning of a longer UTF-8 sequence.
fn starts_character(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_err_and(|error| error.error_len().is_none())
}

impl<R: BufRead> Read for Utf8Reader<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let n = available.len().min(out.len());
        if let (Some(to), Some(from)) = (out.get_mut(..n), available.get(..n)) {
            to.copy_from_slice(from);
        }
        self.consume(n);
        Ok(n)
    }
}

impl<R: BufRead> BufRead for Utf8Reader<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.token_bytes > self.token_bytes_max {
            return Err(io::Error::other(LimitHit { name: "token_bytes_max", bound: self.token_bytes_max }));
        }
        if self.position >= self.buffer.len() && self.direct == 0 {
            self.refill()?;
        }
        if self.direct > 0 {
            return self.inner.fill_buf().map(|chunk| chunk.get(..self.direct).unwrap_or(chunk));
        }
        Ok(self.buffer.get(self.position..).unwrap_or_default())
    }

    fn consume(&mut self, n: usize) {
        if self.direct > 0 {
            self.direct = self.direct.saturating_sub(n);
            self.inner.consume(n);
        } else {
            self.position += n;
        }
        self.token_bytes = self.token_bytes.saturating_add(u64::try_from(n).unwrap_or(u64::MAX));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Text and note, as if the document came in chunks of one byte.
    fn in_single_bytes(bytes: &[u8]) -> (String, Option<NoteKind>) {
        struct Dripping<'a>(&'a [u8]);
        impl Read for Dripping<'_> {
            fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
                let n = self.0.len().min(out.len()).min(1);
                out[..n].copy_from_slice(&self.0[..n]);
                self.0 = &self.0[n..];
                Ok(n)
            }
        }
        let mut reader = Utf8Reader::new(io::BufReader::with_capacity(1, Dripping(bytes)), u64::MAX);
        let mut text = String::new();
        reader.read_to_string(&mut text).expect("memory can be read");
        (text, reader.note)
    }

    #[test]
    fn every_encoding_becomes_the_same_text() {
        let text = "<?xml version='1.0'?><feedback>Sueño 集計</feedback>";
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let with_bom = [b"\xff\xfe".as_slice(), &utf16].concat();
        let utf8_bom = [b"\xef\xbb\xbf".as_slice(), text.as_bytes()].concat();
        for bytes in [text.as_bytes(), &utf16, &with_bom, &utf8_bom] {
            assert_eq!(to_utf8(bytes).0, text);
            assert_eq!(in_single_bytes(bytes).0, text);
        }
        assert_eq!(to_utf8(text.as_bytes()).1, None);
        assert_eq!(to_utf8(&utf16).1, Some(NoteKind::Encoding("UTF-16LE")));
    }

    #[test]
    fn a_declared_encoding_is_used() {
        let bytes = b"<?xml version=\"1.0\" encoding='iso-8859-1'?><a>Sue\xf1o</a>";
        let (text, note) = to_utf8(bytes);
        assert!(text.contains("Sueño"), "{text}");
        assert_eq!(note, Some(NoteKind::Encoding("windows-1252")));
    }

    #[test]
    fn utf16_that_is_only_declared_is_utf8() {
        let (text, note) = to_utf8("<?xml version=\"1.0\" encoding=\"utf-16\"?><a>é</a>".as_bytes());
        assert!(text.contains('é') && note.is_none());
    }

    #[test]
    fn bytes_that_do_not_fit_are_read_as_windows_1252_beside_true_utf8() {
        let bytes = b"<a>Sue\xf1o caf\xc3\xa9 \xe2\x82</a>";
        for (text, note) in [(to_utf8(bytes).0.into_owned(), to_utf8(bytes).1), in_single_bytes(bytes)] {
            assert_eq!(text, "<a>Sueño café â‚</a>");
            assert_eq!(note, Some(NoteKind::UndeclaredEncoding));
        }
    }

    #[test]
    fn a_token_may_be_as_long_as_the_limit_and_no_longer() {
        let document = vec![b'x'; CHUNK_BYTES * 4];
        let most = u64::try_from(document.len()).expect("small");
        assert!(Utf8Reader::new(document.as_slice(), most).read_to_end(&mut Vec::new()).is_ok());
        assert!(Utf8Reader::new(document.as_slice(), most - 1).read_to_end(&mut Vec::new()).is_err());
    }
}
