//! What DNS publishes is kept with its day by every `run` and `check` that may ask.

use ruascope::store::{Store, day_of};

use crate::harness::{Place, fixture};
use crate::name_server::NameServer;

fn zone(policy: &str) -> String {
    format!(
        r#"
example.com TXT "v=spf1 ip4:192.0.2.1 -all"
_dmarc.example.com TXT "v=DMARC1; p={policy}"
s1._domainkey.example.com TXT "v=DKIM1; p="
"#
    )
}

fn settings(server: &NameServer) -> String {
    let domain = "[[domain]]\nname = \"example.com\"\n[[domain.dkim]]\nselector = \"s1\"\n";
    format!("{}{domain}", server.settings())
}

/// Policies of the history, with the day on which each was first seen.
fn history(place: &Place) -> Vec<(i64, String)> {
    let store = Store::open_to_read(&place.store()).expect("a store");
    let history = store.published_history("example.com").expect("readable");
    let policy = |snapshot: &ruascope::store::Snapshot| {
        (day_of(snapshot.published.seen_s), snapshot.published.dmarc.records().join("|"))
    };
    history.iter().map(policy).collect()
}

const FIRST: &str = "2026-01-06T10:00:00Z";
const SECOND: &str = "2026-01-08T10:00:00Z";
const THIRD: &str = "2026-01-09T10:00:00Z";
const FIRST_DAY: i64 = 20_459;

#[test]
fn run_and_check_keep_what_is_published_when_it_differs() {
    let place = Place::new();
    let before = NameServer::start(&zone("none"));
    place.write("ruascope.toml", settings(&before));
    let run = |now: &str| place.run(["run", "--quiet"]).online().arg(fixture("quirk/crlf.xml")).now(now).text();
    run(FIRST);
    assert_eq!(history(&place), [(FIRST_DAY, "v=DMARC1; p=none".to_owned())]);
    run(SECOND);
    assert_eq!(history(&place).len(), 1, "nothing differs");
    let after = NameServer::start(&zone("reject"));
    place.write("ruascope.toml", settings(&after));
    place.run(["check", "example.com", "--exit-zero"]).online().now(THIRD).text();
    let expected = [(FIRST_DAY, "v=DMARC1; p=none".to_owned()), (FIRST_DAY + 3, "v=DMARC1; p=reject".to_owned())];
    assert_eq!(history(&place), expected);
    let store = Store::open_to_read(&place.store()).expect("a store");
    let on = |day| store.published("example.com", day).expect("readable").expect("a snapshot");
    assert_eq!(on(FIRST_DAY + 2).dmarc.records(), ["v=DMARC1; p=none"]);
    assert_eq!(on(FIRST_DAY + 3).dmarc.records(), ["v=DMARC1; p=reject"]);
    assert_eq!(on(FIRST_DAY).dkim.len(), 1, "the selector of the settings");
}

#[test]
fn without_settings_the_domains_and_selectors_of_reports_are_asked_for() {
    let server = NameServer::start(&zone("none"));
    let place = Place::new();
    place.write("ruascope.toml", server.settings());
    place.run(["run", "--quiet"]).online().arg(fixture("quirk/crlf.xml")).now(FIRST).text();
    let store = Store::open_to_read(&place.store()).expect("a store");
    assert_eq!(store.published_domains().expect("readable"), ["xml.quirk.example"]);
    let selectors = store.selectors_seen("xml.quirk.example", 50).expect("readable");
    assert_eq!(selectors, ["s1"]);
    let asked = server.asked();
    assert!(asked.contains(&"udp TXT s1._domainkey.xml.quirk.example".to_owned()), "{asked:?}");
}

#[test]
fn offline_nobody_is_asked_and_nothing_is_kept() {
    let server = NameServer::start(&zone("none"));
    let place = Place::new();
    place.write("ruascope.toml", settings(&server));
    place.run(["run", "--quiet", "--offline"]).arg(fixture("quirk/crlf.xml")).now(FIRST).text();
    assert!(history(&place).is_empty());
    assert!(server.asked().is_empty());
}

#[test]
fn a_run_without_dns_does_its_work_and_says_what_is_not_known() {
    let place = Place::new();
    let server = NameServer::start(";@servfail *.com\n");
    place.write("ruascope.toml", settings(&server));
    let warning = "warning: DNS did not answer everything (the server failed (SERVFAIL)): the rest is not known\n";
    let run = place.run(["run", "--format", "json"]).online().arg(fixture("quirk/crlf.xml")).now(FIRST);
    run.stderr(warning).text();
    assert!(history(&place).is_empty());
}

#[test]
fn a_watch_looks_at_dns_beside_its_mailboxes() {
    let place = Place::new();
    let server = NameServer::start(&zone("none"));
    let nobody =
        "[mailbox.main]\nhost = \"127.0.0.1\"\nport = 1\ntls = \"none\"\nuser = \"u\"\npassword_command = \"echo p\"\n";
    place.write("ruascope.toml", format!("{}{nobody}", settings(&server)));
    let mut watch = place
        .run(["watch", "--quiet"])
        .online()
        .command()
        .stderr(std::process::Stdio::null())
        .spawn()
        .expect("a watch");
    let is_kept = (0..100).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(100));
        place.store().exists() && !history(&place).is_empty()
    });
    watch.kill().expect("it runs still");
    watch.wait().expect("it ends");
    assert!(is_kept, "asked: {:?}", server.asked());
}
