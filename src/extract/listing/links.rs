//! The links of a page, and which of them are built alike.

use std::ops::Range;

use url::Url;

use super::address;
use crate::extract::dom::Tree;
use crate::extract::html::absolute;

/// Links of one page that are looked at.
const LINKS: usize = 5000;
/// Ancestors that take part in a signature.
const ANCESTORS: usize = 4;

/// A link that may lead to a story.
pub(super) struct Link {
    /// Its element.
    pub(super) at: usize,
    pub(super) url: Url,
    /// Equal for addresses of one page.
    pub(super) key: String,
    /// How much its address looks like that of a story, from -2 to 2.
    pub(super) likeness: f64,
    /// It leads to another site.
    pub(super) external: bool,
    /// Its own text.
    pub(super) text: String,
    /// How it is built, it and what it stands in.
    pub(super) signature: String,
}

/// Every link to another page.
pub(super) fn links(tree: &Tree<'_>, base: Option<&Url>, own: Option<&Url>) -> Vec<Link> {
    links_in(tree, 0..tree.len(), base, own)
}

/// Every link to another page in a part of the page.
pub(super) fn links_in(tree: &Tree<'_>, range: Range<usize>, base: Option<&Url>, own: Option<&Url>) -> Vec<Link> {
    let site = own.and_then(Url::host_str).map(address::site);
    let own = own.map(address::key);
    let mut found = Vec::new();
    for at in tree.find(range, "a") {
        let Some(href) = tree.attribute(at, "href").filter(|href| !href.is_empty() && !href.starts_with('#')) else {
            continue;
        };
        let Some(mut url) = absolute(&href, base).filter(|url| url.scheme() != "mailto") else { continue };
        url.set_fragment(None);
        let key = address::key(&url);
        if own.as_ref() == Some(&key) {
            continue;
        }
        found.push(Link {
            at,
            likeness: address::likeness(&url),
            external: site.is_some_and(|site| url.host_str().map(address::site) != Some(site)),
            key,
            url,
            text: tree.text(tree.range(at)),
            signature: signature(tree, at),
        });
        if found.len() >= LINKS {
            break;
        }
    }
    found
}

/// How an element is built: names and classes of it and of four ancestors, outermost first.
fn signature(tree: &Tree<'_>, at: usize) -> String {
    let mut parts: Vec<String> = tree
        .ancestors(at)
        .take(ANCESTORS + 1)
        .take_while(|at| !matches!(tree.node(*at).name.as_str(), "body" | "html"))
        .map(|at| {
            let node = tree.node(at);
            let mut out = if node.is_heading() { "h".to_owned() } else { node.name.clone() };
            let mut classes: Vec<String> = node.class.split_whitespace().filter_map(class).collect();
            classes.sort_unstable();
            classes.dedup();
            for class in classes.iter().take(3) {
                out.push('.');
                out.push_str(class);
            }
            out
        })
        .collect();
    parts.reverse();
    parts.join(">")
}

/// A class without its digits; `None` for those that say which item it is, not what it is.
pub(super) fn class(word: &str) -> Option<String> {
    const WORDS: &[&str] = &[
        "odd",
        "even",
        "first",
        "last",
        "active",
        "current",
        "sticky",
        "clearfix",
        "hentry",
        "alt",
        "left",
        "right",
        "big",
        "small",
        "visible",
        "hidden",
        "has-post-thumbnail",
        "no-post-thumbnail",
        "post",
        "alternate",
        "new",
        "large",
        "medium",
        "middle",
        "wow",
        "lazy",
        "lazyload",
        "lazyloaded",
        "visited",
        "read",
        "unread",
        "featured",
    ];
    const STARTS: &[&str] = &[
        "category-",
        "tag-",
        "author-",
        "status-",
        "format-",
        "type-",
        "post-",
        "postid",
        "col-",
        "span",
        "item-",
        "wp-image-",
        "section-",
        "cat-",
        "topic-",
        "has-",
        "is-",
        "row-",
        "js-",
        "css-",
        "sc-",
        "data-",
        "views-row-",
        "tagged-",
        "delay",
        "grid-",
        "node-",
        "align",
        "u-",
        "m-",
        "mt-",
        "mb-",
        "p-",
        "w-",
        "h-",
    ];
    if WORDS.contains(&word) || STARTS.iter().any(|start| word.starts_with(start)) {
        return None;
    }
    let kept: String = word.chars().filter(|c| !c.is_ascii_digit()).take(40).collect();
    (kept.chars().any(char::is_alphabetic) && kept.len() > 1).then_some(kept)
}
