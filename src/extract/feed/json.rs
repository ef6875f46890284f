//! JSON Feed 1.0 and 1.1.
//!
//! Items are taken one by one as the parser meets them, so that a document that breaks off still
//! gives those before the break, and that what nobody reads costs no memory.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use url::Url;

use super::item::{Pending, When, add_author, web_url};
use super::{Document, ITEMS, Warnings};
use crate::extract::ExtractError;
use crate::extract::draft::{Markup, clip};

/// Longest text of one field.
const FIELD_BYTES: usize = 512 * 1024;

/// Whether the text begins like JSON rather than like a sentence in brackets.
pub(in crate::extract) fn is_json(text: &str) -> bool {
    let mut rest = text.chars().filter(|c| !c.is_whitespace());
    matches!((rest.next(), rest.next()), (Some('{'), Some('"' | '}')) | (Some('['), Some('{' | '[' | '"' | ']')))
}

/// Reads a JSON Feed.
pub(super) fn read(
    text: &str,
    base: Option<&Url>,
    visited: Option<DateTime<Utc>>,
    warnings: &mut Warnings,
) -> Result<(&'static str, Document), ExtractError> {
    let mut feed = Feed {
        document: Document::of_size(text.len()),
        version: None,
        has_items: false,
        authors: Vec::new(),
        base,
        visited,
        warnings,
    };
    let mut json = serde_json::Deserializer::from_str(text);
    let outcome = feed_value(&mut feed, &mut json);
    let Feed { mut document, version, has_items, authors, .. } = feed;
    let format = match version.as_deref().map(str::trim) {
        Some(version) => {
            let version =
                version.trim_start_matches("https://").trim_start_matches("http://").trim_start_matches("www.");
            match version.strip_prefix("jsonfeed.org/version/").map(|number| number.trim_end_matches('/')) {
                Some("1") => Some("json1.0"),
                Some("1.1") => Some("json1.1"),
                // A later 1.x would be read like 1.1; another text says that it is something else.
                Some(number) if number.starts_with("1.") => Some("json1.1"),
                Some(_) => None,
                None if has_items && matches!(version, "1" | "1.0" | "1.1") => Some("json1.1"),
                None => None,
            }
        }
        None => has_items.then_some("json1.1"),
    };
    if let Err(error) = outcome {
        if document.items.is_empty() {
            let is_feed = format.is_some();
            return Err(if is_feed || !error.is_data() {
                ExtractError::BrokenJson(error.to_string())
            } else {
                ExtractError::Json
            });
        }
        warnings.add(format!("the document is cut off or broken: {error}"));
    }
    let format = format.ok_or(ExtractError::Json)?;
    document.authors = authors;
    Ok((format, document))
}

struct Feed<'f> {
    document: Document,
    version: Option<String>,
    has_items: bool,
    authors: Vec<String>,
    base: Option<&'f Url>,
    visited: Option<DateTime<Utc>>,
    warnings: &'f mut Warnings,
}

fn feed_value<'de>(
    feed: &mut Feed<'_>,
    json: &mut serde_json::Deserializer<serde_json::de::StrRead<'de>>,
) -> Result<(), serde_json::Error> {
    json.deserialize_any(FeedVisitor(feed))
}

/// Implements the methods of [`Visitor`] that let any other value pass.
macro_rules! tolerates {
    ($($method:ident: $value:ty),*) => {
        $(fn $method<E>(self, _: $value) -> Result<Self::Value, E> { Ok(Default::default()) })*
        fn visit_unit<E>(self) -> Result<Self::Value, E> { Ok(Default::default()) }
    };
}

struct FeedVisitor<'v, 'f>(&'v mut Feed<'f>);

impl<'de> Visitor<'de> for FeedVisitor<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON Feed")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let feed = self.0;
        while let Some(key) = map.next_key_seed(Loose)? {
            match key.text().unwrap_or_default() {
                "version" => feed.version = map.next_value_seed(Loose)?.into_text(),
                "title" => {
                    let title = map.next_value_seed(Loose)?.into_text();
                    feed.document.title = feed.document.title.take().or(title.map(Markup::Plain));
                }
                "home_page_url" => {
                    feed.document.home = map.next_value_seed(Loose)?.text().and_then(|url| web_url(url, feed.base))
                }
                "language" => feed.document.language = map.next_value_seed(Loose)?.into_text().map(|tag| clip(tag, 35)),
                "author" | "authors" => map.next_value_seed(Authors(&mut feed.authors))?,
                "items" => map.next_value_seed(Items(feed))?,
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }
}

/// The list of items.
struct Items<'v, 'f>(&'v mut Feed<'f>);

impl<'de> DeserializeSeed<'de> for Items<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Items<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of items")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let feed = self.0;
        feed.has_items = true;
        loop {
            if feed.document.items.len() >= ITEMS {
                feed.warnings.add(format!("more than {ITEMS} items: the rest was not read"));
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                return Ok(());
            }
            let mut pending = Pending::default();
            match seq.next_element_seed(ItemSeed { pending: &mut pending, base: feed.base })? {
                None => return Ok(()),
                Some(true) => {
                    let item = pending.finish(feed.visited, feed.warnings);
                    feed.document.add(item, feed.warnings);
                }
                Some(false) => feed.warnings.add("an item that is no object was skipped".to_owned()),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(())
    }

    tolerates!(visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_f64: f64, visit_str: &str);
}

/// One item; gives whether it was an object.
struct ItemSeed<'v, 'b> {
    pending: &'v mut Pending,
    base: Option<&'b Url>,
}

impl<'de> DeserializeSeed<'de> for ItemSeed<'_, '_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<bool, D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ItemSeed<'_, '_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an item")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<bool, A::Error> {
        let ItemSeed { pending, base } = self;
        let (mut html, mut plain) = (None, None);
        while let Some(key) = map.next_key_seed(Loose)? {
            match key.text().unwrap_or_default() {
                "id" => {
                    pending.item.guid =
                        map.next_value_seed(Loose)?.into_text().map(|id| id.trim().to_owned()).unwrap_or_default()
                }
                "url" => pending.link = map.next_value_seed(Loose)?.text().and_then(|url| web_url(url, base)),
                "external_url" => {
                    pending.permalink = map.next_value_seed(Loose)?.text().and_then(|url| web_url(url, base))
                }
                "title" => pending.item.title = map.next_value_seed(Loose)?.into_text().map(Markup::Plain),
                "summary" => pending.item.summary = map.next_value_seed(Loose)?.into_text().map(Markup::Plain),
                "content_html" => html = map.next_value_seed(Loose)?.into_text(),
                "content_text" => plain = map.next_value_seed(Loose)?.into_text(),
                "date_published" => push_date(pending, When::Published, map.next_value_seed(Loose)?),
                "date_modified" => push_date(pending, When::Updated, map.next_value_seed(Loose)?),
                "language" => pending.item.language = map.next_value_seed(Loose)?.into_text().map(|tag| clip(tag, 35)),
                "image" | "banner_image" => {
                    let url = map.next_value_seed(Loose)?.text().and_then(|url| web_url(url, base));
                    url.into_iter().for_each(|url| pending.add_picture(url));
                }
                "author" | "authors" => map.next_value_seed(Authors(&mut pending.item.authors))?,
                "tags" => map.next_value_seed(Tags(pending))?,
                "attachments" => map.next_value_seed(Attachments { pending, base })?,
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        pending.item.content =
            html.filter(|html| !html.trim().is_empty()).map(Markup::Html).or(plain.map(Markup::Plain));
        pending.base = base.cloned().map(std::sync::Arc::new);
        Ok(true)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<bool, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(false)
    }

    tolerates!(visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_f64: f64, visit_str: &str);
}

fn push_date(pending: &mut Pending, when: When, value: Scalar) {
    pending.dates.extend(value.into_text().map(|text| (when, text)));
}

/// Names: an object with `name`, a list of those, or plain strings.
struct Authors<'v>(&'v mut Vec<String>);

impl<'de> DeserializeSeed<'de> for Authors<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Authors<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("authors")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element_seed(Authors(&mut *self.0))?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let (mut name, mut url) = (None, None);
        while let Some(key) = map.next_key_seed(Loose)? {
            match key.text().unwrap_or_default() {
                "name" => name = map.next_value_seed(Loose)?.into_text(),
                "url" => url = map.next_value_seed(Loose)?.into_text(),
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        let name = name.filter(|name| !name.trim().is_empty()).or(url).unwrap_or_default();
        add_author(self.0, name.split_whitespace().collect::<Vec<_>>().join(" "));
        Ok(())
    }

    fn visit_str<E>(self, name: &str) -> Result<(), E> {
        add_author(self.0, name.split_whitespace().collect::<Vec<_>>().join(" "));
        Ok(())
    }

    tolerates!(visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_f64: f64);
}

/// Categories: a list of strings, or one.
struct Tags<'v>(&'v mut Pending);

impl<'de> DeserializeSeed<'de> for Tags<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Tags<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("tags")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while let Some(tag) = seq.next_element_seed(Loose)? {
            self.0.add_category(tag.text().unwrap_or_default());
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_str<E>(self, tag: &str) -> Result<(), E> {
        self.0.add_category(tag);
        Ok(())
    }

    tolerates!(visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_f64: f64);
}

/// A list of attachments, or one.
struct Attachments<'v, 'b> {
    pending: &'v mut Pending,
    base: Option<&'b Url>,
}

impl<'de> DeserializeSeed<'de> for Attachments<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Attachments<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("attachments")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element_seed(Attachments { pending: &mut *self.pending, base: self.base })?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let (mut url, mut kind, mut length) = (None, None, 0);
        while let Some(key) = map.next_key_seed(Loose)? {
            match key.text().unwrap_or_default() {
                "url" => url = map.next_value_seed(Loose)?.text().and_then(|url| web_url(url, self.base)),
                "mime_type" => kind = map.next_value_seed(Loose)?.into_text(),
                "size_in_bytes" => {
                    length = map.next_value_seed(Loose)?.text().and_then(|size| size.parse().ok()).unwrap_or(0)
                }
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        if let Some(url) = url {
            self.pending.add_enclosure(&url, kind, length);
        }
        Ok(())
    }

    tolerates!(visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_f64: f64, visit_str: &str);
}

/// A value as text: strings, numbers and truth values; anything else is none.
#[derive(Default)]
struct Scalar(Option<String>);

impl Scalar {
    fn text(&self) -> Option<&str> {
        self.0.as_deref()
    }

    fn into_text(self) -> Option<String> {
        self.0.map(|text| clip(text, FIELD_BYTES))
    }
}

/// Reads a [`Scalar`] from whatever is there.
struct Loose;

impl<'de> DeserializeSeed<'de> for Loose {
    type Value = Scalar;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Scalar, D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Loose {
    type Value = Scalar;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_str<E>(self, text: &str) -> Result<Scalar, E> {
        Ok(Scalar(Some(crate::extract::entities::allowed(text).into_owned())))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Scalar, E> {
        Ok(Scalar(Some(number.to_string())))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Scalar, E> {
        Ok(Scalar(Some(number.to_string())))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Scalar, E> {
        Ok(Scalar(Some(number.to_string())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Scalar, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Scalar::default())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Scalar, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Scalar::default())
    }

    tolerates!(visit_bool: bool);
}
