//! `ruascope sources`

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::view;
use crate::cli::args::Format;
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::output;
use crate::cli::period::{Period, date};
use crate::present::escape;
use crate::present::table::Table;
use crate::store::{SourceOrder, SourceRow};

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  ruascope sources example.com --by ip\n  ruascope sources example.com --days 7 --format csv"
)]
pub(in crate::cli) struct Arguments {
    /// Only mail in the name of this domain
    domain: Option<String>,
    /// One row for what
    #[arg(long, value_enum, default_value_t = By::Ip)]
    by: By,
    #[command(flatten)]
    period: Period,
    /// At most this many [default: all in JSON and CSV, 40 on the screen]
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum By {
    /// A source address
    Ip,
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> anyhow::Result<Exit> {
    let By::Ip = arguments.by;
    let store = context.read_store()?;
    let filter = arguments.period.resolve(&store, arguments.domain.as_deref(), context.now, None)?;
    let on_screen = matches!(context.global.format, Format::Text | Format::Md);
    let most = arguments.limit.unwrap_or(if on_screen { 40 } else { usize::MAX });
    let sources = store.sources(&filter, SourceOrder::Mails, most)?.rows;
    let range = store.day_range(filter.domain.as_deref())?;
    let day = |day: Option<i64>| day.and_then(date).map(|date| date.to_string());
    match context.global.format {
        Format::Json => {
            let rows: Vec<Value> = sources.iter().map(view::source).collect();
            output::json(&json!({
                "schema": "ruascope.sources/1",
                "domain": filter.domain,
                "since": day(filter.since_day.or(range.map(|range| range.0))),
                "until": day(filter.until_day.or(range.map(|range| range.1))),
                "by": "ip",
                "sources": rows,
            }))?;
        }
        Format::Csv => output::write(&csv(&sources)?)?,
        Format::Text => {
            output::write(&text(&sources, Context::width()))?;
            if sources.len() == most {
                output::complain(&format!("the largest {most}; all with --limit N or --format csv"));
            }
        }
        _ => return Err(context.no_such_format("text, json and csv")),
    }
    Ok(Exit::Done)
}

fn text(sources: &[SourceRow], width: usize) -> String {
    if sources.is_empty() {
        return "no sources: no reports in this period. Take some in: ruascope ingest PATH\n".to_owned();
    }
    let mut table = Table::new(&["SOURCE", ">MAILS", ">PASS", ">FAIL", ">DKIM", ">SPF", "FIRST", "LAST", "REPORTERS"]);
    let day = |day: i64| date(day).map(|date| date.to_string()).unwrap_or_default();
    for source in sources {
        table.row(&[
            source.ip.clone(),
            source.sums.mails().to_string(),
            source.sums.dmarc_pass().to_string(),
            source.sums.neither.to_string(),
            source.sums.dkim_aligned().to_string(),
            source.sums.spf_aligned().to_string(),
            day(source.first_day),
            day(source.last_day),
            source.reporters.join(", "),
        ]);
    }
    table.text(width)
}

fn csv(sources: &[SourceRow]) -> anyhow::Result<String> {
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record([
        "source",
        "mails",
        "dmarc_pass",
        "dkim_aligned",
        "spf_aligned",
        "first_day",
        "last_day",
        "reporters",
    ])?;
    let day = |day: i64| date(day).map(|date| date.to_string()).unwrap_or_default();
    for source in sources {
        out.write_record([
            escape::csv_cell(&source.ip).into_owned(),
            source.sums.mails().to_string(),
            source.sums.dmarc_pass().to_string(),
            source.sums.dkim_aligned().to_string(),
            source.sums.spf_aligned().to_string(),
            day(source.first_day),
            day(source.last_day),
            escape::csv_cell(&serde_json::to_string(&source.reporters)?).into_owned(),
        ])?;
    }
    Ok(String::from_utf8(out.into_inner().map_err(csv::IntoInnerError::into_error)?)?)
}
