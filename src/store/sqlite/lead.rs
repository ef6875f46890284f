//! Where redirectors lead.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Transaction};

use super::fault::Fault;
use crate::store::rules::{LEADS_KEPT, millis};

/// Those of these addresses that were asked.
pub(super) fn leads(db: &Connection, addresses: &[String]) -> Result<BTreeMap<String, Option<String>>, Fault> {
    let mut question = db.prepare_cached("select target from lead where address = ?1")?;
    let mut known = BTreeMap::new();
    for address in addresses {
        if let Some(target) = question.query_row([address], |row| row.get(0)).optional()? {
            known.insert(address.clone(), target);
        }
    }
    Ok(known)
}

/// Remembers answers, and forgets old ones.
pub(super) fn remember(
    tx: &Transaction<'_>,
    leads: &BTreeMap<String, Option<String>>,
    at: DateTime<Utc>,
) -> Result<(), Fault> {
    let mut insert = tx.prepare_cached("insert or replace into lead (address, target, at) values (?1, ?2, ?3)")?;
    for (address, target) in leads {
        insert.execute((address, target, millis(at)))?;
    }
    tx.prepare_cached("delete from lead where at < ?1")?.execute([millis(at) - LEADS_KEPT.num_milliseconds()])?;
    Ok(())
}
