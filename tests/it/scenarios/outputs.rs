//! Once for the subscriber: each story in one output (`once = "site"`), a feed for each source (`each = "source"`).

use super::texts::{FERRY, TALKS};
use super::world::{Item, World, item};

const SITE: &str = "base_url = \"https://news.example/\"\nonce = \"site\"";

fn talks(at: &str) -> Item {
    item("talks").title("The river talks failed").text(TALKS).at(at)
}

fn ferry(at: &str) -> Item {
    item("ferry").title("Last crossing").text(FERRY).at(at)
}

/// Where each story stands, as `feed: the addresses of its items`.
#[track_caller]
fn check(world: &World, expected: &[(&str, &[&str])]) {
    for (feed, urls) in expected {
        let run = world.read(feed);
        let found: Vec<&str> = run.items.iter().map(|item| item.url.as_str()).collect();
        assert_eq!(found, *urls, "{feed}");
    }
}

/// A source in the group `world`, one in `local`, and an output for each, `world` first.
fn world() -> World {
    let mut world = World::new();
    world.site(SITE).output("world", "groups = [\"world\"]").output("local", "groups = [\"local\"]");
    world.source("harbour", []).set("harbour", "groups = [\"world\"]");
    world.source("metro", []).set("metro", "groups = [\"local\"]");
    world
}

#[test]
fn a_story_is_in_the_first_output_that_it_qualified_for() {
    let mut world = world();
    world.source("metro", [talks("2026-11-23 09:00"), ferry("2026-11-23 09:30")]);
    world.source("harbour", [talks("2026-11-23 10:00")]).try_to_refresh("2026-11-23 12:00");
    let (talks_at, ferry_at) = ("https://harbour.example/talks", "https://metro.example/ferry");
    check(&world, &[("world", &[talks_at]), ("local", &[ferry_at])]);
    // What the other output's sources told of it is not hidden.
    assert_eq!(world.read("world").only().covered_by(), ["metro"]);

    // It stays where it is for life, whoever tells it later.
    world.source("harbour", [talks("2026-11-23 10:00"), ferry("2026-11-23 13:00")]).try_to_refresh("2026-11-23 14:00");
    check(&world, &[("world", &[talks_at]), ("local", &[ferry_at])]);
    assert_eq!(world.read("local").only().covered_by(), ["harbour"]);
    let explained = world.command(&["explain", ferry_at]).out;
    assert!(explained.contains("in local as told by metro"), "{explained}");
    assert!(explained.contains("not in world: once = \"site\", and it is in local"), "{explained}");
    // Also when the outputs change places.
    world.outputs(&[("local", "groups = [\"local\"]"), ("world", "groups = [\"world\"]")]);
    world.try_to_refresh("2026-11-23 15:00");
    check(&world, &[("world", &[talks_at]), ("local", &[ferry_at])]);
}

#[test]
fn a_story_whose_output_is_no_more_moves_to_the_next() {
    let mut world = world();
    world.source("metro", [talks("2026-11-23 09:00")]).source("harbour", [talks("2026-11-23 10:00")]);
    world.try_to_refresh("2026-11-23 12:00");
    let id = world.read("world").only().id.clone();
    world.outputs(&[("local", "groups = [\"local\"]")]).try_to_refresh("2026-11-23 13:00");
    assert_eq!(
        (world.read("local").only().id.as_str(), world.read("local").only().url.as_str()),
        (id.as_str(), "https://metro.example/talks")
    );
    // And stays there when the other one comes back.
    world.outputs(&[("world", "groups = [\"world\"]"), ("local", "groups = [\"local\"]")]);
    world.try_to_refresh("2026-11-23 14:00");
    check(&world, &[("world", &[]), ("local", &["https://metro.example/talks"])]);
}

#[test]
fn what_was_in_several_outputs_stays_in_one() {
    let mut world = world();
    world.site("base_url = \"https://news.example/\"");
    world.source("metro", [talks("2026-11-23 09:00")]).source("harbour", [talks("2026-11-23 10:00")]);
    world.try_to_refresh("2026-11-23 12:00");
    check(&world, &[("world", &["https://harbour.example/talks"]), ("local", &["https://metro.example/talks"])]);
    world.site(SITE).try_to_refresh("2026-11-23 13:00");
    check(&world, &[("world", &["https://harbour.example/talks"]), ("local", &[])]);
}

#[test]
fn corrections_hold_in_one_output_too() {
    let mut world = world();
    world.source("metro", [talks("2026-11-23 09:00")]).source("harbour", [talks("2026-11-23 10:00")]);
    world.try_to_refresh("2026-11-23 12:00");
    // Split off, the metro's telling is a story of its own, in the output that may show it.
    assert_eq!(world.command(&["split", "https://harbour.example/talks", "metro"]).code, 0);
    let found: Vec<usize> = ["world", "local"].map(|output| world.read(output).items.len()).to_vec();
    assert_eq!(found, [1, 1]);
    let both: Vec<String> = ["world", "local"].iter().flat_map(|output| world.read(output).ids()).collect();
    // Put together again they are one, where the one was whose id it keeps.
    assert_eq!(world.command(&["merge", "https://harbour.example/talks", "https://metro.example/talks"]).code, 0);
    let found: Vec<Vec<String>> = ["world", "local"].map(|output| world.read(output).ids()).to_vec();
    assert!(found.concat().len() == 1 && both.contains(&found.concat()[0]), "{found:?} of {both:?}");
    let before = found;
    assert_eq!(world.command(&["drop", "https://harbour.example/talks"]).code, 0);
    check(&world, &[("world", &[]), ("local", &[])]);
    assert_eq!(world.command(&["drop", "--undo", "https://harbour.example/talks"]).code, 0);
    let after: Vec<Vec<String>> = ["world", "local"].map(|output| world.read(output).ids()).to_vec();
    assert_eq!(after, before);
}

#[test]
fn private_outputs_take_nothing_from_public_readers() {
    let mut world = World::new();
    world.site(SITE).output("mine", "private = true").output("all", "");
    world.source("vault", [ferry("2026-11-23 08:00")]).set("vault", "private = true");
    world.source("harbour", [talks("2026-11-23 10:00")]).try_to_refresh("2026-11-23 12:00");
    check(&world, &[("mine", &["https://vault.example/ferry"]), ("all", &["https://harbour.example/talks"])]);
    // What was private alone becomes public too when a public source tells it.
    world.source("harbour", [talks("2026-11-23 10:00"), ferry("2026-11-23 13:00")]).try_to_refresh("2026-11-23 14:00");
    let (talks_at, ferry_at) = ("https://harbour.example/talks", "https://harbour.example/ferry");
    check(&world, &[("mine", &["https://vault.example/ferry"]), ("all", &[ferry_at, talks_at])]);
    assert_eq!(world.read("all").at(ferry_at).also, []);
    assert_eq!(world.read("mine").only().covered_by(), ["harbour"]);
}

#[test]
fn each_source_has_a_feed_and_each_story_is_in_one() {
    let mut world = World::new();
    world.output("folders", "each = \"source\"");
    world.source("metro", [talks("2026-11-23 09:00"), ferry("2026-11-23 09:30")]).set("metro", "rank = 5");
    world.source("harbour", [talks("2026-11-23 10:00")]).source("quiet", []).try_to_refresh("2026-11-23 12:00");
    let (talks_at, ferry_at) = ("https://harbour.example/talks", "https://metro.example/ferry");
    check(&world, &[("folders-harbour", &[talks_at]), ("folders-metro", &[ferry_at]), ("folders-quiet", &[])]);
    assert_eq!(world.read("folders-harbour").only().covered_by(), ["metro"]);
    let index = world.folder().read("public/index.html");
    for feed in ["folders-harbour.rss", "folders-metro.rss", "folders-quiet.rss", "The quiet"] {
        assert!(index.contains(feed), "{feed} in {index}");
    }
    assert!(world.folder().read("public/folders-quiet.rss").contains("<title>The quiet</title>"));
    assert!(!world.folder().path("public/folders.rss").exists());

    // It stays in its feed, and shows its own source's telling there, whoever is preferred.
    world.dedupe("representative = \"preferred\"");
    world.source("harbour", [talks("2026-11-23 10:00"), ferry("2026-11-23 13:00")]).try_to_refresh("2026-11-23 14:00");
    check(&world, &[("folders-harbour", &[talks_at]), ("folders-metro", &[ferry_at])]);
    assert_eq!(world.read("folders-metro").only().covered_by(), ["harbour"]);
    // Its source is no more: another one that told it has it.
    let id = world.read("folders-harbour").only().id.clone();
    world.remove("harbour").try_to_refresh("2026-11-23 15:00");
    assert_eq!(world.read("folders-metro").at("https://metro.example/talks").id, id);
}

#[test]
fn feeds_for_each_source_and_others_share_the_site() {
    let mut world = World::new();
    world.site(SITE).output("world", "groups = [\"world\"]").output("rest", "each = \"source\"");
    world.source("harbour", [talks("2026-11-23 10:00")]).set("harbour", "groups = [\"world\"]");
    world.source("metro", [talks("2026-11-23 09:00"), ferry("2026-11-23 09:30")]).try_to_refresh("2026-11-23 12:00");
    let (talks_at, ferry_at) = ("https://harbour.example/talks", "https://metro.example/ferry");
    check(&world, &[("world", &[talks_at]), ("rest-harbour", &[]), ("rest-metro", &[ferry_at])]);
}

#[test]
fn a_run_that_ends_between_two_outputs_leaves_each_story_where_it_was_to_be() {
    let mut world = world();
    world.source("metro", [talks("2026-11-23 09:00")]);
    // The first formats of `local` are written, and this one cannot be.
    let json = world.folder().path("public/local.json");
    std::fs::create_dir_all(&json).unwrap();
    assert_eq!(world.try_to_refresh("2026-11-23 12:00").code, 74);
    std::fs::remove_dir(&json).unwrap();
    // Before the next run it qualifies for the first output too.
    world.source("harbour", [talks("2026-11-23 13:00")]).try_to_refresh("2026-11-23 14:00");
    check(&world, &[("world", &[]), ("local", &["https://metro.example/talks"])]);
    assert_eq!(world.read("local").only().covered_by(), ["harbour"]);
    let before = world.published();
    world.try_to_refresh("2026-11-23 15:00");
    assert_eq!(world.published(), before, "nothing new, no byte changed");
}
