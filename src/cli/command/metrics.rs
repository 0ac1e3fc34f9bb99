//! `ruascope metrics`: numbers for Prometheus.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::analyze::Class;
use crate::analyze::readiness::{Advice, Sums};
use crate::analyze::statistics::real;
use crate::cli::advice::{self, Known};
use crate::cli::args::Format;
use crate::cli::context::Context;
use crate::cli::exit::{self, Exit, While as _};
use crate::cli::output;
use crate::dns::{Answer, Published};
use crate::present::escape;
use crate::present::metrics::{Family, json, prometheus};
use crate::resolve::Offline;
use crate::store::{By, Filter, Group, Store};
use crate::words::said;

/// Seconds of a day.
const DAY_S: i64 = 86_400;
/// What series are called that stand for all that have none of their own.
const OTHER: &str = "other";
/// Days of mail by reporter: those of the window of domains.
const DAYS: i64 = crate::analyze::readiness::WINDOW_DAYS;

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  ruascope metrics\n  ruascope metrics -o /var/lib/prometheus/node-exporter/ruascope.prom\n\nAsks nobody: what DNS says is as it was last seen. Domains and reporters past `metrics_domains_max` and\n`metrics_reporters_max` of [limits] are added up as \"other\"."
)]
pub(in crate::cli) struct Arguments {
    /// Write to this file, which is there as a whole or not at all
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> anyhow::Result<Exit> {
    let families = families(context)?;
    let text = match context.global.format {
        Format::Json => escape::json(&format!("{:#}\n", json(&families))).into_owned(),
        Format::Text => prometheus(&families),
        _ => return Err(context.no_such_format("text and json")),
    };
    match &arguments.output {
        Some(path) => replace(path, &text)?,
        None => output::write(&text)?,
    }
    Ok(Exit::Done)
}

/// Puts a file in place of another at once: a reader sees the old one or the new one. Others may read it: 0644.
fn replace(path: &Path, text: &str) -> anyhow::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let failed = |error: std::io::Error| exit::doing(error, said!("error-metrics", path = path.display()));
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644));
    // The collector reads `*.prom`, so what is not finished has another name.
    let mut file = builder.prefix(".ruascope").suffix(".part").tempfile_in(folder).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)?;
    #[cfg(unix)]
    std::fs::set_permissions(file.path(), std::os::unix::fs::PermissionsExt::from_mode(0o644)).map_err(failed)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}

fn families(context: &Context) -> anyhow::Result<Vec<Family>> {
    let mut store = context.read_store()?;
    let mut families = of_store(context, &store)?;
    families.extend(of_domains(context, &mut store)?);
    families.extend(of_reporters(context, &store)?);
    Ok(families)
}

fn of_store(context: &Context, store: &Store) -> anyhow::Result<Vec<Family>> {
    let totals = store.totals(&Filter::default())?;
    let ages = store.ages()?;
    let time = |time_s: Option<i64>| time_s.map(seconds);
    let mut build = Family::new("ruascope_build_info", "The version of the program; always 1.");
    build.add(&[("version", env!("CARGO_PKG_VERSION"))], 1.0);
    let one = |name, help, value| Family::one(name, help, Some(value));
    let newest = store.newest_end_s()?;
    Ok(vec![
        build,
        one("ruascope_metrics_timestamp_seconds", "When these numbers were made.", seconds(context.now.timestamp())),
        one("ruascope_store_bytes", "Size of the store.", real(totals.size_bytes)),
        one("ruascope_reports", "Reports in the store that count.", real(totals.reports)),
        one("ruascope_rejections", "Files and mails kept that could not be used.", real(totals.rejected)),
        one("ruascope_conflicting_reports", "Reports kept and not counted.", real(totals.conflicting)),
        one("ruascope_letters_waiting", "Digests that could not be delivered yet.", real(store.letters_waiting()?)),
        Family::one("ruascope_newest_report_timestamp_seconds", "End of the newest report's period.", time(newest)),
        Family::one(
            "ruascope_last_delivery_timestamp_seconds",
            "When a file or mail was last taken in, whatever was in it.",
            time(ages.delivery_s),
        ),
        Family::one(
            "ruascope_last_report_stored_timestamp_seconds",
            "When a report was last stored.",
            time(ages.report_s),
        ),
        Family::one(
            "ruascope_last_rejection_timestamp_seconds",
            "When something could last not be used.",
            time(ages.rejection_s),
        ),
        Family::one("ruascope_last_digest_timestamp_seconds", "When a digest was last made.", time(ages.digest_s)),
    ])
}

/// Families with a series a domain.
struct OfDomains {
    mails: Family,
    passing: Family,
    share: Family,
    bound: Family,
    policy: Family,
    decision: Family,
    level: Family,
    blockers: Family,
    newest: Family,
    window: Family,
    record: Family,
    seen: Family,
}

impl OfDomains {
    fn new() -> Self {
        Self {
            mails: Family::new(
                "ruascope_mails",
                "Mails of the window by class of their sender; unclassified: of domains that have no series of their own.",
            ),
            passing: Family::new("ruascope_dmarc_pass_mails", "Those of them that passed DMARC."),
            share: Family::new("ruascope_own_pass_ratio", "Share of the owner's mail of the window that passed DMARC."),
            bound: Family::new("ruascope_own_pass_lower_bound_ratio", "Lower bound (95 %) of that share."),
            policy: Family::new("ruascope_policy_info", "The policy that applies; always 1. Not there: not known."),
            decision: Family::new("ruascope_decision_info", "What `recommend` decided, offline; always 1."),
            level: Family::new(
                "ruascope_status_level",
                "As the exit code of `status`: 0 well, 1 warning, 2 critical, 3 unknown.",
            ),
            blockers: Family::new("ruascope_senders_to_mend", "Senders that stand in the way of the next policy."),
            newest: Family::new("ruascope_newest_day_timestamp_seconds", "End of the newest day with a report."),
            window: Family::new(
                "ruascope_window_seconds",
                "Length of the window that the numbers of a domain are about.",
            ),
            record: Family::new(
                "ruascope_record_published",
                "Whether the record was there when DNS last answered. Not there: not known.",
            ),
            seen: Family::new(
                "ruascope_dns_seen_timestamp_seconds",
                "When DNS was last seen to publish what is known.",
            ),
        }
    }

    fn families(self) -> Vec<Family> {
        vec![
            self.mails,
            self.passing,
            self.share,
            self.bound,
            self.policy,
            self.decision,
            self.level,
            self.blockers,
            self.newest,
            self.window,
            self.record,
            self.seen,
        ]
    }

    fn judged(&mut self, known: &Known, advice: &Advice) {
        let domain: &str = &known.domain;
        let of = [("domain", domain)];
        for (class, sums) in by_class(known, advice) {
            let labels = [("domain", domain), ("class", class.as_str())];
            self.mails.add(&labels, real(sums.mails));
            self.passing.add(&labels, real(sums.passed()));
        }
        if let Some(pass) = advice.evidence.pass {
            self.share.add(&of, pass);
            self.bound.add(&of, advice.evidence.lower_bound);
        }
        if let Some(step) = advice.step {
            self.policy.add(&[("domain", domain), ("policy", step.as_str())], 1.0);
        }
        self.decision.add(&[("domain", domain), ("decision", advice.decision.as_str())], 1.0);
        self.level.add(&of, f64::from(advice::exit(advice) as u8));
        self.blockers.add(&of, real(advice.blockers.len() as u64));
        if let Some((first, last)) = advice.window {
            self.window.add(&of, seconds((last - first + 1) * DAY_S));
        }
        if let Some(day) = known.newest_day {
            self.newest.latest(&of, seconds((day + 1) * DAY_S));
        }
    }

    fn published(&mut self, domain: &str, published: &Published, last_s: i64) {
        let known =
            [("dmarc", is_there(&published.dmarc)), ("spf", is_there(&published.spf)), ("dkim", has_key(published))];
        for (record, there) in known {
            if let Some(there) = there {
                self.record.add(&[("domain", domain), ("record", record)], f64::from(u8::from(there)));
            }
        }
        self.seen.latest(&[("domain", domain)], seconds(last_s));
    }
}

fn is_there(answer: &Answer<String>) -> Option<bool> {
    (!answer.is_unknown()).then(|| !answer.is_missing())
}

/// Whether there is a key at any selector that was asked for.
fn has_key(published: &Published) -> Option<bool> {
    let there: Vec<Option<bool>> = published.dkim.iter().map(|key| is_there(&key.answer)).collect();
    if there.contains(&Some(true)) { Some(true) } else { there.into_iter().flatten().next() }
}

fn of_domains(context: &Context, store: &mut Store) -> anyhow::Result<Vec<Family>> {
    let offline = context.offline();
    let mut domains = advice::domains(&offline, None, Some(store))?;
    domains.truncate(bound(context.resolved.settings.limits.metrics_domains_max));
    let mut all = OfDomains::new();
    for domain in &domains {
        let known = Known::of(&offline, Some(&mut *store), &Offline, domain)?;
        all.judged(&known, &known.advice(&offline));
        if let Some(newest) = store.published_history(domain)?.last() {
            all.published(domain, &newest.published, newest.last_s);
        }
    }
    let labels = [("domain", OTHER), ("class", "unclassified")];
    let is_other = |group: &&Group| !group.name.as_ref().is_some_and(|name| domains.contains(name));
    for group in store.groups(By::Domain, &last_days(context, store)?)?.iter().filter(is_other) {
        all.mails.add(&labels, real(group.sums.mails()));
        all.passing.add(&labels, real(group.sums.dmarc_pass()));
    }
    Ok(all.families())
}

/// Mail of the window by class of its sender; all classes, so that no series comes and goes.
fn by_class(known: &Known, advice: &Advice) -> BTreeMap<Class, Sums> {
    let mut classes: BTreeMap<Class, Sums> = Class::ALL.into_iter().map(|class| (class, Sums::default())).collect();
    let Some((first, last)) = advice.window else { return classes };
    for sender in &known.senders {
        let seen = sender.observations.iter().filter_map(|place| known.observations.get(*place));
        let sums = classes.entry(sender.class).or_default();
        for seen in seen.filter(|seen| (first..=last).contains(&seen.day)) {
            sums.mails = sums.mails.saturating_add(seen.mails);
            sums.failed = sums.failed.saturating_add(if seen.passes() { 0 } else { seen.mails });
        }
    }
    classes
}

fn of_reporters(context: &Context, store: &Store) -> anyhow::Result<Vec<Family>> {
    let mut mails =
        Family::new("ruascope_reporter_mails", "Mails that the reporter told of in the last 35 days with data.");
    let mut reports = Family::new("ruascope_reporter_reports", "Its reports of these days.");
    let mut newest =
        Family::new("ruascope_reporter_newest_day_timestamp_seconds", "End of the newest day that it reported.");
    let most = bound(context.resolved.settings.limits.metrics_reporters_max);
    let filter = last_days(context, store)?;
    let groups = store.groups(By::Reporter, &filter)?;
    let named: Vec<&str> = groups.iter().filter_map(|group| group.name.as_deref()).take(most).collect();
    let label = |name: Option<&str>| match name {
        Some(name) if named.contains(&name) => name.to_owned(),
        _ => OTHER.to_owned(),
    };
    for group in &groups {
        let reporter = label(group.name.as_deref());
        mails.add(&[("reporter", &reporter)], real(group.sums.mails()));
        reports.add(&[("reporter", &reporter)], real(group.reports));
    }
    for day in store.reporter_days(&filter)? {
        newest.latest(&[("reporter", &label(Some(&day.reporter)))], seconds((day.day + 1) * DAY_S));
    }
    Ok(vec![mails, reports, newest])
}

/// The last days with data, of all domains.
fn last_days(context: &Context, store: &Store) -> anyhow::Result<Filter> {
    let today = crate::store::day_of(context.now.timestamp());
    let newest = store.day_range(None).doing(|| said!("error-newest-day"))?.map_or(today, |(_, last)| last.min(today));
    Ok(Filter { domain: None, since_day: Some(newest - DAYS + 1), until_day: Some(newest) })
}

fn bound(limit: u64) -> usize {
    usize::try_from(limit).unwrap_or(usize::MAX)
}

/// A time, or a number of seconds, as Prometheus has them. Exact up to the year 285,428,751.
fn seconds(time_s: i64) -> f64 {
    if time_s < 0 { -real(time_s.unsigned_abs()) } else { real(time_s.unsigned_abs()) }
}
