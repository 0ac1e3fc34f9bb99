//! The ladder of policies: where a domain stands, and since when.

use super::Material;
use super::classed::timeline;
use super::words::Word;
use crate::analyze::readiness::Step;
use crate::cli::period::date;
use crate::present::chart::{LadderState, LadderStep, LadderView};

/// The ladder of the domain, or of the one with most mails where all were asked for.
pub(super) fn ladder(material: &Material<'_>) -> anyhow::Result<LadderView> {
    let known = material.known()?.first();
    let domain = known.map_or_else(String::new, |known| known.domain.clone());
    let timeline = known.map(|known| timeline(known).0).unwrap_or_default();
    let here = timeline.last().map(|(_, step)| *step);
    let advice = known.map(|known| known.advice(material.context));
    let next = advice.as_ref().and_then(|advice| advice.next);
    let earliest = advice.as_ref().and_then(|advice| advice.earliest_day).and_then(date);
    let state = |step: Step| match here {
        Some(here) if step == here => LadderState::Here,
        Some(here) if step < here => LadderState::Done,
        _ if Some(step) == next => LadderState::Next,
        _ => LadderState::Open,
    };
    let note = |step: Step| {
        if let Some(earliest) = earliest.filter(|_| state(step) == LadderState::Next) {
            return Some(material.fill(Word::Earliest, &[("day", &earliest.to_string())]));
        }
        let place = timeline.iter().rposition(|(_, other)| *other == step)?;
        let since = timeline.get(place).and_then(|(day, _)| date(*day))?.to_string();
        let until = timeline.get(place + 1).and_then(|(day, _)| date(day - 1)).map(|day| day.to_string());
        Some(match until {
            None => material.fill(Word::Since, &[("since", &since)]),
            Some(until) => material.fill(Word::SinceUntil, &[("since", &since), ("until", &until)]),
        })
    };
    let step = |step: Step| LadderStep {
        label: material.own(word(step)),
        note: note(step).unwrap_or_default(),
        state: state(step),
    };
    Ok(LadderView {
        title: material.own(Word::LadderTitle),
        subtitle: domain,
        steps: Step::ALL.into_iter().map(step).collect(),
        here: material.own(Word::Here),
        next: material.own(Word::Next),
        footer: material.own(Word::SeenByReporters),
        no_data: material.between(Word::NoPolicySeen),
    })
}

const fn word(step: Step) -> Word {
    match step {
        Step::Monitor => Word::StepMonitor,
        Step::QuarantineTest => Word::StepQuarantineTest,
        Step::Quarantine => Word::StepQuarantine,
        Step::RejectTest => Word::StepRejectTest,
        Step::Reject => Word::StepReject,
    }
}
