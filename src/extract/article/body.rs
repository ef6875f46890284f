//! The text of an article.

use std::collections::HashSet;

use dom_query::Document;
use dom_smoothie::{CandidateSelectMode, Config, Readability, TextMode};

use super::furniture;
use super::lines::{self, Fate, Line};
use super::paragraphs::Own;
use crate::extract::dom::{Dom, Tree};
use crate::extract::entities;

/// Share of a line's words, four at a time, that the page's own copy of the text has to have.
const CONFIRMED: f64 = 0.5;

/// A body with less than this share of what the page's paragraphs hold is no body.
const TOO_SHORT: f64 = 0.62;
/// And with so many times more in the page's own copy.
const TOO_SHORT_TOLD: f64 = 2.2;
/// A copy shorter than this is a summary.
const ENOUGH: usize = 600;

/// A body as found.
pub(super) struct Body {
    /// HTML, unclean.
    pub(super) html: String,
    /// Its text, paragraphs separated by blank lines.
    pub(super) text: String,
}

/// Finds the body. `told` is the page's own copy of the text; `own` is what its paragraphs say;
/// `repeated` are lines that are said elsewhere.
pub(super) fn find(document: Document, told: Option<&str>, own: Own, repeated: &[String]) -> Option<Body> {
    let html = if own.is_heavy { String::new() } else { searched(document, &own) };
    let dom = Dom::parse(&html);
    let tree = Tree::new(&dom.document);
    let mut found = lines::of(&tree);
    let told: Option<Vec<&str>> =
        told.map(|text| text.lines().map(str::trim).filter(|line| !line.is_empty()).collect());
    let is_whole = !replace(&mut found, own.lines, told.as_deref().unwrap_or_default());
    furniture::mark(&mut found, repeated);
    if let Some(told) = told {
        confirm(&mut found, &told.join(" "));
    }
    let text: Vec<&str> = found.iter().filter(|line| line.is_text()).map(|line| line.text.as_str()).collect();
    if text.is_empty() {
        return None;
    }
    let html = if is_whole {
        lines::pruned(&dom.document, &tree, &found)
    } else {
        text.iter().map(|line| format!("<p>{}</p>", entities::escape(line))).collect()
    };
    Some(Body { html, text: text.join("\n\n") })
}

/// The HTML of what holds the most text that is none of the page's furniture; empty: nothing does.
fn searched(document: Document, own: &Own) -> String {
    let config = Config {
        disable_json_ld: true,
        // Classes tell captions and the like; the sanitiser drops them.
        keep_classes: true,
        text_mode: TextMode::Formatted,
        candidate_select_mode: CandidateSelectMode::DomSmoothie,
        ..Config::default()
    };
    for id in &own.struck {
        if let Some(node) = document.tree.get(id) {
            node.remove_from_parent();
        }
    }
    let read = Readability::with_document(document, None, Some(config)).ok().and_then(|mut reader| reader.parse().ok());
    read.map(|article| article.content.to_string()).unwrap_or_default()
}

/// Takes other lines where those found are too few: the search fails where a text is spread over several
/// containers. Then the page's paragraphs count, and then its own copy. Gives whether it did.
fn replace(found: &mut Vec<Line>, own: Vec<String>, told: &[&str]) -> bool {
    let text = |lines: &[Line]| lines.iter().filter(|line| line.is_text()).map(|line| line.text.len()).sum::<usize>();
    let mut was_replaced = false;
    if text(found) as f64 <= TOO_SHORT * letters(&own) as f64 {
        *found = own.into_iter().map(Line::plain).collect();
        was_replaced = true;
    }
    let told_letters = letters(told);
    if told_letters as f64 > TOO_SHORT_TOLD * text(found) as f64 && told_letters > ENOUGH {
        *found = told.iter().map(|line| Line::plain((*line).to_owned())).collect();
        was_replaced = true;
    }
    was_replaced
}

fn letters(lines: &[impl AsRef<str>]) -> usize {
    lines.iter().map(|line| line.as_ref().len()).sum()
}

/// Drops the lines that the page's own copy does not have, unless that copy is another text.
fn confirm(lines: &mut [Line], told: &str) {
    let known: HashSet<Vec<String>> = shingles(told).into_iter().collect();
    let holds = |line: &str| {
        let own = shingles(line);
        let shared = own.iter().filter(|shingle| known.contains(*shingle)).count();
        own.is_empty() || shared as f64 >= CONFIRMED * own.len() as f64
    };
    let (mut all, mut lost) = (0, Vec::new());
    for line in lines.iter_mut().filter(|line| line.is_text()) {
        all += line.text.len();
        if !holds(&line.text) {
            lost.push(line);
        }
    }
    if lost.iter().map(|line| line.text.len()).sum::<usize>() * 2 <= all {
        lost.into_iter().for_each(|line| line.fate = Fate::Gone);
    }
}

/// Runs of four words; of a shorter text, the whole.
fn shingles(text: &str) -> Vec<Vec<String>> {
    let words: Vec<String> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
    let size = words.len().clamp(1, 4);
    words.windows(size).map(<[String]>::to_vec).collect()
}
