//! Domains in the settings file: changed in place, comments and order kept.

use crate::harness::{Place, read};

const BEFORE: &str = "# mine\n[store] # here\nkeep_raw = true\n\n# first\n[[domain]]\nname = \"example.com\" # main\n[domain.dmarc]\np = \"none\"\n\n[keys]\nselector_prefix = \"k\"\n";

#[test]
fn a_domain_is_added_and_removed_and_the_file_is_as_before() {
    let place = Place::new();
    let file = place.write("ruascope.toml", BEFORE);
    let added = "ruascope.toml:11\n+[[domain]]\n+name = \"example.net\"\n+profile = \"parked\"\n+\n";
    let add = ["domain", "add", "example.net", "--profile", "parked"];
    place.run(add).arg("--dry-run").stdout(added).check();
    assert_eq!(read(&file), BEFORE);
    place.run(add).stdout(added).check();
    let after = BEFORE.replace("\n[keys]", "\n[[domain]]\nname = \"example.net\"\nprofile = \"parked\"\n\n[keys]");
    assert_eq!(read(&file), after);
    let removed = place.run(["domain", "remove", "Example.NET"]).text();
    assert!(removed.contains("-name = \"example.net\"\n"), "{removed}");
    assert_eq!(read(&file), BEFORE);
    place
        .run(["domain", "remove", "example.net"])
        .exit(64)
        .stderr("error: example.net is not in the settings\n")
        .check();
}

#[test]
fn a_domain_stands_once_and_is_listed() {
    let place = Place::new();
    place.run(["domain", "add", "example.com", "--quiet"]).check();
    assert_eq!(read(&place.path().join("ruascope.toml")), "[[domain]]\nname = \"example.com\"\n");
    let twice = place.run(["domain", "add", "EXAMPLE.com"]).exit(64);
    twice.stderr("error: example.com is in the settings already\n").check();
    let listed = place.run(["domain", "list"]).json();
    assert_eq!(listed["domains"][0]["domain"], "example.com");
    assert!(listed["domains"][0]["p"].is_null());
}

#[test]
fn nobody_writes_while_another_does() {
    let place = Place::new();
    place.write("ruascope.toml", BEFORE);
    place.write(".ruascope.toml.new", "");
    assert_eq!(place.run(["domain", "add", "example.net"]).exit(75).error()["kind"], "try_again");
    assert_eq!(read(&place.path().join("ruascope.toml")), BEFORE);
}

#[test]
fn a_policy_is_set_in_place_and_removed() {
    let place = Place::new();
    let file = place.write("ruascope.toml", BEFORE.replace("p = \"none\"", "p = \"none\" # why"));
    let set = ["dmarc", "set", "example.com", "--p", "quarantine", "--rua", "a@example.com", "--quiet"];
    place.run(set).check();
    let policy = "p = \"quarantine\" # why\nrua = [\"mailto:a@example.com\"]\n";
    assert_eq!(read(&file), BEFORE.replace("p = \"none\"\n", policy));
    place.run(["dmarc", "remove", "example.com", "--quiet"]).check();
    assert_eq!(read(&file), BEFORE.replace("[domain.dmarc]\np = \"none\"\n", ""));
    place
        .run(["dmarc", "remove", "example.com"])
        .exit(64)
        .stderr("error: example.com has no policy in the settings\n")
        .check();
    let without = place.run(["dmarc", "set", "example.net", "--np", "reject"]).exit(64).error();
    assert_eq!(without["message"], "example.net has no policy yet");
    place.run(["dmarc", "set", "example.net", "--p", "none", "--quiet"]).check();
    assert!(read(&file).contains("name = \"example.net\"\n"), "{}", read(&file));
    place
        .run(["dmarc", "record", "example.net", "--quiet"])
        .stdout("_dmarc.example.net. IN TXT ( \"v=DMARC1; p=none\" )\n")
        .check();
}
