//! What a person has said about a story wins over every later run and every setting.

use serde_json::Value;

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

/// Gives what the command says of it.
#[track_caller]
fn correct(world: &World, arguments: &[&str]) -> String {
    let ran = world.command(arguments);
    assert_eq!(ran.code, 0, "{arguments:?}: {}", ran.err);
    ran.out
}

#[track_caller]
fn correct_json(world: &World, arguments: &[&str]) -> Value {
    let out = correct(world, &[arguments, &["--json"]].concat());
    assert_eq!(out.lines().count(), 1, "{out}");
    serde_json::from_str(&out).unwrap()
}

/// Gives what the command says against it.
#[track_caller]
fn refuse(world: &World, arguments: &[&str]) -> String {
    let ran = world.command(arguments);
    assert_eq!(ran.code, 65, "{arguments:?}: {} {}", ran.out, ran.err);
    ran.err
}

/// The talks, and an hour later a story that is older, longer dated and of a preferred source.
fn two_runs() -> (World, Run) {
    let mut world = World::new();
    for outlet in ["harbour", "metro"] {
        world.source(outlet, [talks()]).set(outlet, "rank = 9");
    }
    world.refresh("2026-11-23 12:00");
    let run = world.source("islander", [ferry().at("2026-11-23 08:00")]).refresh("2026-11-23 13:00");
    assert_eq!(run.items.len(), 2);
    (world, run)
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

#[test]
fn what_was_merged_shows_what_its_id_showed() {
    let (world, before) = two_runs();
    let (talks, ferry) = (before.at("https://harbour.example/talks"), before.at("https://islander.example/ferry"));
    // Whichever is named first.
    let said = correct(&world, &["merge", &short(&world, &ferry.id), &short(&world, &talks.id)]);
    assert!(said.contains("(islander)"), "{said}");
    for run in [world.read("all"), world.refresh("2026-11-23 14:00")] {
        assert_eq!(run.only().alone(), talks.alone());
        assert_eq!(run.only().covered_by(), ["islander", "metro"]);
    }
    // The id that is gone finds where it went.
    assert_eq!(short(&world, &ferry.id), short(&world, &talks.id));
}

#[test]
fn a_merge_is_undone_by_a_split_of_either_side() {
    let (world, before) = two_runs();
    let (talks, ferry) = (before.at("https://harbour.example/talks"), before.at("https://islander.example/ferry"));
    let (kept, merged) = (short(&world, &talks.id), short(&world, &ferry.id));
    for named in [vec!["islander"], vec!["harbour", "metro"], vec!["islander"]] {
        correct(&world, &["merge", &kept, &merged]);
        let said = correct(&world, &[vec!["split", merged.as_str()], named.clone()].concat());
        assert!(said.contains("(islander)") && !said.contains("(harbour)"), "{said}");
        assert!(said.contains(&format!("now again story {merged}")), "{said}");
        assert_eq!(said.contains("instead"), named.len() == 2, "{said}");
        assert_eq!(world.read("all").items, before.items, "as it was");
    }
    assert_eq!(world.refresh("2026-11-23 14:00").items, before.items);
}

#[test]
fn what_was_split_and_merged_again_is_as_it_was() {
    let (world, before) = world();
    let id = before.at("https://harbour.example/talks").id.clone();
    let rules = world.rules(&id);
    for _ in 0..2 {
        correct(&world, &["split", &short(&world, &id), "metro"]);
        let own = world.read("all").at("https://metro.example/talks").id.clone();
        correct(&world, &["merge", &short(&world, &own), &short(&world, &id)]);
        assert_eq!(world.read("all").items, before.items);
        let others: Vec<_> = world.rules(&id).into_iter().filter(|(source, _)| source != "metro").collect();
        assert!(others.iter().all(|rule| rules.contains(rule)), "{others:?}");
        assert!(!world.command(&["explain", &id]).out.contains("you took them apart"));
    }
}

/// A story that a private source, preferred, and two public ones tell; one that only it tells, and an
/// output for each kind of reader.
fn private_world() -> (World, Run) {
    let mut world = World::new();
    world.output("mine", "private = true").output("all", "");
    world.source("vault", [talks(), ferry()]).set("vault", "private = true");
    world.refresh("2026-11-23 11:00");
    for outlet in ["harbour", "metro"] {
        world.source(outlet, [talks()]).set(outlet, "rank = 9");
    }
    world.source("reader", [item("books").title("Six weeks for every book").text(LIBRARY)]);
    let run = world.refresh("2026-11-23 12:00");
    assert_eq!((run.items.len(), world.read("mine").items.len()), (2, 3));
    (world, run)
}

#[test]
fn the_public_telling_keeps_the_id() {
    for (named, instead) in [(vec!["vault"], false), (vec!["harbour", "metro"], true)] {
        let (world, before) = private_world();
        let id = before.at("https://harbour.example/talks").id.clone();
        let story = short(&world, &id);
        let told = correct_json(&world, &[vec!["split", story.as_str()], named.clone()].concat());
        let [moved] = told["moved"].as_array().unwrap().as_slice() else { panic!("{told}") };
        assert_eq!(
            (&moved["source"], &moved["from"], &moved["to"]),
            (&"vault".into(), &story.clone().into(), &told["opened"]["story"])
        );
        assert_eq!((&told["instead"], &told["kept"]["id"]), (&instead.into(), &id.clone().into()));
        assert!(told["files"].as_array().unwrap().iter().any(|file| file["changed"] == true), "{told}");
        assert_eq!(world.read("all").items, before.items, "nothing of it is public");
        assert_eq!(world.read("mine").id(&id).url, "https://harbour.example/talks");
    }
    let (world, before) = private_world();
    let id = before.at("https://harbour.example/talks").id.clone();
    let said = correct(&world, &["split", &short(&world, &id), "harbour", "metro"]);
    assert!(said.contains("instead") && said.contains("(vault)") && !said.contains("(metro)"), "{said}");
}

#[test]
fn a_public_story_keeps_its_id_though_a_private_one_is_older() {
    let (world, before) = private_world();
    let mine = world.read("mine");
    let (ferry, books) = (mine.at("https://vault.example/ferry"), before.at("https://reader.example/books"));
    let told = correct_json(&world, &["merge", &short(&world, &ferry.id), &short(&world, &books.id)]);
    assert_eq!((&told["kept"]["id"], &told["merged"][0]["id"]), (&books.id.clone().into(), &ferry.id.clone().into()));
    assert_eq!(world.read("all").items, before.items);
    assert_eq!(world.read("mine").id(&books.id).url, books.url);
}

#[test]
fn what_is_dropped_is_neither_split_nor_merged() {
    let (world, before) = world();
    let id = short(&world, &before.at("https://harbour.example/talks").id);
    let other = short(&world, &before.at("https://islander.example/ferry").id);
    correct(&world, &["drop", &id]);
    for command in [vec!["merge", &id, &other], vec!["merge", &other, &id], vec!["split", &id, "metro"]] {
        let said = refuse(&world, &command);
        assert!(said.contains(&format!("`oncefeed drop --undo {id}`")), "{said}");
    }
    correct(&world, &["drop", "--undo", &id]);
    assert_eq!(world.read("all").items, before.items);
    correct(&world, &["split", &id, "metro"]);
}

#[test]
fn what_is_asked_for_in_vain_is_said() {
    let (world, before) = world();
    let id = short(&world, &before.at("https://harbour.example/talks").id);
    let other = short(&world, &before.at("https://islander.example/ferry").id);
    let noted = |arguments: &[&str]| {
        let ran = world.command(arguments);
        assert_eq!(ran.code, 0, "{}", ran.err);
        ran.err
    };
    assert!(noted(&["drop", "--undo", &id]).contains("was not dropped"));
    assert!(noted(&["drop", &id, &other, &id]).contains("is named twice"));
    assert!(world.read("all").items.is_empty());
    assert!(noted(&["drop", &id]).contains("was dropped before"));
    let told = correct_json(&world, &["drop", "--undo", &id, &other]);
    assert_eq!((told["correction"].as_str(), told["stories"].as_array().map(Vec::len)), (Some("restore"), Some(2)));
    let told = correct_json(&world, &["drop", "--undo", &id]);
    assert_eq!((&told["stories"], &told["unchanged"][0]["story"]), (&Value::Array(Vec::new()), &id.clone().into()));
    assert!(refuse(&world, &["merge", &id, &id]).contains("one story already"));
    assert!(noted(&["merge", &id, &other, &id]).contains("is named twice"));
    assert_eq!(world.read("all").items.len(), 1);
    assert!(refuse(&world, &["explain", "0123456789ab"]).contains("oncefeed split STORY TELLING"));
}

#[test]
fn what_cannot_be_published_is_stored_all_the_same() {
    let (world, before) = world();
    let ids: Vec<String> = before.items.iter().map(|item| short(&world, &item.id)).collect();
    let public = world.folder().path("public");
    std::fs::remove_dir_all(&public).unwrap();
    std::fs::write(&public, "in the way").unwrap();
    let ran = world.command(&["merge", &ids[0], &ids[1]]);
    assert_eq!(ran.code, 73, "{}", ran.err);
    assert!(ran.out.starts_with("merged "), "{}", ran.out);
    for said in ["the correction is stored", "`oncefeed refresh` will write the outputs"] {
        assert!(ran.err.contains(said), "{}", ran.err);
    }
    std::fs::remove_file(&public).unwrap();
    assert_eq!(world.refresh("2026-11-23 13:00").items.len(), 1);
}
