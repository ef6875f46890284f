//! What each source told in a period, held against the others: one pass over one index.

use chrono::{DateTime, Utc};
use rusqlite::Connection;

use super::fault::Fault;
use super::inbox::{source, time};
use crate::model::{ClusterId, Standing};
use crate::store::rules::millis;

/// Answered from the index `story_period` alone.
pub(super) const PERIOD: &str = "select cluster, source, shelf_time from story where shelf_time >= ?1";

pub(super) fn standing(db: &Connection, since: DateTime<Utc>) -> Result<Vec<Standing>, Fault> {
    let mut statement = db.prepare_cached(PERIOD)?;
    let mut rows = statement.query([millis(since)])?;
    let mut tellings = Vec::new();
    while let Some(row) = rows.next()? {
        tellings.push((ClusterId(row.get(0)?), source(row.get_ref(1)?.as_str()?)?, time(row.get(2)?)?));
    }
    Ok(Standing::of_all(tellings))
}
