//! What the records mean: who sends, why it fails, what to publish next.
//!
//! - *takes* observations (records of reports), what DNS published, settings; as values
//! - *gives* sources with a class and its reasons, a decision with its evidence
//! - *bounds* linear in the observations; nothing is kept between calls
//! - *never* asks anybody, reads a clock or a file; shows a share of mails that were not classified first

pub mod alarms;
pub mod alignment;
pub mod check;
mod class;
pub mod classify;
pub mod history;
mod known_sender;
mod observation;
pub mod readiness;
mod sender;
pub mod simulate;
mod spf_evidence;
#[cfg(test)]
mod spf_evidence_tests;
mod spf_suggestion;
pub mod statistics;
pub mod trust;

pub use class::{Class, Confidence};
pub use classify::{Cause, Elsewhere, Inputs, ReverseName, ReverseNames, Senders, classify};
pub use known_sender::{CanAlign, KnownSender, KnownSenders, SenderKind};
pub use observation::{Observation, Shape};
pub use sender::{Sender, title};
pub use spf_evidence::{SpfEvidence, UncoveredSender, spf_evidence};
pub use spf_suggestion::{DeclaredSender, SpfSuggestion, flatten_own, suggest_spf};
