//! What a person or the system asks of a run that is under way: to stop, and then to stop at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use tokio::signal::unix::{Signal, SignalKind, signal};

use super::Failure;
use super::message::code;
use crate::fetch::end_programs;
use crate::refresh::Stopper;

/// Signals are listened for until the program ends.
pub(super) struct Signals {
    /// The exit code of the first one; 0: none has come.
    first: Arc<AtomicU8>,
}

impl Signals {
    /// The first SIGINT or SIGTERM stops the run, the second ends the program where it stands: as a kill would, which
    /// every run is made for.
    pub(super) fn listen(stopper: Stopper) -> Result<Signals, Failure> {
        let failed = |cause| Failure::new(code::FAILURE, format!("the program cannot listen for signals: {cause}"));
        let first = Arc::new(AtomicU8::new(0));
        let seen = Arc::clone(&first);
        // A runtime of its own: the run's threads may be at work, or gone, when the second signal comes.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build().map_err(failed)?;
        let (interrupt, terminate) = {
            let _context = runtime.enter();
            (signal(SignalKind::interrupt()).map_err(failed)?, signal(SignalKind::terminate()).map_err(failed)?)
        };
        std::thread::Builder::new()
            .name("signals".to_owned())
            .spawn(move || runtime.block_on(obey(interrupt, terminate, &seen, &stopper)))
            .map_err(failed)?;
        Ok(Signals { first })
    }

    /// A run's failure with the exit code of the signal that made it stop, if one did.
    pub(super) fn failure(&self, failure: Failure) -> Failure {
        match self.first.load(Ordering::SeqCst) {
            code if code != 0 && failure.code == code::TERMINATED => Failure { code, ..failure },
            _ => failure,
        }
    }
}

async fn obey(mut interrupt: Signal, mut terminate: Signal, first: &AtomicU8, stopper: &Stopper) {
    loop {
        let code = tokio::select! {
            _ = interrupt.recv() => code::INTERRUPTED,
            _ = terminate.recv() => code::TERMINATED,
        };
        if first.swap(code, Ordering::SeqCst) != 0 {
            end_programs();
            std::process::exit(code.into());
        }
        stopper.stop();
    }
}
