//! The index of keys: which stories have which URL, text, title, band or lead.
//!
//! Keys are hashes, so a row for each would touch another page with every insertion, and cost more
//! the larger the store is. So the entries of each settlement are written once, sorted, as a
//! *segment*, and segments of similar size are merged into one (a log-structured merge tree, O'Neil
//! 1996). A lookup reads, of each segment, the *fences* and those chunks that can hold a key that is
//! asked for, most of which a *sieve* for every few chunks rules out; there are logarithmically many
//! segments. Nothing is read when the store opens, and
//! nothing is held between calls.
//!
//! The index may offer stories that do not have the key (it keeps part of each, and does not hear of
//! edits): who asks compares with the story's fingerprint.

use std::collections::{HashSet, VecDeque};

use rusqlite::{Connection, params};

use super::fault::Fault;
use super::sieve::{self, Sieve};
use crate::model::Key;

/// Entries of a chunk: with the row's head it fills one page of 4096 bytes and overflows none.
const CHUNK: usize = 504;
/// So many segments of a tier become one.
const FACTOR: usize = 4;
/// Segments up to this size are the lowest tier: rewriting them costs less than reading many.
const SMALL: u64 = 8 * CHUNK as u64;
/// Bits of a chunk's id that count within its segment.
const CHUNK_BITS: u32 = 24;
/// Bits of an entry that are the story's number; the others are the key's. With 13 million entries
/// under 34 bits of key, 1 key in 1,200 meets a stranger.
const STORY_BITS: u32 = 30;
const STORY_MASK: u64 = (1 << STORY_BITS) - 1;

/// Which keys: those that are of use for ever, and those that are within the window.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Tree {
    /// URLs and exact texts. All stories of a key are found.
    Lasting = 1,
    /// Titles, bands and leads. Of each key the newest [`Key::POSTINGS`] are found, and pruned stories leave.
    Passing = 2,
}

impl Tree {
    fn postings(self) -> usize {
        match self {
            Tree::Lasting => usize::MAX,
            Tree::Passing => Key::POSTINGS,
        }
    }
}

/// The tree that a key stands in, and its number there.
pub(super) fn number(key: &Key) -> (Tree, u64) {
    match key {
        Key::Url(digest) | Key::Exact(digest) => (Tree::Lasting, digest.head()),
        Key::Title(hash) => (Tree::Passing, *hash),
        Key::Band(hash) => (Tree::Passing, 1 << 32 | u64::from(*hash)),
        Key::Lead(hash) => (Tree::Passing, u64::from(*hash)),
    }
}

/// Adds (key, story) pairs.
pub(super) fn insert(db: &Connection, tree: Tree, pairs: &[(u64, i64)]) -> Result<(), Fault> {
    if pairs.is_empty() {
        return Ok(());
    }
    let mut entries = Vec::with_capacity(pairs.len());
    for (key, story) in pairs {
        let story = u64::try_from(*story).ok().filter(|story| *story <= STORY_MASK);
        let story = story.ok_or_else(|| Fault::Misused("the index of keys is full".to_owned()))?;
        entries.push(prefix(*key) | story);
    }
    entries.sort_unstable();
    let mut writer = Writer::new(db, tree)?;
    for entry in entries {
        writer.push(entry)?;
    }
    writer.finish()?;
    tidy(db, tree)
}

/// What stands under some keys of a tree.
pub(super) struct Postings {
    /// Ascending, each once.
    entries: Vec<u64>,
    /// Of each key only so many are given, the newest.
    most: usize,
    /// Chunks and sieves that were read: what it cost.
    #[cfg_attr(not(test), allow(dead_code, reason = "tests hold the cost against the size"))]
    pub(super) chunks: usize,
}

impl Postings {
    /// Reads what was added under these keys.
    pub(super) fn read(db: &Connection, tree: Tree, keys: impl Iterator<Item = u64>) -> Result<Postings, Fault> {
        let mut prefixes: Vec<u64> = keys.map(prefix).collect();
        prefixes.sort_unstable();
        prefixes.dedup();
        let mut read = Postings { entries: Vec::new(), most: tree.postings(), chunks: 0 };
        if prefixes.is_empty() {
            return Ok(read);
        }
        for segment in segments(db, tree)? {
            let mut reader = Reader::new(db, segment.id, tree.postings())?;
            for prefix in &prefixes {
                reader.newest(*prefix, &mut read.entries)?;
            }
            read.chunks += reader.chunks;
        }
        read.entries.sort_unstable();
        read.entries.dedup();
        Ok(read)
    }

    /// The stories under a key that was read, ascending; of a passing key the newest.
    pub(super) fn under(&self, key: u64) -> impl Iterator<Item = i64> + '_ {
        let prefix = prefix(key);
        let begin = self.entries.partition_point(|entry| *entry < prefix);
        let end = begin + self.entries[begin..].partition_point(|entry| *entry <= prefix | STORY_MASK);
        let newest = &self.entries[begin.max(end.saturating_sub(self.most))..end];
        newest.iter().map(|entry| (entry & STORY_MASK).cast_signed())
    }
}

/// Forgets all keys.
pub(super) fn clear(db: &Connection) -> Result<(), Fault> {
    for table in ["key_segment", "key_chunk", "key_sieve"] {
        db.execute(&format!("delete from {table}"), [])?;
    }
    db.execute("update key_dead set entries = 0", [])?;
    Ok(())
}

/// Says that `entries` more among the passing keys lead to nothing. When that may be half of all,
/// they are written anew without those of stories that were pruned.
pub(super) fn bury(db: &Connection, entries: u64) -> Result<(), Fault> {
    let dead: i64 = db
        .prepare_cached("update key_dead set entries = entries + ?1 returning entries")?
        .query_row([entries.cast_signed()], |row| row.get(0))?;
    let all = segments(db, Tree::Passing)?;
    if dead.cast_unsigned().saturating_mul(2) < all.iter().map(|segment| segment.entries).sum() {
        return Ok(());
    }
    let mut full = HashSet::new();
    let mut statement = db.prepare_cached("select id from story where slim = 0")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        full.insert(row.get::<_, i64>(0)?.cast_unsigned());
    }
    merge(db, Tree::Passing, &all, |entry| full.contains(&(entry & STORY_MASK)))?;
    db.prepare_cached("update key_dead set entries = 0")?.execute([])?;
    Ok(())
}

/// The part of a key that is kept, where it stands in an entry. Multiplying by an odd number spreads
/// keys that were made of small numbers, and loses nothing (Knuth, 6.4).
fn prefix(key: u64) -> u64 {
    let mixed = (key ^ (key >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed ^ (mixed >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15) & !STORY_MASK
}

struct Segment {
    id: i64,
    entries: u64,
}

impl Segment {
    fn tier(&self) -> u32 {
        (self.entries / SMALL).checked_ilog(FACTOR as u64).map_or(0, |tier| tier + 1)
    }
}

fn segments(db: &Connection, tree: Tree) -> Result<Vec<Segment>, Fault> {
    let mut statement = db.prepare_cached("select id, entries from key_segment where tree = ?1 order by id")?;
    let rows = statement.query_map([tree as i64], |row| {
        Ok(Segment { id: row.get(0)?, entries: row.get::<_, i64>(1)?.cast_unsigned() })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Merges until no tier has too many segments.
fn tidy(db: &Connection, tree: Tree) -> Result<(), Fault> {
    loop {
        let all = segments(db, tree)?;
        let crowd = (0..u64::BITS).map(|tier| all.iter().filter(move |segment| segment.tier() == tier));
        let Some(crowd) = crowd.into_iter().find(|crowd| crowd.clone().count() >= FACTOR) else {
            return Ok(());
        };
        let ids: Vec<i64> = crowd.map(|segment| segment.id).collect();
        let crowd: Vec<Segment> = all.into_iter().filter(|segment| ids.contains(&segment.id)).collect();
        merge(db, tree, &crowd, |_| true)?;
    }
}

/// Writes these segments as one, holding a chunk of each at a time.
fn merge(db: &Connection, tree: Tree, segments: &[Segment], keep: impl Fn(u64) -> bool) -> Result<(), Fault> {
    let mut cursors = Vec::with_capacity(segments.len());
    for segment in segments {
        cursors.extend(Cursor::new(db, segment.id)?);
    }
    let mut writer = Writer::new(db, tree)?;
    while let Some(least) = (0..cursors.len()).min_by_key(|at| cursors[*at].entry()) {
        let entry = cursors[least].entry();
        if keep(entry) {
            writer.push(entry)?;
        }
        if !cursors[least].advance()? {
            cursors.swap_remove(least);
        }
    }
    writer.finish()?;
    for segment in segments {
        let first = segment.id << CHUNK_BITS;
        let parts = [first, first | ((1 << CHUNK_BITS) - 1)];
        db.prepare_cached("delete from key_chunk where id between ?1 and ?2")?.execute(parts)?;
        db.prepare_cached("delete from key_sieve where id between ?1 and ?2")?.execute(parts)?;
        db.prepare_cached("delete from key_segment where id = ?1")?.execute([segment.id])?;
    }
    Ok(())
}

/// Writes one segment from ascending entries: each once, of each key those that can be found.
struct Writer<'a> {
    db: &'a Connection,
    tree: Tree,
    id: i64,
    entries: u64,
    /// Entries of the key at hand, held back until no newer can come.
    key: VecDeque<u64>,
    chunk: Vec<u64>,
    fences: Vec<u64>,
    sieve: Sieve,
}

impl<'a> Writer<'a> {
    fn new(db: &'a Connection, tree: Tree) -> Result<Writer<'a>, Fault> {
        let id =
            db.prepare_cached("select coalesce(max(id), 0) + 1 from key_segment")?.query_row([], |row| row.get(0))?;
        let (key, chunk, fences) = (VecDeque::new(), Vec::with_capacity(CHUNK), Vec::new());
        Ok(Writer { db, tree, id, entries: 0, key, chunk, fences, sieve: Sieve::empty() })
    }

    fn push(&mut self, entry: u64) -> Result<(), Fault> {
        match self.key.back() {
            Some(last) if *last == entry => return Ok(()),
            Some(last) if last >> STORY_BITS != entry >> STORY_BITS => self.release()?,
            _ => {}
        }
        if self.key.len() == self.tree.postings() {
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
        let number = self.fences.len() as i64;
        if number >> CHUNK_BITS != 0 {
            return Err(Fault::Misused("the index of keys is full".to_owned()));
        }
        self.fences.push(*first);
        let id = self.id << CHUNK_BITS | number;
        self.db.prepare_cached("insert into key_chunk values (?1, ?2)")?.execute(params![id, bytes(&self.chunk)])?;
        self.chunk.iter().for_each(|entry| self.sieve.add(entry & !STORY_MASK));
        self.chunk.clear();
        if self.fences.len().is_multiple_of(sieve::CHUNKS) { self.write_sieve() } else { Ok(()) }
    }

    fn write_sieve(&mut self) -> Result<(), Fault> {
        let number = (self.fences.len() - 1) / sieve::CHUNKS;
        self.db
            .prepare_cached("insert into key_sieve values (?1, ?2)")?
            .execute(params![self.id << CHUNK_BITS | number as i64, self.sieve.bytes()])?;
        self.sieve = Sieve::empty();
        Ok(())
    }

    fn finish(mut self) -> Result<(), Fault> {
        self.release()?;
        self.write_chunk()?;
        if !self.fences.len().is_multiple_of(sieve::CHUNKS) {
            self.write_sieve()?;
        }
        if self.entries > 0 {
            let row = params![self.id, self.tree as i64, self.entries.cast_signed(), bytes(&self.fences)];
            self.db.prepare_cached("insert into key_segment values (?1, ?2, ?3, ?4)")?.execute(row)?;
        }
        Ok(())
    }
}

/// Goes through a segment from its beginning; stands on an entry always.
struct Cursor<'a> {
    db: &'a Connection,
    next: i64,
    chunk: Vec<u64>,
    at: usize,
}

impl<'a> Cursor<'a> {
    /// `None` when there is nothing in the segment.
    fn new(db: &'a Connection, segment: i64) -> Result<Option<Cursor<'a>>, Fault> {
        let mut cursor = Cursor { db, next: segment << CHUNK_BITS, chunk: Vec::new(), at: 0 };
        Ok(cursor.load()?.then_some(cursor))
    }

    fn entry(&self) -> u64 {
        self.chunk[self.at]
    }

    fn advance(&mut self) -> Result<bool, Fault> {
        self.at += 1;
        if self.at < self.chunk.len() { Ok(true) } else { self.load() }
    }

    fn load(&mut self) -> Result<bool, Fault> {
        self.at = 0;
        let is_there = chunk(self.db, self.next, &mut self.chunk)?;
        self.next += 1;
        Ok(is_there)
    }
}

/// Looks keys up in one segment; cheapest in ascending order.
struct Reader<'a> {
    db: &'a Connection,
    segment: i64,
    /// So many of each key are enough.
    postings: usize,
    fences: Vec<u64>,
    /// The chunk in memory.
    at: Option<usize>,
    chunk: Vec<u64>,
    /// The sieve in memory and its number.
    sieve: Option<(usize, Sieve)>,
    /// Chunks and sieves that were read.
    chunks: usize,
}

impl<'a> Reader<'a> {
    fn new(db: &'a Connection, segment: i64, postings: usize) -> Result<Reader<'a>, Fault> {
        let mut fences = Vec::new();
        db.prepare_cached("select fences from key_segment where id = ?1")?
            .query_row([segment], |row| Ok(numbers(row.get_ref(0)?.as_blob()?, &mut fences)))??;
        let (at, chunk, sieve) = (None, Vec::new(), None);
        Ok(Reader { db, segment, postings, fences, at, chunk, sieve, chunks: 0 })
    }

    /// Adds the newest entries of a key, going back from the chunk where the next key begins.
    fn newest(&mut self, prefix: u64, entries: &mut Vec<u64>) -> Result<(), Fault> {
        let mut chunks = self.fences.partition_point(|fence| *fence <= prefix | STORY_MASK);
        if chunks == 0 || !self.may_have(prefix, chunks - 1)? {
            return Ok(());
        }
        let mut room = self.postings;
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
        if let Some((at, sieve)) = &self.sieve
            && *at == number
        {
            return Ok(sieve.passes(prefix));
        }
        self.chunks += 1;
        let sieve = self
            .db
            .prepare_cached("select data from key_sieve where id = ?1")?
            .query_row([self.segment << CHUNK_BITS | number as i64], |row| Ok(Sieve::of(row.get_ref(0)?.as_blob()?)))?
            .ok_or_else(|| Fault::damaged("a part of the index of keys cannot be read"))?;
        let passes = sieve.passes(prefix);
        self.sieve = Some((number, sieve));
        Ok(passes)
    }

    fn load(&mut self, number: usize) -> Result<(), Fault> {
        if self.at != Some(number) {
            self.chunks += 1;
            if !chunk(self.db, self.segment << CHUNK_BITS | number as i64, &mut self.chunk)? {
                return Err(Fault::damaged("a part of the index of keys is missing"));
            }
            self.at = Some(number);
        }
        Ok(())
    }
}

/// Reads a chunk; false when there is none of that id.
fn chunk(db: &Connection, id: i64, entries: &mut Vec<u64>) -> Result<bool, Fault> {
    let mut statement = db.prepare_cached("select data from key_chunk where id = ?1")?;
    let mut rows = statement.query([id])?;
    let Some(row) = rows.next()? else { return Ok(false) };
    numbers(row.get_ref(0)?.as_blob()?, entries)?;
    Ok(!entries.is_empty())
}

fn bytes(entries: &[u64]) -> Vec<u8> {
    entries.iter().flat_map(|entry| entry.to_le_bytes()).collect()
}

fn numbers(bytes: &[u8], entries: &mut Vec<u64>) -> Result<(), Fault> {
    let (values, rest) = bytes.as_chunks::<8>();
    entries.clear();
    entries.extend(values.iter().map(|value| u64::from_le_bytes(*value)));
    if rest.is_empty() && entries.is_sorted() {
        Ok(())
    } else {
        Err(Fault::damaged("a part of the index of keys cannot be read"))
    }
}
