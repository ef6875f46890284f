//! Carries out what a person decided about stories.

use chrono::{DateTime, Utc};
use rusqlite::{Transaction, params};

use super::fault::Fault;
use super::reason;
use crate::model::{Correction, Held};
use crate::store::rules::millis;

pub(super) fn correct(tx: &Transaction<'_>, correction: &Correction, at: DateTime<Utc>) -> Result<(), Fault> {
    match correction {
        Correction::Place(tellings) => tellings.iter().try_for_each(|held| place(tx, held)),
        Correction::Drop(cluster) => {
            tx.prepare_cached("insert or ignore into dropped (cluster, at) values (?1, ?2)")?
                .execute(params![cluster.0, millis(at)])?;
            Ok(())
        }
        Correction::Restore(cluster) => {
            tx.prepare_cached("delete from dropped where cluster = ?1")?.execute([cluster.0])?;
            Ok(())
        }
    }
}

fn place(tx: &Transaction<'_>, held: &Held) -> Result<(), Fault> {
    let story: Option<i64> = tx
        .prepare_cached(
            "update story set cluster = ?3, home = ?4, verdict = ?5 where source = ?1 and key = ?2 returning id",
        )?
        .query_map(
            params![held.source.as_str(), held.key, held.cluster.0, held.home.0, reason::word(held.verdict)],
            |row| row.get(0),
        )?
        .next()
        .transpose()?;
    let story =
        story.ok_or_else(|| Fault::Misused(format!("no story of `{}` has the key `{}`", held.source, held.key)))?;
    tx.prepare_cached("update reason set because = ?2, apart = ?3 where story = ?1")?.execute(params![
        story,
        reason::encode(std::slice::from_ref(&held.because)),
        reason::encode(&held.apart)
    ])?;
    Ok(())
}
