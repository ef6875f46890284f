//! What visits bring and what waits to be decided.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::sample::{at, decide, deliver, digest, id, inbox, know, newcomer};
use crate::model::{Folding, Newcomer, Visit};
use crate::store::{Delivery, Store};

pub(super) async fn visits_are_remembered(store: Arc<dyn Store>) {
    let visit = |failures| Visit { failures, next: Some(at(9)), title: Some("Ü \"1\"".into()), ..Visit::default() };
    for failures in [1, 2] {
        let delivery = Delivery { source: id("ap"), visit: visit(failures), stories: Vec::new(), hosts: Vec::new() };
        store.deliver(&delivery).await.unwrap();
    }
    let visits = store.visits(&[id("ap"), id("bbc")]).await.unwrap();
    assert_eq!(visits, BTreeMap::from([(id("ap"), visit(2))]));
    assert!(store.undecided(9).await.unwrap().is_none());
}

pub(super) async fn delivering_again_changes_nothing(store: Arc<dyn Store>) {
    let stories = [newcomer("ap", "1", 1), newcomer("ap", "2", 2)];
    deliver(&store, &stories).await;
    deliver(&store, &stories).await;
    assert_eq!(keys(&inbox(&store).await.newcomers), ["ap 1", "ap 2"]);
    decide(&store, 5, |newcomer| newcomer.story.key.clone()).await;
    deliver(&store, &stories).await;
    assert!(store.undecided(9).await.unwrap().is_none());
    assert_eq!(store.health().await.unwrap().stories, 2);
}

pub(super) async fn what_waits_is_replaced(store: Arc<dyn Store>) {
    deliver(&store, &[newcomer("ap", "1", 1)]).await;
    let again = newcomer("ap", "1", 1).edited("Other").hashed(|f| f.words = 99);
    let mut again = Newcomer { first_seen: at(7), publish: false, rank: 3, folding: Folding::Never, ..again };
    again.story.published = None;
    deliver(&store, &[again.clone()]).await;
    let inbox = inbox(&store).await;
    let [waiting] = &inbox.newcomers[..] else { panic!("{inbox:?}") };
    assert_eq!((waiting.first_seen, waiting.publish), (at(1), true), "what was said first");
    assert_eq!((waiting.rank, waiting.folding, waiting.digest), (3, Folding::Never, again.digest));
    assert_eq!((&waiting.story, &waiting.fingerprint), (&again.story, &again.fingerprint));
    assert!(inbox.before[0].is_none(), "what waits is not known yet");
}

pub(super) async fn leads_are_remembered(store: Arc<dyn Store>) {
    let lead = |address: &str, target: Option<&str>| (address.to_owned(), target.map(str::to_owned));
    store.remember_leads(&BTreeMap::from([lead("a", Some("1")), lead("b", None)]), at(0)).await.unwrap();
    store.remember_leads(&BTreeMap::from([lead("c", Some("3"))]), at(1)).await.unwrap();
    let asked = ["a", "b", "c", "d"].map(str::to_owned);
    let all = BTreeMap::from([lead("a", Some("1")), lead("b", None), lead("c", Some("3"))]);
    assert_eq!(store.leads(&asked).await.unwrap(), all);
    // 90 days later those that were asked before are forgotten; another answer replaces the first.
    store.remember_leads(&BTreeMap::from([lead("c", None)]), at(90 * 24 * 60 + 1)).await.unwrap();
    assert_eq!(store.leads(&asked).await.unwrap(), BTreeMap::from([lead("c", None)]));
}

pub(super) async fn an_edit_taken_back_is_forgotten(store: Arc<dyn Store>) {
    know(&store, &[newcomer("ap", "1", 1)]).await;
    deliver(&store, &[newcomer("ap", "1", 1).edited("Oops")]).await;
    deliver(&store, &[newcomer("ap", "1", 1)]).await;
    assert!(store.undecided(9).await.unwrap().is_none());
}

pub(super) async fn the_inbox_has_an_order(store: Arc<dyn Store>) {
    let undated = |mut newcomer: Newcomer| {
        newcomer.story.published = None;
        newcomer
    };
    let ranked = |rank, newcomer| Newcomer { rank, ..newcomer };
    deliver(
        &store,
        &[
            newcomer("cnn", "b", 3),
            newcomer("cnn", "a", 3),
            newcomer("bbc", "z", 3),
            ranked(7, newcomer("zdf", "z", 3)),
            undated(newcomer("bbc", "undated", 2)),
            newcomer("ap", "late", 4),
            newcomer("ap", "early", -9_999_999),
        ],
    )
    .await;
    let ordered = ["ap early", "bbc undated", "zdf z", "bbc z", "cnn a", "cnn b", "ap late"];
    assert_eq!(keys(&inbox(&store).await.newcomers), ordered);
    let oldest = store.undecided(3).await.unwrap().unwrap();
    assert_eq!(keys(&oldest.newcomers), ordered[..3]);
    assert_eq!(oldest.before.len(), 3);
}

pub(super) async fn only_what_is_not_known_is_fresh(store: Arc<dyn Store>) {
    let (known, waiting) = (newcomer("ap", "known", 1), newcomer("ap", "waiting", 2));
    know(&store, std::slice::from_ref(&known)).await;
    deliver(&store, std::slice::from_ref(&waiting)).await;
    let items = [
        ("known".to_owned(), known.digest),
        ("known".to_owned(), digest("edit")),
        ("waiting".to_owned(), waiting.digest),
        ("waiting".to_owned(), digest("edit")),
        ("new".to_owned(), known.digest),
    ];
    assert_eq!(store.fresh(&id("ap"), &items).await.unwrap(), [false, true, false, true, true]);
    assert_eq!(store.fresh(&id("bbc"), &items).await.unwrap(), [true; 5], "keys are those of a source");
    // An edit that waits is what is known now.
    deliver(&store, &[Newcomer { digest: digest("edit"), ..known }]).await;
    assert_eq!(store.fresh(&id("ap"), &items[..2]).await.unwrap(), [true, false]);
}

fn keys(newcomers: &[Newcomer]) -> Vec<String> {
    newcomers.iter().map(|newcomer| format!("{} {}", newcomer.source, newcomer.story.key)).collect()
}
