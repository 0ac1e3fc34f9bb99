//! Addresses put together to senders, and how well the owner's senders are set up.

use std::collections::{BTreeMap, HashMap};

use foldhash::fast::RandomState;

use super::super::class::{Class, Confidence};
use super::super::known_sender::SenderKind;
use super::address::Address;
use super::context::{main_selector, share};
use super::facts::Names;
use super::identity::{Cover, Identity};
use super::rules::{Standing, Verdict};
use super::shared::Shared;

/// Share of failing mail from which on a sender is not set up well.
const FAILING_SHARE_MAX: f64 = 0.1;
/// Days with mail, the last ones, that tell whether it is broken now.
const LATE_DAYS: usize = 3;
/// Mails of an address from which on it is judged by itself.
const ALONE_MAILS_MIN: u64 = 20;

/// Addresses that are one sender.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub(super) key: String,
    pub(super) name: String,
    pub(super) class: Class,
    pub(super) confidence: Confidence,
    pub(super) reasons: Vec<&'static str>,
    pub(super) is_declared: bool,
    pub(super) is_critical: bool,
    /// Places of addresses, ascending.
    pub(super) members: Vec<usize>,
}

/// Takes the class of the neighbours where an address by itself says little: same service and network, or same name.
pub(super) fn lean_on_neighbours(
    addresses: &[Address],
    identities: &Shared<Identity<'_>>,
    verdicts: &mut Shared<Verdict>,
) {
    let key = |address: &Address, identity: &Identity<'_>| match (identity.service, identity.base) {
        (Some((service, _)), _) => Some((service.id.clone(), Some(address.network()))),
        (None, Some(base)) => Some((base.to_owned(), None)),
        _ => None,
    };
    let mut clusters: HashMap<_, BTreeMap<Class, u64>> = HashMap::new();
    for ((address, identity), verdict) in addresses.iter().zip(identities.iter()).zip(verdicts.iter()) {
        if let (Some(key), Standing::Is(class)) = (key(address, identity), verdict.standing) {
            *clusters.entry(key).or_default().entry(class).or_default() += address.mails;
        }
    }
    for (at, (address, identity)) in addresses.iter().zip(identities.iter()).enumerate() {
        let Some(verdict) = verdicts.get(at) else { continue };
        let is_open =
            matches!(verdict.standing, Standing::Is(Class::Unknown | Class::Spoof)) && identity.declared.is_none();
        let Some(classes) = key(address, identity).and_then(|key| clusters.get(&key)).filter(|_| is_open) else {
            continue;
        };
        let all: u64 = classes.values().sum();
        let most = classes.iter().filter(|(class, _)| class.is_indirect()).max_by_key(|(_, mails)| **mails);
        if let Some((class, mails)) = most
            && share(*mails, all) >= 0.6
        {
            let standing = Standing::Is(*class);
            verdicts.set(at, Verdict { standing, confidence: Confidence::Low, reasons: vec!["R-NEIGHBOURS"] });
        }
    }
}

/// Groups addresses, in the order of their keys.
pub(super) fn group(
    domain: &str,
    addresses: &[Address],
    identities: &Shared<Identity<'_>>,
    verdicts: &Shared<Verdict>,
    names: &Names,
) -> Vec<Group> {
    let mut numbers: HashMap<(String, u8), usize, RandomState> = HashMap::default();
    let mut found: Vec<(String, Vec<usize>)> = Vec::new();
    // Spoofed mail has many addresses and one key.
    let mut spoofed = None;
    for (place, ((address, identity), verdict)) in
        addresses.iter().zip(identities.iter()).zip(verdicts.iter()).enumerate()
    {
        let is_spoofed = verdict.standing == Standing::Is(Class::Spoof) && identity.declared.is_none();
        let number = spoofed.filter(|_| is_spoofed).unwrap_or_else(|| {
            let (key, name) = place_of(domain, address, identity, verdict, names);
            let next = found.len();
            let number = *numbers.entry((key, family(verdict.standing))).or_insert(next);
            if number == next {
                found.push((name, Vec::new()));
            }
            number
        });
        if is_spoofed {
            spoofed = Some(number);
        }
        if let Some((_, members)) = found.get_mut(number) {
            members.push(place);
        }
    }
    let together: BTreeMap<(String, u8), usize> = numbers.into_iter().collect();
    let mut groups = Vec::new();
    for ((key, _), number) in together {
        let (name, members) = found.get_mut(number).map(std::mem::take).unwrap_or_default();
        groups.extend(judge(key, name, members, addresses, identities, verdicts));
    }
    make_keys_unique(&mut groups, addresses);
    groups
}

/// Standings that may be one sender.
const fn family(standing: Standing) -> u8 {
    match standing {
        Standing::Own | Standing::Sends | Standing::Misses => 0,
        Standing::Is(Class::Forwarder) => 1,
        Standing::Is(Class::List) => 2,
        Standing::Is(Class::Gateway) => 3,
        Standing::Is(Class::Spoof) => 4,
        Standing::Is(_) => 5,
    }
}

/// A text as one word.
fn slug(text: &str) -> String {
    let word: String =
        text.to_lowercase().chars().map(|c| if c.is_alphanumeric() || ".:/_-".contains(c) { c } else { '-' }).collect();
    word.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}

/// Key and name of the sender that an address belongs to.
fn place_of(
    domain: &str,
    address: &Address,
    identity: &Identity<'_>,
    verdict: &Verdict,
    names: &Names,
) -> (String, String) {
    let is_meant = verdict.standing.is_ours() || verdict.reasons.contains(&"R-DECLARED");
    if let Some(declared) = identity.declared.or(identity.declared_by_name.filter(|_| is_meant)) {
        return (slug(&declared.name), declared.name.clone());
    }
    let network = || {
        let network = address.network().to_string();
        (network.clone(), network)
    };
    match verdict.standing {
        Standing::Is(Class::Spoof) => ("spoofed".to_owned(), "spoofed mail".to_owned()),
        Standing::Is(class) => match (identity.service, identity.base) {
            (Some((service, _)), _) if class != Class::Forwarder || service.kind != SenderKind::WebHost => {
                (service.id.clone(), service.name.clone())
            }
            (_, Some(base)) => (format!("ptr:{base}"), base.to_owned()),
            _ if class == Class::Unknown => network(),
            _ => (format!("{}s", class.as_str()), format!("other {}s", class.as_str())),
        },
        Standing::Own if identity.service.is_none() || identity.is_own_name => {
            (format!("own:{domain}"), format!("servers of {domain}"))
        }
        _ => match (identity.service, &identity.cover, identity.base) {
            (Some((service, _)), ..) => (service.id.clone(), service.name.clone()),
            (_, Cover::Included(term), _) => (format!("spf:{}", slug(term)), term.clone()),
            (_, _, Some(base)) => (format!("ptr:{base}"), base.to_owned()),
            _ => by_mail(address, names).unwrap_or_else(network),
        },
    }
}

/// Where only the mail tells: by its envelope domain, or the selector.
fn by_mail(address: &Address, names: &Names) -> Option<(String, String)> {
    if let Some((envelope, _)) = address.foreign_envelopes.most().filter(|(_, mails)| mails * 2 > address.mails) {
        let envelope = names.name(envelope);
        return Some((format!("envelope:{envelope}"), envelope.to_owned()));
    }
    let selector = names.name(main_selector(address)?);
    (!selector.is_empty()).then(|| (format!("dkim:{}", slug(selector)), format!("signs with {selector}")))
}

/// One sender, or two where single addresses of it fail and others don't.
fn judge(
    key: String,
    name: String,
    members: Vec<usize>,
    addresses: &[Address],
    identities: &Shared<Identity<'_>>,
    verdicts: &Shared<Verdict>,
) -> Vec<Group> {
    let declared =
        members.iter().find_map(|place| identities.get(*place)?.declared.or(identities.get(*place)?.declared_by_name));
    let first = members.first().and_then(|place| verdicts.get(*place)).map(|verdict| verdict.standing);
    let mut group = Group {
        key,
        name,
        class: Class::Unknown,
        confidence: Confidence::Low,
        reasons: Vec::new(),
        is_declared: declared.is_some(),
        is_critical: declared.is_some_and(|declared| declared.critical),
        members,
    };
    sum_up(&mut group, addresses, verdicts);
    match first {
        Some(Standing::Is(class)) => {
            group.class = class;
            group.is_declared &= group.reasons.contains(&"R-DECLARED") || group.reasons.contains(&"R-IGNORED");
            vec![group]
        }
        _ => judge_ours(group, addresses, identities, verdicts),
    }
}

/// Reasons of the members, and the confidence that most of the mail has.
fn sum_up(group: &mut Group, addresses: &[Address], verdicts: &Shared<Verdict>) {
    let mut by_verdict: HashMap<u32, u64, RandomState> = HashMap::default();
    for (address, verdict) in group.members.iter().filter_map(|place| addresses.get(*place).zip(verdicts.place(*place)))
    {
        *by_verdict.entry(verdict).or_default() += address.mails + 1;
    }
    let mut by_confidence: BTreeMap<Confidence, u64> = BTreeMap::new();
    let mut by_reason: BTreeMap<&'static str, u64> = BTreeMap::new();
    for (verdict, mails) in by_verdict.iter().filter_map(|(place, mails)| verdicts.at(*place).zip(Some(*mails))) {
        *by_confidence.entry(verdict.confidence).or_default() += mails;
        for reason in &verdict.reasons {
            *by_reason.entry(reason).or_default() += mails;
        }
    }
    let most = by_confidence.iter().max_by_key(|(confidence, mails)| (**mails, **confidence));
    group.confidence = most.map_or(Confidence::Low, |(confidence, _)| *confidence);
    let mut reasons: Vec<(&'static str, u64)> = by_reason.into_iter().collect();
    reasons.sort_by_key(|(reason, mails)| (std::cmp::Reverse(*mails), *reason));
    group.reasons = reasons.into_iter().map(|(reason, _)| reason).collect();
}

/// How well a sender of the owner's is set up; failing servers among good ones are senders of their own.
fn judge_ours(
    group: Group,
    addresses: &[Address],
    identities: &Shared<Identity<'_>>,
    verdicts: &Shared<Verdict>,
) -> Vec<Group> {
    let member = |place: &usize| addresses.get(*place).map(|address| (address.mails, address.passed));
    let fails = |place: &usize, most: f64| {
        member(place).is_some_and(|(mails, passed)| mails >= ALONE_MAILS_MIN && share(mails - passed, mails) >= most)
    };
    let is_bad = state(&group.members, addresses).is_some();
    let is_split = !group.is_declared && group.members.len() > 1;
    let most = if is_bad { FAILING_SHARE_MAX } else { 0.5 };
    let (bad, good): (Vec<usize>, Vec<usize>) = group.members.iter().partition(|place| is_split && fails(place, most));
    let good_mails: u64 = good.iter().filter_map(member).map(|(mails, _)| mails).sum();
    let mut groups = Vec::new();
    let is_service = group
        .members
        .first()
        .and_then(|place| identities.get(*place))
        .is_some_and(|identity| identity.service.is_some());
    if bad.is_empty() || good_mails < ALONE_MAILS_MIN || is_service && is_bad && state(&good, addresses).is_some() {
        groups.push(group);
    } else {
        for place in &bad {
            let name = identities.get(*place).and_then(|identity| identity.name);
            let key = addresses.get(*place).map(|address| address.ip.to_string()).unwrap_or_default();
            groups.push(Group { name: name.unwrap_or(&key).to_owned(), key, members: vec![*place], ..group.clone() });
        }
        groups.push(Group { members: good, ..group });
    }
    for group in &mut groups {
        sum_up(group, addresses, verdicts);
        set_class(group, addresses, verdicts);
    }
    groups
}

fn set_class(group: &mut Group, addresses: &[Address], verdicts: &Shared<Verdict>) {
    let own: u64 = group
        .members
        .iter()
        .filter(|place| verdicts.get(**place).is_some_and(|verdict| verdict.standing == Standing::Own))
        .filter_map(|place| addresses.get(*place))
        .map(|address| address.mails + 1)
        .sum();
    let all: u64 =
        group.members.iter().filter_map(|place| addresses.get(*place)).map(|address| address.mails + 1).sum();
    match state(&group.members, addresses) {
        Some(reason) => {
            group.class = Class::Misconfigured;
            group.reasons.push(reason);
        }
        None if own * 2 >= all => group.class = Class::Own,
        None => group.class = Class::Authorised,
    }
}

/// Why addresses together are not set up well; `None` when they are.
fn state(members: &[usize], addresses: &[Address]) -> Option<&'static str> {
    let (mut mails, mut passed) = (0, 0);
    let mut days: BTreeMap<i64, (u64, u64)> = BTreeMap::new();
    for address in members.iter().filter_map(|place| addresses.get(*place)) {
        mails += address.mails;
        passed += address.passed;
        for (day, (mails, passed)) in address.days.iter() {
            let sum = days.entry(*day).or_default();
            *sum = (sum.0 + mails, sum.1 + passed);
        }
    }
    if share(mails - passed, mails) >= FAILING_SHARE_MAX {
        return Some("R-FAILS");
    }
    let late = days.values().rev().filter(|(mails, _)| *mails > 0).take(LATE_DAYS);
    let (late, late_passed) = late.fold((0, 0), |sum, day| (sum.0 + day.0, sum.1 + day.1));
    (late > 0 && late_passed * 2 < late).then_some("R-FAILS-NOW")
}

/// Of senders with the same key, all but the largest get their class behind it.
fn make_keys_unique(groups: &mut [Group], addresses: &[Address]) {
    let mails = |group: &Group| {
        group.members.iter().filter_map(|place| addresses.get(*place)).map(|address| address.mails).sum::<u64>()
    };
    let mut largest: HashMap<String, (u64, usize)> = HashMap::new();
    for (place, group) in groups.iter().enumerate() {
        let entry = largest.entry(group.key.clone()).or_insert((mails(group), place));
        if mails(group) > entry.0 {
            *entry = (mails(group), place);
        }
    }
    for (place, group) in groups.iter_mut().enumerate() {
        if largest.get(&group.key).is_some_and(|(_, first)| *first != place) {
            let class = group.class.as_str();
            group.key = format!("{}-{class}", group.key);
            group.name = format!("{} ({class})", group.name);
        }
    }
}
