//! What visits bring: records, and stories that wait to be decided about.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use super::awaited::{self, Mark};
use super::fault::Fault;
use super::point::reach;
use super::{Awaited, Before, Delivery, Inbox, fingerprint, hosts};
use crate::failpoint::Point;
use crate::model::{ClusterId, Digest, Folding, Host, Newcomer, SourceId, Story, Visit, Voice};
use crate::store::rules::{folding_of, folding_word, millis};

pub(super) fn visits(db: &Connection, sources: &[SourceId]) -> Result<BTreeMap<SourceId, Visit>, Fault> {
    let mut statement = db.prepare_cached("select record from visit where source = ?1")?;
    let mut visits = BTreeMap::new();
    for source in sources {
        let mut rows = statement.query([source.as_str()])?;
        if let Some(row) = rows.next()? {
            let visit = serde_json::from_str(row.get_ref(0)?.as_str()?);
            visits.insert(source.clone(), visit.map_err(|_| Fault::damaged("a visit cannot be read"))?);
        }
    }
    Ok(visits)
}

pub(super) fn fresh(db: &Connection, source: &SourceId, items: &[(String, Digest)]) -> Result<Vec<bool>, Fault> {
    // What waits in the inbox is newer than what was decided.
    let mut statement = db.prepare_cached(
        "select coalesce((select digest from inbox where source = ?1 and key = ?2),
                         (select digest from story where source = ?1 and key = ?2)) is not ?3",
    )?;
    let mut is_fresh = |(key, digest): &(String, Digest)| {
        statement.query_row(params![source.as_str(), key, digest.0], |row| row.get(0)).map_err(Fault::from)
    };
    items.iter().map(&mut is_fresh).collect()
}

/// A delivery, written out.
pub(super) struct Record {
    source: SourceId,
    visit: String,
    stories: Vec<Line>,
    hosts: Vec<Host>,
}

/// A story of a delivery, written out.
struct Line {
    key: String,
    digest: Digest,
    folding: &'static str,
    rank: u32,
    published: Option<i64>,
    first_seen: i64,
    publish: bool,
    voice: Voice,
    body: Body,
    mark: Option<Mark>,
}

/// What a story says and its hashes, written out.
pub(super) struct Body {
    story: String,
    print: Vec<u8>,
}

impl Record {
    pub(super) fn of(delivery: &Delivery) -> Record {
        Record {
            source: delivery.source.clone(),
            visit: serde_json::to_string(&delivery.visit).expect("a visit is JSON"),
            stories: delivery.stories.iter().map(Line::of).collect(),
            hosts: delivery.hosts.clone(),
        }
    }
}

impl Line {
    fn of(newcomer: &Newcomer) -> Line {
        Line {
            key: newcomer.story.key.clone(),
            digest: newcomer.digest,
            folding: folding_word(newcomer.folding),
            rank: newcomer.rank,
            published: newcomer.story.dated().map(millis),
            first_seen: millis(newcomer.first_seen),
            publish: newcomer.publish,
            voice: newcomer.voice.clone(),
            body: Body::of(newcomer),
            mark: Mark::of(newcomer),
        }
    }
}

impl Body {
    pub(super) fn of(newcomer: &Newcomer) -> Body {
        let story = serde_json::to_string(&newcomer.story).expect("a story is JSON");
        Body { story, print: fingerprint::encode(&newcomer.fingerprint) }
    }

    /// Writes it as a new one, and gives its number.
    pub(super) fn insert(&self, tx: &Transaction<'_>) -> Result<i64, Fault> {
        tx.prepare_cached("insert into body (story) values (?1)")?.execute([&self.story])?;
        let id = tx.last_insert_rowid();
        tx.prepare_cached("insert into print (body, data) values (?1, ?2)")?.execute(params![id, self.print])?;
        Ok(id)
    }

    pub(super) fn replace(&self, tx: &Transaction<'_>, id: i64) -> Result<(), Fault> {
        tx.prepare_cached("update body set story = ?2 where id = ?1")?.execute(params![id, self.story])?;
        tx.prepare_cached("update print set data = ?2 where body = ?1")?.execute(params![id, self.print])?;
        Ok(())
    }
}

/// Forgets what a story said.
pub(super) fn delete_body(tx: &Transaction<'_>, id: i64) -> Result<(), Fault> {
    tx.prepare_cached("delete from body where id = ?1")?.execute([id])?;
    tx.prepare_cached("delete from print where body = ?1")?.execute([id])?;
    Ok(())
}

pub(super) fn deliver(tx: &Transaction<'_>, record: &Record) -> Result<(), Fault> {
    let source = record.source.as_str();
    tx.prepare_cached("insert or replace into visit (source, record) values (?1, ?2)")?
        .execute([source, &record.visit])?;
    reach(Point::Deliver)?;
    record.stories.iter().try_for_each(|line| deliver_story(tx, source, line))?;
    hosts::keep(tx, &record.hosts)?;
    reach(Point::Delivered)
}

fn deliver_story(tx: &Transaction<'_>, source: &str, line: &Line) -> Result<(), Fault> {
    let waiting: Option<(i64, i64, bool, Digest)> = tx
        .prepare_cached("select body, first_seen, publish, digest from inbox where source = ?1 and key = ?2")?
        .query_row([source, &line.key], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, Digest(row.get(3)?))))
        .optional()?;
    let decided: Option<(Digest, i64, bool)> = tx
        .prepare_cached("select digest, first_seen, publish from story where source = ?1 and key = ?2")?
        .query_row([source, &line.key], |row| Ok((Digest(row.get(0)?), row.get(1)?, row.get(2)?)))
        .optional()?;

    let body = match (waiting, decided) {
        // The source took its edit back before we decided about it, or this was delivered before.
        (waiting, Some((digest, ..))) if digest == line.digest => {
            let Some((body, ..)) = waiting else { return Ok(()) };
            tx.prepare_cached("delete from inbox where body = ?1")?.execute([body])?;
            awaited::forget(tx, body)?;
            return delete_body(tx, body);
        }
        // It was delivered before, and may have got its text since.
        (Some((.., digest)), _) if digest == line.digest => return Ok(()),
        (Some((body, ..)), _) => {
            line.body.replace(tx, body)?;
            body
        }
        (None, _) => line.body.insert(tx)?,
    };
    let earlier = waiting.map(|(_, first_seen, publish, _)| (first_seen, publish));
    let earlier = decided.map(|(_, first_seen, publish)| (first_seen, publish)).or(earlier);
    let (first_seen, publish) = earlier.unwrap_or((line.first_seen, line.publish));
    tx.prepare_cached(
        "insert or replace into inbox (body, source, key, digest, folding, rank, time, first_seen, publish,
                                       agency, press_release, owner)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    )?
    .execute(params![
        body,
        source,
        line.key,
        line.digest.0,
        line.folding,
        line.rank,
        line.published.map_or(first_seen, |dated| dated.min(first_seen)),
        first_seen,
        publish,
        line.voice.agency,
        line.voice.release,
        line.voice.owner,
    ])?;
    Mark::write(line.mark.as_ref().filter(|_| publish), tx, body)
}

pub(super) fn undecided(db: &Connection, limit: usize) -> Result<Option<Inbox>, Fault> {
    let mut statement = db.prepare_cached(
        "select i.source, i.key, i.digest, i.folding, i.rank, i.first_seen, i.publish, b.story, p.data,
                s.cluster, s.told_words, s.title, i.agency, i.press_release, i.owner, s.revised, sp.data
         from inbox i
         left join body b on b.id = i.body
         left join print p on p.body = i.body
         left join story s on s.id = coalesce(
             -- as `renamed` makes it: it returns
             (select id from story where source = i.source and key = i.key || char(1) || lower(hex(i.digest))),
             (select id from story where source = i.source and key = i.key))
         left join print sp on sp.body = s.body
         where not exists (select 1 from awaited a where a.body = i.body)
         order by i.time, i.rank, i.source, i.key limit ?1",
    )?;
    let mut rows = statement.query([i64::try_from(limit).unwrap_or(i64::MAX)])?;
    let mut inbox = Inbox::default();
    while let Some(row) = rows.next()? {
        inbox.newcomers.push(newcomer(row)?);
        inbox.before.push(before(row)?);
    }
    Ok((!inbox.newcomers.is_empty()).then_some(inbox))
}

pub(super) fn newcomer(row: &Row<'_>) -> Result<Newcomer, Fault> {
    Ok(Newcomer {
        source: source(row.get_ref(0)?.as_str()?)?,
        rank: row.get(4)?,
        folding: folding(row.get_ref(3)?.as_str()?)?,
        story: story(row.get_ref(7)?.as_str()?)?,
        voice: voice(row)?,
        fingerprint: Arc::new(fingerprint::decode(row.get_ref(8)?.as_blob()?)?),
        digest: Digest(row.get(2)?),
        first_seen: time(row.get(5)?)?,
        publish: row.get(6)?,
        awaits: None,
    })
}

/// What `newcomer` reads of a row of the inbox.
pub(super) const NEWCOMER: &str = "
    select i.source, i.key, i.digest, i.folding, i.rank, i.first_seen, i.publish, b.story, p.data,
           i.agency, i.press_release, i.owner
    from inbox i
    left join body b on b.id = i.body
    left join print p on p.body = i.body";

/// What is in the inbox in this form.
pub(super) fn waiting(db: &Connection, awaited: &Awaited) -> Result<Option<Newcomer>, Fault> {
    let mut statement =
        db.prepare_cached(&format!("{NEWCOMER} where i.source = ?1 and i.key = ?2 and i.digest = ?3"))?;
    let mut rows = statement.query(params![awaited.source.as_str(), awaited.key, awaited.digest.0])?;
    rows.next()?.map(newcomer).transpose()
}

fn before(row: &Row<'_>) -> Result<Option<Before>, Fault> {
    let Some(cluster) = row.get::<_, Option<[u8; 16]>>(9)? else { return Ok(None) };
    Ok(Some(Before {
        cluster: ClusterId(cluster),
        told_words: row.get(10)?,
        title: row.get(11)?,
        revised: row.get::<_, Option<i64>>(15)?.map(time).transpose()?,
        fingerprint: Arc::new(fingerprint::decode(row.get_ref(16)?.as_blob()?)?),
    }))
}

pub(super) fn source(stored: &str) -> Result<SourceId, Fault> {
    SourceId::new(stored).ok_or_else(|| Fault::damaged("a source's id cannot be read"))
}

pub(super) fn folding(stored: &str) -> Result<Folding, Fault> {
    folding_of(stored).ok_or_else(|| Fault::damaged("a source's choice cannot be read"))
}

pub(super) fn story(stored: &str) -> Result<Story, Fault> {
    serde_json::from_str(stored).map_err(|error| Fault::Damaged(format!("a story cannot be read: {error}")))
}

/// From the columns that are called like this.
pub(super) fn voice(row: &Row<'_>) -> Result<Voice, Fault> {
    Ok(Voice { agency: row.get("agency")?, release: row.get("press_release")?, owner: row.get("owner")? })
}

pub(super) fn time(stored: i64) -> Result<DateTime<Utc>, Fault> {
    DateTime::from_timestamp_millis(stored).ok_or_else(|| Fault::damaged("a time cannot be read"))
}
