//! `ruascope doctor mailbox NAME`: the stages of a poll

use serde_json::json;

use crate::cli::command::fetch;
use crate::cli::context::Context;
use crate::cli::exit::{self, Exit};
use crate::cli::output;
use crate::config::{MailboxSettings, Tls};
use crate::intake::imap::{MailboxError, Session, Stage};
use crate::limits::Limits;

/// One line of what was found.
pub(super) struct Step {
    stage: &'static str,
    is_well: bool,
    pub(super) text: String,
}

pub(super) fn run(context: &Context, name: &String) -> anyhow::Result<Exit> {
    let chosen = fetch::chosen(context, std::slice::from_ref(name))?;
    let mut findings = Vec::new();
    let mut failed = None;
    for (name, settings) in chosen {
        fetch::warn_of_plain(context, name, settings);
        failed = walk(name, settings, &context.ingest_options().limits, &mut findings).err();
    }
    if let Some(error) = &failed {
        findings.push(Step { stage: error.stage.as_str(), is_well: false, text: error.message.clone() });
    }
    if context.as_json() {
        let stages: Vec<_> = findings
            .iter()
            .map(|finding| json!({"stage": finding.stage, "ok": finding.is_well, "text": finding.text}))
            .collect();
        output::json(&json!({"schema": "ruascope.doctor/1", "mailbox": name, "stages": stages}))?;
    } else {
        let line = |finding: &Step| {
            let word = if finding.is_well { "ok    " } else { "FAILED" };
            format!("{word}  {:<9} {}\n", finding.stage, finding.text)
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
    name: &str,
    settings: &MailboxSettings,
    limits: &Limits,
    findings: &mut Vec<Step>,
) -> Result<(), MailboxError> {
    let mut session = match Session::open(name, settings, limits) {
        Ok(session) => session,
        Err(error) => {
            let passed = stages(settings.tls).into_iter().take_while(|stage| *stage != error.stage);
            findings.extend(passed.map(|stage| well(stage, passed_text(stage, settings))));
            return Err(error);
        }
    };
    for warning in &session.warnings {
        output::complain(&format!("warning: {}", warning.escape_debug()));
    }
    let before = stages(settings.tls).into_iter().filter(|stage| *stage != Stage::Login);
    findings.extend(before.map(|stage| well(stage, passed_text(stage, settings))));
    let abilities = session.abilities().join(", ");
    findings.push(well(Stage::Login, format!("as {}; the server can {abilities}", settings.user)));
    for folder in &settings.folders {
        let selected = session.select(folder, false)?;
        findings.push(well(Stage::Select, format!("{folder:?} has {} mails", selected.mails)));
    }
    for action in [&settings.after, &settings.rejected, &settings.ignored] {
        session.can_do(action)?;
    }
    findings.push(well(Stage::Act, "the server can do what `after`, `rejected` and `ignored` ask for".to_owned()));
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

fn passed_text(stage: Stage, settings: &MailboxSettings) -> String {
    match stage {
        Stage::Secret => "the password or token can be read".to_owned(),
        Stage::Resolve => format!("{} has an address", settings.host),
        Stage::Connect => "the server answers".to_owned(),
        Stage::Tls => "the certificate is good".to_owned(),
        Stage::Greeting => "it is an IMAP server".to_owned(),
        Stage::Login | Stage::Select | Stage::Fetch | Stage::Act => String::new(),
    }
}

fn well(stage: Stage, text: String) -> Step {
    Step { stage: stage.as_str(), is_well: true, text }
}
