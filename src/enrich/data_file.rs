#![expect(clippy::disallowed_methods, reason = "the owner's files are opened here")]
//! Files that somebody else makes and the owner downloads.

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use crate::limits::Limits;

/// What is wrong with such a file. Questions go on without it.
#[derive(Debug, thiserror::Error)]
pub enum DataFileError {
    /// It is not there, or not for us.
    #[error("could not read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// It is over `limits.data_file_bytes_max`.
    #[error("{} is over the limit data_file_bytes_max = {bound}", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The bound.
        bound: u64,
    },
    /// It is no database in the MMDB format.
    #[error("{} is no database in the MMDB format: {why}", path.display())]
    NoDatabase {
        /// The file.
        path: PathBuf,
        /// What the reader says.
        why: String,
    },
    /// It has not the columns.
    #[error("{} has no columns base_reverse_dns and name", path.display())]
    NoColumns {
        /// The file.
        path: PathBuf,
    },
    /// Rows that say nothing usable.
    #[error("{}: {rows} rows can't be used, the first in line {first}", path.display())]
    BadRows {
        /// The file.
        path: PathBuf,
        /// How many.
        rows: u64,
        /// Line of the first one.
        first: u64,
    },
    /// It has more than `limits.names_rows_max` rows.
    #[error("{} is over the limit names_rows_max = {bound}: what comes behind is left out", path.display())]
    TooManyRows {
        /// The file.
        path: PathBuf,
        /// The bound.
        bound: u64,
    },
}

/// The bytes of a file.
pub(super) fn read(path: &Path, limits: &Limits) -> Result<Vec<u8>, DataFileError> {
    let fail = |source| DataFileError::Read { path: path.to_owned(), source };
    let (bound, mut bytes) = (limits.data_file_bytes_max, Vec::new());
    let file = std::fs::File::open(path).map_err(fail)?;
    file.take(bound.saturating_add(1)).read_to_end(&mut bytes).map_err(fail)?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > bound {
        return Err(DataFileError::TooLarge { path: path.to_owned(), bound });
    }
    Ok(bytes)
}
