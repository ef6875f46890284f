//! What is published from, explained and counted.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::sample::{at, cluster, decide, deliver, digest, id, inbox, know, newcomer};
use crate::model::{ClusterId, Decision, Evidence, Newcomer, Placement, Rule, Verdict, Veto, Voice};
use crate::store::{Placed, Query, Shelf, Store};

pub(super) async fn a_shelf_shows_only_its_sources(store: Arc<dyn Store>) {
    let hidden = |newcomer| Newcomer { publish: false, ..newcomer };
    deliver(
        &store,
        &[
            newcomer("ap", "both", 1),
            newcomer("bbc", "both", 2),
            newcomer("bbc", "other", 3),
            hidden(newcomer("ap", "old", 4)),
            hidden(newcomer("ap", "half", 5)),
            newcomer("bbc", "half", 6),
        ],
    )
    .await;
    decide(&store, 10, |newcomer| newcomer.story.key.clone()).await;
    assert_eq!(shown(&store, &["ap"], 9).await, ["both: ap"]);
    assert_eq!(shown(&store, &["bbc"], 9).await, ["half: bbc", "other: bbc", "both: bbc"]);
    assert_eq!(shown(&store, &["ap", "bbc", "cnn"], 9).await, ["half: ap bbc", "other: bbc", "both: ap bbc"]);
    assert!(shown(&store, &[], 9).await.is_empty());
}

pub(super) async fn a_shelf_is_ordered_by_what_it_shows(store: Arc<dyn Store>) {
    let mut future = newcomer("ap", "future", 3);
    future.story.published = Some(at(9_999));
    let hidden = Newcomer { publish: false, ..newcomer("ap", "opened", 8) };
    deliver(
        &store,
        &[newcomer("ap", "late", 5), newcomer("ap", "opened", 1), future, newcomer("bbc", "opened", 7), hidden],
    )
    .await;
    // The last is of the key `opened` too and replaces the second, but not when it was seen.
    decide(&store, 10, |newcomer| newcomer.story.key.clone()).await;
    assert_eq!(shown(&store, &["ap"], 9).await, ["late: ap", "future: ap", "opened: ap"]);
    assert_eq!(shown(&store, &["ap", "bbc"], 9).await, ["opened: ap bbc", "late: ap", "future: ap"]);
}

pub(super) async fn a_shelf_has_room(store: Arc<dyn Store>) {
    // Two a minute, so that ids decide.
    let stories: Vec<Newcomer> = (0..20).map(|n| newcomer("ap", &format!("{n:02}"), n / 2)).collect();
    know(&store, &stories).await;
    let mut ordered: Vec<(i64, ClusterId)> = (0..20).map(|n| (-(n / 2), cluster(&format!("{n:02}")))).collect();
    ordered.sort_unstable();
    for (limit, minute, cap, expected) in [
        (3, 9_999, 99, 3),
        (1, 8, 99, 4),
        (5, 8, 99, 5),
        (1, 0, 7, 7),
        (0, 9, 0, 0),
        (9, 0, 7, 9),
        (99, 0, 7, 20),
        (0, 0, 99, 20),
        (0, 9_999, 99, 0),
    ] {
        let shelf = Shelf { sources: vec![id("ap")], limit, since: at(minute), cap };
        let found: Vec<ClusterId> = store.shelf(&shelf).await.unwrap().iter().map(|(id, _)| *id).collect();
        let expected: Vec<ClusterId> = ordered[..expected].iter().map(|(_, id)| *id).collect();
        assert_eq!(found, expected, "limit {limit} since {minute} cap {cap}");
    }
}

pub(super) async fn a_shelf_goes_far_back(store: Arc<dyn Store>) {
    // Many tellings of few stories, by two sources that take turns.
    let story = |n: i64| newcomer(["ap", "bbc"][(n % 2) as usize], &format!("{n:03}"), n / 3);
    deliver(&store, &(0..200).map(story).collect::<Vec<_>>()).await;
    decide(&store, 500, |newcomer| newcomer.story.key[..1].to_owned()).await;
    let shelf = Shelf { sources: vec![id("bbc"), id("ap")], limit: 9, since: at(0), cap: 9 };
    let found = store.shelf(&shelf).await.unwrap();
    assert_eq!(
        found.iter().map(|(id, tellings)| (*id, tellings.len())).collect::<Vec<_>>(),
        [(cluster("1"), 100), (cluster("0"), 100)]
    );
}

pub(super) async fn queries_find_clusters(store: Arc<dyn Store>) {
    let mut titled = newcomer("ap", "1", 1);
    titled.story.title = "ÄRZTE strike in Berlin".to_owned();
    deliver(&store, &[titled.clone(), newcomer("bbc", "2", 3), newcomer("cnn", "3", 2)]).await;
    decide(&store, 5, |newcomer| if newcomer.story.key == "2" { "two" } else { "one" }.to_owned()).await;

    let find = async |query: Query, limit| {
        let found = store.find(&query, limit).await.unwrap();
        found.iter().map(|(_, tellings)| listed(tellings)).collect::<Vec<_>>()
    };
    let (one, two) = (vec!["ap cnn"], vec!["bbc"]);
    let full: String = cluster("one").0.iter().map(|byte| format!("{byte:02x}")).collect();
    for digits in [4, 5, 12, 32] {
        assert_eq!(find(Query::Id(full[..digits].to_owned()), 9).await, one, "{digits} digits");
    }
    for nothing in ["ffff", &full[..3], "", "nonsense"] {
        assert!(find(Query::Id(nothing.to_owned()), 9).await.is_empty(), "{nothing:?}");
    }
    let url = |url: &str, digest| Query::Url(url.to_owned(), digest);
    assert_eq!(find(url("https://bbc.example/2", None), 9).await, two);
    assert_eq!(find(url("https://m.bbc.example/2", Some(digest("url bbc 2"))), 9).await, two);
    assert_eq!(find(url("https://bbc.example/2", Some(digest("url ap 1"))), 9).await, ["bbc", "ap cnn"]);
    assert!(find(url("https://bbc.example/", Some(digest("bbc"))), 9).await.is_empty());

    let words = |words: &str| Query::Words(words.split(' ').map(str::to_owned).collect());
    assert_eq!(find(words("berlin ärzte"), 9).await, one);
    assert_eq!(find(words("TITLE"), 9).await, ["bbc", "ap cnn"], "newest first");
    assert_eq!(find(words("title"), 1).await, two);
    assert!(find(words("title berlin"), 9).await.is_empty(), "all in one title");
    assert!(find(words(""), 9).await.is_empty());
}

pub(super) async fn what_was_decided_is_explained(store: Arc<dyn Store>) {
    let mut told = newcomer("ap", "1", 1);
    told.story.content_html = Some("<p>\u{1f600} &amp; \0</p>".to_owned());
    // Whatever a source claims must come back, or the story could never be read again.
    told.story.title = "NUL \0 in a title".to_owned();
    told.story.updated = Some(DateTime::<Utc>::MAX_UTC);
    told.story.published = Some(DateTime::<Utc>::MIN_UTC);
    deliver(&store, &[told.clone()]).await;
    let with = Some((id("bbc"), "k".to_owned()));
    let apart = Evidence { veto: Some(Veto::Names), score: 0.5, ..Evidence::bare(Rule::NearText, with.clone()) };
    let because = Evidence { jaccard: 0.75, apart_seconds: -9, ..Evidence::bare(Rule::SameText, with) };
    let placement = Placement {
        apart: vec![apart.clone(), apart.clone()],
        ..Placement::new(Verdict::Joins, cluster("c"), because.clone())
    };
    store.settle(inbox(&store).await, &Decision { placements: vec![placement] }, at(5)).await.unwrap();
    let [(_, tellings)] = &store.find(&Query::Id(cluster("c").short()), 1).await.unwrap()[..] else { panic!() };
    let placed = &tellings[0];
    assert_eq!((&placed.story, placed.verdict, &placed.because), (&told.story, Verdict::Joins, &because));
    assert_eq!((placed.apart.len(), &placed.apart[1]), (2, &apart));
    assert_eq!((placed.cluster, placed.first_seen, placed.decided), (cluster("c"), at(1), at(5)));
    assert_eq!((placed.revised, placed.publish), (None, true));
}

pub(super) async fn voices_are_kept(store: Arc<dyn Store>) {
    let voice = |agency: Option<&str>, release| Voice {
        agency: agency.map(str::to_owned),
        release,
        owner: Some("Üb \0 er".to_owned()),
    };
    let told = Newcomer { voice: voice(Some("dpa/AFP"), false), ..newcomer("ap", "1", 1) };
    deliver(&store, &[told, newcomer("bbc", "2", 2)]).await;
    assert_eq!(inbox(&store).await.newcomers[0].voice, voice(Some("dpa/AFP"), false));
    // What waits is replaced.
    let other = newcomer("ap", "1", 1).edited("Other");
    deliver(&store, &[Newcomer { voice: voice(Some("AFP"), false), ..other }]).await;
    decide(&store, 5, |_| "one".to_owned()).await;
    let kept = async || {
        let found = store.find(&Query::Id(cluster("one").short()), 1).await.unwrap();
        found[0].1.iter().map(|placed| placed.voice.clone()).collect::<Vec<_>>()
    };
    assert_eq!(kept().await, [voice(Some("AFP"), false), Voice::default()]);
    // So is what was decided.
    let edit = newcomer("ap", "1", 1).edited("Edit");
    deliver(&store, &[Newcomer { voice: voice(None, true), ..edit }]).await;
    decide(&store, 6, |_| String::new()).await;
    assert_eq!(kept().await, [voice(None, true), Voice::default()]);
}

pub(super) async fn a_period_has_standings(store: Arc<dyn Store>) {
    let mut future = newcomer("cnn", "one", 40);
    future.story.published = Some(at(9_999));
    let hidden = Newcomer { publish: false, ..newcomer("bbc", "two", 22) };
    deliver(
        &store,
        &[newcomer("ap", "one", 10), newcomer("bbc", "one", 30), future, newcomer("ap", "two", 20), hidden],
    )
    .await;
    deliver(&store, &[newcomer("ap", "own", 25)]).await;
    decide(&store, 50, |newcomer| newcomer.story.key.clone()).await;
    let standings = async |since| {
        let all = store.standing(since).await.unwrap();
        all.iter()
            .map(|s| format!("{} {} {} {} {:?}", s.source, s.items, s.unique, s.first, s.lead_minutes))
            .collect::<Vec<_>>()
    };
    let all = ["ap 3 1 2 Some(2)", "bbc 2 0 0 None", "cnn 1 0 0 None"];
    assert_eq!(standings(DateTime::<Utc>::MIN_UTC).await, all);
    assert_eq!(standings(at(10)).await, all);
    // What was told before is not of this period, and nobody is first by it.
    assert_eq!(standings(at(21)).await, ["ap 1 1 0 None", "bbc 2 1 1 Some(10)", "cnn 1 0 0 None"]);
    assert!(standings(at(41)).await.is_empty(), "a date in the future counts as of when it was seen");
}

pub(super) async fn health_counts(store: Arc<dyn Store>) {
    deliver(&store, &[newcomer("ap", "1", 1), newcomer("ap", "2", 2), newcomer("bbc", "2", 2)]).await;
    decide(&store, 5, |newcomer| newcomer.story.key.clone()).await;
    deliver(&store, &[newcomer("ap", "3", 3), newcomer("ap", "1", 1).edited("Edit")]).await;
    let health = store.health().await.unwrap();
    assert_eq!((health.stories, health.clusters, health.undecided), (3, 2, 2));
}

/// A shelf of the newest: for each cluster its key and whose tellings are shown.
async fn shown(store: &Arc<dyn Store>, sources: &[&str], limit: usize) -> Vec<String> {
    let sources = sources.iter().map(|source| id(source)).collect();
    let shelf = store.shelf(&Shelf { sources, limit, since: at(99_999), cap: 0 }).await.unwrap();
    shelf.iter().map(|(_, tellings)| format!("{}: {}", tellings[0].story.key, listed(tellings))).collect()
}

fn listed(tellings: &[Placed]) -> String {
    tellings.iter().map(|placed| placed.source.as_str()).collect::<Vec<_>>().join(" ")
}
