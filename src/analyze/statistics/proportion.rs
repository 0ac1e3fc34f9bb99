//! Shares of mails, and how far they may be from the truth.

use super::{DayCount, real};

/// Quantile of the normal distribution at 95 %.
const Z: f64 = 1.644_853_626_951_472_2;
/// Days below which the design effect can't be estimated.
const DAYS_MIN: usize = 7;
/// What the estimate of the design effect is multiplied by, so that the bound covers what it says.
const DESIGN_MARGIN: f64 = 1.25;

/// The lowest share that `part` of `whole` speaks for (Wilson 1927); `whole` may be an effective number.
#[must_use]
pub fn wilson_lower(part: f64, whole: f64) -> f64 {
    // Nothing of something is at least nothing, which the difference below only nearly is.
    if whole <= 0.0 || part <= 0.0 {
        return 0.0;
    }
    let (centre, half) = wilson(part / whole, whole);
    (centre - half).clamp(0.0, 1.0)
}

/// The highest share that `part` of `whole` speaks for.
#[must_use]
pub fn wilson_upper(part: f64, whole: f64) -> f64 {
    if whole <= 0.0 {
        return 1.0;
    }
    let (centre, half) = wilson(part / whole, whole);
    (centre + half).clamp(0.0, 1.0)
}

fn wilson(share: f64, whole: f64) -> (f64, f64) {
    let (p, z2) = (share.clamp(0.0, 1.0), Z * Z);
    let scale = 1.0 + z2 / whole;
    let half = Z * (p * (1.0 - p) / whole + z2 / (4.0 * whole * whole)).sqrt();
    ((p + z2 / (2.0 * whole)) / scale, half / scale)
}

/// By how much mails of one day resemble each other: so many mails are worth one independent observation.
///
/// A ratio estimator over days, between 1 and mails a day, times a margin. Nothing can be estimated from under seven
/// days, or where all mails fared alike; then the margin alone counts.
#[must_use]
pub fn design_effect(days: &[DayCount]) -> f64 {
    let days: Vec<&DayCount> = days.iter().filter(|day| day.mails > 0).collect();
    let mails: f64 = days.iter().map(|day| real(day.mails)).sum();
    let failed: f64 = days.iter().map(|day| real(day.failed)).sum();
    if days.len() < DAYS_MIN || failed <= 0.0 || failed >= mails {
        return DESIGN_MARGIN;
    }
    let (share, number) = (failed / mails, real(days.len() as u64));
    let squares: f64 = days.iter().map(|day| (real(day.failed) - share * real(day.mails)).powi(2)).sum();
    let between = number / (number - 1.0) * squares / (mails * mails);
    let binomial = share * (1.0 - share) / mails;
    (between / binomial).clamp(1.0, (mails / number).max(1.0)) * DESIGN_MARGIN
}

/// The least that the share `before` (part, whole) exceeds the share `after` by (Newcombe 1998, method 10).
#[must_use]
pub fn difference_lower(before: (f64, f64), after: (f64, f64)) -> f64 {
    if before.1 <= 0.0 || after.1 <= 0.0 {
        return -1.0;
    }
    let (first, second) = (before.0 / before.1, after.0 / after.1);
    let below = first - wilson_lower(before.0, before.1);
    let above = wilson_upper(after.0, after.1) - second;
    (first - second - below.hypot(above)).clamp(-1.0, 1.0)
}
