//! Advice as text.

use super::page::{Mark, Page};
use super::{a_day, day_text, percent};
use crate::analyze::Class;
use crate::analyze::readiness::{Advice, Current, Decision, Gate, PerDay, Record, Step, answers};
use crate::model::Word;
use crate::present::dns_record::{DnsRecord, Form};
use crate::present::summary::{TextStyle, thousands};

/// Blockers that are shown in full; the rest is counted.
const BLOCKERS_SHOWN: usize = 10;

/// Advice for a terminal, the verdict first. With `explain` every gate and number is shown, and where it comes from.
#[must_use]
pub fn recommend(advice: &Advice, explain: bool, style: &TextStyle) -> String {
    let mut page = Page::new(style);
    head(&mut page, advice);
    gates(&mut page, advice, explain);
    blockers(&mut page, advice);
    impact(&mut page, advice);
    records(&mut page, advice);
    if explain {
        explanation(&mut page, advice);
    }
    page.end()
}

fn head(page: &mut Page, advice: &Advice) {
    let (word, meaning) = super::verdict(advice);
    let mark = match advice.decision {
        Decision::Done if !advice.questions.is_empty() => Mark::Unknown,
        Decision::Advance | Decision::Done => Mark::Good,
        Decision::Fix | Decision::Rollback => Mark::Bad,
        Decision::Hold | Decision::Investigate => Mark::Unknown,
    };
    let lead = format!("{} {}  ", page.sign(mark), page.strong(word));
    page.paragraph(&lead, &format!("{}: {meaning}", advice.domain));
    page.paragraph("  ", &format!("Why: {}", advice.why));
    for question in &advice.questions {
        page.paragraph("  ? ", &super::question(question));
        for answer in answers(&advice.domain, question) {
            page.verbatim(&format!("    {answer}"));
        }
    }
    super::alarm_lines(page, advice);
    for trigger in &advice.triggers {
        page.paragraph(&format!("  {}  ", trigger.rule), &trigger.text);
    }
    let policy = match (advice.step, &advice.current) {
        (Some(step), _) => format!("Policy {}", step.as_str()),
        (None, Current::Missing) => "No DMARC record".to_owned(),
        (None, _) => "No policy is known".to_owned(),
    };
    let since = advice.step_since.map(|day| format!(" since {}", day_text(day))).unwrap_or_default();
    let inferred = if advice.is_profile_inferred { " (worked out)" } else { "" };
    page.paragraph(
        "  ",
        &format!(
            "{policy}{since}; profile {}{inferred}, whose target is {}; confidence {}",
            advice.profile.as_str(),
            advice.target.as_str(),
            advice.confidence.as_str()
        ),
    );
    let Some((first, last)) = advice.window else { return };
    let mail = match advice.evidence.pass {
        None => "no mail of yours".to_owned(),
        Some(pass) => format!(
            "{} mails of yours, {} pass (at least {})",
            thousands(advice.own.mails),
            percent(pass),
            percent(advice.evidence.lower_bound)
        ),
    };
    let days = last - first + 1;
    page.paragraph(
        "  ",
        &format!(
            "{days} days from {} to {}, {} reporters: {mail}. Only mail to receivers that report is visible.",
            day_text(first),
            day_text(last),
            advice.coverage.shares.len()
        ),
    );
    for name in &advice.coverage.silent {
        page.paragraph("  ! ", &format!("{name} used to report and is silent"));
    }
}

fn gates(page: &mut Page, advice: &Advice, explain: bool) {
    let is_asked = explain || matches!(advice.decision, Decision::Hold | Decision::Fix);
    if !is_asked || advice.window.is_none() {
        return;
    }
    let open = advice.gates.iter().filter(|gate| !gate.is_closed()).count();
    // Without a record there is no step to go on from.
    let goal = advice.next.filter(|_| advice.step.is_some()).map_or("the next level", Step::as_str);
    page.heading(&format!("GATES to {goal}: {open} of {} open", advice.gates.len()));
    for gate in advice.gates.iter().filter(|gate| explain || gate.is_closed()) {
        gate_line(page, gate);
    }
}

fn gate_line(page: &mut Page, gate: &Gate) {
    let (mark, word) = match gate.is_open {
        Some(true) => (Mark::Good, "open"),
        Some(false) => (Mark::Bad, "closed"),
        None => (Mark::Unknown, "unknown"),
    };
    let lead = format!("  {} {word:<7} {:<4} {:<11} ", page.sign(mark), gate.id, gate.title);
    let opens = gate.opens_day.map(|day| format!(", from {} at the earliest", day_text(day))).unwrap_or_default();
    page.paragraph(&lead, &format!("{}; needs {}{opens}", gate.value, gate.need));
}

fn blockers(page: &mut Page, advice: &Advice) {
    if advice.blockers.is_empty() {
        return;
    }
    page.heading("TO MEND, most failing mails first");
    for (rank, blocker) in (1..).zip(advice.blockers.iter().take(BLOCKERS_SHOWN)) {
        let text = format!(
            "{} ({}): {} of {} mails fail, {} of all failing mail [{}]",
            blocker.source,
            blocker.class.as_str(),
            thousands(blocker.mails_failing),
            thousands(blocker.mails),
            percent(blocker.share),
            blocker.why.join(" ")
        );
        page.paragraph(&format!("  {rank:>2} "), &text);
        for fix in &blocker.fix {
            page.paragraph("     - ", fix);
        }
        page.paragraph("     see ", &format!("ruascope sources {} {}", advice.domain, blocker.key));
    }
    if let Some(more) = advice.blockers.len().checked_sub(BLOCKERS_SHOWN).filter(|more| *more > 0) {
        page.paragraph("     ", &format!("and {more} more (--format json has all)"));
    }
}

fn impact(page: &mut Page, advice: &Advice) {
    if advice.window.is_none() {
        return;
    }
    let of = |per_day: PerDay| format!("{} (at most {})", a_day(per_day.point), a_day(per_day.upper));
    let class = |class: Class| advice.impact.class(class).map_or_else(String::new, of);
    page.heading("MAIL THAT FAILS, a day: what a policy in force acts on");
    page.paragraph(
        "  ",
        &format!(
            "own {}; forwarded or by lists, at risk {}; unknown {}; spoofed {}",
            of(advice.impact.legitimate),
            of(advice.impact.indirect_at_risk),
            class(Class::Unknown),
            class(Class::Spoof)
        ),
    );
}

/// The line to copy.
pub(super) fn zone_line(record: &Record) -> String {
    let (host, domain) = record.name.split_once('.').unwrap_or((&record.name, ""));
    let record = DnsRecord {
        host: host.to_owned(),
        domain: domain.to_owned(),
        ttl_s: Some(record.ttl_s),
        text: record.text.clone(),
    };
    record.show(Form::Zone).trim_end().to_owned()
}

fn records(page: &mut Page, advice: &Advice) {
    if let Some(record) = &advice.publish {
        page.heading("PUBLISH");
        page.verbatim(&zone_line(record));
        let ttl = "Set the TTL of the present record to 300 s a day before, and back a week after. Old answers live as long \
                   as the old TTL; reports show the change after a day or two.";
        page.paragraph("  ", ttl);
    }
    if let Some(record) = &advice.if_ready {
        let when = match advice.earliest_day {
            Some(day) => format!("WHEN THE GATES ARE OPEN, {} at the earliest, publish", day_text(day)),
            None => "WHEN THE GATES ARE OPEN publish".to_owned(),
        };
        page.heading(&when);
        page.verbatim(&zone_line(record));
    }
    if let Some(back) = &advice.rollback {
        page.heading("ROLL BACK to this record");
        page.verbatim(&format!("_dmarc.{}. 300 IN TXT ( \"{}\" )", advice.domain, back.text));
        page.paragraph("  ", "as soon as one of these holds:");
        for rule in &back.when {
            page.paragraph("  - ", rule);
        }
    }
}

fn explanation(page: &mut Page, advice: &Advice) {
    let evidence = &advice.evidence;
    page.heading("WHERE THE NUMBERS COME FROM");
    let record = match &advice.current {
        Current::Published { at, text, .. } => format!("DNS has at _dmarc.{at}: {text}"),
        Current::Seen(record) => {
            let p = record.p.map_or("no policy", Word::as_str);
            format!("DNS was not asked or did not answer; reporters saw p={p}")
        }
        Current::Missing => "DNS has no DMARC record".to_owned(),
        Current::Unknown => "neither DNS nor a report says which policy is published".to_owned(),
    };
    page.paragraph("  - ", &record);
    page.paragraph(
        "  - ",
        "Own mail is that of sources classed own, authorised and misconfigured; spoofed mail is in no number.",
    );
    page.paragraph(
        "  - ",
        &format!(
            "Mails of a day fare alike, so {} mails count as {:.0} independent ones (design effect {:.2}).",
            thousands(advice.own.mails),
            evidence.observations,
            evidence.design_effect
        ),
    );
    page.paragraph("  - ", "Bounds are one-sided, 95 %: Wilson for shares, gamma for mails a day.");
    let shares: Vec<String> =
        advice.coverage.shares.iter().take(5).map(|(name, share)| format!("{name} {}", percent(*share))).collect();
    page.paragraph(
        "  - ",
        &format!(
            "Reporters: {}; as much as {:.1} equal ones.",
            if shares.is_empty() { "none".to_owned() } else { shares.join(", ") },
            advice.coverage.effective_reporters
        ),
    );
    page.paragraph(
        "  - ",
        "Thresholds are [gates.quarantine] and [gates.reject] of the settings; docs/advice.md explains each.",
    );
}
