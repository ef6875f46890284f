//! Where a page has the most text in paragraphs.

use std::collections::HashMap;

use dom_query::NodeId;

use super::struck;
use crate::extract::dom::Tree;
use crate::extract::listing::place;

/// Shorter paragraphs are captions and buttons.
const SHORTEST: u32 = 20;
/// Heaviest page that is searched for its body: the search looks at all that is in an element for every element. Of 150
/// saved articles the heaviest weighs 9 million, half of them less than 1.1.
const HEAVIEST: usize = 60_000_000;
/// Elements whose lines are part of a text.
const TEXT: &[&str] = &["p", "h2", "h3", "h4", "li", "blockquote", "pre", "dd", "dt"];

/// Unlinked letters of paragraphs.
pub(super) struct Mass {
    /// The element with the most of them, and how many.
    pub(super) at: usize,
    pub(super) most: u32,
    /// In all of the page.
    pub(super) all: u32,
}

/// In how much of a boilerplate place nodes stand: siblings in the same, so each place is looked at once.
struct Places<'t, 'd> {
    tree: &'t Tree<'d>,
    letters: u32,
    by_parent: HashMap<usize, f64>,
}

impl<'t, 'd> Places<'t, 'd> {
    fn new(tree: &'t Tree<'d>) -> Places<'t, 'd> {
        Places { tree, letters: tree.letters(&(0..tree.len())).0, by_parent: HashMap::new() }
    }

    fn of(&mut self, at: usize) -> f64 {
        let parent = self.tree.node(at).parent;
        *self.by_parent.entry(parent).or_insert_with(|| place(self.tree, at, self.letters))
    }
}

/// Finds the element with the most text in paragraphs that stand at most `levels` below it.
pub(super) fn mass(tree: &Tree<'_>, levels: usize) -> Mass {
    let mut by_element: HashMap<usize, u32> = HashMap::new();
    let mut all = 0;
    let mut places = Places::new(tree);
    for at in tree.find(0..tree.len(), "p") {
        let (letters, linked) = tree.letters(&tree.range(at));
        let own = letters.saturating_sub(2 * linked);
        if own < SHORTEST || places.of(at) >= 1.0 {
            continue;
        }
        all += own;
        for above in tree.ancestors(at).skip(1).take(levels) {
            if matches!(tree.node(above).name.as_str(), "body" | "html") {
                break;
            }
            *by_element.entry(above).or_default() += own;
        }
    }
    // Of equal ones the inmost, which comes last in the page's order.
    let best = by_element.into_iter().max_by_key(|(at, own)| (*own, *at));
    let (at, most) = best.unwrap_or((0, 0));
    Mass { at, most, all }
}

/// What the structure of a page tells of its text.
#[derive(Default)]
pub(super) struct Own {
    /// The lines of the element with the most text in paragraphs.
    pub(super) lines: Vec<String>,
    /// Elements that are no part of the article.
    pub(super) struck: Vec<NodeId>,
    /// The page is nested so deep, with so much in it, that these lines have to do.
    pub(super) is_heavy: bool,
}

impl Own {
    /// Reads a page whose story is called one of `titles`.
    pub(super) fn new(tree: &Tree<'_>, titles: &[String]) -> Own {
        let struck = struck::struck(tree, titles);
        let lines = lines(tree, &struck);
        let struck = struck.into_iter().filter_map(|at| Some(tree.reference(at)?.id)).collect();
        Own { lines, struck, is_heavy: tree.weight() > HEAVIEST }
    }
}

/// The lines of the element with the most text: paragraphs, subheadings, lists; not what is linked, and not
/// its furniture.
fn lines(tree: &Tree<'_>, struck: &[usize]) -> Vec<String> {
    let best = mass(tree, 4);
    if best.most == 0 {
        return Vec::new();
    }
    let mut places = Places::new(tree);
    let rows = tree.rows(tree.range(best.at));
    let is_struck = |at: usize| {
        let before = struck.partition_point(|start| *start <= at);
        before.checked_sub(1).and_then(|nth| struck.get(nth)).is_some_and(|start| at < tree.node(*start).end)
    };
    (rows.into_iter())
        .filter(|row| row.linked * 2 <= row.letters)
        .filter(|row| tree.ancestors(row.at).take(5).any(|at| TEXT.contains(&tree.node(at).name.as_str())))
        .filter(|row| !is_struck(row.at) && places.of(row.at) < 1.0)
        .map(|row| row.text)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::Own;
    use crate::extract::dom::{Dom, Tree};

    /// Whether a page of so many paragraphs, so deep inside, is too heavy to be searched.
    #[track_caller]
    fn check(paragraphs: usize, depth: usize, expected: bool) {
        let text = "<p>The lamp at the end of the pier is lit again after the long storm of the week.</p>";
        let html = format!("{}{}", "<div class=entry-content>".repeat(depth), text.repeat(paragraphs));
        let dom = Dom::parse(&html);
        let own = Own::new(&Tree::new(&dom.document), &[]);
        assert_eq!(own.is_heavy, expected, "{paragraphs} paragraphs, {depth} deep");
        assert_eq!(own.lines.len(), paragraphs);
    }

    #[test]
    fn depth_makes_a_long_page_too_heavy_to_be_searched() {
        check(3_000, 30, false);
        check(300, 250, false);
        check(20_000, 250, true);
    }
}
