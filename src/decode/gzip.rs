//! gzip (RFC 1952): any number of members, and bytes behind the last that are none.

use std::cell::{Cell, RefCell};
use std::io::{self, BufRead, Read};

use flate2::{Decompress, FlushDecompress, Status};

use super::{DecodeError, Inflating, Walk};

/// Bits of the largest window that there is.
const WINDOW_BITS: u8 = 15;

thread_local! {
    /// An inflater that nobody uses now: each has 48 KiB of tables, and most files are smaller than that.
    static SPARE: RefCell<Option<Decompress>> = const { RefCell::new(None) };
}

/// Reads all gzip members as one stream, and tells what was unusual about them.
pub(super) struct Members<'o, R> {
    inner: R,
    /// Inflates the member at hand; `None` behind the last.
    inflater: Option<Decompress>,
    /// What the next read will say: bytes in front of a fault are handed on first.
    fault: Option<DecodeError>,
    oddity: &'o Cell<Option<&'static str>>,
}

impl<'o, R: BufRead> Members<'o, R> {
    pub(super) fn new(inner: R, oddity: &'o Cell<Option<&'static str>>) -> Self {
        let mut inflater = SPARE.with_borrow_mut(Option::take).unwrap_or_else(|| Decompress::new_gzip(WINDOW_BITS));
        inflater.reset(true);
        Self { inner, inflater: Some(inflater), fault: None, oddity }
    }

    /// At the end of a member: is there another?
    fn next_member(&mut self) -> io::Result<()> {
        let behind = self.inner.fill_buf()?;
        if behind.first() == Some(&0x1f) {
            self.oddity.set(Some("several gzip members after one another"));
            if let Some(inflater) = &mut self.inflater {
                inflater.reset(true);
            }
            return Ok(());
        }
        if !behind.is_empty() {
            self.oddity.set(Some("bytes behind the gzip data"));
        }
        self.spare();
        Ok(())
    }

    /// Inflates what is at hand; gives the bytes that came out.
    fn inflate(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let Some(inflater) = &mut self.inflater else { return Ok(0) };
        let input = self.inner.fill_buf()?;
        let is_cut = input.is_empty();
        let (before_in, before_out) = (inflater.total_in(), inflater.total_out());
        let status = inflater.decompress(input, out, FlushDecompress::None);
        let taken = usize::try_from(inflater.total_in() - before_in).unwrap_or(usize::MAX);
        let given = usize::try_from(inflater.total_out() - before_out).unwrap_or(usize::MAX);
        self.inner.consume(taken);
        match status {
            Ok(Status::StreamEnd) => self.fault = self.next_member().err().map(|error| super::damage_of(&error)),
            Ok(Status::Ok | Status::BufError) if given > 0 || taken > 0 => {}
            Ok(Status::Ok | Status::BufError) if is_cut => self.fault = Some(DecodeError::GzipCut),
            Ok(Status::Ok | Status::BufError) => self.fault = Some(DecodeError::GzipDamaged),
            Err(error) => {
                let is_checksum = error.message().is_some_and(|message| message.ends_with("check"));
                self.fault = Some(if is_checksum { DecodeError::GzipChecksum } else { DecodeError::GzipDamaged });
            }
        }
        Ok(given)
    }
}

impl<R> Members<'_, R> {
    /// Leaves the inflater to the next file.
    fn spare(&mut self) {
        if let Some(inflater) = self.inflater.take() {
            SPARE.with_borrow_mut(|spare| *spare = Some(inflater));
        }
    }
}

impl<R> Drop for Members<'_, R> {
    fn drop(&mut self) {
        self.spare();
    }
}

impl<R: BufRead> Read for Members<'_, R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.inflater.is_some() && !out.is_empty() {
            if let Some(fault) = self.fault.clone() {
                return Err(io::Error::other(fault));
            }
            let given = self.inflate(out).map_err(|error| io::Error::other(super::damage_of(&error)))?;
            if given > 0 {
                return Ok(given);
            }
        }
        Ok(0)
    }
}

impl Walk<'_> {
    /// Looks into gzip data that is held whole.
    pub(super) fn gzip(&mut self, path: &str, bytes: &[u8], depth: u64, damage: Option<DecodeError>) {
        let start = bytes.iter().position(|byte| *byte == 0x1f).unwrap_or(0);
        let oddity = Cell::new(None);
        let mut members = Members::new(bytes.get(start..).unwrap_or(bytes), &oddity);
        let inflating = Inflating { reader: &mut members, told_bytes: told_bytes(bytes), oddity: &|| oddity.get() };
        self.reader(path, inflating, depth + 1, damage);
    }
}

/// The size of the document as the end of the data tells it: that of the last member, modulo 2^32.
fn told_bytes(bytes: &[u8]) -> usize {
    let told = bytes.last_chunk().map_or(0, |size| u32::from_le_bytes(*size));
    super::believed(u64::from(told), u64::try_from(bytes.len()).unwrap_or(u64::MAX))
}
