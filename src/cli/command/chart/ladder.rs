//! The ladder of policies: where a domain stands, and since when.

use super::Material;
use crate::analyze::readiness::{Advice, Step};
use crate::cli::advice::Known;
use crate::cli::period::date;
use crate::present::chart::{LadderState, LadderStep, LadderView};
use crate::words::say;

/// The ladder of the domain, or of the one with most mails where all were asked for.
pub(super) fn ladder(material: &Material<'_>) -> anyhow::Result<LadderView> {
    let judged = material.judged()?.first();
    let domain = judged.map_or_else(String::new, |judged| judged.domain.clone());
    let timeline = judged.map(|judged| judged.timeline().0).unwrap_or_default();
    let here = timeline.last().map(|(_, step)| *step);
    let advice = here.map(|_| material.advice(&domain)).transpose()?;
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
            return Some(say!(material.words, "chart-earliest", day = earliest.to_string()));
        }
        let place = timeline.iter().rposition(|(_, other)| *other == step)?;
        let since = timeline.get(place).and_then(|(day, _)| date(*day))?.to_string();
        let until = timeline.get(place + 1).and_then(|(day, _)| date(day - 1)).map(|day| day.to_string());
        Some(match until {
            None => say!(material.words, "chart-since", since = since),
            Some(until) => say!(material.words, "chart-since-until", since = since, until = until),
        })
    };
    let step = |step: Step| LadderStep {
        label: material.say(word(step)),
        note: note(step).unwrap_or_default(),
        state: state(step),
    };
    Ok(LadderView {
        title: material.say("chart-ladder-title"),
        subtitle: domain,
        steps: Step::ALL.into_iter().map(step).collect(),
        here: material.say("chart-here"),
        next: material.say("chart-next"),
        footer: material.say("chart-seen-by-reporters"),
        no_data: material.between("chart-no-policy-seen"),
    })
}

impl Material<'_> {
    /// What is to be done next; for that DNS is asked, unless offline.
    fn advice(&self, domain: &str) -> anyhow::Result<Advice> {
        let (mut store, resolver) = (self.context.read_store()?, self.context.resolver()?);
        Ok(Known::of(self.context, Some(&mut store), resolver.as_ref(), domain)?.advice(self.context))
    }
}

const fn word(step: Step) -> &'static str {
    match step {
        Step::Monitor => "chart-step-monitor",
        Step::QuarantineTest => "chart-step-quarantine-test",
        Step::Quarantine => "chart-step-quarantine",
        Step::RejectTest => "chart-step-reject-test",
        Step::Reject => "chart-step-reject",
    }
}
