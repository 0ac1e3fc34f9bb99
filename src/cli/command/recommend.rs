//! `ruascope recommend`

use clap::Args;
use serde_json::json;

use super::verdict::{Verdict, worst};
use crate::cli::advice::{self, Known};
use crate::cli::context::Context;
use crate::cli::exit::{Exit, Failure};
use crate::cli::output;
use crate::present::advice as present;
use crate::words::said;

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  ruascope recommend example.com\n  ruascope recommend example.com --explain\n\nExit codes: 0 go on, wait, or done; 1 something to mend; 2 roll back, or reports have stopped; 3 too little is known"
)]
pub(in crate::cli) struct Arguments {
    /// The domain [default: those of the settings, else those of the reports]
    domain: Option<String>,
    /// Every gate and number, and where it comes from
    #[arg(long)]
    explain: bool,
    #[command(flatten)]
    verdict: Verdict,
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> anyhow::Result<Exit> {
    let mut store = advice::store(context)?;
    let domains = advice::domains(context, arguments.domain.as_deref(), store.as_ref())?;
    if domains.is_empty() {
        let failure = Failure::new(Exit::Unknown, said!("error-no-domain"));
        return Err(failure.hint(said!("hint-recommend-which")).into());
    }
    let resolver = context.resolver()?;
    let mut all = Vec::new();
    for domain in &domains {
        let known = Known::of(context, store.as_mut(), resolver.as_ref(), domain)?;
        all.push(known.advice(context));
    }
    let exit = all.iter().map(advice::exit).fold(Exit::Done, worst);
    if context.as_json() {
        match all.as_slice() {
            [one] => output::json(&present::recommend_json(one))?,
            all => {
                let domains: Vec<_> = all.iter().map(present::recommend_json).collect();
                output::json(&json!({"schema": "ruascope.recommend/1", "domains": domains}))?;
            }
        }
    } else {
        let style = super::summary::style(context);
        let words = context.words();
        let texts: Vec<String> =
            all.iter().map(|one| present::recommend(one, arguments.explain, &style, &words)).collect();
        output::write(&texts.join("\n"))?;
    }
    Ok(arguments.verdict.exit(exit))
}
