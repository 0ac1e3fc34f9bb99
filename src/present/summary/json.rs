//! The summary for programs. Fields are added, never renamed; what is not known is null.

use serde_json::{Value, json};

use super::view::{DomainView, SummaryView, Sums};

/// The summary as one object.
#[must_use]
pub fn json(view: &SummaryView) -> Value {
    let mut summary = json!({
        "schema": "ruascope.summary/1",
        "domain": view.domain,
        "since": view.period.map(|period| period.0.to_string()),
        "until": view.period.map(|period| period.1.to_string()),
        "newest_age_days": view.newest_age_days,
        "reports": view.reports,
    });
    append(&mut summary, sums(&view.sums));
    append(&mut summary, json!({"before": view.before.as_ref().map(sums)}));
    append(&mut summary, lists(view));
    append(&mut summary, json!({"rejected": view.rejected, "conflicting": view.conflicting, "other": view.other}));
    summary
}

fn lists(view: &SummaryView) -> Value {
    let domains = view.domains.iter().map(|domain| {
        let head = json!({"domain": domain.name, "policy": domain.policy, "reports": domain.reports});
        let trend = json!({"trend": trend(view, domain)});
        with(with(head, sums(&domain.sums)), trend)
    });
    let sources = view.sources.iter().map(|source| {
        let (first, last) = (source.days.0.to_string(), source.days.1.to_string());
        let seen = json!({"reporters": source.reporters, "first_day": first, "last_day": last});
        with(with(json!({"source": source.ip}), sums(&source.sums)), seen)
    });
    let days = view.days.iter().map(|day| {
        let head = json!({"day": day.day.to_string(), "reports": day.reports});
        with(head, sums(&day.sums))
    });
    let dispositions = view.dispositions.iter().map(|did| with(json!({"disposition": did.word}), sums(&did.sums)));
    let reporters = view.reporters.iter().map(|reporter| {
        let head = json!({"reporter": reporter.name, "reports": reporter.reports});
        with(head, sums(&reporter.sums))
    });
    json!({
        "domains": domains.collect::<Value>(),
        "sources": sources.collect::<Value>(),
        "sources_more": {"sources": view.sources_more.0, "mails": view.sources_more.1},
        "days": days.collect::<Value>(),
        "dispositions": dispositions.collect::<Value>(),
        "reporters": reporters.collect::<Value>(),
    })
}

/// Every day of the period, with null for what no report told.
fn trend(view: &SummaryView, domain: &DomainView) -> Value {
    let days = view.period.map(|(first, _)| first.iter_days()).into_iter().flatten();
    let entry = |(day, told): (chrono::NaiveDate, &Option<(u64, u64)>)| {
        let (passed, mails) = told.unzip();
        json!({"day": day.to_string(), "mails": mails, "dmarc_pass": passed})
    };
    days.zip(&domain.trend).map(entry).collect()
}

fn sums(sums: &Sums) -> Value {
    json!({
        "mails": sums.mails,
        "dkim_aligned": sums.dkim_aligned(),
        "spf_aligned": sums.spf_aligned(),
        "dmarc_pass": sums.dmarc_pass(),
    })
}

fn with(mut object: Value, more: Value) -> Value {
    append(&mut object, more);
    object
}

/// Adds the fields of `more` behind those of `object`.
fn append(object: &mut Value, more: Value) {
    if let (Value::Object(fields), Value::Object(more)) = (object, more) {
        fields.extend(more);
    }
}
