//! Facts of reports as the JSON in which the store keeps them.

use serde_json::{Value, json};

use crate::model::{AggregateReport, AuthResults, Note, PolicyEvaluated, Sent, Word};

/// Metadata and policy as sent; absent values are `null`.
pub(super) fn facts(report: &AggregateReport) -> Value {
    let (metadata, policy) = (&report.metadata, &report.policy_published);
    json!({
        "version": report.version,
        "namespace": report.namespace,
        "org_name": metadata.org_name,
        "email": metadata.email,
        "extra_contact_info": metadata.extra_contact_info,
        "errors": metadata.errors,
        "generator": metadata.generator,
        "policy": {
            "domain": policy.domain,
            "discovery_method": word(policy.discovery_method.as_ref()),
            "adkim": word(policy.adkim.as_ref()),
            "aspf": word(policy.aspf.as_ref()),
            "p": word(policy.p.as_ref()),
            "sp": word(policy.sp.as_ref()),
            "np": word(policy.np.as_ref()),
            "pct": match &policy.pct {
                Some(Sent::Read(pct)) => json!(pct),
                Some(Sent::Odd(text)) => json!(text),
                None => Value::Null,
            },
            "fo": policy.fo,
            "testing": word(policy.testing.as_ref()),
        },
    })
}

/// Notes of a report.
pub(super) fn notes(notes: &[Note]) -> Value {
    let note = |note: &Note| json!({"kind": note.kind.name(), "text": note.kind.to_string(), "offset": note.offset, "times": note.times});
    Value::Array(notes.iter().map(note).collect())
}

/// A word as sent.
pub(super) fn word<T: Word>(sent: Option<&Sent<T>>) -> Option<&str> {
    sent.map(Sent::as_str)
}

/// The JSON of what the receiver concluded.
pub(super) fn evaluation_json(evaluated: &PolicyEvaluated) -> String {
    let reasons: Vec<Value> = evaluated
        .reasons
        .iter()
        .map(|reason| json!({"type": word(reason.kind.as_ref()), "comment": reason.comment}))
        .collect();
    json!({
        "disposition": word(evaluated.disposition.as_ref()),
        "dkim": word(evaluated.dkim.as_ref()),
        "spf": word(evaluated.spf.as_ref()),
        "reasons": reasons,
    })
    .to_string()
}

/// The JSON of what the receiver measured.
pub(super) fn auth_results_json(results: &AuthResults) -> String {
    let dkim: Vec<Value> = results
        .dkim
        .iter()
        .map(|dkim| {
            let known = json!({"domain": dkim.domain, "selector": dkim.selector, "result": word(dkim.result.as_ref())});
            with_human_result(known, dkim.human_result.as_deref())
        })
        .collect();
    let spf: Vec<Value> = results
        .spf
        .iter()
        .map(|spf| {
            let known =
                json!({"domain": spf.domain, "scope": word(spf.scope.as_ref()), "result": word(spf.result.as_ref())});
            with_human_result(known, spf.human_result.as_deref())
        })
        .collect();
    json!({"dkim": dkim, "spf": spf}).to_string()
}

/// Few reporters send this text, so it takes no room where it is absent.
fn with_human_result(mut result: Value, text: Option<&str>) -> Value {
    if let (Some(text), Value::Object(fields)) = (text, &mut result) {
        fields.insert("human_result".to_owned(), Value::String(text.to_owned()));
    }
    result
}
