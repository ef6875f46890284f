//! Finds the root of an XML feed, and says what stands there instead.

use url::Url;

use super::names::{Space, root_space};
use super::sitemap;
use crate::extract::draft::clip;
use crate::extract::markup::{Piece, Pieces, Tag};
use crate::extract::{ExtractError, sniff};

/// Where the root stands, and whether anything but a prologue is before it.
pub(super) struct Place {
    pub(super) byte: usize,
    pub(super) before: bool,
}

pub(super) struct Root<'a> {
    pub(super) at: Place,
    pub(super) format: &'static str,
    pub(super) doctype: Option<&'a str>,
    /// The root alone says that it is a feed; otherwise it takes an item to believe it.
    pub(super) is_sure: bool,
}

/// Finds the root of an XML feed, whatever stands before it: warnings of PHP, stray HTML.
pub(super) fn find<'a>(text: &'a str, base: Option<&Url>) -> Result<Root<'a>, ExtractError> {
    let mut pieces = Pieces::new(text);
    let mut start = 0;
    let mut doctype = None;
    let mut in_html = false;
    let mut is_html = false;
    let mut saw_html = false;
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
                    _ if sitemap::is_index(&name) && !in_html && unknown.is_none() => {
                        let list = text.get(byte..).unwrap_or_default();
                        return Err(ExtractError::SitemapIndex { sitemaps: sitemap::listed(list, base) });
                    }
                    "html" | "head" | "body" if unknown.is_none() => {
                        in_html = true;
                        is_html = true;
                    }
                    // What error messages in front of feeds are made of.
                    "br" | "b" | "p" | "i" | "font" | "strong" | "a" | "span" | "div" | "hr" | "script" | "style"
                    | "table" | "tr" | "td" | "th" | "h1" | "h2" | "pre" | "center" | "code" | "em" | "img"
                    | "link" | "meta" => {
                        for raw in ["script", "style"].into_iter().filter(|raw| name == *raw) {
                            pieces.skip_content(raw, true);
                            start = pieces.position();
                        }
                        saw_html = true;
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
        Some(_) => Err(ExtractError::Html { feeds: sniff::announced(text, base) }),
        None if saw_html => Err(ExtractError::Html { feeds: sniff::announced(text, base) }),
        None if text.trim_start().starts_with('<') => Err(ExtractError::Empty),
        None => Err(ExtractError::PlainText),
    }
}

/// Whether the element begins a feed.
pub(in crate::extract) fn is_root(tag: Tag<'_>) -> bool {
    format(tag).is_some()
}

/// The format that a root element stands for, and whether it can stand for nothing else.
fn format(tag: Tag<'_>) -> Option<(&'static str, bool)> {
    let local = tag.name.rsplit(':').next().unwrap_or_default().to_ascii_lowercase();
    let space = root_space(tag);
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
        "channel" if space == Some(Space::Rss) => Some(("rss1.1", true)),
        "channel" => {
            // Channel Definition Format; without its address it takes an item to be believed.
            let is_cdf = ["href", "base", "self"].iter().any(|name| tag.attribute(name).is_some());
            Some((if is_cdf { "cdf" } else { "rss2.0" }, is_cdf))
        }
        "item" if space == Some(Space::Rss) => Some(("rss1.0", true)),
        // Most list every page of a site; it takes a story to believe that one is a feed.
        "urlset" => Some((sitemap::FORMAT, false)),
        _ => None,
    }
}
