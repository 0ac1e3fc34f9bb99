//! Text and JSON of advice about made-up mail.

use super::*;
use crate::analyze::Class;
use crate::analyze::alignment::Organizations;
use crate::analyze::check::Badge;
use crate::analyze::readiness::tests::{Domain, Fate, TODAY, policy};
use crate::analyze::simulate;
use crate::config::Profile;
use crate::dns::dmarc;
use crate::model::Policy;
use crate::present::summary::TextStyle;
use crate::words::Language;

const STYLE: TextStyle = TextStyle { width: 80, color: false, unicode: true };

fn english() -> Words {
    Words::new(Language::En)
}

/// A domain with a vendor whose name a stranger chose.
fn vendor(name: &str) -> Domain {
    let mut domain = Domain::ready();
    let vendor = domain.sender(name, Class::Misconfigured);
    domain.mails(vendor, TODAY - 60..TODAY, 80, Fate::Fails);
    domain.senders[vendor].fix = vec!["Setup > DKIM Keys: create a key, publish its two CNAMEs, then Activate".into()];
    domain
}

fn refused() -> Domain {
    let mut domain = Domain::at_quarantine();
    domain.profile = Some(Profile::Machine);
    domain.record = Some("v=DMARC1; p=reject; rua=mailto:dmarc@example.com");
    domain.policy = policy(Policy::Reject, None);
    for seen in domain.observations.iter_mut().filter(|seen| seen.day >= TODAY - 5) {
        std::sync::Arc::make_mut(&mut seen.shape).policy = policy(Policy::Reject, None);
    }
    domain.mails(0, TODAY - 3..TODAY, 40, Fate::Refused);
    domain
}

#[test]
fn the_verdict_stands_first_and_says_what_to_do() {
    let text = recommend(&vendor("Salesforce").advice(), false, &STYLE, &english());
    let expected = "\
✗ FIX  example.com: something is to be mended first
  Why: closed: G3, G4, G9
  Policy none since 2026-09-25; profile people, whose target is quarantine;
  confidence high
  35 days from 2026-10-20 to 2026-11-23, 4 reporters: 16,800 mails of yours,
  83.3 % pass (at least 82.7 %). Only mail to receivers that report is visible.

GATES to quarantine-test: 10 of 13 open
  ✗ closed  G3   passing     83.3 % pass, at least 82.7 %; needs at least 98 %
  ✗ closed  G4   each sender Salesforce 0 %; needs each passes >= 95 %
  ✗ closed  G9   DKIM        DKIM 83.3 %, SPF only 0 %; needs DKIM >= 90 %

TO MEND, most failing mails first
   1 Salesforce (misconfigured): 2,800 of 2,800 mails failed, 100 % of the
     failures of mail that is or may be yours [R-TEST]
     - Setup > DKIM Keys: create a key, publish its two CNAMEs, then Activate
     see ruascope sources example.com salesforce

MAIL THAT FAILS, a day: what a policy in force acts on
  own 80.0 (at most 82.5); forwarded or by lists, at risk 0 (at most 0.09);
  unknown 0 (at most 0.09); spoofed 0 (at most 0.09)

WHEN THE GATES ARE OPEN, 2026-12-08 at the earliest, publish
_dmarc.example.com. 300 IN TXT ( \"v=DMARC1; p=quarantine; np=reject; rua=mailto:dmarc@example.com; t=y; pct=0\" )

ROLL BACK to this record
_dmarc.example.com. 300 IN TXT ( \"v=DMARC1; p=none; rua=mailto:dmarc@example.com\" )
  as soon as one of these holds:
  - R1: 10 or more of your own mails (and 0.5 %) are acted on in a day, or 20 in
    three days
  - R2: a sender that you call critical loses a mail
  - R3: failures of one of your senders rise
  - R4: a new sender of yours passes with under 90 % of 10 or more mails a day
  - R5: two people complain within a day

next: `ruascope sources example.com salesforce`
";
    assert_eq!(text, expected, "{text}");
}

#[test]
fn lines_keep_to_the_width_but_for_what_is_copied() {
    for width in [60, 80, 120] {
        for explain in [false, true] {
            let text = recommend(&vendor("Salesforce").advice(), explain, &TextStyle { width, ..STYLE }, &english());
            let is_copied = |line: &&str| line.starts_with("_dmarc.");
            for line in text.lines().filter(|line| !is_copied(line)) {
                assert!(line.chars().count() <= width, "{width}: {line}");
            }
        }
    }
}

#[test]
fn a_terminal_obeys_no_name() {
    let text = recommend(&vendor("evil\u{1b}[2J\u{202e}name").advice(), true, &STYLE, &english());
    assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text}");
    let ascii = recommend(&vendor("b\u{fc}ro").advice(), true, &TextStyle { unicode: false, ..STYLE }, &english());
    assert!(ascii.is_ascii(), "{ascii}");
    let colored = recommend(&vendor("Salesforce").advice(), true, &TextStyle { color: true, ..STYLE }, &english());
    assert!(colored.contains("\u{1b}[31m✗\u{1b}[0m"), "{colored}");
}

#[test]
fn each_verdict_ends_with_the_command_that_goes_on() {
    let mended = Advice { blockers: Vec::new(), ..vendor("Salesforce").advice() };
    let ready = Advice { publish: mended.if_ready.clone(), ..mended.clone() };
    for (advice, explain, command) in [
        (&mended, false, "recommend example.com --explain"),
        (&mended, true, "sources example.com"),
        (&ready, false, "check example.com"),
    ] {
        let text = recommend(advice, explain, &STYLE, &english());
        assert!(text.ends_with(&format!("\n\nnext: `ruascope {command}`\n")), "{text}");
    }
}

#[test]
fn going_back_says_why_and_to_what() {
    let advice = refused().advice();
    let text = recommend(&advice, false, &STYLE, &english());
    assert!(text.starts_with("✗ ROLL BACK  example.com: mail of yours is being lost\n"), "{text}");
    assert!(text.contains("\n  R1  40 of your own mails were quarantined or refused up to 2026-11-23\n"), "{text}");
    assert!(text.contains("PUBLISH\n_dmarc.example.com. 300 IN TXT ( \"v=DMARC1; p=quarantine;"), "{text}");
    let watched = watch(std::slice::from_ref(&advice), &STYLE, &english());
    assert!(watched.starts_with("✗ example.com: roll back: the policy was raised 5 days ago, and 40 of"), "{watched}");
    let object = watch_json(&[advice]);
    assert_eq!(object["schema"], "ruascope.watch/1");
    assert_eq!(object["domains"][0]["changed"], "2026-11-19");
    assert_eq!(object["domains"][0]["step_before"], "quarantine");
    assert_eq!(object["domains"][0]["triggers"][0]["rule"], "R1");
    let calm = watch(&[Domain::ready().advice()], &STYLE, &english());
    assert_eq!(calm, "✓ example.com: not tightened in the last 30 days\n");
}

#[test]
fn json_holds_the_contract() {
    let object = recommend_json(&vendor("Salesforce").advice());
    for field in [
        "schema",
        "domain",
        "current",
        "profile",
        "target",
        "decision",
        "next",
        "confidence",
        "evidence",
        "gates",
        "blockers",
        "impact_per_day",
        "publish",
        "rollback",
        "earliest",
    ] {
        assert!(object.get(field).is_some(), "{field}");
    }
    assert_eq!(object["decision"], "fix");
    assert_eq!(object["publish"], serde_json::Value::Null);
    assert_eq!(object["current"]["record"], "v=DMARC1; p=none; rua=mailto:dmarc@example.com");
    assert_eq!(object["current"]["sp"], serde_json::Value::Null);
    assert_eq!(object["evidence"]["mails_legit"], 16_800);
    assert_eq!(object["evidence"]["pass_legit"], 0.833_33);
    assert_eq!(object["blockers"][0]["rank"], 1);
    assert_eq!(object["blockers"][0]["mails_failing"], 2_800);
    assert_eq!(object["impact_per_day"]["misconfigured"][0], 80.0);
    assert_eq!(object["gates"][0]["ok"], true);
    let empty = recommend_json(&Domain::new().advice());
    assert_eq!(
        (&empty["decision"], &empty["evidence"]["mails_legit"]),
        (&"investigate".into(), &serde_json::Value::Null)
    );
    assert_eq!(empty["impact_per_day"], serde_json::Value::Null);
}

#[test]
fn a_line_a_domain() {
    let badges = Badges { spf: Badge::Set, dkim: Badge::Broken, dmarc: Badge::Unknown };
    let state = |domain: &Domain| DomainStatus { advice: domain.advice(), badges, newest_day: Some(TODAY - 1) };
    let domains = [state(&vendor("Salesforce")), state(&Domain::ready()), state(&refused())];
    let text = status(&domains, &STYLE, &english());
    let expected = "\
VERDICT    DOMAIN       POLICY  SPF  DKIM    DMARC       OWN     PASS  TO MEND
FIX        example.com  none    set  broken  unknown  16,800   83.3 %        1
ADVANCE    example.com  none    set  broken  unknown  14,000    100 %        0
ROLL BACK  example.com  reject  set  broken  unknown  14,120  99.15 %        0

example.com: earliest 2026-12-08; G3 83.3 % pass, at least 82.7 %
example.com: to quarantine-test
example.com: the policy was raised 5 days ago, and 40 of your own mails were
             quarantined or refused up to 2026-11-23

newest report: 2026-11-23
next: `ruascope recommend example.com`
";
    assert_eq!(text, expected, "{text}");
    let object = status_json(&domains);
    assert_eq!(object["domains"][1]["decision"], "advance");
    assert_eq!(object["domains"][1]["badges"]["dkim"], "broken");
    assert_eq!(object["domains"][1]["newest_age_days"], 1);
    assert!(status(&[], &STYLE, &english()).starts_with("no domains"));
}

#[test]
fn of_many_domains_those_that_need_something_stand_first_and_what_many_wait_for_is_said_once() {
    let badges = Badges { spf: Badge::Set, dkim: Badge::Set, dmarc: Badge::Set };
    let state = |domain: &Domain, n: usize| {
        let mut advice = domain.advice();
        advice.domain = format!("d{n}.example");
        DomainStatus { advice, badges, newest_day: Some(TODAY - 1) }
    };
    let mut domains: Vec<DomainStatus> = (0..19).map(|n| state(&Domain::ready(), n)).collect();
    domains.push(state(&vendor("Salesforce"), 19));
    let few = status(&domains, &STYLE, &english());
    assert!(few.lines().nth(1).is_some_and(|line| line.starts_with("ADVANCE  d0.example")), "{few}");
    assert_eq!(few.matches(": to quarantine-test").count(), 19, "{few}");
    domains.push(state(&refused(), 20));
    let many = status(&domains, &STYLE, &english());
    let lines: Vec<&str> = many.lines().collect();
    assert!(lines[1].starts_with("ROLL BACK  d20.example") && lines[2].starts_with("FIX        d19.example"), "{many}");
    assert!(lines[3].starts_with("ADVANCE    d0.example") && lines[21].starts_with("ADVANCE    d18.example"), "{many}");
    assert!(many.contains("\n21 domains: ROLL BACK 1, FIX 1, ADVANCE 19\n"), "{many}");
    assert!(many.contains("\nd0.example, d1.example, d2.example and 16 more: to quarantine-test\n"), "{many}");
}

#[test]
fn a_simulation_says_what_is_lost_of_ones_own_first() {
    let domain = vendor("Salesforce");
    let record = dmarc::read("v=DMARC1; p=reject; rua=mailto:dmarc@example.com").expect("a record").record;
    let trial = simulate::Trial {
        domain: "example.com",
        record: &record,
        missing: &std::collections::BTreeSet::new(),
        organizations: Organizations::default(),
        days: (TODAY - 35, TODAY - 1),
    };
    let simulation = simulate::simulate(&trial, &domain.observations, &domain.senders);
    let window = Some((TODAY - 35, TODAY - 1));
    let view = SimulationView {
        domain: "example.com",
        record: &record,
        window,
        simulation: &simulation,
        senders: &domain.senders,
    };
    let text = simulate(&view, &STYLE, &english());
    let expected = "\
✗ example.com with p=reject: 80.0 of your mails a day are lost, at most 82.7
  replayed over 35 days from 2026-10-20 to 2026-11-23

CLASS          MAILS/DAY  LOST/DAY  AT MOST  REFUSED  SAVED  TODAY
own                  400         0     0.09        0      0      0
misconfigured       80.0      80.0     82.5     80.0      0      0

Lost is quarantined or refused. Saved is the part of it whose reporters let such
mail through so far.
Today is what is acted on in these days already.

SOURCE      CLASS          LOST/DAY  AT MOST
Salesforce  misconfigured      80.0     82.5

next: `ruascope recommend example.com`
";
    assert_eq!(text, expected, "{text}");
    let object = simulate_json(&view);
    assert_eq!(object["schema"], "ruascope.simulate/1");
    assert_eq!(object["policy"]["p"], "reject");
    assert_eq!(object["days"], 35);
    let classes = object["classes"].as_array().expect("classes");
    assert_eq!(classes.len(), 8);
    assert_eq!(classes[2]["class"], "misconfigured");
    assert_eq!(classes[2]["lost_per_day"], 80.0);
    assert_eq!(object["sources"][0]["source"], "Salesforce");
}
