//! Alarms in words.

use super::advice::day_text;
use super::escape;
use super::summary::TextStyle;

use crate::analyze::alarms::{Alarm, AlarmKind};
use crate::analyze::check::Level;
use crate::words::{Words, say};
use unicode_width::UnicodeWidthStr as _;

/// Widest a name or figures may be, in cells.
const NAME_CELLS_MAX: usize = 80;
/// Cells from how loud an alarm is to its sentence.
const SEVERITY_CELLS: usize = 10;

/// What an alarm says, in a sentence without its days. `name` makes a stranger's text harmless.
#[must_use]
pub fn sentence(alarm: &Alarm, words: &Words, name: &dyn Fn(&str) -> String) -> String {
    let message = match alarm.kind {
        AlarmKind::Failures => "alarm-failures",
        AlarmKind::Volume => "alarm-volume",
        AlarmKind::Stopped => "alarm-stopped",
        AlarmKind::Spoofing => "alarm-spoofing",
        AlarmKind::NewSource => "alarm-new-source",
        AlarmKind::PolicyWeakened => "alarm-policy-weakened",
        AlarmKind::PolicyDiffers => "alarm-policy-differs",
        AlarmKind::KeyRemoved => "alarm-key-removed",
        AlarmKind::KeyUnused => "alarm-key-unused",
        AlarmKind::KeyOld => "alarm-key-old",
        AlarmKind::Disagreement => "alarm-disagreement",
        AlarmKind::ReporterSilent => "alarm-reporter-silent",
        AlarmKind::Blind => "alarm-blind",
        AlarmKind::BulkSender => "alarm-bulk-sender",
    };
    let values = [("subject", name(&alarm.subject)), ("detail", name(&alarm.detail))];
    words.with(message, &values.map(|(id, value)| (id, value.into())))
}

/// Alarms of domains for a terminal: open ones, then those that are over.
#[must_use]
pub fn alarms(domains: &[(String, Vec<Alarm>)], words: &Words, style: &TextStyle) -> String {
    let safe = |text: &str| {
        let text = escape::shorten(text, NAME_CELLS_MAX);
        if style.unicode { escape::terminal(&text).into_owned() } else { escape::ascii(&text).into_owned() }
    };
    if domains.iter().all(|(_, alarms)| alarms.is_empty()) {
        return format!("{}\n", words.say("alarms-none"));
    }
    let mut text = String::new();
    for (domain, alarms) in domains.iter().filter(|(_, alarms)| !alarms.is_empty()) {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&safe(domain));
        text.push('\n');
        for alarm in alarms {
            let sentence = sentence(alarm, words, &safe);
            let days = days(alarm, words);
            let severity = words.say(match alarm.severity {
                Level::Info => "severity-word-info",
                Level::Warning => "severity-word-warning",
                Level::Critical => "severity-word-critical",
            });
            let gap = " ".repeat(SEVERITY_CELLS.saturating_sub(severity.width()));
            text.push_str(&format!("  {severity}{gap}{sentence} {days}\n"));
        }
    }
    text
}

/// Since when an alarm is open, or from when to when it was.
#[must_use]
pub fn days(alarm: &Alarm, words: &Words) -> String {
    let opened = day_text(alarm.opened_day);
    match alarm.closed_day {
        None => say!(words, "alarm-open", opened = opened),
        Some(day) => say!(words, "alarm-closed", opened = opened, closed = day_text(day)),
    }
}
