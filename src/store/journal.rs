//! Copies what was committed from the journal into the store's file, while somebody else goes on writing.
//!
//! Before pages may be copied the journal has to be on the disk, and the file afterwards. Whoever writes much would wait
//! for the disk both times. Nothing depends on it: what is not copied here is copied when the store is closed.

use std::path::PathBuf;

use rusqlite::{Connection, OpenFlags};

use super::file::Store;

/// The journal of a store that is open.
#[derive(Clone, Debug)]
pub struct Journal {
    path: PathBuf,
}

impl Store {
    /// The store's journal.
    #[must_use]
    pub fn journal(&self) -> Journal {
        Journal { path: self.path.clone() }
    }
}

impl Journal {
    /// Copies what is committed by then each time that `told` says so, until it ends.
    pub fn copy_when_told(&self, told: impl IntoIterator<Item = ()>) {
        let mut connection = None;
        for () in told {
            let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            let open = || Connection::open_with_flags(&self.path, flags).ok();
            let Some(open) = connection.take().or_else(open) else { continue };
            // "Passive": waits for nobody, and nobody for it.
            let _copied = open.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
            connection = Some(open);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_committed_is_copied_while_the_store_is_open() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("s.db");
        let mut store = Store::open(&path).expect("a store");
        let size = || std::fs::metadata(&path).expect("a file").len();
        let before = size();
        store
            .connection_mut()
            .execute_batch("CREATE TABLE t (b); INSERT INTO t VALUES (zeroblob(1000000));")
            .expect("room");
        assert_eq!(size(), before, "it is in the journal");
        store.journal().copy_when_told([()]);
        assert!(size() > before + 1_000_000, "{} bytes", size());
        store.connection_mut().execute_batch("INSERT INTO t VALUES (2)").expect("writable");
    }
}
