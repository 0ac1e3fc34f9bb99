//! Country, network and name of a source, out of files that the owner has downloaded.

use ruascope::analyze::ReverseName;
use ruascope::store::Store;
use serde_json::{Value as Json, json};

use super::take_in;
use crate::harness::{Place, list};
use crate::mmdb::{Value, database};
use crate::report::{DAY_S, MONDAY_S, Report};

/// Two addresses, of which one is in a database of each shape.
fn filled(settings: &str) -> Place {
    let place = Place::new();
    let report = Report::new("1").record("192.0.2.1", 10, "pass", "pass").record("203.0.113.5", 2, "fail", "fail");
    take_in(&place, &[report]);
    let countries = vec![("country", Value::Map(vec![("iso_code", Value::Text("JP"))]))];
    place.write("country.mmdb", database(&[([192, 0, 2, 0], 24, Value::Map(countries))]));
    let flat = vec![("asn", Value::Text("AS64500")), ("as_name", Value::Text("Example K.K.\u{1b}[31m"))];
    let other = vec![("autonomous_system_number", Value::Number(64_501))];
    let networks = [([192, 0, 2, 0], 24, Value::Map(flat)), ([203, 0, 113, 0], 24, Value::Map(other))];
    place.write("network.mmdb", database(&networks));
    place.write("ruascope.toml", settings);
    place
}

fn place_of(entry: &Json) -> [&Json; 3] {
    [&entry["country"], &entry["as_number"], &entry["as_name"]]
}

#[test]
fn a_source_has_the_country_and_network_that_the_databases_know() {
    let place = filled("[enrich]\nmmdb = [\"country.mmdb\", \"network.mmdb\"]\n");
    let shown = place.run(["sources", "example.com", "192.0.2.1"]).json();
    let known = [json!("JP"), json!(64_500), json!("Example K.K.\u{1b}[31m")];
    assert_eq!(place_of(&shown["sources"][0]), known.each_ref());
    assert_eq!(place_of(&shown["addresses"][0]), known.each_ref());
    let all = list(&place.run(["sources", "example.com", "--by", "ip"]).json(), "sources");
    let other = all.iter().find(|entry| entry["ips"] == json!(["203.0.113.5"])).expect("the other address");
    assert_eq!(place_of(other), [&Json::Null, &json!(64_501), &Json::Null]);
    let text = place.run(["sources", "example.com", "192.0.2.1"]).text();
    assert!(text.contains("JP") && text.contains("AS64500 Example K.K.") && !text.contains('\u{1b}'), "{text}");
}

#[test]
fn without_databases_nothing_is_known_and_one_that_cant_be_read_is_named() {
    let place = filled("");
    let shown = place.run(["sources", "example.com", "192.0.2.1"]).json();
    assert_eq!(place_of(&shown["sources"][0]), [&Json::Null; 3]);
    place.write("broken.mmdb", "no database");
    let settings = "[enrich]\nmmdb = [\"gone.mmdb\", \"broken.mmdb\", \"country.mmdb\"]\nnames_csv = \"gone.csv\"\n";
    place.write("ruascope.toml", settings);
    let run = place.run(["sources", "example.com", "192.0.2.1", "--format", "json"]);
    let output = run.command().output().expect("the program");
    let (told, shown) = (String::from_utf8_lossy(&output.stderr), String::from_utf8_lossy(&output.stdout));
    assert_eq!(output.status.code(), Some(0), "{told}");
    for name in ["could not read gone.mmdb", "broken.mmdb is no database", "could not read gone.csv"] {
        assert!(told.contains(name), "{name}: {told}");
    }
    let shown: Json = serde_json::from_str(&shown).expect("one object");
    assert_eq!(shown["sources"][0]["country"], "JP", "the others are used");
}

#[test]
fn a_table_of_names_names_senders_and_decides_nothing() {
    let place = Place::new();
    let day = |day: i64| {
        let report = Report::new(&day.to_string()).period(MONDAY_S + day * DAY_S, DAY_S - 1);
        report.record("192.0.2.1", 100, "pass", "pass").record("203.0.113.5", 2, "pass", "fail")
    };
    take_in(&place, &(0..10).map(day).collect::<Vec<_>>());
    let name = ReverseName { name: Some("mx1.relay.example".to_owned()), is_confirmed: true };
    let mut store = Store::open(&place.store()).expect("the store");
    store.set_reverse_names(&[("203.0.113.5".parse().expect("an address"), name)], MONDAY_S).expect("a name");
    drop(store);
    let shown = || place.run(["sources", "example.com", "203.0.113.5"]).json();
    let before = shown();
    assert_eq!(
        (&before["sources"][0]["source"], &before["sources"][0]["key"]),
        (&json!("relay.example"), &json!("ptr:relay.example"))
    );
    place.write("names.csv", "base_reverse_dns,name,type\nrelay.example,Relay Inc.,Email Security\n");
    place.write("ruascope.toml", "[enrich]\nnames_csv = \"names.csv\"\n");
    let after = shown();
    assert_eq!(
        (&after["sources"][0]["source"], &after["sources"][0]["key"]),
        (&json!("Relay Inc."), &json!("ptr:relay.example"))
    );
    assert_eq!(after["sources"][0]["class"], before["sources"][0]["class"]);
    let address = &after["addresses"][0];
    assert_eq!((&address["name"], &address["type"]), (&json!("Relay Inc."), &json!("Email Security")));
    assert_eq!(address["reverse_name"], "mx1.relay.example");
    let text = place.run(["sources", "example.com", "relay inc."]).text();
    assert!(text.contains("mx1.relay.example (Relay Inc., Email Security)"), "{text}");
}
