//! `ruascope store`

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::json;

use super::view;
use crate::cli::context::Context;
use crate::cli::exit::{Exit, Failure};
use crate::cli::output;
use crate::cli::period::date;
use crate::ingest::prepare_again;
use crate::store::{By, Filter};
use crate::words::{Said, said};

/// Cells from a label of `stats` to what stands beside it, at least.
const STATS_CELLS: usize = 11;

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Arguments {
    /// Make every sum again from the raw bytes and compare; exit 2 on any difference
    Audit,
    /// Copy the store to a new file while it is in use
    Backup {
        /// The new file
        file: PathBuf,
    },
    /// Take out old reports and what belongs to them
    Prune(Prune),
    /// Make all derived tables again from the raw bytes
    Rebuild,
    /// Count everything
    Stats,
}

#[derive(Args, Debug)]
pub(in crate::cli) struct Prune {
    /// Keep this many days [default: store.retention_days of the settings]
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..))]
    keep_days: Option<u32>,
    /// Only say what would be taken out
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> anyhow::Result<Exit> {
    match arguments {
        Arguments::Audit => audit(context),
        Arguments::Backup { file } => backup(context, file),
        Arguments::Prune(prune) => self::prune(context, prune),
        Arguments::Rebuild => rebuild(context),
        Arguments::Stats => stats(context),
    }
}

fn stats(context: &Context) -> anyhow::Result<Exit> {
    let store = context.read_store()?;
    let all = Filter::default();
    let totals = store.totals(&all)?;
    let range = store.day_range(None)?;
    let day = |day: i64| date(day).map(|date| date.to_string());
    let (first, last) = (range.and_then(|range| day(range.0)), range.and_then(|range| day(range.1)));
    if context.as_json() {
        let mut object = json!({"schema": "ruascope.stats/1", "reports": totals.reports});
        let groups = |by| -> anyhow::Result<Vec<_>> { Ok(store.groups(by, &all)?.iter().map(view::group).collect()) };
        if let Some(map) = object.as_object_mut() {
            map.extend(view::sums(&totals.sums));
            for (name, value) in [
                ("rejected", json!(totals.rejected)),
                ("conflicting", json!(totals.conflicting)),
                ("other", json!(totals.other)),
                ("notes", json!(totals.notes)),
                ("size_bytes", json!(totals.size_bytes)),
                ("first_day", json!(first)),
                ("last_day", json!(last)),
                ("by_domain", json!(groups(By::Domain)?)),
                ("by_header_from", json!(groups(By::HeaderFrom)?)),
                ("by_reporter", json!(groups(By::Reporter)?)),
                ("by_day", json!(groups(By::Day)?)),
                ("by_disposition", json!(groups(By::Disposition)?)),
            ] {
                map.insert(name.to_owned(), value);
            }
        }
        output::json(&object)?;
        return Ok(Exit::Done);
    }
    let sums = totals.sums;
    let (first, last) = (first.unwrap_or_else(|| "-".to_owned()), last.unwrap_or_else(|| "-".to_owned()));
    let number = |number: u64| Said::from(number.to_string());
    let rows = [
        (said!("store-stats-store"), Said::from(store.path().display().to_string())),
        (said!("store-stats-size"), said!("store-size", mib = format!("{:.1}", size_mib(totals.size_bytes)))),
        (said!("store-stats-days"), said!("store-days", first = first, last = last)),
        (
            said!("store-stats-reports"),
            said!("store-reports", reports = totals.reports, conflicting = totals.conflicting),
        ),
        (said!("store-stats-records"), number(sums.records)),
        (said!("store-stats-mails"), number(sums.mails())),
        (Said::from("  DKIM"), said!("store-aligned", mails = sums.dkim_aligned())),
        (Said::from("  SPF"), said!("store-aligned", mails = sums.spf_aligned())),
        (Said::from("  DMARC"), said!("store-passed", mails = sums.dmarc_pass())),
        (said!("store-stats-rejected"), number(totals.rejected)),
        (said!("store-stats-other"), number(totals.other)),
        (said!("store-stats-notes"), number(totals.notes)),
    ];
    let words = context.words();
    let mut text = view::labelled(&words, &rows, STATS_CELLS);
    if totals.reports == 0 {
        text.push_str(&format!("\n{}\n", words.say("store-empty")));
    }
    output::write(&text)?;
    Ok(Exit::Done)
}

/// Bytes as MiB, for people.
fn size_mib(bytes: u64) -> f64 {
    let kib = u32::try_from(bytes / 1_024).unwrap_or(u32::MAX);
    f64::from(kib) / 1_024.0
}

fn audit(context: &Context) -> anyhow::Result<Exit> {
    let store = context.read_store()?;
    let limits = context.resolved.settings.limits;
    let audit = store.audit(&mut |raw| prepare_again(raw, &limits))?;
    let is_clean = audit.differences.is_empty();
    if context.as_json() {
        output::json(&json!({
            "schema": "ruascope.audit/1", "clean": is_clean, "raw": audit.raw, "reports": audit.reports,
            "records": audit.sums.records, "mails": audit.sums.mails(), "differences": audit.differences,
        }))?;
    } else {
        let differs = |what: &String| said!("store-differs", what = what);
        let mut lines: Vec<Said> = audit.differences.iter().map(differs).collect();
        let (raw, reports, records, mails) = (audit.raw, audit.reports, audit.sums.records, audit.sums.mails());
        lines.push(if is_clean {
            said!("store-audit-ok", raw = raw, reports = reports, records = records, mails = mails)
        } else {
            said!("store-audit-damaged", raw = raw, reports = reports, records = records, mails = mails)
        });
        let words = context.words();
        let text: String = lines.iter().map(|line| format!("{}\n", line.in_words(&words))).collect();
        output::write(&text)?;
    }
    Ok(if is_clean { Exit::Done } else { Exit::Critical })
}

fn rebuild(context: &Context) -> anyhow::Result<Exit> {
    let mut store = context.open_store()?;
    let limits = context.resolved.settings.limits;
    let rebuilt = store.rebuild(&mut |raw| prepare_again(raw, &limits))?;
    if context.as_json() {
        output::json(
            &json!({"schema": "ruascope.rebuild/1", "raw": rebuilt.raw, "reports": rebuilt.reports, "rejected": rebuilt.rejected}),
        )?;
    } else {
        let (reports, rejected, raw) = (rebuilt.reports, rebuilt.rejected, rebuilt.raw);
        context.write(&said!("store-rebuilt", reports = reports, rejected = rejected, raw = raw))?;
    }
    Ok(Exit::Done)
}

fn prune(context: &Context, arguments: &Prune) -> anyhow::Result<Exit> {
    let configured = context.resolved.settings.store.retention_days;
    let keep_days = arguments
        .keep_days
        .or(configured)
        .ok_or_else(|| Failure::new(Exit::Usage, said!("error-keep-days")).hint(said!("hint-keep-days")))?;
    let before_s = context.now.timestamp() - i64::from(keep_days) * 86_400;
    let mut store = context.open_store()?;
    let pruned = store.prune(before_s, arguments.dry_run)?;
    if context.as_json() {
        output::json(&json!({
            "schema": "ruascope.prune/1", "dry_run": arguments.dry_run, "reports": pruned.reports, "raw": pruned.raw,
            "rejected": pruned.rejections,
        }))?;
    } else {
        let (reports, days, raw, rejected) = (pruned.reports, keep_days, pruned.raw, pruned.rejections);
        context.write(&if arguments.dry_run {
            said!("store-would-prune", reports = reports, days = days, raw = raw, rejected = rejected)
        } else {
            said!("store-pruned", reports = reports, days = days, raw = raw, rejected = rejected)
        })?;
    }
    Ok(Exit::Done)
}

fn backup(context: &Context, file: &std::path::Path) -> anyhow::Result<Exit> {
    if file.exists() {
        let failure = Failure::new(Exit::CannotCreate, said!("error-file-exists", file = file.display()));
        return Err(failure.hint(said!("hint-file-new")).into());
    }
    context.read_store()?.backup(file)?;
    if context.as_json() {
        output::json(&json!({"schema": "ruascope.backup/1", "file": file.display().to_string()}))?;
    } else if !context.global.quiet {
        context.write(&said!("store-copied", file = file.display()))?;
    }
    Ok(Exit::Done)
}
