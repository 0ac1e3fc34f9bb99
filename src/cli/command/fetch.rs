//! `ruascope fetch`

use std::sync::atomic::AtomicBool;
use std::time::Duration;

use clap::Args;
use indicatif::HumanBytes;
use serde_json::{Value, json};

use super::ingest as shared;

use crate::cli::args::Format;
use crate::cli::context::Context;
use crate::cli::exit::{self, Exit, Failure};
use crate::cli::output;
use crate::config::{After, MailboxSettings, Tls};
use crate::ingest::{self, MailboxFailure, Poll, Preview, Tally};
use crate::store::Store;
use crate::words::said;

/// A fetch ends by itself.
static NEVER: AtomicBool = AtomicBool::new(false);
/// Before a connection that failed is tried again.
const PAUSE: Duration = Duration::from_millis(500);

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  ruascope fetch                    all mailboxes of the settings, as cron does it\n  ruascope fetch main --dry-run     what would be fetched and done\n  ruascope fetch main --rescan      look at mails again that were read before\n\nOnly mails with a report in them are acted on (`after`), and only when their reports are stored."
)]
pub(in crate::cli) struct Arguments {
    /// Names of mailboxes in the settings [default: all]
    mailboxes: Vec<String>,
    /// Say what would be fetched and done, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Look at all mails again, not only at new ones
    #[arg(long)]
    rescan: bool,
    /// Exit with 65 when something had to be rejected
    #[arg(long)]
    fail_on_rejected: bool,
}

/// What all mailboxes gave together.
pub(super) struct Fetched {
    pub(super) tally: Tally,
    /// The first mailbox that failed: its exit code, and what was said of each.
    pub(super) failed: Option<(Exit, Vec<String>)>,
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> anyhow::Result<Exit> {
    let chosen = chosen(context, &arguments.mailboxes)?;
    if arguments.dry_run {
        return preview(context, &chosen, arguments.rescan);
    }
    let mut store = context.open_store()?;
    let Fetched { tally, failed } = fetch(context, &mut store, &chosen, arguments.rescan)?;
    let (failed_exit, messages) = failed.unzip();
    match context.global.format {
        Format::Json => {
            let mut object = shared::json(&tally);
            if let Some(object) = object.as_object_mut() {
                object.insert("failed".to_owned(), json!(messages.unwrap_or_default()));
            }
            output::json(&object)?;
        }
        _ if context.global.quiet => {}
        _ => output::write(&shared::text(&tally).replacen("inputs", "mails", 1))?,
    }
    Ok(failed_exit.unwrap_or_else(|| shared::exit(&tally, arguments.fail_on_rejected)))
}

/// Fetches all mailboxes of the settings; without any there is nothing to do.
pub(super) fn fetch_all(context: &Context, store: &mut Store) -> anyhow::Result<Fetched> {
    let all: Vec<_> = context.resolved.settings.mailboxes.iter().collect();
    fetch(context, store, &all, false)
}

pub(super) type Named<'c> = (&'c String, &'c MailboxSettings);

pub(super) fn chosen<'c>(context: &'c Context, names: &[String]) -> anyhow::Result<Vec<Named<'c>>> {
    let mailboxes = &context.resolved.settings.mailboxes;
    if mailboxes.is_empty() {
        return Err(Failure::new(Exit::Configuration, said!("error-no-mailbox"))
            .hint(said!("hint-section-mailbox"))
            .into());
    }
    if names.is_empty() {
        return Ok(mailboxes.iter().collect());
    }
    let find = |name: &String| {
        mailboxes.get_key_value(name).ok_or_else(|| {
            let known: Vec<&str> = mailboxes.keys().map(String::as_str).collect();
            let failure = Failure::new(Exit::Usage, said!("error-no-mailbox-named", name = name));
            failure.hint(format!("there are: {}", known.join(", "))).into()
        })
    };
    names.iter().map(find).collect()
}

/// Fetches mailboxes one after the other: one that fails does not keep the others from being read.
fn fetch(context: &Context, store: &mut Store, mailboxes: &[Named<'_>], rescan: bool) -> anyhow::Result<Fetched> {
    let (options, meeting) = (context.ingest_options(), Context::meeting_folder());
    let bar = shared::progress_bar(context, "{spinner} {pos} of {len} mails, {rate}, {eta} left, {msg}");
    let mut fetched = Fetched { tally: Tally::default(), failed: None };
    for (name, settings) in mailboxes {
        warn_of_plain(context, name, settings);
        let poll =
            Poll { name, settings, options: &options, rescan, pause: PAUSE, meeting: meeting.as_deref(), stop: &NEVER };
        bar.set_message((*name).clone());
        let outcome = ingest::poll(&poll, store, &mut fetched.tally, &mut |tally, to_come| {
            bar.set_length(tally.deliveries + to_come);
            bar.set_position(tally.deliveries);
            let (bytes, new) = (HumanBytes(tally.bytes), tally.delivered.reports_new);
            bar.set_message(format!("{name}: {bytes}, {new} new reports"));
        });
        match outcome {
            Ok(()) => {}
            Err(MailboxFailure::Store(error)) => return Err(error.into()),
            Err(MailboxFailure::Mailbox(error)) => {
                let code = exit::exit_of_mailbox(&error);
                let message = error.to_string();
                bar.suspend(|| exit::report(&error.into(), context.as_json(), &context.words()));
                fetched.failed.get_or_insert_with(|| (code, Vec::new())).1.push(message);
            }
        }
    }
    bar.finish_and_clear();
    shared::warn(&fetched.tally);
    Ok(fetched)
}

pub(super) fn warn_of_plain(context: &Context, name: &str, settings: &MailboxSettings) {
    if settings.tls == Tls::None && !context.global.quiet {
        output::complain(&format!("warning: mailbox {name}: no TLS, so the password can be read on the way"));
    }
}

fn preview(context: &Context, mailboxes: &[Named<'_>], rescan: bool) -> anyhow::Result<Exit> {
    let store = context.read_store()?;
    let options = context.ingest_options();
    let (mut text, mut folders) = (String::new(), Vec::new());
    for (name, settings) in mailboxes {
        warn_of_plain(context, name, settings);
        let poll = Poll { name, settings, options: &options, rescan, pause: PAUSE, meeting: None, stop: &NEVER };
        for preview in ingest::preview(&poll, &store)? {
            for warning in &preview.warnings {
                output::complain(&format!("warning: mailbox {name}: {}", warning.escape_debug()));
            }
            text.push_str(&preview_text(name, settings, &preview));
            folders.push((preview, (*name).clone()));
        }
    }
    if context.as_json() {
        output::json(&preview_json(&folders))?;
    } else {
        output::write(&text)?;
    }
    Ok(Exit::Done)
}

fn preview_text(name: &str, settings: &MailboxSettings, preview: &Preview) -> String {
    let Preview { folder, mails, bytes, reports, .. } = preview;
    let mut text = format!("{name}/{folder}: {mails} mails to read ({bytes} bytes), with {reports} reports\n");
    for (count, what, action) in [
        (preview.stored, "with reports", &settings.after),
        (preview.rejected, "with something unusable", &settings.rejected),
        (preview.ignored, "without a report", &settings.ignored),
    ] {
        if count > 0 {
            text.push_str(&format!("  {count} {what}: {}\n", action_text(action)));
        }
    }
    if preview.unreadable > 0 {
        text.push_str(&format!("  {} that the server can't read\n", preview.unreadable));
    }
    text
}

fn action_text(action: &After) -> String {
    match action {
        After::None => "stay as they are".to_owned(),
        After::Flag => "would be flagged as read".to_owned(),
        After::Move(folder) => format!("would be moved to {folder:?}"),
        After::Delete => "would be deleted".to_owned(),
    }
}

/// The object of `fetch`; what only storing can tell is unknown.
fn preview_json(folders: &[(Preview, String)]) -> Value {
    let sum = |of: fn(&Preview) -> u64| folders.iter().map(|(preview, _)| of(preview)).sum::<u64>();
    let each = |(preview, mailbox): &(Preview, String)| {
        json!({
            "mailbox": mailbox, "folder": preview.folder, "mails": preview.mails, "bytes": preview.bytes,
            "reports": preview.reports, "stored": preview.stored, "rejected": preview.rejected,
            "ignored": preview.ignored, "unreadable": preview.unreadable,
        })
    };
    json!({
        "schema": "ruascope.ingest/1",
        "dry_run": true,
        "deliveries": sum(|preview| preview.mails),
        "reports": sum(|preview| preview.reports),
        "reports_new": null,
        "reports_duplicate": null,
        "rejected": sum(|preview| preview.rejected),
        "ignored": sum(|preview| preview.ignored),
        "records": null,
        "mails": null,
        "bytes": sum(|preview| preview.bytes),
        "folders": folders.iter().map(each).collect::<Vec<_>>(),
    })
}
