//! `ruascope chart`, and the charts of `run`.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::{Args, ValueEnum};

use crate::cli::context::Context;
use crate::cli::exit::{Exit, Failure};
use crate::cli::output;
use crate::cli::period::{Period, date};
use crate::present::chart::{
    self, AlignmentLabels, AlignmentView, Canvas, ChartError, DayStack, DispositionBar, DispositionView, ImageFormat,
    Role, Series, SourceBar, SourceLabels, SourcesView, Theme, VolumeView,
};
use crate::present::summary::{ChartImage, thousands};
use crate::store::{By, Filter, Group, SourceOrder, Store, Sums};

/// Days that a chart covers when nothing is asked for.
pub(super) const DEFAULT_DAYS: u32 = 90;
/// Days before the newest whose reports may still arrive.
const LATE_DAYS: i64 = 1;

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  ruascope chart volume -o volume.svg\n  ruascope chart sources --domain example.com --days 30 -o sources.png --theme dark"
)]
pub(in crate::cli) struct Arguments {
    /// Which chart
    kind: Kind,
    /// File to write: .svg or .png
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// Only this policy domain
    #[arg(long, value_name = "DOMAIN")]
    domain: Option<String>,
    #[command(flatten)]
    period: Period,
    /// Colours
    #[arg(long, value_enum, default_value_t = ThemeName::Light)]
    theme: ThemeName,
    /// Width and height in pixels
    #[arg(long, value_name = "WxH", default_value = "960x540", value_parser = size)]
    size: (u32, u32),
}

/// The charts that there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Kind {
    /// Mail a day, by DMARC result (C1)
    Volume,
    /// DKIM against SPF (C3)
    Alignment,
    /// The largest sources (C4)
    Sources,
    /// What receivers did (C11)
    Dispositions,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ThemeName {
    Light,
    Dark,
}

fn size(text: &str) -> Result<(u32, u32), String> {
    let parsed = text.split_once('x').and_then(|(width, height)| Some((width.parse().ok()?, height.parse().ok()?)));
    let (width, height) = parsed.ok_or("write it like 960x540")?;
    if !chart::WIDTH_PX_RANGE.contains(&width) || !chart::HEIGHT_PX_RANGE.contains(&height) {
        return Err(format!("width {:?} and height {:?} pixels", chart::WIDTH_PX_RANGE, chart::HEIGHT_PX_RANGE));
    }
    Ok((width, height))
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> anyhow::Result<Exit> {
    let extension = arguments.output.extension().and_then(|extension| extension.to_str()).map(str::to_ascii_lowercase);
    let format = match extension.as_deref() {
        Some("svg") => ImageFormat::Svg,
        Some("png") => ImageFormat::Png,
        _ => {
            let message = format!("{}: a chart is written to .svg or .png", arguments.output.display());
            return Err(Failure::new(Exit::Usage, message).into());
        }
    };
    let theme = match arguments.theme {
        ThemeName::Light => Theme::Light,
        ThemeName::Dark => Theme::Dark,
    };
    let store = context.read_store()?;
    let filter = arguments.period.resolve(&store, arguments.domain.as_deref(), context.now, Some(DEFAULT_DAYS))?;
    let canvas = Canvas { width_px: arguments.size.0, height_px: arguments.size.1, theme, format };
    let bytes = draw(&store, &filter, arguments.kind, &canvas)?;
    std::fs::write(&arguments.output, bytes)
        .with_context(|| format!("could not write {}", arguments.output.display()))?;
    if !context.global.quiet {
        output::complain(&format!("wrote {}", arguments.output.display()));
    }
    Ok(Exit::Done)
}

/// The charts of a mail: kind, content id, message that says what it shows.
pub(in crate::cli) const OF_MAILS: [(Kind, &str, &str); 2] =
    [(Kind::Volume, "volume", "chart-volume"), (Kind::Sources, "sources", "chart-sources")];

/// Draws one chart.
pub(in crate::cli) fn draw(store: &Store, filter: &Filter, kind: Kind, canvas: &Canvas) -> anyhow::Result<Vec<u8>> {
    let drawn: Result<Vec<u8>, ChartError> = match kind {
        Kind::Volume => chart::volume(&volume(store, filter)?, canvas),
        Kind::Alignment => chart::alignment(&alignment(store, filter)?, canvas),
        Kind::Sources => chart::sources(&sources(store, filter)?, canvas),
        Kind::Dispositions => chart::dispositions(&dispositions(store, filter)?, canvas),
    };
    Ok(drawn?)
}

/// The charts of a digest page.
pub(super) fn images(store: &Store, filter: &Filter) -> anyhow::Result<Vec<ChartImage>> {
    let canvas = Canvas { width_px: 960, height_px: 480, theme: Theme::Light, format: ImageFormat::Svg };
    let image = |(kind, alt): (Kind, &str)| -> anyhow::Result<ChartImage> {
        let svg = String::from_utf8(draw(store, filter, kind, &canvas)?)?;
        Ok(ChartImage { alt: alt.to_owned(), svg })
    };
    [
        (Kind::Volume, "Mails a day by DMARC result"),
        (Kind::Sources, "The largest sources and how their mail aligns"),
        (Kind::Alignment, "DKIM alignment against SPF alignment"),
        (Kind::Dispositions, "What receivers did with mail that passed and failed"),
    ]
    .into_iter()
    .map(image)
    .collect()
}

fn subtitle(filter: &Filter) -> String {
    let domain = filter.domain.as_deref().unwrap_or("all domains");
    let period = filter.since_day.and_then(date).zip(filter.until_day.and_then(date));
    period.map_or_else(|| domain.to_owned(), |(since, until)| format!("{domain}, {since} to {until} (UTC)"))
}

fn no_data(filter: &Filter) -> String {
    let period = filter.since_day.and_then(date).zip(filter.until_day.and_then(date));
    period.map_or_else(|| "no reports".to_owned(), |(since, until)| format!("no reports between {since} and {until}"))
}

fn series(label: &str, role: Role) -> Series {
    Series { label: label.to_owned(), role, hatched: false }
}

fn volume(store: &Store, filter: &Filter) -> anyhow::Result<VolumeView> {
    let days = store.groups(By::Day, filter)?;
    let newest = store.day_range(filter.domain.as_deref())?.map(|(_, last)| last);
    let stack = |group: &Group| {
        let sums = &group.sums;
        let values = vec![sums.dkim_and_spf + sums.dkim_only, sums.spf_only, sums.neither];
        Some(DayStack { day: group.day.and_then(date)?, values })
    };
    Ok(VolumeView {
        title: "Mail a day by DMARC result".to_owned(),
        subtitle: subtitle(filter),
        y_label: "mails".to_owned(),
        series: vec![
            series("passed with DKIM", Role::Ok),
            series("passed with SPF only", Role::Partial),
            series("failed", Role::Critical),
        ],
        days: days.iter().filter_map(stack).collect(),
        incomplete_from: newest.and_then(|newest| date(newest - LATE_DAYS + 1)),
        incomplete_label: "reports may still arrive".to_owned(),
        no_data: no_data(filter),
        markers: Vec::new(),
    })
}

fn totals(store: &Store, filter: &Filter) -> anyhow::Result<Sums> {
    let mut total = Sums::default();
    for day in store.groups(By::Day, filter)? {
        total += day.sums;
    }
    Ok(total)
}

fn alignment(store: &Store, filter: &Filter) -> anyhow::Result<AlignmentView> {
    let sums = totals(store, filter)?;
    let text = str::to_owned;
    Ok(AlignmentView {
        title: text("What makes mail pass"),
        subtitle: subtitle(filter),
        both: sums.dkim_and_spf,
        dkim_only: sums.dkim_only,
        spf_only: sums.spf_only,
        neither: sums.neither,
        labels: AlignmentLabels {
            dkim_yes: text("DKIM aligned"),
            dkim_no: text("DKIM not aligned"),
            spf_yes: text("SPF aligned"),
            spf_no: text("SPF not aligned"),
            both: text("both"),
            dkim_only: text("DKIM only"),
            spf_only: text("SPF only: lost when forwarded"),
            neither: text("neither: DMARC fails"),
            few_pattern: text("{part} of {total}"),
        },
        no_data: no_data(filter),
    })
}

fn sources(store: &Store, filter: &Filter) -> anyhow::Result<SourcesView> {
    let list = store.sources(filter, SourceOrder::Failing, chart::SOURCE_ROWS_MAX)?;
    let text = str::to_owned;
    Ok(SourcesView {
        title: text("Sources, most failing mail first"),
        subtitle: subtitle(filter),
        x_label: text("mails"),
        labels: SourceLabels {
            both: text("both"),
            dkim_only: text("DKIM only"),
            spf_only: text("SPF only"),
            neither: text("neither"),
        },
        rows: list
            .rows
            .into_iter()
            .map(|source| SourceBar {
                label: source.ip,
                both: source.sums.dkim_and_spf,
                dkim_only: source.sums.dkim_only,
                spf_only: source.sums.spf_only,
                neither: source.sums.neither,
            })
            .collect(),
        more: match list.more {
            0 => String::new(),
            more => format!("and {} more: {} mails", thousands(more), thousands(list.more_mails)),
        },
        no_data: no_data(filter),
    })
}

fn dispositions(store: &Store, filter: &Filter) -> anyhow::Result<DispositionView> {
    let overridden = store.groups(By::Overridden, filter)?;
    let mut passed = [0_u64; 5];
    let mut failed = [0_u64; 5];
    for group in store.groups(By::Disposition, filter)? {
        let place = match group.name.as_deref() {
            Some("none" | "pass") => 0,
            Some("quarantine") => 1,
            Some("reject") => 2,
            _ => 4,
        };
        // Delivered although the policy asked for more: the reporter gave a reason.
        let spared = overridden
            .iter()
            .find(|other| other.name == group.name && place == 0)
            .map_or(0, |other| other.sums.neither);
        if let (Some(pass), Some(fail)) = (passed.get_mut(place), failed.get_mut(place)) {
            *pass += group.sums.dmarc_pass();
            *fail += group.sums.neither - spared;
        }
        failed[3] += spared;
    }
    Ok(DispositionView {
        title: "What receivers did".to_owned(),
        subtitle: subtitle(filter),
        series: vec![
            series("delivered", Role::Ok),
            series("quarantined", Role::Misconfigured),
            series("rejected", Role::Critical),
            series("delivered for a stated reason", Role::Forwarder),
            series("not said", Role::Unknown),
        ],
        bars: vec![
            DispositionBar { label: "DMARC pass".to_owned(), mails: passed.to_vec() },
            DispositionBar { label: "DMARC fail".to_owned(), mails: failed.to_vec() },
        ],
        few_pattern: "{part} of {total}".to_owned(),
        no_data: no_data(filter),
    })
}
