//! What a check says, for people and for programs.

use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr as _;

use super::dns_record::{DnsRecord, Form};
use super::{domain_name, escape, invocation};
use crate::analyze::check::{Badge, CheckFinding, Checked, Level, Publish, Topic};
use crate::present::wrap::wrap;
use crate::words::{Words, say};

/// Topics in the order in which they are shown.
const TOPICS: [Topic; 5] = [Topic::Dmarc, Topic::Reports, Topic::Spf, Topic::Dkim, Topic::More];
/// Cells in front of each line: the heading of the topic and a sign.
const INDENT: &str = "         ";

/// What the terminal can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CheckStyle {
    /// Columns.
    pub width: usize,
    /// Signs beyond ASCII.
    pub unicode: bool,
    /// Also what is only worth knowing.
    pub with_info: bool,
}

/// Domains one after the other.
#[must_use]
pub fn text(checked: &[Checked], style: CheckStyle, words: &Words) -> String {
    let domains: Vec<String> = checked.iter().map(|checked| domain(checked, style, words)).collect();
    domains.join("\n")
}

fn domain(checked: &Checked, style: CheckStyle, words: &Words) -> String {
    let badges = checked.badges;
    let domain = domain_name::shown(&checked.domain);
    let [spf, dkim, dmarc] = [badges.spf, badges.dkim, badges.dmarc].map(|of| badge(of, words));
    let mut out = say!(words, "check-head", domain = domain, spf = spf, dkim = dkim, dmarc = dmarc) + "\n";
    for topic in TOPICS {
        let mut heading = if topic == Topic::More { words.say("check-more") } else { topic.as_str().to_owned() };
        let good: Vec<String> =
            checked.good.iter().filter(|(of, _)| *of == topic).map(|(_, text)| text.in_words(words)).collect();
        if !good.is_empty() {
            line(&mut out, &mut heading, sign(None, style), &good.join("; "), style);
        }
        for finding in checked.findings.iter().filter(|finding| finding.topic == topic) {
            if finding.level == Level::Info && !style.with_info {
                continue;
            }
            line(&mut out, &mut heading, sign(Some(finding.level), style), &finding.text.in_words(words), style);
            advice(&mut out, finding, style, words);
        }
    }
    if !style.with_info {
        return out;
    }
    // What was published is not everywhere at once.
    let waits = checked.findings.iter().any(|finding| finding.publish.is_some());
    let next: &[&str] =
        if waits { &["check", &checked.domain, "--wait", "1h"] } else { &["recommend", &checked.domain] };
    out + "\n" + &invocation::next(words, next)
}

fn sign(level: Option<Level>, style: CheckStyle) -> &'static str {
    match (level, style.unicode) {
        (None, true) => "✓",
        (None, false) => "+",
        (Some(Level::Critical), true) => "✗",
        (Some(Level::Critical), false) => "x",
        (Some(Level::Warning), _) => "!",
        (Some(Level::Info), _) => "i",
    }
}

/// A line below its heading, which stands only once.
fn line(out: &mut String, heading: &mut String, sign: &str, text: &str, style: CheckStyle) {
    let heading = std::mem::take(heading);
    let first = format!("{heading}{}{sign} ", " ".repeat(7_usize.saturating_sub(heading.width())));
    wrapped(out, &first, text, style);
}

fn advice(out: &mut String, finding: &CheckFinding, style: CheckStyle, words: &Words) {
    if !finding.advice.is_empty() {
        let arrow = if style.unicode { "→" } else { "->" };
        wrapped(out, INDENT, &format!("{arrow} {}", finding.advice.in_words(words)), style);
    }
    if let Some(publish) = &finding.publish {
        // Never broken into lines: it is there to be copied.
        out.push_str(&format!("{INDENT}{}", escape::terminal(&record(publish).show(Form::Zone).replace('\n', ""))));
        out.push('\n');
    }
}

fn wrapped(out: &mut String, first: &str, text: &str, style: CheckStyle) {
    let width = style.width.saturating_sub(first.width());
    let mut lead = first;
    for line in wrap(&escape::terminal(text), width) {
        out.push_str(lead);
        out.push_str(line.trim_end());
        out.push('\n');
        lead = INDENT;
    }
}

/// A badge in a word.
#[must_use]
pub fn badge(badge: Badge, words: &Words) -> String {
    words.say(match badge {
        Badge::Set => "badge-set",
        Badge::Broken => "badge-broken",
        Badge::Missing => "badge-missing",
        Badge::Unknown => "badge-unknown",
    })
}

/// How much a finding matters, in a word.
#[must_use]
pub fn severity(level: Level, words: &Words) -> String {
    words.say(match level {
        Level::Info => "severity-info",
        Level::Warning => "severity-warning",
        Level::Critical => "severity-critical",
    })
}

/// The record to publish.
#[must_use]
pub fn record(publish: &Publish) -> DnsRecord {
    let Publish { host, domain, ttl_s, text } = publish.clone();
    DnsRecord { host, domain, ttl_s, text }
}

/// `ruascope.check/1`.
#[must_use]
pub fn json(checked: &[Checked]) -> Value {
    let domains: Vec<Value> = checked
        .iter()
        .map(|checked| {
            let badges = checked.badges;
            let good: Vec<String> =
                checked.good.iter().map(|(topic, text)| format!("{}: {text}", topic.as_str())).collect();
            json!({
                "domain": checked.domain,
                "badges": {"spf": badges.spf.as_str(), "dkim": badges.dkim.as_str(), "dmarc": badges.dmarc.as_str()},
                "findings": checked.findings.iter().map(finding).collect::<Vec<_>>(),
                "answered": checked.is_answered,
                "good": good,
            })
        })
        .collect();
    json!({"schema": "ruascope.check/1", "domains": domains})
}

fn finding(finding: &CheckFinding) -> Value {
    let publish = finding.publish.as_ref().map(
        |publish| json!({"name": format!("{}.", record(publish).name()), "ttl": publish.ttl_s, "txt": publish.text}),
    );
    json!({
        "rule": finding.rule,
        "severity": finding.level.as_str(),
        "topic": finding.topic.as_str().to_lowercase(),
        "subject": finding.subject,
        "text": finding.text,
        "advice": finding.advice,
        "evidence": finding.evidence,
        "publish": publish,
    })
}
