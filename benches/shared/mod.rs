//! What the two programs that are compared have in common.

use std::path::{Path, PathBuf};

/// Corpus and store; says how to call the program, and gives nothing, when no corpus is named.
pub(crate) fn arguments(program: &str) -> Option<(PathBuf, PathBuf)> {
    let mut paths = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).map(PathBuf::from);
    let Some(corpus) = paths.next() else {
        println!("usage: cargo bench --bench {program} -- CORPUS [STORE]");
        return None;
    };
    let store = paths.next().unwrap_or_else(|| std::env::temp_dir().join(format!("ruascope-bench-{program}.db")));
    for end in ["", "-wal", "-shm"] {
        // It need not be there.
        let _removed = std::fs::remove_file(format!("{}{end}", store.display()));
    }
    Some((corpus, store))
}

/// The line that `benches/run.sh` reads.
pub(crate) fn line(program: &str, corpus: &Path, seconds: f64, reports: u64, records: u64, store: &Path) -> String {
    let name = corpus.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let size_bytes = std::fs::metadata(store).map_or(0, |metadata| metadata.len());
    format!("{program}\t{name}\t{seconds:.4}\t{reports}\t{records}\t{}\t{size_bytes}", peak_memory_kib())
}

/// Peak memory of this process as Linux counts it; 0 elsewhere.
pub(crate) fn peak_memory_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    peak.split_whitespace().next().and_then(|number| number.parse().ok()).unwrap_or(0)
}
