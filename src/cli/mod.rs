#![expect(clippy::disallowed_methods, reason = "the command line reads arguments, environment, clock and files")]
//! The command line: the only reader of arguments, environment, clock and terminal.
//!
//! *Takes* arguments. *Gives* output and an exit code. One file a command; a command reads its arguments, asks the
//! store, and hands a view to `present`.

mod advice;
mod args;
mod command;
mod context;
mod dns_state;
mod edit;
mod evidence;
mod exit;
mod help;
mod output;
mod period;
mod post;
mod side_by_side;

use std::process::ExitCode;

use clap::error::ErrorKind;

use self::exit::Exit;
use crate::words::Words;

/// Runs the program.
#[must_use]
pub fn main() -> ExitCode {
    let typed: Vec<String> = std::env::args().collect();
    let words = Words::new(help::language(&typed, &|name| std::env::var(name).ok()));
    let arguments = match help::parse(&typed, &|name| std::env::var(name).ok()) {
        Ok(arguments) => arguments,
        Err(error) => {
            let is_help = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
            if !is_help && wants_json(std::env::args(), std::env::var("RUASCOPE_FORMAT").ok().as_deref()) {
                let message = error.to_string();
                let message = message.trim_start_matches("error: ").lines().next().unwrap_or_default();
                return exit::report(&exit::Failure::new(Exit::Usage, message).into(), true, &words).into();
            }
            match help::usage(&error, words.language()).filter(|_| !is_help) {
                Some(told) => output::complain(&told),
                None => drop(error.print()),
            }
            return if is_help { ExitCode::SUCCESS } else { Exit::Usage.into() };
        }
    };
    let as_json = arguments.global.format == args::Format::Json;
    match command::run(arguments) {
        Ok(exit) => exit.into(),
        Err(error) if exit::is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => exit::report(&error, as_json, &words).into(),
    }
}

/// Arguments that can't be read as a whole may still ask for errors as JSON.
fn wants_json(arguments: impl Iterator<Item = String>, format_variable: Option<&str>) -> bool {
    let arguments: Vec<String> = arguments.collect();
    let in_two =
        arguments.windows(2).any(|pair| matches!(pair, [flag, value] if flag == "--format" && value == "json"));
    in_two || arguments.iter().any(|argument| argument == "--format=json") || format_variable == Some("json")
}
