//! The main job, once: the order of things.
//!
//! Each source alone is visited, read and delivered; then everything undecided is decided in one
//! deterministic order; then every output is rendered from the store alone. A run that was killed
//! anywhere is completed by the next: what was delivered is decided, what was decided is published.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use futures_util::StreamExt;
use tracing::{debug, info, warn};

use crate::config::Config;
use crate::dedupe::{self, Earlier};
use crate::extract::{self, Draft, Hints, Reading};
use crate::fetch::{self, Client, Document, FetchError, Fetched};
use crate::model::{
    Edition, Entry, Key, Location, Member, Newcomer, Outcome, OutcomeKind, Output, Page, RunReport, Source, SourceId,
    SourceReport, Telling, Verdict, Visit,
};
use crate::publish::{self, PublishError};
use crate::store::{Delivery, Inbox, Placed, Shelf, Store, StoreError};

/// Stories decided about in one transaction: bounds the memory of a decision.
const BATCH: usize = 250;
/// A visit that is due within this is due: cron is not exact.
const SLACK: Duration = Duration::from_secs(5);
/// Nothing that a server says makes us wait longer than this after a success.
const LONGEST_WAIT: Duration = Duration::from_secs(7 * 24 * 3600);
/// A source's own wish (`ttl`) is honoured up to this.
const LONGEST_TTL: Duration = Duration::from_secs(24 * 3600);
/// Of a first visit, so many of the newest stories are published ...
const FIRST_STORIES: usize = 30;
/// ... if they are at most this old.
const FIRST_AGE: chrono::Duration = chrono::Duration::days(7);
/// Notes about one document that reach the report.
const WARNINGS: usize = 5;

/// How this run differs from an ordinary one.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The run's clock.
    pub now: DateTime<Utc>,
    /// Visit every source, due or not; a wait that a server asked for still holds.
    pub force: bool,
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
}

/// Fetches what is due, decides, publishes.
pub async fn refresh(
    config: &Config,
    store: &dyn Store,
    web: &Client,
    options: Options,
) -> Result<RunReport, RefreshError> {
    let started = Instant::now();
    let ids: Vec<SourceId> = config.sources.iter().map(|source| source.id.clone()).collect();
    let mut visits = store.visits(&ids).await?;
    let due: Vec<(&Source, Visit)> = (config.sources.iter())
        .map(|source| (source, visits.remove(&source.id).unwrap_or_default()))
        .filter(|(source, visit)| is_due(source, visit, options))
        .collect();
    let not_due = config.sources.len() - due.len();

    // Each source alone: one that fails is a row, a store that fails is an error.
    let mut rows: BTreeMap<SourceId, SourceReport> = BTreeMap::new();
    let mut running = futures_util::stream::iter(
        due.into_iter().map(|(source, visit)| deliver(store, web, source, visit, options.now)),
    )
    .buffer_unordered(config.fetch.concurrency);
    while let Some(row) = running.next().await {
        let row = row?;
        rows.insert(row.id.clone(), row);
    }
    drop(running);

    let mut report = RunReport {
        at: options.now,
        not_due,
        sources: Vec::new(),
        files: Vec::new(),
        outputs: Vec::new(),
        elapsed: Duration::ZERO,
    };
    decide(config, store, &mut rows, options.now).await?;
    report.sources = ids.iter().filter_map(|id| rows.remove(id)).collect();
    // When nothing could be read, nothing is known that readers should be told.
    let all_failed = !report.sources.is_empty() && report.failed() == report.sources.len();
    if !all_failed {
        publish_all(config, store, &mut report).await?;
    }
    report.elapsed = started.elapsed();
    Ok(report)
}

/// Files cost nobody anything: they are read at every run.
fn is_due(source: &Source, visit: &Visit, options: Options) -> bool {
    let Some(next) = visit.next else { return true };
    let waits_for_server = visit.outcome.as_ref().is_some_and(|outcome| outcome.http_status == Some(429));
    matches!(source.location, Location::File(_))
        || options.force && !waits_for_server
        || options.now + SLACK >= next
        // A clock that was set back must not silence a source for years.
        || next - options.now > chrono::Duration::days(31)
}

/// One source: visit, read, deliver.
async fn deliver(
    store: &dyn Store,
    web: &Client,
    source: &Source,
    visit: Visit,
    now: DateTime<Utc>,
) -> Result<SourceReport, StoreError> {
    let mut row = SourceReport {
        id: source.id.clone(),
        location: match &source.location {
            Location::Web(url) => fetch::redacted(url),
            file @ Location::File(_) => file.to_string(),
        },
        outcome: Outcome::success(OutcomeKind::Unchanged, None),
        failures_before: visit.failures,
        stories: 0,
        new: 0,
        folded: 0,
        updated: 0,
        warnings: Vec::new(),
        next: None,
    };
    let mut after = Visit { last: Some(now), ..visit.clone() };
    let mut stories = Vec::new();
    match web.visit(source, &visit, now).await {
        Err(failure) => {
            fail(
                &mut after,
                Outcome {
                    kind: failure.kind(),
                    error: Some(failure.to_string()),
                    help: failure.help(),
                    http_status: failure.http_status(),
                },
            );
            after.next = Some(now + back_off(&after, failure.retry_after(), is_transient(&failure)));
        }
        Ok(Fetched::Unchanged { status, freshness, validators }) => {
            succeed(&mut after, Outcome::success(OutcomeKind::Unchanged, status));
            after.validators = validators;
            after.next = Some(now + wait(source, freshness.max_age, None));
        }
        Ok(Fetched::Page(document)) => {
            let Document { page, validators, digest, status, moved_to, freshness } = *document;
            let hints = Hints { kind: source.kind, list: source.list.clone() };
            match read(hints, page).await {
                Err(outcome) => {
                    // A document that could not be read was not stored: its validators are not ours.
                    fail(&mut after, Outcome { http_status: status, ..outcome });
                    after.next = Some(now + back_off(&after, None, false));
                }
                Ok(reading) => {
                    let fresh = fresh(store, source, &reading.drafts).await?;
                    let known = fresh.iter().filter(|fresh| !**fresh).count();
                    let publish = first_published(&visit, &reading.drafts, now);
                    let Ok(newcomers) = newcomers(source, reading.drafts, fresh, publish, now).await else {
                        fail(&mut after, Outcome { http_status: status, ..inside() });
                        after.next = Some(now + back_off(&after, None, false));
                        return finish(store, source, row, after, Vec::new()).await;
                    };
                    stories = newcomers;
                    row.stories = stories.len() + known;
                    row.warnings = reading.warnings;
                    row.warnings.truncate(WARNINGS);
                    // An address that leads elsewhere for good is believed when what is there is known.
                    let moved = moved_to.filter(|_| visit.first_read.is_none() || known > 0);
                    let kind = if moved.is_some() { OutcomeKind::Moved } else { OutcomeKind::Ok };
                    succeed(&mut after, Outcome::success(kind, status));
                    after.moved_to = moved.or(after.moved_to);
                    after.validators = validators;
                    after.body = Some(digest);
                    after.title = reading.title.or(after.title);
                    after.first_read.get_or_insert(now);
                    after.next = Some(now + wait(source, freshness.max_age, reading.ttl));
                }
            }
        }
    }
    finish(store, source, row, after, stories).await
}

/// Delivers what a visit brought, and completes its row.
async fn finish(
    store: &dyn Store,
    source: &Source,
    mut row: SourceReport,
    after: Visit,
    stories: Vec<Newcomer>,
) -> Result<SourceReport, StoreError> {
    row.outcome = after.outcome.clone().unwrap_or(row.outcome);
    row.next = after.next;
    match &row.outcome.error {
        Some(error) => warn!(source.id = %source.id, "source `{}` failed: {error}", source.id),
        None => {
            info!(source.id = %source.id, source.stories = row.stories, source.fresh = stories.len(), "source `{}` read", source.id)
        }
    }
    store.deliver(&Delivery { source: source.id.clone(), visit: after, stories }).await?;
    Ok(row)
}

/// Reads a document in a task of its own: a reader that panics costs one source.
async fn read(hints: Hints, page: Page) -> Result<Reading, Outcome> {
    match tokio::task::spawn_blocking(move || extract::read(&page, &hints)).await {
        Ok(Ok(reading)) => Ok(reading),
        Ok(Err(cause)) => Err(Outcome {
            kind: OutcomeKind::Failed,
            error: Some(cause.to_string()),
            help: cause.help(),
            http_status: None,
        }),
        Err(_) => Err(inside()),
    }
}

/// The outcome of a visit that met a fault of ours.
fn inside() -> Outcome {
    Outcome {
        kind: OutcomeKind::Failed,
        error: Some("reading the document failed inside the program".to_owned()),
        help: Some("please report it, with the document".to_owned()),
        http_status: None,
    }
}

/// For each draft whether it is unknown or edited.
async fn fresh(store: &dyn Store, source: &Source, drafts: &[Draft]) -> Result<Vec<bool>, StoreError> {
    let items: Vec<_> = drafts.iter().map(|draft| (draft.key.clone(), draft.digest)).collect();
    store.fresh(&source.id, &items).await
}

/// The fresh ones of a document's drafts, cleaned and fingerprinted. What is known is not even cleaned.
async fn newcomers(
    source: &Source,
    drafts: Vec<Draft>,
    fresh: Vec<bool>,
    publish: Vec<bool>,
    now: DateTime<Utc>,
) -> Result<Vec<Newcomer>, tokio::task::JoinError> {
    if !fresh.contains(&true) {
        return Ok(Vec::new());
    }
    let (id, rank, folding) = (source.id.clone(), source.rank, source.folding);
    let work = move || -> Vec<Newcomer> {
        (drafts.into_iter().zip(fresh).zip(publish))
            .filter(|((_, fresh), _)| *fresh)
            .map(|((draft, _), publish)| {
                let digest = draft.digest;
                let story = draft.clean();
                let fingerprint = Arc::new(dedupe::fingerprint(&story));
                Newcomer { source: id.clone(), rank, folding, story, fingerprint, digest, first_seen: now, publish }
            })
            .collect()
    };
    tokio::task::spawn_blocking(work).await
}

/// For each draft whether it is published: all, but of a first visit only the newest.
fn first_published(visit: &Visit, drafts: &[Draft], now: DateTime<Utc>) -> Vec<bool> {
    if visit.first_read.is_some() {
        return vec![true; drafts.len()];
    }
    let mut order: Vec<usize> = (0..drafts.len()).collect();
    // Undated ones count as of now, in the document's order.
    order.sort_by_key(|at| std::cmp::Reverse(drafts[*at].published().unwrap_or(now)));
    let mut publish = vec![false; drafts.len()];
    for at in order.into_iter().take(FIRST_STORIES) {
        publish[at] = drafts[at].published().is_none_or(|published| published >= now - FIRST_AGE);
    }
    publish
}

fn succeed(visit: &mut Visit, outcome: Outcome) {
    visit.failures = 0;
    visit.outcome = Some(outcome);
}

fn fail(visit: &mut Visit, outcome: Outcome) {
    visit.failures = visit.failures.saturating_add(1);
    visit.outcome = Some(outcome);
}

fn is_transient(failure: &FetchError) -> bool {
    failure.kind() == OutcomeKind::RetryLater
}

/// How long to leave a source alone after a success: its floor, what its server asked for, or what
/// its document asked for.
fn wait(source: &Source, max_age: Option<Duration>, ttl: Option<Duration>) -> Duration {
    let max_age = max_age.unwrap_or_default().min(LONGEST_WAIT);
    source.every.max(max_age).max(ttl.unwrap_or_default().min(LONGEST_TTL))
}

/// How long to leave a source alone after its n-th failure in a row.
fn back_off(visit: &Visit, retry_after: Option<Duration>, transient: bool) -> Duration {
    const GONE: Duration = Duration::from_secs(30 * 24 * 3600);
    if visit.outcome.as_ref().is_some_and(|outcome| outcome.kind == OutcomeKind::Gone) {
        return GONE;
    }
    let (first, longest) = if transient { (15 * 60, 24 * 3600) } else { (3600, 7 * 24 * 3600) };
    let doubled = first << visit.failures.saturating_sub(1).min(16);
    Duration::from_secs(doubled.min(longest)).max(retry_after.unwrap_or_default())
}

/// Decides about everything undecided, also what a killed run left, in one deterministic order.
async fn decide(
    config: &Config,
    store: &dyn Store,
    rows: &mut BTreeMap<SourceId, SourceReport>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let policies: HashMap<&SourceId, &Source> = config.sources.iter().map(|source| (&source.id, source)).collect();
    // One question to the store, one pure decision, one answer back.
    while let Some(inbox) = store.undecided(BATCH).await? {
        let known = known(config, store, &inbox).await?;
        let earlier: Vec<Option<Earlier>> = (inbox.newcomers.iter().zip(&inbox.before))
            .map(|(newcomer, before)| {
                before.as_ref().map(|before| Earlier {
                    cluster: before.cluster,
                    words: before.words,
                    title: before.title.clone(),
                    update: policies.get(&newcomer.source).map(|source| source.update).unwrap_or_default(),
                })
            })
            .collect();
        let decision = dedupe::place(&inbox.newcomers, &earlier, &known, &config.dedupe);
        for (newcomer, placement) in inbox.newcomers.iter().zip(&decision.placements) {
            debug!(source.id = %newcomer.source, story.cluster = %placement.cluster, "{} `{}`", placement.because.rule.as_str(), newcomer.story.title);
            let Some(row) = rows.get_mut(&newcomer.source) else { continue };
            match placement.verdict {
                Verdict::Known { .. } => row.updated += 1,
                Verdict::Joins => row.folded += 1,
                Verdict::Opens => row.new += 1,
            }
        }
        store.settle(inbox, &decision, now).await?;
    }
    Ok(())
}

/// The known stories that share a key with an inbox, and the other members of their clusters.
async fn known(config: &Config, store: &dyn Store, inbox: &Inbox) -> Result<Vec<Member>, StoreError> {
    let groups: Vec<Vec<Key>> = inbox.newcomers.iter().map(|newcomer| newcomer.fingerprint.keys().collect()).collect();
    let window = chrono::Duration::from_std(config.dedupe.window).unwrap_or(chrono::Duration::MAX);
    let earliest = inbox.newcomers.iter().map(Newcomer::time).min();
    let since = earliest.and_then(|at| at.checked_sub_signed(window)).unwrap_or(DateTime::<Utc>::MIN_UTC);
    let mut known = store.sharing(&groups, since).await?;
    let clusters: BTreeSet<_> = known.iter().map(|member| member.cluster).collect();
    let have: BTreeSet<(SourceId, String)> =
        known.iter().map(|member| (member.source.clone(), member.key.clone())).collect();
    let others = store.members(&clusters.into_iter().collect::<Vec<_>>()).await?;
    known.extend(others.into_iter().filter(|member| !have.contains(&(member.source.clone(), member.key.clone()))));
    known.sort_by(|a, b| (a.time, &a.source, &a.key).cmp(&(b.time, &b.source, &b.key)));
    Ok(known)
}

/// Renders every output from the store, and writes what has changed.
async fn publish_all(config: &Config, store: &dyn Store, report: &mut RunReport) -> Result<(), RefreshError> {
    // Before the first decision there is nothing whose age could matter.
    let newest = store.settled().await?.unwrap_or(report.at);
    let ids: Vec<SourceId> = config.sources.iter().map(|source| source.id.clone()).collect();
    let visits = store.visits(&ids).await?;
    for output in &config.outputs {
        let edition = edition(config, store, output, &visits, newest).await?;
        // When none of its sources was ever read, an old file knows more than this store does.
        let read = |source: &Source| visits.get(&source.id).is_some_and(|visit| visit.first_read.is_some());
        let shown: Vec<&Source> = config.sources.iter().filter(|source| shows(output, source)).collect();
        if edition.entries.is_empty() && !shown.is_empty() && !shown.into_iter().any(read) {
            continue;
        }
        report.outputs.push((output.id.as_str().to_owned(), edition.entries.len()));
        let files = publish::render(&config.site, &edition)?;
        let written = publish::write(&files, &config.publish.dir)?;
        report.files.extend(written.into_iter().map(|file| (file.name, file.changed)));
    }
    Ok(())
}

/// What an output holds now.
async fn edition(
    config: &Config,
    store: &dyn Store,
    output: &Output,
    visits: &BTreeMap<SourceId, Visit>,
    newest: DateTime<Utc>,
) -> Result<Edition, StoreError> {
    let visible: BTreeMap<&SourceId, &Source> =
        config.sources.iter().filter(|source| shows(output, source)).map(|source| (&source.id, source)).collect();
    let keep = chrono::Duration::from_std(output.keep).unwrap_or(chrono::Duration::MAX);
    let shelf = Shelf {
        sources: visible.keys().map(|id| (*id).clone()).collect(),
        limit: output.limit,
        since: newest.checked_sub_signed(keep).unwrap_or(DateTime::<Utc>::MIN_UTC),
        cap: Output::CAP,
    };
    let entries = (store.shelf(&shelf).await?.into_iter())
        .filter_map(|(id, placed)| {
            let tellings = placed.into_iter().filter_map(|placed| {
                let source = visible.get(&placed.source)?;
                Some(telling(source, visits.get(&placed.source), placed))
            });
            Entry::of(id, tellings.collect())
        })
        .collect();
    Ok(Edition::of(output, entries, newest))
}

/// Whether a source contributes to an output: by group, and a private one only to a private output.
fn shows(output: &Output, source: &Source) -> bool {
    let grouped = output.groups.is_empty() || source.groups.iter().any(|group| output.groups.contains(group));
    grouped && (output.private || !source.private)
}

fn telling(source: &Source, visit: Option<&Visit>, placed: Placed) -> Telling {
    let named = placed.story.outlet.clone().or_else(|| source.title.clone());
    let name =
        named.or_else(|| visit.and_then(|visit| visit.title.clone())).unwrap_or_else(|| source.id.as_str().to_owned());
    // An address that holds a secret is nobody else's business.
    let feed_url = match &source.location {
        Location::Web(url) if !source.private && fetch::redacted(url) == url.as_str() => Some(url.to_string()),
        _ => None,
    };
    Telling {
        source: placed.source,
        name,
        feed_url,
        rank: source.rank,
        story: placed.story,
        first_seen: placed.first_seen,
        decided: placed.decided,
        revised: placed.revised,
        publish: placed.publish,
    }
}
