//! What a new subscriber is not flooded with.

use super::texts::invented;
use super::world::{Item, World, item};

/// A story of an hour before noon of that day, unlike any other.
fn story(number: u64, day: &str) -> Item {
    item(&format!("story-{number}"))
        .title(&format!("Headline {}", invented(number, 7)))
        .text(invented(1000 + number, 60))
        .at(&format!("{day} {:02}:{:02}", 10 - number / 60 % 10, 59 - number % 60))
}

#[test]
fn d61_of_a_first_visit_only_the_newest_are_published() {
    let mut world = World::new();
    world.output("all", "limit = 1000\nkeep = \"60d\"");
    let old = (0..100).map(|number| story(number, "2026-10-20"));
    let late = (100..200).map(|number| story(number, "2026-11-22"));
    let all: Vec<Item> = old.chain(late).collect();
    let run = world.source("harbour", all.clone()).refresh("2026-11-23 12:00");
    assert_eq!((run.counts(), run.items.len()), ((200, 0, 0), 30));
    let newest: Vec<String> = (100..130).map(|number| format!("https://harbour.example/story-{number}")).collect();
    assert_eq!(run.items.iter().map(|item| item.url.clone()).collect::<Vec<_>>(), newest);

    // All of them are known: a copy of one at another source is folded.
    let copy = all[150].clone().at("2026-11-23 11:00");
    let run = world.source("metro", [copy]).refresh("2026-11-23 13:00");
    assert_eq!(run.counts(), (0, 1, 0));
    // What comes from now on is published, however much it is.
    let more: Vec<Item> = (200..240).map(|number| story(number, "2026-11-23")).chain(all).collect();
    let run = world.source("harbour", more).refresh("2026-11-23 14:00");
    assert_eq!(run.counts(), (40, 0, 0));
    assert!(run.items.len() >= 70, "{}", run.items.len());
}

#[test]
fn d61_stories_of_more_than_a_week_are_no_news_even_when_there_are_few() {
    let mut world = World::new();
    let run = world
        .source("harbour", [story(1, "2026-11-15"), story(2, "2026-11-17"), story(3, "2026-11-22")])
        .refresh("2026-11-23 12:00");
    let shown: Vec<&str> = run.items.iter().map(|item| item.url.as_str()).collect();
    assert_eq!(shown, ["https://harbour.example/story-3", "https://harbour.example/story-2"]);
}
