#![no_main]

#[allow(dead_code, reason = "each target uses a part of it")]
#[path = "../../robustness/check.rs"]
mod check;

// A store costs milliseconds: one input in 64 gets one.
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let sum: u64 = bytes.iter().map(|byte| u64::from(*byte)).sum();
    check::open(bytes, sum % 64 == 0);
});
