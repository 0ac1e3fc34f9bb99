//! May the policy be tightened, and to what record?
//!
//! [`advise`] takes a [`Case`] and gives an [`Advice`]: one decision, with every number that it rests on. Spoofed mail is
//! in none of them. Absent data never weakens a policy.

mod blockers;
mod case;
mod coverage;
mod decide;
mod gates;
mod impact;
mod ladder;
mod publish;
mod rollback;
mod tally;
mod view;

#[cfg(test)]
pub(in crate::analyze) mod tests;

pub use blockers::Blocker;
pub use case::{Case, Current, DnsState};
pub use coverage::Coverage;
pub use decide::{Advice, Decision, WayBack, advise};
pub use gates::{Gate, Kind};
pub use impact::{Impact, PerDay};
pub use ladder::{Step, Timeline};
pub use publish::{CHANGE_TTL_S, Record};
pub use rollback::Trigger;
pub use tally::{Days, Sums, Tally};
pub use view::{Evidence, WINDOW_DAYS};
