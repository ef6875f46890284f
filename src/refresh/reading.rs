//! A reader's work, walled off: a panic in it, or work without end, costs one source.

use std::time::Duration;

use tokio::task::spawn_blocking;
use tokio::time::timeout;

use crate::model::{Outcome, OutcomeKind};

/// The largest document takes seconds; what takes longer than this has no end.
pub(super) const LONGEST: Duration = Duration::from_secs(120);

/// Does a piece of work on a thread of its own. Work that is given up goes on there, heard by nobody, until the program
/// ends: a thread cannot be stopped.
pub(super) async fn walled<T: Send + 'static>(
    longest: Duration,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Outcome> {
    match timeout(longest, spawn_blocking(work)).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(_)) => Err(inside("reading the document failed inside the program")),
        Err(_) => Err(inside("reading the document came to no end")),
    }
}

/// The outcome of a visit that met a fault of ours.
fn inside(error: &str) -> Outcome {
    Outcome {
        kind: OutcomeKind::Failed,
        error: Some(error.to_owned()),
        help: Some("please report it, with the document".to_owned()),
        http_status: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_that_has_no_end_is_given_up() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let work = || std::thread::sleep(Duration::from_secs(60));
        let given_up = runtime.block_on(walled(Duration::from_millis(20), work)).unwrap_err();
        assert!(given_up.error.unwrap().contains("no end"));
        let done = runtime.block_on(walled(LONGEST, || 7));
        assert_eq!(done, Ok(7));
        let fault = runtime.block_on(walled(LONGEST, || assert!(std::hint::black_box(false))));
        assert!(fault.unwrap_err().error.unwrap().contains("inside the program"));
        runtime.shutdown_background();
    }
}
