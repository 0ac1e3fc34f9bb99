//! What must hold for every chart, checked on its scene, and on its bytes where these matter.

mod layout;
mod text;
mod values;
mod wellformed;

use chrono::{Days, NaiveDate};

use super::scene::{PlacedText, Scene, Shape};
use super::*;

/// A name that attacks the markup, the terminal and the reader's eyes.
const HOSTILE: &str = "<script>&\"'\u{7}\u{0}\u{202e}\u{2066}\u{fffe}\u{200b}]]>--><!--\r\n%00";

const SIZES_PX: [(u32, u32); 4] = [(480, 320), (640, 1000), (960, 540), (1600, 900)];

fn canvas(format: ImageFormat) -> Canvas {
    Canvas { width_px: 960, height_px: 540, theme: Theme::Light, format }
}

fn day(number: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 6, 17).unwrap() + Days::new(number)
}

fn series(labels: &[&str]) -> Vec<Series> {
    let roles = [Role::Ok, Role::Partial, Role::Forwarder, Role::Misconfigured, Role::Unknown, Role::Spoof];
    labels
        .iter()
        .zip(roles.into_iter().cycle())
        .map(|(label, role)| Series { label: (*label).to_owned(), role, hatched: false })
        .collect()
}

fn volume_view(days: u64, mails: impl Fn(u64) -> [u64; 3]) -> VolumeView {
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

fn alignment_view([both, dkim_only, spf_only, neither]: [u64; 4]) -> AlignmentView {
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

fn sources_view(count: u64, mails_max: u64) -> SourcesView {
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

fn disposition_view(groups: &[[u64; 5]]) -> DispositionView {
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

type Draw<T> = Box<dyn Fn(&Canvas) -> Result<T, ChartError>>;

/// A chart as bytes and as scene, with the name of the case.
struct Case {
    name: &'static str,
    bytes: Draw<Vec<u8>>,
    scene: Draw<Scene>,
}

/// Wraps one view of each chart type into a case; the view is needed by two closures.
macro_rules! case {
    ($name:literal, $chart:ident, $view:expr) => {{
        let (for_bytes, for_scene) = ($view, $view);
        Case {
            name: $name,
            bytes: Box::new(move |canvas| super::$chart(&for_bytes, canvas)),
            scene: Box::new(move |canvas| super::$chart::scene(&for_scene, canvas)),
        }
    }};
}

fn cases_with_mail() -> Vec<Case> {
    let ordinary = |n: u64| [900 + n * 37 % 211, n * 17 % 80, n * 29 % 50];
    let giant = move |n: u64| if n == 12 { [u64::MAX; 3] } else { ordinary(n) };
    vec![
        case!("volume, 61 days", volume, volume_view(61, ordinary)),
        case!("volume, 7 days", volume, volume_view(7, ordinary)),
        case!("volume, 2 days", volume, volume_view(2, ordinary)),
        case!("volume, 1 day", volume, volume_view(1, ordinary)),
        case!("volume, 400 days", volume, volume_view(400, ordinary)),
        case!("volume, 5,000 days", volume, volume_view(5_000, ordinary)),
        case!("volume, a giant day", volume, volume_view(30, giant)),
        case!("alignment", alignment, alignment_view([12_345, 2_345, 1_234, 321])),
        case!("alignment, few", alignment, alignment_view([7, 3, 30, 1])),
        case!("alignment, one cell", alignment, alignment_view([0, 0, 500_000, 0])),
        case!("sources, 40", sources, sources_view(40, 40_000)),
        case!("sources, 1", sources, sources_view(1, 40)),
        case!("sources, giant", sources, sources_view(3, u64::MAX)),
        case!("dispositions", dispositions, disposition_view(&[[9_999, 0, 1, 0, 5], [0, 5, 9, 1, 2]])),
        case!("dispositions, half", dispositions, disposition_view(&[[0; 5], [900, 5, 9, 1, 2]])),
        case!("dispositions, giant", dispositions, disposition_view(&[[u64::MAX; 5], [0; 5]])),
        case!("dispositions, many", dispositions, disposition_view(&[[5; 5]; 20])),
    ]
}

fn cases_without_mail() -> Vec<Case> {
    vec![
        case!("volume, no days", volume, volume_view(0, |_| [0; 3])),
        case!("volume, all zero", volume, volume_view(30, |_| [0; 3])),
        case!("alignment, zero", alignment, alignment_view([0; 4])),
        case!("sources, none", sources, sources_view(0, 0)),
        case!("sources, all zero", sources, sources_view(3, 0)),
        case!("dispositions, none", dispositions, disposition_view(&[])),
        case!("dispositions, all zero", dispositions, disposition_view(&[[0; 5]; 2])),
    ]
}

fn all_cases() -> Vec<Case> {
    cases_with_mail().into_iter().chain(cases_without_mail()).collect()
}

fn texts(scene: &Scene) -> Vec<&PlacedText> {
    scene
        .shapes
        .iter()
        .filter_map(|shape| match shape {
            Shape::Text(text) => Some(text),
            Shape::Fill { .. } | Shape::Hatch { .. } => None,
        })
        .collect()
}
