//! `ruascope summary`

use clap::Args;

use crate::cli::args::Format;
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::output;
use crate::cli::period::{Period, date};
use crate::present::summary::{
    self, DayView, DispositionView, DomainView, ReporterView, SourceView, SummaryView, TextStyle,
};
use crate::store::{By, Filter, Group, SourceOrder, Store, Sums};

/// Days that a summary covers when nothing is asked for: five weeks show weekdays and month ends.
pub(super) const DEFAULT_DAYS: u32 = 35;
/// Sources that a summary lists.
const SOURCES_LISTED: usize = 12;

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  ruascope summary\n  ruascope summary --day yesterday --format md\n  ruascope summary --domain example.com --days 90 --format json"
)]
pub(in crate::cli) struct Arguments {
    /// Only this domain
    #[arg(long, value_name = "DOMAIN")]
    domain: Option<String>,
    /// One day: a date, `yesterday` or `today`
    #[arg(long, value_name = "DAY", conflicts_with_all = ["since", "until", "days"])]
    day: Option<String>,
    #[command(flatten)]
    period: Period,
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> anyhow::Result<Exit> {
    let store = context.read_store()?;
    let period = arguments.day.clone().map_or_else(|| arguments.period.clone(), Period::of_day);
    let filter = period.resolve(&store, arguments.domain.as_deref(), context.now, Some(DEFAULT_DAYS))?;
    let view = view(context, &store, &filter)?;
    match context.global.format {
        Format::Json => output::json(&summary::json(&view))?,
        Format::Csv => output::write(&summary::csv(&view))?,
        Format::Md => output::write(&summary::markdown(&view))?,
        Format::Html => {
            let charts = super::chart::Material::new(context, &store, &filter);
            output::write(&summary::html(&view, &charts.images()?))?;
        }
        Format::Text => output::write(&summary::text(&view, &style(context)))?,
    }
    Ok(Exit::Done)
}

/// How text is laid out here.
pub(super) fn style(context: &Context) -> TextStyle {
    TextStyle { width: Context::width(), color: context.color(), unicode: Context::unicode() }
}

/// What the store says of a period.
pub(super) fn view(context: &Context, store: &Store, filter: &Filter) -> anyhow::Result<SummaryView> {
    let days = store.groups(By::Day, filter)?;
    let mut total = Sums::default();
    let mut reports = 0;
    for day in &days {
        total += day.sums;
        reports += day.reports;
    }
    let mut domains = store.groups(By::Domain, filter)?;
    domains.sort_by(|a, b| b.sums.neither.cmp(&a.sums.neither).then(b.sums.mails().cmp(&a.sums.mails())));
    let domains = domains.iter().map(|group| domain(store, filter, group)).collect::<anyhow::Result<Vec<_>>>()?;
    let totals = store.totals(filter)?;
    let (sources, sources_more) = sources(store, filter)?;
    let named = |group: Group| ReporterView { name: group.name, reports: group.reports, sums: view_sums(&group.sums) };
    Ok(SummaryView {
        domain: filter.domain.clone(),
        period: if days.is_empty() {
            None
        } else {
            filter.since_day.and_then(date).zip(filter.until_day.and_then(date))
        },
        newest_age_days: store.newest_end_s()?.map(|end_s| (context.now.timestamp() - end_s).div_euclid(86_400).max(0)),
        reports,
        sums: view_sums(&total),
        before: before(store, filter)?,
        domains,
        sources,
        sources_more,
        days: days.iter().filter_map(day).collect(),
        dispositions: store
            .groups(By::Disposition, filter)?
            .into_iter()
            .map(|group| DispositionView { word: group.name, sums: view_sums(&group.sums) })
            .collect(),
        reporters: store.groups(By::Reporter, filter)?.into_iter().map(named).collect(),
        rejected: totals.rejected,
        conflicting: totals.conflicting,
        other: totals.other,
    })
}

fn view_sums(sums: &Sums) -> summary::Sums {
    summary::Sums {
        mails: sums.mails(),
        both: sums.dkim_and_spf,
        dkim_only: sums.dkim_only,
        spf_only: sums.spf_only,
        neither: sums.neither,
    }
}

fn day(group: &Group) -> Option<DayView> {
    let day = group.day.and_then(date)?;
    Some(DayView { day, reports: group.reports, sums: view_sums(&group.sums) })
}

fn domain(store: &Store, filter: &Filter, group: &Group) -> anyhow::Result<DomainView> {
    let name = group.name.clone().unwrap_or_default();
    let of_domain = Filter { domain: Some(name.clone()), ..filter.clone() };
    let newest = store.reports(&of_domain, 1, false)?;
    let policy = newest.first().and_then(|report| report.head.pointer("/policy/p")?.as_str().map(str::to_owned));
    let days = store.groups(By::Day, &of_domain)?;
    let first = filter.since_day.or_else(|| days.first()?.day).unwrap_or(0);
    let last = filter.until_day.or_else(|| days.last()?.day).unwrap_or(0);
    let mut known =
        days.iter().filter_map(|group| Some((group.day?, group))).collect::<std::collections::HashMap<_, _>>();
    let trend = (first..=last)
        .map(|day| known.remove(&day).filter(|group| group.reports > 0 || group.sums.mails() > 0))
        .map(|group| group.map(|group| (group.sums.dmarc_pass(), group.sums.mails())))
        .collect();
    Ok(DomainView { name, policy, reports: group.reports, sums: view_sums(&group.sums), trend })
}

/// Sources with failing mails first, and what is left.
fn sources(store: &Store, filter: &Filter) -> anyhow::Result<(Vec<SourceView>, (u64, u64))> {
    let list = store.sources(filter, SourceOrder::Failing, SOURCES_LISTED)?;
    let listed = list.rows.into_iter().filter_map(|source| {
        Some(SourceView {
            sums: view_sums(&source.sums),
            reporters: u64::try_from(source.reporters.len()).unwrap_or(u64::MAX),
            days: (date(source.first_day)?, date(source.last_day)?),
            ip: source.ip,
        })
    });
    Ok((listed.collect(), (list.more, list.more_mails)))
}

/// Sums of the period of equal length before this one.
fn before(store: &Store, filter: &Filter) -> anyhow::Result<Option<summary::Sums>> {
    let Some((since, until)) = filter.since_day.zip(filter.until_day) else { return Ok(None) };
    let length = until - since + 1;
    let earlier = Filter { domain: filter.domain.clone(), since_day: Some(since - length), until_day: Some(since - 1) };
    let mut sums = Sums::default();
    let mut reports = 0;
    for day in store.groups(By::Day, &earlier)? {
        sums += day.sums;
        reports += day.reports;
    }
    Ok((reports > 0).then(|| view_sums(&sums)))
}
