//! What becomes of mails afterwards, and of those that are nobody's business.

use crate::server::{Server, Special, broken_mail, mail, ordinary_mail, report_mail};

#[test]
fn only_mails_with_reports_are_touched() {
    let server = Server::start();
    for number in 0..5_000 {
        let text = if number % 50 < 3 { report_mail(number) } else { ordinary_mail(number) };
        server.deliver("INBOX", &format!("{number:05}"), text);
    }
    server.deliver("INBOX", "broken", broken_mail(1));
    let before: Vec<_> = server.mails("INBOX").into_iter().filter(|(_, _, mail)| is_ordinary(mail)).collect();
    server.usual_settings("after = \"move:DMARC/Gelesen für immer\"\nrejected = \"move:Rejected\"");
    let fetched = server.fetch(&[]);
    assert_eq!(fetched["deliveries"], 5_001);
    assert_eq!(fetched["reports_new"], 300);
    assert_eq!(fetched["rejected"], 1);
    assert_eq!(fetched["ignored"], 4_700);
    assert_eq!(server.mails("INBOX"), before, "ordinary mails stay as they are, flags and bytes");
    assert_eq!(server.mails("DMARC.Gelesen f&APw-r immer").len(), 300);
    assert_eq!(server.mails("Rejected").len(), 1);
    let again = server.fetch(&[]);
    assert_eq!(again["deliveries"], 0, "nothing new is nothing to read");
    let rescanned = server.fetch(&["--rescan"]);
    assert_eq!((&rescanned["deliveries"], &rescanned["ignored"]), (&4_700.into(), &4_700.into()));
    assert_eq!(server.mails("INBOX"), before);
}

fn is_ordinary(mail: &[u8]) -> bool {
    String::from_utf8_lossy(mail).contains("Subject: Lunch")
}

/// A mail that another program marked as deleted, and has not removed.
const MARKED: &str = "marked:2,T";

/// One report, one unusable one, one ordinary mail, and one that another program marked.
fn seed(server: &Server) {
    server.deliver("INBOX", "a", report_mail(1));
    server.deliver("INBOX", "b", broken_mail(1));
    server.deliver("INBOX", "c", ordinary_mail(1));
    server.deliver("INBOX", MARKED, ordinary_mail(2));
    let inbox = server.maildir("INBOX");
    std::fs::rename(inbox.join("new").join(MARKED), inbox.join("cur").join(MARKED)).expect("a mail");
}

fn names_and_flags(server: &Server, folder: &str) -> Vec<(String, String)> {
    server.mails(folder).into_iter().map(|(name, flags, _)| (name, flags)).collect()
}

#[track_caller]
fn holds(server: &Server, folder: &str, mails: &[(&str, &str)]) {
    let expected: Vec<_> = mails.iter().map(|(name, flags)| ((*name).to_owned(), (*flags).to_owned())).collect();
    assert_eq!(names_and_flags(server, folder), expected);
}

#[test]
fn flagging_keeps_everything_where_it_is() {
    let server = Server::start();
    seed(&server);
    server.usual_settings("after = \"flag\"\nrejected = \"flag\"");
    assert_eq!(server.fetch(&[])["reports_new"], 1);
    // Dovecot writes keywords as letters, and their names into a file.
    holds(&server, "INBOX", &[("a", "Sa"), ("b", "Sb"), ("c", ""), ("marked", "T")]);
    let keywords = std::fs::read_to_string(server.maildir("INBOX").join("dovecot-keywords")).expect("keywords");
    assert_eq!(keywords, "0 ruascope\n1 ruascope-rejected\n");
}

#[test]
fn deleting_removes_only_mails_with_reports() {
    let server = Server::start();
    seed(&server);
    server.usual_settings("after = \"delete\"");
    assert_eq!(server.fetch(&[])["reports_new"], 1);
    holds(&server, "INBOX", &[("b", ""), ("c", ""), ("marked", "T")]);
    assert_eq!(server.stored(), (1, 2));
}

#[test]
fn a_server_that_cannot_move_copies_and_expunges_by_number() {
    let capability = Some("IMAP4rev1 LITERAL+ UIDPLUS");
    let server = Server::special(&Special { capability, ..Special::default() });
    seed(&server);
    server.usual_settings("after = \"move:Archive\"");
    assert_eq!(server.fetch(&[])["reports_new"], 1);
    holds(&server, "INBOX", &[("b", ""), ("c", ""), ("marked", "T")]);
    assert_eq!(server.mails("Archive").len(), 1);
    assert_eq!(server.mails("Archive")[0].1, "", "a moved mail is still unread");
}

#[test]
fn a_server_that_can_only_expunge_everything_is_not_asked_to() {
    let server = Server::special(&Special { capability: Some("IMAP4rev1 LITERAL+"), ..Special::default() });
    seed(&server);
    for after in ["move:Archive", "delete"] {
        server.usual_settings(&format!("after = \"{after}\""));
        let (exit, _, stderr) = server.run(&["fetch", "-q"]);
        assert!(exit == 69 && stderr.contains("neither MOVE nor UIDPLUS"), "{exit}: {stderr}");
    }
    holds(&server, "INBOX", &[("a", ""), ("b", ""), ("c", ""), ("marked", "T")]);
}

#[test]
fn a_dry_run_says_what_would_be_done_and_changes_nothing() {
    let server = Server::start();
    seed(&server);
    server.usual_settings("after = \"move:Archive\"\nrejected = \"flag\"");
    let (exit, stdout, stderr) = server.run(&["fetch", "--dry-run"]);
    let bytes: usize =
        server.mails("INBOX").iter().map(|(_, _, mail)| mail.len() + mail.split(|b| *b == b'\n').count() - 1).sum();
    let expected = format!(
        "main/INBOX: 4 mails to read ({bytes} bytes), with 1 report\n  1 with reports: would be moved to \"Archive\"\n  \
         1 with something unusable: would be flagged as read\n  2 without a report: stay as they are\n"
    );
    assert_eq!((exit, stdout.as_str(), stderr.as_str()), (0, expected.as_str(), ""));
    holds(&server, "INBOX", &[("a", ""), ("b", ""), ("c", ""), ("marked", "T")]);
    assert!(!server.maildir("Archive").exists() && !server.path("s.db").exists(), "nothing is made");
    let planned = server.fetch(&["--dry-run"]);
    assert_eq!((&planned["deliveries"], &planned["ignored"]), (&4.into(), &2.into()));
    assert!(planned["reports_new"].is_null(), "only storing tells what is new");
}

#[test]
fn a_mail_that_is_too_large_is_recorded_and_not_read() {
    let server = Server::start();
    let filling = "x".repeat(76) + "\n";
    let body = format!("--b\nContent-Type: text/plain\n\n{}\n--b--\n", filling.repeat(60 << 20 >> 6));
    server.deliver("INBOX", "film", mail("Our holidays", &body));
    server.deliver("INBOX", "huge", mail("Report domain: example.com Submitter: r.example Report-ID: huge", &body));
    server.deliver("INBOX", "small", report_mail(1));
    server.usual_settings("after = \"move:Archive\"\nrejected = \"move:Rejected\"");
    let fetched = server.fetch(&[]);
    assert_eq!((&fetched["reports_new"], &fetched["rejected"]), (&1.into(), &2.into()));
    holds(&server, "INBOX", &[("film", "")]);
    assert_eq!(server.subjects("Rejected"), ["Report domain: example.com Submitter: r.example Report-ID: huge"]);
    let (_, stdout, _) = server.run(&["rejected", "--format", "json"]);
    assert!(stdout.contains("over the limit message_bytes_max") && stdout.contains("Our holidays"), "{stdout}");
}
