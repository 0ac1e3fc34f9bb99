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

impl PerDay {
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
        Self {
            classes: Class::ALL.iter().map(|class| (*class, per_day(view.tally.class(*class)))).collect(),
            legitimate: per_day(&view.tally.legitimate),
            indirect_at_risk: per_day(&view.tally.at_risk),
        }
    }

    /// A class.
    #[must_use]
    pub fn class(&self, class: Class) -> Option<PerDay> {
        self.classes.iter().find(|(known, _)| *known == class).map(|(_, per_day)| *per_day)
    }
}
