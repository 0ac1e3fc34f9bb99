//! Standard output and standard error; nothing else in the program prints.

use std::borrow::Cow;
use std::io::{self, IsTerminal as _, Write as _};
use std::sync::OnceLock;

use serde_json::Value;

use crate::present::escape;
use crate::present::invocation::Repeated;

/// What commands on screens need; said once, before anything is shown.
static REPEATED: OnceLock<Repeated> = OnceLock::new();

/// What is written from now on is a screen: the commands that it names repeat these flags.
pub(super) fn repeat(flags: Repeated) {
    let _first = REPEATED.set(flags);
}

/// Commands as this user has to type them.
fn typed(text: &str) -> Cow<'_, str> {
    REPEATED.get().map_or(Cow::Borrowed(text), |repeated| repeated.within(text))
}

/// Writes to standard output.
pub(super) fn write(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(typed(text).as_bytes())?;
    out.flush()
}

/// Writes one JSON object to standard output.
pub(super) fn json(value: &Value) -> io::Result<()> {
    write(&escape::json(&format!("{value:#}\n")))
}

/// Writes a line to standard error; when even that fails there is nobody left to tell.
pub(super) fn complain(line: &str) {
    let _told = writeln!(io::stderr().lock(), "{}", typed(line));
}

/// Standard error is a terminal, so somebody watches.
pub(super) fn is_watched() -> bool {
    io::stderr().is_terminal()
}

/// Standard output is a terminal.
pub(super) fn is_terminal() -> bool {
    io::stdout().is_terminal()
}
