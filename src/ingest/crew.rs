//! Threads that open deliveries, and what is in flight between them and whoever reads and writes.
//!
//! They last for many runs. What a thread once needed is kept for it by the allocator: with new threads for each thousand
//! mails, each would in time be paid for what any of them needed.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread::ScopedJoinHandle;
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, bounded, never, select};

use super::prepare::{Options, prepare};
use crate::intake::{Delivery, FileError, Intake};
use crate::store::Entry;

/// Memory of a packed record with its sums, in bytes.
pub(super) const RECORD_BYTES: u64 = 100;
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
/// How often to look whether a reader that is to stop has stopped.
const STOP_WAIT: Duration = Duration::from_millis(10);

/// A delivery on its way, by its place in the order.
pub(super) struct Numbered<T> {
    pub(super) number: u64,
    pub(super) value: T,
    /// The intake wants to know what becomes of it.
    pub(super) receipt: Option<u32>,
}

/// A delivery on its way to be opened, or why it could not be read.
type Job = Numbered<Result<Delivery, FileError>>;
/// A delivery on its way to be stored.
pub(super) type Ready = Numbered<Result<Entry, FileError>>;

/// Threads at work for one run at a time.
pub(super) struct Crew<'c> {
    to_workers: Sender<Job>,
    to_first_worker: Sender<Job>,
    /// What was opened, in no order.
    pub(super) ready: Receiver<Vec<Ready>>,
    workers: Vec<ScopedJoinHandle<'c, ()>>,
    budget: &'c Budget,
}

/// Does `inside` with a crew at hand, whose threads end with it. At most `bytes_in_flight_max` of deliveries, and of what they
/// became, are in flight (one larger delivery may be in flight alone).
pub(super) fn with_crew<T>(options: &Options, bytes_in_flight_max: u64, inside: impl FnOnce(&Crew<'_>) -> T) -> T {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let budget = &Budget::new(bytes_in_flight_max);
    let (to_workers, jobs) = bounded::<Job>(DELIVERIES_IN_FLIGHT_MAX);
    let (to_first_worker, large_jobs) = bounded::<Job>(1);
    let (to_writer, ready) = bounded::<Vec<Ready>>(GROUPS_IN_FLIGHT_MAX);
    std::thread::scope(|scope| {
        let start = |number| {
            let large_jobs = if number == 0 { large_jobs.clone() } else { no_jobs() };
            let (jobs, to_writer) = (jobs.clone(), to_writer.clone());
            let worker = Worker { jobs, large_jobs, to_writer, done: Vec::new(), options, budget };
            scope.spawn(move || worker.run())
        };
        let workers = (0..threads).map(start).collect();
        drop((jobs, large_jobs, to_writer));
        inside(&Crew { to_workers, to_first_worker, ready, workers, budget })
    })
}

impl Crew<'_> {
    /// Reads all that `intake` delivers, and hands it to the threads; how many deliveries there were.
    pub(super) fn read(&self, intake: &mut (dyn Intake + Send)) -> u64 {
        let mut number = 0;
        // Asked before the next is read: a large one in flight leaves no room even for that.
        while self.budget.take(0) {
            let Some(value) = intake.next() else { break };
            let bytes = value.as_ref().map_or(0, |delivery| delivery.size_bytes);
            let receipt = value.as_ref().ok().and_then(|delivery| delivery.receipt);
            let to = if bytes >= LARGE_BYTES { &self.to_first_worker } else { &self.to_workers };
            if !self.budget.take(bytes) || to.send(Numbered { number, value, receipt }).is_err() {
                break;
            }
            number += 1;
        }
        number
    }

    /// Makes room for so many bytes more.
    pub(super) fn give(&self, bytes: u64) {
        self.budget.give(bytes);
    }

    /// A thread has failed, and what it had in hand is lost: they end only with the crew.
    pub(super) fn has_lost_one(&self) -> bool {
        self.workers.iter().any(ScopedJoinHandle::is_finished)
    }

    /// Waits until `reader` has ended. One that still has something to hand on must not wait for ever.
    pub(super) fn stop_reading<T>(&self, reader: &ScopedJoinHandle<'_, T>) {
        self.budget.stop();
        while !reader.is_finished() {
            drop(self.ready.recv_timeout(STOP_WAIT));
        }
        self.budget.go_on();
        if self.has_lost_one() {
            // Its own message was told already. Nothing may be done as if all were well.
            std::panic::resume_unwind(Box::new("a thread that opens deliveries has failed"));
        }
    }
}

/// A channel on which nothing comes.
fn no_jobs() -> Receiver<Job> {
    bounded(0).1
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
        // Whoever has just seen that it is not stopped has to wait by now, to be woken.
        let _used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        self.stopped.store(true, Ordering::Relaxed);
        self.changed.notify_all();
    }

    fn go_on(&self) {
        self.stopped.store(false, Ordering::Relaxed);
    }
}
