//! What JSON Feed says in its own way.

use serde_json::{Value, json};

use super::{at, copy, edition, entry, file, hand_made, site, telling};
use crate::model::Site;
use crate::publish::render;

fn feed(site: &Site, edition: &crate::model::Edition) -> Value {
    serde_json::from_str(&file(&render(site, edition).unwrap(), ".json")).unwrap()
}

#[test]
fn json_follows_its_specification() {
    let feed = feed(&site(), &hand_made());
    let expected = json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": "World",
        "home_page_url": "https://news.example/",
        "feed_url": "https://news.example/world.json",
        "description": "World from My news: every story once",
        "items": feed["items"],
    });
    assert_eq!(feed, expected);
    let first = &feed["items"][0];
    assert_eq!(
        *first,
        json!({
            "id": "urn:uuid:01010101-0101-8101-8101-010101010101",
            "url": "https://harbour.example/ferry?a=1&b=2",
            "title": "Ferry & dock: \"open\" <again>",
            "content_html": first["content_html"],
            "summary": "The ferry runs again, 5 < 6 & so on.",
            "date_published": "2026-03-01T09:30:15Z",
            "date_modified": "2026-03-01T11:00:00Z",
            "authors": [{"name": "Ann O'Neil"}, {"name": "Bo <bo@x>"}],
            "tags": ["Sea & shore", "Local"],
            "language": "en-GB",
            "attachments": [
                {"url": "https://harbour.example/a.mp3?x=1&y=2", "mime_type": "audio/mpeg"},
                {"url": "https://harbour.example/b.jpg?x=1&y=2", "mime_type": "image/jpeg", "size_in_bytes": 77},
            ],
            "_oncefeed": {
                "source": "Harbour",
                "voices": 3,
                "also": [
                    {"name": "Wire", "url": "https://wire.example/1?a=1&b=2", "title": "Ferry open", "source": "wire"},
                    {"name": "Paper", "title": "Ferry runs", "source": "paper"},
                ],
            },
        })
    );
    assert_eq!(feed["items"][2]["_oncefeed"]["also"].as_array().unwrap().len(), 6, "all of them, not only five");
}

#[test]
fn an_agencys_copy_is_one_voice_however_often_it_is_told() {
    let told = entry(1, copy("A", "AP"), vec![copy("B", "AP"), telling("C", None, "Talks end")]);
    let release = entry(2, copy("D", "PR Newswire"), Vec::new());
    let feed = feed(&site(), &edition(vec![told, release]));
    let (first, second) = (&feed["items"][0]["_oncefeed"], &feed["items"][1]["_oncefeed"]);
    assert_eq!(
        (&first["voices"], &first["agency"], &first["also"][0]["agency"]),
        (&json!(2), &json!("AP"), &json!("AP"))
    );
    assert_eq!((&first["press_release"], &first["also"][1]["agency"]), (&Value::Null, &Value::Null));
    assert_eq!((&second["voices"], &second["press_release"]), (&json!(1), &json!(true)));
}

#[test]
fn an_item_has_a_content_even_where_there_is_only_a_title() {
    let only = entry(1, telling("A", Some("https://a.example/1"), "Rain & sun"), Vec::new());
    assert_eq!(feed(&site(), &edition(vec![only]))["items"][0]["content_html"], "Rain &amp; sun");
}

#[test]
fn a_picture_is_an_absolute_address_or_not_there() {
    let pictured = |image: &str| {
        let mut shown = telling("A", Some("https://a.example/1"), "T");
        (shown.story.image, shown.story.published) = (Some(image.to_owned()), Some(at("2026-03-01T09:30:15Z")));
        feed(&site(), &edition(vec![entry(1, shown, Vec::new())]))["items"][0]["image"].clone()
    };
    assert_eq!(pictured("https://me:secret@a.example/1.png"), "https://a.example/1.png");
    assert_eq!(pictured("data:image/png;base64,AA"), Value::Null);
}

#[test]
fn without_an_address_it_says_none() {
    let feed = feed(&Site { base_url: None, ..site() }, &edition(Vec::new()));
    assert_eq!(feed["items"], json!([]));
    assert!(feed.get("feed_url").is_none() && feed.get("home_page_url").is_none(), "{feed}");
}
