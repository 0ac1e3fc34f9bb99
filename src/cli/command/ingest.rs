//! `ruascope ingest`

use std::fmt::Write;
use std::path::PathBuf;

use clap::Args;
use indicatif::{ProgressBar, ProgressState, ProgressStyle};
use serde_json::{Value, json};

use crate::cli::args::Format;
use crate::cli::context::Context;
use crate::cli::exit::{Exit, Failure};
use crate::cli::output;
use crate::ingest::{self, Tally};
use crate::intake::{Files, MaildirAction, Maildirs, NotMaildir};
use crate::store::Store;

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  ruascope ingest ~/Maildir/.dmarc\n  ruascope ingest reports.mbox 'google.com!example.com!1760659200!1760745599.zip'\n  curl … | ruascope ingest -\n  ruascope ingest ~/Maildir/.dmarc --after move:$HOME/Maildir/.dmarc.done"
)]
pub(in crate::cli) struct Arguments {
    /// Files, folders, mboxes, Maildirs; `-` is standard input
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    after: After,
    /// Exit with 65 when something had to be rejected
    #[arg(long)]
    fail_on_rejected: bool,
}

/// What becomes of mails in Maildirs.
#[derive(Args, Debug)]
pub(in crate::cli) struct After {
    /// What becomes of mails in Maildirs whose reports are stored: `seen` (read), or `move:FOLDER` (another Maildir, made
    /// where it is missing). All other mails stay as they are
    #[arg(long, value_name = "ACTION", value_parser = action)]
    after: Option<MaildirAction>,
}

fn action(text: &str) -> Result<MaildirAction, String> {
    MaildirAction::parse(text).ok_or_else(|| "it has to be `seen` or `move:FOLDER`".to_owned())
}

pub(super) fn run(context: &Context, arguments: Arguments) -> anyhow::Result<Exit> {
    let mut store = context.open_store()?;
    let tally = take_in(context, &mut store, arguments.paths, arguments.after)?;
    match context.global.format {
        Format::Json => output::json(&json(&tally))?,
        Format::Text if context.global.quiet => {}
        Format::Text => output::write(&text(&tally))?,
        _ => return Err(context.no_such_format("text and json")),
    }
    Ok(exit(&tally, arguments.fail_on_rejected))
}

/// Takes in paths, with a progress bar when somebody watches.
pub(super) fn take_in(
    context: &Context,
    store: &mut Store,
    paths: Vec<PathBuf>,
    after: After,
) -> anyhow::Result<Tally> {
    check(&paths)?;
    let options = context.ingest_options();
    let bar = progress_bar(context, "{spinner} {pos} inputs, {rate}, {elapsed}, {msg}");
    let mut progress = |tally: &Tally| {
        bar.set_position(tally.deliveries);
        bar.set_message(format!("{} new reports, {} records", tally.delivered.reports_new, tally.delivered.records));
    };
    let tally = match after.after {
        None => ingest::run(&mut Files::new(paths, options.limits), store, &options, &mut progress),
        Some(action) => {
            let mut maildirs = Maildirs::new(paths, options.limits, action).map_err(|error| no_maildir(&error))?;
            ingest::run_maildirs(&mut maildirs, store, &options, &mut progress)
        }
    };
    bar.finish_and_clear();
    let tally = tally?;
    warn(&tally);
    Ok(tally)
}

/// Paths that are not there are told before anything is done.
pub(super) fn check(paths: &[PathBuf]) -> anyhow::Result<()> {
    match paths.iter().find(|path| path.as_os_str() != "-" && !path.exists()) {
        None => Ok(()),
        Some(missing) => {
            let message = format!("there is no file or folder {}", missing.display());
            Err(Failure::new(Exit::InputOutput, message).into())
        }
    }
}

fn no_maildir(error: &NotMaildir) -> Failure {
    Failure::new(Exit::Usage, format!("--after is for mails in Maildirs: {error}")).hint(match error {
        NotMaildir::File(_) => {
            "an mbox is one file, which mail programs write to at any time: no single mail can be taken out of it safely"
        }
        _ => "leave --after out, and everything stays as it is",
    })
}

/// Says what could not be read, and what else the owner should know.
pub(super) fn warn(tally: &Tally) {
    for warning in [&tally.unreadable, &tally.stuck, &tally.warnings].into_iter().flatten() {
        output::complain(&format!("warning: {}", warning.escape_debug()));
    }
}

pub(super) fn progress_bar(context: &Context, template: &str) -> ProgressBar {
    if context.global.quiet || !output::is_watched() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template(template) {
        let rate = |state: &ProgressState, out: &mut dyn Write| {
            let _shown = write!(out, "{:.0}/s", state.per_sec());
        };
        bar.set_style(style.with_key("rate", rate));
    }
    bar
}

/// The exit code that a tally deserves.
pub(super) fn exit(tally: &Tally, fail_on_rejected: bool) -> Exit {
    if !tally.unreadable.is_empty() || !tally.stuck.is_empty() {
        Exit::InputOutput
    } else if fail_on_rejected && tally.delivered.rejected > 0 {
        Exit::BadData
    } else {
        Exit::Done
    }
}

pub(super) fn json(tally: &Tally) -> Value {
    let delivered = &tally.delivered;
    json!({
        "schema": "ruascope.ingest/1",
        "deliveries": tally.deliveries,
        "reports_new": delivered.reports_new,
        "reports_duplicate": delivered.reports_duplicate,
        "reports_conflicting": delivered.reports_conflicting,
        "rejected": delivered.rejected,
        "ignored": tally.ignored,
        "other": delivered.other,
        "unreadable": tally.unreadable,
        "warnings": tally.warnings,
        "stuck": tally.stuck,
        "records": delivered.records,
        "mails": delivered.mails,
        "bytes": tally.bytes,
    })
}

/// What was taken in, in a few words; what is zero and unusual is left out.
pub(super) fn text(tally: &Tally) -> String {
    let delivered = &tally.delivered;
    let mut text = format!(
        "{} inputs: {} new reports with {} records about {} mails",
        tally.deliveries, delivered.reports_new, delivered.records, delivered.mails
    );
    for (count, what) in [
        (delivered.reports_duplicate, "duplicates"),
        (delivered.reports_conflicting, "conflicting (ruascope reports --conflicting)"),
        (delivered.rejected, "rejected (ruascope rejected)"),
        (delivered.other, "of other kinds"),
        (tally.ignored, "without a report"),
        (u64::try_from(tally.unreadable.len()).unwrap_or(u64::MAX), "unreadable"),
        (u64::try_from(tally.stuck.len()).unwrap_or(u64::MAX), "stuck where they were"),
    ] {
        if count > 0 {
            text.push_str(&format!(", {count} {what}"));
        }
    }
    text.push('\n');
    text
}
