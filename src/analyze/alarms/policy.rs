//! The policy that receivers judge by: weaker than before, or not what DNS has.

use super::{Alarm, AlarmInputs, AlarmKind, Level};
use crate::analyze::readiness::{Timeline, percent};
use crate::analyze::statistics::real;
use crate::dns::dmarc;
use crate::model::Sent;

/// Days for which a weakened policy is news.
const NEWS_DAYS: i64 = 14;
/// After this many days everybody has read a new record: two days, and twice a time to live of a day at most.
const UPTAKE_DAYS: i64 = 4;
/// Share of mail judged otherwise that is an alarm, and mails that it takes.
const DIFFERS_MIN: f64 = 0.2;
const MAILS_MIN: u64 = 20;
const DAY_S: i64 = 86_400;

/// (d) Each change to a weaker step.
pub(super) fn weakened(inputs: &AlarmInputs<'_>) -> Vec<Alarm> {
    let line = Timeline::of(inputs.observations, None, inputs.today);
    let changes = line.0.iter().zip(line.0.iter().skip(1)).filter(|(before, after)| after.1 < before.1);
    let alarm =
        |(before, after): (&(i64, crate::analyze::readiness::Step), &(i64, crate::analyze::readiness::Step))| {
            let over = line.0.iter().find(|(day, step)| *day > after.0 && *step >= before.1).map(|(day, _)| *day);
            let over = over.unwrap_or(i64::MAX).min(after.0 + NEWS_DAYS);
            Alarm {
                kind: AlarmKind::PolicyWeakened,
                subject: inputs.domain.to_owned(),
                severity: if after.1.effective() < before.1.effective() { Level::Critical } else { Level::Warning },
                opened_day: after.0,
                last_day: (over - 1).min(inputs.today),
                closed_day: (over <= inputs.today).then_some(over),
                detail: format!("{} -> {}", before.1.as_str(), after.1.as_str()),
            }
        };
    changes.map(alarm).collect()
}

/// (d) Receivers that judge by another `p` than the record that DNS has had for days.
pub(super) fn differs(inputs: &AlarmInputs<'_>, newest: i64) -> Option<Alarm> {
    let known = || inputs.published.iter().filter(|seen| !seen.dmarc.is_unknown());
    let now = known().next_back()?.dmarc_applies.as_ref().filter(|found| found.domain == inputs.domain)?;
    let since = known().rev().take_while(|seen| seen.dmarc_applies.as_ref() == Some(now)).last()?;
    let record = dmarc::read(&now.text).filter(|read| read.standing == dmarc::Standing::InForce)?.record;
    let first = since.seen_s.div_euclid(DAY_S) + UPTAKE_DAYS;
    let (mut all, mut other) = (0_u64, 0_u64);
    let judged = inputs
        .observations
        .iter()
        .filter(|seen| seen.day >= first.max(newest - 6) && *seen.policy.domain == *inputs.domain);
    for seen in judged {
        let Some(p) = seen.policy.p.as_ref().and_then(Sent::read) else { continue };
        all = all.saturating_add(seen.mails);
        other = other.saturating_add(if record.p == Some(p) { 0 } else { seen.mails });
    }
    let share = real(other) / real(all.max(1));
    (all >= MAILS_MIN && share > DIFFERS_MIN).then(|| Alarm {
        kind: AlarmKind::PolicyDiffers,
        subject: inputs.domain.to_owned(),
        severity: Level::Warning,
        opened_day: first,
        last_day: newest,
        closed_day: None,
        detail: percent(share),
    })
}
