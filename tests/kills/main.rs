//! What a run leaves when it ends in the middle: one end at every place there is, and the next run completes it.
//!
//! Needs `--features failpoints`; see `src/failpoint.rs`.

mod batches;
mod damage;
mod every;
#[path = "../it/origin.rs"]
#[allow(dead_code, reason = "shared with the other tests, which use the rest")]
mod origin;
mod reader;
mod scenario;
mod state;
#[path = "../it/support.rs"]
#[allow(dead_code, reason = "shared with the other tests, which use the rest")]
mod support;

#[test]
fn the_program_under_test_knows_the_places() {
    let program = std::fs::read(env!("CARGO_BIN_EXE_oncefeed")).unwrap();
    let name = b"ONCEFEED_FAILPOINT";
    assert!(program.windows(name.len()).any(|window| window == name));
}
