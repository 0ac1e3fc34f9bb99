//! `ruascope doctor mailbox NAME`: the stages of a poll

use serde_json::json;
use unicode_width::UnicodeWidthStr as _;

use super::line::padded;
use crate::cli::command::fetch;
use crate::cli::context::Context;
use crate::cli::exit::{self, Exit};
use crate::cli::output;
use crate::config::{MailboxSettings, Tls};
use crate::intake::imap::{MailboxError, Session, Stage};
use crate::words::{Said, said};

/// Cells of the word of a stage, at least.
const STAGE_CELLS: usize = 9;
/// Cells of whether it is well.
const WORD_CELLS: usize = 8;

/// One line of what was found.
pub(super) struct Step {
    pub(super) stage: Stage,
    is_well: bool,
    pub(super) text: Said,
}

pub(super) fn run(context: &Context, name: &String) -> anyhow::Result<Exit> {
    let chosen = fetch::chosen(context, std::slice::from_ref(name))?;
    let mut findings = Vec::new();
    let mut failed = None;
    for (name, settings) in chosen {
        fetch::warn_of_plain(context, name, settings);
        failed = walk(context, name, settings, &mut findings).err();
    }
    if let Some(error) = &failed {
        findings.push(Step { stage: error.stage, is_well: false, text: error.message.clone() });
    }
    if context.as_json() {
        let stages: Vec<_> = findings
            .iter()
            .map(|finding| json!({"stage": finding.stage.as_str(), "ok": finding.is_well, "text": finding.text}))
            .collect();
        output::json(&json!({"schema": "ruascope.doctor/1", "mailbox": name, "stages": stages}))?;
    } else {
        let words = context.words();
        let stage = |finding: &Step| finding.stage.said().in_words(&words);
        let cells = findings.iter().map(|finding| stage(finding).width()).max().unwrap_or(0).max(STAGE_CELLS);
        let line = |finding: &Step| {
            let word = if finding.is_well { said!("doctor-ok") } else { said!("doctor-failed") };
            let word = padded(word.in_words(&words), WORD_CELLS);
            format!("{word}{} {}\n", padded(stage(finding), cells), finding.text.in_words(&words))
        };
        output::write(&findings.iter().map(line).collect::<String>())?;
    }
    // The whole error, with its causes and hints, goes to standard error.
    Ok(failed.map_or(Exit::Done, |error| {
        let code = exit::exit_of_mailbox(&error);
        exit::report(&error.into(), context.as_json(), &context.words());
        code
    }))
}

/// Goes through the stages, up to the first that fails.
pub(super) fn walk(
    context: &Context,
    name: &str,
    settings: &MailboxSettings,
    findings: &mut Vec<Step>,
) -> Result<(), MailboxError> {
    let mut session = match Session::open(name, settings, &context.resolved.settings.limits) {
        Ok(session) => session,
        Err(error) => {
            let passed = stages(settings.tls).into_iter().take_while(|stage| *stage != error.stage);
            findings.extend(passed.map(|stage| well(stage, passed_text(stage, settings))));
            return Err(error);
        }
    };
    for warning in &session.warnings {
        output::complain(
            &context.told(&said!("line-warning", what = context.told(warning).escape_debug().to_string())),
        );
    }
    let before = stages(settings.tls).into_iter().filter(|stage| *stage != Stage::Login);
    findings.extend(before.map(|stage| well(stage, passed_text(stage, settings))));
    let abilities = session.abilities().join(", ");
    findings.push(well(Stage::Login, said!("stage-text-login", user = settings.user, abilities = abilities)));
    for folder in &settings.folders {
        let selected = session.select(folder, false)?;
        findings.push(well(
            Stage::Select,
            said!("stage-text-select", folder = format!("{folder:?}"), mails = selected.mails),
        ));
    }
    for action in [&settings.after, &settings.rejected, &settings.ignored] {
        session.can_do(action)?;
    }
    findings.push(well(Stage::Act, said!("stage-text-act")));
    session.close();
    Ok(())
}

/// The stages of opening a session, in their order.
fn stages(tls: Tls) -> Vec<Stage> {
    let stages = [Stage::Secret, Stage::Resolve, Stage::Connect];
    let rest: &[Stage] = match tls {
        Tls::Implicit => &[Stage::Tls, Stage::Greeting, Stage::Login],
        Tls::Starttls => &[Stage::Greeting, Stage::Tls, Stage::Login],
        Tls::None => &[Stage::Greeting, Stage::Login],
    };
    stages.iter().chain(rest).copied().collect()
}

fn passed_text(stage: Stage, settings: &MailboxSettings) -> Said {
    match stage {
        Stage::Secret => said!("stage-text-secret"),
        Stage::Resolve => said!("stage-text-resolve", host = settings.host.to_string()),
        Stage::Connect => said!("stage-text-connect"),
        Stage::Tls => said!("stage-text-tls"),
        Stage::Greeting => said!("stage-text-greeting"),
        Stage::Login | Stage::Select | Stage::Fetch | Stage::Act => Said::default(),
    }
}

fn well(stage: Stage, text: Said) -> Step {
    Step { stage, is_well: true, text }
}
