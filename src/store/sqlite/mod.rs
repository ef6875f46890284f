//! The store in one SQLite file (WAL, one connection).
//!
//! [`Sqlite`] only carries each question to a thread that may block, in a transaction where
//! something changes. The answers are in the siblings: `inbox` (visits and deliveries), `awaited`, `settle`,
//! `known` (what the decider asks), `shelf` (what is published and explained), `hosts`, `prune`. Below them
//! `keys` is the index by which stories are found, `fingerprint` and `reason` are layouts of bytes and text.

mod awaited;
mod backup;
mod block;
mod check;
mod correct;
mod fault;
mod fingerprint;
mod hosts;
mod inbox;
mod keys;
mod known;
mod lead;
mod open;
mod pages;
mod point;
mod prune;
mod reason;
mod renew;
mod seats;
mod settle;
mod shelf;
mod standing;
#[cfg(test)]
mod tests;
mod thread;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use rusqlite::{Connection, Transaction, TransactionBehavior};

use self::fault::Fault;
use self::thread::Thread;
use super::rules::Asked;
use super::{
    Awaited, Before, Delivery, Health, Inbox, Lesson, Outdated, Placed, Query, Resolution, Shelf, Store, StoreError,
    Waiting,
};
use crate::model::{
    Block, Blocks, ClusterId, Correction, Decision, Digest, Fingerprint, Host, Key, Member, Newcomer, Robots, Seat,
    SourceId, Standing, Visit,
};

/// A store in a SQLite file.
pub(super) struct Sqlite {
    path: PathBuf,
    thread: Thread,
}

impl Sqlite {
    pub(super) fn open(path: &Path) -> Result<Sqlite, StoreError> {
        Sqlite::with(path, open::open(path)?)
    }

    /// As [`Sqlite::open`], but for looking only: also when nothing can be written.
    pub(super) fn open_to_read(path: &Path) -> Result<Sqlite, StoreError> {
        Sqlite::with(path, open::open_to_read(path)?)
    }

    fn with(path: &Path, db: Connection) -> Result<Sqlite, StoreError> {
        let thread = Thread::of(db).map_err(|fault| fault.at(&path.display().to_string()))?;
        Ok(Sqlite { path: path.to_owned(), thread })
    }

    /// Looks a database through whose last user may not have ended well.
    pub(super) fn look_through(path: &Path) -> Result<(), StoreError> {
        check::look_through(path).map_err(|fault| fault.at(&path.display().to_string()))
    }

    /// Whether changes wait in its log, as after a user that was killed.
    pub(super) fn has_log(path: &Path) -> bool {
        open::has_log(path)
    }

    /// As [`super::examine`].
    pub(super) fn examine(path: &Path, now: DateTime<Utc>) -> Result<(), StoreError> {
        if !backup::is_due(path, now.date_naive()) {
            return Ok(());
        }
        check::look_at_stories(path).map_err(|fault| fault.at(&path.display().to_string()))
    }

    /// As [`super::back_up`].
    pub(super) fn back_up(path: &Path, keep: usize, now: DateTime<Utc>) -> Result<Option<PathBuf>, StoreError> {
        backup::daily(path, keep, now).map_err(|fault| fault.at(&path.display().to_string()))
    }

    /// Asks the database, where waiting for it disturbs nobody.
    async fn read<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Connection) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.work(move |db| {
            // One transaction, so that one answer is about one moment.
            let tx = db.transaction()?;
            question(&tx)
        })
        .await
    }

    /// Changes the database, or on error nothing.
    async fn write<T: Send + 'static>(
        &self,
        change: impl FnOnce(&Transaction<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.work(move |db| {
            let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let done = change(&tx)?;
            tx.commit()?;
            Ok(done)
        })
        .await
    }

    async fn work<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Connection) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.thread.work(job).await.map_err(|fault| fault.at(&self.path.display().to_string()))
    }

    /// The database, its log and the log's index; what is not there counts nothing.
    fn bytes(&self) -> u64 {
        let size = |suffix: &str| {
            let mut name = self.path.as_os_str().to_owned();
            name.push(suffix);
            std::fs::metadata(name).map_or(0, |file| file.len())
        };
        ["", "-wal", "-shm"].into_iter().map(size).sum()
    }
}

#[async_trait]
impl Store for Sqlite {
    async fn visits(&self, sources: &[SourceId]) -> Result<BTreeMap<SourceId, Visit>, StoreError> {
        let sources = sources.to_vec();
        self.read(move |db| inbox::visits(db, &sources)).await
    }

    async fn fresh(&self, source: &SourceId, items: &[(String, Digest)]) -> Result<Vec<bool>, StoreError> {
        let (source, items) = (source.clone(), items.to_vec());
        self.read(move |db| inbox::fresh(db, &source, &items)).await
    }

    async fn deliver(&self, delivery: &Delivery) -> Result<(), StoreError> {
        // Written out before anyone has to wait for it.
        let visit = inbox::Record::of(delivery);
        self.write(move |tx| inbox::deliver(tx, &visit)).await
    }

    async fn awaited(&self) -> Result<Vec<Awaited>, StoreError> {
        self.read(awaited::awaited).await
    }

    async fn waiting(&self, awaited: &Awaited) -> Result<Option<Waiting>, StoreError> {
        let awaited = awaited.clone();
        self.read(move |db| awaited::waiting(db, &awaited)).await
    }

    async fn resolve(&self, resolution: &Resolution) -> Result<(), StoreError> {
        let resolution = resolution.clone();
        self.write(move |tx| awaited::resolve(tx, &resolution)).await
    }

    async fn undecided(&self, limit: usize) -> Result<Option<Inbox>, StoreError> {
        self.read(move |db| inbox::undecided(db, limit)).await
    }

    async fn unlearnt(&self, limit: usize) -> Result<Vec<Newcomer>, StoreError> {
        self.read(move |db| block::unlearnt(db, limit)).await
    }

    async fn blocks(&self, source: &SourceId, blocks: &BTreeSet<Block>) -> Result<Blocks, StoreError> {
        let (source, blocks) = (source.clone(), blocks.clone());
        self.read(move |db| block::blocks(db, &source, &blocks)).await
    }

    async fn learn(&self, lessons: &[Lesson]) -> Result<(), StoreError> {
        let lessons = lessons.to_vec();
        self.write(move |tx| block::learn(tx, &lessons)).await
    }

    async fn sharing(&self, groups: &[Vec<Key>], since: DateTime<Utc>) -> Result<Vec<Member>, StoreError> {
        let asked = Asked::new(groups, since);
        self.read(move |db| known::sharing(db, &asked)).await
    }

    async fn members(&self, clusters: &[ClusterId]) -> Result<Vec<Member>, StoreError> {
        let clusters = clusters.to_vec();
        self.read(move |db| known::members(db, clusters)).await
    }

    async fn settle(&self, inbox: Inbox, decision: &Decision, at: DateTime<Utc>) -> Result<(), StoreError> {
        let decision = decision.clone();
        self.write(move |tx| settle::settle(tx, &inbox, &decision, at)).await
    }

    async fn correct(&self, correction: &Correction, at: DateTime<Utc>) -> Result<(), StoreError> {
        let correction = correction.clone();
        self.write(move |tx| correct::correct(tx, &correction, at)).await
    }

    async fn shelf(&self, shelf: &Shelf) -> Result<Vec<(ClusterId, Vec<Placed>)>, StoreError> {
        let shelf = shelf.clone();
        self.read(move |db| shelf::shelf(db, &shelf)).await
    }

    async fn young(&self, shelf: &Shelf) -> Result<usize, StoreError> {
        let shelf = shelf.clone();
        self.read(move |db| shelf::young(db, &shelf)).await
    }

    async fn seat(&self, scope: &str, clusters: &[ClusterId], seat: &Seat) -> Result<(), StoreError> {
        let (scope, clusters, seat) = (scope.to_owned(), clusters.to_vec(), seat.clone());
        self.write(move |tx| seats::record(tx, &scope, &clusters, &seat)).await
    }

    async fn seats(&self, scope: &str, clusters: &[ClusterId]) -> Result<BTreeMap<ClusterId, Seat>, StoreError> {
        let (scope, clusters) = (scope.to_owned(), clusters.to_vec());
        self.read(move |db| seats::seats(db, &scope, &clusters)).await
    }

    async fn stories(&self, after: i64, limit: usize) -> Result<Vec<(i64, Placed)>, StoreError> {
        self.read(move |db| pages::stories(db, after, limit)).await
    }

    async fn find(&self, query: &Query, limit: usize) -> Result<Vec<(ClusterId, Vec<Placed>)>, StoreError> {
        let query = query.clone();
        self.read(move |db| shelf::find(db, &query, limit)).await
    }

    async fn prune(&self, before: DateTime<Utc>) -> Result<usize, StoreError> {
        self.write(move |tx| prune::prune(tx, before)).await
    }

    async fn outdated(&self, version: u32, limit: usize) -> Result<Option<Vec<Outdated>>, StoreError> {
        self.read(move |db| renew::outdated(db, version, limit)).await
    }

    async fn renew(&self, version: u32, renewed: &[(Outdated, Fingerprint)]) -> Result<(), StoreError> {
        let renewed = renewed.to_vec();
        self.write(move |tx| renew::renew(tx, version, &renewed)).await
    }

    async fn timeline(&self, since: DateTime<Utc>, limit: usize) -> Result<Vec<Member>, StoreError> {
        self.read(move |db| known::timeline(db, since, limit)).await
    }

    async fn leads(&self, addresses: &[String]) -> Result<BTreeMap<String, Option<String>>, StoreError> {
        let addresses = addresses.to_vec();
        self.read(move |db| lead::leads(db, &addresses)).await
    }

    async fn remember_leads(
        &self,
        leads: &BTreeMap<String, Option<String>>,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let leads = leads.clone();
        self.write(move |tx| lead::remember(tx, &leads, at)).await
    }

    async fn settled(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        self.read(settle::settled).await
    }

    async fn standing(&self, since: DateTime<Utc>) -> Result<Vec<Standing>, StoreError> {
        self.read(move |db| standing::standing(db, since)).await
    }

    async fn keep_hosts(&self, hosts: &[Host]) -> Result<(), StoreError> {
        let hosts = hosts.to_vec();
        self.write(move |tx| hosts::keep(tx, &hosts)).await
    }

    async fn hosts(&self) -> Result<Vec<Host>, StoreError> {
        self.read(hosts::all).await
    }

    async fn keep_robots(&self, robots: &Robots) -> Result<(), StoreError> {
        let robots = robots.clone();
        self.write(move |tx| hosts::keep_robots(tx, &robots)).await
    }

    async fn robots(&self, origin: &str) -> Result<Option<Robots>, StoreError> {
        let origin = origin.to_owned();
        self.read(move |db| hosts::robots(db, &origin)).await
    }

    async fn forget_hosts(&self, before: DateTime<Utc>) -> Result<(), StoreError> {
        self.write(move |tx| hosts::forget(tx, before)).await
    }

    async fn health(&self) -> Result<Health, StoreError> {
        let bytes = self.bytes();
        let count = |db: &Connection, sql: &str| db.query_row(sql, [], |row| row.get(0).map(i64::cast_unsigned));
        self.read(move |db| {
            Ok(Health {
                schema: open::SCHEMA,
                stories: count(db, "select stories from settled")?,
                clusters: count(db, "select clusters from settled")?,
                undecided: count(db, "select count(*) from inbox")?,
                bytes,
            })
        })
        .await
    }
}
