//! Lists in JSON, as sites answer their own scripts.

use crate::extract::{ExtractError, Hints, Reading, read};
use crate::model::{DateForm, Kind, ListSelectors, Page};

fn page(body: &str) -> Page {
    Page {
        url: "https://harbour.example/api/news".parse().ok(),
        content_type: None,
        body: body.as_bytes().to_vec(),
        fetched_at: "2026-11-24T06:00:00Z".parse().ok(),
    }
}

fn rows(reading: Result<Reading, ExtractError>) -> Vec<String> {
    let reading = match reading {
        Ok(reading) => reading,
        Err(cause) => return vec![cause.to_string()],
    };
    assert_eq!(reading.kind, Kind::Listing);
    let stories = reading.drafts.into_iter().map(|draft| draft.clean());
    stories
        .map(|story| {
            let date = story.published.map(|at| at.format(" %Y-%m-%dT%H:%M").to_string());
            format!("{} <{}>{}", story.title, story.url.unwrap_or_default(), date.unwrap_or_default())
        })
        .collect()
}

#[track_caller]
fn check_pinned(body: &str, list: ListSelectors, expected: &[&str]) {
    assert_eq!(rows(read(&page(body), &Hints { list: Some(list), ..Hints::default() })), expected);
}

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

const POSTS: &str = r#"{"data":{"total":3,"posts":[
    {"head":{"t":"Ferry <b>sold</b> &amp; renamed"},"slug":"/2026/ferry","when":1763964000,"tags":["Sea","Money"]},
    {"head":{"t":"Race is off"},"slug":"https://race.example/off","when":"24.11.2025"},
    {"head":{},"slug":null}]}}"#;

#[test]
fn paths_pick_what_they_say() {
    let list = ListSelectors {
        items: "$.data.posts[*]".to_owned(),
        title: text("$.head.t"),
        url: text("@.slug"),
        date: text("$.when"),
        categories: text("$.tags[*]"),
        ..ListSelectors::default()
    };
    check_pinned(
        POSTS,
        list.clone(),
        &[
            "Ferry sold & renamed <https://harbour.example/2026/ferry> 2025-11-24T06:00",
            "Race is off <https://race.example/off> 2025-11-24T00:00",
        ],
    );
    let reading = read(&page(POSTS), &Hints { list: Some(list.clone()), ..Hints::default() }).unwrap();
    assert_eq!(reading.drafts[0].clone().clean().categories, ["Sea", "Money"]);
    check_pinned(
        POSTS,
        ListSelectors { min_items: 3, ..list },
        &["too_few: the list has 2 stories, and `min_items` is 3"],
    );
}

#[test]
fn a_script_of_a_page_is_read_like_a_document() {
    let list = ListSelectors {
        items: "script#state $..posts[*]".to_owned(),
        title: text("$.head.t"),
        url: text("$.slug"),
        date: text("$.when"),
        date_form: DateForm { format: text("%d.%m.%Y"), ..DateForm::default() },
        ..ListSelectors::default()
    };
    let html = format!("<!DOCTYPE html><body><h1>News</h1><script id=state>window.s = {POSTS};</script>");
    check_pinned(
        &html,
        list.clone(),
        &[
            "Ferry sold & renamed <https://harbour.example/2026/ferry>",
            "Race is off <https://race.example/off> 2025-11-24T00:00",
        ],
    );
    let gone = "wrong_document: `script#state $..posts[*]` is for JSON, and there is none";
    check_pinned("<!DOCTYPE html><p>We have moved", list, &[gone]);
}

#[test]
fn what_pins_nothing_says_so() {
    let only = |items: &str| ListSelectors { items: items.to_owned(), ..ListSelectors::default() };
    check_pinned(POSTS, only("$.posts[*]"), &["container_missing: nothing in the page matches `$.posts[*]`"]);
    check_pinned(POSTS, only("$.data.total"), &["container_empty: what matches `$.data.total` holds no stories"]);
    check_pinned(POSTS, only("$.data["), &["`$.data[` is no JSON path: a bracket has no end"]);
    check_pinned("{\"cut", only("$.data"), &["wrong_document: `$.data` is for JSON, and there is none"]);
    check_pinned(
        POSTS,
        only("div.story"),
        &["wrong_document: `div.story` is for HTML pages, and the document is JSON"],
    );
}

/// A list of so many stories, each written so.
fn many(count: usize, story: impl Fn(usize) -> String) -> String {
    format!("[{}]", (1..=count).map(story).collect::<Vec<_>>().join(","))
}

#[track_caller]
fn check_found(body: &str, count: usize, method: &str) {
    let reading = read(&page(body), &Hints::default()).unwrap();
    assert_eq!((reading.kind, reading.drafts.len(), reading.method.as_str()), (Kind::Listing, count, method));
    assert_eq!(reading.format, "json");
}

#[test]
fn a_list_is_found_by_itself() {
    let blog = many(6, |n| {
        format!(
            r#"{{"id":{n},"date_gmt":"2026-11-0{n}T08:00:00","link":"https://harbour.example/2026/the-ferry-{n}/",
                "title":{{"rendered":"The ferry&#8217;s trip no {n}"}},"author":7}}"#
        )
    });
    check_found(&blog, 6, "paths: $[*]");
    let forum = many(5, |n| {
        format!(
            r#"{{"kind":"t","data":{{"title":"Who has seen ferry {n} at night?","permalink":"/r/harbour/{n}/who_has_seen_it/",
                "created_utc":1763964000.0}}}}"#
        )
    });
    check_found(&format!(r#"{{"kind":"L","data":{{"children":{forum}}}}}"#), 5, "paths: $.data.children[*].data");
}

#[test]
fn menus_and_people_are_no_stories() {
    for body in [
        many(8, |n| format!(r#"{{"title":"Page {n}","url":"/page/{n}"}}"#)),
        many(4, |n| format!(r#"{{"title":"The ferry's long trip number {n}","url":"/2026/ferry-trip-{n}"}}"#)),
        many(9, |n| format!(r#"{{"price":{n},"stock":[1,2,3,4,5,6]}}"#)),
        many(9, |_| r#"{"title":"The same story once again here","url":"/2026/the-same-story"}"#.to_owned()),
    ] {
        assert_eq!(rows(read(&page(&body), &Hints::default())), ["JSON but not JSON Feed"], "{body}");
    }
}
