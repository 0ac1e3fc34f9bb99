#![expect(clippy::disallowed_methods, reason = "intakes read the world")]
//! Where inputs come from.
//!
//! *Takes* paths, later mailboxes. *Gives* deliveries, one at a time. *Bounds*: one delivery in memory; what is
//! larger than its limit is told and not read. *Never* decides what is a report.

mod file;

pub use file::{FileError, Files};

/// One input as received: a file, or a message out of a mailbox.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// Where it came from: a path, with `#n` for the n-th message of an mbox.
    pub origin: String,
    /// Its name: only looked at to see whether it claims to be a report.
    pub name: String,
    /// Size as received, in bytes.
    pub size_bytes: u64,
    /// What was received.
    pub content: Received,
}

/// The content of a delivery.
#[derive(Clone, Debug)]
pub enum Received {
    /// All bytes.
    Bytes(Vec<u8>),
    /// Larger than a limit, and not read.
    TooLarge(crate::limits::LimitHit),
}

/// A source of deliveries.
pub trait Intake {
    /// The next delivery; an error concerns one input, and the next call goes on behind it.
    fn next(&mut self) -> Option<Result<Delivery, FileError>>;
}
