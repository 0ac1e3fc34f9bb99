//! Each rule: one sender that it is true of, and one that differs in just what it asks for.

use super::super::super::Class;
use super::{DOMAIN, Mail, World};
use crate::model::{AuthResult, OverrideType};

/// The address that each test is about.
const IP: &str = "203.0.113.5";

fn world() -> World {
    World::default().own().swarm()
}

/// A mail on each of so many days.
fn daily(world: World, days: i64, mail: &Mail) -> World {
    (0..days).fold(world, |world, day| world.with(&mail.clone().day(day)))
}

#[test]
fn the_owners_word_goes_first() {
    let world = world().with(&Mail::from(IP)).with(&Mail::from("203.0.114.5"));
    let world = world.declared("[[domain.sender]]\nname = \"Office\"\ncidr = [\"203.0.113.0/24\"]\nclass = \"own\"\n");
    world.is(IP, Class::Misconfigured, "R-DECLARED");
    world.is_not("203.0.114.5", "R-DECLARED");
    let tagged = |class: &str| {
        world.clone().declared(&format!("[[domain.sender]]\nname = \"It\"\ncidr = [\"{IP}\"]\nclass = \"{class}\"\n"))
    };
    tagged("spoof").is(IP, Class::Spoof, "R-DECLARED");
    tagged("forwarder").is(IP, Class::Forwarder, "R-DECLARED");
    tagged("ignore").is(IP, Class::Unknown, "R-IGNORED");
}

#[test]
fn a_term_of_the_own_spf_record_makes_a_server_the_owners_and_an_include_does_not() {
    let mail = Mail::from(IP).mails(30).spf(DOMAIN, AuthResult::None);
    let own = world().with(&mail).published(&[("203.0.113.5/32", &["ip4:203.0.113.5"])], &[]);
    own.is(IP, Class::Misconfigured, "R-SPF-OWN");
    let included =
        world().with(&mail).published(&[("203.0.113.5/32", &["include:spf.x.example", "ip4:203.0.113.5"])], &[]);
    included.is_not(IP, "R-SPF-OWN");
    let of_owner =
        world().with(&mail).published(&[("203.0.113.5/32", &["include:_spf.acme.example", "ip4:203.0.113.5"])], &[]);
    of_owner.is(IP, Class::Misconfigured, "R-SPF-OWN");
}

#[test]
fn a_name_of_the_owners_counts_only_when_it_leads_back() {
    let world = world().with(&Mail::from(IP).mails(30));
    world.clone().named(IP, "printer.acme.example", true).is(IP, Class::Misconfigured, "R-PTR-OWN");
    world.named(IP, "printer.acme.example", false).is(IP, Class::Spoof, "R-NO-FCRDNS");
}

#[test]
fn spf_that_passes_for_the_domain_makes_a_sender() {
    let pass = world().with(&Mail::from(IP).spf("bounce.acme.example", AuthResult::Pass));
    pass.is(IP, Class::Authorised, "R-SPF-ALIGNED");
    world().with(&Mail::from(IP).spf(DOMAIN, AuthResult::Pass)).is(IP, Class::Own, "R-SPF-ALIGNED");
    world().with(&Mail::from(IP).spf("other.example", AuthResult::Pass)).is_not(IP, "R-SPF-ALIGNED");
}

#[test]
fn a_filter_is_known_by_its_name() {
    let world = world().with(&Mail::from(IP).broken(DOMAIN, "s1"));
    world.clone().named(IP, "mx0a-001.pphosted.com", true).is(IP, Class::Gateway, "R-GATEWAY");
    world.named(IP, "mx0a-001.pphosted.com", false).is_not(IP, "R-GATEWAY");
}

#[test]
fn a_selector_at_home_is_a_sender_and_one_from_elsewhere_is_forwarded() {
    let mail = Mail::from(IP).spf("bounce.vendor.example", AuthResult::Pass);
    let sender = daily(world(), 20, &mail.clone().signed(DOMAIN, "v1"));
    sender.is(IP, Class::Authorised, "R-DKIM-HOME");
    let forwarder = daily(world(), 20, &mail.mails(2).signed(DOMAIN, "s1"));
    forwarder.is(IP, Class::Forwarder, "R-DKIM-SURVIVED");
}

#[test]
fn one_selector_only_in_quantity_is_no_forwarder_where_the_domain_has_several() {
    let rented = Mail::from(IP).spf("bounce.vendor.example", AuthResult::Pass);
    let busy =
        daily(world(), 30, &Mail::from("203.0.115.1").mails(200).signed(DOMAIN, "v2").spf(DOMAIN, AuthResult::Pass));
    daily(busy.clone(), 30, &rented.clone().mails(40).signed(DOMAIN, "s1")).is(IP, Class::Authorised, "R-DKIM-HOME");
    let mixed = daily(
        daily(busy, 30, &rented.clone().mails(20).signed(DOMAIN, "s1")),
        30,
        &rented.mails(20).signed(DOMAIN, "v2"),
    );
    mixed.is(IP, Class::Forwarder, "R-DKIM-SURVIVED");
}

#[test]
fn a_service_with_its_own_envelope_is_a_sender_though_only_dkim_aligns() {
    let mail = Mail::from(IP).signed(DOMAIN, "s1").spf("u1.ct.sendgrid.net", AuthResult::Pass);
    world().with(&mail).named(IP, "o1.ptr1.sendgrid.net", true).is(IP, Class::Authorised, "R-ESP+");
    world().with(&mail).is(IP, Class::Authorised, "R-ESP+");
    world().with(&mail.spf("u1.ct.sendgrid.example", AuthResult::Pass)).is(IP, Class::Forwarder, "R-DKIM-SURVIVED");
}

#[test]
fn the_reporters_belief_counts_and_a_broken_seal_is_none() {
    let mail = Mail::from(IP);
    let list = world().with(&mail.clone().reason(OverrideType::MailingList, ""));
    list.is(IP, Class::List, "R-CLAIMED");
    let sealed = world().with(&mail.clone().reason(OverrideType::LocalPolicy, "arc=pass as.1.d=x"));
    sealed.is(IP, Class::Forwarder, "R-CLAIMED");
    world().with(&mail.reason(OverrideType::LocalPolicy, "arc=fail")).is_not(IP, "R-CLAIMED");
}

#[test]
fn a_broken_signature_of_the_owner_through_a_list_is_list_mail_and_a_made_up_one_is_not() {
    let mail = Mail::from(IP).spf("lists.club.example", AuthResult::Pass).signed("lists.club.example", "l");
    let list = world().with(&mail.clone().broken(DOMAIN, "s1")).named(IP, "lists.club.example", true);
    list.is(IP, Class::List, "R-DKIM-BROKEN-OWN-SELECTOR");
    let forged = world().with(&mail.broken(DOMAIN, "never-seen")).named(IP, "lists.club.example", true);
    forged.is_not(IP, "R-DKIM-BROKEN-OWN-SELECTOR");
}

#[test]
fn a_signature_of_a_selector_that_is_not_in_use_yet_is_made_up() {
    let late = Mail::from("192.0.2.9").day(30).signed(DOMAIN, "s2").spf(DOMAIN, AuthResult::Pass);
    let relayed = Mail::from(IP).broken(DOMAIN, "s2").spf("x.example", AuthResult::Pass).signed("x.example", "k");
    let early = world().with(&late).with(&relayed.clone().day(5)).named(IP, "mail.x.example", true);
    early.is_not(IP, "R-DKIM-BROKEN-OWN-SELECTOR");
    let after = world().with(&late).with(&relayed.day(35)).named(IP, "mail.x.example", true);
    after.is(IP, Class::List, "R-DKIM-BROKEN-OWN-SELECTOR");
}

#[test]
fn a_service_that_signs_with_the_domains_name_in_it_is_the_owners() {
    let mail = |domain: &str| Mail::from(IP).signed(domain, "20230601").spf("x.example", AuthResult::None);
    world().with(&mail("acme-example.20230601.gappssmtp.com")).is(IP, Class::Misconfigured, "R-ESP-TOKEN");
    world().with(&mail("other-example.20230601.gappssmtp.com")).is_not(IP, "R-ESP-TOKEN");
}

#[test]
fn a_service_as_itself_is_the_owners_only_when_something_links_it() {
    let mail = Mail::from(IP).signed("sendgrid.net", "smtpapi").spf("u1.ct.sendgrid.net", AuthResult::Pass);
    let world = world().with(&mail).named(IP, "o1.ptr1.sendgrid.net", true);
    world.is(IP, Class::Unknown, "R-ESP-UNLINKED");
    let included =
        world.clone().published(&[("198.51.100.0/24", &["include:sendgrid.net", "ip4:198.51.100.0/24"])], &[]);
    included.is(IP, Class::Misconfigured, "R-ESP-LINKED");
    let declared = world.declared("[[domain.sender]]\nname = \"SendGrid\"\nspf = [\"sendgrid.net\"]\n");
    declared.is(IP, Class::Misconfigured, "R-DECLARED");
}

#[test]
fn another_customer_of_a_service_that_aligns_for_the_owner_is_not_the_owner() {
    let good = Mail::from("198.51.100.7").mails(100).signed(DOMAIN, "sg").spf("em1.acme.example", AuthResult::Pass);
    let other = |ip: &str| Mail::from(ip).signed("sendgrid.net", "smtpapi").spf("u9.ct.sendgrid.net", AuthResult::Pass);
    let named = |world: World, ip: &str| world.named(ip, "o1.ptr1.sendgrid.net", true);
    let world = named(world().with(&good).with(&other(IP)).with(&other("198.51.100.8")), "198.51.100.7");
    let world = named(named(world, IP), "198.51.100.8");
    world.is(IP, Class::Unknown, "R-ESP-UNLINKED");
    assert_ne!(world.sender("198.51.100.8").class, Class::Unknown, "in the same network as the owner's");
}

#[test]
fn a_service_signature_from_somewhere_else_was_forwarded() {
    let good = Mail::from("198.51.100.7").mails(100).signed(DOMAIN, "ses").spf("m.acme.example", AuthResult::Pass);
    let used = world().with(&good).named("198.51.100.7", "a1-2.smtp-out.amazonses.com", true);
    let mail = Mail::from(IP).signed("amazonses.com", "x").spf("x.amazonses.com", AuthResult::Fail);
    used.with(&mail).is(IP, Class::Forwarder, "R-ESP-SURVIVED");
    world().with(&mail).is_not(IP, "R-ESP-SURVIVED");
}

#[test]
fn the_domains_web_site_is_the_owners() {
    world().with(&Mail::from(IP)).own_host(IP).is(IP, Class::Misconfigured, "R-OWN-HOST");
    world().with(&Mail::from(IP)).own_host("203.0.113.6").is_not(IP, "R-OWN-HOST");
}

#[test]
fn a_web_host_that_mails_day_by_day_is_a_script_of_a_site_and_one_burst_is_not() {
    let mail = Mail::from(IP).spf("www99.sakura.ne.jp", AuthResult::None);
    let named = |world: World| world.named(IP, "www99.sakura.ne.jp", true);
    named(daily(world(), 20, &mail)).is(IP, Class::Misconfigured, "R-HOST-OWN");
    named(world().with(&mail.mails(500))).is_not(IP, "R-HOST-OWN");
}

#[test]
fn somebody_with_an_identity_and_a_steady_sender_are_questions() {
    let vendor = Mail::from(IP).signed("vendor.example", "k").spf("vendor.example", AuthResult::Pass);
    daily(world(), 6, &vendor).named(IP, "out.vendor.example", true).is(IP, Class::Unknown, "R-FOREIGN-IDENTITY");
    world().with(&vendor.mails(2)).is_not(IP, "R-FOREIGN-IDENTITY");
    daily(world(), 20, &Mail::from(IP)).is(IP, Class::Unknown, "R-STEADY");
    let monthly =
        [0, 30, 61, 91].into_iter().fold(world(), |world, day| world.with(&Mail::from(IP).mails(200).day(day)));
    monthly.is(IP, Class::Unknown, "R-STEADY");
    world().with(&Mail::from(IP).mails(200)).is_not(IP, "R-STEADY");
}

#[test]
fn the_steadiest_of_many_that_come_often_is_no_question() {
    let one = daily(world(), 20, &Mail::from(IP));
    let often = |world: World, network: i64| {
        let ip = format!("198.18.{network}.9");
        (0..12).fold(world, |world, time| world.with(&Mail::from(&ip).day(time * 3)))
    };
    (0..8).fold(one.clone(), often).is(IP, Class::Unknown, "R-STEADY");
    (0..12).fold(one, often).is_not(IP, "R-STEADY");
}

#[test]
fn spoofing_needs_three_signs() {
    world().with(&Mail::from(IP)).is(IP, Class::Spoof, "R-SPREAD");
    let alone = World::default().own().with(&Mail::from(IP).spf("x.example", AuthResult::None));
    alone.is(IP, Class::Unknown, "R-NOTHING-DECIDES");
    alone.named(IP, "1-5-113-0-203.dyn.isp.example", true).is(IP, Class::Spoof, "R-GENERIC-NAME");
}

#[test]
fn an_address_that_says_little_goes_with_its_neighbours() {
    let relay = |ip: &str| Mail::from(ip).signed(DOMAIN, "s1").mails(3);
    let world = daily(world(), 10, &relay(IP)).with(&Mail::from("203.0.120.1"));
    let world = world.named(IP, "fwd1.alumni.example", true);
    world.clone().named("203.0.120.1", "fwd2.alumni.example", true).is("203.0.120.1", Class::Forwarder, "R-NEIGHBOURS");
    world.named("203.0.120.1", "fwd2.elsewhere.example", true).is_not("203.0.120.1", "R-NEIGHBOURS");
}

#[test]
fn a_few_days_of_reports_make_no_sender_short_lived() {
    let unsigned = |world: World, last: i64| world.with(&Mail::from("192.0.2.1").day(last).signed(DOMAIN, "s1"));
    // Ten networks and no signature: with the owner's own name in the envelope, these are two signs.
    let swarm = World::default().swarm().with(&Mail::from(IP).spf(DOMAIN, AuthResult::None));
    unsigned(swarm.clone(), 5).is(IP, Class::Unknown, "R-NOTHING-DECIDES");
    unsigned(swarm, 20).is(IP, Class::Spoof, "R-SHORT-LIVED");
}

#[test]
fn where_no_reporter_names_selectors_the_largest_signer_is_at_home() {
    let only = World::default().with(&Mail::from(IP).signed(DOMAIN, ""));
    only.is(IP, Class::Own, "R-DKIM-HOME");
    let named = only.with(&Mail::from("192.0.2.1").signed(DOMAIN, "s1").mails(90));
    named.is(IP, Class::Forwarder, "R-DKIM-SURVIVED");
}

/// Mail of Microsoft's servers: the owner's is signed by the owner's own key, or as a tenant.
fn at_microsoft(mails: &[(&str, Mail)]) -> World {
    let spf: &[&str] = &["include:spf.protection.outlook.com", "ip4:203.0.113.0/24"];
    let world = World::default().published(&[("203.0.113.0/24", spf)], &[]);
    mails.iter().fold(world, |world, (tenant, mail)| match *tenant {
        "" => world.with(mail),
        tenant => world.with(&mail.clone().signed(&format!("{tenant}.onmicrosoft.com"), "selector1")),
    })
}

#[test]
fn a_tenant_with_the_label_of_the_domain_counts_only_where_the_owner_uses_the_service() {
    let mail = Mail::from(IP).spf("x.example", AuthResult::None).signed("acme.onmicrosoft.com", "selector1");
    world().with(&mail).is_not(IP, "R-ESP-TOKEN");
    let linked = at_microsoft(&[("acme", Mail::from(IP).spf("x.example", AuthResult::None))]);
    linked.is(IP, Class::Misconfigured, "R-ESP-TOKEN");
    // The owner's own tenant has another name.
    let own = Mail::from("203.0.113.9").mails(500).spf(DOMAIN, AuthResult::Pass);
    let other = Mail::from(IP).spf("x.example", AuthResult::None);
    at_microsoft(&[("acmejp", own), ("acme", other)]).is_not(IP, "R-ESP-TOKEN");
}

#[test]
fn another_customer_of_an_included_service_is_not_the_owner() {
    let own = Mail::from("203.0.113.9").mails(500).spf(DOMAIN, AuthResult::Pass);
    let other = Mail::from(IP).spf(DOMAIN, AuthResult::Pass);
    let world = at_microsoft(&[("acme", own.clone()), ("stranger", other.clone())]);
    world.is(IP, Class::Unknown, "R-ESP-OTHER-CUSTOMER");
    world.is("203.0.113.9", Class::Authorised, "R-ESP+");
    // A part of the owner's mail that is signed by a second tenant is the owner's.
    let second = at_microsoft(&[("acme", own.clone()), ("acmejp", other.clone().mails(100))]);
    second.is(IP, Class::Authorised, "R-ESP+");
    at_microsoft(&[("acme", own), ("", other)]).is(IP, Class::Authorised, "R-ESP+");
}

#[test]
fn a_reporter_that_calls_anybodys_spf_a_pass_makes_no_sender_of_them() {
    // Early reporters, and careless ones, write the result of SPF in the place of what aligns.
    let mail = Mail::from("203.0.113.60").signed(DOMAIN, "s1").spf("mailbox.example", AuthResult::Pass).praised();
    world().own().with(&mail).is("203.0.113.60", Class::Forwarder, "R-DKIM-SURVIVED");
    let signed =
        Mail::from("203.0.113.61").signed("other.example", "o1").spf("other.example", AuthResult::Pass).praised();
    world().own().with(&signed).is_not("203.0.113.61", "R-SPF-ALIGNED");
    // Not even of somebody who has every sign of a forger: what passes is a question at most.
    let forger = Mail::from("203.0.113.63")
        .signed("throwaway.example", "k1")
        .spf("throwaway.example", AuthResult::Pass)
        .praised();
    let signs = world().own().with(&forger).named("203.0.113.63", "", false);
    signs.is("203.0.113.63", Class::Unknown, "R-NOTHING-DECIDES");
    // Where it measured nothing, its word is all there is.
    let bare = Mail::from("203.0.113.62").spf("", AuthResult::Pass).praised();
    world().own().with(&bare).is("203.0.113.62", Class::Own, "R-SPF-ALIGNED");
}

#[test]
fn mail_with_several_authors_is_the_owners_where_one_of_them_aligns() {
    let mail = Mail::from("192.0.2.77").header_from("pages.acme.example, acme.example").praised();
    let mail = mail.signed("pages.acme.example", "s1").spf(DOMAIN, AuthResult::Pass);
    world().own().with(&mail).is("192.0.2.77", Class::Own, "R-SPF-ALIGNED");
}

#[test]
fn mail_of_which_the_reporter_says_nothing_makes_no_sender_misconfigured() {
    let mail = Mail::from("192.0.2.9").signed(DOMAIN, "s1").spf(DOMAIN, AuthResult::Pass);
    World::default().with(&mail.clone().unjudged()).is("192.0.2.9", Class::Own, "R-SPF-ALIGNED");
    World::default().with(&mail.disputed()).is("192.0.2.9", Class::Misconfigured, "R-FAILS");
}

#[test]
fn a_name_that_the_owner_declares_counts_where_spf_or_the_reverse_name_proves_it() {
    let declared = |class: &str| {
        let sender = "[[domain.sender]]\nname = \"Letterbird\"\ndkim = [\"letterbird.example\"]\nspf = [\"b.letterbird.example\"]\n";
        world().own().declared(&format!("{sender}class = \"{class}\"\n"))
    };
    let mail = Mail::from("203.0.113.70").signed("letterbird.example", "k1");
    let bounces = mail.clone().spf("b.letterbird.example", AuthResult::Pass);
    let itself = declared("authorised").with(&bounces);
    itself.is("203.0.113.70", Class::Misconfigured, "R-ESP-AS-ITSELF");
    assert_eq!(itself.sender("203.0.113.70").name, "Letterbird");
    // A reporter's guess says less than the owner.
    let claimed = bounces.clone().reason(OverrideType::LocalPolicy, "arc=pass");
    declared("authorised").with(&claimed).is("203.0.113.70", Class::Misconfigured, "R-DECLARED");
    declared("list").with(&bounces).is("203.0.113.70", Class::List, "R-DECLARED");
    declared("forwarder").with(&bounces).is("203.0.113.70", Class::Forwarder, "R-DECLARED");
    let named = declared("authorised").with(&mail.clone().spf("", AuthResult::None));
    named.clone().named("203.0.113.70", "out1.letterbird.example", true).is(
        "203.0.113.70",
        Class::Misconfigured,
        "R-DECLARED",
    );
    // The name alone, said by somebody, or a signature that somebody passed on, proves nothing.
    named.named("203.0.113.70", "out1.letterbird.example", false).is_not("203.0.113.70", "R-DECLARED");
    let aligned = declared("authorised").with(&bounces.signed(DOMAIN, "lb"));
    aligned.is("203.0.113.70", Class::Authorised, "R-DKIM-HOME");
}

#[test]
fn without_dns_who_is_none_of_the_listed_servers_is_one_of_the_named_services() {
    let service = "[[domain.sender]]\nname = \"Host\"\nspf = [\"spf.host.example\"]\nclass = \"authorised\"\n";
    let own = "[[domain.sender]]\nname = \"Own\"\ncidr = [\"192.0.2.1\"]\nclass = \"own\"\n";
    let mail = Mail::from("203.0.113.71").signed(DOMAIN, "s2").spf(DOMAIN, AuthResult::Pass);
    let seen = World::default().own().with(&mail);
    seen.clone().declared(service).is("203.0.113.71", Class::Authorised, "R-SPF-ALIGNED");
    let both = seen.clone().declared(&format!("{own}{service}"));
    both.is("203.0.113.71", Class::Authorised, "R-SPF-ALIGNED");
    both.is("192.0.2.1", Class::Own, "R-DECLARED");
    // With the record at hand it is known whom it lets in.
    seen.clone().declared(service).published(&[], &[]).is("203.0.113.71", Class::Own, "R-SPF-ALIGNED");
    seen.clone().declared(own).is("203.0.113.71", Class::Own, "R-SPF-ALIGNED");
    // Where mail tells which the service is, it is that one.
    let pool = |world: World, net: u32| {
        world.with(&Mail::from(&format!("198.51.{net}.1")).signed(DOMAIN, "s2").spf(DOMAIN, AuthResult::Pass))
    };
    let found = (0..3).fold(seen.declared(&format!("{own}{service}")), pool);
    found.with(&Mail::from("203.0.113.72").signed(DOMAIN, "s3").spf(DOMAIN, AuthResult::Pass)).is(
        "203.0.113.72",
        Class::Own,
        "R-SPF-ALIGNED",
    );
}

#[test]
fn the_second_signature_of_a_service_tells_who_passes_its_mail_on() {
    // A small domain whose club forwards more than it gets directly: the service signs twice, and only its servers are in SPF.
    let twice = |ip: &str| Mail::from(ip).signed(DOMAIN, "fm1").signed("host.example", "fm1");
    let sent = |ip: &str| twice(ip).spf(DOMAIN, AuthResult::Pass).mails(20);
    let small = World::default().with(&sent("192.0.2.50")).with(&sent("192.0.2.51"));
    let passed_on = twice("203.0.113.80").mails(30);
    small.clone().with(&passed_on).is("203.0.113.80", Class::Forwarder, "R-DKIM-SURVIVED");
    let service = "[[domain.sender]]\nname = \"Host\"\ndkim = [\"host.example\"]\nclass = \"authorised\"\n";
    let declared = small.clone().declared(service).with(&passed_on);
    declared.is("203.0.113.80", Class::Forwarder, "R-DKIM-SURVIVED");
    assert_eq!(declared.sender("192.0.2.50").name, "Host");
    // Servers of the same name are the service's own, in SPF or not yet.
    let named = small.with(&passed_on).named("192.0.2.50", "out1.host.example", true);
    named.named("203.0.113.80", "out9.host.example", true).is("203.0.113.80", Class::Authorised, "R-DKIM-HOME");
}

#[test]
fn a_record_that_ends_in_neutral_lets_in_only_whom_it_names() {
    let neutral = Mail::from(IP).spf(DOMAIN, AuthResult::Neutral);
    world().own().with(&neutral).is(IP, Class::Spoof, "R-SPF-REFUSES");
    // Where SPF passes for nobody, it says nothing about anybody.
    let signed = |world: World, day| {
        world.with(&Mail::from("192.0.2.1").day(day).signed(DOMAIN, "s1").spf(DOMAIN, AuthResult::Neutral))
    };
    let unused = (0..12).fold(World::default(), |world, net| {
        world.with(&Mail::from(&format!("198.18.{net}.1")).mails(2).spf(DOMAIN, AuthResult::Neutral))
    });
    (0..40).fold(unused, signed).with(&neutral).is_not(IP, "R-SPF-REFUSES");
}
