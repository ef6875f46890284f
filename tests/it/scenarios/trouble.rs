//! The same input again, and runs that end before their end.

use std::fs;

use super::pages::article;
use super::texts::{FERRY, LIBRARY, TALKS, invented};
use super::world::{World, item};

const NOON: &str = "2026-11-23 12:00";

/// Feeds and a page, with copies among them.
fn town() -> World {
    let mut world = World::new();
    let talks = item("talks").title("River talks end without a deal").text(TALKS).category("World");
    world.source("harbour", [talks.clone(), item("ferry").title("Last crossing").text(FERRY)]);
    world.source("metro", [talks.at("2026-11-23 10:30"), item("ticker").title("In short").text(invented(3, 40))]);
    world.output("all", "").output("harbours", "limit = 1");
    world
}

#[test]
fn d53_the_same_input_again_changes_no_byte() {
    let mut world = town();
    world.page("library", &article("Six weeks for every book", "2026-11-23 10:00", None, LIBRARY));
    assert_eq!(world.refresh(NOON).counts(), (4, 1, 0));
    let (files, times) = (world.published(), changed(&world));
    // At once, after an hour when pages are due again, and weeks later.
    for now in [NOON, "2026-11-23 13:30", "2026-12-20 12:00"] {
        let run = world.refresh(now);
        assert_eq!((run.counts(), run.wrote()), ((0, 0, 0), false), "{now}");
        assert_eq!(world.published(), files, "{now}");
        assert_eq!(changed(&world), times, "{now}: what is not written again keeps its time");
    }
    // And what did change is seen.
    world.source("harbour", [item("books").title("Six weeks").text(invented(4, 40)).at("2026-12-20 13:00")]);
    let run = world.refresh("2026-12-20 14:00");
    assert_eq!((run.counts(), run.wrote()), ((1, 0, 0), true));
}

/// When each published file was written.
fn changed(world: &World) -> Vec<std::time::SystemTime> {
    let names = world.published().into_iter().map(|(name, _)| world.folder().path(&format!("public/{name}")));
    names.map(|path| fs::metadata(path).unwrap().modified().unwrap()).collect()
}

#[test]
fn d53_the_same_input_elsewhere_gives_the_same_bytes() {
    let (one, other) = (town(), town());
    one.refresh(NOON);
    other.refresh(NOON);
    assert_eq!(one.published(), other.published());
}

#[test]
fn d58_what_was_stored_and_not_published_is_published_once_by_the_next_run() {
    let undisturbed = town();
    undisturbed.refresh(NOON);
    let world = town();
    // A file stands where the folder of the outputs belongs.
    world.folder().write("public", "in the way");
    assert_eq!(world.try_to_refresh(NOON).code, 73);
    fs::remove_file(world.folder().path("public")).unwrap();
    let run = world.refresh(NOON);
    assert_eq!((run.counts(), run.items.len()), ((0, 0, 0), 3), "known already, and none is lost");
    assert_eq!(world.published(), undisturbed.published());
}

#[test]
fn d58_a_run_that_ends_between_two_files_is_completed_by_the_next() {
    let news = || item("books").title("Six weeks for every book").text(LIBRARY).at("2026-11-23 13:00");
    let mut undisturbed = town();
    undisturbed.refresh(NOON);
    let expected = undisturbed.source("library", [news()]).refresh("2026-11-23 14:00");

    let mut world = town();
    world.refresh(NOON);
    let before = world.published();
    // Formats are written in their order, and this one cannot be.
    let json = world.folder().path("public/all.json");
    fs::rename(&json, world.folder().path("kept.json")).unwrap();
    fs::create_dir(&json).unwrap();
    world.source("library", [news()]);
    assert_eq!(world.try_to_refresh("2026-11-23 14:00").code, 74);
    fs::remove_dir(&json).unwrap();
    fs::rename(world.folder().path("kept.json"), &json).unwrap();
    assert_ne!(world.published(), before, "some of the files are new");

    let run = world.refresh("2026-11-23 15:00");
    assert_eq!((run.counts(), &run.items), ((0, 0, 0), &expected.items));
    assert_eq!(world.published(), undisturbed.published());
}
