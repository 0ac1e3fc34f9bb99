//! `ruascope sources DOMAIN SOURCE`: everything that is known of one source.

use std::collections::BTreeMap;
use std::net::IpAddr;

use serde_json::{Value, json};

use super::find;
use super::place::At;
use super::rows::{self, Row};
use crate::analyze::{Observation, Sender, title};
use crate::cli::args::Format;
use crate::cli::command::view;
use crate::cli::context::Context;
use crate::cli::evidence;
use crate::cli::exit::Exit;
use crate::cli::output;
use crate::cli::period::{date, rfc3339};
use crate::model::Sent;
use crate::present::advice::{cause as cause_word, class, confidence};
use crate::present::escape;
use crate::present::table::Table;
use crate::present::wrap::item;
use crate::store::{Filter, Store, Trace, TraceList};
use crate::words::{Words, say, thousands};

/// Kinds of record that are shown on the screen.
const KINDS_MAX: usize = 20;

/// Addresses that are named on the screen.
const ADDRESSES_MAX: usize = 20;
/// Reports that are listed on the screen.
const REPORTS_MAX: usize = 10;

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted<'a> {
    /// Key, name or address.
    pub(super) source: &'a str,
    /// Of an address, not of the source that it belongs to.
    pub(super) is_address_only: bool,
    /// Reports at the most.
    pub(super) limit: Option<usize>,
}

pub(super) fn run(context: &Context, store: &mut Store, filter: &Filter, wanted: &Wanted<'_>) -> anyhow::Result<Exit> {
    let domain = filter.domain.clone().unwrap_or_default();
    let resolver = context.resolver()?;
    let evidence = evidence::gather(context, store, resolver.as_ref(), filter)?;
    let address = wanted.source.parse::<IpAddr>().ok();
    let found = find::named(&evidence.senders.senders, wanted.source).or_else(|| {
        evidence.senders.senders.iter().find(|sender| address.is_some_and(|ip| sender.addresses.contains(&ip)))
    });
    let key = found.map(|sender| sender.key.clone()).ok_or_else(|| find::no_such(wanted.source, &domain))?;
    let only = address.filter(|_| wanted.is_address_only);
    let (observations, names) = (evidence.observations, evidence.names);
    let mut rows = rows::Judging::new(&domain, evidence.senders, only.is_some());
    store.each_source(filter, |source| rows.add(source))?;
    let mut all = rows.rows();
    let is_it = |row: &&Row| {
        row.judged.as_ref().is_some_and(|judged| judged.sender.key == key)
            && only.is_none_or(|only| row.addresses == [only.to_string()])
    };
    let networks = context.networks();
    all.retain(|row| is_it(&row));
    rows::locate(&mut all, &networks);
    let Some(row) = all.first() else { return Err(find::no_such(wanted.source, &domain)) };
    let at = At { names: &names, networks: &networks, base_names: context.base_names() };
    let kinds = row.judged.as_ref().map(|judged| kinds(&judged.sender, &observations, only)).unwrap_or_default();
    let most = wanted.limit.unwrap_or(if context.global.format == Format::Json { usize::MAX } else { REPORTS_MAX });
    match context.global.format {
        Format::Json => output::json(&json(filter, row, &kinds, &at, &store.traces(filter, &row.addresses, most)?))?,
        Format::Csv => output::write(&rows::csv(std::slice::from_ref(row))?)?,
        _ => {
            let words = context.words();
            let list = store.traces(filter, &row.addresses, most)?;
            let called = only.map_or(key, |only| only.to_string());
            let text = text(row, &kinds, &at, &words) + &reports_text(filter, &called, &list, &words);
            output::write(&text)?;
        }
    }
    Ok(Exit::Done)
}

fn json(filter: &Filter, row: &Row, kinds: &[(Value, Seen)], at: &At<'_>, list: &TraceList) -> Value {
    let kind = |(kind, seen): &(Value, Seen)| json!({"mails": seen.mails, "first_day": seen.first(), "last_day": seen.last(), "kind": kind});
    let report = |trace: &Trace| {
        let mut object = view::sums(&trace.sums);
        object.insert("id".to_owned(), json!(trace.report.id));
        object.insert("reporter".to_owned(), json!(trace.report.org_name));
        object.insert("report_id".to_owned(), json!(trace.report.report_id));
        object.insert("begin".to_owned(), json!(rfc3339(trace.report.begin_s)));
        object.insert("end".to_owned(), json!(rfc3339(trace.report.end_s)));
        object.insert("origin".to_owned(), json!(trace.report.origin));
        Value::Object(object)
    };
    let day = |day: Option<i64>| day.and_then(date).map(|date| date.to_string());
    json!({
        "schema": "ruascope.sources/1",
        "domain": filter.domain,
        "since": day(filter.since_day),
        "until": day(filter.until_day),
        "by": "source",
        "sources": [row.json()],
        "addresses": row.addresses.iter().map(|address| at.json(address)).collect::<Vec<Value>>(),
        "rows": kinds.iter().map(kind).collect::<Vec<Value>>(),
        "reports": list.traces.iter().map(report).collect::<Vec<Value>>(),
        "reports_total": list.reports,
    })
}

/// The reports behind the numbers, newest first, and how to see more of them.
fn reports_text(filter: &Filter, named: &str, list: &TraceList, words: &Words) -> String {
    let headings = ["column-id", "column-begin", "column-reporter", ">column-records", ">column-mails", ">column-pass"];
    let mut table = Table::titled(words, &headings);
    for Trace { report, sums } in &list.traces {
        table.row(&[
            report.id.to_string(),
            rfc3339(report.begin_s),
            report.reporter.clone().unwrap_or_else(|| "-".to_owned()),
            sums.records.to_string(),
            sums.mails().to_string(),
            sums.dmarc_pass().to_string(),
        ]);
    }
    let day =
        |flag: &str, day: Option<i64>| day.and_then(date).map(|date| format!(" {flag} {date}")).unwrap_or_default();
    let domain = filter.domain.as_deref().unwrap_or_default();
    let days = format!("{}{}", day("--since", filter.since_day), day("--until", filter.until_day));
    // Ours where it is safe to be pasted: a key made of a stranger's name may hold anything.
    let source = escape::terminal(named);
    let (shown, all) = (list.traces.len().to_string(), list.reports.to_string());
    let head = say!(words, "source-reports", shown = shown, all = all);
    let more = say!(words, "source-reports-more", domain = domain, source = source, days = days);
    format!("\n{head}\n{}\n{more}\n", table.text(Context::width()))
}

/// Mails of one kind of record.
#[derive(Clone, Copy, Debug)]
struct Seen {
    mails: u64,
    first_day: i64,
    last_day: i64,
}

impl Seen {
    fn first(self) -> Option<String> {
        date(self.first_day).map(|date| date.to_string())
    }

    fn last(self) -> Option<String> {
        date(self.last_day).map(|date| date.to_string())
    }
}

/// The kinds of record of a sender, or of one address of it, most mails first.
fn kinds(sender: &Sender, observations: &[Observation], only: Option<IpAddr>) -> Vec<(Value, Seen)> {
    let mut kinds: BTreeMap<String, (Value, Seen)> = BTreeMap::new();
    let is_wanted = |observation: &&Observation| only.is_none_or(|only| observation.source_ip == only);
    for observation in sender.observations.iter().filter_map(|place| observations.get(*place)).filter(is_wanted) {
        let kind = kind(observation);
        let Observation { day, mails, .. } = observation;
        let (_, seen) =
            kinds.entry(kind.to_string()).or_insert_with(|| (kind, Seen { mails: 0, first_day: *day, last_day: *day }));
        *seen = Seen {
            mails: seen.mails.saturating_add(*mails),
            first_day: seen.first_day.min(*day),
            last_day: seen.last_day.max(*day),
        };
    }
    let mut kinds: Vec<(Value, Seen)> = kinds.into_values().collect();
    kinds.sort_by_key(|(_, seen)| std::cmp::Reverse(seen.mails));
    kinds
}

/// What a record says, without address, day and reporter.
fn kind(observation: &Observation) -> Value {
    let (names, results) = (&observation.identifiers, &observation.auth_results);
    let dkim: Vec<Value> = results
        .dkim
        .iter()
        .map(|dkim| json!({"domain": dkim.domain.as_deref(), "selector": dkim.selector.as_deref(), "result": dkim.result.as_ref().map(Sent::as_str)}))
        .collect();
    let spf: Vec<Value> = results
        .spf
        .iter()
        .map(|spf| json!({"domain": spf.domain.as_deref(), "result": spf.result.as_ref().map(Sent::as_str)}))
        .collect();
    let reasons: Vec<&str> =
        observation.evaluated.reasons.iter().filter_map(|reason| Some(reason.kind.as_ref()?.as_str())).collect();
    let disposition = observation.evaluated.disposition.as_ref().map_or("", Sent::as_str);
    json!({
        "header_from": names.header_from.as_deref(), "envelope_from": names.envelope_from.as_deref(), "dkim": dkim, "spf": spf,
        "dkim_aligned": observation.evaluated.dkim_aligned(), "spf_aligned": observation.evaluated.spf_aligned(),
        "disposition": disposition, "reasons": reasons,
    })
}

fn text(row: &Row, kinds: &[(Value, Seen)], at: &At<'_>, words: &Words) -> String {
    let Some(judged) = &row.judged else { return String::new() };
    let sender = &judged.sender;
    let head = say!(
        words,
        "source-head",
        name = escape::terminal(&title(&sender.key, &sender.name).in_words(words)),
        key = escape::terminal(&sender.key),
        class = class(sender.class, words),
        confidence = confidence(sender.confidence, words)
    );
    let mails = say!(
        words,
        "source-mails",
        mails = thousands(row.mails()),
        passed = thousands(row.sums.dmarc_pass()),
        addresses = row.addresses.len().to_string()
    );
    let mut out = format!("{head}\n{}\n{mails}\n", sender.reasons.join(" "));
    for (cause, mails) in judged.causes.iter() {
        let line = say!(words, "source-failed", mails = thousands(*mails), cause = cause_word(*cause, words));
        out.push_str(&format!("  {line}\n"));
    }
    for step in &sender.fix {
        out.push_str(&item("  - ", &escape::terminal(&step.in_words(words)), Context::width()));
    }
    out.push_str(&at.text(row.addresses.iter().take(ADDRESSES_MAX), words));
    let more = row.addresses.len().saturating_sub(ADDRESSES_MAX);
    if more > 0 {
        out.push_str(&say!(words, "source-addresses-more", more = more.to_string()));
    }
    out.push_str("\n\n");
    let headings =
        [">column-mails", "column-dkim", "column-spf", "column-from", "column-first", "column-last", "column-results"];
    let mut table = Table::titled(words, &headings);
    for (kind, seen) in kinds.iter().take(KINDS_MAX) {
        let word = |name: &str| {
            if kind.get(name).and_then(Value::as_bool) == Some(true) {
                words.say("word-pass")
            } else {
                words.say("word-fail")
            }
        };
        table.row(&[
            seen.mails.to_string(),
            word("dkim_aligned"),
            word("spf_aligned"),
            kind.get("header_from").and_then(Value::as_str).unwrap_or_default().to_owned(),
            seen.first().unwrap_or_default(),
            seen.last().unwrap_or_default(),
            results(kind),
        ]);
    }
    out.push_str(&table.text(Context::width()));
    if let Some(more) = kinds.len().checked_sub(KINDS_MAX).filter(|more| *more > 0) {
        out.push_str(&format!("{}\n", say!(words, "source-kinds-more", more = more.to_string())));
    }
    out
}

/// The results of a kind of record on one line.
fn results(kind: &Value) -> String {
    let text = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).unwrap_or("-").to_owned();
    let list = |name: &str| kind.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    let dkim = list("dkim")
        .iter()
        .map(|dkim| format!("d={} s={} {}", text(dkim, "domain"), text(dkim, "selector"), text(dkim, "result")))
        .collect::<Vec<_>>();
    let spf = list("spf")
        .iter()
        .map(|spf| format!("spf {} {}", text(spf, "domain"), text(spf, "result")))
        .collect::<Vec<_>>();
    dkim.into_iter().chain(spf).collect::<Vec<_>>().join(", ")
}
