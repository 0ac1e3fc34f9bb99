//! Records of a kind that nobody looks at, aliases, and what stands beside them.

use super::facts::Facts;
use super::finding::{CheckFinding, Level, Notes, Topic};
use crate::dns::{Answer, Lookup};
use crate::words::said;

pub(super) fn check(facts: &Facts, notes: &mut Notes) {
    let domain = &facts.published.domain;
    let dmarc_name = format!("_dmarc.{domain}");
    aliases(Topic::Dmarc, "dmarc-alias", &dmarc_name, &facts.dmarc_txt, notes);
    aliases(Topic::Spf, "spf-alias", domain, &facts.domain_txt, notes);
    for key in &facts.keys {
        aliases(Topic::Dkim, "dkim-alias", &key.name(), &key.answer, notes);
    }
    for (name, alias) in &facts.beside_alias {
        let topic = match name {
            name if name == domain => Topic::Spf,
            name if *name == dmarc_name => Topic::Dmarc,
            _ => Topic::Dkim,
        };
        let text = said!("check-alias-beside", name = name, alias = alias);
        let finding = CheckFinding::new(topic, Level::Warning, "dns-alias-beside", name, text);
        notes.push(finding.advice(said!("check-leave-one")));
    }
    spf_type(facts, notes);
    explanation(facts, notes);
}

/// A record that is found over aliases is kept by whoever keeps the last of them.
fn aliases(topic: Topic, rule: &'static str, name: &str, lookup: &Lookup<String>, notes: &mut Notes) {
    let Some(last) = lookup.aliases.last().filter(|_| !lookup.answer.records().is_empty()) else { return };
    let chain = lookup.aliases.join(" > ");
    let text = said!("check-alias", name = name, chain = chain, last = last);
    let evidence = lookup.aliases.iter().map(|alias| format!("CNAME {alias}"));
    notes.push(CheckFinding::new(topic, Level::Info, rule, name, text).evidence(evidence));
}

/// RFC 7208 3.1: only TXT counts.
fn spf_type(facts: &Facts, notes: &mut Notes) {
    let (domain, Answer::Found(texts)) = (&facts.published.domain, &facts.spf_type) else { return };
    let is_same = texts.iter().all(|text| facts.published.spf.records().contains(text));
    let (level, what) = if is_same {
        (Level::Info, said!("check-spf-type-same"))
    } else {
        (Level::Warning, said!("check-spf-type-other"))
    };
    let text = said!("check-spf-type", domain = domain, what = what);
    let finding = CheckFinding::new(Topic::Spf, level, "spf-type-99", domain, text);
    notes.push(finding.advice(said!("check-spf-type-fix")).evidence(texts.clone()));
}

/// RFC 7208 6.2: without one single record there is no explanation, and nothing else comes of it.
fn explanation(facts: &Facts, notes: &mut Notes) {
    let Some((name, answer)) = &facts.explanation else { return };
    let what = match answer {
        Answer::Found(texts) if texts.len() == 1 => {
            if let Some(text) = texts.first().filter(|text| !text.is_ascii()) {
                let what = said!("check-exp-ascii", name = name);
                let finding = CheckFinding::new(Topic::Spf, Level::Info, "spf-exp", name, what);
                notes.push(finding.advice(said!("check-exp-ascii-fix")).evidence(Some(text.clone())));
            }
            return;
        }
        Answer::Failed(_) => return,
        Answer::Found(texts) => said!("check-exp-several", count = texts.len()),
        Answer::NoData | Answer::NxDomain => said!("check-exp-none"),
    };
    let text = said!("check-exp", name = name, what = what);
    let finding = CheckFinding::new(Topic::Spf, Level::Info, "spf-exp", name, text);
    notes.push(finding.advice(said!("check-exp-fix")));
}
