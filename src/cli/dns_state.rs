//! What DNS says about a domain, as far as advice needs it.

use super::command::check::{REPORT_DAYS, examine};
use super::context::Context;
use crate::analyze::Observation;
use crate::analyze::check::{Badge, CheckFinding, Level, Topic};
use crate::analyze::readiness::DnsState;
use crate::dns::{Answer, Published};
use crate::present::advice::Badges;
use crate::resolve::Resolver;

/// What was asked, and what came of it.
pub(super) struct Asked {
    pub(super) published: Published,
    pub(super) ttl_s: Option<u32>,
    pub(super) state: DnsState,
    pub(super) badges: Badges,
}

/// Asks DNS about a domain. `observations`: ascending by day.
pub(super) fn of(
    context: &Context,
    resolver: &dyn Resolver,
    domain: &str,
    observations: &[Observation],
    is_parked: bool,
) -> Asked {
    let last_day = observations.last().map_or(0, |seen| seen.day);
    let first = observations.partition_point(|seen| seen.day < last_day - REPORT_DAYS);
    let recent = observations.get(first..).unwrap_or_default();
    let examined = examine(context, domain, resolver, recent);
    let checked = &examined.checked;
    let problems = checked.findings.iter().filter(|finding| is_broken(finding, is_parked));
    let state = DnsState {
        is_known: checked.badges.dmarc != Badge::Unknown && checked.badges.spf != Badge::Unknown,
        problems: problems.map(|finding| finding.text.clone()).collect(),
        spf_lookups: u32::try_from(examined.spf_lookups).ok(),
        is_unused: is_unused(&examined.published),
    };
    let badges = Badges { spf: checked.badges.spf, dkim: checked.badges.dkim, dmarc: checked.badges.dmarc };
    Asked { ttl_s: examined.dmarc_ttl_s, state, badges, published: examined.published }
}

/// What has to work before a policy is tightened. That there is no record, and that it is not the one that is meant, is
/// judged by itself.
fn is_broken(finding: &CheckFinding, is_parked: bool) -> bool {
    let is_ours = matches!(finding.topic, Topic::Dmarc | Topic::Reports | Topic::Spf | Topic::Dkim);
    match finding.rule {
        "dmarc-missing" | "dmarc-differs" => false,
        // One of several addresses that gets no report is no reason not to send to it, but one to mend it first.
        "rua-unauthorised" => true,
        "spf-missing" => !is_parked,
        _ => is_ours && finding.level == Level::Critical,
    }
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
