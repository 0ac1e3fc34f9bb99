//! `ruascope spf`

mod evidence;

use clap::{Args, Subcommand};
use ipnet::IpNet;
use serde_json::json;

use self::evidence::Used;
use super::check;
use super::dmarc::domain_name;
use super::record::{self, As};
use super::verdict::Verdict;
use crate::analyze::{DeclaredSender, SpfSuggestion, flatten_own, suggest_spf};
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::output;
use crate::config::{DomainSettings, Profile, SenderClass};
use crate::dns::spf::{self, LOOKUPS_MAX};
use crate::dns::{Answer, SpfTree};
use crate::present::dns_record::DnsRecord;
use crate::present::{escape, spf_tree as present};
use crate::resolve::{Resolver, spf_tree, spf_tree_of};
use crate::words::{Said, said};

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Arguments {
    /// Show the SPF record with all that it includes, and how many DNS look-ups each term takes
    #[command(after_help = "Example:\n  ruascope spf show example.com\n\nExit codes: 0 done, 3 DNS did not answer")]
    Show {
        /// The domain
        domain: String,
    },
    /// Say what is wrong with the SPF record, and with those that it includes
    #[command(
        after_help = "Example:\n  ruascope spf check example.com\n\nExit codes: 0 all is well, 1 something should be changed, 2 something is broken, 3 DNS did not answer"
    )]
    Check {
        /// The domain
        domain: String,
        #[command(flatten)]
        verdict: Verdict,
    },
    /// Print an SPF record to publish: what is published, mended, with the senders of the settings
    #[command(
        after_help = "Examples:\n  ruascope spf suggest example.com\n  ruascope spf suggest example.com --as cloudflare\n\nSenders are declared in the settings: [[domain.sender]] with cidr (addresses) and spf (names to include).\nExit codes: 0 done, 1 it takes more than 10 look-ups, 3 DNS did not answer, so that what is published is not known"
    )]
    Suggest(SuggestArguments),
}

#[derive(Args, Debug)]
pub(in crate::cli) struct SuggestArguments {
    /// The domain
    domain: String,
    /// Form of the record
    #[arg(long = "as", value_enum, default_value_t = As::Zone)]
    form: As,
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> anyhow::Result<Exit> {
    match arguments {
        Arguments::Show { domain } => show(context, domain),
        Arguments::Check { domain, verdict } => check::only_spf(context, domain_name(domain)?.as_str(), *verdict),
        Arguments::Suggest(arguments) => suggest(context, arguments),
    }
}

fn show(context: &Context, domain: &str) -> anyhow::Result<Exit> {
    let domain = domain_name(domain)?;
    let resolver = context.resolver()?;
    let limits = &context.resolved.settings.limits;
    let tree = spf_tree(resolver.as_ref(), domain.as_str(), limits);
    if context.as_json() {
        let networks_max = usize::try_from(limits.spf_networks_max).unwrap_or(usize::MAX);
        output::json(&present::json(&tree, tree.cover(networks_max).as_ref()))?;
    } else {
        output::write(&present::text(&tree, &context.words(), Context::width()))?;
    }
    Ok(if tree.has_failed() { Exit::Unknown } else { Exit::Done })
}

fn suggest(context: &Context, arguments: &SuggestArguments) -> anyhow::Result<Exit> {
    let domain = domain_name(&arguments.domain)?;
    let settings = &context.resolved.settings;
    let known = settings.domains.iter().find(|known| known.name == domain);
    let resolver = context.resolver()?;
    let tree = spf_tree(resolver.as_ref(), domain.as_str(), &settings.limits);
    let mut senders = declared(resolver.as_ref(), known, domain.as_str());
    let is_parked = known.is_some_and(|known| known.profile == Some(Profile::Parked));
    let comes_to = |text: &str| spf_tree_of(resolver.as_ref(), domain.as_str(), text, &settings.limits);
    let networks_max = usize::try_from(settings.limits.spf_networks_max).unwrap_or(usize::MAX);
    // What is left out first may have hidden what stands behind it.
    let kept = comes_to(&suggest_spf(&tree, None, &[], is_parked).text);
    let cover = kept.cover(networks_max);
    let evidence = evidence::look(context, resolver.as_ref(), domain.as_str(), cover.as_ref())?;
    let with_declared = comes_to(&suggest_spf(&tree, cover.as_ref(), &senders, is_parked).text);
    senders.extend(evidence::missing(&evidence, with_declared.cover(networks_max).as_ref(), |include| {
        spf_tree(resolver.as_ref(), include, &settings.limits).cover(networks_max)
    }));
    let mut suggestion = suggest_spf(&tree, cover.as_ref(), &senders, is_parked);
    let mut result = comes_to(&suggestion.text);
    if let Some(flat) = flatten_own(&result) {
        suggestion.changes.extend(flat.changes);
        suggestion.text = flat.text;
        result = comes_to(&suggestion.text);
    }
    let record =
        DnsRecord { host: String::new(), domain: domain.to_string(), ttl_s: None, text: suggestion.text.clone() };
    let is_known = !tree.answer.is_unknown();
    let used = evidence::used(&evidence, &kept);
    let told = Told { tree: &tree, result: &result, is_known, used: &used };
    tell(context, &record, arguments.form, &suggestion, &told)?;
    Ok(match (is_known, result.lookups() > LOOKUPS_MAX) {
        (false, _) => Exit::Unknown,
        (true, true) => Exit::Warning,
        (true, false) => Exit::Done,
    })
}

/// What a suggestion is compared with, and what it comes to.
struct Told<'a> {
    tree: &'a SpfTree,
    result: &'a SpfTree,
    is_known: bool,
    /// Mails of the last days by published term.
    used: &'a [Used],
}

fn tell(
    context: &Context,
    record: &DnsRecord,
    form: As,
    suggestion: &SpfSuggestion,
    told: &Told<'_>,
) -> anyhow::Result<()> {
    let findings = spf::read(&record.text).map(|read| read.findings).unwrap_or_default();
    let lookups = told.result.lookups();
    if context.as_json() {
        let mut object = json!({"schema": "ruascope.record/1"});
        record::extend(&mut object, record::as_json(record, &findings));
        let more = json!({
            "published": told.tree.answer.records(), "published_known": told.is_known, "changes": suggestion.changes,
            "lookups": lookups, "lookups_max": LOOKUPS_MAX,
            "terms": told.used.iter().map(Used::as_json).collect::<Vec<_>>(),
        });
        record::extend(&mut object, more);
        output::json(&object)?;
        return Ok(());
    }
    output::write(&record.show(form.into()))?;
    if context.global.quiet {
        return Ok(());
    }
    let words = context.words();
    for line in lines(record, suggestion, told) {
        output::complain(&escape::terminal(&line.in_words(&words)));
    }
    record::complain(context, &findings);
    Ok(())
}

/// What there is to say about a suggestion.
fn lines(record: &DnsRecord, suggestion: &SpfSuggestion, told: &Told<'_>) -> Vec<Said> {
    let lookups = told.result.lookups();
    let mut lines = Vec::new();
    if let Answer::Failed(failure) = &told.tree.answer {
        lines.push(said!("line-warning", what = said!("spf-published-unknown", why = failure.said())));
    }
    if told.tree.answer.records().len() > 1 {
        lines.push(said!("line-warning", what = said!("spf-published-several")));
    }
    lines.extend(suggestion.changes.iter().cloned());
    lines.extend(told.used.iter().map(Used::told));
    if suggestion.changes.is_empty() && told.tree.text() == Some(&record.text) {
        lines.push(said!("spf-published-same"));
    }
    lines.push(said!("spf-takes", lookups = lookups, max = LOOKUPS_MAX));
    if lookups > LOOKUPS_MAX {
        let mut dear: Vec<_> = told.result.steps.iter().filter(|step| step.lookups() > 0).collect();
        dear.sort_by_key(|step| std::cmp::Reverse(step.lookups()));
        let dear = dear.iter().take(4).map(|step| {
            let (term, lookups) = (step.term.to_string(), step.lookups());
            said!("spf-dear", term = term, lookups = lookups)
        });
        let dear = Said::list(dear.collect());
        lines.push(said!("line-warning", what = said!("spf-takes-too-many", dear = dear)));
    }
    lines
}

/// Streams of the settings that are the owner's, with what SPF needs of them. A name of an envelope domain is included
/// only when it has a record of its own and is not below the domain: mail with such a sender is judged by its own record.
fn declared(resolver: &dyn Resolver, known: Option<&DomainSettings>, domain: &str) -> Vec<DeclaredSender> {
    let is_own = |class: SenderClass| matches!(class, SenderClass::Legit | SenderClass::Own | SenderClass::Authorised);
    let is_below = |name: &str| name == domain || name.ends_with(&format!(".{domain}"));
    let has_record = |name: &str| {
        let answer = resolver.txt(name).answer;
        // Where DNS does not answer, the owner's word counts.
        answer.is_unknown() || answer.records().iter().any(|text| spf::is_record(text))
    };
    let senders = known.into_iter().flat_map(|known| &known.senders).filter(|sender| is_own(sender.class));
    senders
        .map(|sender| DeclaredSender {
            name: sender.name.clone(),
            mails: None,
            networks: sender
                .cidr
                .iter()
                .filter_map(|cidr| cidr.to_string().parse::<IpNet>().ok())
                .map(|net| net.trunc())
                .collect(),
            includes: sender
                .spf
                .iter()
                .map(ToString::to_string)
                .filter(|name| !is_below(name) || name.starts_with("_spf."))
                .filter(|name| has_record(name))
                .collect(),
        })
        .collect()
}
