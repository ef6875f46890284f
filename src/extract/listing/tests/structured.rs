//! Stories told for machines.

use std::time::Duration;

use super::{check, day, reading};
use crate::extract::ExtractError;
use crate::extract::tests::spent;

/// Cards whose links say nothing of their stories.
fn cards(attributes: &str, inside: impl Fn(u32) -> String) -> String {
    let cards: String = (1..=4).map(|id| format!("<div {attributes}>{}</div>", inside(id))).collect();
    format!("<!doctype html><html lang=en><title>Harbour</title><body><main>{cards}</main>")
}

#[test]
fn events_in_microdata_name_links_that_only_say_details() {
    let html = cards(r#"itemscope itemtype="https://schema.org/Event" class="event""#, |id| {
        format!(
            r#"<meta itemprop="name" content="Regatta of the class {id}00"><meta itemprop="startDate" content="2026-11-0{id}T10:00">
            <div itemprop="location" itemscope itemtype="https://schema.org/Place"><span itemprop="name">North pier</span></div>
            <img itemprop="image" src="/i/{id}.jpg"><a itemprop="url" href="/events/regatta-{id}">Event details</a>"#
        )
    });
    let stories = check(
        &html,
        &[
            ("Regatta of the class 100", "events/regatta-1"),
            ("Regatta of the class 200", "events/regatta-2"),
            ("Regatta of the class 300", "events/regatta-3"),
            ("Regatta of the class 400", "events/regatta-4"),
        ],
    );
    assert_eq!(day(&stories[1]).as_deref(), Some("2026-11-02"));
    assert_eq!(stories[1].image.as_deref(), Some("https://harbour.example/i/2.jpg"));
}

#[test]
fn articles_in_microdata_give_author_and_day() {
    let html = cards(r#"itemprop="blogPost" itemscope itemtype="http://schema.org/BlogPosting""#, |id| {
        format!(
            r#"<h2 itemprop="headline"><a itemprop="url" href="/2026/11/net-number-{id}">How we mend a net, part {id} of four</a></h2>
            <span itemprop="author" itemscope itemtype="http://schema.org/Person">by <span itemprop="name">Ida Moor</span></span>
            <meta itemprop="datePublished" content="2026-11-1{id}"><p itemprop="description">Twine, needle and patience, {id}.</p>"#
        )
    });
    let stories = check(
        &html,
        &[
            ("How we mend a net, part 1 of four", "2026/11/net-number-1"),
            ("How we mend a net, part 2 of four", "2026/11/net-number-2"),
            ("How we mend a net, part 3 of four", "2026/11/net-number-3"),
            ("How we mend a net, part 4 of four", "2026/11/net-number-4"),
        ],
    );
    assert_eq!(stories[0].authors, ["Ida Moor"]);
    assert_eq!(day(&stories[3]).as_deref(), Some("2026-11-14"));
}

#[test]
fn microformats_give_what_an_entry_tells() {
    let html = cards(r#"class="h-entry""#, |id| {
        format!(
            r#"<h3 class="p-name"><a class="u-url" href="/notes/the-log-of-the-pilot-{id}">The log of the pilot, page {id}</a></h3>
            <a class="p-author h-card" href="/pilot"><span class="p-name">Ada Gale</span></a>
            <time class="dt-published" datetime="2026-11-0{id}T08:00:00Z">then</time>
            <span class="p-category">Pilots</span><p class="p-summary">Wind from the west, sea calm, {id} ships.</p>"#
        )
    });
    let stories = check(
        &html,
        &[
            ("The log of the pilot, page 1", "notes/the-log-of-the-pilot-1"),
            ("The log of the pilot, page 2", "notes/the-log-of-the-pilot-2"),
            ("The log of the pilot, page 3", "notes/the-log-of-the-pilot-3"),
            ("The log of the pilot, page 4", "notes/the-log-of-the-pilot-4"),
        ],
    );
    assert_eq!(stories[2].authors, ["Ada Gale"]);
    assert_eq!(stories[2].categories, ["Pilots"]);
    assert_eq!(day(&stories[2]).as_deref(), Some("2026-11-03"));
}

fn stories_json(count: u32) -> String {
    let all: Vec<String> = (1..=count)
        .map(|id| {
            format!(
                r#"{{"id":{id},"node":{{"title":"Ship {id} has left the harbour","path":"/ships/{id}-has-left",
                "publishedAt":"2026-11-0{id}T09:00:00Z","author":{{"name":"Ida Moor"}},"excerpt":"It went west."}}}}"#
            )
        })
        .collect();
    format!("[{}]", all.join(","))
}

const SHIPS: &[(&str, &str)] = &[
    ("Ship 1 has left the harbour", "ships/1-has-left"),
    ("Ship 2 has left the harbour", "ships/2-has-left"),
    ("Ship 3 has left the harbour", "ships/3-has-left"),
    ("Ship 4 has left the harbour", "ships/4-has-left"),
    ("Ship 5 has left the harbour", "ships/5-has-left"),
];

#[test]
fn a_shell_of_scripts_is_read_from_what_it_brings_for_them() {
    let menu = r#"[{"title":"Home","url":"/"},{"title":"News","url":"/news"},{"title":"Sport","url":"/sport"},{"title":"Jobs","url":"/jobs"},{"title":"About","url":"/about"}]"#;
    let json = format!(r#"{{"menu":{menu},"props":{{"pageProps":{{"list":{}}}}}}}"#, stories_json(5));
    let next = format!(r#"<script id="__NEXT_DATA__" type="application/json">{json}</script>"#);
    let assigned = format!("<script>window.__STATE__ = {json};\nwindow.start({{}})</script>");
    for script in [next, assigned] {
        let html = format!("<title>Ships</title><body><div id=app></div>{script}<script src=/app.js></script>");
        let stories = check(&html, SHIPS);
        assert_eq!(stories[4].authors, ["Ida Moor"]);
        assert_eq!(day(&stories[4]).as_deref(), Some("2026-11-05"));
    }
}

#[test]
fn a_shell_that_brings_no_stories_is_still_refused() {
    for json in [&stories_json(4), r#"{"menu":[{"title":"Home","url":"/"},{"title":"News","url":"/news"}]}"#, "[[[["] {
        let html = format!(
            r#"<title>Ships</title><body><div id=app></div><script type="application/json">{json}</script><script src=/a.js></script>"#
        );
        let refused = reading("https://harbour.example/", &html);
        assert!(matches!(refused, Err(ExtractError::AppShell { .. })), "{refused:?}");
    }
}

#[test]
fn json_ld_lists_of_events_are_stories() {
    let event = |id: u32| {
        format!(
            r#"{{"@type":"SportsEvent","name":"Rowing race number {id}","url":"/races/rowing-race-{id}","startDate":"2026-11-0{id}",
            "organizer":{{"@type":"Person","name":"Ada Gale"}}}}"#
        )
    };
    let html = format!(
        r#"<title>Races</title><body><div id=app></div><script src=/a.js></script>
        <script type="application/ld+json">[{},{},{}]</script>"#,
        event(1),
        event(2),
        event(3)
    );
    check(
        &html,
        &[
            ("Rowing race number 1", "races/rowing-race-1"),
            ("Rowing race number 2", "races/rowing-race-2"),
            ("Rowing race number 3", "races/rowing-race-3"),
        ],
    );
}

#[test]
fn marks_and_json_without_end_are_read_in_time() {
    let marks =
        "<div class='h-entry' itemscope itemtype='x/Article'><b class=p-name itemprop=name>n<a class=u-url href=/u>"
            .repeat(20_000);
    let list = format!("[{}]", vec!["{\"title\":\"t\",\"node\":{\"url\":\"/x\"}}"; 60_000].join(","));
    let json = format!("<script type='application/json'>{list}</script>");
    let deep = format!("<script type='application/json'>{}</script>", "[".repeat(1_000_000));
    for body in [marks, json, deep] {
        let start = spent();
        drop(reading("https://harbour.example/", &body));
        let time = spent() - start;
        assert!(time < Duration::from_secs(2), "{time:?}");
    }
}
