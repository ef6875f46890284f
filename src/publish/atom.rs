//! Atom 1.0 (RFC 4287), without extensions: all there is to say has an element of its own there,
//! and the crate does not escape what extensions hold in attributes.

use atom_syndication::{
    Category, Content, Entry as AtomEntry, Feed, Generator, Link, Person, Source, Text, WriteConfig,
};
use chrono::{DateTime, Utc};

use super::sheet::{Entry, Sheet};
use crate::model::Format;

/// `updated` of a feed that never had an entry, 2000-01-01. RFC 4287 §4.1.1 demands one; the time of
/// rendering would change the bytes of every run, and readers take 1970 for a date that is missing.
/// Any entry to come is newer, so that it never moves back.
const NEVER: DateTime<Utc> = DateTime::from_timestamp(946_684_800, 0).unwrap();

/// The file's bytes.
pub(super) fn write(sheet: &Sheet) -> Result<Vec<u8>, atom_syndication::Error> {
    let mut links = Vec::new();
    if let Some(url) = sheet.self_link(Format::Atom) {
        links.push(Link { mime_type: Some("application/atom+xml".to_owned()), ..link("self", &url) });
    }
    if let Some(home) = &sheet.home {
        links.push(Link { mime_type: Some("text/html".to_owned()), ..link("alternate", home) });
    }
    let feed = Feed {
        id: sheet.id.clone(),
        title: Text::plain(&sheet.title),
        subtitle: Some(Text::plain(&sheet.description)),
        updated: sheet.updated.unwrap_or(NEVER).fixed_offset(),
        authors: vec![person(&sheet.site)],
        // Without a version: a new release alone must not change what readers fetch again.
        generator: Some(Generator { value: "oncefeed".to_owned(), ..Generator::default() }),
        links,
        lang: sheet.language.clone(),
        entries: sheet.entries.iter().map(|e| entry(e, sheet.language.as_deref())).collect(),
        ..Feed::default()
    };
    let config = WriteConfig { write_document_declaration: true, indent_size: Some(2) };
    let mut bytes = feed.write_with_config(Vec::new(), config)?;
    bytes.push(b'\n');
    Ok(bytes)
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
        updated: entry.updated.fixed_offset(),
        published: Some(entry.published.fixed_offset()),
        authors,
        categories: (entry.categories.iter())
            .map(|term| Category { term: term.clone(), ..Category::default() })
            .collect(),
        links: links(entry),
        source: source(entry),
        summary: entry.summary.as_deref().map(plain),
        // Never xhtml: the crate writes that as it comes.
        content: entry.html.clone().map(|html| Content {
            value: Some(html),
            content_type: Some("html".to_owned()),
            lang: lang.clone(),
            ..Content::default()
        }),
        ..AtomEntry::default()
    }
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
        id: url.clone(),
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
    Person { name: name.to_owned(), ..Person::default() }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use atom_syndication::extension::Extension;

    use super::*;

    /// When this fails the crate has been mended: extensions may be used then.
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
