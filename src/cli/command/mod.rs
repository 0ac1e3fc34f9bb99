//! One file a command.

pub(super) mod alarms;
pub(super) mod chart;
pub(super) mod check;
pub(super) mod config;
pub(super) mod dkim;
pub(super) mod dmarc;
mod dmarc_settings;
mod dmarc_show;
pub(super) mod doctor;
pub(super) mod domain;
pub(super) mod export;
pub(super) mod fetch;
pub(super) mod ingest;
pub(super) mod manual;
pub(super) mod metrics;
pub(super) mod note;
pub(super) mod recommend;
mod record;
pub(super) mod rejected;
pub(super) mod reports;
pub(super) mod run;
pub(super) mod simulate;
mod since_change;
mod snapshot;
pub(super) mod sources;
pub(super) mod spf;
pub(super) mod status;
pub(super) mod store;
pub(super) mod summary;
mod summary_advice;
mod summary_view;
mod verdict;
mod view;
pub(super) mod watch;

pub(in crate::cli) use dmarc::domain_name;

use super::args::{Arguments, Command, Format};
use super::context::{Context, language};
use super::exit::Exit;
use super::{help, output};
use crate::words::Words;

/// Runs the command that was typed.
pub(super) fn run(arguments: Arguments) -> anyhow::Result<Exit> {
    let as_json = arguments.global.format == Format::Json;
    // These two must work whatever the settings say.
    match arguments.command {
        Command::Completions(completions) => return manual::completions(&completions, as_json),
        Command::Man(man) => return manual::man(&man, as_json),
        _ => {}
    }
    if let Command::Config(config) = &arguments.command {
        return config::run(config, arguments.global);
    }
    let (format, lang) = (arguments.global.format, arguments.global.lang);
    if format == Format::Text && !is_for_programs(&arguments.command) {
        output::repeat(help::repeated(&std::env::args().collect::<Vec<_>>()));
    }
    let context = match (Context::new(arguments.global), &arguments.command) {
        // What is wrong with the settings is the first thing that a doctor says.
        (Err(error), Command::Doctor(doctor)) if doctor.is_whole() => {
            let words = Words::new(language(lang));
            return doctor::without_settings(&error, format, &words);
        }
        (context, _) => context?,
    };
    refuse_formats(&context, &arguments.command)?;
    let context = if !is_about_reports(&arguments.command) {
        context
    } else if context.resolved.settings.is_folder() {
        of_folder(&context, &arguments.command)
    } else {
        context.or_offline()
    };
    match arguments.command {
        Command::Alarms(alarms) => alarms::run(&context, &alarms),
        Command::Chart(chart) => chart::run(&context, &chart),
        Command::Check(check) => check::run(&context, &check),
        Command::Doctor(doctor) => doctor::run(&context, &doctor),
        Command::Dkim(dkim) => dkim::run(&context, &dkim),
        Command::Dmarc(dmarc) => dmarc::run(&context, &dmarc),
        Command::Domain(domain) => domain::run(&context, &domain),
        Command::Export(export) => export::run(&context, &export),
        Command::Fetch(fetch) => fetch::run(&context, &fetch),
        Command::Ingest(ingest) => ingest::run(&context, ingest),
        Command::Metrics(metrics) => metrics::run(&context, &metrics),
        Command::Note(note) => note::run(&context, &note),
        Command::Recommend(recommend) => recommend::run(&context, &recommend),
        Command::Rejected(rejected) => rejected::run(&context, &rejected),
        Command::Reports(reports) => reports::run(&context, &reports),
        Command::Run(run) => run::run(&context, run),
        Command::Simulate(simulate) => simulate::run(&context, &simulate),
        Command::Sources(sources) => sources::run(&context, &sources),
        Command::Spf(spf) => spf::run(&context, &spf),
        Command::Status(status) => status::run(&context, &status),
        Command::Store(store) => store::run(&context, &store),
        Command::Summary(summary) => summary::run(&context, &summary),
        Command::Watch(watch) => watch::run(context, &watch),
        Command::Completions(_) | Command::Man(_) | Command::Config(_) => Ok(Exit::Done),
    }
}

/// Whether a command judges what is in reports, and gets better where DNS is asked. The others ask DNS about what they are
/// asked about.
const fn is_about_reports(command: &Command) -> bool {
    matches!(
        command,
        Command::Alarms(_)
            | Command::Chart(_)
            | Command::Metrics(_)
            | Command::Recommend(_)
            | Command::Reports(_)
            | Command::Run(_)
            | Command::Simulate(_)
            | Command::Sources(_)
            | Command::Status(_)
            | Command::Summary(_)
            | Command::Watch(_)
    )
}

/// A context that asks nobody about the domains of a folder of reports, and says so where that is half of the answer.
fn of_folder(context: &Context, command: &Command) -> Context {
    let is_half = matches!(command, Command::Recommend(_) | Command::Status(_) | Command::Watch(_));
    let is_wanted = !context.global.offline && !context.global.quiet && context.global.format == Format::Text;
    if is_half && is_wanted {
        output::complain(&context.words().say("dns-not-asked"));
    }
    context.offline()
}

/// Whether what a command writes as text is read by programs, or is bytes of others.
fn is_for_programs(command: &Command) -> bool {
    matches!(command, Command::Export(_) | Command::Metrics(_) | Command::Chart(_))
}

/// Forms of output that most commands don't have.
fn refuse_formats(context: &Context, command: &Command) -> anyhow::Result<()> {
    if matches!(
        command,
        Command::Alarms(_)
            | Command::Chart(_)
            | Command::Dkim(_)
            | Command::Check(_)
            | Command::Dmarc(_)
            | Command::Doctor(_)
            | Command::Domain(_)
            | Command::Fetch(_)
            | Command::Note(_)
            | Command::Recommend(_)
            | Command::Rejected(_)
            | Command::Reports(_)
            | Command::Spf(_)
            | Command::Simulate(_)
            | Command::Status(_)
            | Command::Store(_)
    ) {
        context.has_formats(&[Format::Text, Format::Json], "text and json")?;
    }
    Ok(())
}
