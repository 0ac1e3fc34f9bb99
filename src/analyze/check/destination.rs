//! Where reports go: does the other side agree to take them, and can mail reach it?

use super::facts::{Destination, Facts, MailTo};
use super::finding::{CheckFinding, Level, Notes, Publish, Topic};
use crate::dns::{Answer, dmarc};

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
        let text = format!("{host} has no MX record; mail goes to its address instead, which not everybody tries");
        let finding = CheckFinding::new(Topic::Reports, Level::Info, "rua-no-mx", host, text);
        notes.push(finding.advice(format!("publish an MX record for {host}")));
    }
}

/// Why reports do not reach an address.
enum Fault {
    Lost(Box<CheckFinding>),
    Unanswered(String, crate::dns::Failure),
}

fn good(destination: &Destination) -> String {
    let agreed = if destination.authorisation.is_some() { ", which agrees to take reports" } else { "" };
    format!("{}: {}{agreed}", destination.tag, destination.address)
}

/// How much it matters is said later, when it is known what else is lost.
fn lost(rule: &'static str, subject: &str, text: String) -> CheckFinding {
    CheckFinding::new(Topic::Reports, Level::Warning, rule, subject, text)
}

/// The authorisation of RFC 9990 4.
fn fault(destination: &Destination) -> Option<Fault> {
    let (name, answer) = destination.authorisation.as_ref()?;
    let Destination { tag, address, host, .. } = destination;
    if name.len() > NAME_BYTES_MAX {
        let text =
            format!("{tag} {address}: {host} can't agree to take reports, because {name} is longer than a name may be");
        let finding = lost("rua-name-too-long", host, text);
        return Some(Fault::Lost(Box::new(finding.advice("let reports go to a shorter domain"))));
    }
    if let Answer::Failed(failure) = answer {
        return Some(Fault::Unanswered(name.clone(), *failure));
    }
    let agreed: Vec<&String> = answer.records().iter().filter(|text| dmarc::is_record(text)).collect();
    if agreed.is_empty() {
        let what =
            if answer.records().is_empty() { "has no TXT record" } else { "has only TXT records of another kind" };
        let text = format!(
            "{tag} {address}: {host} is external and does not authorise it, so no report is sent there: {name} {what} \"v=DMARC1\""
        );
        let advice = format!("ask the owner of {host} to publish this record, or choose an address in your own domain");
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
    let text = format!(
        "{tag} {address}: the record at {name} sends reports to {elsewhere} instead, which is not {host}, so none is sent"
    );
    let finding = lost("rua-authorisation-elsewhere", name, text);
    let advice = format!("ask the owner of {host} to remove rua from it (RFC 9990 4)");
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
        MailTo::Refused => ("rua-null-mx", "says that it takes no mail (null MX)"),
        MailTo::Nowhere => ("rua-no-mail-server", "has neither an MX record nor an address"),
        MailTo::ServersWithoutAddress => ("rua-no-mail-server", "has only mail servers (MX) without an address"),
    };
    let text = format!("{tag} {address}: {host} {what}, so reports can't be delivered");
    let finding = lost(rule, host, text);
    Some(Fault::Lost(Box::new(finding.advice(format!("correct the MX records of {host}, or choose another address")))))
}
