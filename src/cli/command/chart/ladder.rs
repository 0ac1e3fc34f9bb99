//! The ladder of policies: where a domain stands, and since when.

use super::Material;
use super::classed::tag;
use super::words::Word;
use crate::analyze::readiness::Step;
use crate::cli::period::date;
use crate::config::Profile;
use crate::present::chart::{LadderState, LadderStep, LadderView};

/// The ladder of the domain, or of the one with most mails where all were asked for.
pub(super) fn ladder(material: &Material<'_>) -> anyhow::Result<LadderView> {
    let judged = material.judged()?.first();
    let domain = judged.map_or_else(String::new, |judged| judged.domain.clone());
    let timeline = judged.map(|judged| judged.timeline(material.today()).0).unwrap_or_default();
    let here = timeline.last().map(|(_, step)| *step);
    let next = here.and_then(Step::next).filter(|next| *next <= target(material, &domain));
    let state = |step: Step| match here {
        Some(here) if step == here => LadderState::Here,
        Some(here) if step < here => LadderState::Done,
        _ if Some(step) == next => LadderState::Next,
        _ => LadderState::Open,
    };
    let note = |step: Step| {
        let place = timeline.iter().rposition(|(_, other)| *other == step)?;
        let since = timeline.get(place).and_then(|(day, _)| date(*day))?.to_string();
        let until = timeline.get(place + 1).and_then(|(day, _)| date(day - 1)).map(|day| day.to_string());
        Some(match until {
            None => material.fill(Word::Since, &[("since", &since)]),
            Some(until) => material.fill(Word::SinceUntil, &[("since", &since), ("until", &until)]),
        })
    };
    let step = |step: Step| LadderStep {
        label: tag(step).to_owned(),
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

/// Where the ladder of the domain ends, by what its owner says of it; in doubt people write from it.
fn target(material: &Material<'_>, domain: &str) -> Step {
    let settings = &material.context.resolved.settings;
    let profile = settings.domains.iter().find(|one| one.name.as_str() == domain).and_then(|one| one.profile);
    match profile {
        Some(Profile::Machine | Profile::Parked) => Step::Reject,
        Some(Profile::People) | None => Step::Quarantine,
    }
}
