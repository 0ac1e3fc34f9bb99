//! gzip (RFC 1952): any number of members, and bytes behind the last that are none.

use std::cell::Cell;
use std::io::{self, BufRead, Read};

use flate2::bufread::GzDecoder;

use super::{DecodeError, Walk};

/// Reads all gzip members as one stream, and tells what was unusual about them.
pub(super) struct Members<'o, R> {
    /// The member at hand; `None` behind the last.
    decoder: Option<GzDecoder<R>>,
    oddity: &'o Cell<Option<&'static str>>,
}

impl<'o, R: BufRead> Members<'o, R> {
    pub(super) fn new(inner: R, oddity: &'o Cell<Option<&'static str>>) -> Self {
        Self { decoder: Some(GzDecoder::new(inner)), oddity }
    }

    /// At the end of a member: is there another?
    fn next_member(&mut self) -> io::Result<()> {
        let Some(decoder) = self.decoder.take() else { return Ok(()) };
        let mut inner = decoder.into_inner();
        let behind = inner.fill_buf()?;
        if behind.first() == Some(&0x1f) {
            self.decoder = Some(GzDecoder::new(inner));
            self.oddity.set(Some("several gzip members after one another"));
        } else if !behind.is_empty() {
            self.oddity.set(Some("bytes behind the gzip data"));
        }
        Ok(())
    }
}

impl<R: BufRead> Read for Members<'_, R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while let Some(decoder) = &mut self.decoder {
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
    if error.get_ref().is_some_and(|inner| inner.is::<DecodeError>() || inner.is::<crate::limits::LimitHit>()) {
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
        let oddity = Cell::new(None);
        let mut members = Members::new(bytes.get(start..).unwrap_or(bytes), &oddity);
        self.reader(path, &mut members, depth + 1, damage, &|| oddity.get());
    }
}
