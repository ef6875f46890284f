//! What an article is filed under.

use std::collections::HashSet;

use serde_json::{Map, Value};

use crate::extract::dom::{Facts, Tree};
use crate::extract::html::plain;

/// Names that are kept.
const NAMES: usize = 20;
/// Longest name, in characters and in words; longer ones are sentences.
const LONGEST: usize = 60;
const WORDS: usize = 6;
/// Texts that are looked at.
const TEXTS: usize = 200;
/// Longest list in one text, in bytes.
const LIST: usize = 8192;

/// Sections before tags, each once, in the page's order; `main` is what JSON-LD says of the article.
pub(super) fn categories(tree: &Tree<'_>, facts: &Facts<'_>, main: Option<&Map<String, Value>>) -> Vec<String> {
    let told = |key: &str| main.and_then(|thing| thing.get(key)).map(texts).unwrap_or_default();
    let mut lists: Vec<String> = facts.all("article:section").take(NAMES).map(str::to_owned).collect();
    lists.extend(told("articleSection").into_iter().map(str::to_owned));
    lists.extend(facts.all("article:tag").take(TEXTS).map(str::to_owned));
    lists.extend(told("keywords").into_iter().map(str::to_owned));
    let is_tag = |at: &usize| {
        let rel = tree.attribute(*at, "rel").unwrap_or_default();
        rel.split_whitespace().any(|word| word.eq_ignore_ascii_case("tag"))
    };
    lists.extend(tree.find(0..tree.len(), "a").filter(is_tag).take(NAMES).map(|at| tree.text(tree.range(at))));
    let mut seen = HashSet::new();
    lists
        .iter()
        .filter(|list| list.len() <= LIST)
        .flat_map(|list| list.split([',', ';']))
        .take(TEXTS)
        .filter_map(name)
        .filter(|name| seen.insert(name.to_lowercase()))
        .take(NAMES)
        .collect()
}

/// The texts of a value: itself, its parts, or their names.
fn texts(value: &Value) -> Vec<&str> {
    let all = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
    all.iter().take(TEXTS).filter_map(|one| one.as_str().or_else(|| one.get("name")?.as_str())).collect()
}

/// A name that a person would file something under; no address, number, sentence or `key:value` of a program.
fn name(text: &str) -> Option<String> {
    let name = plain::line(text);
    let name = name.trim_start_matches('#').trim();
    let is_program = name.split_once(':').is_some_and(|(_, value)| !value.starts_with(char::is_whitespace));
    let is_address = name.contains('/') && name.contains('.') || name.starts_with("www.");
    let is_name = (2..=LONGEST).contains(&name.chars().count())
        && name.split_whitespace().count() <= WORDS
        && name.chars().any(char::is_alphabetic)
        && !is_program
        && !is_address;
    is_name.then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::categories;
    use crate::extract::dom::{Dom, Facts, Tree};

    #[track_caller]
    fn check(head: &str, main: &str, body: &str, expected: &[&str]) {
        let dom = Dom::parse(&format!("<html><head>{head}</head><body>{body}</body></html>"));
        let tree = Tree::new(&dom.document);
        let facts = Facts::new(&dom.json, &tree, None);
        let main: serde_json::Value = serde_json::from_str(main).unwrap();
        assert_eq!(categories(&tree, &facts, main.as_object()), expected);
    }

    #[test]
    fn sections_and_tags_are_taken_once_from_wherever_they_stand() {
        let head = "<meta property=article:section content=Harbour><meta property=article:tag content=Ferries>\
            <meta property=article:tag content='ferries, Strikes'>";
        let main = r#"{"articleSection":["Harbour","Local"],"keywords":[{"name":"Pilots"},"Tolls"]}"#;
        check(
            head,
            main,
            "<a rel='tag nofollow' href=/t>#Moles</a><a href=/x>No tag</a>",
            &["Harbour", "Local", "Ferries", "Strikes", "Pilots", "Tolls", "Moles"],
        );
    }

    #[test]
    fn what_is_for_programs_is_no_category() {
        let main = r#"{"keywords":"100312362, type:article, https://harbour.example/t, x, Lights, one two three four five six seven"}"#;
        check("", main, "", &["Lights"]);
    }

    #[test]
    fn there_are_twenty_at_most() {
        let many: String = (0..50).map(|n| format!("Berth {n},")).collect();
        let dom = Dom::parse(&format!("<meta property='article:tag' content='{many}'>"));
        let tree = Tree::new(&dom.document);
        assert_eq!(categories(&tree, &Facts::new(&dom.json, &tree, None), None).len(), 20);
    }
}
