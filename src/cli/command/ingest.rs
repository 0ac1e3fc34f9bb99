//! `ruascope ingest`

use std::fmt::Write;
use std::path::PathBuf;

use clap::Args;
use indicatif::{ProgressBar, ProgressState, ProgressStyle};
use serde_json::{Value, json};

use crate::cli::args::Format;
use crate::cli::context::Context;
use crate::cli::exit::{Exit, Failure};
use crate::cli::help::Wrong;
use crate::cli::output;
use crate::ingest::{self, Tally};
use crate::intake::{Files, MaildirAction, Maildirs, NotMaildir};
use crate::store::Store;
use crate::words::{Said, Told as _, Words, said};

/// What deliveries are called: whatever was given.
pub(super) const INPUTS: &str = "ingest-inputs";
/// What deliveries are called: mails out of mailboxes.
pub(super) const MAILS: &str = "ingest-mails";

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

fn action(text: &str) -> Result<MaildirAction, Wrong> {
    MaildirAction::parse(text).ok_or_else(|| Wrong(said!("wrong-action")))
}

pub(super) fn run(context: &Context, arguments: Arguments) -> anyhow::Result<Exit> {
    let mut store = context.open_store()?;
    let tally = take_in(context, &mut store, arguments.paths, arguments.after)?;
    match context.global.format {
        Format::Json => output::json(&json(&tally))?,
        Format::Text if context.global.quiet => {}
        Format::Text => context.write(&told(&tally, INPUTS))?,
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
    let template = said!(
        "progress-inputs",
        spinner = "{spinner}",
        pos = "{pos}",
        rate = "{rate}",
        elapsed = "{elapsed}",
        msg = "{msg}"
    );
    let bar = progress_bar(context, &template);
    let words = context.words();
    let mut progress = |tally: &Tally| {
        bar.set_position(tally.deliveries);
        let (reports, records) = (tally.delivered.reports_new, tally.delivered.records);
        bar.set_message(said!("progress-new", reports = reports, records = records).in_words(&words));
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
    warn(&tally, &words);
    Ok(tally)
}

/// Paths that are not there are told before anything is done.
pub(super) fn check(paths: &[PathBuf]) -> anyhow::Result<()> {
    match paths.iter().find(|path| path.as_os_str() != "-" && !path.exists()) {
        None => Ok(()),
        Some(missing) => {
            let message = said!("error-no-path", path = missing.display());
            Err(Failure::new(Exit::InputOutput, message).into())
        }
    }
}

fn no_maildir(error: &NotMaildir) -> Failure {
    let why = match error {
        NotMaildir::StandardInput => said!("maildir-stdin"),
        NotMaildir::File(path) => said!("maildir-file", path = path.display()),
        NotMaildir::Folder(path) => said!("maildir-folder", path = path.display()),
    };
    let failure = Failure::new(Exit::Usage, said!("error-no-maildir", why = why));
    failure.hint(if matches!(error, NotMaildir::File(_)) { said!("hint-mbox") } else { said!("hint-no-after") })
}

/// Says what could not be read, and what else the owner should know.
pub(super) fn warn(tally: &Tally, words: &Words) {
    let told = tally.unreadable.iter().chain(&tally.stuck).map(|told| words.again(told));
    for warning in told.chain(tally.warnings.iter().map(|warning| warning.in_words(words))) {
        let what = warning.escape_debug().to_string();
        output::complain(&said!("line-warning", what = what).in_words(words));
    }
}

pub(super) fn progress_bar(context: &Context, template: &Said) -> ProgressBar {
    if context.global.quiet || !output::is_watched() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template(&context.told(template)) {
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

/// What came of it, for people; `head` is what the deliveries are called.
pub(super) fn told(tally: &Tally, head: &'static str) -> Said {
    let delivered = &tally.delivered;
    let count = |list: &[String]| u64::try_from(list.len()).unwrap_or(u64::MAX);
    let rest = [
        (delivered.reports_duplicate, "ingest-duplicates"),
        (delivered.reports_conflicting, "ingest-conflicting"),
        (delivered.rejected, "ingest-rejected"),
        (delivered.other, "ingest-other"),
        (tally.ignored, "ingest-ignored"),
        (count(&tally.unreadable), "ingest-unreadable"),
        (count(&tally.stuck), "ingest-stuck"),
    ];
    let values = [
        ("deliveries", tally.deliveries),
        ("reports", delivered.reports_new),
        ("records", delivered.records),
        ("mails", delivered.mails),
    ];
    let mut parts = vec![Said::new(head, values.map(|(name, number)| (name, number.told())).to_vec())];
    let rest = rest.into_iter().filter(|(count, _)| *count > 0);
    parts.extend(rest.map(|(count, message)| Said::new(message, vec![("count", count.told())])));
    Said::list(parts)
}
