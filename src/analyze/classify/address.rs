//! Everything that was seen of one address.

use std::collections::HashMap;
use std::net::IpAddr;
use std::ops::Deref;
use std::sync::Arc;

use foldhash::fast::RandomState;
use ipnet::IpNet;

use super::super::observation::Observation;
use super::facts::{Claim, Counts, FactList, Facts, Name, Spf};
use super::few::FewMap;

/// Mails of one address, added up by what tells senders apart; most of it is read through the address.
#[derive(Clone, Debug)]
pub(super) struct Address {
    pub(super) ip: IpAddr,
    /// Mails, and of these passed, by day.
    pub(super) days: FewMap<i64, (u64, u64)>,
    /// How many observations it has.
    observations: u32,
    /// Strangers come once and alike, so addresses share what they have in common.
    sums: Arc<AddressSums>,
}

/// What an address did, whenever it was.
#[derive(Clone, Debug, Default)]
pub(super) struct AddressSums {
    pub(super) mails: u64,
    /// Mails that passed DMARC by the reporter's word, or by what it measured where it gave none.
    pub(super) passed: u64,
    /// Mails with DKIM or SPF aligned relaxed, by whoever's word.
    pub(super) dkim_ours: u64,
    pub(super) spf_ours: u64,
    /// Selectors of the domain's signatures that passed.
    pub(super) selectors: Counts,
    /// First and last day on which a selector passed.
    pub(super) selector_days: FewMap<Name, (i64, i64)>,
    /// Selectors of the domain's signatures that did not, on mails where none did.
    pub(super) broken: Counts,
    /// First day on which a selector was broken.
    pub(super) broken_days: FewMap<Name, i64>,
    /// Domains of other signatures, passing and not.
    pub(super) foreign: Counts,
    pub(super) foreign_broken: Counts,
    /// Domains of other signatures that passed, on mail that aligns.
    pub(super) beside: Counts,
    /// Envelope domains; and those of others for which SPF passed.
    pub(super) envelopes: Counts,
    pub(super) foreign_envelopes: Counts,
    /// Mails of which SPF says that the domain's own record refuses the address.
    pub(super) refused: u64,
    /// … and of which it does not say.
    pub(super) neutral: u64,
    /// Mails without any signature.
    pub(super) unsigned: u64,
    /// Failing mails that reporters take for list or forwarded mail.
    pub(super) claimed_list: u64,
    pub(super) claimed_forwarded: u64,
    /// Author domains.
    pub(super) header_from: Counts,
}

impl Deref for Address {
    type Target = AddressSums;

    fn deref(&self) -> &AddressSums {
        &self.sums
    }
}

impl AddressSums {
    /// Adds mails of one kind, with the first and the last day of them.
    fn add(&mut self, mails: u64, (first_day, last_day): (i64, i64), facts: &Facts) {
        let add = |sum: &mut u64, counts: bool| *sum = sum.saturating_add(if counts { mails } else { 0 });
        add(&mut self.mails, true);
        add(&mut self.passed, facts.passes_as_measured());
        add(&mut self.dkim_ours, facts.dkim_is_ours());
        add(&mut self.spf_ours, facts.spf_is_ours());
        add(&mut self.refused, facts.is_envelope_ours && facts.spf_result == Spf::Refused);
        add(&mut self.neutral, facts.is_envelope_ours && facts.spf_result == Spf::Neutral);
        add(&mut self.unsigned, facts.is_unsigned());
        add(&mut self.claimed_list, facts.claim == Some(Claim::List));
        add(&mut self.claimed_forwarded, facts.claim == Some(Claim::Forwarded));
        let broken: &[Name] = if facts.dkim_is_ours() { &[] } else { &facts.own_broken };
        for (counts, names) in [
            (&mut self.selectors, &*facts.own_pass),
            (&mut self.broken, broken),
            (&mut self.foreign, &facts.foreign_pass),
            (&mut self.foreign_broken, &facts.foreign_broken),
        ] {
            for name in names {
                counts.add(*name, mails);
            }
        }
        for name in facts.foreign_pass.iter().filter(|_| facts.dkim_is_ours() || facts.spf_is_ours()) {
            self.beside.add(*name, mails);
        }
        for selector in broken {
            let first = self.broken_days.value_or(*selector, first_day);
            *first = first_day.min(*first);
        }
        for selector in &facts.own_pass {
            let days = self.selector_days.value_or(*selector, (first_day, last_day));
            *days = (days.0.min(first_day), days.1.max(last_day));
        }
        if let Some(envelope) = facts.envelope {
            self.envelopes.add(envelope, mails);
            if facts.spf_result == Spf::Pass && !facts.is_envelope_ours {
                self.foreign_envelopes.add(envelope, mails);
            }
        }
        self.header_from.add(facts.header_from, mails);
    }
}

impl Address {
    /// What it has in common with others: addresses with the same number came once, with as many mails of the same kind.
    /// `None` where there is no other.
    pub(super) fn alike(&self) -> Option<usize> {
        (Arc::strong_count(&self.sums) > 1).then(|| Arc::as_ptr(&self.sums).addr())
    }

    /// How many observations it has.
    pub(super) fn observations(&self) -> usize {
        usize::try_from(self.observations).unwrap_or(0)
    }

    /// Days from the first to the last with mail.
    pub(super) fn span_days(&self) -> i64 {
        let first = self.days.keys().next().copied().unwrap_or(0);
        self.days.keys().next_back().map_or(0, |day| day.saturating_sub(first).saturating_add(1))
    }

    /// Days with mail.
    pub(super) fn active_days(&self) -> u64 {
        u64::try_from(self.days.values().filter(|(mails, _)| *mails > 0).count()).unwrap_or(u64::MAX)
    }

    /// The network that stands for the address: a /24, or a /48 of IPv6.
    pub(super) fn network(&self) -> IpNet {
        let bits = if self.ip.is_ipv4() { 24 } else { 48 };
        IpNet::new(self.ip, bits).map_or_else(|_| IpNet::from(self.ip), |network| network.trunc())
    }
}

/// Everything that was seen of each address, in the order of addresses.
#[derive(Debug, Default)]
pub(super) struct Addresses {
    pub(super) list: Vec<Address>,
    /// By observation, the place of its address.
    numbers: Vec<u32>,
}

impl Addresses {
    /// By observation, the place of its address.
    pub(super) fn numbers(&self) -> impl Iterator<Item = usize> {
        self.numbers.iter().map(|number| usize::try_from(*number).unwrap_or(usize::MAX))
    }
}

/// Mails of one kind of an address.
struct Kind {
    /// Of its facts.
    place: u32,
    mails: u64,
    first_day: i64,
    last_day: i64,
}

/// Kinds that are looked through for the one that comes: most addresses have few.
const KINDS_MAX: usize = 8;

/// Adds mails to their kind, where it is one of the last: what is there twice is added up all the same.
fn add_kind(kinds: &mut Vec<Kind>, place: u32, observation: &Observation) {
    let (day, mails) = (observation.day, observation.mails);
    match kinds.iter_mut().rev().take(KINDS_MAX).find(|kind| kind.place == place) {
        Some(kind) => {
            kind.mails = kind.mails.saturating_add(mails);
            (kind.first_day, kind.last_day) = (kind.first_day.min(day), kind.last_day.max(day));
        }
        None => kinds.push(Kind { place, mails, first_day: day, last_day: day }),
    }
}

/// Adds observations up by address, whatever their order.
pub(super) fn add_up(observations: &[Observation], facts: &FactList, places: &[u32]) -> Addresses {
    let (numbers, mut list) = numbered(observations);
    let sorted = by_address(&list, &numbers);
    let mut rest = sorted.as_slice();
    let mut alike: HashMap<(u32, u64), Arc<AddressSums>, RandomState> = HashMap::default();
    let mut kinds: Vec<Kind> = Vec::new();
    let mut days: Vec<(i64, (u64, u64))> = Vec::new();
    for address in &mut list {
        let Some((mine, behind)) = rest.split_at_checked(address.observations()) else { break };
        rest = behind;
        kinds.clear();
        days.clear();
        for at in mine.iter().filter_map(|at| usize::try_from(*at).ok()) {
            let Some((observation, place)) = observations.get(at).zip(places.get(at)) else { continue };
            let Some(facts) = facts.get(*place) else { continue };
            days.push((
                observation.day,
                (observation.mails, if facts.passes_as_measured() { observation.mails } else { 0 }),
            ));
            add_kind(&mut kinds, *place, observation);
        }
        address.days = FewMap::of(&mut days, |sum, more| {
            *sum = (sum.0.saturating_add(more.0), sum.1.saturating_add(more.1));
        });
        let is_alike = |facts: &Facts| facts.own_pass.is_empty() && facts.own_broken.is_empty();
        // Selectors of the owner's are kept with their days, and so belong to one address.
        address.sums = match kinds.as_slice() {
            [kind] if mine.len() == 1 && facts.get(kind.place).is_some_and(is_alike) => {
                Arc::clone(alike.entry((kind.place, kind.mails)).or_insert_with(|| Arc::new(sums(&kinds, facts))))
            }
            _ => Arc::new(sums(&kinds, facts)),
        };
    }
    Addresses { list, numbers }
}

/// Sums of kinds of mail.
fn sums(kinds: &[Kind], facts: &FactList) -> AddressSums {
    let mut sums = AddressSums::default();
    for kind in kinds {
        if let Some(facts) = facts.get(kind.place) {
            sums.add(kind.mails, (kind.first_day, kind.last_day), facts);
        }
    }
    sums
}

/// The addresses in their order, each with the number of its observations, and the place among them of each observation's.
fn numbered(observations: &[Observation]) -> (Vec<u32>, Vec<Address>) {
    let mut known: HashMap<IpAddr, u32, RandomState> = HashMap::default();
    let mut met: Vec<(IpAddr, u32)> = Vec::new();
    let mut numbers: Vec<u32> = Vec::with_capacity(observations.len());
    for observation in observations {
        let next = u32::try_from(met.len()).unwrap_or(u32::MAX);
        let number = *known.entry(observation.source_ip).or_insert(next);
        if number == next {
            met.push((observation.source_ip, next));
        }
        numbers.push(number);
    }
    drop(known);
    met.sort_unstable();
    let mut ranks = vec![0; met.len()];
    for (rank, (_, number)) in (0..).zip(&met) {
        if let Some(place) = usize::try_from(*number).ok().and_then(|number| ranks.get_mut(number)) {
            *place = rank;
        }
    }
    for number in &mut numbers {
        *number = usize::try_from(*number).ok().and_then(|place| ranks.get(place)).copied().unwrap_or(u32::MAX);
    }
    let nothing = Arc::new(AddressSums::default());
    let new = |(ip, _)| Address { ip, days: FewMap::default(), observations: 0, sums: Arc::clone(&nothing) };
    let mut list: Vec<Address> = met.into_iter().map(new).collect();
    for number in &numbers {
        if let Some(address) = usize::try_from(*number).ok().and_then(|number| list.get_mut(number)) {
            address.observations += 1;
        }
    }
    (numbers, list)
}

/// Places of observations, address by address, each address's ascending.
fn by_address(addresses: &[Address], numbers: &[u32]) -> Vec<u32> {
    let mut next = 0;
    let start = |address: &Address| {
        let start = next;
        next += address.observations();
        start
    };
    let mut starts: Vec<usize> = addresses.iter().map(start).collect();
    let mut sorted = vec![0; numbers.len()];
    for (at, number) in (0..).zip(numbers) {
        let Some(start) = usize::try_from(*number).ok().and_then(|number| starts.get_mut(number)) else { continue };
        if let Some(place) = sorted.get_mut(*start) {
            *place = at;
        }
        *start += 1;
    }
    sorted
}
