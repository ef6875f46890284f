//! The store that is gone when dropped: for `try`, `cluster` and tests. Plain maps behind a mutex.

mod awaited;
mod block;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::rules::{
    Asked, LEADS_KEPT, candidates, has_words, ids_beginning, is_told, kept, lower_case, millis, renamed, room,
    shelf_time, slim, time_of, weight,
};
use super::{
    Awaited, Before, Delivery, Health, Inbox, Lesson, Outdated, PageVisit, Placed, Query, Resolution, Shelf, Store,
    StoreError, Waiting,
};
use crate::model::{
    Block, Blocks, ClusterId, Correction, Decision, Digest, Fingerprint, Folding, Held, Host, Key, Member, Newcomer,
    Placement, Robots, Seat, SourceId, Standing, Told, Verdict, Visit,
};

/// A store in memory.
#[derive(Default)]
pub(super) struct Memory {
    state: Mutex<State>,
}

/// A source and a key of it: a story's identity.
type Name = (SourceId, String);

#[derive(Default)]
struct State {
    visits: BTreeMap<SourceId, Visit>,
    inbox: BTreeMap<Name, Newcomer>,
    /// How often the page of what waits for it was asked for in vain.
    tries: BTreeMap<Name, u32>,
    /// The last answer of each page.
    pages: HashMap<String, PageVisit>,
    /// What each source repeats.
    blocks: BTreeMap<SourceId, Blocks>,
    /// What in the inbox has taught, and in which form.
    taught: BTreeMap<Name, Digest>,
    stories: Vec<Known>,
    names: BTreeMap<Name, usize>,
    keys: HashMap<Key, BTreeSet<usize>>,
    clusters: BTreeMap<ClusterId, Vec<usize>>,
    dropped: BTreeMap<ClusterId, DateTime<Utc>>,
    /// Where redirectors lead, and when they were asked.
    leads: BTreeMap<String, (Option<String>, DateTime<Utc>)>,
    /// By scope and cluster.
    seats: BTreeMap<(String, ClusterId), Seat>,
    settled: Option<DateTime<Utc>>,
    hosts: BTreeMap<String, DateTime<Utc>>,
    robots: BTreeMap<String, Robots>,
    hashes: Option<u32>,
    /// The version that hashes are being renewed to, and how far.
    renewing: Option<(u32, i64)>,
}

/// A story that was decided about; its number is its place in `State::stories`.
struct Known {
    placed: Placed,
    fingerprint: Arc<Fingerprint>,
    folding: Folding,
    digest: Digest,
    is_slim: bool,
    /// As dated when it was first seen, else when that was.
    time: DateTime<Utc>,
    /// Words of its text when readers were last told of an edit, else when it was decided about.
    told_words: u32,
}

impl Known {
    fn shelf_time(&self) -> i64 {
        millis(self.placed.published)
    }

    /// Oldest first.
    fn order(&self) -> (DateTime<Utc>, &SourceId, &str) {
        (self.time, &self.placed.source, &self.placed.key)
    }

    fn told(&self) -> Told {
        Told {
            source: self.placed.source.clone(),
            decided: millis(self.placed.decided),
            published: self.shelf_time(),
            words: self.placed.first_words,
            guest: self.placed.home != self.placed.cluster,
        }
    }

    fn member(&self) -> Member {
        Member {
            source: self.placed.source.clone(),
            key: self.placed.key.clone(),
            cluster: self.placed.cluster,
            home: self.placed.home,
            time: self.time,
            folding: self.folding,
            fingerprint: Arc::clone(&self.fingerprint),
        }
    }
}

fn name(newcomer: &Newcomer) -> Name {
    (newcomer.source.clone(), newcomer.story.key.clone())
}

impl State {
    fn known(&self, name: &Name) -> Option<&Known> {
        self.names.get(name).map(|number| &self.stories[*number])
    }

    fn deliver(&mut self, newcomer: &Newcomer) {
        let name = name(newcomer);
        let known = self.known(&name);
        if known.is_some_and(|known| known.digest == newcomer.digest) {
            self.inbox.remove(&name);
            return;
        }
        let earlier = known.map(|known| (known.placed.first_seen, known.placed.publish));
        let waiting = self.inbox.get(&name);
        if waiting.is_some_and(|waiting| waiting.digest == newcomer.digest) {
            return;
        }
        let earlier = earlier.or_else(|| waiting.map(|waiting| (waiting.first_seen, waiting.publish)));
        let (first_seen, publish) = earlier.unwrap_or((newcomer.first_seen, newcomer.publish));
        let since = waiting.and_then(|waiting| waiting.awaits).or(newcomer.awaits);
        let awaits = since.filter(|_| publish && newcomer.awaits.is_some() && newcomer.story.url.is_some());
        if waiting.is_none_or(|waiting| waiting.awaits.is_none()) {
            self.tries.remove(&name);
        }
        self.taught.remove(&name);
        self.inbox.insert(name, Newcomer { first_seen: kept(first_seen), publish, awaits, ..newcomer.clone() });
    }

    fn settle(&mut self, newcomer: Newcomer, placement: &Placement, at: DateTime<Utc>) {
        let name = name(&newcomer);
        if self.inbox.get(&name).is_some_and(|waiting| waiting.digest == newcomer.digest) {
            self.inbox.remove(&name);
            self.taught.remove(&name);
        }
        if self.take_back_key(&name, newcomer.digest) {
            return;
        }
        match (self.names.get(&name).copied(), placement.verdict) {
            (Some(number), Verdict::Known { moves_updated }) => {
                self.edit(number, newcomer, moves_updated.then_some(at));
            }
            (Some(number), _) if placement.takes_key && self.stories[number].digest != newcomer.digest => {
                self.rename(&name, number);
                self.insert(name, Newcomer { first_seen: at, publish: true, ..newcomer }, placement, at);
            }
            // Decided already: this is repeated.
            (Some(_), _) => {}
            (None, _) => self.insert(name, newcomer, placement, at),
        }
    }

    /// Gives a story a key that no source gives.
    fn rename(&mut self, (source, key): &Name, number: usize) {
        let mut key = renamed(key, self.stories[number].digest);
        if self.names.contains_key(&(source.clone(), key.clone())) {
            key = format!("{key}\u{1}{number}");
        }
        self.set_name((source.clone(), key), number);
    }

    fn set_name(&mut self, name: Name, number: usize) {
        self.stories[number].placed.key.clone_from(&name.1);
        self.names.insert(name, number);
    }

    /// A story as it was when its source gave its key to another.
    fn returning(&self, (source, key): &Name, digest: Digest) -> Option<usize> {
        let (holder, old) = ((source.clone(), key.clone()), (source.clone(), renamed(key, digest)));
        self.known(&holder).filter(|holder| holder.digest != digest).and_then(|_| self.names.get(&old).copied())
    }

    fn take_back_key(&mut self, name: &Name, digest: Digest) -> bool {
        let Some(returning) = self.returning(name, digest) else { return false };
        let Some(holder) = self.names.get(name).copied() else { return false };
        self.names.remove(&(name.0.clone(), renamed(&name.1, digest)));
        self.rename(name, holder);
        self.set_name(name.clone(), returning);
        true
    }

    fn insert(&mut self, name: Name, newcomer: Newcomer, placement: &Placement, at: DateTime<Utc>) {
        let number = self.stories.len();
        let (time, dated) = (kept(newcomer.time()), newcomer.story.dated());
        let Newcomer { source, folding, story, voice, fingerprint, digest, first_seen, publish, .. } = newcomer;
        let placed = Placed {
            source,
            key: story.key.clone(),
            story,
            voice,
            cluster: placement.cluster,
            home: placement.home,
            dropped: None,
            first_seen: kept(first_seen),
            published: kept(shelf_time(dated, first_seen)),
            first_words: fingerprint.words,
            decided: kept(at),
            revised: None,
            publish,
            verdict: placement.verdict,
            because: placement.because.clone(),
            apart: placement.apart.clone(),
        };
        self.index(number, &fingerprint);
        self.names.insert(name, number);
        self.clusters.entry(placement.cluster).or_default().push(number);
        let told_words = fingerprint.words;
        self.stories.push(Known { placed, fingerprint, folding, digest, is_slim: false, time, told_words });
    }

    fn edit(&mut self, number: usize, newcomer: Newcomer, revised: Option<DateTime<Utc>>) {
        let known = &mut self.stories[number];
        known.placed.story = newcomer.story;
        known.placed.voice = newcomer.voice;
        known.placed.revised = revised.map(kept).or(known.placed.revised);
        if revised.is_some() {
            known.told_words = newcomer.fingerprint.words;
        }
        known.folding = newcomer.folding;
        known.digest = newcomer.digest;
        known.is_slim = false;
        let before = std::mem::replace(&mut known.fingerprint, Arc::clone(&newcomer.fingerprint));
        self.forget(number, &before);
        self.index(number, &newcomer.fingerprint);
    }

    fn keep_hosts(&mut self, hosts: &[Host]) {
        self.hosts.extend(hosts.iter().map(|host| (host.name.clone(), kept(host.waits_until))));
    }

    fn index(&mut self, number: usize, fingerprint: &Fingerprint) {
        for key in fingerprint.keys() {
            self.keys.entry(key).or_default().insert(number);
        }
    }

    fn forget(&mut self, number: usize, fingerprint: &Fingerprint) {
        for key in fingerprint.keys() {
            if let Some(numbers) = self.keys.get_mut(&key) {
                numbers.remove(&number);
            }
        }
    }

    fn sharing(&self, asked: &Asked) -> Vec<Member> {
        let mut numbers: BTreeSet<usize> = BTreeSet::new();
        let under = |key: &Key| self.keys.get(key).into_iter().flatten().rev().copied();
        for group in asked.groups() {
            let mut met = Vec::new();
            for key in group {
                match weight(key) {
                    0 => numbers.extend(under(key).take(Key::POSTINGS)),
                    weight => met
                        .extend(under(key).take(Key::POSTINGS).flat_map(|number| std::iter::repeat_n(number, weight))),
                }
            }
            numbers.extend(candidates(met));
        }
        let known = numbers.into_iter().map(|number| &self.stories[number]);
        self.oldest_first(known.filter(|known: &&Known| asked.is_shared_by(&known.fingerprint, millis(known.time))))
    }

    fn oldest_first<'a>(&self, known: impl Iterator<Item = &'a Known>) -> Vec<Member> {
        let mut known: Vec<&Known> = known.collect();
        known.sort_by(|a, b| a.order().cmp(&b.order()));
        known.into_iter().map(Known::member).collect()
    }

    fn of(&self, cluster: ClusterId) -> impl Iterator<Item = &Known> {
        self.clusters.get(&cluster).into_iter().flatten().map(|number| &self.stories[*number])
    }

    /// Of each home in a cluster the oldest member and the newest.
    fn speakers(&self, cluster: ClusterId) -> Vec<&Known> {
        let mut homes: BTreeMap<ClusterId, Vec<(i64, usize)>> = BTreeMap::new();
        for number in self.clusters.get(&cluster).into_iter().flatten() {
            let known = &self.stories[*number];
            homes.entry(known.placed.home).or_default().push((millis(known.time), *number));
        }
        let chosen = homes.into_values().flat_map(|mut members| {
            members.sort_unstable();
            members.drain(1.min(members.len())..members.len().saturating_sub(Key::CANDIDATES).max(1));
            members
        });
        chosen.map(|(_, number)| &self.stories[number]).collect()
    }

    /// The tellings of a cluster by those sources, oldest first.
    fn tellings(&self, cluster: ClusterId, is_wanted: impl Fn(&SourceId) -> bool) -> (ClusterId, Vec<Placed>) {
        let mut known: Vec<&Known> = self.of(cluster).filter(|known| is_wanted(&known.placed.source)).collect();
        known.sort_by(|a, b| a.order().cmp(&b.order()));
        let dropped = self.dropped.get(&cluster).copied();
        (cluster, known.into_iter().map(|known| Placed { dropped, ..known.placed.clone() }).collect())
    }

    /// Clusters by the newest of their stories that count, newest first, then by id.
    fn newest_first(&self, counts: impl Fn(&Known) -> bool) -> Vec<(i64, ClusterId)> {
        let newest = |id: &ClusterId| self.of(*id).filter(|k| counts(k)).map(Known::shelf_time).max();
        let mut clusters: Vec<(i64, ClusterId)> =
            self.clusters.keys().filter_map(|id| Some((newest(id)?, *id))).collect();
        clusters.sort_by_key(|(time, id)| (std::cmp::Reverse(*time), *id));
        clusters
    }

    fn matching(&self, query: &Query) -> HashSet<ClusterId> {
        let all = self.stories.iter();
        let found = |known: &Known| known.placed.cluster;
        match query {
            Query::Id(prefix) => ids_beginning(prefix)
                .map(|(first, last)| {
                    let fits = |id: &ClusterId| (first..=last).contains(id);
                    all.filter(|known| fits(&known.placed.cluster) || fits(&known.placed.home)).map(found).collect()
                })
                .unwrap_or_default(),
            Query::Url(url, digest) => all
                .filter(|known| {
                    known.placed.story.url.as_ref() == Some(url) || digest.is_some() && known.fingerprint.url == *digest
                })
                .map(found)
                .collect(),
            Query::Words(words) => lower_case(words)
                .map(|words| all.filter(|known| has_words(&known.placed.story.title, &words)).map(found).collect())
                .unwrap_or_default(),
        }
    }

    /// All clusters that a shelf may have, newest first, with their times.
    fn on_shelf(&self, shelf: &Shelf, sources: &HashSet<&SourceId>) -> Vec<(i64, ClusterId)> {
        let time = |id: &ClusterId| {
            if self.dropped.contains_key(id) {
                return None;
            }
            let told: Vec<Told> = self.of(*id).filter(|known| known.placed.publish).map(Known::told).collect();
            if let Some((seating, seat)) = &shelf.seat {
                let before = self.seats.get(&(seating.scope.clone(), *id));
                seating.seat(before, &told).filter(|found| found == seat)?;
            }
            time_of(&told, |source| sources.contains(source))
        };
        let mut clusters: Vec<(i64, ClusterId)> =
            self.clusters.keys().filter_map(|id| Some((time(id)?, *id))).collect();
        clusters.sort_by_key(|(time, id)| (std::cmp::Reverse(*time), *id));
        clusters
    }

    fn place(&mut self, held: &Held) {
        let Some(number) = self.names.get(&held.name()).copied() else { return };
        let placed = &mut self.stories[number].placed;
        if let Some(numbers) = self.clusters.get_mut(&placed.cluster) {
            numbers.retain(|other| *other != number);
        }
        let Held { cluster, home, verdict, because, apart, .. } = held.clone();
        *placed = Placed { cluster, home, verdict, because, apart, ..placed.clone() };
        self.clusters.entry(cluster).or_default().push(number);
        self.clusters.retain(|_, numbers| !numbers.is_empty());
    }

    /// New hashes for the n-th of all stories, counted from 1, the inbox after those decided about.
    fn rehash(&mut self, number: i64, print: &Fingerprint) {
        let Some(at) = usize::try_from(number - 1).ok() else { return };
        let Some(known) = self.stories.get_mut(at) else {
            let waiting = self.inbox.values_mut().nth(at - self.stories.len());
            waiting.into_iter().for_each(|newcomer| newcomer.fingerprint = Arc::new(print.clone()));
            return;
        };
        known.fingerprint = Arc::new(if known.is_slim { slim(print) } else { print.clone() });
        let print = Arc::clone(&known.fingerprint);
        self.index(at, &print);
    }

    fn prune(&mut self, before: DateTime<Utc>) -> usize {
        let is_old = |known: &Known| !known.is_slim && millis(known.time) < millis(before);
        let old: Vec<usize> = (0..self.stories.len()).filter(|number| is_old(&self.stories[*number])).collect();
        for number in &old {
            let known = &mut self.stories[*number];
            known.is_slim = true;
            let slimmed = Arc::new(slim(&known.fingerprint));
            let full = std::mem::replace(&mut known.fingerprint, Arc::clone(&slimmed));
            self.forget(*number, &full);
            self.index(*number, &slimmed);
        }
        old.len()
    }
}

impl Memory {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Store for Memory {
    async fn visits(&self, sources: &[SourceId]) -> Result<BTreeMap<SourceId, Visit>, StoreError> {
        let state = self.state();
        let visit = |source: &SourceId| Some((source.clone(), state.visits.get(source)?.clone()));
        Ok(sources.iter().filter_map(visit).collect())
    }

    async fn fresh(&self, source: &SourceId, items: &[(String, Digest)]) -> Result<Vec<bool>, StoreError> {
        let state = self.state();
        let is_fresh = |(key, digest): &(String, Digest)| {
            let name = (source.clone(), key.clone());
            let waiting = state.inbox.get(&name).map(|waiting| waiting.digest);
            waiting.or_else(|| state.known(&name).map(|known| known.digest)) != Some(*digest)
        };
        Ok(items.iter().map(is_fresh).collect())
    }

    async fn deliver(&self, delivery: &Delivery) -> Result<(), StoreError> {
        let mut state = self.state();
        state.visits.insert(delivery.source.clone(), delivery.visit.clone());
        delivery.stories.iter().for_each(|newcomer| state.deliver(newcomer));
        state.keep_hosts(&delivery.hosts);
        Ok(())
    }

    async fn awaited(&self) -> Result<Vec<Awaited>, StoreError> {
        Ok(self.state().awaited())
    }

    async fn waiting(&self, awaited: &Awaited) -> Result<Option<Waiting>, StoreError> {
        Ok(self.state().waiting(awaited))
    }

    async fn resolve(&self, resolution: &Resolution) -> Result<(), StoreError> {
        self.state().resolve(resolution);
        Ok(())
    }

    async fn undecided(&self, limit: usize) -> Result<Option<Inbox>, StoreError> {
        let state = self.state();
        let mut waiting: Vec<(&Name, &Newcomer)> =
            state.inbox.iter().filter(|(_, newcomer)| newcomer.awaits.is_none()).collect();
        waiting.sort_by_key(|(name, newcomer)| (millis(newcomer.time()), newcomer.rank, *name));
        waiting.truncate(limit);
        let before = |name: &Name, digest: Digest| {
            let returning = state.returning(name, digest).map(|number| &state.stories[number]);
            let known = returning.or_else(|| state.known(name))?;
            Some(Before {
                cluster: known.placed.cluster,
                told_words: known.told_words,
                revised: known.placed.revised,
                title: known.placed.story.title.clone(),
                fingerprint: Arc::clone(&known.fingerprint),
            })
        };
        let before = waiting.iter().map(|(name, newcomer)| before(name, newcomer.digest)).collect();
        let newcomers: Vec<Newcomer> = waiting.into_iter().map(|(_, newcomer)| newcomer.clone()).collect();
        Ok((!newcomers.is_empty()).then_some(Inbox { newcomers, before, changed: BTreeSet::new() }))
    }

    async fn unlearnt(&self, limit: usize) -> Result<Vec<Newcomer>, StoreError> {
        Ok(self.state().unlearnt(limit))
    }

    async fn blocks(&self, source: &SourceId, blocks: &BTreeSet<Block>) -> Result<Blocks, StoreError> {
        Ok(self.state().blocks(source, blocks))
    }

    async fn learn(&self, lessons: &[Lesson]) -> Result<(), StoreError> {
        let mut state = self.state();
        lessons.iter().for_each(|lesson| state.learn(lesson));
        Ok(())
    }

    async fn sharing(&self, groups: &[Vec<Key>], since: DateTime<Utc>) -> Result<Vec<Member>, StoreError> {
        Ok(self.state().sharing(&Asked::new(groups, since)))
    }

    async fn members(&self, clusters: &[ClusterId]) -> Result<Vec<Member>, StoreError> {
        let state = self.state();
        let clusters: BTreeSet<ClusterId> = clusters.iter().copied().collect();
        Ok(state.oldest_first(clusters.into_iter().flat_map(|cluster| state.speakers(cluster))))
    }

    async fn settle(&self, inbox: Inbox, decision: &Decision, at: DateTime<Utc>) -> Result<(), StoreError> {
        let (newcomers, placements) = (inbox.newcomers.len(), decision.placements.len());
        if newcomers != placements {
            let cause = format!("{placements} placements cannot be those of {newcomers} stories");
            return Err(StoreError::Failed { store: "memory".to_owned(), cause });
        }
        let mut state = self.state();
        for (newcomer, placement) in inbox.newcomers.into_iter().zip(&decision.placements) {
            state.settle(newcomer, placement, at);
        }
        state.settled = Some(kept(at));
        Ok(())
    }

    async fn correct(&self, correction: &Correction, at: DateTime<Utc>) -> Result<(), StoreError> {
        let mut state = self.state();
        match correction {
            Correction::Place(tellings) => {
                let unknown = tellings.iter().find(|held| !state.names.contains_key(&held.name()));
                if let Some(Held { source, key, .. }) = unknown {
                    let cause = format!("no story of `{source}` has the key `{key}`");
                    return Err(StoreError::Failed { store: "memory".to_owned(), cause });
                }
                tellings.iter().for_each(|held| state.place(held));
            }
            Correction::Drop(clusters) => {
                for cluster in clusters {
                    state.dropped.entry(*cluster).or_insert(kept(at));
                }
            }
            Correction::Restore(clusters) => state.dropped.retain(|cluster, _| !clusters.contains(cluster)),
        }
        Ok(())
    }

    async fn shelf(&self, shelf: &Shelf) -> Result<Vec<(ClusterId, Vec<Placed>)>, StoreError> {
        let state = self.state();
        let sources: HashSet<&SourceId> = shelf.sources.iter().collect();
        let clusters = state.on_shelf(shelf, &sources);
        let young = clusters.partition_point(|(time, _)| *time >= millis(shelf.since));
        let shown = clusters.into_iter().take(room(shelf, young));
        Ok(shown.map(|(_, id)| state.tellings(id, |source| is_told(shelf, &sources, source))).collect())
    }

    async fn young(&self, shelf: &Shelf) -> Result<usize, StoreError> {
        let clusters = self.state().on_shelf(shelf, &shelf.sources.iter().collect());
        Ok(clusters.partition_point(|(time, _)| *time >= millis(shelf.since)))
    }

    async fn seat(&self, scope: &str, clusters: &[ClusterId], seat: &Seat) -> Result<(), StoreError> {
        let seats = clusters.iter().map(|cluster| ((scope.to_owned(), *cluster), seat.clone()));
        self.state().seats.extend(seats);
        Ok(())
    }

    async fn seats(&self, scope: &str, clusters: &[ClusterId]) -> Result<BTreeMap<ClusterId, Seat>, StoreError> {
        let state = self.state();
        let seat = |cluster: &ClusterId| Some((*cluster, state.seats.get(&(scope.to_owned(), *cluster))?.clone()));
        Ok(clusters.iter().filter_map(seat).collect())
    }

    async fn stories(&self, after: i64, limit: usize) -> Result<Vec<(i64, Placed)>, StoreError> {
        let state = self.state();
        let numbered = (0..).zip(&state.stories).skip_while(|(number, _)| *number <= after).take(limit);
        let placed = |known: &Known| Placed {
            dropped: state.dropped.get(&known.placed.cluster).copied(),
            ..known.placed.clone()
        };
        Ok(numbered.map(|(number, known)| (number, placed(known))).collect())
    }

    async fn find(&self, query: &Query, limit: usize) -> Result<Vec<(ClusterId, Vec<Placed>)>, StoreError> {
        let state = self.state();
        let matching = state.matching(query);
        let clusters = state.newest_first(|known| matching.contains(&known.placed.cluster));
        Ok(clusters.into_iter().take(limit).map(|(_, id)| state.tellings(id, |_| true)).collect())
    }

    async fn prune(&self, before: DateTime<Utc>) -> Result<usize, StoreError> {
        Ok(self.state().prune(before))
    }

    async fn outdated(&self, version: u32, limit: usize) -> Result<Option<Vec<Outdated>>, StoreError> {
        let state = self.state();
        if state.hashes == Some(version) && state.renewing.is_none() {
            return Ok(None);
        }
        let done = state.renewing.filter(|(to, _)| *to == version).map_or(0, |(_, done)| done);
        let stories = state.stories.iter().map(|known| &known.placed.story);
        let waiting = state.inbox.values().map(|newcomer| &newcomer.story);
        let numbered = (1..).zip(stories.chain(waiting));
        let outdated = numbered.skip_while(|(number, _)| *number <= done).take(limit);
        Ok(Some(outdated.map(|(number, story)| Outdated { number, story: story.clone() }).collect()))
    }

    async fn renew(&self, version: u32, renewed: &[(Outdated, Fingerprint)]) -> Result<(), StoreError> {
        let mut state = self.state();
        if state.renewing.is_none_or(|(to, _)| to != version) {
            state.keys.clear();
        }
        match renewed.last() {
            None => (state.hashes, state.renewing) = (Some(version), None),
            Some((last, _)) => state.renewing = Some((version, last.number)),
        }
        for (outdated, print) in renewed {
            state.rehash(outdated.number, print);
        }
        Ok(())
    }

    async fn timeline(&self, since: DateTime<Utc>, limit: usize) -> Result<Vec<Member>, StoreError> {
        let state = self.state();
        let young = state.stories.iter().filter(|known| !known.is_slim && millis(known.time) >= millis(since));
        let mut members = state.oldest_first(young);
        members.drain(..members.len().saturating_sub(limit));
        Ok(members)
    }

    async fn leads(&self, addresses: &[String]) -> Result<BTreeMap<String, Option<String>>, StoreError> {
        let state = self.state();
        let lead = |address: &String| Some((address.clone(), state.leads.get(address)?.0.clone()));
        Ok(addresses.iter().filter_map(lead).collect())
    }

    async fn remember_leads(
        &self,
        leads: &BTreeMap<String, Option<String>>,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut state = self.state();
        state.leads.extend(leads.iter().map(|(address, target)| (address.clone(), (target.clone(), at))));
        state.leads.retain(|_, (_, asked)| millis(*asked) >= millis(at) - LEADS_KEPT.num_milliseconds());
        Ok(())
    }

    async fn settled(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        Ok(self.state().settled)
    }

    async fn standing(&self, since: DateTime<Utc>) -> Result<Vec<Standing>, StoreError> {
        let state = self.state();
        let told = state.stories.iter().map(|known| &known.placed);
        let told = told.filter(|placed| millis(placed.published) >= millis(since));
        Ok(Standing::of_all(told.map(|placed| (placed.cluster, placed.source.clone(), placed.published))))
    }

    async fn keep_hosts(&self, hosts: &[Host]) -> Result<(), StoreError> {
        self.state().keep_hosts(hosts);
        Ok(())
    }

    async fn hosts(&self) -> Result<Vec<Host>, StoreError> {
        let host =
            |(name, waits_until): (&String, &DateTime<Utc>)| Host { name: name.clone(), waits_until: *waits_until };
        Ok(self.state().hosts.iter().map(host).collect())
    }

    async fn keep_robots(&self, robots: &Robots) -> Result<(), StoreError> {
        self.state().robots.insert(robots.origin.clone(), robots.clone());
        Ok(())
    }

    async fn robots(&self, origin: &str) -> Result<Option<Robots>, StoreError> {
        Ok(self.state().robots.get(origin).cloned())
    }

    async fn forget_hosts(&self, before: DateTime<Utc>) -> Result<(), StoreError> {
        let mut state = self.state();
        state.hosts.retain(|_, waits_until| millis(*waits_until) >= millis(before));
        state.robots.retain(|_, robots| millis(robots.asked) >= millis(before));
        Ok(())
    }

    async fn health(&self) -> Result<Health, StoreError> {
        let state = self.state();
        Ok(Health {
            schema: 0,
            stories: state.stories.len() as u64,
            clusters: state.clusters.len() as u64,
            undecided: state.inbox.len() as u64,
            bytes: 0,
        })
    }
}
