//! What is settled, and what the decider is told.

use std::sync::Arc;

use super::sample::{at, cluster, copy, decide, deliver, digest, id, inbox, know, newcomer, placement};
use crate::model::{Decision, Key, Member, Newcomer, Placement, Verdict};
use crate::store::{Placed, Query, Store, StoreError};

pub(super) async fn an_edit_stays_where_it_is(store: Arc<dyn Store>) {
    know(&store, &[newcomer("ap", "1", 1)]).await;
    let first = telling(&store, "1").await;
    for (minute, moves_updated, revised) in [(10, false, None), (20, true, Some(at(20))), (30, false, Some(at(20)))] {
        let edit = newcomer("ap", "1", 1).edited(&format!("Edit {minute}")).hashed(|f| f.words = 50);
        let mut edit = Newcomer { first_seen: at(minute), publish: false, ..edit };
        edit.story.published = Some(at(minute));
        deliver(&store, std::slice::from_ref(&edit)).await;
        let inbox = inbox(&store).await;
        let before = inbox.before[0].clone().expect("it is an edit");
        // Readers were told of what was decided about first, and of the edit that moved `updated`.
        let (title, told_words) = match minute {
            10 => (first.story.title.clone(), 4),
            20 => ("Edit 10".to_owned(), 4),
            _ => ("Edit 20".to_owned(), 50),
        };
        assert_eq!((before.cluster, before.title, before.told_words), (cluster("1"), title, told_words));
        assert_eq!(before.revised, (minute == 30).then(|| at(20)));
        assert_eq!(before.fingerprint.words, if minute == 10 { 4 } else { 50 });
        assert_eq!((inbox.newcomers[0].first_seen, inbox.newcomers[0].publish), (at(1), true));

        let placement = placement(Verdict::Known { moves_updated }, before.cluster);
        store.settle(inbox, &Decision { placements: vec![placement] }, at(minute)).await.unwrap();
        let now = telling(&store, "1").await;
        assert_eq!((now.story, now.revised), (edit.story, revised));
        assert_eq!((now.first_seen, now.decided, now.publish), (first.first_seen, first.decided, first.publish));
        assert_eq!((now.verdict, now.because), (first.verdict, first.because.clone()), "why it is here stays");
        assert_eq!(store.fresh(&id("ap"), &[("1".into(), edit.digest)]).await.unwrap(), [false]);
    }
    assert_eq!(store.health().await.unwrap().stories, 1);
}

pub(super) async fn settling_again_changes_nothing(store: Arc<dyn Store>) {
    deliver(&store, &[newcomer("ap", "1", 1), newcomer("ap", "2", 2).hashed(|f| f.bands = vec![7])]).await;
    let inbox = inbox(&store).await;
    let decide =
        |names: [&str; 2]| Decision { placements: names.map(|name| placement(Verdict::Opens, cluster(name))).to_vec() };
    store.settle(copy(&inbox), &decide(["1", "2"]), at(5)).await.unwrap();
    store.settle(copy(&inbox), &decide(["1", "2"]), at(5)).await.unwrap();
    store.settle(copy(&inbox), &decide(["x", "y"]), at(6)).await.unwrap();
    let health = store.health().await.unwrap();
    assert_eq!((health.stories, health.clusters, health.undecided), (2, 2, 0));
    assert_eq!(telling(&store, "1").await.decided, at(5));
    assert_eq!(names(&store.sharing(&[vec![Key::Band(7)]], at(0)).await.unwrap()), ["ap 2"]);
}

pub(super) async fn what_came_meanwhile_waits_on(store: Arc<dyn Store>) {
    deliver(&store, &[newcomer("ap", "1", 1)]).await;
    let old = inbox(&store).await;
    deliver(&store, &[newcomer("ap", "1", 1).edited("Meanwhile"), newcomer("ap", "2", 2)]).await;
    let decision = Decision { placements: vec![placement(Verdict::Opens, cluster("1"))] };
    store.settle(old, &decision, at(5)).await.unwrap();
    let left = inbox(&store).await;
    assert_eq!(left.newcomers.len(), 2);
    assert_eq!(left.newcomers[0].story.title, "Meanwhile");
    assert_eq!(left.before[0].as_ref().map(|before| before.title.as_str()), Some("Title of ap 1"));
}

pub(super) async fn a_story_takes_the_key_of_another(store: Arc<dyn Store>) {
    know(&store, &[newcomer("ap", "1", 1)]).await;
    let other = Newcomer { first_seen: at(9), ..newcomer("ap", "1", 9).edited("Another story") };
    deliver(&store, std::slice::from_ref(&other)).await;
    let inbox = inbox(&store).await;
    let taken = Placement { takes_key: true, ..placement(Verdict::Opens, cluster("other")) };
    let decision = Decision { placements: vec![taken] };
    store.settle(copy(&inbox), &decision, at(9)).await.unwrap();
    store.settle(inbox, &decision, at(9)).await.unwrap();
    let (old, new) = (telling(&store, "1").await, telling(&store, "other").await);
    assert_eq!((old.story.title.as_str(), new.story.title.as_str()), ("Title of ap 1", "Another story"));
    assert_eq!((new.key.as_str(), new.first_seen, new.publish), ("1", at(9), true));
    assert_ne!(old.key, "1");
    assert_eq!(store.health().await.unwrap().stories, 2);
    assert_eq!(store.fresh(&id("ap"), &[("1".into(), other.digest)]).await.unwrap(), [false]);
}

pub(super) async fn two_stories_change_keys(store: Arc<dyn Store>) {
    let one = newcomer("ap", "1", 1);
    let other = newcomer("ap", "1", 9).edited("Another story").hashed(|f| f.url = Some(digest("another")));
    know(&store, std::slice::from_ref(&one)).await;
    let taken = Placement { takes_key: true, ..placement(Verdict::Opens, cluster("other")) };
    deliver(&store, std::slice::from_ref(&other)).await;
    store.settle(inbox(&store).await, &Decision { placements: vec![taken.clone()] }, at(9)).await.unwrap();

    let (old, new) = (telling(&store, "1").await, telling(&store, "other").await);
    for round in 0..4 {
        let (returns, name) = if round % 2 == 0 { (&one, "1") } else { (&other, "other") };
        deliver(&store, std::slice::from_ref(returns)).await;
        let inbox = inbox(&store).await;
        let before = inbox.before[0].clone().expect("it was there");
        assert_eq!((before.cluster, before.title), (cluster(name), returns.story.title.clone()));
        // Whatever was decided about it.
        let known = placement(Verdict::Known { moves_updated: true }, before.cluster);
        let placement = if round < 2 { known } else { taken.clone() };
        store.settle(inbox, &Decision { placements: vec![placement] }, at(20 + round)).await.unwrap();
        let health = store.health().await.unwrap();
        assert_eq!((health.stories, health.clusters, health.undecided), (2, 2, 0));
        assert_eq!(telling(&store, name).await.key, "1");
        assert_eq!(store.fresh(&id("ap"), &[("1".into(), returns.digest)]).await.unwrap(), [false]);
    }
    let (now_old, now_new) = (telling(&store, "1").await, telling(&store, "other").await);
    assert_eq!((now_old.story, now_new.story), (old.story, new.story));
    assert_eq!((now_old.revised, now_new.revised, now_new.first_seen), (None, None, at(9)));
}

pub(super) async fn a_decision_must_fit(store: Arc<dyn Store>) {
    deliver(&store, &[newcomer("ap", "1", 1)]).await;
    let error = store.settle(inbox(&store).await, &Decision::default(), at(5)).await.unwrap_err();
    assert!(matches!(error, StoreError::Failed { .. }), "{error:?}");
    assert_eq!(inbox(&store).await.newcomers.len(), 1);
}

pub(super) async fn keys_find_stories(store: Arc<dyn Store>) {
    let story = |source: &str, minute| {
        newcomer(source, "k", minute).hashed(|f| {
            f.url = Some(digest("url"));
            f.exact = Some(digest("exact"));
            f.title = Some(u64::MAX);
            f.bands = vec![u32::MAX, 5, 6];
        })
    };
    know(&store, &[story("bbc", 20), story("cnn", 10), story("ap", 20), newcomer("dw", "k", 15)]).await;
    let keys = [Key::Url(digest("url")), Key::Exact(digest("exact")), Key::Title(u64::MAX), Key::Band(u32::MAX)];
    for key in keys {
        let found = store.sharing(&[vec![key]], at(0)).await.unwrap();
        assert_eq!(names(&found), ["cnn k", "ap k", "bbc k"], "{key:?}: oldest first");
        let timeless = matches!(key, Key::Url(_) | Key::Exact(_));
        let young = store.sharing(&[vec![key]], at(20)).await.unwrap();
        assert_eq!(names(&young), if timeless { vec!["cnn k", "ap k", "bbc k"] } else { vec!["ap k", "bbc k"] });
        assert_eq!(store.sharing(&[vec![key]], at(21)).await.unwrap().len(), if timeless { 3 } else { 0 });
    }
    let all = store.sharing(&[keys.to_vec(), vec![Key::Band(5), Key::Band(6)], keys.to_vec()], at(0)).await.unwrap();
    assert_eq!(names(&all), ["cnn k", "ap k", "bbc k"], "each once");
    assert_eq!((all[0].cluster, all[0].time), (cluster("k"), at(10)));
    assert_eq!(all[0].fingerprint, story("cnn", 10).fingerprint);
    for key in [Key::Url(digest("exact")), Key::Exact(digest("url")), Key::Title(5), Key::Band(7)] {
        assert!(store.sharing(&[vec![key]], at(0)).await.unwrap().is_empty(), "{key:?}");
    }
    assert!(store.sharing(&[], at(0)).await.unwrap().is_empty());
    // Digests that only begin alike are not the same.
    let mut alike = digest("url");
    alike.0[31] ^= 1;
    assert!(store.sharing(&[vec![Key::Url(alike), Key::Exact(alike)]], at(0)).await.unwrap().is_empty());
}

pub(super) async fn an_edit_is_found_by_its_new_keys(store: Arc<dyn Store>) {
    let hashed = |newcomer: Newcomer, text: &str, number| {
        newcomer.hashed(|f| {
            f.url = Some(digest(text));
            f.exact = Some(digest(text));
            f.title = Some(number);
            f.bands = vec![number as u32, 100];
        })
    };
    know(&store, &[hashed(newcomer("ap", "1", 1), "old", 1)]).await;
    deliver(&store, &[hashed(newcomer("ap", "1", 1).edited("Edit"), "new", 2)]).await;
    decide(&store, 10, |_| String::new()).await;
    let keys =
        |text, number| [Key::Url(digest(text)), Key::Exact(digest(text)), Key::Title(number), Key::Band(number as u32)];
    for key in keys("old", 1) {
        assert!(store.sharing(&[vec![key]], at(0)).await.unwrap().is_empty(), "{key:?}");
    }
    for key in keys("new", 2).into_iter().chain([Key::Band(100)]) {
        assert_eq!(names(&store.sharing(&[vec![key]], at(0)).await.unwrap()), ["ap 1"], "{key:?}");
    }
}

pub(super) async fn a_crowded_key_gives_the_newest(store: Arc<dyn Store>) {
    for batch in 0..3 {
        let stories: Vec<Newcomer> = (batch * 100..batch * 100 + 100)
            .map(|n| {
                newcomer("ap", &format!("{n:03}"), i64::from(n)).hashed(|f| {
                    (f.url, f.exact, f.title) = (Some(digest("url")), Some(digest("exact")), Some(7));
                    f.bands = vec![7];
                })
            })
            .collect();
        know(&store, &stories).await;
    }
    let newest = |count: usize| (300 - count..300).map(|n| format!("ap {n:03}")).collect::<Vec<String>>();
    let found = store.sharing(&[vec![Key::Band(7)]], at(0)).await.unwrap();
    assert_eq!(names(&found), newest(Key::CANDIDATES));
    for key in [Key::Url(digest("url")), Key::Exact(digest("exact")), Key::Title(7)] {
        assert_eq!(names(&store.sharing(&[vec![key]], at(0)).await.unwrap()), newest(Key::POSTINGS), "{key:?}");
    }
}

pub(super) async fn leads_count_for_one_newcomer(store: Arc<dyn Store>) {
    know(&store, &[newcomer("ap", "1", 1).hashed(|f| f.lead = vec![1, 2, 3, 4])]).await;
    let leads = |hashes: &[u32]| hashes.iter().copied().map(Key::Lead).collect::<Vec<_>>();
    assert_eq!(names(&store.sharing(&[leads(&[4, 2, 1])], at(0)).await.unwrap()), ["ap 1"]);
    assert!(store.sharing(&[leads(&[1, 2, 9])], at(0)).await.unwrap().is_empty());
    assert!(store.sharing(&[leads(&[1, 2]), leads(&[3, 4])], at(0)).await.unwrap().is_empty());
    assert!(store.sharing(&[leads(&[1, 2, 3])], at(2)).await.unwrap().is_empty());
}

pub(super) async fn clusters_have_members(store: Arc<dyn Store>) {
    deliver(&store, &[newcomer("bbc", "1", 3), newcomer("ap", "1", 3), newcomer("ap", "2", 1), newcomer("ap", "3", 2)])
        .await;
    decide(&store, 5, |newcomer| if newcomer.story.key == "3" { "other" } else { "one" }.to_owned()).await;
    let one = store.members(&[cluster("one"), cluster("none"), cluster("one")]).await.unwrap();
    assert_eq!(names(&one), ["ap 2", "ap 1", "bbc 1"]);
    let both = store.members(&[cluster("other"), cluster("one")]).await.unwrap();
    assert_eq!(names(&both), ["ap 2", "ap 3", "ap 1", "bbc 1"]);
}

pub(super) async fn a_crowded_cluster_gives_the_oldest_and_the_newest(store: Arc<dyn Store>) {
    let many = Key::CANDIDATES as i64 + 9;
    // The newest come first, and the last two at one time.
    let minute = |n: i64| if n == 0 { 1 } else { many - n };
    let stories: Vec<Newcomer> =
        (0..many).map(|n| newcomer("ap", &format!("{:03}", minute(n) * 10 + n % 2), minute(n))).collect();
    for story in stories.chunks(10) {
        deliver(&store, story).await;
        decide(&store, 1_000, |_| "one".to_owned()).await;
    }
    let few = [newcomer("bbc", "1", 500), newcomer("bbc", "2", 501)];
    deliver(&store, &few).await;
    let two = Placement { home: cluster("two"), ..placement(Verdict::Joins, cluster("one")) };
    store.settle(inbox(&store).await, &Decision { placements: vec![two; 2] }, at(1_000)).await.unwrap();

    let members = store.members(&[cluster("one")]).await.unwrap();
    assert_eq!(members.len(), 1 + Key::CANDIDATES + 2);
    let minutes: Vec<i64> = members.iter().map(|member| (member.time - at(0)).num_minutes()).collect();
    let newest = many - Key::CANDIDATES as i64..many;
    assert_eq!(minutes, [1].into_iter().chain(newest).chain([500, 501]).collect::<Vec<i64>>());
    assert_eq!(members[0].key, "010", "of two at one time the one that was decided about first");
    assert_eq!(members.last().map(|member| member.home), Some(cluster("two")));
}

pub(super) async fn the_last_decision_may_be_earlier(store: Arc<dyn Store>) {
    assert_eq!(store.settled().await.unwrap(), None);
    for (key, minute) in [("1", 1_000_000), ("2", 10), ("3", 20)] {
        deliver(&store, &[newcomer("ap", key, 1)]).await;
        decide(&store, minute, |_| key.to_owned()).await;
        assert_eq!(store.settled().await.unwrap(), Some(at(minute)));
    }
}

pub(super) async fn pruning_keeps_identities(store: Arc<dyn Store>) {
    let story = |key: &str, minute| {
        newcomer("ap", key, minute).hashed(|f| (f.exact, f.title, f.bands) = (Some(digest(key)), Some(1), vec![1, 2]))
    };
    let (old, new) = (story("old", 1), story("new", 10));
    know(&store, &[old.clone(), new.clone()]).await;
    assert_eq!(store.prune(at(10)).await.unwrap(), 1);
    assert_eq!(store.prune(at(10)).await.unwrap(), 0, "nothing is left to forget");

    assert_eq!(store.fresh(&id("ap"), &[("old".into(), old.digest)]).await.unwrap(), [false]);
    for key in [Key::Url(old.fingerprint.url.unwrap()), Key::Exact(digest("old"))] {
        let found = store.sharing(&[vec![key]], at(0)).await.unwrap();
        assert_eq!(names(&found), ["ap old"]);
        assert!(found[0].fingerprint.shingles.is_empty());
    }
    for key in [Key::Title(1), Key::Band(1), Key::Band(2)] {
        assert_eq!(names(&store.sharing(&[vec![key]], at(0)).await.unwrap()), ["ap new"]);
    }
    assert_eq!(store.members(&[cluster("new")]).await.unwrap()[0].fingerprint, new.fingerprint);
    assert_eq!(telling(&store, "old").await.story, old.story, "what it says stays");

    // An edit has its hashes again.
    deliver(&store, &[old.edited("Edit")]).await;
    decide(&store, 20, |_| String::new()).await;
    assert_eq!(names(&store.sharing(&[vec![Key::Band(1)]], at(0)).await.unwrap()), ["ap old", "ap new"]);
    assert_eq!(store.prune(at(11)).await.unwrap(), 2);
    assert!(store.sharing(&[vec![Key::Band(1)]], at(0)).await.unwrap().is_empty());
}

/// The one telling of a cluster.
async fn telling(store: &Arc<dyn Store>, name: &str) -> Placed {
    let id = cluster(name).short();
    let mut found = store.find(&Query::Id(id), 1).await.unwrap().pop().expect("the cluster is known").1;
    assert_eq!(found.len(), 1);
    found.remove(0)
}

fn names(members: &[Member]) -> Vec<String> {
    members.iter().map(|member| format!("{} {}", member.source, member.key)).collect()
}
