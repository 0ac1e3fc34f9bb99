//! What mails with reports prove: their signatures against the keys that DNS publishes. Done after taking in, which never
//! waits for DNS.

use std::collections::{BTreeSet, HashMap};

use crate::analyze::trust::{Judged, judge};
use crate::dns::{Answer, Failure};
use crate::limits::Limits;
use crate::resolve::{self, Resolver};
use crate::store::{OpenProof, Store, StoreError};

/// Questions after which it is looked whether anybody answers at all.
const BATCH: usize = 64;
/// A key that nobody answered for is not asked for again for so many seconds: a command looks at several domains.
const PAUSE_S: i64 = 600;

/// Verifies the signatures of mails whose keys were not asked for yet, as many as the limits allow, and keeps the verdicts.
/// A key that nobody answered for stays to be asked for. A store that can only be read keeps nothing, and is no failure.
///
/// # Errors
/// When the store can't be read or written.
pub fn prove_mails(resolver: &dyn Resolver, limits: &Limits, now_s: i64, store: &mut Store) -> Result<(), StoreError> {
    let open = store.open_proofs(now_s - PAUSE_S, limits.proofs_max)?;
    if open.is_empty() {
        return Ok(());
    }
    let names: BTreeSet<String> =
        open.iter().flat_map(|proof| &proof.claim.signatures).map(crate::mail::Signature::key_name).collect();
    let most = usize::try_from(limits.proofs_max).unwrap_or(usize::MAX);
    let names: Vec<String> = names.into_iter().take(most).collect();
    let keys = ask(&names, resolver, limits);
    let verdict = |proof: &OpenProof| -> (i64, Judged) {
        let claim = &proof.claim;
        (proof.raw_id, judge(&claim.signatures, &claim.reports, |name| keys.get(name)))
    };
    let judged: Vec<(i64, Judged)> = open.iter().map(verdict).collect();
    match store.set_proofs(&judged, now_s) {
        Ok(()) | Err(StoreError::ReadOnly { .. } | StoreError::Full { .. }) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Asks in batches; after one in which nobody answered, no more.
fn ask(names: &[String], resolver: &dyn Resolver, limits: &Limits) -> HashMap<String, Answer<String>> {
    let mut found = HashMap::new();
    for batch in names.chunks(BATCH) {
        let answers = resolve::each(batch, resolve::at_once(limits), |name| resolver.txt(name).answer);
        let is_silent = answers.iter().all(|answer| {
            matches!(answer.failure(), Some(Failure::TimedOut | Failure::Refused | Failure::Unreachable))
        });
        found.extend(batch.iter().cloned().zip(answers));
        if is_silent {
            break;
        }
    }
    found
}
