//! Live blogs: one address whose text grows all day, and another address every day.

use super::texts::invented;
use super::world::{Item, World, item};

/// The page after so many hours: each time half as long again.
fn live(day: u64, hours: u32) -> Item {
    let words = 80 * 3_usize.pow(hours) / 2_usize.pow(hours);
    item(&format!("live-{day}"))
        .title("Live: the river talks")
        .text(format!("We follow the talks on the river here, with the newest on top. {}", invented(day, words)))
        .at(&format!("2026-11-{day:02} 07:50"))
}

/// When `updated` stands after each hour of a day with these settings.
#[track_caller]
fn updates(settings: &str) -> Vec<String> {
    let mut world = World::new();
    world.dedupe(settings);
    let mut id = None;
    (0..=6)
        .map(|hours| {
            let run = world.source("harbour", [live(23, hours)]).refresh(&format!("2026-11-23 {:02}:00", 8 + hours));
            let shown = run.only().clone();
            assert_eq!(id.get_or_insert(shown.id.clone()), &shown.id);
            assert!(live(23, hours).says(&shown.text), "the newest text is shown, however {hours}");
            assert_eq!(shown.published, "2026-11-23 07:50");
            shown.updated[11..].to_owned()
        })
        .collect()
}

#[test]
fn d19_a_live_blog_is_one_item_that_is_updated_every_few_hours_at_most() {
    // The first growth counts at once, then nothing for three hours.
    assert_eq!(updates(""), ["07:50", "09:00", "09:00", "09:00", "12:00", "12:00", "12:00"]);
}

#[test]
fn d19_how_often_is_a_setting() {
    assert_eq!(updates("live_min_interval = \"2h\""), ["07:50", "09:00", "09:00", "11:00", "11:00", "13:00", "13:00"]);
}

#[test]
fn d20_the_live_blog_of_the_next_day_is_an_item_of_its_own() {
    let mut world = World::new();
    let mut pages: Vec<Item> = Vec::new();
    for (number, day) in (21..=23).enumerate() {
        pages.insert(0, live(day, 0));
        let run = world.source("harbour", pages.clone()).refresh(&format!("2026-11-{day} 08:00"));
        assert_eq!((run.counts(), run.items.len()), ((1, 0, 0), number + 1));
        // Of one day it stays one.
        pages[0] = live(day, 3);
        let run = world.source("harbour", pages.clone()).refresh(&format!("2026-11-{day} 20:00"));
        assert_eq!((run.counts(), run.items.len()), ((0, 0, 1), number + 1));
    }
}
