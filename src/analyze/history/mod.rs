//! What happened when: which reports came, which keys signed, what kind of mail came on which day.

mod arrivals;
mod classes;
mod keys;
mod newcomers;
mod records;
mod weeks;

pub use arrivals::{Arrival, ReporterDay, ReporterHistory, arrivals};
pub use classes::{ClassDay, HarmDay, class_days, harm_days};
pub use keys::{KeyDay, KeyHistory, keys};
pub use newcomers::{Newcomer, newcomers};
pub use records::{RecordChange, RecordName, record_changes};
pub use weeks::{WeekRate, weekly_rates};
