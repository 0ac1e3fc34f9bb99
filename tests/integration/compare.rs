//! What `check` finds in the zones of `tests/compare/zones.py`, beside what checkdmarc said about them on the day that
//! `tests/compare/recorded.json` names. Nothing of it is missed, and the table in `docs/check.md` is that of today;
//! `just compare` writes it again.

use std::process::Command;

use serde_json::{Value, json};

use crate::harness::{Place, assert_none, list, read, root};
use crate::name_server::NameServer;

const BEGIN: &str = "<!-- compare -->\n";
const END: &str = "<!-- end -->\n";
/// Set by `just compare`.
const WRITE: &str = "RUASCOPE_WRITE_COMPARE";
/// Letters of checkdmarc that are shown.
const CHARS_MAX: usize = 110;

fn recorded() -> Value {
    serde_json::from_str(&read(&root().join("tests/compare/recorded.json"))).expect("JSON")
}

/// The zone in the words of the test server: without SOA, long strings in parts.
fn zone(text: &str) -> String {
    let key = |name: &str| read(&root().join("fixtures/dns/dkim_key").join(name)).trim().to_owned();
    let text = text.replace("KEY1024", &format!("\"{}\"", key("rsa.txt")));
    let text = text.replace("KEY", &format!("\"{}\"", key("rsa2048.txt")));
    let lines = text.lines().filter(|line| !line.contains(" SOA ")).map(|line| match line.split_once('"') {
        Some((start, rest)) if line.len() > 250 => {
            let inner = rest.trim_end_matches('"').as_bytes();
            let parts = inner.chunks(250).map(|part| format!("\"{}\"", String::from_utf8_lossy(part)));
            format!("{start}{}", parts.collect::<Vec<_>>().join(" "))
        }
        _ => line.to_owned(),
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The row of a zone, and what is wrong with it.
fn row(entry: &Value) -> (String, Option<String>) {
    let word = |name: &str| entry[name].as_str().unwrap_or_default().to_owned();
    let server = NameServer::start(&zone(&word("zone")));
    let place = Place::new();
    let domain = "[[domain]]\nname = \"example.com\"\n[[domain.dkim]]\nselector = \"s1\"\n";
    place.write("ruascope.toml", format!("{}zone_port = {}\n{domain}", server.settings(), server.address().port()));
    let run = place.run(["check", "example.com", "--format", "json"]).now("2026-10-31T06:00:00Z").online();
    let output = run.command().output().expect("the program runs");
    let object: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let findings = list(&object["domains"][0], "findings");
    let text = |finding: &Value, name: &str| finding[name].as_str().unwrap_or_default().to_owned();
    let (ours, problem) = match entry["rule"].as_str() {
        None => {
            let loud = findings.iter().filter(|finding| finding["severity"] != "info");
            let loud: Vec<String> = loud.map(|finding| text(finding, "rule")).collect();
            let problem = (!loud.is_empty()).then(|| format!("{} is found where nothing is", loud.join(", ")));
            (if loud.is_empty() { "nothing".to_owned() } else { loud.join(", ") }, problem)
        }
        Some(rule) => {
            let found = findings.iter().find(|finding| rule.split('|').any(|rule| text(finding, "rule") == rule));
            match found {
                Some(found) => (format!("{}: `{}`", text(found, "severity"), text(found, "rule")), None),
                None => ("**missed**".to_owned(), Some(format!("{rule} is missed"))),
            }
        }
    };
    let theirs = word("theirs").replace('|', "\\|");
    let short: String = theirs.chars().take(CHARS_MAX).collect();
    let more = if short == theirs { "" } else { "…" };
    let exit = output.status.code().unwrap_or_default();
    let name = word("name");
    (format!("| {name} | {ours} | {exit} | {short}{more} |\n"), problem.map(|problem| format!("{name}: {problem}")))
}

#[test]
fn nothing_that_checkdmarc_finds_is_missed() {
    let recorded = recorded();
    let zones = list(&recorded, "zones");
    assert!(zones.len() >= 40);
    let rows: Vec<(String, Option<String>)> = zones.iter().map(row).collect();
    let head = format!(
        "| zone | ruascope | exit | checkdmarc {} of {} |\n|---|---|---|---|\n",
        recorded["checkdmarc"].as_str().unwrap_or_default(),
        recorded["date"].as_str().unwrap_or_default()
    );
    let table: String = std::iter::once(head).chain(rows.iter().map(|(row, _)| row.clone())).collect();
    assert_none(&rows.into_iter().filter_map(|(_, problem)| problem).collect::<Vec<_>>());
    let path = root().join("docs/check.md");
    let document = read(&path);
    let (before, rest) = document.split_once(BEGIN).expect("where the table begins");
    let (kept, after) = rest.split_once(END).expect("where the table ends");
    if std::env::var_os(WRITE).is_some() {
        std::fs::write(&path, format!("{before}{BEGIN}{table}{END}{after}")).expect("a document");
    }
    assert!(kept == table, "the table in docs/check.md differs; `just compare` writes it again:\n{table}");
}

#[test]
fn the_recorded_zones_are_those_of_today() {
    let output = Command::new("python3").arg(root().join("tests/compare/zones.py")).output().expect("python3 runs");
    let today: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    for entry in list(&recorded(), "zones") {
        let name = entry["name"].as_str().expect("a name");
        assert_eq!(today[name], json!([entry["zone"], entry["rule"]]), "{name}: record it again");
    }
    assert_eq!(today.as_object().map(serde_json::Map::len), Some(list(&recorded(), "zones").len()));
}
