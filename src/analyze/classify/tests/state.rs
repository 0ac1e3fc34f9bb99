//! How well the owner's senders are set up.

use super::super::super::Class;
use super::{DOMAIN, Mail, World};
use crate::model::AuthResult;

fn sent(world: World, ip: &str, days: std::ops::Range<i64>, mails: u64, passes: bool) -> World {
    let result = if passes { AuthResult::Pass } else { AuthResult::Fail };
    days.fold(world, |world, day| world.with(&Mail::from(ip).day(day).mails(mails).spf(DOMAIN, result)))
}

#[test]
fn a_tenth_that_fails_is_too_much() {
    let world = |bad| sent(sent(World::default(), "192.0.2.1", 0..30, 90, true), "192.0.2.1", 0..27, bad, false);
    world(9).is("192.0.2.1", Class::Own, "R-SPF-ALIGNED");
    world(12).is("192.0.2.1", Class::Misconfigured, "R-FAILS");
}

#[test]
fn what_fails_on_the_last_three_days_is_broken_now() {
    let world =
        |days: i64| sent(sent(World::default(), "192.0.2.1", 0..80, 100, true), "192.0.2.1", 80..80 + days, 100, false);
    world(2).is("192.0.2.1", Class::Misconfigured, "R-FAILS-NOW");
    world(1).is("192.0.2.1", Class::Own, "R-SPF-ALIGNED");
}

#[test]
fn one_failing_server_among_good_ones_is_a_sender_of_its_own() {
    let world = World::default().published(&[("192.0.2.0/28", &["ip4:192.0.2.0/28"])], &[]);
    let world = sent(sent(world, "192.0.2.1", 0..30, 90, true), "192.0.2.2", 0..30, 5, false);
    world.is("192.0.2.1", Class::Own, "R-SPF-OWN");
    world.is("192.0.2.2", Class::Misconfigured, "R-FAILS");
    assert_eq!(world.sender("192.0.2.2").key, "192.0.2.2");
}

#[test]
fn a_declared_sender_is_critical_when_the_owner_says_so() {
    let world = sent(World::default(), "192.0.2.1", 0..5, 10, true);
    let declared = |critical: &str| {
        world
            .clone()
            .declared(&format!("[[domain.sender]]\nname = \"Pay\"\ncidr = [\"192.0.2.1\"]\n{critical}"))
            .sender("192.0.2.1")
    };
    let sender = declared("critical = true\n");
    assert!(sender.is_declared && sender.is_critical && sender.key == "pay", "{sender:?}");
    assert!(!declared("").is_critical);
}
