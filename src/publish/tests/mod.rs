//! What a reader gets to see, through another parser than the one that wrote it.

mod any;
mod json;
mod pages;
mod replaced;

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::{File, PublishError, render};
use crate::model::{ClusterId, Each, Edition, Enclosure, Entry, Format, Output, Site, SourceId, Story, Telling, Voice};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn site() -> Site {
    Site { title: "My news".to_owned(), base_url: Some("https://news.example/".parse().unwrap()), ..Site::default() }
}

fn output() -> Output {
    Output {
        id: SourceId::new("world").unwrap(),
        title: "World".to_owned(),
        groups: Vec::new(),
        formats: Format::ALL.to_vec(),
        limit: 60,
        keep: Duration::from_secs(48 * 3600),
        private: false,
        related: false,
        each: Each::None,
    }
}

fn telling(name: &str, url: Option<&str>, title: &str) -> Telling {
    Telling {
        original: false,
        version: false,
        quiet: false,
        guest: false,
        source: SourceId::new(&name.to_lowercase()).unwrap(),
        name: name.to_owned(),
        feed_url: Some(format!("https://{}.example/feed?a=1&b=2", name.to_lowercase())),
        rank: 0,
        story: Story { url: url.map(str::to_owned), title: title.to_owned(), ..Story::default() },
        voice: Voice::default(),
        published: at("2026-03-01T12:00:00Z"),
        words: 0,
        decided: at("2026-03-01T12:00:00Z"),
        revised: None,
        publish: true,
    }
}

fn entry(id: u8, shown: Telling, also: Vec<Telling>) -> Entry {
    let published = shown.published;
    Entry { id: ClusterId([id; 16]), shown, also, published, updated: published, related: Vec::new() }
}

/// A telling of an agency's copy.
fn copy(name: &str, agency: &str) -> Telling {
    let voice = Voice { agency: Some(agency.to_owned()), release: agency.ends_with("Newswire"), owner: None };
    Telling { voice, ..telling(name, Some(&format!("https://{}.example/1", name.to_lowercase())), "Talks end") }
}

fn edition(entries: Vec<Entry>) -> Edition {
    let updated = entries.iter().map(|entry| entry.updated).max();
    Edition { output: output(), updated, entries }
}

/// Three entries: everything there is, hardly anything, and six other tellers.
fn hand_made() -> Edition {
    let mut full = telling("Harbour", Some("https://harbour.example/ferry?a=1&b=2"), "Ferry & dock: \"open\" <again>");
    full.story.authors = vec!["Ann O'Neil".to_owned(), "Bo <bo@x>".to_owned()];
    full.story.categories = vec!["Sea & shore".to_owned(), "Local".to_owned()];
    full.story.summary = Some("The ferry runs again, 5 < 6 & so on.".to_owned());
    full.story.content_html = Some("<p>The <b>ferry</b> ]]&gt; ]]> runs &amp; runs.</p>".to_owned());
    full.published = at("2026-03-01T09:30:15.25Z");
    full.story.language = Some("en_GB".to_owned());
    full.story.enclosures = vec![
        Enclosure { url: "https://harbour.example/a.mp3?x=1&y=2".to_owned(), media_type: None, length: 0 },
        Enclosure {
            url: "https://harbour.example/b.jpg?x=1&y=2".to_owned(),
            media_type: Some("image/jpeg".to_owned()),
            length: 77,
        },
    ];
    let also = vec![
        telling("Wire", Some("https://wire.example/1?a=1&b=2"), "Ferry open"),
        telling("Paper", None, "Ferry runs"),
    ];
    let mut first = entry(1, full, also);
    first.updated = at("2026-03-01T11:00:00Z");

    let mut bare = telling("Radio", None, "");
    bare.feed_url = None;
    bare.story.text = "Rain until noon.\n\nThen <sun> & wind.".to_owned();
    bare.story.language = Some("de".to_owned());

    let third = telling("Gazette", Some("https://gazette.example/3"), "Fair");
    let six = (b'a'..=b'f').map(|c| {
        let name = (c as char).to_string();
        telling(&name, Some(&format!("https://{name}.example/")), "Fair")
    });
    edition(vec![first, entry(2, bare, Vec::new()), entry(3, third, six.collect())])
}

fn file(files: &[File], extension: &str) -> String {
    let file = files.iter().find(|file| file.name.ends_with(extension)).unwrap();
    String::from_utf8(file.bytes.clone()).unwrap()
}

fn both() -> (String, String) {
    let files = render(&site(), &hand_made()).unwrap();
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["world.rss", "world.atom", "world.json", "world.html"]);
    (file(&files, ".rss"), file(&files, ".atom"))
}

fn parse(text: &str) -> feed_rs::model::Feed {
    feed_rs::parser::parse(text.as_bytes()).unwrap()
}

type Seen = (String, String, Option<String>, DateTime<Utc>, Option<String>, Vec<String>);

fn seen(text: &str) -> Vec<Seen> {
    let link = |links: &[feed_rs::model::Link]| {
        let shown = |link: &&feed_rs::model::Link| link.rel.as_deref().is_none_or(|rel| rel == "alternate");
        links.iter().find(shown).map(|link| link.href.clone())
    };
    (parse(text).entries.into_iter())
        .map(|entry| {
            (
                entry.id,
                entry.title.unwrap().content,
                link(&entry.links),
                entry.published.unwrap(),
                entry.content.and_then(|content| content.body),
                entry.categories.into_iter().map(|category| category.term).collect(),
            )
        })
        .collect()
}

#[track_caller]
fn holds(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "{part}\nis not in\n{text}");
    }
}

#[test]
fn all_feeds_say_the_same() {
    let (rss, atom) = both();
    let (rss, atom) = (seen(&rss), seen(&atom));
    assert_eq!(rss, atom);
    assert_eq!(rss, seen(&file(&render(&site(), &hand_made()).unwrap(), ".json")));
    let edition = hand_made();
    for (seen, entry) in rss.iter().zip(&edition.entries) {
        assert_eq!(seen.0, entry.id.urn());
        assert_eq!(seen.2, entry.shown.story.url);
        assert_eq!(seen.3.timestamp(), entry.published.timestamp());
    }
    assert_eq!(rss[0].1, "Ferry & dock: \"open\" <again>");
    assert_eq!(rss[1].1, "Rain until noon. Then <sun> & wind.", "a title from the text");
    assert_eq!(rss[0].5, ["Sea & shore", "Local"]);
}

#[test]
fn the_content_is_the_story_and_who_else_tells_it() {
    let (rss, _) = both();
    let contents: Vec<String> = seen(&rss).into_iter().map(|seen| seen.4.unwrap()).collect();
    assert_eq!(
        contents[0],
        "<p>The <b>ferry</b> ]]&gt; ]]> runs &amp; runs.</p><p>Also covered by: \
         <a href=\"https://wire.example/1?a=1&amp;b=2\">Wire</a>, Paper</p>"
    );
    assert_eq!(contents[1], "<p>Rain until noon.</p><p>Then &lt;sun&gt; &amp; wind.</p>");
    assert!(contents[2].starts_with("<p>Fair</p><p>Also covered by: <a href=\"https://a.example/\">a</a>, "));
    assert!(contents[2].ends_with(">e</a> and 1 more</p>"), "{}", contents[2]);
}

#[test]
fn rss_follows_its_specification_and_its_readers() {
    let (rss, _) = both();
    holds(
        &rss,
        &[
            "<link>https://news.example/</link>",
            "<lastBuildDate>Sun, 1 Mar 2026 12:00:00 +0000</lastBuildDate>",
            "<generator>oncefeed</generator>",
            "<docs>https://www.rssboard.org/rss-specification</docs>",
            "<ttl>60</ttl>",
            "<atom:link href=\"https://news.example/world.rss\" rel=\"self\" type=\"application/rss+xml\"></atom:link>",
            "<guid isPermaLink=\"false\">urn:uuid:01010101-0101-8101-8101-010101010101</guid>",
            "<pubDate>Sun, 1 Mar 2026 09:30:15 +0000</pubDate>",
            "<dc:creator>Ann O&apos;Neil</dc:creator>",
            "<description><![CDATA[The ferry runs again, 5 &lt; 6 &amp; so on.]]></description>",
            "<description><![CDATA[<p>Fair</p>]]></description>",
            "<enclosure url=\"https://harbour.example/a.mp3?x=1&amp;y=2\" length=\"0\" type=\"audio/mpeg\"/>",
            "<media:content fileSize=\"77\" type=\"image/jpeg\" url=\"https://harbour.example/b.jpg?x=1&amp;y=2\">",
            "<source url=\"https://harbour.example/feed?a=1&amp;b=2\">Harbour</source>",
            "<atom:link href=\"https://wire.example/1?a=1&amp;b=2\" rel=\"related\" title=\"Wire\" type=\"text/html\">",
        ],
    );
    assert_eq!(rss.matches("rel=\"related\"").count(), 7, "all tellers with an address are linked");
    assert_eq!(rss.matches("<source ").count(), 2, "no source without an address");
    assert!(!rss.contains("<author>") && !rss.contains("<language>"));
}

#[test]
fn atom_follows_its_specification() {
    let (_, atom) = both();
    let feed = parse(&atom);
    assert_eq!(feed.updated, feed.entries.iter().map(|entry| entry.updated).max().unwrap());
    assert_eq!(feed.entries[1].updated, Some(at("2026-03-01T12:00:00Z")));
    assert_eq!(feed.authors[0].name.as_deref(), Some("My news"));
    holds(
        &atom,
        &[
            "<link href=\"https://news.example/world.atom\" rel=\"self\" type=\"application/atom+xml\"/>",
            "<link href=\"https://news.example/\" rel=\"alternate\" type=\"text/html\"/>",
            "<updated>2026-03-01T11:00:00+00:00</updated>",
            "<published>2026-03-01T09:30:15+00:00</published>",
            "<link href=\"https://wire.example/1?a=1&amp;b=2\" rel=\"related\" type=\"text/html\" title=\"Wire\"/>",
            "<link href=\"https://harbour.example/feed?a=1&amp;b=2\" rel=\"via\" title=\"Harbour\"/>",
            "<link href=\"https://harbour.example/b.jpg?x=1&amp;y=2\" rel=\"enclosure\" type=\"image/jpeg\" length=\"77\"/>",
            "<id>https://harbour.example/feed?a=1&amp;b=2</id>",
            "<summary xml:lang=\"en-GB\">The ferry runs again, 5 &#x3C; 6 &#x26; so on.</summary>",
            "<content xml:lang=\"de\" type=\"html\">",
        ],
    );
    assert_eq!(atom.matches("rel=\"related\"").count(), 7);
    assert_eq!(atom.matches("rel=\"via\"").count(), 2);
    assert!(!atom.contains("1970-") && !atom.contains("xml:base") && !atom.contains("xhtml"));
}

#[test]
fn who_else_tells_it_moves_no_date_and_no_id() {
    let alone = || edition(vec![entry(1, telling("A", Some("https://a.example/1"), "T"), Vec::new())]);
    let mut joined = alone();
    joined.entries[0].also.push(telling("B", Some("https://b.example/1"), "T"));
    let before = render(&site(), &alone()).unwrap();
    let after = render(&site(), &joined).unwrap();
    assert_ne!(before, after);
    for extension in [".rss", ".atom"] {
        let (before, after) = (parse(&file(&before, extension)), parse(&file(&after, extension)));
        let of = |feed: &feed_rs::model::Feed| {
            let entry = &feed.entries[0];
            (feed.id.clone(), feed.updated, entry.id.clone(), entry.updated, entry.published)
        };
        assert_eq!(of(&before), of(&after));
    }
}

#[test]
fn no_two_entries_are_updated_at_once_and_none_moves_when_others_come() {
    let seen = |ids: &[u8]| {
        let mut entries: Vec<Entry> =
            ids.iter().map(|id| entry(*id, telling("A", None, &id.to_string()), Vec::new())).collect();
        // They are told one after the other.
        for (entry, hour) in entries.iter_mut().zip(1..) {
            entry.shown.decided += chrono::TimeDelta::hours(hour);
        }
        let files = render(&site(), &edition(entries)).unwrap();
        let feed = parse(&file(&files, ".atom"));
        let updated: Vec<DateTime<Utc>> = feed.entries.iter().map(|entry| entry.updated.unwrap()).collect();
        assert_eq!(feed.updated, updated.iter().max().copied());
        updated
    };
    let three = seen(&[9, 5, 7]);
    assert_eq!(three[0], at("2026-03-01T12:00:00Z"), "who comes first keeps the time that it has");
    assert!(three.iter().all(|updated| updated.timestamp() == three[0].timestamp()));
    let five = seen(&[9, 5, 7, 1, 2]);
    assert_eq!(five[..3], three);
    let distinct: std::collections::HashSet<_> = five.iter().collect();
    assert_eq!(distinct.len(), 5);
}

#[test]
fn no_id_depends_on_where_the_files_are_served() {
    let moved = Site { base_url: Some("https://elsewhere.example/feeds".parse().unwrap()), ..site() };
    let nowhere = Site { base_url: None, ..site() };
    let (_, atom) = both();
    for site in [moved, nowhere] {
        let files = render(&site, &hand_made()).unwrap();
        assert_eq!(parse(&file(&files, ".atom")).id, parse(&atom).id);
        assert_eq!(seen(&file(&files, ".rss")), seen(&atom));
        let served = file(&files, ".rss").contains("\"https://elsewhere.example/feeds/world.rss\"");
        assert_eq!(served, site.base_url.is_some());
    }
}

#[test]
fn without_entries_the_feeds_are_valid_and_say_no_time_of_rendering() {
    let files = render(&site(), &edition(Vec::new())).unwrap();
    let (rss, atom) = (file(&files, ".rss"), file(&files, ".atom"));
    assert!(parse(&rss).entries.is_empty() && !rss.contains("lastBuildDate"));
    assert_eq!(parse(&atom).updated, Some(at("2000-01-01T00:00:00Z")));
}

#[test]
fn writes_only_the_formats_asked_for_and_each_once() {
    let mut edition = hand_made();
    edition.output.formats = vec![Format::Atom, Format::Atom];
    let files = render(&site(), &edition).unwrap();
    assert_eq!(files.len(), 1);
    assert_eq!(files[0].name.as_str(), "world.atom");
}

#[test]
fn one_language_is_said_once() {
    let mut edition = hand_made();
    for entry in &mut edition.entries {
        entry.shown.story.language = Some("en_us".to_owned());
    }
    let files = render(&site(), &edition).unwrap();
    holds(&file(&files, ".rss"), &["<language>en-US</language>"]);
    assert_eq!(file(&files, ".atom").matches("xml:lang=\"en-US\"").count(), 1);
}

#[test]
fn an_id_that_is_there_twice_is_an_error() {
    let twin = || entry(1, telling("A", None, "T"), Vec::new());
    let error = render(&site(), &edition(vec![twin(), twin()])).unwrap_err();
    assert!(matches!(&error, PublishError::Invalid { name, .. } if name == "world.rss"), "{error}");
    assert!(error.help().contains("as it was before"));
}

#[test]
fn credentials_in_addresses_are_not_published() {
    let mut telling = telling("A", Some("https://me:secret@a.example/1"), "T");
    telling.feed_url = Some("https://me:secret@a.example/feed".to_owned());
    for file in render(&site(), &edition(vec![entry(1, telling, Vec::new())])).unwrap() {
        let text = String::from_utf8(file.bytes).unwrap();
        assert!(!text.contains("secret") && text.contains("https://a.example/"), "{text}");
    }
}
