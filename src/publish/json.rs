//! JSON Feed 1.1. Who else tells a story stands in the content, as in the other formats, and once
//! more as data in the extension `_oncefeed`.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};

use super::media::Media;
use super::sheet::{Cover, Entry, Sheet};
use crate::model::Format;

const VERSION: &str = "https://jsonfeed.org/version/1.1";

/// The file's bytes.
pub(super) fn write(sheet: &Sheet) -> Result<Vec<u8>, serde_json::Error> {
    let feed = Feed {
        version: VERSION,
        title: &sheet.title,
        home_page_url: sheet.home.as_deref(),
        feed_url: sheet.self_link(Format::Json),
        description: &sheet.description,
        language: sheet.language.as_deref(),
        hubs: sheet.hub.iter().map(|url| Hub { kind: "WebSub", url }).collect(),
        items: sheet.entries.iter().map(|entry| item(entry, sheet.language.as_deref())).collect(),
    };
    let mut bytes = serde_json::to_vec_pretty(&feed)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// Ids and titles of what is in a file.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<(String, String)>, serde_json::Error> {
    #[derive(Deserialize)]
    struct Read {
        items: Vec<ReadItem>,
    }
    #[derive(Deserialize)]
    struct ReadItem {
        id: String,
        title: String,
    }
    let feed: Read = serde_json::from_slice(bytes)?;
    Ok(feed.items.into_iter().map(|item| (item.id, item.title)).collect())
}

/// JSON Feed 1.1 §Top-level.
#[derive(Serialize)]
struct Feed<'a> {
    version: &'static str,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    home_page_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    feed_url: Option<String>,
    description: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hubs: Vec<Hub<'a>>,
    items: Vec<Item<'a>>,
}

/// JSON Feed 1.1 §Subscribing to Real-time Notifications.
#[derive(Serialize)]
struct Hub<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    url: &'a str,
}

/// JSON Feed 1.1 §Items.
#[derive(Serialize)]
struct Item<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    title: &'a str,
    content_html: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<&'a str>,
    date_published: String,
    date_modified: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authors: Vec<Author<'a>>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    tags: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attachments: Vec<Attachment<'a>>,
    _oncefeed: Coverage<'a>,
}

#[derive(Serialize)]
struct Author<'a> {
    name: &'a str,
}

#[derive(Serialize)]
struct Attachment<'a> {
    url: &'a str,
    mime_type: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    size_in_bytes: Option<u64>,
}

/// Whose tellings an item stands for.
#[derive(Serialize)]
struct Coverage<'a> {
    /// The name of the source that is shown.
    source: &'a str,
    /// The agency whose copy is shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    agency: Option<&'a str>,
    /// It is what the subject wrote about itself.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    press_release: bool,
    /// How many independent voices tell it: outlets with one agency's copy or of one owner are one.
    voices: usize,
    also: Vec<Telling<'a>>,
}

#[derive(Serialize)]
struct Telling<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    title: &'a str,
    /// The id of the source in the configuration: a page of several outlets has many names.
    source: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attachments: Vec<Attachment<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    agency: Option<&'a str>,
}

fn item<'a>(entry: &'a Entry, feed_language: Option<&str>) -> Item<'a> {
    Item {
        id: &entry.id,
        url: entry.link.as_deref(),
        title: &entry.title,
        // An item needs a content; the description has one even where there is only a title.
        content_html: entry.html.as_deref().unwrap_or(&entry.description),
        summary: entry.summary.as_deref(),
        image: entry.image.as_deref(),
        date_published: time(entry.published),
        date_modified: time(entry.updated),
        authors: entry.authors.iter().map(|name| Author { name }).collect(),
        tags: &entry.categories,
        language: entry.language.as_deref().filter(|own| Some(*own) != feed_language),
        attachments: attachments(&entry.media),
        _oncefeed: Coverage {
            source: &entry.teller.name,
            agency: entry.agency.as_deref(),
            press_release: entry.release,
            voices: entry.voices.count(),
            also: entry.also.iter().map(telling).collect(),
        },
    }
}

fn telling(cover: &Cover) -> Telling<'_> {
    Telling {
        name: &cover.name,
        url: cover.url.as_deref(),
        title: &cover.title,
        source: &cover.source,
        attachments: attachments(&cover.media),
        agency: cover.agency.as_deref(),
    }
}

fn attachments(media: &[Media]) -> Vec<Attachment<'_>> {
    (media.iter())
        .map(|media| Attachment {
            url: &media.url,
            mime_type: &media.media_type,
            size_in_bytes: (media.length > 0).then_some(media.length),
        })
        .collect()
}

fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}
