//! A story and the text of its page, made one.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use tracing::debug;
use xxhash_rust::xxh3::xxh3_64;

use super::super::visit::FIRST_AGE;
use super::super::voice;
use crate::extract::{Article, ExtractError};
use crate::model::{Newcomer, Page, Source, Story, Visit};
use crate::{dedupe, extract};

/// A page dated later than this has a wrong date.
const AHEAD: TimeDelta = TimeDelta::days(1);

/// What there is of a page.
#[derive(Clone)]
pub(super) enum Text {
    /// The pages of its parts, the first of them its own; at least one.
    Pages(Arc<Vec<Page>>),
    /// A story that has its text.
    Story(Arc<Story>),
    /// Nothing any more.
    Gone,
    /// Nothing for us.
    Refused,
    /// Nothing for whoever does not log in, or is a program.
    Walled,
}

/// Why a story got no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Untold {
    /// Something stands in for its page.
    Walled,
    /// Its page holds another text, with this hash.
    Otherwise(u64),
    /// Its page is no article, or has no more to say.
    Bare,
}

impl Text {
    /// The page itself, where it was fetched.
    pub(super) fn page(&self) -> Option<&Page> {
        match self {
            Text::Pages(pages) => pages.first(),
            _ => None,
        }
    }
}

/// A story with the text of its page, hashed anew; `before` is the story that it is an edit of. Done in a task of its
/// own: a reader that panics costs one text.
pub(super) async fn merged(
    source: &Source,
    visit: Option<&Visit>,
    newcomer: &Newcomer,
    before: Option<Story>,
    text: &Text,
    now: DateTime<Utc>,
) -> Result<Newcomer, Untold> {
    // Of a first visit only what is new is published, and some pages alone say how old they are.
    let first_read = visit.and_then(|visit| visit.first_read);
    let is_first = first_read.is_some_and(|at| at.timestamp_millis() == newcomer.first_seen.timestamp_millis());
    let (source, newcomer, text) = (source.clone(), newcomer.clone(), text.clone());
    let work = move || {
        let mut article = match text {
            Text::Pages(pages) => match whole(&source, &pages, &newcomer.story) {
                // Of what only subscribers read to its end, the longest beginning that there was is kept.
                Ok(Article { story, is_beginning }) => match before.filter(|_| is_beginning) {
                    Some(before) if before.text.len() > story.text.len() => before,
                    _ => story,
                },
                Err(cause) => {
                    debug!(source.id = %source.id, "no text for `{}`: {cause}", newcomer.story.title);
                    return Err(match &cause {
                        ExtractError::Otherwise { text } => Untold::Otherwise(xxh3_64(text.as_bytes())),
                        cause if cause.is_wall() => Untold::Walled,
                        _ => Untold::Bare,
                    });
                }
            },
            Text::Story(story) => Story::clone(&story),
            Text::Walled => return Err(Untold::Walled),
            Text::Gone | Text::Refused => return Err(Untold::Bare),
        };
        article.published = article.published.filter(|at| *at <= now + AHEAD);
        article.updated = article.updated.filter(|at| *at <= now + AHEAD);
        let story = extract::completed(&newcomer.story, &article).ok_or(Untold::Bare)?;
        let is_old = is_first && story.dated().is_some_and(|at| at < newcomer.first_seen - FIRST_AGE);
        Ok(Newcomer {
            voice: voice::voice(&source, &story),
            fingerprint: Arc::new(dedupe::fingerprint(&story)),
            publish: newcomer.publish && !is_old,
            awaits: None,
            story,
            ..newcomer
        })
    };
    tokio::task::spawn_blocking(work).await.unwrap_or(Err(Untold::Bare))
}

/// The article of all parts. A part that cannot be read ends it; what was read before stays.
fn whole(source: &Source, pages: &[Page], item: &Story) -> Result<Article, ExtractError> {
    let read = |page| extract::article(page, item, source.article.as_ref());
    let (first, rest) = pages.split_first().ok_or(ExtractError::NoArticle)?;
    let mut article = read(first)?;
    for page in rest {
        // A part need not look like an article by itself: it is known by its name.
        match read(page) {
            Ok(part) => article = extract::joined(article, part),
            Err(cause) => {
                debug!(source.id = %source.id, "`{}` ends with a part that is none: {cause}", item.title);
                break;
            }
        }
    }
    Ok(article)
}
