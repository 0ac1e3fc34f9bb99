//! A temp dir, a clean environment, and children that are watched.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// No child may run longer.
const WATCHDOG: Duration = Duration::from_mins(1);
/// A runaway child dies here instead of taking the machine along; what is asserted is measured memory.
const DATA_KIB_MAX: u64 = 1 << 20;
/// How often memory is looked at. `VmHWM` never falls, so only what comes in the last moment is missed.
const LOOK_EVERY: Duration = Duration::from_millis(1);

/// A folder with a store and inputs in it.
pub(crate) struct World {
    pub(crate) dir: TempDir,
    /// The store's file.
    pub(crate) store: PathBuf,
}

impl World {
    pub(crate) fn new() -> Self {
        let dir = TempDir::new().expect("a temp dir");
        let store = dir.path().join("store.db");
        Self { dir, store }
    }

    /// A path in the folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Runs the program on this world's store.
    pub(crate) fn run<A: AsRef<std::ffi::OsStr>>(&self, arguments: &[A]) -> Ran {
        self.start(arguments).finish()
    }

    /// Starts the program on this world's store.
    pub(crate) fn start<A: AsRef<std::ffi::OsStr>>(&self, arguments: &[A]) -> Running {
        start(&self.store, arguments, "")
    }

    /// As [`Self::run`], with more shell words before the program starts: `ulimit -f 8;`.
    pub(crate) fn run_after<A: AsRef<std::ffi::OsStr>>(&self, prelude: &str, arguments: &[A]) -> Ran {
        start(&self.store, arguments, prelude).finish()
    }

    /// Takes in `path`; the program must succeed.
    #[track_caller]
    pub(crate) fn ingest(&self, path: &Path) -> Value {
        self.run(&[Path::new("ingest"), path]).json()
    }

    /// What `store stats` says, without what depends on time and file.
    #[track_caller]
    pub(crate) fn stats(&self) -> Value {
        let mut stats = self.run(&["store", "stats"]).json();
        stats.as_object_mut().expect("an object").remove("size_bytes");
        stats
    }

    /// Everything adds up and the file is sound; gives the reports that were audited.
    #[track_caller]
    pub(crate) fn audit(&self) -> u64 {
        let ran = self.run(&["store", "audit"]);
        assert_eq!(ran.code(), Some(0), "audit: {}{}", ran.stdout, ran.stderr);
        count(&ran.json(), "reports")
    }

    /// Bytes of the store's file and its journal.
    pub(crate) fn store_bytes(&self) -> u64 {
        let wal = PathBuf::from(format!("{}-wal", self.store.display()));
        [&self.store, &wal].iter().filter_map(|path| fs::metadata(path).ok()).map(|file| file.len()).sum()
    }
}

/// A number of a JSON object.
#[track_caller]
pub(crate) fn count(object: &Value, name: &str) -> u64 {
    object[name].as_u64().unwrap_or_else(|| panic!("no number {name} in {object}"))
}

/// Starts `ruascope --store STORE …`, which answers in JSON, in a clean environment, below the ceiling.
pub(crate) fn start<A: AsRef<std::ffi::OsStr>>(store: &Path, arguments: &[A], prelude: &str) -> Running {
    let outputs = TempDir::new().expect("a temp dir");
    let file = |name: &str| File::create(outputs.path().join(name)).expect("an output file");
    // A signal by a file that grows too large would be no error that the program can report.
    let script = format!("trap '' XFSZ; ulimit -d {DATA_KIB_MAX}; {prelude} exec \"$0\" \"$@\"");
    let child = Command::new("sh")
        .args(["-c", &script, env!("CARGO_BIN_EXE_ruascope"), "--store"])
        .arg(store)
        .args(arguments)
        .env_clear()
        .env("HOME", outputs.path())
        .env("PATH", "/usr/bin:/bin")
        .env("TZ", "Pacific/Chatham")
        .env("LC_ALL", "C.UTF-8")
        .env("RUASCOPE_FORMAT", "json")
        .current_dir(outputs.path())
        .stdin(Stdio::null())
        .stdout(file("out"))
        .stderr(file("err"))
        .spawn()
        .expect("sh starts");
    Running { child, outputs, started: Instant::now(), peak_bytes: 0 }
}

/// A child at work.
pub(crate) struct Running {
    child: Child,
    outputs: TempDir,
    started: Instant,
    peak_bytes: u64,
}

impl Running {
    /// Waits for the end, or until `kill` says so; then the child is killed with SIGKILL.
    pub(crate) fn until(mut self, mut kill: impl FnMut() -> bool) -> Ran {
        let status = loop {
            if let Some(status) = self.child.try_wait().expect("a child can be waited for") {
                break status;
            }
            self.peak_bytes = self.peak_bytes.max(peak_bytes_of(self.child.id()).unwrap_or(0));
            let too_long = self.started.elapsed() > WATCHDOG;
            if too_long || kill() {
                self.child.kill().expect("a child can be killed");
                let status = self.child.wait().expect("a child can be waited for");
                assert!(!too_long, "still running after {WATCHDOG:?}; it said: {}", self.said("err"));
                break status;
            }
            std::thread::sleep(LOOK_EVERY);
        };
        Ran {
            status,
            stdout: self.said("out"),
            stderr: self.said("err"),
            peak_bytes: self.peak_bytes,
            elapsed: self.started.elapsed(),
        }
    }

    /// Waits for the end.
    pub(crate) fn finish(self) -> Ran {
        self.until(|| false)
    }

    fn said(&self, name: &str) -> String {
        let bytes = fs::read(self.outputs.path().join(name)).expect("what the child said");
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

/// A panicking test leaves nothing running.
impl Drop for Running {
    fn drop(&mut self) {
        // It has ended already, or it is to end now.
        let _ended = self.child.kill();
        let _status = self.child.wait();
    }
}

/// What became of a child.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) status: ExitStatus,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) peak_bytes: u64,
    pub(crate) elapsed: Duration,
}

impl Ran {
    /// The exit code; `None` when it was killed.
    pub(crate) fn code(&self) -> Option<i32> {
        self.status.code()
    }

    /// The object on standard output; the program must have succeeded.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.code(), Some(0), "{}{}", self.stdout, self.stderr);
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {}", self.stdout))
    }

    /// The error object on standard error: exit code, message, hints.
    #[track_caller]
    pub(crate) fn error(&self) -> (i32, String, String) {
        let code = self.code().unwrap_or_else(|| panic!("killed: {:?} {}", self.status, self.stderr));
        let line = self
            .stderr
            .lines()
            .find(|line| line.starts_with('{'))
            .unwrap_or_else(|| panic!("no error object: {}", self.stderr));
        let object: Value = serde_json::from_str(line).expect("the error is JSON");
        let message = format!("{}: {}", object["message"].as_str().unwrap_or_default(), object["causes"]);
        (code, message, object["hints"].to_string())
    }

    /// No panic, no abort, whatever else happened.
    #[track_caller]
    pub(crate) fn is_orderly(&self) -> &Self {
        let bad = ["panicked", "RUST_BACKTRACE", "memory allocation", "stack overflow"];
        assert!(!bad.iter().any(|word| self.stderr.contains(word)), "{}", self.stderr);
        assert!(self.code().is_some(), "ended by a signal: {:?}", self.status);
        self
    }
}

/// The most memory that process `id` has had resident; `None` once it has ended.
fn peak_bytes_of(id: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1_024)
}

/// Numbers that look random and are the same in every run (SplitMix64).
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }
}
