//! `ruascope simulate`

use std::collections::BTreeSet;

use clap::Args;

use super::dmarc::word;
use super::verdict::Verdict;
use crate::analyze::alignment::Organizations;
use crate::analyze::readiness::WINDOW_DAYS;
use crate::analyze::simulate::{Trial, simulate};
use crate::cli::advice::{self, Known};
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::help::Wrong;
use crate::cli::output;
use crate::cli::period;
use crate::dns::Answer;
use crate::dns::dmarc::DmarcRecord;
use crate::model::{AlignmentMode, Policy, TestMode};
use crate::present::advice::{self as present, SimulationView};
use crate::resolve::Resolver;
use crate::words::said;

/// Names below the domain that are asked for, whether they exist: those with most mails.
const NAMES_ASKED_MAX: usize = 50;

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  ruascope simulate example.com --p quarantine\n  ruascope simulate example.com --p reject --sp quarantine --np reject --adkim s\n\nWhat no flag says is as published now. Exit codes: 0 no mail of yours would be lost, 1 some would, 3 there are no reports"
)]
pub(in crate::cli) struct Arguments {
    /// The domain
    domain: String,
    /// Policy: none, quarantine or reject
    #[arg(long, value_parser = word::<Policy>)]
    p: Option<Policy>,
    /// Policy of subdomains
    #[arg(long, value_parser = word::<Policy>)]
    sp: Option<Policy>,
    /// Policy of subdomains that do not exist
    #[arg(long, value_parser = word::<Policy>)]
    np: Option<Policy>,
    /// Alignment of DKIM: r or s
    #[arg(long, value_parser = word::<AlignmentMode>)]
    adkim: Option<AlignmentMode>,
    /// Alignment of SPF: r or s
    #[arg(long, value_parser = word::<AlignmentMode>)]
    aspf: Option<AlignmentMode>,
    /// Whether the policy is only tested: y or n
    #[arg(long, value_parser = word::<TestMode>)]
    t: Option<TestMode>,
    /// Days that are replayed
    #[arg(long, value_name = "N", default_value_t = 35, value_parser = days)]
    days: u32,
    #[command(flatten)]
    verdict: Verdict,
}

/// Most days that are replayed.
const DAYS_MAX: u32 = 400;

/// Days that are looked at.
fn days(text: &str) -> Result<u32, Wrong> {
    period::days(text).ok().filter(|days| *days <= DAYS_MAX).ok_or_else(|| Wrong(said!("wrong-days", max = DAYS_MAX)))
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> anyhow::Result<Exit> {
    let mut store = advice::store(context)?;
    let domains = advice::domains(context, Some(&arguments.domain), store.as_ref())?;
    let resolver = context.resolver()?;
    let domain = domains.first().map_or(arguments.domain.as_str(), String::as_str);
    let known = Known::of(context, store.as_mut(), resolver.as_ref(), domain)?;
    let record = record(arguments, &known);
    let oldest = known.observations.iter().map(|seen| seen.day).min();
    let window =
        known.newest_day.zip(oldest).map(|(last, oldest)| (oldest.max(last - i64::from(arguments.days) + 1), last));
    let missing = missing(&known, &record, resolver.as_ref());
    let trial = Trial {
        domain: &known.domain,
        record: &record,
        missing: &missing,
        organizations: Organizations::new(known.published.as_ref()),
        days: window.unwrap_or((0, WINDOW_DAYS - 1)),
    };
    let simulation = simulate(&trial, &known.observations, &known.senders);
    let view = SimulationView {
        domain: &known.domain,
        record: &record,
        window,
        simulation: &simulation,
        senders: &known.senders,
    };
    if context.as_json() {
        output::json(&present::simulate_json(&view))?;
    } else {
        output::write(&present::simulate(&view, &super::summary::style(context), &context.words()))?;
    }
    let found = match window {
        None => Exit::Unknown,
        Some(_) if view.own_lost().0 > 0.0 => Exit::Warning,
        Some(_) => Exit::Done,
    };
    Ok(arguments.verdict.exit(found))
}

/// What is published, changed by the flags. A policy that is named is in force, unless a test is asked for.
fn record(arguments: &Arguments, known: &Known) -> DmarcRecord {
    let mut record = known.current.record(&known.domain).unwrap_or_default();
    if arguments.p.is_some() {
        (record.t, record.pct) = (None, None);
    }
    record.p = arguments.p.or(record.p).or(Some(Policy::None));
    record.sp = arguments.sp.or(record.sp);
    record.np = arguments.np.or(record.np);
    record.adkim = arguments.adkim.or(record.adkim);
    record.aspf = arguments.aspf.or(record.aspf);
    record.t = arguments.t.or(record.t);
    record
}

/// Author domains below the domain that do not exist; only asked where it makes a difference. No answer is no "no".
fn missing(known: &Known, record: &DmarcRecord, resolver: &dyn Resolver) -> BTreeSet<String> {
    if record.np.is_none() || record.np == record.sp.or(record.p) {
        return BTreeSet::new();
    }
    let mut names: std::collections::BTreeMap<&str, u64> = std::collections::BTreeMap::new();
    for seen in &known.observations {
        let below = seen.identifiers.header_from.as_deref().filter(|from| *from != known.domain);
        if let Some(from) = below {
            *names.entry(from).or_default() += seen.mails;
        }
    }
    let mut names: Vec<(&str, u64)> = names.into_iter().collect();
    names.sort_by_key(|(name, mails)| (std::cmp::Reverse(*mails), *name));
    let asked = names.into_iter().take(NAMES_ASKED_MAX).map(|(name, _)| name);
    asked.filter(|name| resolver.txt(name).answer == Answer::NxDomain).map(str::to_owned).collect()
}
