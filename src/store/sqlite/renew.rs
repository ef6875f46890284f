//! Replaces all hashes when a new version of the program makes others.
//!
//! First the stories, by number, then the inbox. How far it came is kept in the same transactions, so a
//! run that was killed goes on where it was.

use rusqlite::{Connection, Transaction, params};

use super::fault::Fault;
use super::inbox::story;
use super::keys::{self, Tree};
use super::point::reach;
use super::{Outdated, fingerprint};
use crate::failpoint::Point;
use crate::model::Fingerprint;
use crate::store::rules::slim;

/// What is known of the hashes' version.
struct Hashes {
    version: Option<u32>,
    renewing: Option<u32>,
    done: i64,
}

fn hashes(db: &Connection) -> Result<Hashes, Fault> {
    Ok(db.query_row("select version, renewing, done from hashes", [], |row| {
        Ok(Hashes { version: row.get(0)?, renewing: row.get(1)?, done: row.get(2)? })
    })?)
}

/// The inbox counts down from here: body 1 is -2.
fn waiting(body: i64) -> i64 {
    -1 - body
}

pub(super) fn outdated(db: &Connection, version: u32, limit: usize) -> Result<Option<Vec<Outdated>>, Fault> {
    let hashes = hashes(db)?;
    if hashes.version == Some(version) && hashes.renewing.is_none() {
        return Ok(None);
    }
    let done = if hashes.renewing == Some(version) { hashes.done } else { 0 };
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    if done >= 0 {
        let stories = read(
            db,
            "select s.id, b.story from story s join body b on b.id = s.body where s.id > ?1 order by s.id limit ?2",
            (done, limit),
        )?;
        if !stories.is_empty() {
            return Ok(Some(stories));
        }
    }
    let mut inbox = read(
        db,
        "select i.body, b.story from inbox i join body b on b.id = i.body where i.body > ?1 order by i.body limit ?2",
        (waiting(done).max(0), limit),
    )?;
    inbox.iter_mut().for_each(|outdated| outdated.number = waiting(outdated.number));
    Ok(Some(inbox))
}

fn read(db: &Connection, sql: &str, values: (i64, i64)) -> Result<Vec<Outdated>, Fault> {
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query(values)?;
    let mut outdated = Vec::new();
    while let Some(row) = rows.next()? {
        outdated.push(Outdated { number: row.get(0)?, story: story(row.get_ref(1)?.as_str()?)? });
    }
    Ok(outdated)
}

pub(super) fn renew(tx: &Transaction<'_>, version: u32, renewed: &[(Outdated, Fingerprint)]) -> Result<(), Fault> {
    if hashes(tx)?.renewing != Some(version) {
        keys::clear(tx)?;
        tx.execute("update hashes set renewing = ?1, done = 0", [version])?;
    }
    let Some((last, _)) = renewed.last() else {
        tx.execute("update hashes set version = ?1, renewing = null, done = 0", [version])?;
        return Ok(());
    };
    let (mut lasting, mut passing) = (Vec::new(), Vec::new());
    for (Outdated { number, .. }, print) in renewed {
        reach(Point::Renew)?;
        if *number < 0 {
            write(tx, waiting(*number), print)?;
            continue;
        }
        let (body, is_slim): (i64, bool) = tx
            .prepare_cached("update story set words = ?2 where id = ?1 returning body, slim")?
            .query_row(params![number, print.words], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let print = if is_slim { &slim(print) } else { print };
        write(tx, body, print)?;
        for key in print.keys() {
            match keys::number(&key) {
                (Tree::Lasting, key) => lasting.push((key, *number)),
                (Tree::Passing, key) => passing.push((key, *number)),
            }
        }
    }
    keys::insert(tx, Tree::Lasting, &lasting)?;
    keys::insert(tx, Tree::Passing, &passing)?;
    tx.execute("update hashes set done = ?1", [last.number])?;
    reach(Point::Renewed)
}

fn write(tx: &Transaction<'_>, body: i64, print: &Fingerprint) -> Result<(), Fault> {
    tx.prepare_cached("update print set data = ?2 where body = ?1")?
        .execute(params![body, fingerprint::encode(print)])?;
    Ok(())
}
