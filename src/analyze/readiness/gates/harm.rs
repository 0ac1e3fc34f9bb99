//! Gates about what would be hit: G4, G5, G9, G10 and the cap.

use super::{Gate, Kind, percent, threshold};
use crate::analyze::Class;
use crate::analyze::readiness::blockers::Blocker;
use crate::analyze::readiness::ladder::Step;
use crate::analyze::readiness::view::View;
use crate::analyze::statistics::real;
use crate::words::{Said, said, thousands};

/// No single sender of the owner's that fails by much.
pub(super) fn g4(view: &View<'_>, blockers: &[Blocker]) -> Gate {
    let own: Vec<&Blocker> = blockers.iter().filter(|blocker| blocker.class.is_legitimate()).collect();
    let named = |blocker: &&Blocker| {
        let pass = real(blocker.mails.saturating_sub(blocker.mails_failing)) / real(blocker.mails.max(1));
        said!("gate-sender", source = blocker.source, share = percent(pass))
    };
    let shown: Vec<Said> = own.iter().take(3).map(named).collect();
    let more = if own.len() > 3 { said!("gate-and-more", more = own.len() - 3) } else { Said::default() };
    let value = if own.is_empty() {
        said!("gate-none-fails")
    } else {
        said!("gate-senders", senders = Said::list(shown), more = more)
    };
    Gate::new("G4", said!("gate-title-each"), Kind::Fix, own.is_empty())
        .value(value)
        .need(said!("gate-senders-need", share = threshold(view.gates.source_pass_percent_min)))
}

/// Little failing mail of senders that nobody knows.
pub(super) fn g5(view: &View<'_>) -> Gate {
    let gates = view.gates;
    let failing = view.failing(Class::Unknown);
    let unknown = view.tally.class(Class::Unknown).sum(view.window.0, view.window.1).mails;
    let all = view.own.mails.saturating_add(unknown);
    let share = real(failing) / real(all.max(1));
    let max = u64::from(gates.unknown_source_mails_max);
    let senders = view.case.senders.iter().enumerate();
    let large = senders.filter(|(place, sender)| {
        sender.class == Class::Unknown && !sender.is_declared && view.sum(*place).failed > max
    });
    let large = large.count();
    let is_open = share * 100.0 <= gates.unknown_percent_max && large == 0;
    let named = if large == 0 { Said::default() } else { said!("gate-unknown-large", large = large, max = max) };
    Gate::new("G5", said!("gate-title-unknown"), unknown_kind(view), is_open)
        .value(said!("gate-unknown", share = percent(share), named = named))
        .need(said!("gate-unknown-need", share = threshold(gates.unknown_percent_max), max = max))
        .close(share * 200.0 > gates.unknown_percent_max)
}

/// Without DNS nobody knows the names of addresses, so there is more that only seems unknown.
fn unknown_kind(view: &View<'_>) -> Kind {
    if view.case.dns.is_known { Kind::Fix } else { Kind::Data }
}

/// DKIM carries the mail, so that forwarding does not break it.
pub(super) fn g9(view: &View<'_>) -> Gate {
    let (gates, own) = (view.gates, &view.own);
    let all = real(own.mails.max(1));
    let (dkim, spf_only) = (real(own.dkim) / all, real(own.spf_only()) / all);
    let is_open = dkim * 100.0 >= gates.dkim_percent_min && spf_only * 100.0 <= gates.spf_only_percent_max;
    let need = match gates.spf_only_percent_max {
        max if max >= 100.0 => said!("gate-dkim-need", share = threshold(gates.dkim_percent_min)),
        max => said!("gate-dkim-spf-need", share = threshold(gates.dkim_percent_min), spf = threshold(max)),
    };
    Gate::new("G9", said!("gate-title-dkim"), Kind::Fix, is_open)
        .value(said!("gate-dkim", share = percent(dkim), spf = percent(spf_only)))
        .need(need)
        .close(dkim * 100.0 < gates.dkim_percent_min + (100.0 - gates.dkim_percent_min) / 4.0)
}

/// Mail through forwarders and lists that the policy would hit.
pub(super) fn g10(view: &View<'_>) -> Gate {
    let max = view.gates.indirect_percent_max;
    let at_risk = view.tally.at_risk.sum(view.window.0, view.window.1).failed;
    let share = real(at_risk) / real(view.own.mails.max(1));
    let need = if max >= 100.0 { said!("gate-shown-only") } else { said!("gate-risk-need", share = threshold(max)) };
    Gate::new("G10", said!("gate-title-forwarded"), Kind::Risk, max >= 100.0 || share * 100.0 <= max)
        .value(said!("gate-risk", mails = thousands(at_risk), share = percent(share)))
        .need(need)
}

/// The most own and unknown mail that a policy in force may hit. A test hits none.
pub(super) fn cap(view: &View<'_>) -> Gate {
    let gates = view.gates;
    let days = real((view.window.1 - view.window.0.max(view.oldest_day()) + 1).max(1).unsigned_abs());
    let hit = view.own.failed.saturating_add(view.failing(Class::Unknown));
    let all: u64 = Class::ALL.iter().map(|class| view.failing(*class)).sum();
    let (week, share) = (real(hit) / days * 7.0, real(hit) / real(all.max(1)));
    let max = real(u64::from(gates.harmed_mails_per_week_max));
    // The share says little about a few mails: a domain that nobody abuses has no other failures than its own.
    let is_much =
        week > max / 10.0 && view.evidence.lower_bound * 100.0 < gates.pass_lower_bound_percent_min.midpoint(100.0);
    let is_under = week <= max && !(is_much && share * 100.0 > gates.harmed_percent_max);
    let is_test_next = view.step.is_none_or(|step| step.next().is_none_or(Step::is_test));
    let test = if is_test_next { said!("gate-test-none") } else { Said::default() };
    let kind = if hit > view.own.failed.saturating_mul(2) { unknown_kind(view) } else { Kind::Fix };
    Gate::new("cap", said!("gate-title-harm"), kind, is_under || is_test_next)
        .value(said!("gate-cap", week = format!("{week:.1}"), share = percent(share), test = test))
        .need(said!("gate-cap-need", max = max, share = threshold(gates.harmed_percent_max)))
}
