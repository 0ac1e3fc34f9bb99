//! Gates that time opens: G1, G6, G7, G12.

use super::{Gate, Kind, percent, threshold};
use crate::analyze::readiness::ladder::Step;
use crate::analyze::readiness::view::View;
use crate::analyze::statistics::{date, failure_alarms, good_turing_unseen_share, rhythm};
use crate::words::{Said, said};

/// Days that a test lasts.
const TEST_DAYS: i64 = 14;
/// A sender in the first week of the data is not new: the data is.
const FIRST_DAYS: i64 = 7;
/// Mails from which on a new sender counts.
const NEW_MAILS_MIN: u64 = 10;

fn day_text(day: i64) -> String {
    date(day).map_or_else(String::new, |date| date.to_string())
}

/// Days with reports, a month end among them; before reject also days at quarantine.
pub(super) fn g1(view: &View<'_>) -> Gate {
    let (gates, evidence, today) = (view.gates, &view.evidence, view.case.today);
    let window_min = i64::from(gates.window_days_min);
    let total_min = i64::from(gates.total_days_min);
    let span = evidence.span_days;
    let month_end = if evidence.has_month_end { said!("gate-month-end") } else { said!("gate-no-month-end") };
    let month_is_open = evidence.has_month_end || !gates.month_end;
    let first = view.case.first_day.unwrap_or(today);
    let month_day = (!month_is_open).then(|| (today..today + 32).find(|day| is_first_of_month(*day))).flatten();
    if !view.is_to_reject {
        let need_days = window_min.max(total_min);
        let need = said!(
            "gate-need-days",
            days = need_days,
            month = if gates.month_end { said!("gate-with-month-end") } else { Said::default() }
        );
        let opens = (first + need_days).max(month_day.unwrap_or(today));
        let is_open = span >= need_days && month_is_open;
        return Gate::new("G1", said!("gate-title-time"), Kind::Time, is_open)
            .value(said!("gate-time", days = span, month_end = month_end))
            .need(need)
            .close(span < need_days + FIRST_DAYS)
            .opens(Some(opens));
    }
    let at_quarantine = view.timeline.days_at(&[Step::Quarantine, Step::RejectTest, Step::Reject], today);
    let is_open = span >= total_min && at_quarantine >= window_min && month_is_open;
    let opens = (first + total_min).max(today + window_min - at_quarantine).max(month_day.unwrap_or(today));
    // Without quarantine there is no day from which on its days could be counted.
    let opens = (at_quarantine > 0 || view.step.is_some_and(|step| step >= Step::Quarantine)).then_some(opens);
    Gate::new("G1", said!("gate-title-time"), Kind::Time, is_open)
        .value(said!("gate-time-quarantine", days = span, month_end = month_end, at_quarantine = at_quarantine))
        .need(said!("gate-time-quarantine-need", total = total_min, window = window_min))
        .close(span < total_min + FIRST_DAYS || at_quarantine < window_min + FIRST_DAYS)
        .opens(opens)
}

fn is_first_of_month(day: i64) -> bool {
    use chrono::Datelike as _;
    date(day).is_some_and(|date| date.day() == 1)
}

/// A test is to last: it shows who rewrites the author.
pub(super) fn test_time(view: &View<'_>) -> Option<Gate> {
    let step = view.step.filter(|step| step.is_test())?;
    let days = view.timeline.days_at(&[step], view.case.today);
    let gate = Gate::new("G1", said!("gate-title-test"), Kind::Time, days >= TEST_DAYS)
        .value(said!("gate-test-days", days = days))
        .need(said!("gate-days", days = TEST_DAYS))
        .opens(Some(view.case.today + TEST_DAYS - days));
    Some(gate)
}

/// No new sender of the owner's, and little mail from senders that were not seen yet.
pub(super) fn g6(view: &View<'_>) -> Gate {
    let (gates, today) = (view.gates, view.case.today);
    let days_min = i64::from(gates.no_new_source_days_min);
    let known_from = view.case.first_day.unwrap_or_else(|| view.oldest_day()).max(view.oldest_day()) + FIRST_DAYS;
    let mut fresh: Vec<(i64, &str)> = Vec::new();
    let (mut once, mut source_days) = (0, 0);
    for (place, sender) in view.own_senders() {
        let Some(days) = view.tally.senders.get(place) else { continue };
        let active = days.active(view.window.0, view.window.1).count() as u64;
        source_days += active;
        once += u64::from(active == 1);
        let first = days.active(i64::MIN, today).next().map(|(day, _)| day);
        let is_much = view.sum(place).mails >= NEW_MAILS_MIN;
        fresh.extend(
            first
                .filter(|day| *day > known_from && *day >= today - days_min && is_much)
                .map(|day| (day, sender.name.as_str())),
        );
    }
    fresh.sort_unstable();
    let unseen = good_turing_unseen_share(once, source_days);
    let is_seen = unseen * 100.0 <= gates.unseen_percent_max || view.evidence.is_low_volume_path;
    let new = match fresh.last() {
        None => said!("gate-no-new"),
        Some((day, name)) => said!("gate-new", name = name, day = day_text(*day)),
    };
    let opens = fresh.last().map(|(day, _)| day + days_min + 1);
    Gate::new("G6", said!("gate-title-senders"), Kind::Time, fresh.is_empty() && is_seen)
        .value(said!("gate-unseen", new = new, share = percent(unseen)))
        .need(said!("gate-unseen-need", days = days_min, share = threshold(gates.unseen_percent_max)))
        .close(unseen * 200.0 > gates.unseen_percent_max)
        .opens(opens)
}

/// No failures of one of the owner's senders that rise.
pub(super) fn g7(view: &View<'_>) -> Gate {
    let quiet = i64::from(view.gates.no_anomaly_days_min);
    let today = view.case.today;
    let mut open: Vec<(i64, Said)> = Vec::new();
    for (place, sender) in view.own_senders() {
        let Some(days) = view.tally.senders.get(place) else { continue };
        let alarms = failure_alarms(&days.counts(i64::MIN, today));
        open.extend(alarms.last().filter(|alarm| alarm.day >= today - quiet).map(|alarm| {
            let rise = format!("{} -> {}", percent(alarm.share_before), percent(alarm.share));
            (alarm.day, said!("gate-rose", sender = sender.name, rise = rise, day = day_text(alarm.day)))
        }));
    }
    for alarm in view.case.alarms.iter().filter(|alarm| alarm.kind.closes_gate() && alarm.last_day >= today - quiet) {
        let (subject, day) = (&alarm.subject, day_text(alarm.last_day));
        let gone = said!("gate-key-gone", selector = subject, day = day);
        open.push((alarm.last_day, gone));
    }
    open.sort();
    let value = open.last().map_or_else(|| said!("gate-no-alarm"), |(_, text)| text.clone());
    Gate::new("G7", said!("gate-title-alarms"), Kind::Time, open.is_empty())
        .value(value)
        .need(said!("gate-quiet", days = quiet))
        .opens(open.last().map(|(day, _)| day + quiet + 1))
}

/// No sender that runs now and then, failed last time, and is due.
pub(super) fn g12(view: &View<'_>) -> Gate {
    let (today, soon) = (view.case.today, i64::from(view.gates.due_run_days));
    let mut due: Vec<(i64, Said)> = Vec::new();
    for (place, sender) in view.own_senders() {
        let Some(days) = view.tally.senders.get(place) else { continue };
        let active: Vec<i64> = days.active(i64::MIN, today).map(|(day, _)| day).collect();
        let Some(rhythm) = rhythm(&active) else { continue };
        let run = days.sum(rhythm.last_day, today);
        let is_failing = run.failed.saturating_mul(2) > run.mails;
        // A run may be a few days late, and its report later still.
        if is_failing && (today - soon..=today + soon).contains(&rhythm.next_day) {
            due.push((rhythm.next_day, said!("gate-due", sender = sender.name, day = day_text(rhythm.next_day))));
        }
    }
    due.sort();
    let value = due.first().map_or_else(|| said!("gate-none-due"), |(_, text)| text.clone());
    Gate::new("G12", said!("gate-title-runs"), Kind::Fix, due.is_empty())
        .value(value)
        .need(said!("gate-due-need", days = soon))
}
