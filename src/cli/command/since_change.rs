//! `ruascope watch --since-change`: has a policy that was just tightened to go back?

use super::verdict::{Verdict, worst};
use crate::analyze::readiness::{Advice, Decision};
use crate::cli::advice;
use crate::cli::context::Context;
use crate::cli::exit::{Exit, Failure};
use crate::cli::output;
use crate::present::advice as present;
use crate::words::said;

/// Looks at the domains that are named, else at all.
pub(super) fn run(context: &Context, names: &[String], verdict: Verdict) -> anyhow::Result<Exit> {
    let mut store = advice::store(context)?;
    let domains = match names {
        [] => advice::domains(context, None, store.as_ref())?,
        names => names
            .iter()
            .map(|name| advice::domains(context, Some(name), store.as_ref()))
            .collect::<anyhow::Result<Vec<_>>>()?
            .concat(),
    };
    if domains.is_empty() {
        let failure = Failure::new(Exit::Unknown, said!("error-no-domain"));
        return Err(failure.hint(said!("hint-watch-which")).into());
    }
    let all = advice::each(context, store.as_mut(), &domains, |known| known.advice(context))?;
    if context.as_json() {
        output::json(&present::watch_json(&all))?;
    } else {
        output::write(&present::watch(&all, &super::summary::style(context), &context.words()))?;
    }
    Ok(verdict.exit(all.iter().map(exit).fold(Exit::Done, worst)))
}

/// Only what is about going back: that something is to be mended is said by `recommend`.
fn exit(advice: &Advice) -> Exit {
    match advice.decision {
        Decision::Rollback => Exit::Critical,
        Decision::Investigate if advice.is_blind => Exit::Critical,
        Decision::Investigate => Exit::Unknown,
        _ => Exit::Done,
    }
}
