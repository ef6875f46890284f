//! Selectors that were made of a page find its stories again.

use crate::extract::{Hints, Pin, explain, read};
use crate::model::{Kind, Page};

fn page(body: String) -> Page {
    Page {
        url: "https://harbour.example/news".parse().ok(),
        content_type: Some("text/html; charset=utf-8".to_owned()),
        body: body.into_bytes(),
        fetched_at: "2026-11-24T06:00:00Z".parse().ok(),
    }
}

/// The pin of a page; what it finds is read again as a configuration would be.
#[track_caller]
fn check(body: String, stories: usize) -> Pin {
    let page = page(body);
    let found = read(&page, &Kind::Listing.into()).unwrap();
    assert_eq!(found.drafts.len(), stories);
    let pin = explain(&page).pin.expect("selectors");
    let again = read(&page, &Hints { kind: Kind::Listing, list: Some(pin.list.clone()), ..Hints::default() }).unwrap();
    let rows = |drafts: Vec<crate::extract::Draft>| -> Vec<_> {
        drafts.into_iter().map(|draft| draft.clean()).map(|story| (story.title, story.url, story.published)).collect()
    };
    assert_eq!(rows(again.drafts), rows(found.drafts), "{:?}", pin.list);
    assert_eq!((pin.stories, pin.reproduced, pin.extra), (stories, stories, 0), "{:?}", pin.list);
    pin
}

const NAMES: [&str; 8] = ["ferry", "crane", "tunnel", "choir", "bridge", "lighthouse", "market", "orchard"];

fn card(nth: usize, class: &str, tag: &str) -> String {
    let name = NAMES[nth % NAMES.len()];
    format!(
        "<div class=\"{class} card-{nth}\"><a class=thumb href=\"/2026/11/the-{name}-story-{nth}\"><img src=/i/{nth}.jpg></a>\
         <{tag}><a href=\"/2026/11/the-{name}-story-{nth}\">The {name} and what became of it, part {nth}</a></{tag}>\
         <time datetime=\"2026-11-{:02}T08:00:00Z\">November</time>\
         <p>All that is known of the {name} so far, told by those who were there when it began.</p></div>",
        nth + 1
    )
}

fn with_menu(main: &str) -> String {
    format!(
        "<!DOCTYPE html><title>Harbour</title><ul class=menu><li><a href=/sport>Sport</a><li><a href=/culture>Culture</a></ul>\
         <main id=content>{main}</main><footer><a href=/imprint>Imprint</a></footer>"
    )
}

#[test]
fn cards_are_pinned_by_their_class() {
    let cards: String = (0..8).map(|nth| card(nth, "card story", "h2")).collect();
    let pin = check(with_menu(&cards), 8);
    assert!(pin.list.items.contains("card") || pin.list.items.contains("story"), "{:?}", pin.list);
    assert!(!pin.list.items.contains("card-"), "{:?}", pin.list);
    assert_eq!(pin.list.date.as_deref(), Some("time"));
    assert!(pin.list.url.is_some() && pin.list.title.is_some() && pin.list.summary.is_some(), "{:?}", pin.list);
}

#[test]
fn blocks_that_are_built_differently_are_joined() {
    let cards: String = (0..4).map(|nth| card(nth, "lead", "h2")).collect();
    let more: String = (4..8).map(|nth| card(nth, "brief", "h3")).collect();
    let pin = check(with_menu(&format!("<section class=top>{cards}</section><section class=more>{more}</section>")), 8);
    assert!(pin.list.items.len() < 80, "{:?}", pin.list);
}

#[test]
fn a_list_without_classes_is_pinned_by_its_place() {
    let rows: String = (0..6)
        .map(|nth| {
            format!(
                "<li><a href=\"/2026/11/the-{0}-is-back-{nth}\">The {0} is back after a long winter</a>",
                NAMES[nth]
            )
        })
        .collect();
    let pin = check(with_menu(&format!("<h1>News</h1><ul>{rows}</ul>")), 6);
    assert!(pin.list.items.contains("li") || pin.list.items.contains('a'), "{:?}", pin.list);
}

/// Names of classes that need escapes are not used, and neither are those of one story.
#[test]
fn odd_classes_are_left_out() {
    let rows: String = (0..6)
        .map(|nth| {
            format!(
                "<div class=\"md:w-1/2 p-[3px]\"><h3 class=\"2xl\"><a href=\"/2026/11/the-{0}-is-back-{nth}\">The {0} is back \
                 after a long winter</a></h3></div>",
                NAMES[nth]
            )
        })
        .collect();
    let pin = check(with_menu(&rows), 6);
    assert!(!pin.list.items.contains([':', '[', '2']), "{:?}", pin.list);
}

#[test]
fn hostile_pages_cost_little() {
    let nested = "<div class=\"a b c\"><a href=/2026/11/one-of-many-stories>One of many stories</a>".repeat(20_000);
    let wide: String = (0..20_000)
        .map(|nth| format!("<div class=\"a b c d{nth}\"><span class=x><a class=y href=/s/{nth}>Story {nth} of many others</a></span></div>"))
        .collect();
    for body in [nested, wide] {
        let begun = crate::extract::tests::spent();
        explain(&page(body));
        let took = crate::extract::tests::spent() - begun;
        assert!(took.as_secs_f64() < 10.0, "{took:?}");
    }
}

#[test]
fn pictures_and_authors_are_pinned_and_labels_are_read() {
    let cards: String = (0..8)
        .map(|nth| {
            card(nth, "card", "h2")
                .replace("<time", "<span class=author>Ann Smith</span><a class=category href=/tag/sea>Sea</a><time")
        })
        .collect();
    let list = check(with_menu(&cards), 8).list;
    assert!(list.image.as_deref().is_some_and(|image| image.ends_with("img")), "{list:?}");
    assert!(list.author.as_deref().is_some_and(|author| author.contains("author")), "{list:?}");
    let page = page(with_menu(&cards));
    let again = read(&page, &Hints { kind: Kind::Listing, list: Some(list), ..Hints::default() }).unwrap();
    let story = again.drafts.into_iter().next().unwrap().clean();
    assert_eq!((story.authors, story.categories), (vec!["Ann Smith".to_owned()], vec!["Sea".to_owned()]));
    assert_eq!(story.image.as_deref(), Some("https://harbour.example/i/0.jpg"));
}
