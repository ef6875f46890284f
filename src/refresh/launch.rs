//! All visits of a run, within its bounds.

use std::collections::{BTreeMap, HashMap};

use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt as _, StreamExt};
use tokio::time::{Instant, sleep_until};

use super::queue::{Due, Queue};
use super::{Bounds, Visitor};
use crate::fetch::Settings;
use crate::model::{Source, SourceId, SourceReport, Visit};
use crate::store::StoreError;

/// What came of the visits.
pub(super) struct Visited {
    /// A row for each that has ended.
    pub(super) rows: BTreeMap<SourceId, SourceReport>,
    /// Sources that were due and are as they were: there was no time for them.
    pub(super) left: usize,
    /// Those of them whose visit was given up half-way.
    pub(super) abandoned: usize,
}

/// Visits what is due, longest overdue first. Each source alone: one that fails is a row, a store that fails is an
/// error. When the bounds are reached, what is under way is given up, and is due as before.
pub(super) async fn launch(
    visitor: Visitor<'_>,
    due: Vec<(&Source, Visit)>,
    settings: &Settings,
    bounds: &Bounds,
) -> Result<Visited, StoreError> {
    let mut queue = Queue::new(due, settings, visitor.options.now);
    let mut rows = BTreeMap::new();
    let mut under_way: HashMap<SourceId, (&Source, Visit)> = HashMap::new();
    let mut visits = FuturesUnordered::new();
    let mut launching = true;
    let mut launching_ends = std::pin::pin!(bounds.launching_ends());
    let mut visiting_ends = std::pin::pin!(bounds.visiting_ends());
    loop {
        let room = settings.concurrency.max(1);
        // Asked before anything is launched: there may be no time at all.
        launching = launching && launching_ends.as_mut().now_or_never().is_none();
        while launching
            && visits.len() < room
            && let Some(due) = queue.next(Instant::now())
        {
            under_way.insert(due.source.id.clone(), (due.source, due.before.clone()));
            visits.push(attempt(visitor, due));
        }
        if visits.is_empty() && (!launching || queue.len() == 0) {
            break;
        }
        let rested = queue.rested().filter(|_| launching && visits.len() < room);
        tokio::select! {
            biased;
            () = &mut visiting_ends => break,
            () = &mut launching_ends, if launching => launching = false,
            Some((due, row)) = visits.next() => {
                queue.done(&due);
                under_way.remove(&due.source.id);
                rows.insert(due.source.id.clone(), row?);
            }
            () = until(rested), if rested.is_some() => {}
        }
    }
    drop(visits);
    let abandoned = under_way.len();
    for (source, before) in under_way.into_values() {
        visitor.forget(source, before).await?;
    }
    Ok(Visited { rows, left: queue.len() + abandoned, abandoned })
}

async fn attempt<'a>(visitor: Visitor<'_>, mut due: Due<'a>) -> (Due<'a>, Result<SourceReport, StoreError>) {
    let before = std::mem::take(&mut due.before);
    let row = visitor.attempt(due.source, before).await;
    (due, row)
}

async fn until(time: Option<Instant>) {
    match time {
        Some(time) => sleep_until(time).await,
        None => std::future::pending().await,
    }
}
