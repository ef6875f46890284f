//! Addresses and guids: what says that two items are one, and what does not.

use super::pages::article;
use super::texts::{FERRY, LIBRARY, TALKS, TALKS_RETOLD, invented};
use super::world::{Item, World, item};

/// Items without anything in common but, perhaps, their address.
fn at(number: u64, url: &str) -> Item {
    item(&format!("guid-{number}")).url(url).title(&invented(number, 5)).text(invented(number + 100, 40))
}

/// Each address as another source has it, in one run; the items that come of it.
#[track_caller]
fn items_at(urls: &[&str]) -> usize {
    let mut world = World::new();
    for (number, url) in (1..).zip(urls) {
        world.source(&format!("outlet-{number}"), [at(number, url)]);
    }
    world.refresh("2026-11-23 12:00").items.len()
}

#[test]
fn d29_pages_for_telephones_are_the_page() {
    let page = "https://harbour.example/talks";
    let variants = [
        "https://amp.harbour.example/talks",
        "https://harbour.example/talks/amp",
        "https://harbour.example/talks?amp=1",
        "https://m.harbour.example/talks",
        "https://www.harbour.example/talks",
    ];
    for variant in variants {
        assert_eq!(items_at(&[page, variant]), 1, "{variant}");
    }
    assert_eq!(items_at(&[&[page][..], &variants].concat()), 1);
    // Never another site, though its path is the same.
    for other in
        ["https://amp.metro.example/talks", "https://m.metro.example/talks", "https://harbour-amp.example/talks"]
    {
        assert_eq!(items_at(&[page, other]), 2, "{other}");
    }
}

#[test]
fn d29_a_telephone_page_that_says_whose_it_is_is_that_page() {
    let mut world = World::new();
    world.source("harbour", [item("talks").title("River talks end without a deal").text(TALKS)]);
    // On a host of another site: that its text agrees decides.
    let page =
        article("River talks end without a deal", "2026-11-23 10:00", Some("https://harbour.example/talks"), TALKS);
    world.page("mobile", &page);
    let run = world.refresh("2026-11-23 12:00");
    assert_eq!((run.counts(), run.only().covered_by()), ((1, 1, 0), vec!["mobile"]));
}

/// A story of the harbour, and a page that tells it earlier, as long, and in words of its own, from a source
/// that is preferred: only what it says of itself can fold it. Also the page's address.
fn syndicated(canonical: Option<&str>) -> (World, String) {
    let mut world = World::new();
    let talks = item("talks").title("River talks end without a deal").text(TALKS).at("2026-11-23 11:00");
    world.source("harbour", [talks]).set("harbour", "rank = 5");
    let retold = format!("{TALKS_RETOLD} {}", invented(1, 30));
    let copy = world.page("metro", &article("River talks end without result", "2026-11-23 09:00", canonical, &retold));
    (world, copy)
}

#[test]
fn d30_a_page_that_names_its_original_is_folded_into_it() {
    let original = Some("https://harbour.example/talks");
    let (mut world, copy) = syndicated(original);
    // Pages that name their originals too: one that nobody tells, and one that it cannot be.
    let ferry = world
        .page("ledger", &article("Last crossing", "2026-11-23 09:00", Some("https://nobody.example/ferry"), FERRY));
    let books = world.page("tribune", &article("Six weeks", "2026-11-23 11:30", original, LIBRARY));
    let run = world.refresh("2026-11-23 12:00");
    assert_eq!((run.counts(), run.items.len()), ((3, 1, 0), 3));
    let shown = run.at("https://harbour.example/talks");
    assert_eq!(shown.title, "River talks end without a deal");
    assert_eq!(shown.also, [("metro".to_owned(), copy)]);
    assert_eq!((run.at(&ferry).title.as_str(), run.at(&books).title.as_str()), ("Last crossing", "Six weeks"));

    let (world, own) = syndicated(None);
    let run = world.refresh("2026-11-23 12:00");
    assert_eq!((run.counts(), run.items.len()), ((2, 0, 0), 2));
    assert_eq!(run.at(&own).title, "River talks end without result");
}

#[test]
fn d32_redirectors_that_carry_their_target_are_the_target() {
    let page = "https://harbour.example/talks";
    for wrapped in [
        "https://go.metro.example/redirect?url=https%3A%2F%2Fharbour.example%2Ftalks&utm_source=rss",
        "https://lists.example/l.php?u=https%3A%2F%2Fharbour.example%2Ftalks",
        "https://lists.example/out?u=https%3A%2F%2Fgo.metro.example%2Fredirect%3Furl%3Dhttps%253A%252F%252Fharbour.example%252Ftalks",
    ] {
        assert_eq!(items_at(&[page, wrapped]), 1, "{wrapped}");
    }
    // A page about a page, and a redirector to another.
    assert_eq!(items_at(&[page, "https://metro.example/check?url=https%3A%2F%2Fharbour.example%2Ftalks"]), 2);
    assert_eq!(items_at(&[page, "https://go.metro.example/redirect?url=https%3A%2F%2Fharbour.example%2Fferry"]), 2);
}

#[test]
fn d32_the_original_link_of_a_feed_service_is_the_link() {
    let mut world = World::new();
    world.source("harbour", [at(1, "https://harbour.example/talks"), at(2, "https://harbour.example/ferry")]);
    let burnt = at(3, "https://feeds.service.example/~r/harbour/~3/x1/").original("https://harbour.example/talks");
    let run = world.source("burner", [burnt]).refresh("2026-11-23 12:00");
    assert_eq!((run.counts(), run.items.len()), ((2, 1, 0), 2));
    // Both say the same of the same page at the same time: the first by name is shown.
    assert_eq!(run.at("https://harbour.example/talks").covered_by(), ["harbour"]);
}

#[test]
fn d39_one_address_in_two_feeds_of_a_publisher_is_one_item_with_both_sections() {
    let talks = |guid: &str, section: &str| {
        let talks = item(guid).url("https://harbour.example/talks").title("River talks end without a deal");
        talks.text(TALKS).category(section)
    };
    let mut world = World::new();
    world.source(
        "harbour-world",
        [talks("w1", "World"), item("ferry").title("Last crossing").text(FERRY).category("Isles")],
    );
    let run = world.source("harbour-river", [talks("r1", "River"), item("books").title("Six weeks").text(LIBRARY)]);
    let run = run.refresh("2026-11-23 12:00");
    assert_eq!((run.counts(), run.items.len()), ((3, 1, 0), 3));
    let mut tags = run.at("https://harbour.example/talks").tags.clone();
    tags.sort();
    assert_eq!(tags, ["River", "World"]);
    assert_eq!(run.at("https://harbour-world.example/ferry").tags, ["Isles"]);
}

/// Twenty items of one source; the number is in their guid, and the form of guid and address is given.
fn twenty(guid: impl Fn(u64) -> String, url: impl Fn(u64) -> String) -> Vec<Item> {
    (1..=20).map(|number| at(number, &url(number)).guid(&guid(number))).collect()
}

#[test]
fn d40_a_source_that_changes_all_its_guids_brings_nothing_new() {
    let slug = |n: u64| format!("https://harbour.example/story-{n}");
    let forms = [
        // The address stays, and only the guid says https now.
        (twenty(|n| format!("http://harbour.example/story-{n}"), slug), twenty(slug, slug)),
        // Guid and address are both made anew, and only the text stays.
        (
            twenty(|n| format!("https://harbour.example/?p={n}"), |n| format!("https://harbour.example/?p={n}")),
            twenty(slug, slug),
        ),
    ];
    for (before, after) in forms {
        let mut world = World::new();
        let first = world.source("harbour", before).refresh("2026-11-23 12:00");
        assert_eq!((first.counts(), first.items.len()), ((20, 0, 0), 20));
        let run = world.source("harbour", after.clone()).refresh("2026-11-23 14:00");
        assert_eq!((run.counts(), run.ids()), ((0, 20, 0), first.ids()));
        let order = |items: &[super::run::Shown]| items.iter().map(|item| item.id.clone()).collect::<Vec<_>>();
        assert_eq!(order(&run.items), order(&first.items));
        // One that is really new stands out.
        let run = world.source("harbour", after.into_iter().chain([at(21, &slug(21))])).refresh("2026-11-23 16:00");
        assert_eq!((run.counts(), run.items.len()), ((1, 0, 0), 21));
    }
}

#[test]
fn d41_a_guid_that_all_items_share_is_no_guid() {
    let all = |count: u64| (1..=count).map(|n| at(n, &format!("https://harbour.example/story-{n}")).guid("news"));
    let mut world = World::new();
    let first = world.source("harbour", all(1)).refresh("2026-11-23 12:00");
    assert!(first.warnings("harbour").is_empty(), "one item is no repetition");
    let run = world.source("harbour", all(5)).refresh("2026-11-23 14:00");
    assert_eq!((run.counts().0, run.items.len()), (4, 5));
    assert_eq!(run.at("https://harbour.example/story-1"), first.only());
    assert!(run.warnings("harbour").iter().any(|warning| warning.contains("guid")), "{:?}", run.warnings("harbour"));
    // And by their addresses they are known from now on.
    let run = world.source("harbour", all(6)).refresh("2026-11-23 16:00");
    assert_eq!((run.counts(), run.items.len()), ((1, 0, 0), 6));
}

#[test]
fn d42_the_same_guid_in_two_feeds_means_nothing() {
    for guid in ["1", "332", "top-story"] {
        let mut world = World::new();
        world.source("harbour", [item(guid).title("River talks end without a deal").text(TALKS)]);
        world.source("metro", [item(guid).title("Old ferry makes her last crossing").text(FERRY)]);
        let run = world.refresh("2026-11-23 12:00");
        assert_eq!((run.counts(), run.items.len()), ((2, 0, 0), 2));
        // Nor does it when the other comes later.
        let run = world.source("ledger", [item(guid).title("Six weeks for every book").text(LIBRARY)]);
        assert_eq!(run.refresh("2026-11-23 14:00").counts(), (1, 0, 0));
    }
}
