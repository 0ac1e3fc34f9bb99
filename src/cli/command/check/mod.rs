//! `ruascope check`

mod history;
mod wait;

use std::time::Duration;

use clap::Args;

use super::dkim::private;
use super::dmarc::domain_name;
use super::verdict::{self, Verdict};
use crate::analyze::Observation;
use crate::analyze::check::{self, Badge, Checked, Facts, KeyFacts, Level, Meant, SeenSelector, ServerSaid, Topic};
use crate::cli::args::Format;
use crate::cli::context::Context;
use crate::cli::exit::{self, Exit, Failure};
use crate::cli::output;
use crate::config::DnsSettings;
use crate::dns::Published;
use crate::dns::dkim_key::PublicKey;
use crate::present::check::{self as present, CheckStyle};
use crate::present::plugin;
use crate::resolve::{self, Gathered, Hickory, Resolver, Servers, Wanted};
use crate::store::{By, Filter, Snapshot, Store};
use crate::words::{Said, said};

/// Reports so many days back say which selectors are in use: a quarter, for what is sent once a quarter.
pub(in crate::cli) const REPORT_DAYS: i64 = 100;
/// Seconds that one name server of a zone is waited for.
const SERVER_S: u32 = 2;

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
    /// First ask every name server of the zone and every resolver until all say the same, and what the settings mean;
    /// at most so long, such as 10m or 1h
    #[arg(long, value_name = "TIME", value_parser = wait::duration)]
    wait: Option<Duration>,
    #[command(flatten)]
    verdict: Verdict,
    /// First one short line with numbers, as Nagios and its kin read it; what goes wrong is 3 then
    #[arg(long, conflicts_with = "history")]
    nagios: bool,
    /// Show what a domain published, and when it changed; asks nobody
    #[arg(long, value_name = "DOMAIN", conflicts_with_all = ["domains", "all_selectors"])]
    history: Option<String>,
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> anyhow::Result<Exit> {
    if let Some(domain) = &arguments.history {
        return history::show(context, domain);
    }
    if arguments.nagios { verdict::as_plugin(judge(context, arguments)) } else { judge(context, arguments) }
}

fn judge(context: &Context, arguments: &Arguments) -> anyhow::Result<Exit> {
    let mut store = open(context)?;
    let domains = domains(context, arguments, store.as_ref())?;
    if let Some(most) = arguments.wait {
        wait::wait(context, &domains, most)?;
    }
    let resolver = context.resolver()?;
    let patience = one_by_one(context);
    let mut servers = Servers::new(&patience, &context.resolved.settings.limits);
    let mut checked = Vec::with_capacity(domains.len());
    for domain in &domains {
        let all_selectors = arguments.all_selectors;
        checked.push(one(context, all_selectors, domain, (resolver.as_ref(), &mut servers), store.as_mut())?);
    }
    let exit = arguments.verdict.exit(exit(&checked));
    if arguments.nagios {
        output::write(&plugin_line(&checked, exit))?;
    }
    show(context, &checked)?;
    Ok(exit)
}

/// The domains with something to change, and how many findings there are.
fn plugin_line(checked: &[Checked], exit: Exit) -> String {
    let count = |level: Level| {
        let all = checked.iter().flat_map(|checked| &checked.findings);
        all.filter(|finding| finding.level == level).count()
    };
    let worst = |checked: &&Checked| checked.worst().is_some_and(|level| level != Level::Info);
    let bad: Vec<String> = checked.iter().filter(worst).map(|checked| checked.domain.clone()).collect();
    let numbers = [Level::Critical, Level::Warning].map(|level| {
        let name = if level == Level::Critical { "critical" } else { "warnings" };
        (name.to_owned(), plugin::Value::Count(count(level)))
    });
    plugin::line(verdict::level(exit), checked.len(), &bad, &numbers)
}

fn show(context: &Context, checked: &[Checked]) -> anyhow::Result<()> {
    match context.global.format {
        Format::Json => output::json(&present::json(checked))?,
        _ => {
            let with_info = !context.global.quiet;
            let style = CheckStyle { width: Context::width(), unicode: context.unicode(), with_info };
            output::write(&present::text(checked, style, &context.words()))?;
        }
    }
    Ok(())
}

/// What a check says about SPF alone, for `spf check`.
pub(super) fn only_spf(context: &Context, domain: &str, verdict: Verdict) -> anyhow::Result<Exit> {
    let mut store = open(context)?;
    let patience = one_by_one(context);
    let mut servers = Servers::new(&patience, &context.resolved.settings.limits);
    let resolver = context.resolver()?;
    let mut checked = one(context, false, domain, (resolver.as_ref(), &mut servers), store.as_mut())?;
    checked.findings.retain(|finding| finding.topic == Topic::Spf);
    checked.good.retain(|(topic, _)| *topic == Topic::Spf);
    show(context, std::slice::from_ref(&checked))?;
    Ok(verdict.exit(exit_of(checked.worst(), checked.badges.spf != Badge::Unknown)))
}

/// The store: made when there is none, so that what DNS publishes is kept. A check does not fail for want of it.
fn open(context: &Context) -> anyhow::Result<Option<Store>> {
    if context.global.offline {
        return if context.store_path()?.exists() { Ok(Some(context.read_store()?)) } else { Ok(None) };
    }
    match context.open_store() {
        Ok(store) => Ok(Some(store)),
        Err(error) => {
            warn(context, &said!("check-no-store", why = exit::in_words(&error, &context.words())));
            Ok(None)
        }
    }
}

fn warn(context: &Context, what: &Said) {
    output::complain(&context.told(&said!("line-warning", what = what)));
}

/// The policy record before the one of today, with the time since which today's stands there, seconds since 1970.
fn before(history: &[Snapshot], published: &Published) -> Option<(String, i64)> {
    let mut since_s = published.seen_s;
    for snapshot in history.iter().rev() {
        if snapshot.published.dmarc != published.dmarc {
            return snapshot.published.dmarc.records().first().map(|text| (text.clone(), since_s));
        }
        since_s = snapshot.published.seen_s;
    }
    None
}

/// The day from which on everybody has to see today's policy record, days since 1970: two days, and twice its time to
/// live, after it was first seen here. `None` when it was never seen before.
fn settled_day(history: &[Snapshot], gathered: &Gathered, resolver: &dyn Resolver) -> Option<i64> {
    let published = &gathered.published;
    let same = history.iter().rev().take_while(|snapshot| snapshot.published.dmarc == published.dmarc);
    let since_s = same.last()?.published.seen_s;
    let ttl_s = resolver.txt(&format!("_dmarc.{}", published.domain)).ttl_s.unwrap_or_default();
    Some((since_s + 2 * 86_400 + 2 * i64::from(ttl_s)).div_euclid(86_400) + 1)
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
        let failure = Failure::new(Exit::Unknown, said!("error-no-domain-check"));
        return Err(failure.hint(said!("hint-check-which")).into());
    }
    Ok(domains)
}

fn one(
    context: &Context,
    all_selectors: bool,
    domain: &str,
    (resolver, servers): (&dyn Resolver, &mut Servers<'_>),
    store: Option<&mut Store>,
) -> anyhow::Result<Checked> {
    let Some(store) = store else {
        let asking = Asking { all_selectors, history: &[], servers: Some(servers) };
        return Ok(asked(context, domain, resolver, &[], asking).checked);
    };
    let observations = observations(context, store, domain)?;
    let history = store.published_history(domain)?;
    let asking = Asking { all_selectors, history: &history, servers: Some(servers) };
    let examined = asked(context, domain, resolver, &observations, asking);
    if !context.global.offline {
        store.keep_published(&examined.published)?;
    }
    Ok(examined.checked)
}

/// What DNS says about a domain, and what is wrong with it.
pub(in crate::cli) struct Examined {
    pub(in crate::cli) published: Published,
    pub(in crate::cli) dmarc_ttl_s: Option<u32>,
    pub(in crate::cli) spf_lookups: usize,
    pub(in crate::cli) checked: Checked,
}

/// What the command asks for beyond the usual.
struct Asking<'a, 's> {
    all_selectors: bool,
    /// What was published before.
    history: &'a [Snapshot],
    /// Ask every name server of the zone and every resolver by itself too.
    servers: Option<&'a mut Servers<'s>>,
}

/// Asks DNS about a domain, and compares it with settings and reports.
pub(in crate::cli) fn examine(
    context: &Context,
    domain: &str,
    resolver: &dyn Resolver,
    observations: &[Observation],
) -> Examined {
    asked(context, domain, resolver, observations, Asking { all_selectors: false, history: &[], servers: None })
}

fn asked(
    context: &Context,
    domain: &str,
    resolver: &dyn Resolver,
    observations: &[Observation],
    asking: Asking<'_, '_>,
) -> Examined {
    let settings = &context.resolved.settings;
    let meant = meant_of(context, domain);
    let seen = check::selectors(domain, observations);
    let selectors = selectors(domain, &meant, &seen);
    let gathered = resolve::gather(resolver, domain, &selectors, &settings.limits, context.now.timestamp());
    let spf_lookups = gathered.spf.lookups();
    let record = gathered.published.dmarc.records().first();
    let reports =
        check::observed(observations, record.map(String::as_str), settled_day(asking.history, &gathered, resolver));
    let wanted = Wanted {
        meant,
        own: own(context, domain),
        seen,
        dmarc_before: before(asking.history, &gathered.published),
        all_selectors: asking.all_selectors,
    };
    let mut facts = resolve::survey(resolver, gathered, wanted, reports, &settings.limits);
    if let Some(servers) = asking.servers.filter(|_| !context.global.offline) {
        facts.servers = each_server(context, resolver, servers, &facts);
    }
    let checked = check::check(&facts);
    Examined { published: facts.published, dmarc_ttl_s: facts.dmarc_txt.ttl_s, spf_lookups, checked }
}

/// What every name server of the zone and every resolver says; nothing where there is only one to ask.
fn each_server(
    context: &Context,
    resolver: &dyn Resolver,
    servers: &mut Servers<'_>,
    facts: &Facts,
) -> Vec<ServerSaid> {
    let settings = &context.resolved.settings;
    let Ok(own) = Hickory::new(&settings.dns, &settings.limits) else { return Vec::new() };
    let domain = &facts.published.domain;
    let all = servers.of(resolver, own.servers(), domain);
    if all.len() < 2 {
        return Vec::new();
    }
    let mut names = vec![format!("_dmarc.{domain}"), domain.clone()];
    names.extend(facts.keys.iter().filter(|key| key.domain == *domain).map(KeyFacts::name));
    servers.ask(&all, &names)
}

/// How servers are asked one by one: a silent one is not to hold up a check.
fn one_by_one(context: &Context) -> DnsSettings {
    let dns = &context.resolved.settings.dns;
    DnsSettings { timeout_s: dns.timeout_s.min(SERVER_S), attempts: 1, ..dns.clone() }
}

/// What the settings say about a domain.
fn meant_of(context: &Context, domain: &str) -> Meant {
    let settings = context.resolved.settings.domains.iter().find(|known| known.name.as_str() == domain);
    settings.map(Meant::of).unwrap_or_default()
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
            Err(error) => warn(context, &said!("check-no-key", why = exit::in_words(&error, &context.words()))),
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
fn exit(checked: &[Checked]) -> Exit {
    let worst = checked.iter().filter_map(Checked::worst).max();
    let is_known = checked.iter().all(|checked| checked.is_answered && !checked.badges.any_unknown());
    exit_of(worst, is_known)
}

fn exit_of(worst: Option<Level>, is_known: bool) -> Exit {
    match worst {
        Some(Level::Critical) => Exit::Critical,
        _ if !is_known => Exit::Unknown,
        Some(Level::Warning) => Exit::Warning,
        _ => Exit::Done,
    }
}
