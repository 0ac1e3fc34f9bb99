//! 266 sample reports of the field, with facts that were computed without any DMARC library.
//!
//! They lie outside of the project (`../shared/corpus`). Rules as in `../shared/bin/check_samples.py`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use ruascope::ingest::{self, Options, Tally};
use ruascope::intake::Files;
use ruascope::limits::Limits;
use ruascope::store::{Filter, Store};
use serde_json::Value;

use crate::harness::{assert_none, read, shared, temporary};

/// Samples that there have to be.
const SAMPLES: usize = 266;
/// A time beyond this is in milliseconds.
const SECONDS_MAX: i64 = 100_000_000_000;

/// What is compared of a report: reporter, report id, domain, begin, end, records, mails, mails that passed.
type Facts = (String, String, String, i64, i64, u64, u64, u64);

struct Sample {
    path: PathBuf,
    expect: Value,
}

fn samples(folder: &Path) -> Vec<Sample> {
    let text = read(&folder.join("manifest.tsv"));
    let mut lines = text.lines().map(|line| line.split('\t').collect::<Vec<_>>());
    let header = lines.next().expect("a header line");
    let column =
        |name: &str| header.iter().position(|column| *column == name).unwrap_or_else(|| panic!("a column {name}"));
    let (repo, path, expect) = (column("repo"), column("path"), column("expect"));
    lines
        .map(|row| Sample {
            path: folder.join("reports").join(row[repo]).join(row[path]),
            expect: serde_json::from_str(row[expect]).expect("facts in JSON"),
        })
        .collect()
}

/// White space squeezed, 300 characters at most.
fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(300).collect()
}

fn domain(text: &str) -> String {
    squeezed(text).to_lowercase().trim_end_matches('.').to_owned()
}

/// Takes a file into a store of its own, and reads what is in it.
fn taken_in(path: &Path) -> (Tally, Vec<Facts>) {
    let folder = temporary();
    let mut store = Store::open(&folder.path().join("store.db")).expect("a new store");
    let limits = Limits::standard();
    let options = Options { limits, keep_raw: true, now_s: 1_800_000_000 };
    let mut files = Files::new(vec![path.to_owned()], limits);
    let tally = ingest::run(&mut files, &mut store, &options, &mut |_| {}).expect("a store that takes it");
    let reports = store.reports(&Filter::default(), 1_000, false).expect("a store that answers");
    let facts = reports.into_iter().map(|report| {
        let reporter = report.org_name.as_deref().unwrap_or_default();
        let sums = report.sums;
        let (id, domain) = (squeezed(&report.report_id), domain(&report.domain));
        (squeezed(reporter), id, domain, report.begin_s, report.end_s, sums.records, sums.mails(), sums.dmarc_pass())
    });
    let mut facts: Vec<Facts> = facts.collect();
    facts.sort();
    (tally, facts)
}

/// The facts as expected; none where nothing tells reporter's id, domain or day.
fn wanted(facts: &Value) -> Option<Facts> {
    let text = |name: &str| facts[name].as_str().unwrap_or_default();
    let time = |name: &str| facts[name].as_i64().map(|time| if time > SECONDS_MAX { time / 1_000 } else { time });
    let count = |name: &str| facts[name].as_u64().expect("a count");
    let is_placed = !text("report_id").is_empty() && !text("domain").is_empty();
    let (begin, end) = time("begin").zip(time("end")).filter(|_| is_placed)?;
    let names = (squeezed(text("org_name")), squeezed(text("report_id")), domain(text("domain")));
    Some((names.0, names.1, names.2, begin, end, count("records"), count("messages"), count("pass")))
}

/// What is wrong with what was made of a sample.
fn wrong(sample: &Sample) -> Option<String> {
    let (tally, found) = taken_in(&sample.path);
    let expect = &sample.expect;
    if !tally.unreadable.is_empty() {
        return Some(format!("could not be read: {:?}", tally.unreadable));
    }
    if expect.get("hostile").is_some() {
        return None;
    }
    let Some(aggregates) = expect.get("aggregate").and_then(Value::as_array) else {
        return (!found.is_empty()).then(|| format!("{} reports made of {expect}", found.len()));
    };
    let is_lenient = expect.get("lenient").is_some() || aggregates.iter().any(|facts| facts.get("lenient").is_some());
    if is_lenient && found.is_empty() && tally.delivered.rejected > 0 {
        return None;
    }
    let placed: Vec<Facts> = aggregates.iter().filter_map(wanted).collect();
    if placed.len() < aggregates.len() && tally.delivered.rejected == 0 {
        return Some(format!("a report that can't be placed was not rejected: {expect}"));
    }
    let wanted: Vec<Facts> = placed.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
    let is_right =
        if is_lenient { !found.is_empty() && names(&found).is_subset(&names(&wanted)) } else { found == wanted };
    (!is_right).then(|| format!("found {found:?}\n    expected {wanted:?}"))
}

/// Report id and domain.
fn names(facts: &[Facts]) -> BTreeSet<(&str, &str)> {
    facts.iter().map(|facts| (facts.1.as_str(), facts.2.as_str())).collect()
}

#[test]
fn all_samples_are_right() {
    let Some(folder) = shared("corpus") else { return };
    let samples = samples(&folder);
    assert!(samples.len() >= SAMPLES, "only {} samples", samples.len());
    let problem = |sample: &Sample| Some(format!("{}: {}", sample.path.display(), wrong(sample)?));
    let problems: Vec<String> = samples.iter().filter_map(problem).collect();
    assert_none(&problems);
}
