//! What a person has said about a story wins over every later run and every setting.

use super::run::Run;
use super::texts::{FERRY, LIBRARY, TALKS};
use super::world::{Item, World, item};

fn talks() -> Item {
    item("talks").title("River talks end without a deal").text(TALKS)
}

fn ferry() -> Item {
    item("ferry").title("Old ferry makes her last crossing").text(FERRY)
}

/// A story that three tell, and one that stands alone.
fn world() -> (World, Run) {
    let mut world = World::new();
    for outlet in ["harbour", "metro", "ledger"] {
        world.source(outlet, [talks()]);
    }
    let run = world.source("islander", [ferry()]).refresh("2026-11-23 12:00");
    assert_eq!(run.items.len(), 2);
    (world, run)
}

/// The short id by which people name a story.
fn short(world: &World, asked: &str) -> String {
    world.explain(asked)["story"].as_str().unwrap().to_owned()
}

/// The short id of one telling of a story.
fn telling(world: &World, asked: &str, source: &str) -> String {
    let story = world.explain(asked);
    let all = story["tellings"].as_array().unwrap();
    let id = all.iter().find(|telling| telling["source"] == source).unwrap()["id"].as_str().unwrap().to_owned();
    assert!(id.len() == 12 && id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{id}");
    id
}

#[track_caller]
fn correct(world: &World, arguments: &[&str]) {
    let ran = world.command(arguments);
    assert_eq!(ran.code, 0, "{arguments:?}: {}", ran.err);
}

/// Whatever time brings: nothing, an edit of each telling, a later copy, other thresholds. `holds` looks
/// at what is published after each.
#[track_caller]
fn whatever_comes(mut world: World, holds: impl Fn(&Run)) {
    holds(&world.refresh("2026-11-23 14:00"));
    holds(&world.refresh("2026-11-23 15:00"));
    for outlet in ["harbour", "metro", "ledger"] {
        world.source(outlet, [talks().text(format!("{TALKS} Both sides thanked the {outlet} for its patience."))]);
    }
    holds(&world.refresh("2026-11-23 16:00"));
    world.source("islander", [ferry().text(format!("{FERRY} She may be visited."))]);
    holds(&world.refresh("2026-11-23 17:00"));
    world.source("tribune", [talks().at("2026-11-23 17:30")]);
    holds(&world.refresh("2026-11-23 18:00"));
    for (hour, threshold) in (19..).zip(["threshold = 0.4", "threshold = 0.8"]) {
        world.dedupe(threshold).source("gazette", [talks().at("2026-11-23 18:30").guid(&format!("talks-{hour}"))]);
        holds(&world.refresh(&format!("2026-11-23 {hour}:00")));
    }
}

#[test]
fn d57_what_was_split_stays_split() {
    let (world, before) = world();
    let id = before.at("https://harbour.example/talks").id.clone();
    let (story, metro) = (short(&world, &id), telling(&world, &id, "metro"));
    correct(&world, &["split", &story, &metro]);
    let after = world.refresh("2026-11-23 13:00");
    let own = after.at("https://metro.example/talks").id.clone();
    assert!(!before.ids().contains(&own), "an id of its own");
    whatever_comes(world, |run| {
        assert_eq!(run.ids(), after.ids());
        assert_eq!(run.id(&own).url, "https://metro.example/talks");
        let rest = run.id(&id);
        assert_eq!(rest.url, "https://harbour.example/talks");
        assert!(rest.covered_by().contains(&"ledger") && !rest.covered_by().contains(&"metro"), "{rest:?}");
        assert!(!run.id(&own).covered_by().contains(&"ledger"));
    });
}

#[test]
fn d57_a_split_is_explained() {
    let (world, before) = world();
    let id = before.at("https://harbour.example/talks").id.clone();
    correct(&world, &["split", &short(&world, &id), &telling(&world, &id, "metro")]);
    let own = world.refresh("2026-11-23 13:00").at("https://metro.example/talks").id.clone();
    let ran = world.command(&["explain", &own]);
    assert!(ran.out.contains("split"), "{}", ran.out);
}

#[test]
fn d57_what_was_merged_stays_one() {
    let (world, before) = world();
    let (talks, ferry) = (before.at("https://harbour.example/talks"), before.at("https://islander.example/ferry"));
    correct(&world, &["merge", &short(&world, &talks.id), &short(&world, &ferry.id)]);
    let after = world.refresh("2026-11-23 13:00");
    let id = after.only().id.clone();
    assert!(before.ids().contains(&id), "no new id");
    whatever_comes(world, |run| {
        assert_eq!(run.only().id, id);
        let tellers = run.only().covered_by().len() + 1;
        assert!(tellers >= 4, "{:?}", run.only());
    });
}

#[test]
fn d57_what_was_dropped_does_not_return() {
    let (mut world, before) = world();
    correct(&world, &["drop", &short(&world, &before.at("https://harbour.example/talks").id)]);
    let ferry = before.at("https://islander.example/ferry").id.clone();
    assert_eq!(world.refresh("2026-11-23 13:00").only().id, ferry);
    // Under another guid at its address it is the same story.
    world.source("metro", [talks().guid("again").url("https://metro.example/talks").at("2026-11-23 13:30")]);
    assert_eq!(world.refresh("2026-11-23 13:30").only().id, ferry);
    // What has nothing to do with it is published.
    let books = item("books").title("Six weeks for every book").text(LIBRARY).at("2026-11-23 13:40");
    world.source("reader", [books]);
    let after = world.refresh("2026-11-23 13:50");
    assert_eq!(after.items.len(), 2);
    whatever_comes(world, |run| assert_eq!(run.ids(), after.ids()));
}
