//! Hosts between runs: who waits, and what their robots.txt said.
//!
//! That a host waits is stored with the visit that was told so, or here; what a robots.txt said as soon as
//! it is known. So a run that was killed anywhere leaves nobody to be asked again too early.

use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use url::Url;

use crate::fetch::{Client, FetchError, Fetched, Memory};
use crate::model::{Location, Robots, Source, Validators, Visit, is_redirector};
use crate::store::{Store, StoreError};

/// What was learned of a host is of no use any more after so long (RFC 9309 §2.3.1.4 names 30 days).
const KEPT: TimeDelta = TimeDelta::days(30);

/// Gets a page that the program chose itself, for a source if it is one's alone, as the site's robots.txt allows.
/// That it could not be had is the inner error.
pub async fn page(
    store: &dyn Store,
    web: &Client,
    source: Option<&Source>,
    url: &Url,
    validators: &Validators,
    now: DateTime<Utc>,
) -> Result<Result<Fetched, FetchError>, StoreError> {
    let memory = Stored { store, failure: Mutex::default() };
    let page = web.page_of(source, url, validators, now, &memory).await;
    remembered(store, web, memory).await?;
    Ok(page)
}

/// Asks a redirector in a source's story where it leads, as its robots.txt allows.
pub(super) async fn target(
    store: &dyn Store,
    web: &Client,
    source: &Source,
    url: &Url,
    now: DateTime<Utc>,
) -> Result<Result<Url, FetchError>, StoreError> {
    let memory = Stored { store, failure: Mutex::default() };
    let target = web.target(&source.access, url, is_redirector, now, &memory).await;
    remembered(store, web, memory).await?;
    Ok(target)
}

/// Stores what was learned of hosts meanwhile.
async fn remembered(store: &dyn Store, web: &Client, memory: Stored<'_>) -> Result<(), StoreError> {
    if let Some(failure) = memory.failure.into_inner().unwrap_or_else(PoisonError::into_inner) {
        return Err(failure);
    }
    let hosts = web.unsaved_hosts();
    if !hosts.is_empty() {
        store.keep_hosts(&hosts).await?;
        web.saved_hosts(&hosts);
    }
    Ok(())
}

/// Tells the client which hosts wait since earlier runs.
pub(super) async fn recall(store: &dyn Store, web: &Client, now: DateTime<Utc>) -> Result<(), StoreError> {
    web.recall_hosts(&store.hosts().await?, now);
    Ok(())
}

/// Whether a source's host waits: then the source is not asked, however due it is.
pub(super) fn waits(web: &Client, source: &Source, visit: &Visit, now: DateTime<Utc>) -> bool {
    match &source.location {
        Location::Web(configured) => web.waits(visit.moved_to.as_ref().unwrap_or(configured), now),
        Location::File(_) => false,
    }
}

/// Forgets what is of no use at `sure`, a time that is certainly past.
pub(super) async fn forget(store: &dyn Store, sure: DateTime<Utc>) -> Result<(), StoreError> {
    match sure.checked_sub_signed(KEPT) {
        Some(before) => store.forget_hosts(before).await,
        None => Ok(()),
    }
}

/// The store as the client asks for it.
struct Stored<'a> {
    store: &'a dyn Store,
    /// The client cannot do anything about a store that fails; who called it can.
    failure: Mutex<Option<StoreError>>,
}

impl Stored<'_> {
    fn unless_failed<T: Default>(&self, done: Result<T, StoreError>) -> T {
        done.unwrap_or_else(|failure| {
            self.failure.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(failure);
            T::default()
        })
    }
}

#[async_trait]
impl Memory for Stored<'_> {
    async fn robots(&self, origin: &str) -> Option<Robots> {
        self.unless_failed(self.store.robots(origin).await)
    }

    async fn keep(&self, robots: &Robots) {
        self.unless_failed(self.store.keep_robots(robots).await);
    }
}
