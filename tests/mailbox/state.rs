//! What is read again, and what is not.

use crate::server::{Server, ordinary_mail, report_mail};

#[test]
fn an_empty_folder_is_no_work() {
    let server = Server::start();
    server.usual_settings("");
    let fetched = server.fetch(&[]);
    assert_eq!((&fetched["deliveries"], &fetched["reports_new"]), (&0.into(), &0.into()));
}

#[test]
fn only_new_mails_are_read_until_the_server_numbers_anew() {
    let mut server = Server::start();
    server.deliver("INBOX", "a", report_mail(1));
    server.deliver("INBOX", "b", ordinary_mail(1));
    server.usual_settings("");
    assert_eq!(server.fetch(&[])["deliveries"], 2);
    assert_eq!(server.fetch(&[])["deliveries"], 0);
    server.deliver("INBOX", "c", report_mail(2));
    let new = server.fetch(&[]);
    assert_eq!((&new["deliveries"], &new["reports_new"]), (&1.into(), &1.into()));
    renumber(&mut server);
    let all = server.fetch(&[]);
    assert_eq!((&all["deliveries"], &all["reports_new"], &all["reports_duplicate"]), (&3.into(), &0.into(), &2.into()));
    assert_eq!(server.stored(), (2, 5));
    assert_eq!(server.fetch(&[])["deliveries"], 0);
}

/// Gives the INBOX another UIDVALIDITY, as a restored backup does.
fn renumber(server: &mut Server) {
    server.stop();
    let inbox = server.maildir("INBOX");
    for entry in std::fs::read_dir(&inbox).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if name.starts_with("dovecot.index") {
            std::fs::remove_file(&path).expect("an index");
        }
    }
    let list = inbox.join("dovecot-uidlist");
    let text = std::fs::read_to_string(&list).expect("the list of numbers");
    let (start, rest) = text.split_once(" V").expect("a UIDVALIDITY");
    let (_, rest) = rest.split_once(' ').expect("more");
    std::fs::write(&list, format!("{start} V1234567 {rest}")).expect("the list of numbers");
    server.resume();
}

#[test]
fn a_wider_search_reads_again_what_was_left_out() {
    let server = Server::start();
    server.deliver("INBOX", "old", report_mail(1));
    let path = server.maildir("INBOX").join("new/old");
    let year_2020 = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_580_000_000);
    std::fs::File::options().write(true).open(&path).expect("a mail").set_modified(year_2020).expect("a time");
    server.deliver("INBOX", "seen:2,S", report_mail(2));
    let inbox = server.maildir("INBOX");
    std::fs::rename(inbox.join("new/seen:2,S"), inbox.join("cur/seen:2,S")).expect("a mail");
    server.deliver("INBOX", "new", report_mail(3));
    server.usual_settings("since = \"2024-01-01\"\nunseen_only = true");
    assert_eq!(server.fetch(&[])["reports_new"], 1);
    server.usual_settings("since = \"2024-01-01\"");
    assert_eq!(server.fetch(&[])["reports_new"], 1);
    server.usual_settings("");
    assert_eq!(server.fetch(&[])["reports_new"], 1);
    assert_eq!(server.fetch(&[])["deliveries"], 0);
    assert_eq!(server.stored(), (3, 9));
}

#[test]
fn one_mailbox_that_fails_does_not_stop_the_others() {
    let server = Server::start();
    server.deliver("INBOX", "a", report_mail(1));
    server.usual_settings("");
    let good = std::fs::read_to_string(server.path("ruascope.toml")).expect("settings");
    let bad = good.replace("mailbox.main", "mailbox.bad").replace("\"user\"", "\"nobody\"");
    std::fs::write(server.path("ruascope.toml"), format!("{bad}\n{good}")).expect("settings");
    let (exit, stdout, stderr) = server.run(&["fetch", "--format", "json"]);
    assert_eq!(exit, 77, "{stderr}");
    let fetched: serde_json::Value = serde_json::from_str(&stdout).expect("an object");
    assert_eq!(fetched["reports_new"], 1);
    assert!(fetched["failed"][0].as_str().is_some_and(|text| text.starts_with("mailbox bad (localhost:")), "{stdout}");
    assert!(stderr.contains("\"schema\":\"ruascope.error/1\""), "{stderr}");
    let (exit, ..) = server.run(&["fetch", "main", "-q"]);
    assert_eq!(exit, 0);
    let (exit, _, stderr) = server.run(&["fetch", "nosuch"]);
    assert_eq!(
        (exit, stderr.as_str()),
        (64, "error: there is no mailbox nosuch in the settings\nhint: there are: bad, main\n")
    );
}

#[test]
fn somebody_who_watches_sees_how_far_it_is_and_nobody_else_does() {
    let server = Server::start();
    for number in 0..2_500 {
        server.deliver("INBOX", &format!("{number:05}"), report_mail(number));
    }
    server.usual_settings("");
    // `script` gives the program a terminal.
    let on_a_terminal = |args: &str| {
        let command = format!("{} --store s.db {args}", env!("CARGO_BIN_EXE_ruascope"));
        let mut script = std::process::Command::new("script");
        script.args(["-qec", &command, "/dev/null"]).current_dir(server.path(".")).env("TERM", "xterm");
        let output = script.output().expect("script has to run");
        assert!(output.status.success());
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let quiet = on_a_terminal("fetch -q --rescan");
    assert_eq!(quiet, "");
    let shown = on_a_terminal("fetch --rescan");
    let line = shown.split('\r').filter(|line| line.contains("of 2500 mails, ")).nth(2).unwrap_or_default();
    let parts: Vec<&str> = line.split(", ").map(str::trim).collect();
    assert!(parts.len() == 5 && parts[1].ends_with("/s") && parts[2].ends_with("s left"), "{shown:?}");
    assert!(parts[3].starts_with("main: ") && parts[3].ends_with("iB") && parts[4] == "0 new reports", "{shown:?}");
    let (exit, stdout, stderr) = server.run(&["fetch", "--rescan", "-q"]);
    assert_eq!((exit, stdout.as_str(), stderr.as_str()), (0, "", ""));
    let (exit, stdout, stderr) = server.run(&["fetch", "--rescan"]);
    assert_eq!((exit, stderr.as_str()), (0, ""), "no progress where nobody watches");
    assert!(stdout.starts_with("2500 mails: "), "{stdout}");
}
