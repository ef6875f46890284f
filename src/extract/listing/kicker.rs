//! What stands above a title and says of what kind the story is: "Sport", "Opinion", a section's name.

use std::ops::Range;

use super::title::{is_button, width};
use crate::extract::dom::Tree;

/// Widest label.
const WIDEST: usize = 40;
/// Nodes of a record that are looked through.
const RECORD: usize = 400;
/// Nodes of an element that is a label and not a part of the page.
const LABEL: usize = 12;
/// Labels of one story.
const LABELS: usize = 5;

/// The text of a title without its kicker.
pub(super) fn without(tree: &Tree<'_>, range: Range<usize>) -> String {
    let whole = tree.text(range.clone());
    let Some(at) = range.clone().skip(1).find(|at| is_kicker(tree, *at)) else { return whole };
    let kicker = tree.range(at);
    if width(&tree.text(kicker.clone())) > WIDEST {
        return whole;
    }
    let rest = [range.start..kicker.start, kicker.end..range.end].map(|part| tree.text(part)).join(" ");
    let rest = rest.trim().trim_start_matches([':', '|', '•', '·', '/', '-', '–']).trim_start();
    // A title of which nothing is left had no kicker.
    if width(rest) >= 12 { rest.to_owned() } else { whole }
}

/// What a record is filed under: its tags and categories, each once, in the page's order.
pub(super) fn labels(tree: &Tree<'_>, record: Range<usize>, title: &str) -> Vec<String> {
    let mut labels: Vec<String> = Vec::new();
    let mut end = record.start;
    for at in record.start..record.end.min(record.start + RECORD) {
        if at < end || labels.len() >= LABELS || !(is_kicker(tree, at) || is_tag(tree, at)) {
            continue;
        }
        let range = tree.range(at);
        if range.len() > LABEL * LABELS {
            continue;
        }
        let links: Vec<usize> = tree.find(range.clone(), "a").take(LABELS).collect();
        // A list of categories is as many as it has links.
        let parts =
            if links.len() > 1 { links.iter().map(|at| tree.range(*at)).collect() } else { vec![range.clone()] };
        if range.len() > LABEL * parts.len() {
            continue;
        }
        end = range.end;
        labels.extend(parts.into_iter().map(|part| tree.text(part)).map(|text| bare(&text).to_owned()));
        labels.retain(|label| is_label(label, title));
    }
    let mut seen = std::collections::HashSet::new();
    labels.retain(|label| seen.insert(label.to_lowercase()));
    labels.truncate(LABELS);
    labels
}

fn bare(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '#' | ',' | '|' | '•' | '·' | '/' | ':' | '»' | '›'))
}

fn is_label(text: &str, title: &str) -> bool {
    (2..=WIDEST).contains(&width(text))
        && text.split_whitespace().count() <= 5
        && !is_button(text)
        && text != title
        && text.chars().filter(char::is_ascii_digit).count() * 2 < text.chars().count()
}

fn is_kicker(tree: &Tree<'_>, at: usize) -> bool {
    tree.words(at).any(|word| {
        matches!(
            word,
            "kicker"
                | "eyebrow"
                | "overline"
                | "roofline"
                | "dachzeile"
                | "spitzmarke"
                | "rubric"
                | "rubrik"
                | "rubrique"
                | "surtitre"
                | "antetitulo"
                | "chapeu"
                | "occhiello"
                | "vignette"
        )
    }) && !tree.node(at).is_heading()
}

/// `rel=tag` (microformats), or what is called a category.
fn is_tag(tree: &Tree<'_>, at: usize) -> bool {
    if tree.node(at).name == "a"
        && tree.attribute(at, "rel").is_some_and(|rel| rel.split_whitespace().any(|rel| rel == "tag"))
    {
        return true;
    }
    tree.words(at).any(|word| matches!(word, "category" | "categories" | "cat" | "cats" | "categoria" | "kategorie"))
        && matches!(tree.node(at).name.as_str(), "a" | "span" | "div" | "p" | "ul" | "li" | "strong" | "small" | "em")
}
