//! What may be typed.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::command;
use crate::config;
use crate::words::Language;

/// Read DMARC aggregate reports and see who sends mail in your name.
///
/// Every command works without any configuration. Data goes to standard output, everything else to standard error.
#[derive(Debug, Parser)]
#[command(name = "ruascope", version, max_term_width = 100, disable_help_subcommand = true)]
#[command(
    after_help = "Examples:\n  ruascope run ~/reports          take in a folder, print the summary, write charts\n  ruascope sources example.com --by ip\n  ruascope reports --days 7\n\nExit codes: 0 done, 2 `store audit` found a difference or DNS another key, 3 DNS did not answer, 64 usage, 65 bad input data, 69 server not available, 70 our bug, 73/74 cannot write or read,\n75 try again, 77 permission, 78 configuration"
)]
pub(super) struct Arguments {
    #[command(flatten)]
    pub(super) global: Global,
    #[command(subcommand)]
    pub(super) command: Command,
}

/// Flags of every command.
#[derive(Args, Clone, Debug)]
pub(super) struct Global {
    /// Settings file [default: ./ruascope.toml, then the user's, then /etc/ruascope/ruascope.toml]
    #[arg(long, global = true, env = "RUASCOPE_CONFIG", value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// Store: `sqlite:PATH` or a path [default: the user's data folder]
    #[arg(long, global = true, env = "RUASCOPE_STORE", value_name = "URL")]
    pub(super) store: Option<String>,
    /// Form of the output
    #[arg(long, global = true, env = "RUASCOPE_FORMAT", value_enum, default_value_t = Format::Text)]
    pub(super) format: Format,
    /// Language of what people read [default: that of the locale]
    #[arg(long, global = true, env = "RUASCOPE_LANG", value_enum)]
    pub(super) lang: Option<Lang>,
    /// Colour on a terminal
    #[arg(long, global = true, env = "RUASCOPE_COLOR", value_enum, default_value_t = When::Auto)]
    pub(super) color: When,
    /// No DNS, and no network but configured mailboxes
    // The variable is usually set to 1: clap's own reading of a switch knows `true` and `false` only.
    #[arg(long, global = true, env = "RUASCOPE_OFFLINE", value_parser = clap::builder::FalseyValueParser::new())]
    pub(super) offline: bool,
    /// The time to take for now, such as 2026-10-31T06:00:00Z
    #[arg(long, global = true, env = "RUASCOPE_NOW", value_name = "RFC3339")]
    pub(super) now: Option<String>,
    /// Say nothing but results and errors
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(super) quiet: bool,
    /// Say more on standard error
    #[arg(short, long, global = true)]
    pub(super) verbose: bool,
}

/// Form of the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people
    Text,
    /// One object with a schema
    Json,
    /// Rows for spreadsheets
    Csv,
    /// Markdown
    Md,
    /// A page by itself
    Html,
}

/// Language of the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Lang {
    /// English
    En,
    /// Japanese
    Ja,
}

/// The language that the settings name.
pub(super) fn language_of(lang: config::Lang) -> Language {
    match lang {
        config::Lang::En => Language::En,
        config::Lang::Ja => Language::Ja,
    }
}

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum When {
    /// On a terminal without `NO_COLOR`
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Alarms: what rose, stopped, is new or gone, since when
    Alarms(command::alarms::Arguments),
    /// Draw a chart
    Chart(command::chart::Arguments),
    /// Compare settings, DNS and reports: is everything set, and does it work?
    Check(command::check::Arguments),
    /// Print shell completions
    Completions(command::manual::CompletionsArguments),
    /// Write, check or show the settings
    #[command(subcommand)]
    Config(command::config::Arguments),
    /// DKIM keys: make, import, export and change them, and the records to register
    #[command(subcommand)]
    Dkim(command::dkim::Arguments),
    /// The policy that you mean, and the DMARC records to publish
    #[command(subcommand)]
    Dmarc(command::dmarc::Arguments),
    /// List the domains in the settings, add and remove one
    #[command(subcommand)]
    Domain(command::domain::Arguments),
    /// Find out why something does not work
    Doctor(command::doctor::Arguments),
    /// Print records, reports or days as CSV or JSON lines
    Export(command::export::Arguments),
    /// Poll the configured mailboxes once
    Fetch(command::fetch::Arguments),
    /// Take in files, folders, mboxes, Maildirs or standard input
    Ingest(command::ingest::Arguments),
    /// Print the manual page, or that of one command
    Man(command::manual::ManArguments),
    /// Print numbers for Prometheus
    Metrics(command::metrics::Arguments),
    /// Notes about a domain: complaints, changes
    #[command(subcommand)]
    Note(command::note::Arguments),
    /// May the policy be tightened, and to what record
    Recommend(command::recommend::Arguments),
    /// List what could not be used, show it, try it again, or accept part of it
    Rejected(command::rejected::Arguments),
    /// List reports, or show one
    Reports(command::reports::Arguments),
    /// The daily job: take in, then summary, charts and digest
    Run(command::run::Arguments),
    /// What a policy would act on, replayed over the reports
    Simulate(command::simulate::Arguments),
    /// Who sends, and how much of it passes
    Sources(command::sources::Arguments),
    /// The SPF record: what it leads to, what is wrong with it, and what to publish
    #[command(subcommand)]
    Spf(command::spf::Arguments),
    /// A line a domain: policy, mail of yours, what to do
    Status(command::status::Arguments),
    /// Look after the store
    #[command(subcommand)]
    Store(command::store::Arguments),
    /// The summary of a period
    Summary(command::summary::Arguments),
    /// Stay, and take in mails as they come
    Watch(command::watch::Arguments),
}
