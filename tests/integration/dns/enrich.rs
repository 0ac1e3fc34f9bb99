//! Reverse names: asked for, confirmed, kept with their age.

use std::net::IpAddr;

use ruascope::analyze::ReverseName;
use ruascope::enrich::{Wanted, own_hosts, reverse_names};
use ruascope::limits::Limits;
use ruascope::resolve::Offline;
use ruascope::store::Store;

use super::resolver_of;
use crate::harness::temporary;
use crate::name_server::NameServer;

const ZONE: &str = r"
1.2.0.192.in-addr.arpa   PTR   mail.example.com
mail.example.com         A     192.0.2.1
2.2.0.192.in-addr.arpa   PTR   Mail.example.com
3.2.0.192.in-addr.arpa   PTR   slow.example.com
;@silent slow.example.com
;@servfail 5.2.0.192.in-addr.arpa
example.com              A     192.0.2.80
www.example.com          A     192.0.2.81
example.com              MX    10 mail.example.com
example.com              MX    20 mx.service.test
mx.service.test          A     192.0.2.99
";

fn addresses() -> Vec<IpAddr> {
    (1..=5).map(|last| IpAddr::from([192, 0, 2, last])).collect()
}

fn named(name: Option<&str>, is_confirmed: bool) -> ReverseName {
    ReverseName { name: name.map(str::to_owned), is_confirmed }
}

#[test]
fn a_name_is_confirmed_by_leading_back_and_no_answer_is_no_name_and_no_lack_of_one() {
    let server = NameServer::start(ZONE);
    let resolver = resolver_of(&[server.address()]);
    let folder = temporary();
    let mut store = Store::open(&folder.path().join("s.db")).expect("a store");
    let (limits, addresses) = (Limits::standard(), addresses());
    let wanted = |now_s| Wanted { addresses: &addresses, now_s, limits: &limits };
    let names = reverse_names(&wanted(0), &resolver, false, &mut store).expect("names");
    let name = |at: usize| names.get(&addresses[at]).cloned();
    assert_eq!(name(0), Some(named(Some("mail.example.com"), true)));
    assert_eq!(name(1), Some(named(Some("mail.example.com"), false)), "it leads to somebody else");
    assert_eq!(name(2), None, "nobody answered for the way back");
    assert_eq!(name(3), Some(named(None, false)));
    assert_eq!(name(4), None, "the server failed");
    let again = |now_s, is_offline| {
        let mut store = Store::open(&folder.path().join("s.db")).expect("a store");
        let server = NameServer::start("");
        let resolver = resolver_of(&[server.address()]);
        let names = reverse_names(&wanted(now_s), &resolver, is_offline, &mut store).expect("names");
        (names, server.asked().into_iter().filter(|asked| asked.contains("PTR")).count())
    };
    let (kept, asked) = again(86_400, false);
    assert_eq!(
        (kept.get(&addresses[0]), asked),
        (name(0).as_ref(), 2),
        "only those are asked for of whom nothing is known"
    );
    let (kept, asked) = again(3 * 86_400, true);
    assert_eq!((kept.len(), asked), (5, 0), "offline nobody is asked, and age is no matter");
    let (kept, asked) = again(3 * 86_400, false);
    assert_eq!((kept.get(&addresses[0]), asked), (name(0).as_ref(), 4), "a lack of a name is believed for a day");
    let (kept, asked) = again(40 * 86_400, false);
    assert_eq!((kept.get(&addresses[0]), asked), (Some(&named(None, false)), 5));
}

#[test]
fn no_more_addresses_are_asked_for_than_the_limit() {
    let server = NameServer::start(ZONE);
    let resolver = resolver_of(&[server.address()]);
    for (reverse_names_max, found) in [(1, 1), (2, 2)] {
        let folder = temporary();
        let mut store = Store::open(&folder.path().join("s.db")).expect("a store");
        let limits = Limits { reverse_names_max, ..Limits::standard() };
        let wanted = Wanted { addresses: &addresses(), now_s: 0, limits: &limits };
        assert_eq!(reverse_names(&wanted, &resolver, false, &mut store).expect("names").len(), found);
    }
}

#[test]
fn the_hosts_of_a_domain_are_its_sites_and_its_own_mail_servers() {
    let server = NameServer::start(ZONE);
    let hosts = own_hosts("example.com", &resolver_of(&[server.address()]));
    let expected = [1, 80, 81].map(|last| IpAddr::from([192, 0, 2, last]));
    assert_eq!(hosts.into_iter().collect::<Vec<_>>(), expected);
    assert!(own_hosts("example.com", &Offline).is_empty());
}
