//! Links of aggregators that are no known redirector's, and lead to the article all the same.

use super::pages::{Pages, article};
use super::texts::{FERRY, TALKS};
use super::world::{Item, World, item};

/// As an aggregator tells it: under a headline of its own and without the text.
fn told(url: &str) -> Item {
    item("picked").url(url).title("Envoys leave the assembly hall").text("Read on.").outlet("Harbour Post")
}

/// An aggregator whose link leads to this page of a publisher, beside the publisher's own telling of its talks.
fn world(publisher: &Pages, page: &str, query: &str, canonical: Option<&str>) -> World {
    let html = article("River talks end without a deal", "2026-11-23 10:00", canonical, TALKS);
    let target = publisher.put(&format!("{page}{query}"), &html);
    let own = target.trim_end_matches(query);
    let mut world = World::new();
    let direct = item("talks").title("River talks end without a deal").text("In short: no deal.").url(own);
    let ferry = item("ferry").title("Old ferry makes her last crossing").text(FERRY);
    world.source("harbour", [direct, ferry]);
    let link = world.link("7", &target);
    world.aggregator("digest", [told(&link)]);
    world
}

/// Whether both tellings are one story, at every run.
#[track_caller]
fn check(page: &str, query: &str, canonical: Option<&str>) {
    let publisher = Pages::new();
    let world = world(&publisher, page, query, canonical);
    let first = world.refresh("2026-11-23 12:00");
    assert_eq!(first.items.len(), 2, "{first:#?}");
    let telling = &world.explain("assembly hall");
    let tellings = telling["tellings"].as_array().unwrap();
    let picked = tellings.iter().find(|telling| telling["source"] == "digest").unwrap();
    assert!(picked["via"].as_str().unwrap().ends_with("/out/7"), "{picked}");
    assert_eq!(picked["owner"], "Harbour Post", "{picked}");
    let second = world.refresh("2026-11-23 15:00");
    assert_eq!(second.items, first.items, "the identity is that of before");
    assert!(!second.wrote());
}

#[test]
fn a_link_that_leads_to_the_article_is_the_article() {
    check("/2026/11/talks-end", "", None);
    check("/2026/11/talks-end", "?utm_source=digest&utm_medium=rss", None);
    check("/2026/11/talks-end", "?from=digest", Some("/2026/11/talks-end"));
    // What a site declares on all of its pages names none of them.
    check("/2026/11/talks-end", "", Some("/"));
    check("/2026/11/talks-end", "", Some("/latest"));
}

#[test]
fn two_articles_that_declare_one_address_are_two_stories() {
    let publisher = Pages::new();
    let mut world = World::new();
    let mut links = Vec::new();
    for (name, text) in [("talks", TALKS), ("ferry", FERRY)] {
        let html = article(&format!("All about the {name} of the day"), "2026-11-23 10:00", Some("/latest"), text);
        let target = publisher.put(&format!("/2026/11/{name}"), &html);
        links.push((name, world.link(name, &target)));
    }
    world.aggregator(
        "digest",
        links.iter().map(|(name, link)| item(name).url(link).title(&format!("Seen: {name} of the day"))),
    );
    assert_eq!(world.refresh("2026-11-23 12:00").items.len(), 2);
}
