//! Where reports go: does the other side agree to take them, and can mail reach it?

use super::facts::{Destination, Facts, MailTo};
use super::finding::{CheckFinding, Level, Notes, Publish, Topic};
use crate::dns::{Answer, dmarc};
use crate::words::{Said, said};

/// Longest name in DNS, in octets (RFC 1035 2.3.4).
const NAME_BYTES_MAX: usize = 253;

pub(super) fn check(facts: &Facts, notes: &mut Notes) {
    let mut judged = Vec::new();
    for destination in &facts.destinations {
        let fault = fault(destination).or_else(|| mail_fault(destination));
        judged.push((destination, fault));
    }
    let is_lost = |tag: &str| {
        let mut published = judged.iter().filter(|(destination, _)| destination.is_published && destination.tag == tag);
        published.clone().next().is_some() && published.all(|(_, fault)| matches!(fault, Some(Fault::Lost(_))))
    };
    let none_arrives = is_lost("rua");
    for (destination, fault) in &judged {
        match fault {
            Some(Fault::Lost(finding)) => {
                let mut finding = finding.as_ref().clone();
                finding.level = match (destination.is_published, destination.tag) {
                    (true, "rua") if none_arrives => Level::Critical,
                    (true, "rua") => Level::Warning,
                    _ => Level::Info,
                };
                notes.push(finding);
            }
            Some(Fault::Unanswered(name, failure)) if destination.is_published => {
                notes.unanswered(Topic::Reports, "rua-unanswered", name, *failure);
            }
            Some(Fault::Unanswered(..)) => {}
            None => notes.good(Topic::Reports, good(destination)),
        }
    }
    for destination in facts.destinations.iter().filter(|destination| destination.mail == MailTo::AddressOnly) {
        let host = &destination.host;
        let text = said!("check-rua-no-mx", host = host);
        let finding = CheckFinding::new(Topic::Reports, Level::Info, "rua-no-mx", host, text);
        notes.push(finding.advice(said!("check-rua-no-mx-fix", host = host)));
    }
}

/// Why reports do not reach an address.
enum Fault {
    Lost(Box<CheckFinding>),
    Unanswered(String, crate::dns::Failure),
}

fn good(destination: &Destination) -> Said {
    let agreed = if destination.authorisation.is_some() { said!("check-rua-agreed") } else { Said::default() };
    said!("check-rua-good", tag = destination.tag, address = destination.address, agreed = agreed)
}

/// How much it matters is said later, when it is known what else is lost.
fn lost(rule: &'static str, subject: &str, text: Said) -> CheckFinding {
    CheckFinding::new(Topic::Reports, Level::Warning, rule, subject, text)
}

/// The authorisation of RFC 9990 4.
fn fault(destination: &Destination) -> Option<Fault> {
    let (name, answer) = destination.authorisation.as_ref()?;
    let Destination { tag, address, host, .. } = destination;
    if name.len() > NAME_BYTES_MAX {
        let text = said!("check-rua-name-too-long", tag = tag, address = address, host = host, name = name);
        let finding = lost("rua-name-too-long", host, text);
        return Some(Fault::Lost(Box::new(finding.advice(said!("check-rua-name-too-long-fix")))));
    }
    if let Answer::Failed(failure) = answer {
        return Some(Fault::Unanswered(name.clone(), *failure));
    }
    let agreed: Vec<&String> = answer.records().iter().filter(|text| dmarc::is_record(text)).collect();
    if agreed.is_empty() {
        let what = if answer.records().is_empty() { said!("check-rua-no-txt") } else { said!("check-rua-other-txt") };
        let text = said!("check-rua-unauthorised", tag = tag, address = address, host = host, name = name, what = what);
        let advice = said!("check-rua-unauthorised-fix", host = host);
        let suffix = format!(".{host}");
        let publish = Publish {
            host: name.strip_suffix(&suffix).unwrap_or(name).to_owned(),
            domain: host.clone(),
            ttl_s: None,
            text: "v=DMARC1".to_owned(),
        };
        let finding = lost("rua-unauthorised", name, text);
        let finding = finding.advice(advice).evidence(answer.records().iter().cloned()).publish(publish);
        return Some(Fault::Lost(Box::new(finding)));
    }
    let elsewhere = agreed.iter().find_map(|text| replaced(text, tag)).filter(|to| to != host)?;
    let text =
        said!("check-rua-elsewhere", tag = tag, address = address, name = name, elsewhere = elsewhere, host = host);
    let finding = lost("rua-authorisation-elsewhere", name, text);
    let advice = said!("check-rua-elsewhere-fix", host = host);
    let evidence = agreed.into_iter().cloned();
    Some(Fault::Lost(Box::new(finding.advice(advice).evidence(evidence))))
}

/// The host that an authorisation puts in the place of the owner's; `None` when it names none.
fn replaced(text: &str, tag: &str) -> Option<String> {
    let read = dmarc::read(text)?;
    let uris = if tag == "rua" { &read.record.rua } else { &read.record.ruf };
    uris.first().and_then(dmarc::ReportUri::host)
}

/// Whether mail can be delivered.
fn mail_fault(destination: &Destination) -> Option<Fault> {
    let Destination { tag, address, host, .. } = destination;
    let (rule, what) = match destination.mail {
        MailTo::Servers | MailTo::AddressOnly => return None,
        MailTo::Unknown(failure) => return Some(Fault::Unanswered(host.clone(), failure)),
        MailTo::Refused => ("rua-null-mx", said!("check-rua-null-mx")),
        MailTo::Nowhere => ("rua-no-mail-server", said!("check-rua-nowhere")),
        MailTo::ServersWithoutAddress => ("rua-no-mail-server", said!("check-rua-mx-no-address")),
    };
    let text = said!("check-rua-undeliverable", tag = tag, address = address, host = host, what = what);
    let finding = lost(rule, host, text);
    Some(Fault::Lost(Box::new(finding.advice(said!("check-rua-undeliverable-fix", host = host)))))
}
