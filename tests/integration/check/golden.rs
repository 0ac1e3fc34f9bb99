//! Whole output.

use super::World;

const ZONE: &str = r#"
example.com                TXT   "v=spf1 mx include:_spf.example.net -all"
example.com                MX    10 mail.example.com
mail.example.com           A     192.0.2.1
_dmarc.example.com         TXT   "v=DMARC1; p=none; rua=mailto:report@example.jp"
s1._domainkey.example.com  TXT   KEY
example.jp                 MX    10 mail.example.jp
mail.example.jp            A     192.0.2.2
"#;

const SETTINGS: &str = "[[domain]]\nname = \"example.com\"\n[domain.dmarc]\np = \"quarantine\"\nrua = [\"mailto:report@example.jp\"]\n[[domain.dkim]]\nselector = \"s1\"\n";

#[test]
fn text_says_what_is_wrong_and_what_to_publish() {
    let world = World::new(ZONE, SETTINGS);
    let text = r#"example.com: SPF broken, DKIM set, DMARC set
DMARC  ✓ 1 record, p=none
       ✗ _dmarc.example.com: DNS differs from the settings, which protects less: p: DNS says none,
         the settings mean quarantine; sp: DNS says none, the settings mean quarantine; np: DNS says
         none, the settings mean quarantine
         → publish the record of the settings, or change the settings with `ruascope dmarc set`
         _dmarc.example.com. IN TXT ( "v=DMARC1; p=quarantine; rua=mailto:report@example.jp" )
RUA    ✗ rua report@example.jp: example.jp is external and does not authorise it, so no report is
         sent there: example.com._report._dmarc.example.jp has no TXT record "v=DMARC1"
         → ask the owner of example.jp to publish this record, or choose an address in your own
         domain
         example.com._report._dmarc.example.jp. IN TXT ( "v=DMARC1" )
SPF    ✗ example.com: include:_spf.example.net: _spf.example.net has no SPF record, so mail that
         gets here ends as permerror
         → correct the name, or remove the term (RFC 7208 5.2)
DKIM   ✓ s1 (RSA 2048)
"#;
    world.run(&["check", "--quiet"]).exit(2).stdout(text).check();
    world.run(&["check", "--quiet", "--exit-zero"]).stdout(text).check();
}

#[test]
fn json_is_that_of_the_contract() {
    let world = World::new(ZONE, SETTINGS);
    let object = world.run(&["check", "example.com"]).exit(2).json();
    let domain = &object["domains"][0];
    assert_eq!(domain["domain"], "example.com");
    assert_eq!(domain["badges"], serde_json::json!({"spf": "broken", "dkim": "set", "dmarc": "set"}));
    assert_eq!(
        domain["findings"][2],
        serde_json::json!({
            "rule": "rua-unauthorised",
            "severity": "critical",
            "topic": "rua",
            "subject": "example.com._report._dmarc.example.jp",
            "text": "rua report@example.jp: example.jp is external and does not authorise it, so no report is sent there: example.com._report._dmarc.example.jp has no TXT record \"v=DMARC1\"",
            "advice": "ask the owner of example.jp to publish this record, or choose an address in your own domain",
            "evidence": [],
            "publish": {"name": "example.com._report._dmarc.example.jp.", "ttl": null, "txt": "v=DMARC1"},
        })
    );
}

#[test]
fn a_domain_that_is_well_ends_with_0_and_warnings_with_1() {
    let zone = ZONE.replace("include:_spf.example.net ", "").replace("report@example.jp", "dmarc@example.com");
    let world = World::new(&zone, "");
    world.run(&["check", "example.com", "--quiet"]).stdout("example.com: SPF set, DKIM set, DMARC set\nDMARC  ✓ 1 record, p=none\nRUA    ✓ rua: dmarc@example.com\nSPF    ✓ 1 record, 1 of 10 look-ups\nDKIM   ✓ s1 (RSA 2048)\n").check();
    let world = World::new(&zone.replace("p=none", "p=none; pct=50"), "");
    world.run(&["check", "example.com"]).exit(1).json();
    world.run(&["check", "example.com", "--fail-on", "critical"]).json();
}

#[test]
fn what_was_published_is_kept_and_shown_with_its_changes() {
    let world = World::new(ZONE, SETTINGS);
    world.run(&["check"]).exit(2).json();
    world.run(&["check", "--history", "example.com"]).stdout(
        "example.com\n2026-10-31T06:00:00Z  (last seen like this 2026-10-31T06:00:00Z)\n  + dmarc: v=DMARC1; p=none; rua=mailto:report@example.jp\n  + spf: v=spf1 mx include:_spf.example.net -all\n",
    );
    let object = world.run(&["check", "--history", "example.com"]).json();
    assert_eq!(object["schema"], "ruascope.history/1");
    assert_eq!(object["snapshots"][0]["changes"][0]["what"], "dmarc");
    assert_eq!(object["snapshots"][0]["dkim"][0]["selector"], "s1");
    world.run(&["check", "--history", "example.org"]).exit(65).error();
}
