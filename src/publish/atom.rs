//! Atom 1.0 (RFC 4287). All there is to say has an element of its own there, but for an entry's picture,
//! which readers look for in `media:thumbnail`.

use std::collections::{BTreeMap, HashSet};

use atom_syndication::extension::{Extension, ExtensionMap};
use atom_syndication::{
    Category, Content, Entry as AtomEntry, Feed, Generator, Link, Person, Source, Text, WriteConfig,
};
use chrono::{DateTime, TimeDelta, Utc};

use super::sheet::{self, Entry, Sheet};
use super::{body, clean, looks, person, references};
use crate::model::Format;

/// `updated` of a feed that never had an entry, 2000-01-01. RFC 4287 §4.1.1 demands one; the time of
/// rendering would change the bytes of every run, and readers take 1970 for a date that is missing.
/// Any entry to come is newer, so that it never moves back.
const NEVER: DateTime<Utc> = DateTime::from_timestamp(946_684_800, 0).unwrap();

/// Media RSS, which the crate does not declare by itself.
const MEDIA: &str = "http://search.yahoo.com/mrss/";

/// The file's bytes.
pub(super) fn write(sheet: &Sheet) -> Result<Vec<u8>, atom_syndication::Error> {
    let mut links = Vec::new();
    if let Some(url) = sheet.self_link(Format::Atom) {
        links.push(Link { mime_type: Some("application/atom+xml".to_owned()), ..link("self", &url) });
    }
    if let Some(home) = &sheet.home {
        links.push(Link { mime_type: Some("text/html".to_owned()), ..link("alternate", home) });
    }
    links.extend(sheet.hub.iter().map(|hub| link("hub", hub)));
    let moments = moments(&sheet.entries);
    let feed = Feed {
        id: sheet.id.clone(),
        title: Text::plain(&sheet.title),
        subtitle: Some(Text::plain(&sheet.description)),
        authors: vec![person(&sheet.site)],
        // Without a version: a new release alone must not change what readers fetch again.
        generator: Some(Generator { value: "oncefeed".to_owned(), ..Generator::default() }),
        links,
        lang: sheet.language.clone(),
        namespaces: BTreeMap::from([("media".to_owned(), MEDIA.to_owned())]),
        updated: moments.iter().max().map_or(NEVER, |newest| *newest).fixed_offset(),
        entries: (sheet.entries.iter().zip(&moments))
            .map(|(e, updated)| AtomEntry { updated: updated.fixed_offset(), ..entry(e, sheet.language.as_deref()) })
            .collect(),
        ..Feed::default()
    };
    let config = WriteConfig { write_document_declaration: true, indent_size: Some(2) };
    let mut bytes = feed.write_with_config(Vec::new(), config)?;
    bytes.push(b'\n');
    Ok(looks::given_to(references::in_numbers(&bytes)))
}

/// Ids and titles of what is in a file, by the crate's own reader.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<(String, String)>, atom_syndication::Error> {
    let feed = Feed::read_from(bytes)?;
    Ok(feed.entries.into_iter().map(|entry| (entry.id, entry.title.value)).collect())
}

fn entry(entry: &Entry, feed_language: Option<&str>) -> AtomEntry {
    let lang = entry.language.clone().filter(|own| Some(own.as_str()) != feed_language);
    let plain = |value: &str| Text { lang: lang.clone(), ..Text::plain(value) };
    let mut authors: Vec<Person> = entry.authors.iter().map(|name| person(name)).collect();
    if authors.is_empty() {
        // Else it would inherit the feed's author, who did not write it (RFC 4287 §4.2.1).
        authors.push(person(&entry.teller.name));
    }
    AtomEntry {
        id: entry.id.clone(),
        title: plain(&entry.title),
        published: Some(entry.published.fixed_offset()),
        authors,
        categories: (entry.categories.iter())
            .map(|term| Category { term: term.clone(), ..Category::default() })
            .collect(),
        links: links(entry),
        source: source(entry),
        // RFC 4287 §4.1.1.1: an entry without text should have a summary. There may be nothing but a title.
        summary: entry.summary.as_deref().or(entry.html.is_none().then_some(&*entry.title)).map(plain),
        // Never xhtml: the crate writes that as it comes.
        content: entry.html.clone().map(|html| Content {
            value: Some(html),
            content_type: Some("html".to_owned()),
            lang: lang.clone(),
            ..Content::default()
        }),
        extensions: entry.image.as_deref().map(thumbnail).unwrap_or_default(),
        ..AtomEntry::default()
    }
}

/// The picture. The crate writes attributes of extensions as they come, so they are escaped here.
fn thumbnail(url: &str) -> ExtensionMap {
    let element = Extension {
        name: "media:thumbnail".to_owned(),
        attrs: BTreeMap::from([("url".to_owned(), body::escape(url))]),
        // The empty value keeps the pretty printer from breaking the line inside the element.
        value: Some(String::new()),
        ..Extension::default()
    };
    ExtensionMap::from([("media".to_owned(), BTreeMap::from([("thumbnail".to_owned(), vec![element])]))])
}

/// When each entry was changed: no two at once, as validators warn of those. Stories of a page without dates
/// are all of one second. The one that was there first keeps it, the others get a fraction of it, made of their
/// ids, so that none moves when another comes.
fn moments(entries: &[Entry]) -> Vec<DateTime<Utc>> {
    let mut order: Vec<(usize, &Entry)> = entries.iter().enumerate().collect();
    order.sort_by_key(|(_, entry)| (entry.updated, entry.decided, &entry.id));
    let mut moments: Vec<DateTime<Utc>> = entries.iter().map(|entry| entry.updated).collect();
    let mut taken = HashSet::new();
    for (at, entry) in order {
        let mut moment = entry.updated;
        if !taken.insert(moment) {
            moment += TimeDelta::microseconds(fraction(&entry.id));
            while !taken.insert(moment) {
                moment += TimeDelta::microseconds(1);
            }
        }
        if let Some(place) = moments.get_mut(at) {
            *place = moment;
        }
    }
    moments
}

/// From 1 to 999,999, by the last digits of the id.
fn fraction(id: &str) -> i64 {
    let digits = id.get(id.len().saturating_sub(12)..).and_then(|end| u64::from_str_radix(end, 16).ok());
    i64::try_from(digits.unwrap_or_default() % 999_999).unwrap_or_default() + 1
}

fn links(entry: &Entry) -> Vec<Link> {
    let mut links: Vec<Link> = entry.link.iter().map(|url| link("alternate", url)).collect();
    for teller in &entry.also {
        links.extend(teller.url.iter().map(|url| Link {
            title: Some(teller.name.clone()),
            mime_type: Some("text/html".to_owned()),
            ..link("related", url)
        }));
    }
    links
        .extend(entry.teller.url.iter().map(|url| Link { title: Some(entry.teller.name.clone()), ..link("via", url) }));
    links.extend(entry.media.iter().map(|media| Link {
        mime_type: Some(media.media_type.clone()),
        length: (media.length > 0).then(|| media.length.to_string()),
        ..link("enclosure", &media.url)
    }));
    links
}

/// Where the entry was copied from (RFC 4287 §4.2.11). The source's own id is not known here; its
/// address identifies it as well. The crate always writes `updated`: the source has changed at least
/// when this entry did.
fn source(entry: &Entry) -> Option<Source> {
    entry.teller.url.as_ref().map(|url| Source {
        id: clean::identifier(url).unwrap_or_else(|| sheet::urn("source", url)),
        title: Text::plain(&entry.teller.name),
        updated: entry.updated.fixed_offset(),
        links: vec![link("self", url)],
        ..Source::default()
    })
}

fn link(rel: &str, url: &str) -> Link {
    Link { href: url.to_owned(), rel: rel.to_owned(), ..Link::default() }
}

fn person(name: &str) -> Person {
    // Whoever is named after a source may be named by its address, too.
    Person { name: person::name(name), ..Person::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// When this fails the crate has been mended: what `thumbnail` escapes would be escaped twice then.
    #[test]
    fn the_crate_still_does_not_escape_attributes_of_extensions() {
        let attrs = BTreeMap::from([("url".to_owned(), "https://n.example/?a=1&b=\"2\"".to_owned())]);
        let extension = Extension { name: "media:content".to_owned(), attrs, ..Extension::default() };
        let named = BTreeMap::from([("content".to_owned(), vec![extension])]);
        let feed = Feed { extensions: BTreeMap::from([("media".to_owned(), named)]), ..Feed::default() };
        let written = String::from_utf8(feed.write_to(Vec::new()).unwrap()).unwrap();
        assert!(written.contains("a=1&b=\"2\""), "{written}");
    }
}
