//! DKIM keys: made, taken in, shown, changed and deleted; every time with the settings and the file beside each other.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::{take_in, ten_mails};
use crate::harness::{Place, Run, fixture, list, read};
use crate::report::{DAY_S, MONDAY_S};

const NOW: &str = "2026-10-31T06:00:00Z";
const KEYS: &str = ".local/share/ruascope/keys/example.com";
const SETTINGS: &str = "# mine\n[[domain]]\nname = \"example.com\" # main\n[domain.dmarc]\np = \"none\"\n\n[keys]\nselector_prefix = \"rs\" # as ever\n";
const ADDED: &str = "[[domain.dkim]]\nselector = \"rs20240118\"\nkey = \"[TEMP]/.local/share/ruascope/keys/example.com/rs20240118.pem\"\nstate = \"active\"\n";

/// The base64 of the fixtures' RSA key.
fn public() -> String {
    read(&fixture("keys/rsa-public.txt"))
}

/// A place whose settings have the fixtures' RSA key at the manual's selector.
fn with_key() -> Place {
    let place = Place::new();
    place.write("ruascope.toml", SETTINGS);
    import(&place, "rsa-pkcs8.pem", "rs20240118").arg("--quiet").text();
    place
}

fn import(place: &Place, name: &str, selector: &str) -> Run {
    let run = place.run(["dkim", "import", "example.com"]).arg(fixture(&format!("keys/{name}")));
    run.args(["--selector", selector]).now(NOW)
}

fn settings(place: &Place) -> String {
    read(&place.path().join("ruascope.toml")).replace(&*place.path().to_string_lossy(), "[TEMP]")
}

fn key_file(place: &Place, selector: &str) -> PathBuf {
    place.path().join(KEYS).join(format!("{selector}.pem"))
}

#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).expect("a file").permissions().mode() & 0o777
}

#[test]
fn a_key_is_taken_in_and_everything_is_said() {
    let place = Place::new();
    place.write("ruascope.toml", SETTINGS);
    let record = format!("v=DKIM1; k=rsa; p={}", public());
    let (first, rest) = record.split_at(255);
    let added: String = ADDED.lines().map(|line| format!("+{line}\n")).collect();
    let said =
        format!("ruascope.toml:7\n{added}+\nrs20240118._domainkey.example.com. IN TXT ( \"{first}\" \"{rest}\" )\n");
    let change = said.split_once("rs20240118._").map(|(change, _)| change.to_owned()).unwrap_or_default();
    import(&place, "rsa-pkcs1.pem", "rs20240118").arg("--dry-run").stdout(&change).check();
    assert_eq!(settings(&place), SETTINGS);
    assert!(!place.path().join(KEYS).exists(), "a dry run makes nothing");
    import(&place, "rsa-pkcs1.pem", "RS20240118")
        .stdout(&said)
        .stderr(
            "next: publish the record\n\
             next: `ruascope dkim activate example.com rs20240118`, until it says that DNS has it\n\
             next: let your mail server sign with [TEMP]/.local/share/ruascope/keys/example.com/rs20240118.pem\n",
        )
        .check();
    assert_eq!(settings(&place), SETTINGS.replace("\n[keys]", &format!("\n{ADDED}\n[keys]")));
    assert_eq!(read(&key_file(&place, "rs20240118")), read(&fixture("keys/rsa-pkcs8.pem")), "stored as PKCS#8");
    #[cfg(unix)]
    {
        assert_eq!(mode(&key_file(&place, "rs20240118")), 0o600);
        assert_eq!(mode(&place.path().join(KEYS)), 0o700);
    }
}

#[test]
fn the_manuals_record_comes_out_in_every_form() {
    let place = with_key();
    let text = format!("v=DKIM1; k=rsa; p={}", public());
    let (first, rest) = text.split_at(255);
    let show = |form: &str| place.run(["dkim", "show", "example.com", "rs20240118", "--as", form]);
    let name = "rs20240118._domainkey.example.com";
    let zone = format!("{name}. IN TXT ( \"{first}\" \"{rest}\" )\n");
    show("zone").stdout(&zone).check();
    place.run(["dkim", "show", "Example.com."]).stdout(&zone).check();
    show("bind").stdout(&format!("{name}. IN TXT (\n    \"{first}\"\n    \"{rest}\" )\n")).check();
    show("plain").stdout(&format!("{text}\n")).check();
    show("nsupdate")
        .arg("--ttl=300")
        .stdout(&format!("update delete {name}. TXT\nupdate add {name}. 300 IN TXT \"{first}\" \"{rest}\"\nsend\n"))
        .check();
    show("terraform")
        .stdout(&format!(
            "resource \"aws_route53_record\" \"rs20240118__domainkey_example_com\" {{\n  zone_id = var.zone_id\n  name    = \"{name}\"\n  type    = \"TXT\"\n  ttl     = 3600\n  records = [\"{first}\\\"\\\"{rest}\"]\n}}\n"
        ))
        .check();
    let octodns =
        format!("\"rs20240118._domainkey\":\n  type: TXT\n  ttl: 3600\n  value: \"{}\"\n", text.replace(';', "\\\\;"));
    show("octodns").stdout(&octodns).check();
    let object = |form: &str| serde_json::from_str::<Value>(&show(form).exact()).expect("JSON");
    let content = format!("\"{first}\" \"{rest}\"");
    assert_eq!(object("cloudflare"), json!({"type": "TXT", "name": name, "content": content, "ttl": 3600}));
    assert_eq!(object("route53")["Changes"][0]["ResourceRecordSet"]["ResourceRecords"], json!([{"Value": content}]));
    let path = key_file(&place, "rs20240118");
    assert_eq!(
        place.run(["dkim", "show", "example.com"]).json(),
        json!({
            "schema": "ruascope.dkim/1", "domain": "example.com", "selector": "rs20240118", "state": "active",
            "key": path, "algorithm": "rsa", "bits": 2048, "name": name, "type": "TXT", "ttl": null, "txt": text,
            "strings": [first, rest], "findings": [],
        })
    );
}

#[test]
fn a_new_key_has_the_day_in_its_selector_and_the_next_of_the_day_a_number() {
    let place = Place::new();
    let made = place.run(["dkim", "new", "example.com"]).now(NOW).json();
    assert_eq!(
        (&made["selector"], &made["state"], &made["bits"]),
        (&json!("rs20261031"), &json!("active"), &json!(2048))
    );
    assert_eq!(list(&made, "next").len(), 3);
    let path = key_file(&place, "rs20261031");
    assert_eq!(
        settings(&place),
        "[[domain]]\nname = \"example.com\"\n\n[[domain.dkim]]\nselector = \"rs20261031\"\nkey = \"[TEMP]/.local/share/ruascope/keys/example.com/rs20261031.pem\"\nstate = \"active\"\n"
    );
    #[cfg(unix)]
    assert_eq!(mode(&path), 0o600);
    assert!(read(&path).starts_with("-----BEGIN PRIVATE KEY-----\n"));
    let plain = ["dkim", "new", "example.com", "--algorithm=ed25519", "--draft", "--quiet", "--as=plain"];
    let second = place.run(plain).now(NOW).text();
    assert!(second.starts_with("v=DKIM1; k=ed25519; p=") && second.len() == 67, "{second}");
    let keys = list(&place.run(["dkim", "list", "example.com"]).json(), "keys");
    let told: Vec<_> = keys.iter().map(|key| [&key["selector"], &key["state"], &key["algorithm"]]).collect();
    assert_eq!(json!(told), json!([["rs20261031", "active", "rsa"], ["rs20261031-2", "draft", "ed25519"]]));
    place
        .run(["dkim", "show", "example.com"])
        .exit(64)
        .stderr("error: example.com has 2 keys in the settings\nhint: say which: rs20261031, rs20261031-2\n")
        .check();
    place.run(["dkim", "new", "example.com", "--dry-run", "--quiet"]).now(NOW).check();
    assert!(!key_file(&place, "rs20261031-3").exists());
}

#[test]
fn what_can_be_no_new_key_is_refused_before_anything_is_written() {
    let place = with_key();
    take_in(&place, &[ten_mails("1")]);
    let before = settings(&place);
    for (args, message) in [
        (vec!["--selector", "rs20240118"], "example.com has a key rs20240118 in the settings already"),
        (vec!["--selector", "a_b"], "a_b is no selector"),
        (vec!["--selector=-a"], "-a is no selector"),
        (vec!["--selector", "a..b"], "a..b is no selector"),
        (vec!["--bits", "1024"], "invalid value '1024' for '--bits <BITS>': it has to be one of 2048, 3072 and 4096"),
        (vec!["--algorithm=ed25519", "--bits=2048"], "ed25519 keys have one size: leave out --bits"),
        (vec!["--selector", "S1"], "reports of the last 90 days show 10 mails signed with s1 at example.com"),
    ] {
        let run = place.run(["dkim", "new", "example.com"]).now("2026-01-07T06:00:00Z").args(args.clone()).exit(64);
        assert_eq!(run.error()["message"], message, "{args:?}");
    }
    let long = "a".repeat(64);
    assert_eq!(place.run(["dkim", "new", "example.com", "--selector", &long]).exit(64).error()["kind"], "usage");
    assert_eq!(settings(&place), before);
    // A file that is there is never written over, also where no settings name it.
    place.write(&format!("{KEYS}/mail.pem"), "precious");
    let error = place.run(["dkim", "new", "example.com", "--selector=mail"]).exit(73).error();
    assert_eq!(error["hints"][0], "move it away, or choose another selector or file");
    assert_eq!(read(&key_file(&place, "mail")), "precious");
}

#[test]
fn a_key_whose_settings_can_not_be_written_leaves_no_file() {
    let place = Place::new();
    place.write("ruascope.toml", "[[domain]]\nname = \"example.com\"\ndkim = [{selector = \"a\"}]\n");
    let error = import(&place, "ed25519.pem", "b").exit(78).error();
    assert_eq!(error["message"], "the keys of example.com are written on one line, and can't be edited");
    place.write(".ruascope.toml.new", "");
    place.write("ruascope.toml", "[[domain]]\nname = \"example.com\"\n");
    assert_eq!(import(&place, "ed25519.pem", "b").exit(75).error()["kind"], "try_again");
    assert!(!key_file(&place, "b").exists());
}

#[test]
fn every_form_is_taken_in_with_its_passphrase_and_nothing_else_is() {
    let place = Place::new();
    let phrase = place.write("phrase", "correct-horse\n");
    let wrong = place.write("wrong", "wrong-horse\n");
    let expected = format!("v=DKIM1; k=rsa; p={}", public());
    for (number, name) in [
        "rsa-pbes2-aes256.pem",
        "rsa-pbes2-scrypt.pem",
        "rsa-legacy-aes256.pem",
        "rsa-legacy-des3.pem",
        "rsa-pkcs8.der",
    ]
    .into_iter()
    .enumerate()
    {
        let selector = format!("s{number}");
        let made = import(&place, name, &selector).arg("--passphrase-file").arg(&phrase).json();
        assert_eq!(made["txt"], expected, "{name}");
    }
    let file =
        fixture("keys/rsa-legacy-aes256.pem").display().to_string().replace(env!("CARGO_MANIFEST_DIR"), "[ROOT]");
    import(&place, "rsa-legacy-aes256.pem", "no")
        .arg("--passphrase-file")
        .arg(&wrong)
        .exit(65)
        .stderr(&format!(
            "error: could not import {file}: could not decrypt the key: the passphrase is wrong\n\
             hint: the first line of --passphrase-file is the passphrase, without the line end\n"
        ))
        .check();
    import(&place, "rsa-legacy-aes256.pem", "no")
        .exit(64)
        .stderr(
            "error: a passphrase is needed, and there is no terminal to ask for it\n\
             hint: give it with --passphrase-file FILE, which may be /dev/fd/3\n",
        )
        .check();
    for name in [
        "refused-public.pem",
        "refused-certificate.pem",
        "refused-request.pem",
        "refused-ec-pkcs8.pem",
        "refused-rsa-512.pem",
    ] {
        let error = import(&place, name, "no").exit(65).error();
        assert!(!list(&error, "hints").is_empty(), "{name}: {error}");
    }
    assert!(!key_file(&place, "no").exists() && !settings(&place).contains("\"no\""));
}

#[test]
fn a_short_key_is_taken_in_with_a_warning() {
    let place = Place::new();
    let run = import(&place, "rsa-1024.pem", "old").args(["--as", "plain"]);
    let output = run.command().output().expect("the program starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success());
    assert!(
        said.starts_with("warning: the key has 1024 bits: signers should use 2048 or more (RFC 8301 3.2); make a key of 2048 bits with `dkim rotate`\n"),
        "{said}"
    );
}

#[test]
fn a_key_is_paused_and_signs_again() {
    let place = with_key();
    take_in(&place, &[ten_mails("1")]);
    let on = settings(&place);
    place
        .run(["dkim", "pause", "example.com", "rs20240118"])
        .stdout("ruascope.toml:10\n-state = \"active\"\n+state = \"paused\"\n")
        .stderr(
            "next: let your mail server stop signing with it\n\
             next: leave its record for two weeks: mail that was signed before is still on its way\n",
        )
        .check();
    place.run(["dkim", "pause", "example.com", "rs20240118", "--quiet"]).check();
    assert_eq!(settings(&place), on.replace("active", "paused"));
    let resumed = place.run(["dkim", "resume", "example.com", "rs20240118"]).json();
    assert_eq!(resumed["state"], "active");
    assert_eq!(settings(&place), on);
    place
        .run(["dkim", "pause", "example.com", "other"])
        .exit(64)
        .stderr("error: example.com has no key other in the settings\nhint: it has rs20240118\n")
        .check();
    place
        .run(["dkim", "pause", "example.net", "other"])
        .exit(64)
        .stderr("error: example.net is not in the settings\nhint: `ruascope dkim new example.net` adds it with its first key\n")
        .check();
}

#[test]
fn whoever_pauses_a_key_hears_what_passes_by_it_alone() {
    let place = Place::new();
    import(&place, "ed25519.pem", "s1").arg("--quiet").text();
    take_in(&place, &[ten_mails("1")]);
    let paused = place.run(["dkim", "pause", "example.com", "s1", "--dry-run"]).now("2026-01-07T00:00:00Z").json();
    assert_eq!(
        paused["notes"][0],
        "warning: 3 mails (2025-12-23 to 2026-01-05) passed DMARC by this key alone, and would fail without another signature"
    );
}

#[test]
fn a_key_that_reports_show_is_not_deleted_but_by_force() {
    let place = Place::new();
    import(&place, "ed25519.pem", "s1").arg("--quiet").text();
    let recent = ten_mails("1");
    let old = ten_mails("0").period(MONDAY_S - 20 * DAY_S, DAY_S - 1);
    take_in(&place, &[old, recent]);
    let before = settings(&place);
    let delete = ["dkim", "delete", "example.com", "s1", "--yes"];
    place
        .run(delete)
        .now("2026-01-07T00:00:00Z")
        .exit(64)
        .stderr(
            "error: reports (2025-12-23 to 2026-01-05) show 8 mails whose signature by s1 at example.com verified\n\
             hint: `ruascope dkim pause example.com s1` first, and wait two weeks; --force deletes it all the same\n",
        )
        .check();
    assert_eq!(settings(&place), before);
    assert!(key_file(&place, "s1").exists());
    let dry = ["--force", "--dry-run", "--quiet", "--as=plain"];
    place.run(delete).args(dry).now(NOW).stdout("v=DKIM1; k=ed25519; p=\n").check();
    assert!(key_file(&place, "s1").exists() && settings(&place) == before);
    place
        .run(delete)
        .arg("--force")
        .now("2026-01-07T00:00:00Z")
        .stdout(
            "ruascope.toml:3\n-\n-[[domain.dkim]]\n-selector = \"s1\"\n-key = \"[TEMP]/.local/share/ruascope/keys/example.com/s1.pem\"\n-state = \"active\"\n\
             s1._domainkey.example.com. IN TXT ( \"v=DKIM1; k=ed25519; p=\" )\n",
        )
        .stderr("next: publish this record in place of the old one: an empty p says that the key is withdrawn\n")
        .check();
    assert!(!key_file(&place, "s1").exists());
}

#[test]
fn a_key_is_deleted_only_when_somebody_says_so() {
    let place = with_key();
    place
        .run(["dkim", "delete", "example.com", "rs20240118"])
        .exit(64)
        .stderr(
            "error: the key rs20240118 of example.com is deleted only when you say so\n\
             hint: a key that is deleted can't be had back; --yes deletes it without asking\n",
        )
        .check();
    let deleted = place.run(["dkim", "delete", "example.com", "rs20240118", "--yes"]).json();
    assert_eq!((&deleted["file_deleted"], &deleted["txt"]), (&json!(true), &json!("v=DKIM1; k=rsa; p=")));
    assert_eq!(settings(&place), SETTINGS);
    // A file that is not in the folder of keys is somebody else's.
    let own = place.write("own.pem", read(&fixture("keys/ed25519.pem")));
    place.write(
        "ruascope.toml",
        "[[domain]]\nname = \"example.com\"\n\n[[domain.dkim]]\nselector = \"a\"\nkey = \"own.pem\"\n",
    );
    assert_eq!(place.run(["dkim", "delete", "example.com", "a", "--yes"]).json()["file_deleted"], json!(false));
    assert!(own.exists());
    // So is one that another key has too.
    let shared = place.write(&format!("{KEYS}/a.pem"), read(&fixture("keys/ed25519.pem")));
    let entry = |selector: &str| format!("\n[[domain.dkim]]\nselector = \"{selector}\"\nkey = {shared:?}\n");
    place.write("ruascope.toml", format!("[[domain]]\nname = \"example.com\"\n{}{}", entry("a"), entry("b")));
    place
        .run(["dkim", "delete", "example.com", "b", "--yes"])
        .stdout("ruascope.toml:7\n-\n-[[domain.dkim]]\n-selector = \"b\"\n-key = \"[TEMP]/.local/share/ruascope/keys/example.com/a.pem\"\nb._domainkey.example.com. IN TXT ( \"v=DKIM1; k=ed25519; p=\" )\n")
        .stderr(
            "warning: [TEMP]/.local/share/ruascope/keys/example.com/a.pem stays: another key has it too, or it is not in our folder\n\
             next: publish this record in place of the old one: an empty p says that the key is withdrawn\n",
        )
        .check();
    assert!(shared.exists());
}

#[cfg(unix)]
#[test]
fn a_key_that_others_can_read_is_shown_with_a_warning() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = Place::new();
    import(&place, "ed25519.pem", "s").arg("--quiet").text();
    let path = key_file(&place, "s");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).expect("our file");
    let record = format!("v=DKIM1; k=ed25519; p={}\n", read(&fixture("keys/ed25519-public.txt")));
    place
        .run(["dkim", "show", "example.com", "--as", "plain"])
        .stdout(&record)
        .stderr("warning: others than its owner may read [TEMP]/.local/share/ruascope/keys/example.com/s.pem; chmod 600 keeps them out\n")
        .check();
}

#[test]
fn a_key_is_followed_by_one_of_its_kind() {
    let place = with_key();
    let made = place.run(["dkim", "rotate", "example.com", "--quiet"]).now(NOW).json();
    assert_eq!(
        (&made["selector"], &made["state"], &made["bits"]),
        (&json!("rs20261031"), &json!("draft"), &json!(2048))
    );
    let steps: Vec<String> = list(&made, "next")
        .iter()
        .map(|step| step.as_str().unwrap_or_default().replace(&*place.path().to_string_lossy(), "[TEMP]"))
        .collect();
    assert_eq!(
        steps,
        [
            "publish the record; leave that of the old key",
            "`ruascope dkim activate example.com rs20261031`, until it says that DNS has it",
            "let your mail server sign with [TEMP]/.local/share/ruascope/keys/example.com/rs20261031.pem, then `ruascope dkim pause example.com rs20240118`",
            "two weeks after that, from 2026-11-14 on, when reports show no mail signed with rs20240118: `ruascope dkim delete example.com rs20240118`",
        ]
    );
    let states: Vec<Value> =
        list(&place.run(["dkim", "list"]).json(), "keys").into_iter().map(|key| key["state"].clone()).collect();
    assert_eq!(states, ["active", "draft"]);
    let none = Place::new();
    none.write("ruascope.toml", "[[domain]]\nname = \"example.com\"\n");
    assert_eq!(
        none.run(["dkim", "rotate", "example.com"]).exit(64).error()["message"],
        "example.com has no active key to take the place of"
    );
}

#[test]
fn a_key_is_exported_for_its_owner_alone_and_comes_back() {
    let place = with_key();
    let phrase = place.write("phrase", "geheim\n");
    let export = ["dkim", "export", "example.com", "rs20240118", "--out"];
    place
        .run(export)
        .arg("clear.pem")
        .stdout("clear.pem: the private key rs20240118 of example.com, in clear\n")
        .stderr("warning: whoever has this file can sign as you; --encrypt asks for a passphrase\n")
        .check();
    assert_eq!(read(&place.path().join("clear.pem")), read(&fixture("keys/rsa-pkcs8.pem")));
    place
        .run(export)
        .args(["sealed.pem", "--passphrase-file"])
        .arg(&phrase)
        .stdout("sealed.pem: the private key rs20240118 of example.com, encrypted with AES-256\n")
        .check();
    assert!(read(&place.path().join("sealed.pem")).starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"));
    #[cfg(unix)]
    for name in ["clear.pem", "sealed.pem"] {
        assert_eq!(mode(&place.path().join(name)), 0o600);
    }
    place
        .run(export)
        .arg("sealed.pem")
        .exit(73)
        .stderr("error: sealed.pem is there already\nhint: move it away, or choose another selector or file\n")
        .check();
    let again = place.run(["dkim", "import", "example.com", "sealed.pem", "--selector=again", "--passphrase-file"]);
    assert_eq!(again.arg(&phrase).json()["txt"], format!("v=DKIM1; k=rsa; p={}", public()));
}

#[test]
fn keys_that_live_elsewhere_or_can_not_be_read_are_listed_all_the_same() {
    let place = Place::new();
    place.write(
        "ruascope.toml",
        "[[domain]]\nname = \"example.com\"\n\n[[domain.dkim]]\nselector = \"esp\"\n\n[[domain.dkim]]\nselector = \"gone\"\nkey = \"gone.pem\"\nstate = \"retired\"\n",
    );
    place
        .run(["dkim", "list"])
        .stdout(
            "DOMAIN       SELECTOR  STATE    KEY         FILE\n\
             example.com  esp       active   elsewhere   -\n\
             example.com  gone      retired  unreadable  gone.pem\n",
        )
        .stderr("warning: could not read gone.pem: No such file or directory (os error 2)\n")
        .check();
    place
        .run(["dkim", "show", "example.com"])
        .exit(64)
        .stderr("error: the private key esp of example.com is not here\nhint: say where with `key` in the settings\n")
        .check();
    assert_eq!(
        place.run(["dkim", "show", "example.com", "gone"]).exit(74).error()["message"],
        "could not read gone.pem"
    );
    Run::new(["dkim", "list"]).stdout("no key is in the settings\n").check();
}

#[test]
fn nobody_is_told_that_a_key_is_published_while_nobody_was_asked() {
    let place = with_key();
    let error = place.run(["dkim", "activate", "example.com", "rs20240118", "--offline"]).exit(3).error();
    assert_eq!(error["kind"], "unknown");
    assert_eq!(
        error["message"],
        "nobody knows what DNS publishes at rs20240118._domainkey.example.com: nobody was asked (offline)"
    );
}
