//! What a person sees in a browser; how it looks there is checked in `tests/browser`.

use super::{copy, edition, entry, file, hand_made, holds, output, site, telling};
use crate::model::{ClusterId, Edition, Entry, Format, SourceId};
use crate::publish::{File, Listed, index, render};

fn page() -> String {
    file(&render(&site(), &hand_made()).unwrap(), ".html")
}

/// Sixty stories in 112 tellings, as long as those of real feeds on average: addresses of 75, titles of
/// 64, texts that are cut or short, most stories told once or twice.
fn ordinary() -> Vec<Entry> {
    let told = |n: usize, by: usize| {
        let url = format!("https://www.outlet-{by}.example/world/2026/11/24/talks-on-the-river-{n:02}-end-today");
        let title = format!("Talks on the river number {n:02} ended without a deal, says side {by:02}");
        let mut telling = telling(&format!("Outlet-Daily-{by}"), Some(&url), &title);
        telling.story.text = (0..20 + n % 30).map(|word| format!("word{} ", (word * 7 + n * 31) % 97)).collect();
        telling
    };
    let others = |n: usize| match n % 60 {
        0 | 1 => 6,
        2..=4 => 3,
        5..=12 => 2,
        13..=27 => 1,
        _ => 0,
    };
    let story = |n: usize| {
        let also = (1..=others(n)).map(|by| told(n, by)).collect();
        Entry { id: ClusterId([n as u8; 16]), ..entry(0, told(n, 0), also) }
    };
    (0..60).map(story).collect()
}

#[test]
fn a_page_says_when_many_outlets_are_few_voices() {
    let own = || telling("Own", None, "Talks end");
    let shown = |first, also| file(&render(&site(), &edition(vec![entry(1, first, also)])).unwrap(), ".html");
    let all = shown(copy("A", "AP & Co"), vec![copy("B", "AP & Co")]);
    holds(&all, &["Also covered by <a href=\"https://b.example/1\">B</a>, all from AP &amp; Co</p>"]);
    let some = shown(copy("A", "AP"), vec![copy("B", "AP"), own()]);
    holds(&some, &["and Own (2 voices)</p>"]);
    holds(&shown(own(), vec![copy("A", "AP")]), &[">A</a></p>"]);
    holds(&shown(copy("A", "PR Newswire"), Vec::new()), &["12:00</time> press release</p>"]);
}

#[test]
fn a_page_shows_every_story_and_who_else_tells_it() {
    let page = page();
    holds(
        &page,
        &[
            "<!DOCTYPE html>\n<html lang=\"en\">",
            "<link rel=\"stylesheet\" href=\"style.css\"/>",
            "<link rel=\"alternate\" type=\"application/rss+xml\" title=\"World (RSS)\" href=\"world.rss\"/>",
            "<link rel=\"alternate\" type=\"application/atom+xml\" title=\"World (Atom)\" href=\"world.atom\"/>",
            "<link rel=\"alternate\" type=\"application/feed+json\" title=\"World (JSON Feed)\" href=\"world.json\"/>",
            "<p class=\"site\"><a href=\"index.html\">My news</a></p>\n<h1>World</h1>",
            "3 items from 11 sources, updated <time datetime=\"2026-03-01T12:00Z\">1 Mar 2026, 12:00</time> UTC",
            "<article id=\"s010101010101\">",
            "<h2><a href=\"https://harbour.example/ferry?a=1&amp;b=2\" lang=\"en-GB\">Ferry &amp; dock: &quot;open&quot; \
             &lt;again&gt;</a></h2>",
            "<b>Harbour</b> <time datetime=\"2026-03-01T09:30Z\">1 Mar 2026, 09:30</time></p>",
            "<p lang=\"en-GB\">The ferry runs again, 5 &lt; 6 &amp; so on.</p>",
            "Also covered by <a href=\"https://wire.example/1?a=1&amp;b=2\">Wire</a> and Paper</p>",
            "<summary>2 other headlines</summary>",
            "<li><b>Paper</b> Ferry runs, 1\u{a0}Mar\u{a0}2026</li>",
            "<a href=\"https://c.example/\">c</a> and 3 more</p>",
            "<summary>6 other headlines</summary>",
        ],
    );
    assert_eq!(page.matches("<details>").count(), 2, "none for a story that is told once");
    assert!(!page.contains("<p lang=\"de\">"), "a lead that is the title is not said twice");
}

#[test]
fn a_page_loads_nothing_and_runs_nothing() {
    let page = page();
    holds(&page, &["content=\"default-src &#39;none&#39;; style-src"]);
    for part in ["<script", "<style", "<img", "<iframe", "<form", " style=", " src=", " onclick="] {
        assert!(!page.contains(part), "{part} is in\n{page}");
    }
    assert_eq!(page.matches("<link rel=\"stylesheet\"").count(), 1);
}

#[test]
fn a_page_names_only_the_feeds_that_there_are() {
    let mut edition = hand_made();
    edition.output.formats = vec![Format::Html, Format::Atom, Format::Html];
    let files = render(&site(), &edition).unwrap();
    assert_eq!(files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>(), ["world.html", "world.atom"]);
    let page = file(&files, ".html");
    assert!(page.contains("\"world.atom\"") && !page.contains("world.rss") && !page.contains("world.json"));
    edition.output.formats = vec![Format::Html];
    assert!(!file(&render(&site(), &edition).unwrap(), ".html").contains("<nav"));
}

#[test]
fn equal_short_ids_are_told_apart_and_others_stay_short() {
    let told = |id: [u8; 16]| {
        let title = format!("T{}", id[15]);
        Entry { id: ClusterId(id), ..entry(0, telling("A", None, &title), Vec::new()) }
    };
    let mut twin = [1; 16];
    twin[15] = 2;
    let page = file(&render(&site(), &edition(vec![told([1; 16]), told(twin), told([3; 16])])).unwrap(), ".html");
    let ids: Vec<&str> = page.split("<article id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    let long = "s01010101-0101-8101-8101-0101010101";
    assert_eq!(ids, [format!("{long}01"), format!("{long}02"), "s030303030303".to_owned()]);
}

#[test]
fn a_page_without_stories_says_so() {
    let page = file(&render(&site(), &edition(Vec::new())).unwrap(), ".html");
    holds(&page, &["0 items from 0 sources</p>", "No stories yet."]);
}

#[test]
fn sixty_stories_with_112_tellings_stay_small() {
    let entries = ordinary();
    assert_eq!(entries.iter().map(|entry| 1 + entry.also.len()).sum::<usize>(), 112);
    let page = file(&render(&site(), &edition(entries)).unwrap(), ".html");
    assert!(page.len() <= 50_000, "{} bytes", page.len());
}

fn listed(id: &str, private: bool, formats: &[Format]) -> Listed {
    let mut edition = hand_made();
    edition.output.id = SourceId::new(id).unwrap();
    edition.output.title = format!("<{id}>");
    (edition.output.private, edition.output.formats) = (private, formats.to_vec());
    Listed::of(&edition)
}

fn names(files: &[File]) -> Vec<&str> {
    files.iter().map(|file| file.name.as_str()).collect()
}

#[test]
fn the_index_lists_public_outputs_with_their_formats() {
    let outputs =
        [listed("world", false, Format::ALL), listed("mine", true, Format::ALL), listed("bare", false, &[Format::Rss])];
    let files = index(&site(), &outputs);
    assert_eq!(names(&files), ["index.html", "feed.css", "style.css"]);
    let page = file(&files, "index.html");
    super::super::check::well_formed(page.as_bytes()).unwrap();
    holds(
        &page,
        &[
            "<h1>My news</h1>\n<p class=\"meta\">2 outputs, every story once</p>",
            "<h2><a href=\"world.html\">&lt;world&gt;</a></h2>",
            "3 items, newest <time datetime=\"2026-03-01T12:00Z\">1 Mar 2026, 12:00</time> UTC</p>",
            "<a href=\"world.json\" type=\"application/feed+json\" aria-label=\"&lt;world&gt; as JSON Feed\">JSON Feed</a>",
            "<h2><a href=\"bare.rss\">&lt;bare&gt;</a></h2>",
            "<link rel=\"alternate\" type=\"application/rss+xml\" title=\"&lt;bare&gt; (RSS)\" href=\"bare.rss\"/>",
        ],
    );
    assert!(!page.contains("mine") && !page.contains("bare.html"));
    assert_eq!(files, index(&site(), &outputs), "equal outputs give equal bytes");
}

#[test]
fn there_is_an_index_where_there_is_a_page() {
    assert_eq!(names(&index(&site(), &[listed("world", false, &[Format::Rss, Format::Json])])), ["feed.css"]);
    assert!(index(&site(), &[listed("world", false, &[Format::Json])]).is_empty());
    let private = index(&site(), &[listed("mine", true, Format::ALL)]);
    assert_eq!(names(&private), ["index.html", "feed.css", "style.css"]);
    assert!(file(&private, "index.html").contains("Nothing is public here."));
    let own = [listed("index", false, Format::ALL), listed("world", false, Format::ALL)];
    assert_eq!(names(&index(&site(), &own)), ["feed.css", "style.css"], "an output called index is never overwritten");
    let never = Listed { updated: None, entries: 0, ..listed("world", false, Format::ALL) };
    assert!(file(&index(&site(), &[never]), "index.html").contains("<p class=\"meta\">0 items</p>"));
}

#[test]
fn reports_of_one_event_are_linked_and_feeds_do_not_know() {
    let mut entries = vec![
        entry(1, telling("Harbour", Some("https://harbour.example/1"), "Talks end"), Vec::new()),
        entry(2, telling("Metro", None, "No deal <yet>"), Vec::new()),
        entry(3, telling("Coast", None, "Rain"), Vec::new()),
    ];
    let plain = entries.clone();
    entries[0].related = vec![ClusterId([2; 16]), ClusterId([9; 16])];
    entries[1].related = vec![ClusterId([1; 16])];
    let files = |entries| render(&site(), &Edition { output: output(), updated: None, entries }).unwrap();
    let (linked, plain) = (files(entries), files(plain));
    let page = String::from_utf8(linked[3].bytes.clone()).unwrap();
    assert!(page.contains("Same event: <a href=\"#s020202020202\">No deal &lt;yet&gt;</a> (Metro)</p>"), "{page}");
    assert!(page.contains("Same event: <a href=\"#s010101010101\">Talks end</a> (Harbour)</p>"), "{page}");
    assert_eq!(page.matches("Same event").count(), 2);
    for (linked, plain) in linked.iter().zip(&plain).take(3) {
        assert_eq!(linked.bytes, plain.bytes, "{}", plain.name);
    }
}
