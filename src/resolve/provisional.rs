//! Records of a domain, the tree walk and the SPF look-ups, in the plainest form.

use std::net::IpAddr;

use super::Resolver;
use super::survey::Worked;
use crate::analyze::check::{BySuffix, SpfFacts, SpfLookup, SpfOutcome};
use crate::dns::spf::{self, DomainSpec, Kind, Mechanism, Modifier};
use crate::dns::{Answer, DmarcFound, Published, dmarc};

const LOOKUPS_MOST: usize = 60;

/// What a domain publishes.
pub fn published(resolver: &dyn Resolver, domain: &str, now_s: i64) -> (Published, Worked) {
    let only = |answer: Answer<String>, is: fn(&str) -> bool| match answer {
        Answer::Found(texts) => {
            let texts: Vec<String> = texts.into_iter().filter(|text| is(text)).collect();
            if texts.is_empty() { Answer::NoData } else { Answer::Found(texts) }
        }
        other => other,
    };
    let record = |name: &str| only(resolver.txt(&format!("_dmarc.{name}")).answer, dmarc::is_record);
    let mut walk: Vec<DmarcFound> = Vec::new();
    let mut is_known = true;
    let labels: Vec<&str> = domain.split('.').collect();
    for (step, _) in labels.iter().enumerate() {
        if step > 0 && labels.len() - step > 7 {
            continue;
        }
        let name = labels.iter().skip(step).copied().collect::<Vec<_>>().join(".");
        match record(&name) {
            Answer::Found(texts) if texts.len() == 1 => {
                let text = texts.first().cloned().unwrap_or_default();
                let psd = dmarc::read(&text).and_then(|read| read.record.psd);
                walk.push(DmarcFound { domain: name, text });
                if matches!(psd, Some(dmarc::Psd::Yes | dmarc::Psd::No)) {
                    break;
                }
            }
            Answer::Failed(_) => is_known = false,
            _ => {}
        }
    }
    let psd = |found: &DmarcFound| dmarc::read(&found.text).and_then(|read| read.record.psd);
    let organization = match walk.last() {
        Some(last) if psd(last) == Some(dmarc::Psd::Yes) && last.domain != domain => {
            let more = last.domain.split('.').count() + 1;
            labels.iter().skip(labels.len().saturating_sub(more)).copied().collect::<Vec<_>>().join(".")
        }
        Some(last) => last.domain.clone(),
        None => domain.to_owned(),
    };
    let at = |name: &str| walk.iter().find(|found| found.domain == name).cloned();
    let applies = at(domain).or_else(|| at(&organization)).or_else(|| walk.last().cloned());
    let spf = only(resolver.txt(domain).answer, spf::is_record);
    let suffix = psl::domain_str(domain).unwrap_or(domain).to_owned();
    let found = |name: &str| match record(name).records() {
        [one] => Some(DmarcFound { domain: name.to_owned(), text: one.clone() }),
        _ => None,
    };
    let by_suffix = is_known
        .then(|| BySuffix { applies: found(domain).or_else(|| found(&suffix)), organizational_domain: suffix.clone() });
    let mx = match resolver.mx(domain).answer {
        Answer::Found(mx) => Answer::Found(
            mx.into_iter()
                .map(|(order, host)| format!("{order} {}", if host.is_empty() { "." } else { &host }))
                .collect(),
        ),
        Answer::NoData => Answer::NoData,
        Answer::NxDomain => Answer::NxDomain,
        Answer::Failed(failure) => Answer::Failed(failure),
    };
    let facts = match spf.records() {
        [one] => {
            let mut facts = SpfFacts::default();
            walk_spf(resolver, domain, one, &mut vec![domain.to_owned()], &mut Vec::new(), &mut facts);
            Some(facts)
        }
        _ => None,
    };
    let published = Published {
        domain: domain.to_owned(),
        seen_s: now_s,
        dmarc: record(domain),
        dmarc_applies: applies,
        organizational_domain: is_known.then_some(organization),
        spf,
        spf_cover: None,
        dkim: Vec::new(),
        mx,
    };
    (published, Worked { spf: facts, by_suffix })
}

fn walk_spf(
    resolver: &dyn Resolver,
    domain: &str,
    text: &str,
    stack: &mut Vec<String>,
    path: &mut Vec<String>,
    facts: &mut SpfFacts,
) {
    let Some(read) = spf::read(text) else { return };
    let redirect = read.record.redirect().cloned();
    for term in read.record.terms.iter().filter(|term| term.asks_dns()) {
        if facts.lookups.len() >= LOOKUPS_MOST {
            return;
        }
        path.push(term.to_string());
        let target = |spec: Option<&DomainSpec>| spec.map_or(Some(domain.to_owned()), DomainSpec::fixed);
        match &term.kind {
            Kind::Directive(_, Mechanism::Include(spec)) => record(resolver, spec.fixed(), stack, path, facts),
            Kind::Modifier(Modifier::Redirect(spec)) if redirect.as_ref() == Some(spec) => {
                record(resolver, spec.fixed(), stack, path, facts);
            }
            Kind::Directive(_, Mechanism::A(spec, ..)) => {
                let target = target(spec.as_ref());
                let outcome = target.as_deref().map_or(SpfOutcome::Dynamic, |name| address(resolver, name));
                facts.lookups.push(SpfLookup { path: path.clone(), target: target.unwrap_or_default(), outcome });
            }
            Kind::Directive(_, Mechanism::Mx(spec, ..)) => {
                let target = target(spec.as_ref());
                let outcome = target.as_deref().map_or(SpfOutcome::Dynamic, |name| match resolver.mx(name).answer {
                    Answer::Failed(failure) => SpfOutcome::Failed(failure),
                    Answer::Found(hosts) if hosts.len() > 10 => SpfOutcome::TooManyHosts(hosts.len()),
                    Answer::Found(_) => SpfOutcome::Fine,
                    _ => SpfOutcome::Void,
                });
                facts.lookups.push(SpfLookup { path: path.clone(), target: target.unwrap_or_default(), outcome });
            }
            Kind::Directive(_, Mechanism::Ptr(_) | Mechanism::Exists(_)) => {
                facts.lookups.push(SpfLookup {
                    path: path.clone(),
                    target: String::new(),
                    outcome: SpfOutcome::Dynamic,
                });
            }
            _ => {}
        }
        path.pop();
    }
}

fn address(resolver: &dyn Resolver, name: &str) -> SpfOutcome {
    let found: Vec<IpAddr> = resolver.a(name).answer.records().iter().map(|ip| IpAddr::V4(*ip)).collect();
    match (resolver.a(name).answer, resolver.aaaa(name).answer) {
        _ if !found.is_empty() => SpfOutcome::Fine,
        (_, Answer::Found(_)) => SpfOutcome::Fine,
        (Answer::Failed(failure), _) | (_, Answer::Failed(failure)) => SpfOutcome::Failed(failure),
        _ => SpfOutcome::Void,
    }
}

fn record(
    resolver: &dyn Resolver,
    target: Option<String>,
    stack: &mut Vec<String>,
    path: &mut Vec<String>,
    facts: &mut SpfFacts,
) {
    let Some(target) = target.map(|target| target.to_ascii_lowercase()) else {
        facts.lookups.push(SpfLookup { path: path.clone(), target: String::new(), outcome: SpfOutcome::Dynamic });
        return;
    };
    let push = |outcome, facts: &mut SpfFacts, path: &[String]| {
        facts.lookups.push(SpfLookup { path: path.to_vec(), target: target.clone(), outcome });
    };
    if stack.contains(&target) {
        return push(SpfOutcome::Loop, facts, path);
    }
    let texts = match resolver.txt(&target).answer {
        Answer::Failed(failure) => return push(SpfOutcome::Failed(failure), facts, path),
        answer => answer.records().iter().filter(|text| spf::is_record(text)).cloned().collect::<Vec<_>>(),
    };
    match texts.as_slice() {
        [] => push(SpfOutcome::NoRecord, facts, path),
        [one] => {
            push(SpfOutcome::Fine, facts, path);
            facts.included.push((target.clone(), one.clone()));
            stack.push(target.clone());
            walk_spf(resolver, &target, one, stack, path, facts);
            stack.pop();
        }
        several => push(SpfOutcome::SeveralRecords(several.len()), facts, path),
    }
}
