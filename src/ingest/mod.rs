//! Where the stages meet: received bytes become rows.
//!
//! *Takes* deliveries from an intake. *Gives* rows in a store, and a tally. *Bounds*: bytes in flight between the
//! threads. *Never* settles a delivery before its rows are committed.

mod crew;
mod mailbox;
mod open;
mod prepare;
mod run;
mod turn;

pub use mailbox::{MailboxFailure, Poll, Preview, Progress, pause, poll, poll_in, preview, stay};
pub use open::{Item, Opened, OtherKind, Part, Rejection, open};
pub use prepare::{Options, prepare, prepare_again};
pub use run::{Tally, fate, run, run_maildirs};
