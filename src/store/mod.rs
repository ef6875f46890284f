//! The program's memory: what was read, what was decided, and why.
//!
//! The way in is [`open`], which gives a [`Store`]. The flow is two steps, each one transaction:
//! a visit *delivers* its record and its new stories to the inbox; a decider takes the inbox, asks
//! once for the known stories that share a key, and *settles*. Between the two, what waits for the text of its page
//! is *resolved*: it gets it, or goes without, or waits on. Whatever is published is read from
//! here alone, so a run that was killed anywhere is completed by the next.
//!
//! Nothing in here knows how stories are compared or shown, and nothing reads a clock.

mod awaited;
#[cfg(test)]
mod conformance;
mod error;
mod lock;
mod memory;
mod rules;
mod sqlite;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::model::{
    Block, Blocks, ClusterId, Correction, Decision, Digest, Evidence, Fingerprint, Host, Key, Member, Newcomer, Robots,
    Seat, Seating, SourceId, Standing, Story, Verdict, Visit, Voice,
};

pub use awaited::{Awaited, PageVisit, Resolution, Resolved, Waiting};
pub use error::StoreError;
pub use lock::{Lock, lock};

/// Opens a store, making it (for this user alone) where there is none. Takes no lock: who writes
/// takes one with [`lock()`] first, who only reads may do so beside a run.
pub fn open(location: &Location) -> Result<Arc<dyn Store>, StoreError> {
    Ok(match location {
        Location::Memory => Arc::new(memory::Memory::default()),
        Location::Sqlite(path) => Arc::new(sqlite::Sqlite::open(path)?),
    })
}

/// Opens a store to look into it. Where nothing can be written that does as well, as long as the store needs no
/// change before it can be read.
pub fn open_to_read(location: &Location) -> Result<Arc<dyn Store>, StoreError> {
    match location {
        Location::Memory => open(location),
        Location::Sqlite(path) => Ok(Arc::new(sqlite::Sqlite::open_to_read(path)?)),
    }
}

/// Looks at what outputs are read by, on a day when [`back_up`] is due: before anything is published from a store that has
/// lost part of it ([`StoreError::Corrupt`]). To be called with the lock held.
pub fn examine(location: &Location, now: DateTime<Utc>) -> Result<(), StoreError> {
    match location {
        Location::Memory => Ok(()),
        Location::Sqlite(path) => sqlite::Sqlite::examine(path, now),
    }
}

/// Copies a store to `NAME.YYYY-MM-DD.bak` beside it, unless that was done on this day (UTC) already, or, where it has
/// several GiB, in as many days; gives up what is more than the newest `keep` of these copies. 0: none is made, and none
/// given up. Gives the copy that was made. To be called with the lock held. Reads all that is stored: where that cannot be
/// read ([`StoreError::Corrupt`]) it gives up nothing.
pub fn back_up(location: &Location, keep: usize, now: DateTime<Utc>) -> Result<Option<PathBuf>, StoreError> {
    match location {
        Location::Memory => Ok(None),
        Location::Sqlite(path) => sqlite::Sqlite::back_up(path, keep, now),
    }
}

/// Copies of a store that are kept (`store.backups`), when nothing else is said.
pub const BACKUPS: usize = 3;

/// Where a store is (`store.url`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// Nowhere: gone when dropped.
    Memory,
    /// A SQLite database in this file, made when it is not there.
    Sqlite(PathBuf),
}

/// What one visit brought.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// Who was visited.
    pub source: SourceId,
    /// What is to be remembered of the visit; replaces what was.
    pub visit: Visit,
    /// The stories that [`Store::fresh`] did not know, or not like this; each key once.
    pub stories: Vec<Newcomer>,
    /// Hosts that have asked to be left alone since the last delivery.
    pub hosts: Vec<Host>,
}

/// What stories of one source taught about the lines that it repeats.
#[derive(Clone, Debug)]
pub struct Lesson {
    /// Whose lines they are.
    pub source: SourceId,
    /// What is known of it from now on: takes the place of what was known of these blocks, and of the count of stories.
    pub blocks: Blocks,
    /// The stories that taught it, by key and digest: they teach no more.
    pub stories: Vec<(String, Digest)>,
}

/// Newcomers to be decided about, in deciding order.
#[derive(Debug, Default)]
pub struct Inbox {
    /// Ordered by time (published, or first seen where absent), rank, source id, key.
    pub newcomers: Vec<Newcomer>,
    /// For each newcomer, what the store knows of the same source and key. `Some`: it is an edit, or returns
    /// as it was before its source gave its key to another.
    pub before: Vec<Option<Before>>,
    /// The newcomers, by their place, that say something else than when they were taken: it is stored with the decision.
    pub changed: BTreeSet<usize>,
}

/// What is known of a story that comes again in another form.
#[derive(Clone, Debug)]
pub struct Before {
    /// Where it is.
    pub cluster: ClusterId,
    /// Words of its text when readers were last told of an edit, else when it was decided about.
    pub told_words: u32,
    /// Newest edit that readers were told of.
    pub revised: Option<DateTime<Utc>>,
    /// Its title as it was.
    pub title: String,
    /// Its hashes as they were.
    pub fingerprint: Arc<Fingerprint>,
}

/// A story with all that was decided about it.
#[derive(Clone, Debug)]
pub struct Placed {
    /// Where it came from.
    pub source: SourceId,
    /// What it is known by there: the story's own key, unless its source has given that to another since.
    pub key: String,
    /// The story as it is now.
    pub story: Story,
    /// Who speaks in it, as it is now.
    pub voice: Voice,
    /// Where it is.
    pub cluster: ClusterId,
    /// As in [`Member::home`].
    pub home: ClusterId,
    /// When a person dropped its cluster; `None`: it may be shown.
    pub dropped: Option<DateTime<Utc>>,
    /// The run that first saw it.
    pub first_seen: DateTime<Utc>,
    /// As dated when it was first seen, but never after that; an edit does not move it.
    pub published: DateTime<Utc>,
    /// Words of its text when it was decided about.
    pub first_words: u32,
    /// The run that decided about it.
    pub decided: DateTime<Utc>,
    /// Newest change that counts as an update.
    pub revised: Option<DateTime<Utc>>,
    /// False for the old stories of a first visit.
    pub publish: bool,
    /// What became of it when it came.
    pub verdict: Verdict,
    /// Why it is where it is.
    pub because: Evidence,
    /// What it was kept apart from, nearest first.
    pub apart: Vec<Evidence>,
}

/// A story whose hashes are to be made anew.
#[derive(Clone, Debug)]
pub struct Outdated {
    /// Number of the story in its store, of no meaning elsewhere.
    pub number: i64,
    /// What it says.
    pub story: Story,
}

/// Which clusters an output may show.
#[derive(Clone, Debug)]
pub struct Shelf {
    /// The sources whose tellings the output may show.
    pub sources: Vec<SourceId>,
    /// At least so many clusters, newest first ...
    pub limit: usize,
    /// ... and all those whose time ([`Store::shelf`]) is this or later ...
    pub since: DateTime<Utc>,
    /// ... but never more than this.
    pub cap: usize,
    /// Where each story is to be in one feed only: this one, and the seats among which it is. `None`: the shelf holds what
    /// its sources tell.
    pub seat: Option<(Arc<Seating>, Seat)>,
}

/// A shelf with a seat passes over so many clusters that have another one, so that a source whose stories others always
/// tell first costs no more than others.
pub const PASSED: usize = 5_000;

/// How a story is asked for in `explain`.
#[derive(Clone, Debug)]
pub enum Query {
    /// The first hexadecimal digits of a cluster's id, at least 4; fewer find nothing. The id of a cluster that
    /// a person has merged away finds the one that its tellings are in.
    Id(String),
    /// The address of a story as stored; its canonical URL's digest finds too.
    Url(String, Option<Digest>),
    /// Words of a title, all of which must occur in it (also inside words), in any order and case.
    Words(Vec<String>),
}

/// Blocks of one source that are remembered: the lines of its last hundreds of stories.
pub const BLOCKS: usize = 4_000;

/// Size and state, for `status` and `doctor`.
#[derive(Clone, Debug, Default)]
pub struct Health {
    /// Version of the schema; 0 for memory.
    pub schema: u32,
    /// Stories decided about.
    pub stories: u64,
    /// Clusters.
    pub clusters: u64,
    /// Stories waiting in the inbox.
    pub undecided: u64,
    /// Bytes on disk, write-ahead log included; 0 for memory.
    pub bytes: u64,
}

/// The program's memory. Every method is all or nothing, and safe to repeat. Times are kept and
/// compared to the millisecond.
#[async_trait]
pub trait Store: Send + Sync {
    /// What is remembered of these sources; those never visited are absent.
    async fn visits(&self, sources: &[SourceId]) -> Result<BTreeMap<SourceId, Visit>, StoreError>;

    /// For each (key, digest) whether it has to be delivered: true when the source's key is unknown,
    /// or known with another digest. Undecided stories count as known, and are newer than decided ones.
    async fn fresh(&self, source: &SourceId, items: &[(String, Digest)]) -> Result<Vec<bool>, StoreError>;

    /// Records what one visit brought, or on error nothing. Delivering again changes nothing; a key
    /// that is still in the inbox is replaced there and keeps its `first_seen` and `publish`. So does
    /// an edit of a decided story. What is in the inbox in this very form stays as it is, and what is not
    /// published waits for no text. A story as it was decided about does not wait again, and one that
    /// returns to that form before its edit was decided about leaves the inbox.
    async fn deliver(&self, delivery: &Delivery) -> Result<(), StoreError>;

    /// The stories that wait for the text of their page: who has waited longest comes first, of those who began
    /// together in deciding order.
    async fn awaited(&self) -> Result<Vec<Awaited>, StoreError>;

    /// One of them, whole; `None` when it is no longer in the inbox in this form.
    async fn waiting(&self, awaited: &Awaited) -> Result<Option<Waiting>, StoreError>;

    /// Records what became of stories that waited. One that is no longer in the inbox in that form is left alone.
    async fn resolve(&self, resolution: &Resolution) -> Result<(), StoreError>;

    /// The oldest undecided stories that wait for no text, at most `limit`, in deciding order. `None` when there
    /// are none.
    async fn undecided(&self, limit: usize) -> Result<Option<Inbox>, StoreError>;

    /// The oldest stories in the inbox that have taught nothing yet and wait for no text, at most `limit`, in deciding
    /// order. What is delivered anew, or gets its text, teaches again.
    async fn unlearnt(&self, limit: usize) -> Result<Vec<Newcomer>, StoreError>;

    /// What is known of these blocks of a source, and how many of its stories taught.
    async fn blocks(&self, source: &SourceId, blocks: &BTreeSet<Block>) -> Result<Blocks, StoreError>;

    /// Records lessons, one for each source. Of a source with more than [`BLOCKS`] blocks the half is forgotten that was
    /// seen longest ago, those that are learnt last.
    async fn learn(&self, lessons: &[Lesson]) -> Result<(), StoreError>;

    /// The known stories that have enough in common with one of these groups (the keys of one newcomer
    /// each), every story once, oldest first (by time, source, key). Enough is one `Url`, `Exact`,
    /// `Title` or `Band`, or [`Key::LEADS`] `Lead`s; of each key those [`Key::POSTINGS`] that were decided about
    /// last, by bands and leads at most [`Key::CANDIDATES`] for a group. `Url` and `Exact` find stories of
    /// all times, the others those whose time is `since` or later.
    async fn sharing(&self, groups: &[Vec<Key>], since: DateTime<Utc>) -> Result<Vec<Member>, StoreError>;

    /// Who speaks for these clusters: of each home in them the oldest member and the newest
    /// [`Key::CANDIDATES`] (by time, of equal times as they were decided about), each once, oldest first (by time,
    /// source, key). So a cluster of thousands costs no more than one of dozens.
    async fn members(&self, clusters: &[ClusterId]) -> Result<Vec<Member>, StoreError>;

    /// Records a decision made at `at`, one placement for each newcomer of the inbox in its order, and
    /// empties that part of the inbox; what was delivered anew since the inbox was taken waits on.
    /// `Known` replaces story, voice, hashes, digest and folding, keeps cluster, `first_seen`, `decided`,
    /// `publish`, verdict and reasons, and sets `revised` to `at` when it moves `updated`. A story that
    /// was decided about already is not placed again, unless it takes the key of another: that one is then
    /// known by a key that no source gives. When its source sends that one again as it was, the two change
    /// keys, and that is all. With placements that are not one for each newcomer, [`StoreError::Failed`].
    async fn settle(&self, inbox: Inbox, decision: &Decision, at: DateTime<Utc>) -> Result<(), StoreError>;

    /// Carries out what a person decided. A telling that is not known is an error; what is as it should
    /// be stays so.
    async fn correct(&self, correction: &Correction, at: DateTime<Utc>) -> Result<(), StoreError>;

    /// The tellings of the clusters on a shelf: only those of its sources, in clusters of which at
    /// least one of them is published and which no person dropped. A cluster's time is the newest among its published visible
    /// tellings of the run that published it first, of guests (whose home is another cluster) only where it has
    /// no others, and not newer than what was seeded ([`SourceId::seeded`]) of it; newest first, then by id.
    ///
    /// With a seat the shelf holds only the clusters that have it ([`Seating::seat`]), and the tellings of all sources
    /// that are listed there; [`PASSED`] clusters that have another end the search. What was seeded comes with
    /// the tellings in any case.
    async fn shelf(&self, shelf: &Shelf) -> Result<Vec<(ClusterId, Vec<Placed>)>, StoreError>;

    /// How many clusters the shelf has that are not before its `since`, whatever its cap.
    async fn young(&self, shelf: &Shelf) -> Result<usize, StoreError>;

    /// Remembers that these clusters have this seat in a scope, in place of the one they had before.
    async fn seat(&self, scope: &str, clusters: &[ClusterId], seat: &Seat) -> Result<(), StoreError>;

    /// The seats that are remembered of these clusters in a scope.
    async fn seats(&self, scope: &str, clusters: &[ClusterId]) -> Result<BTreeMap<ClusterId, Seat>, StoreError>;

    /// The stories with a number greater than `after`, at most `limit`, in order of their numbers, which have no
    /// meaning elsewhere; all are greater than -1.
    async fn stories(&self, after: i64, limit: usize) -> Result<Vec<(i64, Placed)>, StoreError>;

    /// The clusters that a query finds, at most `limit`, with all their stories, oldest first; clusters
    /// by the newest time of any of their stories (as on a shelf), newest first, then by id.
    async fn find(&self, query: &Query, limit: usize) -> Result<Vec<(ClusterId, Vec<Placed>)>, StoreError>;

    /// Forgets near-text keys, title keys and shingles of stories whose time is before `before`, the oldest
    /// first and not more at once than take a moment;
    /// identities and what the stories say stay, so nothing returns. Gives the number of stories that
    /// were slimmed.
    async fn prune(&self, before: DateTime<Utc>) -> Result<usize, StoreError>;

    /// Stories whose hashes are not of this version, at most `limit`, in an order of its own, with what they
    /// say; `None` when all are. Until then the store finds by [`Store::sharing`] only those that are.
    async fn outdated(&self, version: u32, limit: usize) -> Result<Option<Vec<Outdated>>, StoreError>;

    /// Replaces the hashes of the stories that [`Store::outdated`] gave, in its order, by those of this
    /// version. None at all say that there are no others.
    async fn renew(&self, version: u32, renewed: &[(Outdated, Fingerprint)]) -> Result<(), StoreError>;

    /// The newest stories that were decided about, of this time or later, at most `limit`; oldest first.
    async fn timeline(&self, since: DateTime<Utc>, limit: usize) -> Result<Vec<Member>, StoreError>;

    /// Where redirectors lead, as far as it is remembered: `None` is nowhere.
    async fn leads(&self, addresses: &[String]) -> Result<BTreeMap<String, Option<String>>, StoreError>;
    /// Remembers where redirectors that were asked at `at` lead, for 90 days.
    async fn remember_leads(
        &self,
        leads: &BTreeMap<String, Option<String>>,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError>;
    /// When a decision was recorded last; `None`: never. Ages in outputs are reckoned from it.
    async fn settled(&self) -> Result<Option<DateTime<Utc>>, StoreError>;

    /// What each source told in a period and how it stands among the others, in order of their ids: of all
    /// stories whose time on a shelf is `since` or later. Private ones count too.
    async fn standing(&self, since: DateTime<Utc>) -> Result<Vec<Standing>, StoreError>;

    /// Remembers that hosts wait, each in the place of what was remembered of it.
    async fn keep_hosts(&self, hosts: &[Host]) -> Result<(), StoreError>;

    /// All hosts that are remembered to wait, also those whose wait is over, by name.
    async fn hosts(&self) -> Result<Vec<Host>, StoreError>;

    /// Remembers a site's robots.txt in the place of what was remembered of its origin.
    async fn keep_robots(&self, robots: &Robots) -> Result<(), StoreError>;

    /// The robots.txt of an origin as it was kept last.
    async fn robots(&self, origin: &str) -> Result<Option<Robots>, StoreError>;

    /// Forgets the waits that were over before `before`, and what robots.txt files said that were not asked
    /// for since then.
    async fn forget_hosts(&self, before: DateTime<Utc>) -> Result<(), StoreError>;

    /// Size and state.
    async fn health(&self) -> Result<Health, StoreError>;
}
