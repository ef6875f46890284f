//! A private source has the whole text, a public one the summary: together in private, and nothing of it
//! in public.

use super::run::Shown;
use super::texts::{FERRY, TALKS, TALKS_SUMMARY};
use super::world::{Item, World, item};

/// The end of the whole text, which the summary does not have.
const END: &str = "the door stays open";

fn full(at: &str) -> Item {
    item("subscriber").title("Subscribers only: how the river talks failed").text(TALKS).at(at).category("Vault")
}

fn summary(at: &str) -> Item {
    item("talks").title("River talks end without a deal").text(TALKS_SUMMARY).at(at)
}

/// A world with a public and a private output.
fn world() -> World {
    let mut world = World::new();
    world.output("all", "").output("mine", "private = true");
    world
}

/// The private source, preferred in every way.
fn vault(world: &mut World, items: impl IntoIterator<Item = Item>) -> &mut World {
    world.source("vault", items).set("vault", "private = true")
}

/// The public one.
fn open(world: &mut World, items: impl IntoIterator<Item = Item>) -> &mut World {
    world.source("harbour", items).set("harbour", "rank = 9")
}

/// The public files.
fn public(world: &World) -> Vec<(String, String)> {
    let files = world.published().into_iter().filter(|(name, _)| !name.starts_with("mine."));
    files.map(|(name, bytes)| (name, String::from_utf8(bytes).unwrap())).collect()
}

#[track_caller]
fn nothing_of_it_is_public(world: &World) {
    for (name, text) in public(world) {
        let lower = text.to_lowercase();
        for word in ["vault", "subscriber", END, "Also covered by", "mine"] {
            assert!(!lower.contains(&word.to_lowercase()), "{word:?} in {name}:\n{text}");
        }
    }
}

#[track_caller]
fn the_same_as_without(world: &World, alone: &World) {
    nothing_of_it_is_public(world);
    assert_eq!(public(world), public(alone));
}

#[test]
fn the_whole_text_of_a_private_source_is_shown_in_private_alone() {
    let (mut world, mut alone) = (world(), world());
    let ferry = || item("ferry").title("Last crossing").text(FERRY);
    let note = item("note").title("A note").text("A note to ourselves about who has the keys this week.");
    open(&mut world, [summary("2026-11-23 10:00"), ferry()]);
    let run = vault(&mut world, [full("2026-11-23 11:00"), note]).refresh("2026-11-23 12:00");
    assert_eq!((run.counts(), run.items.len()), ((3, 1, 0), 2), "they fold");
    open(&mut alone, [summary("2026-11-23 10:00"), ferry()]).refresh("2026-11-23 12:00");
    the_same_as_without(&world, &alone);

    let mine = world.read("mine");
    assert_eq!(mine.items.len(), 3);
    let shown = mine.at("https://vault.example/subscriber");
    assert!(shown.text.contains(END), "{}", shown.text);
    assert_eq!((&shown.id, shown.covered_by()), (&run.at("https://harbour.example/talks").id, vec!["harbour"]));
}

#[test]
fn a_private_telling_that_comes_later_changes_no_public_byte() {
    let (mut world, mut alone) = (world(), world());
    open(&mut world, [summary("2026-11-23 10:00")]).refresh("2026-11-23 12:00");
    open(&mut alone, [summary("2026-11-23 10:00")]).refresh("2026-11-23 12:00");
    the_same_as_without(&world, &alone);
    let id = world.read("all").only().id.clone();

    let run = vault(&mut world, [full("2026-11-23 13:00")]).refresh("2026-11-23 14:00");
    assert_eq!(run.counts(), (0, 1, 0));
    the_same_as_without(&world, &alone);
    // Nor do its edits, nor what it tells besides.
    let grown = full("2026-11-23 13:00").text(format!("{TALKS} {FERRY}"));
    vault(&mut world, [grown, item("note").title("A note").text(FERRY).at("2026-11-23 15:00")])
        .refresh("2026-11-23 16:00");
    the_same_as_without(&world, &alone);
    assert_eq!(world.read("mine").items.len(), 2);
    assert_eq!(world.read("mine").id(&id).covered_by(), ["vault"]);
}

/// The private telling is known before the public one comes; the worlds with and without it.
fn private_first() -> (World, World) {
    let (mut world, mut alone) = (world(), world());
    vault(&mut world, [full("2026-11-23 09:00")]).refresh("2026-11-23 11:00");
    assert_eq!(world.read("all").items, []);
    let run = open(&mut world, [summary("2026-11-23 10:00")]).refresh("2026-11-23 12:00");
    assert_eq!(run.counts(), (0, 1, 0), "they fold");
    open(&mut alone, [summary("2026-11-23 10:00")]).refresh("2026-11-23 12:00");
    (world, alone)
}

#[test]
fn a_private_telling_that_came_first_is_shown_in_private_alone() {
    let (mut world, alone) = private_first();
    nothing_of_it_is_public(&world);
    let (shown, expected) = (world.read("all"), alone.read("all"));
    assert_eq!(
        Shown { id: String::new(), ..shown.only().clone() },
        Shown { id: String::new(), ..expected.only().clone() }
    );
    let mine = world.read("mine");
    assert_eq!(
        (mine.only().url.as_str(), mine.only().covered_by()),
        ("https://vault.example/subscriber", vec!["harbour"])
    );
    // When the private source is no more, nothing changes in public.
    let run = world.remove("vault").refresh("2026-11-23 14:00");
    assert_eq!(run.only(), shown.only());
}

#[test]
fn a_private_source_does_not_make_public_items_old() {
    let (mut world, mut alone) = (World::new(), World::new());
    for world in [&mut world, &mut alone] {
        world.output("all", "limit = 1\nkeep = \"48h\"").output("mine", "private = true");
        let ferry = item("ferry").title("Last crossing").text(FERRY).at("2026-11-23 09:00");
        open(world, [summary("2026-11-23 10:00"), ferry]).refresh("2026-11-23 12:00");
    }
    assert_eq!(alone.read("all").items.len(), 2);
    // Days later, when only the private source has news.
    let note = item("note").title("A note").text(TALKS).at("2026-11-28 10:00");
    vault(&mut world, [note]).refresh("2026-11-28 12:00");
    alone.refresh("2026-11-28 12:00");
    the_same_as_without(&world, &alone);
}
