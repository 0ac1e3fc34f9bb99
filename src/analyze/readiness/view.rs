//! The case with its sums, and where on the ladder the domain stands.

use std::borrow::Cow;

use super::case::{Case, Current};
use super::coverage::Coverage;
use super::ladder::{self, Step, Timeline};
use super::tally::{Sums, Tally};
use crate::analyze::statistics::{design_effect, real, wilson_lower};
use crate::analyze::{Class, Sender};
use crate::config::{Gates, Profile};

/// Days that numbers are about: five weeks hold the end of a month and every weekday five times.
pub const WINDOW_DAYS: i64 = 35;
/// Days in which a domain that is not used sends nothing.
const PARKED_DAYS: i64 = 90;

/// Everything that the gates look at.
#[derive(Debug)]
pub(super) struct View<'a> {
    pub(super) case: &'a Case<'a>,
    pub(super) tally: Cow<'a, Tally>,
    pub(super) coverage: Coverage,
    pub(super) timeline: Timeline,
    /// First and last day of the window.
    pub(super) window: (i64, i64),
    /// The owner's mail in the window.
    pub(super) own: Sums,
    pub(super) profile: Profile,
    pub(super) is_profile_inferred: bool,
    /// Where the domain stands; `None` when nobody knows or there is no record.
    pub(super) step: Option<Step>,
    pub(super) target: Step,
    /// Whether the next level is reject, and not quarantine.
    pub(super) is_to_reject: bool,
    pub(super) gates: &'a Gates,
    pub(super) evidence: Evidence,
}

/// The numbers behind the gates.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Evidence {
    /// Share of the owner's mail that passes.
    pub pass: Option<f64>,
    /// Its lower bound.
    pub lower_bound: f64,
    /// How many mails are worth one observation.
    pub design_effect: f64,
    /// Independent observations.
    pub observations: f64,
    /// Days with mail of the owner in the window.
    pub active_days: u64,
    /// Days since the first report.
    pub span_days: i64,
    /// Whether the window has the end of a month.
    pub has_month_end: bool,
    /// Few mails, over a long time, and none of them failed.
    pub is_low_volume_path: bool,
}

impl<'a> View<'a> {
    pub(super) fn of(case: &'a Case<'a>) -> Self {
        let tally = case.tally.map_or_else(|| Cow::Owned(Tally::of(case.observations, case.senders)), Cow::Borrowed);
        let last = tally.newest_day.map_or(case.today, |day| day.min(case.today));
        let window = (last - WINDOW_DAYS + 1, last);
        let record = case.current.record(case.domain);
        let step = record.as_ref().map(Step::of_record);
        let in_dns = matches!(case.current, Current::Published { .. });
        let timeline = Timeline::of(case.observations, step.filter(|_| in_dns), case.today);
        let inferred = infer(case, &tally, window);
        let profile = case.profile.unwrap_or(inferred);
        let accepts_list_risk = case.gates.reject.indirect_percent_max >= 100.0;
        let is_to_reject = profile == Profile::Parked || step.is_some_and(|step| step >= Step::Quarantine);
        let gates = if is_to_reject { &case.gates.reject } else { &case.gates.quarantine };
        let own = tally.legitimate.sum(window.0, window.1);
        let evidence = evidence(case, &tally, window, gates);
        Self {
            case,
            coverage: Coverage::of(&tally, window, case.today),
            timeline,
            window,
            own,
            profile,
            is_profile_inferred: case.profile.is_none(),
            step,
            target: ladder::target(profile, accepts_list_risk),
            is_to_reject,
            gates,
            evidence,
            tally,
        }
    }

    /// The senders that are the owner's, with their place.
    pub(super) fn own_senders(&self) -> impl Iterator<Item = (usize, &'a Sender)> {
        self.case.senders.iter().enumerate().filter(|(_, sender)| sender.class.is_legitimate())
    }

    /// Sums of a sender in the window.
    pub(super) fn sum(&self, sender: usize) -> Sums {
        let days = self.tally.senders.get(sender);
        days.map(|days| days.sum(self.window.0, self.window.1)).unwrap_or_default()
    }

    /// First day that the observations know of.
    pub(super) fn oldest_day(&self) -> i64 {
        self.tally.oldest_day.unwrap_or(self.case.today)
    }

    /// Failing mails of a class in the window.
    pub(super) fn failing(&self, class: Class) -> u64 {
        self.tally.class(class).sum(self.window.0, self.window.1).failed
    }
}

fn evidence(case: &Case<'_>, tally: &Tally, window: (i64, i64), gates: &Gates) -> Evidence {
    let own = tally.legitimate.sum(window.0, window.1);
    let days = tally.legitimate.counts(window.0, window.1);
    let design_effect = design_effect(&days);
    let observations = real(own.mails) / design_effect;
    let pass = (own.mails > 0).then(|| real(own.passed()) / real(own.mails));
    let first = case.first_day.or(tally.oldest_day);
    let span_days = first.map_or(0, |first| (case.today - first).max(0));
    let month_first = first.unwrap_or(case.today).max(case.today - WINDOW_DAYS);
    let active_days = days.len() as u64;
    let is_low_volume_path = own.mails > 0
        && own.failed == 0
        && span_days >= i64::from(gates.low_volume_days_min)
        && active_days >= u64::from(gates.low_volume_active_days_min);
    Evidence {
        pass,
        lower_bound: wilson_lower(pass.unwrap_or(0.0) * observations, observations),
        design_effect,
        observations,
        active_days,
        span_days,
        has_month_end: (month_first..case.today).any(is_month_end),
        is_low_volume_path,
    }
}

/// Whether the next day is the first of a month.
fn is_month_end(day: i64) -> bool {
    use chrono::Datelike as _;
    crate::analyze::statistics::date(day + 1).is_some_and(|date| date.day() == 1)
}

/// What kind of mail a domain sends, as far as reports and DNS show. In doubt people write from it: that ends the
/// ladder at quarantine, which does no harm to lists.
fn infer(case: &Case<'_>, tally: &Tally, window: (i64, i64)) -> Profile {
    let own = tally.legitimate.sum(case.today - PARKED_DAYS, case.today);
    if own.mails == 0 && case.dns.is_known && case.dns.is_unused {
        return Profile::Parked;
    }
    let in_window = |class| tally.class(class).sum(window.0, window.1).mails;
    let is_only_services = in_window(Class::Authorised) > 0 && in_window(Class::Own) == 0;
    let is_never_forwarded =
        [Class::Forwarder, Class::List, Class::Gateway].into_iter().all(|class| in_window(class) == 0);
    let is_much = tally.legitimate.sum(window.0, window.1).mails >= u64::from(case.gates.reject.observations_min);
    if is_only_services && is_never_forwarded && is_much { Profile::Machine } else { Profile::People }
}
