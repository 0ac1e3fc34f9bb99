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
use crate::words::said;

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
    let mut text = format!(
        "store      {}\nsize       {:.1} MiB\ndays       {} to {}\nreports    {}  (and {} conflicting, not counted)\nrecords    {}\n\
         mails      {}\n  DKIM     {} aligned\n  SPF      {} aligned\n  DMARC    {} passed\nrejected   {}\nother      {}\nnotes      {}\n",
        store.path().display(),
        size_mib(totals.size_bytes),
        first.as_deref().unwrap_or("-"),
        last.as_deref().unwrap_or("-"),
        totals.reports,
        totals.conflicting,
        sums.records,
        sums.mails(),
        sums.dkim_aligned(),
        sums.spf_aligned(),
        sums.dmarc_pass(),
        totals.rejected,
        totals.other,
        totals.notes,
    );
    if totals.reports == 0 {
        text.push_str("\nnothing in it yet: ruascope ingest PATH\n");
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
        let mut text: String = audit.differences.iter().map(|difference| format!("differs: {difference}\n")).collect();
        text.push_str(&format!(
            "{}: {} raw inputs, {} reports, {} records, {} mails: raw bytes, records, daily sums and totals {}\n",
            if is_clean { "OK" } else { "DAMAGED" },
            audit.raw,
            audit.reports,
            audit.sums.records,
            audit.sums.mails(),
            if is_clean { "agree" } else { "do not agree; `ruascope store rebuild` makes them again" },
        ));
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
        output::write(&format!(
            "rebuilt {} reports and {} rejections from {} raw inputs\n",
            rebuilt.reports, rebuilt.rejected, rebuilt.raw
        ))?;
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
        let did = if arguments.dry_run { "would take out" } else { "took out" };
        output::write(&format!(
            "{did} {} reports that ended more than {keep_days} days ago, {} raw inputs and {} rejections\n",
            pruned.reports, pruned.raw, pruned.rejections
        ))?;
    }
    Ok(Exit::Done)
}

fn backup(context: &Context, file: &std::path::Path) -> anyhow::Result<Exit> {
    if file.exists() {
        return Err(Failure::new(Exit::CannotCreate, format!("{} exists already", file.display()))
            .hint("give a new file's name")
            .into());
    }
    context.read_store()?.backup(file)?;
    if context.as_json() {
        output::json(&json!({"schema": "ruascope.backup/1", "file": file.display().to_string()}))?;
    } else if !context.global.quiet {
        output::write(&format!("copied to {}\n", file.display()))?;
    }
    Ok(Exit::Done)
}
