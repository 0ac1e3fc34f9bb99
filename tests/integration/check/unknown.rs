//! What DNS does not answer is unknown.

use super::{World, badges, loud};

#[test]
fn a_server_that_is_silent_or_fails_makes_nothing_missing() {
    for mark in ["silent", "servfail", "refused"] {
        let zone = format!(
            ";@{mark} _dmarc.example.com\n;@{mark} example.com TXT\n;@{mark} s1._domainkey.example.com\nexample.com A 192.0.2.1\n"
        );
        let world = World::new(&zone, "[[domain]]\nname = \"example.com\"\n[[domain.dkim]]\nselector = \"s1\"\n");
        let domain = world.check("example.com", 3);
        assert_eq!(badges(&domain), "unknown unknown unknown", "{mark}");
        assert_eq!(loud(&domain), ["dmarc-unanswered", "spf-unanswered", "dkim-unanswered"], "{mark}");
        assert_eq!(domain["answered"], false);
    }
}

#[test]
fn offline_nobody_is_asked() {
    let world = World::new("example.com TXT \"v=spf1 -all\"\n", "");
    let object = world.run(&["check", "example.com", "--offline"]).exit(3).json();
    assert_eq!(badges(&object["domains"][0]), "unknown unknown unknown");
    assert_eq!(loud(&object["domains"][0]), ["dns-offline"]);
    world.run(&["check", "example.com", "--offline", "--exit-zero"]).json();
}

#[test]
fn an_authorisation_that_is_not_answered_is_not_denied() {
    let zone = "_dmarc.example.com TXT \"v=DMARC1; p=none; rua=mailto:r@example.jp\"\nexample.jp MX 1 mx.example.jp\nmx.example.jp A 192.0.2.1\n;@servfail example.com._report._dmarc.example.jp\n";
    let domain = World::new(zone, "").check("example.com", 3);
    assert_eq!(loud(&domain), ["rua-unanswered", "spf-missing"]);
}

#[test]
fn without_a_domain_there_is_nothing_to_check() {
    World::new("example.com A 192.0.2.1\n", "").run(&["check"]).exit(3).error();
}
