//! The stories that a newcomer is compared with, in memory, and the decision about it (`ladder`): one for
//! `refresh` and `cluster`.

mod ladder;

use std::collections::HashMap;
use std::sync::Arc;

use super::Settings;
use super::habits::Habits;
use super::postings::Postings;
use super::verify::compare;
use crate::model::{Digest, Evidence, Fingerprint, Folding, Key};

/// The same text is the same story for at least so long, whatever the window for near text is.
const SAME_TEXT_SECONDS: i64 = 7 * 24 * 3600;

/// A story as the decision sees it.
#[derive(Clone, Debug)]
pub struct Entrant {
    /// Number of its source, given by the caller.
    pub source: u32,
    /// Its source tells its items apart by ids of its own: two ids of one source under one address
    /// need more than the address to be one story.
    pub distinct: bool,
    /// Seconds since 1970: as published, else as first seen.
    pub time: i64,
    /// Whether it may fold.
    pub folding: Folding,
    /// Its hashes.
    pub fingerprint: Arc<Fingerprint>,
}

/// A decision. Slots are the numbers that [`Board::add`] gave.
#[derive(Clone, Debug)]
pub struct Judgement {
    /// The slot of the story that decided, when it joins a cluster.
    pub with: Option<u32>,
    /// Rule and numbers; its `with` is left empty for the caller to fill in.
    pub because: Evidence,
    /// Near misses in other clusters, nearest first.
    pub apart: Vec<(u32, Evidence)>,
}

#[derive(Debug)]
struct Slot {
    entrant: Entrant,
    cluster: u32,
    /// The cluster it was decided into: those of one home agree, whatever a person has merged since.
    home: u32,
}

/// An index in memory of the stories that newcomers are compared with.
#[derive(Debug)]
pub struct Board {
    settings: Settings,
    slots: Vec<Slot>,
    /// Slots of each home, oldest first.
    homes: HashMap<u32, Vec<u32>>,
    urls: HashMap<u64, Vec<u32>>,
    texts: HashMap<Digest, Vec<u32>>,
    titles: HashMap<u64, Vec<u32>>,
    bands: Postings,
    leads: Postings,
    /// Slots whose texts are still compared, oldest slot first.
    texted: Vec<u32>,
    /// What says nothing about a story.
    habits: Habits,
}

impl Board {
    /// An empty board.
    pub fn new(settings: &Settings) -> Board {
        Board {
            settings: settings.clone(),
            slots: Vec::new(),
            homes: HashMap::new(),
            urls: HashMap::new(),
            texts: HashMap::new(),
            titles: HashMap::new(),
            bands: Postings::new(),
            leads: Postings::new(),
            texted: Vec::new(),
            habits: Habits::default(),
        }
    }

    /// Stories on the board.
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// The cluster of a slot.
    pub fn cluster(&self, slot: u32) -> u32 {
        self.slots[slot as usize].cluster
    }

    /// The cluster that the story in a slot was decided into, before a person merged that with another.
    pub fn home(&self, slot: u32) -> u32 {
        self.slots[slot as usize].home
    }

    /// Puts a decided story on the board; gives its slot.
    pub fn add(&mut self, entrant: Entrant, cluster: u32) -> u32 {
        self.add_at_home(entrant, cluster, cluster)
    }

    /// Puts a story on the board that is not, or not only, among those it was decided with.
    pub fn add_at_home(&mut self, entrant: Entrant, cluster: u32, home: u32) -> u32 {
        let slot = u32::try_from(self.slots.len()).expect("fewer than 2^32 stories fit in memory");
        self.homes.entry(home).or_default().push(slot);
        self.notice(&entrant, cluster);
        let print = &*entrant.fingerprint;
        for url in print.url.iter().chain(&print.original) {
            self.urls.entry(url.head()).or_default().push(slot);
        }
        if let Some(text) = print.exact {
            self.texts.entry(text).or_default().push(slot);
        }
        if let Some(title) = print.title {
            self.titles.entry(title).or_default().push(slot);
        }
        for band in &print.bands {
            self.bands.insert(*band, slot);
        }
        for lead in print.lead_keys() {
            self.leads.insert(*lead, slot);
        }
        self.texted.push(slot);
        self.slots.push(Slot { entrant: slender(entrant), cluster, home });
        slot
    }

    /// Learns from stories that are about to be judged what their sources give to many of them.
    pub fn foresee(&mut self, coming: &[Entrant]) {
        self.habits.foresee(coming);
    }

    /// Learns from a story that is added: what its source has given to another cluster.
    fn notice(&mut self, entrant: &Entrant, cluster: u32) {
        let longest = SAME_TEXT_SECONDS.max(self.window_seconds());
        let print = &entrant.fingerprint;
        let elsewhere = |slots| {
            (self.folding(slots))
                .filter(|(slot, other)| other.source == entrant.source && self.cluster(*slot) != cluster)
                .map(|(_, other)| other)
        };
        let url = print.url.filter(|url| {
            let mut others = elsewhere(self.urls.get(&url.head()));
            entrant.distinct && others.any(|other| other.fingerprint.url == Some(*url))
        });
        // The same text of long ago is an anniversary (D25).
        let text = print.exact.filter(|text| {
            let mut others = elsewhere(self.texts.get(text));
            others.any(|other| {
                (entrant.time - other.time).abs() <= longest && compare(print, &other.fingerprint).title < 0.4
            })
        });
        self.habits.lists.extend(url);
        self.habits.standing.extend(text);
    }

    /// Forgets the texts of stories older than the window before `latest`, and keeps their identities.
    /// Works only when half of the texts are that old, so its cost is a constant for each story.
    pub fn expire(&mut self, latest: i64) {
        let before = latest.saturating_sub(self.window_seconds());
        let slots = &self.slots;
        let old = |slot: &u32| slots[*slot as usize].entrant.time < before;
        if self.texted.iter().filter(|slot| old(slot)).count() * 2 <= self.texted.len() {
            return;
        }
        for postings in [&mut self.bands, &mut self.leads] {
            postings.retain(|slot| !old(slot));
        }
        let (gone, kept): (Vec<u32>, Vec<u32>) =
            std::mem::take(&mut self.texted).into_iter().partition(|slot| old(slot));
        for slot in gone {
            let print = &mut self.slots[slot as usize].entrant.fingerprint;
            *print = Arc::new(Fingerprint {
                url: print.url,
                original: print.original,
                exact: print.exact,
                title: print.title,
                words: print.words,
                ..Fingerprint::default()
            });
        }
        self.texted = kept;
    }

    fn window_seconds(&self) -> i64 {
        i64::try_from(self.settings.window.as_secs()).unwrap_or(i64::MAX)
    }

    /// Slots that may fold at all with a newcomer, out of those under one key.
    fn folding<'a>(&'a self, slots: Option<&'a Vec<u32>>) -> impl DoubleEndedIterator<Item = (u32, &'a Entrant)> {
        // What is under a key that hundreds share tells nothing but by its newest.
        let slots = slots.map_or(&[][..], Vec::as_slice);
        (slots[slots.len().saturating_sub(Key::POSTINGS)..].iter().copied())
            .map(|slot| (slot, &self.slots[slot as usize].entrant))
            .filter(|(_, other)| other.folding == Folding::Fold)
    }

    /// Slots that share a band or enough lead keys, in order of slots.
    fn candidates(&self, new: &Entrant) -> Vec<u32> {
        let print = &new.fingerprint;
        // Slot and what the key counts: a band as much as it takes lead keys.
        let mut hits: Vec<u64> = Vec::new();
        let hit = |slot: u32, weight: usize| (u64::from(slot) << 32) | weight as u64;
        self.bands.newest(&print.bands, Key::POSTINGS, |slot| hits.push(hit(slot, Key::LEADS)));
        self.leads.newest(print.lead_keys(), Key::POSTINGS, |slot| hits.push(hit(slot, 1)));
        hits.sort_unstable();
        let mut counted: Vec<(usize, u32)> = (hits.chunk_by(|a, b| a >> 32 == b >> 32))
            .map(|run| (run.iter().map(|hit| *hit as u32 as usize).sum(), (run[0] >> 32) as u32))
            .filter(|(count, _)| *count >= Key::LEADS)
            .collect();
        counted.sort_unstable_by(|a, b| b.cmp(a));
        counted.truncate(Key::CANDIDATES);
        let mut slots: Vec<u32> = counted.into_iter().map(|(_, slot)| slot).collect();
        slots.sort_unstable();
        slots
    }
}

/// An entrant without what is of no use any more once its keys are known, unless someone else holds it.
fn slender(mut entrant: Entrant) -> Entrant {
    if let Some(print) = Arc::get_mut(&mut entrant.fingerprint) {
        print.bands = Vec::new();
        // A copy has exactly the memory that it needs; what grew has up to twice as much.
        *print = print.clone();
    }
    entrant
}
