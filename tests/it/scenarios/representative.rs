//! Whose telling is shown, when the one that was shown goes or a better one comes.

use super::texts::{FERRY, TALKS, TALKS_SUMMARY};
use super::world::{Item, World, item};

fn talks() -> Item {
    item("talks").title("River talks end without a deal").text(TALKS)
}

#[test]
fn d55_when_the_source_that_is_shown_goes_the_next_telling_takes_its_place() {
    let mut world = World::new();
    let ferry = item("ferry").title("Last crossing").text(FERRY);
    world.source("harbour", [talks(), ferry]).source("metro", [talks()]).set("metro", "rank = 1");
    let before = world.source("ledger", [talks()]).set("ledger", "rank = 2").refresh("2026-11-23 12:00");
    let shown = before.at("https://harbour.example/talks").clone();
    assert_eq!(shown.covered_by(), ["ledger", "metro"]);

    // A feed that cannot be read for a while takes nothing away.
    std::fs::remove_file(world.folder().path("harbour.rss")).unwrap();
    assert_eq!(world.refresh("2026-11-23 14:00").items, before.items);

    let run = world.remove("harbour").refresh("2026-11-23 16:00");
    let next = run.only();
    assert_eq!((next.id.as_str(), next.url.as_str()), (shown.id.as_str(), "https://metro.example/talks"));
    assert_eq!((run.counts(), next.covered_by()), ((0, 0, 0), vec!["ledger"]));
    assert_eq!(world.remove("metro").refresh("2026-11-23 18:00").only().id, shown.id);
}

/// A summary is published, then the original publisher brings the whole text.
fn late_original(settings: &str) -> (super::run::Run, super::run::Run) {
    let mut world = World::new();
    world.dedupe(settings).source("metro", [talks().text(TALKS_SUMMARY)]).set("metro", "rank = 5");
    let first = world.refresh("2026-11-23 12:00");
    let ferry = item("ferry").title("Last crossing").text(FERRY).at("2026-11-23 13:00");
    (first, world.source("harbour", [talks().at("2026-11-23 13:00"), ferry]).refresh("2026-11-23 14:00"))
}

#[test]
fn d56_a_better_telling_that_comes_late_changes_neither_id_nor_link() {
    let (first, run) = late_original("");
    let (first, second) = (first.only(), run.at("https://metro.example/talks"));
    assert_eq!((run.counts(), run.items.len()), ((1, 1, 0), 2));
    assert_eq!((&second.id, &second.published), (&first.id, &first.published));
    assert_eq!(second.also, [("harbour".to_owned(), "https://harbour.example/talks".to_owned())]);
}

#[test]
fn d56_where_the_preferred_telling_is_wanted_link_and_text_are_its() {
    let (first, run) = late_original("representative = \"preferred\"");
    let (first, second) = (first.only(), run.at("https://harbour.example/talks"));
    assert_eq!((run.counts(), run.items.len()), ((1, 1, 0), 2));
    assert_eq!((&second.id, &second.published), (&first.id, &first.published));
    assert!(second.text.contains("the door stays open"), "{}", second.text);
    assert_eq!(second.also, [("metro".to_owned(), "https://metro.example/talks".to_owned())]);
}
