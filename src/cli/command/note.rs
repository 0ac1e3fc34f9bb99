//! `ruascope note`: what the owner wants to remember about a domain.

use clap::{Subcommand, ValueEnum};
use serde_json::{Value, json};

use super::dmarc::domain_name;
use crate::cli::context::Context;
use crate::cli::exit::{Exit, Failure};
use crate::cli::output;
use crate::present::escape;
use crate::present::table::Table;
use crate::store::{OwnerNote, OwnerNoteKind};
use crate::words::{Said, said};

/// Bytes of a note: a few sentences, so that a slip with a pipe fills no store.
const TEXT_BYTES_MAX: usize = 2_000;

#[derive(Debug, Subcommand)]
#[command(
    after_help = "Examples:\n  ruascope note add example.com --kind complaint \"order mails missing at example.net\"\n  ruascope note list example.com\n  ruascope note remove 3"
)]
pub(in crate::cli) enum Arguments {
    /// Write something down; two complaints within a day after a policy was tightened are a reason to go back (R5)
    Add {
        /// The domain that it is about
        domain: String,
        /// What it says
        text: String,
        /// What kind of note it is
        #[arg(long, value_enum, default_value_t = Kind::Other)]
        kind: Kind,
    },
    /// List notes
    List {
        /// The domain [default: all]
        domain: Option<String>,
    },
    /// Take a note out
    Remove {
        /// Its number, as `note list` shows it
        id: i64,
    },
}

/// What a note is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Kind {
    /// Somebody missed a mail
    Complaint,
    /// Something was changed
    Change,
    /// Anything else
    Other,
}

impl Kind {
    const fn kept(self) -> OwnerNoteKind {
        match self {
            Self::Complaint => OwnerNoteKind::Complaint,
            Self::Change => OwnerNoteKind::Change,
            Self::Other => OwnerNoteKind::Other,
        }
    }
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> anyhow::Result<Exit> {
    match arguments {
        Arguments::Add { domain, text, kind } => add(context, domain, text, *kind),
        Arguments::List { domain } => list(context, domain.as_deref()),
        Arguments::Remove { id } => {
            if context.open_store()?.remove_owner_note(*id)? {
                return Ok(Exit::Done);
            }
            let failure = Failure::new(Exit::Usage, said!("error-no-note", id = id));
            Err(failure.hint(said!("hint-no-note")).into())
        }
    }
}

fn add(context: &Context, domain: &str, text: &str, kind: Kind) -> anyhow::Result<Exit> {
    let domain = domain_name(domain)?.to_string();
    let text = text.trim();
    if text.is_empty() || text.len() > TEXT_BYTES_MAX {
        let message = said!("error-note-length", most = TEXT_BYTES_MAX, bytes = text.len());
        return Err(Failure::new(Exit::Usage, message).into());
    }
    let mut store = context.open_store()?;
    let (kind, made_s) = (kind.kept(), context.now.timestamp());
    let id = store.add_owner_note(&domain, kind, text, made_s)?;
    if context.as_json() {
        output::json(&entry(&OwnerNote { id, domain, kind, made_s, text: text.to_owned() }))?;
    } else if !context.global.quiet {
        context.write(&said!("note-added", id = id))?;
    }
    Ok(Exit::Done)
}

fn list(context: &Context, domain: Option<&str>) -> anyhow::Result<Exit> {
    let domain = domain.map(domain_name).transpose()?.map(|domain| domain.to_string());
    let notes = context.read_store()?.owner_notes(domain.as_deref())?;
    if context.as_json() {
        let notes: Vec<Value> = notes.iter().map(entry).collect();
        output::json(&json!({"schema": "ruascope.notes/1", "notes": notes}))?;
        return Ok(Exit::Done);
    }
    if notes.is_empty() {
        context.write(&said!("note-none"))?;
        return Ok(Exit::Done);
    }
    let words = context.words();
    let headings = [">column-id", "column-time", "column-domain", "column-kind", "column-text"];
    let mut table = Table::titled(&words, &headings);
    for note in &notes {
        let text = escape::terminal(&note.text).into_owned();
        table.row(&[note.id.to_string(), time(note), note.domain.clone(), kind_of(note.kind).in_words(&words), text]);
    }
    output::write(&table.text(Context::width()))?;
    Ok(Exit::Done)
}

/// What a kind of note is called.
pub(super) fn kind_of(kind: OwnerNoteKind) -> Said {
    match kind {
        OwnerNoteKind::Complaint => said!("note-complaint"),
        OwnerNoteKind::Change => said!("note-change"),
        OwnerNoteKind::Other => said!("note-other"),
    }
}

fn time(note: &OwnerNote) -> String {
    let time = chrono::DateTime::from_timestamp(note.made_s, 0);
    time.map_or_else(String::new, |time| time.format("%FT%TZ").to_string())
}

fn entry(note: &OwnerNote) -> Value {
    json!({
        "id": note.id, "domain": note.domain, "kind": note.kind.as_str(), "time": time(note), "text": note.text,
    })
}
