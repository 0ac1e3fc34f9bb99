//! Some mails of one folder as deliveries, and what becomes of them afterwards.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

use super::error::{MailboxError, Stage};
use super::session::{Selected, Session, UIDS_AT_ONCE, uid_set};
use crate::config::After;
use crate::intake::{Delivery, Fate, FileError, Intake, Received};
use crate::limits::{LimitHit, Limits};
use crate::mail::{self, Envelope};

/// Bytes of mails that are asked for at once (one larger mail is asked for alone).
const BATCH_BYTES: u64 = 1 << 20;
/// Bytes of an answer besides the mails: flags and news of other mails.
const ANSWER_BYTES: u64 = 1 << 20;

/// What becomes of mails.
#[derive(Clone, Debug)]
pub struct Actions {
    /// Of those whose reports are stored.
    pub stored: After,
    /// Of those that were kept as a rejection.
    pub rejected: After,
    /// Of those without a report.
    pub ignored: After,
}

impl Actions {
    /// What becomes of mails with this fate.
    #[must_use]
    pub fn of(&self, fate: Fate) -> &After {
        match fate {
            Fate::Stored => &self.stored,
            Fate::Rejected => &self.rejected,
            Fate::Ignored => &self.ignored,
        }
    }
}

/// Some mails of the open folder.
pub struct Chunk<'s> {
    session: &'s mut Session,
    selected: &'s Selected,
    actions: &'s Actions,
    limits: Limits,
    /// Set when no more mails are to be asked for.
    stop: &'s AtomicBool,
    /// Still to be asked for, with their sizes.
    waiting: VecDeque<(u32, u64)>,
    ready: VecDeque<Result<Delivery, FileError>>,
    /// Too large and not claiming to be a report: recorded, never touched.
    untouchable: BTreeSet<u32>,
    first_unread: Option<u32>,
    broken: Option<MailboxError>,
    /// Mails that were moved, flagged or deleted.
    acted: u64,
}

impl std::fmt::Debug for Chunk<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Chunk({:?}, {} mails waiting)", self.selected, self.waiting.len())
    }
}

impl<'s> Chunk<'s> {
    /// The mails `uids` of the open folder.
    ///
    /// # Errors
    /// When the server does not answer.
    pub fn new(
        session: &'s mut Session,
        selected: &'s Selected,
        uids: &[u32],
        actions: &'s Actions,
        limits: Limits,
        stop: &'s AtomicBool,
    ) -> Result<Self, MailboxError> {
        let waiting = session.sizes(uids)?.into_iter().collect();
        Ok(Self {
            session,
            selected,
            actions,
            limits,
            stop,
            waiting,
            ready: VecDeque::new(),
            untouchable: BTreeSet::new(),
            first_unread: None,
            broken: None,
            acted: 0,
        })
    }

    /// Ends it: the first mail that was not read, if any, and how many mails were acted on.
    ///
    /// # Errors
    /// What broke on the way. Mails that were delivered are stored; not all may have been acted on.
    pub fn finish(self) -> Result<(Option<u32>, u64), MailboxError> {
        match self.broken {
            Some(error) => Err(error),
            None => Ok((self.first_unread, self.acted)),
        }
    }

    /// Asks for the next mails.
    fn fill(&mut self) -> Result<(), MailboxError> {
        let (mut batch, mut bytes) = (Vec::new(), 0);
        while let Some((uid, size_bytes)) = self.waiting.front().copied() {
            let is_too_large = size_bytes > self.limits.message_bytes_max;
            let is_full = !batch.is_empty() && (bytes + size_bytes > BATCH_BYTES || batch.len() >= UIDS_AT_ONCE);
            if is_full || (is_too_large && !batch.is_empty()) {
                break;
            }
            self.waiting.pop_front();
            if is_too_large {
                let envelope = self.envelope(uid)?;
                self.push_too_large(uid, size_bytes, envelope);
                return Ok(());
            }
            batch.push(uid);
            bytes += size_bytes;
        }
        self.fetch(&batch, bytes)
    }

    fn fetch(&mut self, batch: &[u32], bytes: u64) -> Result<(), MailboxError> {
        let mut mails = match self.bodies(batch, bytes) {
            Ok(mails) => mails,
            // One mail that the server can't read must not cost its neighbours.
            Err(imap::Error::No(_)) if batch.len() > 1 => {
                for uid in batch {
                    self.fetch(&[*uid], bytes)?;
                }
                return Ok(());
            }
            Err(imap::Error::No(_)) => BTreeMap::new(),
            Err(error) => return Err(self.session.blame.command(Stage::Fetch, "read mails", error)),
        };
        let missing: Vec<u32> = batch.iter().copied().filter(|uid| !mails.contains_key(uid)).collect();
        let still_there = if missing.is_empty() { BTreeMap::new() } else { self.session.sizes(&missing)? };
        for uid in batch {
            match mails.remove(uid) {
                Some(body) => self.push(*uid, body),
                None if still_there.contains_key(uid) => self.push_unreadable(*uid),
                // Somebody else moved or deleted it meanwhile.
                None => {}
            }
        }
        Ok(())
    }

    /// Mails by number. Read with PEEK, which leaves them unread.
    fn bodies(&mut self, batch: &[u32], bytes: u64) -> Result<BTreeMap<u32, Vec<u8>>, imap::Error> {
        // Some servers are not exact about sizes.
        self.session.allowance.set(bytes.saturating_mul(2).saturating_add(ANSWER_BYTES));
        let found = self.session.inner.uid_fetch(uid_set(batch), "(UID BODY.PEEK[])")?;
        let mails = found.iter().filter_map(|mail| Some((mail.uid?, mail.body()?.to_vec()))).collect();
        self.session.forget_gossip();
        Ok(mails)
    }

    /// What a mail says of itself, without reading it.
    fn envelope(&mut self, uid: u32) -> Result<Option<Envelope>, MailboxError> {
        self.session.allowance.set(ANSWER_BYTES);
        let found = self
            .session
            .inner
            .uid_fetch(uid.to_string(), "(UID BODY.PEEK[HEADER]<0.65536>)")
            .map_err(|error| self.session.blame.command(Stage::Fetch, "read a header", error))?;
        let header = found.iter().find_map(|mail| mail.header());
        let read = header.map(|header| mail::open(header, &self.limits, |opened| opened.envelope));
        self.session.forget_gossip();
        Ok(read.and_then(Result::ok).flatten())
    }

    fn push(&mut self, uid: u32, bytes: Vec<u8>) {
        let size_bytes = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if size_bytes > self.limits.message_bytes_max {
            let envelope = mail::open(&bytes, &self.limits, |opened| opened.envelope).ok().flatten();
            self.push_too_large(uid, size_bytes, envelope);
            return;
        }
        self.deliver(uid, size_bytes, Received::Bytes(bytes), None);
    }

    fn push_too_large(&mut self, uid: u32, size_bytes: u64, envelope: Option<Envelope>) {
        if !envelope.as_ref().is_some_and(Envelope::claims_report) {
            self.untouchable.insert(uid);
        }
        let hit = LimitHit { name: "message_bytes_max", bound: self.limits.message_bytes_max };
        self.deliver(uid, size_bytes, Received::TooLarge(hit), envelope);
    }

    fn deliver(&mut self, uid: u32, size_bytes: u64, content: Received, envelope: Option<Envelope>) {
        let origin = self.selected.origin(uid);
        let delivery = Delivery { origin, name: String::new(), size_bytes, content, receipt: Some(uid), envelope };
        self.ready.push_back(Ok(delivery));
    }

    fn stays_unread(&mut self, uid: u32) {
        self.first_unread = Some(self.first_unread.map_or(uid, |first| first.min(uid)));
    }

    fn push_unreadable(&mut self, uid: u32) {
        self.stays_unread(uid);
        let source = io::Error::other("the server does not give its text");
        self.ready.push_back(Err(FileError { path: self.selected.origin(uid), source }));
    }
}

impl Intake for Chunk<'_> {
    fn next(&mut self) -> Option<Result<Delivery, FileError>> {
        loop {
            if let Some(ready) = self.ready.pop_front() {
                return Some(ready);
            }
            let (uid, _) = self.waiting.front().copied().filter(|_| self.broken.is_none())?;
            if self.stop.load(Ordering::Relaxed) {
                self.stays_unread(uid);
                self.waiting.clear();
                return None;
            }
            if let Err(error) = self.fill() {
                self.broken = Some(error);
            }
        }
    }

    fn settle(&mut self, fates: &[(u32, Fate)]) {
        if self.broken.is_some() {
            return;
        }
        for fate in [Fate::Stored, Fate::Rejected, Fate::Ignored] {
            let mut uids: Vec<u32> = fates
                .iter()
                .filter(|(uid, own)| *own == fate && !self.untouchable.contains(uid))
                .map(|f| f.0)
                .collect();
            uids.sort_unstable();
            match self.session.act(self.selected, &uids, self.actions.of(fate), fate) {
                Ok(acted) => self.acted += acted,
                Err(error) => {
                    self.broken = Some(error);
                    return;
                }
            }
        }
    }
}
