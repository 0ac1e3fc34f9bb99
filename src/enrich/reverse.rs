//! Reverse names with forward confirmation (RFC 8601 2.7.3 `iprev`), kept in the store.

use std::net::IpAddr;
use std::num::NonZeroUsize;

use crate::analyze::{ReverseName, ReverseNames};
use crate::dns::{Answer, Failure};
use crate::limits::Limits;
use crate::resolve::{self, Resolver};
use crate::store::{Store, StoreError};

/// Age in seconds up to which a confirmed name is believed: addresses change hands in months.
const CONFIRMED_AGE_S_MAX: i64 = 30 * 86_400;
/// Age in seconds up to which it is believed that there is no name, or no confirmed one: that is often mended soon.
const OPEN_AGE_S_MAX: i64 = 86_400;
/// Names of an address that are tried: nobody needs more, and an attacker's address may have hundreds.
const NAMES_MAX: usize = 5;
/// Questions after which it is looked whether anybody answers at all.
const BATCH: usize = 64;

/// What reverse names are wanted for.
#[derive(Clone, Debug)]
pub struct Wanted<'w> {
    /// Addresses, the most important first.
    pub addresses: &'w [IpAddr],
    /// Now, in seconds since 1970 UTC.
    pub now_s: i64,
    /// Bounds.
    pub limits: &'w Limits,
}

/// Reverse names of addresses: those that are kept and young enough, others are asked for and kept. Stops asking when
/// nobody answers. A store that can only be read keeps nothing, and is no failure. Offline, all that is kept is given, of
/// any age and whatever is wanted.
///
/// # Errors
/// When the store can't be read or written.
pub fn reverse_names(
    wanted: &Wanted<'_>,
    resolver: &dyn Resolver,
    is_offline: bool,
    store: &mut Store,
) -> Result<ReverseNames, StoreError> {
    let kept = store.reverse_names()?;
    if is_offline {
        return Ok(kept.into_iter().map(|(address, (name, _))| (address, name)).collect());
    }
    let is_young = |(name, seen_s): &(ReverseName, i64)| {
        let most = if name.is_confirmed { CONFIRMED_AGE_S_MAX } else { OPEN_AGE_S_MAX };
        (wanted.now_s - seen_s).abs() <= most
    };
    let mut names = ReverseNames::new();
    let mut open = Vec::new();
    for address in wanted.addresses {
        match kept.get(address).filter(|kept| is_young(kept)) {
            Some((name, _)) => {
                names.insert(*address, name.clone());
            }
            None => open.push(*address),
        }
    }
    open.truncate(usize::try_from(wanted.limits.reverse_names_max).unwrap_or(usize::MAX));
    let found = ask(&open, resolver, wanted.limits);
    match store.set_reverse_names(&found, wanted.now_s) {
        Ok(()) | Err(StoreError::ReadOnly { .. } | StoreError::Full { .. }) => {}
        Err(error) => return Err(error),
    }
    names.extend(found);
    Ok(names)
}

/// Asks in batches; after one in which nobody answered, no more.
fn ask(addresses: &[IpAddr], resolver: &dyn Resolver, limits: &Limits) -> Vec<(IpAddr, ReverseName)> {
    let most = usize::try_from(limits.dns_questions_at_once_max).ok().and_then(NonZeroUsize::new);
    let at_once = most.unwrap_or(NonZeroUsize::MIN);
    let mut found = Vec::new();
    for batch in addresses.chunks(BATCH) {
        let answers = resolve::each(batch, at_once, |address| name(*address, resolver));
        let is_silent = answers.iter().all(|answer| matches!(answer, Err(Failure::TimedOut | Failure::Refused)));
        found.extend(batch.iter().zip(answers).filter_map(|(address, answer)| Some((*address, answer.ok()?))));
        if is_silent {
            break;
        }
    }
    found
}

/// The name of an address; a confirmed one where there is one. An error where nothing is known.
fn name(address: IpAddr, resolver: &dyn Resolver) -> Result<ReverseName, Failure> {
    let mut names = match resolver.ptr(address).answer {
        Answer::Found(names) => names,
        Answer::NoData | Answer::NxDomain => return Ok(ReverseName { name: None, is_confirmed: false }),
        Answer::Failed(failure) => return Err(failure),
    };
    // The order of answers changes from one to the next.
    names.sort();
    names.truncate(NAMES_MAX);
    let mut failure = None;
    for name in &names {
        match leads_back(name, address, resolver) {
            Ok(true) => return Ok(ReverseName { name: Some(name.to_lowercase()), is_confirmed: true }),
            Ok(false) => {}
            Err(why) => failure = Some(why),
        }
    }
    // What could not be asked is not known to be false.
    match (failure, names.into_iter().next()) {
        (Some(failure), _) => Err(failure),
        (None, name) => Ok(ReverseName { name: name.map(|name| name.to_lowercase()), is_confirmed: false }),
    }
}

fn leads_back(name: &str, address: IpAddr, resolver: &dyn Resolver) -> Result<bool, Failure> {
    fn holds<T: PartialEq>(answer: &Answer<T>, address: &T) -> Result<bool, Failure> {
        match answer {
            Answer::Failed(failure) => Err(*failure),
            other => Ok(other.records().contains(address)),
        }
    }
    match address {
        IpAddr::V4(address) => holds(&resolver.a(name).answer, &address),
        IpAddr::V6(address) => holds(&resolver.aaaa(name).answer, &address),
    }
}
