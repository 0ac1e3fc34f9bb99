//! Which DKIM keys of a domain signed when.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use foldhash::fast::RandomState;

use crate::analyze::Observation;
use crate::model::{AuthResult, DkimResult, Sent};

/// Mails that a key signed on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyDay {
    /// UTC day, days since 1970-01-01.
    pub day: i64,
    /// Mails whose signature passed.
    pub mails: u64,
}

/// One key: a selector of a signing domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyHistory {
    /// `d=`.
    pub domain: String,
    /// `s=`, lower case; empty where reporters leave it out.
    pub selector: String,
    /// Mails with a passing signature.
    pub mails: u64,
    /// Days with one, ascending.
    pub days: Vec<KeyDay>,
}

/// The keys of the domain itself, of names below it and above it, those with most mails first. Keys of other domains
/// sign for themselves, and are no business of the owner.
#[must_use]
pub fn keys(observations: &[Observation], domain: &str) -> Vec<KeyHistory> {
    let mut numbers: HashMap<(String, String), usize, RandomState> = HashMap::default();
    let mut days: Vec<Vec<KeyDay>> = Vec::new();
    // Most mails have the same results as others, so their keys are worked out once.
    let mut known: HashMap<usize, Vec<usize>, RandomState> = HashMap::default();
    for seen in observations.iter().filter(|seen| seen.mails > 0) {
        let keys = known.entry(Arc::as_ptr(&seen.auth_results).addr()).or_insert_with(|| {
            let names = seen.auth_results.dkim.iter().filter_map(|result| key_of(result, domain));
            let mut number = |name: (String, String)| {
                let next = numbers.len();
                *numbers.entry(name).or_insert(next)
            };
            // One mail may be signed twice by one key; it is one mail all the same.
            names.map(&mut number).collect::<BTreeSet<usize>>().into_iter().collect()
        });
        for key in keys {
            if days.len() <= *key {
                days.resize_with(*key + 1, Vec::new);
            }
            let Some(days) = days.get_mut(*key) else { continue };
            match days.last_mut().filter(|last| last.day == seen.day) {
                Some(last) => last.mails = last.mails.saturating_add(seen.mails),
                None => days.push(KeyDay { day: seen.day, mails: seen.mails }),
            }
        }
    }
    let found = numbers.into_iter().filter_map(|(name, number)| Some((name, sorted(days.get_mut(number)?))));
    let history = |((domain, selector), days): ((String, String), Vec<KeyDay>)| KeyHistory {
        domain,
        selector,
        mails: days.iter().fold(0, |sum, day| sum.saturating_add(day.mails)),
        days,
    };
    let mut keys: Vec<KeyHistory> = found.map(history).collect();
    keys.sort_by(|a, b| b.mails.cmp(&a.mails).then_with(|| (&a.domain, &a.selector).cmp(&(&b.domain, &b.selector))));
    keys
}

/// Days in their order, each once.
fn sorted(days: &mut Vec<KeyDay>) -> Vec<KeyDay> {
    let mut days = std::mem::take(days);
    days.sort_by_key(|day| day.day);
    days.dedup_by(|next, kept| {
        let is_same = next.day == kept.day;
        kept.mails = kept.mails.saturating_add(if is_same { next.mails } else { 0 });
        is_same
    });
    days
}

/// The key of a signature that passed and belongs to the domain.
fn key_of(result: &DkimResult, owner: &str) -> Option<(String, String)> {
    if result.result != Some(Sent::Read(AuthResult::Pass)) {
        return None;
    }
    let domain = result.domain.as_deref()?;
    let is_below = |below: &str, above: &str| below.strip_suffix(above).is_some_and(|rest| rest.ends_with('.'));
    let is_owners = domain == owner || is_below(domain, owner) || is_below(owner, domain);
    let selector = result.selector.as_deref().map(str::to_lowercase).unwrap_or_default();
    is_owners.then(|| (domain.to_owned(), selector))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyze::Shape;
    use crate::analyze::readiness::tests::policy;
    use crate::model::{Identifiers, Policy, PolicyEvaluated};

    fn signature(domain: &str, selector: &str, result: AuthResult) -> DkimResult {
        DkimResult {
            domain: Some(domain.into()),
            selector: Some(selector.into()),
            result: Some(Sent::Read(result)),
            human_result: None,
        }
    }

    fn seen(day: i64, mails: u64, dkim: Vec<DkimResult>) -> Observation {
        Observation {
            day,
            source_ip: std::net::Ipv4Addr::LOCALHOST.into(),
            mails,
            shape: Arc::new(Shape {
                reporter: "r".into(),
                evaluated: Arc::new(PolicyEvaluated::default()),
                identifiers: Arc::new(Identifiers::default()),
                auth_results: Arc::new(crate::model::AuthResults { dkim, spf: Vec::new() }),
                policy: policy(Policy::None, None),
            }),
        }
    }

    #[test]
    fn only_passing_signatures_of_the_owner_count_and_each_mail_once() {
        use AuthResult::{Fail, Pass};
        let observations = [
            seen(2, 5, vec![signature("example.com", "A", Pass), signature("example.com", "a", Pass)]),
            seen(1, 7, vec![signature("example.com", "a", Pass), signature("sendgrid.net", "s", Pass)]),
            seen(1, 9, vec![signature("example.com", "b", Fail), signature("badexample.com", "c", Pass)]),
            seen(3, 2, vec![signature("news.example.com", "d", Pass)]),
        ];
        let found = keys(&observations, "example.com");
        let names: Vec<(&str, &str, u64)> =
            found.iter().map(|key| (key.domain.as_str(), key.selector.as_str(), key.mails)).collect();
        assert_eq!(names, [("example.com", "a", 12), ("news.example.com", "d", 2)]);
        assert_eq!(found[0].days, [KeyDay { day: 1, mails: 7 }, KeyDay { day: 2, mails: 5 }]);
        // The key of a domain above signs for those below.
        assert_eq!(keys(&observations, "sub.news.example.com").len(), 2);
    }
}
