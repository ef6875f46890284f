//! The main job, once: the order of things.
//!
//! Each source alone is visited, read and delivered; then the pages of new stories are fetched that wait for their
//! text; then everything undecided is decided in one deterministic order; then every output is rendered from the store
//! alone. A run that was killed anywhere is completed by the next: what was delivered is decided, what was decided is
//! published.

mod accept;
mod announce;
mod articles;
mod attempt;
mod bounds;
mod decide;
mod feeds;
mod health;
mod hosts;
mod launch;
mod leads;
mod learn;
mod moves;
mod outputs;
mod queue;
mod reading;
mod renew;
mod schedule;
mod seed;
mod visit;
mod voice;

pub use accept::accept;
pub use bounds::{Bounds, Stopper};
pub use decide::decide;
pub use feeds::{Feed, feeds};
pub use hosts::page;
pub use outputs::{entry, holding, shows};
pub use renew::renew;
pub use seed::{SeedError, Seeded, seed};
pub use visit::Visitor;

use std::time::{Duration, Instant};

use chrono::{DateTime, SecondsFormat, Utc};

use crate::config::Config;
use crate::failpoint::{Point, pass};
use crate::fetch::Client;
use crate::model::{RunReport, Source, SourceId, Visit};
use crate::publish::PublishError;
use crate::store::{Store, StoreError};

/// Texts are kept for comparing at least so long: the same text counts for a week, and sources are late.
const KEPT: Duration = Duration::from_secs(8 * 24 * 3600);

/// How this run differs from an ordinary one.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The run's clock.
    pub now: DateTime<Utc>,
    /// Visit every source, due or not; a host that has asked to be left alone still is.
    pub force: bool,
    /// Publish every story of a first visit, not only the newest.
    pub all: bool,
}

/// Why a run could not go on. A source that fails is no such error: it is a row of the report.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RefreshError {
    /// The memory failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// An output could not be rendered or written.
    #[error(transparent)]
    Publish(#[from] PublishError),
    /// It was told to stop.
    #[error("stopped before the end; the next run completes what is missing")]
    Stopped,
}

/// Forgets the shingles of stories that nothing can be near to any more; their identities stay. What is
/// old is reckoned from the earliest of three times, since any of them may be wrong: the clock, that of
/// the run before, and the newest story.
async fn prune(
    config: &Config,
    store: &dyn Store,
    now: DateTime<Utc>,
    settled: Option<DateTime<Utc>>,
) -> Result<(), StoreError> {
    let newest = store.timeline(DateTime::<Utc>::MIN_UTC, 1).await?.pop().map(|member| member.time);
    let Some(sure) = settled.min(newest).map(|time| time.min(now)) else { return Ok(()) };
    let window = config.dedupe.window.max(KEPT);
    let before = chrono::Duration::from_std(window).ok().and_then(|window| sure.checked_sub_signed(window));
    if let Some(before) = before {
        store.prune(before).await?;
    }
    hosts::forget(store, sure).await
}

fn set_back(settled: DateTime<Utc>) -> String {
    format!(
        "the last run's clock stood at {}, which is still to come; this run goes by its own",
        settled.to_rfc3339_opts(SecondsFormat::Secs, true)
    )
}

/// Renders every output again, as after a correction. Gives each file's name and whether it changed.
pub async fn publish(
    config: &Config,
    store: &dyn Store,
    now: DateTime<Utc>,
) -> Result<Vec<(String, bool)>, RefreshError> {
    let mut report = RunReport::at(now);
    outputs::publish_all(config, store, &mut report).await?;
    announce::expect(config, &report.files)?;
    Ok(report.files)
}

/// Fetches what is due, decides, publishes.
pub async fn refresh(
    config: &Config,
    store: &dyn Store,
    web: &Client,
    options: Options,
) -> Result<RunReport, RefreshError> {
    refresh_within(config, store, web, options, &Bounds::none()).await
}

/// As [`refresh`], within bounds. Time that is up costs visits only: what was read is decided about and published.
/// A run that is to stop delivers what it has read and leaves the rest to the next.
pub async fn refresh_within(
    config: &Config,
    store: &dyn Store,
    web: &Client,
    options: Options,
    bounds: &Bounds,
) -> Result<RunReport, RefreshError> {
    let started = Instant::now();
    bounds.unless_stopped(renew::renew(store)).await?;
    hosts::recall(store, web, options.now).await?;
    let visitor = Visitor { store, web, options };
    let ids: Vec<SourceId> = config.sources.iter().map(|source| source.id.clone()).collect();
    let mut visits = store.visits(&ids).await?;
    let due: Vec<(&Source, Visit)> = (config.sources.iter())
        .map(|source| (source, visit::as_configured(source, visits.remove(&source.id).unwrap_or_default())))
        .filter(|(source, visit)| {
            schedule::is_due(source, visit, options) && !hosts::waits(web, source, visit, options.now)
        })
        .collect();
    let not_due = config.sources.len() - due.len();

    let launch::Visited { mut rows, left, abandoned } = launch::launch(visitor, due, &config.fetch, bounds).await?;

    let articles = articles::fetch(config, store, web, options.now, bounds);
    let articles = bounds.unless_stopped(articles).await?;
    bounds.unless_stopped(articles::heed(store, &articles, &mut rows, options.now)).await?;
    for (id, row) in &mut rows {
        row.articles = articles.get(id).copied().unwrap_or_default();
        row.warnings.extend(articles::misnamed(row.articles));
    }

    let settled = bounds.unless_stopped(store.settled()).await?;
    let decided = decide::decide(&config.sources, &config.dedupe, store, &mut rows, options.now);
    let wrong = bounds.unless_stopped(decided).await?;
    let mut report = RunReport {
        not_due,
        left,
        articles: articles.into_values().sum(),
        warnings: wrong.into_iter().map(set_back).chain(bounds.advice(abandoned, config.fetch.timeout)).collect(),
        sources: ids.iter().filter_map(|id| rows.remove(id)).collect(),
        ..RunReport::at(options.now)
    };
    // Also when every source failed: the same stories give the same bytes, and what the configuration
    // has made private since must go.
    pass(Point::BeforePublish);
    bounds.unless_stopped(outputs::publish_all(config, store, &mut report)).await?;
    pass(Point::AfterPublish);
    bounds.unless_stopped(announce::announce(config, web, &mut report, options.now, bounds)).await?;
    bounds.unless_stopped(prune(config, store, options.now, settled)).await?;
    pass(Point::End);
    report.elapsed = started.elapsed();
    Ok(report)
}
