//! gzip (RFC 1952): any number of members, and bytes behind the last that are none.

use std::cell::{Cell, RefCell};
use std::io::{self, BufRead, Read};

use flate2::{Crc, Decompress, FlushDecompress, Status};

use super::{DecodeError, Inflating, Walk};

thread_local! {
    /// An inflater that nobody uses now: each has 48 KiB of tables, and most files are smaller than that. It inflates bare
    /// data (RFC 1951), since one that reads the frame too can't be used a second time.
    static SPARE: RefCell<Option<Decompress>> = const { RefCell::new(None) };
}

/// Bits of a member's flags that say what its header has behind the first ten bytes.
const HAS_CHECKSUM: u8 = 1 << 1;
const HAS_EXTRA: u8 = 1 << 2;
const HAS_NAME: u8 = 1 << 3;
const HAS_COMMENT: u8 = 1 << 4;
/// Bits that have to be zero.
const RESERVED: u8 = 0b1110_0000;

/// Reads all gzip members as one stream, and tells what was unusual about them.
pub(super) struct Members<'o, R> {
    inner: R,
    /// Inflates the member at hand; `None` behind the last.
    inflater: Option<Decompress>,
    /// Of what came out of the member at hand; `None` in front of its header.
    checksum: Option<Crc>,
    /// What the next read will say: bytes in front of a fault are handed on first.
    fault: Option<DecodeError>,
    oddity: &'o Cell<Option<&'static str>>,
}

impl<'o, R: BufRead> Members<'o, R> {
    pub(super) fn new(inner: R, oddity: &'o Cell<Option<&'static str>>) -> Self {
        let mut inflater = SPARE.with_borrow_mut(Option::take).unwrap_or_else(|| Decompress::new(false));
        inflater.reset(false);
        Self { inner, inflater: Some(inflater), checksum: None, fault: None, oddity }
    }

    /// Reads the header of a member (RFC 1952 section 2.3). Its own checksum, which hardly anybody writes, is not looked
    /// at: that of the content says more.
    fn header(&mut self) -> Result<(), DecodeError> {
        let [0x1f, 0x8b, 8, flags, ..] = self.take::<10>()? else { return Err(DecodeError::GzipDamaged) };
        if flags & RESERVED > 0 {
            return Err(DecodeError::GzipDamaged);
        }
        if flags & HAS_EXTRA > 0 {
            for _ in 0..u16::from_le_bytes(self.take()?) {
                self.take::<1>()?;
            }
        }
        for text in [HAS_NAME, HAS_COMMENT] {
            while flags & text > 0 && self.take()? != [0] {}
        }
        if flags & HAS_CHECKSUM > 0 {
            self.take::<2>()?;
        }
        Ok(())
    }

    /// At the end of a member: is it what was packed, and is there another?
    fn end_member(&mut self) -> Result<(), DecodeError> {
        let told = [self.take()?, self.take()?].map(u32::from_le_bytes);
        if self.checksum.take().is_none_or(|found| [found.sum(), found.amount()] != told) {
            return Err(DecodeError::GzipChecksum);
        }
        let behind = self.inner.fill_buf().map_err(|error| super::damage_of(&error))?;
        if behind.first() == Some(&0x1f) {
            self.oddity.set(Some("several gzip members after one another"));
            if let Some(inflater) = &mut self.inflater {
                inflater.reset(false);
            }
            return Ok(());
        }
        if !behind.is_empty() {
            self.oddity.set(Some("bytes behind the gzip data"));
        }
        self.spare();
        Ok(())
    }

    /// The next bytes.
    fn take<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        let mut taken = [0; N];
        match self.inner.read_exact(&mut taken) {
            Ok(()) => Ok(taken),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Err(DecodeError::GzipCut),
            Err(error) => Err(super::damage_of(&error)),
        }
    }

    /// Inflates what is at hand; gives the bytes that came out.
    fn inflate(&mut self, out: &mut [u8]) -> Result<usize, DecodeError> {
        if self.checksum.is_none() {
            self.header()?;
            self.checksum = Some(Crc::new());
        }
        let (Some(inflater), Some(checksum)) = (&mut self.inflater, &mut self.checksum) else { return Ok(0) };
        let input = self.inner.fill_buf().map_err(|error| super::damage_of(&error))?;
        let is_cut = input.is_empty();
        let (before_in, before_out) = (inflater.total_in(), inflater.total_out());
        let status = inflater.decompress(input, out, FlushDecompress::None);
        let taken = usize::try_from(inflater.total_in() - before_in).unwrap_or(usize::MAX);
        let given = usize::try_from(inflater.total_out() - before_out).unwrap_or(usize::MAX);
        self.inner.consume(taken);
        checksum.update(out.get(..given).unwrap_or_default());
        match status {
            Ok(Status::StreamEnd) => self.fault = self.end_member().err(),
            Ok(Status::Ok | Status::BufError) if given > 0 || taken > 0 => {}
            Ok(Status::Ok | Status::BufError) if is_cut => self.fault = Some(DecodeError::GzipCut),
            Ok(Status::Ok | Status::BufError) | Err(_) => self.fault = Some(DecodeError::GzipDamaged),
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
            let given = self.inflate(out).map_err(io::Error::other)?;
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
