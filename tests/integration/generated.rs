//! Corpora of a generator that counts what it writes: every number has to be equal.
//!
//! It lies outside of the project (`../shared/bin/gen_corpus.py`) and needs python3.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use crate::harness::{Place, assert_none, list, number, read, shared, temporary};
use crate::table::{compare, compare_table};

/// Items of a corpus.
const ITEMS: &str = "300";

/// A corpus with its truth.
struct Corpus {
    folder: TempDir,
}

impl Corpus {
    fn make(generator: &Path, args: &[&str]) -> Self {
        let folder = temporary();
        let made = Command::new("python3").arg(generator).arg(folder.path()).args(["--jobs", "1"]).args(args).output();
        let made = made.expect("python3 has to be there");
        assert!(made.status.success(), "{args:?}: {}", String::from_utf8_lossy(&made.stderr));
        Self { folder }
    }

    /// A folder of files, or an mbox.
    fn reports(&self) -> PathBuf {
        let mbox = self.folder.path().join("reports.mbox");
        if mbox.exists() { mbox } else { self.folder.path().join("reports") }
    }

    fn truth(&self) -> Value {
        serde_json::from_str(&read(&self.folder.path().join("truth.json"))).expect("the truth in JSON")
    }
}

/// In what a store differs from the truth.
fn differences(place: &Place, tally: &Value, truth: &Value) -> Vec<String> {
    let stats = place.stats();
    let sums = ["records", "messages", "dkim_aligned", "spf_aligned", "dmarc_pass"];
    let mut problems = compare("stats", &stats, truth, &["reports_unique"]);
    problems.extend(compare("stats", &stats, truth, &sums));
    problems.extend(compare("ingest", tally, truth, &["records", "messages"]));
    for (found, truth_name) in [
        ("by_domain", "by_policy_domain"),
        ("by_header_from", "by_header_from"),
        ("by_reporter", "by_reporter"),
        ("by_disposition", "by_disposition"),
        ("by_day", "by_day"),
    ] {
        problems.extend(compare_table(found, &stats[found], &truth[truth_name]));
    }
    let counted = |name: &str| number(tally, name);
    let unusable = (counted("ignored") + counted("rejected"), number(truth, "noise") + number(truth, "corrupt"));
    let duplicates = (counted("reports_duplicate"), number(truth, "duplicates"));
    let items = (counted("deliveries"), number(truth, "items"));
    for (what, (found, wanted)) in [("unusable", unusable), ("duplicates", duplicates), ("items", items)] {
        problems.extend((found != wanted).then(|| format!("{what}: {found}, not {wanted}")));
    }
    problems.extend(sources(place, truth));
    problems
}

/// In what the largest sources differ from the truth.
fn sources(place: &Place, truth: &Value) -> Vec<String> {
    let sources = list(&place.run(["sources", "--by", "ip"]).json(), "sources");
    let top = truth["top_sources"].as_object().expect("sources of the truth");
    let differs = |(ip, truth): (&String, &Value)| {
        let found = sources.iter().find(|source| source["source"] == **ip)?;
        Some(compare(ip, found, truth, &["messages"]))
    };
    let missing = |ip: &&String| !sources.iter().any(|source| source["source"] == ***ip);
    let missing = top.keys().filter(missing).map(|ip| format!("source {ip}: missing"));
    top.iter().filter_map(differs).flatten().chain(missing).collect()
}

/// Makes corpora, takes each in, and compares.
fn check(all: &[Vec<&str>]) {
    let Some(generator) = shared("bin/gen_corpus.py") else { return };
    for args in all {
        let corpus = Corpus::make(&generator, args);
        let place = Place::new();
        let tally = place.run(["ingest"]).arg(corpus.reports()).json();
        let problems = differences(&place, &tally, &corpus.truth());
        assert_none(&problems.iter().map(|problem| format!("{args:?}: {problem}")).collect::<Vec<_>>());
        assert_eq!(place.run(["store", "audit"]).json()["clean"], true, "{args:?}");
    }
}

/// The arguments for three corpora of a profile.
fn three_seeds(profile: &str) -> Vec<Vec<&str>> {
    ["1", "2", "3"]
        .into_iter()
        .map(|seed| vec!["--profile", profile, "--seed", seed, "--reports", ITEMS, "--dup", "0.1", "--corrupt", "0.1"])
        .collect()
}

#[test]
fn files_of_many_reporters_equal_the_truth() {
    check(&three_seeds("daily"));
}

#[test]
fn mails_of_many_reporters_equal_the_truth() {
    check(&three_seeds("mail"));
}

#[test]
fn mboxes_of_many_reporters_equal_the_truth() {
    check(&three_seeds("mbox"));
}

#[test]
fn large_reports_equal_the_truth() {
    check(&[vec!["--profile", "large", "--reports", "2", "--records", "5000"]]);
}
