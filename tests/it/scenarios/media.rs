//! Recordings: a video beside its article, and episodes that share their notes.

use super::texts::{FERRY, TALKS, TALKS_SUMMARY};
use super::world::{Item, World, item};

fn video() -> Item {
    item("video-71")
        .title("Watch: River talks end without a deal")
        .text(TALKS_SUMMARY)
        .media("https://media.metro.example/71.mp4", "video/mp4")
}

#[test]
fn d21_of_a_video_and_its_article_the_article_is_shown() {
    let mut world = World::new();
    // The video comes earlier, and its source is preferred: still it is the smaller telling.
    let article = item("talks").title("River talks end without a deal").text(TALKS).at("2026-11-23 10:20");
    world.source("metro", [video()]).source("harbour", [article]).set("harbour", "rank = 3");
    let run = world.refresh("2026-11-23 12:00");
    assert_eq!((run.counts(), run.only().url.as_str()), ((1, 1, 0), "https://harbour.example/talks"));
    assert_eq!(run.only().also, [("metro".to_owned(), "https://metro.example/video-71".to_owned())]);

    // A video of something else is an item of its own.
    let other = video().guid("video-72").title("Watch: Old ferry makes her last crossing").text(&FERRY[..250]);
    let run = world.source("metro", [other, video()]).refresh("2026-11-23 14:00");
    assert_eq!((run.counts(), run.items.len()), ((1, 0, 0), 2));
    assert_eq!(run.at("https://harbour.example/talks").covered_by(), ["metro"]);
}

#[test]
fn d21_the_video_is_kept_with_its_media_type() {
    let mut world = World::new();
    world.source("harbour", [item("talks").title("River talks end without a deal").text(TALKS)]);
    world.source("ledger", [item("talks").title("River talks end without a deal").text(TALKS)]);
    world.source("metro", [video()]).refresh("2026-11-23 12:00").only();
    let feed: serde_json::Value = serde_json::from_str(&world.folder().read("public/all.json")).unwrap();
    let item = &feed["items"][0];
    assert_eq!(item["attachments"], serde_json::Value::Null, "the article has none");
    let also = item["_oncefeed"]["also"].as_array().unwrap();
    let types: Vec<_> = also.iter().map(|also| also["attachments"][0]["mime_type"].as_str()).collect();
    assert_eq!(types, [None, Some("video/mp4")]);
    // And readers are told before they follow the link.
    for name in ["all.rss", "all.atom", "all.json", "all.html"] {
        let text = world.folder().read(&format!("public/{name}"));
        assert!(text.contains("The metro (video)") && !text.contains("The ledger (video)"), "{text}");
    }
}

const NOTES: &str = "Every week two neighbours talk about the river, the weather and what the council did about either. Music by \
    the fire brigade. Write to us if you know more than we do, or less. You find all episodes on our site, and the next \
    one on the same day of next week.";

fn episode(number: u32, at: &str) -> Item {
    item(&format!("episode-{number}"))
        .title(&format!("Down by the river, episode {number}"))
        .text(NOTES)
        .media(&format!("https://media.harbour.example/{number}.mp3"), "audio/mpeg")
        .at(at)
}

#[test]
fn d22_episodes_with_the_same_notes_are_items_of_their_own() {
    let mut world = World::new();
    world.source("harbour", [episode(12, "2026-11-22 10:00"), episode(11, "2026-11-21 10:00")]);
    assert_eq!(world.refresh("2026-11-22 12:00").items.len(), 2);
    let all = [episode(13, "2026-11-23 10:00"), episode(12, "2026-11-22 10:00"), episode(11, "2026-11-21 10:00")];
    let run = world.source("harbour", all.clone()).refresh("2026-11-23 12:00");
    assert_eq!((run.counts(), run.items.len()), ((1, 0, 0), 3));

    // The same recording in another list is the same episode.
    let run = world.source("directory", [episode(13, "2026-11-23 11:00")]).refresh("2026-11-23 14:00");
    assert_eq!((run.counts(), run.items.len()), ((0, 1, 0), 3));
    assert_eq!(run.at("https://harbour.example/episode-13").covered_by(), ["directory"]);
    assert!(!world.folder().read("public/all.rss").contains("(audio)"), "it is not another recording");
}
