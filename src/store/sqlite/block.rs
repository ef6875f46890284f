//! The lines that sources repeat.
//!
//! A witness is stored as the lengths of its two lists (a byte each), its number of shingles and its hashes,
//! little-endian.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::fault::Fault;
use super::inbox::{self, NEWCOMER};
use super::point::reach;
use crate::failpoint::Point;
use crate::model::{Block, Blocks, Newcomer, Sightings, SourceId, Witness};
use crate::store::{BLOCKS, Lesson};

pub(super) fn unlearnt(db: &Connection, limit: usize) -> Result<Vec<Newcomer>, Fault> {
    let mut statement = db.prepare_cached(&format!(
        "{NEWCOMER}
         where i.taught = 0 and not exists (select 1 from awaited a where a.body = i.body)
         order by i.time, i.rank, i.source, i.key limit ?1"
    ))?;
    let mut rows = statement.query([i64::try_from(limit).unwrap_or(i64::MAX)])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(inbox::newcomer(row)?);
    }
    Ok(found)
}

pub(super) fn blocks(db: &Connection, source: &SourceId, asked: &BTreeSet<Block>) -> Result<Blocks, Fault> {
    let mut known = Blocks { stories: counts(db, source)?.0, ..Blocks::default() };
    let mut statement =
        db.prepare_cached("select first, last, times, learnt, witnesses from block where source = ?1 and block = ?2")?;
    for block in asked {
        let mut rows = statement.query(params![source.as_str(), block.cast_signed()])?;
        let Some(row) = rows.next()? else { continue };
        let number = |at| row.get(at).map(i64::cast_unsigned);
        let seen = Sightings {
            first: number(0)?,
            last: number(1)?,
            times: number(2)?,
            is_learnt: row.get(3)?,
            witnesses: decode(row.get_ref(4)?.as_blob()?).ok_or_else(|| Fault::damaged("a line cannot be read"))?,
        };
        known.seen.insert(*block, seen);
    }
    Ok(known)
}

/// Stories of a source that taught, and its blocks.
fn counts(db: &Connection, source: &SourceId) -> Result<(u64, i64), Fault> {
    let counts = db
        .prepare_cached("select stories, blocks from teacher where source = ?1")?
        .query_row([source.as_str()], |row| Ok((row.get::<_, i64>(0)?.cast_unsigned(), row.get(1)?)))
        .optional()?;
    Ok(counts.unwrap_or_default())
}

pub(super) fn learn(tx: &Transaction<'_>, lessons: &[Lesson]) -> Result<(), Fault> {
    for Lesson { source, blocks, stories } in lessons {
        let (_, mut count) = counts(tx, source)?;
        for (block, seen) in &blocks.seen {
            count += i64::from(write(tx, source, *block, seen)?);
        }
        if count > BLOCKS as i64 {
            count -= forget(tx, source, count - BLOCKS as i64 / 2)?;
        }
        tx.prepare_cached("insert or replace into teacher (source, stories, blocks) values (?1, ?2, ?3)")?
            .execute(params![source.as_str(), blocks.stories.cast_signed(), count])?;
        reach(Point::Learn)?;
        for (key, digest) in stories {
            tx.prepare_cached("update inbox set taught = 1 where source = ?1 and key = ?2 and digest = ?3")?
                .execute(params![source.as_str(), key, digest.0])?;
        }
    }
    reach(Point::Learnt)
}

/// Writes what is known of a block; whether nothing was.
fn write(tx: &Transaction<'_>, source: &SourceId, block: Block, seen: &Sightings) -> Result<bool, Fault> {
    let (block, witnesses) = (block.cast_signed(), encode(&seen.witnesses));
    let (last, times) = (seen.last.cast_signed(), seen.times.cast_signed());
    let was_known = tx
        .prepare_cached(
            "update block set last = ?3, times = ?4, learnt = ?5, witnesses = ?6 where source = ?1 and block = ?2",
        )?
        .execute(params![source.as_str(), block, last, times, seen.is_learnt, witnesses])?;
    if was_known == 0 {
        tx.prepare_cached("insert into block values (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?.execute(params![
            source.as_str(),
            block,
            seen.first.cast_signed(),
            last,
            times,
            seen.is_learnt,
            witnesses
        ])?;
    }
    Ok(was_known == 0)
}

fn forget(tx: &Transaction<'_>, source: &SourceId, many: i64) -> Result<i64, Fault> {
    let gone = tx
        .prepare_cached(
            "delete from block where source = ?1 and block in
                 (select block from block where source = ?1 order by learnt, last, block limit ?2)",
        )?
        .execute(params![source.as_str(), many])?;
    Ok(i64::try_from(gone).unwrap_or(i64::MAX))
}

fn encode(witnesses: &[Witness]) -> Vec<u8> {
    let mut out = Vec::new();
    for Witness { title, sample, shingles } in witnesses {
        let (title, sample) = (title.get(..255).unwrap_or(title), sample.get(..255).unwrap_or(sample));
        out.extend([title.len() as u8, sample.len() as u8]);
        out.extend(shingles.to_le_bytes());
        out.extend(title.iter().chain(sample).flat_map(|hash| hash.to_le_bytes()));
    }
    out
}

fn decode(mut bytes: &[u8]) -> Option<Vec<Witness>> {
    let mut witnesses = Vec::new();
    while let Some(([title, sample], rest)) = bytes.split_first_chunk() {
        let (shingles, mut rest) = rest.split_first_chunk()?;
        let mut list = |length: u8| -> Option<Vec<u32>> {
            let (hashes, after) = rest.split_at_checked(4 * usize::from(length))?;
            rest = after;
            Some(hashes.as_chunks().0.iter().map(|hash| u32::from_le_bytes(*hash)).collect())
        };
        let (title, sample) = (list(*title)?, list(*sample)?);
        witnesses.push(Witness { title, sample, shingles: u32::from_le_bytes(*shingles) });
        bytes = rest;
    }
    bytes.is_empty().then_some(witnesses)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn witnesses_come_back() {
        let one = Witness { title: vec![1, u32::MAX], sample: vec![7; 16], shingles: 900 };
        let both = [one, Witness::default()];
        let bytes = encode(&both);
        assert_eq!(decode(&bytes).unwrap(), both);
        assert_eq!(decode(&[]).unwrap(), []);
        for cut in [1, 5, 9, bytes.len() - 1] {
            assert_eq!(decode(&bytes[..cut]), None, "{cut}");
        }
    }
}
