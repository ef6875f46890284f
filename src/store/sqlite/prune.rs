//! Takes from old stories what only serves to compare them.

use chrono::{DateTime, Utc};
use rusqlite::{Transaction, params};

use super::fault::Fault;
use super::fingerprint;
use super::keys::{self, Tree};
use super::point::reach;
use crate::failpoint::Point;
use crate::store::rules::{millis, slim};

/// Stories that are pruned at once, the oldest: whoever was away for a month is served in time.
const MOST: i64 = 25_000;

pub(super) fn prune(tx: &Transaction<'_>, before: DateTime<Utc>) -> Result<usize, Fault> {
    let old: Vec<(i64, i64)> = tx
        .prepare_cached("select id, body from story where slim = 0 and time < ?1 order by time limit ?2")?
        .query_map([millis(before), MOST], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    let mut dead = 0;
    for (story, body) in &old {
        reach(Point::Prune)?;
        let print = tx
            .prepare_cached("select data from print where body = ?1")?
            .query_row([body], |row| Ok(fingerprint::decode(row.get_ref(0)?.as_blob()?)))??;
        dead += print.keys().filter(|key| keys::number(key).0 == Tree::Passing).count();
        tx.prepare_cached("update print set data = ?2 where body = ?1")?
            .execute(params![body, fingerprint::encode(&slim(&print))])?;
        tx.prepare_cached("update story set slim = 1 where id = ?1")?.execute([story])?;
    }
    let stories: Vec<i64> = old.iter().map(|(story, _)| *story).collect();
    if !stories.is_empty() {
        keys::bury(tx, &stories, dead)?;
        reach(Point::Pruned)?;
    }
    Ok(stories.len())
}
