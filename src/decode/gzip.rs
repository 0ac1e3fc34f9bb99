//! gzip (RFC 1952): any number of members, and bytes behind the last that are none.

use std::io::{self, BufRead, Read};

use flate2::bufread::GzDecoder;

use super::{DecodeError, Walk};

/// Reads all gzip members as one stream.
pub(super) struct Members<R> {
    state: State<R>,
    /// Members that were begun.
    pub(super) members: u64,
    /// There are bytes behind the last member.
    pub(super) trailing_bytes: bool,
}

enum State<R> {
    Inside(Box<GzDecoder<R>>),
    Done,
}

impl<R: BufRead> Members<R> {
    pub(super) fn new(inner: R) -> Self {
        Self { state: State::Inside(Box::new(GzDecoder::new(inner))), members: 1, trailing_bytes: false }
    }

    /// At the end of a member: is there another?
    fn next_member(&mut self) -> io::Result<()> {
        let State::Inside(decoder) = std::mem::replace(&mut self.state, State::Done) else { return Ok(()) };
        let mut inner = decoder.into_inner();
        let behind = inner.fill_buf()?;
        if behind.starts_with(b"\x1f\x8b") {
            self.state = State::Inside(Box::new(GzDecoder::new(inner)));
            self.members += 1;
        } else {
            self.trailing_bytes = !behind.is_empty();
        }
        Ok(())
    }
}

impl<R: BufRead> Read for Members<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while let State::Inside(decoder) = &mut self.state {
            match decoder.read(out) {
                Ok(0) if !out.is_empty() => self.next_member()?,
                Ok(n) => return Ok(n),
                Err(error) => return Err(io::Error::other(damage(&error))),
            }
        }
        Ok(0)
    }
}

/// What flate2's error means; errors from further inside pass through.
fn damage(error: &io::Error) -> DecodeError {
    if error.get_ref().is_some_and(|inner| inner.is::<DecodeError>() || inner.is::<super::LimitHit>()) {
        return super::damage_of(error);
    }
    match error.kind() {
        io::ErrorKind::UnexpectedEof => DecodeError::GzipCut,
        io::ErrorKind::InvalidInput if error.to_string().contains("checksum") => DecodeError::GzipChecksum,
        _ => DecodeError::GzipDamaged,
    }
}

impl Walk<'_> {
    /// Looks into gzip data that is held whole.
    pub(super) fn gzip(&mut self, path: &str, bytes: &[u8], depth: u64, damage: Option<DecodeError>) {
        let start = bytes.iter().position(|byte| *byte == 0x1f).unwrap_or(0);
        let mut members = Members::new(bytes.get(start..).unwrap_or(bytes));
        if depth > 0 && self.members == 0 && !self.oddities.contains(&"an archive in an archive") && path != "" {
            self.oddities.push("an archive in an archive");
        }
        self.reader(path, &mut members, depth + 1, damage);
    }
}
