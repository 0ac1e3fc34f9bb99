//! What DNS has at a selector before a key is made for it.

use super::record_of;
use crate::cli::context::Context;
use crate::cli::exit::{Exit, Failure};
use crate::config::{DnsSettings, DomainName, Selector};
use crate::dns::dkim_key::{self, PublicKey};
use crate::dns::{Answer, Failure as NoAnswer};
use crate::resolve::{Hickory, Resolver as _};
use crate::words::{Said, said};

/// Seconds that one server is waited for: a key is made all the same.
const SERVER_S: u32 = 2;

/// What stands at a selector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Taken {
    /// No key.
    Free,
    /// This key.
    By(PublicKey),
    /// DNS did not answer.
    Unknown(NoAnswer),
}

/// Asks DNS once; `None` when offline.
pub(super) fn ask(context: &Context, domain: &DomainName, selector: &Selector) -> Option<Taken> {
    if context.global.offline {
        return None;
    }
    let settings = &context.resolved.settings;
    let dns = DnsSettings { timeout_s: settings.dns.timeout_s.min(SERVER_S), attempts: 1, ..settings.dns.clone() };
    let Ok(resolver) = Hickory::new(&dns, &settings.limits) else { return Some(Taken::Unknown(NoAnswer::Unreachable)) };
    Some(taken(&resolver.txt(&name(domain, selector)).answer))
}

fn taken(answer: &Answer<String>) -> Taken {
    if let Answer::Failed(failure) = answer {
        return Taken::Unknown(*failure);
    }
    // What a wildcard answers is no key.
    let keys = answer.records().iter().map(|text| dkim_key::read(text).record.key);
    keys.filter(|key| !matches!(key, PublicKey::Missing)).map(Taken::By).next().unwrap_or(Taken::Free)
}

fn name(domain: &DomainName, selector: &Selector) -> String {
    record_of(domain, selector.as_str(), String::new(), None).name()
}

/// A new key is not put in the place of another one, which somebody may sign with.
pub(super) fn refuse(domain: &DomainName, selector: &Selector, taken: Option<&Taken>) -> anyhow::Result<()> {
    let Some(Taken::By(_)) = taken else { return Ok(()) };
    let message = said!("error-dns-has-key", name = name(domain, selector));
    Err(Failure::new(Exit::Usage, message).hint(said!("hint-dns-has-key")).into())
}

/// One sentence about it; `ours` is the key that is to be there.
pub(super) fn told(domain: &DomainName, selector: &Selector, taken: &Taken, ours: Option<&PublicKey>) -> Said {
    let name = name(domain, selector);
    match taken {
        Taken::Free => said!("dkim-dns-free", name = name),
        Taken::By(found) if ours == Some(found) => said!("dkim-dns-ours", name = name),
        Taken::By(_) => said!("line-warning", what = said!("dkim-dns-other", name = name)),
        Taken::Unknown(failure) => {
            said!("line-warning", what = said!("dkim-dns-unknown", name = name, why = failure.said()))
        }
    }
}

/// The word for JSON.
pub(super) fn word(taken: &Taken, ours: Option<&PublicKey>) -> &'static str {
    match taken {
        Taken::Free => "missing",
        Taken::By(found) if ours == Some(found) => "published",
        Taken::By(_) => "another",
        Taken::Unknown(_) => "unknown",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_key_takes_a_selector() {
        let found = |text: &str| taken(&Answer::Found(vec![text.to_owned()]));
        assert_eq!(found("v=spf1 -all"), Taken::Free, "a wildcard answers");
        assert_eq!(found("v=DKIM1; p="), Taken::By(PublicKey::Revoked), "receivers remember that it was withdrawn");
        assert_eq!(taken(&Answer::NxDomain), Taken::Free);
        assert_eq!(taken(&Answer::NoData), Taken::Free);
        assert_eq!(taken(&Answer::Failed(NoAnswer::TimedOut)), Taken::Unknown(NoAnswer::TimedOut));
    }
}
