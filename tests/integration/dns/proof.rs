//! Mails with reports, signed by a signer of others (dkimpy), against the keys that a name server publishes.

use std::path::Path;
use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::harness::{Place, Run, list, temporary};
use crate::name_server::NameServer;
use crate::report::Report;

const NOW: &str = "2026-01-08T10:00:00Z";

/// Runs a program, which has to succeed, and gives what it says.
#[track_caller]
fn program(folder: &Path, command: &[&str], stdin: &[u8]) -> Vec<u8> {
    let (name, args) = command.split_first().expect("a program");
    std::fs::write(folder.join("stdin"), stdin).expect("a file");
    let input = std::fs::File::open(folder.join("stdin")).expect("a file");
    let output = Command::new(name).args(args).current_dir(folder).stdin(input).stderr(Stdio::piped()).output();
    let output = output.unwrap_or_else(|error| panic!("{name} has to be there (tests/all installs it): {error}"));
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// A signer with a key of each kind, and the records that publish them.
struct Signer {
    folder: tempfile::TempDir,
    records: [String; 2],
}

impl Signer {
    fn new() -> Self {
        let folder = temporary();
        let run = |command: &str| program(folder.path(), &command.split(' ').collect::<Vec<_>>(), b"");
        run("openssl genrsa -traditional -out rsa.pem 2048");
        let rsa = run("openssl rsa -in rsa.pem -pubout -outform DER");
        run("openssl genpkey -algorithm ed25519 -out ed.pem");
        let (private, public) =
            (run("openssl pkey -in ed.pem -outform DER"), run("openssl pkey -in ed.pem -pubout -outform DER"));
        // The signer takes the bare seed, and receivers the bare key: the last 32 octets of each.
        std::fs::write(folder.path().join("ed"), STANDARD.encode(&private[private.len() - 32..])).expect("a file");
        let records = [
            format!("v=DKIM1; k=rsa; p={}", STANDARD.encode(rsa)),
            format!("v=DKIM1; k=ed25519; p={}", STANDARD.encode(&public[public.len() - 32..])),
        ];
        Self { folder, records }
    }

    /// A mail signed with RSA.
    fn sign(&self, mail: &str, domain: &str, forms: &str) -> String {
        let (header, body) = forms.split_once('/').expect("two forms");
        let command = ["dkimsign", "--hcanon", header, "--bcanon", body, "s", domain, "rsa.pem"];
        String::from_utf8(program(self.folder.path(), &command, mail.as_bytes())).expect("text")
    }

    fn sign_ed25519(&self, mail: &str, domain: &str) -> String {
        let command = ["dkimsign", "--signalg", "ed25519-sha256", "e", domain, "ed"];
        String::from_utf8(program(self.folder.path(), &command, mail.as_bytes())).expect("text")
    }

    fn zone(&self, domains: &[&str]) -> String {
        let [rsa, ed25519] = &self.records;
        let of = |domain: &&str| {
            let (first, rest) = rsa.split_at(200);
            format!("s._domainkey.{domain} TXT \"{first}\" \"{rest}\"\ne._domainkey.{domain} TXT \"{ed25519}\"\n")
        };
        domains.iter().map(of).collect()
    }
}

fn report(id: &str) -> Report {
    Report::new(id).record("192.0.2.1", 10, "pass", "pass")
}

/// A place whose settings name the server.
fn place(server: &NameServer, more: &str) -> Place {
    let place = Place::new();
    place.write("ruascope.toml", format!("{}[[domain]]\nname = \"example.com\"\n{more}", server.settings()));
    place
}

/// Takes in, and verifies.
fn run(place: &Place) -> Run {
    place.run(["run", "--quiet"]).online().now(NOW)
}

/// What `reports` says of each mail, by report id.
fn said(place: &Place) -> Vec<(String, Value)> {
    let reports = list(&place.run(["reports"]).now(NOW).json(), "reports");
    let mut said: Vec<(String, Value)> = reports
        .iter()
        .map(|report| (report["report_id"].as_str().expect("an id").to_owned(), report["mail"].clone()))
        .collect();
    said.sort_by(|a, b| a.0.cmp(&b.0));
    said
}

fn mail(trust: &str, signed_by: Option<&str>) -> Value {
    json!({"trust": trust, "signed_by": signed_by, "new_reporter": false})
}

#[test]
fn each_mail_proves_what_its_signature_does() {
    let signer = Signer::new();
    let zone = signer.zone(&["reporter.example", "forger.example", "mail.reporter.example"]);
    let server = NameServer::start(&format!("{zone};@silent s._domainkey.slow.example\n"));
    let place = place(&server, "");
    let mail_of = |id: &str| report(id).mail();
    let simple = signer.sign(&mail_of("a"), "reporter.example", "simple/simple");
    place.write("in/a.eml", &simple);
    place.write(
        "in/b.eml",
        signer.sign(&mail_of("b"), "mail.reporter.example", "relaxed/relaxed").replace("\r\n", "\n"),
    );
    place.write("in/c.eml", signer.sign_ed25519(&mail_of("c"), "reporter.example"));
    // Another report in the place of the one that was signed.
    let whole = signer.sign(&mail_of("d"), "reporter.example", "relaxed/relaxed");
    let (signature, _) = whole.split_once("From:").expect("a sender");
    place.write("in/d.eml", format!("{signature}{}", mail_of("d2")));
    place.write("in/e.eml", signer.sign(&mail_of("e"), "forger.example", "relaxed/simple"));
    place.write("in/f.eml", signer.sign(&mail_of("f"), "nokey.example", "relaxed/simple"));
    place.write("in/g.eml", signer.sign(&mail_of("g"), "slow.example", "relaxed/simple"));
    place.write("in/h.eml", mail_of("h"));
    place.write("in/i.xml", report("i").xml());
    // Signed with a key that is not the published one.
    let other = Signer::new();
    place.write("in/j.eml", other.sign(&mail_of("j"), "reporter.example", "relaxed/relaxed"));
    // The subject was changed on the way.
    let changed =
        signer.sign(&mail_of("k"), "reporter.example", "relaxed/relaxed").replacen("Subject: ", "Subject: Re: ", 1);
    place.write("in/k.eml", changed);
    run(&place).arg("in").text();
    let own = mail("proven", Some("reporter.example"));
    let expected = [
        ("a", own.clone()),
        ("b", mail("proven", Some("mail.reporter.example"))),
        ("c", own),
        ("d2", mail("failed", None)),
        ("e", mail("other", Some("forger.example"))),
        ("f", mail("no_key", None)),
        ("g", mail("unknown", None)),
        ("h", mail("unsigned", None)),
        ("i", Value::Null),
        ("j", mail("failed", None)),
        ("k", mail("failed", None)),
    ];
    assert_eq!(said(&place), expected.map(|(id, mail)| (id.to_owned(), mail)));
    let asked = server.asked();
    let times = |name: &str| asked.iter().filter(|asked| **asked == format!("udp TXT {name}")).count();
    assert_eq!(times("s._domainkey.reporter.example"), 1, "one key for many mails");
    assert_eq!(times("s._domainkey.slow.example"), 1);
    // Only what is not known is asked for again.
    run(&place).text();
    assert_eq!(server.asked().iter().filter(|asked| asked.contains("slow.example")).count(), 1, "not so soon");
    place.run(["run", "--quiet"]).online().now("2026-01-08T11:00:00Z").text();
    let again = server.asked();
    let times = |name: &str| again.iter().filter(|asked| **asked == format!("udp TXT {name}")).count();
    assert_eq!(times("s._domainkey.reporter.example"), 1);
    assert_eq!(times("s._domainkey.slow.example"), 2);
    // A rebuilt store knows it still: the mails themselves are gone.
    let before = (said(&place), place.stats()["mails"].clone());
    place.run(["store", "rebuild"]).text();
    assert_eq!((said(&place), place.stats()["mails"].clone()), before);
}

#[test]
fn taking_in_asks_nobody_and_offline_nothing_is_known() {
    let signer = Signer::new();
    let server = NameServer::start(&signer.zone(&["reporter.example"]));
    let place = place(&server, "");
    place.write("a.eml", signer.sign(&report("a").mail(), "reporter.example", "relaxed/relaxed"));
    place.run(["ingest", "--quiet", "a.eml"]).online().now(NOW).check();
    assert_eq!(server.asked(), [""; 0]);
    assert_eq!(said(&place), [("a".to_owned(), mail("unknown", None))]);
    run(&place).text();
    assert_eq!(said(&place), [("a".to_owned(), mail("proven", Some("reporter.example")))]);
}

#[test]
fn a_copy_that_somebody_else_mailed_first_hides_no_proof_and_takes_none_away() {
    let signer = Signer::new();
    let server = NameServer::start(&signer.zone(&["reporter.example", "forger.example"]));
    let place = place(&server, "");
    let plain = report("a").mail();
    for (name, content) in [
        ("1.eml", plain.clone()),
        ("2.eml", signer.sign(&plain, "forger.example", "relaxed/relaxed")),
        ("3.eml", signer.sign(&plain, "reporter.example", "relaxed/relaxed")),
        ("4.eml", plain.clone()),
        ("5.eml", signer.sign(&plain, "forger.example", "relaxed/relaxed")),
    ] {
        place.write(name, content);
    }
    let trust = |path: &str| {
        run(&place).arg(path).text();
        said(&place)[0].1["trust"].clone()
    };
    assert_eq!(
        ["1.eml", "2.eml", "3.eml", "4.eml", "5.eml"].map(trust),
        ["unsigned", "other", "proven", "proven", "proven"]
    );
}

/// Mails that `recommend` counts.
fn advised(place: &Place) -> Value {
    let advice = place.run(["recommend", "example.com", "--exit-zero"]).now(NOW).json();
    advice["evidence"]["mails_legit"].clone()
}

#[test]
fn what_is_not_believed_is_left_out_of_advice_and_of_nothing_else() {
    let signer = Signer::new();
    let server = NameServer::start(&signer.zone(&["reporter.example"]));
    let believing = place(&server, "");
    let strict = place(&server, "[trust]\nleave_out = [\"unsigned\", \"failed\", \"other\", \"no_key\"]\n");
    for place in [&believing, &strict] {
        place.write("in/a.eml", signer.sign(&report("a").mail(), "reporter.example", "relaxed/relaxed"));
        place.write("in/b.eml", Report::new("b").record("192.0.2.1", 1_000, "pass", "pass").mail());
        place.write("in/c.xml", report("c").xml());
        run(place).arg("in").text();
        assert_eq!(place.stats()["mails"], 1_020);
    }
    let (all, some) = (advised(&believing), advised(&strict));
    assert_eq!(all.as_u64().zip(some.as_u64()).map(|(all, some)| all - some), Some(1_000), "{all} {some}");
}

#[test]
fn a_reporter_that_comes_later_is_new_for_a_while() {
    let server = NameServer::start("");
    let place = place(&server, "");
    let take = |id: &str, org: &str, now: &str| {
        place.write("x.eml", report(id).org(org).mail());
        place.run(["ingest", "--quiet", "x.eml"]).now(now).check();
    };
    take("a", "first.example", "2026-01-06T10:00:00Z");
    take("b", "second.example", "2026-01-10T10:00:00Z");
    take("c", "third.example", "2026-02-01T10:00:00Z");
    let new = |now: &str| -> Vec<bool> {
        let reports = list(&place.run(["reports"]).now(now).json(), "reports");
        let mut new: Vec<(String, bool)> = reports
            .iter()
            .map(|report| (report["report_id"].to_string(), report["mail"]["new_reporter"] == true))
            .collect();
        new.sort();
        new.into_iter().map(|(_, new)| new).collect()
    };
    assert_eq!(new("2026-02-02T10:00:00Z"), [false, false, true], "not those that came with the first mails");
    assert_eq!(new("2026-02-16T10:00:00Z"), [false; 3], "after two weeks it is known");
}

#[test]
fn a_report_about_somebody_elses_domain_is_shown_and_not_judged() {
    let server = NameServer::start("");
    let place = place(&server, "");
    place.write("in/a.xml", report("a").xml());
    place.write("in/b.xml", report("b").domain("sub.example.com").xml());
    place.write("in/c.xml", report("c").domain("notexample.com").xml());
    run(&place).arg("in").text();
    let summary = place.run(["summary", "--offline"]).now(NOW).json();
    assert_eq!(summary["foreign_domains"], json!(["notexample.com"]));
    let domains = list(&summary, "domains");
    assert_eq!(domains.len(), 3, "{summary:#}");
    for domain in &domains {
        let is_foreign = domain["domain"] == "notexample.com";
        assert_eq!(domain["decision"].is_null(), is_foreign, "{domain:#}");
    }
    let text = place.run(["summary", "--offline"]).now(NOW).text();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("not yours") && text.contains("Not yours, so without advice: notexample[.]com."), "{text}");
}
