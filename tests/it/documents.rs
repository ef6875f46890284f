//! Documents of others, read where they are at hand: `../shared/data` beside the project. They are
//! for measuring and never part of it; without them these tests say so and pass.

use std::fs;
use std::path::PathBuf;

use crate::support::{Folder, NOW};

fn shared(name: &str) -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(name);
    if !path.exists() {
        #[expect(clippy::print_stderr, reason = "a test that measured nothing must say so")]
        {
            eprintln!("skipped: ../shared/data/{name} is not there");
        }
        return None;
    }
    Some(path.canonicalize().unwrap())
}

#[test]
fn the_aggregator_page_gives_exactly_its_four_stories() {
    let Some(seed) = shared("seed") else { return };
    let expected: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(seed.join("expected.json")).unwrap()).unwrap();
    let page = seed.join("page.txt");
    let ran = Folder::new().run(&["inspect", "--at", NOW, page.to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let seen: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let stories = seen["stories"].as_array().unwrap();
    let wanted = expected["stories"].as_array().unwrap();
    assert_eq!(stories.len(), wanted.len());
    for (story, wanted) in stories.iter().zip(wanted) {
        assert_eq!(
            (&story["title"], &story["source"], &story["text"]),
            (&wanted["title"], &wanted["source"], &wanted["text"])
        );
    }
}

#[test]
fn the_aggregator_page_as_a_source_becomes_four_items() {
    let Some(seed) = shared("seed") else { return };
    let folder = Folder::new();
    folder.write("page.txt", &fs::read_to_string(seed.join("page.txt")).unwrap());
    folder.write("oncefeed.toml", "[[source]]\nid = \"page\"\nurl = \"file:page.txt\"\nas = \"text\"\n");
    let report = folder.refresh(NOW);
    assert_eq!((&report["new"], &report["folded"]), (&4.into(), &0.into()));
    assert_eq!(folder.items("all.rss").len(), 4);
    assert_eq!(folder.refresh("2026-11-25T06:00:00Z")["new"], 0);
}

/// The first, second and fourth tell of one summit; the third is of something else.
#[test]
fn the_aggregator_page_has_three_tellings_of_one_event() {
    let Some(seed) = shared("seed") else { return };
    let folder = Folder::new();
    let page = seed.join("page.txt");
    let ran = folder.run(&["inspect", "--as", "text", "--at", NOW, page.to_str().unwrap()]);
    let seen: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let line = |(n, story): (usize, &serde_json::Value)| {
        serde_json::json!({"id": n.to_string(), "title": story["title"], "text": story["text"]}).to_string() + "\n"
    };
    folder
        .write("stories.jsonl", &seen["stories"].as_array().unwrap().iter().enumerate().map(line).collect::<String>());
    let ran = folder.run(&["cluster", "--related", "stories.jsonl"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let rows = ran.out.lines().map(|row| serde_json::from_str::<serde_json::Value>(row).unwrap());
    let events: Vec<_> = rows.map(|row| row["event"].as_str().unwrap().to_owned()).collect();
    assert_eq!(events, ["0", "0", "2", "0"]);
}

#[test]
fn every_difficult_feed_is_read_or_says_why_not() {
    let Some(feeds) = shared("feeds/files") else { return };
    let mut names: Vec<_> = fs::read_dir(feeds).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    let folder = Folder::new();
    let sources: String = (names.iter().enumerate())
        .map(|(n, path)| format!("[[source]]\nid = \"f{n}\"\nurl = \"file:{}\"\n", path.display()))
        .collect();
    folder.write("oncefeed.toml", &sources);
    let ran = folder.run(&["--now", NOW, "refresh", "--json"]);
    assert!(ran.code == 3 || ran.code == 0, "exit {}: {}", ran.code, ran.err);
    assert!(!ran.err.contains("panicked"), "{}", ran.err);
    let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let rows = report["sources"].as_array().unwrap();
    assert_eq!(rows.len(), names.len());
    for row in rows {
        let told = row["error"].as_str().is_some_and(|error| !error.is_empty());
        assert_eq!(told, row["outcome"] == "failed", "{row}");
    }
}
