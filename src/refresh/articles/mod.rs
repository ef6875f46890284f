//! The texts of new stories, from their own pages, before anything is decided about them.
//!
//! [`mark`] says which stories of a visit wait for one. [`fetch`] comes when all visits of a run are over: it asks
//! for the pages of what waits, also since earlier and killed runs, host by host (`host`). What got its text, will
//! never get it, or has waited long enough is released, and decided about in the same run; the rest stays in
//! the inbox.

mod canonicals;
mod host;
mod merge;
mod notice;

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::StreamExt;
use tokio::sync::Semaphore;
use url::Url;

use super::{Bounds, health};
use crate::config::Config;
use crate::fetch::Client;
use crate::model::{Articles, Kind, Location, Newcomer, Source, SourceId, SourceReport, Visit};
use crate::store::{Awaited, Delivery, Resolution, Resolved, Store, StoreError};

/// A page that gave an answer is not asked again before this.
const REST: TimeDelta = TimeDelta::hours(1);
/// What another story got from a page so lately is as good as asking it again.
const FRESH: TimeDelta = TimeDelta::days(1);
/// A page that failed is asked again after this, then after twice as long, and so on.
const BACK_OFF: Duration = Duration::from_secs(15 * 60);
/// Pages that are read at once: more would wait for the processor, and fill memory meanwhile.
const READERS: usize = 2;
/// Names of files that are no article.
const NO_ARTICLES: &[&str] = &[
    "pdf", "jpg", "jpeg", "png", "gif", "webp", "mp3", "m4a", "ogg", "mp4", "webm", "zip", "gz", "epub", "doc", "docx",
];

/// Marks the stories of a visit whose text is to be fetched from their pages, when that is wished for what its
/// document turned out to be.
pub(super) fn mark(source: &Source, kind: Kind, stories: &mut [Newcomer], now: DateTime<Utc>) {
    let Location::Web(own) = &source.location else { return };
    let has_items = matches!(kind, Kind::Feed | Kind::Listing);
    if !has_items || !source.full_text.unwrap_or(kind == Kind::Listing) {
        return;
    }
    for newcomer in stories.iter_mut().filter(|newcomer| newcomer.publish) {
        let page = newcomer.story.url.as_deref().and_then(|address| Url::parse(address).ok());
        newcomer.awaits = page.is_some_and(|page| is_article(&page, own)).then_some(now);
    }
}

/// Whether an address may be that of an article: not a place on the source's own page, and no picture.
fn is_article(page: &Url, own: &Url) -> bool {
    let is_own = page[..url::Position::AfterQuery] == own[..url::Position::AfterQuery];
    let ending = page.path().rsplit('/').next().and_then(|name| name.rsplit_once('.')).map(|(_, ending)| ending);
    let is_file = ending.is_some_and(|ending| NO_ARTICLES.contains(&ending.to_ascii_lowercase().as_str()));
    !is_own && !is_file
}

/// Remembers what came of the articles of each source, and judges those that were visited in this run by it; another
/// is judged at its next visit, which tells of it.
pub(super) async fn heed(
    store: &dyn Store,
    tally: &Tally,
    rows: &mut BTreeMap<SourceId, SourceReport>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let ids: Vec<SourceId> = tally.keys().cloned().collect();
    for (source, before) in store.visits(&ids).await? {
        let articles = tally.get(&source).copied().unwrap_or_default();
        let mut visit = before.clone();
        health::heed(&mut visit, articles, misnamed(articles), now);
        if let Some(row) = rows.get_mut(&source) {
            row.change = health::judge_articles(&before, &mut visit, now).or(row.change.take());
            row.condition = visit.condition.clone();
        }
        if visit != before {
            store.deliver(&Delivery { source, visit, stories: Vec::new(), hosts: Vec::new() }).await?;
        }
    }
    Ok(())
}

/// What is to be said of a source whose pages call themselves wrongly.
pub(super) fn misnamed(articles: Articles) -> Option<String> {
    (articles.misnamed > 0).then(|| {
        format!(
            "`rel=canonical` of {} article pages names the front page, or one address for different stories: it is ignored; \
             tell the site",
            articles.misnamed
        )
    })
}

/// What one run does for the stories that wait.
struct Round<'a> {
    sources: HashMap<&'a SourceId, &'a Source>,
    visits: BTreeMap<SourceId, Visit>,
    store: &'a dyn Store,
    web: &'a Client,
    /// Rights to read a page, which takes many times its size.
    readers: Semaphore,
    /// Between two requests to one host, which may be waited for.
    delay: Duration,
    now: DateTime<Utc>,
}

/// A page, and the stories that wait for it.
struct Asked {
    url: Url,
    address: String,
    stories: Vec<Awaited>,
}

/// What came of the stories of each source.
type Tally = BTreeMap<SourceId, Articles>;

/// Asks for the pages of the stories that wait, and releases those whose wait is over.
pub(super) async fn fetch(
    config: &Config,
    store: &dyn Store,
    web: &Client,
    now: DateTime<Utc>,
    bounds: &Bounds,
) -> Result<Tally, StoreError> {
    let awaited = store.awaited().await?;
    if awaited.is_empty() {
        return Ok(Tally::new());
    }
    let ids: Vec<SourceId> = config.sources.iter().map(|source| source.id.clone()).collect();
    let sources = config.sources.iter().map(|source| (&source.id, source)).collect();
    let visits = store.visits(&ids).await?;
    let round = Round { sources, visits, store, web, readers: Semaphore::new(READERS), delay: config.fetch.delay, now };
    let hosts = round.queues(awaited).await?;
    let mut tally = Tally::new();
    let mut running = futures_util::stream::iter(hosts.into_values().map(|queue| round.host(queue)))
        .buffer_unordered(config.fetch.concurrency);
    let mut ends = std::pin::pin!(bounds.reading_ends());
    loop {
        let done = tokio::select! {
            biased;
            () = &mut ends => break,
            done = running.next() => done,
        };
        let Some(done) = done else { break };
        for (id, articles) in done? {
            let sum = tally.entry(id).or_default();
            *sum = [*sum, articles].into_iter().sum();
        }
    }
    drop(running);
    round.release_overdue(config.fetch.full_text_wait, &mut tally).await?;
    Ok(tally)
}

impl Round<'_> {
    /// The pages to ask for, by host, who has waited longest first. Stories whose sources want no texts any more
    /// are released.
    async fn queues(&self, awaited: Vec<Awaited>) -> Result<BTreeMap<String, Vec<Asked>>, StoreError> {
        let mut queues: BTreeMap<String, Vec<Asked>> = BTreeMap::new();
        let mut places: HashMap<String, (String, usize)> = HashMap::new();
        let mut unwanted = Resolution::default();
        for story in awaited {
            let wants = self.sources.get(&story.source).is_some_and(|source| source.full_text != Some(false));
            let url = Url::parse(&story.page).ok().filter(|url| wants && url.has_host());
            let Some(url) = url else {
                unwanted.stories.push((story, Resolved::Released));
                continue;
            };
            if !is_due(&story, self.now) {
                continue;
            }
            if let Some((host, at)) = places.get(&story.page) {
                queues.get_mut(host).and_then(|queue| queue.get_mut(*at)).into_iter().for_each(|asked| {
                    asked.stories.push(story.clone());
                });
                continue;
            }
            let host = url.host_str().unwrap_or_default().to_owned();
            let queue = queues.entry(host.clone()).or_default();
            places.insert(story.page.clone(), (host, queue.len()));
            queue.push(Asked { url, address: story.page.clone(), stories: vec![story] });
        }
        if !unwanted.stories.is_empty() {
            self.store.resolve(&unwanted).await?;
        }
        Ok(queues)
    }

    /// Releases what has waited long enough, an edit with the text that the story had.
    async fn release_overdue(&self, wait: Duration, tally: &mut Tally) -> Result<(), StoreError> {
        let wait = TimeDelta::from_std(wait).unwrap_or(TimeDelta::MAX);
        let mut overdue = Resolution::default();
        for story in self.store.awaited().await? {
            let counts = tally.entry(story.source.clone()).or_default();
            // What waits since a time that is still to come was marked by a wrong clock.
            let is_over = story.since > self.now || self.now - story.since >= wait;
            if !is_over {
                counts.waiting += 1;
                continue;
            }
            counts.failed += 1;
            let resolved = self.as_known(&story).await?;
            overdue.stories.push((story, resolved));
        }
        if !overdue.stories.is_empty() {
            self.store.resolve(&overdue).await?;
        }
        Ok(())
    }
}

/// Whether it is time to ask for a story's page.
fn is_due(story: &Awaited, now: DateTime<Utc>) -> bool {
    let waited = now - story.since;
    let back_off = BACK_OFF * ((1 << story.tries.min(16)) - 1);
    let is_over = waited < TimeDelta::zero() || waited.to_std().is_ok_and(|waited| waited >= back_off);
    // Another story with this address got it just now: that one's text will do.
    let rested = |at: DateTime<Utc>| at > now || now - at >= REST;
    is_over && (!story.is_edit || story.last.as_ref().is_none_or(|last| rested(last.at)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Digest;
    use crate::store::PageVisit;

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_000_000, 0).unwrap() + TimeDelta::minutes(minute)
    }

    /// Whether a story that waits since minute 0 is asked for at this one.
    #[track_caller]
    fn check(tries: u32, answered: Option<i64>, is_edit: bool, minute: i64, expected: bool) {
        let last = answered.map(|minute| PageVisit { at: at(minute), validators: Default::default() });
        let story = Awaited {
            source: SourceId::new("a").unwrap(),
            key: "1".to_owned(),
            digest: Digest([0; 32]),
            page: "https://n.example/1".to_owned(),
            since: at(0),
            tries,
            is_edit,
            last,
        };
        assert_eq!(is_due(&story, at(minute)), expected);
    }

    #[test]
    fn a_page_that_failed_is_asked_again_later_and_later() {
        check(0, None, false, 0, true);
        check(1, None, false, 14, false);
        check(1, None, false, 15, true);
        check(2, None, false, 44, false);
        check(2, None, false, 45, true);
        // A clock that was set back makes nobody wait for it.
        check(3, None, false, -60, true);
    }

    #[test]
    fn for_an_edit_a_page_is_asked_once_an_hour() {
        check(0, Some(-30), true, 0, false);
        check(0, Some(-30), true, 30, true);
        check(0, Some(-90), true, 0, true);
        check(0, Some(90), true, 0, true);
        check(0, Some(-30), false, 0, true);
    }

    #[test]
    fn an_article_has_a_page_of_its_own() {
        let is = |page: &str| is_article(&page.parse().unwrap(), &"https://n.example/news?p=1".parse().unwrap());
        assert!(
            is("https://n.example/2026/dredging") && is("https://n.example/news?p=2") && is("https://n.example/v1.2")
        );
        assert!(!is("https://n.example/news?p=1#third") && !is("https://n.example/plan.PDF"));
    }
}
