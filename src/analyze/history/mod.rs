//! What happened when: which reports came, which keys signed.

mod arrivals;
mod keys;

pub use arrivals::{Arrival, ReporterDay, ReporterHistory, arrivals};
pub use keys::{KeyDay, KeyHistory, keys};
