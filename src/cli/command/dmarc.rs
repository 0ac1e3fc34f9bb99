//! `ruascope dmarc`

use clap::{Args, Subcommand};

use super::record::As;
use super::{dmarc_settings, dmarc_show, record};
use crate::analyze::check::{meant_record, report_uri};
use crate::cli::context::Context;
use crate::cli::exit::{Exit, Failure};
use crate::cli::help::Wrong;
use crate::config::{DomainName, ReportUri};
use crate::dns::dmarc;
use crate::model::{AlignmentMode, Policy, TestMode, Word};
use crate::present::dns_record::DnsRecord;
use crate::present::escape;
use crate::words::said;

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Arguments {
    /// Print the policy record to publish: that of the settings, changed by flags; p=none where neither says a policy
    #[command(
        after_help = "Examples:\n  ruascope dmarc record example.com --rua dmarc@example.com\n  ruascope dmarc record example.com --p quarantine --as route53"
    )]
    Record(RecordArguments),
    /// Set the policy that you mean to publish, in the settings file; what no flag says stays
    #[command(after_help = "Example:\n  ruascope dmarc set example.com --p none --rua dmarc@example.com")]
    Set {
        #[command(flatten)]
        policy: PolicyArguments,
        /// Set p=reject on your own risk: mail that fails is lost for good
        #[arg(long)]
        force: bool,
        /// Only show what would change
        #[arg(long)]
        dry_run: bool,
    },
    /// Take the policy of a domain out of the settings file; what DNS publishes stays until you remove it there
    Remove {
        /// The domain
        domain: String,
        /// Only show what would change
        #[arg(long)]
        dry_run: bool,
    },
    /// Show what is meant, published and observed side by side, and which record applies
    #[command(after_help = "Examples:\n  ruascope dmarc show example.com\n  ruascope dmarc show news.example.com")]
    Show {
        /// The domain, or one below it
        domain: String,
    },
    /// Print the record with which an address's domain agrees to take another domain's reports
    #[command(name = "rua-auth", after_help = "Example:\n  ruascope dmarc rua-auth example.com report@example.jp")]
    RuaAuth {
        /// The domain that the reports are about
        domain: String,
        /// The address that reports go to
        address: String,
        /// Form of the record
        #[arg(long = "as", value_enum, default_value_t = As::Zone)]
        form: As,
    },
}

#[derive(Args, Debug)]
pub(in crate::cli) struct RecordArguments {
    #[command(flatten)]
    policy: PolicyArguments,
    /// Form of the record
    #[arg(long = "as", value_enum, default_value_t = As::Zone)]
    form: As,
}

/// A domain and what is said about its policy.
#[derive(Args, Debug)]
pub(in crate::cli) struct PolicyArguments {
    /// The domain
    pub(super) domain: String,
    /// Policy: none, quarantine or reject
    #[arg(long, value_parser = word::<Policy>)]
    pub(super) p: Option<Policy>,
    /// Policy of subdomains
    #[arg(long, value_parser = word::<Policy>)]
    pub(super) sp: Option<Policy>,
    /// Policy of subdomains that do not exist
    #[arg(long, value_parser = word::<Policy>)]
    pub(super) np: Option<Policy>,
    /// Alignment of DKIM: r or s
    #[arg(long, value_parser = word::<AlignmentMode>)]
    pub(super) adkim: Option<AlignmentMode>,
    /// Alignment of SPF: r or s
    #[arg(long, value_parser = word::<AlignmentMode>)]
    pub(super) aspf: Option<AlignmentMode>,
    /// Where reports go: an address, with or without mailto:, in place of those in the settings
    #[arg(long, value_delimiter = ',')]
    pub(super) rua: Vec<String>,
    /// Whether the policy is only tested: y or n
    #[arg(long, value_parser = word::<TestMode>)]
    pub(super) t: Option<TestMode>,
    /// Time to live, in seconds
    #[arg(long)]
    pub(super) ttl: Option<u32>,
}

pub(super) fn word<T: Word>(text: &str) -> Result<T, Wrong> {
    let words: Vec<&str> = T::ALL.iter().map(|word| word.as_str()).collect();
    T::from_exact(text).ok_or_else(|| Wrong(said!("wrong-one-of", words = words.join(", "))))
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> anyhow::Result<Exit> {
    match arguments {
        Arguments::Record(arguments) => policy_record(context, &arguments.policy, arguments.form),
        Arguments::Set { policy, force, dry_run } => dmarc_settings::set(context, policy, *force, *dry_run),
        Arguments::Show { domain } => dmarc_show::show(context, &domain_name(domain)?),
        Arguments::Remove { domain, dry_run } => dmarc_settings::remove(context, domain, *dry_run),
        Arguments::RuaAuth { domain, address, form } => rua_auth(context, domain, address, *form),
    }
}

fn policy_record(context: &Context, arguments: &PolicyArguments, form: As) -> anyhow::Result<Exit> {
    let domain = domain_name(&arguments.domain)?;
    let settings = context.resolved.settings.domains.iter().find(|known| known.name == domain);
    let meant = settings.and_then(|domain| domain.dmarc.as_ref());
    let mut record = meant.map(meant_record).unwrap_or_default();
    record.p = arguments.p.or(record.p).or(Some(Policy::None));
    record.sp = arguments.sp.or(record.sp);
    record.np = arguments.np.or(record.np);
    record.adkim = arguments.adkim.or(record.adkim);
    record.aspf = arguments.aspf.or(record.aspf);
    record.t = arguments.t.or(record.t);
    if !arguments.rua.is_empty() {
        record.rua =
            arguments.rua.iter().map(|text| Ok(report_uri(address(text)?.as_str()))).collect::<anyhow::Result<_>>()?;
    }
    let ttl_s = arguments.ttl.or_else(|| meant.and_then(|meant| meant.ttl));
    show(
        context,
        &DnsRecord { host: "_dmarc".to_owned(), domain: domain.to_string(), ttl_s, text: record.to_string() },
        form,
    )
}

/// The name, and the text that stands there, of RFC 9990 4.
fn rua_auth(context: &Context, domain: &str, address_text: &str, form: As) -> anyhow::Result<Exit> {
    let domain = domain_name(domain)?;
    let uri = report_uri(address(address_text)?.as_str());
    let receiver = uri.host().ok_or_else(|| no_address(address_text))?;
    if receiver == domain.as_str() {
        return Err(Failure::new(Exit::Usage, said!("error-rua-own", receiver = receiver)).into());
    }
    let host = format!("{domain}._report._dmarc");
    if host.len() + 1 + receiver.len() > 253 {
        let failure = Failure::new(Exit::BadData, said!("error-rua-long"));
        return Err(failure.hint(said!("hint-rua-shorter")).into());
    }
    show(context, &DnsRecord { host, domain: receiver, ttl_s: None, text: "v=DMARC1".to_owned() }, form)
}

pub(in crate::cli) fn domain_name(text: &str) -> anyhow::Result<DomainName> {
    DomainName::parse(text).ok_or_else(|| {
        let message = said!("error-domain-name", text = *escape::terminal(text));
        Failure::new(Exit::Usage, message).hint(said!("hint-example-domain")).into()
    })
}

pub(super) fn address(text: &str) -> anyhow::Result<ReportUri> {
    let text = text.trim();
    let uri = if text.starts_with("mailto:") { text.to_owned() } else { format!("mailto:{text}") };
    ReportUri::parse(&uri).ok_or_else(|| no_address(text))
}

fn no_address(text: &str) -> anyhow::Error {
    let message = said!("error-no-address", text = *escape::terminal(text));
    Failure::new(Exit::Usage, message).hint(said!("hint-example-address")).into()
}

/// Prints a record, and what is wrong with it on standard error.
fn show(context: &Context, record: &DnsRecord, form: As) -> anyhow::Result<Exit> {
    let findings = match dmarc::read(&record.text) {
        // An authorisation has neither policy nor addresses (RFC 9990 4), so only policies are looked at.
        Some(read) if record.host == "_dmarc" => read.findings,
        _ => Vec::new(),
    };
    record::show(context, record, form, &findings)
}
