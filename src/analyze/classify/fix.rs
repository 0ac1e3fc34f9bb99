//! What to do about a sender, one sentence a step, most mails first.

use std::collections::BTreeMap;

use super::super::class::Class;
use super::super::known_sender::{CanAlign, KnownSender, SenderKind};
use super::cause::Cause;

/// What a fix is written for.
pub(super) struct Patient<'p> {
    pub(super) domain: &'p str,
    pub(super) key: &'p str,
    pub(super) class: Class,
    pub(super) service: Option<&'p KnownSender>,
    /// Failing mails by cause.
    pub(super) causes: &'p BTreeMap<Cause, u64>,
    /// The selector that is broken most often.
    pub(super) selector: Option<&'p str>,
    /// An address of it.
    pub(super) address: String,
    pub(super) is_declared: bool,
}

/// The steps; none where there is nothing to do.
pub(super) fn fix(patient: &Patient<'_>) -> Vec<String> {
    match patient.class {
        Class::Own | Class::Authorised | Class::Misconfigured => {}
        Class::Unknown if !patient.is_declared => {
            return vec![format!(
                "Say what it is: `ruascope sources tag {} legit`, or forwarder, spoof, ignore; until then it counts against readiness",
                patient.key
            )];
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
    let mut steps: Vec<String> = Vec::new();
    for (cause, _) in causes {
        for step in steps_of(cause, patient) {
            if !steps.contains(&step) {
                steps.push(step);
            }
        }
    }
    steps
}

fn steps_of(cause: Cause, patient: &Patient<'_>) -> Vec<String> {
    let Patient { domain, selector, address, .. } = patient;
    let selector = selector.unwrap_or("SELECTOR");
    match cause {
        Cause::StrictOnly => vec![format!(
            "Publish adkim=r and aspf=r in the DMARC record of {domain}, or sign and bounce with the very name of the author address"
        )],
        Cause::SelectorUnknown => vec![format!(
            "Publish the key {selector}._domainkey.{domain} that this sender signs with, or have it sign with a selector that is published"
        )],
        Cause::KeyMissing => vec![format!(
            "Publish {selector}._domainkey.{domain} again: mails are still signed with it and the key is gone or revoked"
        )],
        Cause::BrokenInTransit => vec![format!(
            "Look for what changes mails after they are signed with {selector} (footers, scanners, re-encoding), and sign last"
        )],
        Cause::NotInSpf | Cause::ReturnPathNotAligned | Cause::NoSignature => match patient.service {
            Some(service) => of_service(cause, service, domain),
            None => vec![
                format!("Sign with DKIM for {domain} on this server, or send through one that signs"),
                if cause == Cause::ReturnPathNotAligned {
                    format!(
                        "Use an envelope sender (return path) of {domain} or below it, and let SPF pass there for {address}"
                    )
                } else {
                    format!("Add {address} to the SPF record of the envelope domain: `ruascope spf suggest {domain}`")
                },
            ],
        },
        Cause::Forwarder | Cause::List | Cause::Spoof => Vec::new(),
    }
}

fn of_service(cause: Cause, service: &KnownSender, domain: &str) -> Vec<String> {
    let mut steps = Vec::new();
    if !service.fix_dkim.is_empty() && service.align_dkim != CanAlign::No {
        steps.push(format!("{} ({domain})", service.fix_dkim));
    }
    let helps = cause != Cause::NoSignature || steps.is_empty() || service.kind == SenderKind::WebHost;
    if helps && !service.fix_spf.is_empty() && service.align_spf != CanAlign::No {
        steps.push(service.fix_spf.clone());
    }
    if steps.is_empty() {
        steps.push(format!("{} can't authenticate as {domain}: let it send from an address of its own, or from a subdomain with a record of its own", service.name));
    }
    steps
}
