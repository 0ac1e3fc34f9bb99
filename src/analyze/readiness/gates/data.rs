//! Gates about how much is known: G2, G3, G8, G11.

use super::{Gate, Kind, percent, threshold};
use crate::analyze::readiness::case::Current;
use crate::analyze::readiness::view::View;
use crate::analyze::statistics::real;
use crate::words::{Said, said, thousands};

/// A number without its part, as people read it.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is bounded on both sides")]
fn whole(number: f64) -> String {
    thousands(number.floor().clamp(0.0, 1e15) as u64)
}

/// Enough independent observations, or few mails over a long time without a failure.
pub(super) fn g2(view: &View<'_>) -> Gate {
    let (gates, evidence) = (view.gates, &view.evidence);
    let min = real(u64::from(gates.observations_min));
    let is_enough = evidence.observations >= min;
    let value = if is_enough || !evidence.is_low_volume_path {
        said!("gate-independent", mails = whole(evidence.observations))
    } else {
        said!("gate-few", mails = view.own.mails, days = evidence.active_days)
    };
    Gate::new("G2", said!("gate-title-amount"), Kind::Data, is_enough || evidence.is_low_volume_path)
        .value(value)
        .need(said!("gate-independent-need", mails = min, days = gates.low_volume_days_min))
        .close(evidence.observations < 1.5 * min)
}

/// The lower bound of the share that passes.
pub(super) fn g3(view: &View<'_>) -> Gate {
    let (gates, evidence) = (view.gates, &view.evidence);
    let min = gates.pass_lower_bound_percent_min / 100.0;
    let is_small = evidence.observations < real(u64::from(gates.observations_min));
    let is_open = evidence.lower_bound >= min || (is_small && evidence.is_low_volume_path);
    let is_failing = evidence.pass.is_some_and(|pass| pass < min);
    let value = evidence.pass.map_or_else(
        || said!("gate-no-own"),
        |pass| said!("gate-pass", share = percent(pass), bound = percent(evidence.lower_bound)),
    );
    Gate::new("G3", said!("gate-title-passing"), if is_failing { Kind::Fix } else { Kind::Data }, is_open)
        .value(value)
        .need(said!("gate-at-least", share = threshold(gates.pass_lower_bound_percent_min)))
        .close(evidence.lower_bound < min + (1.0 - min) / 4.0)
}

/// Enough reporters, and reports that come.
pub(super) fn g8(view: &View<'_>) -> Gate {
    let (gates, coverage) = (view.gates, &view.coverage);
    let seeing = coverage.seeing(gates.reporter_percent_min);
    let completeness = coverage.completeness;
    let is_complete = completeness.is_none_or(|share| share * 100.0 >= gates.completeness_percent_min);
    let is_open = seeing >= gates.reporters_min as usize && is_complete;
    let complete = completeness
        .map_or_else(|| said!("gate-complete-unknown"), |share| said!("gate-complete", share = percent(share)));
    let largest = coverage
        .shares
        .first()
        .map_or_else(Said::default, |(name, share)| said!("gate-largest", name = name, share = percent(*share)));
    Gate::new("G8", said!("gate-title-reporters"), Kind::Data, is_open)
        .value(said!("gate-reporters", seeing = seeing, largest = largest, complete = complete))
        .need(said!(
            "gate-reporters-need",
            reporters = gates.reporters_min,
            share = threshold(gates.completeness_percent_min)
        ))
        .close(seeing == gates.reporters_min as usize || coverage.effective_reporters < 2.0)
}

/// What DNS publishes works.
pub(super) fn g11(view: &View<'_>) -> Gate {
    let (gates, dns) = (view.gates, &view.case.dns);
    let mut problems = dns.problems.clone();
    if let Some(lookups) = dns.spf_lookups.filter(|lookups| *lookups > gates.spf_lookups_max) {
        problems.push(said!("gate-spf-lookups", lookups = lookups, max = gates.spf_lookups_max));
    }
    let ttl_s = if let Current::Published { ttl_s, .. } = view.case.current { ttl_s } else { None };
    if let (Some(max), Some(ttl_s)) = (gates.ttl_s_max, ttl_s)
        && ttl_s > max
    {
        problems.push(said!("gate-ttl", ttl_s = ttl_s, max = max));
    }
    problems.sort();
    problems.dedup();
    let mut gate =
        Gate::new("G11", said!("gate-title-dns"), Kind::Fix, problems.is_empty()).need(said!("gate-records-need"));
    gate.value = match problems.split_first() {
        None => said!("gate-fine"),
        Some((first, [])) => first.clone(),
        Some((first, more)) => said!("gate-first-and-more", first = first, more = more.len()),
    };
    if problems.is_empty() && !dns.is_known {
        gate.is_open = None;
        gate.kind = Kind::Data;
        gate.value = said!("gate-dns-unknown");
    }
    gate
}
