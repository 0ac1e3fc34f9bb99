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
use crate::words::{Said, said};

/// Cells from a label of one rejection to what stands beside it, at least.
const ROW_CELLS: usize = 13;
/// The same for what can be done with it.
const COMMAND_CELLS: usize = 19;

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
        context.write(&said!("rejected-none"))?;
        return Ok(Exit::Done);
    }
    let headings = ["column-id", ">column-bytes", "column-stage", "column-name", "column-reason"];
    let words = context.words();
    let mut table = Table::titled(&words, &headings);
    for row in &rejections {
        let name = row.name.clone().unwrap_or_else(|| row.origin.rsplit('/').next().unwrap_or_default().to_owned());
        table.row(&[row.id.to_string(), row.size_bytes.to_string(), row.stage.clone(), name, words.again(&row.reason)]);
    }
    output::write(&table.text(Context::width()))?;
    output::complain(&context.told(&said!("rejected-more")));
    Ok(Exit::Done)
}

fn show(context: &Context, id: i64) -> anyhow::Result<Exit> {
    let row = context.read_store()?.rejection(id)?;
    if context.as_json() {
        output::json(&json!({"schema": "ruascope.rejected/1", "rejected": [view::rejection(&row)]}))?;
        return Ok(Exit::Done);
    }
    let words = context.words();
    let plain = |text: &str| Said::from(&*escape::terminal(text));
    let again = |text: &str| plain(&words.again(text));
    let rows = [
        (said!("rejected-id"), Said::from(row.id.to_string())),
        (said!("rejected-reason"), again(&row.reason)),
        (said!("rejected-stage"), Said::from(row.stage.as_str())),
        (said!("rejected-readable"), row.readable.as_deref().map_or_else(|| said!("rejected-nothing"), again)),
        (said!("rejected-from"), plain(&row.origin)),
        (said!("rejected-name"), row.name.as_deref().map_or_else(|| Said::from("-"), plain)),
        (said!("rejected-bytes"), Said::from(row.size_bytes.to_string())),
        (said!("rejected-received"), Said::from(rfc3339(row.received_s))),
    ];
    let commands = [
        (said!("rejected-back"), Said::from(format!("ruascope rejected {id} --raw"))),
        (said!("rejected-again"), Said::from(format!("ruascope rejected retry {id}"))),
        (said!("rejected-take"), Said::from(format!("ruascope rejected accept {id}"))),
    ];
    let (rows, commands) = (view::labelled(&words, &rows, ROW_CELLS), view::labelled(&words, &commands, COMMAND_CELLS));
    output::write(&format!("{rows}\n{commands}"))?;
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
        let (reports, records, rejected) = (delivered.reports_new, delivered.records, delivered.rejected);
        context.write(&said!("rejected-told", reports = reports, records = records, rejected = rejected))?;
    }
    Ok(Exit::Done)
}
