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
pub(crate) mod tests;

pub use blockers::{Blocker, answers, known_as};
pub use case::{Case, Current, DnsState};
pub use coverage::Coverage;
pub use decide::{Advice, Decision, WayBack, advise};
pub use gates::{Gate, Kind};
pub use impact::{Impact, PerDay, Sent};
pub use ladder::{Step, Timeline};
pub use publish::{CHANGE_TTL_S, Record};
pub use rollback::Trigger;
pub use tally::{Days, Sums, Tally};
pub use view::{Evidence, WINDOW_DAYS};

/// A share in per cent as people read it. Never rounded up: 99.996 % is not 100 %, and 0.001 % is not 0 %.
#[must_use]
pub fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if percent <= 0.0 || percent >= 100.0 {
        return format!("{percent:.0} %");
    }
    let digits = if (1.0..=99.0).contains(&percent) { 1 } else { 2 };
    let scale = 10.0_f64.powi(digits);
    // A hair more, so that 0.29 is not cut to 0.28 for the way in which numbers are held.
    let cut = ((percent * scale + 1e-6).floor() / scale).max(0.01);
    format!("{cut:.*} %", if digits == 1 { 1 } else { 2 })
}
