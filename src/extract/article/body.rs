//! The text of an article.

use std::collections::HashSet;

use dom_query::Document;
use dom_smoothie::{CandidateSelectMode, Config, Readability, TextMode};

use super::furniture;
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

/// What the elements are called that stand in a body and are none of its text.
const CAPTIONS: &[&str] = &[
    "caption",
    "captions",
    "credit",
    "credits",
    "copyright",
    "byline",
    "newsletter",
    "related",
    "share",
    "sharing",
    "social",
    "promo",
    "advert",
    "advertisement",
    "bildunterschrift",
    "legende",
    "pie",
    "paywall",
    "onetrust",
    "cookie",
    "consent",
    "infobox",
    "factbox",
    "bio",
];

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
    let html = read.map(|article| article.content.to_string());
    let lines = html.as_deref().map(lines).unwrap_or_default();
    let told: Option<Vec<&str>> =
        told.map(|text| text.lines().map(str::trim).filter(|line| !line.is_empty()).collect());
    // It fails where a text is spread over several containers. Then the page's paragraphs count, and
    // then its own copy.
    let (lines, html) = if letters(&lines) as f64 <= TOO_SHORT * letters(&own.lines) as f64 {
        (own.lines, None)
    } else {
        (lines, html)
    };
    let told_letters = told.as_deref().map_or(0, letters);
    let is_longer = told_letters as f64 > TOO_SHORT_TOLD * letters(&lines) as f64 && told_letters > ENOUGH;
    let (lines, html) = match &told {
        Some(told) if is_longer => (told.iter().map(|line| (*line).to_owned()).collect(), None),
        _ => (lines, html),
    };
    let kept = furniture::without(&lines, repeated);
    let kept = match told {
        Some(told) => confirmed(kept, &told.join(" ")),
        None => kept,
    };
    if kept.is_empty() {
        return None;
    }
    let paragraphs = || kept.iter().map(|line| format!("<p>{}</p>", entities::escape(line))).collect();
    Some(Body { html: html.unwrap_or_else(paragraphs), text: kept.join("\n\n") })
}

/// The lines of a body: not what stands below pictures, and not what is all link.
fn lines(html: &str) -> Vec<String> {
    let dom = Dom::parse(html);
    let tree = Tree::new(&dom.document);
    let rows = tree.rows(0..tree.len());
    (rows.into_iter())
        .filter(|row| {
            let is_caption = tree
                .ancestors(row.at)
                .take(6)
                .any(|at| tree.node(at).name == "figcaption" || tree.words(at).any(|word| CAPTIONS.contains(&word)));
            // A line of prose may end in a link; one that is mostly link leads to another story.
            let is_link = row.linked * 10 >= row.letters * 9
                || row.linked * 10 >= row.letters * 6
                    && row.letters < 120
                    && !row.text.ends_with(['.', '!', '?', '。', '”', '"']);
            !(is_caption || is_link && row.letters > 0)
        })
        .map(|row| row.text)
        .collect()
}

fn letters(lines: &[impl AsRef<str>]) -> usize {
    lines.iter().map(|line| line.as_ref().len()).sum()
}

/// The lines that the page's own copy has too, unless that copy is another text.
fn confirmed<'l>(lines: Vec<&'l str>, told: &str) -> Vec<&'l str> {
    let known: HashSet<Vec<String>> = shingles(told).into_iter().collect();
    let holds = |line: &str| {
        let own = shingles(line);
        let shared = own.iter().filter(|shingle| known.contains(*shingle)).count();
        own.is_empty() || shared as f64 >= CONFIRMED * own.len() as f64
    };
    let kept: Vec<&str> = lines.iter().copied().filter(|line| holds(line)).collect();
    if letters(&kept) * 2 >= letters(&lines) { kept } else { lines }
}

/// Runs of four words; of a shorter text, the whole.
fn shingles(text: &str) -> Vec<Vec<String>> {
    let words: Vec<String> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
    let size = words.len().clamp(1, 4);
    words.windows(size).map(<[String]>::to_vec).collect()
}
