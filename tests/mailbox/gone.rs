//! Mails that another program takes away meanwhile.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use ruascope::ingest::{Options, Tally, poll};
use ruascope::limits::Limits;
use ruascope::store::Store;

use crate::fake::{Fake, Reply, once};
use crate::server::{Server, report_mail};

/// Two reports, of which the second is removed by somebody else before the mails are acted on.
fn server(capability: &'static str) -> Fake {
    let is_gone = AtomicBool::new(false);
    let refused = AtomicUsize::new(0);
    Fake::start(capability, move |command| {
        let there: &[u64] = if is_gone.load(Ordering::Relaxed) { &[1] } else { &[1, 2] };
        let each = |of: &dyn Fn(u64) -> String| Reply::Ok(there.iter().map(|uid| of(*uid)).collect());
        if command.starts_with("SELECT") {
            Reply::Ok("* 2 EXISTS\r\n* OK [UIDVALIDITY 7] valid\r\n* OK [UIDNEXT 3] next\r\n".to_owned())
        } else if command.starts_with("UID SEARCH") {
            Reply::Ok("* SEARCH 1 2\r\n".to_owned())
        } else if command.contains("RFC822.SIZE") {
            each(&|uid| format!("* {uid} FETCH (UID {uid} RFC822.SIZE 2000)\r\n"))
        } else if command.contains("BODY.PEEK") {
            let mail = |uid| report_mail(uid).replace('\n', "\r\n");
            each(&|uid| format!("* {uid} FETCH (UID {uid} BODY[] {{{}}}\r\n{})\r\n", mail(uid).len(), mail(uid)))
        } else if command == "NOOP" {
            is_gone.store(true, Ordering::Relaxed);
            Reply::Ok("* 2 EXPUNGE\r\n".to_owned())
        } else if ["UID MOVE 1:2 ", "UID COPY 1:2 ", "UID STORE 1:2 "].iter().any(|start| command.starts_with(start)) {
            refused.fetch_add(1, Ordering::Relaxed);
            Reply::No(String::new(), "[EXPUNGEISSUED] Some of the messages no longer exist.")
        } else {
            Reply::Usual
        }
    })
}

#[track_caller]
fn acts(capability: &'static str, after: &str, expected: &[&str]) {
    let fake = server(capability);
    let folder = tempfile::tempdir().expect("a folder");
    let mut store = Store::open(&folder.path().join("s.db")).expect("a store");
    let options = Options { limits: Limits::standard(), keep_raw: true, now_s: 1_761_000_000 };
    let (settings, stop) = (fake.settings(&format!("after = \"{after}\"")), AtomicBool::new(false));
    let of = once(&settings, &options, &stop);
    let mut tally = Tally::default();
    poll(&of, &mut store, &mut tally, &mut |_, _| {}).expect("a mail that is gone is no failure");
    assert_eq!((tally.deliveries, tally.delivered.reports_new), (2, 2));
    let is_act = |command: &String| ["MOVE", "COPY", "STORE", "EXPUNGE"].iter().any(|word| command.contains(word));
    let heard: Vec<String> = fake.heard().into_iter().filter(is_act).collect();
    assert_eq!(heard, expected);
}

#[test]
fn what_is_gone_is_left_out_and_the_others_are_acted_on_at_once() {
    acts("IMAP4rev1 MOVE UIDPLUS", "move:A", &["UID MOVE 1:2 \"A\"", "UID MOVE 1 \"A\""]);
    acts(
        "IMAP4rev1 UIDPLUS",
        "move:A",
        &["UID COPY 1:2 \"A\"", "UID COPY 1 \"A\"", "UID STORE 1 +FLAGS.SILENT (\\Deleted)", "UID EXPUNGE 1"],
    );
    acts(
        "IMAP4rev1 UIDPLUS",
        "delete",
        &["UID STORE 1:2 +FLAGS.SILENT (\\Deleted)", "UID STORE 1 +FLAGS.SILENT (\\Deleted)", "UID EXPUNGE 1"],
    );
    acts("IMAP4rev1", "flag", &["UID STORE 1:2 +FLAGS.SILENT (\\Seen)", "UID STORE 1 +FLAGS.SILENT (\\Seen)"]);
}

/// Two processes with stores of their own fetch the same mailbox at the same moment.
#[track_caller]
fn take_turns(stores: [&str; 2]) {
    let server = Server::start();
    server.usual_settings("after = \"move:Archive\"");
    let reports = 400;
    for number in 0..reports {
        server.deliver("INBOX", &format!("r{number}"), report_mail(number));
    }
    let start = |store: &str| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_ruascope"));
        command.args(["fetch", "-q", "--store", store]).current_dir(server.path(".")).env("HOME", server.path("."));
        command.stderr(std::process::Stdio::piped()).spawn().expect("the program has to start")
    };
    for child in stores.map(start) {
        let output = child.wait_with_output().expect("an end");
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!((output.status.code(), stderr.as_str()), (Some(0), ""));
    }
    assert_eq!(server.mails("INBOX").len(), 0);
    assert_eq!(server.mails("Archive").len() as u64, reports, "each mail is moved once");
}

#[test]
fn two_stores_of_one_folder_take_turns_at_one_mailbox() {
    take_turns(["s.db", "t.db"]);
}

#[test]
fn two_stores_of_one_user_take_turns_at_one_mailbox_wherever_they_lie() {
    take_turns(["one/s.db", "two/s.db"]);
}
