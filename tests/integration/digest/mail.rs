//! Mail to a real server, read by another library.

use serde_json::Value;

use super::{MailServer, SUNDAY, free_port, story, summary};
use crate::harness::{Place, Run};

/// Settings that send to `ops@example.com` by a server of this machine.
fn settings(place: &Place, port: u16, more: &str) {
    let text = format!(
        "[digest]\nto = [\"ops@example.com\"]\n[smtp]\nhost = \"localhost\"\nport = {port}\nfrom = \"dmarc@example.com\"\n{more}\n"
    );
    place.write("ruascope.toml", text);
}

fn with_login(mode: &str, ca: &str) -> String {
    format!("tls = \"{mode}\"\nca_file = \"server/{ca}\"\nuser = \"user\"\npassword_file = \"password\"")
}

/// Sends to everybody in the settings.
fn send(place: &Place) -> Run {
    summary(place, &["--mail"], SUNDAY)
}

#[track_caller]
fn only(mails: &[Value]) -> &Value {
    assert_eq!(mails.len(), 1, "{mails:#?}");
    &mails[0]
}

#[test]
fn a_digest_arrives_whole() {
    let place = story();
    place.write("password", "hunter2\n");
    for (mode, is_tls) in [("none", false), ("starttls", true), ("implicit", true)] {
        let server = MailServer::start(&place, mode);
        let more = if is_tls { with_login(mode, "ca.pem") } else { "tls = \"none\"".to_owned() };
        settings(&place, server.port, &more);
        send(&place).stderr("sent to ops@example.com\n").check();
        let mails = server.mails();
        let mail = only(&mails);
        assert_eq!(mail["is_tls"], is_tls);
        assert_eq!(mail["mail_from"], "dmarc@example.com");
        assert_eq!(mail["rcpt_tos"], serde_json::json!(["ops@example.com"]));
        assert_eq!(mail["defects"], serde_json::json!([]));
        assert!(mail["line_bytes_max"].as_u64().expect("a number") <= 998);
        let headers = &mail["headers"];
        assert_eq!(headers["Subject"], "[DMARC] 3 domains: who is 203.0.113.0/24 (crmhub.example)? 1,268 fail");
        assert_eq!(headers["Auto-Submitted"], "auto-generated");
        assert_eq!(headers["List-Id"], "DMARC digest <dmarc-digest.example.com>");
        assert_eq!(headers["Date"], "Sun, 01 Nov 2026 06:00:00 +0000");
        assert!(headers["Message-ID"].as_str().expect("an id").ends_with("@example.com>"));
        let structure =
            ["multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png", "image/png"];
        assert_eq!(mail["structure"], serde_json::json!(structure));
        let text = mail["text"].as_str().expect("text");
        let lines = text.replace("\r\n", "\n");
        assert!(lines.starts_with("! Who is 203.0.113.0/24 (crmhub.example)? 1,268 of its"), "{text}");
        let html = mail["html"].as_str().expect("a page");
        for picture in mail["pictures"].as_array().expect("pictures") {
            assert_eq!((&picture["is_png"], &picture["disposition"]), (&true.into(), &"inline".into()));
            let id = picture["id"].as_str().expect("an id").trim_matches(['<', '>']);
            assert!(html.contains(&format!("src=\"cid:{id}\"")), "{id}");
        }
        assert!(!html.contains("http") && !html.contains("<script") && !html.contains("url("), "{html}");
        std::fs::remove_dir_all(place.path().join("server")).expect("a folder");
    }
}

#[test]
fn a_mail_is_in_japanese_where_that_is_asked_for() {
    let place = story();
    let server = MailServer::start(&place, "none");
    settings(&place, server.port, "tls = \"none\"");
    send(&place).args(["--lang", "ja"]).stderr("送信済み: ops@example.com\n").check();
    let mails = server.mails();
    let mail = only(&mails);
    assert_eq!(
        mail["headers"]["Subject"],
        "[DMARC] 3ドメイン: 203.0.113.0/24 (crmhub.example)はどの送信元ですか(不合格1,268通)"
    );
    assert!(mail["html"].as_str().expect("a page").contains("<html lang=\"ja\">"));
    assert!(mail["text"].as_str().expect("text").contains("DMARCに合格しました"));
}

#[test]
fn a_dead_server_loses_no_digest_and_nothing_is_sent_twice() {
    let place = story();
    let port = free_port();
    settings(&place, port, "tls = \"none\"");
    let waits = "1 waiting in the store: `ruascope summary --flush` tries again\n";
    let dead = format!(
        "warning: could not send by the mail server localhost:{port}: Connection error: Connection refused (os error 111)\n\
         hint: check `host` and `port`\n{waits}"
    );
    let said = send(&place).exit(69).error_text();
    assert!(said.contains("warning: could not send by the mail server localhost"), "{said}\n{dead}");
    assert!(said.ends_with(waits), "{said}");
    let server = MailServer::start(&place, "none");
    settings(&place, server.port, "tls = \"none\"");
    server.refuse("451 4.7.1 come back later");
    let flush = |now: &str| summary(&place, &["--flush"], now);
    let greylisted = format!(
        "warning: the mail server localhost:{} refuses the letter to ops@example.com: 4.7.1 come back later\n\
         hint: it is tried again later\n{waits}",
        server.port
    );
    flush("2026-11-01T06:00:30Z").exit(69).stderr(waits).check();
    flush("2026-11-01T06:01:00Z").exit(69).stderr(&greylisted).check();
    server.refuse("");
    flush("2026-11-01T06:05:59Z").exit(69).stderr(waits).check();
    assert!(server.mails().is_empty(), "the pause grows");
    flush("2026-11-01T06:06:00Z").stderr("sent to ops@example.com\n").check();
    flush("2026-11-02T06:06:00Z").stderr("nothing waits\n").check();
    let mails = server.mails();
    assert_eq!(only(&mails)["headers"]["Date"], "Sun, 01 Nov 2026 06:00:00 +0000", "as it was written");
}

#[test]
fn a_stranger_in_place_of_the_server_gets_nothing() {
    let place = story();
    place.write("password", "hunter2\n");
    let server = MailServer::start(&place, "implicit");
    settings(&place, server.port, &with_login("implicit", "other.pem"));
    let said = send(&place).exit(69).error_text();
    assert!(said.contains("for a private authority, set `ca_file` to its certificate"), "{said}");
    assert!(!said.contains("hunter2"), "{said}");
    assert!(server.mails().is_empty());
}

#[test]
fn a_wrong_password_is_said_and_not_shown() {
    let place = story();
    place.write("password", "wrong-secret\n");
    let server = MailServer::start(&place, "implicit");
    settings(&place, server.port, &with_login("implicit", "ca.pem"));
    let said = send(&place).exit(69).error_text();
    assert!(said.contains("refuses the letter") && !said.contains("wrong-secret"), "{said}");
    std::fs::remove_file(place.path().join("password")).expect("a file");
    let said = summary(&place, &["--flush"], "2026-11-01T06:10:00Z").exit(69).error_text();
    assert!(said.contains("could not read the password file password"), "{said}");
}

#[test]
fn a_program_of_the_machine_takes_mails() {
    let place = story();
    let program = place.write("sendmail", "#!/bin/sh\necho \"$@\" > arguments\ncat > message\n");
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o700);
    std::fs::set_permissions(&program, mode).expect("a program");
    let text = format!(
        "[digest]\nto = [\"ops@example.com\"]\n[smtp]\nsendmail = \"{}\"\nfrom = \"dmarc@example.com\"\n",
        program.display()
    );
    place.write("ruascope.toml", text);
    send(&place).stderr("sent to ops@example.com\n").check();
    let read = |name: &str| std::fs::read_to_string(place.path().join(name)).expect("a file");
    assert!(read("arguments").contains("-f dmarc@example.com") && read("arguments").contains("ops@example.com"));
    assert!(read("message").contains("Auto-Submitted: auto-generated"));
}

#[test]
fn a_mail_without_a_way_is_an_error_of_the_settings() {
    let place = story();
    let error = summary(&place, &["--mail", "a@example.com"], SUNDAY).exit(78).error();
    assert_eq!(error["message"], "the settings name no way to a@example.com");
    let error = summary(&place, &["--mail"], SUNDAY).exit(78).error();
    assert_eq!(error["message"], "there is nobody to send the summary to");
}

#[test]
fn a_stranger_writes_no_header_and_chooses_no_receiver() {
    let place = Place::new();
    let attack = "x&#13;&#10;Bcc: evil@evil.example&#13;&#10;&#13;&#10;&lt;b&gt;\u{202e}";
    let report = crate::harness::read(&crate::harness::fixture("quirk/begin-equals-end.xml"))
        .replace("<org_name>", &format!("<org_name>{attack}"))
        .replace("<header_from>", &format!("<header_from>{attack}"))
        .replacen("    <domain>", &format!("    <domain>{attack}"), 1);
    place.write("hostile.xml", report);
    place.run(["ingest", "--quiet"]).arg(place.path().join("hostile.xml")).check();
    let server = MailServer::start(&place, "none");
    settings(&place, server.port, "tls = \"none\"");
    send(&place).stderr("sent to ops@example.com\n").check();
    let mails = server.mails();
    let mail = only(&mails);
    assert_eq!(mail["rcpt_tos"], serde_json::json!(["ops@example.com"]));
    assert_eq!(mail["defects"], serde_json::json!([]));
    let headers = mail["headers"].as_object().expect("headers");
    assert!(!headers.contains_key("Bcc"), "{headers:#?}");
    let subject = headers["Subject"].as_str().expect("a subject");
    assert!(!subject.contains(['\r', '\n', '\u{202e}']), "{subject:?}");
}
