//! The same for several domains, two at a time.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::context::Context;
use crate::store::{Held, Store};

/// Does the same for each domain and gives what comes of it in the order of domains; the first error ends it. Two are worked
/// on at a time where the machine can, each by a thread that has the store open by itself. Not more: each holds all
/// records of a domain.
///
/// # Errors
/// When the store can't be opened again, and with those of `work`.
pub(super) fn each<T: Send>(
    context: &Context,
    store: &mut Store,
    domains: &[String],
    work: impl Fn(&mut Store, &str) -> anyhow::Result<T> + Sync,
) -> anyhow::Result<Vec<T>> {
    let is_alone = domains.len() < 2 || std::thread::available_parallelism().is_ok_and(|threads| threads.get() < 2);
    if is_alone {
        return domains.iter().map(|domain| work(store, domain)).collect();
    }
    let next = AtomicUsize::new(0);
    let work_on = |store: &mut Store| {
        let mut done = Vec::new();
        loop {
            let place = next.fetch_add(1, Ordering::Relaxed);
            let Some(domain) = domains.get(place) else { return done };
            let made = work(store, domain);
            if made.is_err() {
                next.store(domains.len(), Ordering::Relaxed);
            }
            done.push((place, made));
        }
    };
    // Records are read once, so little of the file is worth holding.
    store.hold(Held::Little)?;
    let mut other = context.read_store()?;
    other.hold(Held::Little)?;
    let mut done = std::thread::scope(|scope| {
        let other = scope.spawn(|| work_on(&mut other));
        let mut done = work_on(store);
        match other.join() {
            Ok(more) => done.extend(more),
            Err(panic) => std::panic::resume_unwind(panic),
        }
        done
    });
    store.hold(Held::Usual)?;
    done.sort_by_key(|(place, _)| *place);
    done.into_iter().map(|(_, made)| made).collect()
}
