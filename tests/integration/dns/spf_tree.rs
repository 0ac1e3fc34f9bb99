//! SPF records followed to everything that they lead to.

use std::net::IpAddr;

use ruascope::dns::{Failure, SpfOutcome, SpfTree};
use ruascope::limits::Limits;
use ruascope::resolve::spf_tree;

use super::resolver_of;
use crate::name_server::NameServer;

fn tree(domain: &str, zone: &str) -> SpfTree {
    let server = NameServer::start(zone);
    spf_tree(&resolver_of(&[server.address()]), domain, &Limits::standard())
}

/// A line a step: path, number of the look-up, `void`, outcome.
fn steps(tree: &SpfTree) -> Vec<String> {
    let line = |(path, step): (Vec<String>, &ruascope::dns::SpfStep)| {
        let number = step.lookup.map_or_else(|| "-".to_owned(), |number| number.to_string());
        let void = if step.is_void { " void" } else { "" };
        format!("{} {number}{void} {:?}", path.join(" > "), step.outcome)
    };
    tree.walk().into_iter().map(line).collect()
}

fn passes(tree: &SpfTree, address: &str) -> Option<String> {
    let cover = tree.cover(1_000).expect("a cover");
    let address: IpAddr = address.parse().expect("an address");
    cover.passes(address).map(|network| network.path.join(" > "))
}

#[test]
fn every_kind_of_term_is_followed() {
    let tree = tree(
        "a.test",
        r#"
a.test TXT "v=spf1 ip4:192.0.2.1 a mx/30 include:b.test exists:here.test exists:gone.test ?ip6:2001:db8::/32 ~all"
a.test TXT "something else"
a.test A 198.51.100.1
a.test AAAA 2001:db8:1::1
a.test MX 10 mx1.test
mx1.test A 203.0.113.6
b.test TXT "v=spf1 a:b1.test//64 -all"
b1.test AAAA 2001:db8:2::5
here.test A 127.0.0.2
"#,
    );
    assert_eq!(
        steps(&tree),
        [
            "ip4:192.0.2.1 - Fine",
            "a 1 Fine",
            "mx/30 2 Fine",
            "include:b.test 3 Fine",
            "include:b.test > a:b1.test//64 4 Fine",
            "include:b.test > -all - Fine",
            "exists:here.test 5 Fine",
            "exists:gone.test 6 void Nothing",
            "?ip6:2001:db8::/32 - Fine",
            "~all - Fine",
        ]
    );
    assert_eq!((tree.lookups(), tree.void_lookups()), (6, 1));
    assert_eq!(tree.steps[3].lookups(), 2);
    assert_eq!(passes(&tree, "198.51.100.1").as_deref(), Some("a"));
    assert_eq!(passes(&tree, "2001:db8:1::1").as_deref(), Some("a"));
    assert_eq!(passes(&tree, "203.0.113.4").as_deref(), Some("mx/30"));
    assert_eq!(passes(&tree, "2001:db8:2::ffff").as_deref(), Some("include:b.test > a:b1.test//64"));
    assert_eq!(passes(&tree, "192.0.2.2").as_deref(), Some("exists:here.test"), "it holds for everybody");
}

#[test]
fn what_comes_after_the_tenth_look_up_is_told_and_covers_nobody() {
    let includes: Vec<String> = (1..=11).map(|number| format!("include:n{number}.test")).collect();
    let records: String =
        (1..=11).map(|number| format!("n{number}.test TXT \"v=spf1 ip4:192.0.2.{number} -all\"\n")).collect();
    let tree = tree("a.test", &format!("a.test TXT \"v=spf1 {} -all\"\n{records}", includes.join(" ")));
    assert_eq!(tree.lookups(), 11);
    let beyond: Vec<String> = steps(&tree).into_iter().filter(|line| line.contains(" 11 ")).collect();
    assert_eq!(beyond, ["include:n11.test 11 Fine"]);
    assert_eq!(passes(&tree, "192.0.2.10").as_deref(), Some("include:n10.test > ip4:192.0.2.10"));
    assert_eq!(passes(&tree, "192.0.2.11"), None);
    assert!(tree.cover(1_000).expect("a cover").is_complete, "it is known that nobody gets there");
}

#[test]
fn void_look_ups_are_counted_by_term() {
    let tree = tree(
        "a.test",
        r#"
a.test TXT "v=spf1 a:one.test mx:two.test exists:three.test include:four.test -all"
two.test A 192.0.2.1
four.test A 192.0.2.1
"#,
    );
    assert_eq!(
        steps(&tree),
        [
            "a:one.test 1 void Nothing",
            "mx:two.test 2 void Nothing",
            "exists:three.test 3 void Nothing",
            "include:four.test 4 void NoRecord",
            "-all - Fine",
        ]
    );
    assert_eq!(tree.void_lookups(), 4);
}

#[test]
fn records_that_end_as_permerror_are_told_apart() {
    let tree = tree(
        "a.test",
        r#"
a.test TXT "v=spf1 include:none.test include:two.test include:wrong.test include:loop.test redirect=none.test"
none.test TXT "no SPF"
two.test TXT "v=spf1 -all"
two.test TXT "v=spf1 ~all"
wrong.test TXT "v=spf1 ipv4:192.0.2.1 -all"
loop.test TXT "v=spf1 include:a.test include:loop.test -all"
"#,
    );
    assert_eq!(
        steps(&tree),
        [
            "include:none.test 1 NoRecord",
            "include:two.test 2 SeveralRecords(2)",
            "include:wrong.test 3 InvalidRecord",
            "include:loop.test 4 Fine",
            "include:loop.test > include:a.test 5 Loop",
            "include:loop.test > include:loop.test 6 Loop",
            "include:loop.test > -all - Fine",
            "redirect=none.test 7 NoRecord",
        ]
    );
    assert_eq!(tree.void_lookups(), 0, "there is something at none.test, if no SPF");
}

#[test]
fn no_answer_is_not_nothing() {
    let tree = tree(
        "a.test",
        r#"
a.test TXT "v=spf1 include:broken.test a:silent.test mx:refused.test ip4:192.0.2.1 -all"
;@servfail broken.test
;@silent silent.test
;@refused refused.test
"#,
    );
    assert_eq!(
        steps(&tree)[..3],
        [
            format!("include:broken.test 1 {:?}", SpfOutcome::Failed(Failure::ServerFailed)),
            format!("a:silent.test 2 {:?}", SpfOutcome::Failed(Failure::TimedOut)),
            format!("mx:refused.test 3 {:?}", SpfOutcome::Failed(Failure::Refused)),
        ]
    );
    assert!(tree.has_failed());
    let cover = tree.cover(1_000).expect("a cover");
    assert!(!cover.is_complete);
    assert_eq!(passes(&tree, "192.0.2.1").as_deref(), Some("ip4:192.0.2.1"));
}

#[test]
fn macros_that_depend_on_the_mail_are_not_asked_for() {
    let server = NameServer::start(
        r#"
a.test TXT "v=spf1 include:%{ir}.spf.test exists:%{i}._spf.%{d} ptr a:%{d} include:_x.%{d2} -all"
a.test A 192.0.2.1
_x.a.test TXT "v=spf1 ip4:192.0.2.2 -all"
"#,
    );
    let tree = spf_tree(&resolver_of(&[server.address()]), "a.test", &Limits::standard());
    assert_eq!(
        steps(&tree),
        [
            "include:%{ir}.spf.test 1 Dynamic",
            "exists:%{i}._spf.%{d} 2 Dynamic",
            "ptr 3 Dynamic",
            "a:%{d} 4 Fine",
            "include:_x.%{d2} 5 Fine",
            "include:_x.%{d2} > ip4:192.0.2.2 - Fine",
            "include:_x.%{d2} > -all - Fine",
            "-all - Fine",
        ]
    );
    assert!(!tree.cover(1_000).expect("a cover").is_complete);
    assert!(server.asked().iter().all(|asked| !asked.contains("spf.test")), "{:?}", server.asked());
}

#[test]
fn receivers_never_look_behind_all_nor_at_redirect_beside_it() {
    let tree = tree(
        "a.test",
        r#"
a.test TXT "v=spf1 redirect=b.test ip4:192.0.2.1 -all a:gone.test"
b.test TXT "v=spf1 mx -all"
"#,
    );
    assert_eq!(steps(&tree), ["ip4:192.0.2.1 - Fine", "-all - Fine"]);
    assert_eq!(tree.unused, ["redirect=b.test", "a:gone.test"]);
    assert_eq!(tree.lookups(), 0);
}

#[test]
fn a_redirect_comes_last() {
    let tree = tree(
        "a.test",
        r#"
a.test TXT "v=spf1 redirect=b.test a"
a.test A 192.0.2.1
b.test TXT "v=spf1 ip4:192.0.2.2 -all"
"#,
    );
    assert_eq!(
        steps(&tree),
        [
            "a 1 Fine",
            "redirect=b.test 2 Fine",
            "redirect=b.test > ip4:192.0.2.2 - Fine",
            "redirect=b.test > -all - Fine"
        ]
    );
}

#[test]
fn mail_servers_of_one_term_have_a_limit() {
    let zone = |count: usize| -> String {
        let hosts: String = (0..count)
            .map(|number| format!("a.test MX 10 m{number}.test\nm{number}.test A 192.0.2.{number}\n"))
            .collect();
        format!("a.test TXT \"v=spf1 mx -all\"\n{hosts}")
    };
    assert_eq!(steps(&tree("a.test", &zone(10)))[0], "mx 1 Fine");
    assert_eq!(steps(&tree("a.test", &zone(11)))[0], "mx 1 TooManyHosts(11)");
    let null = tree("a.test", "a.test TXT \"v=spf1 mx -all\"\na.test MX 0 .\n");
    assert_eq!(steps(&null)[0], "mx 1 Nothing");
}

#[test]
fn terms_that_are_asked_for_have_a_limit() {
    let limit = Limits::standard().spf_lookups_max;
    let zone: String =
        (0..limit + 2).map(|number| format!("n{number}.test TXT \"v=spf1 include:n{}.test\"\n", number + 1)).collect();
    let tree = tree("n0.test", &zone);
    let lines = steps(&tree);
    assert_eq!(tree.lookups() as u64, limit + 1);
    assert!(lines[lines.len() - 2].ends_with(&format!(" {limit} Fine")), "{lines:?}");
    assert!(lines[lines.len() - 1].ends_with(&format!(" {} NotAsked", limit + 1)), "{lines:?}");
}

#[test]
fn a_domain_without_one_valid_record_has_no_cover() {
    for zone in [
        "a.test A 192.0.2.1\n",
        "a.test TXT \"v=spf1 -all\"\na.test TXT \"v=spf1 ~all\"\n",
        "a.test TXT \"v=spf1 foo -all\"\n",
        ";@servfail a.test\n",
    ] {
        assert_eq!(tree("a.test", zone).cover(1_000), None, "{zone}");
    }
}
