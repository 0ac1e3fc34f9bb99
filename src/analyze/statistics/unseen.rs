//! What has not been seen yet, judged by how much was seen only once.

use super::real;

/// Share of source-days that belongs to sources not seen yet (Good and Turing): `once` sources were seen on exactly one
/// day, out of `source_days` in all. Everything is unseen where nothing was seen.
#[must_use]
pub fn good_turing_unseen_share(once: u64, source_days: u64) -> f64 {
    if source_days == 0 { 1.0 } else { (real(once) / real(source_days)).min(1.0) }
}

/// Sources not seen yet, at least (Chao 1984, bias-corrected): `once` and `twice` were seen on one and on two days.
#[must_use]
pub fn chao1_unseen_sources(once: u64, twice: u64) -> f64 {
    real(once) * real(once.saturating_sub(1)) / (2.0 * real(twice + 1))
}
