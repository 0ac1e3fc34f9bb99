//! `ruascope status`

use clap::Args;

use super::verdict::{Verdict, worst};
use crate::cli::advice::{self, Known};
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::output;
use crate::present::advice::{self as present, DomainStatus};

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  ruascope status\n  ruascope status --offline --format json\n\nExit codes: 0 all is well, 1 something to mend, 2 roll back or blind, 3 too little is known"
)]
pub(in crate::cli) struct Arguments {
    #[command(flatten)]
    verdict: Verdict,
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> anyhow::Result<Exit> {
    let mut store = advice::store(context)?;
    let domains = advice::domains(context, None, store.as_ref())?;
    let resolver = context.resolver()?;
    let mut all = Vec::new();
    for domain in &domains {
        let known = Known::of(context, store.as_mut(), resolver.as_ref(), domain)?;
        all.push(DomainStatus { advice: known.advice(context), badges: known.badges, newest_day: known.newest_day });
    }
    if context.as_json() {
        output::json(&present::status_json(&all))?;
    } else {
        output::write(&present::status(&all, &super::summary::style(context), &context.words()))?;
    }
    let found = all.iter().map(|status| advice::exit(&status.advice)).fold(Exit::Done, worst);
    Ok(arguments.verdict.exit(if all.is_empty() { Exit::Unknown } else { found }))
}
