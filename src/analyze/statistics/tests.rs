//! Golden values of the design, and what has to hold for all counts.

use proptest::prelude::*;

use super::*;

fn near(value: f64, golden: f64, digits: i32) {
    assert!((value - golden).abs() < 0.6 * 10.0_f64.powi(-digits), "{value} is not {golden}");
}

fn days(mails: &[u64], failed: &[u64]) -> Vec<DayCount> {
    let counts = mails.iter().zip(failed);
    (0..).zip(counts).map(|(day, (mails, failed))| DayCount { day, mails: *mails, failed: *failed }).collect()
}

#[test]
fn wilson_bounds_have_their_golden_values() {
    let lower = [(99.0, 100.0, 0.956_418), (100.0, 100.0, 0.973_657), (300.0, 300.0, 0.991_062)];
    for (part, whole, golden) in lower.into_iter().chain([(990.0, 1000.0, 0.983_343), (9900.0, 10_000.0, 0.988_226)]) {
        near(wilson_lower(part, whole), golden, 6);
    }
    for (part, whole, golden) in [(99.0, 100.0, 0.997_766), (0.0, 10.0, 0.212_942), (1.0, 10.0, 0.347_719)] {
        near(wilson_upper(part, whole), golden, 6);
    }
    near(wilson_lower(0.0, 0.0), 0.0, 9);
    assert!(wilson_lower(0.0, 0.8) <= 0.0, "a trace above nought would be shown as a share");
    near(wilson_upper(0.0, 0.0), 1.0, 9);
}

#[test]
fn the_design_effect_has_its_golden_value() {
    let days = days(&[1000, 1100, 1200, 900, 950, 200, 180], &[10, 12, 40, 8, 9, 1, 2]);
    let (mails, failed) = (5530.0, 82.0);
    let effect = design_effect(&days);
    near(failed / mails, 0.014_828, 6);
    near(effect / 1.25, 8.575, 3);
    near(mails / effect, 515.9, 1);
    near(wilson_lower(mails - failed, mails), 0.982_25, 5);
    near(wilson_lower((mails - failed) / effect, mails / effect), 0.973_55, 5);
}

#[test]
fn too_few_days_or_no_difference_leave_the_margin_alone() {
    near(design_effect(&days(&[10; 6], &[1, 0, 5, 0, 1, 2])), 1.25, 9);
    near(design_effect(&days(&[10; 7], &[0; 7])), 1.25, 9);
    near(design_effect(&days(&[10; 7], &[10; 7])), 1.25, 9);
    assert!(design_effect(&days(&[10; 7], &[10, 0, 0, 0, 0, 0, 0])) > 5.0);
}

#[test]
fn poisson_bounds_have_their_golden_values() {
    let bounds = [(0.0, 2.9957, 4), (1.0, 4.7439, 4), (2.0, 6.30, 2), (3.0, 7.75, 2), (5.0, 10.5, 1)];
    for (count, golden, digits) in bounds {
        near(poisson_upper(count), golden, digits);
    }
    for (count, golden, digits) in [(10.0, 16.962, 3), (20.0, 29.1, 1), (50.0, 63.3, 1), (100.0, 118.1, 1)] {
        near(poisson_upper(count), golden, digits);
    }
    assert!((poisson_upper(999.0) / poisson_upper(999.001) - 1.0).abs() < 1e-5, "the two ways meet");
}

#[test]
fn lumps_widen_the_bound_of_a_rate() {
    near(per_day_upper(&[0; 35]), 2.9957 / 35.0, 5);
    near(per_day_upper(&[1; 20]), 29.0620 / 20.0, 3);
    let mut lumpy = [0; 20];
    lumpy[3] = 20;
    near(per_day_upper(&lumpy), 20.0 * poisson_upper(1.0) / 20.0, 9);
    assert!(per_day_upper(&[]).is_infinite());
}

#[test]
fn what_was_seen_once_stands_for_what_was_not_seen() {
    near(good_turing_unseen_share(3, 60), 0.05, 9);
    near(good_turing_unseen_share(0, 0), 1.0, 9);
    near(chao1_unseen_sources(5, 1), 5.0, 9);
    near(chao1_unseen_sources(0, 0), 0.0, 9);
}

#[test]
fn the_difference_of_shares_has_its_golden_value() {
    let before = (2790.0, 2800.0);
    let after = (250.0, 300.0);
    near(before.0 / before.1 - after.0 / after.1, 0.163, 3);
    near(difference_lower(before, after), 0.131, 3);
}

#[test]
fn a_rhythm_needs_runs_that_come_round() {
    let weekly: Vec<i64> = (0..4).map(|week| 20_000 + 7 * week).collect();
    let found = rhythm(&weekly).expect("weekly");
    assert_eq!((found.cycle, found.last_day, found.next_day), (Cycle::Weekly, 20_021, 20_028));
    assert_eq!(rhythm(&weekly[..2]), None, "two weeks are no rhythm");
    // 2026-06-25 and 2026-07-25, over two days each: the next is 2026-08-25.
    let monthly = [20_629, 20_630, 20_659, 20_660];
    let found = rhythm(&monthly).expect("monthly");
    assert_eq!((found.cycle, found.last_day, found.next_day), (Cycle::Monthly, 20_659, 20_690));
    let quarterly = rhythm(&[20_544, 20_635]).expect("quarterly");
    assert_eq!((quarterly.cycle, quarterly.next_day), (Cycle::Quarterly, 20_727));
    assert_eq!(rhythm(&(0..60).collect::<Vec<_>>()), None, "every day");
    assert_eq!(rhythm(&[0, 7, 30, 37, 44]), None, "gaps differ");
    assert_eq!(rhythm(&[]), None);
}

/// Five weeks with a share of failures, then days with another.
fn stream(mails: u64, before: u64, after: &[u64]) -> Vec<DayCount> {
    let failed: Vec<u64> = std::iter::repeat_n(before, 35).chain(after.iter().copied()).collect();
    days(&vec![mails; failed.len()], &failed)
}

#[test]
fn a_jump_is_an_alarm_on_its_day() {
    let alarms = failure_alarms(&stream(5000, 50, &[500]));
    assert_eq!(alarms.iter().map(|alarm| alarm.day).collect::<Vec<_>>(), [35]);
    near(alarms[0].share_before, 0.01, 3);
    near(alarms[0].share, 0.1, 3);
}

#[test]
fn a_small_rise_is_an_alarm_when_it_adds_up() {
    let alarms = failure_alarms(&stream(500, 5, &[14, 14, 14, 14, 14]));
    let first = alarms.first().map(|alarm| alarm.day);
    assert!(first.is_some_and(|day| (36..40).contains(&day)), "{alarms:?}");
}

#[test]
fn no_rise_and_no_excess_are_no_alarm() {
    assert_eq!(failure_alarms(&stream(500, 5, &[5, 6, 4, 7, 5])), []);
    assert_eq!(failure_alarms(&stream(200, 0, &[9])), [], "nine mails are too few");
    assert_eq!(failure_alarms(&stream(10_000, 0, &[99])), [], "under one point");
    assert_eq!(failure_alarms(&days(&[500; 4], &[0, 0, 0, 400])), [], "nothing to compare with");
}

#[test]
fn small_days_are_compared_by_the_week() {
    let alarms = failure_alarms(&stream(10, 0, &[4, 4, 4]));
    assert_eq!(alarms.iter().map(|alarm| alarm.day).collect::<Vec<_>>(), [37]);
    assert_eq!(failure_alarms(&stream(10, 0, &[3, 3, 3])), []);
}

#[test]
fn a_volume_is_compared_with_its_weekday() {
    let office = |day: i64| if day % 7 < 5 { 200 + u64::try_from(day % 3).expect("positive") } else { 2 };
    let mut days: Vec<(i64, u64)> = (0..63).map(|day| (day, office(day))).collect();
    assert_eq!(volume_change(&days, 62), None);
    assert_eq!(volume_change(&days, 57), None);
    days[57].1 = 900;
    assert!(volume_change(&days, 57).is_some_and(|change| change.z > 3.5));
    days.remove(57);
    assert!(volume_change(&days, 57).is_some_and(|change| change.z < -3.5), "nothing at all");
    assert_eq!(volume_change(&days[..20], 20), None, "too few weeks");
}

fn counts() -> impl Strategy<Value = Vec<DayCount>> {
    prop::collection::vec((0_u64..5000, 0.0..=1.0_f64), 0..60).prop_map(|days| {
        let share = |mails: u64, share: f64| if share > 0.5 { 0 } else { (mails / 7).min(mails) };
        let day = |(day, (mails, part)): (i64, (u64, f64))| DayCount { day, mails, failed: share(mails, part) };
        (0..).zip(days).map(day).collect()
    })
}

proptest! {
    #[test]
    fn bounds_hold_the_share(part in 0_u64..10_000, more in 0_u64..10_000) {
        let (part, whole) = (real(part), real(part + more));
        prop_assume!(whole > 0.0);
        prop_assert!(wilson_lower(part, whole) <= part / whole + 1e-12);
        prop_assert!(wilson_upper(part, whole) >= part / whole - 1e-12);
        prop_assert!(poisson_upper(part) > part);
    }

    #[test]
    fn more_of_the_same_narrows_a_bound(part in 0_u64..1000, more in 0_u64..1000, times in 2_u64..20) {
        prop_assume!(part + more > 0);
        let (part, whole, times) = (real(part), real(part + more), real(times));
        prop_assert!(wilson_lower(part * times, whole * times) >= wilson_lower(part, whole) - 1e-12);
        prop_assert!(wilson_upper(part * times, whole * times) <= wilson_upper(part, whole) + 1e-12);
    }

    #[test]
    fn more_events_are_a_higher_rate(count in 0_u64..3000) {
        prop_assert!(poisson_upper(real(count + 1)) > poisson_upper(real(count)));
    }

    #[test]
    fn the_design_effect_knows_no_order(days in counts(), turn in 0_usize..60) {
        let mut turned = days.clone();
        turned.rotate_left(turn.min(days.len()));
        prop_assert!((design_effect(&days) / design_effect(&turned) - 1.0).abs() < 1e-9);
        prop_assert!(design_effect(&days) >= 1.25);
    }

    #[test]
    fn alarms_are_about_days_that_failed(days in counts()) {
        for alarm in failure_alarms(&days) {
            prop_assert!(days.iter().any(|day| day.day == alarm.day && day.failed > 0));
            prop_assert!(alarm.share > alarm.share_before);
        }
    }
}
