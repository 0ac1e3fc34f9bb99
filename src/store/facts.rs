//! Facts of reports as the JSON in which the store keeps them.

use serde::Serialize;
use serde_json::{Value, json};

use crate::model::{AggregateReport, AuthResults, Note, PolicyEvaluated, PolicyOverride, Sent, Word};

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

/// What the receiver concluded, as it stands in the store.
#[derive(Serialize)]
struct Evaluation<'r> {
    disposition: Option<&'r str>,
    dkim: Option<&'r str>,
    spf: Option<&'r str>,
    reasons: Vec<Reason<'r>>,
}

#[derive(Serialize)]
struct Reason<'r> {
    r#type: Option<&'r str>,
    comment: Option<&'r str>,
}

/// What the receiver measured, as it stands in the store.
#[derive(Serialize)]
struct Measured<'r> {
    dkim: Vec<Dkim<'r>>,
    spf: Vec<Spf<'r>>,
}

#[derive(Serialize)]
struct Dkim<'r> {
    domain: Option<&'r str>,
    selector: Option<&'r str>,
    result: Option<&'r str>,
    /// Few reporters send it, so it takes no room where it is absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    human_result: Option<&'r str>,
}

#[derive(Serialize)]
struct Spf<'r> {
    domain: Option<&'r str>,
    scope: Option<&'r str>,
    result: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    human_result: Option<&'r str>,
}

fn reason(reason: &PolicyOverride) -> Reason<'_> {
    Reason { r#type: word(reason.kind.as_ref()), comment: reason.comment.as_deref() }
}

/// Makes JSON texts in one buffer, so that each needs no more memory than its length.
#[derive(Default)]
pub(super) struct JsonTexts {
    buffer: Vec<u8>,
}

impl JsonTexts {
    /// The JSON of what the receiver concluded.
    pub(super) fn evaluation(&mut self, evaluated: &PolicyEvaluated) -> String {
        self.text(&Evaluation {
            disposition: word(evaluated.disposition.as_ref()),
            dkim: word(evaluated.dkim.as_ref()),
            spf: word(evaluated.spf.as_ref()),
            reasons: evaluated.reasons.iter().map(reason).collect(),
        })
    }

    /// The JSON of what the receiver measured.
    pub(super) fn auth_results(&mut self, results: &AuthResults) -> String {
        let dkim = results.dkim.iter().map(|dkim| Dkim {
            domain: dkim.domain.as_deref(),
            selector: dkim.selector.as_deref(),
            result: word(dkim.result.as_ref()),
            human_result: dkim.human_result.as_deref(),
        });
        let spf = results.spf.iter().map(|spf| Spf {
            domain: spf.domain.as_deref(),
            scope: word(spf.scope.as_ref()),
            result: word(spf.result.as_ref()),
            human_result: spf.human_result.as_deref(),
        });
        self.text(&Measured { dkim: dkim.collect(), spf: spf.collect() })
    }

    /// Texts and lists of them always have a JSON form.
    fn text(&mut self, value: &impl Serialize) -> String {
        self.buffer.clear();
        let written = serde_json::to_writer(&mut self.buffer, value);
        let text = written.ok().and_then(|()| std::str::from_utf8(&self.buffer).ok()).unwrap_or_default().to_owned();
        if self.buffer.capacity() > BUFFER_BYTES_MAX {
            self.buffer = Vec::new();
        }
        text
    }
}

/// A larger buffer is not kept.
const BUFFER_BYTES_MAX: usize = 1 << 20;
