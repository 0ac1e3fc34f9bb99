//! What can go wrong with a store.

use std::path::PathBuf;

use crate::words::{Said, said};

/// A failure of the store. Nothing of the transaction that failed is kept.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file can't be opened or made.
    #[error("could not open the store {path}")]
    Open {
        /// The store's file.
        path: PathBuf,
        /// Why.
        #[source]
        source: rusqlite::Error,
    },
    /// A folder for the store can't be made, or its file not be protected.
    #[error("could not prepare the store {path}")]
    Prepare {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Another process holds the store.
    #[error("the store is busy: another process is writing ({doing})")]
    Busy {
        /// What was being done.
        doing: &'static str,
    },
    /// The disk is full.
    #[error("the disk is full ({doing}); everything that was committed before is safe")]
    Full {
        /// What was being done.
        doing: &'static str,
    },
    /// The store can't be written.
    #[error("the store can only be read ({doing})")]
    ReadOnly {
        /// What was being done.
        doing: &'static str,
    },
    /// Anything else that SQLite refuses.
    #[error("could not {doing}")]
    Sql {
        /// What was being done.
        doing: &'static str,
        /// Why.
        #[source]
        source: rusqlite::Error,
    },
    /// The file is something else.
    #[error("the store's file is no database ({doing})")]
    NoDatabase {
        /// What was being done.
        doing: &'static str,
    },
    /// Packed data that can't be followed.
    #[error("the store is damaged: {what} can't be read; `ruascope store rebuild` makes it again")]
    Damaged {
        /// Which data.
        what: String,
    },
    /// Something that can't be made again is kept in another form.
    #[error("{what} is kept in a form that can't be read")]
    Unreadable {
        /// What.
        what: String,
    },
    /// On a disk that can't be written, a store that was not closed can't be read as a whole.
    #[error("the store {path} has a journal beside it that can't be read on this disk")]
    Journal {
        /// The store's file.
        path: PathBuf,
    },
    /// Written by a later version.
    #[error("the store was written by a later version of ruascope (form {found}, known up to {known})")]
    TooNew {
        /// Form of the store.
        found: u32,
        /// Newest form that this version knows.
        known: u32,
    },
    /// Written by an earlier version, where nothing can be written to bring it to today's form.
    #[error(
        "the store {path} was written by an earlier version of ruascope (form {found} of {known}), and can't be written to"
    )]
    TooOld {
        /// The store's file.
        path: PathBuf,
        /// Form of the store.
        found: u32,
        /// The form that this version needs.
        known: u32,
    },
    /// Raw bytes are needed, and are not kept.
    #[error("{count} reports were stored without raw bytes (keep_raw = false), and can't be made again")]
    NoRaw {
        /// How many.
        count: u64,
    },
    /// More than can be looked at at once.
    #[error("{domain} has more than {limit} different observations in this period (limits.observations_max)")]
    TooMany {
        /// The domain.
        domain: String,
        /// The bound.
        limit: u64,
    },
    /// There is no such row.
    #[error("there is no {kind} {id}")]
    NoSuch {
        /// Kind of row.
        kind: &'static str,
        /// Its id.
        id: i64,
    },
}

impl StoreError {
    /// The error as a sentence in either language; `Display` is its English.
    #[must_use]
    pub fn said(&self) -> Said {
        match self {
            Self::Open { path, .. } => said!("store-open", path = path.display().to_string()),
            Self::Prepare { path, .. } => said!("store-prepare", path = path.display().to_string()),
            Self::Busy { doing } => said!("store-busy", doing = doing),
            Self::Full { doing } => said!("store-full", doing = doing),
            Self::ReadOnly { doing } => said!("store-read-only", doing = doing),
            Self::Sql { doing, .. } => said!("store-sql", doing = doing),
            Self::NoDatabase { doing } => said!("store-no-database", doing = doing),
            Self::Damaged { what } => said!("store-damaged", what = what),
            Self::Unreadable { what } => said!("store-unreadable", what = what),
            Self::Journal { path } => said!("store-journal", path = path.display().to_string()),
            Self::TooNew { found, known } => said!("store-too-new", found = found, known = known),
            Self::TooOld { path, found, known } => {
                said!("store-too-old", path = path.display().to_string(), found = found, known = known)
            }
            Self::NoRaw { count } => said!("store-no-raw", count = count),
            Self::TooMany { domain, limit } => said!("store-too-many", domain = domain, limit = limit),
            Self::NoSuch { kind, id } => said!("store-no-such", kind = kind, id = id),
        }
    }
}

/// Says what was being done when SQLite failed.
pub(super) trait While<T> {
    /// `doing` completes "could not …".
    fn during(self, doing: &'static str) -> Result<T, StoreError>;
}

impl<T> While<T> for Result<T, rusqlite::Error> {
    fn during(self, doing: &'static str) -> Result<T, StoreError> {
        use rusqlite::ErrorCode::{CannotOpen, DatabaseBusy, DatabaseLocked, DiskFull, NotADatabase, ReadOnly};
        self.map_err(|source| match source.sqlite_error_code() {
            Some(DatabaseBusy | DatabaseLocked) => StoreError::Busy { doing },
            Some(DiskFull) => StoreError::Full { doing },
            _ if lacks_shared_memory(&source) => StoreError::Full { doing },
            Some(NotADatabase) => StoreError::NoDatabase { doing },
            Some(ReadOnly | CannotOpen) => StoreError::ReadOnly { doing },
            _ => StoreError::Sql { doing, source },
        })
    }
}

/// No room for the file that processes share beside the journal (`SQLITE_IOERR_SHMSIZE`, `SQLITE_IOERR_SHMOPEN`).
fn lacks_shared_memory(error: &rusqlite::Error) -> bool {
    error.sqlite_error().is_some_and(|error| matches!(error.extended_code, 4874 | 4618))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sentence_of_an_error_is_what_it_displays() {
        let (path, what) = (PathBuf::from("a.db"), "a row".to_owned());
        let errors = [
            StoreError::Open { path: path.clone(), source: rusqlite::Error::InvalidQuery },
            StoreError::Prepare { path: path.clone(), source: std::io::ErrorKind::NotFound.into() },
            StoreError::Busy { doing: "write" },
            StoreError::Full { doing: "write" },
            StoreError::ReadOnly { doing: "write" },
            StoreError::Sql { doing: "write", source: rusqlite::Error::InvalidQuery },
            StoreError::NoDatabase { doing: "write" },
            StoreError::Damaged { what: what.clone() },
            StoreError::Unreadable { what },
            StoreError::Journal { path },
            StoreError::TooNew { found: 9, known: 8 },
            StoreError::TooOld { path: PathBuf::from("a.db"), found: 1, known: 2 },
            StoreError::NoRaw { count: 3 },
            StoreError::TooMany { domain: "example.com".to_owned(), limit: 5 },
            StoreError::NoSuch { kind: "report", id: 7 },
        ];
        for error in errors {
            assert_eq!(error.said(), error.to_string());
        }
    }
}
