//! SIGKILL at any moment: what was committed stays, the rest is taken in by the next run, and everything adds up.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::forge::folder;
use crate::world::{Chance, Ran, Running, World, count};

/// Files that are taken in.
const FILES: u64 = 5_000;
/// Times that a run is killed.
const KILLS: u64 = 50;

/// Where in a run to kill it: by the clock, or by how far its journal has grown, which is always during a write.
#[derive(Clone, Copy, Debug)]
enum Moment {
    After(Duration),
    Journal(u64),
}

impl Moment {
    /// Half of the moments by the clock, half by the journal.
    fn any(chance: &mut Chance, run: Duration, journal_bytes: u64) -> Self {
        let micros = u64::try_from(run.as_micros()).expect("a short run");
        if chance.below(2) == 0 {
            Self::After(Duration::from_micros(chance.below(micros)))
        } else {
            Self::Journal(chance.below(journal_bytes))
        }
    }

    /// Kills a child at this moment, unless it ends before.
    fn kill(self, running: Running, journal: &Path) -> Ran {
        let started = Instant::now();
        running.until(|| match self {
            Self::After(delay) => started.elapsed() >= delay,
            Self::Journal(bytes) => std::fs::metadata(journal).is_ok_and(|file| file.len() > bytes),
        })
    }
}

/// The journal beside a store.
fn journal_of(store: &Path) -> PathBuf {
    PathBuf::from(format!("{}-wal", store.display()))
}

/// What an undisturbed run leaves.
struct Undisturbed {
    stats: Value,
    took: Duration,
}

fn undisturbed(files: &Path) -> Undisturbed {
    let world = World::new();
    let ran = world.run(&[Path::new("ingest"), files]);
    assert_eq!(count(&ran.json(), "reports_new"), world.audit());
    Undisturbed { stats: world.stats(), took: ran.elapsed }
}

#[test]
fn an_ingest_that_is_killed_fifty_times_ends_like_one_that_was_not() {
    let inputs = World::new();
    let files = folder(&inputs.path("files"), "kill", usize::try_from(FILES).expect("a count"));
    let expected = undisturbed(&files);
    let mut chance = Chance(7);
    let (mut world, mut killed, mut completed) = (World::new(), 0, 0);
    while killed < KILLS {
        let moment = Moment::any(&mut chance, expected.took, 2 << 20);
        let ran = moment.kill(world.start(&[Path::new("ingest"), &files]), &journal_of(&world.store));
        killed += u64::from(ran.code().is_none());
        if let Some(code) = ran.code() {
            assert_eq!(code, 0, "{moment:?}: {}", ran.stderr);
        }
        let stats = world.stats();
        let reports = count(&stats, "reports");
        assert!(reports <= FILES && count(&stats, "records") == 2 * reports, "after {moment:?}: {stats}");
        if reports == FILES {
            // From the start again: a store with everything in it has little left to interrupt.
            assert_eq!(stats, expected.stats);
            if completed == 0 {
                assert_eq!(world.audit(), FILES);
            }
            (world, completed) = (World::new(), completed + 1);
        }
    }
    world.ingest(&files);
    assert_eq!(world.stats(), expected.stats);
    assert_eq!(world.audit(), FILES);
    println!("{killed} kills, {completed} stores completed on the way, a run takes {:?}", expected.took);
}

/// Runs `arguments` on copies of a store and kills them; each leaves what was there before or what is there afterwards.
fn before_or_after(arguments: &[&str], kills: u64, expect_change: bool) {
    let inputs = World::new();
    let files = folder(&inputs.path("files"), "upkeep", 1_500);
    let old = folder(&inputs.path("old"), "old", 10);
    for file in std::fs::read_dir(&old).expect("a folder").map(|file| file.expect("a file").path()) {
        age(&file);
    }
    let ready = World::new();
    ready.ingest(&files);
    ready.ingest(&old);
    let before = ready.stats();
    let world = copy_of(&ready);
    let took = world.run(arguments);
    took.json();
    let after = world.stats();
    assert_eq!(before != after, expect_change);
    let mut chance = Chance(11);
    let (mut killed, mut tries) = (0, 0);
    while killed < kills && tries < 4 * kills {
        tries += 1;
        let world = copy_of(&ready);
        let moment = Moment::any(&mut chance, took.elapsed, 1 << 20);
        let ran = moment.kill(world.start(arguments), &journal_of(&world.store));
        killed += u64::from(ran.code().is_none());
        let stats = world.stats();
        assert!(stats == before || stats == after, "{moment:?}: {stats}");
        assert_eq!(world.audit(), count(&stats, "reports"));
        world.run(arguments).json();
        assert_eq!(world.stats(), after);
        assert_eq!(world.audit(), count(&after, "reports"));
    }
    assert_eq!(killed, kills, "only {killed} of {tries} runs could be killed before their end");
}

/// Turns a report of `folder` into one of 2001.
fn age(file: &Path) {
    let bytes = std::fs::read(file).expect("a file");
    let mut text = String::new();
    std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(bytes.as_slice()), &mut text)
        .expect("our own gzip");
    let aged = text.replace("1790000000", "1000000000").replace("1790086399", "1000086399");
    std::fs::write(file, crate::forge::gzip(aged.as_bytes())).expect("the disk has room");
}

/// A world with a copy of another's store, which nobody has open.
fn copy_of(world: &World) -> World {
    let copy = World::new();
    std::fs::copy(&world.store, &copy.store).expect("the disk has room");
    assert!(!journal_of(&world.store).exists(), "the last process to close a store leaves no journal");
    copy
}

#[test]
fn a_rebuild_that_is_killed_changes_nothing() {
    before_or_after(&["store", "rebuild"], 8, false);
}

#[test]
fn a_prune_that_is_killed_took_out_all_or_nothing() {
    before_or_after(&["store", "prune", "--keep-days", "3650", "--now", "2026-11-01T00:00:00Z"], 8, true);
}
