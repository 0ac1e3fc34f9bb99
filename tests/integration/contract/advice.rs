//! `recommend`, `simulate`, `status` and `watch --since-change`: whole outputs, exit codes, and the same bytes again.

use serde_json::{Value, json};

use super::assert_schema;
use crate::harness::{Place, Run};
use crate::report::{DAY_S, MONDAY_S, Report};

/// Two days after the last report of [`filled`].
const NOW: &str = "2026-03-06T06:00:00Z";

/// Sixty days of mail: the owner's server passes, a declared vendor fails where `vendor_mails` is over 0. Three
/// reporters see the same.
fn filled(vendor_mails: u64) -> Place {
    let place = Place::new();
    place.write("ruascope.toml", SETTINGS);
    let mut files = Vec::new();
    for day in 0..60_i64 {
        for org in ["a.example", "b.example", "c.example"] {
            let id = format!("{org}-{day}");
            let mut report = Report::new(&id).org(org).period(MONDAY_S + day * DAY_S, DAY_S - 1);
            report = report.record("192.0.2.1", 50, "pass", "pass");
            if vendor_mails > 0 {
                report = report.record("198.51.100.7", vendor_mails, "fail", "fail");
            }
            files.push(place.write(&format!("in/{id}.xml"), report.xml()));
        }
    }
    place.run(["ingest", "--quiet"]).args(files).check();
    place
}

#[test]
fn notes_are_kept_listed_and_taken_out() {
    let place = filled(0);
    let add = |kind: &str, text: &str| run(&place, &["note", "add", "example.com", "--kind", kind, text]);
    add("complaint", "an order mail is missing").stdout("note 1\n").check();
    add("change", "new DKIM key").stdout("note 2\n").check();
    let object = run(&place, &["note", "list", "example.com"]).json();
    assert_schema(&object, "notes", &["notes"]);
    let kinds: Vec<&Value> = object["notes"].as_array().expect("notes").iter().map(|note| &note["kind"]).collect();
    assert_eq!(kinds, [&json!("complaint"), &json!("change")]);
    run(&place, &["note", "remove", "1"]).check();
    run(&place, &["note", "remove", "1"])
        .exit(64)
        .stderr("error: there is no note 1\nhint: `ruascope note list` shows them with their numbers\n")
        .check();
}

#[test]
fn alarms_are_the_same_after_a_rebuild_and_stay_in_the_store() {
    let place = filled(0);
    let mut late = Vec::new();
    for day in 56..60_i64 {
        let id = format!("late-{day}");
        let report = Report::new(&id).org("a.example").period(MONDAY_S + day * DAY_S, DAY_S - 1);
        late.push(place.write(&format!("late/{id}.xml"), report.record("192.0.2.1", 200, "fail", "fail").xml()));
    }
    place.run(["ingest", "--quiet"]).args(late).check();
    let before = run(&place, &["alarms"]).json();
    assert_schema(&before, "alarms", &["alarms"]);
    let all = before["alarms"].as_array().expect("alarms");
    let found = all.iter().find(|alarm| alarm["kind"] == "failures").expect("failures rose");
    assert_eq!((&found["open"], &found["closed"]), (&json!(true), &Value::Null), "{found}");
    place.run(["store", "rebuild"]).stdout("rebuilt 184 reports and 0 rejections from 184 raw inputs\n").check();
    assert_eq!(run(&place, &["alarms"]).json(), before);
}

const SETTINGS: &str = r#"
[[domain]]
name = "example.com"
profile = "people"
[domain.dmarc]
p = "none"
rua = ["mailto:dmarc@example.com"]
[[domain.sender]]
name = "Head office"
cidr = ["192.0.2.0/28"]
class = "own"
[[domain.sender]]
name = "Newsletter"
cidr = ["198.51.100.7/32"]
class = "legit"
"#;

fn run(place: &Place, args: &[&str]) -> Run {
    place.run(args.iter().copied()).now(NOW)
}

#[test]
fn recommend_says_what_is_to_be_mended() {
    let place = filled(10);
    run(&place, &["recommend", "example.com"]).exit(1).stdout(FIX).check();
    let object = run(&place, &["recommend", "example.com"]).exit(1).json();
    let fields = [
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
    ];
    assert_schema(&object, "recommend", &fields);
    assert_eq!(object["decision"], "fix");
    assert_eq!(object["evidence"]["mails_legit"], 35 * 3 * 60);
    assert_eq!(object["blockers"][0]["source"], "Newsletter");
    assert_eq!(object["blockers"][0]["mails_failing"], 35 * 3 * 10);
    assert_eq!(object["publish"], Value::Null);
    assert_eq!(object["current"]["record"], Value::Null, "offline, nobody knows it");
}

#[test]
fn recommend_waits_for_dns_where_nothing_else_is_missing() {
    let place = filled(0);
    let object = run(&place, &["recommend", "example.com"]).json();
    assert_eq!(object["decision"], "hold");
    let closed: Vec<&Value> =
        object["gates"].as_array().expect("gates").iter().filter(|gate| gate["ok"] != json!(true)).collect();
    assert_eq!(closed.len(), 1, "{closed:?}");
    assert_eq!((&closed[0]["id"], &closed[0]["ok"]), (&json!("G11"), &Value::Null));
    assert_eq!(
        object["if_ready"]["txt"],
        "v=DMARC1; p=quarantine; np=reject; rua=mailto:dmarc@example.com; t=y; pct=0"
    );
}

#[test]
fn the_owner_may_say_how_much_is_sent_and_that_lists_may_lose_mail() {
    let place = filled(10);
    let plain = run(&place, &["recommend", "example.com"]).exit(1).json();
    let told = ["recommend", "example.com", "--sent-per-day", "720", "--accept-list-risk"];
    let told = run(&place, &told).exit(1).json();
    assert_eq!((&plain["evidence"]["coverage"], &plain["accepts_list_risk"]), (&Value::Null, &json!(false)));
    assert_eq!((&told["accepts_list_risk"], &told["target"]), (&json!(true), &json!("reject")));
    assert_eq!((&told["evidence"]["coverage"], &told["evidence"]["sent_per_day"]), (&json!(0.25), &json!(720)));
    let upper = |object: &Value| object["impact_per_day"]["legit"][1].as_f64().expect("a bound");
    assert!((upper(&told) - 4.0 * upper(&plain)).abs() < 0.001, "{} {}", upper(&told), upper(&plain));
    let text = run(&place, &["recommend", "example.com", "--sent-per-day", "720"]).exit(1).text();
    assert!(text.contains("Reports tell of 25.0 % of the 720 mails that you send a day"), "{text}");
    run(&place, &["recommend", "--sent-per-day", "720"]).exit(64).error();
}

#[test]
fn a_record_without_its_rua_is_not_handed_out() {
    let place = filled(10);
    std::fs::remove_file(place.path().join("ruascope.toml")).expect("settings to remove");
    let object = run(&place, &["recommend", "example.com"]).json();
    assert_eq!(
        (&object["publish"], &object["if_ready"], &object["rollback"]),
        (&Value::Null, &Value::Null, &Value::Null)
    );
    assert_eq!(object["change_only"], "p=quarantine; t=y; pct=0");
    let text = run(&place, &["recommend", "example.com"]).text();
    assert!(text.contains("p=quarantine; t=y; pct=0\n") && !text.contains("v=DMARC1"), "{text}");
}

#[test]
fn reports_that_stop_are_critical_and_weaken_nothing() {
    let place = filled(0);
    let late = "2026-03-12T06:00:00Z";
    let object = place.run(["recommend", "example.com"]).now(late).exit(2).json();
    assert_eq!((&object["decision"], &object["blind"]), (&json!("investigate"), &json!(true)));
    assert_eq!(object["publish"], Value::Null);
    // A folder that nobody asked to be kept up to date is judged as of its last day.
    std::fs::remove_file(place.path().join("ruascope.toml")).expect("settings to remove");
    let object = place.run(["recommend", "example.com"]).now(late).json();
    assert_eq!((&object["decision"], &object["asof"]), (&json!("hold"), &json!("2026-03-06")));
}

#[test]
fn a_domain_without_reports_is_unknown() {
    let place = Place::new();
    run(&place, &["recommend", "example.com"]).exit(3).stdout(NOTHING).check();
    run(&place, &["simulate", "example.com"])
        .exit(3)
        .stdout("? example.com: no reports, so nothing can be said about p=none\n")
        .check();
    run(&place, &["status"])
        .exit(3)
        .stdout("no domains: take in reports with `ruascope ingest PATH`, or name one with `ruascope domain add`\n")
        .check();
    let error = run(&place, &["recommend"]).exit(3).error();
    assert_eq!(error["kind"], "unknown");
}

#[test]
fn a_simulation_is_replayed_over_what_was_seen() {
    let place = filled(10);
    run(&place, &["simulate", "example.com", "--p", "reject"]).exit(1).stdout(SIMULATION).check();
    let object = run(&place, &["simulate", "example.com", "--p", "reject", "--adkim", "s"]).exit(1).json();
    assert_schema(&object, "simulate", &["domain", "policy", "days", "classes"]);
    assert_eq!((&object["policy"]["p"], &object["policy"]["adkim"]), (&json!("reject"), &json!("s")));
    let classes = object["classes"].as_array().expect("classes");
    assert_eq!(classes.len(), 8);
    for class in classes {
        super::assert_fields("a class", class, &["class", "mails_per_day", "lost_per_day", "upper"]);
    }
    run(&place, &["simulate", "example.com", "--p", "none"]).json();
}

#[test]
fn status_is_a_line_a_domain() {
    let place = filled(10);
    run(&place, &["status"]).exit(1).stdout(STATUS).check();
    let object = run(&place, &["status"]).exit(1).json();
    assert_schema(&object, "status", &["domains"]);
    assert_eq!(object["domains"][0]["decision"], "fix");
    assert_eq!(object["domains"][0]["badges"], json!({"spf": "unknown", "dkim": "unknown", "dmarc": "unknown"}));
}

#[test]
fn a_caller_may_ask_for_less_of_the_exit_code() {
    let place = filled(10);
    run(&place, &["recommend", "example.com", "--exit-zero"]).bytes();
    run(&place, &["recommend", "example.com", "--fail-on", "critical"]).bytes();
    run(&place, &["status", "--exit-zero"]).bytes();
    run(&place, &["simulate", "example.com", "--p", "reject", "--exit-zero"]).bytes();
}

#[test]
fn watch_since_change_looks_once() {
    let place = filled(0);
    run(&place, &["watch", "--since-change", "example.com"])
        .stdout("✓ example.com: not tightened in the last 30 days\n")
        .check();
    let object = run(&place, &["watch", "--since-change"]).json();
    assert_schema(&object, "watch", &["domains"]);
    assert_eq!(object["domains"][0]["triggers"], json!([]));
}

#[test]
fn the_same_clock_gives_the_same_advice() {
    let (place, again) = (filled(10), filled(10));
    for args in [
        &["recommend", "example.com", "--explain"][..],
        &["recommend", "example.com", "--format", "json"],
        &["simulate", "example.com", "--p", "quarantine", "--format", "json"],
        &["status", "--format", "json"],
    ] {
        let first = run(&place, args).exit(1).bytes();
        assert_eq!(first, run(&place, args).exit(1).bytes(), "{args:?}");
        assert_eq!(first, run(&again, args).exit(1).bytes(), "{args:?}");
    }
}

const FIX: &str = r#"✗ FIX  example.com: something is to be mended first
  Why: closed: G3, G4, G9, G11
  Policy none since 2026-01-05; profile people, whose target is quarantine; confidence medium
  35 days from 2026-01-30 to 2026-03-05, 3 reporters: 6,300 mails of yours, 83.3 % pass (at least
  82.4 %). Only mail to receivers that report is visible.

GATES to quarantine-test: 9 of 13 open
  ✗ closed  G3   passing     83.3 % pass, at least 82.4 %; needs at least 98 %
  ✗ closed  G4   each sender Newsletter 0 %; needs each passes >= 95 %
  ✗ closed  G9   DKIM        DKIM 83.3 %, SPF only 0 %; needs DKIM >= 90 %
  ? unknown G11  DNS         not known: DNS was not asked, or did not answer; needs records that
                             work

TO MEND, most failing mails first
   1 Newsletter (misconfigured): 1,050 of 1,050 mails failed, 100 % of the failures of mail that is
     or may be yours [R-DECLARED R-FAILS]
     - Look for what changes mails after they are signed with s1 (footers, scanners, re-encoding),
       and sign last
     see ruascope sources example.com newsletter

MAIL THAT FAILS, a day: what a policy in force acts on
  own 30.0 (at most 31.6); forwarded or by lists, at risk 0 (at most 0.09); unknown 0 (at most
  0.09); spoofed 0 (at most 0.09)

WHEN THE GATES ARE OPEN publish
_dmarc.example.com. 300 IN TXT ( "v=DMARC1; p=quarantine; np=reject; rua=mailto:dmarc@example.com; t=y; pct=0" )

ROLL BACK to this record
_dmarc.example.com. 300 IN TXT ( "v=DMARC1; p=none; rua=mailto:dmarc@example.com" )
  as soon as one of these holds:
  - R1: 10 or more of your own mails (and 0.5 %) are acted on in a day, or 20 in three days
  - R2: a sender that you call critical loses a mail
  - R3: failures of one of your senders rise
  - R4: a new sender of yours passes with under 90 % of 10 or more mails a day
  - R5: two people complain within a day

next: `ruascope sources example.com newsletter`
"#;
const NOTHING: &str = r"? INVESTIGATE  example.com: there is too little to decide on; keep what is published
  Why: no report came yet: nothing can be concluded, so the policy stays as it is
  No policy is known; profile people (worked out), whose target is quarantine; confidence low

next: `ruascope doctor`
";
const SIMULATION: &str = r"✗ example.com with p=reject: 30.0 of your mails a day are lost, at most 31.7
  replayed over 35 days from 2026-01-30 to 2026-03-05

CLASS          MAILS/DAY  LOST/DAY  AT MOST  REFUSED  SAVED  TODAY
own                  150         0     0.09        0      0      0
misconfigured       30.0      30.0     31.6     30.0      0      0

Lost is quarantined or refused. Saved is the part of it whose reporters let such mail through so
far.
Today is what is acted on in these days already.

SOURCE      CLASS          LOST/DAY  AT MOST
Newsletter  misconfigured      30.0     31.6

next: `ruascope recommend example.com`
";
const STATUS: &str = r"VERDICT  DOMAIN       POLICY  SPF      DKIM     DMARC      OWN    PASS  TO MEND
FIX      example.com  none    unknown  unknown  unknown  6,300  83.3 %        1

example.com: G3 83.3 % pass, at least 82.4 %

newest report: 2026-03-05
next: `ruascope recommend example.com`
";
