//! Rows of the store as JSON of the contract.

use serde_json::{Map, Value, json};
use unicode_width::UnicodeWidthStr as _;

use crate::cli::period::{date, rfc3339};
use crate::present::provenance::ProvenanceView;
use crate::store::{Group, RecordRow, RejectionRow, ReportRow, Sums};
use crate::words::{Said, Words};

/// The sums of the contract, in mails.
pub(super) fn sums(sums: &Sums) -> Map<String, Value> {
    let mut map = Map::new();
    for (name, value) in [
        ("records", sums.records),
        ("mails", sums.mails()),
        ("dkim_aligned", sums.dkim_aligned()),
        ("spf_aligned", sums.spf_aligned()),
        ("dmarc_pass", sums.dmarc_pass()),
    ] {
        map.insert(name.to_owned(), json!(value));
    }
    map
}

fn with(mut map: Map<String, Value>, more: Map<String, Value>) -> Value {
    map.extend(more);
    Value::Object(map)
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// A group of `store stats`.
pub(super) fn group(group: &Group) -> Value {
    let head = match group.day {
        Some(day) => json!({"day": date(day).map(|date| date.to_string()), "reports": group.reports}),
        None => json!({"name": group.name, "reports": group.reports}),
    };
    with(object(head), sums(&group.sums))
}

/// What is known of the mail that brought a report. A reporter whose first one was received from `new_since_s` on is new.
pub(super) fn provenance(report: &ReportRow, new_since_s: i64) -> Option<ProvenanceView> {
    let known = report.provenance.as_ref()?;
    let is_new = known.reporter_first_s.is_some_and(|first_s| first_s >= new_since_s);
    Some(ProvenanceView { trust: known.trust, domain: known.domain.clone(), is_new })
}

/// A report as listed.
pub(super) fn report(report: &ReportRow, new_since_s: i64) -> Value {
    let head = json!({
        "id": report.id,
        "reporter": report.org_name,
        "report_id": report.report_id,
        "domain": report.domain,
        "begin": rfc3339(report.begin_s),
        "end": rfc3339(report.end_s),
    });
    let tail = json!({
        "notes": report.notes,
        "received_at": rfc3339(report.received_s),
        "origin": report.origin,
        "conflicting": report.is_conflicting,
        "partial": report.is_partial,
        "mail": provenance(report, new_since_s).map(|view| {
            json!({"trust": view.trust.as_str(), "signed_by": view.domain, "new_reporter": view.is_new})
        }),
    });
    let mut map = object(head);
    map.extend(sums(&report.sums));
    with(map, object(tail))
}

/// A record of a report.
pub(super) fn record(record: &RecordRow) -> Value {
    json!({
        "source_ip": record.source_ip,
        "count": record.count,
        "policy_evaluated": record.evaluated,
        "header_from": record.header_from,
        "envelope_from": record.envelope_from,
        "envelope_to": record.envelope_to,
        "auth_results": record.auth_results,
    })
}

/// A rejection.
pub(super) fn rejection(rejection: &RejectionRow) -> Value {
    json!({
        "id": rejection.id,
        "reason": rejection.reason,
        "stage": rejection.stage,
        "readable": rejection.readable,
        "origin": rejection.origin,
        "name": rejection.name,
        "bytes": rejection.size_bytes,
        "received_at": rfc3339(rejection.received_s),
    })
}

/// Lines of a label and what stands beside it, one below the other; a label takes `cells` or what the widest needs.
pub(super) fn labelled(words: &Words, rows: &[(Said, Said)], cells: usize) -> String {
    let label = |row: &(Said, Said)| row.0.in_words(words);
    let widest = rows.iter().map(|row| label(row).width() + 2).max().unwrap_or(0).max(cells);
    let line = |row: &(Said, Said)| {
        let (label, text) = (label(row), row.1.in_words(words));
        format!("{label}{}{text}\n", " ".repeat(widest - label.width()))
    };
    rows.iter().map(line).collect()
}
