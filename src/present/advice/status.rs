//! A line a domain.

use std::collections::HashMap;

use super::page::Page;
use super::{day_text, percent};
use crate::analyze::check::Badge;
use crate::analyze::readiness::{Advice, Decision, Kind, Step, answers};
use crate::present::check::badge;
use crate::present::summary::{TextStyle, thousands};
use crate::present::table::Table;
use crate::present::{domain_name, invocation};
use crate::words::{Words, say};

/// Whether SPF, DKIM and DMARC are there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Badges {
    /// SPF.
    pub spf: Badge,
    /// DKIM.
    pub dkim: Badge,
    /// DMARC.
    pub dmarc: Badge,
}

/// A domain as the overview shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct DomainStatus {
    /// What is advised.
    pub advice: Advice,
    /// At a glance.
    pub badges: Badges,
    /// Newest day with a report.
    pub newest_day: Option<i64>,
}

/// A share of fewer mails than this is told in counts.
const SHARE_MAILS_MIN: u64 = 100;
/// More domains than one looks through: those that need something stand first then, and what many wait for is said once.
const DOMAINS_MANY: usize = 20;
/// Domains that are named where many wait for the same.
const DOMAINS_NAMED: usize = 3;

/// A line a domain, and below what each waits for.
#[must_use]
pub fn status(domains: &[DomainStatus], style: &TextStyle, words: &Words) -> String {
    if domains.is_empty() {
        return words.say("status-no-domains") + "\n";
    }
    let headings = [
        "column-verdict",
        "column-domain",
        "column-policy",
        "column-spf",
        "column-dkim",
        "column-dmarc",
        ">column-own-mails",
        ">column-pass",
        ">column-to-mend",
    ];
    let mut table = Table::titled(words, &headings);
    let domains = in_order(domains);
    for status in &domains {
        let advice = &status.advice;
        let pass = advice.evidence.pass.map(|pass| match advice.own.mails {
            mails if mails < SHARE_MAILS_MIN => {
                say!(words, "few-of-many", part = advice.own.passed(), whole = mails)
            }
            _ => percent(pass),
        });
        table.row(&[
            super::verdict(advice, words).0,
            domain_name::shown(&advice.domain),
            advice.step.map_or("-", Step::as_str).to_owned(),
            badge(status.badges.spf, words),
            badge(status.badges.dkim, words),
            badge(status.badges.dmarc, words),
            thousands(advice.own.mails),
            pass.unwrap_or_else(|| "-".to_owned()),
            advice.blockers.len().to_string(),
        ]);
    }
    let newest = domains.iter().filter_map(|status| status.newest_day).max();
    let newest = newest.map(|day| say!(words, "status-newest", day = day_text(day)));
    let mut page = Page::new(style, words);
    if domains.len() > DOMAINS_MANY {
        page.paragraph("", &counts(&domains, words));
        page.gap();
    }
    for (names, why) in whys(&domains, words) {
        page.paragraph(&format!("{names}: "), &why);
    }
    for status in &domains {
        super::alarm_lines(&mut page, &status.advice);
    }
    let whys = page.end();
    let gap = if whys.is_empty() { "" } else { "\n" };
    let newest = newest.unwrap_or_else(|| words.say("status-no-reports"));
    let is_open = |status: &&&DomainStatus| status.advice.decision != Decision::Done;
    let next = domains.iter().find(is_open).map_or_else(
        || invocation::next(words, &["summary"]),
        |open| invocation::next(words, &["recommend", &open.advice.domain]),
    );
    format!("{}{gap}{whys}\n{newest}\n{next}", table.text(style.width))
}

/// As they were given; where they are many, those that need something first.
fn in_order(domains: &[DomainStatus]) -> Vec<&DomainStatus> {
    let mut domains: Vec<&DomainStatus> = domains.iter().collect();
    if domains.len() > DOMAINS_MANY {
        domains.sort_by_key(|status| urgency(status.advice.decision));
    }
    domains
}

const fn urgency(decision: Decision) -> u8 {
    match decision {
        Decision::Rollback => 0,
        Decision::Investigate => 1,
        Decision::Fix => 2,
        Decision::Advance => 3,
        Decision::Hold => 4,
        Decision::Done => 5,
    }
}

/// How many domains have each verdict.
fn counts(domains: &[&DomainStatus], words: &Words) -> String {
    let mut counts: Vec<(String, usize)> = Vec::new();
    for status in domains {
        let verdict = super::verdict(&status.advice, words).0;
        match counts.last_mut().filter(|(last, _)| *last == verdict) {
            Some((_, count)) => *count += 1,
            None => counts.push((verdict, 1)),
        }
    }
    let counts: Vec<String> = counts.into_iter().map(|(verdict, count)| format!("{verdict} {count}")).collect();
    say!(words, "status-counts", n = domains.len(), counts = counts.join(", "))
}

/// What each domain waits for, by its name; once for all that wait for the same, where they are many.
fn whys(domains: &[&DomainStatus], words: &Words) -> Vec<(String, String)> {
    let name = |status: &&DomainStatus| domain_name::shown(&status.advice.domain);
    if domains.len() <= DOMAINS_MANY {
        return domains.iter().map(|status| (name(status), why(&status.advice, words))).collect();
    }
    let mut found: Vec<(Vec<String>, String)> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for status in domains {
        let why = why(&status.advice, words);
        let place = *places.entry(why.clone()).or_insert_with(|| {
            found.push((Vec::new(), why));
            found.len() - 1
        });
        if let Some((names, _)) = found.get_mut(place) {
            names.push(name(status));
        }
    }
    let shorten = |(names, why): (Vec<String>, String)| {
        let named = names.iter().take(DOMAINS_NAMED).cloned().collect::<Vec<_>>().join(", ");
        let rest = names.len().saturating_sub(DOMAINS_NAMED);
        (if rest == 0 { named } else { say!(words, "status-and-more", names = named, n = rest) }, why)
    };
    found.into_iter().filter(|(_, why)| !why.is_empty()).map(shorten).collect()
}

/// What the decision waits for, and until when.
fn why(advice: &Advice, words: &Words) -> String {
    let until = advice.earliest_day.map(|day| say!(words, "status-earliest", day = day_text(day)));
    match advice.decision {
        Decision::Advance => advice.next.map(|step| say!(words, "status-to", step = step.as_str())).unwrap_or_default(),
        Decision::Hold | Decision::Fix => {
            let is_fix = advice.decision == Decision::Fix;
            let closed = advice.gates.iter().find(|gate| gate.is_closed() && (gate.kind == Kind::Fix) == is_fix);
            let why = closed.map_or_else(
                || advice.why.in_words(words),
                |gate| gate.id.to_owned() + " " + &gate.value.in_words(words),
            );
            until.into_iter().chain(Some(why)).collect::<Vec<_>>().join("; ")
        }
        Decision::Done => {
            let asked = advice.questions.iter().map(|one| {
                let answers = answers(&advice.domain, one).join("; ");
                format!("{} {answers}", super::question(one, words))
            });
            asked.collect::<Vec<_>>().join(" ")
        }
        Decision::Rollback | Decision::Investigate => advice.why.in_words(words),
    }
}
