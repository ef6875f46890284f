//! One story on a page of its own.
//!
//! What a page declares about its article comes first, then what it shows. The body is found by
//! `dom_smoothie`, and loses the lines that are furniture.

mod body;
mod byline;
mod evidence;
mod facts;
mod filed;
mod furniture;
mod headed;
mod lines;
mod media;
mod paragraphs;
mod pinned;
mod struck;
mod title;

use dom_query::Document;

use super::draft::{Item, Markup};
use super::{ExtractError, listing::Source, wall};
use crate::model::ArticleSelectors;
pub(super) use evidence::Evidence;
pub(super) use pinned::{check, strip};

/// Fewer letters on a page that is for subscribers are the beginning of its text.
const BEGINNING: usize = 900;

/// An article as declared, its body still in the page.
pub(super) struct Declared {
    /// All but the body; `outlet` is the site's own name.
    pub(super) item: Item,
    /// The text that the page gives to machines, where it does.
    told: Option<String>,
    /// What the page's structure tells of its text.
    own: paragraphs::Own,
    /// Lines that are no part of the text: the title, the names of its authors.
    repeated: Vec<String>,
    /// The page says that it is for subscribers.
    locked: bool,
    /// The body, where selectors name it.
    pinned: Option<body::Body>,
    /// From 0 to 1.
    pub(super) confidence: f64,
}

/// What the page declares, and what selectors pick of it; what was odd goes to `warnings`.
pub(super) fn declared(
    source: &Source<'_, '_>,
    selectors: Option<&ArticleSelectors>,
    warnings: &mut Vec<String>,
) -> Result<Declared, ExtractError> {
    let declared = facts::declared(source);
    let mut declared = Declared {
        own: paragraphs::Own::new(source.tree, &declared.repeated),
        locked: wall::is_for_subscribers(source.tree, source.facts),
        ..declared
    };
    let Some(selectors) = selectors else { return Ok(declared) };
    declared.pinned = pinned::body(source, selectors)?;
    match (pinned::title(source, selectors)?, &selectors.title) {
        (Some(title), _) => declared.item.title = Some(Markup::Plain(title)),
        (None, Some(selector)) => {
            warnings.push(format!("nothing in the page matches `{selector}`; correct `title` in `[source.article]`"));
        }
        (None, None) => {}
    }
    Ok(declared)
}

/// Finds the body and completes the article with it; what was odd goes to `warnings`.
pub(super) fn with_body(
    declared: Declared,
    document: Document,
    warnings: &mut Vec<String>,
) -> Result<Item, ExtractError> {
    let Declared { mut item, told, own, repeated, locked, pinned, .. } = declared;
    let found = match pinned {
        Some(body) => Some(body),
        None => body::find(document, told.as_deref(), own, &repeated),
    };
    let Some(body) = found else {
        if item.title.is_none() {
            return Err(ExtractError::NoArticle);
        }
        return Ok(item);
    };
    let (text, is_beginning) = wall::without_prompt(&body.text, locked);
    // What was cut from the text must not come back with the HTML.
    item.content = Some(if is_beginning { Markup::Plain(text.clone()) } else { Markup::Html(body.html) });
    item.is_beginning = is_beginning || locked && text.chars().filter(|c| c.is_alphanumeric()).count() < BEGINNING;
    if item.is_beginning {
        warnings.push(
            "the rest of the article is for subscribers: only its beginning was read; look for another source"
                .to_owned(),
        );
    }
    item.text = Some(text);
    Ok(item)
}
