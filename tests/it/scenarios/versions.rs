//! The same source tells a story again under a guid and an address of its own.

use super::run::Run;
use super::texts::{FERRY, TALKS, TALKS_RETOLD, invented};
use super::world::{Item, World, item};

fn talks() -> Item {
    item("talks").title("River talks end without a deal").text(TALKS)
}

/// About two thirds of [`TALKS`] and something new.
fn second_version() -> Item {
    let words = TALKS.split_whitespace().count();
    let text = format!("{TALKS} {}", invented(7, words / 3));
    item("talks-v2").title("River talks end, councils to meet").text(text).at("2026-11-23 15:00")
}

/// The first version, then the first and another.
#[track_caller]
fn told_again(again: &Item, at: &str) -> (Run, Run) {
    let mut world = World::new();
    let first = world.source("harbour", [talks()]).refresh("2026-11-23 12:00");
    (first, world.source("harbour", [again.clone(), talks()]).refresh(at))
}

#[test]
fn d16_a_second_version_of_the_same_site_takes_the_place_of_the_first() {
    let (first, run) = told_again(&second_version(), "2026-11-23 16:00");
    let (first, second) = (first.only(), run.only());
    assert_eq!(run.counts(), (0, 1, 0));
    assert_eq!((&second.id, &second.published), (&first.id, &first.published));
    assert_eq!(
        (second.url.as_str(), second.title.as_str()),
        ("https://harbour.example/talks-v2", "River talks end, councils to meet")
    );
    assert!(second.text.contains(&invented(7, 30)[..40]));
    assert_eq!(second.also, [("harbour".to_owned(), "https://harbour.example/talks".to_owned())]);
}

#[test]
fn d16_another_site_or_another_day_changes_no_link() {
    let mut world = World::new();
    let first = world.source("harbour", [talks()]).refresh("2026-11-23 12:00").only().clone();
    let run = world.source("metro", [second_version()]).refresh("2026-11-23 16:00");
    assert_eq!((run.counts(), &run.only().url, &run.only().id), ((0, 1, 0), &first.url, &first.id));

    let (first, run) = told_again(&second_version().at("2026-11-25 12:00"), "2026-11-25 13:00");
    assert_eq!((&run.only().url, &run.only().id), (&first.only().url, &first.only().id));
}

#[test]
fn d16_the_next_story_of_the_same_site_is_an_item_of_its_own() {
    // What both say of the past is less than half of each, and stands near the top of the second.
    let past: String = TALKS.split_inclusive(". ").take(2).collect();
    let text = format!("{} {past}{}", invented(9, 15), invented(10, 55));
    let (first, run) = told_again(&second_version().text(text), "2026-11-23 16:00");
    assert_eq!((run.counts(), run.items.len()), ((1, 0, 0), 2));
    assert_eq!(run.at("https://harbour.example/talks"), first.only());
}

const QUAKE: &str = "An earthquake of magnitude 4.1 shook the northern islands early in the morning, the observatory said. \
    It was felt as far as the capital, where lamps swung for some seconds. No damage was reported at first, and the ferries \
    kept to their timetable. The observatory expects weaker shocks during the coming days and asks people on the slopes to \
    stay away from loose rock. The last one of this strength was measured in spring, near the same fault.";

#[test]
fn d17_a_correction_under_a_new_guid_is_the_same_item_and_an_update() {
    let quake = item("quake").title("Earthquake shakes the northern islands").text(QUAKE);
    let corrected = item("quake-c")
        .title("CORRECTED: Earthquake shakes the northern islands")
        .text(QUAKE.replace("4.1", "5.1"))
        .at("2026-11-23 13:00");
    for corrected in [
        corrected.clone(),
        corrected.clone().url("https://harbour.example/quake"),
        corrected.title("Clarification: Earthquake shakes the northern islands"),
    ] {
        let mut world = World::new();
        let first = world.source("harbour", [quake.clone()]).refresh("2026-11-23 12:00").only().clone();
        let run = world.source("harbour", [corrected, quake.clone()]).refresh("2026-11-23 14:00");
        let second = run.only();
        assert_eq!((&second.id, &second.published), (&first.id, &first.published));
        assert!(second.title.ends_with(": Earthquake shakes the northern islands"), "{}", second.title);
        assert!(second.text.contains("5.1") && !second.text.contains("4.1"), "{}", second.text);
        assert!(second.updated > first.updated, "{second:?}");
        // The next run has nothing to add.
        assert_eq!(world.refresh("2026-11-23 16:00").only(), second);
    }
}

#[test]
fn d17_the_same_words_around_another_number_are_no_correction_unless_they_say_so() {
    let mut world = World::new();
    let quake = item("quake").title("Earthquake shakes the northern islands").text(QUAKE);
    let first = world.source("harbour", [quake.clone()]).refresh("2026-11-23 12:00").only().clone();
    let next = quake
        .clone()
        .guid("quake-2")
        .text(QUAKE.replace("4.1", "5.3").replace("spring", "winter"))
        .at("2026-11-24 09:00");
    let run = world.source("harbour", [next, quake]).refresh("2026-11-24 10:00");
    assert_eq!((run.counts(), run.items.len()), ((1, 0, 0), 2));
    assert_eq!(run.id(&first.id), &first);
}

#[test]
fn d18_a_retraction_is_an_item_of_its_own() {
    let retraction = item("retraction").title("Retraction: River talks end without a deal").at("2026-11-24 09:00").text(
        "We wrote that the two delegations left the assembly hall late in the evening without a deal on the shared river. \
         That relied on a paper that turned out to be a draft of last year, and we have taken the report down. What was \
         agreed behind closed doors is not known to us. We apologise to both sides and to our readers, and two people \
         check such papers now before anything is printed.",
    );
    let (first, run) = told_again(&retraction, "2026-11-24 10:00");
    assert_eq!((run.counts(), run.items.len()), ((1, 0, 0), 2));
    assert_eq!(run.at("https://harbour.example/talks"), first.only());
    assert_eq!(run.at("https://harbour.example/retraction").title, "Retraction: River talks end without a deal");
}

#[test]
fn d43_a_guid_that_is_given_to_another_story_makes_a_new_item_and_a_warning() {
    let slot = |name: &str, title: &str, text: &str, at: &str| {
        item("top-story").url(&format!("https://harbour.example/{name}")).title(title).text(text).at(at)
    };
    let mut world = World::new();
    world.source("harbour", [slot("talks", "River talks end without a deal", TALKS, "2026-11-23 10:00")]);
    let first = world.refresh("2026-11-23 12:00").only().clone();
    let ferry = || slot("ferry", "Old ferry makes her last crossing", FERRY, "2026-11-24 10:00");
    let run = world.source("harbour", [ferry()]).refresh("2026-11-24 12:00");
    assert_eq!((run.counts(), run.items.len()), ((1, 0, 0), 2));
    assert_eq!(run.id(&first.id), &first);
    assert_eq!(run.at("https://harbour.example/ferry").title, "Old ferry makes her last crossing");
    assert!(!run.warnings("harbour").is_empty());
    // It stays where it is now.
    let again =
        world.source("harbour", [ferry().title("Old ferry makes her very last crossing")]).refresh("2026-11-24 14:00");
    assert_eq!((again.counts(), again.ids()), ((0, 0, 1), run.ids()));
}

#[test]
fn d43_a_guid_whose_story_only_moved_is_the_same_item() {
    let mut world = World::new();
    let first = world.source("harbour", [talks()]).refresh("2026-11-23 12:00").only().clone();
    let run =
        world.source("harbour", [talks().url("https://harbour.example/2026/11/talks")]).refresh("2026-11-23 14:00");
    assert_eq!((run.only().id.as_str(), run.counts().0), (first.id.as_str(), 0));
    let retold = talks().title("Envoys leave with little to show").text(TALKS_RETOLD);
    let run = world.source("harbour", [retold]).refresh("2026-11-23 16:00");
    assert_eq!((run.only().id.as_str(), run.counts()), (first.id.as_str(), (0, 0, 1)), "rewritten at its address");
}
