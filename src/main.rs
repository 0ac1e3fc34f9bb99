//! The `ruascope` program: arguments in, exit code out.

use std::process::ExitCode;

fn main() -> ExitCode {
    ruascope::cli::main()
}
