//! Stories to try a store with, and the shortest way to have them decided.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use crate::model::{
    ClusterId, Decision, Digest, Evidence, Fingerprint, Folding, Newcomer, Placement, Rule, SourceId, Story, Verdict,
    Visit, Voice,
};
use crate::store::{Delivery, Inbox, Store};

/// So many minutes after a midnight.
pub(super) fn at(minute: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_000_000, 0).unwrap() + TimeDelta::minutes(minute)
}

pub(super) fn id(source: &str) -> SourceId {
    SourceId::new(source).unwrap()
}

/// Another for each text.
pub(super) fn digest(text: &str) -> Digest {
    let text = format!("{text}.");
    Digest(std::array::from_fn(|at| text.as_bytes()[at % text.len()].wrapping_add(at as u8)))
}

pub(super) fn cluster(text: &str) -> ClusterId {
    ClusterId::from_digest(&digest(text))
}

/// A story published and first seen at a minute, which shares no key with another.
pub(super) fn newcomer(source: &str, key: &str, minute: i64) -> Newcomer {
    let name = format!("{source} {key}");
    let story = Story {
        key: key.to_owned(),
        url: Some(format!("https://{source}.example/{key}")),
        title: format!("Title of {name}"),
        text: format!("Text of {name}"),
        published: Some(at(minute)),
        ..Story::default()
    };
    let fingerprint = Fingerprint {
        url: Some(digest(&format!("url {name}"))),
        shingles: vec![1, 2, 3],
        words: 4,
        ..Fingerprint::default()
    };
    Newcomer {
        source: id(source),
        rank: 100,
        folding: Folding::Fold,
        digest: digest(&format!("{name} as sent")),
        first_seen: at(minute),
        publish: true,
        awaits: None,
        story,
        voice: Voice::default(),
        fingerprint: Arc::new(fingerprint),
    }
}

impl Newcomer {
    /// With other hashes.
    pub(super) fn hashed(mut self, change: impl FnOnce(&mut Fingerprint)) -> Newcomer {
        change(Arc::make_mut(&mut self.fingerprint));
        self
    }

    /// As its source sends it later.
    pub(super) fn edited(mut self, title: &str) -> Newcomer {
        self.digest = digest(title);
        self.story.title = title.to_owned();
        self
    }
}

/// Delivers stories, each as if its source had been visited.
pub(super) async fn deliver(store: &Arc<dyn Store>, stories: &[Newcomer]) {
    for story in stories {
        let delivery = Delivery {
            source: story.source.clone(),
            visit: Visit::default(),
            stories: vec![story.clone()],
            hosts: Vec::new(),
        };
        store.deliver(&delivery).await.unwrap();
    }
}

/// Everything in the inbox.
pub(super) async fn inbox(store: &Arc<dyn Store>) -> Inbox {
    store.undecided(1_000).await.unwrap().expect("something waits")
}

/// An inbox as it is, to settle it more than once.
pub(super) fn copy(inbox: &Inbox) -> Inbox {
    Inbox { newcomers: inbox.newcomers.clone(), before: inbox.before.clone(), changed: inbox.changed.clone() }
}

pub(super) fn placement(verdict: Verdict, cluster: ClusterId) -> Placement {
    let rule = if verdict == Verdict::Opens { Rule::Opens } else { Rule::SameUrl };
    Placement::new(verdict, cluster, Evidence::bare(rule, None))
}

/// Decides about everything in the inbox at a minute: edits stay and do not move `updated`,
/// everything else is put in the cluster that `place` names.
pub(super) async fn decide(store: &Arc<dyn Store>, minute: i64, place: impl Fn(&Newcomer) -> String) {
    let inbox = inbox(store).await;
    let placed = inbox.newcomers.iter().zip(&inbox.before).map(|(newcomer, before)| match before {
        Some(before) => placement(Verdict::Known { moves_updated: false }, before.cluster),
        None => placement(Verdict::Opens, cluster(&place(newcomer))),
    });
    let decision = Decision { placements: placed.collect() };
    store.settle(inbox, &decision, at(minute)).await.unwrap();
}

/// Delivers stories and decides that each opens a cluster, named like its key.
pub(super) async fn know(store: &Arc<dyn Store>, stories: &[Newcomer]) {
    deliver(store, stories).await;
    decide(store, 1_000, |newcomer| newcomer.story.key.clone()).await;
}
