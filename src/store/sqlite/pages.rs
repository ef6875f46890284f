//! Every story that is stored, a page at a time.

use rusqlite::Connection;

use super::Placed;
use super::fault::Fault;
use super::inbox::source;
use super::shelf::{PLACED, placed};
use crate::model::ClusterId;

pub(super) fn stories(db: &Connection, after: i64, limit: usize) -> Result<Vec<(i64, Placed)>, Fault> {
    let mut statement = db.prepare_cached(&format!("{PLACED} where s.id > ?1 order by s.id limit ?2"))?;
    let mut rows = statement.query((after, i64::try_from(limit).unwrap_or(i64::MAX)))?;
    let mut page = Vec::new();
    while let Some(row) = rows.next()? {
        let (id, cluster) = (row.get(17)?, ClusterId(row.get(18)?));
        page.push((id, placed(row, source(row.get_ref(0)?.as_str()?)?, cluster)?));
    }
    Ok(page)
}
