//! Merges segments of similar size into one, so that a lookup reads few.
//!
//! Small ones at once. Large ones a part at a time: every settlement moves a few times as many
//! entries as it adds, in the order of the keys, from the *sources* of each merge that is under way to its
//! *target*. So no run pays for millions of entries at once, and still each merge ends before there
//! is enough for the next of its tier. What has moved is read from the target, the rest from the sources,
//! whose chunks go as they empty.

use rusqlite::{Connection, params};

use super::segment::{CHUNK, Segment, Writer, delete, delete_before, entries, is_target, part, segments};
use super::slim::Slim;
use super::{STORY_BITS, STORY_MASK, Tree};
use crate::store::sqlite::fault::Fault;

/// So many segments of a tier become one.
const FACTOR: usize = 4;
/// Segments up to this size are the lowest tier: rewriting them costs less than reading many.
const SMALL: u64 = 8 * CHUNK as u64;
/// A merge of so many entries takes a few milliseconds. Tests shall see larger ones under way.
const AT_ONCE: u64 = if cfg!(test) { 8 } else { 160 } * CHUNK as u64;
/// For each entry that is added, each merge moves so many; of segments of equal size, 1 would do to
/// end in time.
const PACE: usize = 3;

/// Goes on with the merges that are under way, as far as is due after `work` new entries, and begins those
/// of tiers that have too many segments.
pub(super) fn tidy(db: &Connection, tree: Tree, work: usize) -> Result<(), Fault> {
    let mut gone_on: Vec<i64> = Vec::new();
    loop {
        let all = segments(db, tree)?;
        match all.iter().filter_map(|segment| segment.target).filter(|target| !gone_on.contains(target)).min() {
            Some(target) => {
                go_on(db, tree, &all, target, work)?;
                gone_on.push(target);
            }
            None => match crowd(&all) {
                Some(crowd) => begin(db, tree, &crowd)?,
                None => return Ok(()),
            },
        }
    }
}

/// Begins to merge everything that is not being merged already, unless that is the lesser part.
pub(super) fn begin_all(db: &Connection, all: &[Segment]) -> Result<bool, Fault> {
    let idle = idle(all);
    let much = entries(&idle) * 2 > entries(all);
    if much {
        begin(db, Tree::Passing, &idle)?;
    }
    Ok(much)
}

/// Those that no merge reads or writes.
fn idle(all: &[Segment]) -> Vec<Segment> {
    all.iter().filter(|segment| segment.target.is_none() && !is_target(segment, all)).copied().collect()
}

fn tier(segment: &Segment) -> u32 {
    (segment.entries / SMALL).checked_ilog(FACTOR as u64).map_or(0, |tier| tier + 1)
}

/// The segments of the lowest tier that has too many.
fn crowd(all: &[Segment]) -> Option<Vec<Segment>> {
    let idle = idle(all);
    let of = |wanted: u32| idle.iter().filter(move |segment| tier(segment) == wanted).copied();
    (0..u64::BITS).find(|tier| of(*tier).count() >= FACTOR).map(|tier| of(tier).collect())
}

fn begin(db: &Connection, tree: Tree, sources: &[Segment]) -> Result<(), Fault> {
    let target = Writer::begin(db, tree)?.id;
    for source in sources {
        db.prepare_cached("update key_segment set target = ?2 where id = ?1")?.execute([source.id, target])?;
    }
    Ok(())
}

/// Moves what is due of a merge, and ends it when that is all.
fn go_on(db: &Connection, tree: Tree, all: &[Segment], target: i64, work: usize) -> Result<(), Fault> {
    let sources: Vec<Segment> = all.iter().filter(|segment| segment.target == Some(target)).copied().collect();
    let whole = all.iter().find(|segment| segment.id == target);
    let whole = whole.ok_or_else(|| Fault::damaged("a merge of the index of keys has no target"))?;
    let is_small = sources.iter().map(|source| source.entries).sum::<u64>() <= AT_ONCE;
    let due = if is_small { usize::MAX } else { work.saturating_mul(PACE) };
    match advance(db, tree, whole, &sources, due)? {
        Some(moved) => {
            db.prepare_cached("update key_segment set moved = ?2 where target = ?1")?
                .execute(params![target, moved.cast_signed()])?;
        }
        None => {
            sources.iter().try_for_each(|source| delete(db, source.id))?;
            // Nothing but dead entries.
            db.prepare_cached("delete from key_segment where id = ?1 and entries = 0")?.execute([target])?;
        }
    }
    Ok(())
}

/// Moves about so many entries; gives the least key that has not moved, `None` when there is none.
fn advance(
    db: &Connection,
    tree: Tree,
    target: &Segment,
    sources: &[Segment],
    due: usize,
) -> Result<Option<u64>, Fault> {
    let slim = if tree == Tree::Passing { Slim::read(db)? } else { Slim::default() };
    let mut writer = Writer::resume(db, target)?;
    let mut cursors = Vec::with_capacity(sources.len());
    for source in sources {
        cursors.extend(Cursor::new(db, source)?);
    }
    let (mut taken, mut last) = (0, None);
    while let Some(least) = (0..cursors.len()).min_by_key(|at| cursors[*at].entry()) {
        let entry = cursors[least].entry();
        // A key moves whole, so that everyone knows where it is.
        if taken >= due && last != Some(entry >> STORY_BITS) {
            writer.pause()?;
            cursors.iter().try_for_each(Cursor::forget)?;
            return Ok(Some(entry & !STORY_MASK));
        }
        (taken, last) = (taken + 1, Some(entry >> STORY_BITS));
        if !slim.has(entry & STORY_MASK) {
            writer.push(entry)?;
        }
        if !cursors[least].advance()? {
            cursors.swap_remove(least);
        }
    }
    writer.pause()?;
    Ok(None)
}

/// Goes through what has not moved of a segment; stands on an entry always.
struct Cursor<'a> {
    db: &'a Connection,
    segment: i64,
    /// Number of the chunk in memory.
    number: usize,
    chunk: Vec<u64>,
    at: usize,
}

impl<'a> Cursor<'a> {
    /// `None` when nothing is left in the segment.
    fn new(db: &'a Connection, segment: &Segment) -> Result<Option<Cursor<'a>>, Fault> {
        // The chunks before this one were forgotten.
        let first: Option<i64> = db
            .prepare_cached("select min(id) from key_chunk where id between ?1 and ?2")?
            .query_row([part(segment.id, 0), part(segment.id + 1, 0) - 1], |row| row.get(0))?;
        let Some(first) = first else { return Ok(None) };
        let number = (first - part(segment.id, 0)) as usize;
        let mut cursor = Cursor { db, segment: segment.id, number, chunk: Vec::new(), at: 0 };
        let mut is_there = cursor.load()?;
        while is_there && cursor.entry() < segment.moved {
            cursor.at = cursor.chunk.partition_point(|entry| *entry < segment.moved) - 1;
            is_there = cursor.advance()?;
        }
        Ok(is_there.then_some(cursor))
    }

    fn entry(&self) -> u64 {
        self.chunk[self.at]
    }

    fn advance(&mut self) -> Result<bool, Fault> {
        self.at += 1;
        if self.at < self.chunk.len() {
            return Ok(true);
        }
        self.number += 1;
        self.load()
    }

    fn load(&mut self) -> Result<bool, Fault> {
        self.at = 0;
        let mut statement = self.db.prepare_cached("select data from key_chunk where id = ?1")?;
        let mut rows = statement.query([part(self.segment, self.number)])?;
        let Some(row) = rows.next()? else { return Ok(false) };
        super::segment::numbers(row.get_ref(0)?.as_blob()?, &mut self.chunk)?;
        Ok(!self.chunk.is_empty())
    }

    /// Forgets what has moved. The chunk before this one stays, since a key that is not here would stand
    /// at its end.
    fn forget(&self) -> Result<(), Fault> {
        delete_before(self.db, self.segment, self.number.saturating_sub(1))
    }
}
