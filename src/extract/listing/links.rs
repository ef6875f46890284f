//! The links of a page, and which of them are built alike.

use std::ops::Range;

use url::Url;

use super::address;
use super::signature::{Classes, signature};
use crate::extract::dom::Tree;
use crate::extract::html::absolute;

/// Links of one page that are looked at.
const LINKS: usize = 5000;

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
    /// How it is built, it and what it stands in; empty where nothing is compared.
    pub(super) signature: String,
}

/// Every link to another page.
pub(super) fn links(tree: &Tree<'_>, base: Option<&Url>, own: Option<&Url>) -> Vec<Link> {
    let mut links = links_in(tree, 0..tree.len(), base, own);
    let classes = Classes::new(tree);
    for link in &mut links {
        link.signature = signature(tree, &classes, link.at);
    }
    links
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
        // What a template left open leads nowhere.
        if ["${", "{{", "<%"].iter().any(|open| href.contains(open)) {
            continue;
        }
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
            signature: String::new(),
        });
        if found.len() >= LINKS {
            break;
        }
    }
    found
}
