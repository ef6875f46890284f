//! Stories that a page lists for machines: in JSON-LD, in marks of its elements, in what it brings for its scripts.
//!
//! They complete the stories that are seen in the page, and are the list where none is seen.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use url::Url;

use super::cells::{self, Sort};
use super::{Source, address, marked, state};
use crate::extract::date;
use crate::extract::dom::{Facts, text_of};
use crate::extract::draft::{Item, Markup, clip};
use crate::extract::html::{absolute, plain};

/// Fewer are not a list.
const FEWEST: usize = 3;

/// The stories that the page tells of for machines, each address once; empty for fewer than three.
pub(super) fn items(source: &Source<'_, '_>) -> Vec<Item> {
    let Source { facts, url, visited, .. } = *source;
    let own = url.map(address::key);
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut all: Vec<Item> = Vec::new();
    for told in [linked(facts, url, visited), marked::items(source), state::items(source)] {
        if told.len() < FEWEST {
            continue;
        }
        for item in told {
            let Some(key) = key(&item).filter(|key| own.as_ref() != Some(key)) else { continue };
            match seen.get(&key).and_then(|nth| all.get_mut(*nth)) {
                Some(known) => add(known, &item),
                None => {
                    seen.insert(key, all.len());
                    all.push(item);
                }
            }
        }
    }
    if all.len() < FEWEST { Vec::new() } else { all }
}

/// Those of JSON-LD.
fn linked(facts: &Facts<'_>, url: Option<&Url>, visited: Option<DateTime<Utc>>) -> Vec<Item> {
    let mut found: Vec<Item> = Vec::new();
    let mut seen: HashMap<String, usize> = HashMap::new();
    let own = url.map(address::key);
    for thing in facts.of_kind(&["ListItem", "Article", "Posting", "Event"]) {
        let inner = thing.get("item").and_then(Value::as_object).unwrap_or(thing);
        let Some(item) = item(inner, facts, visited).or_else(|| item(thing, facts, visited)) else { continue };
        let Some(address) = item.url.as_deref().and_then(|url| Url::parse(url).ok()) else { continue };
        let key = address::key(&address);
        // Breadcrumbs are lists too, of the home page and sections.
        if own.as_ref() == Some(&key) || address::likeness(&address) < 0.2 || seen.contains_key(&key) {
            continue;
        }
        seen.insert(key, found.len());
        found.push(item);
    }
    found
}

fn item(thing: &Map<String, Value>, facts: &Facts<'_>, visited: Option<DateTime<Utc>>) -> Option<Item> {
    let text = |key: &str| thing.get(key).and_then(text_of);
    let address = text("url").or_else(|| text("mainEntityOfPage")).or_else(|| text("@id"))?;
    let url = absolute(address, facts.base.as_ref()).filter(|url| url.scheme() != "mailto")?;
    let title = text("headline").or_else(|| text("name"))?;
    let published = text("datePublished").or_else(|| text("startDate")).and_then(|text| date::read(text, visited).ok());
    Some(Item {
        url: Some(url.into()),
        title: Some(Markup::Plain(clip(plain::line(title), 1024))),
        summary: text("description").map(|text| Markup::Plain(clip(plain::line(text), 2000))),
        published: published.map(|date| date.at),
        image: text("image").and_then(|text| absolute(text, facts.base.as_ref())).map(String::from),
        authors: (thing.get("author").and_then(name).map(str::to_owned)).into_iter().collect(),
        categories: text("articleSection").map(str::to_owned).into_iter().collect(),
        language: facts.language.clone(),
        ..Item::default()
    })
}

/// The name of a person, who may be an object or a list of them.
fn name(value: &Value) -> Option<&str> {
    let value = value.as_array().and_then(|all| all.first()).unwrap_or(value);
    let name = value.as_str().or_else(|| value.as_object()?.get("name")?.as_str())?.trim();
    (!name.is_empty() && name.len() < 80 && !name.contains("://")).then_some(name)
}

fn key(item: &Item) -> Option<String> {
    item.url.as_deref().and_then(|url| Url::parse(url).ok()).map(|url| address::key(&url))
}

/// Adds what the page declares of stories that were found in it.
pub(super) fn complete(items: &mut [Item], told: Vec<Item>) {
    let told: HashMap<String, Item> = told.into_iter().filter_map(|item| Some((key(&item)?, item))).collect();
    for item in items {
        let Some(more) = key(item).and_then(|key| told.get(&key)) else { continue };
        // What is declared is exact; what stands there may be "2 hours ago".
        if more.published.is_some() {
            item.published = more.published;
            item.aged = more.aged;
        }
        let is_weak = matches!(&item.title, Some(Markup::Plain(text)) if cells::sort(text) != Sort::Words);
        if is_weak && more.title.is_some() {
            item.title.clone_from(&more.title);
        }
        add(item, more);
    }
}

/// Fills what an item lacks.
fn add(item: &mut Item, more: &Item) {
    if item.published.is_none() {
        item.published = more.published;
        item.aged = more.aged;
    }
    if item.summary.is_none() {
        item.summary.clone_from(&more.summary);
    }
    if item.image.is_none() {
        item.image.clone_from(&more.image);
    }
    if item.authors.is_empty() {
        item.authors.clone_from(&more.authors);
    }
    if item.categories.is_empty() {
        item.categories.clone_from(&more.categories);
    }
}
