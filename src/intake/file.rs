//! Files, folders, mboxes, Maildirs and standard input.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;

use super::{Delivery, Intake, Received};
use crate::decode::{Kind, sniff};
use crate::limits::{LimitHit, Limits};
use crate::mail::mbox;

/// Bytes of a file that decide what it is.
const HEAD_BYTES: usize = 64 << 10;
/// Plain documents from here on are compressed while they are read, so that nothing holds them whole; bytes.
const PLAIN_BYTES_MAX: u64 = 4 << 20;

/// One input that could not be read.
#[derive(Debug, thiserror::Error)]
#[error("could not read {path}")]
pub struct FileError {
    /// The file or folder.
    pub path: String,
    /// Why.
    #[source]
    pub source: io::Error,
}

/// An mbox that is being read.
struct OpenMbox {
    path: String,
    /// Messages given so far.
    given: u64,
    reader: mbox::Reader<Box<dyn BufRead + Send>>,
}

/// Deliveries out of files and folders, in the order of the paths given, folders sorted by name.
pub struct Files {
    limits: Limits,
    paths: std::vec::IntoIter<PathBuf>,
    folder: Option<walkdir::IntoIter>,
    open_mbox: Option<OpenMbox>,
    /// The file that the last delivery is; none where it is one message of many.
    at: Option<PathBuf>,
}

impl std::fmt::Debug for Files {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Files({:?})", self.paths)
    }
}

impl Files {
    /// Deliveries out of `paths`; `-` is standard input.
    #[must_use]
    pub fn new(paths: Vec<PathBuf>, limits: Limits) -> Self {
        Self { limits, paths: paths.into_iter(), folder: None, open_mbox: None, at: None }
    }

    /// The file that the last delivery is; none where it is one message of many.
    pub(super) fn at(&self) -> Option<&Path> {
        self.at.as_deref()
    }

    /// The next file of the folder at hand, or the next path.
    fn next_file(&mut self) -> Option<Result<PathBuf, FileError>> {
        loop {
            if let Some(folder) = &mut self.folder {
                match folder.next() {
                    Some(Ok(entry)) if entry.file_type().is_file() => return Some(Ok(entry.into_path())),
                    // Mail that Maildir writers have not finished yet.
                    Some(Ok(entry)) if entry.file_name() == "tmp" && is_maildir(entry.path()) => {
                        folder.skip_current_dir();
                    }
                    Some(Ok(_)) => {}
                    // A link that leads back up: everything in there is met on the way down already.
                    Some(Err(error)) if error.loop_ancestor().is_some() => {}
                    Some(Err(error)) => {
                        let path =
                            error.path().map_or_else(|| "a folder".to_owned(), |path| path.display().to_string());
                        return Some(Err(FileError { path, source: error.into() }));
                    }
                    None => self.folder = None,
                }
                continue;
            }
            let path = self.paths.next()?;
            if path.is_dir() {
                // In one folder the order of paths is that of names, which would be cut out of paths for each comparison.
                let by_path = |one: &walkdir::DirEntry, other: &walkdir::DirEntry| {
                    one.path().as_os_str().cmp(other.path().as_os_str())
                };
                self.folder = Some(walkdir::WalkDir::new(path).follow_links(true).sort_by(by_path).into_iter());
            } else {
                return Some(Ok(path));
            }
        }
    }

    /// Opens a file and says what it delivers; an mbox delivers message by message.
    fn open(&mut self, path: &Path) -> io::Result<Option<Delivery>> {
        let origin = path.display().to_string();
        let (inner, size): (Box<dyn Read + Send>, Option<u64>) = if path == Path::new("-") {
            (Box::new(io::stdin()), None)
        } else {
            let file = File::open(path)?;
            let size = file.metadata()?.len();
            (Box::new(file), Some(size))
        };
        let mut head =
            Vec::with_capacity(HEAD_BYTES.min(
                size.and_then(|size| usize::try_from(size).ok()).map_or(HEAD_BYTES, |size| size.saturating_add(1)),
            ));
        let mut reader = inner;
        (&mut reader).take(to_u64(HEAD_BYTES)).read_to_end(&mut head)?;
        match sniff::kind(&head) {
            Kind::Mbox => {
                let all: Box<dyn BufRead + Send> =
                    Box::new(BufReader::with_capacity(256 << 10, io::Cursor::new(head).chain(reader)));
                let reader = mbox::Reader::new(all, self.limits.message_bytes_max);
                self.open_mbox = Some(OpenMbox { path: origin, given: 0, reader });
                Ok(None)
            }
            Kind::Xml if size.is_none_or(|size| size > PLAIN_BYTES_MAX) => self.packed(origin, head, reader).map(Some),
            kind => {
                let (name, bound) = match kind {
                    Kind::Mail => ("message_bytes_max", self.limits.message_bytes_max),
                    _ => ("input_bytes_max", self.limits.input_bytes_max),
                };
                whole(origin, head, reader, size, LimitHit { name, bound }).map(Some)
            }
        }
    }

    /// A large plain document, compressed as it is read.
    fn packed(&self, origin: String, head: Vec<u8>, reader: Box<dyn Read + Send>) -> io::Result<Delivery> {
        let hit = LimitHit { name: "output_bytes_max", bound: self.limits.output_bytes_max };
        let mut all = io::Cursor::new(head).chain(reader).take(hit.bound.saturating_add(1));
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        let size_bytes = io::copy(&mut all, &mut encoder)?;
        let bytes = encoder.finish()?;
        let is_too_large = size_bytes > hit.bound || to_u64(bytes.len()) > self.limits.input_bytes_max;
        let content = if is_too_large { Received::TooLarge(hit) } else { Received::Bytes(bytes) };
        Ok(Delivery { name: name_of(&origin), origin, size_bytes, content, receipt: None, envelope: None })
    }

    /// The next message of the mbox at hand.
    fn next_message(&mut self) -> Option<Result<Delivery, FileError>> {
        let open = self.open_mbox.as_mut()?;
        open.given += 1;
        let origin = format!("{}#{}", open.path, open.given);
        let (content, size_bytes) = match open.reader.next_message() {
            Ok(Some(mbox::Message::Whole(bytes))) => {
                let size = to_u64(bytes.len());
                (Received::Bytes(bytes), size)
            }
            Ok(Some(mbox::Message::TooLong { bytes, .. })) => (
                Received::TooLarge(LimitHit { name: "message_bytes_max", bound: self.limits.message_bytes_max }),
                bytes,
            ),
            Ok(None) => {
                self.open_mbox = None;
                return None;
            }
            Err(source) => {
                let error = FileError { path: open.path.clone(), source };
                self.open_mbox = None;
                return Some(Err(error));
            }
        };
        Some(Ok(Delivery { origin, name: String::new(), size_bytes, content, receipt: None, envelope: None }))
    }
}

impl Intake for Files {
    fn next(&mut self) -> Option<Result<Delivery, FileError>> {
        self.at = None;
        loop {
            if let Some(message) = self.next_message() {
                return Some(message);
            }
            let path = match self.next_file()? {
                Ok(path) => path,
                Err(error) => return Some(Err(error)),
            };
            match self.open(&path) {
                Ok(Some(delivery)) => {
                    self.at = Some(path);
                    return Some(Ok(delivery));
                }
                Ok(None) => {}
                Err(source) => return Some(Err(FileError { path: path.display().to_string(), source })),
            }
        }
    }
}

/// Reads the rest of a file, unless it is larger than the bound.
fn whole(
    origin: String,
    head: Vec<u8>,
    reader: Box<dyn Read + Send>,
    size: Option<u64>,
    hit: LimitHit,
) -> io::Result<Delivery> {
    let name = name_of(&origin);
    if let Some(size_bytes) = size.filter(|size| *size > hit.bound) {
        return Ok(Delivery {
            origin,
            name,
            size_bytes,
            content: Received::TooLarge(hit),
            receipt: None,
            envelope: None,
        });
    }
    let mut bytes = head;
    bytes.reserve_exact(
        size.and_then(|size| usize::try_from(size).ok()).map_or(0, |size| (size + 1).saturating_sub(bytes.len())),
    );
    let room = hit.bound.saturating_add(1).saturating_sub(to_u64(bytes.len()));
    reader.take(room).read_to_end(&mut bytes)?;
    let size_bytes = to_u64(bytes.len());
    let content = if size_bytes > hit.bound { Received::TooLarge(hit) } else { Received::Bytes(bytes) };
    Ok(Delivery { origin, name, size_bytes, content, receipt: None, envelope: None })
}

/// `cur`, `new` and `tmp` side by side.
fn is_maildir(tmp: &Path) -> bool {
    tmp.parent().is_some_and(|folder| folder.join("cur").is_dir() && folder.join("new").is_dir())
}

fn name_of(origin: &str) -> String {
    Path::new(origin).file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn to_u64(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}
