//! The groups of a page as a person may see them: what was weighed, and what it came to.

use super::group::{self, Features, Ground};
use super::{Source, choose, items, links, short};
use crate::extract::draft::Item;

/// A group of links, with the stories that it would make.
pub(crate) struct Weighed {
    /// How its links are built, in short.
    pub(crate) signature: String,
    /// Links in it.
    pub(crate) links: usize,
    /// What it came to.
    pub(crate) score: f64,
    /// What that is made of.
    pub(crate) features: Vec<(&'static str, f64)>,
    pub(crate) items: Vec<Item>,
}

/// The best groups of a page, best first; at most `most`.
pub(crate) fn candidates(source: &Source<'_, '_>, most: usize) -> Vec<Weighed> {
    let Source { tree, facts, url, visited } = *source;
    let links = links::links(tree, facts.base.as_ref(), url);
    let letters = tree.letters(&(0..tree.len())).0;
    let groups = group::groups(&Ground { tree, links: &links, visited, letters });
    (groups.iter().enumerate().take(most))
        .map(|(nth, group)| Weighed {
            signature: short(&group.signature),
            links: group.members.len(),
            score: group.score,
            features: named(&group.features),
            items: items(source, &links, &choose::found(&groups, &[nth], &links)),
        })
        .collect()
}

fn named(features: &Features) -> Vec<(&'static str, f64)> {
    vec![
        ("length", features.len),
        ("heading", features.heading),
        ("titled", features.titled),
        ("address", features.likeness),
        ("dated", features.dated),
        ("text", features.text),
        ("boilerplate", features.boilerplate),
        ("shape", features.shape),
        ("penalty", features.penalty),
    ]
}
