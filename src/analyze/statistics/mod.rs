//! The arithmetic of evidence: small pure functions over counts.
//!
//! All bounds are one-sided, of 95 %. A bound that nothing supports is the one that says nothing: 0 from below, 1 from
//! above, infinity for a rate.

mod change;
mod periodic;
mod proportion;
mod rate;
mod unseen;
mod volume;

#[cfg(test)]
mod tests;

pub use change::{Alarm, failure_alarms};
pub(in crate::analyze) use periodic::date;
pub use periodic::{Cycle, Rhythm, rhythm};
pub use proportion::{design_effect, difference_lower, wilson_lower, wilson_upper};
pub use rate::{per_day_upper, poisson_upper};
pub use unseen::{chao1_unseen_sources, good_turing_unseen_share};
pub use volume::{VolumeChange, volume_change};

/// Mails of one day, and how many of them failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct DayCount {
    /// UTC day, days since 1970-01-01.
    pub day: i64,
    /// All of them.
    pub mails: u64,
    /// Those that failed; at most `mails`.
    pub failed: u64,
}

/// A count as a number with a fraction.
#[expect(
    clippy::cast_precision_loss,
    reason = "sums of mails are far below 2^53, and every figure here is an estimate"
)]
#[must_use]
pub const fn real(count: u64) -> f64 {
    count as f64
}

/// The middle value; of an even number of values the mean of the two. `None` of none.
fn median(values: &mut [f64]) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let upper = values.get(values.len() / 2).copied()?;
    if values.len() % 2 == 1 {
        return Some(upper);
    }
    let lower = values.get(values.len() / 2 - 1).copied()?;
    Some(f64::midpoint(lower, upper))
}
