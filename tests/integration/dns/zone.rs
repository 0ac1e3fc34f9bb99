//! Records that are printed for zone files, read by a name server of others (BIND), and read back.

use std::process::{Command, Stdio};

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
