//! Lists whose links are numbers or buttons, as public records are: the row has the title.

use super::links::Link;
use super::title::{is_button, width};
use crate::extract::dom::Tree;

/// Largest row, in nodes.
const ROW: usize = 200;
/// Shorter texts are numbers, dates and kinds.
const SHORTEST: usize = 8;

/// The longest text in the row of a link that is neither linked nor a date: its title.
pub(super) fn title(tree: &Tree<'_>, link: &Link) -> Option<String> {
    let row = tree
        .ancestors(link.at)
        .skip(1)
        .take(6)
        .find(|at| matches!(tree.node(*at).name.as_str(), "tr" | "li" | "dd"))?;
    let range = tree.range(row);
    if range.len() > ROW || link.likeness < -1.0 {
        return None;
    }
    // Another link of the row may have the title, and then the row is that link's.
    let mut best: Option<String> = None;
    for part in tree.rows(range) {
        let is_own = part.linked == 0;
        let is_words = part.text.chars().filter(|c| c.is_alphabetic()).count() * 2 > part.text.chars().count();
        let is_longer = best.as_ref().is_none_or(|best| width(&part.text) > width(best));
        if is_own && is_words && is_longer && width(&part.text) >= SHORTEST && !is_button(&part.text) {
            best = Some(part.text);
        }
    }
    best
}
