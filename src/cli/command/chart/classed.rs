//! Charts of classes: volume, own failures, impact, new sources.

use super::Material;
use super::words::Word;
use crate::analyze::history::{self, ClassDay, HarmDay, RecordName, WeekRate};
use crate::analyze::readiness::{Current, Step, Tally, Timeline};
use crate::analyze::statistics::{DayCount, failure_alarms};
use crate::analyze::{Class, Sender};
use crate::cli::advice::Known;
use crate::cli::period::date;
use crate::dns::Published;
use crate::present::chart::{
    DayStack, FailuresLabels, FailuresView, ImpactView, Marker, NewSource, NewSourcesLane, NewSourcesView, RateDay,
    RateSpan, Role, Series, Threshold, VolumeView,
};
use crate::present::summary::thousands;

/// Classes from the top of the chart of new sources.
const LANES: [(Class, Role, Word); 8] = [
    (Class::Own, Role::Ok, Word::Own),
    (Class::Authorised, Role::Ok, Word::Authorised),
    (Class::Misconfigured, Role::Misconfigured, Word::Misconfigured),
    (Class::Forwarder, Role::Forwarder, Word::Forwarder),
    (Class::List, Role::Forwarder, Word::List),
    (Class::Gateway, Role::Forwarder, Word::Gateway),
    (Class::Unknown, Role::Unknown, Word::Unknown),
    (Class::Spoof, Role::Spoof, Word::Spoof),
];

fn series(material: &Material<'_>, words: &[(Word, Role)]) -> Vec<Series> {
    let one = |&(word, role): &(Word, Role)| Series { label: material.own(word), role, hatched: false };
    words.iter().map(one).collect()
}

fn tally(known: &Known) -> Tally {
    Tally::of(&known.observations, &known.senders)
}

/// Which step of the policy it was on: as reporters saw it, and today as DNS has it.
pub(super) fn timeline(known: &Known) -> Timeline {
    let record = match &known.current {
        Current::Published { .. } => known.current.record(&known.domain),
        _ => None,
    };
    Timeline::of(&known.observations, record.as_ref().map(Step::of_record), known.today)
}

pub(super) fn volume(material: &Material<'_>) -> anyhow::Result<VolumeView> {
    let mut stacks = Vec::new();
    if let Some(days) = material.days()? {
        for known in material.known()? {
            stacks.extend(history::class_days(&tally(known), days).iter().filter_map(class_stack));
        }
    }
    Ok(VolumeView {
        title: material.own(Word::VolumeTitle),
        subtitle: material.subtitle(),
        y_label: material.own(Word::Mails),
        series: series(
            material,
            &[
                (Word::OwnBoth, Role::Ok),
                (Word::OwnOne, Role::Partial),
                (Word::Indirect, Role::Forwarder),
                (Word::OwnFailing, Role::Misconfigured),
                (Word::Unknown, Role::Unknown),
                (Word::Spoof, Role::Spoof),
            ],
        ),
        days: stacks,
        incomplete_from: material.incomplete_from()?,
        incomplete_label: material.own(Word::MayArrive),
        no_data: material.no_data(),
        markers: markers(material)?,
    })
}

fn class_stack(of_day: &ClassDay) -> Option<DayStack> {
    let ClassDay { day, own_both, own_one, indirect, own_failing, unknown, spoof } = *of_day;
    Some(DayStack { day: date(day)?, values: vec![own_both, own_one, indirect, own_failing, unknown, spoof] })
}

/// Changes of policy that reporters saw, and of records that we saw. The first step is no change.
fn markers(material: &Material<'_>) -> anyhow::Result<Vec<Marker>> {
    let mut markers = Vec::new();
    for known in material.known()? {
        let steps = timeline(known).0;
        for ((_, before), (day, after)) in steps.iter().zip(steps.iter().skip(1)) {
            let change = format!("{} → {}", tag(*before), tag(*after));
            markers.extend(marker(material, known, *day, change));
        }
        let snapshots = material.store.published_history(&known.domain)?;
        let published: Vec<Published> = snapshots.into_iter().map(|snapshot| snapshot.published).collect();
        for change in history::record_changes(&published) {
            let text = match &change.record {
                RecordName::Dmarc => material.own(Word::DmarcChanged),
                RecordName::Spf => material.own(Word::SpfChanged),
                RecordName::Key(selector) => material.fill(Word::KeyChanged, &[("selector", selector)]),
            };
            markers.extend(marker(material, known, change.day, text));
        }
    }
    Ok(markers)
}

fn marker(material: &Material<'_>, known: &Known, day: i64, change: String) -> Option<Marker> {
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
fn own_days(known: &[Known], (first, last): (i64, i64)) -> Vec<DayCount> {
    let mut days: Vec<DayCount> = (first..=last).map(|day| DayCount { day, mails: 0, failed: 0 }).collect();
    for known in known {
        for day in tally(known).legitimate.counts(first, last) {
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
        let all = own_days(material.known()?, (known, days.1));
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
    let threshold = |word: Word, lower_bound_percent: f64| {
        let percent = 100.0 - lower_bound_percent;
        let rate = format!("{percent:.1} %");
        Threshold { ppm: ppm(percent / 100.0), label: material.fill(word, &[("rate", &rate)]) }
    };
    Ok(FailuresView {
        title: material.own(Word::FailuresTitle),
        subtitle: material.subtitle(),
        y_label: material.own(Word::FailuresUnit),
        days: of_days,
        spans,
        thresholds: vec![
            threshold(Word::MostForQuarantine, gates.quarantine.pass_lower_bound_percent_min),
            threshold(Word::MostForReject, gates.reject.pass_lower_bound_percent_min),
        ],
        labels: FailuresLabels {
            day: material.own(Word::OneDay),
            span: material.own(Word::OneWeek),
            band: material.own(Word::Bounds),
            alarm: material.own(Word::Alarm),
        },
        incomplete_from: material.incomplete_from()?,
        incomplete_label: material.own(Word::MayArrive),
        markers: markers(material)?,
        no_data: material.between(Word::NoOwnMail),
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
        for known in material.known()? {
            stacks.extend(history::harm_days(&tally(known), days).iter().filter_map(harm_stack));
        }
    }
    let cap = material.context.resolved.settings.gates.quarantine.harmed_mails_per_week_max;
    let cap_label = material.fill(Word::Cap, &[("cap", &thousands(cap.into()))]);
    let stacks = VolumeView {
        title: material.own(Word::ImpactTitle),
        subtitle: material.subtitle(),
        y_label: material.own(Word::Mails),
        series: series(
            material,
            &[
                (Word::OwnFailing, Role::Misconfigured),
                (Word::IndirectAtRisk, Role::Forwarder),
                (Word::Unknown, Role::Unknown),
            ],
        ),
        days: stacks,
        incomplete_from: material.incomplete_from()?,
        incomplete_label: material.own(Word::MayArrive),
        no_data: material.between(Word::NoHarm),
        markers: markers(material)?,
    };
    Ok(ImpactView { stacks, cap_per_week: Some(cap.into()), cap_label })
}

fn harm_stack(of_day: &HarmDay) -> Option<DayStack> {
    Some(DayStack { day: date(of_day.day)?, values: vec![of_day.own, of_day.indirect, of_day.unknown] })
}

pub(super) fn new_sources(material: &Material<'_>) -> anyhow::Result<NewSourcesView> {
    let (first, last) = material.days()?.unwrap_or((0, -1));
    let mut lanes: Vec<NewSourcesLane> = LANES
        .iter()
        .map(|(_, role, word)| NewSourcesLane { label: material.own(*word), role: *role, sources: Vec::new() })
        .collect();
    for known in material.known()? {
        for newcomer in history::newcomers(&known.observations, &known.senders) {
            let Some(sender) = known.senders.get(newcomer.sender) else { continue };
            let lane = LANES.iter().position(|(class, ..)| *class == sender.class);
            let Some((lane, day)) = lane.and_then(|lane| lanes.get_mut(lane)).zip(date(newcomer.first_day)) else {
                continue;
            };
            lane.sources.push(NewSource { day, label: name(material, known, sender), mails: newcomer.mails });
        }
    }
    Ok(NewSourcesView {
        title: material.own(Word::NewSourcesTitle),
        subtitle: material.subtitle(),
        first: date(first).unwrap_or_default(),
        last: date(last).unwrap_or_default(),
        lanes,
        size_label: material.own(Word::DotSize),
        no_data: material.between(Word::NothingNew),
    })
}

fn name(material: &Material<'_>, known: &Known, sender: &Sender) -> String {
    if material.filter.domain.is_some() {
        return sender.name.clone();
    }
    format!("{} ({})", sender.name, known.domain)
}
