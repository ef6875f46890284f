//! The pages of one host, one after the other.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;
use tracing::debug;
use url::Url;

use super::canonicals::{Canonicals, Claim, unnamed};
use super::merge::{Text, Untold, merged};
use super::notice::{Notices, Seen, Strangers};
use super::{Asked, FRESH, Round, Tally};
use crate::extract;
use crate::fetch::{Document, FetchError, Fetched, redacted};
use crate::model::{Newcomer, OutcomeKind, Page, SourceId, Story, Validators};
use crate::refresh::hosts;
use crate::store::{Awaited, PageVisit, Query, Resolution, Resolved, StoreError};

/// Pages that one host is asked for in a run.
const PAGES: usize = 20;
/// For one page with all its redirects.
const PAGE_TIME: Duration = Duration::from_secs(20);
/// Parts of one article that are read.
const PARTS: usize = 10;
/// After so many failures in a row a host has other cares.
const FAILURES: u32 = 3;
/// Stories of which a page's text is looked for.
const STORED: usize = 4;

/// What the pages of a host have in common that are no articles, or call themselves wrongly.
#[derive(Default)]
struct Known {
    notices: Notices,
    canonicals: Canonicals,
    strangers: Strangers,
}

/// How it went with a page.
enum Went {
    /// Its text was at hand: nobody was asked.
    Unasked,
    /// There was an answer, of whatever kind.
    Answered,
    /// There was none this time.
    Failed,
    /// The host is to be left alone.
    HostWaits,
}

impl Round<'_> {
    /// Asks for the first pages of a queue.
    pub(super) async fn host(&self, queue: Vec<Asked>) -> Result<Tally, StoreError> {
        let (mut tally, mut known) = (Tally::new(), Known::default());
        let (mut pages, mut failures) = (0, 0);
        for asked in queue {
            if pages == PAGES || failures == FAILURES {
                break;
            }
            match self.page(asked, &mut known, &mut tally).await? {
                Went::HostWaits => break,
                Went::Unasked => continue,
                Went::Answered => failures = 0,
                Went::Failed => failures += 1,
            }
            pages += 1;
        }
        Ok(tally)
    }

    async fn page(&self, asked: Asked, known: &mut Known, tally: &mut Tally) -> Result<Went, StoreError> {
        let last = asked.stories.first().and_then(|story| story.last.clone());
        let stored = if last.is_some() { self.stored(&asked).await?.map(Arc::new) } else { None };
        let is_new = asked.stories.iter().all(|story| !story.is_edit);
        let is_fresh = last.as_ref().is_some_and(|last| last.at <= self.now && self.now - last.at < FRESH);
        if let (Some(stored), true) = (&stored, is_new && is_fresh) {
            self.resolve(asked, None, &Text::Story(Arc::clone(stored)), known, tally).await?;
            return Ok(Went::Unasked);
        }
        let validators = last.filter(|_| stored.is_some()).map(|last| last.validators).unwrap_or_default();
        let (validators, text) = match self.ask(&asked, &asked.url, &validators).await? {
            Ok(Fetched::Page(document)) => {
                let Document { page, validators, .. } = *document;
                // Those of an address that it redirects to are not the page's.
                let own = validators.issuer.as_ref().is_none_or(|issuer| *issuer == asked.url);
                (
                    if own { Validators { issuer: None, ..validators } } else { Validators::default() },
                    Text::Pages(Arc::new(self.parts(&asked, page).await?)),
                )
            }
            Ok(Fetched::Unchanged { validators, .. }) => (validators, stored.map_or(Text::Refused, Text::Story)),
            Err(failure) if failure.kind() == OutcomeKind::RetryLater => return self.postpone(asked, &failure).await,
            Err(failure) => {
                debug!("no text: {failure}");
                let text = match failure.http_status() {
                    Some(404 | 410) => Text::Gone,
                    _ if failure.is_wall() => Text::Walled,
                    _ => Text::Refused,
                };
                (Validators::default(), text)
            }
        };
        self.resolve(asked, Some(validators), &text, known, tally).await?;
        Ok(Went::Answered)
    }

    /// One page of the web, on behalf of a story.
    async fn ask(
        &self,
        asked: &Asked,
        url: &Url,
        validators: &Validators,
    ) -> Result<Result<Fetched, FetchError>, StoreError> {
        // What one source has to log in for is not for the stories of another.
        let ids: BTreeSet<&SourceId> = asked.stories.iter().map(|story| &story.source).collect();
        let source = ids.first().filter(|_| ids.len() == 1).and_then(|id| self.sources.get(*id)).copied();
        let page = hosts::page(self.store, self.web, source, url, validators, self.now);
        // The turns that it and robots.txt wait for are at most a pause away: the host has nothing else in flight.
        let page = timeout(PAGE_TIME + 2 * self.delay, page).await;
        page.unwrap_or_else(|_| Ok(Err(FetchError::TimedOut { url: redacted(url) })))
    }

    /// A page and those on which its article goes on, in order. A part that cannot be had ends it: the text is as long
    /// as what was told.
    async fn parts(&self, asked: &Asked, first: Page) -> Result<Vec<Page>, StoreError> {
        let mut known = vec![asked.url.clone()];
        let mut pages = vec![first];
        while let Some(next) = pages.last().and_then(extract::next_part).filter(|next| !known.contains(next)) {
            if pages.len() == PARTS {
                break;
            }
            match self.ask(asked, &next, &Validators::default()).await? {
                // Beyond the last part many sites send to the first.
                Ok(Fetched::Page(document)) if document.page.url.as_ref() == Some(&next) => pages.push(document.page),
                Ok(_) => break,
                Err(failure) => {
                    debug!("the article ends before {}: {failure}", redacted(&next));
                    break;
                }
            }
            known.push(next);
        }
        Ok(pages)
    }

    /// The text of a page as a story has it that was decided about. What a private source told stays its own.
    async fn stored(&self, asked: &Asked) -> Result<Option<Story>, StoreError> {
        let found = self.store.find(&Query::Url(asked.address.clone(), None), STORED).await?;
        let told = found.into_iter().flat_map(|(_, placed)| placed).filter(|placed| {
            let is_own = asked.stories.iter().all(|story| story.source == placed.source);
            let is_public = self.sources.get(&placed.source).is_some_and(|source| !source.private);
            placed.story.url.as_ref() == Some(&asked.address) && (is_own || is_public)
        });
        Ok(told.map(|placed| placed.story).max_by_key(|story| story.text.len()))
    }

    async fn postpone(&self, asked: Asked, failure: &FetchError) -> Result<Went, StoreError> {
        debug!("no text yet: {failure}");
        if matches!(failure, FetchError::HostWaits { .. }) {
            return Ok(Went::HostWaits);
        }
        let stories = asked.stories.into_iter().map(|story| (story, Resolved::Postponed)).collect();
        self.store.resolve(&Resolution { page: None, stories }).await?;
        Ok(if failure.whole_host() { Went::HostWaits } else { Went::Failed })
    }

    /// Gives its text to every story that waits for a page, as far as it is one.
    async fn resolve(
        &self,
        asked: Asked,
        validators: Option<Validators>,
        text: &Text,
        known: &mut Known,
        tally: &mut Tally,
    ) -> Result<(), StoreError> {
        let visit = |validators| (asked.address.clone(), PageVisit { at: self.now, validators });
        let mut resolution = Resolution { page: validators.map(visit), stories: Vec::new() };
        for story in asked.stories {
            let Some((original, told)) = self.told(&story, text).await? else { continue };
            let seen = match (&told, text) {
                (Ok(told), Text::Pages(_)) => known.notices.see(&story, original, told),
                _ => Seen::Article,
            };
            // An edit is of a story that is known: one page that fails at each of its edits is still one page.
            let walled = |story: &Awaited| usize::from(!story.is_edit);
            let told = if matches!(seen, Seen::Article) { told } else { Err(Untold::Walled) };
            if let Seen::Notice(Some(first)) = seen {
                // It had been taken for the article of that one.
                let (story, original) = *first;
                let counts = tally.entry(story.source.clone()).or_default();
                counts.fetched = counts.fetched.saturating_sub(1);
                counts.failed += 1;
                counts.walled += walled(&story);
                resolution.stories.push((story, Resolved::Told(Box::new(original))));
            }
            let counts = tally.entry(story.source.clone()).or_default();
            match told {
                Ok(mut told) => {
                    if let Some(page) = text.page()
                        && let Claim::Wrong(first) = known.canonicals.see(page, &story, &told)
                    {
                        counts.misnamed += 1;
                        unnamed(&mut told);
                        if let Some(first) = first {
                            let (story, mut first) = *first;
                            unnamed(&mut first);
                            resolution.stories.push((story, Resolved::Told(Box::new(first))));
                        }
                    }
                    counts.fetched += 1;
                    resolution.stories.push((story, Resolved::Told(Box::new(told))));
                }
                Err(why) => {
                    counts.failed += 1;
                    if why == Untold::Walled {
                        counts.walled += walled(&story);
                    }
                    if let Untold::Otherwise(text) = why {
                        for source in known.strangers.see(&story, text) {
                            tally.entry(source).or_default().walled += 1;
                        }
                    }
                    let as_before =
                        if matches!(text, Text::Gone) { Resolved::Released } else { self.as_known(&story).await? };
                    resolution.stories.push((story, as_before));
                }
            }
        }
        self.store.resolve(&resolution).await
    }

    /// A story as it waits, and with a text if that completes it. `None`: it waits no more.
    async fn told(
        &self,
        story: &Awaited,
        text: &Text,
    ) -> Result<Option<(Newcomer, Result<Newcomer, Untold>)>, StoreError> {
        let (Some(waiting), Some(source)) = (self.store.waiting(story).await?, self.sources.get(&story.source)) else {
            return Ok(None);
        };
        let _reader = self.readers.acquire().await;
        let told =
            merged(source, self.visits.get(&story.source), &waiting.newcomer, waiting.before, text, self.now).await;
        Ok(Some((waiting.newcomer, told)))
    }

    /// An edit whose page cannot be had keeps the text that the story has; a new story is as it is.
    pub(super) async fn as_known(&self, story: &Awaited) -> Result<Resolved, StoreError> {
        let before =
            if story.is_edit { self.store.waiting(story).await?.and_then(|waiting| waiting.before) } else { None };
        let Some(before) = before else { return Ok(Resolved::Released) };
        let told = self.told(story, &Text::Story(Arc::new(before))).await?.and_then(|(_, told)| told.ok());
        Ok(told.map_or(Resolved::Released, |told| Resolved::Told(Box::new(told))))
    }
}
