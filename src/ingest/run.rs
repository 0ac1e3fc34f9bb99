//! Runs deliveries through the stages: one thread reads, several open and pack, one writes.
//!
//! Order is kept: what a later input does can never depend on which thread was faster. Bytes in flight are bounded;
//! a delivery is in flight from when it is read to when its rows are committed.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded, never, select};

use super::prepare::{Options, prepare};
use crate::intake::{Delivery, Fate, FileError, Intake, Maildirs};
use crate::store::{Delivered, Entry, PackedItem, Store, StoreError};
use crate::words::Said;

/// Bytes of deliveries in flight at the most, and of what they became (one larger delivery may be in flight alone).
const BYTES_IN_FLIGHT_MAX: u64 = 6 << 20;
/// Memory of a packed record with its sums, in bytes.
const RECORD_BYTES: u64 = 100;
/// Deliveries from here on, in bytes, are all opened by one and the same thread: what a thread once needed is kept for
/// it by the allocator, so that with many threads the largest inputs would be paid for many times.
const LARGE_BYTES: u64 = 1 << 20;
/// Deliveries in flight between the reader and the workers: many, so that the reader need not wait for each.
const DELIVERIES_IN_FLIGHT_MAX: usize = 256;
/// Groups of opened deliveries in flight between the workers and the writer.
const GROUPS_IN_FLIGHT_MAX: usize = 32;
/// A worker hands on this many deliveries at once at the most …
const DONE_MAX: usize = 16;
/// … and at once when one has so many records.
const DONE_RECORDS_MAX: u64 = 1_000;
/// A batch is committed when it has this many bytes …
const BATCH_BYTES: u64 = 1 << 20;
/// … or this many records …
const BATCH_RECORDS: u64 = 10_000;
/// … or this many deliveries …
const BATCH_DELIVERIES: usize = 2_000;
/// … or when nothing more has come for this long.
const BATCH_WAIT: Duration = Duration::from_millis(50);

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

/// A delivery on its way, by its place in the order.
struct Numbered<T> {
    number: u64,
    value: T,
    /// The intake wants to know what becomes of it.
    receipt: Option<u32>,
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
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let budget = Budget::new(BYTES_IN_FLIGHT_MAX);
    let (to_workers, jobs) = bounded::<Job>(DELIVERIES_IN_FLIGHT_MAX);
    let (to_first_worker, large_jobs) = bounded::<Job>(1);
    let (to_writer, ready) = bounded::<Vec<Ready>>(GROUPS_IN_FLIGHT_MAX);
    let (tally, fates) = std::thread::scope(|scope| {
        let reader_budget = &budget;
        let intake = &mut *intake;
        scope.spawn(move || read(intake, reader_budget, &to_workers, &to_first_worker));
        for number in 0..threads {
            let large_jobs = if number == 0 { large_jobs.clone() } else { no_jobs() };
            let (jobs, to_writer) = (jobs.clone(), to_writer.clone());
            let worker = Worker { jobs, large_jobs, to_writer, done: Vec::new(), options, budget: reader_budget };
            scope.spawn(move || worker.run());
        }
        drop((jobs, large_jobs, to_writer));
        let outcome = Writer {
            store,
            budget: &budget,
            batch: Vec::new(),
            batch_bytes: 0,
            batch_records: 0,
            tally: Tally::default(),
            waiting: Vec::new(),
            fates: Vec::new(),
        }
        .run(&ready, progress);
        budget.stop();
        // Whoever still waits to hand something on must not wait for ever.
        while ready.recv().is_ok() {}
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
    let mut tally = Tally::default();
    while !maildirs.is_done() {
        let so_far = tally.clone();
        let taken = run(maildirs, store, options, &mut |taken| {
            let mut all = so_far.clone();
            all.merge(taken.clone());
            progress(&all);
        })?;
        tally.merge(taken);
        tally.stuck.extend(maildirs.take_stuck());
    }
    Ok(tally)
}

/// A delivery on its way to be opened, or why it could not be read.
type Job = Numbered<Result<Delivery, FileError>>;
/// A delivery on its way to be stored.
type Ready = Numbered<Result<Entry, FileError>>;

/// A channel on which nothing comes.
fn no_jobs() -> Receiver<Job> {
    bounded(0).1
}

/// The reading thread.
fn read(intake: &mut (dyn Intake + Send), budget: &Budget, to_workers: &Sender<Job>, to_first_worker: &Sender<Job>) {
    for number in 0.. {
        // Before the next is read: a large one in flight leaves no room even for that.
        if !budget.take(0) {
            return;
        }
        let Some(value) = intake.next() else { return };
        let bytes = value.as_ref().map_or(0, |delivery| delivery.size_bytes);
        let receipt = value.as_ref().ok().and_then(|delivery| delivery.receipt);
        let to = if bytes >= LARGE_BYTES { to_first_worker } else { to_workers };
        if !budget.take(bytes) || to.send(Numbered { number, value, receipt }).is_err() {
            return;
        }
    }
}

/// One of the working threads.
struct Worker<'w> {
    jobs: Receiver<Job>,
    large_jobs: Receiver<Job>,
    to_writer: Sender<Vec<Ready>>,
    /// Finished, and handed on together: waking the writer for each would cost more than small reports do.
    done: Vec<Ready>,
    options: &'w Options,
    budget: &'w Budget,
}

impl Worker<'_> {
    /// Works until nothing more can come, or nobody wants it.
    fn run(mut self) {
        let mut open_channels = 2;
        while open_channels > 0 {
            let at_hand = select! {
                recv(self.jobs) -> job => Some(job.inspect_err(|_| self.jobs = never())),
                recv(self.large_jobs) -> job => Some(job.inspect_err(|_| self.large_jobs = never())),
                default => None,
            };
            let job = match at_hand {
                Some(job) => job,
                None if !self.hand_on() => return,
                None => select! {
                    recv(self.jobs) -> job => job.inspect_err(|_| self.jobs = never()),
                    recv(self.large_jobs) -> job => job.inspect_err(|_| self.large_jobs = never()),
                },
            };
            let is_wanted = match job {
                Ok(job) => self.work(job),
                Err(_) => {
                    open_channels -= 1;
                    true
                }
            };
            if !is_wanted {
                return;
            }
        }
        self.hand_on();
    }

    /// Opens one delivery; `false` when nobody wants it.
    fn work(&mut self, Numbered { number, value, receipt }: Job) -> bool {
        let value = value.map(|delivery| prepare(delivery, self.options));
        let records = value.as_ref().map_or(0, Entry::records);
        self.budget.add(records.saturating_mul(RECORD_BYTES));
        self.done.push(Numbered { number, value, receipt });
        (self.done.len() < DONE_MAX && records < DONE_RECORDS_MAX) || self.hand_on()
    }

    fn hand_on(&mut self) -> bool {
        self.done.is_empty() || self.to_writer.send(std::mem::take(&mut self.done)).is_ok()
    }
}

/// The writing thread: this one.
struct Writer<'w> {
    store: &'w mut Store,
    budget: &'w Budget,
    batch: Vec<Entry>,
    batch_bytes: u64,
    batch_records: u64,
    tally: Tally,
    /// Fates of the batch.
    waiting: Vec<(u32, Fate)>,
    /// Fates of what is committed.
    fates: Vec<(u32, Fate)>,
}

impl Writer<'_> {
    fn run(
        mut self,
        ready: &Receiver<Vec<Ready>>,
        progress: &mut dyn FnMut(&Tally),
    ) -> Result<(Tally, Vec<(u32, Fate)>), StoreError> {
        let mut next = 0;
        let mut early = BTreeMap::new();
        loop {
            match ready.recv_timeout(BATCH_WAIT) {
                Ok(done) => early.extend(done.into_iter().map(|done| (done.number, (done.value, done.receipt)))),
                Err(RecvTimeoutError::Timeout) => self.commit(progress)?,
                Err(RecvTimeoutError::Disconnected) => break,
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
        self.budget.give(self.batch_bytes + self.batch_records * RECORD_BYTES);
        self.batch_bytes = 0;
        self.batch_records = 0;
        progress(&self.tally);
        Ok(())
    }
}

/// Bytes that may be in flight.
struct Budget {
    most: u64,
    used: Mutex<u64>,
    changed: Condvar,
    stopped: AtomicBool,
}

impl Budget {
    fn new(most: u64) -> Self {
        Self { most, used: Mutex::new(0), changed: Condvar::new(), stopped: AtomicBool::new(false) }
    }

    /// Waits until `bytes` fit, or until nothing else is in flight; `false` when everything stops.
    fn take(&self, bytes: u64) -> bool {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        let is_full = |used: u64| used > 0 && used.saturating_add(bytes) > self.most;
        while is_full(*used) && !self.stopped.load(Ordering::Relaxed) {
            used = self.changed.wait(used).unwrap_or_else(PoisonError::into_inner);
        }
        *used += bytes;
        !self.stopped.load(Ordering::Relaxed)
    }

    /// Counts bytes that are there already, without waiting: only reading more has to wait.
    fn add(&self, bytes: u64) {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        *used = used.saturating_add(bytes);
    }

    fn give(&self, bytes: u64) {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        *used = used.saturating_sub(bytes);
        self.changed.notify_all();
    }

    fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
        self.changed.notify_all();
    }
}
