//! Items of old outputs, which give a rebuilt store the ids and dates that readers know (D59).
//!
//! An item becomes tellings of a source that nobody can configure: one at each address that it names, in the cluster of its
//! id. That source is in no output, so nothing is shown of them; but whoever tells the story joins the cluster, by
//! address or text, and the story whose own id it is by that alone.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};

use super::decide::decide;
use super::feeds::feeds;
use super::renew::renew;
use crate::config::Config;
use crate::dedupe;
use crate::extract::{self, Draft, ExtractError};
use crate::model::{ClusterId, Digest, Entry, Folding, Key, Kind, Newcomer, Page, SourceId, Story, Visit, Voice};
use crate::publish;
use crate::store::{Delivery, Placed, Query, Store, StoreError};

/// What an output's text ends with when others told a story too. It is no part of the story.
const COVERAGE: &str = "Also covered by:";

/// Why nothing could be seeded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SeedError {
    /// It is no feed.
    #[error(transparent)]
    Extract(#[from] ExtractError),
    /// It is no output, or not all of one.
    #[error("it is not a whole RSS, Atom or JSON feed as oncefeed writes it")]
    Foreign,
    /// The memory failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What became of the items of an old output.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seeded {
    /// Items in it.
    pub items: usize,
    /// Their ids are known from now on.
    pub seeded: usize,
    /// Their ids were known before.
    pub known: usize,
    /// Their stories are known under other ids, which readers have by now.
    pub otherwise: usize,
    /// Their ids are none of ours.
    pub foreign: usize,
    /// What was odd about the file though it could be read: of very many items only the newest are taken.
    pub warnings: Vec<String>,
}

/// Gives the store the ids of an old output's items. `name` is that of its file without the ending: where each story
/// is to be in one feed only and one of that name is configured, those stay in it that are in no other by now.
pub async fn seed(
    config: &Config,
    store: &dyn Store,
    bytes: &[u8],
    name: &str,
    now: DateTime<Utc>,
) -> Result<Seeded, SeedError> {
    // What is compared has to be of one version.
    renew(store).await?;
    let feeds = feeds(config, &BTreeMap::new());
    let feed = feeds.iter().find(|feed| feed.output.id.as_str() == name);
    // Of a file of another name nobody knows who may see it.
    let may_be_private = || config.outputs.iter().any(|output| output.private);
    let is_private = feed.map_or_else(may_be_private, |feed| feed.output.private);
    let page = Page { url: None, content_type: None, body: bytes.to_vec(), fetched_at: Some(now) };
    let reading = extract::read(&page, &Kind::Feed.into())?;
    let related = publish::past(bytes).ok_or(SeedError::Foreign)?;
    let mut counts = Seeded { items: reading.drafts.len(), warnings: reading.warnings, ..Seeded::default() };
    let (mut items, mut clusters) = (Vec::new(), Vec::new());
    for draft in reading.drafts {
        let Some(id) = ClusterId::of_urn(&draft.key) else {
            counts.foreign += 1;
            continue;
        };
        let known = known(store, id, is_private).await?;
        clusters.push(known.unwrap_or(id));
        match known {
            Some(_) => counts.known += 1,
            None => items.push(story(draft)),
        }
    }
    let told = told(store, &items).await?;
    let is_otherwise = |story: &Story| {
        let ids = address(story).and_then(|url| told.get(&url));
        ids.is_some_and(|ids| ids.iter().all(|id| Some(*id) != ClusterId::of_urn(&story.key)))
    };
    let (otherwise, items): (Vec<Story>, Vec<Story>) = items.into_iter().partition(is_otherwise);
    (counts.otherwise, counts.seeded) = (otherwise.len(), items.len());
    let stories = items.iter().flat_map(|story| tellings(story, &related, is_private, now)).collect();
    let delivery = Delivery {
        source: SourceId::seeded(),
        visit: Visit { last: Some(now), ..Visit::default() },
        stories,
        hosts: Vec::new(),
    };
    store.deliver(&delivery).await?;
    decide(&config.sources, &config.dedupe, store, &mut BTreeMap::new(), now).await?;

    if let Some((seating, seat)) = feed.and_then(|feed| feed.seat.as_ref()) {
        // Where readers have a story, it stays; also when this is an older output, or it was in two of them.
        let before = store.seats(&seating.scope, &clusters).await?;
        let is_seated = |id: &ClusterId| {
            before.get(id).is_some_and(|seat| seating.rows.iter().any(|row| row.output == seat.output))
        };
        clusters.retain(|id| !is_seated(id));
        store.seat(&seating.scope, &clusters, seat).await?;
    }
    Ok(counts)
}

/// The story in the store that readers know by this id; those of a public output by more than an item of a private one.
async fn known(store: &dyn Store, id: ClusterId, is_private: bool) -> Result<Option<ClusterId>, StoreError> {
    let found = store.find(&Query::Id(id.short()), usize::MAX).await?;
    let is_enough =
        |placed: &[Placed]| is_private || placed.iter().any(|told| !told.source.is_seeded() || is_dated(told));
    let known = found.iter().find(|(known, placed)| known.as_published() == id && is_enough(placed));
    Ok(known.map(|(known, _)| *known))
}

/// Whether it was seeded with a date: the items of private outputs say nothing to others.
fn is_dated(seed: &Placed) -> bool {
    seed.story.published.is_some()
}

/// Which of the stories' addresses the store has, and under which ids readers know what is there.
async fn told(store: &dyn Store, stories: &[Story]) -> Result<HashMap<Digest, Vec<ClusterId>>, StoreError> {
    let groups: Vec<Vec<Key>> = stories.iter().filter_map(|story| Some(vec![Key::Url(address(story)?)])).collect();
    let mut told: HashMap<Digest, Vec<ClusterId>> = HashMap::new();
    for member in store.sharing(&groups, DateTime::<Utc>::MAX_UTC).await? {
        let ids = member.fingerprint.url.map(|url| told.entry(url).or_default());
        ids.into_iter().for_each(|ids| ids.push(member.cluster.as_published()));
    }
    Ok(told)
}

fn address(story: &Story) -> Option<Digest> {
    dedupe::fingerprint_of(story.url.as_deref(), "", "").url
}

/// The story as its teller told it, as far as the item holds it. It is never shown, so its HTML is not kept.
fn story(draft: Draft) -> Story {
    let mut story = draft.clean();
    let end = story.text.rfind("\n\n").map_or(0, |at| at + 2);
    if story.text.get(end..).is_some_and(|last| last.starts_with(COVERAGE)) {
        story.text.truncate(end.saturating_sub(2));
    }
    Story { content_html: None, ..story }
}

/// A story at each of the addresses at which it was told.
fn tellings(
    story: &Story,
    related: &HashMap<String, Vec<String>>,
    is_private: bool,
    now: DateTime<Utc>,
) -> Vec<Newcomer> {
    let also = related.get(&story.key).into_iter().flatten().filter(|url| story.url.as_ref() != Some(url));
    let also = also.map(|url| Story { key: format!("{} {url}", story.key), url: Some(url.clone()), ..story.clone() });
    let all = std::iter::once(story.clone()).chain(also);
    let all = all.map(|story| if is_private { undated(story) } else { story });
    all.map(|story| newcomer(story, now)).collect()
}

/// An item of a private output, whose date may be that of a private source: no public output is to take it over. The key
/// leaves room for an item of a public one.
fn undated(story: Story) -> Story {
    Story { key: format!("{} private", story.key), published: None, updated: None, ..story }
}

fn newcomer(story: Story, now: DateTime<Utc>) -> Newcomer {
    Newcomer {
        awaits: None,
        source: SourceId::seeded(),
        rank: 0,
        folding: Folding::Fold,
        voice: Voice::default(),
        fingerprint: Arc::new(dedupe::fingerprint(&story)),
        // The item of another format says the same.
        digest: Digest(Sha256::digest(&story.key).into()),
        first_seen: now,
        publish: true,
        story,
    }
}

/// An entry as readers have known it: with the dates of the item that was seeded of it, where there is one.
pub(super) fn as_published(entry: Entry, seeded: &[Placed]) -> Entry {
    // A story that a person has merged into this one was another item.
    let its = || seeded.iter().filter(|seed| is_dated(seed) && is_guest(seed) == entry.shown.guest);
    let Some(published) = its().map(|seed| seed.published).min() else { return entry };
    let told = its().filter_map(|seed| seed.story.updated).max();
    let is_revised = entry.updated > entry.published;
    let updated = Some(entry.updated).filter(|_| is_revised).max(told).unwrap_or(published).max(published);
    Entry { published, updated, ..entry }
}

/// When a story was published that is told like this since a time, by guests alone or not: not after what was seeded of it.
pub(super) fn time_of(told: DateTime<Utc>, by_guests: bool, placed: &[Placed]) -> DateTime<Utc> {
    let is_its = |telling: &&Placed| telling.source.is_seeded() && is_dated(telling) && is_guest(telling) == by_guests;
    let seeded = placed.iter().filter(is_its);
    seeded.map(|seed| seed.published).min().map_or(told, |seeded| seeded.min(told))
}

/// Whether a person has merged it into the story that it is in.
pub(super) fn is_guest(placed: &Placed) -> bool {
    placed.home != placed.cluster
}
