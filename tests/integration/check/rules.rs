//! Rules that no other zone of these tests triggers: each with a zone in which it is found, beside one in which it is not.

use super::{KEY, World};
use crate::harness::{assert_none, list};

const AROUND: &str = "example.com MX 1 mx.example.com\nmx.example.com A 192.0.2.1\n";
const DMARC: &str = "_dmarc.example.com TXT \"v=DMARC1; p=reject; rua=mailto:d@example.com\"\n";
const SPF: &str = "example.com TXT \"v=spf1 -all\"\n";
const DKIM: &str = "s1._domainkey.example.com TXT KEY\n";
const SETTINGS: &str = "[[domain]]\nname = \"example.com\"\n[[domain.dkim]]\nselector = \"s1\"\n";

/// A rule, the domain that is asked about, its settings, and the records that stand instead of those of the same name and
/// kind in a sound zone.
struct Case {
    rule: &'static str,
    domain: &'static str,
    settings: String,
    dmarc: String,
    spf: String,
    dkim: String,
    more: String,
}

impl Case {
    fn of(rule: &'static str) -> Self {
        Self {
            rule,
            domain: "example.com",
            settings: SETTINGS.to_owned(),
            dmarc: DMARC.to_owned(),
            spf: SPF.to_owned(),
            dkim: DKIM.to_owned(),
            more: String::new(),
        }
    }

    fn dmarc(self, text: &str) -> Self {
        Self { dmarc: format!("_dmarc.example.com TXT \"{text}\"\n"), ..self }
    }

    fn spf(self, text: &str) -> Self {
        Self { spf: format!("example.com TXT \"{text}\"\n"), ..self }
    }

    /// The good key, with a tag in front.
    fn key(self, tag: &str) -> Self {
        let (start, rest) = KEY.trim().trim_start_matches("v=DKIM1; ").split_at(200);
        Self { dkim: format!("s1._domainkey.example.com TXT \"v=DKIM1; {tag}; \" \"{start}\" \"{rest}\"\n"), ..self }
    }

    fn more(self, lines: &str) -> Self {
        Self { more: format!("{lines}\n"), ..self }
    }

    fn settings(self, settings: &str) -> Self {
        Self { settings: format!("[[domain]]\nname = \"example.com\"\n{settings}"), ..self }
    }

    fn is_found_in(&self, zone: &str) -> bool {
        let world = World::new(zone, &self.settings);
        let run = world.run(&["check", self.domain, "--format", "json"]);
        let output = run.command().output().expect("the program runs");
        let object: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        list(&list(&object, "domains").remove(0), "findings").iter().any(|finding| finding["rule"] == self.rule)
    }

    /// What is wrong with it.
    fn problem(&self) -> Option<String> {
        let sound = format!("{AROUND}{DMARC}{SPF}{DKIM}");
        let zone = format!("{AROUND}{}{}{}{}", self.dmarc, self.spf, self.dkim, self.more);
        match (self.is_found_in(&zone), self.is_found_in(&sound)) {
            (true, false) => None,
            (found, false) if !found => Some(format!("{}: not found in\n{zone}", self.rule)),
            _ => Some(format!("{}: found in a sound zone", self.rule)),
        }
    }
}

fn of_policies() -> Vec<Case> {
    let elsewhere = "example.com._report._dmarc.example.jp TXT \"v=DMARC1; rua=mailto:x@example.org\"\n\
                     example.jp MX 1 mx.example.com";
    let bare = "example.com._report._dmarc.example.jp TXT \"v=DMARC1\"\nexample.jp A 192.0.2.9";
    let label = "a".repeat(57);
    let long = format!("{label}.{label}.{label}.{label}.jp");
    let jp = "v=DMARC1; p=reject; rua=mailto:d@example.jp";
    let below = |rule, text: &str| {
        let more = format!("mail.example.com A 192.0.2.1\n_dmarc.mail.example.com TXT \"{text}\"");
        Case { domain: "mail.example.com", ..Case::of(rule).more(&more) }
    };
    let walk = "a.b.example.com A 192.0.2.1\n_dmarc.b.example.com TXT \"v=DMARC1; p=none; psd=n\"";
    vec![
        Case::of("rua-authorisation-elsewhere").dmarc(jp).more(elsewhere),
        Case::of("rua-no-mx").dmarc(jp).more(bare),
        Case::of("rua-name-too-long")
            .dmarc(&format!("v=DMARC1; p=reject; \" \"rua=mailto:d@{long}"))
            .more(&format!("{long} MX 1 mx.example.com")),
        below("dmarc-sp-not-organizational", "v=DMARC1; p=reject; sp=none; rua=mailto:d@example.com"),
        below("dmarc-organization-differs", "v=DMARC1; p=reject; psd=n; rua=mailto:d@example.com"),
        Case { domain: "a.b.example.com", ..Case::of("dmarc-walk-differs").more(walk) },
        Case::of("dmarc-differs")
            .settings("[domain.dmarc]\np = \"reject\"\nrua = [\"mailto:d@example.com\"]\n")
            .dmarc("v=DMARC1; p=none"),
        Case::of("dmarc-parked").settings("profile = \"parked\"\n").dmarc("v=DMARC1; p=none"),
    ]
}

fn of_senders() -> Vec<Case> {
    let hosts: Vec<String> = (1..=10).map(|number| format!("h{number}.example.net")).collect();
    let ten: String = hosts.iter().map(|host| format!("a:{host} ")).collect();
    let addresses: String = hosts.iter().map(|host| format!("{host} A 192.0.2.7\n")).collect();
    let two = "two.example.net TXT \"v=spf1 -all\"\ntwo.example.net TXT \"v=spf1 mx -all\"";
    let one = "one.example.net TXT \"v=spf1 -all\"";
    let alias = "www.example.com CNAME s.example.net\ns.example.net TXT \"v=spf1 -all\"";
    vec![
        Case::of("spf-include-multiple").spf("v=spf1 include:two.example.net -all").more(two),
        Case::of("spf-lookups-near").spf(&format!("v=spf1 {ten}-all")).more(&addresses),
        Case::of("spf-modifier-twice").spf("v=spf1 redirect=one.example.net redirect=one.example.net").more(one),
        Case::of("spf-not-a-record").more("example.com TXT \"v=spf1mx -all\""),
        Case { domain: "www.example.com", ..Case::of("spf-alias").more(alias) },
        Case::of("spf-parked").settings("profile = \"parked\"\n").spf("v=spf1 mx ~all"),
    ]
}

fn of_keys() -> Vec<Case> {
    let alias = "s1._domainkey.example.com CNAME key.example.net\n";
    let other =
        Case { dkim: "q7x._domainkey.example.com TXT KEY\n".to_owned(), ..Case::of("dkim-selectors-not-known") };
    vec![
        Case::of("dkim-several-records").more("s1._domainkey.example.com TXT \"v=DKIM1; p=\""),
        Case::of("dkim-t-strict").key("t=s"),
        Case::of("dkim-t-testing").key("t=y"),
        other.settings(""),
        Case { dkim: alias.to_owned(), ..Case::of("dkim-alias").more("key.example.net TXT KEY") },
        Case::of("adsp-historic").more("_adsp._domainkey.example.com TXT \"dkim=all\""),
    ]
}

#[test]
fn each_rule_is_found_where_it_is_broken_and_nowhere_else() {
    let cases = [of_policies(), of_senders(), of_keys()];
    assert_none(&cases.iter().flatten().filter_map(Case::problem).collect::<Vec<_>>());
}
