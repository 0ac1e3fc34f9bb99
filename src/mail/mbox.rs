//! Messages out of an mbox (RFC 4155, mboxrd), one at a time, however long the file is.

use std::io::{self, BufRead};

/// One message of an mbox.
#[derive(Debug, PartialEq, Eq)]
pub enum Message {
    /// The message, `>From ` lines unquoted.
    Whole(Vec<u8>),
    /// A message over the limit, of which only the first part was kept.
    TooLong {
        /// The beginning: enough for its header.
        head: Vec<u8>,
        /// Its full length, in bytes.
        bytes: u64,
    },
}

/// Bytes that are kept of a message that is too long.
const HEAD_BYTES: usize = 64 << 10;
/// Longest line that can be a From_ line.
const FROM_LINE_BYTES_MAX: usize = 512;

/// Splits an mbox.
///
/// A line is a separator when it has the form of a From_ line with a time and a year, and stands first, behind an
/// empty line, or before a header field: some writers leave out the empty line, and bodies contain `From `.
#[derive(Debug)]
pub struct Reader<R> {
    inner: R,
    message_bytes_max: u64,
    /// The next line, read ahead.
    ahead: Vec<u8>,
    begun: bool,
}

impl<R: BufRead> Reader<R> {
    /// A reader of messages up to `message_bytes_max` bytes each.
    pub fn new(inner: R, message_bytes_max: u64) -> Self {
        Self { inner, message_bytes_max, ahead: Vec::new(), begun: false }
    }

    /// The next message; `None` at the end.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn next_message(&mut self) -> io::Result<Option<Message>> {
        if !self.begun {
            self.begun = true;
            self.read_line()?;
        }
        if is_from_line(&self.ahead) {
            self.read_line()?;
        }
        if self.ahead.is_empty() {
            return Ok(None);
        }
        let mut message = Vec::new();
        let mut bytes = 0_u64;
        loop {
            let line = std::mem::take(&mut self.ahead);
            bytes += u64::try_from(line.len()).unwrap_or(u64::MAX);
            if self.fits(bytes) {
                message.extend_from_slice(unquoted(&line));
            } else {
                message.truncate(HEAD_BYTES);
            }
            let after_blank = line.trim_ascii().is_empty();
            self.read_line()?;
            if self.ahead.is_empty() || (is_from_line(&self.ahead) && (after_blank || self.header_follows()?)) {
                break;
            }
        }
        Ok(Some(if self.fits(bytes) { Message::Whole(message) } else { Message::TooLong { head: message, bytes } }))
    }

    fn fits(&self, bytes: u64) -> bool {
        bytes <= self.message_bytes_max
    }

    /// Reads a line into `ahead`, or a piece of one that is very long; empty at the end.
    fn read_line(&mut self) -> io::Result<()> {
        self.ahead.clear();
        // A piece keeps one endless line from being held whole.
        let mut piece = io::Read::take(&mut self.inner, 1 << 20);
        piece.read_until(b'\n', &mut self.ahead)?;
        Ok(())
    }

    /// What is buffered behind the line ahead looks like a header field.
    fn header_follows(&mut self) -> io::Result<bool> {
        let next = self.inner.fill_buf()?;
        let line = next.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let name = line.split(|byte| *byte == b':').next().unwrap_or_default();
        Ok(!name.is_empty()
            && name.len() < line.len()
            && name.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-'))
    }
}

/// `From someone Thu Jan  1 00:00:00 2026`
fn is_from_line(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"From ").filter(|_| line.len() <= FROM_LINE_BYTES_MAX) else { return false };
    let mut words = rest.trim_ascii().split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    let _sender = words.next();
    let (mut has_time, mut has_year) = (false, false);
    for word in words {
        has_time |= word.contains(&b':') && word.iter().all(|byte| byte.is_ascii_digit() || *byte == b':');
        has_year |= word.len() == 4 && word.iter().all(u8::is_ascii_digit);
    }
    has_time && has_year
}

/// mboxrd: a line of `>`s and `From ` has one `>` too many.
fn unquoted(line: &[u8]) -> &[u8] {
    let quotes = line.iter().take_while(|byte| **byte == b'>').count();
    let is_quoted = quotes > 0 && line.get(quotes..).is_some_and(|rest| rest.starts_with(b"From "));
    if is_quoted { line.get(1..).unwrap_or(line) } else { line }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str, bytes_max: u64) -> Vec<Message> {
        let mut reader = Reader::new(text.as_bytes(), bytes_max);
        std::iter::from_fn(|| reader.next_message().expect("memory can be read")).collect()
    }

    #[test]
    fn messages_end_at_from_lines_and_quotes_are_taken_off() {
        let mbox = "From a Thu Jan  1 00:00:00 2026\nSubject: 1\n\n>From here\nFrom the heart, at last\n\n\
                    From b@example.com Fri Jan  2 10:00:00 2026 +0100\r\nSubject: 2\r\n\r\n>>From x\r\n\r\n";
        assert_eq!(
            split(mbox, 1_000),
            [
                Message::Whole(b"Subject: 1\n\nFrom here\nFrom the heart, at last\n\n".to_vec()),
                Message::Whole(b"Subject: 2\r\n\r\n>From x\r\n\r\n".to_vec()),
            ]
        );
    }

    #[test]
    fn a_missing_blank_line_is_survived() {
        let mbox = "From a Thu Jan  1 00:00:00 2026\nSubject: 1\n\nbody\nFrom b Thu Jan  1 00:00:00 2026\nSubject: 2\n\nbody\n";
        assert_eq!(split(mbox, 1_000).len(), 2);
    }

    #[test]
    fn a_message_may_be_as_long_as_the_limit_and_no_longer() {
        let message = "Subject: 1\n\nbody\n";
        let mbox = format!("From a Thu Jan  1 00:00:00 2026\n{message}");
        let bytes = u64::try_from(message.len()).expect("small");
        assert!(matches!(split(&mbox, bytes).as_slice(), [Message::Whole(_)]));
        assert!(matches!(split(&mbox, bytes - 1).as_slice(), [Message::TooLong { bytes: b, .. }] if *b == bytes));
    }
}
