//! `ruascope doctor`: everything between a receiver and the digest, a line each.

mod line;
mod local;
mod mailbox;
mod network;
mod reports;

use clap::{Args, Subcommand};

use self::line::{Line, State};
use crate::cli::advice;
use crate::cli::args::Format;
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::words::Words;

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  ruascope doctor\n  ruascope doctor --format json\n  ruascope doctor mailbox main\n\nChanges nothing and sends nothing. Exit codes: 0 all is well, 1 something to look at, 2 something does not work"
)]
pub(in crate::cli) struct Arguments {
    #[command(subcommand)]
    part: Option<Part>,
}

#[derive(Subcommand, Debug)]
enum Part {
    /// Walk through the stages of a poll, and say which fails and what to check
    #[command(after_help = "Example:\n  ruascope doctor mailbox main\n\nReads nothing and changes nothing.")]
    Mailbox {
        /// Its name in the settings
        name: String,
    },
}

impl Arguments {
    /// Not only one part is asked for.
    pub(super) const fn is_whole(&self) -> bool {
        self.part.is_none()
    }
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> anyhow::Result<Exit> {
    if let Some(Part::Mailbox { name }) = &arguments.part {
        return mailbox::run(context, name);
    }
    let mut lines = local::settings(context);
    let (store, of_store) = local::store(context);
    lines.extend(of_store);
    lines.extend(local::clock(context, store.as_ref()));
    let domains = advice::domains(context, None, store.as_ref()).unwrap_or_default();
    let (is_answered, of_dns) = network::dns(context, &domains);
    lines.extend(of_dns);
    lines.extend(network::mailboxes(context));
    lines.extend(network::domains(context, &domains, is_answered));
    lines.extend(reports::lines(context, store.as_ref(), &domains));
    lines.extend(local::keys(context));
    lines.extend(network::mail(context));
    lines.extend(network::webhooks(context, store.as_ref()));
    line::show(&lines, context.as_json(), &context.words())
}

/// The settings can't be read, so nothing else can be looked at.
pub(super) fn without_settings(error: &anyhow::Error, format: Format, words: &Words) -> anyhow::Result<Exit> {
    let line = Line::error("settings", "", State::Failed, error);
    line::show(&[line], format == Format::Json, words)
}
