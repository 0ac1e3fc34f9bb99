#![no_main]

#[allow(dead_code, reason = "each target uses a part of it")]
#[path = "../../robustness/check.rs"]
mod check;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| check::spf_tree(bytes));
