//! Alarms with their days, as they were last worked out, and what the owner wrote down.

use rusqlite::{Row, params};

use super::error::{StoreError, While};
use super::file::{Store, begin};
use crate::analyze::alarms::{Alarm, AlarmKind};
use crate::analyze::check::Level;

/// What a note of the owner's is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OwnerNoteKind {
    /// Somebody missed a mail.
    Complaint,
    /// Something was changed.
    Change,
    /// Anything else.
    Other,
}

impl OwnerNoteKind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Complaint, Self::Change, Self::Other];

    /// The word for JSON and the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Complaint => "complaint",
            Self::Change => "change",
            Self::Other => "other",
        }
    }
}

/// A note of the owner's about a domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnerNote {
    /// Its number.
    pub id: i64,
    /// The domain.
    pub domain: String,
    /// What it is about.
    pub kind: OwnerNoteKind,
    /// When, in seconds since 1970 UTC.
    pub made_s: i64,
    /// What it says.
    pub text: String,
}

impl Store {
    /// All alarms of a domain that are kept, the newest first.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn alarms(&self, domain: &str) -> Result<Vec<Alarm>, StoreError> {
        let doing = "read alarms";
        let mut find = self
            .connection
            .prepare_cached(
                "SELECT kind, severity, subject, opened_day, last_day, closed_day, detail FROM alarm
                 WHERE domain = ? ORDER BY opened_day DESC, kind, subject",
            )
            .during(doing)?;
        let rows = find.query_map([domain], alarm).during(doing)?;
        let all: Vec<Option<Alarm>> = rows.collect::<Result<_, _>>().during(doing)?;
        Ok(all.into_iter().flatten().collect())
    }

    /// Keeps the alarms of a domain that were worked out of everything from `first_day` on; what opened before stays.
    /// Writes nothing where nothing is different.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn keep_alarms(&mut self, domain: &str, first_day: i64, alarms: &[Alarm]) -> Result<(), StoreError> {
        let mut known = self.alarms(domain)?;
        known.retain(|alarm| alarm.opened_day >= first_day);
        let is_known = known.len() == alarms.len() && alarms.iter().all(|alarm| known.contains(alarm));
        if is_known {
            return Ok(());
        }
        let doing = "keep alarms";
        let transaction = begin(&mut self.connection, doing)?;
        transaction
            .execute("DELETE FROM alarm WHERE domain = ? AND opened_day >= ?", params![domain, first_day])
            .during(doing)?;
        {
            let mut keep = transaction
                .prepare_cached(
                    "INSERT OR REPLACE INTO alarm (domain, kind, subject, opened_day, last_day, closed_day, severity, detail)
                     VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                )
                .during(doing)?;
            for alarm in alarms.iter().filter(|alarm| alarm.opened_day >= first_day) {
                let (kind, severity) = (alarm.kind.as_str(), alarm.severity.as_str());
                let days = (alarm.opened_day, alarm.last_day, alarm.closed_day);
                keep.execute(params![domain, kind, alarm.subject, days.0, days.1, days.2, severity, alarm.detail])
                    .during(doing)?;
            }
        }
        transaction.commit().during(doing)
    }

    /// Keeps a note, and gives its number.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn add_owner_note(
        &mut self,
        domain: &str,
        kind: OwnerNoteKind,
        text: &str,
        made_s: i64,
    ) -> Result<i64, StoreError> {
        let doing = "keep a note";
        self.connection
            .execute(
                "INSERT INTO owner_note (domain, kind, made_s, text) VALUES (?, ?, ?, ?)",
                params![domain, kind.as_str(), made_s, text],
            )
            .during(doing)?;
        Ok(self.connection.last_insert_rowid())
    }

    /// Notes of a domain, or of all, the oldest first.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn owner_notes(&self, domain: Option<&str>) -> Result<Vec<OwnerNote>, StoreError> {
        let doing = "read notes";
        let mut find = self
            .connection
            .prepare_cached(
                "SELECT id, domain, kind, made_s, text FROM owner_note WHERE ?1 IS NULL OR domain = ?1 ORDER BY made_s, id",
            )
            .during(doing)?;
        let rows = find
            .query_map([domain], |row| {
                let kind: String = row.get(2)?;
                let kind = OwnerNoteKind::ALL.into_iter().find(|known| known.as_str() == kind);
                Ok(OwnerNote {
                    id: row.get(0)?,
                    domain: row.get(1)?,
                    kind: kind.unwrap_or(OwnerNoteKind::Other),
                    made_s: row.get(3)?,
                    text: row.get(4)?,
                })
            })
            .during(doing)?;
        rows.collect::<Result<_, _>>().during(doing)
    }

    /// Takes a note out; gives whether it was there.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn remove_owner_note(&mut self, id: i64) -> Result<bool, StoreError> {
        let gone = self.connection.execute("DELETE FROM owner_note WHERE id = ?", [id]).during("take out a note")?;
        Ok(gone > 0)
    }
}

/// An alarm; `None` of a kind that a later version knows.
fn alarm(row: &Row<'_>) -> Result<Option<Alarm>, rusqlite::Error> {
    let (kind, severity): (String, String) = (row.get(0)?, row.get(1)?);
    let kind = AlarmKind::ALL.into_iter().find(|known| known.as_str() == kind);
    let severities = [Level::Info, Level::Warning, Level::Critical];
    let severity = severities.into_iter().find(|known| known.as_str() == severity);
    let Some((kind, severity)) = kind.zip(severity) else { return Ok(None) };
    Ok(Some(Alarm {
        kind,
        severity,
        subject: row.get(2)?,
        opened_day: row.get(3)?,
        last_day: row.get(4)?,
        closed_day: row.get(5)?,
        detail: row.get(6)?,
    }))
}
