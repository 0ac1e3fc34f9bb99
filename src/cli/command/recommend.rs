//! `ruascope recommend`

use clap::Args;
use serde_json::json;

use super::verdict::{Verdict, worst};
use crate::cli::advice;
use crate::cli::context::Context;
use crate::cli::exit::{Exit, Failure};
use crate::cli::output;
use crate::present::advice as present;
use crate::words::said;

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  ruascope recommend example.com\n  ruascope recommend example.com --explain\n  ruascope recommend example.com --sent-per-day 12000\n\nExit codes: 0 go on, wait, or done; 1 something to mend; 2 roll back, or reports have stopped; 3 too little is known"
)]
pub(in crate::cli) struct Arguments {
    /// The domain [default: those of the settings, else those of the reports]
    domain: Option<String>,
    /// Every gate and number, and where it comes from
    #[arg(long)]
    explain: bool,
    /// Accept that forwarders and mailing lists lose mail under reject, as gates.reject.indirect_percent_max = 100 does
    #[arg(long)]
    accept_list_risk: bool,
    /// Mails that you really send on a day, from your logs: upper bounds are then for all of them, not only for those that
    /// reports tell of
    #[arg(long, value_name = "N", requires = "domain", value_parser = clap::value_parser!(u32).range(1..))]
    sent_per_day: Option<u32>,
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
    let accepting = arguments.accept_list_risk.then(|| context.accepting_list_risk());
    let context = accepting.as_ref().unwrap_or(context);
    let all = advice::each(context, store.as_mut(), &domains, |mut known| {
        known.sent_per_day = arguments.sent_per_day;
        known.advice(context)
    })?;
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
