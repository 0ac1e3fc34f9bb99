//! `ruascope run`: the daily job.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum as _};
use serde_json::json;

use super::chart::{self, Kind, Material};
use super::{fetch, ingest, snapshot, summary};
use crate::cli::args::Format;
use crate::cli::context::Context;
use crate::cli::evidence;
use crate::cli::exit::{self, Exit, While as _};
use crate::cli::output;
use crate::cli::period::Period;
use crate::cli::post::{self, Posted};
use crate::present::chart::{Canvas, ImageFormat, Theme};
use crate::present::summary as present;
use crate::words::{Words, said};

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  ruascope run ~/Maildir/.dmarc\n  ruascope run reports/ --out /var/www/dmarc --days 35"
)]
pub(in crate::cli) struct Arguments {
    /// Files and folders to take in
    paths: Vec<PathBuf>,
    #[command(flatten)]
    after: ingest::After,
    /// Folder for charts and the digest
    #[arg(long, value_name = "FOLDER", default_value = "reports")]
    out: PathBuf,
    #[command(flatten)]
    period: Period,
    /// Exit with 65 when something had to be rejected
    #[arg(long)]
    fail_on_rejected: bool,
}

pub(super) fn run(context: &Context, arguments: Arguments) -> anyhow::Result<Exit> {
    ingest::check(&arguments.paths)?;
    let mut store = context.open_store()?;
    let fetched = fetch::fetch_all(context, &mut store)?;
    let mut tally = fetched.tally;
    tally.merge(ingest::take_in(context, &mut store, arguments.paths, arguments.after)?);
    snapshot::take(context, &mut store)?;
    let filter = arguments.period.resolve(&store, None, context.now, Some(summary::DEFAULT_DAYS))?;
    let charted = arguments.period.resolve(&store, None, context.now, Some(chart::DEFAULT_DAYS))?;
    // The job goes on without names: what could not be asked today is asked tomorrow.
    if let Err(error) = evidence::refresh(context, &mut store, &filter) {
        let why = exit::in_words(&error, &context.words());
        output::complain(&context.told(&said!("line-warning", what = said!("run-no-lookup", why = why))));
    }
    let view = summary::shown(context, &mut store, &filter, None)?;
    let words = context.words();
    let drawing = summary::for_charts(context, &view, words.language())?;
    let written = write_all(&Material::new(&drawing, &store, &charted), &view, &words, &arguments.out)?;
    let posted = if post::is_wanted(context) { Some(post::send_scheduled(context, &mut store)?) } else { None };
    match context.global.format {
        Format::Json => {
            let failed = fetched.failed.as_ref().map(|(_, messages)| messages.as_slice()).unwrap_or_default();
            let files: Vec<String> = written.iter().map(|path| path.display().to_string()).collect();
            let deliveries = posted.as_ref().map(Posted::json);
            output::json(
                &json!({"schema": "ruascope.run/1", "ingest": ingest::json(&tally), "failed": failed, "summary": present::json(&view), "files": files, "deliveries": deliveries}),
            )?;
        }
        Format::Text => {
            context.complain(&ingest::told(&tally, ingest::INPUTS));
            output::write(&present::text(&view, &words, &summary::style(context)))?;
            context.complain(&said!("run-written", path = arguments.out.join("digest.html").display()));
            if let Some(posted) = &posted {
                context.complain(&posted.told());
            }
        }
        Format::Md => output::write(&present::markdown(&view, &words))?,
        _ => return Err(context.no_such_format("text, md and json")),
    }
    let is_waiting = posted.is_some_and(|posted| posted.is_late());
    let exit = ingest::exit(&tally, arguments.fail_on_rejected);
    let exit = if exit == Exit::Done && is_waiting { Exit::Unavailable } else { exit };
    Ok(fetched.failed.map_or(exit, |(exit, _)| exit))
}

/// Writes charts in both formats and themes, and the digest page.
fn write_all(
    material: &Material<'_>,
    view: &present::SummaryView,
    words: &Words,
    out: &Path,
) -> anyhow::Result<Vec<PathBuf>> {
    std::fs::create_dir_all(out).doing(|| said!("error-make-folder", path = out.display()))?;
    let mut written = Vec::new();
    let mut write = |name: String, bytes: &[u8]| -> anyhow::Result<()> {
        let path = out.join(name);
        std::fs::write(&path, bytes).doing(|| said!("error-write", path = path.display()))?;
        written.push(path);
        Ok(())
    };
    for kind in Kind::value_variants() {
        let Some(name) = kind.to_possible_value() else { continue };
        let name = name.get_name();
        let drawn = material.view(*kind)?;
        for (theme, suffix) in [(Theme::Light, ""), (Theme::Dark, "-dark")] {
            for (format, extension) in [(ImageFormat::Svg, "svg"), (ImageFormat::Png, "png")] {
                let canvas = Canvas { width_px: 960, height_px: 540, theme, format };
                write(format!("{name}{suffix}.{extension}"), &drawn.draw(&canvas)?)?;
            }
        }
    }
    let page = present::html(view, words, &material.images()?);
    write("digest.html".to_owned(), page.as_bytes())?;
    Ok(written)
}
