//! Links that only their server understands.

use super::texts::{FERRY, TALKS, TALKS_RETOLD};
use super::world::{Item, World, item};

const TARGET: &str = "https://harbour.example/2026/11/talks";

/// A telling under a headline and in words of its own, so that nothing but its link can fold it.
fn retold(url: &str) -> Item {
    item("retold").url(url).title("What the delegates could not settle").text(TALKS_RETOLD)
}

#[test]
fn d33_a_redirector_is_asked_once_where_it_leads() {
    let mut world = World::new();
    let (short, feed) = (world.redirector("short", TARGET), world.redirector("feed", TARGET));
    let talks = item("talks").title("River talks end without a deal").text(TALKS).url(TARGET);
    world.source("harbour", [talks]).refresh("2026-11-23 12:00");
    let run = world.source("metro", [retold(&short)]).refresh("2026-11-23 13:00");
    assert_eq!(run.counts(), (0, 1, 0));
    assert_eq!(run.only().also, [("metro".to_owned(), TARGET.to_owned())], "readers get the real link");
    assert_eq!(world.rules("river talks")[1], ("metro".to_owned(), "same-url".to_owned()));
    assert_eq!(world.explain("river talks")["tellings"][1]["via"], short);

    // Not again at the next visit, nor for another source; another redirector is another question.
    world.refresh("2026-11-23 15:00");
    world.source("ledger", [retold(&short)]).source("coast", [retold(&feed)]).refresh("2026-11-23 16:00");
    assert_eq!((world.asked("short"), world.asked("feed")), (1, 1));
    assert_eq!(world.read("all").only().also.len(), 3);
}

#[test]
fn d33_a_link_that_changes_makes_no_new_item() {
    for (settings, asked) in [("", 1), ("follow_links = false", 0)] {
        let mut world = World::new();
        world.fetch(settings);
        let ids = ["a", "b", "c"];
        let links = ids.map(|id| world.redirector(id, "/"));
        let told = |link: &str| item(link).url(link).title("River talks end without a deal - Harbour Post").text(TALKS);
        let ferry = item("ferry").title("Old ferry makes her last crossing").text(FERRY);
        let first = world.source("news", [told(&links[0]), ferry.clone()]).refresh("2026-11-23 12:00");
        assert_eq!(first.items.len(), 2);
        for link in &links[1..] {
            let run = world.source("news", [told(link), ferry.clone()]).refresh("2026-11-23 15:00");
            assert_eq!((run.counts(), run.items.clone()), ((0, 0, 0), first.items.clone()));
            assert!(!run.wrote());
        }
        // What is known is not followed, and what leads nowhere keeps the link that it has.
        assert_eq!(ids.map(|id| world.asked(id)), [asked, 0, 0]);
        assert!(first.items.iter().any(|item| item.url == links[0]));
    }
}

#[test]
fn d33_a_link_that_leads_to_a_front_page_leads_nowhere() {
    let mut world = World::new();
    let link = world.redirector("dead", "https://harbour.example/");
    let run = world.source("metro", [retold(&link)]).refresh("2026-11-23 12:00");
    assert_eq!(run.only().url, link);
    world.refresh("2026-11-23 15:00");
    assert_eq!(world.asked("dead"), 1);
}

#[test]
fn a_run_without_time_for_all_links_brings_the_next_nearer() {
    let mut world = World::new();
    world.fetch("delay = \"500ms\"");
    let links: Vec<String> =
        (0..6).map(|n| world.redirector(&format!("r{n}"), &format!("https://harbour.example/{n}"))).collect();
    world.source(
        "metro",
        links.iter().enumerate().map(|(n, link)| {
            item(&format!("m{n}")).url(link).title(&format!("Number {n} of the harbour's lamps is lit")).text(TALKS)
        }),
    );
    for minute in 0..5 {
        let now = format!("2026-11-23T12:0{minute}:00Z");
        assert_eq!(
            world.command(&["--now", &now, "--allow-private", "127.0.0.1/32", "refresh", "--max-time", "2s"]).code,
            0
        );
    }
    // One that is under way when the time is up may be asked once more.
    let asked: Vec<usize> = (0..6).map(|n| world.asked(&format!("r{n}"))).collect();
    assert!(asked.iter().all(|times| (1..3).contains(times)), "{asked:?}");
    assert!(!world.read("all").items.is_empty());
}
