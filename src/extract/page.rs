//! An HTML page: which of the two it is, and what it gives.
//!
//! A page that declares one main article is one, also when it holds a good list; else a list that is
//! good enough; else a page that reads like one article; else nothing, with the best candidates named.

use std::sync::Arc;

use url::Url;

use super::article::{self, Evidence};
use super::dom::{Dom, Facts, Tree};
use super::draft::{Item, settle};
use super::listing::{self, Source};
use super::wall::{self, Wall};
use super::{ExtractError, Hints, Reading, SURE, explain, parts, select, sniff};
use crate::model::{Kind, Page, Wishes};

/// Below this a list is believed, but said to be doubtful.
const DOUBTFUL: f64 = 0.55;
/// So many relative links, and no other, are a list of an unknown place.
const RELATIVE: usize = 3;
/// What is said of it. No address: some are secrets.
const DOUBT: &str =
    "the list may not be the page's own; pin it with `[source.list]`: `oncefeed inspect --explain URL` prints it";

/// Reads a page as told, or as what it is.
pub(super) fn read(text: &str, page: &Page, kind: Kind, hints: &Hints) -> Result<Reading, ExtractError> {
    let url = page.url.as_ref();
    let feeds = sniff::announced(text, url);
    let dom = Dom::parse(text);
    let mut warnings = Vec::new();
    if text.len() > super::dom::LONGEST {
        warnings.push("the page is longer than 5 MB: the rest was not read".to_owned());
    }
    let pinned = hints.list.as_ref().filter(|_| matches!(kind, Kind::Auto | Kind::Listing));
    let selectors = hints.article.as_ref();
    // They are about the articles that a list leads to, and not about the list.
    if let Some(selectors) = selectors.filter(|_| kind != Kind::Listing && pinned.is_none()) {
        article::strip(&dom.document, selectors)?;
    }
    let draft = {
        let tree = Tree::new(&dom.document);
        let facts = Facts::new(&dom.json, &tree, url);
        let url = url.or(facts.base.as_ref());
        let source = Source { tree: &tree, facts: &facts, url, visited: page.fetched_at };
        if let Some(selectors) = pinned {
            let items = select::items(&source, selectors).map_err(|cause| {
                // What stands in for the page has no list.
                let wall = wall::find(&tree, &facts, url, &dom.unscripted, dom.scripts);
                wall.filter(|_| cause.selector_key().is_none()).and_then(walled).unwrap_or(cause)
            })?;
            let method = format!("selectors: {}", selectors.items);
            return Ok(listing_reading(&facts, items, method, 1.0, feeds, warnings, page));
        }
        if let Some(wall) = wall::find(&tree, &facts, url, &dom.unscripted, dom.scripts) {
            if let Some(error) = walled(wall) {
                return Err(error);
            }
            let list = listing::embedded(&source).filter(|_| kind != Kind::Article);
            let Some(list) = list else { return Err(ExtractError::AppShell { feeds }) };
            return Ok(listing_reading(&facts, list.items, list.method, list.confidence, feeds, warnings, page));
        }
        let evidence = Evidence::new(&source);
        let is_article = match kind {
            Kind::Article => true,
            Kind::Listing => false,
            _ => evidence.declares_article(),
        };
        if !is_article {
            let list = listing::find(&source);
            let is_sure = list.confidence >= SURE && !list.items.is_empty();
            if is_sure && (kind == Kind::Listing || !evidence.reads_like_article(&list)) {
                if list.confidence < DOUBTFUL {
                    warnings.push(DOUBT.to_owned());
                }
                warnings.extend(list.advice);
                return Ok(listing_reading(&facts, list.items, list.method, list.confidence, feeds, warnings, page));
            }
            if kind == Kind::Listing || !evidence.reads_like_article(&list) {
                let nearest = explain::nearest(&source);
                if nearest.is_empty() && url.is_none() && relative(&tree) >= RELATIVE {
                    return Err(ExtractError::NoBase);
                }
                let candidates = if nearest.is_empty() { list.candidates } else { nearest };
                return Err(ExtractError::NoList { candidates, feeds });
            }
        }
        article::declared(&source, selectors, &mut warnings)?
    };
    let language = draft.item.language.clone();
    let confidence = draft.confidence;
    let item = article::with_body(draft, dom.document, &mut warnings)?;
    if let Some(next) = page.url.as_ref().and_then(|url| parts::next(text, url)) {
        warnings.push(format!("the article goes on at {next}"));
    }
    let title = item.outlet.clone();
    let item = Item { outlet: None, base: page.url.clone().map(Arc::new), language, ..item };
    Ok(Reading {
        kind: Kind::Article,
        format: "html",
        title,
        home: home(page.url.as_ref()),
        method: "article".to_owned(),
        confidence,
        drafts: settle(vec![item], &mut warnings),
        feeds,
        warnings,
        wishes: Wishes::default(),
    })
}

/// How many links need the address of their page, at most so many as matter.
fn relative(tree: &Tree<'_>) -> usize {
    let is_relative = |href: &str| {
        !href.is_empty() && !href.starts_with('#') && Url::parse(href) == Err(url::ParseError::RelativeUrlWithoutBase)
    };
    tree.find(0..tree.len(), "a")
        .filter(|at| tree.attribute(*at, "href").is_some_and(|href| is_relative(href.trim())))
        .take(RELATIVE)
        .count()
}

/// What a page is that stands in for another; `None` for a shell, which scripts fill.
fn walled(wall: Wall) -> Option<ExtractError> {
    match wall {
        Wall::Challenge => Some(ExtractError::Blocked { login: false }),
        Wall::Login => Some(ExtractError::Blocked { login: true }),
        Wall::Consent => Some(ExtractError::Consent),
        Wall::Error => Some(ExtractError::NotThere),
        Wall::Shell => None,
    }
}

fn listing_reading(
    facts: &Facts<'_>,
    items: Vec<Item>,
    method: String,
    confidence: f64,
    feeds: Vec<String>,
    mut warnings: Vec<String>,
    page: &Page,
) -> Reading {
    let title = facts.meta(&["og:site_name"]).map(str::to_owned).or_else(|| facts.title.clone());
    Reading {
        kind: Kind::Listing,
        format: "html",
        title,
        home: page.url.clone(),
        method,
        confidence,
        drafts: settle(items, &mut warnings),
        feeds,
        warnings,
        wishes: Wishes::default(),
    }
}

/// The front page of a page's site.
fn home(url: Option<&Url>) -> Option<Url> {
    url?.join("/").ok().filter(|url| url.has_host())
}

#[cfg(test)]
mod tests;
