//! What a digest has to say: how things stand, what is different from the last one, and whether to send it.
//!
//! - *takes* facts about domains, senders and reporters, and what the last digest said; as values
//! - *gives* changes, the level of alarm, whether a digest is due, and what to remember until the next one
//! - *bounds* what is remembered: domains, senders of each, and the length of every name
//! - *never* writes a sentence, reads a clock or the store
//!
//! What was said is remembered for each receiver, so that a day that was missed is no change that was missed.

mod change;
mod due;
mod facts;
mod snapshot;

#[cfg(test)]
mod tests;

pub use change::{Change, changes};
pub use due::{Level, Rule, is_due, level};
pub use facts::{Decision, DomainFacts, Facts, SenderFacts, Share};
pub use snapshot::Snapshot;
