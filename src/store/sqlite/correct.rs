//! Carries out what a person decided about stories.

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, Transaction, params};

use super::fault::Fault;
use super::point::reach;
use super::reason;
use super::settle::is_known;
use crate::failpoint::Point;
use crate::model::{ClusterId, Correction, Held};
use crate::store::rules::millis;

pub(super) fn correct(tx: &Transaction<'_>, correction: &Correction, at: DateTime<Utc>) -> Result<(), Fault> {
    reach(Point::Correct)?;
    match correction {
        Correction::Place(tellings) => tellings.iter().try_for_each(|held| place(tx, held))?,
        Correction::Drop(clusters) => {
            let mut drop = tx.prepare_cached("insert or ignore into dropped (cluster, at) values (?1, ?2)")?;
            for cluster in clusters {
                drop.execute(params![cluster.0, millis(at)])?;
            }
        }
        Correction::Restore(clusters) => {
            let mut restore = tx.prepare_cached("delete from dropped where cluster = ?1")?;
            for cluster in clusters {
                restore.execute([cluster.0])?;
            }
        }
    }
    reach(Point::Corrected)
}

fn place(tx: &Transaction<'_>, held: &Held) -> Result<(), Fault> {
    let found: Option<(i64, [u8; 16])> = tx
        .prepare_cached("select id, cluster from story where source = ?1 and key = ?2")?
        .query_row([held.source.as_str(), &held.key], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (story, left) =
        found.ok_or_else(|| Fault::Misused(format!("no story of `{}` has the key `{}`", held.source, held.key)))?;
    let opens = !is_known(tx, held.cluster)?;
    tx.prepare_cached("update story set cluster = ?2, home = ?3, verdict = ?4 where id = ?1")?.execute(params![
        story,
        held.cluster.0,
        held.home.0,
        reason::word(held.verdict)
    ])?;
    let clusters = i64::from(opens) - i64::from(!is_known(tx, ClusterId(left))?);
    tx.prepare_cached("update settled set clusters = clusters + ?1")?.execute([clusters])?;
    tx.prepare_cached("update reason set because = ?2, apart = ?3 where story = ?1")?.execute(params![
        story,
        reason::encode(std::slice::from_ref(&held.because)),
        reason::encode(&held.apart)
    ])?;
    Ok(())
}
