//! Who wrote an article: the names alone, each once.

use std::collections::HashSet;

use serde_json::{Map, Value};

use crate::extract::dom::{Facts, Tree};
use crate::extract::html::plain;

/// Names that are kept.
const NAMES: usize = 20;
/// Texts that are looked at.
const TEXTS: usize = 50;
/// Longest text that is taken for names, in bytes.
const LONGEST: usize = 400;

/// What stands before names.
const LEADS: &[&str] = &["written by ", "posted by ", "story by ", "words by ", "by: ", "by "];
/// Words by which a line ends that says what somebody is.
const ROLES: &[&str] = &[
    "reporter",
    "reporters",
    "writer",
    "writers",
    "editors",
    "correspondents",
    "correspondent",
    "editor",
    "contributor",
    "columnist",
    "journalist",
    "producer",
    "staff",
    "newsroom",
    "desk",
    "photographer",
];
/// Words that begin a date.
const DATES: &[&str] = &[
    "published",
    "updated",
    "posted",
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// The names: what JSON-LD says, else the head, else what is marked as author, else what is called a byline.
pub(super) fn authors(tree: &Tree<'_>, facts: &Facts<'_>, main: Option<&Map<String, Value>>) -> Vec<String> {
    let told = main.and_then(|thing| thing.get("author").or_else(|| thing.get("creator"))).map(told);
    let head = || -> Vec<String> {
        ["author", "article:author", "dc.creator", "parsely-author", "sailthru.author"]
            .iter()
            .flat_map(|key| facts.all(key))
            .take(TEXTS)
            .map(str::to_owned)
            .collect()
    };
    let site = facts.meta(&["og:site_name"]);
    Some(names(&told.unwrap_or_default(), site))
        .filter(|names| !names.is_empty())
        .or_else(|| Some(names(&head(), site)).filter(|names| !names.is_empty()))
        .or_else(|| Some(names(&marked(tree), site)).filter(|names| !names.is_empty()))
        .unwrap_or_else(|| names(&called(tree), site))
}

/// What JSON-LD says: texts, objects with names, or lists of either.
fn told(author: &Value) -> Vec<String> {
    let all = author.as_array().map_or(std::slice::from_ref(author), Vec::as_slice);
    let mut texts = Vec::new();
    for one in all.iter().take(TEXTS) {
        match one.as_object().and_then(|one| one.get("name")).unwrap_or(one) {
            Value::Array(more) => texts.extend(more.iter().take(TEXTS).filter_map(Value::as_str).map(str::to_owned)),
            name => texts.extend(name.as_str().map(str::to_owned)),
        }
    }
    texts
}

/// What is marked as the author, and those that are marked beside the first.
fn marked(tree: &Tree<'_>) -> Vec<String> {
    let is_author = |at: &usize| {
        ["rel", "itemprop"].iter().any(|name| {
            tree.attribute(*at, name)
                .is_some_and(|value| value.split_whitespace().any(|word| word.eq_ignore_ascii_case("author")))
        })
    };
    let Some(first) = (0..tree.len()).find(is_author) else { return Vec::new() };
    let around = tree.ancestors(first).nth(1).map_or(tree.range(first), |parent| tree.range(parent));
    let mut end = 0;
    let mut texts = Vec::new();
    for at in around.filter(is_author).take(TEXTS) {
        // A link inside of what is marked says the same again.
        if at >= end {
            end = tree.range(at).end;
            texts.push(tree.text(at..end.min(at + 30)));
        }
    }
    texts
}

/// What is called a byline.
fn called(tree: &Tree<'_>) -> Vec<String> {
    let is_byline = |at: &usize| tree.words(*at).any(|word| matches!(word, "byline" | "author" | "authors"));
    (0..tree.len())
        .find(is_byline)
        .map(|at| tree.text(at..tree.range(at).end.min(at + 30)))
        .filter(|text| text.chars().count() < 120)
        .into_iter()
        .collect()
}

/// The names in texts, each once; the site's own only where there is no other.
fn names(texts: &[String], site: Option<&str>) -> Vec<String> {
    let mut seen = HashSet::new();
    let mut names: Vec<String> = texts
        .iter()
        .filter(|text| text.len() <= LONGEST && !text.contains("://") && !text.trim_start().starts_with('@'))
        .flat_map(|text| split(&plain::line(text)))
        .filter(|name| seen.insert(letters(name)))
        .take(NAMES)
        .collect();
    if let Some(site) = site.map(letters)
        && names.iter().any(|name| letters(name) != site)
    {
        names.retain(|name| letters(name) != site);
    }
    names
}

/// The names of one text, without what stands around them.
fn split(text: &str) -> Vec<String> {
    let text = without_lead(text);
    let parts: Vec<&str> = text.split([';', '|', '、', '•', '·']).flat_map(|part| part.split(" – ")).collect();
    parts.into_iter().flat_map(conjoined).filter_map(|part| bare(&part)).collect()
}

/// The parts between commas and conjunctions, where each may be a whole name.
fn conjoined(text: &str) -> Vec<String> {
    let parts: Vec<&str> =
        text.split(", ").flat_map(|part| part.split(" and ")).flat_map(|part| part.split(" & ")).collect();
    let parts: Vec<&str> = parts
        .into_iter()
        .map(|part| without_lead(part.trim().trim_start_matches("and ")))
        .filter(|part| !part.is_empty() && !is_role(part) && !part.starts_with('@'))
        .collect();
    // "Moor, Ida" and "Marks and Spencer" are one name each.
    let are_names = parts.iter().all(|part| part.split_whitespace().count() >= 2);
    if are_names || parts.len() < 2 { parts.into_iter().map(str::to_owned).collect() } else { vec![text.to_owned()] }
}

fn without_lead(text: &str) -> &str {
    let text = text.trim();
    let has = |lead: &&&str| text.get(..lead.len()).is_some_and(|start| start.eq_ignore_ascii_case(lead));
    LEADS.iter().find(has).and_then(|lead| text.get(lead.len()..)).map_or(text, str::trim)
}

/// Whether this says what somebody is, and not who.
fn is_role(text: &str) -> bool {
    let last = text.split_whitespace().next_back().unwrap_or_default().to_lowercase();
    ROLES.contains(&last.as_str())
}

/// A name without addresses, handles and dates; `None` when nothing is left that may be one.
fn bare(text: &str) -> Option<String> {
    let mut words: Vec<&str> = Vec::new();
    for word in text.split_whitespace() {
        let start = word.trim_start_matches(['(', '[', '<']);
        let is_date = start.starts_with(|c: char| c.is_ascii_digit())
            || (words.len() >= 2 && DATES.contains(&start.trim_matches([':', ',']).to_lowercase().as_str()));
        if is_date {
            break;
        }
        if !word.contains('@') {
            words.push(word);
        }
    }
    let name = words.join(" ");
    let name = name.trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ':' | '/' | '|' | '-' | '–' | '—'));
    let is_name = (2..80).contains(&name.chars().count()) && name.chars().any(char::is_alphabetic) && !is_role(name);
    is_name.then(|| name.to_owned())
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::{authors, names};
    use crate::extract::dom::{Dom, Facts, Tree};

    #[track_caller]
    fn check(texts: &[&str], expected: &[&str]) {
        let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
        assert_eq!(names(&texts, Some("The Heron")), expected, "{texts:?}");
    }

    #[track_caller]
    fn check_page(head: &str, main: &str, body: &str, expected: &[&str]) {
        let dom = Dom::parse(&format!("<html><head>{head}</head><body>{body}</body></html>"));
        let tree = Tree::new(&dom.document);
        let facts = Facts::new(&dom.json, &tree, None);
        let main: serde_json::Value = serde_json::from_str(main).unwrap();
        assert_eq!(authors(&tree, &facts, main.as_object()), expected);
    }

    #[test]
    fn names_stand_alone_and_once() {
        check(&["By Ida Moor and Jon Teal, Staff Writers"], &["Ida Moor", "Jon Teal"]);
        check(&["By Ida Moor, Health Reporter"], &["Ida Moor"]);
        check(&["Ida Moor", "IDA MOOR", "The Heron"], &["Ida Moor"]);
        check(&["Ida Moor (ida@heron.example) | @idamoor"], &["Ida Moor"]);
        check(&["by Ida Moor March 12, 2024"], &["Ida Moor"]);
        check(&["https://heron.example/ida", "@ida"], &[]);
    }

    #[test]
    fn what_is_one_name_is_not_taken_apart() {
        check(&["Marks and Spencer"], &["Marks and Spencer"]);
        check(&["Moor, Ida"], &["Moor, Ida"]);
        check(&["The Heron"], &["The Heron"]);
        check(&["Byron May"], &["Byron May"]);
        check(&["張三、李四"], &["張三", "李四"]);
    }

    #[test]
    fn what_is_told_comes_before_what_is_shown() {
        let body = "<p class=byline>By Ida Moor</p>";
        check_page("<meta name=author content='Jon Teal'>", r#"{"author":{"name":"Ann Reed"}}"#, body, &["Ann Reed"]);
        check_page("<meta name=author content='Jon Teal'>", "{}", body, &["Jon Teal"]);
        check_page("", "{}", body, &["Ida Moor"]);
        let both = "<p class=byline>x</p><p>By <a rel=author>Ida Moor</a> and <a rel=author>Jon Teal</a></p>";
        check_page("", "{}", both, &["Ida Moor", "Jon Teal"]);
    }
}
