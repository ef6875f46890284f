//! Stories that wait for the text of their page.
//!
//! The mark of a wait is a row of its own beside the inbox, so that deciding asks only whether there is one.

use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use sha2::{Digest as _, Sha256};

use super::fault::Fault;
use super::inbox::{self, Body, time};
use crate::model::{Digest, Newcomer, Validators};
use crate::store::rules::{PAGES_KEPT, millis};
use crate::store::{Awaited, PageVisit, Resolution, Resolved, Waiting};

/// Only what is too old is read: every story with a text of its own leaves a page.
pub(super) const FORGET_PAGES: &str = "delete from page where at < ?1";

/// What is to be written of a delivered story's wait.
pub(super) struct Mark {
    page: String,
    since: i64,
}

impl Mark {
    /// `None` for a story that does not wait.
    pub(super) fn of(newcomer: &Newcomer) -> Option<Mark> {
        Some(Mark { page: newcomer.story.url.clone()?, since: millis(newcomer.awaits?) })
    }

    /// Writes the mark of what now has this body; a wait that has begun goes on.
    pub(super) fn write(mark: Option<&Mark>, tx: &Transaction<'_>, body: i64) -> Result<(), Fault> {
        let Some(Mark { page, since }) = mark else { return forget(tx, body) };
        tx.prepare_cached(
            "insert into awaited (body, page, since, tries) values (?1, ?2, ?3, 0)
             on conflict (body) do update set page = excluded.page",
        )?
        .execute(params![body, page, since])?;
        Ok(())
    }
}

/// What had this body waits no longer.
pub(super) fn forget(tx: &Transaction<'_>, body: i64) -> Result<(), Fault> {
    tx.prepare_cached("delete from awaited where body = ?1")?.execute([body])?;
    Ok(())
}

pub(super) fn awaited(db: &Connection) -> Result<Vec<Awaited>, Fault> {
    let mut statement = db.prepare_cached(
        "select i.source, i.key, i.digest, a.page, a.since, a.tries,
                exists (select 1 from story s where s.source = i.source and s.key = i.key)
         from awaited a join inbox i on i.body = a.body
         order by a.since, i.time, i.rank, i.source, i.key",
    )?;
    let mut rows = statement.query([])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let page: String = row.get(3)?;
        all.push(Awaited {
            source: inbox::source(row.get_ref(0)?.as_str()?)?,
            key: row.get(1)?,
            digest: Digest(row.get(2)?),
            since: time(row.get(4)?)?,
            tries: row.get(5)?,
            is_edit: row.get(6)?,
            last: last(db, &page)?,
            page,
        });
    }
    Ok(all)
}

fn last(db: &Connection, page: &str) -> Result<Option<PageVisit>, Fault> {
    let mut statement = db.prepare_cached("select at, etag, last_modified from page where address = ?1")?;
    let visit = |row: &Row<'_>| {
        let validators = Validators { etag: row.get(1)?, last_modified: row.get(2)?, issuer: None };
        Ok((row.get(0)?, validators))
    };
    let found: Option<(i64, Validators)> = statement.query_row([address(page)], visit).optional()?;
    found.map(|(at, validators)| Ok(PageVisit { at: time(at)?, validators })).transpose()
}

/// What stands for a page's address.
fn address(page: &str) -> [u8; 32] {
    Sha256::digest(page).into()
}

pub(super) fn waiting(db: &Connection, awaited: &Awaited) -> Result<Option<Waiting>, Fault> {
    let Some(newcomer) = inbox::waiting(db, awaited)? else { return Ok(None) };
    let mut statement = db.prepare_cached(
        "select b.story from story s join body b on b.id = s.body where s.source = ?1 and s.key = ?2",
    )?;
    let mut rows = statement.query([awaited.source.as_str(), &awaited.key])?;
    let before = rows.next()?.map(|row| inbox::story(row.get_ref(0)?.as_str()?)).transpose()?;
    Ok(Some(Waiting { newcomer, before }))
}

pub(super) fn resolve(tx: &Transaction<'_>, resolution: &Resolution) -> Result<(), Fault> {
    if let Some((page, PageVisit { at, validators })) = &resolution.page {
        tx.prepare_cached("insert or replace into page (address, at, etag, last_modified) values (?1, ?2, ?3, ?4)")?
            .execute(params![address(page), millis(*at), validators.etag, validators.last_modified])?;
        tx.prepare_cached(FORGET_PAGES)?.execute([millis(*at) - PAGES_KEPT.num_milliseconds()])?;
    }
    for (awaited, resolved) in &resolution.stories {
        let body: Option<i64> = tx
            .prepare_cached("select body from inbox where source = ?1 and key = ?2 and digest = ?3")?
            .query_row(params![awaited.source.as_str(), awaited.key, awaited.digest.0], |row| row.get(0))
            .optional()?;
        let Some(body) = body else { continue };
        match resolved {
            Resolved::Postponed => {
                tx.prepare_cached("update awaited set tries = tries + 1 where body = ?1")?.execute([body])?;
            }
            Resolved::Released => forget(tx, body)?,
            Resolved::Told(told) => {
                tell(tx, body, told)?;
                forget(tx, body)?;
            }
        }
    }
    Ok(())
}

/// Puts a story with its text in the place of what waited.
fn tell(tx: &Transaction<'_>, body: i64, told: &Newcomer) -> Result<(), Fault> {
    Body::of(told).replace(tx, body)?;
    tx.prepare_cached(
        "update inbox set time = coalesce(?2, first_seen), publish = ?3, agency = ?4, press_release = ?5, owner = ?6,
                          taught = 0
         where body = ?1",
    )?
    .execute(params![
        body,
        told.story.dated().map(millis),
        told.publish,
        told.voice.agency,
        told.voice.release,
        told.voice.owner,
    ])?;
    Ok(())
}
