//! Records what was decided: stories, reasons, near-text keys, in one transaction.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::fault::Fault;
use super::inbox::{Body, delete_body, time};
use super::keys::{self, Tree};
use super::point::reach;
use super::{Inbox, reason};
use crate::failpoint::Point;
use crate::model::{ClusterId, Decision, Digest, Newcomer, Placement, SourceId, Verdict};
use crate::store::rules::{folding_word, millis, renamed, shelf_time};

pub(super) fn settle(tx: &Transaction<'_>, inbox: &Inbox, decision: &Decision, at: DateTime<Utc>) -> Result<(), Fault> {
    let (newcomers, placements) = (inbox.newcomers.len(), decision.placements.len());
    if newcomers != placements {
        return Err(Fault::Misused(format!("{placements} placements cannot be those of {newcomers} stories")));
    }
    let (mut lasting, mut passing) = (Vec::new(), Vec::new());
    let (mut stories, mut clusters) = (0, 0);
    for (nth, (newcomer, placement)) in inbox.newcomers.iter().zip(&decision.placements).enumerate() {
        reach(Point::Settle)?;
        if inbox.changed.contains(&nth) {
            change(tx, newcomer)?;
        }
        let known = named(tx, &newcomer.source, &newcomer.story.key)?;
        if let Some(holder) = &known
            && take_back_key(tx, holder, newcomer)?
        {
            take_from_inbox(tx, newcomer)?.map_or(Ok(()), |body| delete_body(tx, body))?;
            continue;
        }
        let story = match (&known, placement.verdict) {
            (Some(known), Verdict::Known { moves_updated }) => {
                edit(tx, known, newcomer, moves_updated.then_some(at))?;
                known.id
            }
            (Some(known), _) if placement.takes_key && known.digest != newcomer.digest => {
                rename(tx, known, newcomer)?;
                stories += 1;
                clusters += i64::from(!is_known(tx, placement.cluster)?);
                let newcomer = Newcomer { first_seen: at, publish: true, ..newcomer.clone() };
                insert(tx, &newcomer, placement, at)?
            }
            // Decided already: this is repeated.
            (Some(_), _) => {
                take_from_inbox(tx, newcomer)?.map_or(Ok(()), |body| delete_body(tx, body))?;
                continue;
            }
            (None, _) => {
                stories += 1;
                clusters += i64::from(!is_known(tx, placement.cluster)?);
                insert(tx, newcomer, placement, at)?
            }
        };
        for key in newcomer.fingerprint.keys() {
            match keys::number(&key) {
                (Tree::Lasting, number) => lasting.push((number, story)),
                (Tree::Passing, number) => passing.push((number, story)),
            }
        }
    }
    keys::insert(tx, Tree::Lasting, &lasting)?;
    keys::insert(tx, Tree::Passing, &passing)?;
    tx.prepare_cached("update settled set at = ?1, stories = stories + ?2, clusters = clusters + ?3")?.execute([
        millis(at),
        stories,
        clusters,
    ])?;
    reach(Point::Settled)
}

/// When a decision was recorded last.
pub(super) fn settled(db: &Connection) -> Result<Option<DateTime<Utc>>, Fault> {
    let at: Option<i64> = db.prepare_cached("select at from settled")?.query_row([], |row| row.get(0))?;
    at.map(time).transpose()
}

/// A story as decided about earlier.
struct Known {
    id: i64,
    body: i64,
    digest: Digest,
}

fn named(tx: &Transaction<'_>, source: &SourceId, key: &str) -> Result<Option<Known>, Fault> {
    let known = tx
        .prepare_cached("select id, body, digest from story where source = ?1 and key = ?2")?
        .query_row([source.as_str(), key], |row| {
            Ok(Known { id: row.get(0)?, body: row.get(1)?, digest: Digest(row.get(2)?) })
        })
        .optional()?;
    Ok(known)
}

/// Gives a story a key that no source gives, when its source gives its own to a newcomer.
fn rename(tx: &Transaction<'_>, holder: &Known, newcomer: &Newcomer) -> Result<(), Fault> {
    let mut key = renamed(&newcomer.story.key, holder.digest);
    // By its edits it became what another was.
    if named(tx, &newcomer.source, &key)?.is_some() {
        key = format!("{key}\u{1}{}", holder.id);
    }
    set_key(tx, holder.id, &key)
}

/// Whether a newcomer is a story as it was when its source gave its key to another: then the two change keys, so that
/// a source that goes to and fro between them adds nothing.
fn take_back_key(tx: &Transaction<'_>, holder: &Known, newcomer: &Newcomer) -> Result<bool, Fault> {
    let key = &newcomer.story.key;
    if holder.digest == newcomer.digest {
        return Ok(false);
    }
    let Some(returning) = named(tx, &newcomer.source, &renamed(key, newcomer.digest))? else { return Ok(false) };
    rename(tx, holder, newcomer)?;
    set_key(tx, returning.id, key)?;
    Ok(true)
}

fn set_key(tx: &Transaction<'_>, story: i64, key: &str) -> Result<(), Fault> {
    tx.prepare_cached("update story set key = ?2 where id = ?1")?.execute(params![story, key])?;
    Ok(())
}

/// Whether a cluster has a story.
pub(super) fn is_known(tx: &Transaction<'_>, cluster: ClusterId) -> Result<bool, Fault> {
    Ok(tx.prepare_cached("select 1 from story where cluster = ?1")?.exists([cluster.0])?)
}

/// Takes a newcomer out of the inbox and gives its body's number. What the source has sent since
/// it was taken to be decided about stays.
fn take_from_inbox(tx: &Transaction<'_>, newcomer: &Newcomer) -> Result<Option<i64>, Fault> {
    let body = tx
        .prepare_cached("delete from inbox where source = ?1 and key = ?2 and digest = ?3 returning body")?
        .query_row(params![newcomer.source.as_str(), newcomer.story.key, newcomer.digest.0], |row| row.get(0))
        .optional()?;
    Ok(body)
}

/// Puts what a newcomer says now in the place of what it said when it was delivered.
fn change(tx: &Transaction<'_>, newcomer: &Newcomer) -> Result<(), Fault> {
    let body: Option<i64> = tx
        .prepare_cached("select body from inbox where source = ?1 and key = ?2 and digest = ?3")?
        .query_row(params![newcomer.source.as_str(), newcomer.story.key, newcomer.digest.0], |row| row.get(0))
        .optional()?;
    body.map_or(Ok(()), |body| Body::of(newcomer).replace(tx, body))
}

/// The number of a newcomer's body, out of the inbox.
fn body(tx: &Transaction<'_>, newcomer: &Newcomer) -> Result<i64, Fault> {
    take_from_inbox(tx, newcomer)?.map_or_else(|| Body::of(newcomer).insert(tx), Ok)
}

fn insert(tx: &Transaction<'_>, newcomer: &Newcomer, placement: &Placement, at: DateTime<Utc>) -> Result<i64, Fault> {
    let body = body(tx, newcomer)?;
    let story = &newcomer.story;
    tx.prepare_cached(
        "insert into story (body, source, key, digest, cluster, folding, time, shelf_time, first_seen, decided,
                            publish, slim, verdict, words, first_words, told_words, url, title, home,
                            agency, press_release, owner)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 0, ?12, ?13, ?13, ?13, ?14, ?15, ?16, ?17, ?18, ?19)",
    )?
    .execute(params![
        body,
        newcomer.source.as_str(),
        story.key,
        newcomer.digest.0,
        placement.cluster.0,
        folding_word(newcomer.folding),
        millis(newcomer.time()),
        millis(shelf_time(story.dated(), newcomer.first_seen)),
        millis(newcomer.first_seen),
        millis(at),
        newcomer.publish,
        reason::word(placement.verdict),
        newcomer.fingerprint.words,
        story.url,
        story.title,
        placement.home.0,
        newcomer.voice.agency,
        newcomer.voice.release,
        newcomer.voice.owner,
    ])?;
    let id = tx.last_insert_rowid();
    let because = reason::encode(std::slice::from_ref(&placement.because));
    tx.prepare_cached("insert into reason (story, because, apart) values (?1, ?2, ?3)")?.execute(params![
        id,
        because,
        reason::encode(&placement.apart)
    ])?;
    Ok(id)
}

/// Where and why it is, since when, and how it was dated at first, stays; what it says is replaced.
fn edit(tx: &Transaction<'_>, known: &Known, newcomer: &Newcomer, revised: Option<DateTime<Utc>>) -> Result<(), Fault> {
    let body = body(tx, newcomer)?;
    let story = &newcomer.story;
    tx.prepare_cached(
        "update story set body = ?2, digest = ?3, folding = ?4, revised = coalesce(?5, revised),
                          slim = 0, words = ?6, url = ?7, title = ?8,
                          told_words = iif(?5 is null, told_words, ?6),
                          agency = ?9, press_release = ?10, owner = ?11
         where id = ?1",
    )?
    .execute(params![
        known.id,
        body,
        newcomer.digest.0,
        folding_word(newcomer.folding),
        revised.map(millis),
        newcomer.fingerprint.words,
        story.url,
        story.title,
        newcomer.voice.agency,
        newcomer.voice.release,
        newcomer.voice.owner,
    ])?;
    keys::revive(tx, known.id)?;
    delete_body(tx, known.body)
}
