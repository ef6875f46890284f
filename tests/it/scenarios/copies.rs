//! Copies of one story: they arrive one after the other, or stay side by side for weeks.

use super::texts::{FERRY, TALKS, TALKS_RETOLD};
use super::world::{World, item};

/// Long enough to be believed alone, were there no text to compare.
const HEADLINE: &str = "Second round of river talks ends late at night without any deal on water";

/// A copy as outlets make them: another first line, another headline, their name behind it.
fn copy(outlet: &str) -> super::world::Item {
    item("wire")
        .title(&format!("{HEADLINE} - The {outlet}"))
        .text(format!("{}, Nov 23 (Wire) - {TALKS}", outlet.to_uppercase()))
}

#[test]
fn d02_copies_of_later_runs_are_coverage_and_nothing_else_changes() {
    let mut world = World::new();
    let first = world.source("harbour", [copy("Harbour")]).refresh("2026-11-23 12:00").only().clone();
    assert_eq!(first.url, "https://harbour.example/wire");

    // Dated before the first: that is no reason to show it instead.
    let run = world.source("metro", [copy("Metro").at("2026-11-23 09:00")]).refresh("2026-11-23 14:00");
    assert_eq!((run.counts(), run.only().alone()), ((0, 1, 0), first.clone()));
    assert_eq!(run.only().covered_by(), ["metro"]);

    let run = world.source("ledger", [copy("Ledger").at("2026-11-23 15:00")]).refresh("2026-11-23 16:00");
    assert_eq!((run.counts(), run.only().alone()), ((0, 1, 0), first.clone()));
    assert_eq!(run.only().covered_by(), ["ledger", "metro"]);

    // The same headline over a report of their own is another item.
    let own = item("own").title(HEADLINE).text(TALKS_RETOLD).at("2026-11-23 17:00");
    let run = world.source("tribune", [own]).refresh("2026-11-23 18:00");
    assert_eq!((run.counts(), run.items.len()), ((1, 0, 0), 2));
    assert_eq!(run.id(&first.id).covered_by(), ["ledger", "metro"]);
}

#[test]
fn d54_who_is_shown_does_not_alternate_while_near_equal_entries_stay_for_weeks() {
    let mut world = World::new();
    let (mut seen, mut ids) = (None, None);
    for day in 1..=21 {
        // Each day another of them is touched, dated anew and moved to the top.
        let touched = |turn: u32, guid: &str| {
            let remark = format!("{TALKS} The page was seen {} times.", if day % 3 == turn { day } else { 1 });
            let at = if day % 3 == turn { format!("2026-11-{day:02} 09:00") } else { "2026-11-01 08:00".to_owned() };
            item(guid).title("River talks end without a deal").text(remark).at(&at)
        };
        let mut two = [touched(0, "talks"), touched(1, "talks-again")];
        two.rotate_left(usize::from(day % 2 == 0));
        let ferry = item("ferry").title("Old ferry retires").text(FERRY).at("2026-11-01 08:30");
        world.source("harbour", two.into_iter().chain([ferry])).source("metro", [touched(2, "talks")]);
        let run = world.refresh(&format!("2026-11-{day:02} 12:00"));
        assert_eq!(run.items.len(), 2, "day {day}");
        let urls: Vec<_> = run.items.iter().map(|item| item.url.clone()).collect();
        assert_eq!(seen.get_or_insert(urls.clone()), &urls, "day {day}");
        assert_eq!(ids.get_or_insert(run.ids()), &run.ids(), "day {day}");
    }
}
