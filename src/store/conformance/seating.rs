//! Stories that are in one feed only, what was seeded, and all stories in turn.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::sample::{at, cluster, decide, deliver, id, know, newcomer};
use crate::model::{ClusterId, Correction, Evidence, Held, Newcomer, Row, Rule, Seat, Seating, SourceId, Verdict};
use crate::store::{Shelf, Store};

fn seat(output: &str, source: Option<&str>) -> Seat {
    Seat { output: id(output), source: source.map(id) }
}

/// `world` shows ap and bbc, `folders` has a feed for each of ap, bbc and cnn.
fn seating() -> Arc<Seating> {
    let row = |output: &str, sources: &[&str], each| {
        let sources: HashMap<SourceId, u32> = sources.iter().map(|source| (id(source), 0)).collect();
        Row { output: id(output), sources, each }
    };
    let rows = vec![row("world", &["ap", "bbc"], false), row("folders", &["ap", "bbc", "cnn"], true)];
    let listed = HashSet::from(["ap", "bbc", "cnn"].map(id));
    Arc::new(Seating { scope: "here".to_owned(), rows, elsewhere: HashSet::from([id("vault")]), listed })
}

/// What is on the shelf of a seat: the clusters, and whose tellings come with them.
async fn shown(store: &Arc<dyn Store>, seat: Seat, limit: usize) -> Vec<(ClusterId, String)> {
    let sources: &[&str] = if seat.source.is_some() { &["cnn"] } else { &["ap", "bbc"] };
    let sources = sources.iter().map(|source| id(source)).collect();
    let shelf = Shelf { sources, limit, since: at(99_999), cap: 0, seat: Some((seating(), seat)) };
    let tellers = |tellings: &[crate::store::Placed]| {
        tellings.iter().map(|placed| placed.source.as_str()).collect::<Vec<_>>().join(" ")
    };
    store.shelf(&shelf).await.unwrap().iter().map(|(id, tellings)| (*id, tellers(tellings))).collect()
}

pub(super) async fn a_story_has_one_seat(store: Arc<dyn Store>) {
    deliver(
        &store,
        &[
            newcomer("ap", "both", 1),
            newcomer("cnn", "both", 2),
            newcomer("cnn", "own", 3),
            newcomer("cnn", "shut", 4),
            newcomer("vault", "shut", 5),
            newcomer("bbc", "late", 6),
        ],
    )
    .await;
    decide(&store, 10, |newcomer| newcomer.story.key.clone()).await;
    let (world, cnn) = (seat("world", None), seat("folders", Some("cnn")));
    let late_and_both = [(cluster("late"), "bbc".to_owned()), (cluster("both"), "ap cnn".to_owned())];
    assert_eq!(shown(&store, world.clone(), 9).await, late_and_both);
    assert_eq!(shown(&store, cnn.clone(), 9).await, [(cluster("own"), "cnn".to_owned())]);
    // One that is passed over takes no room.
    assert_eq!(shown(&store, cnn.clone(), 1).await.len(), 1);

    // What was recorded holds, in its scope alone.
    let moved = [cluster("both"), cluster("shut")];
    store.seat("there", &moved, &cnn).await.unwrap();
    assert_eq!(shown(&store, world.clone(), 9).await, late_and_both);
    for _ in 0..2 {
        store.seat("here", &moved, &cnn).await.unwrap();
    }
    assert_eq!(shown(&store, world.clone(), 9).await, late_and_both[..1]);
    let clusters: Vec<_> = shown(&store, cnn.clone(), 9).await.into_iter().map(|(id, _)| id).collect();
    assert_eq!(clusters, [cluster("shut"), cluster("own"), cluster("both")]);
    store.seat("here", &[cluster("both")], &world).await.unwrap();
    let seats = store.seats("here", &[cluster("both"), cluster("shut"), cluster("own")]).await.unwrap();
    assert_eq!(seats, [(cluster("both"), world), (cluster("shut"), cnn)].into());
    assert!(store.seats("nowhere", &moved).await.unwrap().is_empty());
}

pub(super) async fn the_young_are_counted(store: Arc<dyn Store>) {
    let stories: Vec<Newcomer> =
        (0..20).map(|n| newcomer(["ap", "cnn"][n % 2], &format!("{n:02}"), n as i64)).collect();
    know(&store, &stories).await;
    let shelf = Shelf { sources: vec![id("ap"), id("cnn")], limit: 1, since: at(15), cap: 3, seat: None };
    assert_eq!(store.young(&shelf).await.unwrap(), 5);
    assert_eq!(store.young(&Shelf { sources: vec![id("ap")], ..shelf.clone() }).await.unwrap(), 2);
    let seated = Shelf { seat: Some((seating(), seat("world", None))), ..shelf };
    assert_eq!(store.young(&seated).await.unwrap(), 2);
}

pub(super) async fn what_was_seeded_makes_no_story_young(store: Arc<dyn Store>) {
    let seeded = Newcomer { source: SourceId::seeded(), ..newcomer("x", "old", 1) };
    deliver(&store, &[seeded.clone(), newcomer("ap", "old", 9), newcomer("ap", "new", 5)]).await;
    decide(&store, 10, |newcomer| newcomer.story.key.clone()).await;
    let shelf = Shelf { sources: vec![id("ap")], limit: 9, since: at(99_999), cap: 0, seat: None };
    let found = store.shelf(&shelf).await.unwrap();
    let clusters: Vec<_> = found.iter().map(|(id, tellings)| (*id, tellings.len())).collect();
    assert_eq!(clusters, [(cluster("new"), 1), (cluster("old"), 2)], "it comes with the tellings");
    assert!(store.standing(at(0)).await.unwrap().iter().all(|standing| standing.source == id("ap")));
    assert_eq!(store.standing(at(0)).await.unwrap()[0].unique, 2);
}

pub(super) async fn stories_come_in_turn(store: Arc<dyn Store>) {
    let stories: Vec<Newcomer> = (0..5).map(|n| newcomer("ap", &n.to_string(), n)).collect();
    know(&store, &stories).await;
    deliver(&store, &[newcomer("ap", "waits", 9)]).await;
    let (mut after, mut keys) = (-1, Vec::new());
    loop {
        let page = store.stories(after, 2).await.unwrap();
        assert!(page.len() <= 2);
        let Some((last, _)) = page.last() else { break };
        after = *last;
        keys.extend(page.iter().map(|(_, placed)| (placed.key.clone(), placed.cluster)));
    }
    let expected: Vec<_> = (0..5).map(|n| (n.to_string(), cluster(&n.to_string()))).collect();
    assert_eq!(keys, expected);
}

pub(super) async fn what_was_seeded_of_a_guest_dates_no_other_story(store: Arc<dyn Store>) {
    let seeded = Newcomer { source: SourceId::seeded(), ..newcomer("x", "old", 1) };
    deliver(&store, &[seeded, newcomer("ap", "old", 2), newcomer("ap", "new", 9), newcomer("ap", "other", 5)]).await;
    decide(&store, 10, |newcomer| newcomer.story.key.clone()).await;
    let held = |source: SourceId| Held {
        source,
        key: "old".to_owned(),
        cluster: cluster("new"),
        home: cluster("old"),
        verdict: Verdict::Joins,
        because: Evidence::bare(Rule::Merge, None),
        apart: Vec::new(),
    };
    let merge = Correction::Place(vec![held(SourceId::seeded()), held(id("ap"))]);
    store.correct(&merge, at(11)).await.unwrap();
    let shelf = Shelf { sources: vec![id("ap")], limit: 9, since: at(99_999), cap: 0, seat: None };
    let clusters: Vec<_> = store.shelf(&shelf).await.unwrap().into_iter().map(|(id, _)| id).collect();
    assert_eq!(clusters, [cluster("new"), cluster("other")]);
}
