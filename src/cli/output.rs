//! Standard output and standard error; nothing else in the program prints.

use std::io::{self, IsTerminal as _, Write as _};

use serde_json::Value;

/// Writes to standard output.
pub(super) fn write(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// Writes one JSON object to standard output.
pub(super) fn json(value: &Value) -> io::Result<()> {
    write(&format!("{value:#}\n"))
}

/// Writes a line to standard error; when even that fails there is nobody left to tell.
pub(super) fn complain(line: &str) {
    let _told = writeln!(io::stderr().lock(), "{line}");
}

/// Standard error is a terminal, so somebody watches.
pub(super) fn is_watched() -> bool {
    io::stderr().is_terminal()
}

/// Standard output is a terminal.
pub(super) fn is_terminal() -> bool {
    io::stdout().is_terminal()
}
