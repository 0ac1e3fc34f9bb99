//! Views of all charts, with words that are long, wide and hostile.

use super::*;

pub(super) fn volume_view(days: u64, mails: impl Fn(u64) -> [u64; 3]) -> VolumeView {
    VolumeView {
        title: "Mail by class".to_owned(),
        subtitle: "example.com".to_owned(),
        y_label: "mails per day".to_owned(),
        series: series(&["ok", HOSTILE, "転送 / メーリングリストを経由したメールのうち正規のもの"]),
        days: (0..days).map(|n| DayStack { day: day(n), values: mails(n).to_vec() }).collect(),
        incomplete_from: days.checked_sub(2).map(day),
        incomplete_label: "reports may still arrive".to_owned(),
        no_data: "No mail in this range".to_owned(),
        markers: vec![
            Marker { day: day(days / 2), label: "p=none → quarantine".to_owned() },
            Marker { day: day(days / 2), label: HOSTILE.to_owned() },
        ],
    }
}

pub(super) fn alignment_view([both, dkim_only, spf_only, neither]: [u64; 4]) -> AlignmentView {
    AlignmentView {
        title: HOSTILE.to_owned(),
        subtitle: "とても長い題名".repeat(30),
        both,
        dkim_only,
        spf_only,
        neither,
        labels: AlignmentLabels {
            dkim_yes: "DKIM aligned".to_owned(),
            dkim_no: "DKIM not aligned, and with a heading that is much too long".to_owned(),
            spf_yes: "SPF aligned".to_owned(),
            spf_no: HOSTILE.to_owned(),
            both: "both".to_owned(),
            dkim_only: "DKIM only".to_owned(),
            spf_only: "SPF only: this mail breaks when it is forwarded".to_owned(),
            neither: HOSTILE.to_owned(),
            few_pattern: "{part} of {total}".to_owned(),
        },
        no_data: "No mail in this range".to_owned(),
    }
}

pub(super) fn sources_view(count: u64, mails_max: u64) -> SourcesView {
    let label = |number| match number {
        0 => "a-very-long-source-name-of-a-provider.mail.example.com.invalid".to_owned(),
        1 => "2001:0db8:85a3:0000:0000:8a2e:0370:7334".to_owned(),
        2 => "株式会社サンプルコミュニケーションズ営業本部メール配信基盤".to_owned(),
        3 => HOSTILE.to_owned(),
        _ => format!("mta{number}.example.net"),
    };
    SourcesView {
        title: "Sources".to_owned(),
        subtitle: "example.com".to_owned(),
        x_label: "mails".to_owned(),
        labels: SourceLabels {
            both: "both".to_owned(),
            dkim_only: "DKIM only".to_owned(),
            spf_only: HOSTILE.to_owned(),
            neither: "none".to_owned(),
        },
        rows: (0..count)
            .map(|number| SourceBar {
                label: label(number),
                both: mails_max / (number + 1),
                dkim_only: mails_max / (number + 7),
                spf_only: mails_max / 5 * (number % 2),
                neither: mails_max / 9,
            })
            .collect(),
        more: "and 25 more: 3,401 mails".to_owned(),
        no_data: "No mail in this range".to_owned(),
    }
}

pub(super) fn disposition_view(groups: &[[u64; 5]]) -> DispositionView {
    let outcomes = ["delivered", "quarantined", "rejected", "delivered by override", HOSTILE];
    DispositionView {
        title: "What receivers did".to_owned(),
        subtitle: "example.com".to_owned(),
        series: series(&outcomes),
        bars: groups.iter().map(|mails| DispositionBar { label: HOSTILE.to_owned(), mails: mails.to_vec() }).collect(),
        few_pattern: "{part} of {total}".to_owned(),
        no_data: "No mail in this range".to_owned(),
    }
}

pub(super) fn failures_view(days: u64, mails: impl Fn(u64) -> (u64, u64)) -> FailuresView {
    let rate_day = |n| {
        let (failed, total) = mails(n);
        RateDay { day: day(n), failed, total, is_alarm: n % 13 == 5 }
    };
    let span = |n| RateSpan {
        first: day(n),
        last: day((n + 6).min(days - 1)),
        rate_ppm: 8_000 + 997 * u32::try_from(n % 17).unwrap(),
        low_ppm: 3_000,
        high_ppm: 40_000,
    };
    FailuresView {
        title: "Own mail that fails".to_owned(),
        subtitle: "example.com".to_owned(),
        y_label: "per cent of own mail, square-root scale".to_owned(),
        days: (0..days).map(rate_day).collect(),
        spans: (0..days).step_by(7).map(span).collect(),
        thresholds: vec![
            Threshold { ppm: 20_000, label: "2 %: quarantine".to_owned() },
            Threshold { ppm: 5_000, label: HOSTILE.to_owned() },
        ],
        labels: FailuresLabels {
            day: "a day".to_owned(),
            span: "a week".to_owned(),
            band: "95 % of chance".to_owned(),
            alarm: "alarm".to_owned(),
        },
        incomplete_from: days.checked_sub(2).map(day),
        incomplete_label: "reports may still arrive".to_owned(),
        markers: vec![Marker { day: day(days / 2), label: HOSTILE.to_owned() }],
        no_data: "No mail in this range".to_owned(),
    }
}

pub(super) fn impact_view(days: u64, mails: impl Fn(u64) -> [u64; 3], cap_per_week: Option<u64>) -> ImpactView {
    let stacks = VolumeView { title: "What quarantine would cost".to_owned(), ..volume_view(days, mails) };
    ImpactView { stacks, cap_per_week, cap_label: "200 a week".to_owned() }
}

fn name(number: u64) -> String {
    match number {
        0 => "a-very-long-name-of-a-provider.mail.example.com.invalid".to_owned(),
        1 => "株式会社サンプルコミュニケーションズ営業本部メール配信基盤".to_owned(),
        2 => HOSTILE.to_owned(),
        _ => format!("name{number}.example.net"),
    }
}

pub(super) fn coverage_view(reporters: u64, days: u64) -> CoverageView {
    let kinds = [CoverageCell::Received, CoverageCell::Received, CoverageCell::NotExpected, CoverageCell::Missing];
    let cell = |row: u64, n: u64| match days - n {
        1 => CoverageCell::Late,
        _ => kinds[usize::try_from((row * 5 + n / 3) % 4).unwrap()],
    };
    CoverageView {
        title: "Who reported".to_owned(),
        subtitle: "example.com".to_owned(),
        first: day(0),
        rows: (0..reporters)
            .map(|row| CoverageRow {
                label: name(row),
                mails: 71_000 / (row + 1),
                cells: (0..days).map(|n| cell(row, n)).collect(),
            })
            .collect(),
        more: "and 112 more".to_owned(),
        labels: CoverageLabels {
            received: "received".to_owned(),
            late: HOSTILE.to_owned(),
            missing: "missing".to_owned(),
            not_expected: "not expected".to_owned(),
        },
        few_pattern: "{part} of {total}".to_owned(),
        no_data: "No mail in this range".to_owned(),
    }
}

pub(super) fn selectors_view(keys: u64, days: u64) -> SelectorsView {
    let states = [SelectorKey::Published, SelectorKey::Gone, SelectorKey::NotKnown];
    let row = |key: u64| SelectorRow {
        label: name(key),
        note: if key % 2 == 1 { "unused 14 d".to_owned() } else { String::new() },
        days: (0..days)
            .filter(|n| !(n + key).is_multiple_of(5))
            .map(|n| SelectorDay { day: day(n), mails: n * n * key })
            .collect(),
        key: states[usize::try_from(key % 3).unwrap()],
    };
    SelectorsView {
        title: "Keys".to_owned(),
        subtitle: "example.com".to_owned(),
        first: day(0),
        last: day(days.saturating_sub(1)),
        rows: (0..keys).map(row).collect(),
        more: String::new(),
        labels: SelectorLabels { line: "mails signed, thicker for more".to_owned(), gone: "key is gone".to_owned() },
        no_data: "No mail in this range".to_owned(),
    }
}

pub(super) fn new_sources_view(lanes: u64, days: u64, sources: u64) -> NewSourcesView {
    let roles = [Role::Ok, Role::Misconfigured, Role::Forwarder, Role::Unknown, Role::Spoof, Role::Partial];
    let source = |lane: u64, n: u64| NewSource {
        day: day((n * 31 + lane * 17) % days),
        label: name((n + lane) % 9),
        mails: n.pow(4),
    };
    NewSourcesView {
        title: "New sources".to_owned(),
        subtitle: "example.com".to_owned(),
        first: day(0),
        last: day(days - 1),
        lanes: (0..lanes)
            .map(|lane| NewSourcesLane {
                label: name(lane),
                role: roles[usize::try_from(lane).unwrap()],
                sources: (0..sources).map(|n| source(lane, n)).collect(),
            })
            .collect(),
        size_label: "larger dots for more mails".to_owned(),
        no_data: "No mail in this range".to_owned(),
    }
}

pub(super) fn ladder_view(steps: usize, here: usize) -> LadderView {
    let state = |place: usize| match place.cmp(&here) {
        std::cmp::Ordering::Less if here < steps => LadderState::Done,
        std::cmp::Ordering::Equal => LadderState::Here,
        std::cmp::Ordering::Greater if place == here + 1 => LadderState::Next,
        _ => LadderState::Open,
    };
    LadderView {
        title: "The policy".to_owned(),
        subtitle: "example.com".to_owned(),
        steps: (0..steps)
            .map(|place| LadderStep {
                label: name(place.try_into().unwrap()),
                note: "since 2026-06-17".to_owned(),
                state: state(place),
            })
            .collect(),
        here: "you are here".to_owned(),
        next: HOSTILE.to_owned(),
        footer: "とても長い脚注".repeat(30),
        no_data: "No mail in this range".to_owned(),
    }
}
