//! Stories that wait for the text of their page.

use std::sync::Arc;

use super::sample::{at, cluster, decide, deliver, id, inbox, know, newcomer};
use crate::model::{Fingerprint, Newcomer, Validators, Voice};
use crate::store::{Awaited, PageVisit, Query, Resolution, Resolved, Store};

/// A story that waits since it was first seen.
fn waits(source: &str, key: &str, minute: i64) -> Newcomer {
    Newcomer { awaits: Some(at(minute)), ..newcomer(source, key, minute) }
}

async fn awaited(store: &Arc<dyn Store>) -> Vec<Awaited> {
    store.awaited().await.unwrap()
}

async fn names(store: &Arc<dyn Store>) -> Vec<String> {
    awaited(store).await.iter().map(|story| format!("{} {}", story.source, story.key)).collect()
}

async fn resolve(store: &Arc<dyn Store>, story: &Awaited, resolved: Resolved) {
    store.resolve(&Resolution { page: None, stories: vec![(story.clone(), resolved)] }).await.unwrap();
}

/// The story as the text of its page makes it.
fn told(mut story: Newcomer) -> Newcomer {
    story.story.text = "The whole text".to_owned();
    story.voice = Voice { agency: Some("AP".to_owned()), ..Voice::default() };
    story.fingerprint = Arc::new(Fingerprint { words: 77, ..Fingerprint::default() });
    Newcomer { awaits: None, ..story }
}

pub(super) async fn what_waits_is_not_decided(store: Arc<dyn Store>) {
    let rank = |rank, story| Newcomer { rank, ..story };
    deliver(&store, &[waits("bbc", "2", 2), waits("ap", "3", 1), newcomer("ap", "ready", 9)]).await;
    deliver(&store, &[rank(7, waits("ap", "1", 1)), rank(5, waits("zdf", "0", 1))]).await;
    assert_eq!(names(&store).await, ["zdf 0", "ap 1", "ap 3", "bbc 2"]);
    let ready = inbox(&store).await;
    assert_eq!(ready.newcomers.iter().map(|n| n.story.key.as_str()).collect::<Vec<_>>(), ["ready"]);
    assert_eq!(store.health().await.unwrap().undecided, 5);

    let first = awaited(&store).await.remove(1);
    let expected = waits("ap", "1", 1);
    assert_eq!((first.digest, Some(&first.page)), (expected.digest, expected.story.url.as_ref()));
    assert_eq!((first.since, first.tries, first.is_edit, &first.last), (at(1), 0, false, &None));
    resolve(&store, &first, Resolved::Released).await;
    assert_eq!(names(&store).await, ["zdf 0", "ap 3", "bbc 2"]);
    // In its place, whoever was ready first.
    assert_eq!(inbox(&store).await.newcomers[0].story, expected.story);
}

pub(super) async fn a_text_takes_the_place_of_what_waited(store: Arc<dyn Store>) {
    let mut undated = waits("ap", "1", 5);
    undated.story.published = None;
    deliver(&store, &[undated.clone(), newcomer("ap", "2", 3)]).await;
    let story = awaited(&store).await.remove(0);
    let waiting = store.waiting(&story).await.unwrap().unwrap();
    assert!(waiting.before.is_none());
    let mut whole = Newcomer { publish: false, ..told(waiting.newcomer) };
    whole.story.published = Some(at(1));
    resolve(&store, &story, Resolved::Told(Box::new(whole.clone()))).await;
    let check = async || {
        let inbox = inbox(&store).await;
        let first = &inbox.newcomers[0];
        assert_eq!((&first.story, &first.voice, &first.fingerprint), (&whole.story, &whole.voice, &whole.fingerprint));
        assert_eq!((first.publish, first.first_seen, first.digest), (false, at(5), undated.digest));
        assert_eq!(inbox.newcomers.len(), 2);
    };
    check().await;
    // What its source sends is what it sent, and no reason to fetch the page again.
    assert_eq!(store.fresh(&id("ap"), &[("1".to_owned(), undated.digest)]).await.unwrap(), [false]);
    deliver(&store, std::slice::from_ref(&undated)).await;
    check().await;
    assert!(awaited(&store).await.is_empty());
    decide(&store, 9, |newcomer| newcomer.story.key.clone()).await;
    // It came too late.
    resolve(&store, &story, Resolved::Told(Box::new(whole))).await;
    assert!(store.undecided(9).await.unwrap().is_none() && store.waiting(&story).await.unwrap().is_none());
}

pub(super) async fn a_wait_begins_once(store: Arc<dyn Store>) {
    deliver(&store, &[waits("ap", "1", 1)]).await;
    let before = awaited(&store).await.remove(0);
    resolve(&store, &before, Resolved::Postponed).await;
    resolve(&store, &before, Resolved::Postponed).await;
    let mut edit = Newcomer { awaits: Some(at(30)), ..newcomer("ap", "1", 1).edited("Edit") };
    edit.story.url = Some("https://ap.example/moved".to_owned());
    deliver(&store, &[edit.clone()]).await;
    let after = awaited(&store).await.remove(0);
    let expected =
        Awaited { digest: edit.digest, page: "https://ap.example/moved".to_owned(), tries: 2, ..before.clone() };
    assert_eq!(after, expected);
    // The form that was asked for is no more.
    assert!(store.waiting(&before).await.unwrap().is_none());
    resolve(&store, &before, Resolved::Released).await;
    assert_eq!(awaited(&store).await, [expected]);
    // Nor does it wait when its source wants that no more.
    deliver(&store, &[newcomer("ap", "1", 1).edited("Other")]).await;
    assert!(awaited(&store).await.is_empty());
    assert_eq!(inbox(&store).await.newcomers[0].story.title, "Other");
}

pub(super) async fn an_edit_waits_beside_what_was_decided(store: Arc<dyn Store>) {
    let first = newcomer("ap", "1", 1);
    know(&store, std::slice::from_ref(&first)).await;
    let edit = Newcomer { awaits: Some(at(9)), ..newcomer("ap", "1", 1).edited("Edit") };
    deliver(&store, std::slice::from_ref(&edit)).await;
    let story = awaited(&store).await.remove(0);
    assert_eq!((story.is_edit, story.since), (true, at(9)));
    let waiting = store.waiting(&story).await.unwrap().unwrap();
    assert_eq!((waiting.newcomer.story, waiting.before), (edit.story, Some(first.story.clone())));
    let found = store.find(&Query::Id(cluster("1").short()), 1).await.unwrap();
    assert_eq!(found[0].1[0].story, first.story);
    // Taken back before its page was there.
    deliver(&store, std::slice::from_ref(&first)).await;
    assert!(awaited(&store).await.is_empty() && store.undecided(9).await.unwrap().is_none());
}

pub(super) async fn what_is_not_published_does_not_wait(store: Arc<dyn Store>) {
    let hidden = |story| Newcomer { publish: false, ..story };
    know(&store, &[hidden(newcomer("ap", "old", 1))]).await;
    let mut nowhere = waits("ap", "nowhere", 3);
    nowhere.story.url = None;
    let edit = Newcomer { awaits: Some(at(4)), ..newcomer("ap", "old", 1).edited("Edit") };
    deliver(&store, &[hidden(waits("ap", "hidden", 2)), nowhere, edit]).await;
    assert!(awaited(&store).await.is_empty());
    assert_eq!(inbox(&store).await.newcomers.len(), 3);
}

pub(super) async fn pages_are_remembered(store: Arc<dyn Store>) {
    deliver(&store, &[waits("ap", "1", 1), waits("ap", "2", 2)]).await;
    let page = awaited(&store).await.remove(0).page;
    for (minute, tag) in [(3, "\"a\""), (5, "\"b ü\"")] {
        let validators = Validators { etag: Some(tag.to_owned()), last_modified: None, issuer: None };
        let visit = PageVisit { at: at(minute), validators };
        store.resolve(&Resolution { page: Some((page.clone(), visit.clone())), stories: Vec::new() }).await.unwrap();
        let waiting = awaited(&store).await;
        assert_eq!((waiting[0].last.as_ref(), waiting[1].last.as_ref()), (Some(&visit), None));
    }
}

pub(super) async fn what_pages_answered_is_forgotten_in_time(store: Arc<dyn Store>) {
    const DAY: i64 = 24 * 60;
    let answers = async |key: &str, minute: i64| {
        deliver(&store, &[waits("ap", key, 0)]).await;
        let story = awaited(&store).await.into_iter().find(|story| story.key == key).unwrap();
        let visit = PageVisit { at: at(minute), validators: Validators::default() };
        let page = Some((story.page.clone(), visit));
        store.resolve(&Resolution { page, stories: vec![(story, Resolved::Postponed)] }).await.unwrap();
    };
    answers("old", 0).await;
    answers("lately", 60 * DAY).await;
    assert!(awaited(&store).await.iter().all(|story| story.last.is_some()));
    answers("now", 91 * DAY).await;
    let known = awaited(&store).await.into_iter().filter(|story| story.last.is_some()).map(|story| story.key);
    assert_eq!(known.collect::<Vec<_>>(), ["lately", "now"]);
}
