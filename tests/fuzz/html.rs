//! Bytes to whatever kind of page they are.
#![no_main]

mod checks;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| checks::html(bytes));
