//! One source: visited, read, delivered; and how long it is left alone then.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};
use tracing::{info, warn};

use super::health::{self, Belief, Shape};
use super::reading::{LONGEST, walled};
use super::schedule::{after_failure, after_success, gap};
use super::{Options, articles, moves, voice};
use crate::dedupe;
use crate::extract::{self, Draft, Hints, Reading};
use crate::failpoint::{Point, pass};
use crate::fetch::{self, Client, Document, FetchError, Fetched, Freshness};
use crate::model::{
    Access, Digest, Location, Newcomer, Outcome, OutcomeKind, Page, Past, Seen, Source, SourceReport, Trouble,
    Validators, Visit, Wishes,
};
use crate::store::{Delivery, Store, StoreError};

/// Of a first visit, so many of the newest stories are published ...
const FIRST_STORIES: usize = 30;
/// ... if they are at most this old.
pub(super) const FIRST_AGE: chrono::Duration = chrono::Duration::days(7);
/// Notes about one document that reach the report.
const WARNINGS: usize = 5;

/// What is remembered of a source, as far as it still holds: after its address or the way it is read
/// was changed in the configuration, it is due, and its document is read anew.
pub(super) fn as_configured(source: &Source, visit: Visit) -> Visit {
    let digest = configured(source);
    if visit.configured == Some(digest) {
        return visit;
    }
    Visit {
        next: None,
        validators: Validators::default(),
        body: None,
        moved_to: None,
        failures: 0,
        // Whoever has changed it wants to know how it is now. What an earlier version has left was not changed.
        outcome: visit.outcome.filter(|_| visit.configured.is_none()),
        past: visit.configured.map(|_| Past::default()),
        condition: None,
        configured: Some(digest),
        wishes: Wishes::default(),
        gap: None,
        successes: 0,
        idle: 0,
        uncompressed: false,
        doubted: None,
        ..visit
    }
}

/// A digest, because addresses hold secrets.
fn configured(source: &Source) -> Digest {
    let place = match &source.location {
        Location::Web(url) => url.as_str(),
        // The same file has many paths; another one is noticed by its bytes.
        Location::File(path) => path.file_name().and_then(|name| name.to_str()).unwrap_or_default(),
    };
    let mut how = format!("{place}\n{}\n{:?}\n{:?}", source.kind.as_str(), source.list, source.every);
    if let Some(article) = &source.article {
        how += &format!("\n{article:?}");
    }
    // Only where something is said of it: the digest of all others stays as it was.
    if source.access != Access::default() {
        how += source.access.whole().reveal();
    }
    if let Some(render) = &source.render {
        how += &format!("\n{:?} {:?}", render.program, render.arguments);
    }
    Digest(Sha256::digest(how).into())
}

/// Visits sources for one run.
#[derive(Clone, Copy)]
pub struct Visitor<'a> {
    /// Where what they bring is delivered.
    pub store: &'a dyn Store,
    /// How they are reached.
    pub web: &'a Client,
    /// The run.
    pub options: Options,
}

/// A visit under way: what is known of it so far.
struct Under<'a> {
    source: &'a Source,
    before: Visit,
    after: Visit,
    row: SourceReport,
    /// What its document was like, once that was read.
    shape: Option<Shape>,
    /// What kind of failure it is, if it is one.
    trouble: Trouble,
}

impl Visitor<'_> {
    /// One source: visits, reads, delivers. A source that fails is a row, a store that fails an error.
    pub async fn visit(&self, source: &Source, before: Visit) -> Result<SourceReport, StoreError> {
        let now = self.options.now;
        let fetched = self.web.visit(source, &before, now).await;
        let mut under = Under::new(source, before, now);
        match fetched {
            Err(failure) => {
                under.trouble = trouble(&failure);
                let outcome = Outcome {
                    kind: failure.kind(),
                    error: Some(failure.to_string()),
                    help: failure.help_for(&source.access),
                    http_status: failure.http_status(),
                };
                under.fail(outcome);
                if let FetchError::HostWaits { .. } = failure {
                    // It was not asked after all.
                    under.after.last = under.before.last;
                }
                self.failed(under, Some(&failure), None).await
            }
            Ok(Fetched::Unchanged { status, freshness, validators, moved_to }) => {
                let is_moved = moves::follow(&mut under.after, moved_to.map(|url| *url), true, now);
                let kind = if is_moved { OutcomeKind::Moved } else { OutcomeKind::Unchanged };
                under.succeed(Outcome::success(kind, status), true);
                under.after.validators = validators;
                let next = after_success(source, &under.after, freshness.max_age, now);
                self.finish(under, next, Vec::new()).await
            }
            Ok(Fetched::Page(document)) => self.document(under, *document).await,
        }
    }

    /// A source whose document is at hand: as if a first visit had brought it.
    pub async fn give(&self, source: &Source, page: Page) -> Result<SourceReport, StoreError> {
        let under = Under::new(source, Visit::default(), self.options.now);
        self.document(under, Document::of(page)).await
    }

    async fn document(&self, mut under: Under<'_>, document: Document) -> Result<SourceReport, StoreError> {
        let (source, now) = (under.source, self.options.now);
        let Document { page, validators, digest, status, moved_to, freshness } = document;
        let reading = match read(source, page).await {
            Ok(reading) => reading,
            Err(unread) => {
                under.trouble = unread.trouble;
                // A document that could not be read was not stored: its validators are not ours.
                under.row.feeds = unread.feeds;
                let outcome = Outcome { http_status: status, ..unread.outcome };
                let gave = under.before.past.as_ref().and_then(health::gave);
                return match gave.filter(|_| unread.is_read) {
                    Some(gave) if unread.is_emptied => self.emptied(under, outcome, &gave, freshness).await,
                    Some(gave) => self.unreadable(under, lost(source, outcome, &gave), freshness).await,
                    None => self.unreadable(under, outcome, freshness).await,
                };
            }
        };
        under.row.seen = Some(seen(&reading));
        let is_empty = reading.drafts.is_empty();
        let gap = gap(reading.drafts.iter().filter_map(|draft| draft.published().or(draft.updated())));
        let mut fresh = fresh(self.store, source, &reading.drafts).await?;
        let shape = Shape::of(&reading, &fresh, under.before.past.as_ref(), now);
        let belief = health::belief(under.before.past.as_ref(), &shape, now);
        if belief == Belief::Withheld {
            return self.withhold(under, reading, shape, status, freshness).await;
        }
        if belief == Belief::News {
            fresh.iter_mut().zip(shape.had()).for_each(|(fresh, had)| *fresh &= !had);
        }
        let known = fresh.iter().filter(|fresh| !**fresh).count();
        let is_first = under.before.first_read.is_none() || belief == Belief::Anew;
        let publish = match shape.repeats() {
            _ if is_first && !self.options.all => newest(&reading.drafts, now),
            // Under its new id nobody has to read again what the old one told.
            Some(repeats) => repeats.iter().map(|repeats| !repeats).collect(),
            None => vec![true; reading.drafts.len()],
        };
        under.shape = Some(shape);
        let mut stories = match newcomers(source, reading.drafts, fresh, publish, now).await {
            Ok(stories) => stories,
            Err(outcome) => return self.unreadable(under, Outcome { http_status: status, ..outcome }, freshness).await,
        };
        self.follow_links(source, &mut stories).await?;
        articles::mark(source, reading.kind, &mut stories, now);
        under.row.stories = stories.len() + known;
        under.row.feeds = reading.feeds;
        under.row.warnings = reading.warnings;
        under.row.warnings.truncate(WARNINGS);
        let is_known = under.before.first_read.is_none() || known > 0;
        let is_moved = moves::follow(&mut under.after, moved_to, is_known, now);
        let kind = if is_moved { OutcomeKind::Moved } else { OutcomeKind::Ok };
        under.succeed(Outcome::success(kind, status), stories.is_empty());
        let after = &mut under.after;
        after.validators = validators;
        after.body = Some(digest);
        after.wishes = reading.wishes;
        after.gap = gap;
        after.title = reading.title.or(after.title.take());
        // A document without stories is no first visit yet: the next may bring years of them.
        if !is_empty {
            after.first_read.get_or_insert(now);
        }
        let next = after_success(source, after, freshness.max_age, now);
        self.finish(under, next, stories).await
    }

    /// A document that is not believed: its stories are not taken, and that it was there is not remembered, so that
    /// the next visit reads it again, and one that finds the last believed document is told that nothing changed.
    async fn withhold(
        &self,
        mut under: Under<'_>,
        reading: Reading,
        shape: Shape,
        status: Option<u16>,
        freshness: Freshness,
    ) -> Result<SourceReport, StoreError> {
        under.row.withheld = reading.drafts.len();
        under.row.stories = reading.drafts.len();
        under.row.feeds = reading.feeds;
        under.row.warnings = reading.warnings;
        under.row.warnings.truncate(WARNINGS);
        under.shape = Some(shape);
        // It is asked again as soon as its floor allows.
        under.succeed(Outcome::success(OutcomeKind::Ok, status), false);
        let next = after_success(under.source, &under.after, freshness.max_age, self.options.now);
        self.finish(under, next, Vec::new()).await
    }

    /// A list that is there and empty, of a source that gave stories before: there may be none at present.
    async fn emptied(
        &self,
        mut under: Under<'_>,
        outcome: Outcome,
        gave: &str,
        freshness: Freshness,
    ) -> Result<SourceReport, StoreError> {
        let now = self.options.now;
        let said = outcome.error.unwrap_or_default();
        under.row.warnings = vec![format!("{said}; {gave}")];
        under.shape = Some(Shape::emptied(under.before.past.as_ref(), now));
        under.succeed(Outcome::success(OutcomeKind::Ok, outcome.http_status), true);
        let next = after_success(under.source, &under.after, freshness.max_age, now);
        self.finish(under, next, Vec::new()).await
    }

    async fn unreadable(
        &self,
        mut under: Under<'_>,
        outcome: Outcome,
        freshness: Freshness,
    ) -> Result<SourceReport, StoreError> {
        under.fail(outcome);
        self.failed(under, None, freshness.max_age).await
    }

    /// Delivers a failure; `None`: there was a document, which could not be read.
    async fn failed(
        &self,
        mut under: Under<'_>,
        failure: Option<&FetchError>,
        max_age: Option<Duration>,
    ) -> Result<SourceReport, StoreError> {
        under.after.uncompressed |= failure.is_some_and(FetchError::is_of_compression);
        moves::give_up(&mut under.after);
        let next = after_failure(under.source, &under.after, failure, max_age, self.options.now);
        self.finish(under, next, Vec::new()).await
    }

    /// Delivers what a visit brought, and completes its row.
    async fn finish(
        &self,
        under: Under<'_>,
        next: DateTime<Utc>,
        stories: Vec<Newcomer>,
    ) -> Result<SourceReport, StoreError> {
        let Under { source, before, mut after, mut row, shape, trouble } = under;
        after.next = Some(next);
        row.next = after.next;
        veil(source, after.outcome.as_mut(), &mut row);
        row.outcome = after.outcome.clone().unwrap_or(row.outcome);
        let came = match &shape {
            _ if !row.outcome.kind.is_success() => health::Came::Failed(trouble),
            Some(shape) => health::Came::Document(shape),
            None => health::Came::Unchanged,
        };
        let moved_to = after.moved_to.as_ref().map(|url| fetch::veiled(&fetch::redacted(url), &source.access));
        let place = place(source);
        let about = health::About {
            id: source.id.as_str(),
            place: &place,
            moved_to: moved_to.as_deref(),
            wants_texts: source.full_text != Some(false),
        };
        row.change = health::judge(&before, &mut after, came, about, self.options.now);
        row.condition = after.condition.clone();
        match &row.outcome.error {
            Some(error) => warn!(source.id = %source.id, "source `{}` failed: {error}", source.id),
            None => {
                info!(source.id = %source.id, source.stories = row.stories, source.fresh = stories.len(), "source `{}` read", source.id)
            }
        }
        // A host that told this visit to wait must be known to wait as soon as the visit is known.
        let hosts = self.web.unsaved_hosts();
        pass(Point::BeforeDeliver);
        self.store
            .deliver(&Delivery { source: source.id.clone(), visit: after, stories, hosts: hosts.clone() })
            .await?;
        pass(Point::AfterDeliver);
        self.web.saved_hosts(&hosts);
        Ok(row)
    }
}

impl<'a> Under<'a> {
    fn new(source: &'a Source, before: Visit, now: DateTime<Utc>) -> Under<'a> {
        let row = SourceReport {
            location: fetch::shown(source),
            ..SourceReport::new(source.id.clone(), Outcome::success(OutcomeKind::Unchanged, None))
        };
        let after = Visit { last: Some(now), ..before.clone() };
        Under { source, before, after, row, shape: None, trouble: Trouble::Lasting }
    }

    fn succeed(&mut self, outcome: Outcome, is_idle: bool) {
        self.after.failures = 0;
        self.after.successes = self.after.successes.saturating_add(1);
        self.after.idle = if is_idle { self.after.idle.saturating_add(1) } else { 0 };
        self.after.outcome = Some(outcome);
    }

    fn fail(&mut self, outcome: Outcome) {
        self.after.failures = self.after.failures.saturating_add(1);
        self.after.outcome = Some(outcome);
    }
}

/// What a document announces and what was odd about it may repeat an address that is a secret.
fn veil(source: &Source, outcome: Option<&mut Outcome>, row: &mut SourceReport) {
    let said = outcome.into_iter().flat_map(|outcome| outcome.error.iter_mut().chain(&mut outcome.help));
    for text in said.chain(&mut row.feeds).chain(&mut row.warnings) {
        *text = fetch::veiled(text, &source.access);
    }
}

/// What a document turned out to be, for the report.
fn seen(reading: &Reading) -> Seen {
    let count = |has: &dyn Fn(&Draft) -> bool| reading.drafts.iter().filter(|draft| has(draft)).count();
    Seen {
        kind: reading.kind,
        format: reading.format.to_owned(),
        method: reading.method.to_string(),
        confidence: reading.confidence,
        stories: reading.drafts.len(),
        links: count(&|draft| draft.url().is_some()),
        dates: count(&|draft| draft.published().or(draft.updated()).is_some()),
    }
}

/// A document that could not be read.
struct Unread {
    outcome: Outcome,
    /// The feeds that it announces.
    feeds: Vec<String>,
    trouble: Trouble,
    /// It was looked at to its end, and is not what it should be.
    is_read: bool,
    /// Its list is there and holds nothing.
    is_emptied: bool,
}

/// Reads a document.
async fn read(source: &Source, page: Page) -> Result<Reading, Unread> {
    let hints = Hints { kind: source.kind, list: source.list.clone(), article: source.article.clone() };
    let work = move || {
        pass(Point::Read);
        extract::read(&page, &hints)
    };
    match walled(LONGEST, work).await {
        Ok(Ok(reading)) => Ok(reading),
        Ok(Err(cause)) => {
            let (error, help) = (Some(cause.to_string()), cause.help());
            let outcome = Outcome { kind: OutcomeKind::Failed, error, help, http_status: None };
            let trouble = if cause.is_wall() { Trouble::Blocked } else { Trouble::Lasting };
            let (feeds, is_emptied) = (cause.feeds().to_vec(), cause.is_empty_list());
            Err(Unread { outcome, feeds, trouble, is_read: true, is_emptied })
        }
        Err(outcome) => {
            Err(Unread { outcome, feeds: Vec::new(), trouble: Trouble::Lasting, is_read: false, is_emptied: false })
        }
    }
}

/// What cannot be read any more, with what it gave and how it is looked at.
fn lost(source: &Source, outcome: Outcome, gave: &str) -> Outcome {
    let error = outcome.error.map(|error| format!("{error}; {gave}"));
    let look = format!("look with `oncefeed inspect {}`", place(source));
    let help = outcome.help.map_or_else(|| look.clone(), |help| format!("{help}; {look}"));
    Outcome { error, help: Some(help), ..outcome }
}

/// A source's address as `inspect` takes it, without secrets.
fn place(source: &Source) -> String {
    match &source.location {
        Location::File(path) => path.display().to_string(),
        Location::Web(_) => fetch::shown(source),
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
) -> Result<Vec<Newcomer>, Outcome> {
    if !fresh.contains(&true) {
        return Ok(Vec::new());
    }
    let source = source.clone();
    let work = move || -> Vec<Newcomer> {
        pass(Point::Clean);
        (drafts.into_iter().zip(fresh).zip(publish))
            .filter(|((_, fresh), _)| *fresh)
            .map(|((draft, _), publish)| {
                let digest = draft.digest;
                let story = draft.clean();
                Newcomer {
                    source: source.id.clone(),
                    rank: source.rank,
                    folding: source.folding,
                    voice: voice::voice(&source, &story),
                    fingerprint: Arc::new(dedupe::fingerprint(&story)),
                    digest,
                    first_seen: now,
                    publish,
                    awaits: None,
                    story,
                }
            })
            .collect()
    };
    walled(LONGEST, work).await
}

/// For each draft of a first visit whether it is published: only the newest are.
fn newest(drafts: &[Draft], now: DateTime<Utc>) -> Vec<bool> {
    let dated = |draft: &Draft| draft.published().or(draft.updated());
    let mut order: Vec<usize> = (0..drafts.len()).collect();
    // Undated ones and those of a clock that is ahead count as of now, in the document's order.
    order.sort_by_key(|at| std::cmp::Reverse(dated(&drafts[*at]).map_or(now, |dated| dated.min(now))));
    let mut publish = vec![false; drafts.len()];
    for at in order.into_iter().take(FIRST_STORIES) {
        publish[at] = dated(&drafts[at]).is_none_or(|published| published >= now - FIRST_AGE);
    }
    publish
}

/// What the state of the source makes of a failure.
fn trouble(failure: &FetchError) -> Trouble {
    match failure.kind() {
        OutcomeKind::RetryLater => Trouble::Temporary,
        OutcomeKind::Gone => Trouble::Gone,
        OutcomeKind::Blocked => Trouble::Blocked,
        _ if failure.is_wall() => Trouble::Blocked,
        _ => Trouble::Lasting,
    }
}
