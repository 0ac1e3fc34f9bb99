//! The steps from watching to refusing, and which of them a domain was on.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::analyze::Observation;
use crate::config::Profile;
use crate::dns::dmarc::DmarcRecord;
use crate::model::{Policy, PolicyPublished, Sent, TestMode};

/// A step of the ladder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// `p=none`.
    Monitor,
    /// `p=quarantine`, tested: `t=y`, and `pct=0` for receivers before RFC 9989.
    QuarantineTest,
    /// `p=quarantine`.
    Quarantine,
    /// `p=reject`, tested: acts as quarantine.
    RejectTest,
    /// `p=reject`.
    Reject,
}

impl Step {
    /// All, from the weakest.
    pub const ALL: [Self; 5] = [Self::Monitor, Self::QuarantineTest, Self::Quarantine, Self::RejectTest, Self::Reject];

    /// The word for JSON and text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Monitor => "none",
            Self::QuarantineTest => "quarantine-test",
            Self::Quarantine => "quarantine",
            Self::RejectTest => "reject-test",
            Self::Reject => "reject",
        }
    }

    /// The step of a policy that is tested or not.
    #[must_use]
    pub const fn of(policy: Policy, is_tested: bool) -> Self {
        match (policy, is_tested) {
            (Policy::None, _) => Self::Monitor,
            (Policy::Quarantine, true) => Self::QuarantineTest,
            (Policy::Quarantine, false) => Self::Quarantine,
            (Policy::Reject, true) => Self::RejectTest,
            (Policy::Reject, false) => Self::Reject,
        }
    }

    /// The step that a record stands for.
    #[must_use]
    pub fn of_record(record: &DmarcRecord) -> Self {
        let is_tested = record.t == Some(TestMode::Yes) || record.pct == Some(0);
        Self::of(record.p.unwrap_or(Policy::None), is_tested)
    }

    /// The step that a reporter saw; `None` where it said no policy.
    #[must_use]
    pub fn of_report(policy: &PolicyPublished) -> Option<Self> {
        let is_tested = policy.testing == Some(Sent::Read(TestMode::Yes)) || policy.pct == Some(Sent::Read(0));
        Some(Self::of(policy.p.as_ref()?.read()?, is_tested))
    }

    /// What receivers that know test mode do with failing mail: one level less than it says (RFC 9989 4.7).
    #[must_use]
    pub const fn effective(self) -> Policy {
        match self {
            Self::Monitor | Self::QuarantineTest => Policy::None,
            Self::Quarantine | Self::RejectTest => Policy::Quarantine,
            Self::Reject => Policy::Reject,
        }
    }

    /// Whether it is only a test.
    #[must_use]
    pub const fn is_test(self) -> bool {
        matches!(self, Self::QuarantineTest | Self::RejectTest)
    }

    /// The next step up; none above the last. From quarantine it is reject itself: a test of it would act as quarantine
    /// does, and show nothing new.
    #[must_use]
    pub const fn next(self) -> Option<Self> {
        match self {
            Self::Monitor => Some(Self::QuarantineTest),
            Self::QuarantineTest => Some(Self::Quarantine),
            Self::Quarantine | Self::RejectTest => Some(Self::Reject),
            Self::Reject => None,
        }
    }

    /// One level back.
    #[must_use]
    pub const fn back(self) -> Self {
        match self {
            Self::Monitor | Self::QuarantineTest | Self::Quarantine => Self::Monitor,
            Self::RejectTest | Self::Reject => Self::Quarantine,
        }
    }
}

/// Where the ladder ends for a domain: people post to mailing lists, which reject would break (RFC 9989 7.4).
#[must_use]
pub(super) const fn target(profile: Profile, accepts_list_risk: bool) -> Step {
    match profile {
        Profile::People if !accepts_list_risk => Step::Quarantine,
        Profile::People | Profile::Machine | Profile::Parked => Step::Reject,
    }
}

/// The steps that a domain was on: first day of each, ascending, no two neighbours alike.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Timeline(pub Vec<(i64, Step)>);

impl Timeline {
    /// By what most mails of a day were judged by. A step that shows on a single day between two of another is a
    /// reporter that looked late. `current` is what DNS has on `today`, where that is known.
    #[must_use]
    pub fn of(observations: &[Observation], current: Option<Step>, today: i64) -> Self {
        let mut days: BTreeMap<i64, [u64; 5]> = BTreeMap::new();
        // Neighbours mostly have the same day and the same policy.
        for run in observations.chunk_by(|one, next| one.day == next.day && Arc::ptr_eq(&one.policy, &next.policy)) {
            let Some(first) = run.first() else { continue };
            let place = Step::of_report(&first.policy).and_then(|step| Step::ALL.iter().position(|one| *one == step));
            let weight = place.and_then(|place| days.entry(first.day).or_default().get_mut(place));
            if let Some(weight) = weight {
                *weight = run.iter().fold(*weight, |sum, seen| sum.saturating_add(seen.mails.max(1)));
            }
        }
        let most = |weights: &[u64; 5]| {
            let best = Step::ALL.iter().zip(weights).max_by_key(|(step, weight)| (**weight, std::cmp::Reverse(**step)));
            best.map_or(Step::Monitor, |(step, _)| *step)
        };
        let daily: Vec<(i64, Step)> = days.iter().map(|(day, weights)| (*day, most(weights))).collect();
        let mut line = Self::default();
        for (at, (day, step)) in daily.iter().enumerate() {
            let next = daily.get(at + 1).map(|next| next.1);
            let is_slip = line.0.last().is_some_and(|last| next == Some(last.1)) && next != Some(*step);
            if !is_slip {
                line.push(*day, *step);
            }
        }
        if let Some(step) = current {
            line.push(today, step);
        }
        line
    }

    fn push(&mut self, day: i64, step: Step) {
        if self.0.last().is_none_or(|last| last.1 != step) {
            self.0.push((day, step));
        }
    }

    /// Days up to `today` since the domain came to stay on one of these steps.
    #[must_use]
    pub fn days_at(&self, steps: &[Step], today: i64) -> i64 {
        let stretch = self.0.iter().rev().take_while(|(_, step)| steps.contains(step));
        stretch.last().map_or(0, |(day, _)| today - day)
    }

    /// The newest change to a stricter step since `first_day`: its day, and the step before it.
    #[must_use]
    pub fn raised_since(&self, first_day: i64) -> Option<(i64, Step)> {
        let changes = self.0.iter().zip(self.0.iter().skip(1));
        let mut raise = changes.filter(|(before, after)| after.1 > before.1 && after.0 >= first_day);
        raise.next_back().map(|(before, after)| (after.0, before.1))
    }
}
