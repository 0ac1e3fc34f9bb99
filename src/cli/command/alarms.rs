//! `ruascope alarms`

use clap::Args;
use serde_json::{Value, json};

use crate::analyze::alarms::Alarm;
use crate::cli::advice::{self, Known};
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::output;
use crate::cli::period::date;
use crate::present::alarms as present;

/// Days for which an alarm that is over is still listed.
const LISTED_DAYS: i64 = 35;

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  ruascope alarms\n  ruascope alarms example.com --all\n  ruascope alarms --format json"
)]
pub(in crate::cli) struct Arguments {
    /// The domain [default: those of the settings, else those of the reports]
    domain: Option<String>,
    /// Also those that were over more than 35 days ago
    #[arg(long)]
    all: bool,
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> anyhow::Result<Exit> {
    let mut store = advice::store(context)?;
    let domains = advice::domains(context, arguments.domain.as_deref(), store.as_ref())?;
    let resolver = context.resolver()?;
    let mut all: Vec<(String, Vec<Alarm>)> = Vec::new();
    for domain in domains {
        let known = Known::of(context, store.as_mut(), resolver.as_ref(), &domain)?;
        // Older ones are only in the store: what they were worked out of is not looked at any more.
        let mut alarms = known.alarms;
        let kept = store.as_ref().map(|store| store.alarms(&domain)).transpose()?.unwrap_or_default();
        let oldest = known.observations.iter().map(|seen| seen.day).min().unwrap_or(i64::MAX);
        alarms.extend(kept.into_iter().filter(|alarm| alarm.opened_day < oldest));
        let first = if arguments.all { i64::MIN } else { known.today - LISTED_DAYS };
        alarms.retain(|alarm| alarm.closed_day.is_none_or(|day| day >= first));
        all.push((domain, alarms));
    }
    if context.as_json() {
        let alarms: Vec<Value> =
            all.iter().flat_map(|(domain, alarms)| alarms.iter().map(|alarm| entry(domain, alarm))).collect();
        output::json(&json!({"schema": "ruascope.alarms/1", "alarms": alarms}))?;
    } else {
        output::write(&present::alarms(&all, &context.words(), &super::summary::style(context)))?;
    }
    Ok(Exit::Done)
}

fn entry(domain: &str, alarm: &Alarm) -> Value {
    let day = |day: i64| date(day).map(|date| date.to_string());
    json!({
        "domain": domain,
        "kind": alarm.kind.as_str(),
        "severity": alarm.severity.as_str(),
        "subject": alarm.subject,
        "detail": alarm.detail,
        "opened": day(alarm.opened_day),
        "last": day(alarm.last_day),
        "closed": alarm.closed_day.and_then(day),
        "open": alarm.closed_day.is_none(),
    })
}
