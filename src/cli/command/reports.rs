//! `ruascope reports`

use std::collections::HashSet;
use std::io::Write as _;

use clap::Args;
use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr as _;

use super::{sources, view};
use crate::cli::context::Context;
use crate::cli::evidence;
use crate::cli::exit::Exit;
use crate::cli::output;
use crate::cli::period::{Period, rfc3339};
use crate::present::table::Table;
use crate::present::{escape, invocation};
use crate::store::{RecordRow, ReportRow, Store, Sums};
use crate::words::{Words, say};

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  ruascope reports --domain example.com --days 7\n  ruascope reports --domain example.com --source sendgrid\n  ruascope reports 17\n  ruascope reports 17 --xml > report.xml.gz"
)]
pub(in crate::cli) struct Arguments {
    /// Show one report with its records and notes
    id: Option<i64>,
    /// Give the raw bytes of the report back, as received
    #[arg(long, requires = "id")]
    xml: bool,
    /// Only what tells of this source, counted for it alone: an address, a network, or with a domain a key or name as
    /// `sources` lists it
    #[arg(long, value_name = "SOURCE", conflicts_with_all = ["xml", "conflicting"])]
    source: Option<String>,
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
    let mut store = context.read_store()?;
    match arguments.id {
        Some(id) if arguments.xml => raw(&store, id),
        Some(id) => one(context, &mut store, id, arguments),
        None => list(context, &mut store, arguments),
    }
}

fn raw(store: &Store, id: i64) -> anyhow::Result<Exit> {
    let (report, _) = store.report(id)?;
    let bytes = store.raw_bytes(report.raw_id)?;
    std::io::stdout().lock().write_all(&bytes)?;
    Ok(Exit::Done)
}

/// Reports with the sums that are asked for: of a source, else of all their records.
fn listed(
    context: &Context,
    store: &mut Store,
    arguments: &Arguments,
    most: usize,
) -> anyhow::Result<Vec<(ReportRow, Sums)>> {
    let filter = arguments.period.resolve(store, arguments.domain.as_deref(), context.now, None)?;
    if let Some(source) = &arguments.source {
        let addresses = sources::addresses(context, store, &filter, source)?;
        let traces = store.traces(&filter, &addresses, most)?.traces;
        return Ok(traces.into_iter().map(|trace| (trace.report, trace.sums)).collect());
    }
    let reports = store.reports(&filter, most, arguments.conflicting)?;
    Ok(reports.into_iter().map(|report| (report.clone(), report.sums)).collect())
}

fn list(context: &Context, store: &mut Store, arguments: &Arguments) -> anyhow::Result<Exit> {
    let most = arguments.limit.unwrap_or(if context.as_json() { usize::MAX >> 1 } else { 50 });
    let reports = listed(context, store, arguments, most)?;
    let new_since_s = evidence::new_since_s(context, store)?;
    if context.as_json() {
        let object = |(report, sums): &(ReportRow, Sums)| {
            let mut object = view::report(report, new_since_s);
            if let (Some(object), true) = (object.as_object_mut(), arguments.source.is_some()) {
                object.insert("of_source".to_owned(), Value::Object(view::sums(sums)));
            }
            object
        };
        let reports: Vec<Value> = reports.iter().map(object).collect();
        output::json(&json!({"schema": "ruascope.reports/1", "reports": reports}))?;
        return Ok(Exit::Done);
    }
    let words = context.words();
    if reports.is_empty() {
        output::write(&(words.say("reports-none") + "\n"))?;
        return Ok(Exit::Done);
    }
    let mut table = Table::titled(
        &words,
        &[
            "column-id",
            "column-begin",
            "column-domain",
            "column-reporter",
            ">column-records",
            ">column-mails",
            ">column-pass",
            ">column-notes",
            "column-standing",
        ],
    );
    for (report, sums) in &reports {
        let standing = match (report.is_conflicting, report.is_partial) {
            (true, _) => Some(words.say("report-conflicts")),
            (false, true) => Some(words.say("report-partial")),
            (false, false) => None,
        };
        let marks: Vec<String> = standing
            .into_iter()
            .chain(view::provenance(report, new_since_s).map(|view| view.marks(&words)).unwrap_or_default())
            .collect();
        table.row(&[
            report.id.to_string(),
            rfc3339(report.begin_s),
            report.domain.clone(),
            report.reporter.clone().unwrap_or_else(|| "(unknown)".to_owned()),
            sums.records.to_string(),
            sums.mails().to_string(),
            sums.dmarc_pass().to_string(),
            report.notes.to_string(),
            marks.join(", "),
        ]);
    }
    output::write(&table.text(Context::width()))?;
    if let Some((newest, _)) = reports.first() {
        output::write(&format!("\n{}", invocation::next(&words, &["reports", &newest.id.to_string()])))?;
    }
    if reports.len() == most {
        output::complain(&say!(words, "reports-cut", most = most.to_string()));
    }
    Ok(Exit::Done)
}

fn one(context: &Context, store: &mut Store, id: i64, arguments: &Arguments) -> anyhow::Result<Exit> {
    let (report, mut records) = store.report(id)?;
    if let Some(source) = &arguments.source {
        let filter = arguments.period.resolve(store, Some(&report.domain), context.now, None)?;
        let addresses = sources::addresses(context, store, &filter, source)?;
        let addresses: HashSet<String> = addresses.into_iter().collect();
        records.retain(|record| record.source_ip.as_ref().is_some_and(|address| addresses.contains(address)));
    }
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
    let words = context.words();
    let mut text = head_text(&report, &words);
    let provenance = view::provenance(&report, new_since_s);
    for said in provenance.iter().flat_map(|view| view.sentences(&words)) {
        text.push_str(&line(&words.say("report-mail"), &said));
    }
    text.push_str(&records_text(&records, &words));
    text.push_str(&notes_text(&report, &words));
    text.push_str(&format!("\n{}", invocation::next(&words, &["reports", &id.to_string(), "--xml"])));
    output::write(&text)?;
    Ok(Exit::Done)
}

fn head_text(report: &ReportRow, words: &Words) -> String {
    let field = |value: Option<&Value>| match value {
        None | Some(Value::Null) => "-".to_owned(),
        Some(Value::String(text)) => escape::terminal(text).into_owned(),
        Some(value) => escape::terminal(&value.to_string()).into_owned(),
    };
    let mut lines = vec![
        ("report-id", escape::terminal(&report.report_id).into_owned()),
        ("report-reporter", field(report.head.get("org_name"))),
        ("report-contact", field(report.head.get("email"))),
        ("report-domain", escape::terminal(&report.domain).into_owned()),
        ("report-period", say!(words, "report-from-to", first = rfc3339(report.begin_s), last = rfc3339(report.end_s))),
        ("report-from", escape::terminal(&report.origin).into_owned()),
    ];
    let policy = report.head.get("policy").and_then(Value::as_object);
    let tags: Vec<String> = policy
        .into_iter()
        .flatten()
        .filter(|(name, value)| *name != "domain" && !value.is_null())
        .map(|(name, value)| format!("{name}={}", field(Some(value))))
        .collect();
    lines.push(("report-policy", if tags.is_empty() { "-".to_owned() } else { tags.join(" ") }));
    for error in report.head.get("errors").and_then(Value::as_array).into_iter().flatten() {
        lines.push(("report-error", field(Some(error))));
    }
    if report.is_conflicting {
        lines.push(("report-standing", words.say("report-not-counted")));
    }
    if report.is_partial {
        lines.push(("report-standing", words.say("report-is-partial")));
    }
    lines.into_iter().map(|(id, value)| line(&words.say(id), &value)).collect()
}

fn line(name: &str, value: &str) -> String {
    format!("{name}{} {value}\n", " ".repeat(12_usize.saturating_sub(name.width())))
}

fn records_text(records: &[RecordRow], words: &Words) -> String {
    let mut table = Table::titled(
        words,
        &[
            "column-source",
            ">column-mails",
            "column-done",
            "column-dkim",
            "column-spf",
            "column-header-from",
            "column-measured",
        ],
    );
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

fn notes_text(report: &ReportRow, words: &Words) -> String {
    let notes = report.head.get("notes").and_then(Value::as_array).cloned().unwrap_or_default();
    if notes.is_empty() {
        return format!("\n{}\n", words.say("report-nothing-odd"));
    }
    let mut text = format!("\n{}\n", words.say("report-odd"));
    for note in notes {
        let said = note.get("text").and_then(Value::as_str).unwrap_or_default();
        let number = |name: &str| note.get(name).and_then(Value::as_u64).unwrap_or(0);
        let times = if number("times") > 1 {
            say!(words, "report-times", times = number("times").to_string())
        } else {
            String::new()
        };
        let said = words.again(said);
        let (said, offset) = (escape::terminal(&said), number("offset").to_string());
        text.push_str(&format!("  {}\n", say!(words, "report-note", said = said, offset = offset, times = times)));
    }
    text
}
