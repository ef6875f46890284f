//! Turns a document into stories.
//!
//! The one way in is [`read`]: bytes to text, text to a feed, an HTML page or a plain text, and its
//! items to [`Draft`]s. [`Draft::clean`] makes a story of a draft. Nothing in here touches the network, a
//! clock or a file, and no document, however broken, makes it fail in any way but an
//! [`ExtractError`].

mod article;
mod canonical;
mod date;
mod decode;
mod dom;
mod draft;
mod elements;
mod elsewhere;
mod entities;
mod error;
mod explain;
mod feed;
mod html;
mod json;
mod language;
mod links;
mod listing;
mod lists;
mod markup;
mod opml;
mod page;
mod parts;
mod pin;
mod rules;
mod select;
mod sniff;
mod story;
mod strip;
#[cfg(test)]
mod tests;
mod text;
mod wall;

use std::borrow::Cow;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use url::Url;

pub use canonical::canonical;
pub use draft::Draft;
pub use error::ExtractError;
pub use explain::{Candidate, Explanation, explain};
pub use opml::{Subscription, subscriptions};
pub use parts::next_part;
pub use pin::Pin;
pub use story::{Article, article, completed, is_called, joined};
pub use strip::without;

use crate::model::{ArticleSelectors, Kind, ListSelectors, Page, Wishes};

/// From this confidence on a list is believed.
const SURE: f64 = 0.4;

/// What a document holds.
#[derive(Clone, Debug)]
pub struct Reading {
    /// What it turned out to be; never [`Kind::Auto`].
    pub kind: Kind,
    /// The format: `rss2.0`, `rss1.0`, `rss0.91`, `atom1.0`, `json1.1`, `sitemap`, `html`, `text` and the
    /// like.
    pub format: &'static str,
    /// What the document calls itself, one line of plain text.
    pub title: Option<String>,
    /// The page that the document belongs to.
    pub home: Option<Url>,
    /// How it was read, in a word or two; for a list, how its stories are built in the page.
    pub method: String,
    /// From 0 to 1: how sure it is that the stories are what the document means.
    pub confidence: f64,
    /// The stories, in the document's order; keys are unique.
    pub drafts: Vec<Draft>,
    /// Addresses of feeds that the document announces.
    pub feeds: Vec<String>,
    /// What was odd about it, each once.
    pub warnings: Vec<String>,
    /// How the document asks to be visited.
    pub wishes: Wishes,
}

/// How a document is to be read.
#[derive(Clone, Debug, Default)]
pub struct Hints {
    /// As what.
    pub kind: Kind,
    /// Where the stories of a list are; without it they are looked for.
    pub list: Option<ListSelectors>,
    /// Where an article stands on its page; without it that is looked for.
    pub article: Option<ArticleSelectors>,
}

impl From<Kind> for Hints {
    fn from(kind: Kind) -> Hints {
        Hints { kind, ..Hints::default() }
    }
}

/// Whether every selector can be read; the error names the first that cannot.
pub fn check_selectors(selectors: &ListSelectors) -> Result<(), ExtractError> {
    select::check(selectors)
}

/// As [`check_selectors`], for those of an article.
pub fn check_article(selectors: &ArticleSelectors) -> Result<(), ExtractError> {
    article::check(selectors)
}

/// Reads a document as told, or as what it is.
pub fn read(page: &Page, hints: &Hints) -> Result<Reading, ExtractError> {
    let (text, was_replaced) = decode::decode(&page.body, page.content_type.as_deref());
    let text = text.trim_start_matches('\u{FEFF}');
    if text.trim().is_empty() {
        return Err(ExtractError::Empty);
    }
    if sniff::is_binary(text) {
        return Err(ExtractError::Binary);
    }
    if let Some(list) = lists::read(text, page, hints) {
        return list;
    }
    let html = |kind| page::read(text, page, kind, hints);
    let mut reading = match hints.kind {
        // Told to read text, we read that of a page.
        Kind::Text if sniff::is_page(text) => plain(&html::plain::text(text), page),
        Kind::Text => plain(text, page),
        Kind::Feed => feed::read(text, page)?,
        Kind::Listing | Kind::Article => html(hints.kind)?,
        Kind::Auto if sniff::is_plain(text, page.content_type.as_deref()) => plain(text, page),
        Kind::Auto => match feed::read(text, page) {
            Err(ExtractError::Html { .. }) => html(Kind::Auto)?,
            Err(cause) => lists::instead(text, page, &cause).ok_or(cause)?,
            Ok(reading) => reading,
        },
    };
    if was_replaced {
        reading.warnings.push("some characters could not be read".to_owned());
    }
    Ok(reading)
}

/// A document as text, whatever it is encoded in: what [`read`] begins with.
pub fn text(page: &Page) -> Cow<'_, str> {
    decode::decode(&page.body, page.content_type.as_deref()).0
}

/// A date in any spelling that feeds use; ages count back from `visited`. `Err` says what is wrong with it.
pub fn date(text: &str, visited: Option<DateTime<Utc>>) -> Result<DateTime<Utc>, String> {
    date::read(text, visited).map(|dated| dated.at)
}

/// The plain text of what may be HTML, paragraphs separated by blank lines. Angle brackets alone make
/// no HTML: old wires write `<BA>` for a stock.
pub fn plain_text(text: &str) -> String {
    if has_markup(text) { html::plain::text(text) } else { html::plain::paragraphs(text) }
}

/// As [`plain_text`], on one line.
pub fn plain_line(text: &str) -> String {
    if has_markup(text) { html::plain::line(text) } else { html::plain::one_line(text) }
}

/// Whether there is a tag of a text in it, or a reference.
fn has_markup(text: &str) -> bool {
    const TAGS: &[&str] =
        &["p", "br", "div", "a", "b", "i", "em", "strong", "span", "ul", "li", "h2", "h3", "img", "blockquote"];
    let tag = |rest: &str| {
        let name = rest.trim_start_matches('/');
        let end = name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len());
        matches!(name.as_bytes().get(end), Some(b'>' | b' ' | b'/'))
            && TAGS.contains(&&*name[..end].to_ascii_lowercase())
    };
    let reference = |rest: &str| {
        rest.split_once(';').is_some_and(|(name, _)| {
            (2..10).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'#')
        })
    };
    text.split('<').skip(1).any(tag) || text.split('&').skip(1).any(reference)
}

fn plain(text: &str, page: &Page) -> Reading {
    let base = page.url.clone().map(Arc::new);
    let text::Text { items, is_aggregator } = text::read(text, base.as_ref(), page.fetched_at);
    let mut warnings = Vec::new();
    Reading {
        kind: Kind::Text,
        format: "text",
        title: None,
        home: page.url.clone(),
        method: if is_aggregator { "aggregator page" } else { "plain text" }.to_owned(),
        confidence: if is_aggregator { 0.95 } else { 0.6 },
        drafts: draft::settle(items, &mut warnings),
        feeds: Vec::new(),
        warnings,
        wishes: Wishes::default(),
    }
}
