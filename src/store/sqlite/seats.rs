//! In which feed each story is, where it is to be in one only.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::fault::Fault;
use super::inbox::source;
use crate::model::{ClusterId, Seat, SourceId};

/// The seat that was recorded for a story.
pub(super) fn recorded(db: &Connection, scope: &str, cluster: ClusterId) -> Result<Option<Seat>, Fault> {
    let found: Option<(String, Option<String>)> = db
        .prepare_cached("select output, source from seat where scope = ?1 and cluster = ?2")?
        .query_row(params![scope, cluster.0], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((output, owner)) = found else { return Ok(None) };
    Ok(Some(Seat { output: source(&output)?, source: owner.as_deref().map(source).transpose()? }))
}

pub(super) fn seats(db: &Connection, scope: &str, clusters: &[ClusterId]) -> Result<BTreeMap<ClusterId, Seat>, Fault> {
    let mut seats = BTreeMap::new();
    for cluster in clusters {
        seats.extend(recorded(db, scope, *cluster)?.map(|seat| (*cluster, seat)));
    }
    Ok(seats)
}

pub(super) fn record(tx: &Transaction<'_>, scope: &str, clusters: &[ClusterId], seat: &Seat) -> Result<(), Fault> {
    // What is as it was is not written again.
    let mut record = tx.prepare_cached(
        "insert into seat (scope, cluster, output, source) values (?1, ?2, ?3, ?4)
         on conflict do update set output = excluded.output, source = excluded.source
         where output is not excluded.output or source is not excluded.source",
    )?;
    for cluster in clusters {
        record.execute(params![scope, cluster.0, seat.output.as_str(), seat.source.as_ref().map(SourceId::as_str)])?;
    }
    Ok(())
}
