#![expect(clippy::disallowed_methods, reason = "intakes read the world")]
//! Where inputs come from.
//!
//! *Takes* paths and mailboxes. *Gives* deliveries, one at a time, and acts on them when they are settled. *Bounds*: one
//! delivery in memory, of a mailbox a few; what is larger than its limit is told and not read. *Never* decides what is a
//! report, or acts on a delivery before its rows are committed.

mod file;
pub mod imap;
mod maildir;

pub use file::{FileError, Files};
pub use maildir::{MaildirAction, Maildirs, NotMaildir};

use crate::mail::Envelope;

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
    /// What the intake calls it when it is settled; `None` where nothing becomes of it afterwards.
    pub receipt: Option<u32>,
    /// Envelope of a mail that is too large to be read.
    pub envelope: Option<Envelope>,
}

/// The content of a delivery.
#[derive(Clone, Debug)]
pub enum Received {
    /// All bytes.
    Bytes(Vec<u8>),
    /// Larger than a limit, and not read.
    TooLarge(crate::limits::LimitHit),
}

/// What became of a delivery whose rows are committed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Its reports are in the store, new or not.
    Stored,
    /// Something in it, or all of it, was kept as a rejection.
    Rejected,
    /// There was no report in it.
    Ignored,
}

/// A source of deliveries.
pub trait Intake {
    /// The next delivery; an error concerns one input, and the next call goes on behind it.
    fn next(&mut self) -> Option<Result<Delivery, FileError>>;

    /// Told once, at the end, what became of the deliveries with a receipt: all their rows are committed.
    fn settle(&mut self, _fates: &[(u32, Fate)]) {}
}
