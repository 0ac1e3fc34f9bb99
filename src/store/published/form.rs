//! What DNS published, as JSON in a row. Words stay as they are: old rows have to be read.

use std::net::IpAddr;

use ipnet::IpNet;
use serde_json::{Value, json};

use crate::dns::spf::Qualifier;
use crate::dns::{Answer, DmarcFound, Failure, Published, PublishedKey, SpfCover, SpfNetwork};

const FAILURES: [(Failure, &str); 7] = [
    (Failure::TimedOut, "timed_out"),
    (Failure::Unreachable, "unreachable"),
    (Failure::ServerFailed, "server_failed"),
    (Failure::Refused, "refused"),
    (Failure::AliasLoop, "alias_loop"),
    (Failure::Malformed, "malformed"),
    (Failure::Offline, "offline"),
];

pub(super) fn write(published: &Published) -> String {
    let applies = published.dmarc_applies.as_ref();
    let key =
        |key: &PublishedKey| json!({"selector": key.selector, "answer": answer(&key.answer), "aliases": key.aliases});
    let network = |network: &SpfNetwork| {
        let qualifier =
            if network.qualifier == Qualifier::Pass { "+".to_owned() } else { network.qualifier.to_string() };
        json!([network.network.to_string(), qualifier, network.path])
    };
    let cover = published.spf_cover.as_ref().map(|cover| {
        json!({"complete": cover.is_complete, "networks": cover.networks.iter().map(network).collect::<Vec<_>>()})
    });
    json!({
        "dmarc": answer(&published.dmarc),
        "dmarc_applies": applies.map(|found| json!({"domain": found.domain, "text": found.text})),
        "organizational_domain": published.organizational_domain,
        "spf": answer(&published.spf),
        "spf_cover": cover,
        "dkim": published.dkim.iter().map(key).collect::<Vec<_>>(),
        "mx": answer(&published.mx),
    })
    .to_string()
}

/// `None` when the text is not of this form.
pub(super) fn read(text: &str, domain: &str, seen_s: i64) -> Option<Published> {
    let value: Value = serde_json::from_str(text).ok()?;
    let key = |key: &Value| {
        Some(PublishedKey {
            selector: string(key.get("selector")?)?,
            answer: read_answer(key.get("answer")?)?,
            aliases: list(key.get("aliases")?, string)?,
        })
    };
    let applies =
        |found: &Value| Some(DmarcFound { domain: string(found.get("domain")?)?, text: string(found.get("text")?)? });
    Some(Published {
        domain: domain.to_owned(),
        seen_s,
        dmarc: read_answer(value.get("dmarc")?)?,
        dmarc_applies: optional(value.get("dmarc_applies")?, applies)?,
        organizational_domain: optional(value.get("organizational_domain")?, string)?,
        spf: read_answer(value.get("spf")?)?,
        spf_cover: optional(value.get("spf_cover")?, read_cover)?,
        dkim: list(value.get("dkim")?, key)?,
        mx: read_answer(value.get("mx")?)?,
    })
}

fn answer(answer: &Answer<String>) -> Value {
    match answer {
        Answer::Found(records) => json!(records),
        Answer::NoData => json!("no_data"),
        Answer::NxDomain => json!("nx_domain"),
        Answer::Failed(failure) => {
            let word = FAILURES.iter().find(|(known, _)| known == failure).map(|(_, word)| *word);
            json!({"failed": word})
        }
    }
}

fn read_answer(value: &Value) -> Option<Answer<String>> {
    match value {
        Value::Array(_) => list(value, string).filter(|records| !records.is_empty()).map(Answer::Found),
        Value::String(word) if word == "no_data" => Some(Answer::NoData),
        Value::String(word) if word == "nx_domain" => Some(Answer::NxDomain),
        other => {
            let word = other.get("failed")?.as_str()?;
            FAILURES.iter().find(|(_, known)| *known == word).map(|(failure, _)| Answer::Failed(*failure))
        }
    }
}

fn read_cover(value: &Value) -> Option<SpfCover> {
    let network = |network: &Value| {
        let network_text = string(network.get(0)?)?;
        let qualifier = match network.get(1)?.as_str()? {
            "+" => Qualifier::Pass,
            "-" => Qualifier::Fail,
            "~" => Qualifier::SoftFail,
            "?" => Qualifier::Neutral,
            _ => return None,
        };
        let address = || network_text.parse::<IpAddr>().ok().map(IpNet::from);
        let parsed = network_text.parse::<IpNet>().ok().or_else(address)?;
        Some(SpfNetwork { network: parsed, qualifier, path: list(network.get(2)?, string)? })
    };
    Some(SpfCover { is_complete: value.get("complete")?.as_bool()?, networks: list(value.get("networks")?, network)? })
}

fn string(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn list<T>(value: &Value, read: impl Fn(&Value) -> Option<T>) -> Option<Vec<T>> {
    value.as_array()?.iter().map(read).collect()
}

/// `Some(None)` for null.
#[expect(clippy::option_option, reason = "the outer one says whether it could be read")]
fn optional<T>(value: &Value, read: impl Fn(&Value) -> Option<T>) -> Option<Option<T>> {
    if value.is_null() { Some(None) } else { read(value).map(Some) }
}

#[cfg(test)]
pub(super) fn tests_failures() -> impl Iterator<Item = Failure> {
    FAILURES.into_iter().map(|(failure, _)| failure)
}
