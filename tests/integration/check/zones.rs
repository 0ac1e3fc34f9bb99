//! Whole text and JSON of `check` on zones that answer in every way that DNS can: `expected/NAME.zone`, `NAME.txt` and
//! `NAME.json`. `just check-expected` writes the outputs again.

use std::path::PathBuf;

use serde_json::Value;

use super::World;
use crate::harness::{assert_none, files_below, name_of, read, root};

const SETTINGS: &str = "[[domain]]\nname = \"example.com\"\n[[domain.dkim]]\nselector = \"s1\"\n";
/// Set by `just check-expected`.
const WRITE: &str = "RUASCOPE_WRITE_CHECK";

/// The name of the zone, and where it is.
fn zones() -> Vec<(String, PathBuf)> {
    let files = files_below(&root().join("tests/integration/check/expected"));
    let zones = files.into_iter().filter_map(|path| Some((name_of(&path).strip_suffix(".zone")?.to_owned(), path)));
    zones.collect()
}

/// Whole output and exit code.
fn outputs(world: &World, domain: &str) -> (String, String) {
    let run = |format: &str| {
        let output = world.run(&["check", domain, "--format", format]).command().output().expect("the program runs");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{domain}");
        (String::from_utf8(output.stdout).expect("UTF-8"), output.status.code().unwrap_or(-1))
    };
    let ((text, exit), (json, json_exit)) = (run("text"), run("json"));
    assert_eq!(exit, json_exit);
    let object: Value = serde_json::from_str(&json).expect("JSON");
    (format!("{text}exit {exit}\n"), format!("{object:#}\n"))
}

#[test]
fn every_kind_of_answer_has_its_words() {
    let mut problems = Vec::new();
    let zones = zones();
    assert!(zones.len() >= 11);
    for (name, path) in zones {
        let domain = if name == "international" { "例え.jp" } else { "example.com" };
        let (text, json) = outputs(&World::new(&read(&path), SETTINGS), domain);
        for (ending, found) in [("txt", text), ("json", json)] {
            let path = path.with_extension(ending);
            if std::env::var_os(WRITE).is_some() {
                std::fs::write(&path, &found).expect("a file");
            }
            let expected = std::fs::read_to_string(&path).unwrap_or_default();
            if expected != found {
                problems.push(format!("{name}.{ending} differs; `just check-expected` writes it again\n{found}"));
            }
        }
    }
    assert_none(&problems);
}
