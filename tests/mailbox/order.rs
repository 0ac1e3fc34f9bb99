//! What the server is asked for, and in which order.

use std::path::Path;
use std::sync::atomic::AtomicBool;

use ruascope::ingest::{Options, Tally, poll};
use ruascope::limits::Limits;
use ruascope::store::Store;

use crate::fake::{Fake, Reply, once};
use crate::server::ordinary_mail;

/// Sizes of the five mails of the folder, in bytes.
const SIZES: [u64; 5] = [100_000, 100_000, 100_000, 15 << 20, 100];

/// Answers for the mails that a command names, as `1:3` or `4`.
fn each(command: &str, of: impl Fn(usize) -> String) -> Reply {
    let set = command.split(' ').nth(2).unwrap_or_default();
    let (first, last) = set.split_once(':').unwrap_or((set, set));
    let number = |text: &str| text.parse::<usize>().expect("a number");
    Reply::Ok((number(first)..=number(last)).map(of).collect())
}

fn server() -> Fake {
    Fake::start("IMAP4rev1 UIDPLUS", |command| {
        let mail = ordinary_mail(1).replace('\n', "\r\n");
        if command.starts_with("EXAMINE") {
            Reply::Ok("* 5 EXISTS\r\n* OK [UIDVALIDITY 7] valid\r\n* OK [UIDNEXT 6] next\r\n".to_owned())
        } else if command.starts_with("UID SEARCH") {
            Reply::Ok("* SEARCH 1 2 3 4 5\r\n".to_owned())
        } else if command.contains("RFC822.SIZE") {
            each(command, |uid| format!("* {uid} FETCH (UID {uid} RFC822.SIZE {})\r\n", SIZES[uid - 1]))
        } else if command.contains("BODY.PEEK[]") {
            each(command, |uid| format!("* {uid} FETCH (UID {uid} BODY[] {{{}}}\r\n{mail})\r\n", mail.len()))
        } else if command.contains("BODY.PEEK[HEADER]") {
            each(command, |uid| format!("* {uid} FETCH (UID {uid} BODY[HEADER]<0> {{{}}}\r\n{mail})\r\n", mail.len()))
        } else {
            Reply::Usual
        }
    })
}

/// Polls once, and gives what was taken in.
fn fetch(fake: &Fake, store: &Path) -> Tally {
    let mut store = Store::open(store).expect("a store");
    let options = Options { limits: Limits::standard(), keep_raw: true, now_s: 1_761_000_000 };
    let (settings, stop) = (fake.settings(""), AtomicBool::new(false));
    let of = once(&settings, &options, &stop);
    let mut tally = Tally::default();
    poll(&of, &mut store, &mut tally, &mut |_, _| {}).expect("a poll");
    tally
}

#[test]
fn sizes_come_first_and_mails_in_batches_that_they_bound() {
    let (fake, folder) = (server(), tempfile::tempdir().expect("a folder"));
    let tally = fetch(&fake, &folder.path().join("s.db"));
    assert_eq!((tally.deliveries, tally.ignored, tally.delivered.rejected), (5, 4, 1));
    let heard: Vec<String> = fake.heard().into_iter().filter(|command| command.starts_with("UID FETCH")).collect();
    let expected = [
        "UID FETCH 1:5 (UID RFC822.SIZE)",
        "UID FETCH 1:2 (UID BODY.PEEK[])",
        "UID FETCH 3 (UID BODY.PEEK[])",
        "UID FETCH 4 (UID BODY.PEEK[HEADER]<0.65536>)",
        "UID FETCH 5 (UID BODY.PEEK[])",
    ];
    assert_eq!(heard, expected, "a mail over the limit is never downloaded");
}

#[test]
fn an_unchanged_folder_costs_the_same_whatever_is_in_it() {
    let (fake, folder) = (server(), tempfile::tempdir().expect("a folder"));
    let store = folder.path().join("s.db");
    fetch(&fake, &store);
    let before = fake.heard().len();
    assert_eq!(fetch(&fake, &store), Tally::default());
    let heard = fake.heard().split_off(before);
    let expected =
        ["CAPABILITY", "LOGIN \"user\" \"secret\"", "CAPABILITY", "LIST \"\" \"\"", "EXAMINE \"INBOX\"", "LOGOUT"];
    assert_eq!(heard, expected);
}
