//! How the two programs that are compared are called, and what they print.

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
pub(crate) fn line(program: &str, folder: &Path, seconds: f64, reports: u64, records: u64, store: &Path) -> String {
    let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let size_bytes = std::fs::metadata(store).map_or(0, |metadata| metadata.len());
    let (peak_kib, cpu_centis) = (crate::process::peak_kib(), crate::process::cpu_centis());
    format!("{program}\t{name}\t{seconds:.4}\t{reports}\t{records}\t{peak_kib}\t{size_bytes}\t{cpu_centis}")
}
