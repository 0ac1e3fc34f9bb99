//! Waiting for news by IDLE (RFC 2177).
//!
//! For the library it is a command as any other, whose answer takes long; the connection says `DONE` in its name, when the
//! server tells of mail or the time is over. The library's own way would wait for ever where a server says now and then
//! that it is still here (Dovecot: every two minutes), since the time begins anew with each line, and would take a line
//! before the server's `+` for the end.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Bytes of a line that are looked at: what counts is shorter.
const LINE_BYTES_MAX: usize = 40;
/// Shortest wait for bytes; zero would be for ever.
const WAIT_MIN: Duration = Duration::from_millis(1);

/// A wait, shared between the connection and whoever asks for it.
#[derive(Clone, Debug, Default)]
pub(super) struct Idle(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    /// How long to wait once the server has agreed; `None` when nobody waits.
    most: Option<Duration>,
    /// When it is over; `None` until the server has agreed.
    until: Option<Instant>,
    has_news: bool,
    /// The begin of the line that is coming in.
    line: Vec<u8>,
}

impl Idle {
    /// From now on, until the server's answer has ended.
    pub(super) fn begin(&self, most: Duration) {
        *self.state() = State { most: Some(most), ..State::default() };
    }

    /// Nobody waits any more.
    pub(super) fn end(&self) {
        *self.state() = State::default();
    }

    /// How long to wait for more bytes at `now`; `None` when that is not known here.
    pub(super) fn left(&self, now: Instant) -> Option<Duration> {
        self.state().until.map(|until| until.saturating_duration_since(now).max(WAIT_MIN))
    }

    /// Takes note of what the server says, which may end within a line.
    pub(super) fn hear(&self, bytes: &[u8], now: Instant) {
        let mut state = self.state();
        let Some(most) = state.most else { return };
        for byte in bytes {
            if state.line.len() < LINE_BYTES_MAX {
                state.line.push(*byte);
            }
            if *byte != b'\n' {
                continue;
            }
            let line = String::from_utf8_lossy(&std::mem::take(&mut state.line)).to_ascii_uppercase();
            if line.starts_with('+') {
                state.until = now.checked_add(most);
            }
            state.has_news |= line.starts_with("* ") && line.trim_end().ends_with(" EXISTS");
        }
    }

    /// Whether it is time to say `DONE` at `now`: once only.
    pub(super) fn is_done(&self, now: Instant) -> bool {
        let mut state = self.state();
        let is_done = state.until.is_some_and(|until| state.has_news || now >= until);
        if is_done {
            *state = State::default();
        }
        is_done
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOST: Duration = Duration::from_secs(5);

    /// Whether it is over after these bytes, at once and in time.
    fn over(pieces: &[&str]) -> (bool, bool) {
        let (idle, start) = (Idle::default(), Instant::now());
        idle.begin(MOST);
        for piece in pieces {
            idle.hear(piece.as_bytes(), start);
        }
        (idle.is_done(start + MOST / 2), idle.is_done(start + MOST))
    }

    #[test]
    fn it_ends_with_news_or_in_time_and_never_before_the_server_agreed() {
        assert_eq!(over(&["+ idling\r\n"]), (false, true));
        assert_eq!(over(&["+ idling\r\n", "* OK Still here\r\n", "* 3 FETCH (FLAGS (\\Seen))\r\n"]), (false, true));
        assert_eq!(over(&["+ idling\r\n* 2 EXISTS\r\n"]), (true, false), "once only");
        assert_eq!(over(&["+ idl", "ing\r\n* 2 EXI", "STS\r", "\n"]), (true, false));
        assert_eq!(over(&["+\r\n", "* 4294967295 exists\r\n"]), (true, false));
        assert_eq!(over(&["* 2 EXISTS\r\n"]), (false, false));
        assert_eq!(over(&["* 2 EXISTS\r\n", "+ idling\r\n"]), (true, false));
        assert_eq!(over(&["+ idling\r\n* 2 EXIS"]), (false, true));
        assert_eq!(over(&[&format!("+ {}\r\n* 2 EXISTS\r\n", "x".repeat(1_000))]), (true, false));
        assert_eq!(over(&["* OK what EXISTS"]), (false, false));
    }

    #[test]
    fn it_takes_as_long_as_it_should_whatever_is_said() {
        let (idle, start) = (Idle::default(), Instant::now());
        assert_eq!(idle.left(start), None);
        idle.hear(b"+ idling\r\n", start);
        assert_eq!(idle.left(start), None, "nobody waits");
        idle.begin(MOST);
        assert_eq!(idle.left(start), None, "the server may take the time that it has for any answer");
        idle.hear(b"+ idling\r\n", start);
        idle.hear(b"* OK Still here\r\n", start + MOST / 2);
        assert_eq!(idle.left(start + MOST / 2), Some(MOST / 2));
        assert_eq!(idle.left(start + MOST * 2), Some(WAIT_MIN));
        idle.end();
        assert_eq!(idle.left(start), None);
    }
}
