//! Waiting for mail: IDLE is begun anew, tells of what came in between, and outlives what servers do.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, RwLock};
use std::time::{Duration, Instant};

use ruascope::config::MailboxSettings;
use ruascope::ingest::{MailboxFailure, Options, Tally, stay};
use ruascope::limits::Limits;
use ruascope::store::Store;

use crate::fake::{Fake, Reply, once, settings};
use crate::server::{Server, Special, report_mail};

/// How long to wait for what has to happen at some time.
const PATIENCE: Duration = Duration::from_secs(40);

/// Stays with a mailbox until `is_enough` of what was heard and taken in so far, or it fails; gives what was taken in.
fn stays(
    settings: MailboxSettings,
    idle_timeout_s: u64,
    is_enough: impl Fn(&Tally) -> bool,
) -> Result<Tally, MailboxFailure> {
    let (stop, all): (Arc<AtomicBool>, Arc<Mutex<Tally>>) = Default::default();
    let (ending, ended) = channel();
    let (stopping, telling) = (Arc::clone(&stop), Arc::clone(&all));
    std::thread::spawn(move || {
        let folder = tempfile::tempdir().expect("a folder");
        let mut store = Store::open(&folder.path().join("s.db")).expect("a store");
        let limits = Limits { idle_timeout_s, read_timeout_s: 5, ..Limits::standard() };
        let options = Options { limits, keep_raw: true, now_s: 1_761_000_000 };
        let of = once(&settings, &options, &stopping);
        let mut told = |tally: &Tally| telling.lock().expect("a lock").merge(tally.clone());
        let outcome = stay(&of, &mut store, &RwLock::new(()), &|| 1_761_000_000, &mut |_, _| {}, &mut told);
        let _nobody_waits = ending.send(outcome);
    });
    let deadline = Instant::now() + PATIENCE;
    while !is_enough(&all.lock().expect("a lock")) && Instant::now() < deadline {
        match ended.recv_timeout(Duration::from_millis(20)) {
            Err(RecvTimeoutError::Timeout) => {}
            outcome => {
                outcome.expect("it does not panic")?;
            }
        }
    }
    stop.store(true, Ordering::Relaxed);
    ended.recv_timeout(PATIENCE).expect("it ends when it is told to")?;
    Ok(all.lock().expect("a lock").clone())
}

/// How often a command was heard.
fn count(fake: &Fake, command: &str) -> usize {
    fake.heard().iter().filter(|heard| *heard == command).count()
}

/// An answer to EXAMINE with so many mails.
fn folder_of(mails: usize) -> Reply {
    Reply::Ok(format!("* {mails} EXISTS\r\n* OK [UIDVALIDITY 7] v\r\n* OK [UIDNEXT {}] n\r\n", mails + 1))
}

/// The mails that a command asks for, each with a report.
fn mails(command: &str) -> Reply {
    let set = command.split(' ').nth(2).unwrap_or_default();
    let (first, last) = set.split_once(':').unwrap_or((set, set));
    let number = |text: &str| text.parse::<u64>().expect("a number");
    let answer = |uid: u64| {
        let mail = report_mail(uid).replace('\n', "\r\n");
        if command.contains("RFC822.SIZE") {
            format!("* {uid} FETCH (UID {uid} RFC822.SIZE {})\r\n", mail.len())
        } else {
            format!("* {uid} FETCH (UID {uid} BODY[] {{{}}}\r\n{mail})\r\n", mail.len())
        }
    };
    Reply::Ok((number(first)..=number(last)).map(answer).collect())
}

/// Stands before a server, and gives its port and what clients say.
fn tap(server_port: u16) -> (u16, Arc<Mutex<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let said: Arc<Mutex<String>> = Arc::default();
    let saying = Arc::clone(&said);
    std::thread::spawn(move || {
        for client in listener.incoming() {
            let client = client.expect("a client");
            let server = TcpStream::connect(("127.0.0.1", server_port)).expect("the server");
            let (mut from_server, mut to_client) =
                (server.try_clone().expect("a stream"), client.try_clone().expect("a stream"));
            std::thread::spawn(move || std::io::copy(&mut from_server, &mut to_client));
            let (mut client, mut server, said) = (client, server, Arc::clone(&saying));
            std::thread::spawn(move || {
                let mut buffer = [0; 4096];
                while let Ok(read @ 1..) = client.read(&mut buffer) {
                    said.lock().expect("a lock").push_str(&String::from_utf8_lossy(&buffer[..read]));
                    server.write_all(&buffer[..read]).expect("a server that reads");
                }
            });
        }
    });
    (port, said)
}

#[test]
fn it_is_begun_anew_however_often_the_server_says_that_it_is_still_there() {
    let server = Server::special(&Special { protocol: "imap_idle_notify_interval = 1s", ..Special::default() });
    std::fs::write(server.path("passwd"), "user:{PLAIN}secret\n").expect("a file");
    let (port, said) = tap(server.plain_port);
    let done = || said.lock().expect("a lock").matches("\r\nDONE\r\n").count();
    stays(settings(port, ""), 2, |_| done() >= 3).expect("nothing fails");
    let said = said.lock().expect("a lock");
    assert!(said.matches(" IDLE\r\n").count() >= 3 && said.matches("\r\nDONE\r\n").count() >= 3, "{said}");
    assert_eq!(said.matches(" LOGIN ").count(), 1, "all on one connection");
}

#[test]
fn mail_that_comes_between_two_waits_is_taken_in_at_once() {
    // How many mails there are when the second wait begins, and what is said then: the news before the server agrees, behind
    // it, or nothing, when the last look at the folder has shown them already.
    for (looks_until_it_comes, news) in [
        (usize::MAX, "* 2 EXISTS\r\n+ idling\r\n"),
        (usize::MAX, "* 2 EXISTS\r\n* 1 RECENT\r\n+ idling\r\n* OK Still here\r\n"),
        (usize::MAX, "+ idling\r\n* 2 EXISTS\r\n"),
        (3, ""),
    ] {
        let (looks, waits) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let fake = Fake::start("IMAP4rev1 IDLE", move |command| {
            let has_come = || looks.load(Ordering::Relaxed) > looks_until_it_comes || waits.load(Ordering::Relaxed) > 1;
            match command {
                "IDLE" => match waits.fetch_add(1, Ordering::Relaxed) {
                    0 => Reply::Stall("+ idling\r\n* 1 EXISTS\r\n".to_owned()),
                    1 if !news.is_empty() => Reply::Stall(news.to_owned()),
                    // Ends it by itself, so that the test can end.
                    _ => Reply::Ok("+ idling\r\n".to_owned()),
                },
                _ if command.starts_with("EXAMINE") => {
                    looks.fetch_add(1, Ordering::Relaxed);
                    folder_of(if has_come() { 2 } else { 1 })
                }
                _ if command.starts_with("UID SEARCH UID 1:") => Reply::Ok("* SEARCH 1\r\n".to_owned()),
                _ if command.starts_with("UID SEARCH") => Reply::Ok("* SEARCH 2\r\n".to_owned()),
                _ if command.starts_with("UID FETCH") => mails(command),
                _ => Reply::Usual,
            }
        });
        // Long enough that nothing but the news ends a wait.
        let waiting = settings(fake.port, "");
        let tally = stays(waiting, 60, |tally| tally.delivered.reports_new == 2 && count(&fake, "IDLE") > 1);
        let tally = tally.expect("nothing fails");
        assert_eq!(tally.delivered.reports_new, 2, "{news:?}: {:#?}", fake.heard());
        assert!(count(&fake, "DONE") >= 1, "{news:?}");
    }
}

#[test]
fn a_server_that_refuses_to_tell_is_asked() {
    for answer in ["NO", "BAD"] {
        let fake = Fake::start("IMAP4rev1 IDLE", move |command| match (command, answer) {
            ("IDLE", "NO") => Reply::No(String::new(), "not now"),
            ("IDLE", _) => Reply::Bad("what is that"),
            _ if command.starts_with("EXAMINE") => folder_of(0),
            _ => Reply::Usual,
        });
        stays(fake.settings(""), 1, |_| count(&fake, "NOOP") > 1).expect("nothing fails");
        assert_eq!((count(&fake, "IDLE"), count(&fake, "LOGIN \"user\" \"secret\"")), (1, 1), "{answer}");
        assert!(count(&fake, "NOOP") > 1, "{answer}");
    }
}

#[test]
fn a_server_that_ends_a_silent_connection_is_called_again() {
    // One says so, one does not, one ends the wait by itself, and one agrees to nothing.
    for (end, why) in [
        ("+ idling\r\n* BYE Autologout; idle for too long\r\n", "the server hangs up: Autologout; idle for too long"),
        ("+ idling\r\n", "the connection was cut"),
        ("* OK hm\r\n", "the connection was cut"),
        ("", "the connection was cut"),
    ] {
        let fake = Fake::start("IMAP4rev1 IDLE", move |command| match command {
            "IDLE" => Reply::HangUp(end.to_owned()),
            _ if command.starts_with("EXAMINE") => folder_of(0),
            _ => Reply::Usual,
        });
        let folder = tempfile::tempdir().expect("a folder");
        let text = format!(
            "[mailbox.main]\nhost = \"127.0.0.1\"\nport = {}\ntls = \"none\"\nuser = \"user\"\n\
             password_command = \"echo secret\"\n",
            fake.port
        );
        std::fs::write(folder.path().join("ruascope.toml"), text).expect("settings");
        let mut command = Command::new(env!("CARGO_BIN_EXE_ruascope"));
        command.args(["--offline", "--store", "s.db", "watch"]).current_dir(folder.path()).env_clear();
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("HOME", folder.path());
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the program has to start");
        let deadline = Instant::now() + PATIENCE;
        while count(&fake, "IDLE") < 2 && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(20));
        }
        child.kill().expect("it runs still");
        let output = child.wait_with_output().expect("an end");
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(count(&fake, "IDLE") >= 2 && count(&fake, "LOGIN \"user\" \"secret\"") >= 2, "{end:?}: {stderr}");
        assert!(stderr.contains(&format!("fetch: wait for new mails: {why}")), "{end:?}: {stderr}");
    }
}

#[test]
fn an_answer_that_ends_the_wait_is_no_reason_to_end() {
    let fake = Fake::start("IMAP4rev1 IDLE", |command| match command {
        // Against the standard: a wait ends with DONE.
        "IDLE" => Reply::Ok("+ idling\r\n".to_owned()),
        _ if command.starts_with("EXAMINE") => folder_of(0),
        _ => Reply::Usual,
    });
    stays(fake.settings(""), 60, |_| count(&fake, "IDLE") > 2).expect("nothing fails");
    assert_eq!(count(&fake, "DONE"), 0, "it would be a command that there is not");
}
