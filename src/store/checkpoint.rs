//! How far the folders of mailboxes were read.

use rusqlite::{OptionalExtension as _, params};

use super::error::{StoreError, While};
use super::file::Store;

/// How far a folder was read, and what was left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Of the folder at that time.
    pub uid_validity: u32,
    /// All mails up to this one were stored and acted on, or left out.
    pub uid_last: u32,
    /// Older mails were left out; days since 1970-01-01 UTC, 0 when none were.
    pub since_day: i64,
    /// Mails that somebody had read were left out.
    pub unseen_only: bool,
}

impl Checkpoint {
    /// The first mail that still has to be looked at, when the folder now looks like `now`: everything, if the server
    /// has numbered anew or less is to be left out than before.
    #[must_use]
    pub fn next_uid(self, now: Self) -> u32 {
        let is_narrower = self.since_day > now.since_day || (self.unseen_only && !now.unseen_only);
        if self.uid_validity != now.uid_validity || is_narrower { 1 } else { self.uid_last.saturating_add(1) }
    }
}

impl Store {
    /// From now on each commit lasts also through a power failure. Whoever removes mails behind a commit needs that; it
    /// costs a wait for the disk each time.
    ///
    /// # Errors
    /// When the store refuses.
    pub fn sync_each_commit(&mut self) -> Result<(), StoreError> {
        self.connection.pragma_update(None, "synchronous", "FULL").during("set up the store")
    }

    /// How far a folder was read; `None` when never.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn checkpoint(&self, account: &str, folder: &str) -> Result<Option<Checkpoint>, StoreError> {
        let doing = "read how far a mailbox was read";
        let mut find = self
            .connection
            .prepare_cached(
                "SELECT uid_validity, uid_last, since_day, unseen_only FROM checkpoint WHERE account = ? AND folder = ?",
            )
            .during(doing)?;
        let found = find.query_row([account, folder], |row| {
            Ok(Checkpoint {
                uid_validity: row.get(0)?,
                uid_last: row.get(1)?,
                since_day: row.get(2)?,
                unseen_only: row.get(3)?,
            })
        });
        found.optional().during(doing)
    }

    /// Keeps how far a folder was read.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn set_checkpoint(&mut self, account: &str, folder: &str, reached: Checkpoint) -> Result<(), StoreError> {
        let Checkpoint { uid_validity, uid_last, since_day, unseen_only } = reached;
        self.connection
            .execute(
                "INSERT INTO checkpoint (account, folder, uid_validity, uid_last, since_day, unseen_only) VALUES (?, ?, ?, ?, ?, ?)
                 ON CONFLICT DO UPDATE SET uid_validity = excluded.uid_validity, uid_last = excluded.uid_last,
                     since_day = excluded.since_day, unseen_only = excluded.unseen_only",
                params![account, folder, uid_validity, uid_last, since_day, unseen_only],
            )
            .during("keep how far a mailbox was read")?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checkpoint_holds_only_for_what_it_covered() {
        let old = Checkpoint { uid_validity: 3, uid_last: 70, since_day: 20_000, unseen_only: false };
        assert_eq!(old.next_uid(old), 71);
        assert_eq!(old.next_uid(Checkpoint { since_day: 20_001, ..old }), 71, "days pass");
        assert_eq!(old.next_uid(Checkpoint { unseen_only: true, ..old }), 71);
        assert_eq!(old.next_uid(Checkpoint { uid_validity: 4, ..old }), 1);
        assert_eq!(old.next_uid(Checkpoint { since_day: 0, ..old }), 1, "older mails are wanted now");
        assert_eq!(Checkpoint { unseen_only: true, ..old }.next_uid(old), 1);
    }

    #[test]
    fn a_checkpoint_is_kept_for_each_folder() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut store = Store::open(&folder.path().join("s.db")).expect("a store");
        let reached = Checkpoint { uid_validity: u32::MAX, uid_last: u32::MAX, since_day: 0, unseen_only: true };
        assert_eq!(store.checkpoint("a@h", "INBOX").expect("readable"), None);
        store.set_checkpoint("a@h", "INBOX", Checkpoint { uid_last: 1, ..reached }).expect("writable");
        store.set_checkpoint("a@h", "INBOX", reached).expect("writable");
        assert_eq!(store.checkpoint("a@h", "INBOX").expect("readable"), Some(reached));
        assert_eq!(store.checkpoint("a@h", "Other").expect("readable"), None);
    }

    #[test]
    fn commits_last_where_that_is_asked_for() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut store = Store::open(&folder.path().join("s.db")).expect("a store");
        let level = |store: &Store| {
            store.connection.pragma_query_value(None, "synchronous", |row| row.get::<_, u8>(0)).expect("a number")
        };
        assert_eq!(level(&store), 1, "NORMAL");
        store.sync_each_commit().expect("a store");
        assert_eq!(level(&store), 2, "FULL");
    }
}
