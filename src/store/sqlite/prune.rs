//! Takes from old stories what only serves to compare them.

use chrono::{DateTime, Utc};
use rusqlite::{Transaction, params};

use super::fault::Fault;
use super::fingerprint;
use super::keys::{self, Tree};
use crate::store::rules::{millis, slim};

pub(super) fn prune(tx: &Transaction<'_>, before: DateTime<Utc>) -> Result<usize, Fault> {
    let old: Vec<(i64, i64)> = tx
        .prepare_cached("select id, body from story where slim = 0 and time < ?1")?
        .query_map([millis(before)], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    let mut dead = 0;
    for (story, body) in &old {
        let print = tx
            .prepare_cached("select data from print where body = ?1")?
            .query_row([body], |row| Ok(fingerprint::decode(row.get_ref(0)?.as_blob()?)))??;
        dead += print.keys().filter(|key| keys::number(key).0 == Tree::Passing).count() as u64;
        tx.prepare_cached("update print set data = ?2 where body = ?1")?
            .execute(params![body, fingerprint::encode(&slim(&print))])?;
        tx.prepare_cached("update story set slim = 1 where id = ?1")?.execute([story])?;
    }
    if dead > 0 {
        keys::bury(tx, dead)?;
    }
    Ok(old.len())
}
