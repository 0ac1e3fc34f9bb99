//! The connection under a session: TCP, with or without TLS, with a bound on the bytes of an answer.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use imap::extensions::idle::SetReadTimeout;
use rustls::{ClientConnection, StreamOwned};

use super::ascii::AsciiLines;

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

/// Bytes that are read from the wire at once.
const READ_BYTES: usize = 32 << 10;

/// A connection.
pub(super) struct Stream {
    wire: Wire,
    allowance: Allowance,
    /// How long the server may be silent in the middle of an answer.
    silence_max: Duration,
    lines: AsciiLines,
    /// As it comes from the wire.
    raw: Box<[u8]>,
    /// Ready to be read, from `given` on.
    ready: Vec<u8>,
    given: usize,
}

impl Stream {
    pub(super) fn new(wire: Wire, allowance: Allowance, silence_max: Duration) -> Self {
        let raw = vec![0; READ_BYTES].into_boxed_slice();
        Self { wire, allowance, silence_max, lines: AsciiLines::default(), raw, ready: Vec::new(), given: 0 }
    }

    /// Waits for more of the server; nothing is ready afterwards when it has hung up.
    fn fill(&mut self) -> io::Result<()> {
        self.ready.clear();
        self.given = 0;
        while self.ready.is_empty() {
            let bytes = match &mut self.wire {
                Wire::Plain(wire) => wire.read(&mut self.raw)?,
                Wire::Tls(wire) => wire.read(&mut self.raw)?,
            };
            self.allowance.take(bytes)?;
            if bytes == 0 {
                self.lines.end(&mut self.ready);
                return Ok(());
            }
            self.lines.pass(self.raw.get(..bytes).unwrap_or_default(), &mut self.ready);
        }
        Ok(())
    }
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

impl SetReadTimeout for Stream {
    fn set_read_timeout(&mut self, timeout: Option<Duration>) -> imap::Result<()> {
        let tcp = match &self.wire {
            Wire::Plain(wire) => wire,
            Wire::Tls(wire) => wire.get_ref(),
        };
        // `None` is how IDLE gives the time-out back: never wait for ever.
        tcp.set_read_timeout(timeout.or(Some(self.silence_max))).map_err(imap::Error::Io)
    }
}
