//! What is remembered of hosts: who waits, and what their robots.txt said.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::fault::Fault;
use super::inbox::time;
use crate::model::{Host, Robots};
use crate::store::rules::millis;

pub(super) fn keep(tx: &Transaction<'_>, hosts: &[Host]) -> Result<(), Fault> {
    let mut statement = tx.prepare_cached("insert or replace into host (name, waits_until) values (?1, ?2)")?;
    for host in hosts {
        statement.execute(params![host.name, millis(host.waits_until)])?;
    }
    Ok(())
}

pub(super) fn all(db: &Connection) -> Result<Vec<Host>, Fault> {
    let mut statement = db.prepare_cached("select name, waits_until from host order by name")?;
    let mut rows = statement.query([])?;
    let mut hosts = Vec::new();
    while let Some(row) = rows.next()? {
        hosts.push(Host { name: row.get(0)?, waits_until: time(row.get(1)?)? });
    }
    Ok(hosts)
}

pub(super) fn keep_robots(tx: &Transaction<'_>, robots: &Robots) -> Result<(), Fault> {
    let record = serde_json::to_string(robots).expect("what a robots.txt says is JSON");
    tx.prepare_cached("insert or replace into robots (origin, asked, record) values (?1, ?2, ?3)")?
        .execute(params![robots.origin, millis(robots.asked), record])?;
    Ok(())
}

/// A record that cannot be read is one that nobody has: it is asked for again.
pub(super) fn robots(db: &Connection, origin: &str) -> Result<Option<Robots>, Fault> {
    let record: Option<String> = db
        .prepare_cached("select record from robots where origin = ?1")?
        .query_row([origin], |row| row.get(0))
        .optional()?;
    Ok(record.and_then(|record| serde_json::from_str(&record).ok()))
}

pub(super) fn forget(tx: &Transaction<'_>, before: DateTime<Utc>) -> Result<(), Fault> {
    tx.prepare_cached("delete from host where waits_until < ?1")?.execute([millis(before)])?;
    tx.prepare_cached("delete from robots where asked < ?1")?.execute([millis(before)])?;
    Ok(())
}
