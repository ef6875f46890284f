//! Stories in what a page brings along for its scripts: arrays of objects with a title and an address, as in
//! `__NEXT_DATA__`. Such JSON has no common vocabulary, so the usual names are tried.

use serde_json::{Map, Value};
use url::Url;

use super::Source;
use super::address::{key, likeness};
use super::title::width;
use crate::extract::date;
use crate::extract::dom::text_of;
use crate::extract::draft::{Item, Markup, clip};
use crate::extract::html::{absolute, plain};

/// Values that are looked at.
const VALUES: usize = 50_000;
/// Objects of one array, and stories of one page.
const OBJECTS: usize = 500;
/// Fewer are no list.
const FEWEST: usize = 5;

const TITLES: &[&str] = &["title", "headline", "name", "heading", "shortTitle", "postTitle"];
const ADDRESSES: &[&str] = &[
    "url",
    "link",
    "href",
    "permalink",
    "canonicalUrl",
    "canonical_url",
    "canonicalURL",
    "webUrl",
    "pageUrl",
    "shareUrl",
    "articleUrl",
    "fullUrl",
    "path",
    "uri",
];
const DATES: &[&str] = &[
    "publishedAt",
    "published_at",
    "datePublished",
    "date_published",
    "publishDate",
    "publish_date",
    "publicationDate",
    "publication_date",
    "publishedDate",
    "published",
    "firstPublished",
    "first_published_at",
    "pubDate",
    "postedAt",
    "posted_at",
    "date",
    "createdAt",
    "created_at",
    "created",
    "startDate",
    "start_date",
    "timestamp",
];
const SUMMARIES: &[&str] = &[
    "description",
    "summary",
    "excerpt",
    "standfirst",
    "dek",
    "teaser",
    "abstract",
    "lead",
    "subtitle",
    "subheadline",
];
const AUTHORS: &[&str] = &["author", "authors", "byline", "creator"];
const IMAGES: &[&str] =
    &["image", "imageUrl", "image_url", "thumbnail", "thumbnailUrl", "cover", "coverImage", "featuredImage"];
const SECTIONS: &[&str] = &["category", "section", "articleSection", "primaryCategory"];
/// What wraps an object: `{"node": {...}}`.
const WRAPS: &[&str] =
    &["node", "item", "content", "attributes", "fields", "article", "post", "data", "_source", "document"];

/// The stories in arrays that look like lists of stories, in the order of the JSON.
pub(super) fn items(source: &Source<'_, '_>) -> Vec<Item> {
    let mut found: Vec<Item> = Vec::new();
    let mut waiting: Vec<&Value> = source.facts.json.iter().rev().collect();
    let mut seen = 0;
    while let Some(value) = waiting.pop() {
        seen += 1;
        if seen > VALUES || found.len() >= OBJECTS {
            break;
        }
        match value {
            Value::Array(all) => {
                if all.len() >= FEWEST {
                    found.extend(list(source, all));
                }
                waiting.extend(all.iter().rev().filter(|value| value.is_object() || value.is_array()));
            }
            // JSON-LD has a reader of its own.
            Value::Object(object) if !object.contains_key("@context") => {
                waiting.extend(object.values().rev().filter(|value| value.is_object() || value.is_array()));
            }
            _ => {}
        }
    }
    found
}

/// The stories of an array; none when it is one of menus, tags or pictures.
fn list(source: &Source<'_, '_>, all: &[Value]) -> Vec<Item> {
    let items: Vec<Item> = all.iter().take(OBJECTS).filter_map(|value| item(source, value.as_object()?)).collect();
    let count = items.len() as f64;
    if items.len() < FEWEST || items.len() * 2 < all.len().min(OBJECTS) {
        return Vec::new();
    }
    let share = |test: &dyn Fn(&Item) -> bool| items.iter().filter(|item| test(item)).count() as f64 / count;
    let mut widths: Vec<usize> = (items.iter())
        .map(|item| match &item.title {
            Some(Markup::Plain(text)) => width(text),
            _ => 0,
        })
        .collect();
    widths.sort_unstable();
    let median = widths.get(widths.len() / 2).copied().unwrap_or(0);
    let like = |item: &Item| item.url.as_deref().and_then(|url| Url::parse(url).ok()).map_or(0.0, |url| likeness(&url));
    let likeness = items.iter().map(like).sum::<f64>() / count;
    let told = share(&|item| item.published.is_some()).max(share(&|item| item.summary.is_some()));
    let is_list = told >= 0.5 && median >= 15 && likeness > -0.8 || median >= 30 && likeness >= 0.4;
    if is_list { items } else { Vec::new() }
}

fn item(source: &Source<'_, '_>, object: &Map<String, Value>) -> Option<Item> {
    let inner = WRAPS.iter().find_map(|name| object.get(*name)?.as_object());
    [Some(object), inner].into_iter().flatten().find_map(|object| read(source, object))
}

fn read(source: &Source<'_, '_>, object: &Map<String, Value>) -> Option<Item> {
    let Source { facts, url, visited, .. } = *source;
    let base = facts.base.as_ref().or(url);
    let text = |names: &[&str]| names.iter().find_map(|name| object.get(*name).and_then(said));
    let title = text(TITLES)?;
    // An address begins like one: "title": "x", "link": "primary" is a button's style.
    let address = (ADDRESSES.iter())
        .filter_map(|name| object.get(*name).and_then(said))
        .find(|text| text.starts_with('/') || text.starts_with("http://") || text.starts_with("https://"))?;
    let address = absolute(address, base).filter(Url::has_host)?;
    if url.is_some_and(|own| key(own) == key(&address)) {
        return None;
    }
    let date = DATES.iter().find_map(|name| {
        let value = object.get(*name)?;
        let number = value.as_u64().map(|number| number.to_string());
        date::read(number.as_deref().or_else(|| said(value))?, visited).ok()
    });
    let short = |text: &str| (2..80).contains(&text.chars().count()) && !text.contains("://");
    let line = |text: &str| plain::line(text.get(..text.floor_char_boundary(8192)).unwrap_or_default());
    Some(Item {
        url: Some(address.into()),
        title: Some(Markup::Plain(clip(line(title), 1024))),
        summary: text(SUMMARIES).map(|text| Markup::Plain(clip(line(text), 2000))),
        published: date.map(|date| date.at),
        aged: date.is_some_and(|date| date.aged),
        authors: text(AUTHORS).filter(|name| short(name)).map(|name| vec![name.to_owned()]).unwrap_or_default(),
        categories: text(SECTIONS).filter(|name| short(name)).map(|name| vec![name.to_owned()]).unwrap_or_default(),
        image: text(IMAGES).and_then(|text| absolute(text, base)).filter(Url::has_host).map(String::from),
        language: facts.language.clone(),
        ..Item::default()
    })
}

/// The text of a value: of an object its name, its address or what is rendered of it; of a list that of the first.
fn said(value: &Value) -> Option<&str> {
    let value = value.as_array().and_then(|all| all.first()).unwrap_or(value);
    let inner = value.as_object().and_then(|object| {
        ["rendered", "name", "title", "text", "src", "current"].iter().find_map(|name| object.get(*name)?.as_str())
    });
    inner.or_else(|| text_of(value)).map(str::trim).filter(|text| !text.is_empty())
}
