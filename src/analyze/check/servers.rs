//! Whether every name server of the zone and every resolver says the same.
//!
//! Where the name servers of a zone differ, it depends on chance what a receiver finds, so the badge is `broken`. A
//! resolver may remember what was there before: that passes, and the badge stays what the resolver says.

use std::collections::BTreeMap;

use super::facts::{Facts, ServerSaid};
use super::finding::{Badge, Badges, CheckFinding, Level, Notes, Topic, why_not};
use crate::dns::{Answer, Lookup, dmarc, spf};
use crate::words::{Said, said};

/// Servers that a finding quotes.
const SHOWN_MAX: usize = 6;

/// What a server says about one name: what it calls the records that count.
type Answers<'a> = BTreeMap<&'a str, Vec<&'a ServerSaid>>;

pub(super) fn check(facts: &Facts, notes: &mut Notes, mut badges: Badges) -> Badges {
    let domain = &facts.published.domain;
    let mut agree = true;
    let names = facts.servers.first().map(|first| first.answers.keys()).into_iter().flatten();
    for name in names {
        let (topic, is_kind): (Topic, fn(&str) -> bool) = if name == domain {
            (Topic::Spf, spf::is_record)
        } else if *name == format!("_dmarc.{domain}") {
            (Topic::Dmarc, dmarc::is_record)
        } else {
            (Topic::Dkim, |_| true)
        };
        match compared(facts, (name, topic), is_kind, notes) {
            Compared::Same => {}
            Compared::ResolverDiffers => agree = false,
            Compared::ZoneDiffers => {
                agree = false;
                let badge = match topic {
                    Topic::Spf => &mut badges.spf,
                    Topic::Dmarc => &mut badges.dmarc,
                    _ => &mut badges.dkim,
                };
                *badge = Badge::Broken;
            }
        }
    }
    silent(facts, notes);
    let spoke = facts.servers.iter().filter(|said| spoke(said)).count();
    if agree && spoke > 1 {
        notes.good(Topic::More, said!("check-servers-agree", spoke = spoke));
    }
    badges
}

#[derive(PartialEq, Eq)]
enum Compared {
    Same,
    ResolverDiffers,
    ZoneDiffers,
}

fn compared(facts: &Facts, (name, topic): (&str, Topic), is_kind: fn(&str) -> bool, notes: &mut Notes) -> Compared {
    let texts: Vec<(String, &ServerSaid)> =
        facts.servers.iter().filter_map(|said| Some((text(said.answers.get(name)?, is_kind)?, said))).collect();
    let group = |is_of_zone: Option<bool>| {
        let mut groups: Answers<'_> = BTreeMap::new();
        for (text, said) in texts.iter().filter(|(_, said)| is_of_zone.is_none_or(|kind| said.is_of_zone == kind)) {
            groups.entry(text).or_default().push(said);
        }
        groups
    };
    let (of_zone, all) = (group(Some(true)), group(None));
    let evidence = || all.iter().map(|(text, servers)| format!("{}: {text}", called(servers)));
    if of_zone.len() > 1 {
        let text = said!("check-servers-differ", name = name, told = told(&of_zone));
        let finding = CheckFinding::new(topic, Level::Critical, "dns-servers-differ", name, text);
        notes.push(finding.advice(said!("check-servers-differ-fix")).evidence(evidence()));
        return Compared::ZoneDiffers;
    }
    if all.len() > 1 {
        let ttl_s = texts
            .iter()
            .filter(|(_, said)| !said.is_of_zone)
            .filter_map(|(_, said)| said.answers.get(name)?.ttl_s)
            .max();
        let text = match of_zone.keys().next() {
            Some(_) => {
                said!("check-resolver-differs", name = name, told = told(&all))
            }
            None => said!("check-resolvers-differ", name = name, told = told(&all)),
        };
        let finding = CheckFinding::new(topic, Level::Warning, "dns-resolver-differs", name, text);
        let patience = ttl_s.map_or_else(Said::default, |ttl_s| said!("check-resolver-patience", ttl_s = ttl_s));
        let advice = said!("check-resolver-differs-fix", patience = patience, domain = facts.published.domain);
        notes.push(finding.advice(advice).evidence(evidence()));
        return Compared::ResolverDiffers;
    }
    Compared::Same
}

/// What a server says in one line; `None` when it does not say anything. Behind an alias another zone answers, so the
/// alias itself is compared.
fn text(lookup: &Lookup<String>, is_kind: fn(&str) -> bool) -> Option<String> {
    if let Some(alias) = lookup.aliases.first() {
        return Some(format!("an alias of {alias}"));
    }
    match &lookup.answer {
        Answer::Failed(_) => None,
        Answer::NoData | Answer::NxDomain => Some("nothing".to_owned()),
        Answer::Found(texts) => {
            let mut texts: Vec<&str> = texts.iter().map(String::as_str).filter(|text| is_kind(text)).collect();
            texts.sort_unstable();
            Some(if texts.is_empty() { "nothing".to_owned() } else { texts.join(" | ") })
        }
    }
}

fn told(groups: &Answers<'_>) -> Said {
    let told: Vec<Said> = groups
        .iter()
        .map(|(text, servers)| said!("check-servers-at", text = shortened(text), servers = called(servers)))
        .collect();
    Said::parts(told)
}

/// A key is long, and the evidence has it whole.
fn shortened(text: &str) -> String {
    const CHARS_MAX: usize = 60;
    if text.chars().count() <= CHARS_MAX {
        return text.to_owned();
    }
    format!("{}…", text.chars().take(CHARS_MAX).collect::<String>())
}

fn called(servers: &[&ServerSaid]) -> Said {
    let names: Vec<&str> = servers.iter().take(SHOWN_MAX).map(|said| said.server.as_str()).collect();
    let more = servers.len().saturating_sub(SHOWN_MAX);
    if more == 0 { names.join(", ").into() } else { said!("check-and-more", list = names.join(", "), more = more) }
}

fn spoke(said: &ServerSaid) -> bool {
    said.answers.values().any(|lookup| !lookup.answer.is_unknown() || !lookup.aliases.is_empty())
}

/// Name servers that say nothing here. That may be the way to them, so it is only told.
fn silent(facts: &Facts, notes: &mut Notes) {
    let domain = &facts.published.domain;
    let silent: Vec<&ServerSaid> = facts.servers.iter().filter(|said| said.is_of_zone && !spoke(said)).collect();
    let Some(first) = silent.first() else { return };
    let why = first.answers.values().find_map(|lookup| lookup.answer.failure()).map_or_else(Said::default, why_not);
    let text = said!("check-servers-silent", domain = domain, servers = called(&silent), why = why);
    let finding = CheckFinding::new(Topic::More, Level::Info, "dns-server-silent", domain, text);
    notes.push(finding.advice(said!("check-servers-silent-fix")));
}
