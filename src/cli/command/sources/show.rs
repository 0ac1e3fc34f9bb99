//! `ruascope sources DOMAIN SOURCE`: everything that is known of one source.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::rows::{self, Row};
use crate::analyze::{Observation, Sender, title};
use crate::cli::args::Format;
use crate::cli::context::Context;
use crate::cli::evidence;
use crate::cli::exit::Exit;
use crate::cli::output;
use crate::cli::period::date;
use crate::model::Sent;
use crate::present::advice::{cause as cause_word, class, confidence};
use crate::present::escape;
use crate::present::table::Table;
use crate::store::{Filter, SourceOrder, Store};
use crate::words::{Words, say};

/// Kinds of record that are shown on the screen.
const KINDS_MAX: usize = 20;

pub(super) fn run(context: &Context, store: &mut Store, filter: &Filter, source: &str) -> anyhow::Result<Exit> {
    let domain = filter.domain.clone().unwrap_or_default();
    let resolver = context.resolver()?;
    let evidence = evidence::gather(context, store, resolver.as_ref(), filter)?;
    let wanted = source.to_lowercase();
    let address = source.parse().ok();
    let is_wanted = |sender: &&Sender| {
        sender.key == wanted
            || sender.name.to_lowercase() == wanted
            || address.is_some_and(|address| sender.addresses.contains(&address))
    };
    let found = evidence.senders.senders.iter().find(is_wanted).map(|sender| sender.key.clone());
    let key = found.ok_or_else(|| super::no_such(source, &domain))?;
    let addresses = store.sources(filter, SourceOrder::Mails, usize::MAX)?.rows;
    let observations = evidence.observations;
    let all = rows::judged(&domain, addresses, evidence.senders, false);
    let is_it = |row: &&Row| row.judged.as_ref().is_some_and(|judged| judged.sender.key == key);
    let Some(row) = all.iter().find(is_it) else { return Err(super::no_such(source, &domain)) };
    let kinds = row.judged.as_ref().map(|judged| kinds(&judged.sender, &observations)).unwrap_or_default();
    match context.global.format {
        Format::Json => output::json(&json!({
            "schema": "ruascope.sources/1",
            "domain": domain,
            "since": filter.since_day.and_then(date).map(|date| date.to_string()),
            "until": filter.until_day.and_then(date).map(|date| date.to_string()),
            "by": "source",
            "sources": [row.json()],
            "rows": kinds.iter().map(|(kind, seen)| json!({"mails": seen.mails, "first_day": seen.first(), "last_day": seen.last(), "kind": kind})).collect::<Vec<Value>>(),
        }))?,
        Format::Csv => output::write(&rows::csv(std::slice::from_ref(row))?)?,
        _ => output::write(&text(row, &kinds, &domain, &context.words()))?,
    }
    Ok(Exit::Done)
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

/// The kinds of record of a sender, most mails first.
fn kinds(sender: &Sender, observations: &[Observation]) -> Vec<(Value, Seen)> {
    let mut kinds: BTreeMap<String, (Value, Seen)> = BTreeMap::new();
    for observation in sender.observations.iter().filter_map(|place| observations.get(*place)) {
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

fn text(row: &Row, kinds: &[(Value, Seen)], domain: &str, words: &Words) -> String {
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
        mails = row.mails().to_string(),
        passed = row.sums.dmarc_pass().to_string(),
        addresses = row.addresses.len().to_string()
    );
    let mut out = format!("{head}\n{}\n{mails}\n", sender.reasons.join(" "));
    for (cause, mails) in judged.causes.iter() {
        let line = say!(words, "source-failed", mails = mails.to_string(), cause = cause_word(*cause, words));
        out.push_str(&format!("  {line}\n"));
    }
    for step in &sender.fix {
        out.push_str(&format!("  - {}\n", escape::terminal(&step.in_words(words))));
    }
    let addresses = row.addresses.join(" ");
    out.push_str(&say!(words, "source-addresses", addresses = escape::terminal(&addresses)));
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
    out.push_str(&format!("\n{}\n", say!(words, "source-reports", domain = domain)));
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
