//! What `cli.md` promises, promise by promise.

mod advice;
mod chart;
mod dkim;
mod domain;
mod exit;
mod hostile;
mod identity;
mod intake;
mod maildir;
mod output;
mod period;
mod places;
mod record;
mod shape;
mod sources;
mod upkeep;

use serde_json::Value;

use crate::harness::Place;
use crate::report::Report;

/// A report of three records: 5 + 3 mails pass, 2 fail.
fn ten_mails(id: &str) -> Report {
    Report::new(id).record("192.0.2.1", 5, "pass", "pass").record("192.0.2.2", 3, "pass", "fail").record(
        "2001:db8::1",
        2,
        "fail",
        "fail",
    )
}

/// Takes in reports, one file each, and gives the tally.
#[track_caller]
fn take_in(place: &Place, reports: &[Report]) -> Value {
    let files: Vec<_> = reports
        .iter()
        .enumerate()
        .map(|(number, report)| place.write(&format!("in/{number}.xml"), report.xml()))
        .collect();
    place.run(["ingest"]).args(files).json()
}

/// The fields of an object have to be there, whatever else is.
#[track_caller]
fn assert_fields(what: &str, object: &Value, fields: &[&str]) {
    let map = object.as_object().unwrap_or_else(|| panic!("{what} has to be an object: {object}"));
    let missing: Vec<&&str> = fields.iter().filter(|field| !map.contains_key(**field)).collect();
    assert!(missing.is_empty(), "{what} has no {missing:?} in {object:#}");
}

/// An object of the contract: its schema, and its fields.
#[track_caller]
fn assert_schema(object: &Value, name: &str, fields: &[&str]) {
    assert_eq!(object["schema"], format!("ruascope.{name}/1"));
    assert_fields(name, object, fields);
}
