//! Files of keys: read whole, written once and whole, for their owner alone.

use std::io::{Read as _, Write as _};
use std::path::Path;

use zeroize::Zeroizing;

use super::KeyError;
use crate::limits::Limits;

/// The bytes of a file of a key.
///
/// # Errors
/// When it can't be read, or is larger than a key.
pub fn read(path: &Path, limits: &Limits) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let failed = |source| KeyError::Read { path: path.to_owned(), source };
    let bytes_max = limits.key_file_bytes_max;
    let file = std::fs::File::open(path).map_err(failed)?;
    // Of its whole size from the start: a buffer that grows leaves copies behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(usize::try_from(bytes_max).unwrap_or(0).min(1 << 20) + 2));
    file.take(bytes_max.saturating_add(1)).read_to_end(&mut bytes).map_err(failed)?;
    let is_larger = u64::try_from(bytes.len()).unwrap_or(u64::MAX) > bytes_max;
    if is_larger { Err(KeyError::TooLarge { bytes_max }) } else { Ok(bytes) }
}

/// Writes a file that is not there yet, readable for its owner alone; it is there as a whole, or not at all. Folders
/// that are missing are made, for the owner alone too.
///
/// # Errors
/// When there is one already, or it can't be written.
pub fn create(path: &Path, text: &str) -> Result<(), KeyError> {
    let failed = |source| KeyError::Write { path: path.to_owned(), source };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    make_folder(folder).map_err(failed)?;
    // 0600 from the start.
    let mut file = tempfile::Builder::new().prefix(".key-").suffix(".new").tempfile_in(folder).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)?;
    file.as_file().sync_all().map_err(failed)?;
    file.persist_noclobber(path).map_err(|error| match error.error.kind() {
        std::io::ErrorKind::AlreadyExists => KeyError::Exists { path: path.to_owned() },
        _ => failed(error.error),
    })?;
    sync_folder(folder).map_err(failed)
}

/// Removes a file.
///
/// # Errors
/// When that fails; a file that is not there is removed.
pub fn remove(path: &Path) -> Result<(), KeyError> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(KeyError::Write { path: path.to_owned(), source: error })
        }
        _ => Ok(()),
    }
}

/// Others than the owner may read or change the file.
#[must_use]
pub fn is_open_to_others(path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::metadata(path).is_ok_and(|metadata| metadata.permissions().mode() & 0o077 != 0)
    }
    #[cfg(not(unix))]
    {
        let _unknown = path;
        false
    }
}

fn make_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(folder)
}

/// A new name in a folder outlives a power failure only when the folder is written too.
fn sync_folder(folder: &Path) -> std::io::Result<()> {
    if cfg!(unix) { std::fs::File::open(folder)?.sync_all() } else { Ok(()) }
}
