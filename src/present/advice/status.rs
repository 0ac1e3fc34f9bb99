//! A line a domain.

use super::page::Page;
use super::{day_text, percent};
use crate::analyze::readiness::{Advice, Decision, Kind, Step, answers};
use crate::present::summary::{TextStyle, thousands};
use crate::present::table::Table;

/// Whether SPF, DKIM and DMARC are there: `set`, `broken`, `missing` or `unknown`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Badges {
    /// SPF.
    pub spf: &'static str,
    /// DKIM.
    pub dkim: &'static str,
    /// DMARC.
    pub dmarc: &'static str,
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

/// A line a domain, and below what each waits for.
#[must_use]
pub fn status(domains: &[DomainStatus], style: &TextStyle) -> String {
    if domains.is_empty() {
        return "no domains: take in reports with `ruascope ingest PATH`, or name one with `ruascope domain add`\n"
            .to_owned();
    }
    let headings = ["VERDICT", "DOMAIN", "POLICY", "SPF", "DKIM", "DMARC", ">OWN", ">PASS", ">TO MEND"];
    let mut table = Table::new(&headings);
    for status in domains {
        let advice = &status.advice;
        let pass = advice.evidence.pass.map(|pass| match advice.own.mails {
            mails if mails < SHARE_MAILS_MIN => format!("{} of {mails}", advice.own.passed()),
            _ => percent(pass),
        });
        table.row(&[
            super::verdict(advice).0.to_owned(),
            advice.domain.clone(),
            advice.step.map_or("-", Step::as_str).to_owned(),
            status.badges.spf.to_owned(),
            status.badges.dkim.to_owned(),
            status.badges.dmarc.to_owned(),
            thousands(advice.own.mails),
            pass.unwrap_or_else(|| "-".to_owned()),
            advice.blockers.len().to_string(),
        ]);
    }
    let ages = domains.iter().filter_map(|status| status.newest_day);
    let newest = ages.max().map(|day| format!("\nnewest report: {}\n", day_text(day)));
    let mut page = Page::new(style);
    for status in domains {
        page.paragraph(&format!("{}: ", page.safe(&status.advice.domain)), &why(&status.advice));
    }
    for status in domains {
        super::alarm_lines(&mut page, &status.advice);
    }
    let whys = page.end();
    let gap = if whys.is_empty() { "" } else { "\n" };
    table.text(style.width) + gap + &whys + &newest.unwrap_or_else(|| "\nno reports yet\n".to_owned())
}

/// What the decision waits for, and until when.
fn why(advice: &Advice) -> String {
    let until = advice.earliest_day.map(|day| format!("earliest {}", day_text(day)));
    match advice.decision {
        Decision::Advance => advice.next.map(|step| format!("to {}", step.as_str())).unwrap_or_default(),
        Decision::Hold | Decision::Fix => {
            let is_fix = advice.decision == Decision::Fix;
            let closed = advice.gates.iter().find(|gate| gate.is_closed() && (gate.kind == Kind::Fix) == is_fix);
            let why = closed.map_or_else(|| advice.why.clone(), |gate| gate.id.to_owned() + " " + &gate.value);
            until.into_iter().chain(Some(why)).collect::<Vec<_>>().join("; ")
        }
        Decision::Done => {
            let asked = advice.questions.iter().map(|one| {
                let answers = answers(&advice.domain, one).join("; or ");
                format!("{} {answers}", super::question(one))
            });
            asked.collect::<Vec<_>>().join(" ")
        }
        Decision::Rollback | Decision::Investigate => advice.why.clone(),
    }
}
