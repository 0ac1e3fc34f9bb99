//! What a check says, for people and for programs.

use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr as _;

use super::dns_record::{DnsRecord, Form};
use super::{domain_name, escape};
use crate::analyze::check::{CheckFinding, Checked, Level, Publish, Topic};

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
pub fn text(checked: &[Checked], style: CheckStyle) -> String {
    let domains: Vec<String> = checked.iter().map(|checked| domain(checked, style)).collect();
    domains.join("\n")
}

fn domain(checked: &Checked, style: CheckStyle) -> String {
    let badges = checked.badges;
    let mut out = format!(
        "{}: SPF {}, DKIM {}, DMARC {}\n",
        domain_name::shown(&checked.domain),
        badges.spf.as_str(),
        badges.dkim.as_str(),
        badges.dmarc.as_str()
    );
    for topic in TOPICS {
        let mut heading = topic.as_str();
        let good: Vec<&str> =
            checked.good.iter().filter(|(of, _)| *of == topic).map(|(_, text)| text.as_str()).collect();
        if !good.is_empty() {
            line(&mut out, &mut heading, sign(None, style), &good.join("; "), style);
        }
        for finding in checked.findings.iter().filter(|finding| finding.topic == topic) {
            if finding.level == Level::Info && !style.with_info {
                continue;
            }
            line(&mut out, &mut heading, sign(Some(finding.level), style), &finding.text, style);
            advice(&mut out, finding, style);
        }
    }
    out
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
fn line(out: &mut String, heading: &mut &str, sign: &str, text: &str, style: CheckStyle) {
    let first = format!("{:7}{sign} ", std::mem::take(heading));
    wrapped(out, &first, text, style);
}

fn advice(out: &mut String, finding: &CheckFinding, style: CheckStyle) {
    if !finding.advice.is_empty() {
        wrapped(out, INDENT, &format!("{}{}", if style.unicode { "→ " } else { "-> " }, finding.advice), style);
    }
    if let Some(publish) = &finding.publish {
        // Never broken into lines: it is there to be copied.
        out.push_str(&format!("{INDENT}{}", escape::terminal(&record(publish).show(Form::Zone).replace('\n', ""))));
        out.push('\n');
    }
}

fn wrapped(out: &mut String, first: &str, text: &str, style: CheckStyle) {
    let text = escape::terminal(text);
    let mut line = first.to_owned();
    let mut is_empty = true;
    for word in text.split(' ') {
        if !is_empty && line.width() + 1 + word.width() > style.width {
            out.push_str(line.trim_end());
            out.push('\n');
            INDENT.clone_into(&mut line);
            is_empty = true;
        }
        if !is_empty {
            line.push(' ');
        }
        line.push_str(word);
        is_empty = false;
    }
    out.push_str(line.trim_end());
    out.push('\n');
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
