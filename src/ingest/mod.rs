//! Where the stages meet: received bytes become rows.
//!
//! *Takes* deliveries from an intake. *Gives* rows in a store, and a tally. *Bounds*: bytes in flight between the
//! threads. *Never* settles a delivery before its rows are committed.

mod open;

pub use open::{Item, Opened, OtherKind, Part, Rejection, open};
