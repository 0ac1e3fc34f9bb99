//! zip archives: every member that may hold a report, whatever it is called.

use std::io::{BufReader, Cursor, Read};

use ::zip::ZipArchive;
use ::zip::result::ZipError;
use flate2::bufread::DeflateDecoder;

use super::{Content, DecodeError, Inflating, Kind, Walk};
use crate::limits::LimitHit;

/// Longest name that is shown, in characters.
const NAME_CHARACTERS_MAX: usize = 200;

impl Walk<'_> {
    /// Looks into a zip archive that is held whole.
    pub(super) fn zip(&mut self, path: &str, bytes: &[u8], depth: u64, damage: Option<&DecodeError>) {
        // Counted by signature, before anything is allocated for what the archive says of itself.
        let headers = memchr::memmem::find_iter(bytes, b"PK\x01\x02").take(bound(self.limits.members_max) + 1).count();
        if headers > bound(self.limits.members_max) {
            let hit = LimitHit { name: "members_max", bound: self.limits.members_max };
            return self.leaf(path, Kind::Unknown, Content::Whole(&[]), depth, Some(hit.into()));
        }
        if !bytes.starts_with(b"PK") {
            self.oddities.push("bytes before the zip archive");
        }
        match ZipArchive::new(Cursor::new(bytes)) {
            Ok(mut archive) => self.zip_members(path, &mut archive, depth, damage),
            Err(_) if bytes.starts_with(b"PK\x03\x04") => self.cut_zip(path, bytes, depth),
            Err(error) => self.leaf(path, Kind::Unknown, Content::Whole(&[]), depth, Some(damage_of(&error))),
        }
    }

    fn zip_members(
        &mut self,
        path: &str,
        archive: &mut ZipArchive<Cursor<&[u8]>>,
        depth: u64,
        damage: Option<&DecodeError>,
    ) {
        for index in 0..archive.len() {
            if self.members >= self.limits.members_max {
                let hit = LimitHit { name: "members_max", bound: self.limits.members_max };
                return self.leaf(path, Kind::Unknown, Content::Whole(&[]), depth, Some(hit.into()));
            }
            if self.spending.check().is_err() {
                // Said once, where it happened.
                return;
            }
            let member = match archive.by_index(index) {
                Ok(member) => member,
                Err(error) => {
                    self.leaf(path, Kind::Unknown, Content::Whole(&[]), depth, Some(damage_of(&error)));
                    continue;
                }
            };
            let name: String = String::from_utf8_lossy(member.name_raw()).chars().take(NAME_CHARACTERS_MAX).collect();
            let is_file =
                !member.is_dir() && !member.is_symlink() && !name.ends_with('/') && !name.starts_with("__MACOSX/");
            if is_file {
                let inner = if path.is_empty() { name } else { format!("{path}/{name}") };
                let told_bytes = super::believed(member.size(), member.compressed_size());
                let inflating = Inflating { reader: &mut Checked(member), told_bytes, oddity: &|| None };
                self.reader(&inner, inflating, depth + 1, damage.cloned());
            }
        }
    }

    /// An archive without its end: what the first member's own header leads to, and never as whole.
    fn cut_zip(&mut self, path: &str, bytes: &[u8], depth: u64) {
        let length = |at: usize| match bytes.get(at..at + 2) {
            Some([low, high]) => usize::from(u16::from_le_bytes([*low, *high])),
            _ => 0,
        };
        let data = bytes.get(30 + length(26) + length(28)..).unwrap_or_default();
        let is_deflated = length(8) == 8;
        if is_deflated {
            let mut reader = Cut(DeflateDecoder::new(BufReader::new(data)));
            let inflating = Inflating { reader: &mut reader, told_bytes: 0, oddity: &|| None };
            self.reader(path, inflating, depth + 1, Some(DecodeError::ZipCut));
        } else {
            self.bytes(path, data, depth + 1, Some(DecodeError::ZipCut));
        }
    }
}

/// A limit as a count of things in memory.
fn bound(limit: u64) -> usize {
    usize::try_from(limit).unwrap_or(usize::MAX - 1)
}

/// What the zip reader's refusal means.
fn damage_of(error: &ZipError) -> DecodeError {
    match error {
        ZipError::Io(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => DecodeError::ZipCut,
        error => DecodeError::ZipDamaged { detail: error.to_string() },
    }
}

/// A member's reader whose errors say what they mean.
struct Checked<R>(R);

impl<R: Read> Read for Checked<R> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        self.0.read(out).map_err(|error| {
            let text = error.to_string();
            let damage = if error.kind() == std::io::ErrorKind::UnexpectedEof {
                DecodeError::ZipCut
            } else if text.to_ascii_lowercase().contains("checksum") {
                DecodeError::ZipChecksum
            } else {
                DecodeError::ZipDamaged { detail: text }
            };
            std::io::Error::other(damage)
        })
    }
}

/// Reads deflated data up to where it can't be followed, and ends there.
struct Cut<R>(R);

impl<R: Read> Read for Cut<R> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        Ok(self.0.read(out).unwrap_or(0))
    }
}
