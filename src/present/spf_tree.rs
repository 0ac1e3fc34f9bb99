//! An SPF record with all that it leads to, for people and for programs.

use serde_json::{Value, json};

use super::table::Table;
use super::{domain_name, escape};
use crate::dns::spf::{LOOKUPS_MAX, Qualifier, VOID_LOOKUPS_MAX};
use crate::dns::{Answer, SpfCover, SpfNode, SpfOutcome, SpfStep, SpfTree};

/// Addresses shown of one term.
const ADDRESSES_SHOWN: usize = 3;

/// A line a term, with the number of its look-up and what it costs with everything below it.
#[must_use]
pub fn text(tree: &SpfTree, width: usize) -> String {
    let domain = domain_name::shown(&tree.domain);
    if tree.text().is_none() {
        return format!("{domain}: {}\n", absence(&tree.answer));
    }
    let mut out = format!(
        "{domain}: {} of {LOOKUPS_MAX} look-ups, {} of {VOID_LOOKUPS_MAX} void look-ups\n",
        tree.lookups(),
        tree.void_lookups()
    );
    if tree.lookups() > LOOKUPS_MAX {
        out.push_str("more than 10 look-ups: mail that no term before the eleventh matches ends as permerror\n");
    }
    if !tree.is_valid {
        let text = escape::terminal(tree.text().unwrap_or_default()).into_owned();
        out.push_str(&format!("a term is wrong, so all mail ends as permerror: {text}\n"));
        return out;
    }
    let mut table = Table::new(&[">NO", ">COST", "TERM", "WHAT IT NAMES"]);
    rows(&mut table, tree, 0);
    out.push('\n');
    out.push_str(&table.text(width));
    out
}

fn absence(answer: &Answer<String>) -> String {
    match answer {
        Answer::Found(records) => {
            format!("{} SPF records, and only one is allowed: all mail ends as permerror", records.len())
        }
        Answer::NoData => "no SPF record".to_owned(),
        Answer::NxDomain => "no SPF record: the name does not exist".to_owned(),
        Answer::Failed(failure) => format!("DNS did not answer: {}", failure.as_str()),
    }
}

fn rows(table: &mut Table, node: &SpfNode, depth: usize) {
    let indent = "  ".repeat(depth);
    for step in &node.steps {
        let number = step.lookup.map_or_else(String::new, |number| number.to_string());
        let cost = step.lookup.map_or_else(String::new, |_| step.lookups().to_string());
        table.row(&[number, cost, format!("{indent}{}", step.term), outcome(step)]);
        if let Some(below) = &step.below {
            rows(table, below, depth + 1);
        }
    }
    for unused in &node.unused {
        table.row(&[
            String::new(),
            String::new(),
            format!("{indent}{unused}"),
            "receivers never look at it".to_owned(),
        ]);
    }
}

fn outcome(step: &SpfStep) -> String {
    let void = if step.is_void { " (a void look-up)" } else { "" };
    let what = match step.outcome {
        SpfOutcome::Fine if step.lookup.is_some() => addresses(step),
        SpfOutcome::Fine => String::new(),
        SpfOutcome::Nothing => format!("nothing{void}"),
        SpfOutcome::NoRecord => format!("no SPF record, so permerror{void}"),
        SpfOutcome::SeveralRecords(count) => format!("{count} SPF records, so permerror"),
        SpfOutcome::InvalidRecord => "a record with a wrong term, so permerror".to_owned(),
        SpfOutcome::Loop => "a record above it: a loop, so permerror".to_owned(),
        SpfOutcome::TooManyHosts(count) => format!("{count} mail servers, and more than 10 are a permerror"),
        SpfOutcome::Dynamic => "depends on the mail".to_owned(),
        SpfOutcome::NotAsked => "not asked for: too many came before".to_owned(),
        SpfOutcome::Failed(failure) => format!("not known: {}", failure.as_str()),
    };
    if step.lookup.is_some_and(|number| number > LOOKUPS_MAX) {
        let rest = if what.is_empty() { String::new() } else { format!("; {what}") };
        return format!("beyond the tenth look-up{rest}");
    }
    what
}

fn addresses(step: &SpfStep) -> String {
    let shown = |network: &ipnet::IpNet| {
        if network.prefix_len() == network.max_prefix_len() { network.addr().to_string() } else { network.to_string() }
    };
    let first: Vec<String> = step.networks.iter().take(ADDRESSES_SHOWN).map(shown).collect();
    match step.networks.len().saturating_sub(ADDRESSES_SHOWN) {
        0 => first.join(", "),
        more => format!("{} and {more} more", first.join(", ")),
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
