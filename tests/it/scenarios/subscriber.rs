//! Somebody who subscribes to everything under `once = "site"`, over many runs of a world that chance has made.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::texts::invented;
use super::world::{Item, World, item};

const SOURCES: usize = 6;
const STORIES: u64 = 24;
const RUNS: u64 = 6;

/// Outputs in order: id, groups (none: all), private, a feed for each source.
const OUTPUTS: &[(&str, &[&str], bool, bool)] = &[
    ("mine", &[], true, false),
    ("world", &["g0"], false, false),
    ("folders", &["g1", "g2"], false, true),
    ("rest", &["g0", "g1", "g3"], false, false),
    ("vault", &["g2"], true, true),
];

/// SplitMix64: the same world in every run of the tests.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % most
    }
}

/// A source: its group, and whether it is private.
struct Told {
    group: String,
    private: bool,
    /// Of the stories that it tells, the run from which on it does.
    from: BTreeMap<u64, u64>,
}

fn sources(chance: &mut Chance) -> Vec<Told> {
    let source = |at: usize| {
        let private = chance.below(3) == 0;
        let mut from = BTreeMap::new();
        for story in 0..STORIES {
            if chance.below(2) == 0 {
                from.insert(story, chance.below(RUNS));
            }
        }
        Told { group: format!("g{}", at % 4), private, from }
    };
    (0..SOURCES).map(source).collect()
}

/// A story: dated after the run before the one in which it is told.
fn told(story: u64, run: u64) -> Item {
    let title = invented(story + 1_000, 6);
    let at = format!("2026-11-23 {:02}:{:02}", 9 + run, story + 1);
    item(&story.to_string()).title(&title).text(invented(story, 80)).at(&at)
}

/// Whether an output may show a source.
fn shows(output: usize, source: &Told) -> bool {
    let (_, groups, private, _) = OUTPUTS[output];
    (groups.is_empty() || groups.contains(&source.group.as_str())) && (private || !source.private)
}

/// The run from which on a story qualifies for an output.
fn since(output: usize, story: u64, sources: &[Told]) -> Option<u64> {
    sources.iter().filter(|source| shows(output, source)).filter_map(|source| source.from.get(&story)).min().copied()
}

/// The first of these outputs that a story qualifies for, and when.
fn first(private: bool, story: u64, sources: &[Told]) -> Option<(u64, &'static str)> {
    let outputs = (0..OUTPUTS.len()).filter(|output| OUTPUTS[*output].2 == private);
    outputs
        .filter_map(|output| Some((since(output, story, sources)?, output)))
        .min()
        .map(|(run, at)| (run, OUTPUTS[at].0))
}

/// The stories in every feed that is published: output, file, story and id.
fn published(world: &World) -> Vec<(&'static str, String, u64, String)> {
    let mut found = Vec::new();
    for (name, bytes) in world.published() {
        let Some(id) = name.strip_suffix(".json") else { continue };
        let output =
            OUTPUTS.iter().find(|(output, .., each)| *output == id || *each && id.starts_with(&format!("{output}-")));
        let (output, ..) = output.unwrap_or_else(|| panic!("{name} is of no output"));
        let feed: Value = serde_json::from_slice(&bytes).unwrap();
        for item in feed["items"].as_array().unwrap() {
            let story = item["url"].as_str().unwrap().rsplit('/').next().unwrap().parse().unwrap();
            found.push((*output, name.clone(), story, item["id"].as_str().unwrap().to_owned()));
        }
    }
    found
}

#[track_caller]
fn play(seed: u64) {
    let mut chance = Chance(seed);
    let sources = sources(&mut chance);
    let mut world = World::new();
    world.site("once = \"site\"");
    for (id, groups, private, each) in OUTPUTS {
        let each = if *each { "source" } else { "none" };
        world.output(
            id,
            &format!("groups = {groups:?}\nprivate = {private}\neach = \"{each}\"\nlimit = 500\nformats = [\"json\"]"),
        );
    }
    // What the subscriber has seen: a story, where and under which id.
    let mut seen: BTreeSet<(u64, String, String)> = BTreeSet::new();
    for run in 0..RUNS {
        for (at, source) in sources.iter().enumerate() {
            let items = source.from.iter().filter(|(_, from)| **from <= run).map(|(story, from)| told(*story, *from));
            let id = format!("s{at}");
            world.source(&id, items).set(&id, &format!("groups = [\"{}\"]", source.group));
            world.set(&id, &format!("private = {}", source.private));
        }
        let ran = world.try_to_refresh(&format!("2026-11-23 {:02}:00", 10 + run));
        assert_eq!(ran.code, 0, "{seed}: {}", ran.err);
        let now = published(&world);
        for story in 0..STORIES {
            let places: Vec<(&str, &str)> = now
                .iter()
                .filter(|found| found.2 == story)
                .map(|(output, file, ..)| (*output, file.as_str()))
                .collect();
            let public = first(false, story, &sources).filter(|(since, _)| *since <= run);
            let private = first(true, story, &sources).filter(|(since, _)| *since <= run);
            // A private output has what no public one had when it came.
            let private = private.filter(|(since, _)| public.is_none_or(|(public, _)| since < &public));
            let mut expected: Vec<&str> = public.iter().chain(&private).map(|(_, output)| *output).collect();
            let mut found: Vec<&str> = places.iter().map(|(output, _)| *output).collect();
            expected.sort_unstable();
            found.sort_unstable();
            assert_eq!(found, expected, "seed {seed}, run {run}, story {story}: {places:?}");
        }
        seen.extend(now.into_iter().map(|(_, file, story, id)| (story, file, id)));
    }
    for story in 0..STORIES {
        let times = |private: bool| {
            let of = |file: &str| OUTPUTS.iter().any(|(id, _, own, _)| *own == private && file.starts_with(id));
            seen.iter().filter(|(number, file, _)| *number == story && of(file)).count()
        };
        let is_told = sources.iter().any(|source| source.from.contains_key(&story));
        let is_public = first(false, story, &sources).is_some();
        assert_eq!(times(false), usize::from(is_public), "seed {seed}: story {story} for public readers: {seen:?}");
        assert!(times(true) <= 1, "seed {seed}: story {story} for private readers");
        assert_eq!(times(true) + times(false) > 0, is_told, "seed {seed}: story {story} has slipped through");
        let ids: BTreeSet<_> = seen.iter().filter(|(number, ..)| *number == story).map(|(.., id)| id).collect();
        assert_eq!(ids.len(), usize::from(is_told), "seed {seed}: story {story} has one id");
    }
}

#[test]
fn whoever_reads_everything_has_each_story_once() {
    for seed in [1, 2, 3, 4] {
        play(seed);
    }
}
