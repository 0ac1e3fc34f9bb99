//! Several programs on one new store at once: nobody fails, nothing is counted twice or lost.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::forge::folder;
use crate::world::{Running, World, count, start};

/// Files of each folder.
const FILES: usize = 400;

/// Takes in `folders`, each by a process of its own, all at once, while somebody keeps asking; gives the sum of new
/// reports and of duplicates that they told.
fn at_once(world: &World, folders: &[PathBuf]) -> (u64, u64) {
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut last = 0;
            let mut asked = 0;
            while !done.load(Ordering::Relaxed) {
                let reports = count(&world.stats(), "reports");
                assert!(reports >= last, "{reports} reports after {last}");
                (last, asked) = (reports, asked + 1);
            }
            asked
        });
        let writers: Vec<Running> = folders.iter().map(|folder| world.start(&[Path::new("ingest"), folder])).collect();
        let waiting: Vec<_> = writers.into_iter().map(|writer| scope.spawn(|| writer.finish())).collect();
        let ended: Vec<_> = waiting.into_iter().map(std::thread::ScopedJoinHandle::join).collect();
        done.store(true, Ordering::Relaxed);
        assert!(reader.join().expect("the reader never fails") > 0, "nobody asked");
        let tallies = ended.into_iter().map(|ran| ran.expect("a writer that is waited for").json());
        tallies.fold((0, 0), |(new, twice), tally| {
            (new + count(&tally, "reports_new"), twice + count(&tally, "reports_duplicate"))
        })
    })
}

/// `processes` at once on folders of their own.
fn disjoint(processes: usize) {
    let world = World::new();
    let folders: Vec<PathBuf> = (0..processes)
        .map(|number| folder(&world.path(&format!("in-{number}")), &format!("disjoint-{number}"), FILES))
        .collect();
    let total = u64::try_from(processes * FILES).expect("a count");
    assert_eq!(at_once(&world, &folders), (total, 0));
    holds(&world, total);
}

/// `processes` at once on the same folder.
fn identical(processes: usize) {
    let world = World::new();
    let one = folder(&world.path("in"), "identical", FILES);
    let files = u64::try_from(FILES).expect("a count");
    let twice = files * u64::try_from(processes - 1).expect("a count");
    assert_eq!(at_once(&world, &vec![one; processes]), (files, twice));
    holds(&world, files);
}

#[track_caller]
fn holds(world: &World, reports: u64) {
    let stats = world.stats();
    assert_eq!((count(&stats, "reports"), count(&stats, "records")), (reports, 2 * reports));
    // Each report is of two records, of 1 and of 2 mails.
    assert_eq!(count(&stats, "mails"), 3 * reports);
    assert_eq!(world.audit(), reports);
}

#[test]
fn two_ingests_of_their_own_files() {
    disjoint(2);
}

#[test]
fn four_ingests_of_their_own_files() {
    disjoint(4);
}

#[test]
fn two_ingests_of_the_same_files() {
    identical(2);
}

#[test]
fn four_ingests_of_the_same_files() {
    identical(4);
}

#[test]
fn many_programs_make_a_new_store_at_once() {
    for _ in 0..8 {
        let world = World::new();
        let started: Vec<Running> = (0..12).map(|_| start(&world.store, &["store", "rebuild"], "")).collect();
        for running in started {
            running.finish().json();
        }
        assert_eq!(world.audit(), 0);
    }
}

/// Turning a new file into a store takes its lock in two steps, and SQLite does not wait between them by itself.
#[test]
fn a_file_that_another_program_is_turning_into_a_store_is_waited_for() {
    let world = World::new();
    let other = rusqlite::Connection::open(&world.store).expect("a new file");
    other.execute_batch("BEGIN IMMEDIATE").expect("its lock");
    let mut other = Some(other);
    let started = Instant::now();
    let ran = world.start(&["store", "rebuild"]).until(|| {
        if started.elapsed() > Duration::from_millis(500) {
            other = None;
        }
        false
    });
    ran.json();
    assert!(other.is_none(), "it did not wait: {ran:?}");
    assert_eq!(world.audit(), 0);
}

#[test]
fn an_ingest_beside_a_rebuild_and_a_prune() {
    let world = World::new();
    let before = folder(&world.path("before"), "before", FILES);
    let more = folder(&world.path("more"), "more", FILES);
    world.ingest(&before);
    let ingest = world.start(&[Path::new("ingest"), &more]);
    let rebuild = world.start(&["store", "rebuild"]);
    let prune = world.start(&["store", "prune", "--keep-days", "36500"]);
    for running in [ingest, rebuild, prune] {
        running.finish().json();
    }
    holds(&world, u64::try_from(2 * FILES).expect("a count"));
}
