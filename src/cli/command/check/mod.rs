//! `ruascope check`

mod history;

use clap::{Args, ValueEnum};

use super::dkim::private;
use super::dmarc::domain_name;
use crate::analyze::Observation;
use crate::analyze::check::{self, Checked, Level, Meant, SeenSelector};
use crate::cli::args::Format;
use crate::cli::context::Context;
use crate::cli::exit::{Exit, Failure};
use crate::cli::output;
use crate::dns::dkim_key::PublicKey;
use crate::dns::{Answer, Published};
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
    /// Show what a domain published, and when it changed; asks nobody
    #[arg(long, value_name = "DOMAIN", conflicts_with_all = ["domains", "all_selectors"])]
    history: Option<String>,
}

/// What is not well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FailOn {
    /// Warnings and what is worse
    Warning,
    /// Only what is broken, or not known
    Critical,
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> anyhow::Result<Exit> {
    if let Some(domain) = &arguments.history {
        return history::show(context, domain);
    }
    let mut store = open(context)?;
    let domains = domains(context, arguments, store.as_ref())?;
    let resolver = context.resolver()?;
    let checked: Vec<Checked> = domains
        .iter()
        .map(|domain| one(context, arguments, domain, resolver.as_ref(), store.as_mut()))
        .collect::<anyhow::Result<_>>()?;
    match context.global.format {
        Format::Json => output::json(&present::json(&checked))?,
        _ => {
            let with_info = !context.global.quiet;
            let style = CheckStyle { width: Context::width(), unicode: Context::unicode(), with_info };
            output::write(&present::text(&checked, style))?;
        }
    }
    Ok(if arguments.exit_zero { Exit::Done } else { exit(&checked, arguments.fail_on) })
}

/// The store: made when there is none, so that what DNS publishes is kept. A check does not fail for want of it.
fn open(context: &Context) -> anyhow::Result<Option<Store>> {
    if context.global.offline {
        return if context.store_path()?.exists() { Ok(Some(context.read_store()?)) } else { Ok(None) };
    }
    match context.open_store() {
        Ok(store) => Ok(Some(store)),
        Err(error) => {
            output::complain(&format!("warning: {error:#}; reports are not looked at, and nothing is kept"));
            Ok(None)
        }
    }
}

/// Keeps what is published, and gives the policy record before the one of today, with the time since which today's
/// stands there.
fn keep(store: &mut Store, published: &Published) -> anyhow::Result<Option<(String, i64)>> {
    if published.dmarc == Answer::Failed(crate::dns::Failure::Offline) {
        return Ok(None);
    }
    store.keep_published(published)?;
    let history = store.published_history(&published.domain)?;
    let mut since_s = published.seen_s;
    for snapshot in history.iter().rev() {
        if snapshot.published.dmarc != published.dmarc {
            let before = snapshot.published.dmarc.records().first();
            return Ok(before.map(|text| (text.clone(), since_s)));
        }
        since_s = snapshot.published.seen_s;
    }
    Ok(None)
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
    arguments: &Arguments,
    domain: &str,
    resolver: &dyn Resolver,
    mut store: Option<&mut Store>,
) -> anyhow::Result<Checked> {
    let settings = &context.resolved.settings;
    let meant = settings.domains.iter().find(|known| known.name.as_str() == domain).map(Meant::of).unwrap_or_default();
    let observations = match &store {
        Some(store) => observations(context, store, domain)?,
        None => Vec::new(),
    };
    let seen = check::selectors(domain, &observations);
    let selectors = selectors(domain, &meant, &seen);
    let gathered = resolve::gather(resolver, domain, &selectors, &settings.limits, context.now.timestamp());
    let dmarc_before = match store.as_mut() {
        Some(store) => keep(store, &gathered.published)?,
        None => None,
    };
    let record = gathered.published.dmarc.records().first();
    let reports = check::observed(&observations, record.map(String::as_str));
    let own = own(context, domain);
    let wanted = Wanted { meant, own, seen, dmarc_before, all_selectors: arguments.all_selectors };
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

/// Public halves of the private keys that are here. A key that can't be used is told, and not compared.
fn own(context: &Context, domain: &str) -> Vec<(String, PublicKey, String)> {
    let settings = context.resolved.settings.domains.iter().find(|known| known.name.as_str() == domain);
    let mut own = Vec::new();
    for key in settings.iter().flat_map(|settings| &settings.dkim) {
        let public = || -> anyhow::Result<_> {
            let Some(private) = private(context, key)? else { return Ok(None) };
            Ok(Some((key.selector.to_string(), private.public()?, private.record()?)))
        };
        match public() {
            Ok(found) => own.extend(found),
            Err(error) => output::complain(&format!("warning: {error:#}; it is not compared with DNS")),
        }
    }
    own
}

/// What reports say of the last days.
pub(super) fn observations(context: &Context, store: &Store, domain: &str) -> anyhow::Result<Vec<Observation>> {
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
    match worst {
        Some(Level::Critical) => Exit::Critical,
        _ if !is_known => Exit::Unknown,
        Some(Level::Warning) if fail_on == FailOn::Warning => Exit::Warning,
        _ => Exit::Done,
    }
}
