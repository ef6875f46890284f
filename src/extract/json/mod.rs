//! Lists of stories in JSON that is no JSON Feed: what sites answer to their own scripts, and what they leave for
//! them in their pages.
//!
//! By the paths that a person wrote, else the longest list of objects that look like stories. Values are walked, not
//! recursed into: their depth is the document's.

mod block;
mod fields;
mod find;
mod path;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::Value;
use url::Url;

use self::block::Script;
use self::fields::{text, texts};
use self::path::Path;
use super::draft::{Item, Markup, clip};
use super::html::absolute;
use super::{ExtractError, date, rules};
use crate::model::ListSelectors;

pub(super) use find::{Found, find};

/// Records of one document that are read.
const RECORDS: usize = 1000;
/// Categories and authors of one story.
const NAMES: usize = 20;
/// Longest document: parsed, it takes ten times as much.
const LONGEST: usize = 16 << 20;

/// Whether a list is pinned by paths.
pub(super) fn is_pinned(list: &ListSelectors) -> bool {
    let items = list.items.trim();
    items.starts_with('$') || items.starts_with("script") && items.contains(" $")
}

/// Whether every path is one; the error names the first that is none.
pub(super) fn check(list: &ListSelectors) -> Result<(), ExtractError> {
    Paths::new(list).map(|_| ())
}

/// The document as JSON; `None`: it is none.
pub(super) fn parse(document: &str) -> Option<Value> {
    (document.len() <= LONGEST).then(|| serde_json::from_str(document).ok())?
}

/// Where the stories are, and where in them what is.
struct Paths {
    script: Option<Script>,
    items: Path,
    title: Option<Path>,
    url: Option<Path>,
    date: Option<Path>,
    summary: Option<Path>,
    image: Option<Path>,
    author: Option<Path>,
    categories: Option<Path>,
}

impl Paths {
    fn new(list: &ListSelectors) -> Result<Paths, ExtractError> {
        let wrong = |key, text: &str, why| ExtractError::Path { key, path: text.to_owned(), why };
        let (script, items) = match list.items.trim().split_once(" $") {
            Some((script, path)) if !script.starts_with('$') => {
                let why = "before it stands `script`, with `#id`, `.class` or `[attribute=value]`";
                let script = Script::new(script).ok_or_else(|| wrong("items", &list.items, why))?;
                (Some(script), format!("${path}"))
            }
            _ => (None, list.items.trim().to_owned()),
        };
        let one = |key, text: &Option<String>| {
            text.as_deref().map(|text| Path::new(text).map_err(|why| wrong(key, text, why))).transpose()
        };
        if let Some(excluded) = list.exclude.first() {
            return Err(wrong("exclude", excluded, "`exclude` is for HTML pages; use `url_exclude`"));
        }
        Ok(Paths {
            script,
            items: Path::new(&items).map_err(|why| wrong("items", &list.items, why))?,
            title: one("title", &list.title)?,
            url: one("url", &list.url)?,
            date: one("date", &list.date)?,
            summary: one("summary", &list.summary)?,
            image: one("image", &list.image)?,
            author: one("author", &list.author)?,
            categories: one("categories", &list.categories)?,
        })
    }
}

/// What the stories of a document are read with.
pub(super) struct Around<'a> {
    pub(super) base: Option<&'a Url>,
    pub(super) visited: Option<DateTime<Utc>>,
}

/// The stories that the paths pick in a document, which is JSON or a page with JSON in it.
pub(super) fn items(document: &str, around: &Around<'_>, list: &ListSelectors) -> Result<Vec<Item>, ExtractError> {
    let paths = Paths::new(list)?;
    let roots = match &paths.script {
        Some(script) => block::values(document, script),
        None => parse(document).into_iter().collect(),
    };
    if roots.is_empty() {
        return Err(ExtractError::WrongDocument { selector: list.items.clone(), is_path: true });
    }
    let records: Vec<&Value> = roots.iter().flat_map(|root| paths.items.find(root)).take(RECORDS).collect();
    if records.is_empty() {
        return Err(ExtractError::ContainerMissing { selector: list.items.clone() });
    }
    let items: Vec<Item> = records.iter().filter_map(|record| item(record, around, &paths, list)).collect();
    if items.is_empty() {
        return Err(ExtractError::ContainerEmpty { selector: list.items.clone() });
    }
    rules::apply(items, list)
}

/// The stories that paths of our own pick in a document.
fn items_of(root: &Value, around: &Around<'_>, list: &ListSelectors) -> Vec<Item> {
    let Ok(paths) = Paths::new(list) else { return Vec::new() };
    let records = paths.items.find(root);
    records.iter().take(RECORDS).filter_map(|record| item(record, around, &paths, list)).collect()
}

/// One story; a value without an address and without a title is none.
fn item(record: &Value, around: &Around<'_>, paths: &Paths, list: &ListSelectors) -> Option<Item> {
    let object = record.as_object();
    let pick = |path: &Option<Path>, names: &[&str]| match path {
        Some(path) => path.find(record).into_iter().find(|value| text(value).is_some()),
        None => fields::field(object?, names).map(|(_, value)| value),
    };
    let line = |value: &Value, bytes| text(value).map(|text| clip(crate::extract::plain_line(&text), bytes));
    // A list of addresses has no fields.
    let own = record.as_str().filter(|_| paths.url.is_none()).and_then(|text| absolute(text, around.base));
    let url = pick(&paths.url, fields::URL).and_then(|value| absolute(&text(value)?, around.base)).or(own);
    let url = url.filter(|url| url.scheme() != "mailto");
    let title = pick(&paths.title, fields::TITLE).and_then(|value| line(value, 1024)).filter(|title| !title.is_empty());
    if title.is_none() && url.is_none() {
        return None;
    }
    let dated = pick(&paths.date, fields::DATE)
        .and_then(text)
        .and_then(|text| date::read_as(&text, around.visited, &list.date_form).ok());
    let address = |value: &Value| absolute(&text(value)?, around.base).map(String::from);
    let names = |path: &Option<Path>, names: &[&str]| -> Vec<String> {
        let values = match path {
            Some(path) => path.find(record).into_iter().take(NAMES).collect(),
            None => pick(path, names).into_iter().collect::<Vec<_>>(),
        };
        let texts = values.into_iter().flat_map(|value| texts(value, NAMES));
        texts
            .map(|text| clip(crate::extract::plain_line(&text), 200))
            .filter(|text| !text.is_empty())
            .take(NAMES)
            .collect()
    };
    Some(Item {
        url: url.map(String::from),
        summary: pick(&paths.summary, fields::SUMMARY)
            .and_then(|value| line(value, 2000))
            .filter(|summary| !summary.is_empty())
            .map(Markup::Plain),
        title: title.map(Markup::Plain),
        authors: names(&paths.author, fields::AUTHOR),
        published: dated.map(|dated| dated.at),
        aged: dated.is_some_and(|dated| dated.aged),
        categories: names(&paths.categories, fields::CATEGORIES),
        image: pick(&paths.image, fields::IMAGE).and_then(address),
        base: around.base.cloned().map(Arc::new),
        ..Item::default()
    })
}

#[cfg(test)]
mod tests;
