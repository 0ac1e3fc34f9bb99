//! `spf show`, `spf check` and `spf suggest`.

use serde_json::json;

use crate::harness::Place;
use crate::name_server::NameServer;
use crate::report::{DAY_S, MONDAY_S, Report};

const ZONE: &str = r#"
example.com      TXT   "v=spf1 mx include:_spf.prov.test include:gone.test ip4:192.0.2.0/24 ?all"
example.com      MX    10 mail.example.com
mail.example.com A     198.51.100.7
_spf.prov.test   TXT   "v=spf1 ip4:203.0.113.0/25 a:nothing.prov.test exists:%{i}.x.test -all"
_spf.news.test   TXT   "v=spf1 ip4:203.0.113.200 -all"
good.test        TXT   "v=spf1 ip4:192.0.2.1 -all"
unused.test      TXT   "v=spf1 -all mx"
two.test         TXT   "v=spf1 -all"
two.test         TXT   "v=spf1 ~all"
wrong.test       TXT   "v=spf1 ipv4:192.0.2.1 ip4:192.0.2.2 -all"
many.test        TXT   "v=spf1 a mx a:a1.test a:a2.test a:a3.test a:a4.test a:a5.test a:a6.test a:a7.test a:a8.test a:a9.test -all"
many.test        A     192.0.2.99
many.test        MX    10 a1.test
a1.test A 192.0.2.1
a2.test A 192.0.2.2
a3.test A 192.0.2.3
a4.test A 192.0.2.4
a5.test A 192.0.2.5
a6.test A 192.0.2.6
a7.test A 192.0.2.7
a8.test A 192.0.2.8
a9.test A 192.0.2.9
dear.test        TXT   "v=spf1 include:many.test include:good.test -all"
parked.test      A     192.0.2.1
xn--r8jz45g.jp   TXT   "v=spf1 -all"
;@silent silent.test
"#;

const SETTINGS: &str = r#"
[[domain]]
name = "example.com"
[[domain.sender]]
name = "news"
spf = ["_spf.news.test", "bounce.example.com", "without.test"]
cidr = ["192.0.2.7", "203.0.113.77", "198.18.0.0/24"]
[[domain.sender]]
name = "not ours"
cidr = ["198.18.1.0/24"]
class = "spoof"
[[domain]]
name = "parked.test"
profile = "parked"
"#;

fn place() -> (NameServer, Place) {
    let server = NameServer::start(ZONE);
    let place = Place::new();
    place.write("ruascope.toml", format!("{}{SETTINGS}", server.settings()));
    (server, place)
}

#[test]
fn a_tree_is_shown_with_the_cost_of_each_term() {
    let (_server, place) = place();
    let expected = "\
example.com: 5 of 10 look-ups, 2 of 2 void look-ups

NO  COST  TERM                    WHAT IT NAMES
 1     1  mx                      198.51.100.7
 2     3  include:_spf.prov.test
            ip4:203.0.113.0/25
 3     1    a:nothing.prov.test   nothing (a void look-up)
 4     1    exists:%{i}.x.test    depends on the mail
            -all
 5     1  include:gone.test       no SPF record, so permerror (a void look-up)
          ip4:192.0.2.0/24
          ?all
";
    place.run(["spf", "show", "example.com"]).online().stdout(expected).check();
    let expected = "\
unused.test: 0 of 10 look-ups, 0 of 2 void look-ups

NO  COST  TERM  WHAT IT NAMES
          -all
          mx    receivers never look at it
";
    place.run(["spf", "show", "unused.test"]).online().stdout(expected).check();
}

#[test]
fn what_is_no_single_record_is_said_in_words() {
    let (_server, place) = place();
    for (domain, text, exit) in [
        ("two.test", "2 SPF records, and only one is allowed: all mail ends as permerror", 0),
        ("parked.test", "no SPF record", 0),
        ("nobody.test", "no SPF record: the name does not exist", 0),
        ("silent.test", "DNS did not answer: timed out", 3),
    ] {
        let expected = format!("{domain}: {text}\n");
        place.run(["spf", "show", domain]).online().stdout(&expected).exit(exit).check();
    }
    let expected = "\
wrong.test: 0 of 10 look-ups, 0 of 2 void look-ups
a term is wrong, so all mail ends as permerror: v=spf1 ipv4:192.0.2.1 ip4:192.0.2.2 -all
";
    place.run(["spf", "show", "wrong.test"]).online().stdout(expected).check();
}

#[test]
fn what_comes_beyond_the_tenth_look_up_is_marked() {
    let (_server, place) = place();
    let text = place.run(["spf", "show", "many.test"]).online().text();
    assert!(text.starts_with("many.test: 11 of 10 look-ups"), "{text}");
    assert!(text.contains("\n11     1  a:a9.test  beyond the tenth look-up; 192.0.2.9\n"), "{text}");
}

#[test]
fn a_tree_is_one_object_for_programs() {
    let (_server, place) = place();
    let tree = place.run(["spf", "show", "example.com"]).online().json();
    assert_eq!(tree["schema"], "ruascope.spf/1");
    assert_eq!((&tree["lookups"], &tree["void_lookups"], &tree["complete"]), (&json!(5), &json!(2), &json!(false)));
    assert_eq!(tree["terms"][1]["record"]["terms"][1]["outcome"], "nothing");
    assert_eq!(tree["terms"][2]["outcome"], "no_record");
    assert_eq!(
        tree["networks"][1],
        json!({"network": "203.0.113.0/25", "result": "pass", "path": ["include:_spf.prov.test", "ip4:203.0.113.0/25"]})
    );
    let silent = place.run(["spf", "show", "silent.test"]).online().exit(3).json();
    assert_eq!(
        (&silent["answer"], &silent["lookups"], &silent["networks"]),
        (&json!("failed"), &json!(null), &json!(null))
    );
}

#[test]
fn a_check_of_spf_says_nothing_of_other_things() {
    let (_server, place) = place();
    for (domain, exit, rules) in [
        ("good.test", 0, vec![]),
        ("unused.test", 1, vec!["spf-after-all"]),
        ("two.test", 2, vec!["spf-multiple"]),
        ("many.test", 2, vec!["spf-lookups"]),
        ("silent.test", 3, vec!["spf-unanswered"]),
    ] {
        let checked = place.run(["spf", "check", domain]).online().exit(exit).json();
        let findings = checked["domains"][0]["findings"].as_array().expect("findings").clone();
        let found: Vec<&str> = findings.iter().filter_map(|finding| finding["rule"].as_str()).collect();
        assert_eq!(found, rules, "{domain}: {checked:#}");
    }
    place.run(["spf", "check", "unused.test", "--fail-on", "critical"]).online().text();
    place.run(["spf", "check", "two.test", "--exit-zero"]).online().text();
}

#[test]
fn a_suggestion_keeps_what_works_and_adds_declared_senders() {
    let (_server, place) = place();
    let expected = "example.com. IN TXT ( \"v=spf1 mx include:_spf.prov.test ip4:192.0.2.0/24 ip4:198.18.0.0/24 include:_spf.news.test ~all\" )\n";
    let notes = "\
include:gone.test is left out: there is no SPF record, so mail ends as permerror
?all is replaced by ~all: it says nothing about others
ip4:198.18.0.0/24 is added for your sender \"news\"
include:_spf.news.test is added for your sender \"news\"
it takes 5 of 10 look-ups
";
    place.run(["spf", "suggest", "example.com"]).online().stdout(expected).stderr(notes).check();
    let plain = "v=spf1 ip4:192.0.2.1 -all\n";
    let notes = "this is what is published: nothing has to change\nit takes 0 of 10 look-ups\n";
    place.run(["spf", "suggest", "good.test", "--as", "plain"]).online().stdout(plain).stderr(notes).check();
    let parked = place.run(["spf", "suggest", "parked.test", "--as", "plain", "--quiet"]).online().text();
    assert_eq!(parked, "v=spf1 -all\n");
    let mended = place.run(["spf", "suggest", "wrong.test", "--as", "plain", "--quiet"]).online().text();
    assert_eq!(mended, "v=spf1 ip4:192.0.2.2 ~all\n");
}

#[test]
fn a_suggestion_stays_within_ten_look_ups_or_says_so() {
    let (_server, place) = place();
    let flat = place.run(["spf", "suggest", "many.test"]).online().json();
    let text = "v=spf1 a mx a:a1.test a:a2.test a:a3.test a:a4.test a:a5.test a:a6.test a:a7.test a:a8.test ip4:192.0.2.9 -all";
    assert_eq!((&flat["txt"], &flat["lookups"]), (&json!(text), &json!(10)));
    let dear = place.run(["spf", "suggest", "dear.test"]).online().exit(1).json();
    assert_eq!((&dear["lookups"], &dear["published_known"]), (&json!(13), &json!(true)));
}

#[test]
fn what_is_published_and_not_known_is_not_taken_for_nothing() {
    let (_server, place) = place();
    let notes = "\
warning: what is published is not known (timed out), so it is not in this record
it takes 0 of 10 look-ups
";
    place
        .run(["spf", "suggest", "silent.test", "--as", "plain"])
        .online()
        .stdout("v=spf1 ~all\n")
        .stderr(notes)
        .exit(3)
        .check();
}

#[test]
fn international_names_go_in_and_come_out_in_their_own_letters() {
    let (server, place) = place();
    let text = place.run(["spf", "show", "例え.jp"]).online().text();
    assert!(text.starts_with("例え.jp (xn--r8jz45g.jp): 0 of 10 look-ups"), "{text}");
    assert_eq!(server.asked(), ["udp TXT xn--r8jz45g.jp"]);
    let place = Place::new();
    place.run(["domain", "add", "例え.jp", "--quiet"]).check();
    assert!(
        std::fs::read_to_string(place.path().join("ruascope.toml")).expect("settings").contains("\"xn--r8jz45g.jp\"")
    );
    let list = place.run(["domain", "list"]).text();
    assert!(list.contains("\n例え.jp (xn--r8jz45g.jp)  "), "{list}");
    let listed = place.run(["domain", "list"]).json();
    assert_eq!(
        (&listed["domains"][0]["domain"], &listed["domains"][0]["unicode"]),
        (&json!("xn--r8jz45g.jp"), &json!("例え.jp"))
    );
}

const SEEN_ZONE: &str = r#"
example.com      TXT   "v=spf1 mx include:_spf.old.test -all"
example.com      MX    10 mail.example.com
mail.example.com A     198.51.100.7
out2.example.com A     198.51.100.8
7.100.51.198.in-addr.arpa PTR mail.example.com
8.100.51.198.in-addr.arpa PTR out2.example.com
_spf.old.test    TXT   "v=spf1 ip4:203.0.113.0/24 -all"
"#;

#[test]
fn a_suggestion_looks_at_what_reports_show() {
    let server = NameServer::start(SEEN_ZONE);
    let place = Place::new();
    place.write("ruascope.toml", server.settings());
    let files: Vec<_> = (0..70_i64)
        .map(|day| {
            let report = Report::new(&day.to_string()).period(MONDAY_S + day * DAY_S, DAY_S - 1);
            let report = report.record("198.51.100.7", 50, "pass", "pass").record("198.51.100.8", 3, "pass", "fail");
            place.write(&format!("in/{day}.xml"), report.record("192.0.2.66", 20, "fail", "fail").xml())
        })
        .collect();
    place.run(["ingest", "--quiet"]).args(files).check();
    let suggest = || place.run(["spf", "suggest", "example.com"]).now("2026-03-16T06:00:00Z").online();
    let record = "example.com. IN TXT ( \"v=spf1 mx include:_spf.old.test ip4:198.51.100.8 -all\" )\n";
    let notes = "\
ip4:198.51.100.8 is added: reports show 210 mails of \"servers of example.com\" that SPF does not cover
mx is kept: 3500 mails of the 70 days of reports passed by it
include:_spf.old.test is kept, and no mail of the 70 days of reports passed by it: if nothing sends rarely through it, remove it
it takes 2 of 10 look-ups
";
    suggest().stdout(record).stderr(notes).check();
    let object = suggest().json();
    assert_eq!(object["terms"][1], json!({"term": "include:_spf.old.test", "mails": 0, "days": 70}));
}
