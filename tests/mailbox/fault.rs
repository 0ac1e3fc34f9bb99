//! Connections that break and programs that are killed: nothing is lost, nothing is counted twice, and no mail is acted
//! on whose rows are not in the store.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ruascope::config::{self, File, MailboxSettings};
use ruascope::ingest::{Options, Poll, Tally, poll};
use ruascope::limits::Limits;
use ruascope::store::Store;

use crate::server::{Server, ordinary_mail, report_mail};

/// Where a connection is cut: after so many bytes from the server, or to it.
#[derive(Clone, Copy)]
enum Cut {
    FromServer(usize),
    ToServer(usize),
}

/// Stands before the server, and cuts the next connection where it is told.
struct Proxy {
    port: u16,
    next: Arc<Mutex<Option<Cut>>>,
    cuts: Arc<AtomicUsize>,
}

impl Proxy {
    fn start(server_port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let proxy = Self { port, next: Arc::default(), cuts: Arc::default() };
        let (next, cuts) = (Arc::clone(&proxy.next), Arc::clone(&proxy.cuts));
        std::thread::spawn(move || {
            for client in listener.incoming() {
                let client = client.expect("a connection");
                let server = TcpStream::connect(("127.0.0.1", server_port)).expect("the server");
                let (mut from, mut to) = (usize::MAX, usize::MAX);
                match next.lock().expect("a lock").take() {
                    Some(Cut::FromServer(bytes)) => from = bytes,
                    Some(Cut::ToServer(bytes)) => to = bytes,
                    None => {}
                }
                pass_on(&server, &client, from, &cuts);
                pass_on(&client, &server, to, &cuts);
            }
        });
        proxy
    }
}

/// Passes bytes on, and cuts the connection on both sides after `most`.
fn pass_on(from: &TcpStream, to: &TcpStream, most: usize, cuts: &Arc<AtomicUsize>) {
    let (mut from, mut to) = (from.try_clone().expect("a stream"), to.try_clone().expect("a stream"));
    let cuts = Arc::clone(cuts);
    std::thread::spawn(move || {
        let mut left = most;
        let mut buffer = [0; 4096];
        while let Ok(read) = from.read(&mut buffer) {
            let passed = read.min(left);
            if read == 0 || to.write_all(&buffer[..passed]).is_err() {
                break;
            }
            left -= passed;
            if left == 0 {
                cuts.fetch_add(1, Ordering::Relaxed);
                break;
            }
        }
        for side in [&from, &to] {
            let _already = side.shutdown(Shutdown::Both);
        }
    });
}

/// Settings of a mailbox behind the proxy, without TLS so that cuts fall into commands and answers.
fn settings(server: &Server, port: u16) -> MailboxSettings {
    let password = server.path("password");
    let text = format!(
        "[mailbox.main]\nhost = \"localhost\"\nport = {port}\ntls = \"none\"\nuser = \"user\"\npassword_file = \"{}\"\n\
         after = \"move:Archive\"\n",
        password.display()
    );
    let file = File { path: "ruascope.toml".into(), text };
    let mut resolved = config::resolve(Some(&file), &[], &[]).expect("settings");
    resolved.settings.mailboxes.remove("main").expect("a mailbox")
}

/// What is in the end has to be the truth: all reports once in the store, once in the archive, and nothing else moved.
#[track_caller]
fn is_whole(server: &Server, reports: u64, ordinary: u64) {
    let mails = (0..reports).map(|number| number + 1).sum::<u64>();
    assert_eq!(server.stored(), (reports, mails));
    let mut expected: Vec<String> = (0..reports)
        .map(|number| format!("Report domain: example.com Submitter: r.example Report-ID: {number}"))
        .collect();
    expected.sort();
    assert_eq!(server.subjects("Archive"), expected);
    let mut lunches: Vec<String> = (0..ordinary).map(|number| format!("Lunch {number}")).collect();
    lunches.sort();
    assert_eq!(server.subjects("INBOX"), lunches);
    assert!(server.mails("INBOX").iter().all(|(_, flags, _)| flags.is_empty()), "ordinary mails stay unread");
    let (exit, stdout, _) = server.run(&["store", "audit"]);
    assert_eq!(exit, 0, "{stdout}");
}

#[test]
fn a_connection_cut_anywhere_loses_and_doubles_nothing() {
    let server = Server::start();
    let proxy = Proxy::start(server.plain_port);
    let settings = settings(&server, proxy.port);
    let mut store = Store::open(&server.path("s.db")).expect("a store");
    let options = Options { limits: Limits::standard(), keep_raw: true, now_s: 1_761_000_000 };
    let from_server = (0..120).map(|step| Cut::FromServer(1 + step * 43));
    let to_server = (0..60).map(|step| Cut::ToServer(1 + step * 7));
    let stop = AtomicBool::new(false);
    let (mut reports, mut ordinary) = (0, 0);
    let mut tally = Tally::default();
    for cut in from_server.chain(to_server) {
        server.deliver("INBOX", &format!("r{reports}"), report_mail(reports));
        reports += 1;
        if reports % 10 == 0 {
            server.deliver("INBOX", &format!("o{ordinary}"), ordinary_mail(ordinary));
            ordinary += 1;
        }
        *proxy.next.lock().expect("a lock") = Some(cut);
        let poll_of = Poll {
            name: "main",
            stop: &stop,
            settings: &settings,
            options: &options,
            rescan: false,
            pause: Duration::ZERO,
            meeting: None,
        };
        poll(&poll_of, &mut store, &mut tally, &mut |_, _| {}).expect("the second attempt has no cut");
    }
    drop(store);
    assert!(proxy.cuts.load(Ordering::Relaxed) > 100, "most connections have to be cut");
    assert_eq!(tally.delivered.reports_new, reports);
    is_whole(&server, reports, ordinary);
}

#[test]
fn a_fetch_that_is_killed_fifty_times_ends_like_one_that_was_not() {
    let server = Server::start();
    server.usual_settings("after = \"move:Archive\"");
    let (mut reports, mut ordinary) = (0, 0);
    let mut killed = 0;
    for round in 0_u64..50 {
        for _ in 0..20 {
            server.deliver("INBOX", &format!("r{reports}"), report_mail(reports));
            reports += 1;
        }
        server.deliver("INBOX", &format!("o{ordinary}"), ordinary_mail(ordinary));
        ordinary += 1;
        let mut child = server.command(&["fetch", "-q"]).spawn().expect("the program has to start");
        // Moments that are all over a fetch, and the same in every run.
        std::thread::sleep(Duration::from_millis(round * 37 % 127));
        killed += u32::from(child.try_wait().expect("a child").is_none());
        let _ended = child.kill();
        child.wait().expect("a child");
    }
    assert!(killed > 10, "only {killed} were killed");
    server.fetch(&[]);
    is_whole(&server, reports, ordinary);
}

#[test]
fn two_fetches_at_once_do_not_hurt_each_other() {
    let server = Server::start();
    server.usual_settings("after = \"move:Archive\"");
    for number in 0..200 {
        server.deliver("INBOX", &format!("r{number}"), report_mail(number));
    }
    server.deliver("INBOX", "o0", ordinary_mail(0));
    let start = || server.command(&["fetch", "-q"]).spawn().expect("the program has to start");
    let both = [start(), start()];
    for mut child in both {
        assert_eq!(child.wait().expect("a child").code(), Some(0));
    }
    is_whole(&server, 200, 1);
}
