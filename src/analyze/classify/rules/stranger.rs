//! Rules about addresses that have nothing of the owner.

use super::super::context::{TRICKLE_MAILS_MAX, is_steady, is_uniform, returns, share};
use super::super::facts::Name;
use super::{Case, Standing, Verdict, verdict};
use crate::analyze::alignment::{is_within, organizational_domain};
use crate::analyze::class::{Class, Confidence};
use crate::analyze::known_sender::SenderKind;

/// A service that nothing links to the owner.
pub(super) fn foreign_service(case: &Case<'_>) -> Option<Verdict> {
    let Case { address, identity, .. } = case;
    let (service, _) = identity.service?;
    let as_itself = address.foreign_envelopes.total() > 0 || address.foreign.total() > 0;
    let is_sender = matches!(service.kind, SenderKind::Esp | SenderKind::Mailbox | SenderKind::WebHost);
    (is_sender && as_itself).then(|| verdict(Standing::Is(Class::Unknown), Confidence::Low, &["R-ESP-UNLINKED"]))
}

/// Somebody with an identity of his own, who sends more than a trickle; or regularly, and nothing else is known.
pub(super) fn foreign_sender(case: &Case<'_>) -> Option<Verdict> {
    let Case { address, identity, context, .. } = case;
    let is_honest = share(address.foreign_envelopes.total(), address.mails) > 0.9
        && (identity.base.is_some() || share(address.foreign.total(), address.mails) > 0.5);
    // A vendor that signs as itself carries no broken signature of the owner's.
    if is_honest
        && address.mails >= TRICKLE_MAILS_MAX
        && share(address.broken.total(), address.mails) < 0.5
        && address.active_days() >= 5
    {
        return Some(verdict(Standing::Is(Class::Unknown), Confidence::Low, &["R-FOREIGN-IDENTITY"]));
    }
    // Where nothing is seen but this, who comes back is more likely a forgotten machine of the owner's.
    let is_alone = !context.is_steady_swarm || identity.base.is_some();
    let stays = is_steady(address) && is_uniform(address) && is_alone || returns(address) && !context.is_swarm;
    stays.then(|| verdict(Standing::Is(Class::Unknown), Confidence::Low, &["R-STEADY"]))
}

/// Nothing of the owner, and enough that speaks against.
pub(super) fn spoof(case: &Case<'_>) -> Option<Verdict> {
    let Case { address, identity, context, .. } = case;
    // What mostly passes is a question at most, whatever the reporter means by it.
    if share(address.passed, address.mails) >= 0.5 {
        return None;
    }
    // The owner's own name is used by all his machines too: what SPF says of it is another sign.
    let is_shared = |name: &Name| {
        context.shared_envelopes.contains(name)
            && !is_within(case.names.name(*name), organizational_domain(case.domain))
    };
    let header = address
        .header_from
        .0
        .keys()
        .any(|name| !context.good_header_from.contains(name) && case.names.name(*name) != case.domain);
    let signs = [
        (identity.is_nameless, "R-NO-PTR"),
        (identity.is_name_false, "R-NO-FCRDNS"),
        (identity.is_generic, "R-GENERIC-NAME"),
        // `?all` lets everybody pass and nobody in: who is in the record has a pass.
        (address.refused > 0 || address.neutral > 0 && context.is_spf_used, "R-SPF-REFUSES"),
        (share(address.unsigned, address.mails) >= 0.5, "R-UNSIGNED"),
        // Bounces of the owner's come from the owner's servers.
        (share(address.envelopes.total(), address.mails) < 0.1, "R-NULL-SENDER"),
        (address.broken.total() > 0, "R-FORGED-SIGNATURE"),
        (context.forges_early(address), "R-SELECTOR-NOT-IN-USE"),
        (
            context.is_scattered && address.mails < TRICKLE_MAILS_MAX && address.foreign_envelopes.total() > 0,
            "R-SCATTERED",
        ),
        (header, "R-STRANGE-SUBDOMAIN"),
        (context.is_swarm, "R-SPREAD"),
        (address.foreign_envelopes.0.keys().chain(address.envelopes.0.keys()).any(is_shared), "R-SHARED-ENVELOPE"),
        // In a few days of reports everything is short-lived.
        (
            context.span_days >= 7 && address.active_days() <= 3
                || context.span_days >= 14 && address.span_days() <= 10,
            "R-SHORT-LIVED",
        ),
    ];
    let reasons: Vec<&'static str> = signs.iter().filter(|(is, _)| *is).map(|(_, reason)| *reason).collect();
    let confidence = match reasons.len() {
        ..3 => return None,
        3 => Confidence::Low,
        4 => Confidence::Medium,
        _ => Confidence::High,
    };
    Some(Verdict { standing: Standing::Is(Class::Spoof), confidence, reasons })
}
