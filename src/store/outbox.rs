//! Digests: what the last one said, and letters that are still to be delivered.

use rusqlite::{OptionalExtension as _, params};

use super::error::{StoreError, While};
use super::file::{Store, begin};

/// After this long a process that took a letter and said nothing more has died.
const TAKEN_S_MAX: i64 = 900;

/// A letter to put into the outbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLetter {
    /// Its name: a letter of the same name is not taken a second time.
    pub name: String,
    /// `mail` or `webhook`.
    pub channel: String,
    /// An address, or the name of a webhook in the settings.
    pub receiver: String,
    /// As it is sent.
    pub payload: Vec<u8>,
}

/// A letter in the outbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterRow {
    /// Number of the row.
    pub id: i64,
    /// The letter.
    pub letter: NewLetter,
    /// When it was made, in seconds since 1970 UTC.
    pub made_s: i64,
    /// How often it was tried in vain.
    pub attempts: u32,
}

impl Store {
    /// What the last digest of a scope said to a receiver, and when it was made.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn last_digest(&self, scope: &str, receiver: &str) -> Result<Option<(i64, String)>, StoreError> {
        let doing = "read what the last digest said";
        let mut find = self
            .connection
            .prepare_cached("SELECT made_s, snapshot FROM digest WHERE scope = ? AND receiver = ?")
            .during(doing)?;
        find.query_row([scope, receiver], |row| Ok((row.get(0)?, row.get(1)?))).optional().during(doing)
    }

    /// What the newest digest of a scope said to anybody, and when it was made.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn newest_digest(&self, scope: &str) -> Result<Option<(i64, String)>, StoreError> {
        let doing = "read what the last digest said";
        let mut find = self
            .connection
            .prepare_cached("SELECT made_s, snapshot FROM digest WHERE scope = ? ORDER BY made_s DESC LIMIT 1")
            .during(doing)?;
        find.query_row([scope], |row| Ok((row.get(0)?, row.get(1)?))).optional().during(doing)
    }

    /// Puts a letter into the outbox and keeps what it said, both or neither. Gives whether the letter is new.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn post(&mut self, scope: &str, snapshot: &str, letter: &NewLetter, now_s: i64) -> Result<bool, StoreError> {
        let doing = "put a digest into the outbox";
        let transaction = begin(&mut self.connection, doing)?;
        let new = transaction
            .execute(
                "INSERT OR IGNORE INTO outbox (name, channel, receiver, payload, made_s, attempts, due_s, taken_s)
                 VALUES (?1, ?2, ?3, ?4, ?5, 0, ?5, 0)",
                params![letter.name, letter.channel, letter.receiver, letter.payload, now_s],
            )
            .during(doing)?;
        transaction
            .execute(
                "INSERT INTO digest (scope, receiver, made_s, snapshot) VALUES (?, ?, ?, ?)
                 ON CONFLICT DO UPDATE SET made_s = excluded.made_s, snapshot = excluded.snapshot",
                params![scope, letter.receiver, now_s, snapshot],
            )
            .during(doing)?;
        transaction.commit().during(doing)?;
        Ok(new > 0)
    }

    /// Takes the next letter that is due, so that no other process sends it as well.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn take_letter(&mut self, now_s: i64) -> Result<Option<LetterRow>, StoreError> {
        let doing = "take a letter out of the outbox";
        let mut take = self
            .connection
            .prepare_cached(
                "UPDATE outbox SET taken_s = ?1 WHERE id = (
                     SELECT id FROM outbox WHERE due_s <= ?1 AND (taken_s = 0 OR taken_s <= ?1 - ?2) ORDER BY id LIMIT 1)
                 RETURNING id, name, channel, receiver, payload, made_s, attempts",
            )
            .during(doing)?;
        let taken = take.query_row([now_s, TAKEN_S_MAX], |row| {
            let letter =
                NewLetter { name: row.get(1)?, channel: row.get(2)?, receiver: row.get(3)?, payload: row.get(4)? };
            Ok(LetterRow { id: row.get(0)?, letter, made_s: row.get(5)?, attempts: row.get(6)? })
        });
        taken.optional().during(doing)
    }

    /// A letter that was taken is delivered, or will not be tried any more.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn close_letter(&mut self, id: i64) -> Result<(), StoreError> {
        self.connection.execute("DELETE FROM outbox WHERE id = ?", [id]).during("clear the outbox")?;
        Ok(())
    }

    /// A letter that was taken could not be delivered; it is due again at `due_s`.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn put_back_letter(&mut self, id: i64, due_s: i64) -> Result<(), StoreError> {
        self.connection
            .execute("UPDATE outbox SET attempts = attempts + 1, due_s = ?, taken_s = 0 WHERE id = ?", [due_s, id])
            .during("put a letter back into the outbox")?;
        Ok(())
    }

    /// Letters that wait.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn letters_waiting(&self) -> Result<u64, StoreError> {
        let count: i64 = self
            .connection
            .query_row("SELECT count(*) FROM outbox", [], |row| row.get(0))
            .during("count the outbox")?;
        Ok(u64::try_from(count).unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store() -> (tempfile::TempDir, Store) {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(&folder.path().join("s.db")).expect("a store");
        (folder, store)
    }

    fn letter(name: &str) -> NewLetter {
        NewLetter {
            name: name.to_owned(),
            channel: "mail".to_owned(),
            receiver: "a@example.com".to_owned(),
            payload: b"Subject: x\r\n\r\n".to_vec(),
        }
    }

    #[test]
    fn a_letter_is_kept_until_it_is_delivered() {
        let (_folder, mut store) = store();
        assert_eq!(store.last_digest("", "a@example.com").unwrap(), None);
        assert!(store.post("", "{}", &letter("1"), 100).unwrap());
        assert!(store.post("", "{}", &letter("2"), 100).unwrap());
        assert_eq!(store.last_digest("", "a@example.com").unwrap(), Some((100, "{}".to_owned())));
        assert_eq!(store.last_digest("example.com", "a@example.com").unwrap(), None);
        assert_eq!(store.last_digest("", "b@example.com").unwrap(), None);
        assert_eq!(store.take_letter(99).unwrap(), None, "not due yet");
        let taken = store.take_letter(100).unwrap().unwrap();
        assert_eq!((taken.letter, taken.attempts), (letter("1"), 0));
        store.put_back_letter(taken.id, 160).unwrap();
        let other = store.take_letter(100).unwrap().unwrap();
        assert_eq!(other.letter.name, "2");
        store.close_letter(other.id).unwrap();
        assert_eq!(store.take_letter(159).unwrap(), None);
        assert_eq!(store.take_letter(160).unwrap().unwrap().attempts, 1);
        assert_eq!(store.letters_waiting().unwrap(), 1);
    }

    #[test]
    fn the_same_letter_is_not_posted_twice() {
        let (_folder, mut store) = store();
        assert!(store.post("", "{}", &letter("1"), 100).unwrap());
        assert!(!store.post("", "{}", &letter("1"), 101).unwrap());
        assert_eq!(store.letters_waiting().unwrap(), 1);
    }

    #[test]
    fn a_letter_that_a_dead_process_took_is_taken_again() {
        let (_folder, mut store) = store();
        store.post("", "{}", &letter("1"), 100).unwrap();
        assert!(store.take_letter(100).unwrap().is_some());
        assert_eq!(store.take_letter(100 + TAKEN_S_MAX - 1).unwrap(), None, "somebody is at it");
        assert!(store.take_letter(100 + TAKEN_S_MAX).unwrap().is_some());
    }
}
