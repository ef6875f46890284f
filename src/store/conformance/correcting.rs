//! What people correct, and hashes that a new version of the program makes anew.

use std::sync::Arc;

use super::sample::{at, cluster, decide, deliver, digest, id, know, newcomer};
use crate::model::{ClusterId, Correction, Evidence, Fingerprint, Held, Key, Rule, Verdict, Veto};
use crate::store::{Outdated, Placed, Query, Shelf, Store, StoreError};

fn shelf() -> Shelf {
    Shelf { sources: vec![id("ap"), id("bbc")], limit: 9, since: at(0), cap: 9, seat: None }
}

async fn shown(store: &Arc<dyn Store>) -> Vec<ClusterId> {
    store.shelf(&shelf()).await.unwrap().into_iter().map(|(id, _)| id).collect()
}

async fn tellings(store: &Arc<dyn Store>, id: ClusterId) -> Vec<Placed> {
    store.find(&Query::Id(id.short()), 1).await.unwrap().pop().map(|(_, placed)| placed).unwrap_or_default()
}

pub(super) async fn a_correction_moves_tellings(store: Arc<dyn Store>) {
    let near = |source: &str| newcomer(source, "k", 1).hashed(|print| print.bands = vec![7]);
    deliver(&store, &[near("ap"), near("bbc")]).await;
    decide(&store, 2, |_| "one".to_owned()).await;
    let held = Held {
        source: id("bbc"),
        key: "k".to_owned(),
        cluster: cluster("new"),
        home: cluster("home"),
        verdict: Verdict::Opens,
        because: Evidence::bare(Rule::Split, Some((id("ap"), "k".to_owned()))),
        apart: vec![Evidence { veto: Some(Veto::Split), ..Evidence::bare(Rule::NearText, None) }],
    };
    for _ in 0..2 {
        store.correct(&Correction::Place(vec![held.clone()]), at(3)).await.unwrap();
        assert_eq!((tellings(&store, cluster("one")).await.len(), shown(&store).await.len()), (1, 2));
        assert_eq!(store.health().await.unwrap().clusters, 2);
        let moved = &tellings(&store, cluster("new")).await[0];
        assert_eq!((moved.cluster, moved.home, moved.verdict), (held.cluster, held.home, held.verdict));
        assert_eq!((&moved.because, &moved.apart), (&held.because, &held.apart));
    }
    let members = store.sharing(&[vec![Key::Band(7)]], at(0)).await.unwrap();
    let homes: Vec<_> = members.iter().map(|member| (member.cluster, member.home)).collect();
    assert_eq!(homes, [(cluster("one"), cluster("one")), (cluster("new"), cluster("home"))]);

    let back = Held { cluster: cluster("one"), ..held.clone() };
    store.correct(&Correction::Place(vec![back]), at(4)).await.unwrap();
    assert_eq!(store.health().await.unwrap().clusters, 1);

    // The id that a person has merged away leads to where its tellings are now.
    assert_eq!(tellings(&store, cluster("home")).await.len(), 2, "found by its home");
    assert_eq!(tellings(&store, cluster("new")).await.len(), 0);

    let unknown = Held { key: "other".to_owned(), ..held.clone() };
    let error = store.correct(&Correction::Place(vec![held, unknown]), at(3)).await.unwrap_err();
    assert!(matches!(error, StoreError::Failed { .. }), "{error:?}");
}

pub(super) async fn a_guest_makes_no_story_young(store: Arc<dyn Store>) {
    know(&store, &[newcomer("ap", "1", 1), newcomer("bbc", "2", 5), newcomer("ap", "3", 3)]).await;
    assert_eq!(shown(&store).await, [cluster("2"), cluster("3"), cluster("1")]);
    let guest = Held {
        source: id("bbc"),
        key: "2".to_owned(),
        cluster: cluster("1"),
        home: cluster("2"),
        verdict: Verdict::Joins,
        because: Evidence::bare(Rule::Merge, Some((id("ap"), "1".to_owned()))),
        apart: Vec::new(),
    };
    store.correct(&Correction::Place(vec![guest]), at(1_001)).await.unwrap();
    assert_eq!(shown(&store).await, [cluster("3"), cluster("1")]);
    // Where nobody at home may be shown, the guests are the story.
    let guests = Shelf { sources: vec![id("bbc")], since: at(5), limit: 0, cap: 9, seat: None };
    assert_eq!(store.shelf(&guests).await.unwrap().len(), 1);
    let all = Shelf { sources: shelf().sources, ..guests };
    assert_eq!(store.shelf(&all).await.unwrap().len(), 0);
}

pub(super) async fn what_is_dropped_is_not_shown(store: Arc<dyn Store>) {
    know(&store, &[newcomer("ap", "1", 1), newcomer("bbc", "2", 2)]).await;
    assert_eq!(shown(&store).await, [cluster("2"), cluster("1")]);
    for minute in [5, 6] {
        store.correct(&Correction::Drop(vec![cluster("2")]), at(minute)).await.unwrap();
        assert_eq!(shown(&store).await, [cluster("1")]);
        assert_eq!(tellings(&store, cluster("2")).await[0].dropped, Some(at(5)), "the first time counts");
    }
    // Whatever joins it.
    deliver(&store, &[newcomer("ap", "3", 3)]).await;
    decide(&store, 7, |_| "2".to_owned()).await;
    assert_eq!(shown(&store).await, [cluster("1")]);
    store.correct(&Correction::Restore(vec![cluster("2")]), at(8)).await.unwrap();
    assert_eq!(shown(&store).await, [cluster("2"), cluster("1")]);
    assert_eq!(tellings(&store, cluster("2")).await[0].dropped, None);
}

/// Hashes that another version made of a story: its text, so to speak.
fn hash(outdated: &Outdated, version: u32) -> Fingerprint {
    let name = &outdated.story.key;
    Fingerprint {
        url: Some(digest(&format!("{name} {version}"))),
        bands: vec![version],
        shingles: vec![version],
        words: 9,
        ..Fingerprint::default()
    }
}

pub(super) async fn hashes_are_renewed(store: Arc<dyn Store>) {
    // An empty store has nothing to renew, and remembers the version.
    assert!(store.outdated(1, 9).await.unwrap().is_some_and(|outdated| outdated.is_empty()));
    store.renew(1, &[]).await.unwrap();
    assert!(store.outdated(1, 9).await.unwrap().is_none());

    let old: Vec<_> =
        (1..=4).map(|n| newcomer("ap", &n.to_string(), n).hashed(|print| print.bands = vec![1])).collect();
    know(&store, &old).await;
    deliver(&store, &[newcomer("bbc", "5", 5)]).await;
    store.prune(at(2)).await.unwrap();
    assert_eq!(store.sharing(&[vec![Key::Band(1)]], at(0)).await.unwrap().len(), 3);

    // A version that was begun and not ended leaves nothing behind for the next.
    let begun = store.outdated(2, 2).await.unwrap().unwrap();
    let renewed: Vec<_> = begun.into_iter().map(|outdated| (outdated.clone(), hash(&outdated, 2))).collect();
    store.renew(2, &renewed).await.unwrap();

    let mut batches = Vec::new();
    while let Some(outdated) = store.outdated(3, 2).await.unwrap() {
        batches.push(outdated.len());
        let renewed: Vec<_> = outdated.into_iter().map(|outdated| (outdated.clone(), hash(&outdated, 3))).collect();
        store.renew(3, &renewed).await.unwrap();
    }
    assert_eq!(batches.iter().sum::<usize>(), 5);
    assert_eq!(store.outdated(3, 2).await.unwrap().map(|outdated| outdated.len()), None);
    for (key, found) in [(Key::Band(1), 0), (Key::Band(2), 0), (Key::Band(3), 3), (Key::Url(digest("1 3")), 1)] {
        assert_eq!(store.sharing(&[vec![key]], at(0)).await.unwrap().len(), found, "{key:?}");
    }
    let slim = &store.members(&[cluster("1")]).await.unwrap()[0].fingerprint;
    assert!(slim.shingles.is_empty(), "what was forgotten stays so");
    let inbox = store.undecided(9).await.unwrap().unwrap();
    assert_eq!(inbox.newcomers[0].fingerprint.bands, [3], "also what waits");
}

pub(super) async fn a_timeline_has_the_newest(store: Arc<dyn Store>) {
    know(&store, &[newcomer("ap", "1", 1), newcomer("ap", "2", 2), newcomer("ap", "3", 3)]).await;
    let keys = async |minute, limit| -> String {
        store.timeline(at(minute), limit).await.unwrap().into_iter().map(|member| member.key).collect()
    };
    assert_eq!([keys(0, 9).await, keys(0, 2).await, keys(3, 9).await, keys(4, 9).await], ["123", "23", "3", ""]);
    store.prune(at(2)).await.unwrap();
    assert_eq!(keys(0, 9).await, "23");
}
