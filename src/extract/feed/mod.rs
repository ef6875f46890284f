//! Feeds: RSS 0.9 to 2.0, RDF, Atom 0.3 and 1.0, JSON Feed 1.0 and 1.1, news sitemaps.
//!
//! The reader never loses a feed for one bad value, and refuses only what is no feed at all.
//! [`read`] is the way in; [`root`] finds out what it is, [`walk`] reads XML, [`json`] JSON.

mod base64;
mod doctype;
mod field;
mod item;
mod json;
mod meaning;
mod names;
mod root;
mod sitemap;
#[cfg(test)]
mod tests;
mod walk;

use std::time::Duration;

use url::Url;

use super::draft::{Item, Markup, clip, settle};
use super::{ExtractError, Reading};
use crate::model::{Kind, Page, Wishes};
use root::Root;
use walk::Family;

pub(super) use json::is_json;
pub(super) use root::is_root;

/// Items read of one document.
const ITEMS: usize = 10_000;
/// Items kept of those, the newest.
const KEPT: usize = 2000;
/// Longest time that a feed may ask to be left alone: a year.
const LONGEST_TTL: u64 = 366 * 24 * 60;

/// What was odd about a document, each once, and not more than a reader reads.
#[derive(Default)]
struct Warnings(Vec<String>);

impl Warnings {
    fn add(&mut self, warning: String) {
        if self.0.len() < 20 && !self.0.contains(&warning) {
            self.0.push(warning);
        }
    }
}

/// A feed as read.
#[derive(Default)]
struct Document {
    title: Option<Markup>,
    other_title: Option<Markup>,
    home: Option<Url>,
    language: Option<String>,
    /// Who wrote the items that name nobody.
    authors: Vec<String>,
    ttl_minutes: Option<u64>,
    /// All but the `ttl`.
    wishes: Wishes,
    items: Vec<Item>,
    /// Bytes that the addresses of media may still take.
    room: usize,
}

impl Document {
    /// A document of so many bytes, of which nothing was read yet.
    fn of_size(bytes: usize) -> Document {
        // Only relative addresses are longer than they were written, and a hostile base makes them so.
        Document { room: 2 * bytes + (1 << 20), ..Document::default() }
    }

    fn add(&mut self, mut item: Item, warnings: &mut Warnings) {
        let bytes = item.enclosures.iter().map(|enclosure| enclosure.url.len()).sum();
        match self.room.checked_sub(bytes) {
            Some(left) => self.room = left,
            None => {
                item.enclosures.clear();
                warnings.add("the addresses of media are too long: some were left out".to_owned());
            }
        }
        self.items.push(item);
    }
}

/// Reads a feed of any kind.
pub(super) fn read(text: &str, page: &Page) -> Result<Reading, ExtractError> {
    let mut warnings = Warnings::default();
    let head = text.trim_start();
    let (format, document) = if is_json(head) {
        json::read(head, page.url.as_ref(), page.fetched_at, &mut warnings)?
    } else {
        let Root { at, format, doctype, is_sure } = root::find(text, page.url.as_ref())?;
        if at.before {
            warnings.add("there is something before the feed, which was skipped".to_owned());
        }
        let body = text.get(at.byte..).unwrap_or_default();
        let family = family(format);
        let mut document = walk::walk(body, page.url.as_ref(), page.fetched_at, doctype, family, &mut warnings);
        if family == Family::Sitemap {
            sitemap::keep_stories(&mut document.items);
            document.title = sitemap::publication(&document.items).map(Markup::Plain);
        }
        let has_more = family == Family::Atom && (document.title.is_some() || document.home.is_some());
        if !is_sure && !has_more && document.items.is_empty() {
            let name = body.trim_start_matches('<').split(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).next();
            return Err(ExtractError::UnknownRoot(clip(name.unwrap_or_default().to_owned(), 64)));
        }
        (format, document)
    };
    Ok(reading(format, document, warnings))
}

fn family(format: &str) -> Family {
    match format {
        "atom0.3" | "atom1.0" => Family::Atom,
        sitemap::FORMAT => Family::Sitemap,
        _ => Family::Rss,
    }
}

fn reading(format: &'static str, document: Document, mut warnings: Warnings) -> Reading {
    let Document { title, home, language, authors, ttl_minutes, wishes, mut items, .. } = document;
    let title = title.map(|title| clip(title.line(), 1024)).filter(|title| !title.is_empty());
    newest(&mut items, &mut warnings);
    item::inherit_authors(&mut items, &authors);
    for item in &mut items {
        if item.language.is_none() {
            item.language.clone_from(&language);
        }
        // A feed that names itself as the outlet names none.
        if item.outlet.is_some() && item.outlet == title {
            item.outlet = None;
        }
    }
    let mut warnings = warnings.0;
    Reading {
        kind: Kind::Feed,
        format,
        title,
        home,
        method: "feed".to_owned(),
        confidence: if warnings.is_empty() { 1.0 } else { 0.9 },
        drafts: settle(items, &mut warnings),
        feeds: Vec::new(),
        warnings,
        wishes: Wishes {
            ttl: ttl_minutes
                .filter(|minutes| (1..=LONGEST_TTL).contains(minutes))
                .map(|minutes| Duration::from_secs(minutes * 60)),
            ..wishes
        },
    }
}

/// Keeps the newest items, in their order. An undated one is as new as the one before it.
fn newest(items: &mut Vec<Item>, warnings: &mut Warnings) {
    if items.len() <= KEPT {
        return;
    }
    warnings.add(format!("{} items: the newest {KEPT} were kept", items.len()));
    let mut last = None;
    let mut order: Vec<_> = items
        .iter()
        .enumerate()
        .map(|(at, item)| {
            last = item.published.or(item.updated).or(last);
            (std::cmp::Reverse(last), at)
        })
        .collect();
    order.sort_unstable();
    let mut keep = vec![false; items.len()];
    for (_, at) in order.into_iter().take(KEPT) {
        if let Some(slot) = keep.get_mut(at) {
            *slot = true;
        }
    }
    let mut keep = keep.into_iter();
    items.retain(|_| keep.next().unwrap_or(false));
}
