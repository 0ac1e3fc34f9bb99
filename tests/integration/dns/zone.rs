//! Records that are printed for zone files, read by a name server of others (BIND), and read back.

use std::process::{Command, Stdio};

use serde_json::Value;

use crate::harness::{Place, fixture, read};

const HEAD: &str = "$TTL 3600\n@ IN SOA ns hostmaster 1 7200 3600 86400 60\n@ IN NS ns\nns IN A 192.0.2.1\n";

/// The texts of the TXT records that BIND finds in a zone file, by name.
#[track_caller]
fn read_by_bind(place: &Place, zone: &str) -> Vec<(String, String)> {
    place.write("zone", format!("{HEAD}{zone}"));
    let mut bind = Command::new("named-checkzone");
    bind.args(["-k", "fail", "-s", "full", "-o", "read", "example.com", "zone"]).current_dir(place.path());
    let output = bind.stdin(Stdio::null()).output().expect("named-checkzone runs (tests/all installs it)");
    assert!(output.status.success(), "{}\n{zone}", String::from_utf8_lossy(&output.stdout));
    let found = read(&place.path().join("read"));
    let txt = found.lines().filter_map(|line| {
        let (owner, strings) = line.split_once(" TXT")?;
        let name = owner.split_whitespace().next()?.to_owned();
        let inner: String = strings.trim().trim_matches('"').replace("\" \"", "").replace('\\', "");
        Some((name, inner))
    });
    txt.collect()
}

#[test]
fn records_for_zone_files_are_read_by_bind_as_they_were_meant() {
    let place = Place::new();
    let mut expected = Vec::new();
    for (name, selector) in [("rsa-pkcs8.pem", "long"), ("rsa-1024.pem", "short"), ("ed25519.pem", "ed")] {
        let import = ["dkim", "import", "example.com", "--quiet", "--as=plain", "--selector", selector];
        let text = place.run(import).arg(fixture(&format!("keys/{name}"))).text();
        expected.push((format!("{selector}._domainkey.example.com."), text.trim().to_owned()));
    }
    let policy = ["dmarc", "record", "example.com", "--quiet", "--p=none", "--rua=a@example.com", "--aspf=s"];
    expected.push(("_dmarc.example.com.".to_owned(), place.run(policy).arg("--as=plain").text().trim().to_owned()));
    expected.sort();
    for form in ["--as=zone", "--as=bind"] {
        let mut zone = place.run(policy).arg(form).text();
        for selector in ["long", "short", "ed"] {
            zone += &place.run(["dkim", "show", "example.com", selector, "--quiet", form]).text();
        }
        let mut found = read_by_bind(&place, &zone);
        found.sort();
        assert_eq!(found, expected, "{form}");
    }
}

/// Strings in quotes, joined, with what stands behind a backslash as itself.
fn unquoted(text: &str) -> String {
    text.trim().trim_matches('"').replace("\" \"", "").replace('\\', "")
}

/// What API forms hold, read as the format that they are in.
#[test]
fn records_for_providers_are_read_as_their_formats_say() {
    let place = Place::new();
    place.run(["dkim", "import", "example.com", "--quiet", "--selector=s"]).arg(fixture("keys/rsa-pkcs8.pem")).text();
    let show = |form: &str| place.run(["dkim", "show", "example.com", "s", "--quiet", "--as", form]).text();
    let json = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    let expected = show("plain").trim().to_owned();
    assert!(expected.len() > 255, "a long one");

    let batch = json(&show("route53"));
    let set = &batch["Changes"][0]["ResourceRecordSet"];
    assert_eq!(unquoted(set["ResourceRecords"][0]["Value"].as_str().expect("a text")), expected);
    assert_eq!(set["Name"], "s._domainkey.example.com.");
    let cloudflare = json(&show("cloudflare"));
    assert_eq!(unquoted(cloudflare["content"].as_str().expect("a text")), expected);

    // A text of YAML in double quotes, and one of HCL without templates, are texts of JSON.
    let octodns = show("octodns");
    let lines: Vec<&str> = octodns.lines().collect();
    let [host, kind, ttl, value] = lines.as_slice() else { panic!("{octodns}") };
    assert_eq!(json(host.trim_end_matches(':')), "s._domainkey");
    assert_eq!((*kind, *ttl), ("  type: TXT", "  ttl: 3600"));
    let value = json(value.strip_prefix("  value: ").expect("a value"));
    assert_eq!(value.as_str().expect("a text").replace("\\;", ";"), expected);
    let terraform = show("terraform");
    let records = terraform.lines().find_map(|line| line.strip_prefix("  records = ")).expect("records");
    let record = json(records)[0].as_str().expect("a text").replace("\"\"", "").replace('\\', "");
    assert_eq!(record, expected);
    assert!(terraform.starts_with("resource \"aws_route53_record\" \"s__domainkey_example_com\" {\n"));
    assert_eq!(terraform.matches('{').count(), terraform.matches('}').count());
}
