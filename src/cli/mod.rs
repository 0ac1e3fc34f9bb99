#![expect(clippy::disallowed_methods, reason = "the command line reads arguments, environment, clock and files")]
//! The command line: the only reader of arguments, environment, clock and terminal.
//!
//! *Takes* arguments. *Gives* output and an exit code. One file a command; a command reads its arguments, asks the
//! store, and hands a view to `present`.

mod args;
mod command;
mod context;
mod exit;
mod output;
mod period;

use std::process::ExitCode;

use clap::Parser as _;
use clap::error::ErrorKind;

use self::args::Arguments;
use self::exit::Exit;

/// Runs the program.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let is_help = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
            let _shown = error.print();
            return if is_help { ExitCode::SUCCESS } else { Exit::Usage.into() };
        }
    };
    let as_json = arguments.global.format == args::Format::Json;
    match command::run(arguments) {
        Ok(exit) => exit.into(),
        Err(error) if exit::is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => exit::report(&error, as_json).into(),
    }
}
