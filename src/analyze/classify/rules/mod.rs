//! The rule table: the first rule that fits an address decides what it is.

mod ours;
mod relay;
mod stranger;

use super::address::Address;
use super::context::Context;
use super::facts::Names;
use super::identity::Identity;
use super::inputs::Elsewhere;
use crate::analyze::class::{Class, Confidence};

/// What an address is. Whether the owner's mail from it is set up well is a question to its whole group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// A server of the owner.
    Own,
    /// Sends for the owner.
    Sends,
    /// Sends as the owner, and was never set up for it.
    Misses,
    /// Anything else.
    Is(Class),
}

impl Standing {
    /// The owner's mail.
    pub(super) const fn is_ours(self) -> bool {
        matches!(self, Self::Own | Self::Sends | Self::Misses)
    }
}

/// What a rule says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Verdict {
    pub(super) standing: Standing,
    pub(super) confidence: Confidence,
    pub(super) reasons: Vec<&'static str>,
}

/// One address, with all that is known.
#[derive(Clone, Copy)]
pub(super) struct Case<'c> {
    pub(super) address: &'c Address,
    pub(super) identity: &'c Identity<'c>,
    pub(super) context: &'c Context,
    pub(super) names: &'c Names,
    /// Other domains of the installation that it sends for, and for how many of these it only relays.
    pub(super) elsewhere: Elsewhere,
    /// The domain.
    pub(super) domain: &'c str,
}

type Rule = fn(&Case<'_>) -> Option<Verdict>;

/// The rules, in their order. docs/sources.md explains them.
pub(super) const RULES: [Rule; 18] = [
    ours::declared,
    ours::declared_itself,
    ours::in_own_spf,
    ours::own_name,
    ours::spf_aligned,
    relay::gateway,
    ours::dkim_at_home,
    relay::dkim_survived,
    relay::claimed,
    relay::list_or_forwarder,
    ours::customer_of_service,
    ours::service_of_owner,
    relay::signed_elsewhere,
    ours::own_website,
    ours::web_host,
    stranger::foreign_service,
    stranger::foreign_sender,
    stranger::spoof,
];

/// What an address is, by the first rule that fits.
pub(super) fn judge(case: &Case<'_>) -> Verdict {
    let found = RULES.iter().find_map(|rule| rule(case));
    found.unwrap_or_else(|| verdict(Standing::Is(Class::Unknown), Confidence::Low, &["R-NOTHING-DECIDES"]))
}

fn verdict(standing: Standing, confidence: Confidence, reasons: &[&'static str]) -> Verdict {
    Verdict { standing, confidence, reasons: reasons.to_vec() }
}
