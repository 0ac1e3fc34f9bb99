//! The connection under a session: TCP, with or without TLS, with a bound on the bytes of an answer.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rustls::{ClientConnection, StreamOwned};

use super::ascii::AsciiLines;
use super::idle::Idle;

/// Bytes that the server may still send, shared between the connection and whoever knows what was asked for.
#[derive(Clone, Debug, Default)]
pub(super) struct Allowance(Arc<AtomicU64>);

impl Allowance {
    /// From now on the server may send this many bytes.
    pub(super) fn set(&self, bytes: u64) {
        self.0.store(bytes, Ordering::Relaxed);
    }

    fn take(&self, bytes: usize) -> io::Result<()> {
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        let left = self.0.load(Ordering::Relaxed);
        self.0.store(left.saturating_sub(bytes), Ordering::Relaxed);
        if bytes > left { Err(io::Error::other("the server sends more than it was asked for")) } else { Ok(()) }
    }
}

/// With or without TLS.
pub(super) enum Wire {
    Plain(TcpStream),
    Tls(Box<StreamOwned<ClientConnection, TcpStream>>),
}

/// What the server said before it hung up.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct GoodBye(pub(super) String);

/// Bytes of the last line that are kept for a good-bye.
const LAST_LINE_BYTES_MAX: usize = 512;

/// Bytes that are read from the wire at once.
const READ_BYTES: usize = 32 << 10;

/// A connection.
pub(super) struct Stream {
    wire: Wire,
    allowance: Allowance,
    idle: Idle,
    /// How long the server may be silent in the middle of an answer.
    silence_max: Duration,
    lines: AsciiLines,
    /// As it comes from the wire.
    raw: Box<[u8]>,
    /// Ready to be read, from `given` on.
    ready: Vec<u8>,
    given: usize,
    /// The last bytes that came.
    last: Vec<u8>,
}

impl Stream {
    pub(super) fn new(wire: Wire, allowance: Allowance, idle: Idle, silence_max: Duration) -> Self {
        let raw = vec![0; READ_BYTES].into_boxed_slice();
        Self {
            wire,
            allowance,
            idle,
            silence_max,
            lines: AsciiLines::default(),
            raw,
            ready: Vec::new(),
            given: 0,
            last: Vec::new(),
        }
    }

    /// Waits for more of the server; nothing is ready afterwards when it has hung up.
    fn fill(&mut self) -> io::Result<()> {
        self.ready.clear();
        self.given = 0;
        while self.ready.is_empty() {
            let bytes = self.receive()?;
            self.allowance.take(bytes)?;
            if bytes == 0 {
                if let Some(text) = good_bye(&self.last) {
                    return Err(io::Error::other(GoodBye(text)));
                }
                self.lines.end(&mut self.ready);
                return Ok(());
            }
            let received = self.raw.get(..bytes).unwrap_or_default();
            self.idle.hear(received, Instant::now());
            self.last.extend(received.get(bytes.saturating_sub(LAST_LINE_BYTES_MAX)..).unwrap_or_default());
            self.last.drain(..self.last.len().saturating_sub(LAST_LINE_BYTES_MAX));
            self.lines.pass(received, &mut self.ready);
        }
        Ok(())
    }

    /// Bytes from the wire. A wait for news that is over ends in between.
    fn receive(&mut self) -> io::Result<usize> {
        loop {
            if self.idle.is_done(Instant::now()) {
                self.write_all(b"DONE\r\n")?;
                self.flush()?;
            }
            let waits = self.idle.left(Instant::now());
            self.tcp().set_read_timeout(waits.or(Some(self.silence_max)))?;
            let received = match &mut self.wire {
                Wire::Plain(wire) => wire.read(&mut self.raw),
                Wire::Tls(wire) => wire.read(&mut self.raw),
            };
            match received {
                Err(error) if waits.is_some() && is_late(&error) => {}
                // An end without TLS's own; answers say themselves whether they are whole.
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(0),
                received => return received,
            }
        }
    }

    fn tcp(&self) -> &TcpStream {
        match &self.wire {
            Wire::Plain(wire) => wire,
            Wire::Tls(wire) => wire.get_ref(),
        }
    }
}

/// The text of a `* BYE` that is the last line.
fn good_bye(last: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(last);
    let line = text.strip_suffix('\n')?.lines().next_back()?;
    let (head, why) = line.split_at_checked(6)?;
    head.eq_ignore_ascii_case("* BYE ").then(|| why.to_owned())
}

/// Nothing came in time.
pub(super) fn is_late(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock)
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.given == self.ready.len() {
            self.fill()?;
        }
        let mut ready = self.ready.get(self.given..).unwrap_or_default();
        let bytes = ready.read(buffer)?;
        self.given += bytes;
        Ok(bytes)
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.wire {
            Wire::Plain(wire) => wire.write(bytes),
            Wire::Tls(wire) => wire.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.wire {
            Wire::Plain(wire) => wire.flush(),
            Wire::Tls(wire) => wire.flush(),
        }
    }
}
