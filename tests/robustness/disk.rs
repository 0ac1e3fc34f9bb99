//! Disks that are full or can only be read.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::forge::{Deflated, END, file, folder, head, put, record};
use crate::world::{Chance, Ran, World, count};

/// A small disk of memory, which needs root; unmounted at the end.
struct Disk {
    world: World,
    at: PathBuf,
}

impl Disk {
    /// A disk of `kib` kibibytes with the world's store on it; `None` where mounting is not allowed.
    fn new(kib: u64) -> Option<Self> {
        let mut world = World::new();
        let at = world.path("disk");
        std::fs::create_dir(&at).expect("a new folder");
        if !mount(&["-t", "tmpfs", "-o", &format!("size={kib}k"), "tmpfs"], &at) {
            return None;
        }
        world.store = at.join("store.db");
        Some(Self { world, at })
    }

    #[track_caller]
    fn remount(&self, options: &str) {
        // A child that another test has just forked holds our open files until it becomes its program.
        let done = (0..100).any(|_| {
            let done = self.try_remount(options);
            if !done {
                std::thread::sleep(std::time::Duration::from_millis(20));
            }
            done
        });
        assert!(done, "remount {options}");
    }

    /// Whether the disk can be so: not smaller than what is on it.
    fn try_remount(&self, options: &str) -> bool {
        mount(&["-o", &format!("remount,{options}")], &self.at)
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let unmounted = Command::new("umount").arg("--lazy").arg(&self.at).status();
        assert!(std::thread::panicking() || unmounted.is_ok_and(|status| status.success()), "a disk stays mounted");
    }
}

fn mount(arguments: &[&str], at: &Path) -> bool {
    let ran = Command::new("mount").args(arguments).arg(at).output();
    ran.is_ok_and(|ran| ran.status.success())
}

/// A disk, or a note and nothing: without root the tests with `ulimit -f` have to do.
fn disk(kib: u64) -> Option<Disk> {
    let disk = Disk::new(kib);
    if disk.is_none() {
        assert!(!is_root_with_mounts(), "root could not mount a disk");
        println!("no disk can be mounted here: only file size limits are tried");
    }
    disk
}

/// The capability that mounting needs.
const CAP_SYS_ADMIN: u64 = 1 << 21;

/// CI is root and allowed to mount; there a missing disk is a failure.
fn is_root_with_mounts() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let capabilities = status
        .lines()
        .find_map(|line| line.strip_prefix("CapEff:"))
        .and_then(|hex| u64::from_str_radix(hex.trim(), 16).ok());
    capabilities.is_some_and(|capabilities| capabilities & CAP_SYS_ADMIN != 0)
}

/// Reports that don't compress: about 30 KiB each.
fn bulky(path: &Path, reports: usize) {
    std::fs::create_dir(path).expect("a new folder");
    let mut chance = Chance(3);
    for number in 0..reports {
        let noise: String = (0..2_000).map(|_| format!("{:016x}", chance.next())).collect();
        let document = format!("{}<!--{noise}-->{}{END}", head(&format!("bulky-{number}")), record(1, 1));
        let bytes = Deflated::of(&[(document.as_bytes(), 1)]).gzip();
        file(path.join(format!("{number}.xml.gz")), |out| put(out, bytes));
    }
}

/// The error of a full disk: 74, and what to do.
#[track_caller]
fn says_full(ran: &Ran) {
    ran.is_orderly();
    let (code, message, hints) = ran.error();
    assert_eq!(code, 74, "{message}");
    assert!(message.contains("disk") && hints.contains("space"), "{message} {hints}");
}

#[test]
fn a_full_disk_is_told_and_a_larger_one_completes_the_run() {
    const REPORTS: usize = 100;
    let Some(disk) = disk(64) else { return };
    let files = disk.world.path("files");
    bulky(&files, REPORTS);
    let mut told = 0;
    // From no room for an empty store to room for everything.
    let total = (1..).map(|step| 64 * step).find_map(|kib| {
        assert!(kib < 64 << 10, "64 MiB are enough");
        // An empty store alone may need more.
        if !disk.try_remount(&format!("size={kib}k")) {
            return None;
        }
        let ran = disk.world.run(&[Path::new("ingest"), &files]);
        if ran.code() == Some(0) {
            return Some(ran.json());
        }
        says_full(&ran);
        told += 1;
        // Opened again with room to work in, what is there is whole; then the disk is small again.
        disk.remount("size=64m");
        disk.world.audit();
        None
    });
    let total = total.expect("the loop ends with a success");
    let reports = u64::try_from(REPORTS).expect("a count");
    assert!(told > 10, "full only {told} times");
    assert_eq!(count(&total, "reports_new") + count(&total, "reports_duplicate"), reports);
    assert_eq!(count(&disk.world.stats(), "reports"), reports);
    assert_eq!(disk.world.audit(), reports);
}

#[test]
fn questions_on_a_full_disk_are_answered() {
    let Some(disk) = disk(8 << 10) else { return };
    let files = folder(&disk.world.path("files"), "asked", 50);
    disk.world.ingest(&files);
    let before = disk.world.stats();
    let filler = disk.at.join("filler");
    // It ends where the disk does.
    let _full = std::fs::write(&filler, vec![1; 16 << 20]);
    assert_eq!(disk.world.stats(), before);
    assert_eq!(disk.world.audit(), 50);
    disk.world.run(&["summary"]).is_orderly().json();
    let more = folder(&disk.world.path("more"), "more", 50);
    says_full(&disk.world.run(&[Path::new("ingest"), &more]));
    says_full(&disk.world.run(&["store", "rebuild"]));
    std::fs::remove_file(&filler).expect("the filler");
    disk.world.ingest(&more);
    assert_eq!(disk.world.audit(), 100);
}

/// The n-th growth of a file fails, for many n; this needs no root.
#[test]
fn a_file_that_may_not_grow_is_told_and_nothing_is_torn() {
    let world = World::new();
    let files = world.path("files");
    bulky(&files, 30);
    let mut failed = 0;
    // What the program says goes into files too: they need a little.
    for kib in (1..).map(|step| step * 52) {
        assert!(kib < 64 << 10, "64 MiB are enough");
        // In blocks of 512 bytes.
        let ran = world.run_after(&format!("ulimit -f {};", kib * 2), &[Path::new("ingest"), &files]);
        ran.is_orderly();
        if ran.code() == Some(0) {
            break;
        }
        failed += 1;
        let (code, message, _) = ran.error();
        assert!((73..=74).contains(&code), "{code}: {message}");
        world.audit();
    }
    assert!(failed > 10, "failed only {failed} times");
    let stats = world.stats();
    assert_eq!((count(&stats, "reports"), count(&stats, "rejected")), (30, 0));
    assert_eq!(world.audit(), 30);
}

/// Ingest can't write, says so with a hint, and questions are answered as before.
#[track_caller]
fn can_only_be_read(world: &World, before: &serde_json::Value, more: &Path) {
    assert_eq!(&world.stats(), before);
    world.audit();
    for question in [&["summary"][..], &["reports"], &["sources"], &["rejected"]] {
        world.run(question).is_orderly().json();
    }
    for writing in [vec![Path::new("ingest"), more], vec![Path::new("store"), Path::new("rebuild")]] {
        let ran = world.run(&writing);
        let (code, message, hints) = ran.is_orderly().error();
        assert!([73, 74, 77].contains(&code) && hints.contains("--store"), "{code}: {message} {hints}");
    }
    assert_eq!(&world.stats(), before);
}

#[test]
fn a_store_on_a_disk_that_can_only_be_read_is_read() {
    let Some(disk) = disk(16 << 10) else { return };
    disk.world.ingest(&folder(&disk.world.path("files"), "read", 50));
    let before = disk.world.stats();
    disk.remount("ro");
    can_only_be_read(&disk.world, &before, &folder(&disk.world.path("more"), "more", 5));
    disk.remount("rw");
    disk.world.ingest(&disk.world.path("more"));
    assert_eq!(disk.world.audit(), 55);
}

#[test]
fn a_store_file_that_can_only_be_read_is_read() {
    let Some(disk) = disk(16 << 10) else { return };
    disk.world.ingest(&folder(&disk.world.path("files"), "file", 50));
    let before = disk.world.stats();
    let file = disk.world.store.clone();
    assert!(
        mount(&["--bind", &file.display().to_string()], &file) && mount(&["-o", "remount,bind,ro"], &file),
        "a read-only file"
    );
    can_only_be_read(&disk.world, &before, &folder(&disk.world.path("more"), "more", 5));
}

/// A crash left a journal with committed reports in it: they are there, or it is said that they can't be read.
#[test]
fn a_journal_on_a_disk_that_can_only_be_read_is_not_overlooked() {
    let Some(disk) = disk(32 << 10) else { return };
    let world = &disk.world;
    world.ingest(&folder(&world.path("files"), "first", 20));
    // Whoever holds the store open keeps the journal from being taken over by the next to close it.
    let holder = rusqlite::Connection::open(&world.store).expect("the store");
    let held: i64 = holder.query_row("SELECT count(*) FROM report", [], |row| row.get(0)).expect("a question");
    assert_eq!(held, 20);
    world.ingest(&folder(&world.path("more"), "more", 30));
    let (journal, copy) = (PathBuf::from(format!("{}-wal", world.store.display())), world.path("wal"));
    assert!(std::fs::metadata(&journal).is_ok_and(|file| file.len() > 0), "a journal");
    std::fs::copy(&journal, &copy).expect("the disk has room");
    let main = std::fs::read(&world.store).expect("the store");
    drop(holder);
    std::fs::write(&world.store, main).expect("the disk has room");
    std::fs::copy(&copy, &journal).expect("the disk has room");
    disk.remount("ro");
    let ran = world.run(&["store", "stats"]);
    if ran.code() == Some(0) {
        assert_eq!(count(&ran.json(), "reports"), 50, "committed reports were overlooked");
    } else {
        ran.is_orderly().error();
    }
    disk.remount("rw");
    assert_eq!(count(&world.stats(), "reports"), 50);
    assert_eq!(world.audit(), 50);
}

#[test]
fn a_folder_that_can_only_be_read_can_hold_no_new_store() {
    let Some(disk) = disk(1 << 10) else { return };
    disk.remount("ro");
    let files = folder(&disk.world.path("files"), "none", 2);
    let ran = disk.world.run(&[Path::new("ingest"), &files]);
    let (code, message, hints) = ran.is_orderly().error();
    assert!([73, 74, 77].contains(&code) && hints.contains("--store"), "{code}: {message} {hints}");
    // A store that does not exist answers like an empty one.
    assert_eq!(count(&disk.world.stats(), "reports"), 0);
}

#[test]
fn things_that_are_no_store_are_told() {
    let world = World::new();
    std::fs::write(&world.store, "no database at all, but long enough to look at: ".repeat(1_000))
        .expect("the disk has room");
    let files = folder(&world.path("files"), "nostore", 1);
    for arguments in [vec![Path::new("ingest"), &files], vec![Path::new("store"), Path::new("stats")]] {
        let (code, message, _) = world.run(&arguments).is_orderly().error();
        assert!([65, 73, 74].contains(&code), "{code}: {message}");
    }
    let world = World::new();
    std::fs::create_dir(&world.store).expect("a folder");
    let (code, message, _) = world.run(&[Path::new("ingest"), &files]).is_orderly().error();
    assert!([73, 74].contains(&code), "{code}: {message}");
}
