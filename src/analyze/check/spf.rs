//! The SPF record, and everything that it leads to.

use std::net::IpAddr;

use ipnet::IpNet;

use super::facts::Facts;
use super::finding::{Badge, CheckFinding, Level, Notes, Publish, Topic};
use crate::dns::spf::{self, Kind, LOOKUPS_MAX, Mechanism, Qualifier, VOID_LOOKUPS_MAX};
use crate::dns::{Answer, Severity, SpfOutcome, SpfStep, SpfTree};

/// So many look-ups leave no room for a sender to change its record.
const LOOKUPS_NEAR: usize = 9;

pub(super) fn check(facts: &Facts, notes: &mut Notes) -> Badge {
    let domain = &facts.published.domain;
    almost(facts, notes);
    match &facts.published.spf {
        Answer::Failed(failure) => {
            notes.unanswered(Topic::Spf, "spf-unanswered", domain, *failure);
            Badge::Unknown
        }
        Answer::NoData | Answer::NxDomain => missing(facts, notes),
        Answer::Found(records) => match records.as_slice() {
            [record] => one(facts, record, notes),
            records => {
                let text = format!(
                    "{domain}: there are {} SPF records, so all mail ends as permerror (RFC 7208 4.5)",
                    records.len()
                );
                let finding = CheckFinding::new(Topic::Spf, Level::Critical, "spf-multiple", domain, text);
                notes.push(finding.advice("put them together into one").evidence(records.iter().cloned()));
                Badge::Broken
            }
        },
    }
}

fn missing(facts: &Facts, notes: &mut Notes) -> Badge {
    let domain = &facts.published.domain;
    let (level, text) =
        if facts.meant.is_parked { (Level::Info, "v=spf1 -all") } else { (Level::Warning, "v=spf1 mx ~all") };
    let what = match facts.domain_txt.aliases.last() {
        Some(alias) => format!("{domain}: no SPF record is found behind its alias (CNAME) {alias}"),
        None => format!("{domain}: no SPF record is there"),
    };
    let finding = CheckFinding::new(Topic::Spf, level, "spf-missing", domain, what);
    if facts.meant.is_parked {
        let publish = Publish { host: String::new(), domain: domain.clone(), ttl_s: None, text: text.to_owned() };
        notes.push(finding.advice("say that nobody sends mail as this domain").publish(publish));
    } else {
        notes
            .push(finding.advice(format!("`ruascope spf suggest {domain}` puts one together; the smallest is {text}")));
    }
    Badge::Missing
}

/// Texts that their author took for an SPF record.
fn almost(facts: &Facts, notes: &mut Notes) {
    let domain = &facts.published.domain;
    for text in facts.domain_txt.answer.records().iter().filter(|text| !spf::is_record(text)) {
        let bare =
            text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '“' | '”' | '\\' | '\u{feff}'));
        let start: String = bare.chars().take(16).collect::<String>().to_ascii_lowercase();
        let (rule, level, what, advice) = if start.starts_with("spf2.0/") {
            ("spf-sender-id", Level::Info, "a Sender ID record is historic, and nobody looks at it", "remove it")
        } else if start.starts_with("v=spf1") && start != "v=spf1" && !start.starts_with("v=spf1 ") {
            let advice = "write v=spf1, a blank, and then the terms";
            (
                "spf-not-a-record",
                Level::Warning,
                "a TXT record looks like SPF, but no blank follows v=spf1, so it counts for nothing",
                advice,
            )
        } else if start.starts_with("v=spf") || start.starts_with("v = spf") || start.starts_with("spf1 ") {
            let advice = "publish it without quotes and blanks before v=spf1";
            (
                "spf-not-a-record",
                Level::Warning,
                "a TXT record looks like SPF, but does not begin with v=spf1, so it counts for nothing",
                advice,
            )
        } else {
            continue;
        };
        let finding = CheckFinding::new(Topic::Spf, level, rule, domain, format!("{domain}: {what}"));
        notes.push(finding.advice(advice).evidence(Some(text.clone())));
    }
}

fn one(facts: &Facts, text: &str, notes: &mut Notes) -> Badge {
    let domain = &facts.published.domain;
    let Some(read) = spf::read(text) else { return Badge::Broken };
    let mut is_broken = !read.is_valid;
    for finding in read.findings {
        // The tree says it better, with all records that are included.
        if finding.rule == "spf-lookups-own" && facts.spf.is_some() {
            continue;
        }
        // A term that is ignored does not stop the others.
        let is_ignored = finding.rule == "spf-equals-sign";
        is_broken |= finding.severity == Severity::Error && !is_ignored;
        let mut finding = CheckFinding::of_record(Topic::Spf, domain, text, finding);
        if is_ignored {
            finding.level = Level::Warning;
        }
        notes.push(finding);
    }
    if facts.meant.is_parked && !is_closed(&read.record) {
        let what = format!("{domain} sends no mail, but its SPF record names senders");
        let finding = CheckFinding::new(Topic::Spf, Level::Info, "spf-parked", domain, what);
        let publish =
            Publish { host: String::new(), domain: domain.clone(), ttl_s: None, text: "v=spf1 -all".to_owned() };
        notes.push(finding.advice("say that nobody sends mail as this domain").publish(publish));
    }
    let Some(tree) = &facts.spf else { return if is_broken { Badge::Broken } else { Badge::Set } };
    is_broken |= count(domain, tree, notes);
    for (path, step) in tree.walk() {
        is_broken |= outcome(domain, &path, step, notes);
    }
    is_broken |= included(domain, tree, notes);
    covered(facts, notes);
    if is_broken {
        return Badge::Broken;
    }
    if tree.has_failed() {
        return Badge::Unknown;
    }
    notes.good(Topic::Spf, format!("1 record, {} of {LOOKUPS_MAX} look-ups", tree.lookups()));
    Badge::Set
}

/// The record says that nobody sends.
fn is_closed(record: &spf::SpfRecord) -> bool {
    let only = Kind::Directive(Qualifier::Fail, Mechanism::All);
    record.terms.first().is_some_and(|term| term.kind == only)
}

/// The two limits of RFC 7208 4.6.4; `true` when one is passed.
fn count(domain: &str, tree: &SpfTree, notes: &mut Notes) -> bool {
    let steps = tree.walk();
    let paths = |is: &dyn Fn(&SpfStep) -> bool| -> Vec<String> {
        steps.iter().filter(|(_, step)| is(step)).map(|(path, _)| path.join(" > ")).collect()
    };
    let (count, voids) = (tree.lookups(), tree.void_lookups());
    if count > LOOKUPS_MAX {
        let beyond = paths(&|step| step.lookup.is_some_and(|number| number > LOOKUPS_MAX));
        let text = format!(
            "{domain}: SPF takes {count} DNS look-ups and 10 are allowed, so mail ends as permerror; beyond the tenth: {}",
            shorten(&beyond)
        );
        let finding = CheckFinding::new(Topic::Spf, Level::Critical, "spf-lookups", domain, text);
        let advice = "drop what sends no mail any more, or replace terms by ip4: and ip6:";
        notes.push(finding.advice(advice).evidence(paths(&|step| step.lookup.is_some())));
    } else if count >= LOOKUPS_NEAR {
        let text = format!("{domain}: SPF takes {count} of the 10 DNS look-ups that are allowed");
        let finding = CheckFinding::new(Topic::Spf, Level::Info, "spf-lookups-near", domain, text);
        notes.push(finding.advice("a change in an included record can break it: drop what sends no mail any more"));
    }
    if voids > VOID_LOOKUPS_MAX {
        let text = format!(
            "{domain}: {voids} terms of SPF find nothing in DNS (void look-ups) and 2 are allowed, so mail ends as permerror: {}",
            shorten(&paths(&|step| step.is_void))
        );
        let finding = CheckFinding::new(Topic::Spf, Level::Critical, "spf-void-lookups", domain, text);
        notes.push(finding.advice("remove the terms that lead nowhere"));
    }
    count > LOOKUPS_MAX || voids > VOID_LOOKUPS_MAX
}

/// The first few of a list.
fn shorten(list: &[String]) -> String {
    let first: Vec<&str> = list.iter().take(4).map(String::as_str).collect();
    let more = list.len() - first.len();
    if more == 0 { first.join(", ") } else { format!("{} and {more} more", first.join(", ")) }
}

/// Says what is wrong with a term; `true` when it breaks the record.
fn outcome(domain: &str, path: &[String], step: &SpfStep, notes: &mut Notes) -> bool {
    let (term, target) = (path.join(" > "), step.target.as_deref().unwrap_or(domain));
    let (level, rule, what, advice) = match step.outcome {
        // What is wrong inside an included record is said by its reader.
        SpfOutcome::Fine | SpfOutcome::Dynamic | SpfOutcome::NotAsked | SpfOutcome::InvalidRecord => return false,
        SpfOutcome::Failed(failure) => {
            notes.unanswered(Topic::Spf, "spf-term-unanswered", target, failure);
            return false;
        }
        SpfOutcome::Nothing => {
            let what = format!("{term}: {target} has no such record, so the term names nobody");
            // What others include is theirs to correct.
            let level = if path.len() > 1 { Level::Info } else { Level::Warning };
            (level, "spf-void", what, "correct the name, or remove the term")
        }
        SpfOutcome::NoRecord => {
            let what = format!("{term}: {target} has no SPF record, so mail that gets here ends as permerror");
            (Level::Critical, "spf-include-missing", what, "correct the name, or remove the term (RFC 7208 5.2)")
        }
        SpfOutcome::SeveralRecords(count) => {
            let what = format!("{term}: {target} has {count} SPF records, so mail that gets here ends as permerror");
            (
                Level::Critical,
                "spf-include-multiple",
                what,
                "tell its owner; until then list the networks with ip4: and ip6:",
            )
        }
        SpfOutcome::Loop => {
            let what =
                format!("{term}: {target} leads back to a record on the way to it (a loop), so mail ends as permerror");
            (Level::Critical, "spf-loop", what, "remove the term that closes the circle")
        }
        SpfOutcome::TooManyHosts(count) => {
            let what = format!(
                "{term}: {target} has {count} mail servers, and more than 10 end as permerror (RFC 7208 4.6.4)"
            );
            (Level::Critical, "spf-mx-many", what, "list the networks with ip4: and ip6:")
        }
    };
    let finding = CheckFinding::new(Topic::Spf, level, rule, target, format!("{domain}: {what}"));
    notes.push(finding.advice(advice));
    level == Level::Critical
}

/// Faults of records that are included: others have to correct them, but mail fails all the same.
fn included(domain: &str, tree: &SpfTree, notes: &mut Notes) -> bool {
    let mut is_broken = false;
    for (other, text) in tree.included() {
        let Some(read) = spf::read(text) else { continue };
        let passes_all = |finding: &crate::dns::Finding| finding.rule == "spf-all-pass";
        let faults: Vec<_> = read.findings.iter().filter(|f| f.severity == Severity::Error).cloned().collect();
        for fault in faults.into_iter().filter(|fault| !read.is_valid || passes_all(fault)) {
            let mut finding = CheckFinding::of_record(Topic::Spf, other, text, fault);
            finding.text = format!("{domain}: a record that SPF includes is wrong: {}", finding.text);
            notes.push(finding.advice(format!("tell the owner of {other}, or remove the term that leads there")));
        }
        is_broken |= !read.is_valid;
    }
    is_broken
}

/// Declared senders whose addresses the record does not name, and whose mail is not seen to pass by another name.
fn covered(facts: &Facts, notes: &mut Notes) {
    let domain = &facts.published.domain;
    let Some(cover) = facts.published.spf_cover.as_ref().filter(|cover| cover.is_complete) else { return };
    for (sender, networks) in &facts.meant.senders {
        let passes_elsewhere = |network: &IpNet| facts.reports.spf_addresses.iter().any(|ip| network.contains(ip));
        let ends = |network: &IpNet| [network.network(), network.broadcast()];
        let is_covered = |network: &IpNet| ends(network).into_iter().all(|ip: IpAddr| cover.passes(ip).is_some());
        let open = networks.iter().filter(|network| !is_covered(network) && !passes_elsewhere(network));
        let open: Vec<String> = open.map(ToString::to_string).collect();
        if !open.is_empty() {
            let text = format!("{domain}: SPF does not cover {} of your sender \"{sender}\"", shorten(&open));
            let finding = CheckFinding::new(Topic::Spf, Level::Warning, "spf-sender-uncovered", domain, text);
            notes.push(finding.advice("list its addresses with ip4: and ip6:, or correct the sender in the settings"));
        }
    }
}
