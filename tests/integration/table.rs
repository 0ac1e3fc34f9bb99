//! Sums as the program says them, against sums as a generator knows them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

/// The sums that every list of the program shares.
pub(crate) const SUMS: [&str; 5] = ["records", "mails", "dkim_aligned", "spf_aligned", "dmarc_pass"];

/// Entries of a list by their name or day; the one without a name is under `""`.
#[track_caller]
fn by_name(entries: &Value) -> BTreeMap<String, &Value> {
    let entries = entries.as_array().expect("a list of sums");
    let name = |entry: &Value| entry.get("name").or(entry.get("day")).and_then(Value::as_str).unwrap_or("").to_owned();
    let by_name: BTreeMap<String, &Value> = entries.iter().map(|entry| (name(entry), entry)).collect();
    assert_eq!(by_name.len(), entries.len(), "every name once");
    by_name
}

/// The name that the program has for a number of the truth.
fn renamed(key: &str) -> &str {
    match key {
        "messages" => "mails",
        "reports_unique" => "reports",
        key => key,
    }
}

/// In which of `keys` an object differs from the truth.
pub(crate) fn compare(what: &str, found: &Value, truth: &Value, keys: &[&str]) -> Vec<String> {
    let differs = |key: &&str| {
        let (found, truth) = (&found[renamed(key)], &truth[*key]);
        (found != truth || truth.is_null()).then(|| format!("{what}: {key} is {found}, not {truth}"))
    };
    keys.iter().filter_map(differs).collect()
}

/// In what a list of the program differs from a table of the truth: other names, or other numbers.
pub(crate) fn compare_table(what: &str, found: &Value, truth: &Value) -> Vec<String> {
    let none = Map::new();
    let truth = truth.as_object().unwrap_or(&none);
    let mut problems = if truth.is_empty() { vec![format!("{what}: the truth is empty")] } else { Vec::new() };
    let found = by_name(found);
    let names: BTreeSet<&String> = found.keys().chain(truth.keys()).collect();
    for name in names {
        match (found.get(name), truth.get(name)) {
            (Some(found), Some(truth)) => {
                let keys: Vec<&str> =
                    truth.as_object().expect("sums of the truth").keys().map(String::as_str).collect();
                problems.extend(compare(&format!("{what} {name}"), found, truth, &keys));
            }
            (None, _) => problems.push(format!("{what} {name}: missing")),
            // What has no name is in no table of the truth; the caller knows how much of it there is.
            (Some(_), None) if name.is_empty() => {}
            (Some(found), None) => problems.push(format!("{what} {name}: should not be there: {found}")),
        }
    }
    problems
}

/// Adds one of the numbers of all entries.
#[track_caller]
pub(crate) fn total(entries: &[Value], key: &str) -> u64 {
    entries
        .iter()
        .map(|entry| entry[key].as_u64().unwrap_or_else(|| panic!("{key} has to be a number in {entry}")))
        .sum()
}

/// The rows of a CSV, by column.
#[track_caller]
pub(crate) fn csv_rows(bytes: &[u8]) -> Vec<BTreeMap<String, String>> {
    csv::Reader::from_reader(bytes).deserialize().map(|row| row.expect("a row of CSV")).collect()
}

#[test]
fn a_difference_is_told_whichever_side_it_is_on() {
    let truth = serde_json::json!({"a": {"messages": 1}, "b": {"messages": 2}});
    let same = serde_json::json!([{"name": "a", "mails": 1}, {"name": "b", "mails": 2}, {"name": null, "mails": 0}]);
    assert_eq!(compare_table("t", &same, &truth), [""; 0]);
    let other = serde_json::json!([{"name": "a", "mails": 2}, {"name": "c", "mails": 2}]);
    let expected =
        ["t a: messages is 2, not 1", "t b: missing", "t c: should not be there: {\"name\":\"c\",\"mails\":2}"];
    assert_eq!(compare_table("t", &other, &truth), expected);
}
