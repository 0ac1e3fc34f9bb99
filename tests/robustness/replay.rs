//! Inputs that once crashed a fuzz target: `crash/<target>/<name>`. And every fixture, as a first corpus.

use std::path::{Path, PathBuf};

use crate::check;

/// Files below a folder, sorted.
fn files(folder: &Path) -> Vec<PathBuf> {
    let files =
        walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().map(|entry| entry.expect("a readable folder"));
    files.filter(|entry| entry.file_type().is_file()).map(walkdir::DirEntry::into_path).collect()
}

/// Runs `check` on each file, saying which.
fn each(folder: &str, check: impl Fn(&[u8])) -> usize {
    let files = files(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder));
    for file in &files {
        println!("{}", file.display());
        check(&std::fs::read(file).expect("a readable file"));
    }
    files.len()
}

#[test]
fn crashes_of_the_aggregate_target_stay_fixed() {
    each("tests/robustness/crash/aggregate", check::aggregate);
}

#[test]
fn crashes_of_the_archive_target_stay_fixed() {
    each("tests/robustness/crash/archive", check::archive);
}

#[test]
fn crashes_of_the_mail_target_stay_fixed() {
    each("tests/robustness/crash/mail", check::mail);
}

#[test]
fn crashes_of_the_pem_target_stay_fixed() {
    each("tests/robustness/crash/pem", check::pem);
}

#[test]
fn crashes_of_the_open_target_stay_fixed() {
    each("tests/robustness/crash/open", |bytes| check::open(bytes, true));
}

/// What the fuzzer found to be new in its own way, run by run: `tests/fuzz/kept/<target>.zip`.
fn each_kept(target: &str, check: fn(&[u8])) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/fuzz/kept/{target}.zip"));
    let mut kept = zip::ZipArchive::new(std::fs::File::open(path).expect("kept inputs")).expect("a zip archive");
    assert!(kept.len() > 500, "{target}: hardly anything is kept");
    for number in 0..kept.len() {
        let mut input = kept.by_index(number).expect("an input");
        println!("{target}: {}", String::from_utf8_lossy(input.name_raw()));
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut input, &mut bytes).expect("a readable input");
        check(&bytes);
    }
}

#[test]
fn what_a_fuzzer_reached_is_reached_on_stable_too() {
    each_kept("dmarc", check::dmarc);
    each_kept("spf", check::spf);
    each_kept("spf_tree", check::spf_tree);
    each_kept("dkim_key", check::dkim_key);
}

#[test]
fn what_a_fuzzer_reached_of_keys_is_reached_on_stable_too() {
    each_kept("pem", check::pem);
}

#[test]
fn records_hold_what_the_fuzzer_holds() {
    for (folder, check) in [
        ("dmarc", check::dmarc as fn(&[u8])),
        ("spf", check::spf as fn(&[u8])),
        ("spf_tree", check::spf_tree as fn(&[u8])),
        ("dkim_key", check::dkim_key as fn(&[u8])),
    ] {
        assert!(each(&format!("fixtures/dns/{folder}"), check) >= 5, "{folder} is empty");
    }
}

#[test]
fn keys_hold_what_the_fuzzer_holds() {
    assert!(each("fixtures/keys", check::pem) > 30, "no keys");
}

#[test]
fn every_quirk_and_story_holds_what_the_fuzzer_holds() {
    for folder in ["fixtures/quirk", "fixtures/malformed"] {
        assert!(each(folder, check::aggregate) > 10, "{folder} is empty");
        each(folder, check::archive);
        each(folder, check::mail);
        each(folder, |bytes| check::open(bytes, true));
    }
    assert!(each("fixtures/story", |bytes| check::open(bytes, false)) > 100, "no story");
}
