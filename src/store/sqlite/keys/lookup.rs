//! Finds the stories under some keys.

use rusqlite::Connection;

use super::segment::{more_numbers, numbers, part, segments};
use super::sieve::{self, Sieve};
use super::{STORY_MASK, Tree, prefix};
use crate::model::Key;
use crate::store::sqlite::fault::Fault;

/// What stands under some keys of a tree.
pub(in crate::store::sqlite) struct Postings {
    /// Ascending, each once.
    entries: Vec<u64>,
    /// Chunks and sieves that were read: what it cost.
    #[cfg_attr(not(test), allow(dead_code, reason = "tests hold the cost against the size"))]
    pub(super) chunks: usize,
}

impl Postings {
    /// Reads what was added under these keys.
    pub(in crate::store::sqlite) fn read(
        db: &Connection,
        tree: Tree,
        keys: impl Iterator<Item = u64>,
    ) -> Result<Postings, Fault> {
        let mut prefixes: Vec<u64> = keys.map(prefix).collect();
        prefixes.sort_unstable();
        prefixes.dedup();
        let mut read = Postings { entries: Vec::new(), chunks: 0 };
        if prefixes.is_empty() {
            return Ok(read);
        }
        for segment in segments(db, tree)? {
            let mut reader = Reader::new(db, segment.id)?;
            // What has moved is read where it went.
            let moved = prefixes.partition_point(|prefix| *prefix < segment.moved);
            for prefix in &prefixes[moved..] {
                reader.newest(*prefix, &mut read.entries)?;
            }
            read.chunks += reader.chunks;
        }
        read.entries.sort_unstable();
        read.entries.dedup();
        Ok(read)
    }

    /// The newest stories under a key that was read, ascending.
    pub(in crate::store::sqlite) fn under(&self, key: u64) -> impl Iterator<Item = i64> + '_ {
        let prefix = prefix(key);
        let begin = self.entries.partition_point(|entry| *entry < prefix);
        let end = begin + self.entries[begin..].partition_point(|entry| *entry <= prefix | STORY_MASK);
        let newest = &self.entries[begin.max(end.saturating_sub(Key::POSTINGS))..end];
        newest.iter().map(|entry| (entry & STORY_MASK).cast_signed())
    }
}

/// Looks keys up in one segment; cheapest in ascending order.
struct Reader<'a> {
    db: &'a Connection,
    segment: i64,
    fences: Vec<u64>,
    /// The chunk in memory.
    at: Option<usize>,
    chunk: Vec<u64>,
    /// The number of the sieve in memory.
    sieve_at: Option<usize>,
    sieve: Sieve,
    /// Chunks and sieves that were read.
    chunks: usize,
}

impl<'a> Reader<'a> {
    fn new(db: &'a Connection, segment: i64) -> Result<Reader<'a>, Fault> {
        let mut fences = Vec::new();
        let mut statement = db.prepare_cached("select data from key_fence where id between ?1 and ?2 order by id")?;
        let mut rows = statement.query([part(segment, 0), part(segment + 1, 0) - 1])?;
        while let Some(row) = rows.next()? {
            more_numbers(row.get_ref(0)?.as_blob()?, &mut fences)?;
        }
        let (chunk, sieve) = (Vec::new(), Sieve::empty());
        Ok(Reader { db, segment, fences, at: None, chunk, sieve_at: None, sieve, chunks: 0 })
    }

    /// Adds the newest entries of a key, going back from the chunk where the next key begins.
    fn newest(&mut self, prefix: u64, entries: &mut Vec<u64>) -> Result<(), Fault> {
        let mut chunks = self.fences.partition_point(|fence| *fence <= prefix | STORY_MASK);
        if chunks == 0 || !self.may_have(prefix, chunks - 1)? {
            return Ok(());
        }
        let mut room = Key::POSTINGS;
        while chunks > 0 && room > 0 {
            chunks -= 1;
            self.load(chunks)?;
            let begin = self.chunk.partition_point(|entry| *entry < prefix);
            let end = self.chunk.partition_point(|entry| *entry <= prefix | STORY_MASK);
            let newest = &self.chunk[begin.max(end.saturating_sub(room)).min(end)..end];
            entries.extend_from_slice(newest);
            room -= newest.len();
            if begin > 0 {
                break;
            }
        }
        Ok(())
    }

    /// Whether the key may be in a segment, judging by the only chunk that it can end in.
    fn may_have(&mut self, prefix: u64, chunk: usize) -> Result<bool, Fault> {
        if self.fences.len() <= sieve::CHUNKS || self.at == Some(chunk) {
            return Ok(true);
        }
        let number = chunk / sieve::CHUNKS;
        if self.sieve_at != Some(number) {
            self.chunks += 1;
            self.sieve.load(self.db, part(self.segment, number))?;
            self.sieve_at = Some(number);
        }
        Ok(self.sieve.passes(prefix))
    }

    fn load(&mut self, number: usize) -> Result<(), Fault> {
        if self.at == Some(number) {
            return Ok(());
        }
        self.chunks += 1;
        let mut statement = self.db.prepare_cached("select data from key_chunk where id = ?1")?;
        let mut rows = statement.query([part(self.segment, number)])?;
        let row = rows.next()?.ok_or_else(|| Fault::damaged("a part of the index of keys is missing"))?;
        numbers(row.get_ref(0)?.as_blob()?, &mut self.chunk)?;
        self.at = Some(number);
        if self.chunk.is_empty() { Err(Fault::damaged("a part of the index of keys is empty")) } else { Ok(()) }
    }
}
