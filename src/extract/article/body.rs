//! The text of an article.

use std::collections::HashSet;

use dom_query::Document;
use dom_smoothie::{CandidateSelectMode, Config, Readability, TextMode};

use super::furniture;

/// Share of a line's words, four at a time, that the page's own copy of the text has to have.
const CONFIRMED: f64 = 0.5;

/// A body as found.
pub(super) struct Body {
    /// HTML, unclean.
    pub(super) html: String,
    /// Its text, paragraphs separated by blank lines.
    pub(super) text: String,
}

/// Finds the body. `told` is the page's own copy of the text; `repeated` are lines that are said elsewhere.
pub(super) fn find(document: Document, told: Option<&str>, repeated: &[String]) -> Option<Body> {
    let config = Config {
        disable_json_ld: true,
        text_mode: TextMode::Formatted,
        candidate_select_mode: CandidateSelectMode::DomSmoothie,
        ..Config::default()
    };
    let article =
        Readability::with_document(document, None, Some(config)).ok().and_then(|mut reader| reader.parse().ok());
    let Some(article) = article else {
        let told = told?;
        let html = told.lines().map(|line| format!("<p>{}</p>", crate::extract::entities::escape(line))).collect();
        return Some(Body { html, text: told.to_owned() });
    };
    let lines: Vec<&str> = article.text_content.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let kept = furniture::without(&lines, repeated);
    let kept = match told {
        Some(told) => confirmed(kept, told),
        None => kept,
    };
    (!kept.is_empty()).then(|| Body { html: article.content.to_string(), text: kept.join("\n\n") })
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
    let letters = |lines: &[&str]| lines.iter().map(|line| line.len()).sum::<usize>();
    if letters(&kept) * 2 >= letters(&lines) { kept } else { lines }
}

/// Runs of four words; of a shorter text, the whole.
fn shingles(text: &str) -> Vec<Vec<String>> {
    let words: Vec<String> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
    let size = words.len().clamp(1, 4);
    words.windows(size).map(<[String]>::to_vec).collect()
}
