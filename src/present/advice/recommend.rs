//! Advice as text.

use unicode_width::UnicodeWidthStr as _;

use super::page::{Mark, Page};
use super::{a_day, class, confidence, day_text, percent, verdict};
use crate::analyze::readiness::{Advice, Current, Decision, Gate, PerDay, Record, answers};
use crate::analyze::{Class, title};
use crate::model::Word;
use crate::present::dns_record::{DnsRecord, Form};
use crate::present::invocation;
use crate::present::summary::{TextStyle, thousands};
use crate::words::{Words, say};

/// Blockers that are shown in full; the rest is counted.
const BLOCKERS_SHOWN: usize = 10;

/// Advice for a terminal, the verdict first. With `explain` every gate and number is shown, and where it comes from.
#[must_use]
pub fn recommend(advice: &Advice, explain: bool, style: &TextStyle, words: &Words) -> String {
    let mut page = Page::new(style, words);
    head(&mut page, advice);
    gates(&mut page, advice, explain);
    blockers(&mut page, advice);
    impact(&mut page, advice);
    records(&mut page, advice);
    if explain {
        explanation(&mut page, advice);
    }
    page.gap();
    page.verbatim(next(advice, explain, words).trim_end());
    page.end()
}

/// What goes on from here: the largest thing to mend, why nothing comes, whether what was published is right, or more about
/// the verdict.
fn next(advice: &Advice, explain: bool, words: &Words) -> String {
    let domain = advice.domain.as_str();
    match advice.blockers.first() {
        Some(blocker) => invocation::next(words, &["sources", domain, &blocker.key]),
        None if advice.window.is_none() => invocation::next(words, &["doctor"]),
        None if advice.publish.is_some() => invocation::next(words, &["check", domain]),
        None if explain => invocation::next(words, &["sources", domain]),
        None => invocation::next(words, &["recommend", domain, "--explain"]),
    }
}

fn head(page: &mut Page<'_>, advice: &Advice) {
    let words = page.words;
    let (word, meaning) = verdict(advice, words);
    let mark = match advice.decision {
        Decision::Done if !advice.questions.is_empty() => Mark::Unknown,
        Decision::Advance | Decision::Done => Mark::Good,
        Decision::Fix | Decision::Rollback => Mark::Bad,
        Decision::Hold | Decision::Investigate => Mark::Unknown,
    };
    let lead = format!("{} {}  ", page.sign(mark), page.strong(&word));
    page.paragraph(&lead, &say!(words, "recommend-verdict", domain = &advice.domain, meaning = meaning));
    page.paragraph("  ", &say!(words, "recommend-why", why = advice.why.in_words(words)));
    for question in &advice.questions {
        page.paragraph("  ? ", &super::question(question, words));
        for answer in answers(&advice.domain, question) {
            page.verbatim(&format!("    {answer}"));
        }
    }
    super::alarm_lines(page, advice);
    for trigger in &advice.triggers {
        page.said(&format!("  {}  ", trigger.rule), &trigger.text);
    }
    let policy = match (advice.step, &advice.current) {
        (Some(step), _) => say!(words, "recommend-policy", step = step.as_str()),
        (None, Current::Missing) => words.say("recommend-policy-none"),
        (None, _) => words.say("recommend-policy-unknown"),
    };
    let since = advice.step_since.map(|day| say!(words, "recommend-since", day = day_text(day))).unwrap_or_default();
    let inferred = if advice.is_profile_inferred { words.say("recommend-inferred") } else { String::new() };
    page.paragraph(
        "  ",
        &say!(
            words,
            "recommend-state",
            policy = policy,
            since = since,
            profile = advice.profile.as_str(),
            inferred = inferred,
            target = advice.target.as_str(),
            confidence = confidence(advice.confidence, words)
        ),
    );
    window(page, advice);
}

/// The days that the numbers are of, and who reports.
fn window(page: &mut Page<'_>, advice: &Advice) {
    let words = page.words;
    let Some((first, last)) = advice.window else { return };
    let mail = match advice.evidence.pass {
        None => words.say("gate-no-own"),
        Some(pass) => say!(
            words,
            "recommend-own",
            mails = thousands(advice.own.mails),
            pass = percent(pass),
            bound = percent(advice.evidence.lower_bound)
        ),
    };
    page.paragraph(
        "  ",
        &say!(
            words,
            "recommend-window",
            days = (last - first + 1).to_string(),
            first = day_text(first),
            last = day_text(last),
            reporters = advice.coverage.shares.len().to_string(),
            mail = mail,
            visible = visible(advice, words)
        ),
    );
    for name in &advice.coverage.silent {
        page.paragraph("  ! ", &say!(words, "recommend-silent", name = name));
    }
}

fn gates(page: &mut Page<'_>, advice: &Advice, explain: bool) {
    let is_asked = explain || matches!(advice.decision, Decision::Hold | Decision::Fix);
    if !is_asked || advice.window.is_none() {
        return;
    }
    let words = page.words;
    let open = advice.gates.iter().filter(|gate| !gate.is_closed()).count().to_string();
    // Without a record there is no step to go on from.
    let next = advice.next.filter(|_| advice.step.is_some());
    let goal = next.map_or_else(|| words.say("recommend-next-level"), |step| step.as_str().to_owned());
    let all = advice.gates.len().to_string();
    page.heading(&say!(words, "recommend-gates", goal = goal, open = open, all = all));
    for gate in advice.gates.iter().filter(|gate| explain || gate.is_closed()) {
        gate_line(page, gate);
    }
}

fn gate_line(page: &mut Page<'_>, gate: &Gate) {
    let words = page.words;
    let (mark, word) = match gate.is_open {
        Some(true) => (Mark::Good, "gate-is-open"),
        Some(false) => (Mark::Bad, "gate-is-closed"),
        None => (Mark::Unknown, "gate-is-unknown"),
    };
    let (word, title) = (padded(&words.say(word), 7), padded(&gate.title.in_words(words), 11));
    let lead = format!("  {} {word} {:<4} {title} ", page.sign(mark), gate.id);
    let opens = gate.opens_day.map(|day| say!(words, "gate-opens", day = day_text(day))).unwrap_or_default();
    let (value, need) = (gate.value.in_words(words), gate.need.in_words(words));
    page.paragraph(&lead, &say!(words, "gate-line", value = value, need = need, opens = opens));
}

/// A text with blanks behind it, up to so many cells.
fn padded(text: &str, cells: usize) -> String {
    format!("{text}{}", " ".repeat(cells.saturating_sub(text.width())))
}

fn blockers(page: &mut Page<'_>, advice: &Advice) {
    if advice.blockers.is_empty() {
        return;
    }
    let words = page.words;
    page.heading(&words.say("recommend-to-mend"));
    for (rank, blocker) in (1..).zip(advice.blockers.iter().take(BLOCKERS_SHOWN)) {
        let text = say!(
            words,
            "recommend-blocker",
            source = title(&blocker.key, &blocker.source).in_words(words),
            class = class(blocker.class, words),
            failing = thousands(blocker.mails_failing),
            mails = thousands(blocker.mails),
            share = percent(blocker.share),
            reasons = blocker.why.join(" ")
        );
        page.paragraph(&format!("  {rank:>2} "), &text);
        for fix in &blocker.fix {
            page.said("     - ", fix);
        }
        let command = format!("ruascope sources {} {}", advice.domain, blocker.key);
        page.paragraph("     ", &say!(words, "recommend-see", command = command));
    }
    if let Some(more) = advice.blockers.len().checked_sub(BLOCKERS_SHOWN).filter(|more| *more > 0) {
        page.paragraph("     ", &say!(words, "recommend-more", more = more.to_string()));
    }
}

/// How much of the owner's mail reports tell of.
fn visible(advice: &Advice, words: &Words) -> String {
    let Some(sent) = advice.sent else { return words.say("recommend-visible") };
    let all = thousands(sent.per_day.into());
    match sent.seen {
        Some(share) => say!(words, "recommend-visible-share", share = percent(share), all = all),
        None => say!(words, "recommend-visible-none", all = all),
    }
}

fn impact(page: &mut Page<'_>, advice: &Advice) {
    if advice.window.is_none() {
        return;
    }
    let words = page.words;
    let of =
        |per_day: PerDay| say!(words, "recommend-a-day", point = a_day(per_day.point), upper = a_day(per_day.upper));
    let of_class = |class: Class| advice.impact.class(class).map_or_else(String::new, of);
    page.heading(&words.say("recommend-impact"));
    page.paragraph(
        "  ",
        &say!(
            words,
            "recommend-impact-line",
            own = of(advice.impact.legitimate),
            indirect = of(advice.impact.indirect_at_risk),
            unknown = of_class(Class::Unknown),
            spoof = of_class(Class::Spoof)
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

fn records(page: &mut Page<'_>, advice: &Advice) {
    let words = page.words;
    if let Some(record) = &advice.publish {
        page.heading(&words.say("recommend-publish"));
        page.verbatim(&zone_line(record));
        page.paragraph("  ", &words.say("recommend-ttl"));
    }
    if let Some(record) = &advice.if_ready {
        let when = match advice.earliest_day {
            Some(day) => say!(words, "recommend-when-open-from", day = day_text(day)),
            None => words.say("recommend-when-open"),
        };
        page.heading(&when);
        page.verbatim(&zone_line(record));
    }
    if let Some(change) = &advice.change_only {
        page.heading(&words.say("recommend-change"));
        page.verbatim(change);
        page.paragraph("  ", &words.say("recommend-change-only"));
    }
    if let Some(back) = &advice.rollback {
        page.heading(&words.say("recommend-roll-back"));
        page.verbatim(&format!("_dmarc.{}. 300 IN TXT ( \"{}\" )", advice.domain, back.text));
        page.paragraph("  ", &words.say("recommend-as-soon-as"));
        for rule in &back.when {
            page.said("  - ", rule);
        }
    }
}

fn explanation(page: &mut Page<'_>, advice: &Advice) {
    let (words, evidence) = (page.words, &advice.evidence);
    page.heading(&words.say("explain-heading"));
    let record = match &advice.current {
        Current::Published { at, text, .. } => say!(words, "explain-dns", at = at, text = text),
        Current::Seen(record) => {
            let p = record.p.map_or_else(|| words.say("explain-no-policy"), |p| p.as_str().to_owned());
            say!(words, "explain-seen", p = p)
        }
        Current::Missing => words.say("explain-missing"),
        Current::Unknown => words.say("why-not-known"),
    };
    page.paragraph("  - ", &record);
    page.paragraph("  - ", &words.say("explain-own"));
    page.paragraph(
        "  - ",
        &say!(
            words,
            "explain-independent",
            mails = thousands(advice.own.mails),
            observations = format!("{:.0}", evidence.observations),
            effect = format!("{:.2}", evidence.design_effect)
        ),
    );
    page.paragraph("  - ", &words.say("explain-bounds"));
    let shares: Vec<String> =
        advice.coverage.shares.iter().take(5).map(|(name, share)| format!("{name} {}", percent(*share))).collect();
    let shares = if shares.is_empty() { words.say("explain-none") } else { words.list(&shares) };
    let equal = format!("{:.1}", advice.coverage.effective_reporters);
    page.paragraph("  - ", &say!(words, "explain-reporters", shares = shares, equal = equal));
    page.paragraph("  - ", &words.say("explain-thresholds"));
}
