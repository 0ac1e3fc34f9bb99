//! What DNS says about a domain, as far as advice needs it.

use super::context::Context;
use crate::analyze::Observation;
use crate::analyze::readiness::DnsState;
use crate::dns::{Answer, Published};
use crate::present::advice::Badges;
use crate::resolve::{self, Resolver};

/// What was asked, and what came of it.
pub(super) struct Asked {
    pub(super) published: Published,
    pub(super) ttl_s: Option<u32>,
    pub(super) state: DnsState,
    pub(super) badges: Badges,
}

/// Asks DNS about a domain.
pub(super) fn of(context: &Context, resolver: &dyn Resolver, domain: &str, observations: &[Observation]) -> Asked {
    let _ = observations;
    let limits = &context.resolved.settings.limits;
    let gathered = resolve::gather(resolver, domain, &[], limits, context.now.timestamp());
    let published = gathered.published;
    let state = DnsState {
        is_known: !published.dmarc.is_unknown() && !published.spf.is_unknown(),
        problems: Vec::new(),
        spf_lookups: u32::try_from(gathered.spf.lookups()).ok(),
        is_unused: is_unused(&published),
    };
    let badge = |answer: &Answer<String>| match answer {
        Answer::Found(_) => "set",
        Answer::Failed(_) => "unknown",
        _ => "missing",
    };
    let badges = Badges { spf: badge(&published.spf), dkim: "unknown", dmarc: badge(&published.dmarc) };
    Asked { ttl_s: None, state, badges, published }
}

/// Whether the domain says that it neither sends nor takes mail.
fn is_unused(published: &Published) -> bool {
    let sends_none = matches!(published.spf.records(), [one] if one.trim().eq_ignore_ascii_case("v=spf1 -all"));
    let takes_none = match &published.mx {
        Answer::Found(servers) => servers.iter().all(|server| server.ends_with(" .")),
        other => other.is_missing(),
    };
    sends_none && takes_none
}
