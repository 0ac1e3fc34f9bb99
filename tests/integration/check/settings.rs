//! Zones of every kind, what they come to, and `dmarc show`.

use super::{World, badges, loud};

/// What stands in every zone.
const AROUND: &str = "example.com MX 1 mx.example.com\nmx.example.com A 192.0.2.1\n";
const GOOD_DMARC: &str = "_dmarc.example.com TXT \"v=DMARC1; p=reject; rua=mailto:d@example.com\"\n";
const GOOD_SPF: &str = "example.com TXT \"v=spf1 mx -all\"\n";

#[track_caller]
fn assert_found(zone: &str, settings: &str, expected: (&str, &[&str], i32)) {
    let (expected_badges, expected_rules, exit) = expected;
    let domain = World::new(&format!("{AROUND}{zone}"), settings).check("example.com", exit);
    assert_eq!(badges(&domain), expected_badges, "{zone}\n{domain:#}");
    assert_eq!(loud(&domain), expected_rules, "{zone}\n{domain:#}");
}

#[test]
fn policies_of_every_kind() {
    let key = "s1._domainkey.example.com TXT KEY\n";
    let dmarc = |text: &str| format!("{GOOD_SPF}{key}_dmarc.example.com TXT \"{text}\"\n");
    let two = format!("{}{GOOD_DMARC}", dmarc("v=DMARC1; p=none; rua=mailto:d@example.com"));
    assert_found(&two, "", ("set set broken", &["dmarc-multiple"], 2));
    assert_found(
        &dmarc("v=DMARC1; p=nothing"),
        "",
        ("set set broken", &["dmarc-policy-invalid", "dmarc-void", "dmarc-rua-missing"], 2),
    );
    assert_found(&dmarc(" v=DMARC1; p=none"), "", ("set set broken", &["dmarc-not-a-record"], 2));
    let apex = format!("{GOOD_SPF}{key}example.com TXT \"v=DMARC1; p=none\"\n");
    assert_found(&apex, "", ("set set missing", &["dmarc-missing", "dmarc-misplaced"], 1));
    let nowhere = format!("{GOOD_SPF}{key}_dmarc.example.com CNAME gone.example.net\n");
    assert_found(&nowhere, "", ("set set missing", &["dmarc-alias-nowhere"], 2));
    let alias = format!(
        "{GOOD_SPF}{key}_dmarc.example.com CNAME d.example.net\nd.example.net TXT \"v=DMARC1; p=none; rua=mailto:d@example.com\"\n"
    );
    assert_found(&alias, "", ("set set set", &[], 0));
    let wildcard = format!(
        "{}*._report._dmarc.example.jp TXT \"v=DMARC1\"\nexample.jp MX 1 mx.example.com\n",
        dmarc("v=DMARC1; p=none; rua=mailto:d@example.jp")
    );
    assert_found(&wildcard, "", ("set set set", &[], 0));
    let null = format!("{}example.jp MX 0 .\n", dmarc("v=DMARC1; p=none; rua=mailto:d@example.jp"));
    assert_found(
        &null.replace("example.jp MX", "example.com._report._dmarc.example.jp TXT \"v=DMARC1\"\nexample.jp MX"),
        "",
        ("set set set", &["rua-null-mx"], 2),
    );
}

#[test]
fn senders_of_every_kind() {
    let rest = format!("{GOOD_DMARC}s1._domainkey.example.com TXT KEY\n");
    let spf = |text: &str, more: &str| format!("{rest}example.com TXT \"{text}\"\n{more}");
    let eleven: Vec<String> = (1..=11).map(|n| format!("a:h{n}.example.net")).collect();
    let hosts: String = (1..=11).map(|n| format!("h{n}.example.net A 192.0.2.{n}\n")).collect();
    assert_found(
        &spf(&format!("v=spf1 {} -all", eleven.join(" ")), &hosts),
        "",
        ("broken set set", &["spf-lookups"], 2),
    );
    let ten = format!("v=spf1 {} -all", eleven.get(..10).unwrap_or_default().join(" "));
    assert_found(&spf(&ten, &hosts), "", ("set set set", &[], 0));
    let void = "v=spf1 a:v1.example.net a:v2.example.net a:v3.example.net -all";
    assert_found(&spf(void, ""), "", ("broken set set", &["spf-void-lookups", "spf-void", "spf-void", "spf-void"], 2));
    let looped = spf("v=spf1 include:l.example.net -all", "l.example.net TXT \"v=spf1 include:example.com -all\"\n");
    assert_found(&looped, "", ("broken set set", &["spf-loop"], 2));
    assert_found(&spf("v=spf1 +all", ""), "", ("broken set set", &["spf-all-pass"], 2));
    assert_found(&spf("v=spf1 ptr -all", ""), "", ("set set set", &["spf-ptr"], 1));
    assert_found(
        &spf("v=spf1 -all", "example.com TXT \"v=spf1 mx -all\"\n"),
        "",
        ("broken set set", &["spf-multiple"], 2),
    );
    let silent = spf("v=spf1 include:quiet.example.net -all", ";@silent quiet.example.net\n");
    assert_found(&silent, "", ("unknown set set", &["spf-term-unanswered"], 3));
    let sender = "[[domain]]\nname = \"example.com\"\n[[domain.sender]]\nname = \"Web\"\nclass = \"own\"\ncidr = [\"198.51.100.7\"]\n";
    assert_found(&spf("v=spf1 ip4:192.0.2.1 -all", ""), sender, ("set set set", &["spf-sender-uncovered"], 1));
}

#[test]
fn keys_of_every_kind() {
    let rest = format!("{GOOD_DMARC}{GOOD_SPF}");
    let settings = "[[domain]]\nname = \"example.com\"\n[[domain.dkim]]\nselector = \"s1\"\n";
    let key = |line: &str| format!("{rest}{line}\n");
    assert_found(&key("x._domainkey.example.com TXT KEY"), settings, ("set missing set", &["dkim-key-missing"], 2));
    assert_found(
        &key("s1._domainkey.example.com TXT \"v=DKIM1; p=\""),
        settings,
        ("set broken set", &["dkim-revoked"], 2),
    );
    assert_found(
        &key("s1._domainkey.example.com TXT \"v=DKIM1; p=!!\""),
        settings,
        ("set broken set", &["dkim-p-not-base64"], 2),
    );
    assert_found(
        &key("s1._domainkey.example.com CNAME gone.example.net"),
        settings,
        ("set missing set", &["dkim-alias-nowhere"], 2),
    );
    let short =
        format!("s1._domainkey.example.com TXT \"{}\"", include_str!("../../../fixtures/dns/dkim_key/rsa.txt").trim());
    assert_found(&key(&short), settings, ("set set set", &["dkim-key-short"], 1));
    // Without a known selector well known ones are tried, where there is something to find.
    assert_found(&key("selector1._domainkey.example.com TXT KEY"), "", ("set set set", &[], 0));
    assert_found(&key("odd._domainkey.example.com TXT KEY"), "", ("set unknown set", &[], 3));
    assert_found(&rest, "", ("set missing set", &["dkim-missing"], 1));
}

#[test]
fn a_parked_domain_is_closed() {
    let parked = "[[domain]]\nname = \"parked.test\"\nprofile = \"parked\"\n";
    let zone = "parked.test TXT \"v=spf1 -all\"\nparked.test MX 0 .\n_dmarc.parked.test TXT \"v=DMARC1; p=reject; rua=mailto:d@example.com\"\nparked.test._report._dmarc.example.com TXT \"v=DMARC1\"\n";
    let domain = World::new(&format!("{AROUND}{zone}"), parked).check("parked.test", 0);
    assert_eq!((badges(&domain).as_str(), loud(&domain)), ("set missing set", Vec::new()));
}

#[test]
fn dmarc_show_says_which_record_applies_and_why() {
    let settings = "[[domain]]\nname = \"example.com\"\n[domain.dmarc]\np = \"quarantine\"\n";
    let zone = format!(
        "{AROUND}_dmarc.example.com TXT \"v=DMARC1; p=reject; sp=quarantine; np=reject\"\nnews.example.com A 192.0.2.1\n"
    );
    let world = World::new(&zone, settings);
    world.run(&["dmarc", "show", "example.com"]).stdout("example.com\n  meant      \"v=DMARC1; p=quarantine\"\n  published  \"v=DMARC1; p=reject; sp=quarantine; np=reject\"\n  observed   no report yet\n  applies    its own record applies: p=reject\n  differs    p: DNS says reject, the settings mean quarantine\n  differs    np: DNS says reject, the settings mean quarantine\n").check();
    let news = world.run(&["dmarc", "show", "news.example.com"]).json();
    assert_eq!(news["applies"]["policy"], "quarantine");
    assert_eq!(news["applies"]["tag"], "sp");
    let none = world.run(&["dmarc", "show", "none.example.com"]).json();
    assert_eq!((&none["applies"]["policy"], &none["applies"]["tag"]), (&"reject".into(), &"np".into()));
    assert_eq!(none["organizational_domain"], "example.com");
    let silent = World::new(";@silent _dmarc.example.com\n", "");
    assert_eq!(silent.run(&["dmarc", "show", "example.com"]).exit(3).json()["published"]["answer"], "unknown");
}

#[test]
fn reject_is_set_only_by_force_or_where_nobody_sends() {
    let settings = "[[domain]]\nname = \"example.com\"\n[[domain]]\nname = \"parked.test\"\nprofile = \"parked\"\n";
    let world = World::new(AROUND, settings);
    let refused = world.run(&["dmarc", "set", "example.com", "--p", "reject"]).exit(64).error();
    assert!(refused["message"].as_str().is_some_and(|message| message.contains("lost for good")), "{refused}");
    world.run(&["dmarc", "set", "parked.test", "--p", "reject", "--quiet"]).check();
    world.run(&["dmarc", "set", "example.com", "--p", "reject", "--force", "--quiet"]).check();
    world.run(&["dmarc", "set", "example.com", "--p", "reject", "--sp", "none", "--quiet"]).check();
}

#[test]
fn waiting_ends_when_all_servers_say_what_is_meant() {
    let settings =
        "[[domain]]\nname = \"example.com\"\n[domain.dmarc]\np = \"reject\"\nrua = [\"mailto:d@example.com\"]\n";
    let zone = format!("{AROUND}{GOOD_SPF}{GOOD_DMARC}s1._domainkey.example.com TXT KEY\n");
    let world = World::new(&zone, settings);
    let run = world.run(&["check", "--wait", "1m", "--quiet"]).stderr("example.com: 1 server says the same\n");
    assert!(run.text().contains("DMARC set"));
    let early = World::new(&zone.replace("p=reject", "p=none"), settings);
    let text = early.run(&["check", "--wait", "1s", "--quiet"]).exit(2);
    let waiting = "waiting for _dmarc.example.com: not what the settings mean yet, at resolver";
    let stderr = String::from_utf8(text.command().output().expect("a run").stderr).expect("UTF-8");
    assert!(stderr.starts_with(waiting) && stderr.ends_with("the servers do not agree yet\n"), "{stderr}");
    world.run(&["check", "--wait", "soon"]).exit(64).error();
}
