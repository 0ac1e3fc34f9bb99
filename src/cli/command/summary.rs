//! `ruascope summary`

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde_json::json;

pub(in crate::cli) use super::summary_advice::for_charts;
use super::{summary_advice, summary_view};
use crate::cli::args::Format;
use crate::cli::context::Context;
use crate::cli::exit::{Exit, Failure, While as _};
use crate::cli::help::Wrong;
use crate::cli::output;
use crate::cli::period::{Last, Period};
use crate::cli::post::{self, Call, Posted};
use crate::config::Address;
use crate::digest::{Facts, Rule, Snapshot, changes, level};
use crate::present::summary::{self, SummaryView, TextStyle};
use crate::store::{Filter, Store};
use crate::words::said;

/// Days that a summary covers when nothing is asked for: five weeks show weekdays and month ends.
pub(super) const DEFAULT_DAYS: u32 = 35;

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  ruascope summary\n  ruascope summary --day yesterday --format md\n  ruascope summary --last week --html week.html\n  ruascope summary --domain example.com --days 90 --format json\n  ruascope summary --mail ops@example.com --when changes\n\nWith --mail nothing is printed: the summary goes out by [smtp], webhooks are told, and what could not be delivered\nwaits in the store until the next time (exit code 69). docs/digest.md has the whole story."
)]
pub(in crate::cli) struct Arguments {
    /// Only this domain
    #[arg(long, value_name = "DOMAIN")]
    domain: Option<String>,
    /// One day: a date, `yesterday` or `today`
    #[arg(long, value_name = "DAY", conflicts_with_all = ["since", "until", "days", "last"])]
    day: Option<String>,
    /// The last whole day, week (from Monday) or month, compared with the one before
    #[arg(long, value_enum, conflicts_with_all = ["since", "until", "days"])]
    last: Option<Last>,
    #[command(flatten)]
    period: Period,
    /// Send it by mail, to these addresses or to those of the section digest in the settings
    #[arg(long, value_name = "ADDRESS", num_args = 0.., value_parser = address)]
    mail: Option<Vec<Address>>,
    /// When to send [default: that of the section digest in the settings]
    #[arg(long, value_enum, requires = "mail")]
    when: Option<WhenName>,
    /// Send only what waits in the store from earlier times
    #[arg(long, conflicts_with_all = ["mail", "html"])]
    flush: bool,
    /// Write the page into this file as well
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
}

/// When to send.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum WhenName {
    /// Each time
    Always,
    /// When something is different from the last time
    Changes,
    /// When something should be done
    Problems,
}

impl From<WhenName> for Rule {
    fn from(when: WhenName) -> Self {
        match when {
            WhenName::Always => Self::Always,
            WhenName::Changes => Self::Changes,
            WhenName::Problems => Self::Problems,
        }
    }
}

fn address(text: &str) -> Result<Address, Wrong> {
    Address::parse(text).ok_or_else(|| Wrong(said!("wrong-address")))
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> anyhow::Result<Exit> {
    if arguments.flush {
        let mut store = context.open_store()?;
        return told(context, None, &post::flush(context, &mut store)?);
    }
    if let Some(to) = &arguments.mail {
        let mut store = context.open_store()?;
        let (filter, before) = chosen(context, &store, arguments)?;
        let view = shown(context, &mut store, &filter, before.as_ref())?;
        write_page(context, &store, arguments.html.as_deref(), &view, &filter)?;
        let call = Call { to, when: arguments.when.map(Rule::from), filter: &filter, before: before.as_ref() };
        let posted = post::send(context, &mut store, &call)?;
        return told(context, Some(&view), &posted);
    }
    let mut store = context.read_store()?;
    let (filter, before) = chosen(context, &store, arguments)?;
    let view = shown(context, &mut store, &filter, before.as_ref())?;
    write_page(context, &store, arguments.html.as_deref(), &view, &filter)?;
    let words = context.words();
    match context.global.format {
        Format::Json => output::json(&summary::json(&view))?,
        Format::Csv => output::write(&summary::csv(&view))?,
        Format::Md => output::write(&summary::markdown(&view, &words))?,
        Format::Html => {
            let context = for_charts(context, &view, words.language())?;
            let charts = super::chart::Material::new(&context, &store, &filter);
            output::write(&summary::html(&view, &words, &charts.images()?))?;
        }
        Format::Text => output::write(&summary::text(&view, &words, &style(context)))?,
    }
    Ok(Exit::Done)
}

/// The period that was asked for, and the one to compare it with where that is not one of the same length.
fn chosen(context: &Context, store: &Store, arguments: &Arguments) -> anyhow::Result<(Filter, Option<Filter>)> {
    let domain = arguments.domain.as_deref();
    if let Some(last) = arguments.last {
        return last.resolve(store, domain, context.now);
    }
    let period = arguments.day.clone().map_or_else(|| arguments.period.clone(), Period::of_day);
    Ok((period.resolve(store, domain, context.now, Some(DEFAULT_DAYS))?, None))
}

/// What the store says of a period, with verdicts, and what a digest compares with the last one.
pub(in crate::cli) fn judged(
    context: &Context,
    store: &mut Store,
    filter: &Filter,
    before: Option<&Filter>,
) -> anyhow::Result<(SummaryView, Facts)> {
    let mut view = summary_view::view(context, store, filter, before)?;
    let facts = summary_advice::judge(context, store, filter, &mut view)?;
    Ok((view, facts))
}

/// The summary, compared with what was told last to anybody.
pub(super) fn shown(
    context: &Context,
    store: &mut Store,
    filter: &Filter,
    before: Option<&Filter>,
) -> anyhow::Result<SummaryView> {
    let (mut view, facts) = judged(context, store, filter, before)?;
    let last = store.newest_digest(&post::about(filter))?;
    let remembered = last.as_ref().and_then(|(_, snapshot)| Snapshot::from_json(snapshot));
    view.digest.changes = changes(remembered.as_ref(), &facts);
    view.digest.level = Some(level(&facts, &view.digest.changes));
    view.digest.last = last.and_then(|(made_s, _)| post::day(made_s));
    Ok(view)
}

fn write_page(
    context: &Context,
    store: &Store,
    path: Option<&Path>,
    view: &SummaryView,
    filter: &Filter,
) -> anyhow::Result<()> {
    let Some(path) = path else { return Ok(()) };
    let words = context.words();
    let charts = for_charts(context, view, words.language())?;
    let page = summary::html(view, &words, &super::chart::Material::new(&charts, store, filter).images()?);
    std::fs::write(path, page).doing(|| said!("error-write", path = path.display()))
}

/// Says what became of letters.
fn told(context: &Context, view: Option<&SummaryView>, posted: &Posted) -> anyhow::Result<Exit> {
    match (context.global.format, view) {
        (Format::Json, Some(view)) => {
            let mut object = summary::json(view);
            if let Some(object) = object.as_object_mut() {
                object.insert("deliveries".to_owned(), posted.json());
            }
            output::json(&object)?;
        }
        (Format::Json, None) => {
            output::json(&json!({"schema": "ruascope.deliveries/1", "deliveries": posted.json()}))?;
        }
        _ => context.complain(&posted.told()),
    }
    Ok(if posted.is_late() { Exit::Unavailable } else { Exit::Done })
}

/// How text is laid out here.
pub(super) fn style(context: &Context) -> TextStyle {
    TextStyle { width: Context::width(), color: context.color(), unicode: context.unicode() }
}

/// Nobody can be reached: neither an address nor a webhook.
pub(in crate::cli) fn nobody() -> anyhow::Error {
    Failure::new(Exit::Configuration, said!("error-nobody")).hint(said!("hint-nobody")).into()
}
