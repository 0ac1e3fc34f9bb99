//! What happens that somebody should hear of: alarms with the day on which they opened, and closed.
//!
//! Worked out of the rows, what DNS published and the day that it is; nothing else, so the same evidence gives the same
//! alarms. A rule that says the same of a subject on days that follow each other is one alarm, not many: it is said again only
//! after a day of rest.

mod keys;
mod mail;
mod policy;
mod reporters;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use super::check::Level;
use super::readiness::Tally;
use super::{Observation, Sender};
use crate::dns::Published;

/// Days after the last on which a rule holds, from which on it is over: the day of rest, and the one after it.
const COOL_DOWN_DAYS: i64 = 2;

/// Reports may be late by so many days: less mail on a younger day says nothing.
const LATE_DAYS: i64 = 3;

/// What an alarm is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AlarmKind {
    /// More mail of one of the owner's senders fails.
    Failures,
    /// The owner's mail is far more, or far less, than the weekday used to bring.
    Volume,
    /// A sender of the owner's fell silent.
    Stopped,
    /// More is sent by others in the owner's name.
    Spoofing,
    /// Somebody sends for the first time.
    NewSource,
    /// Receivers judged by a weaker policy than before.
    PolicyWeakened,
    /// Receivers judge by another policy than DNS has.
    PolicyDiffers,
    /// A key is gone from DNS, and mail is still signed with it.
    KeyRemoved,
    /// A key is in DNS, and nobody signs with it any more.
    KeyUnused,
    /// A key is older than a year.
    KeyOld,
    /// Reporters disagree about the mail of one sender on one day.
    Disagreement,
    /// A reporter that came every day is silent.
    ReporterSilent,
    /// No report comes at all.
    Blind,
    /// A large receiver counts the domain among bulk senders, for which it has rules of its own.
    BulkSender,
}

impl AlarmKind {
    /// All kinds.
    pub const ALL: [Self; 14] = [
        Self::Failures,
        Self::Volume,
        Self::Stopped,
        Self::Spoofing,
        Self::NewSource,
        Self::PolicyWeakened,
        Self::PolicyDiffers,
        Self::KeyRemoved,
        Self::KeyUnused,
        Self::KeyOld,
        Self::Disagreement,
        Self::ReporterSilent,
        Self::Blind,
        Self::BulkSender,
    ];

    /// The word for JSON and the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Failures => "failures",
            Self::Volume => "volume",
            Self::Stopped => "stopped",
            Self::Spoofing => "spoofing",
            Self::NewSource => "new-source",
            Self::PolicyWeakened => "policy-weakened",
            Self::PolicyDiffers => "policy-differs",
            Self::KeyRemoved => "key-removed",
            Self::KeyUnused => "key-unused",
            Self::KeyOld => "key-old",
            Self::Disagreement => "disagreement",
            Self::ReporterSilent => "reporter-silent",
            Self::Blind => "blind",
            Self::BulkSender => "bulk-sender",
        }
    }

    /// Whether no policy is tightened while it is open.
    #[must_use]
    pub const fn closes_gate(self) -> bool {
        matches!(self, Self::KeyRemoved)
    }
}

/// One alarm, from its first day to its last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alarm {
    /// What it is about.
    pub kind: AlarmKind,
    /// Whom or what: a sender, a reporter, a selector, a domain; a stranger's text.
    pub subject: String,
    /// How loud it is at its worst.
    pub severity: Level,
    /// First day on which the rule held, days since 1970-01-01.
    pub opened_day: i64,
    /// Last day on which it held.
    pub last_day: i64,
    /// The day from which on it was over; `None` while it is open.
    pub closed_day: Option<i64>,
    /// Figures of the newest day, without words: `0.4 % -> 12 %`; may be empty, may hold a stranger's text.
    pub detail: String,
}

impl Alarm {
    /// Open, and worth looking at.
    #[must_use]
    pub fn is_loud(&self) -> bool {
        self.closed_day.is_none() && self.severity >= Level::Warning
    }
}

/// What alarms are worked out of.
#[derive(Clone, Copy, Debug)]
pub struct AlarmInputs<'a> {
    /// The domain.
    pub domain: &'a str,
    /// The UTC day that it is.
    pub today: i64,
    /// Records of reports, in any order.
    pub observations: &'a [Observation],
    /// Who sends.
    pub senders: &'a [Sender],
    /// Sums of the observations by these senders.
    pub tally: &'a Tally,
    /// What DNS was seen to publish, oldest first.
    pub published: &'a [Published],
}

/// A rule that held on a day.
struct Fired {
    kind: AlarmKind,
    subject: String,
    severity: Level,
    day: i64,
    detail: String,
}

/// All alarms, open ones first, the newest first.
#[must_use]
pub fn alarms(inputs: &AlarmInputs<'_>) -> Vec<Alarm> {
    let tally = inputs.tally;
    let Some(newest) = tally.newest_day else { return Vec::new() };
    let mut fired = Vec::new();
    mail::failures(inputs, tally, &mut fired);
    mail::volume(tally, newest, &mut fired);
    mail::stopped(inputs, tally, newest, &mut fired);
    reporters::disagreement(inputs, &mut fired);
    keys::removed(inputs, &mut fired);
    let mut found = episodes(fired, newest);
    found.extend(mail::new_sources(inputs));
    found.extend(policy::weakened(inputs));
    found.extend(policy::differs(inputs, newest));
    found.extend(keys::unused_and_old(inputs, newest));
    found.extend(reporters::silent(tally, inputs.today, newest));
    found.extend(reporters::bulk_sender(inputs, newest));
    found.extend(reporters::blind(inputs.domain, tally, inputs.today));
    found.retain(|alarm| alarm.opened_day <= inputs.today);
    found.sort_by(|a, b| {
        let order = |alarm: &Alarm| (alarm.closed_day.is_some(), std::cmp::Reverse(alarm.severity));
        order(a)
            .cmp(&order(b))
            .then_with(|| b.opened_day.cmp(&a.opened_day))
            .then_with(|| (a.kind, &a.subject).cmp(&(b.kind, &b.subject)))
    });
    found
}

/// Days on which the same rule held for the same subject, put together. Days after the newest report say nothing, so
/// silence closes no alarm.
fn episodes(mut fired: Vec<Fired>, newest: i64) -> Vec<Alarm> {
    fired.sort_by(|a, b| (a.kind, &a.subject, a.day).cmp(&(b.kind, &b.subject, b.day)));
    let mut found: BTreeMap<(AlarmKind, String), Vec<Alarm>> = BTreeMap::new();
    for one in fired {
        let known = found.entry((one.kind, one.subject.clone())).or_default();
        match known.last_mut().filter(|alarm| one.day - alarm.last_day <= COOL_DOWN_DAYS) {
            Some(alarm) => {
                alarm.last_day = one.day;
                alarm.severity = alarm.severity.max(one.severity);
                alarm.detail = one.detail;
            }
            None => known.push(Alarm {
                kind: one.kind,
                subject: one.subject,
                severity: one.severity,
                opened_day: one.day,
                last_day: one.day,
                closed_day: None,
                detail: one.detail,
            }),
        }
    }
    let mut all: Vec<Alarm> = found.into_values().flatten().collect();
    for alarm in &mut all {
        let over = alarm.last_day + COOL_DOWN_DAYS;
        // Less mail is only believed once late reports have come, and so is its end.
        let is_late = matches!(alarm.kind, AlarmKind::Stopped | AlarmKind::Volume);
        let settled = if is_late { newest - LATE_DAYS } else { newest };
        alarm.closed_day = (over <= settled).then_some(over);
    }
    all
}
