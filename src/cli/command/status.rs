//! `ruascope status`

use clap::Args;

use super::verdict::{self, Verdict, worst};
use crate::cli::advice;
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::output;
use crate::present::advice::{self as present, DomainStatus};
use crate::present::plugin;

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  ruascope status\n  ruascope status --offline --format json\n  ruascope status --nagios\n\nExit codes: 0 all is well, 1 something to mend, 2 roll back or blind, 3 too little is known"
)]
pub(in crate::cli) struct Arguments {
    #[command(flatten)]
    verdict: Verdict,
    /// First one short line with numbers, as Nagios and its kin read it; what goes wrong is 3 then
    #[arg(long)]
    nagios: bool,
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> anyhow::Result<Exit> {
    if arguments.nagios { verdict::as_plugin(judge(context, arguments)) } else { judge(context, arguments) }
}

fn judge(context: &Context, arguments: &Arguments) -> anyhow::Result<Exit> {
    let mut store = advice::store(context)?;
    let domains = advice::domains(context, None, store.as_ref())?;
    let all = advice::each(context, store.as_mut(), &domains, |known| DomainStatus {
        advice: known.advice(context),
        badges: known.badges,
        newest_day: known.newest_day,
    })?;
    let found = all.iter().map(|status| advice::exit(&status.advice)).fold(Exit::Done, worst);
    let exit = arguments.verdict.exit(if all.is_empty() { Exit::Unknown } else { found });
    if arguments.nagios {
        output::write(&plugin_line(&all, exit))?;
    }
    if context.as_json() {
        output::json(&present::status_json(&all))?;
    } else {
        output::write(&present::status(&all, &super::summary::style(context), &context.words()))?;
    }
    Ok(exit)
}

/// The domains that are not well, and the share of each domain's own mail that passes.
fn plugin_line(all: &[DomainStatus], exit: Exit) -> String {
    let is_bad = |status: &&DomainStatus| advice::exit(&status.advice) != Exit::Done;
    let bad: Vec<String> = all
        .iter()
        .filter(is_bad)
        .map(|status| format!("{} {}", status.advice.domain, status.advice.decision.as_str()))
        .collect();
    let share = |status: &DomainStatus| {
        status.advice.evidence.pass.map(|pass| (status.advice.domain.clone(), plugin::Value::Percent(pass * 100.0)))
    };
    let numbers: Vec<_> = all.iter().filter_map(share).collect();
    plugin::line(verdict::level(exit), all.len(), &bad, &numbers)
}
