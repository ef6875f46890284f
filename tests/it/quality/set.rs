//! The labelled stories, as they lie in `tests/quality`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use chrono::{DateTime, FixedOffset};
use serde::Deserialize;

use super::score::Merge;

/// One line: a telling of a story.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Telling {
    pub(super) id: String,
    pub(super) published: DateTime<FixedOffset>,
    /// The story that it tells, `family/name`: tellings of one story are the same text, cut, extended,
    /// re-headlined or re-typeset.
    pub(super) story: String,
    /// The event that the story is about, where several stories of the family are about one.
    event: Option<String>,
    /// The line as it is, for the program. It does not know the labels and skips them.
    #[serde(skip)]
    pub(super) line: String,
}

/// What is known to go wrong: `known.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Known {
    /// The share of pairs that is found at least.
    pub(super) recall: f64,
    #[serde(default, rename = "merge")]
    pub(super) merges: Vec<KnownMerge>,
}

/// Two stories that the program takes for one.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KnownMerge {
    stories: [String; 2],
    reason: String,
}

impl KnownMerge {
    /// The two, as the score names them: sorted.
    pub(super) fn stories(&self) -> Merge {
        let [a, b] = self.stories.clone();
        if a <= b { (a, b) } else { (b, a) }
    }
}

impl Known {
    pub(super) fn read() -> Known {
        let known: Known = toml::from_str(&fs::read_to_string(super::folder().join("known.toml")).unwrap()).unwrap();
        for merge in &known.merges {
            assert!(!merge.reason.is_empty(), "known.toml: no reason for {:?}", merge.stories);
        }
        known
    }
}

/// The families by name, each in the order of its file.
pub(super) fn families() -> BTreeMap<String, Vec<Telling>> {
    let mut families = BTreeMap::new();
    for entry in fs::read_dir(super::folder()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "jsonl") {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let text = fs::read_to_string(&path).unwrap();
            families.insert(name.clone(), text.lines().enumerate().map(|(at, line)| read(&name, at, line)).collect());
        }
    }
    families
}

fn read(family: &str, at: usize, line: &str) -> Telling {
    let telling: Telling =
        serde_json::from_str(line).unwrap_or_else(|cause| panic!("{family}.jsonl, line {}: {cause}", at + 1));
    Telling { line: line.to_owned(), ..telling }
}

/// All families in order of time, as they would arrive.
pub(super) fn as_one_stream(families: &BTreeMap<String, Vec<Telling>>) -> Vec<Telling> {
    let mut stream: Vec<Telling> = families.values().flatten().cloned().collect();
    stream.sort_by_key(|telling| telling.published);
    stream
}

/// An event is named by all tellings of its stories, and is one of at least two stories.
pub(super) fn check_events(family: &str, tellings: &[Telling]) {
    let mut of_story: BTreeMap<&str, Option<&str>> = BTreeMap::new();
    let mut stories: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for telling in tellings {
        let event = telling.event.as_deref();
        let first = *of_story.entry(&telling.story).or_insert(event);
        assert_eq!(event, first, "{}: another event than that of its story", telling.id);
        if let Some(event) = event {
            stories.entry(event).or_default().insert(&telling.story);
        }
    }
    for (event, stories) in stories {
        assert!(stories.len() > 1, "{family}: {event} is the event of one story only");
    }
}
