//! `ruascope check --history`: what a domain published, and when it changed.

use serde_json::{Value, json};

use super::domain_name;
use crate::analyze::check::{Change, changes};
use crate::cli::context::Context;
use crate::cli::exit::{Exit, Failure};
use crate::cli::output;
use crate::cli::period::rfc3339;
use crate::present::escape;
use crate::store::Snapshot;
use crate::words::{Words, said};

pub(super) fn show(context: &Context, domain: &str) -> anyhow::Result<Exit> {
    let domain = domain_name(domain)?.to_string();
    let snapshots = context.read_store()?.published_history(&domain)?;
    if snapshots.is_empty() {
        let failure = Failure::new(Exit::BadData, said!("error-no-history", domain = domain));
        return Err(failure.hint(said!("hint-history", domain = domain)).into());
    }
    let mut before = None;
    let mut steps: Vec<(&Snapshot, Vec<Change>)> = Vec::new();
    for snapshot in &snapshots {
        steps.push((snapshot, changes(before, &snapshot.published)));
        before = Some(&snapshot.published);
    }
    if context.as_json() {
        let steps: Vec<Value> = steps.iter().map(|(snapshot, changes)| step(snapshot, changes)).collect();
        output::json(&json!({"schema": "ruascope.history/1", "domain": domain, "snapshots": steps}))?;
    } else {
        output::write(&text(&domain, &steps, &context.words()))?;
    }
    Ok(Exit::Done)
}

fn text(domain: &str, steps: &[(&Snapshot, Vec<Change>)], words: &Words) -> String {
    let mut out = format!("{domain}\n");
    for (snapshot, changes) in steps {
        let (first, last) = (rfc3339(snapshot.published.seen_s), rfc3339(snapshot.last_s));
        let seen = said!("history-seen", first = first, last = last);
        out.push_str(&format!("{}\n", seen.in_words(words)));
        for Change { what, gone, new } in changes {
            let lines = gone.iter().map(|text| ('-', text)).chain(new.iter().map(|text| ('+', text)));
            for (sign, text) in lines {
                out.push_str(&format!("  {sign} {}: {}\n", escape::terminal(what), escape::terminal(text)));
            }
        }
    }
    out
}

fn step(snapshot: &Snapshot, changes: &[Change]) -> Value {
    let published = &snapshot.published;
    let keys: Vec<Value> =
        published.dkim.iter().map(|key| json!({"selector": key.selector, "txt": key.answer.records()})).collect();
    let changes: Vec<Value> =
        changes.iter().map(|change| json!({"what": change.what, "gone": change.gone, "new": change.new})).collect();
    json!({
        "first_seen": rfc3339(published.seen_s),
        "last_seen": rfc3339(snapshot.last_s),
        "changes": changes,
        "dmarc": published.dmarc.records(),
        "spf": published.spf.records(),
        "mx": published.mx.records(),
        "dkim": keys,
    })
}
