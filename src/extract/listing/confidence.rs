//! How sure it is that what was found is the list that the page is for.

use url::Url;

use super::address;
use super::group::{Group, Member};
use crate::extract::dom::Tree;

/// Shares of the page's text in the records of a list: of 64 lists all but one hold more than `BROAD`, and of the
/// lists beside 150 articles half hold less than `THIN` and a little.
const BROAD: f64 = 0.3;
const THIN: f64 = 0.05;
/// What is left of the confidence in a list that holds next to nothing of its page.
const LEAST: f64 = 0.4;

/// From 0 to 1, of the best group and all stories that were found.
///
/// What the group looks like is weighed by what it is for the page: a list is of several stories and holds a good
/// part of the text, and pages for signing in, writing to somebody or paying have none of their own.
pub(super) fn confidence(tree: &Tree<'_>, best: &Group, found: &[&Member], own: Option<&Url>) -> f64 {
    let features = &best.features;
    let strength = ((best.score - 0.5) / 4.0).clamp(0.0, 1.0);
    let named = features.heading.max(features.titled).max(features.len.min(1.0));
    let many = (found.len() as f64 / 5.0).min(1.0);
    let looks = 0.45 * strength + 0.2 * named + 0.15 * features.shape + 0.2 * many;
    let share = (1.0 - LEAST) * ((covered(tree, found) - THIN) / (BROAD - THIN)).clamp(0.0, 1.0) + LEAST;
    let few: f64 = match found.len() {
        0 => 0.0,
        1 => 0.5,
        2 => 0.8,
        _ => 1.0,
    };
    let purpose = if own.is_some_and(address::is_for_something_else) { 0.6 } else { 1.0 };
    let looks = ((looks - 0.25) / 0.65).min(1.0);
    (looks * share * few * purpose).clamp(0.0, 1.0)
}

/// The share of the page's letters that stand in the records of stories.
fn covered(tree: &Tree<'_>, found: &[&Member]) -> f64 {
    let mut ranges: Vec<_> = found.iter().map(|member| member.record.clone()).collect();
    ranges.sort_by_key(|range| range.start);
    let (mut end, mut letters) = (0, 0);
    for range in ranges {
        let rest = range.start.max(end)..range.end;
        if rest.start < rest.end {
            letters += tree.letters(&rest).0;
            end = rest.end;
        }
    }
    f64::from(letters) / f64::from(tree.letters(&(0..tree.len())).0.max(1))
}
