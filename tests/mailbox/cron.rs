//! From an empty machine to a digest in somebody's mailbox, as cron would do it: a real IMAP server and a real mail server.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::server::{Server, ordinary_mail};

/// Where digests arrive.
struct Sink(Child);

impl Sink {
    fn start(folder: &Path, port: u16) -> Self {
        std::fs::create_dir(folder).expect("a folder");
        let server = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/integration/digest/server.py");
        let mut python = Command::new("/usr/bin/python3");
        python.arg(server).arg(folder).args([&port.to_string(), "none"]).stdout(Stdio::piped());
        let mut child = python.spawn().expect("python3 and python3-aiosmtpd: tests/all installs them");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut line).expect("a line");
        assert_eq!(line, "ready\n");
        Self(child)
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        let _ended = self.0.kill();
        let _reaped = self.0.wait();
    }
}

fn mail(folder: &Path, number: usize) -> Option<Value> {
    let text = std::fs::read_to_string(folder.join(format!("{number}.json"))).ok()?;
    Some(serde_json::from_str(&text).expect("an object"))
}

/// Fills in what a person would, in the file that `config init` wrote.
fn fill_in(settings: &str, imap_port: u16, smtp_port: u16) -> String {
    let mut settings = settings.to_owned();
    for (before, after) in [
        ("#[mailbox.main]", "[mailbox.main]".to_owned()),
        ("#host = \"imap.example.com\"", "host = \"localhost\"".to_owned()),
        ("#port = 993", format!("port = {imap_port}")),
        ("#ca_file = \"/etc/ssl/private-ca.pem\"", "ca_file = \"ssl/ca.pem\"".to_owned()),
        ("#user = \"dmarc@example.com\"", "user = \"user\"".to_owned()),
        ("#password_file = \"/run/secrets/dmarc\"", "password_file = \"password\"".to_owned()),
        ("#after = \"none\"", "after = \"move:Done\"".to_owned()),
        // Nobody listens there: no test asks the machine's name servers.
        ("\nservers = []", "\nservers = [\"127.0.0.1:9\"]".to_owned()),
        ("\ntimeout_s = 5", "\ntimeout_s = 1".to_owned()),
        ("\nto = []", "\nto = [\"ops@example.com\"]".to_owned()),
        ("\nwhen = \"always\"", "\nwhen = \"changes\"".to_owned()),
        ("#host = \"smtp.example.com\"", "host = \"localhost\"".to_owned()),
        ("#port = 465", format!("port = {smtp_port}")),
        ("\ntls = \"implicit\"", "\ntls = \"none\"".to_owned()),
        ("#from = \"ruascope@example.com\"", "from = \"ruascope@example.com\"".to_owned()),
    ] {
        assert!(settings.contains(before), "{before} has to stand in the file that `config init` writes");
        settings = settings.replacen(before, &after, 1);
    }
    settings
}

/// Reports of the story up to the 27th of October, as mails in the mailbox.
fn deliver(server: &Server) -> usize {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/story/2026-10");
    let mut delivered = 0;
    for entry in std::fs::read_dir(folder).expect("the story").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.path().extension().is_some_and(|kind| kind == "eml")
            && ("2026-10-18".."2026-10-28").contains(&&name[..10])
        {
            delivered += 1;
            server.deliver("INBOX", &format!("m{delivered}"), std::fs::read(entry.path()).expect("a mail"));
        }
    }
    delivered
}

#[test]
fn from_an_empty_machine_to_a_digest_by_mail() {
    let server = Server::start();
    let smtp_port = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("it").port();
    let sink_folder = server.path("sink");
    let _sink = Sink::start(&sink_folder, smtp_port);
    let delivered = deliver(&server);
    assert!(delivered > 20, "{delivered}");
    server.deliver("INBOX", "lunch", ordinary_mail(1));

    let (exit, _, stderr) = server.run(&["config", "init"]);
    assert_eq!(exit, 0, "{stderr}");
    let path = server.path("ruascope.toml");
    let settings = std::fs::read_to_string(&path).expect("settings");
    std::fs::write(&path, fill_in(&settings, server.tls_port, smtp_port)).expect("settings");
    assert_eq!(server.run(&["domain", "add", "example.com"]).0, 0);
    let (exit, _, stderr) = server.run(&["config", "check"]);
    assert_eq!((exit, stderr.as_str()), (0, ""));

    the_doctor_finds_both_servers(&server, &sink_folder);

    let job = |now: &str| server.run(&["run", "--quiet", "--out", "out", "--now", now]);
    let (exit, stdout, stderr) = job("2026-10-28T06:00:00Z");
    assert_eq!((exit, stderr.as_str()), (0, ""), "{stdout}");
    assert!(stdout.contains("example.com"), "{stdout}");
    assert_eq!((server.mails("Done").len(), server.mails("INBOX").len()), (delivered, 1));
    let first = mail(&sink_folder, 1).expect("a digest");
    assert_eq!(first["rcpt_tos"], serde_json::json!(["ops@example.com"]));
    assert_eq!(
        (&first["headers"]["Auto-Submitted"], &first["defects"]),
        (&"auto-generated".into(), &serde_json::json!([]))
    );
    assert!(first["text"].as_str().is_some_and(|text| text.contains("example.com")), "{first:#}");

    // The second run of a day sends nothing, and so does the one of the next day: nothing has changed.
    for now in ["2026-10-28T18:00:00Z", "2026-10-29T06:00:00Z"] {
        let (exit, _, stderr) = job(now);
        assert_eq!((exit, stderr.as_str()), (0, ""));
    }
    let mail_it = ["summary", "--last", "day", "--mail", "--when", "changes"];
    let (exit, _, stderr) = server.run(&[&mail_it[..], &["--now", "2026-10-29T06:30:00Z"]].concat());
    assert_eq!((exit, stderr.as_str()), (0, "nothing to tell ops@example.com\n"));
    assert!(mail(&sink_folder, 2).is_none());
    // On Monday it is sent whatever has changed: silence must not look like health.
    assert_eq!(job("2026-11-02T06:00:00Z").0, 0);
    assert!(mail(&sink_folder, 2).is_some());

    let wrong = std::fs::read_to_string(&path)
        .expect("settings")
        .replace("password_file = \"password\"", "password_file = \"none\"");
    std::fs::write(&path, wrong).expect("settings");
    assert_eq!(server.run(&["fetch", "-q"]).0, 78, "a setting that the owner has to change");
}

/// Before anything is taken in: both servers are well, and there is no store.
#[track_caller]
fn the_doctor_finds_both_servers(server: &Server, sink_folder: &Path) {
    let (exit, stdout, _) = server.run(&["doctor", "--format", "json"]);
    let doctor: Value = serde_json::from_str(&stdout).expect("an object");
    let state = |part: &str| {
        let lines = doctor["lines"].as_array().expect("lines");
        lines.iter().find(|line| line["part"] == part).map(|line| line["state"].clone())
    };
    assert_eq!(
        (state("mailbox"), state("mail"), state("store")),
        (Some("ok".into()), Some("ok".into()), Some("warning".into()))
    );
    assert_eq!((exit, state("dns")), (2, Some("failed".into())));
    assert!(!server.path("s.db").exists() && mail(sink_folder, 1).is_none(), "the doctor changes and sends nothing");
}
