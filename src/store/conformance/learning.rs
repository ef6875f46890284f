//! The lines that sources repeat.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::sample::{at, copy, decide, deliver, id, inbox, know, newcomer, placement};
use crate::model::{Block, Blocks, Decision, Fingerprint, Newcomer, Sightings, Verdict, Witness};
use crate::store::{BLOCKS, Lesson, Query, Resolution, Resolved, Store};

fn lesson(source: &str, stories: u64, blocks: impl IntoIterator<Item = (Block, Sightings)>) -> Lesson {
    let blocks = Blocks { stories, seen: blocks.into_iter().collect::<BTreeMap<_, _>>() };
    Lesson { source: id(source), blocks, stories: Vec::new() }
}

fn seen(last: u64, is_learnt: bool) -> Sightings {
    let witness = Witness { title: vec![1, 2], sample: vec![3], shingles: 9 };
    Sightings { first: 1, last, times: last, witnesses: vec![witness], is_learnt }
}

async fn blocks(store: &Arc<dyn Store>, source: &str, asked: impl IntoIterator<Item = Block>) -> Blocks {
    store.blocks(&id(source), &asked.into_iter().collect::<BTreeSet<_>>()).await.unwrap()
}

async fn unlearnt(store: &Arc<dyn Store>) -> Vec<String> {
    let found = store.unlearnt(9).await.unwrap();
    found.iter().map(|newcomer| format!("{} {}", newcomer.source, newcomer.story.key)).collect()
}

async fn teaches(store: &Arc<dyn Store>, newcomer: &Newcomer) {
    let stories = vec![(newcomer.story.key.clone(), newcomer.digest)];
    let lesson = Lesson { source: newcomer.source.clone(), blocks: Blocks::default(), stories };
    store.learn(&[lesson]).await.unwrap();
}

pub(super) async fn lessons_are_remembered(store: Arc<dyn Store>) {
    assert_eq!(blocks(&store, "ap", [1]).await, Blocks::default());
    store.learn(&[lesson("ap", 2, [(1, seen(1, false)), (u64::MAX, seen(2, false))])]).await.unwrap();
    store.learn(&[lesson("ap", 3, [(1, seen(3, true))]), lesson("bbc", 1, [(1, seen(1, false))])]).await.unwrap();
    let known = blocks(&store, "ap", [1, 7, u64::MAX]).await;
    assert_eq!(known, lesson("ap", 3, [(1, seen(3, true)), (u64::MAX, seen(2, false))]).blocks);
    assert_eq!(blocks(&store, "bbc", [1]).await, lesson("bbc", 1, [(1, seen(1, false))]).blocks);
    assert_eq!(blocks(&store, "ap", []).await.stories, 3);
}

pub(super) async fn a_story_teaches_once(store: Arc<dyn Store>) {
    let (one, two) = (newcomer("ap", "1", 2), newcomer("bbc", "2", 1));
    let waits = Newcomer { awaits: Some(at(3)), ..newcomer("ap", "3", 3) };
    deliver(&store, &[one.clone(), two.clone(), waits.clone()]).await;
    assert_eq!(unlearnt(&store).await, ["bbc 2", "ap 1"]);
    assert_eq!(store.unlearnt(1).await.unwrap()[0].story, two.story);
    teaches(&store, &one).await;
    deliver(&store, std::slice::from_ref(&one)).await;
    assert_eq!(unlearnt(&store).await, ["bbc 2"]);
    // In another form it was not heard.
    teaches(&store, &two.clone().edited("other")).await;
    assert_eq!(unlearnt(&store).await, ["bbc 2"]);
    deliver(&store, &[one.edited("Edit")]).await;
    assert_eq!(unlearnt(&store).await, ["bbc 2", "ap 1"]);
    // What it says it says with its text.
    let awaited = store.awaited().await.unwrap().remove(0);
    let told = Newcomer { awaits: None, ..waits };
    let stories = vec![(awaited, Resolved::Told(Box::new(told)))];
    store.resolve(&Resolution { page: None, stories }).await.unwrap();
    assert_eq!(unlearnt(&store).await, ["bbc 2", "ap 1", "ap 3"]);
    decide(&store, 9, |newcomer| newcomer.story.key.clone()).await;
    assert!(unlearnt(&store).await.is_empty());
}

pub(super) async fn few_lines_are_remembered(store: Arc<dyn Store>) {
    let many = (0..BLOCKS as u64).map(|block| (block, seen(block + 1, block < 3)));
    store.learn(&[lesson("ap", 1, many), lesson("bbc", 1, [(0, seen(1, false))])]).await.unwrap();
    assert_eq!(blocks(&store, "ap", 0..BLOCKS as u64).await.seen.len(), BLOCKS);
    let last = BLOCKS as u64;
    store.learn(&[lesson("ap", 2, [(last, seen(last + 1, false))])]).await.unwrap();
    let left: Vec<Block> = blocks(&store, "ap", 0..=last).await.seen.into_keys().collect();
    assert_eq!(left.len(), BLOCKS / 2);
    assert!(left.starts_with(&[0, 1, 2]) && left.ends_with(&[last]) && !left.contains(&3));
    assert_eq!(blocks(&store, "bbc", [0]).await.seen.len(), 1);
}

pub(super) async fn what_was_cleaned_is_settled(store: Arc<dyn Store>) {
    let cleaned = |mut newcomer: Newcomer| {
        newcomer.story.text = "It rained.".to_owned();
        newcomer.story.boilerplate = vec!["Follow us.".to_owned()];
        newcomer.fingerprint = Arc::new(Fingerprint { words: 2, ..Fingerprint::default() });
        newcomer
    };
    let check = async |expected: &Newcomer| {
        let query = Query::Words(vec!["ap 2".to_owned()]);
        let found = store.find(&query, 9).await.unwrap();
        let story = &found[0].1[0].story;
        assert_eq!((&story.text, &story.boilerplate), (&expected.story.text, &expected.story.boilerplate));
    };
    know(&store, &[newcomer("ap", "1", 1)]).await;
    for (minute, verdict) in [(2, Verdict::Opens), (3, Verdict::Known { moves_updated: false })] {
        let mut edit = newcomer("ap", "2", 1);
        edit.digest.0[0] ^= minute;
        deliver(&store, &[edit.clone()]).await;
        let mut inbox = inbox(&store).await;
        inbox.newcomers[0] = cleaned(edit.clone());
        inbox.changed.insert(0);
        let cluster = super::sample::cluster("2");
        let decision = Decision { placements: vec![placement(verdict, cluster)] };
        store.settle(copy(&inbox), &decision, at(i64::from(minute))).await.unwrap();
        store.settle(inbox, &decision, at(i64::from(minute))).await.unwrap();
        let known = store.members(&[cluster]).await.unwrap();
        assert_eq!((known.len(), known[0].fingerprint.words), (1, 2));
    }
    check(&cleaned(newcomer("ap", "2", 1))).await;
}
