//! What the fields of a story are called in JSON, and how their values are read.

use serde_json::{Map, Value};

/// Names of titles, best first; compared without case, `_` and `-`.
pub(super) const TITLE: &[&str] =
    &["title", "headline", "name", "heading", "subject", "titletext", "posttitle", "shorttitle", "label"];
/// Of addresses.
pub(super) const URL: &[&str] = &[
    "url",
    "link",
    "href",
    "permalink",
    "canonicalurl",
    "weburl",
    "articleurl",
    "storyurl",
    "posturl",
    "fullurl",
    "htmlurl",
    "externalurl",
    "uri",
    "path",
    "canonical",
];
/// Of dates.
pub(super) const DATE: &[&str] = &[
    "datepublished",
    "publishedat",
    "publishdate",
    "publisheddate",
    "publishedon",
    "publicationdate",
    "pubdate",
    "published",
    "firstpublished",
    "firstpublishedat",
    "dategmt",
    "date",
    "datetime",
    "isodate",
    "createdat",
    "created",
    "createdutc",
    "createdon",
    "timestamp",
    "time",
    "postedat",
];
/// Of summaries.
pub(super) const SUMMARY: &[&str] = &[
    "summary",
    "description",
    "excerpt",
    "abstract",
    "dek",
    "standfirst",
    "teaser",
    "lead",
    "subtitle",
    "snippet",
    "deck",
    "intro",
    "selftext",
];
/// Of authors.
pub(super) const AUTHOR: &[&str] = &["author", "authors", "byline", "by", "creator", "writer", "authorname"];
/// Of pictures.
pub(super) const IMAGE: &[&str] =
    &["image", "imageurl", "thumbnail", "thumbnailurl", "cover", "coverimage", "featuredimage", "leadimage", "photo"];
/// Of categories.
pub(super) const CATEGORIES: &[&str] = &["categories", "tags", "keywords", "category", "section", "topics"];

/// What texts are called that are inside of an object.
const INNER: &[&str] = &[
    "rendered", "text", "name", "fullname", "value", "plain", "title", "headline", "href", "url", "src", "link", "html",
];
/// Fields of one object that are looked at.
const FIELDS: usize = 300;
/// Longest text of one field.
const TEXT: usize = 64 << 10;

/// A name as it is compared: `published_at`, `publishedAt` and `published-at` are one.
fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// The first field with one of these names that says something: its name, and its value.
pub(super) fn field<'v>(object: &'v Map<String, Value>, names: &[&str]) -> Option<(&'v str, &'v Value)> {
    let mut best: Option<(usize, &str, &Value)> = None;
    for (name, value) in object.iter().take(FIELDS).filter(|(name, _)| name.len() < 40) {
        let plain = plain(name);
        let Some(rank) = names.iter().position(|known| *known == plain) else { continue };
        if best.as_ref().is_none_or(|(known, ..)| rank < *known) && text(value).is_some() {
            best = Some((rank, name, value));
        }
    }
    best.map(|(_, name, value)| (name, value))
}

/// The text of a value: a string, a number, what an object is called, the first of a list.
pub(super) fn text(value: &Value) -> Option<String> {
    let mut value = value;
    // A list in an object in a list: no text is deeper.
    for _ in 0..4 {
        match value {
            Value::String(text) => {
                let text = text.trim();
                return (!text.is_empty()).then(|| crate::extract::draft::clip(text.to_owned(), TEXT));
            }
            Value::Number(number) => return Some(number.to_string()),
            Value::Array(all) => value = all.first()?,
            Value::Object(object) => {
                value = INNER.iter().find_map(|name| object.get(*name).filter(|v| !v.is_null()))?
            }
            Value::Bool(_) | Value::Null => return None,
        }
    }
    None
}

/// Every text of a value that may be a list.
pub(super) fn texts(value: &Value, most: usize) -> Vec<String> {
    match value {
        Value::Array(all) => all.iter().take(most).filter_map(text).collect(),
        value => text(value).into_iter().collect(),
    }
}
