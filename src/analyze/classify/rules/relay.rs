//! Rules by which an address passes the owner's mail on.

use super::super::context::{is_steady, share};
use super::super::facts::Counts;
use super::{Case, Standing, Verdict, verdict};
use crate::analyze::alignment::organizational_domain;
use crate::analyze::class::{Class, Confidence};
use crate::analyze::known_sender::{KnownSenders, SenderKind};

/// A filter that stands before receivers.
pub(super) fn gateway(case: &Case<'_>) -> Option<Verdict> {
    if case.identity.kind() != Some(SenderKind::Gateway) {
        return None;
    }
    let has_sign =
        case.address.dkim_ours > 0 || case.context.broken_known(case.address) > 0 || case.address.foreign.total() > 0;
    let confidence = if has_sign { Confidence::High } else { Confidence::Low };
    Some(verdict(Standing::Is(Class::Gateway), confidence, &["R-GATEWAY"]))
}

/// DKIM passes, and the selector is at home elsewhere: somebody passes the mail on.
pub(super) fn dkim_survived(case: &Case<'_>) -> Option<Verdict> {
    let Case { address, identity, context, .. } = case;
    if address.dkim_ours == 0 {
        return None;
    }
    let broken = context.broken_known(address);
    let class = match identity.kind() {
        Some(SenderKind::List) => Class::List,
        _ if address.claimed_list > 0 && broken > address.dkim_ours => Class::List,
        _ if broken > address.dkim_ours.saturating_mul(4) && sounds_like_list(case) => Class::List,
        _ => Class::Forwarder,
    };
    let confidence = if address.dkim_ours >= 3 { Confidence::High } else { Confidence::Medium };
    let mut found = verdict(Standing::Is(class), confidence, &["R-DKIM-SURVIVED"]);
    if case.elsewhere.relayed > 0 {
        found.reasons.push("R-RELAYS-ELSEWHERE");
    }
    Some(found)
}

/// Reporters take its mail for list or forwarded mail.
pub(super) fn claimed(case: &Case<'_>) -> Option<Verdict> {
    let Case { address, context, .. } = case;
    if address.claimed_list == 0 && address.claimed_forwarded == 0 {
        return None;
    }
    let is_list = address.claimed_list > 0 || sounds_like_list(case);
    let class = if is_list { Class::List } else { Class::Forwarder };
    let confidence = if context.broken_known(address) > 0 { Confidence::High } else { Confidence::Low };
    Some(verdict(Standing::Is(class), confidence, &["R-CLAIMED"]))
}

/// Names that mailing lists go by.
const LIST_WORDS: [&str; 12] = [
    "list",
    "lists",
    "mailman",
    "listserv",
    "groups",
    "googlegroups",
    "sympa",
    "majordomo",
    "ezmlm",
    "ml",
    "freelists",
    "discuss",
];

fn sounds_like_list(case: &Case<'_>) -> bool {
    let is_word = |word: &str| LIST_WORDS.contains(&word.trim_end_matches(|c: char| c.is_ascii_digit()));
    let has_word = |name: &str| name.split(['.', '-']).any(is_word);
    let named = |counts: &Counts| counts.0.keys().any(|name| has_word(case.names.name(*name)));
    case.identity.kind() == Some(SenderKind::List)
        || case.identity.name.is_some_and(has_word)
        || named(&case.address.foreign_envelopes)
        || named(&case.address.foreign)
}

/// The domain's signature is there and broken, on the way through somebody who can be told from a forger.
pub(super) fn list_or_forwarder(case: &Case<'_>) -> Option<Verdict> {
    let Case { address, identity, context, names, .. } = case;
    let broken = context.broken_known(address);
    if share(broken, address.mails) < 0.5 || context.forges_early(address) {
        return None;
    }
    let selectors = address.broken.0.keys().filter(|selector| context.known_selectors.contains(selector)).count();
    let own = |counts: &Counts| {
        counts.0.keys().any(|name| identity.base.is_some_and(|base| organizational_domain(names.name(*name)) == base))
    };
    let is_relay = matches!(
        identity.kind(),
        Some(SenderKind::List | SenderKind::Forwarder | SenderKind::Mailbox | SenderKind::Gateway)
    );
    let mut reasons = vec!["R-DKIM-BROKEN-OWN-SELECTOR"];
    let signs = [
        (is_relay, "R-RELAY-SERVICE"),
        (own(&address.foreign_envelopes) || own(&address.foreign), "R-RELAY-IDENTITY"),
        (selectors >= 2, "R-SEVERAL-SELECTORS"),
        (address.foreign_broken.total() > 0, "R-OTHER-SIGNATURES-BROKEN"),
        (sounds_like_list(case), "R-LIST-NAME"),
        (case.elsewhere.relayed > 0, "R-RELAYS-ELSEWHERE"),
        (broken >= 10 && is_steady(address) && share(broken, address.mails) > 0.8, "R-STEADY"),
    ];
    reasons.extend(signs.iter().filter(|(is, _)| *is).map(|(_, reason)| *reason));
    let is_list = sounds_like_list(case) || address.foreign_envelopes.total() > 0 && !is_relay;
    let class = if is_list { Class::List } else { Class::Forwarder };
    match reasons.len() {
        1 if context.has_forgers => None,
        1 => Some(verdict(Standing::Is(Class::Forwarder), Confidence::Low, &reasons)),
        2 => Some(verdict(Standing::Is(class), Confidence::Medium, &reasons)),
        _ => Some(verdict(Standing::Is(class), Confidence::High, &reasons)),
    }
}

/// A signature of a service that the owner uses passes, from an address that is not the service's: forwarded.
pub(super) fn signed_elsewhere(case: &Case<'_>) -> Option<Verdict> {
    let known = KnownSenders::embedded();
    let here = case.identity.service.map(|(service, _)| &*service.id);
    let of_owner = |name: &str| {
        known.by_dkim(name).is_some_and(|service| {
            service.kind == SenderKind::Esp && Some(&*service.id) != here && case.context.is_linked(&service.id)
        })
    };
    let is_carried = case.address.foreign.0.keys().any(|name| of_owner(case.names.name(*name)));
    (is_carried && case.address.foreign_envelopes.total() < case.address.mails)
        .then(|| verdict(Standing::Is(Class::Forwarder), Confidence::Medium, &["R-ESP-SURVIVED"]))
}
