//! A segment: ascending entries in chunks of a page, with fences and sieves, written from its beginning.

use std::collections::VecDeque;

use rusqlite::{Connection, OptionalExtension, params};

use super::sieve::{self, Sieve};
use super::{STORY_BITS, STORY_MASK, Tree};
use crate::model::Key;
use crate::store::sqlite::fault::Fault;

/// Entries of a chunk, and fences of a row: with the row's head they fill one page of 4096 bytes and
/// overflow none.
pub(super) const CHUNK: usize = 504;
/// Bits of the id of a chunk (or a row of fences, or a sieve) that count within its segment.
const CHUNK_BITS: u32 = 24;

/// What is known of a segment without reading it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Segment {
    pub(super) id: i64,
    pub(super) entries: u64,
    /// The segment that it is being merged into.
    pub(super) target: Option<i64>,
    /// Entries below this stand in the target, and their chunks may be gone.
    pub(super) moved: u64,
}

/// All segments of a tree, oldest first, those that are being written by a merge included.
pub(super) fn segments(db: &Connection, tree: Tree) -> Result<Vec<Segment>, Fault> {
    let mut statement =
        db.prepare_cached("select id, entries, target, moved from key_segment where tree = ?1 order by id")?;
    let rows = statement.query_map([tree as i64], |row| {
        Ok(Segment {
            id: row.get(0)?,
            entries: row.get::<_, i64>(1)?.cast_unsigned(),
            target: row.get(2)?,
            moved: row.get::<_, i64>(3)?.cast_unsigned(),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Whether a merge writes this segment.
pub(super) fn is_target(segment: &Segment, all: &[Segment]) -> bool {
    all.iter().any(|other| other.target == Some(segment.id))
}

/// Entries of a tree; those that a merge has moved count once.
pub(super) fn entries(all: &[Segment]) -> u64 {
    all.iter().filter(|segment| !is_target(segment, all)).map(|segment| segment.entries).sum()
}

/// The id of the n-th chunk, row of fences or sieve of a segment.
pub(super) fn part(segment: i64, number: usize) -> i64 {
    segment << CHUNK_BITS | number as i64
}

/// Forgets a segment and all that is left of it.
pub(super) fn delete(db: &Connection, segment: i64) -> Result<(), Fault> {
    let parts = [part(segment, 0), part(segment + 1, 0) - 1];
    for sql in [
        "delete from key_chunk where id between ?1 and ?2",
        "delete from key_sieve where id between ?1 and ?2",
        "delete from key_fence where id between ?1 and ?2",
    ] {
        db.prepare_cached(sql)?.execute(parts)?;
    }
    db.prepare_cached("delete from key_segment where id = ?1")?.execute([segment])?;
    Ok(())
}

/// Forgets the chunks before this one, and the sieves of none but them. The fences stay: they are few,
/// and their places are the chunks' numbers.
pub(super) fn delete_before(db: &Connection, segment: i64, chunk: usize) -> Result<(), Fault> {
    let before = |number: usize| [part(segment, 0), part(segment, number)];
    db.prepare_cached("delete from key_chunk where id >= ?1 and id < ?2")?.execute(before(chunk))?;
    db.prepare_cached("delete from key_sieve where id >= ?1 and id < ?2")?.execute(before(chunk / sieve::CHUNKS))?;
    Ok(())
}

/// Writes one segment from ascending entries: each once, of each key those that can be found.
pub(super) struct Writer<'a> {
    db: &'a Connection,
    pub(super) id: i64,
    entries: u64,
    /// Entries of the key at hand, held back until no newer can come.
    key: VecDeque<u64>,
    chunk: Vec<u64>,
    /// Chunks that were written.
    chunks: usize,
    /// Those of the last row of them.
    fences: Vec<u64>,
    sieve: Sieve,
}

impl<'a> Writer<'a> {
    /// A new segment.
    pub(super) fn begin(db: &'a Connection, tree: Tree) -> Result<Writer<'a>, Fault> {
        let id = db
            .prepare_cached(
                "insert into key_segment (id, tree, entries)
                 values ((select coalesce(max(id), 0) + 1 from key_segment), ?1, 0) returning id",
            )?
            .query_row([tree as i64], |row| row.get(0))?;
        let (key, chunk, fences) = (VecDeque::new(), Vec::with_capacity(CHUNK), Vec::new());
        Ok(Writer { db, id, entries: 0, key, chunk, chunks: 0, fences, sieve: Sieve::empty() })
    }

    /// A segment whose writing was paused; what comes is greater than all that is there.
    pub(super) fn resume(db: &'a Connection, segment: &Segment) -> Result<Writer<'a>, Fault> {
        let Segment { id, entries, .. } = *segment;
        let mut fences = Vec::new();
        let row: Option<i64> = db
            .prepare_cached("select id, data from key_fence where id between ?1 and ?2 order by id desc limit 1")?
            .query_row([part(id, 0), part(id + 1, 0) - 1], |row| {
                Ok(numbers(row.get_ref(1)?.as_blob()?, &mut fences).and(Ok(row.get(0)?)))
            })
            .optional()?
            .transpose()?;
        let rows = row.map_or(0, |row| (row - part(id, 0)) as usize);
        let chunks = rows * CHUNK + fences.len();
        if fences.len() == CHUNK {
            fences.clear();
        }
        let mut sieve = Sieve::empty();
        if !chunks.is_multiple_of(sieve::CHUNKS) {
            sieve.load(db, part(id, chunks / sieve::CHUNKS))?;
        }
        let (key, chunk) = (VecDeque::new(), Vec::with_capacity(CHUNK));
        Ok(Writer { db, id, entries, key, chunk, chunks, fences, sieve })
    }

    pub(super) fn push(&mut self, entry: u64) -> Result<(), Fault> {
        match self.key.back() {
            Some(last) if *last == entry => return Ok(()),
            Some(last) if last >> STORY_BITS != entry >> STORY_BITS => self.release()?,
            _ => {}
        }
        if self.key.len() == Key::POSTINGS {
            self.key.pop_front();
        }
        self.key.push_back(entry);
        Ok(())
    }

    fn release(&mut self) -> Result<(), Fault> {
        while let Some(entry) = self.key.pop_front() {
            self.chunk.push(entry);
            self.entries += 1;
            if self.chunk.len() == CHUNK {
                self.write_chunk()?;
            }
        }
        Ok(())
    }

    fn write_chunk(&mut self) -> Result<(), Fault> {
        let Some(first) = self.chunk.first() else { return Ok(()) };
        if self.chunks >> CHUNK_BITS != 0 {
            return Err(Fault::Misused("the index of keys is full".to_owned()));
        }
        self.fences.push(*first);
        self.put("insert into key_chunk values (?1, ?2)", self.chunks, &bytes(&self.chunk))?;
        self.chunk.iter().for_each(|entry| self.sieve.add(entry & !STORY_MASK));
        self.chunk.clear();
        self.chunks += 1;
        if self.fences.len() == CHUNK {
            self.write_fences()?;
            self.fences.clear();
        }
        if self.chunks.is_multiple_of(sieve::CHUNKS) {
            self.write_sieve()?;
            self.sieve = Sieve::empty();
        }
        Ok(())
    }

    fn write_fences(&self) -> Result<(), Fault> {
        let row = (self.chunks - 1) / CHUNK;
        self.put("insert or replace into key_fence values (?1, ?2)", row, &bytes(&self.fences))
    }

    fn write_sieve(&self) -> Result<(), Fault> {
        let row = (self.chunks - 1) / sieve::CHUNKS;
        self.put("insert or replace into key_sieve values (?1, ?2)", row, self.sieve.bytes())
    }

    fn put(&self, sql: &str, number: usize, data: &[u8]) -> Result<(), Fault> {
        self.db.prepare_cached(sql)?.execute(params![part(self.id, number), data])?;
        Ok(())
    }

    /// Writes what is held back: all that came can be read, and more may come after the last key.
    pub(super) fn pause(mut self) -> Result<(), Fault> {
        self.release()?;
        self.write_chunk()?;
        if !self.fences.is_empty() {
            self.write_fences()?;
        }
        if !self.chunks.is_multiple_of(sieve::CHUNKS) {
            self.write_sieve()?;
        }
        self.db
            .prepare_cached("update key_segment set entries = ?2 where id = ?1")?
            .execute([self.id, self.entries.cast_signed()])?;
        Ok(())
    }
}

pub(super) fn bytes(entries: &[u64]) -> Vec<u8> {
    entries.iter().flat_map(|entry| entry.to_le_bytes()).collect()
}

/// Reads ascending numbers in the place of what is there.
pub(super) fn numbers(bytes: &[u8], entries: &mut Vec<u64>) -> Result<(), Fault> {
    entries.clear();
    more_numbers(bytes, entries)
}

/// Reads ascending numbers that go on where others end.
pub(super) fn more_numbers(bytes: &[u8], entries: &mut Vec<u64>) -> Result<(), Fault> {
    let (values, rest) = bytes.as_chunks::<8>();
    let begin = entries.len().saturating_sub(1);
    entries.extend(values.iter().map(|value| u64::from_le_bytes(*value)));
    if rest.is_empty() && entries[begin..].is_sorted() {
        Ok(())
    } else {
        Err(Fault::damaged("a part of the index of keys cannot be read"))
    }
}
