//! Every kind of answer, told apart.

use std::net::{IpAddr, UdpSocket};

use ruascope::config::DnsSettings;
use ruascope::dns::{Answer, Failure, Lookup};
use ruascope::limits::Limits;
use ruascope::resolve::{Hickory, Resolver as _};

use super::resolver_of;
use crate::name_server::NameServer;

const ZONE: &str = r#"
example.com                TXT   "v=spf1 -all"
example.com                TXT   "other"
five.example.com           TXT   "v=spf1 " "ip4:192.0.2.1 " "ip4:192.0.2.2 " "ip4:192.0.2.3 " "-all"
example.com                MX    20 second.example.com
example.com                MX    10 First.Example.COM
null.example.com           MX    0 .
mail.example.com           A     192.0.2.1
mail.example.com           AAAA  2001:db8::1
1.2.0.192.in-addr.arpa     PTR   mail.example.com
example.com                NS    ns.example.com
deep.below.example.com     TXT   "deep"
*.wild.example.com         TXT   "wild"
s1._domainkey.example.com  CNAME s1.provider.test
s1.provider.test           CNAME real.provider.test
real.provider.test         TXT   "v=DKIM1; p="
away.example.com           CNAME away.provider.test
away.provider.test         TXT   "there"
nowhere.example.com        CNAME gone.provider.test
empty.example.com          CNAME mail.example.com
loop1.example.com          CNAME loop2.example.com
loop2.example.com          CNAME loop1.example.com
apart1.example.com         CNAME apart2.example.com
apart2.example.com         CNAME apart1.example.com
;@alone apart1.example.com
;@alone apart2.example.com
;@alone away.example.com
;@servfail broken.example.com
;@refused refused.example.com
;@silent silent.example.com
;@cut cut.example.com
cut.example.com            TXT   "over TCP"
;@old old.example.com
old.example.com            TXT   "without EDNS"
;@elsewhere elsewhere.example.com
"#;

fn started() -> (NameServer, Hickory) {
    let server = NameServer::start(ZONE);
    let resolver = resolver_of(&[server.address()]);
    (server, resolver)
}

#[track_caller]
fn assert_found<T: PartialEq + std::fmt::Debug>(lookup: &Lookup<T>, records: &[T]) {
    assert!(lookup.answer.records() == records, "{lookup:?}, not {records:?}");
}

#[test]
fn records_of_every_type_are_found() {
    let (_server, resolver) = started();
    assert_found(&resolver.txt("example.com"), &["v=spf1 -all".to_owned(), "other".to_owned()]);
    let five = "v=spf1 ip4:192.0.2.1 ip4:192.0.2.2 ip4:192.0.2.3 -all".to_owned();
    assert_found(&resolver.txt("five.example.com"), &[five]);
    let servers = [(10, "first.example.com".to_owned()), (20, "second.example.com".to_owned())];
    assert_found(&resolver.mx("Example.com."), &servers);
    assert_found(&resolver.mx("null.example.com"), &[(0, String::new())]);
    assert_found(&resolver.a("mail.example.com"), &["192.0.2.1".parse().expect("an address")]);
    assert_found(&resolver.aaaa("mail.example.com"), &["2001:db8::1".parse().expect("an address")]);
    assert_found(&resolver.ns("example.com"), &["ns.example.com".to_owned()]);
    let address: IpAddr = "192.0.2.1".parse().expect("an address");
    assert_found(&resolver.ptr(address), &["mail.example.com".to_owned()]);
    let mapped: IpAddr = "::ffff:192.0.2.1".parse().expect("an address");
    assert_found(&resolver.ptr(mapped), &["mail.example.com".to_owned()]);
    assert_eq!(resolver.txt("example.com").ttl_s, Some(300));
}

#[test]
fn what_is_not_there_is_told_from_what_has_no_such_record() {
    let (_server, resolver) = started();
    assert_eq!(resolver.txt("mail.example.com").answer, Answer::NoData);
    // A name without records of its own exists when something is below it (RFC 8020).
    assert_eq!(resolver.txt("below.example.com").answer, Answer::NoData);
    assert_eq!(resolver.txt("no.example.com").answer, Answer::NxDomain);
    assert_eq!(resolver.txt("no.example.com").ttl_s, Some(60), "as long as the zone says that nothing holds");
}

#[test]
fn a_wildcard_answers_for_names_that_are_not_there() {
    let (_server, resolver) = started();
    assert_found(&resolver.txt("a.wild.example.com"), &["wild".to_owned()]);
    assert_eq!(resolver.txt("wild.example.com").answer, Answer::NoData);
}

#[test]
fn no_answer_is_never_missing() {
    let (_server, resolver) = started();
    assert_eq!(resolver.txt("broken.example.com").answer, Answer::Failed(Failure::ServerFailed));
    assert_eq!(resolver.txt("refused.example.com").answer, Answer::Failed(Failure::Refused));
    assert_eq!(resolver.txt("silent.example.com").answer, Answer::Failed(Failure::TimedOut));
    assert_eq!(resolver.txt("elsewhere.example.com").answer, Answer::Failed(Failure::Refused));
    for name in ["", ".", "a..b", "例え.jp", &"a".repeat(64), &["abcdefghi"; 26].join(".")] {
        assert_eq!(resolver.txt(name).answer, Answer::Failed(Failure::Malformed), "{name}");
    }
}

#[test]
fn an_answer_that_was_cut_off_is_asked_for_over_tcp() {
    let (server, resolver) = started();
    assert_found(&resolver.txt("cut.example.com"), &["over TCP".to_owned()]);
    assert_eq!(server.asked(), ["udp TXT cut.example.com", "tcp TXT cut.example.com"]);
}

#[test]
fn a_large_answer_comes_over_tcp() {
    let records: String = (0..60).map(|number| format!("big.test TXT \"{number:0>60}\"\n")).collect();
    let server = NameServer::start(&records);
    let lookup = resolver_of(&[server.address()]).txt("big.test");
    assert_eq!(lookup.answer.records().len(), 60);
    assert_eq!(server.asked(), ["udp TXT big.test", "tcp TXT big.test"]);
}

#[test]
fn an_old_server_is_asked_again_without_edns() {
    let (_server, resolver) = started();
    assert_found(&resolver.txt("old.example.com"), &["without EDNS".to_owned()]);
}

#[test]
fn aliases_are_followed_and_told() {
    let (server, resolver) = started();
    let lookup = resolver.txt("s1._domainkey.example.com");
    assert_found(&lookup, &["v=DKIM1; p=".to_owned()]);
    assert_eq!(lookup.aliases, ["s1.provider.test", "real.provider.test"]);
    assert_eq!(server.asked().len(), 1, "the whole chain was in one answer");

    let lookup = resolver.txt("away.example.com");
    assert_found(&lookup, &["there".to_owned()]);
    assert_eq!(lookup.aliases, ["away.provider.test"]);

    let lookup = resolver.txt("nowhere.example.com");
    assert_eq!((lookup.answer, lookup.aliases), (Answer::NxDomain, vec!["gone.provider.test".to_owned()]));
    let lookup = resolver.txt("empty.example.com");
    assert_eq!((lookup.answer, lookup.aliases), (Answer::NoData, vec!["mail.example.com".to_owned()]));
}

#[test]
fn aliases_that_go_round_end() {
    let (server, resolver) = started();
    assert_eq!(resolver.txt("loop1.example.com").answer, Answer::Failed(Failure::AliasLoop));
    assert_eq!(resolver.txt("apart1.example.com").answer, Answer::Failed(Failure::AliasLoop));
    assert_eq!(server.asked().len(), 3);
}

#[test]
fn aliases_are_followed_up_to_the_limit_and_not_one_further() {
    let aliases = |count: usize| -> String {
        (0..count).map(|number| format!("n{number}.test CNAME n{}.test\n", number + 1)).collect()
    };
    let limit = usize::try_from(Limits::standard().dns_aliases_max).expect("a small limit");
    let server = NameServer::start(&format!("{}n{limit}.test TXT \"end\"\n", aliases(limit)));
    assert_found(&resolver_of(&[server.address()]).txt("n0.test"), &["end".to_owned()]);
    let beyond = limit + 1;
    let server = NameServer::start(&format!("{}n{beyond}.test TXT \"end\"\n", aliases(beyond)));
    assert_eq!(resolver_of(&[server.address()]).txt("n0.test").answer, Answer::Failed(Failure::AliasLoop));
}

#[test]
fn the_same_question_is_asked_once_whatever_the_answer() {
    let (server, resolver) = started();
    for _ in 0..3 {
        let _found = resolver.txt("example.com");
        let _found_in_capitals = resolver.txt("EXAMPLE.com.");
        let _nothing = resolver.txt("no.example.com");
        let _failed = resolver.txt("broken.example.com");
    }
    assert_eq!(server.asked().len(), 3, "{:?}", server.asked());
    let _another_type = resolver.mx("example.com");
    assert_eq!(server.asked().len(), 4);
}

#[test]
fn the_next_server_is_asked_when_one_does_not_answer() {
    let broken = NameServer::start(";@servfail *.com\n;@servfail example.com\n");
    let deaf = UdpSocket::bind("127.0.0.1:0").expect("a port");
    let deaf_address = deaf.local_addr().expect("an address");
    let (server, _) = started();
    let resolver = resolver_of(&[broken.address(), deaf_address, server.address()]);
    assert_eq!(resolver.mx("mail.example.com").answer, Answer::NoData);
    assert_eq!((broken.asked().len(), server.asked().len()), (1, 1));

    // Of several servers without an answer, the one that said something is told.
    let resolver = resolver_of(&[deaf_address, broken.address()]);
    assert_eq!(resolver.txt("example.com").answer, Answer::Failed(Failure::ServerFailed));
}

#[test]
fn the_answers_that_are_remembered_have_a_limit() {
    let (server, _) = started();
    let settings = DnsSettings { servers: vec![server.address()], timeout_s: 1, attempts: 1, zone_port: 53 };
    let limits = Limits { dns_answers_max: 1, ..Limits::standard() };
    let resolver = Hickory::new(&settings, &limits).expect("a resolver");
    for _ in 0..2 {
        let _remembered = resolver.txt("example.com");
        let _one_too_many = resolver.txt("no.example.com");
    }
    let asked = ["udp TXT example.com", "udp TXT no.example.com", "udp TXT no.example.com"];
    assert_eq!(server.asked(), asked);
}

#[test]
fn a_machine_without_dns_does_not_wait_for_every_question() {
    let deaf = UdpSocket::bind("127.0.0.1:0").expect("a port");
    let resolver = resolver_of(&[deaf.local_addr().expect("an address")]);
    for name in ["a.test", "b.test", "c.test"] {
        assert_eq!(resolver.txt(name).answer, Answer::Failed(Failure::TimedOut));
    }
    for name in ["d.test", "e.test"] {
        assert_eq!(resolver.txt(name).answer, Answer::Failed(Failure::Unreachable));
    }
    deaf.set_nonblocking(true).expect("a socket");
    let mut buffer = [0; 512];
    let questions = std::iter::from_fn(|| deaf.recv(&mut buffer).ok()).count();
    assert_eq!(questions, 3);
}

#[test]
fn a_server_that_answers_at_all_is_asked_on() {
    let server = NameServer::start(";@silent *.silent.test\n");
    let resolver = resolver_of(&[server.address()]);
    assert_eq!(resolver.txt("there.test").answer, Answer::NxDomain);
    for number in 0..4 {
        let name = format!("n{number}.silent.test");
        assert_eq!(resolver.txt(&name).answer, Answer::Failed(Failure::TimedOut));
    }
}
