//! What ends a run before all is done: a wish to stop, and the time that it was given.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use super::RefreshError;

/// Visits that are under way when somebody wants the run to stop are given so long to end.
const GRACE: Duration = Duration::from_secs(2);

/// Twentieths of the time after which visits are abandoned.
const VISITS: u32 = 17;

/// What bounds a run.
#[derive(Clone, Debug)]
pub struct Bounds {
    stop: watch::Receiver<bool>,
    started: Instant,
    most: Option<Duration>,
}

/// Makes a run stop.
#[derive(Debug)]
pub struct Stopper(watch::Sender<bool>);

impl Stopper {
    /// Stops the run as soon as nothing is left half done. Asking again changes nothing.
    pub fn stop(&self) {
        // A run that has ended needs no telling.
        let _ = self.0.send(true);
    }
}

impl Bounds {
    /// A run that began at `started` and may take so long (`None`: as long as it needs), and what makes it stop before.
    pub fn new(started: Instant, most: Option<Duration>) -> (Stopper, Bounds) {
        let (sender, stop) = watch::channel(false);
        (Stopper(sender), Bounds { stop, started, most })
    }

    /// No bounds: the run ends when all is done.
    pub fn none() -> Bounds {
        Bounds::new(Instant::now(), None).1
    }

    /// Ends when the run is to stop.
    pub async fn stopped(&self) {
        if self.stop.clone().wait_for(|asked| *asked).await.is_err() {
            // Whoever could have asked is gone.
            std::future::pending::<()>().await;
        }
    }

    /// Ends when no further visit is to be launched: what begins in the last fifth of the time would mostly be
    /// abandoned half-way.
    pub(super) async fn launching_ends(&self) {
        tokio::select! {
            () = self.stopped() => {}
            () = self.after(16) => {}
        }
    }

    /// Ends when the visits under way are to be abandoned. Pages get a little of the time for themselves: one source
    /// that hangs at every run would else leave none for the texts of all others.
    pub(super) async fn visiting_ends(&self) {
        tokio::select! {
            () = self.after(VISITS) => {}
            () = async {
                self.stopped().await;
                tokio::time::sleep(GRACE).await;
            } => {}
        }
    }

    /// Ends when no page is waited for any more: the last tenth of the time is for deciding and publishing.
    pub(super) async fn reading_ends(&self) {
        self.after(18).await;
    }

    /// Ends when all of the time is over.
    pub(super) async fn time_ends(&self) {
        self.after(20).await;
    }

    /// What to say when visits were abandoned that no run of this length could wait for.
    pub(super) fn advice(&self, abandoned: usize, timeout: Duration) -> Option<String> {
        let is_short = self.most.is_some_and(|most| most / 20 * VISITS < timeout);
        (abandoned > 0 && is_short).then(|| {
            format!(
                "{abandoned} of the visits under way were given up before `fetch.timeout` ({timeout:?}); sources that \
                 are always so slow need a longer --max-time or a shorter `fetch.timeout`"
            )
        })
    }

    /// Does a piece of work unless the run is to stop. Whatever it is committing then is committed whole.
    pub(super) async fn unless_stopped<T, E: Into<RefreshError>>(
        &self,
        work: impl Future<Output = Result<T, E>>,
    ) -> Result<T, RefreshError> {
        tokio::select! {
            biased;
            () = self.stopped() => Err(RefreshError::Stopped),
            done = work => done.map_err(Into::into),
        }
    }

    /// When so many twentieths of the time are over.
    async fn after(&self, parts: u32) {
        let at = self.most.and_then(|most| self.started.checked_add(most / 20 * parts));
        match at {
            Some(at) => sleep_until(at).await,
            None => std::future::pending().await,
        }
    }
}
