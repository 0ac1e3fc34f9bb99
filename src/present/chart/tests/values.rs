//! Numbers: what is drawn is what was counted.

use super::super::alignment::square_side_px;
use super::super::axis::Scale;
use super::super::number::{part_with_share, proportion_px, stack_offsets_px, thousands};
use super::*;

#[test]
fn segments_of_a_stack_add_up_to_the_bar_of_their_sum() {
    let values = [3, 3, 3, 1, 0, 7];
    for length_px in [1, 7, 100, 333, 4096] {
        let offsets = stack_offsets_px(&values, 20, length_px);
        assert_eq!(offsets.last().copied(), Some(proportion_px(17, 20, length_px)));
        assert!(offsets.is_sorted(), "{offsets:?}");
    }
}

#[test]
fn a_full_stack_fills_its_length_exactly() {
    for values in [vec![1, 1, 1], vec![u64::MAX; 5], vec![0, 0, 1], vec![99_999, 1]] {
        let whole = values.iter().copied().map(u128::from).sum();
        assert_eq!(stack_offsets_px(&values, whole, 777).last().copied(), Some(777), "{values:?}");
    }
    assert_eq!(stack_offsets_px(&[0, 0], 0, 777), [0, 0]);
}

/// Heights of all fills of a role right of the legend, summed in pixels.
fn height_px(view: &VolumeView, role: Role) -> i32 {
    let scene = super::super::volume::scene(view, &canvas(ImageFormat::Svg)).unwrap();
    let fill = scene.palette.paint(role).fill;
    let heights = scene.shapes.iter().filter_map(|shape| match shape {
        Shape::Fill { area, color } if *color == fill => Some(area.height()),
        Shape::Fill { .. } | Shape::Hatch { .. } | Shape::Dot { .. } | Shape::Text(_) => None,
    });
    heights.sum::<i32>() - scene.body_px
}

#[test]
fn bars_are_as_high_as_their_values_in_proportion() {
    let plain = |days, mails: fn(u64) -> [u64; 3]| VolumeView { markers: Vec::new(), ..volume_view(days, mails) };
    let one = height_px(&plain(4, |n| [if n == 3 { 1000 } else { 0 }, 0, 0]), Role::Ok);
    let quarters = height_px(&plain(4, |n| [if n == 3 { 1000 } else { 250 }, 0, 0]), Role::Ok);
    assert!((quarters - one - one * 3 / 4).abs() <= 3, "{one} {quarters}");
}

#[test]
fn two_entries_of_one_day_are_added_up() {
    let mut twice = volume_view(4, |_| [500, 20, 30]);
    twice.days.extend(twice.days.clone());
    twice.days.reverse();
    let once = volume_view(4, |_| [1000, 40, 60]);
    let bytes = |view| volume(view, &canvas(ImageFormat::Svg)).unwrap();
    assert!(bytes(&twice) == bytes(&once));
}

#[test]
fn a_small_day_beside_a_giant_is_seen() {
    let view = |small| volume_view(3, move |n| [if n == 1 { 1_000_000_000 } else { small }, 0, 0]);
    assert!(height_px(&view(1), Role::Ok) == height_px(&view(0), Role::Ok) + 2);
}

#[test]
fn a_missing_value_is_an_error_and_not_a_guess() {
    let mut view = volume_view(3, |_| [1; 3]);
    view.days[1].values.pop();
    let error = volume(&view, &canvas(ImageFormat::Svg)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "could not draw the volume chart: bar 2026-06-18 has 2 values, expected one for each of 3 series"
    );

    let mut view = disposition_view(&[[1; 5]; 2]);
    view.bars[1].mails.push(1);
    let error = dispositions(&view, &canvas(ImageFormat::Svg)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "could not draw the dispositions chart: bar 2 has 6 values, expected one for each of 5 series"
    );
}

#[test]
fn any_calendar_can_be_drawn() {
    let stack = |day| DayStack { day, values: vec![1, 2, 3] };
    let mut view = volume_view(0, |_| [0; 3]);
    for (first, last) in [(NaiveDate::MIN, NaiveDate::MAX), (day(0), NaiveDate::MAX), (NaiveDate::MAX, NaiveDate::MAX)]
    {
        view.days = vec![stack(last), stack(first)];
        view.incomplete_from = Some(NaiveDate::MIN);
        assert!(volume(&view, &canvas(ImageFormat::Svg)).is_ok(), "{first} to {last}");
    }
}

#[test]
fn squares_have_areas_in_proportion() {
    assert_eq!(square_side_px(100, 100, 80), 80);
    assert_eq!(square_side_px(25, 100, 80), 40);
    assert_eq!(square_side_px(1, u64::MAX, 80), 3);
    assert_eq!(square_side_px(0, 100, 80), 0);
    assert_eq!(square_side_px(5, 100, -1), 0);
}

#[test]
fn scales_have_round_steps_and_cover_the_largest_value() {
    let scale = |value, steps| {
        let Scale { step, top } = Scale::up_to(value, steps);
        (step, top)
    };
    assert_eq!(scale(0, 5), (1, 1));
    assert_eq!(scale(1, 5), (1, 1));
    assert_eq!(scale(5, 5), (1, 5));
    assert_eq!(scale(6, 5), (2, 6));
    assert_eq!(scale(18_743, 5), (5_000, 20_000));
    assert_eq!(scale(20_000, 5), (5_000, 20_000));
    assert_eq!(scale(20_001, 5), (5_000, 25_000));
    assert!(scale(u128::MAX, 5).1 >= u128::MAX / 10);
}

#[test]
fn shares_come_with_counts_and_few_mails_without_shares() {
    let text = |part, total| part_with_share(part, total, "{part} of {total}");
    assert_eq!(text(3, 41), "3 of 41");
    assert_eq!(text(98, 99), "98 of 99");
    assert_eq!(text(99, 100), "99 (99.0 %)");
    assert_eq!(text(7_712, 12_379), "7,712 (62.3 %)");
    assert_eq!(text(0, 12_379), "0 (0.0 %)");
    assert_eq!(text(1, 12_379), "1 (<0.1 %)");
    assert_eq!(text(12_378, 12_379), "12,378 (>99.9 %)");
    assert_eq!(text(12_379, 12_379), "12,379 (100.0 %)");
    assert_eq!(text(0, 0), "0");
}

#[test]
fn digits_are_grouped_by_three() {
    for (value, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")] {
        assert_eq!(thousands(value), text);
    }
}

#[test]
fn sources_beyond_the_limit_are_left_to_the_line_below() {
    let names = |count| {
        let scene = super::super::sources::scene(&sources_view(count, 1000), &canvas(ImageFormat::Svg)).unwrap();
        texts(&scene).iter().filter(|text| text.text.starts_with("mta")).count()
    };
    // The first four have other names.
    assert_eq!(names(15), 11);
    assert_eq!(names(16), 11);
    let silent = SourcesView { more: String::new(), ..sources_view(16, 1000) };
    let scene = super::super::sources::scene(&silent, &canvas(ImageFormat::Svg)).unwrap();
    assert!(texts(&scene).iter().any(|text| text.text == "+1"));
}
