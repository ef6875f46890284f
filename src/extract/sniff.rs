//! What kind of document it is.

use url::Url;

use super::entities;
use super::html::{self, absolute};
use super::markup::{Piece, Pieces};

/// How much of a document is looked at to tell text from binary data.
const HEAD: usize = 2048;
/// Feeds listed of one page.
const FEEDS: usize = 20;

/// Media types that a page announces feeds with.
const FEED_TYPES: &[&str] = &[
    "application/rss+xml",
    "application/atom+xml",
    "application/rdf+xml",
    "application/feed+json",
    "application/json",
];

/// Whether the text is a decoded picture, archive or the like.
pub(super) fn is_binary(text: &str) -> bool {
    let (mut all, mut odd) = (0u32, 0u32);
    for c in text.chars().take(HEAD) {
        all += 1;
        odd += u32::from(c == '\u{FFFD}' || (c.is_control() && !c.is_whitespace()));
    }
    odd * 10 > all
}

/// Whether a document of unknown kind is plain text.
pub(super) fn is_plain(text: &str, content_type: Option<&str>) -> bool {
    let is_declared =
        content_type.is_some_and(|declared| declared.trim_start().to_ascii_lowercase().starts_with("text/plain"));
    let head = text.trim_start();
    // Feeds are served as text/plain too, and begin like feeds.
    if head.starts_with('<') {
        return false;
    }
    if head.starts_with(['{', '[']) && super::feed::is_json(head) {
        return false;
    }
    // "Mail <ann@n.example>" is no markup.
    is_declared
        || !Pieces::new(text).any(|piece| match piece {
            Piece::Open(tag) => html::plain::is_known(tag.name) || super::feed::is_root(tag),
            Piece::Doctype(_) | Piece::Cdata(_) => true,
            _ => false,
        })
}

/// Whether a document says of itself that it is an HTML page.
pub(super) fn is_page(text: &str) -> bool {
    let first = Pieces::new(text)
        .find(|piece| !matches!(piece, Piece::Other) && !matches!(piece, Piece::Text(text) if text.trim().is_empty()));
    match first {
        Some(Piece::Doctype(name)) => name.trim_start().get(..4).is_some_and(|name| name.eq_ignore_ascii_case("html")),
        Some(Piece::Open(tag)) => ["html", "head", "body"].iter().any(|name| name.eq_ignore_ascii_case(tag.name)),
        _ => false,
    }
}

/// The feeds that an HTML page announces (WHATWG HTML, link type "alternate").
pub(super) fn announced(text: &str, base: Option<&Url>) -> Vec<String> {
    let mut feeds: Vec<String> = Vec::new();
    let mut own_base = base.cloned();
    for piece in Pieces::new(text) {
        let Piece::Open(tag) = piece else { continue };
        if tag.name.eq_ignore_ascii_case("base") {
            let href = tag.attribute("href").and_then(|href| absolute(&entities::decode(href), base));
            own_base = href.or(own_base);
        }
        if !tag.name.eq_ignore_ascii_case("link") {
            continue;
        }
        let rel = tag.attribute("rel").unwrap_or_default().to_ascii_lowercase();
        let kind = tag.attribute("type").unwrap_or_default().to_ascii_lowercase();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        // JSON is announced for many things; those that are feeds say so.
        let is_json = kind == "application/json"
            && !tag.attribute("title").unwrap_or_default().to_ascii_lowercase().contains("feed");
        if !rel.split_ascii_whitespace().any(|rel| rel == "alternate") || !FEED_TYPES.contains(&kind) || is_json {
            continue;
        }
        let Some(href) = tag.attribute("href").map(entities::decode) else { continue };
        let feed = match absolute(&href, own_base.as_ref()) {
            Some(url) => url.into(),
            None if own_base.is_none() => href.trim().to_owned(),
            None => continue,
        };
        if !feed.is_empty() && !feeds.contains(&feed) {
            feeds.push(feed);
        }
        if feeds.len() >= FEEDS {
            break;
        }
    }
    feeds
}

/// Whether the element is one of HTML's, other than those that begin a page.
pub(super) fn is_html_name(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "article",
        "aside",
        "blockquote",
        "button",
        "dd",
        "dl",
        "dt",
        "figure",
        "footer",
        "form",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "iframe",
        "input",
        "label",
        "li",
        "main",
        "nav",
        "noscript",
        "ol",
        "option",
        "section",
        "select",
        "small",
        "tbody",
        "template",
        "textarea",
        "thead",
        "title",
        "u",
        "ul",
    ];
    NAMES.iter().any(|known| known.eq_ignore_ascii_case(name))
}
