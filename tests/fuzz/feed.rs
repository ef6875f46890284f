//! Bytes to the clean stories of a feed.
#![no_main]

mod checks;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| checks::feed(bytes));
