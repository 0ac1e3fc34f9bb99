#![expect(clippy::disallowed_methods, reason = "waits before it connects again")]
//! One poll of a mailbox: folder by folder, in chunks. A chunk is stored, then acted on, then the checkpoint moves.
//!
//! Stopped at any point, the next poll goes on behind the last whole chunk: what was stored by then is a duplicate, and
//! what was not acted on is acted on then.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use chrono::{DateTime, NaiveDate};

use super::crew::{Crew, with_crew};
use super::prepare::{Options, prepare};
use super::run::{Tally, fate, run_with};
use super::turn::turn;
use crate::config::{After, MailboxSettings, Since};
use crate::intake::imap::{Actions, Chunk, MailboxError, Selected, Session};
use crate::intake::{Fate, Intake as _};
use crate::store::{Checkpoint, Held, Store, StoreError};
use crate::words::{Said, said};

/// Mails of a chunk: what has to be read again after a crash.
const CHUNK_MAILS: usize = 1_000;
/// Bytes of mails in flight at the most, and of what they became, besides the batch that the server has just sent.
const BYTES_IN_FLIGHT_MAX: u64 = 1 << 20;
/// How often a poll is begun anew when the connection fails without getting anywhere.
const ATTEMPTS: u32 = 3;
/// Longest pause.
const PAUSE_MAX: Duration = Duration::from_mins(5);
/// How often folders are looked at of which the server does not tell.
const POLL_EVERY: Duration = Duration::from_secs(15);

/// What is to be polled, and how.
#[derive(Clone, Copy, Debug)]
pub struct Poll<'s> {
    /// Its name in the settings.
    pub name: &'s str,
    /// Its settings.
    pub settings: &'s MailboxSettings,
    /// How mails are made ready.
    pub options: &'s Options,
    /// Look at all mails, whatever was read before.
    pub rescan: bool,
    /// Before a connection that failed is tried again; the next pause is four times as long, and up to half of it is added
    /// by chance.
    pub pause: Duration,
    /// A folder where processes of this user with other stores hear of each other; `None` where there is none.
    pub meeting: Option<&'s Path>,
    /// Set when the program is to end: mails at hand are stored and acted on, and no others asked for.
    pub stop: &'s AtomicBool,
}

/// Hears after each commit what was taken in so far, and how many mails of the folder at hand are still to come.
pub type Progress<'p> = &'p mut dyn FnMut(&Tally, u64);

/// Why a poll ended early.
#[derive(Debug, thiserror::Error)]
pub enum MailboxFailure {
    /// The mailbox; others may work.
    #[error(transparent)]
    Mailbox(#[from] MailboxError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a poll would do with the mails of a folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preview {
    /// The folder.
    pub folder: String,
    /// Mails that would be read.
    pub mails: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Reports in them, also those that the store has already.
    pub reports: u64,
    /// Mails whose reports would be stored.
    pub stored: u64,
    /// Mails that would be kept as a rejection.
    pub rejected: u64,
    /// Mails without a report.
    pub ignored: u64,
    /// Mails that could not be read.
    pub unreadable: u64,
    /// What the owner should know of the login; stands with the first folder.
    pub warnings: Vec<Said>,
}

impl Poll<'_> {
    fn actions(&self) -> Actions {
        let MailboxSettings { after, rejected, ignored, .. } = self.settings;
        Actions { stored: after.clone(), rejected: rejected.clone(), ignored: ignored.clone() }
    }

    fn changes_nothing(&self) -> bool {
        let MailboxSettings { after, rejected, ignored, .. } = self.settings;
        [after, rejected, ignored].into_iter().all(|action| *action == After::None)
    }

    /// The account, for checkpoints: another name in the settings does not read everything again.
    fn account(&self) -> String {
        format!("{}@{}", self.settings.user, self.settings.host)
    }

    /// The day of the oldest mail that is wanted.
    fn since(&self) -> Option<NaiveDate> {
        match self.settings.since? {
            Since::Date(day) => Some(day),
            Since::Days(days) => {
                let today = DateTime::from_timestamp(self.options.now_s, 0)?.date_naive();
                today.checked_sub_days(chrono::Days::new(u64::from(days)))
            }
        }
    }

    /// What a folder is read for now, with nothing read yet.
    fn scope(&self, selected: &Selected) -> Checkpoint {
        let epoch = DateTime::UNIX_EPOCH.date_naive();
        Checkpoint {
            uid_validity: selected.uid_validity,
            uid_last: 0,
            since_day: self.since().map_or(0, |day| (day - epoch).num_days()),
            unseen_only: self.settings.unseen_only,
        }
    }

    /// Mails that have to be looked at, and what their folder is read for.
    fn find(
        &self,
        session: &mut Session,
        selected: &Selected,
        store: &Store,
    ) -> Result<(Vec<u32>, Checkpoint), MailboxFailure> {
        let scope = self.scope(selected);
        let before = if self.rescan { None } else { store.checkpoint(&self.account(), &selected.folder)? };
        let first_uid = before.map_or(1, |before| before.next_uid(scope));
        let has_none = selected.mails == 0 || selected.uid_next.is_some_and(|next| next <= first_uid);
        let uids = if has_none { Vec::new() } else { session.search(first_uid, self.since(), scope.unseen_only)? };
        Ok((uids, Checkpoint { uid_last: first_uid - 1, ..scope }))
    }
}

/// Polls a mailbox once. A connection that fails is tried again a few times; `tally` grows by what was taken in also when
/// the poll fails in the end.
///
/// # Errors
/// When the store fails, or the mailbox does and trying again did not help.
pub fn poll(
    poll: &Poll<'_>,
    store: &mut Store,
    tally: &mut Tally,
    progress: Progress<'_>,
) -> Result<(), MailboxFailure> {
    let mut attempts = 0;
    // Only the first attempt looks at everything again; the next ones go on where it stopped.
    let mut now = *poll;
    loop {
        let before = tally.deliveries;
        match attempt(&now, store, tally, progress) {
            Err(MailboxFailure::Mailbox(error)) if error.is_passing => {
                attempts = if tally.deliveries > before { 1 } else { attempts + 1 };
                if attempts >= ATTEMPTS {
                    return Err(error.into());
                }
                now.rescan &= tally.deliveries == before;
                std::thread::sleep(pause(poll.pause, attempts));
            }
            other => return other,
        }
    }
}

/// Stays with a mailbox: polls it, waits for news, and polls again, until `poll.stop` is set or the connection fails.
/// `told` hears of each poll what it took in, and `progress` of its commits. While a poll runs it holds `at_work`. `now_s` is the clock: it replaces the
/// time of receipt in the options, in seconds since 1970 UTC.
///
/// # Errors
/// When the store or the connection fails; the next call goes on where this one stopped.
pub fn stay(
    poll: &Poll<'_>,
    store: &mut Store,
    at_work: &RwLock<()>,
    now_s: &dyn Fn() -> i64,
    progress: Progress<'_>,
    told: &mut dyn FnMut(&Tally),
) -> Result<(), MailboxFailure> {
    let mut session = Session::open(poll.name, poll.settings, &poll.options.limits)?;
    let Some(first) = poll.settings.folders.first() else { return Ok(()) };
    let others_wait = poll.settings.folders.len() > 1;
    let idle_max = Duration::from_secs(poll.options.limits.idle_timeout_s);
    let mut next_polled = None;
    while !poll.stop.load(Ordering::Relaxed) {
        let working = at_work.read().unwrap_or_else(PoisonError::into_inner);
        let mut tally = Tally::default();
        let options = Options { now_s: now_s(), ..*poll.options };
        poll_in(&Poll { options: &options, ..*poll }, &mut session, store, &mut tally, progress)?;
        told(&tally);
        drop(working);
        // What came between the search and now would never be told.
        let selected = session.select(first, false)?;
        let next = Some((selected.uid_validity, selected.uid_next));
        if next_polled != next {
            next_polled = next;
            continue;
        }
        session.wait(if others_wait { POLL_EVERY.min(idle_max) } else { idle_max }, POLL_EVERY)?;
    }
    session.close();
    Ok(())
}

/// Longer each time, and not the same for all that wait.
#[must_use]
pub fn pause(first: Duration, attempts: u32) -> Duration {
    let nanos = std::time::UNIX_EPOCH.elapsed().map_or(0, |now| now.subsec_nanos());
    pause_by(first, attempts, nanos % 1_000)
}

/// `chance` is of a thousand.
fn pause_by(first: Duration, attempts: u32, chance: u32) -> Duration {
    let pause = first.saturating_mul(4_u32.saturating_pow(attempts.saturating_sub(1))).min(PAUSE_MAX);
    pause + pause * chance.min(1_000) / 2_000
}

fn attempt(
    poll: &Poll<'_>,
    store: &mut Store,
    tally: &mut Tally,
    progress: Progress<'_>,
) -> Result<(), MailboxFailure> {
    let mut session = Session::open(poll.name, poll.settings, &poll.options.limits)?;
    poll_in(poll, &mut session, store, tally, progress)?;
    session.close();
    Ok(())
}

/// Polls a mailbox once in a session that is open already.
///
/// # Errors
/// When the store or the session fails. The session is of no use afterwards.
pub fn poll_in(
    poll: &Poll<'_>,
    session: &mut Session,
    store: &mut Store,
    tally: &mut Tally,
    progress: Progress<'_>,
) -> Result<(), MailboxFailure> {
    tally
        .warnings
        .extend(session.warnings.drain(..).map(|warning| said!("fetch-of", mailbox = poll.name, what = warning)));
    let Some(_turn) = turn(&poll.account(), store, poll.meeting, poll.stop)? else { return Ok(()) };
    let actions = poll.actions();
    for action in [&actions.stored, &actions.rejected, &actions.ignored] {
        session.can_do(action)?;
    }
    if !poll.changes_nothing() {
        store.sync_each_commit()?;
    }
    store.hold(Held::Little)?;
    let outcome = poll.settings.folders.iter().try_for_each(|folder| {
        if poll.stop.load(Ordering::Relaxed) {
            return Ok(());
        }
        let selected = session.select(folder, !poll.changes_nothing())?;
        let (uids, reached) = poll.find(session, &selected, store)?;
        let mut reading = Reading { poll, session, selected: &selected, actions: &actions, tally, progress };
        reading.folder(store, &uids, reached)
    });
    store.hold(Held::Usual)?;
    outcome
}

/// One folder that is being read.
struct Reading<'r, 'p> {
    poll: &'r Poll<'r>,
    session: &'r mut Session,
    selected: &'r Selected,
    actions: &'r Actions,
    tally: &'r mut Tally,
    progress: &'r mut (dyn FnMut(&Tally, u64) + 'p),
}

impl Reading<'_, '_> {
    /// Takes in the mails `uids`, chunk by chunk, and notes how far it came from `reached` on.
    fn folder(&mut self, store: &mut Store, uids: &[u32], mut reached: Checkpoint) -> Result<(), MailboxFailure> {
        let (account, folder) = (self.poll.account(), &self.selected.folder);
        let is_whole = uids.is_empty()
            || with_crew(self.poll.options, BYTES_IN_FLIGHT_MAX, |crew| self.chunks(crew, store, uids, &mut reached))?;
        let all = self.selected.uid_next.map_or(reached.uid_last, |next| next.saturating_sub(1));
        if is_whole && all > reached.uid_last {
            store.set_checkpoint(&account, folder, Checkpoint { uid_last: all, ..reached })?;
        }
        Ok(())
    }

    /// Whether all was read: not when it has to stop, or a mail could not be read.
    fn chunks(
        &mut self,
        crew: &Crew<'_>,
        store: &mut Store,
        uids: &[u32],
        reached: &mut Checkpoint,
    ) -> Result<bool, MailboxFailure> {
        let Self { poll, selected, .. } = *self;
        let mut is_whole = true;
        let mut to_come = u64::try_from(uids.len()).unwrap_or(u64::MAX);
        for uids in uids.chunks(CHUNK_MAILS) {
            if poll.stop.load(Ordering::Relaxed) {
                return Ok(false);
            }
            let mut chunk = Chunk::new(self.session, selected, uids, self.actions, poll.options.limits, poll.stop)?;
            let (so_far, progress) = (self.tally.clone(), &mut *self.progress);
            let taken = run_with(crew, &mut chunk, store, &mut |taken| {
                let mut all = so_far.clone();
                all.merge(taken.clone());
                progress(&all, to_come.saturating_sub(taken.deliveries));
            })?;
            self.tally.merge(taken);
            to_come -= u64::try_from(uids.len()).unwrap_or(to_come);
            let (first_unread, _acted) = chunk.finish()?;
            let last = first_unread.map(|uid| uid - 1).or(uids.last().copied());
            if is_whole {
                reached.uid_last = last.unwrap_or(reached.uid_last);
                store.set_checkpoint(&poll.account(), &selected.folder, *reached)?;
            }
            // Behind a mail that was not read the checkpoint stays: that one has to be tried again.
            is_whole &= first_unread.is_none();
        }
        Ok(is_whole)
    }
}

/// Says what a poll would do, and changes nothing: not the mailbox, not the store. The mails are read.
///
/// # Errors
/// As [`poll`], which tries again where this does not.
pub fn preview(poll: &Poll<'_>, store: &Store) -> Result<Vec<Preview>, MailboxFailure> {
    let actions = poll.actions();
    let mut session = Session::open(poll.name, poll.settings, &poll.options.limits)?;
    let mut previews = Vec::new();
    for folder in &poll.settings.folders {
        let selected = session.select(folder, false)?;
        let (uids, _) = poll.find(&mut session, &selected, store)?;
        let warnings = std::mem::take(&mut session.warnings);
        let mut preview = Preview { folder: folder.clone(), warnings, ..Preview::default() };
        for uids in uids.chunks(CHUNK_MAILS) {
            let mut chunk = Chunk::new(&mut session, &selected, uids, &actions, poll.options.limits, poll.stop)?;
            while let Some(delivery) = chunk.next() {
                let Ok(delivery) = delivery else {
                    preview.unreadable += 1;
                    continue;
                };
                let entry = prepare(delivery, poll.options);
                preview.mails += 1;
                preview.bytes += entry.size_bytes;
                preview.reports += entry.reports();
                *match fate(&entry) {
                    Fate::Stored => &mut preview.stored,
                    Fate::Rejected => &mut preview.rejected,
                    Fate::Ignored => &mut preview.ignored,
                } += 1;
            }
            chunk.finish()?;
        }
        previews.push(preview);
    }
    session.close();
    Ok(previews)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_up_to_a_bound_and_differ_by_chance() {
        let first = Duration::from_millis(500);
        let pauses = |chance| [1, 2, 3, 9, u32::MAX].map(|attempts| pause_by(first, attempts, chance).as_millis());
        assert_eq!(pauses(0), [500, 2_000, 8_000, 300_000, 300_000]);
        assert_eq!(pauses(500), [625, 2_500, 10_000, 375_000, 375_000]);
        assert_eq!(pauses(1_000), [750, 3_000, 12_000, 450_000, 450_000]);
        assert_eq!(pause_by(Duration::ZERO, 3, 999), Duration::ZERO);
    }
}
