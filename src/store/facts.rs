//! Facts of reports as the JSON in which the store keeps them.

use serde::ser::SerializeStruct as _;
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use crate::model::{
    AggregateReport, AuthResults, DkimResult, Note, PolicyEvaluated, PolicyOverride, Sent, SpfResult, Word,
};

/// Metadata and policy as sent; absent values are `null`. The order of keys stays as it is: the fingerprint
/// of a report is made of these bytes.
pub(super) fn facts(report: &AggregateReport) -> String {
    let (metadata, policy) = (&report.metadata, &report.policy_published);
    let facts = Facts {
        version: report.version.as_deref(),
        namespace: report.namespace.as_deref(),
        org_name: metadata.org_name.as_deref(),
        email: metadata.email.as_deref(),
        extra_contact_info: metadata.extra_contact_info.as_deref(),
        errors: metadata.errors.iter().map(|error| &**error).collect(),
        generator: metadata.generator.as_deref(),
        policy: Policy {
            domain: &policy.domain,
            discovery_method: word(policy.discovery_method.as_ref()),
            adkim: word(policy.adkim.as_ref()),
            aspf: word(policy.aspf.as_ref()),
            p: word(policy.p.as_ref()),
            sp: word(policy.sp.as_ref()),
            np: word(policy.np.as_ref()),
            pct: policy.pct.as_ref().map(|pct| match pct {
                Sent::Read(pct) => Pct::Read(*pct),
                Sent::Odd(text) => Pct::Odd(text),
            }),
            fo: policy.fo.as_deref(),
            testing: word(policy.testing.as_ref()),
        },
    };
    // Texts and numbers always have a JSON form.
    serde_json::to_string(&facts).unwrap_or_default()
}

#[derive(Serialize)]
struct Facts<'r> {
    version: Option<&'r str>,
    namespace: Option<&'r str>,
    org_name: Option<&'r str>,
    email: Option<&'r str>,
    extra_contact_info: Option<&'r str>,
    errors: Vec<&'r str>,
    generator: Option<&'r str>,
    policy: Policy<'r>,
}

#[derive(Serialize)]
struct Policy<'r> {
    domain: &'r str,
    discovery_method: Option<&'r str>,
    adkim: Option<&'r str>,
    aspf: Option<&'r str>,
    p: Option<&'r str>,
    sp: Option<&'r str>,
    np: Option<&'r str>,
    pct: Option<Pct<'r>>,
    fo: Option<&'r str>,
    testing: Option<&'r str>,
}

/// A percentage as a number, or what was sent for one.
#[derive(Serialize)]
#[serde(untagged)]
enum Pct<'r> {
    Read(u8),
    Odd(&'r str),
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
struct Measured<'r>(&'r AuthResults);

impl Serialize for Measured<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut measured = serializer.serialize_struct("Measured", 2)?;
        measured.serialize_field("dkim", &Each(&self.0.dkim, Dkim::of))?;
        measured.serialize_field("spf", &Each(&self.0.spf, Spf::of))?;
        measured.end()
    }
}

/// A list, each entry in its form; nothing is collected in between.
struct Each<'r, T, F>(&'r [T], F);

impl<'r, T, F: Fn(&'r T) -> U, U: Serialize> Serialize for Each<'r, T, F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(&self.1))
    }
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

impl<'r> Dkim<'r> {
    fn of(dkim: &'r DkimResult) -> Self {
        Self {
            domain: dkim.domain.as_deref(),
            selector: dkim.selector.as_deref(),
            result: word(dkim.result.as_ref()),
            human_result: dkim.human_result.as_deref(),
        }
    }
}

impl<'r> Spf<'r> {
    fn of(spf: &'r SpfResult) -> Self {
        Self {
            domain: spf.domain.as_deref(),
            scope: word(spf.scope.as_ref()),
            result: word(spf.result.as_ref()),
            human_result: spf.human_result.as_deref(),
        }
    }
}

fn reason(reason: &PolicyOverride) -> Reason<'_> {
    Reason { r#type: word(reason.kind.as_ref()), comment: reason.comment.as_deref() }
}

/// Makes JSON texts, one after the other in one buffer.
#[derive(Default)]
pub(super) struct JsonTexts {
    buffer: Vec<u8>,
}

impl JsonTexts {
    /// The JSON of what the receiver concluded.
    pub(super) fn evaluation(&mut self, evaluated: &PolicyEvaluated) -> &str {
        self.text(&Evaluation {
            disposition: word(evaluated.disposition.as_ref()),
            dkim: word(evaluated.dkim.as_ref()),
            spf: word(evaluated.spf.as_ref()),
            reasons: evaluated.reasons.iter().map(reason).collect(),
        })
    }

    /// The JSON of what the receiver measured.
    pub(super) fn auth_results(&mut self, results: &AuthResults) -> &str {
        self.text(&Measured(results))
    }

    /// Texts and lists of them always have a JSON form.
    fn text(&mut self, value: &impl Serialize) -> &str {
        if self.buffer.capacity() > BUFFER_BYTES_MAX {
            self.buffer = Vec::new();
        }
        self.buffer.clear();
        let written = serde_json::to_writer(&mut self.buffer, value);
        written.ok().and_then(|()| std::str::from_utf8(&self.buffer).ok()).unwrap_or_default()
    }
}

/// A larger buffer is not kept.
const BUFFER_BYTES_MAX: usize = 1 << 20;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::Content;
    use crate::limits::Limits;

    #[test]
    fn the_bytes_of_facts_are_what_fingerprints_are_made_of() {
        let xml = r#"<feedback xmlns="urn:x"><version>1.0</version>
            <report_metadata><org_name>a "b"</org_name><email>e@x.example</email><report_id>1</report_id>
            <date_range><begin>0</begin><end>86400</end></date_range><error>late</error></report_metadata>
            <policy_published><domain>d.example</domain><adkim>s</adkim><p>odd</p><pct>PCT</pct></policy_published></feedback>"#;
        for (pct, expected) in [("100", "100"), ("most", r#""most""#)] {
            let xml = xml.replace("PCT", pct);
            let parsed =
                crate::parse::aggregate(Content::Whole(xml.as_bytes()), &Limits::standard()).expect("a report");
            let text = concat!(
                r#"{"version":"1.0","namespace":"urn:x","org_name":"a \"b\"","email":"e@x.example","extra_contact_info":null,"#,
                r#""errors":["late"],"generator":null,"policy":{"domain":"d.example","discovery_method":null,"adkim":"s","#,
                r#""aspf":null,"p":"odd","sp":null,"np":null,"pct":PCT,"fo":null,"testing":null}}"#
            );
            assert_eq!(facts(&parsed.value), text.replace("PCT", expected));
        }
    }
}
