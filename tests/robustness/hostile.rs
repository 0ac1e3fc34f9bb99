//! Inputs made to hurt. Each goes through the real program, which must end with 0, in order, below the memory budget,
//! with a store that grew by little more than what it was given, and must say which limit it met.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use ruascope::limits::Limits;
use serde_json::Value;

use crate::forge::{
    CLAIM, Deflated, END, FROM_LINE, GZIP_HEAD, MAIL, MIB, Zip, file, gzip, head, mail, put, record, repeat, report,
    zip,
};
use crate::world::{Chance, World, count};

mod archive;
mod folder;
mod letter;
mod markup;
mod report_size;

/// The budget of design/performance.md, for any input.
const PEAK_BYTES_MAX: u64 = 96 << 20;
/// What a store may grow by, beside four times the bytes that it was given.
const STORE_BYTES_MAX: u64 = 16 << 20;

/// Bytes of the largest file that is opened.
const INPUT_BYTES_MAX: u64 = Limits::standard().input_bytes_max;

/// What became of an input.
struct Outcome {
    world: World,
    tally: Value,
    /// The reasons of all rejections.
    reasons: Vec<String>,
}

/// Writes a file called `name` and takes it in.
#[track_caller]
fn take_in(name: &str, write: impl FnOnce(&mut BufWriter<File>)) -> Outcome {
    let world = World::new();
    let path = file(world.path(name), write);
    let bytes = std::fs::metadata(&path).expect("it was written").len();
    take_in_path(world, &path, bytes)
}

/// Takes in bytes as a file that claims to be a report.
#[track_caller]
fn take_in_bytes(bytes: impl AsRef<[u8]>) -> Outcome {
    take_in(CLAIM, |out| put(out, bytes))
}

/// Takes in what lies at `path`, `bytes` in all, and holds the program to what it must always do.
#[track_caller]
fn take_in_path(world: World, path: &Path, bytes: u64) -> Outcome {
    let ran = world.run(&[Path::new("ingest"), path]);
    ran.is_orderly();
    let name = std::thread::current().name().unwrap_or_default().to_owned();
    println!(
        "{name}: peak {} MiB, {:.1} s, store {} KiB",
        ran.peak_bytes >> 20,
        ran.elapsed.as_secs_f64(),
        world.store_bytes() >> 10
    );
    let tally = ran.json();
    let grown = world.store_bytes();
    assert!(grown <= 4 * bytes + STORE_BYTES_MAX, "the store grew by {grown} bytes for an input of {bytes}");
    assert!(ran.peak_bytes <= PEAK_BYTES_MAX, "peak memory {} MiB: {tally}", ran.peak_bytes >> 20);
    let rejected = world.run(&["rejected"]).json();
    let rows = rejected["rejected"].as_array().expect("a list");
    let reasons = rows.iter().map(|row| row["reason"].as_str().unwrap_or_default().to_owned()).collect();
    Outcome { world, tally, reasons }
}

impl Outcome {
    /// Nothing but rejections came out, all of them because of one of `limits`.
    #[track_caller]
    fn is_rejected_by(&self, limits: &[&str]) -> &Self {
        let by_limit = |reason: &String| limits.iter().any(|limit| reason.contains(limit));
        assert!(
            !self.reasons.is_empty() && self.reasons.iter().all(by_limit),
            "{:?} is not by {limits:?}",
            self.reasons
        );
        self.holds(0, 0)
    }

    /// Nothing claimed to be a report, so nothing is kept.
    #[track_caller]
    fn is_ignored(&self) {
        assert!(self.reasons.is_empty() && count(&self.tally, "ignored") > 0, "{}", self.tally);
        self.holds(0, 0);
    }

    /// So many reports and records came out, and what is stored adds up.
    #[track_caller]
    fn holds(&self, reports: u64, records: u64) -> &Self {
        let found = (count(&self.tally, "reports_new"), count(&self.tally, "records"));
        assert_eq!(found, (reports, records), "{} {:?}", self.tally, self.reasons);
        self
    }

    /// So many inputs were rejected, by `limit`.
    #[track_caller]
    fn rejected(&self, inputs: usize, limit: &str) -> &Self {
        assert!(
            self.reasons.len() == inputs && self.reasons.iter().all(|reason| reason.contains(limit)),
            "{:?}",
            self.reasons
        );
        self
    }
}
