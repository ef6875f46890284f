//! Feeds: RSS 0.9 to 2.0, RDF, Atom 0.3 and 1.0, JSON Feed 1.0 and 1.1.
//!
//! The reader never loses a feed for one bad value, and refuses only what is no feed at all.
//! [`read`] finds out what it is; [`walk`] reads XML, [`json`] JSON.

mod item;
mod json;
mod names;
mod walk;

use std::time::Duration;

use url::Url;

use super::draft::{Item, Markup, clip, settle};
use super::html::plain;
use super::markup::{Piece, Pieces, Tag};
use super::{ExtractError, Reading, sniff};
use crate::model::{Kind, Page};
use names::Space;

pub(super) use json::is_json;

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
    ttl_minutes: Option<u64>,
    items: Vec<Item>,
}

/// Reads a feed of any kind.
pub(super) fn read(text: &str, page: &Page) -> Result<Reading, ExtractError> {
    let mut warnings = Warnings::default();
    let head = text.trim_start();
    let (format, document) = if head.starts_with(['{', '[']) {
        json::read(head, page.url.as_ref(), page.fetched_at, &mut warnings)?
    } else {
        let Root { at, format, doctype, is_sure } = root(text, page.url.as_ref())?;
        if at.before {
            warnings.add("there is something before the feed, which was skipped".to_owned());
        }
        let body = text.get(at.byte..).unwrap_or_default();
        let is_atom = format.starts_with("atom");
        let document = walk::walk(body, page.url.as_ref(), page.fetched_at, doctype, is_atom, &mut warnings);
        if !is_sure && document.items.is_empty() {
            let name = body.trim_start_matches('<').split(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).next();
            return Err(ExtractError::UnknownRoot(clip(name.unwrap_or_default().to_owned(), 64)));
        }
        (format, document)
    };
    Ok(reading(format, document, warnings))
}

fn reading(format: &'static str, document: Document, mut warnings: Warnings) -> Reading {
    let Document { title, home, language, ttl_minutes, mut items, .. } = document;
    let title = title.map(|title| clip(plain::line(title.raw()), 1024)).filter(|title| !title.is_empty());
    newest(&mut items, &mut warnings);
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
        ttl: ttl_minutes
            .filter(|minutes| (1..=LONGEST_TTL).contains(minutes))
            .map(|minutes| Duration::from_secs(minutes * 60)),
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

/// Where the root stands, and whether anything but a prologue is before it.
struct Place {
    byte: usize,
    before: bool,
}

struct Root<'a> {
    at: Place,
    format: &'static str,
    doctype: Option<&'a str>,
    /// The root alone says that it is a feed; otherwise it takes an item to believe it.
    is_sure: bool,
}

/// Finds the root of an XML feed, whatever stands before it: warnings of PHP, stray HTML.
fn root<'a>(text: &'a str, base: Option<&Url>) -> Result<Root<'a>, ExtractError> {
    let mut pieces = Pieces::new(text);
    let mut start = 0;
    let mut doctype = None;
    let mut in_html = false;
    let mut is_html = false;
    let mut unknown: Option<&str> = None;
    let mut before = false;
    while let Some(piece) = pieces.next() {
        let byte = start;
        start = pieces.position();
        match piece {
            Piece::Doctype(content) => {
                let names_html = content.trim_start().get(..4).is_some_and(|name| name.eq_ignore_ascii_case("html"));
                is_html |= names_html;
                doctype.get_or_insert(content);
            }
            Piece::Text(text) => before |= !text.trim().is_empty(),
            Piece::Close(name) if name.eq_ignore_ascii_case("html") => in_html = false,
            Piece::Open(tag) => {
                let found = format(tag);
                if let Some((format, is_sure)) =
                    found.filter(|(_, is_sure)| !in_html && (unknown.is_none() || *is_sure))
                {
                    return Ok(Root { at: Place { byte, before }, format, doctype, is_sure });
                }
                let name = tag.name.to_ascii_lowercase();
                match name.as_str() {
                    "html" | "head" | "body" => {
                        in_html = true;
                        is_html = true;
                    }
                    // What error messages in front of feeds are made of.
                    "br" | "b" | "p" | "i" | "font" | "strong" | "a" | "span" | "div" | "hr" | "script" | "style"
                    | "table" | "tr" | "td" | "th" | "h1" | "h2" | "pre" | "center" | "code" | "em" | "img"
                    | "link" | "meta" => {
                        if matches!(name.as_str(), "script" | "style") {
                            pieces.skip_raw(tag.name);
                            start = pieces.position();
                        }
                        before = true;
                    }
                    _ => {
                        unknown.get_or_insert(tag.name);
                        before = true;
                    }
                }
            }
            _ => {}
        }
    }
    match unknown {
        _ if is_html => Err(ExtractError::Html { feeds: sniff::announced(text, base) }),
        Some(name) if !sniff::is_html_name(name) => Err(ExtractError::UnknownRoot(clip(name.to_owned(), 64))),
        _ if before && text.trim_start().starts_with('<') => {
            Err(ExtractError::Html { feeds: sniff::announced(text, base) })
        }
        Some(_) => Err(ExtractError::Html { feeds: sniff::announced(text, base) }),
        None => Err(ExtractError::PlainText),
    }
}

/// The format that a root element stands for, and whether it can stand for nothing else.
fn format(tag: Tag<'_>) -> Option<(&'static str, bool)> {
    let local = tag.name.rsplit(':').next().unwrap_or_default().to_ascii_lowercase();
    let space = walk::root_space(tag);
    match local.as_str() {
        "rss" => {
            let version = tag.attribute("version").unwrap_or_default().trim();
            let format = match version {
                "0.90" | "0.9" => "rss0.90",
                "0.91" => "rss0.91",
                "0.92" => "rss0.92",
                "0.93" => "rss0.93",
                "0.94" => "rss0.94",
                _ => "rss2.0",
            };
            Some((format, true))
        }
        "rdf" => {
            let has = |known: &str| {
                tag.attributes()
                    .any(|(name, uri)| name.starts_with("xmlns") && uri.to_ascii_lowercase().contains(known))
            };
            let is_old = has("/rdf/simple/0.9");
            Some((if is_old { "rss0.90" } else { "rss1.0" }, is_old || has("purl.org/rss/1.0/")))
        }
        "feed" => {
            let old = tag.attribute("version").is_some_and(|version| version.trim().starts_with("0."))
                || tag.attributes().any(|(name, uri)| name.starts_with("xmlns") && uri.contains("purl.org/atom/ns"));
            Some((if old { "atom0.3" } else { "atom1.0" }, space == Some(Space::Atom)))
        }
        "entry" => Some(("atom1.0", space == Some(Space::Atom))),
        "channel" => Some((
            if tag.attribute("href").is_some() || tag.attribute("base").is_some() { "cdf" } else { "rss2.0" },
            false,
        )),
        "item" if space == Some(Space::Rss) => Some(("rss1.0", true)),
        _ => None,
    }
}
