//! R1 to R5: when a policy that was just tightened has to go back.

use super::ladder::Step;
use super::view::View;
use crate::analyze::statistics::{date, failure_alarms, real};
use crate::model::Policy;
use crate::words::{Said, said};

/// A reason to go back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trigger {
    /// `R1` to `R5`.
    pub rule: &'static str,
    /// What is so.
    pub text: Said,
}

/// Days after a change in which the rules hold.
pub(super) const OBSERVED_DAYS: i64 = 30;
/// R5: complaints within a day.
const COMPLAINTS_MIN: usize = 2;
const DAY_S: i64 = 86_400;
/// Days back in which own mail that is hit counts as hit now.
const RECENT_DAYS: i64 = 14;
/// R3: rise of the share of failures.
const RISE_MIN: f64 = 0.05;
/// R4: a new sender of the owner's needs this share, and is looked at from so many mails a day on.
const NEW_PASS_MIN: f64 = 0.9;
const NEW_MAILS_A_DAY_MIN: f64 = 10.0;

/// R1's thresholds: mails of a day, share of the day's own mail, mails of three days.
struct Harm {
    day: u64,
    day_share: f64,
    three_days: u64,
}

impl Harm {
    const fn of(step: Step) -> Self {
        match step {
            Step::Reject => Self { day: 5, day_share: 0.001, three_days: 10 },
            _ => Self { day: 10, day_share: 0.005, three_days: 20 },
        }
    }
}

/// The rules in words, for the text beside a change.
#[must_use]
pub(super) fn rules(step: Step) -> Vec<Said> {
    let harm = Harm::of(step);
    let share = harm.day_share * 100.0;
    vec![
        said!("back-r1", day = harm.day, share = share, three = harm.three_days),
        said!("back-r2"),
        said!("back-r3"),
        said!("back-r4"),
        said!("back-r5"),
    ]
}

/// The day on which own mail was hit too hard (R1), newest first; `None` when none was.
pub(super) fn harmed_day(view: &View<'_>, step: Step, first_day: i64) -> Option<(i64, u64)> {
    let harm = Harm::of(step);
    let acted = |day: i64| view.tally.legitimate.0.get(&day).map_or(0, |sums| sums.acted);
    let since = first_day.max(view.case.today - RECENT_DAYS);
    let mut days = view.tally.legitimate.active(since, view.case.today).collect::<Vec<_>>();
    days.reverse();
    days.into_iter().find_map(|(day, sums)| {
        let by_day = sums.acted >= harm.day && real(sums.acted) >= harm.day_share * real(sums.mails);
        let three: u64 = (day - 2..=day).filter(|day| *day >= first_day).map(acted).sum();
        (by_day || (sums.acted > 0 && three >= harm.three_days))
            .then_some((day, if by_day { sums.acted } else { three }))
    })
}

/// Every rule that holds since the policy was tightened on `changed_day`.
pub(super) fn triggers(view: &View<'_>, step: Step, changed_day: i64) -> Vec<Trigger> {
    let mut found = Vec::new();
    let day_text = |day: i64| date(day).map_or_else(String::new, |date| date.to_string());
    if let Some((day, mails)) = harmed_day(view, step, changed_day) {
        let text = said!("trigger-r1", mails = mails, day = day_text(day));
        found.push(Trigger { rule: "R1", text });
    }
    for (place, sender) in view.own_senders() {
        let Some(days) = view.tally.senders.get(place) else { continue };
        let since = days.sum(changed_day, view.case.today);
        if sender.is_critical && since.refused > 0 && step.effective() == Policy::Reject {
            let text = said!("trigger-r2", sender = sender.name, mails = since.refused);
            found.push(Trigger { rule: "R2", text });
        }
        let alarms = failure_alarms(&days.counts(i64::MIN, view.case.today));
        let rise = alarms.iter().rev().find(|alarm| {
            alarm.day >= changed_day.max(view.case.today - RECENT_DAYS) && alarm.share >= alarm.share_before + RISE_MIN
        });
        if let Some(alarm) = rise.filter(|_| since.acted > 0) {
            let (before, now) = (alarm.share_before * 100.0, alarm.share * 100.0);
            let text =
                said!("trigger-r3", sender = sender.name, before = format!("{before:.1}"), now = format!("{now:.1}"));
            found.push(Trigger { rule: "R3", text });
        }
        let is_new = days.0.keys().next().is_some_and(|first| *first >= changed_day);
        let active = real(days.active(changed_day, view.case.today).count().max(1) as u64);
        let fails = real(since.passed()) < NEW_PASS_MIN * real(since.mails);
        if sender.is_declared && is_new && fails && real(since.mails) / active >= NEW_MAILS_A_DAY_MIN {
            let text = said!("trigger-r4", sender = sender.name, failed = since.failed, mails = since.mails);
            found.push(Trigger { rule: "R4", text });
        }
    }
    found.sort_by_key(|trigger| trigger.rule);
    if let Some(last_s) = complaints(view.case.complaints_s, changed_day) {
        let day = day_text(last_s.div_euclid(DAY_S));
        let text = said!("trigger-r5", complaints = COMPLAINTS_MIN, day = day);
        found.push(Trigger { rule: "R5", text });
    }
    found
}

/// R5: the newest complaint since a change that has another within a day before it.
fn complaints(times_s: &[i64], changed_day: i64) -> Option<i64> {
    let since = times_s.iter().copied().filter(|time_s| time_s.div_euclid(DAY_S) >= changed_day);
    let mut since: Vec<i64> = since.collect();
    since.sort_unstable();
    let within = since.windows(COMPLAINTS_MIN).filter_map(|some| Some((*some.first()?, *some.last()?)));
    within.filter(|(first, last)| last - first <= DAY_S).map(|(_, last)| last).next_back()
}
