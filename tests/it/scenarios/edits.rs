//! An item that its source changes in place: the same guid at the same address.

use super::run::Shown;
use super::texts::{FERRY, TALKS, invented};
use super::world::{Item, World, item};

const BEFORE: &str = "2026-11-23 12:00";
const AFTER: &str = "2026-11-23 14:00";

fn talks() -> Item {
    item("talks").title("River talks end without a deal").text(TALKS)
}

/// Publishes an item, then its edit; gives what readers have before and after.
#[track_caller]
fn edited(before: Item, after: Item, setting: &str) -> (Shown, Shown) {
    let mut world = World::new();
    let first = world.source("harbour", [before]).set("harbour", setting).refresh(BEFORE).only().clone();
    let run = world.source("harbour", [after]).refresh(AFTER);
    assert_eq!(run.counts(), (0, 0, 1));
    let second = run.only().clone();
    assert_eq!((&second.id, &second.published), (&first.id, &first.published));
    (first, second)
}

#[test]
fn d12_a_typo_that_is_mended_in_the_title_is_no_new_item() {
    let mut world = World::new();
    world.source("harbour", [talks().title("River talks ends without a deal")]);
    let first = world.refresh(BEFORE).only().clone();

    let run = world.source("harbour", [talks()]).refresh(AFTER);
    assert_eq!(run.counts(), (0, 0, 1));
    assert_eq!(run.only(), &Shown { title: "River talks end without a deal".to_owned(), ..first.clone() });

    // As small a difference between two headlines, with another story behind each.
    let next = item("talks-2").title("River talks end with a deal").text(FERRY).at("2026-11-23 15:00");
    let run = world.source("harbour", [next, talks()]).refresh("2026-11-23 16:00");
    assert_eq!((run.counts(), run.items.len()), ((1, 0, 0), 2));
    assert_eq!(run.id(&first.id).title, "River talks end without a deal");
}

#[test]
fn d13_another_headline_over_the_same_text_is_shown_in_its_place() {
    let title = "You will not believe what they could not agree on";
    let (first, second) = edited(talks(), talks().title(title), "");
    assert_eq!(second, Shown { title: title.to_owned(), ..first });
}

#[test]
fn d14_a_small_edit_replaces_the_text_and_moves_nothing() {
    // One paragraph of about a seventh of the text, and a word that was misspelt.
    let grown = format!(
        "{} Our reporter Anna Lund was in the hall until the last chair was stacked.",
        TALKS.replace("gauges", "gages")
    );
    let (first, second) = edited(talks().text(&grown), talks().text(grown.replace("gages", "gauges")), "");
    assert!(second.text.contains("gauges") && !first.text.contains("gauges"));
    assert_eq!(second.updated, first.updated);
    let (first, second) = edited(talks(), talks().text(&grown), "");
    assert!(second.text.contains("Anna Lund"));
    assert_eq!(second.updated, first.updated);
    let (_, second) = edited(talks().text(&grown), talks(), "");
    assert!(!second.text.contains("Anna Lund"), "what is shorter now is shown shorter");
}

#[test]
fn d14_a_source_may_say_that_every_edit_counts_or_none() {
    let typo = talks().text(TALKS.replace("gauges", "gages"));
    let (_, always) = edited(talks(), typo, "update = \"always\"");
    assert_eq!(always.updated, AFTER);
    let grown = talks().text(format!("{TALKS} {FERRY}"));
    let (first, never) = edited(talks(), grown.clone(), "update = \"never\"");
    assert!(never.text.contains("last crossing"));
    assert_eq!(never.updated, first.updated);
    let (_, content) = edited(talks(), grown, "update = \"content\"");
    assert_eq!(content.updated, AFTER);
}

#[test]
fn d15_a_text_that_grew_by_more_than_a_fifth_is_an_update() {
    let more = |words| talks().text(format!("{TALKS} {}", invented(1, words)));
    let words = TALKS.split_whitespace().count();
    let (_, second) = edited(talks(), more(words / 4), "");
    assert_eq!(second.updated, AFTER);
    assert!(second.text.contains(&invented(1, words / 4)));
    // A little below a fifth is an edit like any other.
    let (first, second) = edited(talks(), more(words / 6), "");
    assert_eq!(second.updated, first.updated);
}

#[test]
fn d15_an_edit_that_is_marked_as_a_correction_is_an_update() {
    let marked = talks().title("CORRECTED: River talks end without a deal").text(TALKS.replace("dry", "wet"));
    let (_, second) = edited(talks(), marked, "");
    assert_eq!((second.updated.as_str(), second.title.as_str()), (AFTER, "CORRECTED: River talks end without a deal"));
    // Once: the mark that stays is no news.
    let mut world = World::new();
    let marked = talks().title("CORRECTED: River talks end without a deal");
    world.source("harbour", [talks()]).refresh(BEFORE);
    world.source("harbour", [marked.clone()]).refresh(AFTER);
    let run = world.source("harbour", [marked.text(TALKS.replace("gauges", "gages"))]).refresh("2026-11-23 16:00");
    assert_eq!((run.counts(), run.only().updated.as_str()), ((0, 0, 1), AFTER));
}

#[test]
fn d15_an_edit_that_is_marked_as_updated_is_an_update() {
    let marked = talks().title("UPDATED: River talks end without a deal").text(TALKS.replace("next week", "on Friday"));
    let (_, second) = edited(talks(), marked, "");
    assert_eq!((second.updated.as_str(), second.title.as_str()), (AFTER, "UPDATED: River talks end without a deal"));
}
