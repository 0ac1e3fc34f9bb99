//! Volume that is not what the weekday used to bring.

use super::{median, real};

/// How a day's volume differs from what it used to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VolumeChange {
    /// Mails that the weekday used to bring.
    pub usual: f64,
    /// Robust standard deviations from it, on a scale of logarithms; above 0 is more.
    pub z: f64,
}

/// Weeks that a weekday is compared with, and how many of them have to be there.
const WEEKS: i64 = 8;
const WEEKS_MIN: usize = 4;
/// Least spread that is believed, and what counts as a change.
const SPREAD_MIN: f64 = 0.15;
const Z_MIN: f64 = 3.5;
const MAILS_MIN: f64 = 50.0;

/// The change of volume on `day`, if it is one. `mails` are all days with what they brought, ascending; a day between
/// the first and `day` that is left out brought nothing.
#[must_use]
pub fn volume_change(mails: &[(i64, u64)], day: i64) -> Option<VolumeChange> {
    let on = |day: i64| mails.binary_search_by_key(&day, |entry| entry.0).ok().and_then(|at| mails.get(at));
    let first = mails.first()?.0;
    let weekdays = (1..=WEEKS).map(|week| day - 7 * week).filter(|day| *day >= first);
    let mut before: Vec<f64> = weekdays.map(|day| on(day).map_or(0.0, |entry| real(entry.1)).ln_1p()).collect();
    if before.len() < WEEKS_MIN {
        return None;
    }
    let centre = median(&mut before)?;
    let spread = median(&mut before.iter().map(|value| (value - centre).abs()).collect::<Vec<_>>())?;
    let today = on(day).map_or(0.0, |entry| real(entry.1));
    let usual = centre.exp_m1();
    let z = (today.ln_1p() - centre) / (1.4826 * spread).max(SPREAD_MIN);
    (z.abs() > Z_MIN && (today - usual).abs() >= MAILS_MIN).then_some(VolumeChange { usual, z })
}
