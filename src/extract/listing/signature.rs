//! How an element is built: what makes two links of one kind.
//!
//! A signature is names and classes of a link and of four ancestors, outermost first. Classes that say which
//! item it is, or in which state, are left out: of those that no list of words knows, the ones that no other
//! element of the page has.

use std::collections::HashMap;

use crate::extract::dom::Tree;

/// Ancestors that take part in a signature.
const ANCESTORS: usize = 4;
/// Parts of a signature that stay when it is widened: the link, and what holds it in its card.
const KEPT: usize = 3;
/// Classes of one element that are looked at.
const CLASSES: usize = 24;

/// On how many elements of a page each class is.
pub(super) struct Classes<'t>(HashMap<&'t str, u32>);

impl<'t> Classes<'t> {
    pub(super) fn new(tree: &'t Tree<'_>) -> Classes<'t> {
        let mut counts = HashMap::new();
        for at in 0..tree.len() {
            for word in tree.node(at).class.split_whitespace().take(CLASSES) {
                *counts.entry(word).or_default() += 1;
            }
        }
        Classes(counts)
    }

    fn is_shared(&self, word: &str) -> bool {
        self.0.get(word).is_some_and(|count| *count > 1)
    }
}

/// The signature of an element.
pub(super) fn signature(tree: &Tree<'_>, classes: &Classes<'_>, at: usize) -> String {
    let mut parts: Vec<String> = tree
        .ancestors(at)
        .take(ANCESTORS + 1)
        .take_while(|at| !matches!(tree.node(*at).name.as_str(), "body" | "html"))
        .map(|at| part(tree, classes, at))
        .collect();
    parts.reverse();
    parts.join(">")
}

fn part(tree: &Tree<'_>, classes: &Classes<'_>, at: usize) -> String {
    let node = tree.node(at);
    let mut out = if node.is_heading() { "h".to_owned() } else { node.name.clone() };
    let words: Vec<&str> = node.class.split_whitespace().take(CLASSES).collect();
    // A class of one element tells it from its neighbours, unless it is all that there is.
    let mut kept: Vec<String> = (words.iter())
        .filter(|word| words.len() == 1 || classes.is_shared(word))
        .filter_map(|word| class(word))
        .collect();
    kept.sort_unstable();
    kept.dedup();
    for class in kept.iter().take(3) {
        out.push('.');
        out.push_str(class);
    }
    out
}

/// A signature without the classes of what is around the card: blocks of a front page differ in those.
pub(super) fn widened(signature: &str) -> String {
    let parts: Vec<&str> = signature.split('>').collect();
    let outer = parts.len().saturating_sub(KEPT);
    let name = |part: &str| part.split('.').next().unwrap_or_default().to_owned();
    let wide: Vec<String> = (parts.iter().enumerate())
        .map(|(nth, part)| if nth < outer { name(part) } else { (*part).to_owned() })
        .collect();
    wide.join(">")
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
