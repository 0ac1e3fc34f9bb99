//! `ruascope rejected`

use std::io::Write as _;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::view;
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::output;
use crate::cli::period::rfc3339;
use crate::ingest::prepare_again;
use crate::present::escape;
use crate::present::table::Table;
use crate::store::Delivered;

#[derive(Args, Debug)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "Examples:\n  ruascope rejected\n  ruascope rejected 3\n  ruascope rejected accept 3"
)]
pub(in crate::cli) struct Arguments {
    /// Show one rejection
    id: Option<i64>,
    /// Give its raw bytes back, as received
    #[arg(long, requires = "id")]
    raw: bool,
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Try it again, with today's limits: all rejections, or one
    Retry {
        /// The rejection
        id: Option<i64>,
    },
    /// Take what could be read of it as a partial report
    Accept {
        /// The rejection
        id: i64,
    },
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> anyhow::Result<Exit> {
    match (&arguments.action, arguments.id) {
        (Some(Action::Retry { id }), _) => retry(context, *id),
        (Some(Action::Accept { id }), _) => accept(context, *id),
        (None, Some(id)) if arguments.raw => {
            let store = context.read_store()?;
            let bytes = store.raw_bytes(store.rejection(id)?.raw_id)?;
            std::io::stdout().lock().write_all(&bytes)?;
            Ok(Exit::Done)
        }
        (None, Some(id)) => show(context, id),
        (None, None) => list(context),
    }
}

fn list(context: &Context) -> anyhow::Result<Exit> {
    let rejections = context.read_store()?.rejections()?;
    if context.as_json() {
        let rejected: Vec<Value> = rejections.iter().map(view::rejection).collect();
        output::json(&json!({"schema": "ruascope.rejected/1", "rejected": rejected}))?;
        return Ok(Exit::Done);
    }
    if rejections.is_empty() {
        output::write("nothing was rejected\n")?;
        return Ok(Exit::Done);
    }
    let mut table = Table::new(&["ID", ">BYTES", "STAGE", "NAME", "REASON"]);
    for row in &rejections {
        let name = row.name.clone().unwrap_or_else(|| row.origin.rsplit('/').next().unwrap_or_default().to_owned());
        table.row(&[row.id.to_string(), row.size_bytes.to_string(), row.stage.clone(), name, row.reason.clone()]);
    }
    output::write(&table.text(Context::width()))?;
    output::complain("one with what could be read of it: ruascope rejected ID; again: ruascope rejected retry [ID]");
    Ok(Exit::Done)
}

fn show(context: &Context, id: i64) -> anyhow::Result<Exit> {
    let row = context.read_store()?.rejection(id)?;
    if context.as_json() {
        output::json(&json!({"schema": "ruascope.rejected/1", "rejected": [view::rejection(&row)]}))?;
        return Ok(Exit::Done);
    }
    let plain = |text: &str| escape::terminal(text).into_owned();
    output::write(&format!(
        "rejection    {}\nreason       {}\nstage        {}\nreadable     {}\nfrom         {}\nname         {}\nbytes        {}\nreceived     {}\n\n\
         bytes back:        ruascope rejected {id} --raw\ntry again:         ruascope rejected retry {id}\ntake what is left: ruascope rejected accept {id}\n",
        row.id,
        plain(&row.reason),
        row.stage,
        row.readable.as_deref().map_or_else(|| "nothing".to_owned(), plain),
        plain(&row.origin),
        row.name.as_deref().map_or_else(|| "-".to_owned(), plain),
        row.size_bytes,
        rfc3339(row.received_s),
    ))?;
    Ok(Exit::Done)
}

fn retry(context: &Context, id: Option<i64>) -> anyhow::Result<Exit> {
    let mut store = context.open_store()?;
    let limits = context.resolved.settings.limits;
    let ids: Vec<i64> = match id {
        Some(id) => vec![id],
        // Oldest first, one per raw input: trying one again tries everything in it.
        None => {
            let mut seen = std::collections::HashSet::new();
            let rows = store.rejections()?;
            rows.iter().rev().filter(|row| row.raw_id > 0 && seen.insert(row.raw_id)).map(|row| row.id).collect()
        }
    };
    let mut sum = Delivered::default();
    for id in ids {
        let delivered = store.retry(id, &mut |raw| prepare_again(raw, &limits))?;
        sum.reports_new += delivered.reports_new;
        sum.reports_duplicate += delivered.reports_duplicate;
        sum.rejected += delivered.rejected;
        sum.records += delivered.records;
    }
    tell(context, &sum)
}

fn accept(context: &Context, id: i64) -> anyhow::Result<Exit> {
    let mut store = context.open_store()?;
    let limits = context.resolved.settings.limits;
    let delivered = store.accept(id, &mut |raw| prepare_again(raw, &limits))?;
    tell(context, &delivered)
}

fn tell(context: &Context, delivered: &Delivered) -> anyhow::Result<Exit> {
    if context.as_json() {
        output::json(&json!({
            "schema": "ruascope.retry/1", "reports_new": delivered.reports_new, "reports_duplicate": delivered.reports_duplicate,
            "records": delivered.records, "rejected": delivered.rejected,
        }))?;
    } else {
        output::write(&format!(
            "{} new reports with {} records, {} rejected as before\n",
            delivered.reports_new, delivered.records, delivered.rejected
        ))?;
    }
    Ok(Exit::Done)
}
