//! `ruascope check`

use clap::{Args, ValueEnum};

use super::dmarc::domain_name;
use super::snapshot;
use crate::analyze::Observation;
use crate::analyze::check::{self, Badge, Checked, Level, Meant, SeenSelector, Topic};
use crate::cli::args::Format;
use crate::cli::context::Context;
use crate::cli::exit::{Exit, Failure};
use crate::cli::output;
use crate::present::check::{self as present, CheckStyle};
use crate::resolve::{self, Resolver, Wanted};
use crate::store::{By, Filter, Store};

/// Reports so many days back say which selectors are in use: a quarter, for what is sent once a quarter.
const REPORT_DAYS: i64 = 100;

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  ruascope check\n  ruascope check example.com --all-selectors\n  ruascope check --fail-on critical --quiet\n\nExit codes: 0 all is well, 1 something should be changed, 2 something is broken, 3 DNS did not answer"
)]
pub(in crate::cli) struct Arguments {
    /// Domains [default: those in the settings, else those in the reports]
    domains: Vec<String>,
    /// Also look for keys at selectors that services and hosting panels are known to use
    #[arg(long)]
    all_selectors: bool,
    /// How bad a finding has to be for an exit code other than 0
    #[arg(long, value_enum, default_value_t = FailOn::Warning)]
    fail_on: FailOn,
    /// Exit with 0 whatever is found
    #[arg(long)]
    exit_zero: bool,
}

/// What is not well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum FailOn {
    /// Warnings and what is worse
    Warning,
    /// Only what is broken, or not known
    Critical,
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> anyhow::Result<Exit> {
    let store = open(context)?;
    let domains = domains(context, arguments, store.as_ref())?;
    let resolver = context.resolver()?;
    let checked: Vec<Checked> = domains
        .iter()
        .map(|domain| one(context, arguments.all_selectors, domain, resolver.as_ref(), store.as_ref()))
        .collect::<anyhow::Result<_>>()?;
    show(context, &checked)?;
    Ok(if arguments.exit_zero { Exit::Done } else { exit(&checked, arguments.fail_on) })
}

fn show(context: &Context, checked: &[Checked]) -> anyhow::Result<()> {
    match context.global.format {
        Format::Json => output::json(&present::json(checked))?,
        _ => {
            let with_info = !context.global.quiet;
            let style = CheckStyle { width: Context::width(), unicode: Context::unicode(), with_info };
            output::write(&present::text(checked, style))?;
        }
    }
    Ok(())
}

/// What a check says about SPF alone, for `spf check`.
pub(super) fn only_spf(context: &Context, domain: &str, fail_on: FailOn, exit_zero: bool) -> anyhow::Result<Exit> {
    let store = open(context)?;
    let mut checked = one(context, false, domain, context.resolver()?.as_ref(), store.as_ref())?;
    checked.findings.retain(|finding| finding.topic == Topic::Spf);
    checked.good.retain(|(topic, _)| *topic == Topic::Spf);
    show(context, std::slice::from_ref(&checked))?;
    let is_known = checked.badges.spf != Badge::Unknown;
    Ok(if exit_zero { Exit::Done } else { exit_of(checked.worst(), is_known, fail_on) })
}

/// The store, if there is one.
fn open(context: &Context) -> anyhow::Result<Option<Store>> {
    if context.store_path()?.exists() { Ok(Some(context.read_store()?)) } else { Ok(None) }
}

fn domains(context: &Context, arguments: &Arguments, store: Option<&Store>) -> anyhow::Result<Vec<String>> {
    if !arguments.domains.is_empty() {
        return arguments.domains.iter().map(|text| Ok(domain_name(text)?.to_string())).collect();
    }
    let of_settings = context.resolved.settings.domains.iter().map(|domain| domain.name.to_string());
    let mut domains: Vec<String> = of_settings.collect();
    if let Some(store) = store.filter(|_| domains.is_empty()) {
        let groups = store.groups(By::Domain, &Filter::default())?;
        domains = groups.into_iter().filter_map(|group| group.name).filter(|name| domain_name(name).is_ok()).collect();
    }
    if domains.is_empty() {
        let failure = Failure::new(Exit::Usage, "no domain to check: neither settings nor reports name one");
        return Err(failure.hint("say which: ruascope check example.com").into());
    }
    Ok(domains)
}

fn one(
    context: &Context,
    all_selectors: bool,
    domain: &str,
    resolver: &dyn Resolver,
    store: Option<&Store>,
) -> anyhow::Result<Checked> {
    let settings = &context.resolved.settings;
    let meant = settings.domains.iter().find(|known| known.name.as_str() == domain).map(Meant::of).unwrap_or_default();
    let observations = match store {
        Some(store) => observations(context, store, domain)?,
        None => Vec::new(),
    };
    let seen = check::selectors(domain, &observations);
    let selectors = selectors(domain, &meant, &seen);
    let gathered = resolve::gather(resolver, domain, &selectors, &settings.limits, context.now.timestamp());
    snapshot::keep(context, &gathered.published);
    let record = gathered.published.dmarc.records().first();
    let reports = check::observed(&observations, record.map(String::as_str));
    let wanted = Wanted { meant, own: Vec::new(), seen, all_selectors };
    Ok(check::check(&resolve::survey(resolver, gathered, wanted, reports, &settings.limits)))
}

/// Selectors of the domain itself that settings or reports name.
fn selectors(domain: &str, meant: &Meant, seen: &[SeenSelector]) -> Vec<String> {
    let of_reports = seen.iter().filter(|seen| seen.domain == domain).map(|seen| seen.selector.clone());
    let mut selectors: Vec<String> =
        meant.keys.iter().map(|(selector, _)| selector.clone()).chain(of_reports).collect();
    selectors.sort();
    selectors.dedup();
    selectors
}

/// What reports say of the last days.
fn observations(context: &Context, store: &Store, domain: &str) -> anyhow::Result<Vec<Observation>> {
    let Some((_, newest)) = store.day_range(Some(domain))? else { return Ok(Vec::new()) };
    let newest = newest.min(crate::store::day_of(context.now.timestamp()));
    let filter =
        Filter { domain: Some(domain.to_owned()), since_day: Some(newest - REPORT_DAYS), until_day: Some(newest) };
    Ok(store.observations(&filter, &context.resolved.settings.limits)?.observations)
}

/// The worst of all domains: broken, else not known, else a warning.
fn exit(checked: &[Checked], fail_on: FailOn) -> Exit {
    let worst = checked.iter().filter_map(Checked::worst).max();
    let is_known = checked.iter().all(|checked| checked.is_answered && !checked.badges.any_unknown());
    exit_of(worst, is_known, fail_on)
}

fn exit_of(worst: Option<Level>, is_known: bool, fail_on: FailOn) -> Exit {
    match worst {
        Some(Level::Critical) => Exit::Critical,
        _ if !is_known => Exit::Unknown,
        Some(Level::Warning) if fail_on == FailOn::Warning => Exit::Warning,
        _ => Exit::Done,
    }
}
