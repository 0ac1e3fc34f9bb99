//! A record to publish, as every command prints it.

use clap::ValueEnum;
use serde_json::{Value, json};

use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::output;
use crate::dns::Finding;
use crate::present::check as present;
use crate::present::dns_record::{DnsRecord, Form};
use crate::present::escape;
use crate::words::say;

/// Form of a record.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(in crate::cli) enum As {
    Zone,
    Bind,
    Plain,
    Route53,
    Cloudflare,
    Terraform,
    Octodns,
    Nsupdate,
}

impl From<As> for Form {
    fn from(form: As) -> Self {
        match form {
            As::Zone => Self::Zone,
            As::Bind => Self::Bind,
            As::Plain => Self::Plain,
            As::Route53 => Self::Route53,
            As::Cloudflare => Self::Cloudflare,
            As::Terraform => Self::Terraform,
            As::Octodns => Self::Octodns,
            As::Nsupdate => Self::Nsupdate,
        }
    }
}

/// Prints a record on standard output, and what was found about it on standard error.
pub(super) fn show(context: &Context, record: &DnsRecord, form: As, findings: &[Finding]) -> anyhow::Result<Exit> {
    if context.as_json() {
        let mut object = json!({"schema": "ruascope.record/1"});
        extend(&mut object, as_json(record, findings));
        output::json(&object)?;
        return Ok(Exit::Done);
    }
    output::write(&record.show(form.into()))?;
    complain(context, findings);
    Ok(Exit::Done)
}

/// A record and what was found about it, as fields of an object.
pub(super) fn as_json(record: &DnsRecord, findings: &[Finding]) -> Value {
    let findings: Vec<_> = findings
        .iter()
        .map(|finding| {
            json!({
                "rule": finding.rule, "severity": finding.severity.as_str(), "text": finding.text,
                "advice": finding.advice,
            })
        })
        .collect();
    let strings: Vec<_> = record.strings().into_iter().map(String::from_utf8_lossy).collect();
    json!({
        "name": record.name(), "type": "TXT", "ttl": record.ttl_s, "txt": record.text, "strings": strings,
        "findings": findings,
    })
}

/// Appends the fields of one object to another.
pub(super) fn extend(object: &mut Value, more: Value) {
    if let (Value::Object(object), Value::Object(more)) = (object, more) {
        object.extend(more);
    }
}

/// Says what was found about a record on standard error.
pub(super) fn complain(context: &Context, findings: &[Finding]) {
    let words = context.words();
    for finding in findings.iter().filter(|_| !context.global.quiet) {
        let (text, advice) = (finding.text.in_words(&words), finding.advice.in_words(&words));
        let severity = present::severity(finding.severity.into(), &words);
        let line = say!(words, "finding-line", severity = severity, text = text, advice = advice);
        output::complain(&escape::terminal(&line));
    }
}
