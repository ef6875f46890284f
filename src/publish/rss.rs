//! RSS 2.0, with the modules that readers know: content, dc, media, and links of Atom.

use std::collections::BTreeMap;

use rss::extension::dublincore::DublinCoreExtension;
use rss::extension::{Extension, ExtensionMap};
use rss::{Category, Channel, Enclosure, Guid, Item, Source};

use super::media::Media;
use super::sheet::{Entry, Sheet};
use super::{looks, references};
use crate::model::Format;

/// The namespaces of the extensions made here; the crate declares those of its own only.
const NAMESPACES: [(&str, &str); 2] =
    [("atom", "http://www.w3.org/2005/Atom"), ("media", "http://search.yahoo.com/mrss/")];

/// RSS 2.0 demands a channel link, and where an output is served is not always known.
const NO_HOME: &str = "http://localhost/";

/// The file's bytes.
pub(super) fn write(sheet: &Sheet) -> Result<Vec<u8>, rss::Error> {
    let mut extensions = ExtensionMap::new();
    if let Some(url) = sheet.self_link(Format::Rss) {
        let attrs = [("rel", "self"), ("type", "application/rss+xml"), ("href", url.as_str())];
        add(&mut extensions, "atom", "link", &attrs);
    }
    if let Some(hub) = &sheet.hub {
        add(&mut extensions, "atom", "link", &[("rel", "hub"), ("href", hub)]);
    }
    let channel = Channel {
        title: sheet.title.clone(),
        link: sheet.home.clone().unwrap_or_else(|| NO_HOME.to_owned()),
        description: sheet.description.clone(),
        language: sheet.language.clone(),
        last_build_date: sheet.updated.map(|at| at.to_rfc2822()),
        // Without a version: a new release alone must not change what readers fetch again.
        generator: Some("oncefeed".to_owned()),
        docs: Some("https://www.rssboard.org/rss-specification".to_owned()),
        ttl: Some(sheet.ttl.to_string()),
        namespaces: NAMESPACES.iter().map(|(prefix, uri)| ((*prefix).to_owned(), (*uri).to_owned())).collect(),
        items: sheet.entries.iter().map(|entry| item(entry, sheet.language.as_deref())).collect(),
        extensions,
        ..Channel::default()
    };
    let mut bytes = channel.pretty_write_to(Vec::new(), b' ', 2)?;
    bytes.push(b'\n');
    Ok(looks::given_to(references::in_numbers(&bytes)))
}

/// Ids and titles of what is in a file, by the crate's own reader.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<(String, String)>, rss::Error> {
    let channel = Channel::read_from(bytes)?;
    let read = |item: Item| (item.guid.unwrap_or_default().value, item.title.unwrap_or_default());
    Ok(channel.items.into_iter().map(read).collect())
}

fn item(entry: &Entry, feed_language: Option<&str>) -> Item {
    let mut extensions = ExtensionMap::new();
    for teller in &entry.also {
        if let Some(url) = &teller.url {
            let attrs = [("rel", "related"), ("href", url), ("title", &teller.name), ("type", "text/html")];
            add(&mut extensions, "atom", "link", &attrs);
        }
    }
    // RSS 2.0 has one enclosure an item: readers disagree about what further ones mean.
    for media in entry.media.iter().skip(1) {
        let length = media.length.to_string();
        let mut attrs = vec![("url", media.url.as_str()), ("type", &media.media_type)];
        if media.length > 0 {
            attrs.push(("fileSize", &length));
        }
        add(&mut extensions, "media", "content", &attrs);
    }
    if let Some(image) = &entry.image {
        add(&mut extensions, "media", "thumbnail", &[("url", image)]);
    }
    Item {
        title: Some(entry.title.clone()),
        link: entry.link.clone(),
        description: Some(entry.description.clone()),
        dublin_core_ext: dublin_core(entry, feed_language),
        categories: entry.categories.iter().map(|name| Category::from(name.as_str())).collect(),
        enclosure: entry.media.first().map(enclosure),
        guid: Some(Guid { value: entry.id.clone(), permalink: false }),
        pub_date: Some(entry.published.to_rfc2822()),
        source: (entry.teller.url.clone()).map(|url| Source { url, title: Some(entry.teller.name.clone()) }),
        content: entry.html.clone(),
        extensions,
        ..Item::default()
    }
}

/// Who wrote it and in which language: RSS 2.0 has no element for the latter, and `author` is for e-mail
/// addresses, which we neither have nor would publish.
fn dublin_core(entry: &Entry, feed_language: Option<&str>) -> Option<DublinCoreExtension> {
    let language = entry.language.clone().filter(|own| Some(own.as_str()) != feed_language);
    (!entry.authors.is_empty() || language.is_some()).then(|| DublinCoreExtension {
        creators: entry.authors.clone(),
        languages: language.into_iter().collect(),
        ..DublinCoreExtension::default()
    })
}

/// RSS 2.0 §`<enclosure>` demands all three attributes; 0 is the custom for an unknown length.
fn enclosure(media: &Media) -> Enclosure {
    Enclosure { url: media.url.clone(), length: media.length.to_string(), mime_type: media.media_type.clone() }
}

fn add(extensions: &mut ExtensionMap, prefix: &str, name: &str, attrs: &[(&str, &str)]) {
    let attrs: BTreeMap<_, _> = attrs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    // The empty value keeps the pretty printer from breaking the line inside the element.
    let element =
        Extension { name: format!("{prefix}:{name}"), value: Some(String::new()), attrs, ..Default::default() };
    let named = extensions.entry(prefix.to_owned()).or_default();
    named.entry(name.to_owned()).or_default().push(element);
}
