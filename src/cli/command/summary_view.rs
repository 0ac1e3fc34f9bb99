//! What the store says of a period, as a summary shows it.

use crate::analyze::trust::Trust;
use crate::cli::context::Context;
use crate::cli::evidence;
use crate::cli::period::date;
use crate::present::summary::{
    self, DayView, DigestView, DispositionView, DomainView, ReporterView, SourceView, SummaryView, TrustView,
};
use crate::store::{By, Filter, Group, SourceOrder, Store, Sums};

/// Sources that a summary lists.
const SOURCES_LISTED: usize = 12;
/// Days that are looked at to tell how long silence may last.
const RHYTHM_DAYS: i64 = 35;
/// Whole days without a report that are nothing unusual anywhere.
const SILENT_DAYS_MIN: i64 = 2;

/// What the store says of a period; `before` is the period to compare with, when not one of the same length.
pub(in crate::cli) fn view(
    context: &Context,
    store: &Store,
    filter: &Filter,
    before: Option<&Filter>,
) -> anyhow::Result<SummaryView> {
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
    let newest_age_days =
        store.newest_end_s()?.map(|end_s| (context.now.timestamp() - end_s).div_euclid(86_400).max(0));
    Ok(SummaryView {
        domain: filter.domain.clone(),
        period: if days.is_empty() { None } else { days_of(filter) },
        newest_age_days,
        reports,
        sums: view_sums(&total),
        before: earlier(store, filter, before)?,
        before_period: before.and_then(days_of),
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
        digest: DigestView {
            blind_days: blind_days(context, store, newest_age_days)?,
            trust: trust(context, store, filter)?,
            ..DigestView::default()
        },
    })
}

/// Days without a report, when reports should come: there are mailboxes, and it has never been silent for so long.
fn blind_days(context: &Context, store: &Store, newest_age_days: Option<i64>) -> anyhow::Result<Option<u64>> {
    let Some(age) = newest_age_days.filter(|age| *age >= SILENT_DAYS_MIN) else { return Ok(None) };
    if context.resolved.settings.mailboxes.is_empty() {
        return Ok(None);
    }
    let until = store.day_range(None)?.map(|(_, last)| last);
    let since = until.map(|until| until - RHYTHM_DAYS);
    let days: Vec<i64> = store
        .groups(By::Day, &Filter { domain: None, since_day: since, until_day: until })?
        .iter()
        .filter_map(|group| group.day)
        .collect();
    let gap_days = days.iter().zip(days.iter().skip(1)).map(|(day, next)| next - day - 1).max().unwrap_or(0);
    Ok((age > gap_days).then(|| age.unsigned_abs()))
}

/// What the mails proved that brought the reports.
fn trust(context: &Context, store: &Store, filter: &Filter) -> anyhow::Result<Option<TrustView>> {
    let counts = store.trust_counts(filter, evidence::new_since_s(context, store)?)?;
    let of = |trust: Trust| counts.by_trust.get(&trust).copied().unwrap_or(0);
    let (proven, unknown) = (of(Trust::Proven), of(Trust::Unknown));
    let all: u64 = counts.by_trust.values().sum();
    Ok((all > 0).then_some(TrustView { proven, unproven: all - proven - unknown, unknown, new: counts.new }))
}

fn days_of(filter: &Filter) -> Option<(chrono::NaiveDate, chrono::NaiveDate)> {
    filter.since_day.and_then(date).zip(filter.until_day.and_then(date))
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
    let (reports, sums) = (group.reports, view_sums(&group.sums));
    Ok(DomainView { name, policy, decision: None, own: None, reports, sums, trend })
}

/// Sources with failing mails first, and what is left.
fn sources(store: &Store, filter: &Filter) -> anyhow::Result<(Vec<SourceView>, (u64, u64))> {
    let list = store.sources(filter, SourceOrder::Failing, SOURCES_LISTED)?;
    let listed = list.rows.into_iter().filter_map(|source| {
        Some(SourceView {
            sums: view_sums(&source.sums),
            class: None,
            reporters: u64::try_from(source.reporters.len()).unwrap_or(u64::MAX),
            days: (date(source.first_day)?, date(source.last_day)?),
            ip: source.ip,
        })
    });
    Ok((listed.collect(), (list.more, list.more_mails)))
}

/// Sums of the period before: the one given, else one of equal length right before.
fn earlier(store: &Store, filter: &Filter, before: Option<&Filter>) -> anyhow::Result<Option<summary::Sums>> {
    let Some((since, until)) = filter.since_day.zip(filter.until_day) else { return Ok(None) };
    let length = until - since + 1;
    let usual = Filter { domain: filter.domain.clone(), since_day: Some(since - length), until_day: Some(since - 1) };
    let mut sums = Sums::default();
    let mut reports = 0;
    for day in store.groups(By::Day, before.unwrap_or(&usual))? {
        sums += day.sums;
        reports += day.reports;
    }
    Ok((reports > 0).then(|| view_sums(&sums)))
}
