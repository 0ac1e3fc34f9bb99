//! `ruascope config`

use std::io::Write as _;
use std::path::PathBuf;

use clap::Subcommand;
use serde_json::json;

use crate::cli::args::{Format, Global};
use crate::cli::context::{Context, language};
use crate::cli::exit::{Exit, Failure, While as _};
use crate::cli::output;
use crate::config::{self, Origin};
use crate::words::{Said, Words, said};

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Arguments {
    /// Write a whole, commented settings file
    Init {
        /// Where
        #[arg(default_value = "ruascope.toml")]
        file: PathBuf,
    },
    /// Say everything that is wrong with the settings
    Check,
    /// Print the settings in force
    Show {
        /// Also where each value comes from
        #[arg(long)]
        origin: bool,
    },
}

pub(super) fn run(arguments: &Arguments, global: Global) -> anyhow::Result<Exit> {
    match arguments {
        Arguments::Init { file } => init(file, &global),
        Arguments::Check => {
            let as_json = global.format == Format::Json;
            let context = Context::new(global)?;
            let file = context.file.as_ref().map(|file| file.display().to_string());
            if as_json {
                output::json(&json!({"schema": "ruascope.config/1", "file": file, "ok": true}))?;
            } else {
                let file = file.map_or_else(|| said!("config-no-file"), Said::from);
                context.write(&said!("config-ok", file = file))?;
            }
            Ok(Exit::Done)
        }
        Arguments::Show { origin } => {
            let context = Context::new(global)?;
            context.has_formats(&[Format::Text, Format::Json], "text and json")?;
            show(&context, *origin)
        }
    }
}

fn init(file: &PathBuf, global: &Global) -> anyhow::Result<Exit> {
    let made = std::fs::OpenOptions::new().write(true).create_new(true).open(file);
    let mut made = match made {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            return Err(Failure::new(Exit::CannotCreate, said!("error-file-exists", file = file.display()))
                .hint(said!("hint-left"))
                .into());
        }
        made => made.doing(|| said!("error-write", path = file.display()))?,
    };
    made.write_all(config::default_toml().as_bytes()).doing(|| said!("error-write", path = file.display()))?;
    if !global.quiet {
        let told = said!("config-wrote", path = file.display()).in_words(&Words::new(language(global.lang)));
        output::write(&format!("{told}\n"))?;
    }
    Ok(Exit::Done)
}

fn show(context: &Context, with_origin: bool) -> anyhow::Result<Exit> {
    let shown = context.resolved.shown();
    if context.as_json() {
        let values: Vec<_> = shown
            .iter()
            .map(|shown| json!({"key": shown.key, "value": shown.value, "origin": origin_said(&shown.origin)}))
            .collect();
        output::json(&json!({"schema": "ruascope.config/1", "values": values}))?;
    } else if with_origin {
        let words = context.words();
        let widest = shown.iter().map(|shown| shown.key.len() + shown.value.len() + 3).max().unwrap_or(0).min(60);
        let lines: String = shown
            .iter()
            .map(|shown| {
                let origin = origin_said(&shown.origin).in_words(&words);
                format!("{:<widest$}  # {origin}\n", format!("{} = {}", shown.key, shown.value))
            })
            .collect();
        output::write(&lines)?;
    } else {
        output::write(&context.resolved.to_toml())?;
    }
    Ok(Exit::Done)
}

fn origin_said(origin: &Origin) -> Said {
    match origin {
        Origin::Default => said!("origin-default"),
        Origin::File { path, line } => Said::from(format!("{}:{line}", path.display())),
        Origin::Environment { name } => said!("origin-environment", name = name),
        Origin::Flag { name } => said!("origin-flag", name = name),
    }
}
