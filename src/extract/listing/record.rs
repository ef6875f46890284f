//! What stands around a link: date, summary, author, picture.

use std::ops::Range;

use chrono::{DateTime, Utc};
use url::Url;

use super::title::{is_button, width};
use crate::extract::date::{self, Dated};
use crate::extract::dom::Tree;
use crate::extract::html::absolute;

/// Longest text that a date is looked for in.
const DATE_LINE: usize = 120;
/// Words that a date has at most: "Tuesday, 24 November 2026 at 06:00 a.m. CET".
const DATE_WORDS: usize = 9;

/// The date of a record.
pub(crate) fn date(tree: &Tree<'_>, record: Range<usize>, visited: Option<DateTime<Utc>>) -> Option<Dated> {
    // What is marked as a date, then what is called one, then what looks like one.
    for at in record.clone().filter(|at| tree.node(*at).name == "time") {
        let marked = tree.attribute(at, "datetime").and_then(|text| date::read(&text, visited).ok());
        if let Some(found) = marked.or_else(|| in_text(&tree.brief(at)?, visited)) {
            return Some(found);
        }
    }
    for at in record.clone() {
        let called = tree.words(at).any(|word| {
            matches!(
                word,
                "date"
                    | "time"
                    | "datetime"
                    | "timestamp"
                    | "published"
                    | "datepublished"
                    | "posted"
                    | "pubdate"
                    | "ago"
                    | "age"
                    | "when"
                    | "datum"
                    | "fecha"
                    | "data"
            ) || word.ends_with("date")
                || word.ends_with("time")
        });
        if !called {
            continue;
        }
        let marked = ["content", "datetime", "title"].iter().filter_map(|name| tree.attribute(at, name));
        let found = marked.filter_map(|text| date::read(&text, visited).ok()).next();
        let text = || tree.text(at..tree.range(at).end.min(at + 40));
        if let Some(found) = found.or_else(|| in_text(&text(), visited)) {
            return Some(found);
        }
    }
    let lines = tree.lines(record.start..record.end.min(record.start + 400));
    lines.iter().filter(|line| line.len() <= DATE_LINE).find_map(|line| in_text(line, visited))
}

/// A date somewhere in a short text.
pub(crate) fn in_text(text: &str, visited: Option<DateTime<Utc>>) -> Option<Dated> {
    if text.len() > DATE_LINE || text.len() < 4 {
        return None;
    }
    if let Ok(found) = date::read(text, visited) {
        return Some(found);
    }
    let has_digits = text.chars().any(char::is_numeric);
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || matches!(c, '|' | '•' | '·' | '(' | ')' | '[' | ']'))
        .filter(|word| !word.is_empty())
        .collect();
    if !has_digits || words.len() > 20 {
        return None;
    }
    for from in 0..words.len() {
        for count in (1..=DATE_WORDS.min(words.len() - from)).rev() {
            let part = words.get(from..from + count)?.join(" ");
            let part = part.trim_matches(|c: char| !c.is_alphanumeric() && c != '.');
            // A number alone is a count, an id or a year.
            let plain = part.bytes().all(|b| b.is_ascii_digit());
            if part.len() < 6 || plain || !part.chars().any(char::is_numeric) {
                continue;
            }
            if let Ok(found) = date::read(part, visited) {
                return Some(found);
            }
        }
    }
    None
}

/// The text that tells more than the title: the longest line that is mostly not linked.
pub(super) fn summary(tree: &Tree<'_>, record: Range<usize>, title: &str) -> Option<String> {
    let record = record.start..record.end.min(record.start + 2000);
    let mut best: Option<String> = None;
    let mut consider = |line: String| {
        let is_longer = best.as_ref().is_none_or(|best| width(&line) > width(best));
        if is_longer && width(&line) >= 30 && line != title && !is_button(&line) {
            best = Some(line);
        }
    };
    let mut paragraphs = 0;
    for at in record.clone().filter(|at| tree.node(*at).name == "p") {
        let (all, linked) = tree.letters(&tree.range(at));
        if linked * 2 <= all || paragraphs == 0 {
            consider(tree.text(tree.range(at)));
            paragraphs += 1;
        }
    }
    if paragraphs == 0 {
        tree.lines(record).into_iter().filter(|line| !title.contains(line.as_str())).for_each(&mut consider);
    }
    best.map(|text| crate::extract::draft::clip(text, 2000))
}

/// Who wrote it.
pub(super) fn author(tree: &Tree<'_>, record: Range<usize>) -> Option<String> {
    let at = record.clone().find(|at| {
        tree.words(*at).any(|word| matches!(word, "author" | "byline" | "autor" | "auteur" | "writer"))
            || tree.attribute(*at, "rel").is_some_and(|rel| rel.split_whitespace().any(|rel| rel == "author"))
    })?;
    let text = tree.text(tree.range(at));
    let name = ["by ", "von ", "par ", "por ", "di ", "door ", "av ", "af "]
        .iter()
        .find_map(|word| {
            text.get(..word.len()).filter(|head| head.eq_ignore_ascii_case(word)).and_then(|_| text.get(word.len()..))
        })
        .unwrap_or(&text)
        .trim();
    ((2..60).contains(&name.chars().count()) && !name.chars().any(|c| c.is_ascii_digit())).then(|| name.to_owned())
}

/// The first picture.
pub(super) fn image(tree: &Tree<'_>, record: Range<usize>, base: Option<&Url>) -> Option<String> {
    for at in record.filter(|at| matches!(tree.node(*at).name.as_str(), "img" | "source")) {
        let size = |name| tree.attribute(at, name).and_then(|text| text.trim_end_matches("px").parse::<u32>().ok());
        if size("width").is_some_and(|width| width < 40) || size("height").is_some_and(|height| height < 40) {
            continue;
        }
        if let Some(url) = picture(tree, at, base) {
            return Some(url);
        }
    }
    None
}

/// The address of a picture, which lazy loaders keep beside `src`.
pub(crate) fn picture(tree: &Tree<'_>, at: usize, base: Option<&Url>) -> Option<String> {
    ["data-src", "data-original", "data-lazy-src", "src", "data-srcset", "srcset"]
        .iter()
        .filter_map(|name| {
            let value = tree.attribute(at, name)?;
            let first = if name.ends_with("srcset") { value.split([',', ' ']).next()? } else { value.as_str() };
            absolute(first, base)
        })
        .find(|url| url.scheme() != "mailto")
        .map(String::from)
}
