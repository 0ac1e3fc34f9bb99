//! What is true of all mails.

use proptest::prelude::*;

use super::{DOMAIN, Mail, World};
use crate::model::AuthResult;

fn mail() -> impl Strategy<Value = Mail> {
    let results = prop_oneof![Just(AuthResult::Pass), Just(AuthResult::Fail), Just(AuthResult::None)];
    let names = prop_oneof![Just(DOMAIN), Just("bounce.acme.example"), Just("x.example"), Just("u1.ct.sendgrid.net")];
    let signatures =
        proptest::collection::vec((prop_oneof![Just(DOMAIN), Just("sendgrid.net")], 0_u8..3, any::<bool>()), 0..3);
    (0_u8..20, 0_i64..40, 0_u64..50, names, results, signatures).prop_map(
        |(ip, day, mails, name, result, signatures)| {
            let mail = Mail::from(&format!("203.0.{ip}.1")).day(day).mails(mails).spf(name, result);
            signatures.into_iter().fold(mail, |mail, (domain, selector, passes)| {
                let selector = format!("s{selector}");
                if passes { mail.signed(domain, &selector) } else { mail.broken(domain, &selector) }
            })
        },
    )
}

proptest! {
    #[test]
    fn every_observation_is_of_one_sender_and_every_failing_mail_has_a_cause(mails in proptest::collection::vec(mail(), 0..60)) {
        let world = mails.iter().fold(World::default(), World::with);
        let classified = world.classified();
        let mut places: Vec<usize> = classified.senders.iter().flat_map(|sender| sender.observations.clone()).collect();
        places.sort_unstable();
        prop_assert_eq!(places, (0..mails.len()).collect::<Vec<_>>());
        let failing: u64 = world.observations.iter().filter(|one| !one.passes()).map(|one| one.mails).sum();
        prop_assert_eq!(classified.causes.iter().flat_map(|causes| causes.values()).sum::<u64>(), failing);
        let mut keys: Vec<&str> = classified.senders.iter().map(|sender| &*sender.key).collect();
        keys.sort_unstable();
        keys.dedup();
        prop_assert_eq!(keys.len(), classified.senders.len());
        prop_assert!(classified.senders.iter().all(|sender| !sender.reasons.is_empty() && !sender.key.contains(char::is_whitespace)));
    }

    #[test]
    fn the_order_of_observations_does_not_matter(mails in proptest::collection::vec(mail(), 0..60)) {
        let world = mails.iter().fold(World::default(), World::with);
        let turned = mails.iter().rev().fold(World::default(), World::with);
        let said = |world: &World| world.classified().senders.into_iter().map(|sender| (sender.key, sender.class, sender.confidence, sender.reasons, sender.fix, sender.addresses)).collect::<Vec<_>>();
        prop_assert_eq!(said(&world), said(&turned));
    }

    #[test]
    fn one_observation_in_two_parts_says_the_same(mails in proptest::collection::vec(mail(), 0..40)) {
        let world = mails.iter().fold(World::default(), World::with);
        let parts = mails.iter().fold(World::default(), |world, mail| {
            let half = mail.mails / 2;
            world.with(&mail.clone().mails(half)).with(&mail.clone().mails(mail.mails - half))
        });
        let said = |world: &World| world.classified().senders.into_iter().map(|sender| (sender.key, sender.class, sender.addresses)).collect::<Vec<_>>();
        prop_assert_eq!(said(&world), said(&parts));
    }

    #[test]
    fn spoofed_mail_changes_nothing_about_the_owners(mails in proptest::collection::vec(mail(), 0..40), more in 1_u64..10_000, networks in 1_u8..40) {
        let world = mails.iter().fold(World::default().own(), World::with);
        let spoofed = (0..networks).fold(world.clone(), |world, network| {
            world.with(&Mail::from(&format!("198.18.{network}.1")).day(i64::from(network)).mails(more))
        });
        let owners = |world: &World| {
            let senders = world.classified().senders.into_iter().filter(|sender| sender.class.is_legitimate());
            let mut owners: Vec<_> = senders.map(|sender| (sender.key, sender.class, sender.addresses, sender.observations)).collect();
            owners.sort();
            owners
        };
        prop_assert_eq!(owners(&world), owners(&spoofed));
    }
}
