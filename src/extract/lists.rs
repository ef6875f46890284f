//! Documents that list stories and are no pages: JSON, OPML, plain text.

use super::draft::{Item, settle};
use super::{ExtractError, Hints, Reading, SURE, feed, json, links, opml, sniff};
use crate::model::{Kind, Page, Wishes};

/// Reads a document as a list where it is one that is no page and no feed; `None`: it is not.
pub(super) fn read(text: &str, page: &Page, hints: &Hints) -> Option<Result<Reading, ExtractError>> {
    if !matches!(hints.kind, Kind::Auto | Kind::Listing) {
        return None;
    }
    let around = json::Around { base: page.url.as_ref(), visited: page.fetched_at };
    if let Some(list) = hints.list.as_ref().filter(|list| json::is_pinned(list)) {
        let items = json::items(text, &around, list);
        return Some(items.map(|items| reading("json", format!("paths: {}", list.items), 1.0, items, page)));
    }
    let is_list = hints.kind == Kind::Listing;
    if is_json(text) {
        return match (&hints.list, is_list) {
            (Some(list), _) => {
                let is_feed = !is_list && feed::read(text, page).is_ok();
                let wrong = ExtractError::WrongDocument { selector: list.items.clone(), is_path: false };
                (!is_feed).then_some(Err(wrong))
            }
            (None, true) => Some(found(text, page, &around).ok_or(ExtractError::Json)),
            (None, false) => None,
        };
    }
    if !sniff::is_plain(text, page.content_type.as_deref()) {
        return None;
    }
    let links::Links { items, is_list: is_clear } = links::read(text, page.url.as_ref());
    let is_believed = is_clear || is_list && !items.is_empty();
    is_believed.then(|| {
        let confidence = if is_clear { 0.9 } else { SURE };
        Ok(reading("text", "links of a text".to_owned(), confidence, items, page))
    })
}

/// What a document is that turned out to be no feed, for this reason.
pub(super) fn instead(text: &str, page: &Page, cause: &ExtractError) -> Option<Reading> {
    match cause {
        ExtractError::Json => {
            let around = json::Around { base: page.url.as_ref(), visited: page.fetched_at };
            found(text, page, &around)
        }
        ExtractError::UnknownRoot(root) if root.eq_ignore_ascii_case("opml") => {
            let outlines = opml::stories(text, page.url.as_ref())?;
            if outlines.items.is_empty() {
                return None;
            }
            let mut reading = reading("opml", "outlines with addresses".to_owned(), 0.9, outlines.items, page);
            reading.title = outlines.title;
            if outlines.subscriptions > 0 {
                reading.warnings.push(format!(
                    "{} of its outlines are subscriptions: `oncefeed import FILE` makes sources of them",
                    outlines.subscriptions
                ));
            }
            Some(reading)
        }
        _ => None,
    }
}

fn is_json(text: &str) -> bool {
    let head = text.trim_start();
    head.starts_with(['{', '[']) && feed::is_json(head)
}

fn found(text: &str, page: &Page, around: &json::Around<'_>) -> Option<Reading> {
    let json::Found { items, list, confidence } = json::find(&json::parse(text)?, around)?;
    Some(reading("json", format!("paths: {}", list.items), confidence, items, page))
}

fn reading(format: &'static str, method: String, confidence: f64, items: Vec<Item>, page: &Page) -> Reading {
    let mut warnings = Vec::new();
    Reading {
        kind: Kind::Listing,
        format,
        title: None,
        home: page.url.clone(),
        method,
        confidence,
        drafts: settle(items, &mut warnings),
        feeds: Vec::new(),
        warnings,
        wishes: Wishes::default(),
    }
}
