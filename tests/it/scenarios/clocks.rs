//! Sources whose clocks are wrong.

use super::texts::{FERRY, TALKS};
use super::world::{Item, World, item};

fn talks(at: &str) -> Item {
    item("talks").title("River talks end without a deal").text(TALKS).at(at)
}

#[test]
fn d66_a_source_whose_clock_is_ahead_neither_stays_on_top_nor_comes_last() {
    let mut world = World::new();
    // Three hours ahead, and first.
    let run = world.source("harbour", [talks("2026-11-23 15:00")]).refresh("2026-11-23 12:00");
    assert_eq!(run.only().published, "2026-11-23 12:00");
    // Another tells it with a true clock later: still the same item, with the date that readers know.
    let first = run.only().clone();
    let run = world.source("metro", [talks("2026-11-23 12:30")]).refresh("2026-11-23 13:00");
    assert_eq!((run.counts(), run.only().alone()), ((0, 1, 0), first.alone()));
    assert_eq!(run.only().covered_by(), ["metro"]);
    // What happens after it stands above it.
    let ferry = item("ferry").title("Old ferry makes her last crossing").text(FERRY).at("2026-11-23 13:30");
    let run = world.source("ledger", [ferry]).refresh("2026-11-23 14:00");
    assert_eq!(run.items[0].url, "https://ledger.example/ferry");
    // What the source wrote is kept.
    let told = world.explain("river talks");
    assert_eq!(told["tellings"][0]["published"], "2026-11-23T15:00:00Z");
}

#[test]
fn d66_a_date_that_cannot_be_counts_as_of_the_first_sight() {
    for (at, raw) in
        [("1970-01-01 00:00", "Thu, 1 Jan 1970 00:00:00 +0000"), ("2031-01-05 10:00", "Sun, 5 Jan 2031 10:00:00 +0000")]
    {
        let mut world = World::new();
        world.source("harbour", [talks("2026-11-23 10:00")]).refresh("2026-11-23 12:00");
        let run = world.source("metro", [talks(at)]).refresh("2026-11-23 13:00");
        assert_eq!((run.counts(), run.items.len()), ((0, 1, 0), 1), "{at}");
        let told = world.explain("river talks");
        assert_eq!(told["tellings"][1]["raw_date"], raw);
        assert_eq!(run.warnings("metro").len(), 1);

        // Alone it is a story of the day on which it came.
        let mut world = World::new();
        let run = world.source("harbour", [talks(at)]).refresh("2026-11-23 12:00");
        assert_eq!(run.only().published, "2026-11-23 12:00", "{at}");
    }
}
