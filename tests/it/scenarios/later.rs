//! Days, weeks and years later: what comes again, and what has gone.

use super::run::Shown;
use super::texts::{FERRY, LIBRARY, TALKS, TALKS_RETOLD, invented};
use super::world::{Item, World, item};

fn talks() -> Item {
    item("talks").title("River talks end without a deal").text(TALKS)
}

#[test]
fn d23_a_story_that_is_promoted_again_is_not_published_again() {
    for again in [talks(), talks().guid("talks-promoted").url("https://harbour.example/talks")] {
        let mut world = World::new();
        world.source("harbour", [talks()]).refresh("2026-11-23 12:00");
        let ferry = item("ferry").title("Old ferry makes her last crossing").text(FERRY).at("2026-11-24 10:00");
        let before: Vec<Shown> = world.source("harbour", [ferry.clone(), talks()]).refresh("2026-11-24 12:00").items;
        let run = world.source("harbour", [again.at("2026-11-26 10:00"), ferry]).refresh("2026-11-26 12:00");
        assert_eq!((run.counts().0, run.items), (0, before.clone()), "neither dates nor order move");

        // The same headline over a new text at an address of its own is news.
        let next = item("talks-3").title("River talks end without a deal").text(TALKS_RETOLD).at("2026-11-26 11:00");
        assert_eq!(world.source("harbour", [next]).refresh("2026-11-26 13:00").items.len(), 3);
    }
}

#[test]
fn d24_the_same_text_on_another_site_days_later_is_coverage() {
    let mut world = World::new();
    // Longer than the window for near text: the same text counts for a week.
    let first = world.dedupe("window = \"1d\"").source("harbour", [talks()]).refresh("2026-11-23 12:00").only().clone();
    let run = world.source("metro", [talks().at("2026-11-26 10:00")]).refresh("2026-11-26 12:00");
    assert_eq!((run.counts(), run.only().alone()), ((0, 1, 0), first));
    assert_eq!(run.only().also, [("metro".to_owned(), "https://metro.example/talks".to_owned())]);
    assert_eq!(world.rules("river talks")[1], ("metro".to_owned(), "same-text".to_owned()));

    // After the week it is a story of its own.
    let run = world.source("ledger", [talks().at("2026-12-04 10:00")]).refresh("2026-12-04 12:00");
    assert_eq!((run.counts(), run.items.len()), ((1, 0, 0), 2));
}

/// What is published when a text of a year ago comes again.
fn a_year_later(settings: &str) -> usize {
    let mut world = World::new();
    world.dedupe(settings).source("harbour", [talks()]).refresh("2026-11-23 12:00");
    world.source("metro", [talks().at("2027-11-23 10:00")]).refresh("2027-11-23 12:00").items.len()
}

#[test]
fn d25_the_same_text_a_year_later_is_new_unless_the_window_is_that_long() {
    assert_eq!(a_year_later(""), 2);
    assert_eq!(a_year_later("window = \"60w\""), 1);
}

#[test]
fn d25_a_window_may_be_forever() {
    assert_eq!(a_year_later("window = \"forever\""), 1);
}

#[test]
fn d60_what_has_left_the_output_does_not_return_while_its_source_still_lists_it() {
    let mut world = World::new();
    world.output("all", "limit = 1\nkeep = \"1h\"");
    let old = world.source("harbour", [talks()]).refresh("2026-11-23 12:00").only().clone();
    let news = |number: u32| {
        let at = format!("2026-12-{number:02} 10:00");
        let text = invented(u64::from(number), 60);
        item(&format!("news-{number}"))
            .title(&format!("Headline {}", invented(u64::from(number), 6)))
            .text(text)
            .at(&at)
    };
    let again = [
        // Listed as ever, dated anew, edited, and under another guid at the same address.
        talks(),
        talks().at("2026-12-02 09:00"),
        talks().title("River talks ended without a deal").text(format!("{TALKS} {LIBRARY}")),
        talks().guid("talks-once-more").url("https://harbour.example/talks").at("2026-12-04 09:00"),
    ];
    for (number, old_one) in (1..).zip(again) {
        let run = world.source("harbour", [news(number), old_one]).refresh(&format!("2026-12-{number:02} 12:00"));
        assert_eq!(run.only().url, format!("https://harbour.example/news-{number}"));
        assert_eq!(run.counts().0, 1);
    }
    // Also when there would be room for it: it keeps its day, and is not told of as news.
    world.remove("harbour").source("metro", [talks().url("https://harbour.example/talks").at("2026-12-05 10:00")]);
    let run = world.refresh("2026-12-05 12:00");
    assert_eq!(run.counts().0, 0);
    assert_eq!(world.explain(&old.id)["id"], old.id.as_str());
}
