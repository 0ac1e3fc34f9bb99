//! Reports in the shape of parsedmarc's aggregate JSON, so that dashboards built on it keep working.
//!
//! It fills in what a reporter left out (`sp` from `p`, alignment `r`, scope `mfrom`); so does this, and only here.
//! docs/parsedmarc.md lists where both differ on purpose.

use chrono::DateTime;
use serde_json::{Map, Value, json};

/// Longer reports are spread over their days, in seconds.
const SPAN_S_MAX: i64 = 86_400;
/// Seconds of a day.
const DAY_S: i64 = 86_400;
/// Days over which a record is spread at most; a longer report stays as one.
const DAYS_MAX: i64 = 400;

/// A report as stored: times in seconds since 1970 UTC, `head` as the store keeps it.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// Name of the reporter.
    pub org_name: Option<&'a str>,
    /// As sent.
    pub report_id: &'a str,
    /// Policy domain.
    pub domain: &'a str,
    /// Begin.
    pub begin_s: i64,
    /// End.
    pub end_s: i64,
    /// Metadata and policy.
    pub head: &'a Value,
}

/// A record as stored.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    /// Address.
    pub source_ip: &'a str,
    /// Its confirmed name in reverse DNS, and the domain of that name, where they are known.
    pub reverse: Option<(&'a str, &'a str)>,
    /// Mails.
    pub count: u64,
    /// What the receiver concluded.
    pub evaluated: &'a Value,
    /// Author domain.
    pub header_from: Option<&'a str>,
    /// Envelope sender domain.
    pub envelope_from: Option<&'a str>,
    /// Recipient domain.
    pub envelope_to: Option<&'a str>,
    /// What the receiver measured.
    pub auth_results: &'a Value,
}

/// A report with its records, each made by [`records`].
#[must_use]
pub fn report(report: &Report<'_>, records: Vec<Value>) -> Value {
    let head = report.head;
    let policy = |name: &str| head.get("policy").and_then(|policy| policy.get(name)).filter(|value| !value.is_null());
    let or = |name: &str, instead: Value| policy(name).cloned().unwrap_or(instead);
    let p = or("p", Value::Null);
    let pct = policy("pct").map(|pct| pct.as_str().map_or_else(|| pct.to_string(), str::to_owned));
    json!({
        "xml_schema": head.get("version").and_then(Value::as_str).unwrap_or("draft"),
        "xml_namespace": head.get("namespace"),
        "report_metadata": {
            "org_name": report.org_name,
            "org_email": head.get("email"),
            "org_extra_contact_info": head.get("extra_contact_info"),
            "report_id": report_id(report.report_id),
            "begin_date": time(report.begin_s),
            "end_date": time(report.end_s),
            "timespan_requires_normalization": is_spread(report),
            "original_timespan_seconds": report.end_s - report.begin_s,
            "errors": head.get("errors").filter(|errors| errors.is_array()).cloned().unwrap_or_else(|| json!([])),
            "generator": head.get("generator"),
        },
        "policy_published": {
            "domain": report.domain,
            "adkim": or("adkim", json!("r")),
            "aspf": or("aspf", json!("r")),
            "p": p,
            "sp": or("sp", p.clone()),
            "pct": pct,
            "fo": policy("fo"),
            "np": policy("np"),
            "testing": policy("testing"),
            "discovery_method": policy("discovery_method"),
        },
        "records": records,
    })
}

/// A record; of a report over more than a day one for each day that gets mails.
#[must_use]
pub fn records(report: &Report<'_>, record: &Record<'_>) -> Vec<Value> {
    let whole = whole(record);
    let part = |begin_s: i64, end_s: i64, count: u64, is_part: bool| {
        let mut object = whole.clone();
        object.insert("count".to_owned(), json!(count));
        object.insert("normalized_timespan".to_owned(), json!(is_part));
        object.insert("interval_begin".to_owned(), json!(time(begin_s)));
        object.insert("interval_end".to_owned(), json!(time(end_s)));
        Value::Object(object)
    };
    if !is_spread(report) {
        return vec![part(report.begin_s, report.end_s, record.count, false)];
    }
    let days = days(report.begin_s, report.end_s);
    let counts = shares(&days, record.count);
    let with_mails = days.into_iter().zip(counts).filter(|(_, count)| *count > 0);
    with_mails.map(|((begin_s, end_s), count)| part(begin_s, end_s, count, true)).collect()
}

fn is_spread(report: &Report<'_>) -> bool {
    let span_s = report.end_s.saturating_sub(report.begin_s);
    span_s > SPAN_S_MAX && span_s < DAYS_MAX * DAY_S
}

/// What all parts of a record share.
fn whole(record: &Record<'_>) -> Map<String, Value> {
    let word = |name: &str, instead: &str| {
        let sent = record.evaluated.get(name).and_then(Value::as_str);
        sent.map_or_else(|| instead.to_owned(), str::to_lowercase)
    };
    let (disposition, dkim, spf) = (word("disposition", "none"), word("dkim", "fail"), word("spf", "fail"));
    let (dkim_aligned, spf_aligned) = (dkim == "pass", spf == "pass");
    let (reverse, base) = record.reverse.unzip();
    let results = |name: &str, more: (&str, &str)| -> Vec<Value> {
        let all = record.auth_results.get(name).and_then(Value::as_array);
        all.into_iter().flatten().filter_map(|sent| result(sent, more)).collect()
    };
    let spf_results = results("spf", ("scope", "mfrom"));
    let last_spf = record.auth_results.get("spf").and_then(Value::as_array).and_then(|all| all.last());
    let of_spf = || last_spf.and_then(|spf| spf.get("domain")?.as_str().map(str::to_lowercase));
    let object = json!({
        "source": {
            "ip_address": record.source_ip, "reverse_dns": reverse, "country": null, "base_domain": base,
            "name": null, "type": null, "asn": null, "as_name": null, "as_domain": null,
        },
        "count": record.count,
        "alignment": {"spf": spf_aligned, "dkim": dkim_aligned, "dmarc": spf_aligned || dkim_aligned},
        "policy_evaluated": {
            "disposition": disposition, "dkim": dkim, "spf": spf,
            "policy_override_reasons": record.evaluated.get("reasons").cloned().unwrap_or_else(|| json!([])),
        },
        "identifiers": {
            "header_from": record.header_from.unwrap_or_default().to_lowercase(),
            "envelope_from": record.envelope_from.map(str::to_owned).or_else(of_spf),
            "envelope_to": record.envelope_to,
        },
        "auth_results": {"dkim": results("dkim", ("selector", "none")), "spf": spf_results},
    });
    match object {
        Value::Object(object) => object,
        _ => Map::new(),
    }
}

/// A result; one without a domain is left out.
fn result(sent: &Value, (name, instead): (&str, &str)) -> Option<Value> {
    let text = |name: &str| sent.get(name).and_then(Value::as_str);
    Some(json!({
        "domain": text("domain")?,
        name: text(name).unwrap_or(instead),
        "result": text("result").map_or_else(|| "none".to_owned(), str::to_lowercase),
        "human_result": text("human_result"),
    }))
}

/// Without angle brackets, and without what stands behind an `@`.
fn report_id(sent: &str) -> String {
    let bare = sent.replace(['<', '>'], "");
    bare.split('@').next().unwrap_or_default().to_owned()
}

fn time(time_s: i64) -> Option<String> {
    DateTime::from_timestamp(time_s, 0).map(|time| time.format("%Y-%m-%d %H:%M:%S").to_string())
}

/// The days of a span, each with its begin and end.
fn days(begin_s: i64, end_s: i64) -> Vec<(i64, i64)> {
    let first = begin_s.div_euclid(DAY_S);
    let last = (end_s - 1).div_euclid(DAY_S);
    (first..=last).map(|day| (begin_s.max(day * DAY_S), end_s.min((day + 1) * DAY_S))).collect()
}

/// A count in proportion to the lengths of days; what rounding leaves goes to the largest remainders, the earlier first.
fn shares(days: &[(i64, i64)], count: u64) -> Vec<u64> {
    let length = |(begin, end): &(i64, i64)| u128::from((end - begin).unsigned_abs());
    let all: u128 = days.iter().map(length).sum::<u128>().max(1);
    let mut shares: Vec<(u64, u128)> = days
        .iter()
        .map(|day| {
            let exact = u128::from(count) * length(day);
            (u64::try_from(exact / all).unwrap_or(u64::MAX), exact % all)
        })
        .collect();
    let left = count - shares.iter().map(|(share, _)| share).sum::<u64>();
    let mut order: Vec<usize> = (0..shares.len()).collect();
    order.sort_by_key(|place| std::cmp::Reverse(shares.get(*place).map_or(0, |(_, rest)| *rest)));
    for place in order.into_iter().take(usize::try_from(left).unwrap_or(usize::MAX)) {
        if let Some((share, _)) = shares.get_mut(place) {
            *share += 1;
        }
    }
    shares.into_iter().map(|(share, _)| share).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_report_is_spread_and_loses_nothing() {
        let head = json!({});
        let long =
            Report { org_name: None, report_id: "<a@b>", domain: "x", begin_s: 43_200, end_s: 216_000, head: &head };
        let nothing = json!({});
        let record = Record {
            source_ip: "192.0.2.1",
            reverse: None,
            count: 10,
            evaluated: &nothing,
            header_from: Some("X"),
            envelope_from: None,
            envelope_to: None,
            auth_results: &nothing,
        };
        let parts = records(&long, &record);
        let counts: Vec<_> = parts.iter().map(|part| part["count"].as_u64()).collect();
        assert_eq!(counts, [Some(3), Some(5), Some(2)], "the earlier of two equal remainders");
        assert_eq!(parts[0]["interval_end"], "1970-01-02 00:00:00");
        let short = Report { end_s: 43_200 + 86_400, ..long };
        assert_eq!(records(&short, &record)[0]["normalized_timespan"], false);
        assert_eq!(report(&long, parts)["report_metadata"]["report_id"], "a");
    }
}
