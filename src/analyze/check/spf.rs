//! The SPF record, and everything that it leads to.

use std::net::IpAddr;

use ipnet::IpNet;

use super::facts::Facts;
use super::finding::{Badge, CheckFinding, Level, Notes, Publish, Topic};
use crate::dns::spf::{self, Kind, LOOKUPS_MAX, Mechanism, Qualifier, VOID_LOOKUPS_MAX};
use crate::dns::{Answer, Severity, SpfOutcome, SpfStep, SpfTree};
use crate::words::{Said, said};

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
                let text = said!("check-spf-multiple", domain = domain, count = records.len());
                let finding = CheckFinding::new(Topic::Spf, Level::Critical, "spf-multiple", domain, text);
                notes.push(finding.advice(said!("check-spf-multiple-fix")).evidence(records.iter().cloned()));
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
        Some(alias) => said!("check-spf-alias-nowhere", domain = domain, alias = alias),
        None => said!("check-spf-missing", domain = domain),
    };
    let finding = CheckFinding::new(Topic::Spf, level, "spf-missing", domain, what);
    if facts.meant.is_parked {
        let publish = Publish { host: String::new(), domain: domain.clone(), ttl_s: None, text: text.to_owned() };
        notes.push(finding.advice(said!("check-spf-parked-fix")).publish(publish));
    } else {
        notes.push(finding.advice(said!("check-spf-missing-fix", domain = domain, text = text)));
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
            ("spf-sender-id", Level::Info, said!("check-spf-sender-id"), said!("check-remove-it"))
        } else if start.starts_with("v=spf1") && start != "v=spf1" && !start.starts_with("v=spf1 ") {
            let advice = said!("check-spf-no-blank-fix");
            ("spf-not-a-record", Level::Warning, said!("check-spf-no-blank"), advice)
        } else if start.starts_with("v=spf") || start.starts_with("v = spf") || start.starts_with("spf1 ") {
            let advice = said!("check-spf-no-version-fix");
            ("spf-not-a-record", Level::Warning, said!("check-spf-no-version"), advice)
        } else {
            continue;
        };
        let finding =
            CheckFinding::new(Topic::Spf, level, rule, domain, said!("check-of-domain", domain = domain, what = what));
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
        let what = said!("check-spf-parked", domain = domain);
        let finding = CheckFinding::new(Topic::Spf, Level::Info, "spf-parked", domain, what);
        let publish =
            Publish { host: String::new(), domain: domain.clone(), ttl_s: None, text: "v=spf1 -all".to_owned() };
        notes.push(finding.advice(said!("check-spf-parked-fix")).publish(publish));
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
    notes.good(Topic::Spf, said!("check-spf-good", lookups = tree.lookups(), max = LOOKUPS_MAX));
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
        let text = said!("check-spf-lookups", domain = domain, count = count, beyond = shorten(&beyond));
        let finding = CheckFinding::new(Topic::Spf, Level::Critical, "spf-lookups", domain, text);
        let advice = said!("check-spf-lookups-fix");
        notes.push(finding.advice(advice).evidence(paths(&|step| step.lookup.is_some())));
    } else if count >= LOOKUPS_NEAR {
        let text = said!("check-spf-lookups-near", domain = domain, count = count);
        let finding = CheckFinding::new(Topic::Spf, Level::Info, "spf-lookups-near", domain, text);
        notes.push(finding.advice(said!("check-spf-lookups-near-fix")));
    }
    if voids > VOID_LOOKUPS_MAX {
        let text = said!(
            "check-spf-void-lookups",
            domain = domain,
            voids = voids,
            terms = shorten(&paths(&|step| step.is_void))
        );
        let finding = CheckFinding::new(Topic::Spf, Level::Critical, "spf-void-lookups", domain, text);
        notes.push(finding.advice(said!("check-spf-void-lookups-fix")));
    }
    count > LOOKUPS_MAX || voids > VOID_LOOKUPS_MAX
}

/// The first few of a list.
fn shorten(list: &[String]) -> Said {
    let first: Vec<&str> = list.iter().take(4).map(String::as_str).collect();
    let more = list.len() - first.len();
    if more == 0 { first.join(", ").into() } else { said!("check-and-more", list = first.join(", "), more = more) }
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
            let what = said!("check-spf-void", term = term, target = target);
            // What others include is theirs to correct.
            let level = if path.len() > 1 { Level::Info } else { Level::Warning };
            (level, "spf-void", what, said!("check-spf-void-fix"))
        }
        SpfOutcome::NoRecord => {
            let what = said!("check-spf-include-missing", term = term, target = target);
            (Level::Critical, "spf-include-missing", what, said!("check-spf-include-missing-fix"))
        }
        SpfOutcome::SeveralRecords(count) => {
            let what = said!("check-spf-include-multiple", term = term, target = target, count = count);
            (Level::Critical, "spf-include-multiple", what, said!("check-spf-include-multiple-fix"))
        }
        SpfOutcome::Loop => {
            let what = said!("check-spf-loop", term = term, target = target);
            (Level::Critical, "spf-loop", what, said!("check-spf-loop-fix"))
        }
        SpfOutcome::TooManyHosts(count) => {
            let what = said!("check-spf-mx-many", term = term, target = target, count = count);
            (Level::Critical, "spf-mx-many", what, said!("check-spf-mx-many-fix"))
        }
    };
    let finding =
        CheckFinding::new(Topic::Spf, level, rule, target, said!("check-of-domain", domain = domain, what = what));
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
            finding.text = said!("check-spf-included", domain = domain, text = finding.text);
            notes.push(finding.advice(said!("check-spf-included-fix", other = other)));
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
            let text = said!("check-spf-uncovered", domain = domain, networks = shorten(&open), sender = sender);
            let finding = CheckFinding::new(Topic::Spf, Level::Warning, "spf-sender-uncovered", domain, text);
            notes.push(finding.advice(said!("check-spf-uncovered-fix")));
        }
    }
}
