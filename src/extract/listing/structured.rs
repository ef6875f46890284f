//! Stories that a page lists for machines: JSON-LD `ItemList`, and articles beside one another.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use url::Url;

use super::address;
use crate::extract::date;
use crate::extract::dom::{Facts, text_of};
use crate::extract::draft::{Item, Markup, clip};
use crate::extract::html::{absolute, plain};

/// The stories that the page declares; empty for fewer than three.
pub(super) fn items(facts: &Facts<'_>, url: Option<&Url>, visited: Option<DateTime<Utc>>) -> Vec<Item> {
    let mut found: Vec<Item> = Vec::new();
    let mut seen: HashMap<String, usize> = HashMap::new();
    let own = url.map(address::key);
    for thing in facts.of_kind(&["ListItem", "Article", "Posting"]) {
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
    if found.len() < 3 { Vec::new() } else { found }
}

fn item(thing: &Map<String, Value>, facts: &Facts<'_>, visited: Option<DateTime<Utc>>) -> Option<Item> {
    let text = |key: &str| thing.get(key).and_then(text_of);
    let address = text("url").or_else(|| text("mainEntityOfPage")).or_else(|| text("@id"))?;
    let url = absolute(address, facts.base.as_ref()).filter(|url| url.scheme() != "mailto")?;
    let title = text("headline").or_else(|| text("name"))?;
    let published = text("datePublished").and_then(|text| date::read(text, visited).ok());
    Some(Item {
        url: Some(url.into()),
        title: Some(Markup::Plain(clip(plain::line(title), 1024))),
        summary: text("description").map(|text| Markup::Plain(clip(plain::line(text), 2000))),
        published: published.map(|date| date.at),
        image: text("image").and_then(|text| absolute(text, facts.base.as_ref())).map(String::from),
        language: facts.language.clone(),
        ..Item::default()
    })
}

/// Adds what the page declares of stories that were found in it.
pub(super) fn complete(items: &mut [Item], told: Vec<Item>) {
    let key = |item: &Item| item.url.as_deref().and_then(|url| Url::parse(url).ok()).map(|url| address::key(&url));
    let told: HashMap<String, Item> = told.into_iter().filter_map(|item| Some((key(&item)?, item))).collect();
    for item in items {
        let Some(more) = key(item).and_then(|key| told.get(&key)) else { continue };
        if more.published.is_some() {
            item.published = more.published;
            item.aged = false;
        }
        if item.summary.is_none() {
            item.summary.clone_from(&more.summary);
        }
        if item.image.is_none() {
            item.image.clone_from(&more.image);
        }
    }
}
