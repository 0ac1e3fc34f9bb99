//! What a policy would hit, by class and day, with an upper bound.

use super::tally::Days;
use super::view::View;
use crate::analyze::Class;
use crate::analyze::statistics::{per_day_upper, real};

/// Mails a day, and how many there may be in truth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PerDay {
    /// As seen.
    pub point: f64,
    /// Upper bound, 95 %.
    pub upper: f64,
}

/// Failing mail a day in the window: what a policy acts on once it is in force.
#[derive(Clone, Debug, PartialEq)]
pub struct Impact {
    /// By class, in the order of [`Class::ALL`].
    pub classes: Vec<(Class, PerDay)>,
    /// Own, authorised and misconfigured together.
    pub legitimate: PerDay,
    /// Indirect mail whose reporters did not override most of its failures.
    pub indirect_at_risk: PerDay,
}

/// What the owner really sends, compared with what reports tell of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sent {
    /// Mails a day, as the owner says.
    pub per_day: u32,
    /// Share of them that reports tell of, at most 1; `None` where they tell of none.
    pub seen: Option<f64>,
}

impl Sent {
    pub(super) fn of(view: &View<'_>) -> Option<Self> {
        let per_day = view.case.sent_per_day?;
        let first = view.window.0.max(view.oldest_day());
        let days = real((view.window.1 - first + 1).max(1).unsigned_abs());
        let seen = real(view.own.mails) / days / f64::from(per_day.max(1));
        Some(Self { per_day, seen: (seen > 0.0).then_some(seen.min(1.0)) })
    }
}

impl PerDay {
    /// With the upper bound for all mail where reports tell of a share of it only.
    fn seen_in_part(self, share: f64) -> Self {
        Self { upper: self.upper / share, ..self }
    }

    /// Of events on each of some days.
    #[must_use]
    pub fn of(events: &[u64]) -> Self {
        let days = real(events.len().max(1) as u64);
        let total: f64 = events.iter().map(|count| real(*count)).sum();
        Self { point: total / days, upper: per_day_upper(events) }
    }
}

impl Impact {
    pub(super) fn of(view: &View<'_>) -> Self {
        let first = view.window.0.max(view.oldest_day());
        let per_day = |days: &Days| PerDay::of(&days.failing(first, view.window.1));
        // Of the owner's mail, also where it is passed on; strangers' mail is no part of what he sends.
        let seen = Sent::of(view).and_then(|sent| sent.seen).unwrap_or(1.0);
        let class = |class: &Class| {
            let found = per_day(view.tally.class(*class));
            let is_owners = class.is_legitimate() || class.is_indirect();
            (*class, if is_owners { found.seen_in_part(seen) } else { found })
        };
        Self {
            classes: Class::ALL.iter().map(class).collect(),
            legitimate: per_day(&view.tally.legitimate).seen_in_part(seen),
            indirect_at_risk: per_day(&view.tally.at_risk).seen_in_part(seen),
        }
    }

    /// A class.
    #[must_use]
    pub fn class(&self, class: Class) -> Option<PerDay> {
        self.classes.iter().find(|(known, _)| *known == class).map(|(_, per_day)| *per_day)
    }
}
