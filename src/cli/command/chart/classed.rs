//! Charts of classes: volume, own failures, impact.

use super::Material;
use super::judged::Judged;
use crate::analyze::history::{self, ClassDay, HarmDay, RecordName, WeekRate};
use crate::analyze::readiness::Step;
use crate::analyze::statistics::{DayCount, failure_alarms};
use crate::cli::command::note::kind_of;
use crate::cli::period::date;
use crate::present::chart::{
    DayStack, FailuresLabels, FailuresView, ImpactView, Marker, RateDay, RateSpan, Role, Series, Threshold, VolumeView,
};
use crate::present::summary::thousands;
use crate::store::day_of;
use crate::words::say;

fn series(material: &Material<'_>, labels: &[(&str, Role)]) -> Vec<Series> {
    let one = |&(label, role): &(&str, Role)| Series { label: material.say(label), role, hatched: false };
    labels.iter().map(one).collect()
}

pub(super) fn volume(material: &Material<'_>) -> anyhow::Result<VolumeView> {
    let mut stacks = Vec::new();
    if let Some(days) = material.days()? {
        for known in material.judged()? {
            stacks.extend(history::class_days(&known.tally(), days).iter().filter_map(class_stack));
        }
    }
    Ok(VolumeView {
        title: material.say("chart-volume-title"),
        subtitle: material.subtitle(),
        y_label: material.say("chart-mails"),
        series: series(
            material,
            &[
                ("chart-own-both", Role::Ok),
                ("chart-own-one", Role::Partial),
                ("chart-indirect", Role::Forwarder),
                ("chart-own-failing", Role::Misconfigured),
                ("chart-unknown", Role::Unknown),
                ("chart-spoof", Role::Spoof),
            ],
        ),
        days: stacks,
        incomplete_from: material.incomplete_from()?,
        incomplete_label: material.say("chart-may-arrive"),
        no_data: material.no_data(),
        markers: markers(material)?,
    })
}

fn class_stack(of_day: &ClassDay) -> Option<DayStack> {
    let ClassDay { day, own_both, own_one, indirect, own_failing, unknown, spoof } = *of_day;
    Some(DayStack { day: date(day)?, values: vec![own_both, own_one, indirect, own_failing, unknown, spoof] })
}

/// Letters of a note that stand beside a chart; `note list` has them all.
const NOTE_LETTERS_MAX: usize = 48;

/// Changes of policy that reporters saw, and of records that we saw; what the owner wrote down. The first step is no change.
fn markers(material: &Material<'_>) -> anyhow::Result<Vec<Marker>> {
    let mut markers = Vec::new();
    for known in material.judged()? {
        let steps = known.timeline().0;
        for ((_, before), (day, after)) in steps.iter().zip(steps.iter().skip(1)) {
            let change = format!("{} → {}", tag(*before), tag(*after));
            markers.extend(marker(material, known, *day, change));
        }
        for change in history::record_changes(&known.published) {
            let text = match &change.record {
                RecordName::Dmarc => material.say("chart-dmarc-changed"),
                RecordName::Spf => material.say("chart-spf-changed"),
                RecordName::Key(selector) => say!(material.words, "chart-key-changed", selector = selector),
            };
            markers.extend(marker(material, known, change.day, text));
        }
        for note in material.store.owner_notes(Some(&known.domain))? {
            let text = format!("{}: {}", kind_of(note.kind).in_words(&material.words), shortened(&note.text));
            markers.extend(marker(material, known, day_of(note.made_s), text));
        }
    }
    Ok(markers)
}

fn shortened(text: &str) -> String {
    let mut letters = text.chars();
    let mut short: String = letters.by_ref().take(NOTE_LETTERS_MAX).collect();
    if letters.next().is_some() {
        short.push('…');
    }
    short
}

fn marker(material: &Material<'_>, known: &Judged, day: i64, change: String) -> Option<Marker> {
    let is_lone = material.filter.domain.is_some();
    let label = if is_lone { change } else { format!("{} {change}", known.domain) };
    Some(Marker { day: date(day)?, label })
}

/// The policy as it stands in a record.
const fn tag(step: Step) -> &'static str {
    match step {
        Step::Monitor => "p=none",
        Step::QuarantineTest => "p=quarantine t=y",
        Step::Quarantine => "p=quarantine",
        Step::RejectTest => "p=reject t=y",
        Step::Reject => "p=reject",
    }
}

/// The owner's mail of all domains, day by day.
fn own_days(known: &[Judged], (first, last): (i64, i64)) -> Vec<DayCount> {
    let mut days: Vec<DayCount> = (first..=last).map(|day| DayCount { day, mails: 0, failed: 0 }).collect();
    for known in known {
        for day in known.tally().legitimate.counts(first, last) {
            let place = usize::try_from(day.day - first).ok();
            if let Some(sum) = place.and_then(|place| days.get_mut(place)) {
                sum.mails = sum.mails.saturating_add(day.mails);
                sum.failed = sum.failed.saturating_add(day.failed);
            }
        }
    }
    days
}

pub(super) fn failures(material: &Material<'_>) -> anyhow::Result<FailuresView> {
    let (mut of_days, mut spans) = (Vec::new(), Vec::new());
    if let Some(days) = material.days()? {
        // Whether a day is alarming shows beside the month before it, which the period may not have.
        let known = material.store.day_range(material.filter.domain.as_deref())?.map_or(days.0, |known| known.0);
        let all = own_days(material.judged()?, (known, days.1));
        let alarms = failure_alarms(&all);
        let is_alarm = |day: i64| alarms.iter().any(|alarm| alarm.day == day);
        let shown: Vec<DayCount> = all.into_iter().filter(|day| day.day >= days.0).collect();
        spans = history::weekly_rates(&shown, days).iter().filter_map(span).collect();
        let rate = |day: &DayCount| {
            let is_alarm = is_alarm(day.day);
            Some(RateDay { day: date(day.day)?, failed: day.failed, total: day.mails, is_alarm })
        };
        of_days = shown.iter().filter_map(rate).collect();
    }
    let gates = &material.context.resolved.settings.gates;
    let threshold = |label: &str, lower_bound_percent: f64| {
        let percent = 100.0 - lower_bound_percent;
        let rate = format!("{percent:.1} %");
        Threshold { ppm: ppm(percent / 100.0), label: material.words.with(label, &[("rate", rate.into())]) }
    };
    Ok(FailuresView {
        title: material.say("chart-failures-title"),
        subtitle: material.subtitle(),
        y_label: material.say("chart-failures-unit"),
        days: of_days,
        spans,
        thresholds: vec![
            threshold("chart-most-for-quarantine", gates.quarantine.pass_lower_bound_percent_min),
            threshold("chart-most-for-reject", gates.reject.pass_lower_bound_percent_min),
        ],
        labels: FailuresLabels {
            day: material.say("chart-one-day"),
            span: material.say("chart-one-week"),
            band: material.say("chart-bounds"),
            alarm: material.say("chart-alarm"),
        },
        incomplete_from: material.incomplete_from()?,
        incomplete_label: material.say("chart-may-arrive"),
        markers: markers(material)?,
        no_data: material.between("chart-no-own-mail"),
    })
}

fn span(week: &WeekRate) -> Option<RateSpan> {
    Some(RateSpan {
        first: date(week.first)?,
        last: date(week.last)?,
        rate_ppm: ppm(week.share),
        low_ppm: ppm(week.lower),
        high_ppm: ppm(week.upper),
    })
}

/// A share in millionths.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "held between 0 and a million")]
fn ppm(share: f64) -> u32 {
    (share * 1e6).round().clamp(0.0, 1e6) as u32
}

pub(super) fn impact(material: &Material<'_>) -> anyhow::Result<ImpactView> {
    let mut stacks = Vec::new();
    if let Some(days) = material.days()? {
        for known in material.judged()? {
            stacks.extend(history::harm_days(&known.tally(), days).iter().filter_map(harm_stack));
        }
    }
    let cap = material.context.resolved.settings.gates.quarantine.harmed_mails_per_week_max;
    let cap_label = say!(material.words, "chart-cap", cap = thousands(cap.into()));
    let stacks = VolumeView {
        title: material.say("chart-impact-title"),
        subtitle: material.subtitle(),
        y_label: material.say("chart-mails"),
        series: series(
            material,
            &[
                ("chart-own-failing", Role::Misconfigured),
                ("chart-indirect-at-risk", Role::Forwarder),
                ("chart-unknown", Role::Unknown),
            ],
        ),
        days: stacks,
        incomplete_from: material.incomplete_from()?,
        incomplete_label: material.say("chart-may-arrive"),
        no_data: material.between("chart-no-harm"),
        markers: markers(material)?,
    };
    Ok(ImpactView { stacks, cap_per_week: Some(cap.into()), cap_label })
}

fn harm_stack(of_day: &HarmDay) -> Option<DayStack> {
    Some(DayStack { day: date(of_day.day)?, values: vec![of_day.own, of_day.indirect, of_day.unknown] })
}
