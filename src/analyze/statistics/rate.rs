//! Events a day, and how many there may be in truth.

use statrs::distribution::{ContinuousCDF as _, Gamma};

use super::real;

/// Shape above which the approximation of Wilson and Hilferty is exact to seven digits.
const SHAPE_EXACT_MAX: f64 = 1000.0;

/// The most events that seeing `count` of them speaks for: the upper bound of a Poisson distribution's mean. The count
/// may be an effective number.
#[must_use]
pub fn poisson_upper(count: f64) -> f64 {
    let shape = count.max(0.0) + 1.0;
    match Gamma::new(shape, 1.0) {
        Ok(gamma) if shape <= SHAPE_EXACT_MAX => gamma.inverse_cdf(0.95),
        _ => {
            let third = 1.0 / (9.0 * shape);
            shape * (1.0 - third + 1.644_853_626_951_472_2 * third.sqrt()).powi(3)
        }
    }
}

/// The most events a day that these days speak for; a day without an event is a 0 among them.
///
/// Where days differ more than chance makes them, events come in lumps: they count as so many lumps, and the bound is
/// that of lumps times their size.
#[must_use]
pub fn per_day_upper(events: &[u64]) -> f64 {
    let days = real(events.len() as u64);
    if events.is_empty() {
        return f64::INFINITY;
    }
    let total: f64 = events.iter().map(|count| real(*count)).sum();
    let mean = total / days;
    let squares: f64 = events.iter().map(|count| (real(*count) - mean).powi(2)).sum();
    let is_measurable = events.len() > 1 && mean > 0.0;
    let lump = if is_measurable { (squares / (days - 1.0) / mean).max(1.0) } else { 1.0 };
    lump * poisson_upper(total / lump) / days
}
