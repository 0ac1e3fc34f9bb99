//! What must hold for every chart, checked on its scene, and on its bytes where these matter.

mod layout;
mod samples;
mod term;
mod text;
mod values;
mod wellformed;

use chrono::{Days, NaiveDate};

use super::scene::{PlacedText, Scene, Shape};
use super::*;
use samples::*;

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

type Draw<T> = Box<dyn Fn(&Canvas) -> Result<T, ChartError>>;

/// A chart as bytes, as scene and as text, with the name of the case.
struct Case {
    name: &'static str,
    bytes: Draw<Vec<u8>>,
    scene: Draw<Scene>,
    text: Box<dyn Fn(&TermStyle) -> String>,
}

/// Wraps one view of each chart type into a case; the view is needed by three closures.
macro_rules! case {
    ($name:literal, $chart:ident, $kind:ident, $view:expr) => {
        case!($name, $chart::scene, $kind, $view)
    };
    ($name:literal, $module:ident::$scene:ident, $kind:ident, $view:expr) => {{
        let (for_scene, view) = ($view, View::$kind($view));
        let for_text = view.clone();
        Case {
            name: $name,
            bytes: Box::new(move |canvas| view.draw(canvas)),
            scene: Box::new(move |canvas| super::$module::$scene(&for_scene, canvas)),
            text: Box::new(move |style| for_text.text(style)),
        }
    }};
}

fn cases_with_mail() -> Vec<Case> {
    let ordinary = |n: u64| [900 + n * 37 % 211, n * 17 % 80, n * 29 % 50];
    let giant = move |n: u64| if n == 12 { [u64::MAX; 3] } else { ordinary(n) };
    vec![
        case!("volume, 61 days", volume, Volume, volume_view(61, ordinary)),
        case!("volume, 7 days", volume, Volume, volume_view(7, ordinary)),
        case!("volume, 2 days", volume, Volume, volume_view(2, ordinary)),
        case!("volume, 1 day", volume, Volume, volume_view(1, ordinary)),
        case!("volume, 400 days", volume, Volume, volume_view(400, ordinary)),
        case!("volume, 5,000 days", volume, Volume, volume_view(5_000, ordinary)),
        case!("volume, a giant day", volume, Volume, volume_view(30, giant)),
        case!("alignment", alignment, Alignment, alignment_view([12_345, 2_345, 1_234, 321])),
        case!("alignment, few", alignment, Alignment, alignment_view([7, 3, 30, 1])),
        case!("alignment, one cell", alignment, Alignment, alignment_view([0, 0, 500_000, 0])),
        case!("sources, 40", sources, Sources, sources_view(40, 40_000)),
        case!("sources, 1", sources, Sources, sources_view(1, 40)),
        case!("sources, giant", sources, Sources, sources_view(3, u64::MAX)),
        case!("dispositions", dispositions, Dispositions, disposition_view(&[[9_999, 0, 1, 0, 5], [0, 5, 9, 1, 2]])),
        case!("dispositions, half", dispositions, Dispositions, disposition_view(&[[0; 5], [900, 5, 9, 1, 2]])),
        case!("dispositions, giant", dispositions, Dispositions, disposition_view(&[[u64::MAX; 5], [0; 5]])),
        case!("dispositions, many", dispositions, Dispositions, disposition_view(&[[5; 5]; 20])),
        case!("failures, 61 days", failures, Failures, failures_view(61, |n| (n * 7 % 23, 1_000))),
        case!("failures, none fails", failures, Failures, failures_view(14, |_| (0, 1_000))),
        case!("failures, all fail", failures, Failures, failures_view(3, |_| (u64::MAX, u64::MAX))),
        case!("failures, 1 day", failures, Failures, failures_view(1, |_| (1, 3))),
        case!("failures, 400 days", failures, Failures, failures_view(400, |n| (n % 5, 2_000))),
        case!("impact, 35 days", volume::impact_scene, Impact, impact_view(35, |n| [n % 9, n % 4, n % 2], Some(200))),
        case!(
            "impact, far below the cap",
            volume::impact_scene,
            Impact,
            impact_view(35, |n| [n % 2, 0, 0], Some(20_000))
        ),
        case!("impact, no cap", volume::impact_scene, Impact, impact_view(1, |_| [1, 2, 3], None)),
        case!("coverage, 9 reporters", coverage, Coverage, coverage_view(9, 35)),
        case!("coverage, 40 reporters, 400 days", coverage, Coverage, coverage_view(40, 400)),
        case!("coverage, one cell", coverage, Coverage, coverage_view(1, 1)),
        case!("selectors, 5", selectors, Selectors, selectors_view(5, 90)),
        case!("selectors, 40", selectors, Selectors, selectors_view(40, 400)),
        case!("selectors, one day", selectors, Selectors, selectors_view(1, 1)),
        case!("new sources", new_sources, NewSources, new_sources_view(6, 90, 3)),
        case!("new sources, 40 a class", new_sources, NewSources, new_sources_view(6, 90, 40)),
        case!("new sources, one", new_sources, NewSources, new_sources_view(1, 1, 1)),
        case!("new sources, 400 days", new_sources, NewSources, new_sources_view(3, 400, 100)),
        case!("ladder, at none", ladder, Ladder, ladder_view(5, 0)),
        case!("ladder, at the end", ladder, Ladder, ladder_view(5, 4)),
        case!("ladder, one step", ladder, Ladder, ladder_view(1, 0)),
    ]
}

fn cases_without_mail() -> Vec<Case> {
    vec![
        case!("volume, no days", volume, Volume, volume_view(0, |_| [0; 3])),
        case!("volume, all zero", volume, Volume, volume_view(30, |_| [0; 3])),
        case!("alignment, zero", alignment, Alignment, alignment_view([0; 4])),
        case!("sources, none", sources, Sources, sources_view(0, 0)),
        case!("sources, all zero", sources, Sources, sources_view(3, 0)),
        case!("dispositions, none", dispositions, Dispositions, disposition_view(&[])),
        case!("dispositions, all zero", dispositions, Dispositions, disposition_view(&[[0; 5]; 2])),
        case!("failures, no days", failures, Failures, failures_view(0, |_| (0, 0))),
        case!(
            "failures, no mail",
            failures,
            Failures,
            FailuresView { spans: Vec::new(), ..failures_view(9, |_| (0, 0)) }
        ),
        case!("impact, no days", volume::impact_scene, Impact, impact_view(0, |_| [0; 3], Some(200))),
        case!("coverage, no reporters", coverage, Coverage, coverage_view(0, 0)),
        case!("coverage, no days", coverage, Coverage, coverage_view(3, 0)),
        case!("selectors, none", selectors, Selectors, selectors_view(0, 35)),
        case!("new sources, none", new_sources, NewSources, new_sources_view(6, 90, 0)),
        case!("new sources, no lanes", new_sources, NewSources, new_sources_view(0, 90, 0)),
        case!("ladder, no policy", ladder, Ladder, ladder_view(5, 9)),
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
            Shape::Fill { .. } | Shape::Hatch { .. } | Shape::Dot { .. } => None,
        })
        .collect()
}
