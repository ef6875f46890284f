//! What must hold for any bytes, target by target.
//!
//! The fuzzers look for bytes that break it; `tests/it/corpus.rs` replays on stable those that are kept.
#![allow(dead_code, reason = "each fuzz target uses one of them")]

use std::collections::HashSet;

use chrono::{DateTime, Datelike, Utc};
use oncefeed::model::{Kind, Page, Story};
use oncefeed::{dedupe, extract};

/// The moment at which everything is read.
fn visited() -> Option<DateTime<Utc>> {
    "2026-03-10T12:00:00Z".parse().ok()
}

fn page(body: &[u8], content_type: Option<&str>) -> Page {
    Page {
        url: "https://n.example/feeds/all.xml".parse().ok(),
        content_type: content_type.map(str::to_owned),
        body: body.to_vec(),
        fetched_at: visited(),
    }
}

/// What servers declare, rightly or not.
const DECLARED: &[Option<&str>] = &[
    None,
    Some("text/xml"),
    Some("text/xml; charset=utf-8"),
    Some("text/xml; charset=\"iso-8859-1\""),
    Some("text/xml; charset=utf-16"),
    Some("application/json; charset=windows-1251"),
    Some("text/html; charset=iso-2022-jp"),
    Some("text/plain; charset=gb18030"),
    Some("text/xml; charset="),
];

/// Bytes to text: the first byte chooses what the server declares. Valid UTF-8 stays what it is, and no
/// text is more than three times as long as its bytes.
pub(crate) fn decode(bytes: &[u8]) {
    let Some((first, body)) = bytes.split_first() else { return };
    let declared = DECLARED.get(usize::from(*first) % DECLARED.len()).copied().flatten();
    let page = page(body, declared);
    let text = extract::text(&page);
    assert!(text.len() <= 3 * body.len() + 3, "{} bytes became {}", body.len(), text.len());
    let is_wide = body.contains(&0) || body.starts_with(b"\x4C\x6F\xA7\x94");
    if let (Ok(valid), false) = (std::str::from_utf8(body), is_wide || body.contains(&0x1B)) {
        assert_eq!(text, valid.strip_prefix('\u{FEFF}').unwrap_or(valid));
    }
}

/// Bytes to stories: keys are unique, titles are one line, dates are plausible, links lead to the web, HTML is
/// clean, and reading it again gives the same.
pub(crate) fn feed(bytes: &[u8]) {
    let page = page(bytes, None);
    let Ok(reading) = extract::read(&page, &Kind::Feed.into()) else { return };
    let again = extract::read(&page, &Kind::Feed.into()).expect("what was read once is read again");
    let digests = |drafts: &[extract::Draft]| drafts.iter().map(|draft| draft.digest).collect::<Vec<_>>();
    assert_eq!(digests(&reading.drafts), digests(&again.drafts));
    let mut keys = HashSet::new();
    for draft in reading.drafts {
        let story = draft.clean();
        assert!(!story.title.contains('\n'), "a title is one line");
        assert!(story.url.iter().all(|url| url.starts_with("http:") || url.starts_with("https:")));
        for date in [story.published, story.updated].into_iter().flatten() {
            assert!((1990..=2026).contains(&date.year()), "{date}");
        }
        let html = story.content_html.unwrap_or_default().to_ascii_lowercase();
        for bad in ["<script", "<style", "<iframe", "<svg", "<object", "<math"] {
            assert!(!html.contains(bad), "{html}");
        }
        assert!(keys.insert(story.key), "keys are unique");
    }
}

/// An HTML page of a front page's address.
fn web_page(body: &[u8]) -> Page {
    let url = "https://n.example/2026/03/a-story-of-the-harbour".parse().ok();
    Page { url, ..page(body, Some("text/html; charset=utf-8")) }
}

/// What every story is like, wherever it comes from.
fn is_clean(story: &Story) {
    assert!(!story.title.contains('\n'), "a title is one line");
    assert!(story.url.iter().all(|url| url.starts_with("http:") || url.starts_with("https:")));
    for date in [story.published, story.updated].into_iter().flatten() {
        assert!((1990..=2026).contains(&date.year()), "{date}");
    }
    let html = story.content_html.clone().unwrap_or_default().to_ascii_lowercase();
    for bad in ["<script", "<style", "<iframe", "<svg", "<object", "<math"] {
        assert!(!html.contains(bad), "{html}");
    }
}

/// Bytes to what is read from them as a page of this kind, twice the same.
fn page_of(bytes: &[u8], kind: Kind) {
    let page = web_page(bytes);
    let Ok(reading) = extract::read(&page, &kind.into()) else { return };
    let again = extract::read(&page, &kind.into()).expect("what was read once is read again");
    let digests = |drafts: &[extract::Draft]| drafts.iter().map(|draft| draft.digest).collect::<Vec<_>>();
    assert_eq!(digests(&reading.drafts), digests(&again.drafts));
    assert!((0.0..=1.0).contains(&reading.confidence), "{}", reading.confidence);
    let mut keys = HashSet::new();
    for story in reading.drafts.into_iter().map(extract::Draft::clean) {
        is_clean(&story);
        assert!(keys.insert(story.key), "keys are unique");
    }
}

/// Bytes to whatever kind of page they are.
pub(crate) fn html(bytes: &[u8]) {
    page_of(bytes, Kind::Auto);
}

/// Bytes to the stories of a list.
pub(crate) fn listing(bytes: &[u8]) {
    page_of(bytes, Kind::Listing);
}

/// Bytes to one article; and to that of an item, which loses nothing by it.
pub(crate) fn article(bytes: &[u8]) {
    page_of(bytes, Kind::Article);
    let title = "A story of the harbour".to_owned();
    let item = Story {
        url: Some("https://o.example/out/7".to_owned()),
        title,
        text: "Read on.".to_owned(),
        ..Story::default()
    };
    let Ok(read) = extract::article(&web_page(bytes), &item, None) else { return };
    let article = read.story;
    is_clean(&article);
    if let Some(whole) = extract::completed(&item, &article) {
        assert_eq!((&whole.title, &whole.key), (&item.title, &item.key));
        assert!(whole.text.len() > item.text.len());
        is_clean(&whole);
    }
}

/// A text to a date: plausible, and written in full it is read as the same.
pub(crate) fn date(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let absolute = extract::date(&text, None);
    let Ok(found) = extract::date(&text, visited()) else { return };
    assert!((1990..=2026).contains(&found.year()), "{found}");
    if let Ok(absolute) = absolute {
        assert_eq!(absolute, found, "an age needs a visit, a date does not");
    }
    let written = found.to_rfc3339();
    assert_eq!(extract::date(&written, visited()).as_ref(), Ok(&found), "{written}");
}

/// An address to its canonical form, which is its own.
pub(crate) fn url(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Some(canonical) = dedupe::canonical_url(text) else { return };
    assert_eq!(canonical.scheme(), "https");
    assert!(canonical.fragment().is_none() && canonical.username().is_empty() && canonical.password().is_none());
    assert_eq!(dedupe::canonical_url(canonical.as_str()).as_ref(), Some(&canonical));
}
