//! What to do about a sender, one sentence a step, most mails first.

use std::collections::BTreeMap;
use std::net::IpAddr;

use super::super::class::Class;
use super::super::known_sender::{CanAlign, KnownSender, SenderKind};
use super::cause::Cause;
use crate::words::{Said, said};

/// What a fix is written for.
pub(super) struct Patient<'p> {
    pub(super) domain: &'p str,
    pub(super) key: &'p str,
    pub(super) class: Class,
    pub(super) mails: u64,
    pub(super) service: Option<&'p KnownSender>,
    /// Failing mails by cause.
    pub(super) causes: &'p BTreeMap<Cause, u64>,
    /// The selector that is broken most often.
    pub(super) selector: Option<&'p str>,
    /// The address that fails most; `None` where only internal ones were reported, which no record can name.
    pub(super) address: Option<String>,
    pub(super) is_declared: bool,
}

/// The steps; none where there is nothing to do.
pub(super) fn fix(patient: &Patient<'_>) -> Vec<Said> {
    match patient.class {
        Class::Own | Class::Authorised | Class::Misconfigured => {}
        // Records without a count that can be read hold no mail to ask about.
        Class::Unknown if !patient.is_declared && patient.mails > 0 => {
            return vec![said!("fix-say-what", key = patient.key, domain = patient.domain)];
        }
        _ => return Vec::new(),
    }
    let failing: u64 = patient.causes.values().sum();
    // One mail in a hundred is not worth a step.
    let mut causes: Vec<(Cause, u64)> = patient
        .causes
        .iter()
        .map(|(cause, mails)| (*cause, *mails))
        .filter(|(_, mails)| mails * 20 >= failing)
        .collect();
    causes.sort_by_key(|(cause, mails)| (std::cmp::Reverse(*mails), *cause));
    let mut steps: Vec<Said> = Vec::new();
    for (cause, _) in causes {
        for step in steps_of(cause, patient) {
            if !steps.contains(&step) {
                steps.push(step);
            }
        }
    }
    steps
}

fn steps_of(cause: Cause, patient: &Patient<'_>) -> Vec<Said> {
    let Patient { domain, selector, address, .. } = patient;
    let selector = selector.unwrap_or("SELECTOR");
    match cause {
        Cause::StrictOnly => vec![said!("fix-strict", domain = domain)],
        Cause::ReporterDisagrees => vec![said!("fix-disagrees", domain = domain)],
        Cause::NotJudged => vec![said!("fix-not-judged")],
        Cause::SelectorUnknown => vec![said!("fix-selector-unknown", selector = selector, domain = domain)],
        Cause::KeyMissing => vec![said!("fix-key-missing", selector = selector, domain = domain)],
        Cause::BrokenInTransit => vec![said!("fix-broken", selector = selector)],
        Cause::NotInSpf | Cause::ReturnPathNotAligned | Cause::NoSignature => match patient.service {
            Some(service) => of_service(cause, service, domain),
            None => {
                let by_spf = match address {
                    None => said!("fix-internal"),
                    Some(address) if cause == Cause::ReturnPathNotAligned => {
                        said!("fix-envelope", domain = domain, address = address)
                    }
                    Some(address) => said!("fix-spf", address = address, domain = domain),
                };
                vec![said!("fix-sign-here", domain = domain), by_spf]
            }
        },
        Cause::Forwarder | Cause::List | Cause::Spoof => Vec::new(),
    }
}

fn of_service(cause: Cause, service: &KnownSender, domain: &str) -> Vec<Said> {
    let mut steps = Vec::new();
    if !service.fix_dkim.is_empty() && service.align_dkim != CanAlign::No {
        steps.push(said!("fix-service", fix = Said::both(&service.fix_dkim, &service.fix_dkim_ja), domain = domain));
    }
    let helps = cause != Cause::NoSignature || steps.is_empty() || service.kind == SenderKind::WebHost;
    if helps && !service.fix_spf.is_empty() && service.align_spf != CanAlign::No {
        steps.push(Said::both(&service.fix_spf, &service.fix_spf_ja));
    }
    if steps.is_empty() {
        steps.push(said!("fix-service-cannot", service = service.name, domain = domain));
    }
    steps
}

/// An address that means something only inside of somebody's network (RFC 1918, 4193, 6598 and the like).
pub(super) const fn is_internal(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            let [first, second, ..] = address.octets();
            address.is_private()
                || address.is_loopback()
                || address.is_link_local()
                || address.is_unspecified()
                || first == 100 && second & 0xc0 == 64
        }
        IpAddr::V6(address) => {
            address.is_loopback()
                || address.is_unspecified()
                || address.is_unique_local()
                || address.is_unicast_link_local()
        }
    }
}
