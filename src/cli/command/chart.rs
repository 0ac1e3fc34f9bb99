//! `ruascope chart`, and the charts of `run`.

mod classed;
mod judged;
mod ladder;
mod seen;
mod senders;
mod sums;

use std::cell::OnceCell;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use crate::cli::context::Context;
use crate::cli::exit::{Exit, Failure, While as _};
use crate::cli::help::Wrong;
use crate::cli::output;
use crate::cli::period::{Period, date};
use crate::present::chart::{self, Canvas, ImageFormat, TermStyle, Theme, View};
use crate::present::summary::ChartImage;
use crate::store::{By, Filter, Store, day_of};
use crate::words::{Language, Words, said, say};
use judged::Judged;

/// Days that a chart covers when nothing is asked for.
pub(super) const DEFAULT_DAYS: u32 = 90;
/// The charts of a digest page, and what they say to those who don't see them.
const DIGEST: [(Kind, &str); 4] = [
    (Kind::Volume, "chart-volume-title"),
    (Kind::Sources, "chart-sources-title"),
    (Kind::Alignment, "chart-alignment-title"),
    (Kind::Dispositions, "chart-dispositions-title"),
];
/// Days before the newest whose reports may still arrive.
const LATE_DAYS: i64 = 1;

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  ruascope chart volume -o volume.svg\n  ruascope chart sources --domain example.com --days 30 -o sources.png --theme dark\n  ruascope chart failures --domain example.com --term"
)]
pub(in crate::cli) struct Arguments {
    /// Which chart
    kind: Kind,
    /// File to write: .svg or .png
    #[arg(short, long, value_name = "FILE", required_unless_present = "term", conflicts_with = "term")]
    output: Option<PathBuf>,
    /// Print it as text, for a terminal
    #[arg(long)]
    term: bool,
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
    /// Mail a day, by what it is to you (C1)
    Volume,
    /// How much of your own mail fails (C2)
    Failures,
    /// DKIM against SPF (C3)
    Alignment,
    /// The largest sources (C4)
    Sources,
    /// Mail that a stricter policy would act on (C5)
    Impact,
    /// Which reporter reported which day (C6)
    Coverage,
    /// Which DKIM key signed when (C7)
    Selectors,
    /// Sources that were not there before (C8)
    NewSources,
    /// How far the policy is (C9)
    Ladder,
    /// What receivers did (C11)
    Dispositions,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ThemeName {
    Light,
    Dark,
}

fn size(text: &str) -> Result<(u32, u32), Wrong> {
    let parsed = text.split_once('x').and_then(|(width, height)| Some((width.parse().ok()?, height.parse().ok()?)));
    let (width, height) = parsed.ok_or_else(|| Wrong(said!("wrong-size")))?;
    if !chart::WIDTH_PX_RANGE.contains(&width) || !chart::HEIGHT_PX_RANGE.contains(&height) {
        let (width, height) = (format!("{:?}", chart::WIDTH_PX_RANGE), format!("{:?}", chart::HEIGHT_PX_RANGE));
        return Err(Wrong(said!("wrong-size-range", width = width, height = height)));
    }
    Ok((width, height))
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> anyhow::Result<Exit> {
    let file = arguments.output.as_deref().map(|path| Ok::<_, Failure>((path, format(path)?))).transpose()?;
    let store = context.read_store()?;
    let filter = arguments.period.resolve(&store, arguments.domain.as_deref(), context.now, Some(DEFAULT_DAYS))?;
    let view = Material::new(context, &store, &filter).view(arguments.kind)?;
    let Some((path, format)) = file else {
        // Japanese words need more than ASCII anyway.
        let unicode = context.unicode() || context.language() == Language::Ja;
        let is_json = context.as_json();
        let style = TermStyle { width: Context::width(), unicode, color: context.color() && !is_json };
        let text = view.text(&style);
        if is_json {
            output::json(&json(arguments.kind, &filter, None, Some(&text)))?;
        } else {
            output::write(&text)?;
        }
        return Ok(Exit::Done);
    };
    let theme = match arguments.theme {
        ThemeName::Light => Theme::Light,
        ThemeName::Dark => Theme::Dark,
    };
    let canvas = Canvas { width_px: arguments.size.0, height_px: arguments.size.1, theme, format };
    std::fs::write(path, view.draw(&canvas)?).doing(|| said!("error-write", path = path.display()))?;
    if context.as_json() {
        output::json(&json(arguments.kind, &filter, Some(path), None))?;
    } else {
        context.complain(&said!("wrote", path = path.display()));
    }
    Ok(Exit::Done)
}

/// `ruascope.chart/1`: where the picture is, or the chart as text.
fn json(kind: Kind, filter: &Filter, file: Option<&Path>, text: Option<&str>) -> Value {
    json!({
        "schema": "ruascope.chart/1",
        "kind": kind.to_possible_value().map(|kind| kind.get_name().to_owned()),
        "domain": filter.domain,
        "since": filter.since_day.and_then(date).map(|day| day.to_string()),
        "until": filter.until_day.and_then(date).map(|day| day.to_string()),
        "file": file.map(|path| path.display().to_string()),
        "text": text,
    })
}

/// What a file's name asks for.
fn format(path: &Path) -> Result<ImageFormat, Failure> {
    let extension = path.extension().and_then(|extension| extension.to_str()).map(str::to_ascii_lowercase);
    match extension.as_deref() {
        Some("svg") => Ok(ImageFormat::Svg),
        Some("png") => Ok(ImageFormat::Png),
        _ => Err(Failure::new(Exit::Usage, said!("error-chart-file", path = path.display()))),
    }
}

/// The charts of a mail: kind, content id, message that says what it shows.
pub(in crate::cli) const OF_MAILS: [(Kind, &str, &str); 2] =
    [(Kind::Volume, "volume", "chart-volume"), (Kind::Sources, "sources", "chart-sources")];

/// What charts of a period are made of.
pub(in crate::cli) struct Material<'a> {
    context: &'a Context,
    store: &'a Store,
    filter: &'a Filter,
    judged: OnceCell<Vec<Judged>>,
    words: Words,
}

impl<'a> Material<'a> {
    pub(in crate::cli) fn new(context: &'a Context, store: &'a Store, filter: &'a Filter) -> Self {
        Self { context, store, filter, judged: OnceCell::new(), words: context.words() }
    }

    /// What a chart shows.
    pub(in crate::cli) fn view(&self, kind: Kind) -> anyhow::Result<View> {
        Ok(match kind {
            Kind::Volume => View::Volume(classed::volume(self)?),
            Kind::Failures => View::Failures(classed::failures(self)?),
            Kind::Alignment => View::Alignment(sums::alignment(self)?),
            Kind::Sources => View::Sources(senders::sources(self)?),
            Kind::Impact => View::Impact(classed::impact(self)?),
            Kind::Coverage => View::Coverage(seen::coverage(self)?),
            Kind::Selectors => View::Selectors(seen::selectors(self)?),
            Kind::NewSources => View::NewSources(senders::new_sources(self)?),
            Kind::Ladder => View::Ladder(ladder::ladder(self)?),
            Kind::Dispositions => View::Dispositions(sums::dispositions(self)?),
        })
    }

    /// The charts of a digest page.
    pub(in crate::cli) fn images(&self) -> anyhow::Result<Vec<ChartImage>> {
        let canvas = Canvas { width_px: 960, height_px: 480, theme: Theme::Light, format: ImageFormat::Svg };
        let image = |(kind, alt): (Kind, &str)| -> anyhow::Result<ChartImage> {
            let svg = String::from_utf8(self.view(kind)?.draw(&canvas)?)?;
            Ok(ChartImage { alt: self.say(alt), svg })
        };
        DIGEST.into_iter().map(image).collect()
    }

    /// A message without values.
    fn say(&self, message: &str) -> String {
        self.words.say(message)
    }

    /// A part of a few mails; the chart puts in the numbers.
    fn few(&self) -> String {
        say!(self.words, "chart-few", part = "{part}", total = "{total}")
    }

    /// First and last day, where the period has both.
    fn period(&self) -> Option<(NaiveDate, NaiveDate)> {
        self.filter.since_day.and_then(date).zip(self.filter.until_day.and_then(date))
    }

    fn subtitle(&self) -> String {
        let domain = self.filter.domain.clone().unwrap_or_else(|| self.say("chart-all-domains"));
        let Some((since, until)) = self.period() else { return domain };
        say!(self.words, "chart-period", domain = domain, since = since.to_string(), until = until.to_string())
    }

    fn between(&self, message: &str) -> String {
        let Some((since, until)) = self.period() else { return self.say("chart-no-reports") };
        self.words.with(message, &[("since", since.to_string().into()), ("until", until.to_string().into())])
    }

    fn no_data(&self) -> String {
        self.between("chart-no-reports-between")
    }

    /// Today as a day since 1970.
    fn today(&self) -> i64 {
        day_of(self.context.now.timestamp())
    }

    /// First and last day of the period with a report; `None` where there is none.
    fn days(&self) -> anyhow::Result<Option<(i64, i64)>> {
        let groups = self.store.groups(By::Day, self.filter)?;
        Ok(groups.first().and_then(|group| group.day).zip(groups.last().and_then(|group| group.day)))
    }

    /// First day whose reports may still arrive.
    fn incomplete_from(&self) -> anyhow::Result<Option<NaiveDate>> {
        let newest = self.store.day_range(self.filter.domain.as_deref())?.map(|(_, last)| last);
        Ok(newest.and_then(|newest| date(newest - LATE_DAYS + 1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_of_every_word_of_charts_is_in_the_font() {
        for language in [Language::En, Language::Ja] {
            let words = Words::new(language);
            for id in language.ids().filter(|id| id.starts_with("chart-") || id.starts_with("sender-")) {
                assert_eq!(chart::letters_without_glyph(&words.say(id)), "", "{language:?} {id}");
            }
        }
        assert_eq!(chart::letters_without_glyph("ok \u{1f600}"), "\u{1f600}");
    }
}
