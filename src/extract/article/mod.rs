//! One story on a page of its own.
//!
//! What a page declares about its article comes first, then what it shows. The body is found by
//! `dom_smoothie`, and loses the lines that are furniture.

mod body;
mod evidence;
mod facts;
mod furniture;
mod paragraphs;
mod title;

use dom_query::Document;

use super::draft::{Item, Markup};
use super::{ExtractError, listing::Source};
pub(super) use evidence::Evidence;

/// An article as declared, its body still in the page.
pub(super) struct Declared {
    /// All but the body; `outlet` is the site's own name.
    pub(super) item: Item,
    /// The text that the page gives to machines, where it does.
    told: Option<String>,
    /// The lines of the part of the page with the most text in paragraphs.
    own: Vec<String>,
    /// Lines that are no part of the text: the title, the names of its authors.
    repeated: Vec<String>,
    /// From 0 to 1.
    pub(super) confidence: f64,
}

/// What the page declares.
pub(super) fn declared(source: &Source<'_, '_>) -> Declared {
    Declared { own: paragraphs::lines(source.tree), ..facts::declared(source) }
}

/// Finds the body and completes the article with it.
pub(super) fn with_body(declared: Declared, document: Document) -> Result<Item, ExtractError> {
    let Declared { mut item, told, own, repeated, .. } = declared;
    let Some(body) = body::find(document, told.as_deref(), own, &repeated) else {
        if item.title.is_none() {
            return Err(ExtractError::NoArticle);
        }
        return Ok(item);
    };
    item.content = Some(Markup::Html(body.html));
    item.text = Some(body.text);
    Ok(item)
}
