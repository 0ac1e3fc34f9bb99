//! Who sends: observations by address, judged by an explicit table of rules, put together to senders.
//!
//! Every pass is linear in the observations or the addresses, and none depends on their order.

mod address;
mod cause;
mod context;
mod facts;
mod few;
mod fix;
mod group;
mod identity;
mod inputs;
mod rules;
mod shared;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};

use foldhash::fast::RandomState;

use super::alignment::Organizations;
use super::observation::Observation;
use super::sender::Sender;

use self::address::{Address, Addresses};
use self::context::Context;
use self::facts::{FactList, Names};
use self::group::Group;
use self::identity::Identity;
use self::rules::{Case, Verdict};
use self::shared::Shared;

pub use self::cause::Cause;
pub use self::inputs::{Elsewhere, Inputs, ReverseName, ReverseNames};

/// Who sent in the name of a domain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Senders {
    /// Every sender, most mails first; together they hold each observation once.
    pub senders: Vec<Sender>,
    /// Failing mails of each sender by cause, in the same order.
    pub causes: Vec<BTreeMap<Cause, u64>>,
    /// Mails for which our own verdict differs from the reporter's, by which we count.
    pub disagreeing_mails: u64,
}

/// Sorts observations of one domain into senders.
#[must_use]
pub fn classify(observations: &[Observation], inputs: &Inputs<'_>) -> Senders {
    let (mut names, mut facts) = (Names::of(observations), FactList::default());
    let places: Vec<u32> = observations
        .iter()
        .map(|observation| {
            let period = inputs.period_of(observation.day);
            let organizations = Organizations::new(inputs.published.get(period));
            facts.place(observation, period, organizations, &mut names)
        })
        .collect();
    let all = address::add_up(observations, &facts, &places);
    let addresses = &all.list;
    let identities = identity::identities(addresses, inputs, &names);
    let context = Context::of(addresses, &identities, inputs, &mut names);
    let mut verdicts = verdicts(addresses, &identities, &context, &names, inputs);
    group::lean_on_neighbours(addresses, &identities, &mut verdicts);
    let groups = group::group(inputs.domain, addresses, &identities, &verdicts, &names);
    let work = Work {
        observations,
        places: &places,
        facts: &facts,
        names: &names,
        inputs,
        context: &context,
        addresses: &all,
        identities: &identities,
    };
    work.senders(groups)
}

/// What each address is. Those that are alike, and of which nothing else is known, are judged once.
fn verdicts(
    addresses: &[Address],
    identities: &Shared<Identity<'_>>,
    context: &Context,
    names: &Names,
    inputs: &Inputs<'_>,
) -> Shared<Verdict> {
    let mut verdicts = Shared::with_capacity(addresses.len());
    // By identity, which only such addresses share; services are also told by the network of an address.
    let mut known: HashMap<u32, u32, RandomState> = HashMap::default();
    for (at, (address, identity)) in addresses.iter().zip(identities.iter()).enumerate() {
        let elsewhere = inputs.elsewhere.get(&address.ip).copied();
        let alike = identities.place(at).filter(|_| elsewhere.is_none() && identity.service.is_none());
        match alike.and_then(|alike| known.get(&alike)) {
            Some(place) => verdicts.push_again(*place),
            None => {
                let elsewhere = elsewhere.unwrap_or_default();
                let case = Case { address, identity, context, names, elsewhere, domain: inputs.domain };
                let place = verdicts.push(rules::judge(&case));
                known.extend(alike.map(|alike| (alike, place)));
            }
        }
    }
    verdicts
}

/// Everything that senders are made from.
struct Work<'w> {
    observations: &'w [Observation],
    places: &'w [u32],
    facts: &'w FactList,
    names: &'w Names,
    inputs: &'w Inputs<'w>,
    context: &'w Context,
    addresses: &'w Addresses,
    identities: &'w Shared<Identity<'w>>,
}

impl Work<'_> {
    fn senders(&self, groups: Vec<Group>) -> Senders {
        let observations = self.observations_of(&groups);
        let mut made: Vec<(u64, Sender, BTreeMap<Cause, u64>)> = groups
            .into_iter()
            .zip(observations)
            .map(|(group, observations)| self.sender(group, observations))
            .collect();
        made.sort_by(|(mails, one, _), (other_mails, other, _)| {
            other_mails.cmp(mails).then_with(|| one.key.cmp(&other.key))
        });
        let disagrees = |facts: &facts::Facts| {
            facts.is_judged && facts.passes() != facts.alignment.passes(facts.modes.0, facts.modes.1)
        };
        let pairs = self.observations.iter().zip(self.places);
        let differing = pairs.filter(|(_, place)| self.facts.get(**place).is_some_and(disagrees));
        let mut senders =
            Senders { disagreeing_mails: differing.map(|(one, _)| one.mails).sum(), ..Senders::default() };
        for (_, sender, causes) in made {
            senders.senders.push(sender);
            senders.causes.push(causes);
        }
        senders
    }

    /// Places of the observations of each group, ascending.
    fn observations_of(&self, groups: &[Group]) -> Vec<Vec<usize>> {
        let mut owner = vec![usize::MAX; self.addresses.list.len()];
        let mut lists = Vec::with_capacity(groups.len());
        for (number, group) in groups.iter().enumerate() {
            let mut count = 0;
            for place in &group.members {
                count += self.addresses.list.get(*place).map_or(0, Address::observations);
                if let Some(owner) = owner.get_mut(*place) {
                    *owner = number;
                }
            }
            lists.push(Vec::with_capacity(count));
        }
        for (at, address) in self.addresses.numbers().enumerate() {
            if let Some(list) = owner.get(address).and_then(|owner| lists.get_mut(*owner)) {
                list.push(at);
            }
        }
        lists
    }

    fn sender(&self, group: Group, observations: Vec<usize>) -> (u64, Sender, BTreeMap<Cause, u64>) {
        let members: Vec<&Address> = group.members.iter().filter_map(|place| self.addresses.list.get(*place)).collect();
        let mails = members.iter().map(|address| address.mails).sum();
        let mut causes: BTreeMap<Cause, u64> = BTreeMap::new();
        let mut broken = facts::Counts::default();
        for at in &observations {
            let found = self.observations.get(*at).zip(self.places.get(*at).and_then(|place| self.facts.get(*place)));
            let Some((observation, facts)) = found.filter(|(_, facts)| !facts.passes()) else { continue };
            let cause = cause::cause(facts, group.class, observation.day, self.context, self.inputs, self.names);
            *causes.entry(cause).or_default() += observation.mails;
            facts.own_broken.iter().for_each(|selector| broken.add(*selector, observation.mails));
        }
        let service = group.members.first().and_then(|place| self.identities.get(*place)?.service);
        let fix = fix::fix(&fix::Patient {
            domain: self.inputs.domain,
            key: &group.key,
            class: group.class,
            mails,
            service: service.map(|(service, _)| service),
            causes: &causes,
            selector: broken.most().map(|(selector, _)| self.names.name(selector)).filter(|name| !name.is_empty()),
            address: members
                .iter()
                .filter(|address| !fix::is_internal(address.ip))
                .max_by_key(|address| (address.mails - address.passed, std::cmp::Reverse(address.ip)))
                .map(|address| address.ip.to_string()),
            is_declared: group.is_declared,
        });
        let sender = Sender {
            key: group.key,
            name: group.name,
            class: group.class,
            confidence: group.confidence,
            reasons: group.reasons,
            fix,
            is_declared: group.is_declared,
            is_critical: group.is_critical,
            addresses: members.iter().map(|address| address.ip).collect(),
            observations,
        };
        (mails, sender, causes)
    }
}
