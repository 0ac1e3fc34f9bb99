//! `dkim activate`: a key is in use once DNS publishes it.

use serde_json::Value;

use crate::harness::{Place, Run, fixture, list, read};
use crate::name_server::NameServer;

/// A place with a draft at selector `s` of example.com.
fn with_draft() -> Place {
    let place = Place::new();
    let import = ["dkim", "import", "example.com", "--selector=s", "--draft", "--quiet"];
    place.run(import).arg(fixture("keys/rsa-pkcs8.pem")).text();
    place
}

/// The record, as a line of a zone, in the strings that were printed.
fn line(place: &Place) -> String {
    let shown = place.run(["dkim", "show", "example.com"]).json();
    let strings: Vec<String> = list(&shown, "strings").iter().map(Value::to_string).collect();
    assert_eq!(strings.len(), 2, "a long record");
    format!("s._domainkey.example.com TXT {}\n", strings.join(" "))
}

/// `dkim activate` with a server of this zone.
fn activate(place: &Place, zone: &str) -> (Run, NameServer) {
    let server = NameServer::start(zone);
    let settings = read(&place.path().join("ruascope.toml"));
    let (_, keys) = settings.split_once("[[domain]]").expect("a domain");
    place.write("ruascope.toml", format!("{}\n[[domain]]{keys}", server.settings()));
    (place.run(["dkim", "activate", "example.com", "s"]).env("RUASCOPE_OFFLINE", "false"), server)
}

fn state(place: &Place) -> Value {
    list(&place.run(["dkim", "list"]).json(), "keys")[0]["state"].clone()
}

#[test]
fn a_key_that_dns_publishes_is_in_use() {
    let place = with_draft();
    let zone = line(&place);
    let (run, server) = activate(&place, &zone);
    run.arg("--dry-run").stdout("ruascope.toml:12\n-state = \"draft\"\n+state = \"active\"\n").check();
    assert_eq!(state(&place), "draft");
    let (run, _server) = activate(&place, &zone);
    assert_eq!(run.json()["state"], "active");
    assert_eq!(state(&place), "active");
    assert!(server.asked().contains(&"udp TXT s._domainkey.example.com".to_owned()), "{:?}", server.asked());
}

#[test]
fn a_key_behind_an_alias_is_published_too() {
    let place = with_draft();
    let zone = line(&place).replace("s._domainkey.example.com", "key.provider.test");
    let (run, _server) = activate(&place, &format!("s._domainkey.example.com CNAME key.provider.test\n{zone}"));
    assert_eq!(run.json()["state"], "active");
    assert_eq!(state(&place), "active");
}

#[test]
fn a_key_that_dns_does_not_publish_stays_a_draft_and_a_time_out_is_not_that() {
    let place = with_draft();
    let other = "s._domainkey.example.com TXT \"v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\"\n";
    let name = "DNS does not publish the key at s._domainkey.example.com: ";
    let unknown = "nobody knows what DNS publishes at s._domainkey.example.com: ";
    for (zone, exit, message) in [
        ("example.com TXT \"v=spf1 -all\"\n".to_owned(), 2, format!("{name}there is no such name")),
        ("t.s._domainkey.example.com TXT \"x\"\n".to_owned(), 2, format!("{name}there is no TXT record")),
        (other.to_owned(), 2, format!("{name}there is another key")),
        (
            format!("{other}{}", line(&place)),
            2,
            format!("{name}there are 2 TXT records, and verifiers may take any of them"),
        ),
        (
            "s._domainkey.example.com TXT \"v=DKIM1; p=\"\n".to_owned(),
            2,
            format!("{name}p is empty, so the key is withdrawn"),
        ),
        (
            "s._domainkey.example.com CNAME gone.provider.test\n".to_owned(),
            2,
            format!("{name}an alias (CNAME) leads to gone.provider.test, where there is no such name"),
        ),
        (";@silent s._domainkey.example.com\n".to_owned(), 3, format!("{unknown}timed out")),
        (";@servfail s._domainkey.example.com\n".to_owned(), 3, format!("{unknown}the server failed (SERVFAIL)")),
    ] {
        let (run, _server) = activate(&place, &zone);
        let error = run.exit(exit).error();
        assert_eq!(error["message"], message);
        assert_eq!(error["kind"], if exit == 2 { "critical" } else { "unknown" }, "{message}");
        assert_eq!(state(&place), "draft", "{message}");
    }
}

#[test]
fn a_new_key_takes_no_selector_that_dns_has() {
    let place = Place::new();
    let key = read(&fixture("dns/dkim_key/ed25519.txt"));
    let zone = format!("taken._domainkey.example.com TXT \"{key}\"\n;@silent quiet._domainkey.example.com\n");
    let server = NameServer::start(&zone);
    place.write("ruascope.toml", server.settings());
    let new = |selector: &str| {
        place.run(["dkim", "new", "example.com", "--algorithm", "ed25519", "--draft", "--selector", selector]).online()
    };
    let error = new("taken").exit(64).error();
    assert_eq!(error["message"], "DNS publishes a key at taken._domainkey.example.com already");
    assert!(!place.path().join("keys").exists(), "nothing was made");
    assert_eq!(new("free").json()["in_dns"], "missing");
    assert_eq!(new("quiet").json()["in_dns"], "unknown");
    assert_eq!(new("offline").arg("--offline").json()["in_dns"], Value::Null);
}
