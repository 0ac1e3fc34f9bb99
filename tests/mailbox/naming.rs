//! Folder names: levels and letters, as servers write them.

use ruascope::intake::imap::Session;
use ruascope::limits::Limits;

use crate::fake::{Fake, Reply};
use crate::server::{Server, Special, report_mail};

#[test]
fn levels_are_written_with_a_slash_whatever_the_server_writes() {
    let namespace = "separator = .\n  prefix = INBOX.";
    let server = Server::special(&Special { namespace: Some(namespace), ..Special::default() });
    server.deliver("Reports.Entw&APw-rfe", "a", report_mail(5));
    server.deliver("Reports", "b", report_mail(6));
    server.usual_settings("folders = [\"INBOX/Reports/Entwürfe\", \"INBOX.Reports\"]\nafter = \"move:INBOX/Reports\"");
    let fetched = server.fetch(&[]);
    assert_eq!((&fetched["deliveries"], &fetched["reports_new"]), (&3.into(), &2.into()));
    assert_eq!(server.mails("Reports").len(), 2, "a mail is not moved to where it is");
    server.usual_settings("folders = [\"INBOX/Reports\"]\nafter = \"move:INBOX/Gelesen/für immer\"");
    server.fetch(&["--rescan"]);
    assert_eq!(server.mails("Gelesen.f&APw-r immer").len(), 2, "a folder is made with its levels");
    server.usual_settings("folders = [\"INBOX/Nothing/Here\"]");
    let (exit, _, stderr) = server.run(&["fetch", "-q"]);
    assert_eq!(exit, 78, "{stderr}");
    assert!(stderr.contains("open the folder \"INBOX.Nothing.Here\""), "{stderr}");
    assert!(stderr.contains("\"INBOX.Gelesen.für immer\", \"INBOX.Reports\", \"INBOX.Reports.Entwürfe\""), "{stderr}");
    server.usual_settings("folders = [\"INBOX.Gelesen.für immer\"]\nafter = \"move:Archive\"");
    let (exit, _, stderr) = server.run(&["fetch", "-q"]);
    assert_eq!(exit, 69, "{stderr}");
    assert!(stderr.contains("act: make the folder \"Archive\": the server refuses: "), "{stderr}");
    assert!(stderr.contains("hint: the folders are: \"INBOX\", \"INBOX.Gelesen"), "{stderr}");
}

#[test]
fn a_server_that_offers_utf_8_is_spoken_to_in_utf_8() {
    let fake = Fake::start("IMAP4rev1 ENABLE UTF8=ACCEPT UIDPLUS", |command| match command {
        "ENABLE UTF8=ACCEPT" => Reply::Ok("* ENABLED UTF8=ACCEPT\r\n".to_owned()),
        "LIST \"\" \"\"" => Reply::Ok("* LIST (\\Noselect) \".\" \"\"\r\n".to_owned()),
        "LIST \"\" *" => {
            let lines =
                ["INBOX", "Entwürfe.日本語", "Tom & Jerry"].map(|name| format!("* LIST () \".\" \"{name}\"\r\n"));
            Reply::Ok(lines.concat())
        }
        "EXAMINE \"Entwürfe.日本語\"" => Reply::Usual,
        _ if command.starts_with("EXAMINE") => Reply::No(String::new(), "gibt es nicht: Grüße"),
        _ => Reply::Usual,
    });
    let settings = fake.settings("");
    let mut session = Session::open("main", &settings, &Limits::standard()).expect("a session");
    assert_eq!(session.select("Entwürfe/日本語", false).expect("a folder").uid_validity, 7);
    let error = session.select("Entwürfe/x", false).expect_err("there is none");
    assert!(
        error.to_string().ends_with("open the folder \"Entwürfe.x\": the server refuses: gibt es nicht: Grüße"),
        "{error}"
    );
    assert_eq!(error.hints, ["the folders are: \"Entwürfe.日本語\", \"INBOX\", \"Tom & Jerry\""]);
}

#[test]
fn a_server_that_offers_utf_8_and_does_not_agree_gets_the_old_spelling() {
    let fake = Fake::start("IMAP4rev1 ENABLE UTF8=ACCEPT UIDPLUS", |command| match command {
        "ENABLE UTF8=ACCEPT" => Reply::Ok("* ENABLED\r\n".to_owned()),
        "EXAMINE \"Entw&APw-rfe/x\"" => Reply::Usual,
        _ if command.starts_with("EXAMINE") => Reply::No(String::new(), "no such folder"),
        _ => Reply::Usual,
    });
    let mut session = Session::open("main", &fake.settings(""), &Limits::standard()).expect("a session");
    session.select("Entwürfe/x", false).expect("a folder");
}
