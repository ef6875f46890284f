//! What a person said of the stories of a list, wherever they were found: which addresses, which titles, how many.

use super::ExtractError;
use super::draft::{Item, Markup};
use crate::model::ListSelectors;

/// The stories that the rules of `[source.list]` leave, or that they are too few to be believed.
pub(super) fn apply(items: Vec<Item>, rules: &ListSelectors) -> Result<Vec<Item>, ExtractError> {
    let is_wanted = |item: &Item| {
        let url = item.url.as_deref().unwrap_or_default();
        let any = |parts: &[String]| parts.iter().any(|part| holds(url, part));
        (rules.url_include.is_empty() || any(&rules.url_include)) && !any(&rules.url_exclude)
    };
    let mut items: Vec<Item> =
        items.into_iter().filter(is_wanted).take(rules.max_items.unwrap_or(usize::MAX)).collect();
    if items.len() < rules.min_items {
        return Err(ExtractError::TooFew { found: items.len(), least: rules.min_items });
    }
    if !rules.title_strip.is_empty() {
        for item in &mut items {
            if let Some(Markup::Plain(title)) = &item.title {
                item.title = Some(Markup::Plain(stripped(title, &rules.title_strip).to_owned()));
            }
        }
    }
    Ok(items)
}

/// Whether an address has a part like this; `*` stands for anything.
fn holds(url: &str, part: &str) -> bool {
    let mut rest = url;
    part.split('*').all(|piece| match rest.find(piece) {
        Some(at) => {
            rest = rest.get(at + piece.len()..).unwrap_or_default();
            true
        }
        None => false,
    })
}

/// A title without what begins or ends it; as it is when nothing would be left.
fn stripped<'t>(title: &'t str, parts: &[String]) -> &'t str {
    let mut rest = title;
    for part in parts.iter().filter(|part| !part.is_empty()) {
        rest = rest.strip_prefix(part.as_str()).unwrap_or(rest);
        rest = rest.strip_suffix(part.as_str()).unwrap_or(rest);
    }
    let rest = rest.trim();
    if rest.is_empty() { title } else { rest }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(url: &str, title: &str) -> Item {
        Item { url: Some(url.to_owned()), title: Some(Markup::Plain(title.to_owned())), ..Item::default() }
    }

    #[track_caller]
    fn check(rules: ListSelectors, expected: Result<&[&str], &str>) {
        let items = vec![
            item("https://harbour.example/news/2026/ferry", "News: Ferry sold | Harbour"),
            item("https://harbour.example/sport/2026/race", "Race is off | Harbour"),
            item("https://ads.example/news/boots", "News: | Harbour"),
        ];
        let found = apply(items, &rules).map_err(|cause| cause.to_string());
        let titles: Result<Vec<&str>, &str> = found
            .as_ref()
            .map(|items| items.iter().filter_map(|item| item.title.as_ref().map(Markup::raw)).collect())
            .map_err(String::as_str);
        assert_eq!(titles.as_deref().map_err(|error| *error), expected);
    }

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn addresses_choose_stories() {
        let (all, none) =
            (["News: Ferry sold | Harbour", "Race is off | Harbour", "News: | Harbour"], ListSelectors::default());
        check(none.clone(), Ok(&all));
        check(ListSelectors { url_include: texts(&["/news/"]), ..none.clone() }, Ok(&[all[0], all[2]]));
        check(ListSelectors { url_include: texts(&["harbour.example/*/2026/"]), ..none.clone() }, Ok(&all[..2]));
        check(ListSelectors { url_exclude: texts(&["ads.", "/sport/"]), ..none.clone() }, Ok(&all[..1]));
        check(ListSelectors { max_items: Some(1), ..none }, Ok(&all[..1]));
    }

    #[test]
    fn titles_lose_what_belongs_to_none() {
        let rules = ListSelectors { title_strip: texts(&["News:", "| Harbour"]), ..ListSelectors::default() };
        check(rules, Ok(&["Ferry sold", "Race is off", "News: | Harbour"]));
    }

    #[test]
    fn too_few_stories_are_an_error_with_numbers() {
        let rules = ListSelectors { min_items: 3, url_include: texts(&["harbour."]), ..ListSelectors::default() };
        check(rules, Err("too_few: the list has 2 stories, and `min_items` is 3"));
        check(
            ListSelectors { min_items: 2, url_include: texts(&["harbour."]), ..ListSelectors::default() },
            Ok(&["News: Ferry sold | Harbour", "Race is off | Harbour"]),
        );
    }
}
