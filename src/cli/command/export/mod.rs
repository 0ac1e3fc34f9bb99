//! `ruascope export`: stable columns for spreadsheets and other programs.

mod parsedmarc;

use std::io::Write;

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use crate::cli::args::Format;
use crate::cli::command::view;
use crate::cli::context::Context;
use crate::cli::exit::{Exit, Failure};
use crate::cli::period::{Period, date, rfc3339};
use crate::present::escape;
use crate::store::{By, Filter, RecordRow, ReportRow, Store, StoreError};
use crate::words::said;

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  ruascope export records --format csv > records.csv\n  ruascope export days --domain example.com --format json\n  ruascope export reports --as parsedmarc --format json > aggregate.jsonl\n\nJSON is one object a line. Cells that a spreadsheet would run as a formula are defused with a leading '."
)]
pub(in crate::cli) struct Arguments {
    /// What to print
    what: What,
    /// Only this policy domain
    #[arg(long, value_name = "DOMAIN")]
    domain: Option<String>,
    /// The shape of another program: whole reports with their records, one a line
    #[arg(long = "as", value_name = "SHAPE")]
    shape: Option<Shape>,
    #[command(flatten)]
    period: Period,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum What {
    /// One row a record
    Records,
    /// One row a report
    Reports,
    /// One row a domain and day
    Days,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Shape {
    /// Aggregate reports as parsedmarc writes them
    Parsedmarc,
}

/// Columns of `export records --format csv`, fixed by the contract.
const RECORD_COLUMNS: [&str; 17] = [
    "reporter",
    "report_id",
    "domain",
    "begin",
    "end",
    "source_ip",
    "count",
    "disposition",
    "dkim_aligned",
    "spf_aligned",
    "dmarc_pass",
    "reasons",
    "header_from",
    "envelope_from",
    "envelope_to",
    "dkim_results",
    "spf_results",
];

/// What can go wrong while rows are written.
#[derive(Debug, thiserror::Error)]
enum ExportError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("could not write the export")]
    Write(#[source] std::io::Error),
}

type Row = Vec<(&'static str, Value)>;

pub(super) fn run(context: &Context, arguments: &Arguments) -> anyhow::Result<Exit> {
    let store = context.read_store()?;
    let filter = arguments.period.resolve(&store, arguments.domain.as_deref(), context.now, None)?;
    let out = std::io::BufWriter::with_capacity(64 << 10, std::io::stdout().lock());
    if let Some(Shape::Parsedmarc) = arguments.shape {
        if !matches!((arguments.what, context.global.format), (What::Reports, Format::Json | Format::Text)) {
            let failure = Failure::new(Exit::Usage, said!("error-parsedmarc"));
            return Err(failure.hint(said!("hint-parsedmarc")).into());
        }
        parsedmarc::write(&store, &filter, out)?;
        return Ok(Exit::Done);
    }
    let mut sink = match context.global.format {
        Format::Json => Sink::Lines(out),
        Format::Csv | Format::Text => Sink::Csv(Box::new(csv::Writer::from_writer(out))),
        _ => return Err(context.no_such_format("csv and json")),
    };
    match arguments.what {
        What::Records => {
            sink.columns(&RECORD_COLUMNS)?;
            store.each_record(&filter, |report, record| sink.row(&record_row(report, record)))?;
        }
        What::Reports => reports(&store, &filter, &mut sink)?,
        What::Days => days(&store, &filter, &mut sink)?,
    }
    sink.finish()?;
    Ok(Exit::Done)
}

fn record_row(report: &ReportRow, record: &RecordRow) -> Row {
    let evaluated = |name: &str| record.evaluated.get(name).cloned().unwrap_or_default();
    let passed = |name: &str| evaluated(name).as_str() == Some("pass");
    let results = |name: &str| record.auth_results.get(name).cloned().unwrap_or_default();
    let (dkim, spf) = (passed("dkim"), passed("spf"));
    let values = [
        json!(report.org_name),
        json!(report.report_id),
        json!(report.domain),
        json!(rfc3339(report.begin_s)),
        json!(rfc3339(report.end_s)),
        json!(record.source_ip),
        json!(record.count),
        evaluated("disposition"),
        json!(dkim),
        json!(spf),
        json!(dkim || spf),
        evaluated("reasons"),
        json!(record.header_from),
        json!(record.envelope_from),
        json!(record.envelope_to),
        results("dkim"),
        results("spf"),
    ];
    RECORD_COLUMNS.into_iter().zip(values).collect()
}

fn reports(store: &Store, filter: &Filter, sink: &mut Sink<impl Write>) -> anyhow::Result<()> {
    const COLUMNS: [&str; 12] = [
        "id",
        "reporter",
        "report_id",
        "domain",
        "begin",
        "end",
        "records",
        "mails",
        "dkim_aligned",
        "spf_aligned",
        "dmarc_pass",
        "notes",
    ];
    sink.columns(&COLUMNS)?;
    for report in store.reports(filter, usize::MAX >> 1, false)? {
        let object = view::report(&report, i64::MAX);
        sink.row(
            &COLUMNS.into_iter().map(|name| (name, object.get(name).cloned().unwrap_or_default())).collect::<Row>(),
        )?;
    }
    Ok(())
}

fn days(store: &Store, filter: &Filter, sink: &mut Sink<impl Write>) -> anyhow::Result<()> {
    const COLUMNS: [&str; 8] =
        ["domain", "day", "reports", "records", "mails", "dkim_aligned", "spf_aligned", "dmarc_pass"];
    sink.columns(&COLUMNS)?;
    let mut domains: Vec<String> =
        store.groups(By::Domain, filter)?.into_iter().filter_map(|group| group.name).collect();
    domains.sort();
    for domain in domains {
        let of_domain = Filter { domain: Some(domain.clone()), ..filter.clone() };
        for group in store.groups(By::Day, &of_domain)? {
            let sums = view::sums(&group.sums);
            let mut row: Row = vec![
                ("domain", json!(domain)),
                ("day", json!(group.day.and_then(date).map(|date| date.to_string()))),
                ("reports", json!(group.reports)),
            ];
            row.extend(COLUMNS.into_iter().skip(3).map(|name| (name, sums.get(name).cloned().unwrap_or_default())));
            sink.row(&row)?;
        }
    }
    Ok(())
}

/// Where rows go, one at a time.
enum Sink<W: Write> {
    Lines(W),
    Csv(Box<csv::Writer<W>>),
}

impl<W: Write> Sink<W> {
    fn columns(&mut self, names: &[&str]) -> Result<(), ExportError> {
        if let Self::Csv(out) = self {
            out.write_record(names).map_err(|error| ExportError::Write(io_error(error)))?;
        }
        Ok(())
    }

    fn row(&mut self, row: &Row) -> Result<(), ExportError> {
        match self {
            Self::Lines(out) => {
                let object: serde_json::Map<String, Value> =
                    row.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
                writeln!(out, "{}", escape::json(&Value::Object(object).to_string())).map_err(ExportError::Write)
            }
            Self::Csv(out) => out
                .write_record(row.iter().map(|(_, value)| cell(value)))
                .map_err(|error| ExportError::Write(io_error(error))),
        }
    }

    fn finish(self) -> Result<(), ExportError> {
        match self {
            Self::Lines(mut out) => out.flush().map_err(ExportError::Write),
            Self::Csv(mut out) => out.flush().map_err(ExportError::Write),
        }
    }
}

/// A value as a cell: text defused, lists and objects as JSON, nothing for `null`.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => escape::csv_cell(text).into_owned(),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::Array(_) | Value::Object(_) => escape::json(&value.to_string()).into_owned(),
    }
}

/// What went wrong with the writer below, as it was.
fn io_error(error: csv::Error) -> std::io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => std::io::Error::other(format!("{other:?}")),
    }
}
