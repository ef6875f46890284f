//! Lists on pages of invented sites, and what must not be taken for them.

use crate::extract::{ExtractError, Reading, read};
use crate::model::{Kind, Page, Story};

const LEADS: [&str; 6] = [
    "Ferry to the outer islands sails again",
    "Council argues about the price of ice",
    "Old net loft becomes a reading room",
    "Pilots ask for a light on the east mole",
    "School choir sings on the fish market",
    "Storm takes the roof off the rope works",
];

fn listing(url: &str, body: &str) -> Result<Reading, ExtractError> {
    let html = format!("<!doctype html><html lang=en><title>The Harbour</title><body>{body}");
    let page = Page { url: url.parse().ok(), content_type: None, body: html.into_bytes(), fetched_at: None };
    read(&page, &Kind::Listing.into())
}

fn stories(url: &str, body: &str) -> Vec<Story> {
    let reading = listing(url, body).unwrap_or_else(|cause| panic!("{cause}: {:?}", cause.help()));
    reading.drafts.into_iter().map(|draft| draft.clean()).collect()
}

#[track_caller]
fn check(body: &str, expected: &[&str]) {
    let found = stories("https://harbour.example/news", body);
    assert_eq!(found.iter().map(|story| story.title.as_str()).collect::<Vec<_>>(), expected);
}

/// A card as most pages have them; `more` stands behind the title.
fn card(nth: usize, title: &str, more: &str) -> String {
    format!(
        r#"<article class="card"><h2><a href="/news/{nth}-a-story-of-the-harbour">{title}</a></h2>{more}</article>"#
    )
}

fn cards(count: usize, more: &str) -> String {
    LEADS
        .iter()
        .cycle()
        .take(count)
        .enumerate()
        .map(|(nth, title)| card(nth, &format!("{title} ({nth})"), more))
        .collect()
}

#[test]
fn blocks_with_classes_of_their_own_are_of_one_list() {
    let names = ["fishing", "culture", "traffic", "school", "weather", "sport"];
    let blocks: String = (names.iter().zip(LEADS))
        .map(|(name, title)| {
            format!(
                r#"<div class="block {name}"><div class="top"><div class="hero"><a class="name" href="/{name}/41{len}77">{title}</a></div></div></div>"#,
                len = name.len()
            )
        })
        .collect();
    check(&blocks, &LEADS);
}

#[test]
fn classes_that_name_one_item_do_not_part_a_list() {
    let items: String = (LEADS.iter().enumerate())
        .map(|(nth, title)| {
            format!(r#"<div class="thing id-t{nth}x7{nth}"><p class="title"><a href="/topics/{nth}0442/">{title}</a></p></div>"#)
        })
        .collect();
    check(&items, &LEADS);
}

#[test]
fn links_in_the_text_of_an_entry_are_no_stories() {
    let entry = |nth: usize, body: &str| {
        format!(
            r#"<div class="post"><h2 class="entry-title"><a href="/2026/11/0{nth}/entry-of-the-week/">{}</a></h2>
            <div class="entry-content">{body}<p>What the crew of the pilot boat saw on its way home that night, told by themselves.</p></div></div>"#,
            LEADS[nth]
        )
    };
    let aside = r#"<h3><a href="https://elsewhere.example/2026/11/a-report-on-tides">A report on the tides of the whole northern coast</a></h3>
        <h3><a href="https://elsewhere.example/2026/11/another-report-on-ice">Another report on ice and what it does to ropes</a></h3>"#;
    check(&[entry(1, aside), entry(2, ""), entry(3, "")].concat(), &LEADS[1..4]);
    // Where each entry has its title in there, the title stays one.
    let inner = |nth: usize| {
        format!(
            r#"<div class="post"><div class="entry-content"><h2><a href="/2026/11/0{nth}/entry-of-the-week/">{}</a></h2><p>Short.</p></div></div>"#,
            LEADS[nth]
        )
    };
    check(&[inner(1), inner(2), inner(3)].concat(), &LEADS[1..4]);
}

#[test]
fn what_is_called_a_title_is_one_however_short() {
    let rows: String = ["Gain", "Who found my anchor last week?", "Ice", "Ropes: hemp or nylon, and why"]
        .iter()
        .enumerate()
        .map(|(nth, title)| {
            format!(
                r#"<li class="row"><dl><dt><a class="topictitle" href="/viewtopic.php?t=27{nth}">{title}</a></dt><dd>4 answers of crew</dd></dl></li>"#
            )
        })
        .collect();
    check(
        &format!("<ul>{rows}</ul>"),
        &["Gain", "Who found my anchor last week?", "Ice", "Ropes: hemp or nylon, and why"],
    );
}

#[test]
fn of_the_links_of_one_card_the_title_names_the_story() {
    let body: String = (LEADS.iter().enumerate())
        .map(|(nth, title)| {
            format!(
                r#"<div class="item"><a class="pic" href="/v{nth}8812.html"><img src="/p{nth}.jpg" width="200"></a><div class="titre"><a href="/v{nth}8812.html">{title}</a></div>
                <div class="texte"><a href="/v{nth}8812.html">What happened on the quay that night, as those who were there remember it today.</a></div></div>"#
            )
        })
        .collect();
    check(&body, &LEADS);
}

#[test]
fn a_kicker_is_a_category_and_no_part_of_the_title() {
    let body: String = (LEADS.iter().enumerate())
        .map(|(nth, title)| card(nth, &format!(r#"<span class="kicker">Harbour:</span> {title}"#), ""))
        .collect();
    check(&body, &LEADS);
    assert_eq!(stories("https://harbour.example/news", &body)[0].categories, ["Harbour"]);
}

#[test]
fn tags_and_categories_of_a_record_are_its_own() {
    let body = cards(
        4,
        r#"<p class="cats"><a rel="category tag" href="/category/ice">Ice</a>, <a rel="tag" href="/tag/ropes">Ropes</a></p>
           <p class="category">A sentence that only happens to stand where categories stand, and is none at all.</p>"#,
    );
    for story in stories("https://harbour.example/news", &body) {
        assert_eq!(story.categories, ["Ice", "Ropes"]);
    }
    assert!(stories("https://harbour.example/news", &cards(4, "<p>No category.</p>"))[0].categories.is_empty());
}

#[test]
fn services_among_numbered_stories_are_left_out() {
    let story = |nth: usize| {
        format!(
            r#"<li class="item"><h3><a href="/{}/a-story-of-the-harbour/">{} ({nth})</a></h3></li>"#,
            690_000 + nth,
            LEADS[nth % 6]
        )
    };
    let service = r#"<li class="item"><h3><a href="/services/guide/how-to-rent-a-boat">How to rent a boat without regret</a></h3></li>"#;
    let numbered: String = (0..14).map(story).collect();
    let found = stories("https://harbour.example/news", &format!("<ul>{numbered}{service}</ul>"));
    assert_eq!(found.len(), 14);
    // A site that numbers few of its stories may have others.
    let few: String = (0..5).map(story).collect();
    assert_eq!(stories("https://harbour.example/news", &format!("<ul>{few}{service}</ul>")).len(), 6);
}

#[test]
fn what_a_template_left_open_is_no_story() {
    let open =
        r#"<article class="card"><h2><a href="/item/${item.slug}">${item.title} of the harbour</a></h2></article>"#;
    assert_eq!(stories("https://harbour.example/news", &[&cards(5, ""), open].concat()).len(), 5);
}

fn confidence(url: &str, body: &str) -> f64 {
    listing(url, body).map_or(0.0, |reading| reading.confidence)
}

#[test]
fn a_list_that_is_a_small_part_of_its_page_is_doubted() {
    let prose = "<p>The harbour master told the story of the fog of that year once more, and nobody left the room.</p>"
        .repeat(60);
    let alone = confidence("https://harbour.example/news", &cards(8, ""));
    let beside = confidence("https://harbour.example/news", &[prose, cards(8, "")].concat());
    assert!(alone >= 0.9, "{alone}");
    assert!(beside < 0.6 * alone, "{beside} of {alone}");
}

#[test]
fn a_page_for_something_else_is_no_list() {
    let news = confidence("https://harbour.example/news", &cards(8, ""));
    for path in ["contact", "user/login", "password-lost.php", "about-us", "sign-up/"] {
        let other = confidence(&format!("https://harbour.example/{path}"), &cards(8, ""));
        assert!(other < 0.7 * news, "{path}: {other} of {news}");
    }
    for path in ["news/contact-with-the-crew-of-the-ferry-is-lost", "section/sailing"] {
        assert_eq!(confidence(&format!("https://harbour.example/{path}"), &cards(8, "")), news, "{path}");
    }
    let one = confidence("https://harbour.example/news", &cards(1, ""));
    assert!(one < 0.55, "one link is hardly a list: {one}");
}

#[test]
fn a_front_page_of_many_blocks_says_that_sections_are_better() {
    let block = |name: &str, from: usize| -> String {
        let items: String = (from..from + 4)
            .map(|nth| {
                format!(
                    r#"<li class="{name}-item"><h3><a href="/{nth}1200/story-of-the-harbour">{} ({nth})</a></h3></li>"#,
                    LEADS[nth % 6]
                )
            })
            .collect();
        format!(r#"<ul class="{name}-list">{items}</ul>"#)
    };
    let page = ["lead", "town", "sea", "arts", "sport"]
        .iter()
        .enumerate()
        .map(|(nth, name)| block(name, nth * 4))
        .collect::<String>();
    let warned =
        |url: &str, body: &str| listing(url, body).unwrap().warnings.iter().any(|warning| warning.contains("section"));
    assert!(warned("https://harbour.example/", &page));
    assert!(!warned("https://harbour.example/sea", &page));
    assert!(!warned("https://harbour.example/", &cards(8, "")));
}

#[test]
fn the_day_of_a_term_is_that_of_what_follows_it() {
    let item = |nth: u32| {
        format!(
            r#"<dt>0{nth} November 2026</dt><dd><a href="/notice/{nth}-to-all">Notice {nth} to all who sail to the mole</a></dd>"#
        )
    };
    let body =
        format!("<!doctype html><title>Notices</title><main><dl>{}</dl></main>", (1..=6).map(item).collect::<String>());
    let found = super::reading("https://harbour.example/notices", &body).unwrap();
    let days: Vec<_> = found.drafts.into_iter().map(|draft| super::day(&draft.clean()).unwrap_or_default()).collect();
    let expected: Vec<String> = (1..=6).map(|nth: u32| format!("2026-11-0{nth}")).collect();
    assert_eq!(days, expected);
}

#[test]
fn days_in_numbers_are_read_in_the_order_that_one_of_them_tells() {
    let item = |nth: u32| {
        format!(
            r#"<li><p>10/{}/2026</p> <a href="/v/{nth}">What the council said on item {nth} of its list</a></li>"#,
            nth + 8
        )
    };
    let body =
        format!("<!doctype html><title>News</title><main><ul>{}</ul></main>", (1..=6).map(item).collect::<String>());
    let found = super::reading("https://harbour.example/notes", &body).unwrap();
    let days: Vec<_> = found.drafts.into_iter().map(|draft| super::day(&draft.clean()).unwrap_or_default()).collect();
    let expected: Vec<String> = (9..=14).map(|day| format!("2026-10-{day:02}")).collect();
    assert_eq!(days, expected);
}
