//! Runs deliveries through the stages: one thread reads, several open and pack, one writes.
//!
//! Order is kept: what a later input does can never depend on which thread was faster. Bytes in flight are bounded;
//! a delivery is in flight from when it is read to when its rows are committed.

use std::collections::BTreeMap;
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, bounded, never, select};

use super::crew::{Crew, RECORD_BYTES, with_crew};
use super::prepare::Options;
use crate::intake::{Fate, FileError, Intake, Maildirs};
use crate::store::{Delivered, Entry, PackedItem, Store, StoreError};
use crate::words::Said;

/// Bytes of files in flight at the most, and of what they became.
const BYTES_IN_FLIGHT_MAX: u64 = 6 << 20;
/// A batch is committed when it has this many bytes …
const BATCH_BYTES: u64 = 1 << 20;
/// … or this many records …
const BATCH_RECORDS: u64 = 10_000;
/// … or this many deliveries …
const BATCH_DELIVERIES: usize = 500;
/// … or when nothing more has come for this long.
const BATCH_WAIT: Duration = Duration::from_millis(50);
/// After so many commits what they wrote is copied into the store's file, beside everything else: 4 MiB or a little more.
const COMMITS_TO_COPY: u64 = 4;

/// What became of all deliveries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Inputs that were opened.
    pub deliveries: u64,
    /// Sum over what became of each.
    pub delivered: Delivered,
    /// Inputs with no report in them.
    pub ignored: u64,
    /// Bytes of all inputs as received.
    pub bytes: u64,
    /// Inputs that could not be read, with the reason.
    pub unreadable: Vec<String>,
    /// What the owner should know, though nothing was lost by it.
    pub warnings: Vec<Said>,
    /// Mails that are stored, but could not be moved or marked afterwards, with the reason.
    pub stuck: Vec<String>,
}

impl Tally {
    fn add(&mut self, entry: &Entry, delivered: &Delivered) {
        self.deliveries += 1;
        self.bytes += entry.size_bytes;
        if entry.parts.is_empty() && entry.refused.is_none() {
            self.ignored += 1;
        }
        self.add_delivered(delivered);
    }

    /// Adds what another run took in.
    pub fn merge(&mut self, other: Self) {
        self.deliveries += other.deliveries;
        self.bytes += other.bytes;
        self.ignored += other.ignored;
        self.unreadable.extend(other.unreadable);
        self.warnings.extend(other.warnings);
        self.stuck.extend(other.stuck);
        self.add_delivered(&other.delivered);
    }

    fn add_delivered(&mut self, delivered: &Delivered) {
        let sum = &mut self.delivered;
        sum.reports_new += delivered.reports_new;
        sum.reports_duplicate += delivered.reports_duplicate;
        sum.reports_conflicting += delivered.reports_conflicting;
        sum.rejected += delivered.rejected;
        sum.other += delivered.other;
        sum.records += delivered.records;
        sum.mails += delivered.mails;
    }
}

/// What becomes of a delivery. A rejection in it counts more than a report: somebody has to look at it.
#[must_use]
pub fn fate(entry: &Entry) -> Fate {
    let mut items = entry.parts.iter().flat_map(|part| &part.items);
    if entry.refused.is_some() || items.clone().any(|item| matches!(item, PackedItem::Rejected { .. })) {
        Fate::Rejected
    } else if items.any(|item| matches!(item, PackedItem::Report(_))) {
        Fate::Stored
    } else {
        Fate::Ignored
    }
}

/// Takes in everything that `intake` delivers, and tells it at the end what became of it. `progress` is called after each
/// commit.
///
/// # Errors
/// When the store fails. What was committed before stays; the rest has to be delivered again.
pub fn run(
    intake: &mut (dyn Intake + Send),
    store: &mut Store,
    options: &Options,
    progress: &mut dyn FnMut(&Tally),
) -> Result<Tally, StoreError> {
    with_crew(options, BYTES_IN_FLIGHT_MAX, |crew| run_with(crew, intake, store, progress))
}

/// Does the same with a crew that is there already, and is of no use any more after an error.
pub(super) fn run_with(
    crew: &Crew<'_>,
    intake: &mut (dyn Intake + Send),
    store: &mut Store,
    progress: &mut dyn FnMut(&Tally),
) -> Result<Tally, StoreError> {
    let (to_writer, read) = bounded(1);
    let (committed, told) = bounded(1);
    let journal = store.journal();
    let (tally, fates) = std::thread::scope(|scope| {
        let intake = &mut *intake;
        scope.spawn(move || journal.copy_when_told(told));
        let reader = scope.spawn(move || to_writer.send(crew.read(intake)));
        let writer = Writer {
            store,
            crew,
            batch: Vec::new(),
            batch_bytes: 0,
            batch_records: 0,
            commits: 0,
            committed,
            tally: Tally::default(),
            waiting: Vec::new(),
            fates: Vec::new(),
        };
        let outcome = writer.run(read, progress);
        crew.stop_reading(&reader);
        outcome
    })?;
    intake.settle(&fates);
    Ok(tally)
}

/// Takes in everything in Maildirs, a thousand mails at a time; those with reports are acted on when they are stored.
///
/// # Errors
/// As [`run`].
pub fn run_maildirs(
    maildirs: &mut Maildirs,
    store: &mut Store,
    options: &Options,
    progress: &mut dyn FnMut(&Tally),
) -> Result<Tally, StoreError> {
    store.sync_each_commit()?;
    with_crew(options, BYTES_IN_FLIGHT_MAX, |crew| {
        let mut tally = Tally::default();
        while !maildirs.is_done() {
            let so_far = tally.clone();
            let taken = run_with(crew, maildirs, store, &mut |taken| {
                let mut all = so_far.clone();
                all.merge(taken.clone());
                progress(&all);
            })?;
            tally.merge(taken);
            tally.stuck.extend(maildirs.take_stuck());
        }
        Ok(tally)
    })
}

/// The writing thread: this one.
struct Writer<'w> {
    store: &'w mut Store,
    crew: &'w Crew<'w>,
    batch: Vec<Entry>,
    batch_bytes: u64,
    batch_records: u64,
    commits: u64,
    /// Tells now and then that there is something to copy.
    committed: Sender<()>,
    tally: Tally,
    /// Fates of the batch.
    waiting: Vec<(u32, Fate)>,
    /// Fates of what is committed.
    fates: Vec<(u32, Fate)>,
}

impl Writer<'_> {
    /// Runs until all deliveries are committed of which `read` tells how many there are.
    fn run(
        mut self,
        mut read: Receiver<u64>,
        progress: &mut dyn FnMut(&Tally),
    ) -> Result<(Tally, Vec<(u32, Fate)>), StoreError> {
        let (mut next, mut most) = (0, u64::MAX);
        let mut early = BTreeMap::new();
        while next < most {
            select! {
                recv(self.crew.ready) -> done => {
                    // Nobody opens anything any more only when all of them have failed.
                    let Ok(done) = done else { break };
                    early.extend(done.into_iter().map(|done| (done.number, (done.value, done.receipt))));
                }
                recv(read) -> number => {
                    most = number.unwrap_or(0);
                    read = never();
                }
                default(BATCH_WAIT) => {
                    self.commit(progress)?;
                    if self.crew.has_lost_one() {
                        break;
                    }
                }
            }
            while let Some((value, receipt)) = early.remove(&next) {
                next += 1;
                self.accept(value, receipt);
                if self.batch_bytes >= BATCH_BYTES
                    || self.batch_records >= BATCH_RECORDS
                    || self.batch.len() >= BATCH_DELIVERIES
                {
                    self.commit(progress)?;
                }
            }
        }
        self.commit(progress)?;
        Ok((self.tally, self.fates))
    }

    fn accept(&mut self, value: Result<Entry, FileError>, receipt: Option<u32>) {
        match value {
            Ok(entry) => {
                self.waiting.extend(receipt.map(|receipt| (receipt, fate(&entry))));
                self.batch_bytes += entry.size_bytes;
                self.batch_records += entry.records();
                self.batch.push(entry);
            }
            Err(error) => {
                let source = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
                self.tally.unreadable.push(format!("{error}: {source}"));
            }
        }
    }

    fn commit(&mut self, progress: &mut dyn FnMut(&Tally)) -> Result<(), StoreError> {
        if self.batch.is_empty() {
            return Ok(());
        }
        let delivered = self.store.insert(&self.batch)?;
        for (entry, delivered) in self.batch.iter().zip(&delivered) {
            self.tally.add(entry, delivered);
        }
        self.batch.clear();
        self.fates.append(&mut self.waiting);
        self.crew.give(self.batch_bytes + self.batch_records * RECORD_BYTES);
        self.batch_bytes = 0;
        self.batch_records = 0;
        self.commits += 1;
        if self.commits.is_multiple_of(COMMITS_TO_COPY) {
            // When the last time isn't over yet, the next one copies more.
            let _told = self.committed.try_send(());
        }
        progress(&self.tally);
        Ok(())
    }
}
