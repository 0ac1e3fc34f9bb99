//! Exit codes of commands that judge: what a caller wants to hear about.

use clap::{Args, ValueEnum};

use crate::cli::exit::Exit;
use crate::cli::output;
use crate::present::plugin;

/// Flags of every command that judges.
#[derive(Args, Clone, Copy, Debug)]
pub(in crate::cli) struct Verdict {
    /// How bad it has to be for an exit code other than 0
    #[arg(long, value_enum, default_value_t = FailOn::Warning)]
    fail_on: FailOn,
    /// Exit with 0 whatever is found
    #[arg(long)]
    exit_zero: bool,
}

/// What is not well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FailOn {
    /// Whatever should be done, and what is worse
    Warning,
    /// Only what is broken, or not known
    Critical,
}

impl Verdict {
    /// The exit code that the caller wants to hear.
    pub(super) const fn exit(self, found: Exit) -> Exit {
        match found {
            _ if self.exit_zero => Exit::Done,
            Exit::Warning if matches!(self.fail_on, FailOn::Critical) => Exit::Done,
            found => found,
        }
    }
}

/// The word of monitoring for an exit code.
pub(super) const fn level(exit: Exit) -> &'static str {
    match exit {
        Exit::Done => "OK",
        Exit::Warning => "WARNING",
        Exit::Critical => "CRITICAL",
        _ => "UNKNOWN",
    }
}

/// What monitoring hears: an error is a line on standard output and 3, since it takes other codes for a broken plug-in.
pub(super) fn as_plugin(judged: anyhow::Result<Exit>) -> anyhow::Result<Exit> {
    let Err(error) = judged else { return judged };
    output::write(&plugin::failure(&format!("{error:#}")))?;
    Ok(Exit::Unknown)
}

/// The worse of two: critical, unknown, warning, done.
pub(super) const fn worst(one: Exit, other: Exit) -> Exit {
    match (one, other) {
        (Exit::Critical, _) | (_, Exit::Critical) => Exit::Critical,
        (Exit::Unknown, _) | (_, Exit::Unknown) => Exit::Unknown,
        (Exit::Warning, _) | (_, Exit::Warning) => Exit::Warning,
        _ => Exit::Done,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_caller_hears_what_it_wants() {
        let hears = |fail_on, exit_zero, found| Verdict { fail_on, exit_zero }.exit(found);
        assert_eq!(hears(FailOn::Warning, false, Exit::Warning), Exit::Warning);
        assert_eq!(hears(FailOn::Critical, false, Exit::Warning), Exit::Done);
        assert_eq!(hears(FailOn::Critical, false, Exit::Unknown), Exit::Unknown);
        assert_eq!(hears(FailOn::Critical, false, Exit::Critical), Exit::Critical);
        assert_eq!(hears(FailOn::Warning, true, Exit::Critical), Exit::Done);
    }

    #[test]
    fn the_worst_counts() {
        assert_eq!(worst(Exit::Warning, Exit::Unknown), Exit::Unknown);
        assert_eq!(worst(Exit::Critical, Exit::Unknown), Exit::Critical);
        assert_eq!(worst(Exit::Done, Exit::Warning), Exit::Warning);
        assert_eq!(worst(Exit::Done, Exit::Done), Exit::Done);
    }
}
