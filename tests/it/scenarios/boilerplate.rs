//! D49: what a site puts around its stories is taken out of them, and folds nothing.

use super::run::Run;
use super::texts::{FERRY, LIBRARY, TALKS, invented};
use super::world::{Item, World, item};

/// Headlines without a word in common.
const TITLES: [&str; 8] = [
    "Walnut harvest begins early",
    "Copper price falls again",
    "Museum opens second wing",
    "Carpet maker closes works",
    "Violin found beneath stage",
    "Turbine stops after lightning",
    "Sparrow returns to quarry",
    "Chimney sweeps seek apprentices",
];

/// What the Lamp puts under everything.
const ABOUT: &str = "The Lamp is a newspaper of its readers and lives by their money alone: become a member for three \
    crowns a month, read the paper a day before others do, and come to the summer fair.";
const FOLLOW: &str = "Follow the Lamp on Coble";

fn around(text: &str) -> String {
    format!("<p>{text}</p><p>{ABOUT}</p><p><a href=\"https://coble.example/lamp\">{FOLLOW}</a></p>")
}

/// A story of the Lamp, dated so many hours into the day.
fn told(number: usize, text: &str) -> Item {
    let at = format!("2026-11-23 {:02}:00", number + 1);
    item(&format!("n{number}")).title(TITLES[number % TITLES.len()]).text(around(text)).at(&at)
}

fn stories(numbers: std::ops::Range<usize>) -> Vec<Item> {
    numbers.map(|number| told(number, &invented(number as u64 + 700, 40))).collect()
}

const EVENING: &str = "2026-11-23 18:00";
const NIGHT: &str = "2026-11-23 22:00";

/// The published text of a headline.
#[track_caller]
fn text(run: &Run, title: &str) -> String {
    let found = run.items.iter().find(|item| item.title == title);
    found.unwrap_or_else(|| panic!("{title} is not published")).text.clone()
}

fn is_cleaned(text: &str) -> bool {
    !text.contains("newspaper of its readers") && !text.to_lowercase().contains("coble")
}

#[test]
fn d49_a_first_visit_is_cleaned_whole() {
    let mut world = World::new();
    let run = world.source("lamp", stories(0..6)).refresh(EVENING);
    for (number, title) in TITLES[..6].iter().enumerate() {
        let text = text(&run, title);
        // Nor is an empty link left.
        assert!(is_cleaned(&text) && text.contains(&invented(number as u64 + 700, 40)), "{text}");
    }
}

#[test]
fn d49_the_fifth_story_teaches_the_later_ones() {
    let mut world = World::new();
    for (number, title) in TITLES[..6].iter().enumerate() {
        let run = world.source("lamp", stories(0..number + 1)).refresh(&format!("2026-11-23 1{number}:00"));
        assert_eq!(is_cleaned(&text(&run, title)), number >= 4, "story {number}");
        // What was published stays as it is.
        assert!(!is_cleaned(&text(&run, TITLES[0])));
    }
}

#[test]
fn d49_what_was_taken_out_can_be_seen() {
    let mut world = World::new();
    world.source("lamp", stories(0..6)).refresh(EVENING);
    let explained = world.command(&["explain", "Copper", "price"]).out;
    assert!(explained.contains("taken out as boilerplate: The Lamp is a newspaper of its readers"), "{explained}");
    assert_eq!(world.explain("Copper price")["tellings"][0]["boilerplate"], serde_json::json!([ABOUT, FOLLOW]));
    let tried = world.command(&["try", "lamp.rss"]).out;
    assert!(
        tried.contains("Dropped as boilerplate") && tried.contains("6x  lamp           Follow the Lamp"),
        "{tried}"
    );
}

/// Whether a story of the Lamp folds with a note of the Gull that has the same words before it, after so many other
/// stories of each.
fn folds(others: usize) -> bool {
    let mut world = World::new();
    let under = |item: Item, text: &str| item.text(format!("<p>{ABOUT}</p><p>{text}</p>"));
    let others_of = |name: &'static str, from: u64| {
        (0..others).map(move |n| under(item(&format!("{name}{n}")), &invented(from + n as u64, 40)))
    };
    let walk = under(item("walk"), &invented(950, 40));
    let choir = under(item("choir"), "On Friday the singers meet for the last time.");
    world.source("lamp", others_of("l", 700).chain([walk])).source("gull", others_of("g", 900).chain([choir]));
    world.refresh(EVENING).counts().1 > 0
}

#[test]
fn d49_what_two_stories_have_around_them_folds_nothing() {
    assert!(!folds(5));
    // Without what five stories teach it would.
    assert!(folds(0));
}

#[test]
fn d49_a_story_with_it_and_one_without_it_fold() {
    let mut world = World::new();
    // Stored before anything was learnt.
    let first = world.source("lamp", [told(0, TALKS)]).refresh("2026-11-23 10:00");
    assert!(!is_cleaned(&first.only().text));
    world.source("lamp", stories(1..7)).refresh("2026-11-23 11:00");
    let again = item("again").title("Talks end without a deal").text(around(TALKS)).at("2026-11-23 12:00");
    world.source("lamp", [again]);
    world.source("gull", [item("g").title("No deal on the river").text(TALKS).at("2026-11-23 12:30")]);
    let run = world.refresh(EVENING);
    assert_eq!(run.counts(), (0, 2, 0));
}

#[test]
fn d49_one_story_told_again_and_again_keeps_its_text() {
    let mut world = World::new();
    let live = |number: usize| {
        let entries: String = (0..=number).rev().map(|n| format!("<p>{}</p>", invented(n as u64, 30))).collect();
        let at = format!("2026-11-23 {:02}:00", number + 1);
        item(&format!("live{number}")).title(&format!("Storm live: {}", TITLES[number])).text(entries).at(&at)
    };
    for number in 0..8 {
        world.source("lamp", (0..=number).map(live)).refresh(&format!("2026-11-23 1{number}:00"));
    }
    let ran = world.command(&["explain", "--json", "Storm", "live"]);
    let explained: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let stories = explained["stories"].as_array().unwrap().iter();
    let tellings: Vec<_> = stories.flat_map(|story| story["tellings"].as_array().unwrap()).collect();
    assert_eq!(tellings.len(), 8);
    assert!(tellings.iter().all(|telling| telling["boilerplate"] == serde_json::json!([])), "{explained:#}");
}

#[test]
fn d49_what_is_a_whole_story_is_left_to_it() {
    let mut world = World::new();
    let alone = item("alone").title("What we are").text(format!("<p>{ABOUT}</p>"));
    let run = world.source("lamp", stories(0..6).into_iter().chain([alone])).refresh(EVENING);
    assert!(text(&run, "What we are").contains("newspaper of its readers"));
}

#[test]
fn d49_one_form_with_another_number_every_day_keeps_its_lines() {
    let mut world = World::new();
    let gauge = |day: usize| {
        // The water stands where it stood before on most days.
        let level = 210 + day % 3;
        let lines = [
            "The office for waterways measures the river at the old lock every morning before the first barge."
                .to_owned(),
            format!(
                "This morning the gauge stood at {level} centimetres, and the lock is open to barges of all classes."
            ),
            format!("{level} cm"),
            "Who sails with more than two metres of draught asks the lock keeper by radio before the bend.".to_owned(),
        ];
        let text: String = lines.iter().map(|line| format!("<p>{line}</p>")).collect();
        item(&format!("g{day}")).title(&format!("Level {day}")).text(text).at(&format!("2026-11-23 {:02}:00", day))
    };
    for day in 1..13 {
        world.source("lock", (1..=day).map(gauge)).refresh(&format!("2026-11-23 {:02}:30", day));
    }
    let run = world.refresh("2026-11-23 20:00");
    for item in &run.items {
        assert!(item.text.contains("the gauge stood at") && item.text.contains(" cm"), "{item:#?}");
        assert!(item.text.contains("The office for waterways") && item.text.contains("by radio"), "{item:#?}");
    }
}

#[test]
fn d49_a_first_visit_of_thirty_is_cleaned_whole_and_loses_nothing_else() {
    let mut world = World::new();
    let title = |n: usize| format!("{} {}", TITLES[n % 8].split(' ').next().unwrap(), invented(n as u64 + 40, 3));
    let many = (0..30).map(|n| {
        let at = format!("2026-11-23 {:02}:{:02}", 1 + n / 6, n % 6 * 10);
        item(&format!("m{n}")).title(&title(n)).text(around(&invented(n as u64 + 700, 40))).at(&at)
    });
    let run = world.source("lamp", many).refresh(EVENING);
    assert_eq!(run.items.len(), 30);
    for n in 0..30 {
        let text = text(&run, &title(n));
        assert!(is_cleaned(&text) && text.contains(&invented(n as u64 + 700, 40)), "{text}");
    }
}

#[test]
fn d49_a_refrain_that_says_something_stays_where_it_stands_between_lines() {
    let mut world = World::new();
    // The song returns to it after each verse, and all songs of the choir have it.
    let refrain = "And the river carries the lanterns down to the open sea.";
    let song = |number: usize| {
        let verse = |n: usize| format!("<p>{}</p><p>{refrain}</p>", invented((number * 10 + n) as u64, 25));
        let at = format!("2026-11-23 {:02}:00", number + 1);
        let song: String =
            (0..4).map(verse).collect::<String>() + &format!("<p>{}</p>", invented(number as u64 + 900, 25));
        item(&format!("s{number}")).title(TITLES[number]).text(song).at(&at)
    };
    let run = world.source("choir", (0..4).map(song)).refresh(EVENING);
    assert!(run.items.iter().all(|item| item.text.matches(refrain).count() == 4), "four songs teach nothing");
}

#[test]
fn d53_the_same_again_changes_nothing() {
    let mut world = World::new();
    world.source("lamp", stories(0..6)).source("gull", [item("g").title("Ferry").text(FERRY)]).refresh(EVENING);
    let before = world.published();
    let run = world.refresh(NIGHT);
    assert_eq!((run.counts(), run.wrote()), ((0, 0, 0), false));
    assert_eq!(world.published(), before);
    // An edit is cleaned again.
    let mut edited = stories(0..6);
    edited[2] = edited[2].clone().text(around(LIBRARY));
    let run = world.source("lamp", edited).refresh("2026-11-23 23:00");
    assert_eq!(run.counts(), (0, 0, 1));
    let text = text(&run, TITLES[2]);
    assert!(text.contains("borrowed books") && is_cleaned(&text), "{text}");
}
