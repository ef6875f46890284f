//! Bytes to the stories of a list.
#![no_main]

mod checks;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| checks::listing(bytes));
