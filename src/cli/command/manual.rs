//! `ruascope completions` and `ruascope man`: made from what the arguments declare.

use clap::{Args, CommandFactory as _};
use serde_json::json;

use crate::cli::args;
use crate::cli::exit::{Exit, Failure};
use crate::cli::output;
use crate::words::said;

#[derive(Args, Debug)]
pub(in crate::cli) struct CompletionsArguments {
    /// For which shell
    shell: clap_complete::Shell,
}

pub(super) fn completions(arguments: &CompletionsArguments, as_json: bool) -> anyhow::Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut args::Arguments::command(), "ruascope", &mut script);
    let shell = arguments.shell.to_string();
    written("ruascope.completions/1", ("shell", &shell), &String::from_utf8(script)?, as_json)
}

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  ruascope man > ruascope.1\n  ruascope man doctor mailbox > ruascope-doctor-mailbox.1"
)]
pub(in crate::cli) struct ManArguments {
    /// A command, for a page of its own [default: the page of the whole program]
    command: Vec<String>,
}

pub(super) fn man(arguments: &ManArguments, as_json: bool) -> anyhow::Result<Exit> {
    let mut all = args::Arguments::command();
    all.build();
    let mut command = &all;
    for word in &arguments.command {
        command = command.find_subcommand(word).ok_or_else(|| {
            Failure::new(Exit::Usage, said!("error-no-command", command = arguments.command.join(" ")))
        })?;
    }
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone()).source(concat!("ruascope ", env!("CARGO_PKG_VERSION"))).render(&mut page)?;
    let name = command.get_display_name().unwrap_or("ruascope").to_owned();
    written("ruascope.man/1", ("page", &name), &String::from_utf8(page)?, as_json)
}

/// Writes what was made, or an object that holds it.
fn written(schema: &str, (key, name): (&str, &str), text: &str, as_json: bool) -> anyhow::Result<Exit> {
    if as_json {
        output::json(&json!({"schema": schema, key: name, "text": text}))?;
    } else {
        output::write(text)?;
    }
    Ok(Exit::Done)
}
