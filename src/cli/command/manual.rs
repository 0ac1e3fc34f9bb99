//! `ruascope completions` and `ruascope man`: made from what the arguments declare.

use clap::{Args, CommandFactory as _};

use crate::cli::args;
use crate::cli::exit::Exit;
use crate::cli::output;

#[derive(Args, Debug)]
pub(in crate::cli) struct CompletionsArguments {
    /// For which shell
    shell: clap_complete::Shell,
}

pub(super) fn completions(arguments: &CompletionsArguments) -> anyhow::Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut args::Arguments::command(), "ruascope", &mut script);
    output::write(&String::from_utf8(script)?)?;
    Ok(Exit::Done)
}

pub(super) fn man() -> anyhow::Result<Exit> {
    let mut page = Vec::new();
    clap_mangen::Man::new(args::Arguments::command()).render(&mut page)?;
    output::write(&String::from_utf8(page)?)?;
    Ok(Exit::Done)
}
