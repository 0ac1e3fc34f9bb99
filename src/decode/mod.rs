//! Archive bytes to the documents in them, bounded.
//!
//! *Takes* bytes as received. *Gives* every document in them, through any nesting of gzip and zip, decided by
//! magic bytes and never by a name. *Bounds*: depth, members, bytes out, bytes out for a byte in. *Never* writes by
//! a member's name, believes a declared size, or gives damaged bytes without saying so.

mod gzip;
pub mod sniff;
mod zip;

use std::cell::Cell;
use std::io::{BufRead, BufReader, Cursor, Read};

pub use self::sniff::Kind;
use crate::limits::{LimitHit, Limits, RATIO_FREE_BYTES, STREAM_BYTES_MIN};

/// The content of a document: small ones whole, large ones as a stream.
pub enum Content<'a> {
    /// All bytes.
    Whole(&'a [u8]),
    /// Read once. Damage that shows up on the way is an error of the reader.
    Stream(Box<dyn BufRead + 'a>),
}

impl std::fmt::Debug for Content<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Whole(bytes) => write!(f, "Whole({} bytes)", bytes.len()),
            Self::Stream(_) => f.write_str("Stream"),
        }
    }
}

/// A document that was found.
#[derive(Debug)]
pub struct Member<'a> {
    /// Names of the members that lead to it, for people: `reports.zip/a.xml`. A stranger's text.
    pub path: &'a str,
    /// What it is by its bytes; never an archive.
    pub kind: Kind,
    /// Its bytes.
    pub content: Content<'a>,
    /// Archives around it.
    pub depth: u64,
    /// The bytes are damaged or cut off: what there is may be used only with that said.
    pub damage: Option<DecodeError>,
    /// What was unusual about the way it was packed.
    pub oddities: &'a [&'static str],
}

/// Why bytes can't be unpacked, or not to their end.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// A limit was hit.
    #[error(transparent)]
    Limit(#[from] LimitHit),
    /// The gzip data ends in the middle.
    #[error("gzip: the data is cut off")]
    GzipCut,
    /// The checksum at the end of the gzip data is another.
    #[error("gzip: wrong checksum")]
    GzipChecksum,
    /// The gzip data can't be followed.
    #[error("gzip: damaged data")]
    GzipDamaged,
    /// The zip archive ends in the middle.
    #[error("zip: the archive is cut off")]
    ZipCut,
    /// The checksum of a zip member is another.
    #[error("zip: wrong checksum")]
    ZipChecksum,
    /// The zip archive can't be followed, or uses something that no reporter uses.
    #[error("zip: {detail}")]
    ZipDamaged {
        /// What the zip reader says.
        detail: String,
    },
}

/// Finds all documents in `bytes`, which lie `depth` archives or mails deep already.
pub fn members(bytes: &[u8], depth: u64, limits: &Limits, visit: &mut dyn FnMut(Member<'_>)) {
    let bytes_in = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    let spending = Spending { bytes_out: Cell::new(0), bytes_in, limits };
    let mut walk = Walk { limits, visit, spending: &spending, members: 0, archives: 0, oddities: Vec::new() };
    walk.bytes("", bytes, depth, None);
}

/// One input being unpacked.
struct Walk<'w> {
    limits: &'w Limits,
    visit: &'w mut dyn FnMut(Member<'_>),
    spending: &'w Spending<'w>,
    members: u64,
    /// Archives around the bytes at hand.
    archives: u64,
    oddities: Vec<&'static str>,
}

impl Walk<'_> {
    /// Looks into bytes that are held whole.
    fn bytes(&mut self, path: &str, bytes: &[u8], depth: u64, damage: Option<DecodeError>) {
        let kind = sniff::kind(bytes);
        let oddities = self.oddities.len();
        match kind {
            Kind::Gzip | Kind::Zip if depth >= self.limits.depth_max => {
                let hit = LimitHit { name: "depth_max", bound: self.limits.depth_max };
                self.leaf(path, Kind::Unknown, Content::Whole(&[]), depth, Some(hit.into()));
            }
            Kind::Gzip | Kind::Zip => {
                if self.archives > 0 {
                    self.oddities.push("an archive inside an archive");
                }
                self.archives += 1;
                match kind {
                    Kind::Gzip => self.gzip(path, bytes, depth, damage),
                    _ => self.zip(path, bytes, depth, damage.as_ref()),
                }
                self.archives -= 1;
            }
            _ => self.leaf(path, kind, Content::Whole(bytes), depth, damage),
        }
        self.oddities.truncate(oddities);
    }

    fn leaf(&mut self, path: &str, kind: Kind, content: Content<'_>, depth: u64, damage: Option<DecodeError>) {
        self.members += 1;
        (self.visit)(Member { path, kind, content, depth, damage, oddities: &self.oddities });
    }

    /// Looks into what a decompressor gives: whole when it is small, as a stream when it is not.
    fn reader(&mut self, path: &str, inflating: Inflating<'_>, depth: u64, damage: Option<DecodeError>) {
        let Inflating { reader, told_bytes, oddity } = inflating;
        let mut head = SPARE.take();
        head.reserve(told_bytes.min(STREAM_BYTES_MIN));
        let mut reader = Bounded { inner: reader, spending: self.spending };
        let threshold = u64::try_from(STREAM_BYTES_MIN).unwrap_or(u64::MAX);
        let outcome = (&mut reader).take(threshold).read_to_end(&mut head);
        if let Err(error) = outcome {
            let damage = damage.or_else(|| Some(damage_of(&error)));
            self.bytes(path, &head, depth, damage);
            return spare(head);
        }
        if head.len() < STREAM_BYTES_MIN {
            self.oddities.extend(oddity());
            self.bytes(path, &head, depth, damage);
            return spare(head);
        }
        match sniff::kind(&head) {
            Kind::Gzip if depth < self.limits.depth_max => {
                let oddity = Cell::new(None);
                let mut inner = gzip::Members::new(BufReader::new(Cursor::new(head).chain(reader)), &oddity);
                let inflating = Inflating { reader: &mut inner, told_bytes: 0, oddity: &|| oddity.get() };
                self.reader(path, inflating, depth + 1, damage);
            }
            // These need all their bytes; they are bounded like an input.
            Kind::Gzip | Kind::Zip | Kind::Mail | Kind::Mbox => self.hold(path, head, &mut reader, depth),
            kind => {
                let stream = BufReader::with_capacity(64 << 10, Cursor::new(head).chain(reader));
                self.members += 1;
                let oddities = self.oddities.clone();
                let content = Content::Stream(Box::new(stream));
                (self.visit)(Member { path, kind, content, depth, damage, oddities: &oddities });
            }
        }
    }

    /// Reads the rest of a nested archive or mail into memory.
    fn hold(&mut self, path: &str, mut head: Vec<u8>, reader: &mut dyn Read, depth: u64) {
        let room = self.limits.input_bytes_max.saturating_sub(u64::try_from(head.len()).unwrap_or(u64::MAX));
        let outcome = reader.take(room.saturating_add(1)).read_to_end(&mut head);
        let too_long = u64::try_from(head.len()).unwrap_or(u64::MAX) > self.limits.input_bytes_max;
        if too_long {
            let hit = LimitHit { name: "input_bytes_max", bound: self.limits.input_bytes_max };
            return self.leaf(path, Kind::Unknown, Content::Whole(&[]), depth, Some(hit.into()));
        }
        self.bytes(path, &head, depth, outcome.err().map(|error| damage_of(&error)));
    }
}

thread_local! {
    /// Room for a document that nobody uses now: made anew for each file, it would cost more than many a file does.
    static SPARE: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// More room than this is not kept, in bytes.
const SPARE_BYTES_MAX: usize = 256 << 10;

/// Leaves room to the next document.
fn spare(mut room: Vec<u8>) {
    if room.capacity() <= SPARE_BYTES_MAX {
        room.clear();
        SPARE.set(room);
    }
}

/// What a decompressor gives.
struct Inflating<'r> {
    reader: &'r mut dyn Read,
    /// A hint at how much comes; 0 when there is none.
    told_bytes: usize,
    /// Tells at the end of a small document what was unusual about it.
    oddity: &'r dyn Fn() -> Option<&'static str>,
}

/// What came out of one input so far, at all levels of archives in archives, and what may.
struct Spending<'l> {
    bytes_out: Cell<u64>,
    bytes_in: u64,
    limits: &'l Limits,
}

impl Spending<'_> {
    /// Counts bytes that came out; an error when they are too many.
    fn spend(&self, bytes: usize) -> Result<(), LimitHit> {
        let bytes_out = self.bytes_out.get().saturating_add(u64::try_from(bytes).unwrap_or(u64::MAX));
        self.bytes_out.set(bytes_out);
        self.check()
    }

    fn check(&self) -> Result<(), LimitHit> {
        let (most, ratio_max) = (self.limits.output_bytes_max, self.limits.ratio_max);
        if self.bytes_out.get() > most {
            return Err(LimitHit { name: "output_bytes_max", bound: most });
        }
        if self.bytes_out.get() > self.bytes_in.saturating_mul(ratio_max).max(RATIO_FREE_BYTES) {
            return Err(LimitHit { name: "ratio_max", bound: ratio_max });
        }
        Ok(())
    }
}

/// A reader that stops at the bounds on what may come out of one input.
struct Bounded<'s, R> {
    inner: R,
    spending: &'s Spending<'s>,
}

impl<R: Read> Read for Bounded<'_, R> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let n = self.inner.read(out)?;
        self.spending.spend(n).map_err(std::io::Error::other)?;
        Ok(n)
    }
}

/// A packed byte becomes seldom more than so many; a larger size that a file tells is not believed.
const RATIO_BELIEVED: u64 = 64;

/// A size that a file tells of its content, where it can be: a hint, never a promise.
fn believed(told_bytes: u64, packed_bytes: u64) -> usize {
    let told_bytes = Some(told_bytes).filter(|told| *told <= packed_bytes.saturating_mul(RATIO_BELIEVED));
    told_bytes.and_then(|told| usize::try_from(told).ok()).unwrap_or(0)
}

/// What an error of a decompressing reader means.
#[must_use]
pub fn damage_of(error: &std::io::Error) -> DecodeError {
    let inner = error.get_ref();
    if let Some(hit) = inner.and_then(|inner| inner.downcast_ref::<LimitHit>()) {
        return DecodeError::Limit(*hit);
    }
    if let Some(damage) = inner.and_then(|inner| inner.downcast_ref::<DecodeError>()) {
        return damage.clone();
    }
    DecodeError::GzipDamaged
}

#[cfg(test)]
mod tests;
