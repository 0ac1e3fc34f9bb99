//! An SPF record with all that it leads to, for people and for programs.

use serde_json::{Value, json};

use super::table::Table;
use super::{domain_name, escape};
use crate::dns::spf::{LOOKUPS_MAX, Qualifier, VOID_LOOKUPS_MAX};
use crate::dns::{Answer, SpfCover, SpfNode, SpfOutcome, SpfStep, SpfTree};
use crate::words::{Said, Words, said};

/// Addresses shown of one term.
const ADDRESSES_SHOWN: usize = 3;

/// A line a term, with the number of its look-up and what it costs with everything below it.
#[must_use]
pub fn text(tree: &SpfTree, words: &Words, width: usize) -> String {
    let domain = domain_name::shown(&tree.domain);
    let Some(record) = tree.text() else {
        let what = absence(&tree.answer);
        return format!("{}\n", said!("spf-domain", domain = domain, what = what).in_words(words));
    };
    let (lookups, voids) = (tree.lookups(), tree.void_lookups());
    let (max, voids_max) = (LOOKUPS_MAX, VOID_LOOKUPS_MAX);
    let mut lines =
        vec![said!("spf-head", domain = domain, lookups = lookups, max = max, voids = voids, voids_max = voids_max)];
    if lookups > LOOKUPS_MAX {
        lines.push(said!("spf-over"));
    }
    if !tree.is_valid {
        lines.push(said!("spf-invalid", text = *escape::terminal(record)));
    }
    let mut out: String = lines.iter().map(|line| format!("{}\n", line.in_words(words))).collect();
    if tree.is_valid {
        let mut table = Table::titled(words, &[">column-no", ">column-cost", "column-term", "column-names"]);
        rows(&mut table, words, tree, 0);
        out.push('\n');
        out.push_str(&table.text(width));
    }
    out
}

fn absence(answer: &Answer<String>) -> Said {
    match answer {
        Answer::Found(records) => said!("spf-several", count = records.len()),
        Answer::NoData => said!("spf-none"),
        Answer::NxDomain => said!("spf-no-name"),
        Answer::Failed(failure) => said!("spf-unknown", why = failure.said()),
    }
}

fn rows(table: &mut Table, words: &Words, node: &SpfNode, depth: usize) {
    let indent = "  ".repeat(depth);
    for step in &node.steps {
        let number = step.lookup.map_or_else(String::new, |number| number.to_string());
        let cost = step.lookup.map_or_else(String::new, |_| step.lookups().to_string());
        table.row(&[number, cost, format!("{indent}{}", step.term), outcome(step).in_words(words)]);
        if let Some(below) = &step.below {
            rows(table, words, below, depth + 1);
        }
    }
    for unused in &node.unused {
        table.row(&[String::new(), String::new(), format!("{indent}{unused}"), words.say("spf-unused")]);
    }
}

fn outcome(step: &SpfStep) -> Said {
    let what = match step.outcome {
        SpfOutcome::Fine if step.lookup.is_some() => addresses(step),
        SpfOutcome::Fine => Said::default(),
        SpfOutcome::Nothing if step.is_void => said!("spf-step-nothing-void"),
        SpfOutcome::Nothing => said!("spf-step-nothing"),
        SpfOutcome::NoRecord if step.is_void => said!("spf-step-no-record-void"),
        SpfOutcome::NoRecord => said!("spf-step-no-record"),
        SpfOutcome::SeveralRecords(count) => said!("spf-step-several", count = count),
        SpfOutcome::InvalidRecord => said!("spf-step-invalid"),
        SpfOutcome::Loop => said!("spf-step-loop"),
        SpfOutcome::TooManyHosts(count) => said!("spf-step-hosts", count = count),
        SpfOutcome::Dynamic => said!("spf-step-dynamic"),
        SpfOutcome::NotAsked => said!("spf-step-not-asked"),
        SpfOutcome::Failed(failure) => said!("spf-step-failed", why = failure.said()),
    };
    match step.lookup {
        Some(number) if number > LOOKUPS_MAX && what.is_empty() => said!("spf-step-beyond"),
        Some(number) if number > LOOKUPS_MAX => said!("spf-step-beyond-what", what = what),
        _ => what,
    }
}

fn addresses(step: &SpfStep) -> Said {
    let shown = |network: &ipnet::IpNet| {
        if network.prefix_len() == network.max_prefix_len() { network.addr().to_string() } else { network.to_string() }
    };
    let first = step.networks.iter().take(ADDRESSES_SHOWN).map(shown).map(Said::from).collect();
    let first = Said::list(first);
    match step.networks.len().saturating_sub(ADDRESSES_SHOWN) {
        0 => first,
        more => said!("spf-addresses-more", first = first, more = more),
    }
}

/// `ruascope.spf/1`.
#[must_use]
pub fn json(tree: &SpfTree, cover: Option<&SpfCover>) -> Value {
    let network = |network: &crate::dns::SpfNetwork| {
        json!({
            "network": network.network.to_string(), "result": result(network.qualifier), "path": network.path,
        })
    };
    json!({
        "schema": "ruascope.spf/1",
        "domain": tree.domain,
        "records": tree.answer.records(),
        "answer": answer_word(&tree.answer),
        "valid": tree.text().map(|_| tree.is_valid),
        "lookups": tree.text().map(|_| tree.lookups()),
        "lookups_max": LOOKUPS_MAX,
        "void_lookups": tree.text().map(|_| tree.void_lookups()),
        "void_lookups_max": VOID_LOOKUPS_MAX,
        "terms": terms(tree),
        "unused": tree.unused,
        "networks": cover.map(|cover| cover.networks.iter().map(network).collect::<Vec<_>>()),
        "complete": cover.map(|cover| cover.is_complete),
    })
}

fn terms(node: &SpfNode) -> Vec<Value> {
    let term = |step: &SpfStep| {
        let below = step.below.as_ref().map(|below| {
            json!({
                "domain": below.domain, "records": below.answer.records(), "answer": answer_word(&below.answer),
                "terms": terms(below), "unused": below.unused,
            })
        });
        let (word, detail) = word(step.outcome);
        json!({
            "term": step.term.to_string(), "lookup": step.lookup, "lookups": step.lookups(),
            "void_lookups": step.void_lookups(), "target": step.target, "outcome": word, "detail": detail,
            "networks": step.networks.iter().map(ToString::to_string).collect::<Vec<_>>(), "record": below,
        })
    };
    node.steps.iter().map(term).collect()
}

const fn answer_word(answer: &Answer<String>) -> &'static str {
    match answer {
        Answer::Found(_) => "found",
        Answer::NoData => "no_data",
        Answer::NxDomain => "nx_domain",
        Answer::Failed(_) => "failed",
    }
}

const fn result(qualifier: Qualifier) -> &'static str {
    match qualifier {
        Qualifier::Pass => "pass",
        Qualifier::Fail => "fail",
        Qualifier::SoftFail => "softfail",
        Qualifier::Neutral => "neutral",
    }
}

/// The name of an outcome, and what there is to say about it.
fn word(outcome: SpfOutcome) -> (&'static str, Option<String>) {
    match outcome {
        SpfOutcome::Fine => ("fine", None),
        SpfOutcome::Nothing => ("nothing", None),
        SpfOutcome::NoRecord => ("no_record", None),
        SpfOutcome::SeveralRecords(count) => ("several_records", Some(format!("{count} records"))),
        SpfOutcome::InvalidRecord => ("invalid_record", None),
        SpfOutcome::Loop => ("loop", None),
        SpfOutcome::TooManyHosts(count) => ("too_many_hosts", Some(format!("{count} hosts"))),
        SpfOutcome::Dynamic => ("dynamic", None),
        SpfOutcome::NotAsked => ("not_asked", None),
        SpfOutcome::Failed(failure) => ("failed", Some(failure.as_str().to_owned())),
    }
}
