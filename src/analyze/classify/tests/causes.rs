//! Why mails fail, and the sentence that mends it.

use super::super::Cause;
use super::{DOMAIN, Mail, World};
use crate::model::AuthResult;

const IP: &str = "192.0.2.1";

/// The causes of the sender of [`IP`], and its steps.
fn causes(world: &World) -> (Vec<(Cause, u64)>, String) {
    let classified = world.classified();
    let ip = IP.parse().expect("an address");
    let place = classified.senders.iter().position(|sender| sender.addresses.contains(&ip)).expect("a sender");
    let causes = classified.causes[place].iter().map(|(cause, mails)| (*cause, *mails)).collect();
    (causes, classified.senders[place].fix.iter().map(ToString::to_string).collect::<Vec<_>>().join(" / "))
}

fn own() -> World {
    World::default().published(
        &[("192.0.2.1/32", &["ip4:192.0.2.1"])],
        &[("s1", Some("v=DKIM1; p=MIIB")), ("gone", None), ("off", Some("v=DKIM1; p="))],
    )
}

#[track_caller]
fn has(world: &World, cause: Cause, step: &str) {
    let (found, fix) = causes(world);
    assert_eq!(found, [(cause, 10)]);
    assert!(fix.contains(step), "{fix}");
}

#[test]
fn every_failing_mail_has_its_cause_and_a_step() {
    let after = Mail::from(IP).day(31);
    has(&own().with(&after), Cause::NotInSpf, "Sign with DKIM");
    has(&own().with(&after.clone().spf("x.example", AuthResult::Pass)), Cause::ReturnPathNotAligned, "return path");
    has(&own().with(&after.clone().spf("", AuthResult::None)), Cause::NoSignature, "Sign with DKIM");
    has(&own().with(&after.clone().broken(DOMAIN, "s1")), Cause::BrokenInTransit, "signed with s1");
    has(&own().with(&after.clone().broken(DOMAIN, "other")), Cause::SelectorUnknown, "other._domainkey.acme.example");
    let strict = after.clone().header_from("news.acme.example").signed(DOMAIN, "s1").strict();
    has(&own().with(&strict), Cause::StrictOnly, "adkim=r");
}

#[test]
fn a_key_that_dns_had_no_more_is_missing_and_not_broken_on_the_way() {
    let declared =
        |world: World| world.declared("[[domain.dkim]]\nselector = \"gone\"\n[[domain.dkim]]\nselector = \"off\"\n");
    let mail = |selector: &str| Mail::from(IP).day(31).broken(DOMAIN, selector);
    has(&declared(own()).with(&mail("gone")), Cause::KeyMissing, "gone._domainkey");
    has(&declared(own()).with(&mail("off")), Cause::KeyMissing, "off._domainkey");
    let passed_before = own().with(&Mail::from(IP).day(3).signed(DOMAIN, "old"));
    let (causes, _) = causes(&passed_before.with(&mail("old")));
    assert_eq!(causes, [(Cause::KeyMissing, 10)], "it passed until then, and never after");
}

#[test]
fn what_others_pass_on_needs_no_step() {
    let world = World::default().own().with(&Mail::from("203.0.113.5").signed(DOMAIN, "s1").day(1));
    let world = world.with(&Mail::from("203.0.113.5").broken(DOMAIN, "s1").day(2));
    let sender = world.sender("203.0.113.5");
    assert!(sender.fix.is_empty(), "{:?}", sender.fix);
    let senders = world.classified();
    let place = senders.senders.iter().position(|one| one.key == sender.key).expect("it is there");
    assert_eq!(senders.causes[place].get(&Cause::Forwarder), Some(&10));
}

#[test]
fn a_known_service_is_mended_on_its_own_page() {
    let mail = Mail::from(IP).spf("x.na1.bnc.salesforce.com", AuthResult::Pass).signed("salesforce.com", "sf");
    let world = World::default().with(&mail).named(IP, "smtp1.mta.salesforce.com", true);
    let world = world.declared("[[domain.sender]]\nname = \"CRM\"\ndkim = [\"salesforce.com\"]\n");
    let (_, fix) = causes(&world);
    assert!(fix.contains("DKIM Keys") && fix.contains(DOMAIN), "{fix}");
}

#[test]
fn an_unknown_sender_is_a_question() {
    let world = World::default().own().with(&Mail::from("203.0.113.5").spf("x.example", AuthResult::None));
    assert!(world.sender("203.0.113.5").fix[0].contains("ruascope sources tag 203.0.113.0/24"));
    let empty = World::default().own().with(&Mail::from("203.0.113.5").mails(0).spf("x.example", AuthResult::None));
    assert!(empty.sender("203.0.113.5").fix.is_empty(), "there is no mail to ask about");
}

#[test]
fn a_reporter_that_contradicts_what_it_measured_is_told_apart() {
    let mail = Mail::from(IP).day(31).signed("news.acme.example", "s1").disputed();
    has(&own().with(&mail), Cause::ReporterDisagrees, "acme.example itself");
    let silent = mail.unjudged();
    has(&own().with(&silent), Cause::NotJudged, "nothing to mend");
    assert_eq!(own().with(&silent).classified().disagreeing_mails, 0, "who says nothing does not disagree");
}

#[test]
fn no_record_names_an_address_of_an_internal_network() {
    let internal =
        ["10.1.2.3", "127.0.0.1", "172.16.0.1", "192.168.0.1", "169.254.1.1", "100.64.0.1", "::1", "fd00::1"];
    for ip in internal {
        let world = World::default().with(&Mail::from(ip)).named(ip, "relay.acme.example", true);
        let fix: Vec<String> = world.sender(ip).fix.iter().map(ToString::to_string).collect();
        assert!(fix.len() == 2 && !fix.concat().contains(ip), "{ip}: {fix:?}");
    }
    let both = World::default().with(&Mail::from("10.1.2.3").mails(90)).with(&Mail::from("192.0.2.9"));
    let both = both.named("10.1.2.3", "a.acme.example", true).named("192.0.2.9", "b.acme.example", true);
    assert!(both.sender("192.0.2.9").fix.iter().any(|step| step.to_string().contains("192.0.2.9")));
}
