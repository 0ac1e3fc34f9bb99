//! Records to publish: forms of the manual, settings under flags, addresses elsewhere.

use serde_json::json;

use crate::harness::{Place, Run};

const MANUAL: &str =
    "_dmarc.example.com. IN TXT ( \"v=DMARC1; p=none; aspf=r; adkim=r; rua=mailto:hoge@example.com\" )\n";

#[test]
fn the_manuals_policy_record_comes_out_of_flags() {
    let flags = ["--p", "none", "--aspf", "r", "--adkim", "r", "--rua", "hoge@example.com"];
    Run::new(["dmarc", "record", "Example.com."]).args(flags).stdout(MANUAL).check();
}

#[test]
fn the_manuals_policy_record_comes_out_of_settings_and_flags_change_it() {
    let place = Place::new();
    let settings = "[[domain]]\nname = \"example.com\"\n[domain.dmarc]\np = \"none\"\naspf = \"r\"\nadkim = \"r\"\nrua = [\"mailto:hoge@example.com\"]\n";
    place.write("ruascope.toml", settings);
    place.run(["dmarc", "record", "example.com"]).stdout(MANUAL).check();
    let changed = ["dmarc", "record", "example.com", "--p", "reject", "--np", "reject", "--ttl", "300"];
    let text = "_dmarc.example.com. 300 IN TXT ( \"v=DMARC1; p=reject; np=reject; aspf=r; adkim=r; rua=mailto:hoge@example.com\" )\n";
    place.run(changed).stdout(text).check();
}

#[test]
fn a_record_without_an_address_is_printed_and_said_to_be_blind() {
    Run::new(["dmarc", "record", "example.com", "--as", "plain"])
        .stdout("v=DMARC1; p=none\n")
        .stderr("warning: no aggregate report is sent to you: there is no usable rua; add rua=mailto:…, to see who sends in your name\n")
        .check();
}

#[test]
fn an_address_elsewhere_needs_the_manuals_record() {
    Run::new(["dmarc", "rua-auth", "example.com", "report@example.jp"])
        .stdout("example.com._report._dmarc.example.jp. IN TXT ( \"v=DMARC1\" )\n")
        .check();
    Run::new(["dmarc", "rua-auth", "example.com", "mailto:report@example.com"])
        .stderr("error: example.com needs no record to take its own reports\n")
        .exit(64)
        .check();
}

#[test]
fn a_record_has_a_schema() {
    let record = Run::new(["dmarc", "record", "example.com", "--rua", "a@example.com", "--t", "y"]).json();
    assert_eq!(
        record,
        json!({
            "schema": "ruascope.record/1", "name": "_dmarc.example.com", "type": "TXT", "ttl": null,
            "txt": "v=DMARC1; p=none; rua=mailto:a@example.com; t=y",
            "strings": ["v=DMARC1; p=none; rua=mailto:a@example.com; t=y"], "findings": [],
        })
    );
}

#[test]
fn what_is_no_domain_and_no_address_is_refused() {
    for args in [
        ["dmarc", "record", "localhost", "--quiet"],
        ["dmarc", "record", "example.com", "--rua=nobody"],
        ["dmarc", "rua-auth", "example.com", "nobody"],
        ["dmarc", "record", "example.com", "--p=nothing"],
    ] {
        assert_eq!(Run::new(args).exit(64).error()["kind"], "usage", "{args:?}");
    }
}
