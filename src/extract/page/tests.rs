//! Whole pages: what they are taken for, and what comes of them.

use std::time::Duration;

use proptest::prelude::*;

use crate::extract::tests::spent;
use crate::extract::{ExtractError, Hints, Reading, read};
use crate::model::{Kind, ListSelectors, Page, Story};

const AT: &str = "2026-11-24T06:00:00Z";

fn page(url: &str, body: &str) -> Page {
    Page { url: url.parse().ok(), content_type: None, body: body.as_bytes().to_vec(), fetched_at: AT.parse().ok() }
}

fn read_as(kind: Kind, url: &str, body: &str) -> Result<Reading, ExtractError> {
    read(&page(url, body), &Hints { kind, ..Hints::default() })
}

fn auto(url: &str, body: &str) -> Result<Reading, ExtractError> {
    read_as(Kind::Auto, url, body)
}

fn stories(reading: Reading) -> Vec<Story> {
    reading.drafts.into_iter().map(|draft| draft.clean()).collect()
}

/// The titles and the last parts of the addresses.
#[track_caller]
fn check_list(reading: Result<Reading, ExtractError>, expected: &[(&str, &str)]) -> Vec<Story> {
    let reading = reading.unwrap_or_else(|cause| panic!("{cause}: {:?}", cause.help()));
    assert_eq!(reading.kind, Kind::Listing);
    let stories = stories(reading);
    let found: Vec<_> = stories
        .iter()
        .map(|story| {
            (story.title.as_str(), story.url.as_deref().unwrap_or_default().rsplit('/').next().unwrap_or_default())
        })
        .collect();
    assert_eq!(found, expected);
    stories
}

const NAV: &str = r#"<nav class="main-menu"><ul><li><a href="/">Home</a><li><a href="/politics">Politics of the region</a>
    <li><a href="/sport">Sport and leisure</a><li><a href="/contact">Contact</a></ul></nav>"#;
const FOOTER: &str = r#"<footer><a href="/imprint">Imprint and legal notice of this site</a>
    <a href="/privacy">Privacy policy of this site</a><a href="/terms">Terms of use of this site</a></footer>"#;

fn section() -> String {
    let items = [
        ("heron-nests-on-crane", "Heron nests on harbour crane", "2026-11-24T05:00:00Z"),
        ("tunnel-closed-for-bats", "Tunnel stays closed until the bats wake", "2026-11-23T19:30:00Z"),
        ("choir-wins", "Choir wins", "2026-11-22T12:00:00Z"),
    ]
    .map(|(slug, title, time)| {
        format!(
            r#"<article class="teaser post-17"><a href="/2026/11/{slug}"><img src="/i/{slug}.jpg" width="300" height="200"></a>
            <h2><a href="/2026/11/{slug}?utm_source=list">{title}</a></h2><time datetime="{time}">recently</time>
            <span class="author">By Ida Moor</span><p>What happened with "{title}", told at some length by people who were there.</p>
            <a class="more" href="/2026/11/{slug}">Read more</a> <a href="/2026/11/{slug}#comments">12 comments</a></article>"#
        )
    });
    format!(
        "<!doctype html><html lang=en><title>Nature | The Heron</title><body>{NAV}<main><h1>Nature</h1>{}</main>{FOOTER}",
        items.concat()
    )
}

#[test]
fn a_section_page_gives_its_stories_with_all_that_stands_beside_them() {
    let stories = check_list(
        auto("https://heron.example/nature", &section()),
        &[
            ("Heron nests on harbour crane", "heron-nests-on-crane"),
            ("Tunnel stays closed until the bats wake", "tunnel-closed-for-bats"),
            ("Choir wins", "choir-wins"),
        ],
    );
    let first = &stories[0];
    assert_eq!(first.published.map(|at| at.to_rfc3339()).as_deref(), Some("2026-11-24T05:00:00+00:00"));
    assert_eq!(first.image.as_deref(), Some("https://heron.example/i/heron-nests-on-crane.jpg"));
    assert_eq!(first.authors, ["Ida Moor"]);
    assert!(first.summary.as_deref().unwrap().contains("people who were there"), "{:?}", first.summary);
    assert_eq!(first.language.as_deref(), Some("en"));
}

#[test]
fn a_front_page_gives_the_stories_of_its_blocks_and_not_its_menu() {
    let block = |class: &str, level: u8, stories: &[(&str, &str)]| -> String {
        let items: String = stories
            .iter()
            .map(|(slug, title)| format!(r#"<div class="{class}-card"><h{level} class="card-title"><a href="/news/{slug}-1234.html">{title}</a></h{level}></div>"#))
            .collect();
        format!(r#"<section class="{class}">{items}</section>"#)
    };
    let html = format!(
        "<html><title>The Heron</title><body>{NAV}{}{}{FOOTER}",
        block(
            "lead",
            2,
            &[
                ("dam-holds-back-flood", "Dam holds back flood for a second night"),
                ("mayor-to-step-down", "Mayor of Ellery is to step down in spring")
            ]
        ),
        block(
            "culture",
            3,
            &[
                ("organ-found", "Organ found behind a wall of the town hall"),
                ("library-lends-looms", "Library lends looms to its readers"),
                ("film-about-eels", "Film about eels sells out in an hour")
            ]
        ),
    );
    check_list(
        auto("https://heron.example/", &html),
        &[
            ("Dam holds back flood for a second night", "dam-holds-back-flood-1234.html"),
            ("Mayor of Ellery is to step down in spring", "mayor-to-step-down-1234.html"),
            ("Organ found behind a wall of the town hall", "organ-found-1234.html"),
            ("Library lends looms to its readers", "library-lends-looms-1234.html"),
            ("Film about eels sells out in an hour", "film-about-eels-1234.html"),
        ],
    );
}

#[test]
fn a_table_gives_its_rows() {
    let rows: String =
        ["Minutes of the planning committee", "Notice of works on the east quay", "Call for tenders: school kitchen"]
            .iter()
            .enumerate()
            .map(|(nth, title)| {
                format!(
                    "<tr><td>{}.11.2026</td><td>{title}</td><td><a href=\"/doc/view.php?id={}\">PDF</a></td></tr>",
                    20 + nth,
                    310 + nth
                )
            })
            .collect();
    let html = format!(
        "<html><title>Notices</title><body>{NAV}<table class=list><tr><th>Date<th>Subject<th>File</tr>{rows}</table>{FOOTER}"
    );
    let stories = check_list(
        read_as(Kind::Listing, "https://town.example/notices", &html),
        &[
            ("Minutes of the planning committee", "view.php?id=310"),
            ("Notice of works on the east quay", "view.php?id=311"),
            ("Call for tenders: school kitchen", "view.php?id=312"),
        ],
    );
    assert!(stories[0].published.is_some_and(|at| at.to_rfc3339().starts_with("2026-11-20")));
}

#[test]
fn structured_data_names_stories_that_the_page_shows_badly() {
    let list: Vec<String> = (1..=4)
        .map(|nth| format!(r#"{{"@type":"ListItem","position":{nth},"item":{{"@type":"NewsArticle","url":"/story/{nth}-tide-tables-change","headline":"Tide tables change, part {nth}","datePublished":"2026-11-2{nth}"}}}}"#))
        .collect();
    let html = format!(
        r#"<html><title>Tides</title><script type="application/ld+json">{{"@type":"ItemList","itemListElement":[{}]}}</script>
        <body><p>This page lists what is new about the tides on our coast, four stories a week, all the year round, for sailors, walkers and birds.
        It is kept by two retired pilots who do not like capital letters, and who never took a day off since the year of the great storm.</p>"#,
        list.join(",")
    );
    let stories = stories(read_as(Kind::Listing, "https://tides.example/new", &html).unwrap());
    assert_eq!(stories.len(), 4);
    assert_eq!(stories[3].title, "Tide tables change, part 4");
    assert_eq!(stories[3].url.as_deref(), Some("https://tides.example/story/4-tide-tables-change"));
    assert!(stories[0].published.is_some());
}

fn paragraphs() -> String {
    [
        "The lamp on the outer mole was switched off on Sunday night, forty years after its keeper had been told that it would be gone by the summer.",
        "Nobody in the harbour office could say why it had taken so long. The order had been signed twice, and twice it had been filed under the wrong letter.",
        "The keeper, who is ninety-one, came to see it go dark. She had brought a thermos, two chairs and her grandson, and she stayed until the last ferry had passed.",
        "A smaller light on a pole now does the same work. It is red, it blinks every four seconds, and it can be seen from eleven miles away when the air is clear.",
    ]
    .map(|text| format!("<p>{text}</p>"))
    .concat()
}

#[track_caller]
fn check_article(reading: Result<Reading, ExtractError>) -> Story {
    let reading = reading.unwrap_or_else(|cause| panic!("{cause}: {:?}", cause.help()));
    assert_eq!(reading.kind, Kind::Article);
    let mut stories = stories(reading);
    assert_eq!(stories.len(), 1);
    let story = stories.remove(0);
    assert!(story.text.starts_with("The lamp on the outer mole"), "{}", story.text);
    assert!(story.text.ends_with("when the air is clear."), "{}", story.text);
    assert_eq!(story.text.split("\n\n").count(), 4, "{}", story.text);
    assert!(
        story.content_html.as_deref().unwrap().contains("<p>Nobody in the harbour office"),
        "{:?}",
        story.content_html
    );
    story
}

#[test]
fn an_article_is_what_its_structured_data_says() {
    let data = r#"{"@context":"https://schema.org","@graph":[{"@type":"WebSite","name":"The Heron"},
        {"@type":["NewsArticle"],"headline":"Lamp on the outer mole goes dark","datePublished":"2026-11-23T21:10:00+01:00","dateModified":"2026-11-23T22:00:00+01:00",
        "author":[{"@type":"Person","name":"Ida Moor"},{"@type":"Person","name":"Jon Teal"}],"image":{"url":"/i/lamp.jpg"},"inLanguage":"en"}]}"#;
    let html = format!(
        r#"<html><head><title>Lamp on the outer mole goes dark - The Heron</title><link rel=canonical href="/harbour/lamp-goes-dark">
        <script type="application/ld+json">{data}</script></head><body>{NAV}<article><h1>Lamp on the outer mole goes dark</h1>
        <figure><img src="/i/lamp.jpg"><figcaption>The lamp in better times. Photo: Heron</figcaption></figure>{}<p>Advertisement</p></article>
        <aside class="related"><h3>More</h3><a href="/a-1">Heron nests on harbour crane</a><a href="/a-2">Tunnel stays closed until the bats wake</a></aside>{FOOTER}"#,
        paragraphs()
    );
    let story = check_article(auto("https://heron.example/harbour/lamp-goes-dark?utm_source=x", &html));
    assert_eq!(story.title, "Lamp on the outer mole goes dark");
    assert_eq!(story.url.as_deref(), Some("https://heron.example/harbour/lamp-goes-dark"));
    assert_eq!(story.authors, ["Ida Moor", "Jon Teal"]);
    assert_eq!(story.published.map(|at| at.to_rfc3339()).as_deref(), Some("2026-11-23T20:10:00+00:00"));
    assert_eq!(story.updated.map(|at| at.to_rfc3339()).as_deref(), Some("2026-11-23T21:00:00+00:00"));
    assert_eq!(story.image.as_deref(), Some("https://heron.example/i/lamp.jpg"));
    assert_eq!(story.language.as_deref(), Some("en"));
}

#[test]
fn an_article_with_only_open_graph_is_one() {
    let html = format!(
        r#"<html lang="en-GB"><head><title>Lamp goes dark | The Heron</title><meta property="og:type" content="article"><meta property="og:site_name" content="The Heron">
        <meta property="og:title" content="Lamp on the outer mole goes dark | The Heron"><meta property="article:published_time" content="2026-11-23T20:10:00Z">
        <meta name="author" content="Ida Moor"><meta property="og:image" content="https://heron.example/i/lamp.jpg"><meta property="og:description" content="After forty years."></head>
        <body>{NAV}<div id=content><div class="body">{}</div></div>{FOOTER}"#,
        paragraphs()
    );
    let story = check_article(auto("https://heron.example/harbour/lamp-goes-dark", &html));
    assert_eq!(story.title, "Lamp on the outer mole goes dark");
    assert_eq!(story.published.map(|at| at.to_rfc3339()).as_deref(), Some("2026-11-23T20:10:00+00:00"));
    assert_eq!((story.summary.as_deref(), story.authors.len()), (Some("After forty years."), 1));
}

#[test]
fn an_article_that_declares_nothing_is_read_when_it_reads_like_one() {
    let html = format!(
        "<html><title>Lamp on the outer mole goes dark</title><body><h1>Lamp on the outer mole goes dark</h1><div>{}</div>",
        paragraphs()
    );
    let story = check_article(auto("https://heron.example/2026/11/23/lamp-goes-dark", &html));
    assert_eq!(story.title, "Lamp on the outer mole goes dark");
    // The day stands in the address.
    assert_eq!(story.published.map(|at| at.to_rfc3339()).as_deref(), Some("2026-11-23T00:00:00+00:00"));
    check_article(read_as(Kind::Article, "https://heron.example/", &html));
}

#[test]
fn an_address_of_another_site_is_not_canonical() {
    let html = |canonical: &str| {
        format!(
            "<html><head><link rel=canonical href='{canonical}'></head><body><h1>Lamp on the outer mole</h1>{}",
            paragraphs()
        )
    };
    for (canonical, expected) in [
        ("https://www.heron.example/lamp", "https://www.heron.example/lamp"),
        ("https://elsewhere.example/lamp", "https://heron.example/lamp-goes-dark"),
        ("https://heron.example/", "https://heron.example/lamp-goes-dark"),
    ] {
        let story = check_article(read_as(Kind::Article, "https://heron.example/lamp-goes-dark", &html(canonical)));
        assert_eq!(story.url.as_deref(), Some(expected));
    }
}

#[test]
fn walls_are_refused_by_name() {
    let login = "<html><title>Log in - The Heron</title><body><h1>Log in</h1><form><input name=u><input type=password name=p></form><a href=/lost>Lost password?</a>";
    let challenge = "<html><title>Just a moment...</title><body><noscript>Enable JavaScript and cookies to continue</noscript><script src=x.js></script>";
    let shell = "<html><title>App</title><body><div id=root></div><script src=/app.js></script>";
    for (html, expected) in [(login, "blocked"), (challenge, "blocked"), (shell, "app_shell")] {
        for kind in [Kind::Auto, Kind::Listing, Kind::Article] {
            let refused = read_as(kind, "https://heron.example/members", html).unwrap_err();
            assert!(refused.to_string().starts_with(expected), "{refused}");
            assert!(refused.help().is_some());
        }
    }
}

#[test]
fn an_article_about_walls_is_no_wall() {
    let html = format!(
        "<html><title>Why pages ask: verify you are human</title><body><h1>Why pages ask: verify you are human</h1><article>{}<p>Then it said: checking your browser.</p>{}</article>",
        paragraphs(),
        paragraphs()
    );
    assert!(read_as(Kind::Article, "https://heron.example/verify", &html).is_ok());
}

#[test]
fn a_page_of_nothing_is_refused_with_the_nearest_candidates() {
    let html = format!(
        "<html><title>Imprint</title><body>{NAV}<p>Responsible for this page: nobody.</p><a href='/login'>Log in</a>{FOOTER}"
    );
    let refused = auto("https://heron.example/imprint", &html).unwrap_err();
    assert!(
        matches!(&refused, ExtractError::NoList { candidates, .. } if (1..=3).contains(&candidates.len())),
        "{refused:?}"
    );
    assert!(refused.help().unwrap().contains("[source.list]"));
}

#[test]
fn an_html_page_is_no_feed_even_when_it_lists_stories() {
    let html =
        section().replace("<title>", "<link rel=alternate type='application/rss+xml' href='/nature.rss'><title>");
    let refused = read_as(Kind::Feed, "https://heron.example/nature", &html).unwrap_err();
    assert!(refused.to_string().contains("https://heron.example/nature.rss"));
    // Read as what it is, the page says which feeds it has.
    assert_eq!(auto("https://heron.example/nature", &html).unwrap().feeds, ["https://heron.example/nature.rss"]);
}

#[test]
fn a_saved_page_says_where_it_is_from() {
    let saved = |html: &str| {
        let page = Page { url: None, content_type: None, body: html.as_bytes().to_vec(), fetched_at: None };
        read(&page, &Hints::default())
    };
    let html = section().replace("<title>", "<link rel=canonical href='https://heron.example/nature'><title>");
    assert_eq!(
        stories(saved(&html).unwrap())[0].url.as_deref(),
        Some("https://heron.example/2026/11/heron-nests-on-crane")
    );
    assert!(saved(&section()).is_err());
}

fn pinned(selectors: ListSelectors) -> Result<Reading, ExtractError> {
    let hints = Hints { kind: Kind::Listing, list: Some(selectors), ..Hints::default() };
    read(&page("https://heron.example/nature", &section()), &hints)
}

#[test]
fn selectors_pick_what_they_say() {
    let text = |text: &str| Some(text.to_owned());
    let stories = check_list(
        pinned(ListSelectors {
            items: "main article".to_owned(),
            title: text("h2 a"),
            url: text("a.more@href"),
            date: text("time@datetime"),
            image: text("img"),
            author: text(".author"),
            summary: text("p"),
            ..ListSelectors::default()
        }),
        &[
            ("Heron nests on harbour crane", "heron-nests-on-crane"),
            ("Tunnel stays closed until the bats wake", "tunnel-closed-for-bats"),
            ("Choir wins", "choir-wins"),
        ],
    );
    assert_eq!(stories[1].published.map(|at| at.to_rfc3339()).as_deref(), Some("2026-11-23T19:30:00+00:00"));
    assert_eq!(stories[1].image.as_deref(), Some("https://heron.example/i/tunnel-closed-for-bats.jpg"));
}

#[test]
fn items_alone_are_enough_of_a_selector() {
    let only = |items: &str| ListSelectors { items: items.to_owned(), ..ListSelectors::default() };
    let stories = stories(pinned(only("article")).unwrap());
    assert_eq!(stories.len(), 3);
    assert_eq!(stories[2].title, "Choir wins");
    assert!(stories.iter().all(|story| story.published.is_some() && story.summary.is_some()));
}

#[test]
fn selectors_that_find_nothing_say_what_is_wrong() {
    let only = |items: &str| pinned(ListSelectors { items: items.to_owned(), ..ListSelectors::default() }).unwrap_err();
    assert!(only("div.story").to_string().starts_with("container_missing"));
    assert!(only("article img").to_string().starts_with("container_empty"));
    let wrong = only("article[");
    assert!(wrong.to_string().contains("`article[`") && wrong.help().unwrap().contains("`items`"));
    let wrong = pinned(ListSelectors {
        items: "article".to_owned(),
        date: Some("time >> x".to_owned()),
        ..ListSelectors::default()
    });
    assert_eq!(wrong.unwrap_err().selector_key(), Some("date"));
}

#[test]
fn a_charset_that_the_page_declares_is_used() {
    let html = "<html><head><meta charset=\"windows-1251\"><title>T</title></head><body>".to_owned() + &section();
    let mut bytes = html.into_bytes();
    // "Цапля" in windows-1251.
    let place = bytes.windows(5).position(|part| part == b"Heron").unwrap();
    bytes.splice(place..place + 5, [0xD6, 0xE0, 0xEF, 0xEB, 0xFF]);
    let last = bytes.windows(10).rposition(|part| part == b"Choir wins").unwrap();
    bytes.splice(last..last + 5, [0xD6, 0xE0, 0xEF, 0xEB, 0xFF]);
    let page =
        Page { url: "https://heron.example/nature".parse().ok(), content_type: None, body: bytes, fetched_at: None };
    let text = format!("{:?}", stories(read(&page, &Hints::default()).unwrap()));
    assert!(text.contains("Цапля"), "{text}");
}

#[test]
fn depth_and_size_cost_nothing() {
    let cases = [
        "<div>".repeat(20_000) + "x",
        "<b><i>".repeat(50_000) + "x",
        "<p><b id=x>".repeat(20_000),
        "<table><tr><td>".repeat(20_000),
        "<a href=x><div>".repeat(20_000),
        "<ul><li><a href='/story/one-two-three'>A title of a story</a>".repeat(10_000),
        "<h2><a href='/story/one-two-three'>A title of a story</a></h2>".repeat(20_000),
        format!("<a {}>x</a>", "href=x ".repeat(50_000)),
        "</div></p></a>".repeat(50_000),
        "<form><button>".repeat(20_000),
        "&amp;".repeat(200_000),
    ];
    for html in cases {
        for kind in [Kind::Listing, Kind::Article, Kind::Auto] {
            let start = spent();
            let _ = read_as(kind, "https://heron.example/x", &html);
            let took = spent() - start;
            // Twice the second that an optimised build is given.
            assert!(took < Duration::from_secs(2), "{} took {took:?}", html.get(..30).unwrap_or(&html));
        }
    }
}

/// Soup of the tags that parsers treat in ways of their own.
fn soup() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "<div class='item post'>",
        "</div>",
        "<a href='/news/some-story-here-1'>",
        "</a>",
        "<h2>",
        "</h2>",
        "<p>",
        "</p>",
        "<table>",
        "<tr>",
        "<td>",
        "</table>",
        "<b>",
        "</b>",
        "<li>",
        "<ul>",
        "</ul>",
        "<article>",
        "</article>",
        "<form>",
        "</form>",
        "<svg>",
        "</svg>",
        "<select>",
        "<option>",
        "<time datetime='2026-11-24'>",
        "</time>",
        "A title of some length that is fine",
        "<script>",
        "</script>",
        "<body>",
        "<html>",
        "<!--",
        "-->",
        "&amp;",
        "<title>",
        "</title>",
        "<br>",
        "<button>",
        "<frameset>",
        "<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"headline\":\"x\"}</script>",
        "<math>",
        "<template>",
        "<noscript>",
        "ü",
        "\u{0}",
        "<dd>",
        "<dt>",
        "<caption>",
    ]);
    prop::collection::vec(piece, 0..120).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn whatever_comes_nothing_panics(bytes in prop::collection::vec(any::<u8>(), 0..2000), html in soup()) {
        for kind in [Kind::Listing, Kind::Article, Kind::Auto] {
            for body in [bytes.clone(), html.clone().into_bytes(), [html.as_bytes(), &bytes].concat()] {
                let page = Page { url: None, content_type: Some("text/html".to_owned()), body, fetched_at: AT.parse().ok() };
                if let Ok(reading) = read(&page, &Hints { kind, ..Hints::default() }) {
                    for draft in reading.drafts {
                        draft.clean();
                    }
                }
            }
        }
    }

    #[test]
    fn what_the_parser_gets_is_not_deep(html in soup()) {
        let dom = crate::extract::dom::Dom::parse(&html.repeat(40));
        let tree = crate::extract::dom::Tree::new(&dom.document);
        let deepest = (0..tree.len()).map(|at| tree.ancestors(at).count()).max().unwrap_or(0);
        prop_assert!(deepest < 600, "{deepest}");
    }
}
