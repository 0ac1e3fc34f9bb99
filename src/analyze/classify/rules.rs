//! The rule table: the first rule that fits an address decides what it is.

use super::super::class::{Class, Confidence};
use super::super::known_sender::SenderKind;
use super::address::Address;
use super::context::{Context, is_steady, share};
use super::facts::Names;
use super::identity::{Cover, Identity, Recognised};
use crate::config::SenderClass;

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
    pub(super) elsewhere: super::inputs::Elsewhere,
    /// The domain.
    pub(super) domain: &'c str,
}

type Rule = fn(&Case<'_>) -> Option<Verdict>;

/// The rules, in their order. docs/sources.md explains them.
pub(super) const RULES: [Rule; 17] = [
    declared,
    in_own_spf,
    own_name,
    spf_aligned,
    gateway,
    dkim_at_home,
    dkim_survived,
    claimed,
    list_or_forwarder,
    customer_of_service,
    service_of_owner,
    signed_elsewhere,
    own_website,
    web_host,
    foreign_service,
    foreign_sender,
    spoof,
];

/// What an address is, by the first rule that fits.
pub(super) fn judge(case: &Case<'_>) -> Verdict {
    let found = RULES.iter().find_map(|rule| rule(case));
    found.unwrap_or_else(|| verdict(Standing::Is(Class::Unknown), Confidence::Low, &["R-NOTHING-DECIDES"]))
}

fn verdict(standing: Standing, confidence: Confidence, reasons: &[&'static str]) -> Verdict {
    Verdict { standing, confidence, reasons: reasons.to_vec() }
}

/// The owner says what the address is.
fn declared(case: &Case<'_>) -> Option<Verdict> {
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

/// The domain's own SPF record names the address itself.
fn in_own_spf(case: &Case<'_>) -> Option<Verdict> {
    let Cover::Direct(_) = case.identity.cover else { return None };
    let is_service = matches!(case.identity.kind(), Some(SenderKind::Esp | SenderKind::Mailbox | SenderKind::WebHost));
    let standing = if is_service && !case.identity.is_own_name { Standing::Sends } else { Standing::Own };
    Some(verdict(standing, Confidence::High, &["R-SPF-OWN"]))
}

/// The reverse name is the owner's, and leads back.
fn own_name(case: &Case<'_>) -> Option<Verdict> {
    case.identity.is_own_name.then(|| verdict(Standing::Own, Confidence::High, &["R-PTR-OWN"]))
}

/// SPF passed for the domain.
fn spf_aligned(case: &Case<'_>) -> Option<Verdict> {
    let Case { address, identity, .. } = case;
    if address.spf_ours == 0 || share(address.spf_ours, address.mails) < 0.02 {
        return None;
    }
    let reason = if identity.service.is_some() { "R-ESP+" } else { "R-SPF-ALIGNED" };
    let standing = match identity.cover {
        Cover::Included(_) => Standing::Sends,
        _ if identity.service.is_some() => Standing::Sends,
        _ if identity.is_generic || case.context.is_of_pool(address) => Standing::Sends,
        _ => Standing::Own,
    };
    Some(verdict(standing, Confidence::High, &[reason]))
}

/// A filter that stands before receivers.
fn gateway(case: &Case<'_>) -> Option<Verdict> {
    if case.identity.kind() != Some(SenderKind::Gateway) {
        return None;
    }
    let has_sign =
        case.address.dkim_ours > 0 || case.context.broken_known(case.address) > 0 || case.address.foreign.total() > 0;
    let confidence = if has_sign { Confidence::High } else { Confidence::Low };
    Some(verdict(Standing::Is(Class::Gateway), confidence, &["R-GATEWAY"]))
}

/// DKIM passes, and the selector is at home here.
fn dkim_at_home(case: &Case<'_>) -> Option<Verdict> {
    let Case { address, identity, context, .. } = case;
    if address.dkim_ours == 0 || share(address.dkim_ours, address.mails) < 0.05 {
        return None;
    }
    let is_sender = matches!(identity.kind(), Some(SenderKind::Esp | SenderKind::WebHost) | None);
    let named = |counts: &super::facts::Counts| {
        let service = identity.service.filter(|(service, _)| service.kind == SenderKind::Esp);
        let known = super::super::known_sender::KnownSenders::embedded();
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
        .filter(|(selector, _)| !case.names.name(**selector).is_empty())
        .map(|(selector, mails)| (*selector, *mails))
        .max_by_key(|(selector, mails)| (*mails, std::cmp::Reverse(*selector)))?;
    let home = context.home_share(address, identity, selector, case.names);
    let is_only = share(mails, address.selectors.total()) >= 0.95;
    let of_domain = share(context.selectors.0.get(&selector).copied().unwrap_or(0), context.signed);
    // A forwarder carries the mix that the domain sends; a sender carries its own selector only.
    let is_lone = is_only && home >= 0.08 && of_domain < 0.7 && mails >= 50 && is_sender;
    if !(home >= 0.3 && is_sender || home >= 0.5) && !is_lone {
        return None;
    }
    let standing = if identity.service.is_some() || address.foreign_envelopes.total() > 0 || identity.is_generic {
        Standing::Sends
    } else {
        Standing::Own
    };
    let confidence = if home >= 0.5 { Confidence::High } else { Confidence::Medium };
    Some(verdict(standing, confidence, &["R-DKIM-HOME"]))
}

/// DKIM passes, and the selector is at home elsewhere: somebody passes the mail on.
fn dkim_survived(case: &Case<'_>) -> Option<Verdict> {
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
fn claimed(case: &Case<'_>) -> Option<Verdict> {
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
    let named = |counts: &super::facts::Counts| counts.0.keys().any(|name| has_word(case.names.name(*name)));
    case.identity.kind() == Some(SenderKind::List)
        || case.identity.name.is_some_and(has_word)
        || named(&case.address.foreign_envelopes)
        || named(&case.address.foreign)
}

/// The domain's signature is there and broken, on the way through somebody who can be told from a forger.
fn list_or_forwarder(case: &Case<'_>) -> Option<Verdict> {
    let Case { address, identity, context, names, .. } = case;
    let broken = context.broken_known(address);
    if share(broken, address.mails) < 0.5 {
        return None;
    }
    let selectors = address.broken.0.keys().filter(|selector| context.known_selectors.contains(selector)).count();
    let own = |counts: &super::facts::Counts| {
        counts.0.keys().any(|name| {
            identity.base.is_some_and(|base| super::super::alignment::organizational_domain(names.name(*name)) == base)
        })
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

/// A service signs with a name that it made from the domain's.
fn customer_of_service(case: &Case<'_>) -> Option<Verdict> {
    let known = super::super::known_sender::KnownSenders::embedded();
    let names_us = |name: &str| known.by_dkim(name).is_some_and(|service| service.names_customer(name, case.domain));
    let is_ours = case.address.foreign.0.keys().any(|name| names_us(case.names.name(*name)));
    is_ours.then(|| verdict(Standing::Misses, Confidence::High, &["R-ESP-TOKEN", "R-NO-ALIGNED-DKIM"]))
}

/// A service that the owner has to do with, authenticating as itself.
fn service_of_owner(case: &Case<'_>) -> Option<Verdict> {
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
    let confidence = if how == Recognised::ByEnvelope { Confidence::Medium } else { Confidence::High };
    Some(verdict(Standing::Misses, confidence, &["R-ESP-LINKED", "R-NO-ALIGNED-DKIM"]))
}

/// A signature of a service that the owner uses passes, from an address that is not the service's: forwarded.
fn signed_elsewhere(case: &Case<'_>) -> Option<Verdict> {
    let known = super::super::known_sender::KnownSenders::embedded();
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

/// A web site or a mail server of the domain has the address.
fn own_website(case: &Case<'_>) -> Option<Verdict> {
    case.identity.is_own_host.then(|| verdict(Standing::Misses, Confidence::High, &["R-OWN-HOST"]))
}

/// A web host that sends unsigned mail regularly, with an envelope sender of its own name or the owner's: a script of a site.
fn web_host(case: &Case<'_>) -> Option<Verdict> {
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

/// A service that nothing links to the owner.
fn foreign_service(case: &Case<'_>) -> Option<Verdict> {
    let Case { address, identity, .. } = case;
    let (service, _) = identity.service?;
    let as_itself = address.foreign_envelopes.total() > 0 || address.foreign.total() > 0;
    let is_sender = matches!(service.kind, SenderKind::Esp | SenderKind::Mailbox | SenderKind::WebHost);
    (is_sender && as_itself).then(|| verdict(Standing::Is(Class::Unknown), Confidence::Low, &["R-ESP-UNLINKED"]))
}

/// Somebody with an identity of his own, who sends more than a trickle; or regularly, and nothing else is known.
fn foreign_sender(case: &Case<'_>) -> Option<Verdict> {
    let Case { address, identity, context, .. } = case;
    let is_honest = share(address.foreign_envelopes.total(), address.mails) > 0.9
        && (identity.base.is_some() || address.foreign.total() > 0);
    if is_honest && address.mails >= 30 && address.active_days() >= 5 {
        return Some(verdict(Standing::Is(Class::Unknown), Confidence::Low, &["R-FOREIGN-IDENTITY"]));
    }
    let is_alone = !context.is_steady_swarm || identity.base.is_some();
    (is_steady(address) && is_alone).then(|| verdict(Standing::Is(Class::Unknown), Confidence::Low, &["R-STEADY"]))
}

/// Nothing of the owner, and enough that speaks against.
fn spoof(case: &Case<'_>) -> Option<Verdict> {
    let Case { address, identity, context, .. } = case;
    let is_shared =
        |name: &super::facts::Name| context.envelope_networks.get(name).is_some_and(|networks| *networks >= 3);
    let header = address
        .header_from
        .0
        .keys()
        .any(|name| !context.good_header_from.contains(name) && case.names.name(*name) != case.domain);
    let signs = [
        (identity.is_nameless, "R-NO-PTR"),
        (identity.is_name_false, "R-NO-FCRDNS"),
        (identity.is_generic, "R-GENERIC-NAME"),
        (address.refused > 0, "R-SPF-REFUSES"),
        (share(address.unsigned, address.mails) >= 0.5, "R-UNSIGNED"),
        (address.broken.total() > 0, "R-FORGED-SIGNATURE"),
        (header, "R-STRANGE-SUBDOMAIN"),
        (context.is_swarm, "R-SPREAD"),
        (address.foreign_envelopes.0.keys().chain(address.envelopes.0.keys()).any(is_shared), "R-SHARED-ENVELOPE"),
        (address.active_days() <= 3 || address.span_days() <= 10, "R-SHORT-LIVED"),
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
