//! Rules by which an address sends for the owner.

use super::super::context::{is_steady, share};
use super::super::facts::{Counts, Name};
use super::super::identity::{Cover, Recognised};
use super::{Case, Standing, Verdict, verdict};
use crate::analyze::alignment::{is_within, organizational_domain};
use crate::analyze::class::{Class, Confidence};
use crate::analyze::known_sender::{KnownSenders, SenderKind};
use crate::config::{DomainName, SenderClass};

/// The owner says what the address is.
pub(super) fn declared(case: &Case<'_>) -> Option<Verdict> {
    let standing = match case.identity.declared?.class {
        SenderClass::Legit if case.identity.service.is_some() => Standing::Sends,
        SenderClass::Legit | SenderClass::Own => Standing::Own,
        SenderClass::Authorised => Standing::Sends,
        SenderClass::Forwarder => Standing::Is(Class::Forwarder),
        SenderClass::List => Standing::Is(Class::List),
        SenderClass::Gateway => Standing::Is(Class::Gateway),
        SenderClass::Spoof => Standing::Is(Class::Spoof),
        SenderClass::Ignore => return Some(verdict(Standing::Is(Class::Unknown), Confidence::High, &["R-IGNORED"])),
    };
    Some(verdict(standing, Confidence::High, &["R-DECLARED"]))
}

/// The owner declares a name, and the mail proves that it is the name's: SPF passes for it, or the confirmed reverse name is below it.
pub(super) fn declared_itself(case: &Case<'_>) -> Option<Verdict> {
    let Case { address, identity, .. } = case;
    let sender = identity.declared_by_name?;
    let own = organizational_domain(case.domain);
    let is_its = |name: &str| {
        let declared = sender.spf.iter().chain(&sender.dkim).map(DomainName::as_str);
        declared.filter(|declared| !is_within(declared, own)).any(|declared| is_within(name, declared))
    };
    let by_envelope = address.foreign_envelopes.0.keys().any(|name| is_its(case.names.name(*name)));
    if !by_envelope && !identity.name.is_some_and(is_its) {
        return None;
    }
    let standing = match sender.class {
        SenderClass::Legit | SenderClass::Own | SenderClass::Authorised => {
            // Other rules say better what aligns.
            let is_as_itself =
                address.dkim_ours == 0 && address.spf_ours == 0 && case.context.broken_known(address) == 0;
            return is_as_itself
                .then(|| verdict(Standing::Misses, Confidence::High, &["R-DECLARED", "R-ESP-AS-ITSELF"]));
        }
        SenderClass::Forwarder => Class::Forwarder,
        SenderClass::List => Class::List,
        SenderClass::Gateway => Class::Gateway,
        SenderClass::Spoof => Class::Spoof,
        SenderClass::Ignore => return Some(verdict(Standing::Is(Class::Unknown), Confidence::High, &["R-IGNORED"])),
    };
    Some(verdict(Standing::Is(standing), Confidence::High, &["R-DECLARED"]))
}

/// The domain's own SPF record names the address itself.
pub(super) fn in_own_spf(case: &Case<'_>) -> Option<Verdict> {
    let Cover::Direct(_) = case.identity.cover else { return None };
    let is_service = matches!(case.identity.kind(), Some(SenderKind::Esp | SenderKind::Mailbox | SenderKind::WebHost));
    let standing = if is_service && !case.identity.is_own_name { Standing::Sends } else { Standing::Own };
    Some(verdict(standing, Confidence::High, &["R-SPF-OWN"]))
}

/// The reverse name is the owner's, and leads back.
pub(super) fn own_name(case: &Case<'_>) -> Option<Verdict> {
    case.identity.is_own_name.then(|| verdict(Standing::Own, Confidence::High, &["R-PTR-OWN"]))
}

/// SPF passed for the domain.
pub(super) fn spf_aligned(case: &Case<'_>) -> Option<Verdict> {
    let Case { address, identity, .. } = case;
    if address.spf_ours == 0 || share(address.spf_ours, address.mails) < 0.02 {
        return None;
    }
    if is_other_customer(case) {
        return Some(verdict(Standing::Is(Class::Unknown), Confidence::Medium, &["R-ESP-OTHER-CUSTOMER"]));
    }
    let reason = if identity.service.is_some() { "R-ESP+" } else { "R-SPF-ALIGNED" };
    let declared = identity.declared_by_name.map(|sender| sender.class);
    let is_service = matches!(identity.cover, Cover::Included(_))
        || identity.service.is_some()
        || matches!(declared, Some(SenderClass::Authorised | SenderClass::Legit))
        || identity.is_generic
        || identity.base.is_some()
        || case.context.is_of_pool(address)
        || case.context.is_of_unseen_service
        || has_return_path(case);
    let is_own = declared == Some(SenderClass::Own) || !is_service;
    Some(verdict(if is_own { Standing::Own } else { Standing::Sends }, Confidence::High, &[reason]))
}

/// The SPF record lets in all customers of a service, and this mail is signed by another of them.
fn is_other_customer(case: &Case<'_>) -> bool {
    let Case { address, identity, context, .. } = case;
    let Some((service, _)) = identity.service.filter(|(service, _)| !service.customer.is_empty()) else { return false };
    let known = KnownSenders::embedded();
    let is_others = |name: &&Name| {
        let signer = case.names.name(**name);
        known.by_dkim(signer).is_some_and(|found| found.id == service.id)
            && !service.names_customer(signer, case.domain)
            && context.is_other_customer(&service.id, **name)
    };
    let others = address.beside.0.iter().filter(|(name, _)| is_others(name)).map(|(_, mails)| *mails).sum::<u64>();
    identity.declared_by_name.is_none() && address.dkim_ours == 0 && share(others, address.spf_ours) >= 0.9
}

/// Bounces go to a name below the domain that is no author domain: how services align SPF.
fn has_return_path(case: &Case<'_>) -> bool {
    let most = case.address.envelopes.most().filter(|(_, mails)| mails * 2 > case.address.mails);
    most.is_some_and(|(envelope, _)| {
        let name = case.names.name(envelope);
        let is_below = name.strip_suffix(case.domain).is_some_and(|rest| rest.ends_with('.'));
        is_below && case.address.header_from.0.get(&envelope).is_none()
    })
}

/// DKIM passes, and the selector is at home here.
pub(super) fn dkim_at_home(case: &Case<'_>) -> Option<Verdict> {
    let Case { address, identity, context, .. } = case;
    let is_little = address.dkim_ours == 0 || share(address.dkim_ours, address.mails) < 0.05;
    if is_little || context.is_second_hand(address, identity, case.names) {
        return None;
    }
    let is_sender = matches!(identity.kind(), Some(SenderKind::Esp | SenderKind::WebHost) | None);
    let named = |counts: &Counts| {
        let service = identity.service.filter(|(service, _)| service.kind == SenderKind::Esp);
        let known = KnownSenders::embedded();
        let is_its = |name: &str| {
            known
                .by_envelope(name)
                .or_else(|| known.by_dkim(name))
                .is_some_and(|found| Some(&found.id) == service.map(|(service, _)| &service.id))
        };
        counts.0.keys().any(|name| is_its(case.names.name(*name)))
    };
    if named(&address.foreign_envelopes) {
        return Some(verdict(Standing::Sends, Confidence::High, &["R-ESP+"]));
    }
    let (selector, mails) = address
        .selectors
        .0
        .iter()
        .filter(|(selector, _)| context.is_unnamed || !case.names.name(**selector).is_empty())
        .map(|(selector, mails)| (*selector, *mails))
        .max_by_key(|(selector, mails)| (*mails, std::cmp::Reverse(*selector)))?;
    let home = context.home_share(address, identity, selector, case.names);
    let is_only = share(mails, address.selectors.total()) >= 0.95;
    let of_domain = share(context.selectors.0.get(&selector).copied().unwrap_or(0), context.signed);
    // A forwarder carries the mix that the domain sends; a sender carries its own selector only.
    let is_lone = is_only && home >= 0.08 && of_domain < 0.7 && mails >= 50 && is_sender;
    if !(home >= 0.5 || is_lone || home >= 0.3 && is_sender) {
        return None;
    }
    let is_service = identity.service.is_some() || identity.base.is_some() || identity.is_generic;
    let standing = if is_service || address.foreign_envelopes.total() > 0 { Standing::Sends } else { Standing::Own };
    let confidence = if home >= 0.5 { Confidence::High } else { Confidence::Medium };
    Some(verdict(standing, confidence, &["R-DKIM-HOME"]))
}

/// A service signs with a name that it made from the domain's.
pub(super) fn customer_of_service(case: &Case<'_>) -> Option<Verdict> {
    let known = KnownSenders::embedded();
    // A label alone is anybody's to choose: it counts where the owner has to do with the service.
    let names_us = |name: &Name| {
        let signer = case.names.name(*name);
        known.by_dkim(signer).is_some_and(|service| {
            service.names_customer_in_full(signer, case.domain)
                || service.names_customer(signer, case.domain)
                    && case.context.is_linked(&service.id)
                    && !case.context.is_other_customer(&service.id, *name)
        })
    };
    let is_ours = case.address.foreign.0.keys().any(names_us);
    is_ours.then(|| verdict(Standing::Misses, Confidence::High, &["R-ESP-TOKEN", "R-NO-ALIGNED-DKIM"]))
}

/// A service that the owner has to do with, authenticating as itself.
pub(super) fn service_of_owner(case: &Case<'_>) -> Option<Verdict> {
    let Case { address, identity, context, .. } = case;
    let (service, how) = identity.service.filter(|(service, _)| service.kind == SenderKind::Esp)?;
    if let Some(sender) = identity.declared_by_name {
        return match sender.class {
            SenderClass::Legit | SenderClass::Own | SenderClass::Authorised => {
                Some(verdict(Standing::Misses, Confidence::High, &["R-DECLARED", "R-ESP-AS-ITSELF"]))
            }
            _ => None,
        };
    }
    if !context.is_linked(&service.id) {
        return None;
    }
    // Where the service's mail for the owner aligns, mail from other networks of it may be another customer's.
    let is_near = context.aligned_networks.contains(&(&*service.id, address.network()));
    if context.aligned_services.contains(&*service.id) && !is_near {
        return None;
    }
    let confidence = if how == Recognised::Envelope { Confidence::Medium } else { Confidence::High };
    Some(verdict(Standing::Misses, confidence, &["R-ESP-LINKED", "R-NO-ALIGNED-DKIM"]))
}

/// A web site or a mail server of the domain has the address.
pub(super) fn own_website(case: &Case<'_>) -> Option<Verdict> {
    case.identity.is_own_host.then(|| verdict(Standing::Misses, Confidence::High, &["R-OWN-HOST"]))
}

/// A web host that sends unsigned mail regularly, with an envelope sender of its own name or the owner's: a script of a site.
pub(super) fn web_host(case: &Case<'_>) -> Option<Verdict> {
    let Case { address, identity, names, .. } = case;
    if identity.kind() != Some(SenderKind::WebHost)
        || identity.is_generic
        || share(address.unsigned, address.mails) < 0.9
    {
        return None;
    }
    let (envelope, _) = address.envelopes.most()?;
    let is_itself = identity.name == Some(names.name(envelope));
    let is_regular = is_steady(address) && address.span_days() >= 14;
    (is_itself && is_regular)
        .then(|| verdict(Standing::Misses, Confidence::Medium, &["R-HOST-OWN", "R-STEADY", "R-UNSIGNED"]))
}
