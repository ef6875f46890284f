//! What holds for every document, however hostile.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::read;
use crate::model::{Kind, Page};

const KINDS: [Kind; 5] = [Kind::Auto, Kind::Feed, Kind::Listing, Kind::Article, Kind::Text];

fn page(body: Vec<u8>, content_type: Option<&str>) -> Page {
    Page {
        url: "https://n.example/".parse().ok(),
        content_type: content_type.map(str::to_owned),
        body,
        fetched_at: "2026-03-10T12:00:00Z".parse().ok(),
    }
}

#[track_caller]
fn check(body: &str, content_type: Option<&str>, expected: Result<&str, &str>) {
    let found = read(&page(body.as_bytes().to_vec(), content_type), &Kind::Auto.into());
    let found = found.as_ref().map(|reading| reading.format).map_err(ToString::to_string);
    assert_eq!(found.as_ref().map(|format| *format).map_err(String::as_str), expected);
}

#[test]
fn a_document_of_unknown_kind_is_what_it_looks_like() {
    let rss = "<rss version='2.0'><channel/></rss>";
    check(rss, None, Ok("rss2.0"));
    check(rss, Some("text/plain"), Ok("rss2.0"));
    check(rss, Some("text/html; charset=utf-8"), Ok("rss2.0"));
    check("{\"items\":[]}", Some("text/plain"), Ok("json1.1"));
    check("A title\n\nA text.", None, Ok("text"));
    check("{ this is } no JSON\nat all", None, Ok("text"));
    check("[Update] A title\nA text", None, Ok("text"));
    check("A title\nhow <b>tags</b> work", Some("text/plain; charset=utf-8"), Ok("text"));
    check(
        "A title\nhow <b>tags</b> work",
        Some("text/html"),
        Err("no list of stories and no article found in the page"),
    );
    check("%PDF-1.7 obj stream", None, Err("nothing readable: the body is binary"));
    check("1 < 2 and 3 > 2", None, Ok("text"));
    check("A title\nMail <ann@n.example> about Vec<T>.", None, Ok("text"));
    check("Notice: x in y.php\n<rss><channel/></rss>", None, Ok("rss2.0"));
}

#[test]
fn told_to_read_text_it_reads_that_of_a_page() {
    let title = |body: &str| {
        let mut reading = read(&page(body.as_bytes().to_vec(), None), &Kind::Text.into()).expect("a text");
        reading.drafts.remove(0).clean().title
    };
    assert_eq!(title("<!DOCTYPE html><body><h1>A title</h1><p>A text."), "A title");
    assert_eq!(title("<b> is a tag\nof HTML"), "<b> is a tag");
}

/// What this thread has had of the processor, so that a busy machine fails no test; where the system
/// does not say, the time on the wall.
pub(super) fn spent() -> Duration {
    static BEGAN: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    let wall = BEGAN.get_or_init(Instant::now).elapsed();
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanos = told.and_then(|told| told.split_whitespace().next()?.parse().ok());
    nanos.map_or(wall, Duration::from_nanos)
}

/// Reads and cleans a document of a megabyte; gives how long that took.
fn time(body: &str) -> Duration {
    let page = page(body.as_bytes().to_vec(), None);
    let start = spent();
    if let Ok(reading) = read(&page, &Kind::Feed.into()) {
        reading.drafts.into_iter().for_each(|draft| drop(draft.clean()));
    }
    spent() - start
}

/// What costs a careless reader a step for each pair of repetitions.
const UNITS: &[&str] = &[
    "<!--",
    "</a ",
    "<a ",
    "<![CDATA[",
    "<?",
    "<!DOCTYPE ",
    "<!DOCTYPE [",
    "]",
    "&",
    "&#",
    "&x;",
    "<a b='",
    "<a b=\"",
    "<x>",
    "</x>",
    "<x></y>",
    "<item>",
    "</item>",
    "<item><title>",
    "<a xmlns:b='c'>",
    "<a xml:base='x/'>",
    "<link href='x'/>",
    "<category>a</category>",
    "<x:y ",
    "{",
    "[",
    "{\"items\":[",
    "<html>",
    "<link rel=alternate type=application/rss+xml href=x>",
    "\n",
    "<b>",
    "<object>",
    "<svg>",
];

#[test]
fn nothing_is_quadratic() {
    let heads = [
        "<rss><channel>",
        "<rss><channel><item><title>",
        "<rss><channel><item><description>",
        "<feed><entry><content type='xhtml'>",
    ];
    for head in heads {
        for unit in UNITS {
            let elapsed = time(&(head.to_owned() + &unit.repeat((64 << 10) / unit.len())));
            assert!(elapsed < Duration::from_secs(2), "{head}{unit}… took {elapsed:?}");
        }
    }
}

#[test]
fn a_megabyte_of_anything_is_read_in_seconds() {
    for unit in UNITS {
        let elapsed = time(&unit.repeat((1 << 20) / unit.len()));
        assert!(elapsed < Duration::from_secs(2), "{unit}… took {elapsed:?}");
    }
}

#[test]
fn one_tag_may_have_any_number_of_attributes() {
    for attribute in ["a='b' ", "xmlns:a='b' ", "a ", "xml:base='x' "] {
        let tag = format!("<rss {}><channel><item {0}><title {0}>", attribute.repeat(25_000));
        let elapsed = time(&tag);
        assert!(elapsed < Duration::from_secs(2), "{attribute} took {elapsed:?}");
    }
}

#[test]
fn depth_is_harmless() {
    let mut body = "<rss><channel><item><description>".to_owned();
    body += &"<div>".repeat(50_000);
    body += "deep";
    assert!(time(&body) < Duration::from_secs(2));
    let json = format!("{{\"items\":[{{\"x\":{}", "[".repeat(200_000));
    assert!(time(&json) < Duration::from_secs(2));
}

/// Pieces that documents are made of, so that chance makes something like them.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "<rss>",
        "<channel>",
        "<item>",
        "</item>",
        "<title>",
        "</title>",
        "<link>",
        "https://n.example/é",
        "<![CDATA[",
        "]]>",
        "<!--",
        "-->",
        "&amp;",
        "&#x",
        "&",
        "<feed xmlns='http://www.w3.org/2005/Atom'>",
        "<entry>",
        "<content type='xhtml'>",
        "<content mode='base64'>",
        "<pubDate>",
        "24 Nov 2026 25:61",
        "déc. 2026",
        "<p>",
        "<a href='",
        "'>",
        "<",
        ">",
        "\"",
        "\u{0}",
        "\u{FFFE}",
        "é漢😀",
        "{\"items\":[{\"id\":1",
        "}]",
        "Hashtags\n",
        "Related Articles\n\n\n",
        "X\n2 hours ago\n- X\n",
        "Video Duration 01 minutes 02 seconds",
        "<!DOCTYPE x [<!ENTITY a 'b'>",
        "&a;",
        "xml:base='http://x/é'",
        " ",
        "<script>",
        "</",
        "<?",
        "<media:content url='x'/>",
        "2 hours ago",
        "年月日",
        "T",
        "24:00",
    ]);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

fn clean(body: Vec<u8>) {
    let page = page(body, None);
    for kind in KINDS {
        let Ok(reading) = read(&page, &kind.into()) else { continue };
        let mut keys = std::collections::HashSet::new();
        for draft in reading.drafts {
            let story = draft.clean();
            assert!(keys.insert(story.key), "keys are unique");
            assert!(!story.title.contains('\n'), "a title is one line");
            let html = story.content_html.unwrap_or_default().to_ascii_lowercase();
            assert!(!html.contains("<script") && !html.contains("<svg"), "{html}");
        }
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_panic(body in prop::collection::vec(any::<u8>(), 0..300)) {
        clean(body);
    }

    #[test]
    fn any_pieces_are_read_without_panic(body in pieces()) {
        clean(body.into_bytes());
    }

    #[test]
    fn any_date_is_read_without_panic(text in "[0-9A-Za-zéü年月日午後:,.+/ -]{0,40}") {
        drop(super::date::read(&text, None));
    }
}
