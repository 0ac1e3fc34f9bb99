#![expect(clippy::disallowed_methods, clippy::print_stdout, reason = "a benchmark reads arguments, clock and files")]
//! The library as shipped: takes a folder into a fresh store, notes, identity, raw bytes and daily sums included.
//!
//!     cargo bench --bench ingest -- CORPUS [STORE]
//!
//! Prints one line: program, corpus, seconds, reports, records, peak memory in KiB, store size in bytes.

use std::path::Path;
use std::time::Instant;

use ruascope::ingest::{self, Options};
use ruascope::intake::Files;
use ruascope::limits::Limits;
use ruascope::store::Store;

#[path = "shared/corpus.rs"]
mod corpus;
#[path = "shared/process.rs"]
mod process;

fn main() -> anyhow::Result<()> {
    let Some((folder, store)) = corpus::arguments("ingest") else { return Ok(()) };
    let start = Instant::now();
    let tally = take_in(&folder, &store)?;
    let seconds = start.elapsed().as_secs_f64();
    println!("{}", corpus::line("ingest", &folder, seconds, tally.0, tally.1, &store));
    Ok(())
}

/// Reports and records that were stored.
fn take_in(folder: &Path, path: &Path) -> anyhow::Result<(u64, u64)> {
    let mut store = Store::open(path)?;
    let limits = Limits::standard();
    let options = Options { limits, keep_raw: true, now_s: 1_800_000_000 };
    let mut files = Files::new(vec![folder.to_owned()], limits);
    let tally = ingest::run(&mut files, &mut store, &options, &mut |_| {})?;
    Ok((tally.delivered.reports_new, tally.delivered.records))
}
