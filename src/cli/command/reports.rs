//! `ruascope reports`

use std::io::Write as _;

use clap::Args;
use serde_json::{Value, json};

use super::view;
use crate::cli::context::Context;
use crate::cli::evidence;
use crate::cli::exit::Exit;
use crate::cli::output;
use crate::cli::period::{Period, rfc3339};
use crate::present::escape;
use crate::present::table::Table;
use crate::store::{RecordRow, ReportRow, Store};

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  ruascope reports --domain example.com --days 7\n  ruascope reports 17\n  ruascope reports 17 --xml > report.xml.gz"
)]
pub(in crate::cli) struct Arguments {
    /// Show one report with its records and notes
    id: Option<i64>,
    /// Give the raw bytes of the report back, as received
    #[arg(long, requires = "id")]
    xml: bool,
    /// Only this policy domain
    #[arg(long, value_name = "DOMAIN")]
    domain: Option<String>,
    #[command(flatten)]
    period: Period,
    /// At most this many [default: all in JSON, 50 on the screen]
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// Also those that are not counted, because another with the same identity came first
    #[arg(long)]
    conflicting: bool,
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> anyhow::Result<Exit> {
    let store = context.read_store()?;
    match arguments.id {
        Some(id) if arguments.xml => raw(&store, id),
        Some(id) => one(context, &store, id),
        None => list(context, &store, arguments),
    }
}

fn raw(store: &Store, id: i64) -> anyhow::Result<Exit> {
    let (report, _) = store.report(id)?;
    let bytes = store.raw_bytes(report.raw_id)?;
    std::io::stdout().lock().write_all(&bytes)?;
    Ok(Exit::Done)
}

fn list(context: &Context, store: &Store, arguments: &Arguments) -> anyhow::Result<Exit> {
    let filter = arguments.period.resolve(store, arguments.domain.as_deref(), context.now, None)?;
    let most = arguments.limit.unwrap_or(if context.as_json() { usize::MAX >> 1 } else { 50 });
    let reports = store.reports(&filter, most, arguments.conflicting)?;
    let new_since_s = evidence::new_since_s(context, store)?;
    if context.as_json() {
        let reports: Vec<Value> = reports.iter().map(|report| view::report(report, new_since_s)).collect();
        output::json(&json!({"schema": "ruascope.reports/1", "reports": reports}))?;
        return Ok(Exit::Done);
    }
    if reports.is_empty() {
        output::write("no reports. Take some in: ruascope ingest PATH\n")?;
        return Ok(Exit::Done);
    }
    let mut table =
        Table::new(&["ID", "BEGIN (UTC)", "DOMAIN", "REPORTER", ">RECORDS", ">MAILS", ">PASS", ">NOTES", ""]);
    for report in &reports {
        let standing = match (report.is_conflicting, report.is_partial) {
            (true, _) => Some("not counted: conflicts".to_owned()),
            (false, true) => Some("partial".to_owned()),
            (false, false) => None,
        };
        let words = context.words();
        let marks: Vec<String> = standing
            .into_iter()
            .chain(view::provenance(report, new_since_s).map(|view| view.marks(&words)).unwrap_or_default())
            .collect();
        table.row(&[
            report.id.to_string(),
            rfc3339(report.begin_s),
            report.domain.clone(),
            report.reporter.clone().unwrap_or_else(|| "(unknown)".to_owned()),
            report.sums.records.to_string(),
            report.sums.mails().to_string(),
            report.sums.dmarc_pass().to_string(),
            report.notes.to_string(),
            marks.join(", "),
        ]);
    }
    output::write(&table.text(Context::width()))?;
    if reports.len() == most {
        output::complain(&format!("the newest {most}; more with --limit N, one with its notes: ruascope reports ID"));
    }
    Ok(Exit::Done)
}

fn one(context: &Context, store: &Store, id: i64) -> anyhow::Result<Exit> {
    let (report, records) = store.report(id)?;
    let new_since_s = evidence::new_since_s(context, store)?;
    if context.as_json() {
        let mut object = view::report(&report, new_since_s);
        if let Some(map) = object.as_object_mut() {
            map.shift_insert(0, "schema".to_owned(), json!("ruascope.reports/1"));
            let head = report.head.as_object().cloned().unwrap_or_default();
            map.extend(head.into_iter().filter(|(name, _)| name != "org_name" && name != "notes"));
            map.insert("records".to_owned(), json!(records.iter().map(view::record).collect::<Vec<_>>()));
            map.insert("notes".to_owned(), report.head.get("notes").cloned().unwrap_or_default());
        }
        output::json(&object)?;
        return Ok(Exit::Done);
    }
    let mut text = head_text(&report);
    let provenance = view::provenance(&report, new_since_s);
    for said in provenance.iter().flat_map(|view| view.sentences(&context.words())) {
        text.push_str(&format!("{:<12} {said}\n", "mail"));
    }
    text.push_str(&records_text(&records));
    text.push_str(&notes_text(&report));
    output::write(&text)?;
    Ok(Exit::Done)
}

fn head_text(report: &ReportRow) -> String {
    let field = |value: Option<&Value>| match value {
        None | Some(Value::Null) => "-".to_owned(),
        Some(Value::String(text)) => escape::terminal(text).into_owned(),
        Some(value) => escape::terminal(&value.to_string()).into_owned(),
    };
    let mut lines = vec![
        ("report", escape::terminal(&report.report_id).into_owned()),
        ("reporter", field(report.head.get("org_name"))),
        ("contact", field(report.head.get("email"))),
        ("domain", escape::terminal(&report.domain).into_owned()),
        ("period", format!("{} to {}", rfc3339(report.begin_s), rfc3339(report.end_s))),
        ("from", escape::terminal(&report.origin).into_owned()),
    ];
    let policy = report.head.get("policy").and_then(Value::as_object);
    let tags: Vec<String> = policy
        .into_iter()
        .flatten()
        .filter(|(name, value)| *name != "domain" && !value.is_null())
        .map(|(name, value)| format!("{name}={}", field(Some(value))))
        .collect();
    lines.push(("policy seen", if tags.is_empty() { "-".to_owned() } else { tags.join(" ") }));
    for error in report.head.get("errors").and_then(Value::as_array).into_iter().flatten() {
        lines.push(("error", field(Some(error))));
    }
    if report.is_conflicting {
        lines.push(("standing", "kept, not counted: another report with the same identity came first".to_owned()));
    }
    if report.is_partial {
        lines.push(("standing", "partial: read out of damaged bytes and accepted by hand".to_owned()));
    }
    lines.into_iter().map(|(name, value)| format!("{name:<12} {value}\n")).collect()
}

fn records_text(records: &[RecordRow]) -> String {
    let mut table = Table::new(&["SOURCE", ">MAILS", "DONE", "DKIM", "SPF", "HEADER FROM", "MEASURED"]);
    let word =
        |record: &RecordRow, name: &str| record.evaluated.get(name).and_then(Value::as_str).unwrap_or("-").to_owned();
    for record in records {
        table.row(&[
            record.source_ip.clone().unwrap_or_else(|| "-".to_owned()),
            record.count.map_or_else(|| "?".to_owned(), |count| count.to_string()),
            word(record, "disposition"),
            word(record, "dkim"),
            word(record, "spf"),
            record.header_from.clone().unwrap_or_else(|| "-".to_owned()),
            measured(record),
        ]);
    }
    format!("\n{}", table.text(Context::width()))
}

/// `dkim=pass d=example.com s=k1, spf=fail bounce.example.net`
fn measured(record: &RecordRow) -> String {
    let text = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).unwrap_or("?").to_owned();
    let list = |name: &str| record.auth_results.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    let dkim = list("dkim").into_iter().map(|dkim| format!("dkim={} {}", text(&dkim, "result"), text(&dkim, "domain")));
    let spf = list("spf").into_iter().map(|spf| format!("spf={} {}", text(&spf, "result"), text(&spf, "domain")));
    dkim.chain(spf).collect::<Vec<_>>().join(", ")
}

fn notes_text(report: &ReportRow) -> String {
    let notes = report.head.get("notes").and_then(Value::as_array).cloned().unwrap_or_default();
    if notes.is_empty() {
        return "\nnothing odd about it\n".to_owned();
    }
    let mut text = String::from("\nodd about it:\n");
    for note in notes {
        let said = note.get("text").and_then(Value::as_str).unwrap_or_default();
        let number = |name: &str| note.get(name).and_then(Value::as_u64).unwrap_or(0);
        let times = if number("times") > 1 { format!(", {} times", number("times")) } else { String::new() };
        text.push_str(&format!("  {} (byte {}{times})\n", escape::terminal(said), number("offset")));
    }
    text
}
