//! Opening a store: its file, its settings, its form.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

use super::error::{StoreError, While};
use super::source_pages;
use super::words::Words;

/// Scripts that bring an older store to today's form; only ever appended to.
const MIGRATIONS: [&str; 8] = [
    include_str!("migrations/0001_reports.sql"),
    include_str!("migrations/0002_checkpoints.sql"),
    include_str!("migrations/0003_published.sql"),
    include_str!("migrations/0004_reverse_names.sql"),
    include_str!("migrations/0005_digests.sql"),
    include_str!("migrations/0006_alarms_and_notes.sql"),
    include_str!("migrations/0007_proofs.sql"),
    include_str!("migrations/0008_source_pages.sql"),
];
/// How long to wait for another process that writes.
const BUSY_TIMEOUT: Duration = Duration::from_mins(1);
/// Pages of a new store, in bytes: half as many to write as with the usual ones, which packed records and days fill anyway.
const PAGE_BYTES: u32 = 8 << 10;
/// How long to wait before asking again where `SQLite` does not wait by itself.
const BUSY_PAUSE: Duration = Duration::from_millis(10);

/// How much of the file a store holds in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// 16 MiB: questions, and many files at once.
    Usual,
    /// 4 MiB: it fills early, and what takes in mails for months, with a store for each mailbox, never grows.
    Little,
}

impl Held {
    /// As `SQLite` counts: pages, or with a minus KiB.
    fn cache_size(self) -> i32 {
        match self {
            Self::Usual => -(16 << 10),
            Self::Little => -(4 << 10),
        }
    }
}

/// Does `inside` while little of the file is held in memory: rows as large as an input may be are, for a moment, there three
/// times.
pub(super) fn holding_little<T>(
    connection: &Connection,
    inside: impl FnOnce() -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let before: i32 =
        connection.pragma_query_value(None, "cache_size", |row| row.get(0)).during("read how much is held")?;
    connection.pragma_update(None, "cache_size", Held::Little.cache_size()).during("hold less")?;
    let done = inside();
    connection.pragma_update(None, "cache_size", before).during("hold as much as before")?;
    done
}

/// An open store.
pub struct Store {
    pub(super) connection: Connection,
    pub(super) words: Words,
    pub(super) path: PathBuf,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Store({})", self.path.display())
    }
}

impl Store {
    /// Opens the store at `path`, makes it when there is none, and brings an older one to today's form.
    ///
    /// # Errors
    /// When the file can't be made, opened or read, or is of a later version.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder)
                .map_err(|source| StoreError::Prepare { path: folder.to_owned(), source })?;
        }
        if path.is_dir() {
            let source = std::io::Error::from(std::io::ErrorKind::IsADirectory);
            return Err(StoreError::Prepare { path: path.to_owned(), source });
        }
        let is_new = !path.exists();
        let opened = Connection::open(path).map_err(|source| StoreError::Open { path: path.to_owned(), source })?;
        if is_new {
            protect(path)?;
        }
        Self::prepare(opened, path)
    }

    /// Opens an existing store for questions only; a store that does not exist answers like an empty one.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_to_read(path: &Path) -> Result<Self, StoreError> {
        if !path.exists() {
            let empty = Connection::open_in_memory().during("open an empty store")?;
            return Self::prepare(empty, path);
        }
        let writable = Self::open(path);
        if !matches!(
            writable,
            Err(StoreError::ReadOnly { .. }
                | StoreError::Full { .. }
                | StoreError::Open { .. }
                | StoreError::Sql { .. })
        ) {
            return writable;
        }
        Self::open_as_it_is(path)
    }

    /// Opens a store on read-only media: nothing can be changed, so it has to have today's form.
    fn open_as_it_is(path: &Path) -> Result<Self, StoreError> {
        // No journal can be made beside it, so the file is taken as it is, unless it has
        // a journal already: then the file alone is not all that was committed.
        let mut journal = path.as_os_str().to_owned();
        journal.push("-wal");
        if std::fs::metadata(&journal).is_ok_and(|journal| journal.len() > 0) {
            return Err(StoreError::Journal { path: path.to_owned() });
        }
        let url = format!("file:{}?immutable=1", path.display());
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(url, flags)
            .map_err(|source| StoreError::Open { path: path.to_owned(), source })?;
        let store = Self { connection, words: Words::default(), path: path.to_owned() };
        let (found, known) = (store.form()?, u32::try_from(MIGRATIONS.len()).unwrap_or(u32::MAX));
        match found.cmp(&known) {
            std::cmp::Ordering::Less => Err(StoreError::TooOld { path: path.to_owned(), found, known }),
            std::cmp::Ordering::Equal => Ok(store),
            std::cmp::Ordering::Greater => Err(StoreError::TooNew { found, known }),
        }
    }

    /// Reads from one state of the store until the value is dropped, locked once and not for each statement. `None`
    /// inside a transaction whose end failed: that is one state already.
    pub(super) fn look(&self) -> Result<Option<Transaction<'_>>, StoreError> {
        if !self.connection.is_autocommit() {
            return Ok(None);
        }
        self.connection.unchecked_transaction().map(Some).during("begin to read")
    }

    fn prepare(connection: Connection, path: &Path) -> Result<Self, StoreError> {
        connection.busy_timeout(BUSY_TIMEOUT).during("set the time to wait for other processes")?;
        // WAL: readers never wait. NORMAL: a power failure may undo the last batches, never tear one.
        connection.pragma_update(None, "page_size", PAGE_BYTES).during("set up the store")?;
        use_journal(&connection)?;
        connection
            .execute_batch(
                "PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;
                 PRAGMA temp_store = MEMORY; PRAGMA journal_size_limit = 67108864; PRAGMA wal_autocheckpoint = 4000;",
            )
            .during("set up the store")?;
        let mut store = Self { connection, words: Words::default(), path: path.to_owned() };
        store.hold(Held::Usual)?;
        store.migrate()?;
        Ok(store)
    }

    /// From now on holds so much of the file in memory.
    ///
    /// # Errors
    /// When the store refuses.
    pub fn hold(&mut self, held: Held) -> Result<(), StoreError> {
        self.connection.pragma_update(None, "cache_size", held.cache_size()).during("set up the store")
    }

    fn migrate(&mut self) -> Result<(), StoreError> {
        let known = u32::try_from(MIGRATIONS.len()).unwrap_or(u32::MAX);
        if self.form()? == known {
            return Ok(());
        }
        let transaction = begin(&mut self.connection, "bring the store to today's form")?;
        // Asked again inside the transaction: another process may have done it meanwhile.
        let form: u32 =
            transaction.pragma_query_value(None, "user_version", |row| row.get(0)).during("read the store's form")?;
        if form > known {
            return Err(StoreError::TooNew { found: form, known });
        }
        for (number, script) in (1..).zip(MIGRATIONS).filter(|(number, _)| *number > form) {
            transaction.execute_batch(script).during("bring the store to today's form")?;
            transaction.pragma_update(None, "user_version", number).during("bring the store to today's form")?;
        }
        source_pages::extend(&transaction)?;
        transaction.commit().during("bring the store to today's form")
    }

    /// SQLite itself, for tests that make its n-th step fail.
    #[doc(hidden)]
    pub fn connection_mut(&mut self) -> &mut Connection {
        &mut self.connection
    }

    /// The store's file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// Turns write-ahead logging on. While another process does the same to a new file, `SQLite` says "busy" at once,
/// without the time to wait that was set: so the waiting is done here.
fn use_journal(connection: &Connection) -> Result<(), StoreError> {
    let deadline = Instant::now() + BUSY_TIMEOUT;
    loop {
        let set = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get::<_, String>(0));
        match set.during("set up the store") {
            Err(StoreError::Busy { .. }) if Instant::now() < deadline => std::thread::sleep(BUSY_PAUSE),
            other => return other.map(drop),
        }
    }
}

/// Begins a transaction that writes. One whose beginning failed half-way is undone first.
pub(super) fn begin<'c>(connection: &'c mut Connection, doing: &'static str) -> Result<Transaction<'c>, StoreError> {
    if !connection.is_autocommit() {
        connection.execute_batch("ROLLBACK").during(doing)?;
    }
    connection.transaction_with_behavior(TransactionBehavior::Immediate).during(doing)
}

/// Reports are nobody else's business: 0600.
pub(super) fn protect(path: &Path) -> Result<(), StoreError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::Permissions::from_mode(0o600);
        std::fs::set_permissions(path, mode).map_err(|source| StoreError::Prepare { path: path.to_owned(), source })?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Checkpoint;

    #[test]
    fn a_store_of_the_first_form_is_brought_to_todays() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("s.db");
        let old = Connection::open(&path).expect("a file");
        old.execute_batch(include_str!("migrations/0001_reports.sql")).expect("the first form");
        old.pragma_update(None, "user_version", 1).expect("writable");
        old.close().expect("closed");
        let mut store = Store::open(&path).expect("an older store opens");
        assert_eq!(usize::try_from(store.form().expect("readable")), Ok(MIGRATIONS.len()));
        let reached = Checkpoint { uid_validity: 1, uid_last: 7, since_day: 0, unseen_only: false };
        store.set_checkpoint("a@h", "INBOX", reached).expect("what came with the second form is there");
        assert_eq!(store.checkpoint("a@h", "INBOX").expect("readable"), Some(reached));
    }

    #[test]
    fn an_older_store_is_brought_to_todays_form_by_reading_and_says_so_where_it_cant_be_written() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("s.db");
        let old = Connection::open(&path).expect("a file");
        old.execute_batch(include_str!("migrations/0001_reports.sql")).expect("the first form");
        old.pragma_update(None, "user_version", 1).expect("writable");
        old.close().expect("closed");
        let refused = Store::open_as_it_is(&path).expect_err("it has no table of what came later");
        assert!(matches!(refused, StoreError::TooOld { found: 1, .. }), "{refused}");
        let store = Store::open_to_read(&path).expect("reading brings it to today's form");
        assert_eq!(store.owner_notes(None).expect("a table of a later form"), []);
        drop(store);
        Store::open_as_it_is(&path).expect("now it is of today's form");
    }
}
